"""The head of the script: what it requires, how it is run, what it promises, and what it does not do."""

import textwrap
from collections.abc import Iterator, Sequence

from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_values import FromEnvironment
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.powershell.powershell_text import comment
from ndtui.model.design.design import Design

_WIDTH = 108
_PROMISE = (
    "It promises the same treatment of traffic as the design, not the same filters: which filters Windows Firewall "
    "makes of its rules stands in no document. Rules of Windows Firewall that are there beside these go on to apply."
)
_USE = (
    "-Action Apply [-ConfirmWithin MINUTES]   make the rules; with MINUTES a task undoes them unless confirmed",
    "-Action Confirm                          keep them, and remove what an earlier version of the design has left",
    "-Action Verify                           say what differs; exit status 1 if anything does",
    "-Action Undo                             remove them, and switch on again what was in force before",
    "-Action Status                           say what is there (the default)",
    "-PolicyStore STORE                       PersistentStore (the default), ActiveStore until the next restart, or",
    "                                         DOMAIN\\GPO, which has to be there",
    "-WhatIf                                  say what would be changed, and change nothing",
)


#: The page of New-NetIPsecRule speaks of all methods, what is new in Server 2025 of machine certificates alone.
_DEFAULT_OF_OLD = (
    "KeyModule Default stands for IKE and AuthIP. From Windows 11 24H2 and Server 2025 on it is IKEv2 and IKE where "
    "machine certificates are asked for; whether it has AuthIP where IKE would do, as with Kerberos, Microsoft's "
    "pages do not say alike. AuthIP alone, in the design, leaves no doubt."
)
_DEFAULT_OF_NEW = (
    "KeyModule Default stands for IKE and IKEv2 where machine certificates are asked for, as it does from Windows 11 "
    "24H2 and Server 2025 on."
)


def head(design: Design, policy: NativePolicy, lost: Sequence[Inexpressible]) -> Iterator[str]:
    """Yield the lines before the parameters."""
    yield "#requires -Version 5.1"
    yield "#requires -RunAsAdministrator"
    yield "#requires -Modules NetSecurity"
    yield comment(f"The IPsec policy of the design '{design.name}' for Windows Firewall, by its NetSecurity cmdlets.")
    if lost:
        yield "#"
        yield comment("LEFT OUT, for rules of Windows Firewall have no place for it:")
        yield from (comment(f"- {each.element}: {each.why}") for each in lost)
    yield "#"
    yield from _wrapped(_PROMISE)
    yield "#"
    yield from map(comment, _USE)
    remarks = tuple(_remarks(design, policy))
    yield "#"
    yield comment("What has to be known:")
    for remark in remarks:
        yield from _wrapped(f"- {remark}")
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    first = "  " if text.startswith("- ") else ""
    yield from map(comment, textwrap.wrap(text, _WIDTH, subsequent_indent=first, break_long_words=False))


def _remarks(design: Design, policy: NativePolicy) -> Iterator[str]:
    yield "It may be run twice: what is there is left alone. Its names are derived from all that the script says."
    yield (
        "What the host leaves out of IPsec by itself (Get-NetFirewallSetting, Exemptions: neighbour discovery and DHCP "
        "unless changed) stays out beside the design's exemptions."
    )
    if policy.by_host:
        yield "ICMP is added to that setting, which holds for all IPsec rules of the host; Undo puts back what it was."
    if design.lifetime == "static":
        yield "In the PersistentStore rules outlast a restart; with -PolicyStore ActiveStore they go with it."
    yield from dict.fromkeys(_defaults(policy))
    if any(each.noun == "NetFirewallRule" for each in policy.rules):
        yield "Blocking firewall rules block multicast and broadcast of the same ports too."
    if policy.guards:
        yield (
            "Connections that have to be secure are let in by firewall rules that allow them only if they are. Another "
            "rule of the machine that allows the same connections lets them in all the same: remove such rules. Apply "
            "refuses where the default lets in what no rule names."
        )
    if any(isinstance(value, FromEnvironment) for each in policy.sets for said in each.proposals for _, value in said):
        yield "The pre-shared key is read from the environment; Windows keeps it in clear text in the policy store."
    if any("|" in name for name in _names(design)):
        yield "A | in a name is shown as /, for Windows Firewall has no place for it."


def _defaults(policy: NativePolicy) -> Iterator[str]:
    """Yield what KeyModule Default stands for, for each rule that negotiates with it."""
    for each in policy.of("NetIPsecRule"):
        first = dict(each.sets).get("Phase1AuthSet")
        if first is not None and each.value("KeyModule") == "Default":
            yield _DEFAULT_OF_NEW if any(("Cert", True) in said for said in first.proposals) else _DEFAULT_OF_OLD


def _names(design: Design) -> Iterator[str]:
    yield design.name
    yield from (each.name for each in design.rules)
    yield from (each.name for each in design.exemptions)

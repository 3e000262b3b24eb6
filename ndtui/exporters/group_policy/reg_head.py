"""The head of the file: what it holds, what is left out, how it is delivered and what has to be known."""

import textwrap
from collections.abc import Iterator, Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_values import in_ascii
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.group_policy.policy_keys import Chosen
from ndtui.model.design.design import Design

_WIDTH = 108
_PROMISE = (
    "It promises the same treatment of traffic as the design, not the same filters: which filters Windows Firewall "
    "makes of its rules stands in no document. Rules of Windows Firewall that are there beside these go on to apply."
)
_DELIVERY = {
    "policy": (
        "A group policy object takes values one by one (Set-GPRegistryValue -Key KEY -ValueName NAME -Type String "
        "-Value TEXT), which keeps its version and the extensions that it names right. The way that Microsoft supports "
        "is NetSecurity with -PolicyStore DOMAIN\\GPO: ndtui export --format powershell.",
        "Imported on one machine (reg import FILE) it is there until the next refresh of group policy, which removes "
        "what no group policy object holds: for labs and repair.",
    ),
    "local": (
        "Imported on a machine (reg import FILE) it is in the store that New-NetIPsecRule and wf.msc write, of which "
        "no page says that it may be written directly, nor when the firewall service reads it: start the machine "
        "again. For labs and repair.",
    ),
}


_REMOVAL = {
    "policy": (
        "A group policy object loses values one by one (Remove-GPRegistryValue -Key KEY -ValueName NAME). Imported on "
        "one machine (reg import FILE) it takes them away until the next refresh of group policy at the latest.",
    ),
    "local": ("Imported on a machine (reg import FILE) it is gone at the latest when the machine starts again.",),
}


def head(
    design: Design,
    policy: NativePolicy,
    lost: Sequence[Inexpressible],
    chosen: Chosen,
    told: Sequence[Finding],
) -> Iterator[str]:
    """Yield the lines of comment that come after the header; ``told`` is what has to be known of the design here."""
    does = "Removes" if chosen.undo else "Holds"
    yield _comment(f"{does} the IPsec policy of the design '{design.name}' for Windows Firewall, by [MS-GPFAS].")
    if lost:
        yield ";"
        yield _comment("LEFT OUT, for the registry values have no place for it:")
        yield from (_comment(f"- {each.element}: {each.why}") for each in lost)
    if not chosen.undo:
        yield ";"
        yield from _wrapped(_PROMISE)
    yield ";"
    yield _comment("What has to be known:")
    remarks = _remarks_on_removal(chosen) if chosen.undo else _remarks(design, policy, chosen)
    for remark in remarks:
        yield from _wrapped(f"- {remark}")
    for each in told:
        yield from _wrapped(f"- {each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]")


def _comment(text: str) -> str:
    return f"; {in_ascii(text)}".rstrip()


def _wrapped(text: str) -> Iterator[str]:
    first = "  " if text.startswith("- ") else ""
    lines = textwrap.wrap(text, _WIDTH, subsequent_indent=first, break_long_words=False, break_on_hyphens=False)
    yield from map(_comment, lines)


def _remarks_on_removal(chosen: Chosen) -> Iterator[str]:
    yield from _REMOVAL[chosen.store]
    yield "It removes what the file of the same design, with the same options, makes, and nothing else."
    if chosen.ipsec_exempt:
        yield "IPsecExempt is removed too: what the host leaves out by itself is then its own again."


def _remarks(design: Design, policy: NativePolicy, chosen: Chosen) -> Iterator[str]:
    yield from _DELIVERY[chosen.store]
    yield (
        "Names are derived from the design and from what each value is in it: a later version writes over them. What "
        "it no longer has stays until the file of the earlier version that removes it (--set undo=yes) is imported."
    )
    yield "Windows 7, Server 2008 R2 and older pass the rules that protect over: their tokens are those of Windows 8."
    if chosen.ipsec_exempt:
        yield (
            "IPsecExempt is set for all IPsec rules of the host: it leaves out what exemptions of the design are just "
            "like it, and nothing else, neither neighbour discovery nor DHCP unless the design has them."
        )
    if policy.of("NetIPsecMainModeRule") and chosen.main_mode:
        yield (
            "Main mode: no source but [MS-GPFAS] names the key Phase1CryptoSet, and [MS-FASP] knows one set in a store "
            "alone, of a fixed id. Look with Get-NetIPsecMainModeRule -PolicyStore ActiveStore whether it is in force."
        )
    if any("|" in name for name in _names(design)):
        yield "A | in a name is shown as /, for Windows Firewall has no place for it."


def _names(design: Design) -> Iterator[str]:
    yield design.name
    yield from (each.name for each in design.rules)
    yield from (each.name for each in design.exemptions)

"""The head of the batch file: what it promises, how it is run, what is left out, and what has to be known."""

import textwrap
from collections.abc import Iterator, Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_values import FromEnvironment
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.netsh_script.batch_text import comment
from ndtui.exporters.netsh_script.netsh_names import stem_of
from ndtui.model.design.design import Design

_WIDTH = 108
_PROMISE = (
    "It promises the same treatment of unicast traffic as the design, not the same filters: which filters Windows "
    "Firewall makes of its rules stands in no document. Rules that are there beside these go on to apply."
)
#: Source: https://learn.microsoft.com/windows/security/threat-protection/windows-firewall/
#: windows-firewall-with-advanced-security-administration-with-windows-powershell
_ADVICE = (
    "Microsoft recommends PowerShell in place of netsh for Windows Firewall, and might take these commands out of a "
    "later Windows. ndtui export --format powershell writes such a script: it can say more, and goes back to what was "
    "there."
)
_USE = (
    "apply    remove the rules of these names, and make them; if a line fails, all of them are removed",
    "undo     remove them",
    "status   say which are there; exit status 1 if one is missing",
)
_BY_DEFAULT = "Its rules name no keying module, for netsh has no word for it: {}."
_OLD = "IKE and AuthIP negotiate, which Windows takes by itself before 11 24H2 and Server 2025"
_NEW = "IKE and IKEv2 negotiate, which Windows takes by itself for machine certificates from 11 24H2 and Server 2025 on"
_ONE = "of those that Windows takes by itself one alone knows these methods, and negotiates"


def head(design: Design, policy: NativePolicy, lost: Sequence[Inexpressible], told: Sequence[Finding]) -> Iterator[str]:
    """Yield the comments before the first command; ``told`` is what has to be known of the design here."""
    yield comment(f"The IPsec policy of the design '{design.name}' for Windows Firewall, by netsh advfirewall.")
    if lost:
        yield "rem"
        yield comment("LEFT OUT, OR SAID OTHERWISE, for netsh has no words for it:")
        yield from (comment(f"- {each.element}: {each.why}") for each in lost)
    yield "rem"
    yield from _wrapped(_PROMISE)
    yield "rem"
    yield from _wrapped(_ADVICE)
    yield "rem"
    yield comment("Run it from an elevated command prompt with one word:")
    yield from map(comment, _USE)
    yield "rem"
    yield comment("What has to be known:")
    for remark in _remarks(design, policy):
        yield from _wrapped(f"- {remark}")
    for each in told:
        yield from _wrapped(f"- {each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]")
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    first = "  " if text.startswith("- ") else ""
    lines = textwrap.wrap(text, _WIDTH, subsequent_indent=first, break_long_words=False, break_on_hyphens=False)
    yield from map(comment, lines)


def _remarks(design: Design, policy: NativePolicy) -> Iterator[str]:
    yield (
        f"Its rules are named {stem_of(design)} 1, 2, 3 and so on, in each of mainmode, consec and firewall; rules of "
        "such names are removed, whoever made them."
    )
    yield (
        "While apply runs the policy is not there, or not all of it. Undo brings back nothing that was there before, "
        "such as an earlier version of the design."
    )
    yield from dict.fromkeys(_BY_DEFAULT.format(each) for each in _defaults(policy))
    for key in dict.fromkeys(_keys(policy)):
        yield (
            f"The pre-shared key is read from the environment's {key} and stands on the command line of netsh while it "
            "runs."
        )


def _keys(policy: NativePolicy) -> Iterator[str]:
    for each in policy.sets:
        for said in each.proposals:
            yield from (value.name for _, value in said if isinstance(value, FromEnvironment))


def _defaults(policy: NativePolicy) -> Iterator[str]:
    """Yield which modules negotiate, for each rule that does."""
    for each in policy.of("NetIPsecRule"):
        first = dict(each.sets).get("Phase1AuthSet")
        if first is None:
            continue
        if any(("Cert", True) in said for said in first.proposals):
            yield _NEW
        elif any(("Kerberos", True) in said for said in first.proposals):
            yield _OLD
        else:
            yield _ONE

"""Finding about the ends of rules: whether the first is this machine, or Windows takes both ends either way round.

The page of the cmdlet calls LocalAddress and LocalPort the first end point of a rule, as netsh and the registry have
them, where the ends are symmetric; it does not say that the first one is this machine.
Source: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule, LocalAddress and LocalPort.
"""

from collections.abc import Iterator

from ndtui.analysis.check.cited_pages import IPSEC_RULE
from ndtui.analysis.check.finding import Finding, some_names
from ndtui.common.counted import counted
from ndtui.exporters.connection_security.native_conflicts import wanted
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_rules import other_way_round
from ndtui.exporters.connection_security.native_traffic import apart, exemption_parts, meets
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design


def sides(design: Design, policy: NativePolicy) -> Iterator[Finding]:
    """Yield what rules may be for besides, if their ends are taken either way round."""
    names = [*_rules(policy), *_exemptions(design, policy)]
    if names:
        yield Finding(
            "either-way",
            "note",
            Origin("rules"),
            f"What tells this machine from its peer ({some_names(names)}) may hold with both exchanged, too",
            "The page of the cmdlet calls the local address and port the first end point of a rule, as netsh has "
            "endpoints, which Windows takes either way round; it does not say that they are this machine's.",
            "Try it on one machine; or have the design name no addresses and ports but those that may be at either "
            "end. Filters of the design's own (ndtui apply, the formats c and python) tell the two apart.",
            IPSEC_RULE,
        )


def _rules(policy: NativePolicy) -> Iterator[str]:
    protecting = [each for each in policy.said if each.native is not None]
    for each in protecting:
        alike = [part for other in protecting if wanted(other) == wanted(each) for part in other.parts]
        if any(apart(part, alike) for part in other_way_round(each.parts, each.parts)):
            yield each.rule.name


def _exemptions(design: Design, policy: NativePolicy) -> Iterator[str]:
    """Yield the exemptions that would leave out more of what is protected."""
    protected = [part for each in policy.said if each.native is not None for part in each.parts]
    for each in counted(design.exemptions):
        if each.enabled and not each.program:
            parts = exemption_parts(each, design.families)
            if meets(other_way_round(parts, parts), protected):
                yield each.name

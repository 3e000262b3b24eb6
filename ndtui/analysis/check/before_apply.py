"""What is said before a policy is applied: of all findings errors, and those after which it may be too late."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ndtui.analysis.check import assertion_findings, authentication_findings, exemption_findings, target_findings
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.reachability_findings import EXEMPT_MANAGEMENT, MANAGEMENT_DROPPED, management_dropped
from ndtui.analysis.check.rule_findings import encryption_offered
from ndtui.analysis.check.suppression import unsuppressed
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.assertions import prove
from ndtui.model.compiled.objects import FilterSet

#: Boxes that are looked at to find out whether assertions hold: beyond, ``ndtui check`` says it.
_EFFORT = 200_000
#: What may say that a design is wrong, and is found at once.
_RULES = (
    exemption_findings.exempts_everything,
    encryption_offered,
    *authentication_findings.RULES,
    *target_findings.RULES,
)


def before_apply(filterset: FilterSet) -> tuple[Finding, ...]:
    """Return what is to be said before a compiled design is applied, without what the design suppresses.

    That is found at once, however large a design without assertions is; ``examine`` says the rest.
    """
    found = (*_errors(filterset), *management_dropped(filterset))
    return unsuppressed(found, filterset.design.suppressions)


def when_confirmed(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what is said before an apply that has to be confirmed: that is not advised once more."""
    return tuple(
        replace(each, remedy=f"{EXEMPT_MANAGEMENT}.") if each.id == MANAGEMENT_DROPPED else each for each in findings
    )


def _errors(filterset: FilterSet) -> Iterator[Finding]:
    proofs = prove(filterset, Effort(_EFFORT))
    yield from (each for each in assertion_findings.findings(proofs, filterset.design) if each.severity == "error")
    yield from (each for rule in _RULES for each in rule(filterset) if each.severity == "error")

"""Check: findings about a design, each with a stable id, a severity, a place, why it matters and a remedy."""

from dataclasses import dataclass

from ndtui.analysis.assertions import Proof, prove
from ndtui.analysis.check import algorithms, assertions, coverage, exemptions, negotiation, scenario, suppression
from ndtui.analysis.check.catalogue import IDS
from ndtui.analysis.finding import Finding, Severity, Suppressed, worst
from ndtui.model.objects import FilterSet

__all__ = ["IDS", "RULES", "Finding", "Report", "Severity", "Suppressed", "check", "examine", "worst"]

#: Every rule about the policy itself, in the order in which findings are reported within a severity.
RULES = (*scenario.RULES, *exemptions.RULES, *coverage.RULES, *negotiation.RULES, *algorithms.RULES)

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Report:
    """All there is to say about a compiled design: findings, errors first, those that the design accepts, proofs."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    proofs: tuple[Proof, ...] = ()


def check(filterset: FilterSet) -> tuple[Finding, ...]:
    """Return what there is to say about a compiled design, errors first, without what the design suppresses."""
    return examine(filterset).findings


def examine(filterset: FilterSet) -> Report:
    """Return what there is to say about a compiled design, and what became of its assertions."""
    proofs = prove(filterset)
    found = [*assertions.findings(proofs), *(finding for rule in RULES for finding in rule(filterset))]
    findings, suppressed = suppression.sift(found, filterset.design.suppressions)
    return Report(tuple(sorted(findings, key=lambda f: _ORDER[f.severity])), tuple(suppressed), proofs)

"""Examine: every rule asked about a compiled design, its assertions proved, what it suppresses set aside."""

from dataclasses import dataclass

from ndtui.analysis.check import (
    algorithm_findings,
    assertion_findings,
    coverage_findings,
    exemption_findings,
    negotiation_findings,
    scenario_findings,
    suppression,
)
from ndtui.analysis.check.finding import Finding, Severity, Suppressed
from ndtui.analysis.verify.assertions import Proof, prove
from ndtui.model.compiled.objects import FilterSet

#: Every rule about the policy itself, in the order in which findings are reported within a severity.
RULES = (
    *scenario_findings.RULES,
    *exemption_findings.RULES,
    *coverage_findings.RULES,
    *negotiation_findings.RULES,
    *algorithm_findings.RULES,
)

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
    found = [*assertion_findings.findings(proofs), *(finding for rule in RULES for finding in rule(filterset))]
    findings, suppressed = suppression.sift(found, filterset.design.suppressions)
    return Report(tuple(sorted(findings, key=lambda f: _ORDER[f.severity])), tuple(suppressed), proofs)

"""Check: findings about a design, each with a stable id, a severity, a place, why it matters and a remedy."""

from ndtui.analysis.check import algorithms, exemptions, scenario
from ndtui.analysis.finding import Finding, Severity, worst
from ndtui.model.objects import FilterSet

__all__ = ["RULES", "Finding", "Severity", "check", "worst"]

#: Every rule, in the order in which findings are reported within a severity.
RULES = (*scenario.RULES, *exemptions.RULES, *algorithms.RULES)

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def check(filterset: FilterSet) -> tuple[Finding, ...]:
    """Return what there is to say about a compiled design, errors first."""
    findings = [finding for rule in RULES for finding in rule(filterset)]
    return tuple(sorted(findings, key=lambda f: _ORDER[f.severity]))

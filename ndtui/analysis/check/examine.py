"""Examine: every rule asked about a compiled design, its assertions proved, what it suppresses set aside."""

from collections.abc import Iterable
from dataclasses import dataclass

from ndtui.analysis.check import (
    algorithm_findings,
    assertion_findings,
    authentication_findings,
    boot_findings,
    coverage_findings,
    exemption_findings,
    negotiation_findings,
    overlap_findings,
    own_negotiation,
    reachability_findings,
    rule_findings,
    scenario_findings,
    suppression,
    target_findings,
)
from ndtui.analysis.check.finding import Finding, Rule, Suppressed, errors_first
from ndtui.analysis.check.undecided import NOT_DECIDED
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.assertions import Proof, prove
from ndtui.model.compiled.objects import FilterSet


@dataclass(frozen=True, slots=True)
class Report:
    """All there is to say about a compiled design: findings, errors first, those that the design accepts, proofs."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether every question about the design was decided."""
        found = [*self.findings, *(each.finding for each in self.suppressed)]
        return all(each.id != NOT_DECIDED for each in found)

    @property
    def passed(self) -> bool:
        """Whether no finding is an error, and none says of an assertion that it is not decided."""
        return not any(
            each.severity == "error" or (each.id == NOT_DECIDED and each.where.element == "assert")
            for each in self.findings
        )


def check(filterset: FilterSet, effort: Effort | None = None) -> tuple[Finding, ...]:
    """Return what there is to say about a compiled design, errors first, without what the design suppresses."""
    return examine(filterset, effort).findings


def examine(filterset: FilterSet, effort: Effort | None = None, beside: Iterable[Finding] = ()) -> Report:
    """Return what there is to say about a compiled design, and what became of its assertions.

    ``effort`` is what all questions about it may take; by default as much as its size is worth. ``beside`` are findings
    from elsewhere, such as those of a machine, which the design may suppress as its own.

    Raises:
        AbandonedError: the effort was abandoned.
    """
    whole = effort or Effort.for_filters(len(filterset.filters))
    proofs = prove(filterset, whole.part(whole.left // 2))
    found = [*assertion_findings.findings(proofs, filterset.design)]
    for rule in _rules(whole):
        whole.go_on()
        found += rule(filterset)
    found += beside
    findings, suppressed = suppression.sift(found, filterset.design.suppressions)
    return Report(errors_first(findings), tuple(suppressed), proofs)


def _rules(effort: Effort) -> tuple[Rule, ...]:
    """Return every rule about the policy itself, in the order in which findings are reported within a severity."""
    return (
        *scenario_findings.RULES,
        *boot_findings.RULES,
        *rule_findings.rules(effort.part(effort.left // 8)),
        *overlap_findings.rules(effort.part(effort.left // 4)),
        *exemption_findings.RULES,
        *reachability_findings.RULES,
        *coverage_findings.rules(effort),
        *negotiation_findings.RULES,
        *algorithm_findings.RULES,
        *authentication_findings.RULES,
        *target_findings.RULES,
        own_negotiation.of_rules,
    )

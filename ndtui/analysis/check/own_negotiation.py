"""Findings about what a rule negotiates in place of what its design does: the same questions, asked once more."""

from collections.abc import Iterator
from dataclasses import replace

from ndtui.analysis.check import algorithm_findings, authentication_findings, negotiation_findings, target_findings
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.rule_places import place_of, protecting
from ndtui.common.text import in_quotes
from ndtui.model.compiled.objects import FilterSet

_RULES = (
    *negotiation_findings.RULES,
    *algorithm_findings.RULES,
    *authentication_findings.RULES,
    *target_findings.RULES,
)


def of_rules(filterset: FilterSet) -> Iterator[Finding]:
    """Return what there is to say about the negotiation of each rule that has one of its own; it stands at the rule."""
    for rule in protecting(filterset.design):
        if rule.negotiation is None:
            continue
        alone = rule.model_copy(update={"negotiation": None})
        design = filterset.design.model_copy(update={**dict(rule.negotiation), "rules": (alone,)})
        for ask in _RULES:
            for found in ask(replace(filterset, design=design)):
                message = f"Rule {in_quotes(rule.name)}, {found.where}: {found.message}"
                yield replace(found, where=place_of(rule, "negotiation"), message=message, within=found.where)

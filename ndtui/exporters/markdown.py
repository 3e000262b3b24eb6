"""Report: a compiled design as Markdown, for a change request or a review."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import ClassVar

from ndtui.analysis.check.examine import check
from ndtui.analysis.ranking.order import order
from ndtui.analysis.wording.phrases import action_word, condition_words, conditions_line, context_word, hex_weight
from ndtui.common.markdown_text import as_a_line, in_a_line
from ndtui.exporters.contract import Export, Exporter, Value
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.rule_filters import scope_conditions
from ndtui.model.design.access_list import words_of
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name


class ReportExporter(Exporter):
    """What was decided, every filter in the order of its layer, contexts, findings."""

    name: ClassVar[str] = "report"
    title: ClassVar[str] = "Report: filters, order and findings as Markdown"
    suffix: ClassVar[str] = ".md"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:  # noqa: ARG002
        """Return the report."""
        return Export("\n".join(_lines(filterset)) + "\n")


def _lines(filterset: FilterSet) -> Iterator[str]:
    design = filterset.design
    yield f"# {in_a_line(design.name)}"
    yield ""
    if design.description:
        yield from (as_a_line(line) for line in design.description.strip().splitlines())
        yield ""
    yield f"{len(filterset.filters)} filters in {filterset.layer_count} layers, {len(filterset.contexts)} contexts."
    yield ""
    yield from _table(
        ("decision", "value"),
        (
            *_scenario(design),
            ("keying modules", ", ".join(design.keying_modules)),
            ("address families", ", ".join(design.families)),
            *_nd_secure(design),
            ("extended mode", "yes" if design.extended_mode else "no"),
            ("lifetime", design.lifetime),
            *((("blocked before BFE is up", ", ".join(design.before_bfe)),) if design.before_bfe else ()),
            ("sublayer", "universal" if design.sublayer.weight is None else f"own, weight {design.sublayer.weight}"),
        ),
    )
    if not _is_scenario(design):
        yield "## Rules"
        yield ""
        yield from _table(_RULE_HEAD, (_rule(rule, design) for rule in design.rules))
    yield "## Filters, first match first"
    yield ""
    yield "Effective weights are modelled: the order counts, not the number."
    yield ""
    for group in order(filterset):
        yield f"### {group.layer}{' before BFE is up' if group.before_bfe else ''}"
        yield ""
        yield from _table(
            ("rank", "does", "matches", "hands on", "effective weight", "name"),
            (
                (
                    f"{row.rank}{' (tie)' if row.tied else ''}",
                    action_word(row.filter),
                    conditions_line(row.filter),
                    context_word(row.filter),
                    f"0x{hex_weight(row.weight.value)}",
                    row.filter.name,
                )
                for row in group.rows
            ),
        )
    yield "## Provider contexts"
    yield ""
    yield from _table(("type", "name"), ((short_name(c.type), c.name) for c in filterset.contexts))
    yield "## Findings"
    yield ""
    findings = check(filterset)
    if not findings:
        yield "None."
        return
    yield from _table(
        ("severity", "id", "where", "what", "remedy"),
        ((f.severity, f.id, str(f.where), f.message, f.remedy) for f in findings),
        end=False,
    )


def _is_scenario(design: Design) -> bool:
    """Tell whether a design is one of the scenarios as it stands: one rule, for all unicast traffic."""
    rule = design.rules[0]
    return len(design.rules) == 1 and rule == Rule(
        mode=rule.mode,
        nd_secure=rule.nd_secure,
        ale_persist_context=rule.ale_persist_context,
        comment=rule.comment,
    )


def _scenario(design: Design) -> Iterator[tuple[str, str]]:
    if _is_scenario(design):
        yield "scenario", design.rules[0].mode


def _nd_secure(design: Design) -> Iterator[tuple[str, str]]:
    if _is_scenario(design):
        yield "ND_SECURE", "yes" if design.rules[0].nd_secure else "no"


_RULE_HEAD = (
    "rule",
    "mode",
    "ND_SECURE",
    "traffic",
    "encryption",
    "who may connect",
    "weight",
    "negotiates",
    "comment",
)


def _rule(rule: Rule, design: Design) -> tuple[str, ...]:
    who = (f"{whose}: {words_of(sddl)}" for whose, sddl in (("machines", rule.machines), ("users", rule.users)) if sddl)
    protects = MODES[rule.mode].protects
    return (
        rule.name if rule.enabled else f"{rule.name} (off)",
        rule.mode,
        ("yes" if rule.nd_secure else "no") if protects else "",
        _traffic(rule.scope, design),
        rule.encryption,
        "; ".join(who) or "everybody",
        "automatic" if rule.weight_range is None else f"range 0x{rule.weight_range:X}",
        ("as the design" if rule.negotiation is None else "by itself") if protects else "as other rules",
        " ".join(rule.comment.split()),
    )


def _traffic(scope: Scope, design: Design) -> str:
    """Return what a rule's filters match, of both families together."""
    families = scope.reach(design.families)
    conditions = dict.fromkeys(chain.from_iterable(scope_conditions(scope, family) for family in families))
    words = ", ".join(condition_words(tuple(conditions))) or "all unicast traffic"
    return f"{words}, one of both being enough" if scope.either_port else words


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, end: bool = True) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(in_a_line, row))} |"
    if end:
        yield ""

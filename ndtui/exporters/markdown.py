"""Report: a compiled design as Markdown, for a change request or a review."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from ndtui.analysis.check.examine import check
from ndtui.analysis.ranking.order import order
from ndtui.analysis.wording.phrases import action_word, conditions_line, context_word, hex_weight
from ndtui.common.markdown_text import as_a_line, in_a_line
from ndtui.exporters.contract import Export, Exporter, Value
from ndtui.model.compiled.objects import FilterSet
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
    yield f"{len(filterset.filters)} filters in {len(filterset.layers)} layers, {len(filterset.contexts)} contexts."
    yield ""
    yield from _table(
        ("decision", "value"),
        (
            ("scenario", design.rules[0].mode),
            ("keying modules", ", ".join(design.keying_modules)),
            ("address families", ", ".join(design.families)),
            ("ND_SECURE", "yes" if design.rules[0].nd_secure else "no"),
            ("extended mode", "yes" if design.extended_mode else "no"),
            ("lifetime", design.lifetime),
            ("sublayer", "universal" if design.sublayer.weight is None else f"own, weight {design.sublayer.weight}"),
        ),
    )
    yield "## Filters, first match first"
    yield ""
    yield "Effective weights are modelled: the order counts, not the number."
    yield ""
    for group in order(filterset):
        yield f"### {group.layer}"
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


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, end: bool = True) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(in_a_line, row))} |"
    if end:
        yield ""

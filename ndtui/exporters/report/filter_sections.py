"""Filter sections: every filter in the order in which Windows asks it, and the policies that they lead to."""

from ndtui.analysis.ranking.order import OrderRow, order
from ndtui.analysis.wording.phrases import action_word, conditions_line, context_word, hex_weight
from ndtui.exporters.report.report_parts import Cell, Said, Section, Table, Text
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name

_HEAD = ("rank", "does", "matches", "hands on", "effective weight", "name")


def filters(filterset: FilterSet) -> Section:
    """Return the filters of each layer, first match first."""
    parts = tuple(
        Section(
            f"layer-{number}",
            Said(f"{group.layer}{' before BFE is up' if group.before_bfe else ''}", "code"),
            (Table(_HEAD, [_row(row) for row in group.rows]),),
        )
        for number, group in enumerate(order(filterset), 1)
    )
    about = Text("Effective weights are modelled: the order counts, not the number.")
    return Section("filters", "Filters, first match first", (about,), parts)


def _row(row: OrderRow) -> tuple[Cell, ...]:
    return (
        f"{row.rank}{' (tie)' if row.tied else ''}",
        action_word(row.filter),
        conditions_line(row.filter),
        context_word(row.filter),
        Said(f"0x{hex_weight(row.weight.value)}", "code"),
        row.filter.name,
    )


def contexts(filterset: FilterSet) -> Section:
    """Return the provider contexts."""
    rows: list[tuple[Cell, ...]] = [(short_name(each.type), each.name) for each in filterset.contexts]
    return Section("contexts", "Provider contexts", (Table(("type", "name"), rows),))

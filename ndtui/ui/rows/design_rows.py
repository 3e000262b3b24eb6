"""What the right pane shows: filters, weights, contexts and findings as rows of a RowTable."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from ndtui.analysis.wording.phrases import action_word, context_word, matches_line, weight_word
from ndtui.model.compiled.objects import Filter, MainModePolicy, ProviderContext, QuickModePolicy
from ndtui.model.design.ipsec_policy import AuthenticationMethod
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import layer_position
from ndtui.ui.rows.view import Column, Heading, Tone, View
from ndtui.ui.rows.weight_ladder import LADDER, StandRow
from ndtui.ui.state.selection import Subject
from ndtui.ui.state.workbench import Mark, Workbench

ViewName = Literal["filters", "weights", "contexts", "findings"]
VIEW_NAMES: tuple[ViewName, ...] = ("filters", "weights", "contexts", "findings")


_SEVERITIES: dict[str, Tone] = {"error": "error", "warning": "warning", "note": ""}


def _filter_cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    each: Filter = row
    return (action_word(each), matches_line(each), context_word(each), weight_word(each), each.label)


def _heading_tone(row: Any) -> Tone:
    return "head" if isinstance(row, Heading) else ""


def _is_row(row: Any) -> bool:
    return not isinstance(row, Heading)


FILTERS = View(
    (
        Column("does", 7),
        Column("matches", 0, 8),
        Column("hands on", 27, 5),
        Column("weight", 9, 6),
        Column("name", 26, 4),
    ),
    _filter_cells,
    lambda row: row.layer if isinstance(row, Heading) else row.identity,
    _heading_tone,
    selectable=_is_row,
    empty="no filters",
)


def filter_rows(workbench: Workbench) -> list[Any]:
    """Return the filters layer by layer, with a heading each; those just removed stay as marked ghosts."""
    layers = workbench.filterset.by_layer
    ghosts: dict[str, list[Filter]] = {}
    for each in workbench.changes.removed:
        ghosts.setdefault(each.slot.layer, []).append(each)
    rows: list[Any] = []
    for layer in sorted({**layers, **ghosts}, key=layer_position):
        present = layers.get(layer, [])
        rows.append(Heading(layer, f"{short_name(layer)}  {len(present)}"))
        rows += present
        rows += ghosts.get(layer, [])
    return rows


def marks_of(workbench: Workbench) -> dict[int, Mark]:
    """Return what marks which row of the filters, by ``id()`` of the filter."""
    return {**workbench.changes.marks, **{id(each): "-" for each in workbench.changes.removed}}


def _context_cells(context: ProviderContext) -> tuple[str, ...]:
    policy = context.policy
    if isinstance(policy, MainModePolicy):
        what = ", ".join(map(_method, policy.authentication))
    else:
        extended = ", extended mode" if policy.extended_mode else ""
        what = (", ".join(short_name(f) for f in policy.flags) or "no flags") + extended
    return (short_name(context.type), f"{_proposals(policy)}", what, context.name)


def _method(method: AuthenticationMethod) -> str:
    count = len(method.roots)
    roots = f" ({count} root{'s' * (count > 1)})" if count else ""
    return f"{short_name(method.method)}{roots}"


def _proposals(policy: MainModePolicy | QuickModePolicy) -> str:
    count = len(policy.proposals if isinstance(policy, MainModePolicy) else policy.quick_mode.proposals)
    return f"{count} proposal{'' if count == 1 else 's'}"


CONTEXTS = View(
    (Column("type", 0, 9, least=24), Column("offers", 12, 6), Column("holds", 24, 7), Column("name", 30, 4)),
    _context_cells,
    lambda context: context.key,
    empty="no provider contexts",
)

FINDINGS = View(
    (Column("severity", 8), Column("what", 0, 8, least=36), Column("where", 26, 4)),
    lambda finding: (finding.severity, finding.message, str(finding.where)),
    lambda finding: (finding.id, finding.where, finding.message),
    lambda finding: _SEVERITIES[finding.severity],
    empty="nothing to say: no findings",
)

VIEWS: dict[ViewName, View] = {"filters": FILTERS, "weights": LADDER, "contexts": CONTEXTS, "findings": FINDINGS}


def rows_of(name: ViewName, workbench: Workbench, opened: Collection[object] | None = frozenset()) -> Sequence[Any]:
    """Return the rows of a view; ``opened`` are the keys of the rows that are unfolded, ``None`` all of them."""
    if name == "filters":
        return filter_rows(workbench)
    if name == "weights":
        from ndtui.ui.rows.ladder_rows import ladder_rows  # noqa: PLC0415 - not needed for the first picture

        changes = workbench.changes
        return ladder_rows(workbench.filterset, changes.marks, changes.removed, opened)
    if name == "contexts":
        return workbench.filterset.contexts
    return workbench.findings if workbench.checked else ()


def subject_of(row: Any) -> Subject | None:
    """Return what a row of either pane is about."""
    if isinstance(row, StandRow):
        return row.filter
    return row if isinstance(row, Subject) else None

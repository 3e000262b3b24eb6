"""What the right pane shows: filters, weights, contexts and findings as rows of a RowTable."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from ndtui.analysis.wording.phrases import (
    action_word,
    context_word,
    hex_weight,
    layer_heading,
    layer_words,
    matches_line,
    weight_word,
)
from ndtui.model.compiled.objects import Filter, MainModePolicy, ProviderContext, QuickModePolicy, by_layer
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.authentication import AuthenticationMethod
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import layer_position
from ndtui.ui.rows.change_rows import CHANGES
from ndtui.ui.rows.finding_rows import FINDINGS, finding_of, finding_rows
from ndtui.ui.rows.role_signs import sign_of
from ndtui.ui.rows.view import Column, Heading, Tone, View
from ndtui.ui.rows.weight_ladder import LADDER, StandRow
from ndtui.ui.state.selection import Subject
from ndtui.ui.state.workbench import Mark, Workbench

ViewName = Literal["filters", "weights", "contexts", "findings", "changes"]
VIEW_NAMES: tuple[ViewName, ...] = ("filters", "weights", "contexts", "findings", "changes")


def _filter_cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    each: Filter = row
    return (action_word(each), matches_line(each), context_word(each), weight_word(each), each.label)


def _heading_tone(row: Any) -> Tone:
    return "head" if isinstance(row, Heading) else ""


def _is_row(row: Any) -> bool:
    return not isinstance(row, Heading)


def _is_heading(row: Any) -> bool:
    return isinstance(row, Heading)


def _submitted(each: Filter) -> int:
    """Return the weight as it is submitted as a number: the range, or all of it; 0 where it is left to Windows."""
    return each.slot.weight.value or 0


def _effective(each: Filter) -> int:
    return effective_weight(each).value


#: What a filter matches gets this much before weight, name and the like get anything: what there is room for beside the
#: decisions on a terminal of 80 columns, so that it is never wider on a smaller one.
_MATCHES = 36

FILTERS = View(
    (
        Column("does", 9, aliases=("action",), sign=sign_of),
        Column("matches", 0, 8, least=_MATCHES, ample=48, aliases=("conditions",)),
        Column("hands on", 27, 4, aliases=("context",)),
        Column("weight", 9, 6, value=_submitted, number=True),
        Column("name", 26, 5),
        Column("layer", 24, 7, value=lambda each: layer_position(each.layer), cell=layer_words),
        Column("made by", 26, 7, aliases=("by", "origin"), cell=lambda each: str(each.origin)),
        Column("callout", 30, 7, cell=lambda each: short_name(each.slot.callout)),
        Column("sublayer", 16, 7, cell=lambda each: short_name(each.slot.sublayer)),
        Column(
            "effective weight",
            20,
            7,
            least=20,
            aliases=("effective",),
            value=_effective,
            number=True,
            cell=lambda each: hex_weight(_effective(each)),
        ),
        Column("key", 38, 7, least=38, cell=lambda each: f"{{{each.key}}}"),
    ),
    _filter_cells,
    lambda row: row.key if isinstance(row, Heading) else row.identity,
    _heading_tone,
    selectable=_is_row,
    empty="no filters",
    heading=_is_heading,
    name="filters",
    group_column=5,
)


def filter_rows(workbench: Workbench) -> list[Any]:
    """Return the filters layer by layer, with a heading each, last those until BFE is up.

    Those just removed stay as marked ghosts.
    """
    removed = workbench.changes.removed
    usual = [each for each in removed if not each.slot.is_before_bfe]
    boot = [each for each in removed if each.slot.is_before_bfe]
    return [
        *_under_headings(workbench.filterset.by_layer, usual),
        *_under_headings(by_layer(workbench.filterset.before_bfe), boot, before_bfe=True),
    ]


def _under_headings(
    layers: Mapping[str, Sequence[Filter]], removed: Iterable[Filter], *, before_bfe: bool = False
) -> list[Any]:
    ghosts = by_layer(removed)
    rows: list[Any] = []
    for layer in sorted({**layers, **ghosts}, key=layer_position):
        present = layers.get(layer, [])
        words = layer_heading(layer, before_bfe=before_bfe)
        rows.append(Heading(layer, f"{words}  {len(present)}", "before BFE" if before_bfe else ""))
        rows += present
        rows += ghosts.get(layer, [])
    return rows


def marks_of(workbench: Workbench) -> dict[int, Mark]:
    """Return what marks which row, by ``id()`` of the filter or provider context."""
    changes = workbench.changes
    gone: dict[int, Mark] = {id(each): "-" for each in (*changes.removed, *changes.removed_contexts)}
    return {**changes.marks, **changes.context_marks, **gone}


def _context_cells(context: ProviderContext) -> tuple[str, ...]:
    policy = context.policy
    if isinstance(policy, MainModePolicy):
        what = ", ".join(map(_method, policy.authentication))
    else:
        extended = ", extended mode" if policy.extended_mode else ""
        what = (", ".join(short_name(f).removeprefix("POLICY_FLAG_") for f in policy.flags) or "no flags") + extended
    return (short_name(context.type), f"{_proposals(policy)}", what, context.name)


def _method(method: AuthenticationMethod) -> str:
    count = len(method.roots)
    roots = f" ({count} root{'s' * (count > 1)})" if count else ""
    return f"{short_name(method.method)}{roots}"


def _proposals(policy: MainModePolicy | QuickModePolicy) -> str:
    count = _count_proposals(policy)
    return f"{count} proposal{'' if count == 1 else 's'}"


def _count_proposals(policy: MainModePolicy | QuickModePolicy) -> int:
    return len(policy.proposals if isinstance(policy, MainModePolicy) else policy.quick_mode.proposals)


CONTEXTS = View(
    (
        Column("type", 0, 9, least=36),
        Column("offers", 12, 6, value=lambda context: _count_proposals(context.policy), number=True),
        Column("holds", 24, 7),
        Column("name", 30, 4),
        Column("key", 38, 7, least=38, cell=lambda context: f"{{{context.key}}}"),
    ),
    _context_cells,
    lambda context: context.key,
    empty="no provider contexts",
    name="contexts",
)

VIEWS: dict[ViewName, View] = {
    "filters": FILTERS,
    "weights": LADDER,
    "contexts": CONTEXTS,
    "findings": FINDINGS,
    "changes": CHANGES,
}


def rows_of(name: ViewName, workbench: Workbench, opened: Collection[object] = frozenset()) -> Sequence[Any]:
    """Return the rows of a view that shows the design itself.

    ``opened`` are the keys of the rows that are unfolded.
    """
    if name == "filters":
        return filter_rows(workbench)
    if name == "weights":
        from ndtui.ui.rows.ladder_rows import ladder_rows  # noqa: PLC0415 - not needed for the first picture

        changes = workbench.changes
        return ladder_rows(workbench.filterset, changes.marks, changes.removed, opened)
    if name == "contexts":
        return (*workbench.filterset.contexts, *workbench.changes.removed_contexts)
    return finding_rows(workbench.findings) if workbench.checked else ()


def bare_rows_of(name: ViewName, workbench: Workbench) -> Callable[[], Iterator[Sequence[Any]]] | None:
    """Return what makes the rows that are filtered and sorted, a piece at a time, where they are not the view's own."""
    if name != "weights":
        return None

    def rows() -> Iterator[Sequence[Any]]:
        from ndtui.ui.rows.ladder_rows import standing_rows  # noqa: PLC0415 - not needed for the first picture

        return standing_rows(workbench.filterset, workbench.changes.marks, workbench.changes.removed)

    return rows


def subject_of(row: Any) -> Subject | None:
    """Return what a row of either pane is about."""
    if isinstance(row, StandRow):
        return row.filter
    row = finding_of(row) or row
    return row if isinstance(row, Subject) else None

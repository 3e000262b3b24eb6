"""ArrangedTable: what the operator wants of the rows of a table: filter, order, folds, columns; and the keys for it.

What takes more than a moment is worked out beside the keys, in pieces; until then the rows stand as they were, and
nothing is counted.
"""

import asyncio
import time
from collections.abc import Callable, Container, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, Literal

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.worker import Worker

from ndtui.common.text import visible
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.arrangement import Arranged, Arrangement, Group, RowTexts, arrange
from ndtui.ui.rows.column_layout import Placed, placed
from ndtui.ui.rows.table_filter import LONGEST, FilterError, TableFilter, parse_filter
from ndtui.ui.rows.view import View
from ndtui.ui.widgets.line_edit import LineEdit

#: Seconds that rows are worked on before the keys are asked again: at once, and in every further piece.
AT_ONCE, PIECE = 0.006, 0.004
_STAY_GROUPED = "Rows stay in their groups here, and are sorted within them"
_NO_COLUMNS = "There are no columns here"
_FOLDING = ("fold", "unfold", "fold_all", "unfold_all")
#: Why something cannot be done in a table that leaves it out, by the id of the action.
_NOT_HERE = {
    "sort_next": _NO_COLUMNS,
    "sort_turn": _NO_COLUMNS,
    "columns": _NO_COLUMNS,
    "group": "There are no layers here to group by",
    **dict.fromkeys(_FOLDING, "There are no groups here to fold"),
}
#: Cells before the first column: for a mark.
GUTTER = 2


@dataclass
class Wanted:
    """What is wanted of one view; ``text`` is the filter in force, ``problem`` what is wrong with what is written.

    While something is filtered, groups fold apart from how they are folded otherwise: what is found is seen.
    """

    columns: tuple[int, ...]
    text: str = ""
    problem: str = ""
    filter: TableFilter = field(default_factory=TableFilter)
    sort: int | None = None
    descending: bool = False
    grouped: bool = True
    turned: frozenset[object] = frozenset()
    turned_found: frozenset[object] = frozenset()

    @property
    def folds(self) -> frozenset[object]:
        """The keys of the headings whose groups are not as at first."""
        return self.turned_found if self.filter else self.turned

    @folds.setter
    def folds(self, keys: frozenset[object]) -> None:
        if self.filter:
            self.turned_found = keys
        else:
            self.turned = keys

    @property
    def arrangement(self) -> Arrangement:
        """All of it that the rows depend on."""
        return Arrangement(self.filter, self.sort, self.descending, self.grouped, self.folds)


class ArrangedTable(ScrollView, can_focus=True):
    """Holds the rows that were given, and those of them that are shown."""

    SCOPE: ClassVar[Literal["tables"]] = "tables"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("lists"), *bindings("tables")]

    class ColumnsWanted(Message):
        """The operator wants to choose the columns of a table."""

        def __init__(self, table: "ArrangedTable") -> None:
            super().__init__()
            self.table = table

    def __init__(self, view: View, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.view = view
        self.source: Sequence[Any] = rows
        """All rows as they were given."""
        self.rows: Sequence[Any] = rows
        """The rows that are shown."""
        self.marks: Mapping[int, str] = {}
        self.line: LineEdit | None = None
        """The filter while it is being written."""
        self.counts: tuple[int, int] | None = None
        """How many rows are found, and of how many; ``None`` where all are shown, or while that is worked out."""
        self._groups: dict[int, Group] = {}
        self._wanted: dict[tuple[int, str], tuple[View, Wanted]] = {}
        self._texts: dict[int, RowTexts] = {}
        self._work: Generator[None, None, Arranged] | None = None
        self._kept: Any = None
        self._bare: Callable[[], Iterable[Sequence[Any]]] | None = None
        self._bared: list[Any] | None = None

    # -- what is wanted ------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        """What is wanted of the view that is shown; views of the same columns are one, in other words."""
        one = self.view.identity
        if one not in self._wanted:
            titles = getattr(self.app, "table_columns", {}).get(self.view.name, ()) if self.view.name else ()
            self._wanted[one] = (self.view, Wanted(self.view.numbers_of(titles)))
        return self._wanted[one][1]

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns that are wanted, by number; where groups are dissolved, the one that names the group too."""
        wanted = self.wanted
        named = self.view.group_column
        apart = () if wanted.grouped or named is None or named in wanted.columns else (named,)
        return (*apart, *wanted.columns)

    def choose_columns(self, columns: Sequence[int]) -> None:
        """Show these columns, in this order."""
        if tuple(columns) != self.wanted.columns:
            self.wanted.columns = tuple(columns)
            self._texts.pop(id(self.view), None)
            self.rearrange()

    @property
    def placed(self) -> tuple[int, ...]:
        """The columns that there is room for."""
        return tuple(each.number for each in self.layout_of(self.scrollable_content_region.width))

    def layout_of(self, width: int) -> list[Placed]:
        """Return the columns that there is room for in so many cells; what names the group comes before all others."""
        columns = list(self.view.columns)
        named = self.view.group_column
        if named is not None and not self.wanted.grouped:
            columns[named] = replace(columns[named], priority=10)
        return placed(columns, self.columns, width - GUTTER)

    @property
    def working(self) -> bool:
        """Whether what is wanted is still being worked out."""
        return self._work is not None

    def rearrange(self) -> None:
        """Work out what is shown: at once if that takes no more than a moment, or else beside the keys."""
        wanted = self.wanted.arrangement
        self._work = None
        self.counts = None
        if wanted.leaves(self.view):
            self.take(Arranged(self.source, 0, 0))
            return
        texts = self._texts.setdefault(id(self.view), RowTexts(self.view, self.columns))
        texts.forget(max(len(self.source), len(self._bared or ())))
        gone = {row for row, mark in self.marks.items() if mark == "-"}
        self._work = self._arrange(wanted, texts, gone)
        if not self._advance(AT_ONCE):
            self.refresh()
            _: Worker[None] = self.run_worker(partial(self._go_on, self._work), group="arrange", exclusive=True)

    def _arrange(self, wanted: Arrangement, texts: RowTexts, gone: Container[int]) -> Generator[None, None, Arranged]:
        if self._bare is not None and self._bared is None and wanted.bare:
            made: list[Any] = []
            for piece in self._bare():
                made += piece
                yield
            self._bared = made
        return (yield from arrange(self.view, self.arranged_from, wanted, texts, gone))

    @property
    def arranged_from(self) -> Sequence[Any]:
        """All rows that there are for what is wanted: as they were given, or without what stands between them."""
        return self._bared if self._bared is not None and self.wanted.arrangement.bare else self.source

    async def _go_on(self, work: Generator[None, None, Arranged]) -> None:
        while work is self._work:
            await asyncio.sleep(0)
            if work is self._work and self._advance(PIECE):
                return

    def _advance(self, seconds: float) -> bool:
        """Work for so long; tells whether all is done."""
        end = time.perf_counter() + seconds
        work = self._work
        while work is not None:
            try:
                next(work)
            except StopIteration as done:
                self._work = None
                arranged: Arranged = done.value
                self.counts = (arranged.found, arranged.total) if self.wanted.filter else None
                self.take(arranged)
                return True
            if time.perf_counter() >= end:
                return False
        return True

    def take(self, arranged: Arranged) -> None:
        """Show the rows as they were arranged."""
        raise NotImplementedError

    # -- the filter ----------------------------------------------------------------------------------------------

    @property
    def filter_text(self) -> str:
        """The filter in force, as it was written."""
        return self.wanted.text

    def filter_by(self, text: str) -> bool:
        """Show only what a filter finds; tells whether it is one, and says in ``problem`` what is wrong."""
        wanted = self.wanted
        try:
            parsed = parse_filter(text, self.view.columns)
        except FilterError as error:
            wanted.problem = str(error)
            self.refresh()
            return False
        wanted.text, wanted.problem = text if parsed else "", ""
        if parsed == wanted.filter:
            self.refresh()
            return True
        wanted.filter = parsed
        wanted.turned_found = frozenset()
        self.rearrange()
        return True

    def action_filter(self) -> None:
        """Write a filter: what is found is shown as one types."""
        self.focus()  # from the palette it is called wherever the focus is
        self.line = LineEdit(self.wanted.text, LONGEST)
        self.laid_out()

    def clear_filter(self) -> None:
        """Show all rows again."""
        self.line = None
        self.filter_by("")
        self.laid_out()

    def _leave_line(self) -> None:
        """Keep the filter that is in force."""
        if self.line is not None:
            self.line = None
            self.wanted.problem = ""
            self.laid_out()

    def laid_out(self) -> None:
        """Make room for what has come into sight, or take it back."""
        raise NotImplementedError

    def on_blur(self) -> None:
        """Keep the filter in force; what is unfinished is dropped."""
        self._leave_line()

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - textual's signature
        """Tell whether a key is a character of the filter."""
        return self.line is not None and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Write the filter; keys that are no part of a line move the cursor of the table as ever.

        Escape leaves what was entered last: a filter before the screen.
        """
        if self.line is None:
            if event.key != "escape" or not self.wanted.text:
                return
            self.clear_filter()
        elif event.key == "enter":
            if self.wanted.problem:
                self.notify(visible(self.wanted.problem), severity="warning", markup=False)  # the line may cut it
            else:
                self._leave_line()
        elif event.key == "escape":
            self.clear_filter()
        elif self.line.press(event.key, event.character):
            self._written()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Write what was pasted into the filter."""
        if self.line is not None:
            self.line.insert(event.text)
            event.stop()
            self._written()

    def _written(self) -> None:
        if self.line is not None:
            self.filter_by(self.line.text)
            self.laid_out()

    # -- order and groups ----------------------------------------------------------------------------------------

    def sort_by(self, column: int | None, *, descending: bool = False) -> None:
        """Sort by a column, or with ``None`` show the view's own order."""
        self.wanted.sort, self.wanted.descending = column, descending and column is not None
        self.rearrange()

    def action_sort_next(self) -> None:
        """Sort by the next of the columns, and after the last one show the view's own order again."""
        stops: list[int | None] = [None, *self.columns]
        now = stops.index(self.wanted.sort) if self.wanted.sort in stops else 0
        column = stops[(now + 1) % len(stops)]
        self.sort_by(column)
        if column is not None and column not in self.placed:
            title = self.view.columns[column].title
            self.notify(f"Sorted by {title}, a column that there is no room for here", markup=False)

    def action_sort_turn(self) -> None:
        """Turn the order round."""
        if self.wanted.sort is None:
            self.notify("Not sorted by a column yet: sort by one first", markup=False)
        else:
            self.sort_by(self.wanted.sort, descending=not self.wanted.descending)

    def sort_title(self, column: int) -> None:
        """Do what a click on the title of a column does: up, down, the view's own order."""
        if self.wanted.sort != column:
            self.sort_by(column)
        elif not self.wanted.descending:
            self.sort_by(column, descending=True)
        else:
            self.sort_by(None)

    def action_group(self) -> None:
        """Dissolve the groups, so that a sort goes over all rows, or group again."""
        self.wanted.grouped = not self.wanted.grouped
        self._texts.pop(id(self.view), None)
        self.rearrange()

    def fold(self, heading: Any, *, keep: Any = None) -> None:
        """Fold the group below a heading, or unfold it; the cursor goes to the heading, or to the row to keep it on."""
        self._kept = heading if keep is None else keep
        self.wanted.folds = self.wanted.folds ^ {self.view.key(heading)}
        self.rearrange()

    def _folded(self, heading: Any) -> bool:
        return self.wanted.arrangement.folds(self.view, heading)

    def action_fold_all(self) -> None:
        """Fold every group."""
        self._fold_all(folded=True)

    def action_unfold_all(self) -> None:
        """Unfold every group."""
        self._fold_all(folded=False)

    def _fold_all(self, *, folded: bool) -> None:
        first = replace(self.wanted.arrangement, turned=frozenset())
        headings = (row for row in self.source if self.view.heading(row))
        self.wanted.folds = frozenset(
            self.view.key(each) for each in headings if first.folds(self.view, each) != folded
        )
        self.rearrange()

    def action_columns(self) -> None:
        """Choose the columns and their order."""
        self.post_message(self.ColumnsWanted(self))

    def text(self) -> str:
        """Return what is shown of the table as text, columns separated by tabs, for the clipboard."""
        columns = self.columns
        lines = ["\t".join(self.view.columns[number].title for number in columns)] if self.view.head else []
        for row in self.rows:
            cells = self.view.cells(row)
            whole = len(cells) > 1 or self.view.columns[1:] == ()
            shown = (self.view.cell(row, number) for number in columns) if whole else cells
            lines.append("\t".join(map(visible, shown)))
        return "\n".join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing that cannot be done here."""
        if action in ("sort_next", "sort_turn", "columns"):
            return self.view.head
        if action == "group":
            return self.view.group_column is not None
        if action in _FOLDING:
            return self.view.has_groups and (self.wanted.grouped or self.view.group_column is None)
        return super().check_action(action, parameters)

    def why_not(self, action: Action) -> str:
        """Return why something that tables do cannot be done with this one."""
        if action.scope != "tables" or self.check_action(action.id, ()):
            return ""
        if action.id == "group" and self.view.head and self.view.has_groups:
            return _STAY_GROUPED
        if action.id in _FOLDING and self.view.has_groups:
            return f"The groups are dissolved: {key_of(self, 'tables.group')} groups again"
        return _NOT_HERE.get(action.id, "")

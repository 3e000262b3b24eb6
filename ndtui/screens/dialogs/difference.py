"""How a file and the work at hand differ: decision by decision, by what becomes of traffic, and line by line."""

import difflib
from collections.abc import Iterator
from itertools import islice
from typing import cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.differences import Difference, differences
from ndtui.model.files.design_file import format_design
from ndtui.model.files.design_on_disk import OnDisk
from ndtui.screens.dialogs.dialog import ReadingDialog
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.change_rows import sides_in_short
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.widgets.scroll_pane import ScrollPane

#: So many differences of a kind are shown, and so many lines on either side are compared at most: comparing lines takes
#: more than linear time.
_MOST = 400
_MOST_LINES = 20_000


class DifferenceScreen(ReadingDialog[None]):
    """Shows where a file and the work at hand differ; what takes long is worked out beside the keys."""

    def __init__(self, file: OnDisk, work: FilterSet, layout: str = "") -> None:
        """Take what a file holds, which is a design, what the work at hand compiles to, and what it was written as.

        ``layout`` is the text whose comments saving would keep; empty for that of the file.
        """
        super().__init__()
        self._file = file
        self._work = work
        self._layout = layout

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="dialog tall"):
            yield Static("Difference", classes="dialog-title", markup=False)
            with ScrollPane(id="differences"):
                yield Static("", id="decisions-differ", markup=False)
                yield Static("", id="rest-differs", markup=False)
            keys = " ".join(key_of(self, f"lists.cursor_{way}") for way in ("down", "up"))
            yield Static(f"{keys} scroll   esc back to the question", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Show the decisions at once, and work out the rest."""
        self.query_one("#differences").focus()
        if self._file.design is not None:
            lines = list(_by_decision(self._file.design, self._work.design))
            self.query_one("#decisions-differ", Static).update("\n".join(lines))
            self.query_one("#rest-differs", Static).update(
                "\nThe traffic whose outcome differs is being worked out ..."
            )
            self._work_out(self._file.design)

    @work(exclusive=True)
    async def _work_out(self, file: Design) -> None:
        """Show what becomes of traffic, and then the lines."""
        rest, works = self.query_one("#rest-differs", Static), cast("LongWorks", self.app)
        traffic = "\n".join(["", *await works.long("Comparing traffic", lambda: list(_by_traffic(file, self._work)))])
        rest.update(f"{traffic}\n\nThe lines are being compared ...")
        lines = await works.long(
            "Comparing lines", lambda: list(_by_line(self._file.text, self._work.design, self._layout))
        )
        rest.update("\n".join([traffic, "", *lines]))


def _by_decision(file: Design, work: Design) -> Iterator[str]:
    found = differences(file, work)
    yield f"Decisions: {len(found)} differ"
    yield from (_difference_lines(each) for each in found[:_MOST])
    if len(found) > _MOST:
        yield f"... {len(found) - _MOST} more"


def _difference_lines(difference: Difference) -> str:
    file, here = sides_in_short(difference)
    return f"{visible(difference.place)}\n  in the file: {file}\n  here:        {here}"


def _by_traffic(file: Design, work: FilterSet) -> Iterator[str]:
    from ndtui.analysis.packet_sets.effort import Effort  # noqa: PLC0415 - only this needs it
    from ndtui.analysis.verify.assertions import verdict_of  # noqa: PLC0415
    from ndtui.analysis.verify.compare import Policy, compare_meaning  # noqa: PLC0415

    old, new = Policy.of(compile_design(file)), Policy.of(work)
    meaning = compare_meaning(old, new, Effort.for_filters(old.sets.count + new.sets.count))
    yield "Traffic whose outcome differs" if meaning.regions else "No traffic is known to come out otherwise"
    for region in meaning.regions[:_MOST]:
        yield visible(f"{region.traffic}{'' if region.whole else ', apart from what other filters decide'}")
        yield f"  in the file: {verdict_of(region.before)}"
        yield f"  here:        {verdict_of(region.after)}, as {region.witness}"
    if len(meaning.regions) > _MOST:
        yield f"... {len(meaning.regions) - _MOST} more"
    if meaning.undecided:
        yield f"Of {len(meaning.undecided)} kinds of traffic it is not decided: its filters cross in too many ways"


def _by_line(text: str, work: Design, layout: str) -> Iterator[str]:
    try:
        mine = format_design(work, layout or text)
    except NdtuiError as error:
        yield f"Lines: {error}"
        return
    old, new = text.splitlines(), mine.splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        yield f"More than {_MOST_LINES:,} lines: they are not compared one by one"
        return
    found = list(difflib.unified_diff(old, new, lineterm="", n=1))
    yield "Lines: - in the file, + here" if found else "Lines: the same"
    yield from (visible(line) for line in islice(found, 2, _MOST))
    if len(found) > _MOST:
        yield f"... {len(found) - _MOST} more"

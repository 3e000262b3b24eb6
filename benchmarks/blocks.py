"""Blocks: the longest time that the designer's event loop stands still while 60,000 filters are worked with.

A heartbeat of 5 ms runs on the loop of a designer that nobody sees; the largest gap between two beats is what a key may
have to wait. Of a gap the processor time counts that the designer used in it, whichever thread did: what other programs
take of the machine does not, but no wait for a disk either. Each thing is done in as many designers as there are runs,
and the least of its gaps counts: what the designer itself causes is there every time.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.compiling import large_design
from benchmarks.measure import Result, plain
from ndtui.model.design.design import default_design
from ndtui.model.files.design_file import format_design

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from ndtui.app.app import NdtuiApp

BUDGET_MS = 100.0
#: Seconds between two beats, and those that are waited after everything for what comes of it late.
BEAT, REST = 0.005, 0.6
#: Seconds in which whatever is done is done.
_PATIENCE = 60.0
_EXEMPTIONS = 10_000


class Heartbeat:
    """Beats on an event loop, and keeps the largest gap between two beats under the name of what was being done."""

    def __init__(self) -> None:
        self.largest: dict[str, float] = {}
        """Seconds of processor time, at most those that passed beyond a beat."""
        self._doing = ""
        self._last = self._used = 0.0
        self._next: asyncio.TimerHandle | None = None

    def begin(self, doing: str) -> None:
        """Keep gaps under another name from now on."""
        self._beat()
        self._doing = doing

    def stop(self) -> None:
        """Beat no more."""
        self.begin("")
        if self._next is not None:
            self._next.cancel()

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.process_time()
        if self._next is not None:
            self._next.cancel()
            gap = min(max(0.0, now - self._last - BEAT), used - self._used)
            self.largest[self._doing] = max(gap, self.largest.get(self._doing, 0.0))
        self._last, self._used = now, used
        self._next = asyncio.get_running_loop().call_later(BEAT, self._beat)


class Operator:
    """Does with a designer what a person does, and waits for what comes of it."""

    def __init__(self, app: "NdtuiApp", pilot: "Pilot[Any]", heart: Heartbeat) -> None:
        self.app = app
        self.heart = heart
        self._pilot = pilot

    async def does(self, what: str, *keys: str, until: Callable[[], object] = lambda: True) -> None:
        """Press keys, each when the one before was answered, and wait until something holds and all is at rest."""
        self.heart.begin(what)
        for key in keys:
            await self._pilot.press(key)
            await asyncio.sleep(4 * BEAT)
        end = time.perf_counter() + _PATIENCE
        while not until() or not self._at_rest:
            if time.perf_counter() > end:
                raise TimeoutError(f"{what}: that did not come")
            await asyncio.sleep(BEAT)
        await asyncio.sleep(REST)
        while not self._at_rest:
            await asyncio.sleep(BEAT)
        self.heart.begin("")

    async def writes(self, what: str, text: str, **wait: Callable[[], object]) -> None:
        """Type a text."""
        await self.does(what, *("space" if each == " " else each for each in text), **wait)

    def fill(self, name: str, text: str) -> None:
        """Put a text into a field of the dialog on top."""
        from textual.widgets import Input

        self.heart.begin("")
        self.app.screen.query(f"Input{name}").first(Input).value = text

    @property
    def _at_rest(self) -> bool:
        """Whether nothing is worked out beside the keys."""
        return not any(worker.is_running and worker.group != "asking" for worker in self.app.workers)

    def on(self, name: str) -> bool:
        """Tell whether the screen on top is one of a class of that name."""
        return type(self.app.screen).__name__ == name

    def says(self, text: str) -> bool:
        """Tell whether a text is on the screen."""
        return any(text in strip.text for strip in self.app.screen._compositor.render_strips())


@asynccontextmanager
async def _at_work(folder: Path) -> AsyncIterator[Operator]:
    """Open a designer with a small design, set up as by the command line."""
    from ndtui.app.app import NdtuiApp
    from ndtui.ui.state.options import Options

    gc.disable()  # as cli.process does; the designer switches it on again
    app = NdtuiApp(default_design("small"), None, Options(store=folder / "store.sqlite3"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        heart = Heartbeat()
        operator = Operator(app, pilot, heart)
        await operator.does("the start", until=gc.isenabled)
        yield operator
        heart.stop()


async def _session(folder: Path) -> dict[str, float]:
    """Do everything once, and return the largest gap of each in seconds."""
    design = folder / "large.toml"
    async with _at_work(folder) as operator:
        does, app = operator.does, operator.app

        def checked() -> bool:
            return app.workbench.checked

        def filters() -> int:
            return len(app.workbench.filterset.filters)

        await does("asking for a file", "O", until=partial(operator.on, "OpenFileScreen"))
        operator.fill("", str(design))
        await does("opening, checking", "enter", until=lambda: filters() > 60_000 and checked())
        await _looks(operator)
        await _edits(operator)
        await _applies(operator)
        await _exports(operator, folder)
    return {what: gap for what, gap in operator.heart.largest.items() if what}


async def _looks(operator: Operator) -> None:
    does, designer = operator.does, operator.app.designer

    def arranged() -> bool:
        return not designer.table.working

    for key, view in enumerate(("filters", "weights", "contexts", "findings"), start=1):
        await does(f"showing {view}", str(key), until=arranged)
    await does("changes against the file", "5", until=arranged)
    await does("asking what to compare with", "B", until=partial(operator.on, "FormScreen"))
    operator.fill("#other", "nd-boundary")
    await does(
        "changes against a preset",
        "enter",
        "enter",
        until=lambda: operator.on("DesignerScreen") and designer.table.rows and arranged(),
    )
    await does("showing filters", "1", "j", "G", "g", until=arranged)
    await operator.writes("filtering filters", "/permit service 7", until=arranged)
    await does("leaving the filter", "escape", until=arranged)
    await does("sorting filters", "S", "S", "S", "S", "S", "S", until=arranged)
    await does("folding filters", "F", "X", until=arranged)
    await does("dissolving groups", "L", until=arranged)
    await does("sorting all filters", "S", "S", "S", "S", "S", "S", "L", until=arranged)
    await does("showing weights", "2", until=arranged)
    await operator.writes("filtering weights", "/service 7", until=arranged)
    await does("leaving the filter", "escape", until=arranged)
    await does("unfolding weights", "X", until=arranged)
    await does("sorting weights", "S", "S", "S", "S", "S", until=arranged)
    await does("showing contexts", "3", until=arranged)
    await does("showing findings", "4", until=arranged)
    await does("sorting findings", "S", "S", "S", until=arranged)
    await does("tracing", "t", until=partial(operator.on, "TraceScreen"))
    await does("leaving the trace", "escape", until=partial(operator.on, "DesignerScreen"))
    for key, what in (
        ("question_mark", "help"),
        ("H", "edits"),
        ("colon", "palette"),
        ("T", "themes"),
        ("o", "presets"),
    ):
        await does(f"showing {what}", key, until=lambda: not operator.on("DesignerScreen"))
        await does(f"leaving {what}", "escape", until=partial(operator.on, "DesignerScreen"))


async def _edits(operator: Operator) -> None:
    app, does = operator.app, operator.does

    def all_done() -> bool:
        return app.workbench.checked and not app.designer.table.working

    await does("showing filters", "1")
    app.designer.select("exemption:service 500", focus=True)
    await does("deleting an exemption", "d", until=all_done)
    await does("undoing that", "u", until=all_done)
    app.designer.select("IKE", focus=True)
    await does("switching a decision", "space", until=all_done)
    app.designer.select("exemption:service 500", focus=True)
    await does("editing an exemption", "e", until=partial(operator.on, "FormScreen"))
    operator.fill("#remote_ports", "443")
    await does("taking the edit", "enter", until=lambda: operator.on("DesignerScreen") and all_done())
    await does("adding an exemption", "a", until=partial(operator.on, "FormScreen"))
    await does("leaving the form", "escape", until=partial(operator.on, "DesignerScreen"))
    await does("changes against the file", "5", until=lambda: app.designer.table.rows)
    await does("saving", "w", until=lambda: not app.workbench.dirty)
    await does("showing filters", "1", until=all_done)


async def _applies(operator: Operator) -> None:
    from ndtui.ui.widgets.row_table import RowTable

    app, does = operator.app, operator.does
    for number in (1, 2):
        await does("planning", "p", until=lambda: operator.on("PlanScreen") and operator.says("add"))
        await does("reading the plan", "G", "g", "j")
        await does("asking before an apply", "A", until=partial(operator.on, "ApplyScreen"))
        await does("applying", "enter", until=lambda: operator.on("PlanScreen") and operator.says("nothing to"))
        await does("leaving the plan", "escape", until=partial(operator.on, "DesignerScreen"))
        if number == 1:
            app.designer.select("IKE", focus=True)
            await does("switching a decision", "space", until=lambda: app.workbench.checked)

    def read() -> bool:
        return not operator.says("reading")

    await does("Applied", "b", until=lambda: operator.on("AppliedScreen") and read())
    history = app.screen.query_one("#applied-history", RowTable)
    await does("Applied: an old revision", "G", until=lambda: history.cursor == len(history.rows) - 1 and read())
    for key, side in (("1", "contents"), ("3", "to now"), ("4", "to design"), ("5", "drift")):
        await does(f"Applied: {side}", key, until=read)
    await does("planning a rollback", "R", until=lambda: operator.on("PlanScreen") and not operator.says("planning"))
    await does("leaving the plan", "escape", until=partial(operator.on, "AppliedScreen"))
    await does("leaving Applied", "q", until=partial(operator.on, "DesignerScreen"))


async def _exports(operator: Operator, folder: Path) -> None:
    from ndtui.ui.widgets.row_table import RowTable

    does = operator.does

    def made() -> bool:
        return operator.on("ExportScreen") and not operator.says("exporting")

    await does("export preview of the first format", "x", until=made)
    formats = operator.app.screen.query_one("#formats", RowTable)
    for row in list(formats.rows)[1:]:
        await does(f"export preview of {row.info.name}", "j", until=made)
    await does("export preview of the first format", "g", until=made)
    operator.fill("#place", str(folder / "policy"))
    await does("exporting", "enter", until=partial(operator.on, "DesignerScreen"))


def run(runs: int) -> Iterator[Result]:
    """Measure everything in a session each time, at most three times."""
    for what, gap in measured(min(3, runs)).items():
        taken = gap * 1000
        yield Result(
            f"at most still, {what}"[:46], f"budget of {BUDGET_MS:g} ms", taken, BUDGET_MS, taken / BUDGET_MS, 1
        )


def measured(runs: int) -> dict[str, float]:
    """Return the least of the largest gaps of everything, in seconds."""
    os.environ.update(plain())
    least: dict[str, float] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "large.toml").write_text(format_design(large_design(_EXEMPTIONS)), encoding="utf-8")
            gc.unfreeze()
            gc.collect()
            for what, gap in asyncio.run(_session(folder)).items():
                least[what] = min(gap, least.get(what, gap))
    return least

"""The design at hand: the one place where it changes. Unsaved work is kept aside, and its file is watched."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from textual import work
from textual.reactive import reactive
from textual.timer import Timer

from ndtui.app import file_actions
from ndtui.app.backend_session import BackendSession
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.edit_history import History
from ndtui.model.files.design_on_disk import OnDisk
from ndtui.ui.state import file_watch, recovery
from ndtui.ui.state.beside import in_thread, is_large
from ndtui.ui.state.options import Options
from ndtui.ui.state.workbench import Workbench, open_workbench


class DesignSession(BackendSession):
    """Holds the workbench; every edit makes a new one, and the designer shows it."""

    # Every Workbench is another one, so each assignment is a change; __init__ sets it before anyone reads it.
    workbench: reactive[Workbench] = reactive(cast("Workbench", None), init=False, repaint=False)
    #: What has become of the open design's file on disk; empty as long as there is nothing to be said.
    file_news: reactive[str] = reactive("", init=False, repaint=False)

    def __init__(self, design: Design, path: Path | None, options: Options, *, saved: bool) -> None:
        super().__init__(options)
        self.recovery = recovery.Recovery()
        self._left = False  # by the operator, who was asked about unsaved work
        self._keeping: Timer | None = None
        self._said_of_keeping = ""
        self._remembered: Path | None = None
        self.set_reactive(DesignSession.workbench, self._opened(design, path, saved=saved))
        self.file_watch = file_watch.FileWatch(self)

    def edit(self, label: str, changed: Callable[[Design], Design]) -> bool:
        """Make one step of the history, or say why it cannot be made; tells whether anything changed."""
        self.answer_first()
        before = self.workbench.design
        try:
            after = changed(before)
        except ValidationError as error:
            from ndtui.ui.rows.refusal_words import refusal_words  # noqa: PLC0415 - keeps the start short

            said = visible(refusal_words(error, before))
            self.notify(said, title="Not possible", severity="warning", markup=False)
            return False
        if after == before:
            return False
        self.workbench = self.workbench.edited(self.workbench.history.do(label, after))
        return True

    def _go(self, history: History | None) -> None:
        if history is not None:
            self.workbench = self.workbench.edited(history)

    def read(self, label: str, design: Design, text: str) -> None:
        """Make one step of the history of a design that was read from a text, whose comments the next save keeps."""
        self.workbench = self.workbench.read(label, design, text)

    def saved(self, design: Design, path: Path, data: bytes | None) -> None:
        """Take note that a design is in a file, and what the file holds."""
        self.workbench = self.workbench.stored(design, path)
        self.file_watch.know(path, data, design)
        if not self.workbench.dirty:
            self.recovery.forget()

    def reload(self, design: Design, path: Path, data: bytes | None) -> None:
        """Take what a file has now for the design, as a step that can be undone."""
        self.workbench = self.workbench.reloaded(design, path)
        self.file_watch.know(path, data, design)

    def file_holds(self, design: Design | None) -> None:
        """Take note of the design that the file holds; ``None`` where it is gone: the work is kept aside then."""
        self.workbench = self.workbench.in_file(design)

    def load(
        self, filterset: FilterSet, path: Path | None, *, saved: bool = True, text: str = "", base: OnDisk | None = None
    ) -> None:
        """Open another design, compiled; ``text`` is one that no file has, whose comments the next save keeps.

        ``base`` is what the file holds of a design that is not saved.
        """
        opened = self._opened(filterset, path, saved=saved, text=text)
        self.workbench = opened.in_file(base.design) if base else opened
        self.file_watch.begin(path)
        if base and path:
            self.file_watch.know(path, base.data, base.design)
        if is_large(filterset.design):
            self.collector.keep()  # what a large design is made of has no cycles to be looked for

    def _opened(self, opened: Design | FilterSet, path: Path | None, *, saved: bool, text: str = "") -> Workbench:
        at_once = self.options.settings.thresholds.check_at_once
        return open_workbench(opened, path, saved=saved, text=text, check_at_once=at_once)

    # -- what is kept of it, and what becomes of its file -------------------------------------------------------------

    @work(group="file", exit_on_error=True)
    async def _look_at_file(self) -> None:
        known = self.file_watch.known
        await self.file_watch.look()
        if self.file_watch.known is not known:
            self._keep_soon()  # with the work is kept what its file held

    def watch_workbench(self) -> None:
        """Keep the work aside and the path of its file in mind; what could not be done before may be possible now."""
        self.ask_anew()
        self._keep_soon()

    def _keep_soon(self) -> None:
        """Keep unsaved work aside within a second, however steadily one works, and the path of its file in mind."""
        if self.workbench.path != self._remembered:
            self._remember(self.workbench.path)
        if self._keeping is None and not self.options.read_only:
            self._keeping = self.set_timer(recovery.KEEP_WITHIN, lambda: self.run_worker(self._keep()))

    def _remember(self, path: Path | None) -> None:
        """Put the open file among the recent ones, beside all else."""
        self._remembered = path
        if path is not None and not self.options.read_only:
            self.run_worker(self._write_recent(path), group="recent")

    async def _write_recent(self, path: Path) -> None:
        problem = await asyncio.to_thread(file_actions.remember, path)
        if problem:
            self.notify(f"Recent files cannot be kept: {visible(problem)}", severity="warning", markup=False)

    async def _keep(self) -> None:
        """Keep the work aside beside all else, and again when there is more by then."""
        kept = self.workbench
        held = self.file_watch.known_of(kept.path)
        problem = await in_thread(partial(file_actions.keep_aside, self.recovery, kept, held))
        if problem and problem != self._said_of_keeping:
            self.notify(f"Unsaved work cannot be kept aside: {visible(problem)}", severity="warning", markup=False)
        self._said_of_keeping = problem
        self._keeping = None
        if self.workbench is not kept or self.file_watch.known_of(kept.path) is not held:
            self._keep_soon()

    def keep_now(self) -> None:
        """Keep unsaved work aside at once, from any thread: the program is about to end, and nobody was asked."""
        if not self._left and not self.options.read_only:
            held = self.file_watch.known_of(self.workbench.path)
            file_actions.keep_aside(self.recovery, self.workbench, held)

"""The designer's application: the one place where state changes. Views show it, keys call the actions here."""

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from pydantic import ValidationError
from textual import on, work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import reactive
from textual.timer import Timer

from ndtui.app import design_actions, file_actions, reasons, save_actions, suspending
from ndtui.app.backend_session import BackendSession
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.edit_history import History
from ndtui.model.files.design_file import reason_of
from ndtui.model.files.presets import Preset
from ndtui.screens.designer import DesignerScreen
from ndtui.ui.keys.actions import Action
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.keys.possible import actions_of, why_not
from ndtui.ui.state import file_watch, recovery
from ndtui.ui.state.beside import in_thread, is_large
from ndtui.ui.state.options import Options
from ndtui.ui.state.selection import Selection
from ndtui.ui.state.workbench import Workbench, open_workbench
from ndtui.ui.widgets.arranged_table import ArrangedTable


def _found_by_name() -> type[Provider]:
    """Return what finds names for the palette, when it is opened for the first time."""
    from ndtui.ui.keys.palette_names import FoundByName  # noqa: PLC0415 - keeps the start short

    return FoundByName


class NdtuiApp(BackendSession):
    """Holds the workbench; every edit makes a new one, and the designer shows it."""

    TITLE = "ndtui"
    CSS_PATH = "ndtui.tcss"
    # Textual's own ctrl+q would leave without asking.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", "Quit", show=False, priority=True)]
    NOTIFICATION_TIMEOUT = 3.0
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands, _found_by_name}
    # Every Workbench is another one, so each assignment is a change; __init__ sets it before anyone reads it.
    workbench: reactive[Workbench] = reactive(cast("Workbench", None), init=False)
    #: What has become of the open design's file on disk; empty as long as there is nothing to be said.
    file_news: reactive[str] = reactive("", init=False)

    def __init__(
        self, design: Design, path: Path | None = None, options: Options | None = None, *, saved: bool = True
    ) -> None:
        super().__init__(options or Options())
        self.recovery = recovery.Recovery()
        self.designer = DesignerScreen(self)
        self._keeping: Timer | None = None
        self._said_of_keeping = ""
        self._remembered: Path | None = None
        self._left = False
        self._packets: list[str] = []
        self.table_columns: dict[str, tuple[str, ...]] = dict(self.options.settings.columns)
        """Which columns were chosen for a table, by their titles, under the name of the table."""
        self.failure: BaseException | None = None
        """What nobody had foreseen, and ended the designer."""
        self.set_reactive(NdtuiApp.workbench, self._opened(design, path, saved=saved))
        self.file_watch = file_watch.FileWatch(self)

    def get_default_screen(self) -> DesignerScreen:
        """Return the designer as the screen at the bottom."""
        return self.designer

    @property
    def selection(self) -> Selection:
        """What the operator has selected in the designer, whatever dialog lies above it."""
        return self.designer.selection

    def select(self, identity: str, *, focus: bool = False) -> None:
        """Put the cursor of the left pane on a decision or an exemption, and with ``focus`` the focus too."""
        self.designer.select(identity, focus=focus)

    def show_filter(self, identity: object) -> None:
        """Put the cursor of the table of filters on one."""
        self.designer.show_filter(identity)

    def on_mount(self) -> None:
        """Look for unsaved work once the screen is there."""
        self.call_after_refresh(self._started)

    def _started(self) -> None:
        gc.enable()  # cli.process pauses it: during a start everything that is made stays
        gc.freeze()
        if self.options.notice:
            self.notify(self.options.notice, title="Settings", severity="warning", timeout=10, markup=False)
        file_actions.offer_leftovers(self)
        self._remember(self.workbench.path)
        if self.options.tour:
            self.action_tour()
        self.watch_backend()
        self.set_interval(file_watch.LOOK_EVERY, self._look_at_file)

    @work(group="file", exit_on_error=True)
    async def _look_at_file(self) -> None:
        await self.file_watch.look()

    def watch_workbench(self) -> None:
        """Keep unsaved work aside within a second, however steadily one works, and the path of its file in mind."""
        if self.workbench.path != self._remembered:
            self._remember(self.workbench.path)
        if self._keeping is None:
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
        problem = await in_thread(partial(file_actions.keep_aside, self.recovery, kept))
        if problem and problem != self._said_of_keeping:
            self.notify(f"Unsaved work cannot be kept aside: {visible(problem)}", severity="warning", markup=False)
        self._said_of_keeping = problem
        self._keeping = None
        if self.workbench is not kept:
            self.watch_workbench()

    def keep_now(self) -> None:
        """Keep unsaved work aside at once, from any thread: the program is about to end, and nobody was asked."""
        if not self._left:
            file_actions.keep_aside(self.recovery, self.workbench)

    def _handle_exception(self, error: Exception) -> None:
        """End on what nobody had foreseen, with unsaved work kept aside; ``launch`` hands it on to be told."""
        first, self.failure = self.failure is None, self.failure or getattr(error, "error", error)
        super()._handle_exception(error)
        self._exit_renderables.clear()
        if first:
            self.keep_now()

    def _fatal_error(self) -> None:
        """Close, without Textual's own traceback: it shows values, and fills the screen."""
        self._close_messages_no_wait()

    # -- state ---------------------------------------------------------------------------------------------------

    def edit(self, label: str, changed: Callable[[Design], Design]) -> bool:
        """Make one step of the history, or say why it cannot be made; tells whether anything changed."""
        before = self.workbench.design
        try:
            after = changed(before)
        except ValidationError as error:
            self.notify(visible(reason_of(error)), title="Not possible", severity="warning", markup=False)
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

    def load(self, filterset: FilterSet, path: Path | None, *, saved: bool = True, text: str = "") -> None:
        """Open another design, compiled; ``text`` is one that no file has, whose comments the next save keeps."""
        self.workbench = self._opened(filterset, path, saved=saved, text=text)
        if is_large(filterset.design):
            gc.freeze()  # as at the start: what a large design is made of has no cycles to be looked for

    def _opened(self, opened: Design | FilterSet, path: Path | None, *, saved: bool, text: str = "") -> Workbench:
        at_once = self.options.settings.thresholds.check_at_once
        return open_workbench(opened, path, saved=saved, text=text, check_at_once=at_once)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keep the palette away from where it has nothing to offer, such as from itself."""
        return bool(actions_of(self.screen)) if action == "command_palette" else True

    def why_not(self, action: Action) -> str:
        """Return why an action cannot be done now."""
        return reasons.reason(self, action)

    def way_out(self) -> str:
        """Return how the program is left from where one is."""
        leave = f"{self.key_map.first('designer.leave')} leaves the program"
        return leave if self.screen is self.designer else f"esc goes back; in the designer {leave}"

    # -- decisions -----------------------------------------------------------------------------------------------

    def action_switch(self) -> None:
        """Switch the selected decision or exemption; what is no switch is chosen in its form."""
        if not design_actions.switch(self):
            self.action_edit()

    @asks
    async def action_edit(self) -> None:
        """Edit what is selected."""
        await design_actions.edit_selected(self)

    @asks
    async def action_add_exemption(self) -> None:
        """Add an exemption."""
        await design_actions.add_exemption(self)

    @asks
    async def action_rename(self) -> None:
        """Give the design another name."""
        await design_actions.edit_decision(self, "name")

    def action_duplicate(self) -> None:
        """Copy the selected exemption."""
        design_actions.duplicate(self)

    def action_delete(self) -> None:
        """Delete the selected exemption."""
        design_actions.with_exemption(self, "delete", edits.delete_exemption)

    def action_move_up(self) -> None:
        """Move the selected exemption up."""
        design_actions.with_exemption(self, "move", lambda design, name: edits.move_exemption(design, name, -1))

    def action_move_down(self) -> None:
        """Move the selected exemption down."""
        design_actions.with_exemption(self, "move", lambda design, name: edits.move_exemption(design, name, 1))

    def action_undo(self) -> None:
        """Take the last change back."""
        self._go(self.workbench.history.undo())

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._go(self.workbench.history.redo())

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the clipboard, or into a file where there is none, and say so."""
        from ndtui.app import copy_actions  # noqa: PLC0415 - keeps the start short

        copy_actions.copy(self, text, what)

    def action_copy_json(self) -> None:
        """Copy the selected object as JSON."""
        from ndtui.app import copy_actions  # noqa: PLC0415 - keeps the start short

        copy_actions.copy_json(self)

    @property
    def links(self) -> tuple[str, ...]:
        """The pages that the explanation names."""
        return self.designer.links

    @asks
    async def action_link(self) -> None:
        """Open or copy the page that the explanation names."""
        from ndtui.app import copy_actions  # noqa: PLC0415 - keeps the start short

        await copy_actions.ask_link(self)

    @asks
    async def action_steps(self) -> None:
        """List the edits, and go to one."""
        from ndtui.screens.dialogs.steps import StepsScreen  # noqa: PLC0415 - keeps the start short

        number = await self.push_screen_wait(StepsScreen(self.workbench.history))
        if number is not None:
            self.workbench = self.workbench.edited(self.workbench.history.at(number))

    @asks
    async def action_compare(self) -> None:
        """Choose what the design is compared with, and show how it differs."""
        from ndtui.app import compare_actions  # noqa: PLC0415 - keeps the start short

        choice = await compare_actions.ask_base(self)
        if choice is not None:
            self.designer.compare_with(choice)

    # -- files, plan, help: screens are imported when they are wanted, which keeps the start short -----------------

    @asks
    async def action_save(self) -> None:
        """Save the design."""
        await save_actions.save(self)

    @asks
    async def action_save_as(self) -> None:
        """Save the design under another name."""
        await save_actions.save_as(self)

    @asks
    async def action_open(self) -> None:
        """Browse presets and open one."""
        await file_actions.open_preset(self)

    @asks
    async def action_open_file(self) -> None:
        """Open a file by its path."""
        await file_actions.open_file(self)

    def open_chosen(self, preset: Preset) -> None:
        """Open a preset or a recent file."""
        self.ask(self, partial(file_actions.open_chosen, self, preset))

    @asks
    async def action_edit_outside(self) -> None:
        """Edit the design's text in the operator's own editor."""
        from ndtui.app import edit_outside  # noqa: PLC0415

        await edit_outside.edit_outside(self)

    @asks
    async def action_file_news(self) -> None:
        """Say what became of the file on disk, and ask what to do."""
        await save_actions.answer_news(self)

    @asks
    async def action_export(self) -> None:
        """Export the compiled design."""
        from ndtui.screens.dialogs.export import ExportScreen  # noqa: PLC0415

        done = await self.push_screen_wait(ExportScreen(self.workbench.filterset))
        if done:
            self.notify(visible(done), markup=False)

    @asks
    async def action_plan(self) -> None:
        """Show the plan."""
        from ndtui.app import backend_actions  # noqa: PLC0415

        await backend_actions.open_plan(self)

    @asks
    async def action_applied(self) -> None:
        """Show what the backend holds, what waits to be confirmed, and the history."""
        from ndtui.app import backend_actions  # noqa: PLC0415

        await backend_actions.open_applied(self)

    @asks
    async def action_trace(self) -> None:
        """Trace packets, and go to the design element that one leads to."""
        from ndtui.app import trace_actions  # noqa: PLC0415

        await trace_actions.open_trace(self, self._packets)

    def action_palette(self) -> None:
        """Find any action by name."""
        self.action_command_palette()

    def action_help(self) -> None:
        """Show the help; what opens it closes it."""
        from ndtui.screens.dialogs.help import HelpScreen, place_of  # noqa: PLC0415

        if isinstance(self.screen, HelpScreen):
            self.screen.action_close()
            return
        self.push_screen(HelpScreen(place_of(self.screen), self.key_map, partial(why_not, self.screen)))

    @asks
    async def action_tour(self) -> None:
        """Show the tour."""
        from ndtui.app import tour_actions  # noqa: PLC0415

        await tour_actions.show_tour(self)

    def action_jump(self) -> None:
        """Go to a pane or field by a letter."""
        from ndtui.screens.dialogs.jump import JumpScreen  # noqa: PLC0415

        self.push_screen(JumpScreen(self.screen))

    def action_suspend(self) -> None:
        """Leave for the shell, which can bring the program back."""
        suspending.suspend(self)

    @on(ArrangedTable.ColumnsWanted)
    def _columns_wanted(self, event: ArrangedTable.ColumnsWanted) -> None:
        from ndtui.app import table_actions  # noqa: PLC0415

        kept, read_only = self.table_columns, self.options.read_only
        self.ask(self, lambda: table_actions.choose_columns(self, event.table, kept, read_only=read_only))

    @asks
    async def action_leave(self) -> None:
        """Leave, after asking about unsaved work; not in the middle of a change to the backend."""
        if self.at_work:
            self.notify(f"{self.at_work}: wait until it is done", severity="warning", markup=False)
        elif await file_actions.may_leave(self, "Quit"):
            file_actions.let_go(self)
            self._left = True
            self.exit(0)

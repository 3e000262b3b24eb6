"""The designer's application: keys call the actions here, which change the state of its sessions; views show that."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.command import Provider

from ndtui.app import design_actions, file_actions, reasons, save_actions, suspending
from ndtui.app.design_session import DesignSession
from ndtui.common.text import visible
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.files.presets import Preset
from ndtui.screens.designer import DesignerScreen
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.keys.possible import actions_of, offered, why_not
from ndtui.ui.state import file_watch
from ndtui.ui.state.options import Options
from ndtui.ui.state.selection import Selection
from ndtui.ui.widgets.arranged_table import ArrangedTable

if TYPE_CHECKING:
    from ndtui.ui.state.machine import Machine
    from ndtui.ui.state.machine_events import Events, OfWindows


def _found_by_name() -> type[Provider]:
    """Return what finds names for the palette, when it is opened for the first time."""
    from ndtui.ui.keys.palette_names import FoundByName  # noqa: PLC0415 - keeps the start short

    return FoundByName


class NdtuiApp(DesignSession):
    """The actions of the designer; what they change is a part of one of the sessions below it."""

    TITLE = "ndtui"
    CSS_PATH = "ndtui.tcss"
    # Textual's own ctrl+q would leave without asking.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", "Quit", show=False, priority=True)]
    NOTIFICATION_TIMEOUT = 3.0
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands, _found_by_name}

    def __init__(
        self, design: Design, path: Path | None = None, options: Options | None = None, *, saved: bool = True
    ) -> None:
        super().__init__(design, path, options or Options(), saved=saved)
        self.designer = DesignerScreen(self)
        self._packets: list[str] = []
        self._compared_with: Mapping[str, str] = {}
        self.table_columns: dict[str, tuple[str, ...]] = dict(self.options.settings.columns)
        """Which columns were chosen for a table, by their titles, under the name of the table."""
        self.machine: Machine | None = self.options.machine
        """The machine that was opened last, if any."""
        self.events: Events | None = self.options.events
        """The events that were opened last, if any."""
        self.failure: BaseException | None = None
        """What nobody had foreseen, and ended the designer."""

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

    def unfold(self) -> None:
        """Unfold what is selected in the table, where it is folded."""
        self.designer.table.action_unfold()

    def show_filter(self, identity: object) -> None:
        """Put the cursor of the table of filters on one."""
        self.designer.show_filter(identity)

    def on_mount(self) -> None:
        """Look for unsaved work once the screen is there."""
        self.call_after_refresh(self._started)

    def _started(self) -> None:
        self.begin_to_rest()
        if self.options.remark:
            self.notify(self.options.remark, title="Design", timeout=10, markup=False)
        self._say_first()
        self._remember(self.workbench.path)
        if self.options.tour:
            self.action_tour()
        self.action_machine()
        self.watch_backend()
        self.set_interval(file_watch.LOOK_EVERY, self._look_at_file)

    def _say_first(self) -> None:
        """Say what is wrong with the settings, and what unsaved work there is: as one, for the last is in sight."""
        notice = self.options.notice
        unsaved = file_actions.leftovers_words(self)
        if unsaved:
            said = f"{unsaved}. Settings: {notice}" if notice else unsaved
            file_actions.say_unsaved(self, said, severity="warning" if notice else "information")
        elif notice:
            self.notify(notice, title="Settings", severity="warning", timeout=10, markup=False)

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
        """Switch the selected decision, rule or exemption; what is no switch is chosen in its form."""
        if not design_actions.switch(self):
            self.action_edit()

    @asks
    async def action_edit(self) -> None:
        """Edit what is selected."""
        await design_actions.edit_selected(self)

    def action_remedy(self) -> None:
        """Carry out the remedy of the selected finding."""
        design_actions.remedy(self)

    @asks
    async def action_add_exemption(self) -> None:
        """Add an exemption."""
        await design_actions.add_item(self, "exemptions")

    @asks
    async def action_add_rule(self) -> None:
        """Add a rule."""
        await design_actions.add_item(self, "rules")

    @asks
    async def action_rename(self) -> None:
        """Give the design another name."""
        await design_actions.edit_decision(self, "name")

    def action_duplicate(self) -> None:
        """Copy the selected element of a list."""
        design_actions.duplicate(self)

    def action_delete(self) -> None:
        """Delete the selected element of a list."""
        design_actions.with_item(self, "delete", edits.delete_item)

    def action_move_up(self) -> None:
        """Move the selected element of a list up."""
        design_actions.move(self, -1)

    def action_move_down(self) -> None:
        """Move the selected element of a list down."""
        design_actions.move(self, 1)

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

    def action_copy_plan(self, what: str) -> None:
        """Copy of the screen on top the explanation of the row, or the table that has the focus, or the last."""
        from ndtui.app import copy_actions  # noqa: PLC0415 - keeps the start short

        (copy_actions.copy_shown_row if what == "row" else copy_actions.copy_shown_table)(self)

    action_copy_applied = action_copy_plan

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
        """Open or copy a page that the explanation names."""
        from ndtui.app import copy_actions  # noqa: PLC0415 - keeps the start short

        await copy_actions.ask_link(self)

    @asks
    async def action_steps(self) -> None:
        """List the edits, and go to one."""
        from ndtui.screens.dialogs.steps import StepsScreen  # noqa: PLC0415 - keeps the start short

        number = await self.push_screen_wait(StepsScreen(self.workbench.history))
        if number is not None and number != len(self.workbench.history.past):  # else it is the present one
            self.workbench = self.workbench.edited(self.workbench.history.at(number))

    @asks
    async def action_compare(self) -> None:
        """Choose what the design is compared with, and show how it differs."""
        from ndtui.app import compare_actions  # noqa: PLC0415 - keeps the start short

        chosen = await compare_actions.ask_base(self, self._compared_with)
        if chosen is not None:
            self._compared_with = chosen.values
            self.designer.compare_with(chosen.choice)

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
        from ndtui.screens.dialogs.export import SAVE, ExportScreen, loaded_formats  # noqa: PLC0415

        formats = await loaded_formats()
        done = await self.push_screen_wait(ExportScreen(self.workbench.filterset, formats, self.workbench.path))
        if done == SAVE:
            await save_actions.save(self)
        elif done:
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

    def show_machine(self, found: "OfWindows") -> None:
        """Show a machine or its events on their screen, which is opened unless it is there."""
        from ndtui.app import machine_actions  # noqa: PLC0415

        self.ask_anew()
        machine_actions.show_machine(self, found)

    def leave_machine(self) -> None:
        """Close the screen of the machine, if it is there."""
        from ndtui.app import machine_actions  # noqa: PLC0415

        machine_actions.leave_machine(self)

    def action_machine(self) -> None:
        """Show the machine that was opened last, or the events."""
        if self.machine is not None or self.events is not None:
            from ndtui.ui.state.machine_events import OfWindows  # noqa: PLC0415

            self.show_machine(OfWindows(self.machine, self.events))

    @asks
    async def action_trace_machine(self) -> None:
        """Trace packets on the machine that is shown, and go to the filter that one leads to."""
        from ndtui.app import machine_actions  # noqa: PLC0415

        await machine_actions.trace_machine(self, self._packets)

    @asks
    async def action_take_over(self) -> None:
        """Make a design of the policy of the machine that is shown."""
        from ndtui.app import machine_actions  # noqa: PLC0415

        await machine_actions.take_over(self)

    @asks
    async def action_open_another(self) -> None:
        """Open another file from the screen of a machine."""
        await file_actions.open_file(self)

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
        here = offered(self.screen)

        async def do(action: Action | None) -> None:
            if action is not None and here[action].is_attached:
                await here[action].run_action(action.call)

        self.push_screen(HelpScreen(place_of(self.screen), self.key_map, here, partial(why_not, self.screen)), do)

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

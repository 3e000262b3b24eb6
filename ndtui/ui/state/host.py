"""What an action may ask of the application: the state, its changes, questions and messages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.files.design_on_disk import OnDisk
from ndtui.ui.state.file_watch import FileWatch
from ndtui.ui.state.options import Options
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.state.recovery import Recovery
from ndtui.ui.state.selection import Selection
from ndtui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from ndtui.ui.state.machine import Machine
    from ndtui.ui.state.machine_events import Events, OfWindows


class Host(LongWorks, Protocol):
    """The application as its actions see it; the application alone changes the state."""

    options: Options
    recovery: Recovery
    file_watch: FileWatch
    machine: "Machine | None"
    """The machine that was opened last."""
    events: "Events | None"
    """The events that were opened last."""

    def show_machine(self, found: "OfWindows") -> None:
        """Show a machine or its events on their screen, which is opened unless it is there."""

    def leave_machine(self) -> None:
        """Close the screen of the machine, if it is there."""

    @property
    def workbench(self) -> Workbench:
        """The state."""

    @property
    def selection(self) -> Selection:
        """What the operator has selected in the designer, whatever dialog lies above it."""

    def select(self, identity: str, *, focus: bool = False) -> None:
        """Put the cursor of the left pane on a decision or an exemption, and with ``focus`` the focus too."""

    def unfold(self) -> None:
        """Unfold what is selected in the table of the designer, where it is folded."""

    def edit(self, label: str, changed: Callable[[Design], Design]) -> bool:
        """Make one step of the history, or say why it cannot be made; tells whether anything changed."""

    def read(self, label: str, design: Design, text: str) -> None:
        """Make one step of the history of a design that was read from a text, whose comments the next save keeps."""

    def saved(self, design: Design, path: Path, data: bytes | None) -> None:
        """Take note that a design is in a file, and what the file holds."""

    def reload(self, design: Design, path: Path, data: bytes | None) -> None:
        """Take what a file has now for the design, as a step that can be undone."""

    def load(
        self, filterset: FilterSet, path: Path | None, *, saved: bool = True, text: str = "", base: OnDisk | None = None
    ) -> None:
        """Open another design, compiled; ``text`` is one that no file has, whose comments the next save keeps.

        ``base`` is what the file holds of a design that is not saved.
        """

    @property
    def links(self) -> tuple[str, ...]:
        """The pages that the explanation names."""

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the clipboard, or into a file where there is none, and say so."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal away as long as the block lasts."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Literal["information", "warning", "error"] = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a message for some seconds."""

    def unsay(self, title: str) -> None:
        """Show what was said under a title no longer: it is so no more."""

    async def push_screen_wait(self, screen: Any) -> Any:
        """Show a screen and return its answer."""

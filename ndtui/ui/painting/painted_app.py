"""An app that sends the terminal what differs from what stands there, and all of it where that is not known."""

from typing import Any, Self

from rich.console import Console, RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen

from ndtui.ui.painting.terminal_cells import TerminalCells


class _Changed(CompositorUpdate):
    """An update, of which is sent what the terminal does not show yet."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, size: Size, cells: TerminalCells) -> None:
        self._update, self._size, self._cells = update, size, cells

    def render_segments(self, console: Console) -> str:
        """Return what is sent; it stands on the terminal then."""
        return self._cells.changed_by(self._update, self._size, console)


class PaintedApp(App[ReturnType]):
    """Knows what the terminal shows, until something else may have been written there."""

    def __init__(self, *, ansi_color: bool | None = None, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class, ansi_color=ansi_color)
        self._cells = TerminalCells()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send what was painted of a screen."""
        sent: Any = renderable
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            sent = _Changed(renderable, screen._compositor.size, self._cells)
        super()._display(screen, sent)

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have the screen on top painted.

        With ``layout`` all is laid out and sent too: so the library asks when it has the terminal back.
        """
        if layout and repaint and not recompose:
            self._cells.forget()
            super().refresh()
        return super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    @on(Driver.SignalResume)
    def action_redraw(self) -> None:
        """Send all; when the shell has called the program back too, where the library sends nothing by itself."""
        self.refresh(layout=True)

    def on_resize(self, event: events.Resize) -> None:
        """Send all: what a terminal shows is anybody's guess when its size has changed, or been said once more."""
        self._cells.forget()
        if self.screen_stack and self.screen._compositor.size == event.size:
            self.refresh()

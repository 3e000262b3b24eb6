"""A screen that is opened has its widgets styled once, as they are mounted: that is most of what opening takes."""

from textual import events
from textual.screen import ScreenResultType
from textual.widget import Widget

from ndtui.ui.painting.laid_out_once import LaidOutOnce


class StyledOnce(LaidOutOnce[ScreenResultType]):
    """A screen that knows before its widgets are mounted what else would style them anew.

    The library styles all of it once more when it is shown for the first time, and again when it finds which of the
    screen's breakpoints its size has reached.
    """

    _was_shown = False

    async def mount_composed_widgets(self, widgets: list[Widget]) -> None:
        """Have the classes of the breakpoints before the widgets are styled."""
        size = self.app.size
        for length, breakpoints in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            reached = [each for each in breakpoints or () if each[0] <= length]
            if reached:
                self.add_class(max(reached)[1], update=False)
        await super().mount_composed_widgets(widgets)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Leave the widgets as they are the first time; the library has the event after this."""
        if not self._was_shown:
            self._was_shown = True
            event.refresh_styles = False
            self.app.stylesheet.apply(self)  # its own style sheet may have been read after it was mounted

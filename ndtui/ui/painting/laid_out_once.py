"""A screen is laid out and painted once for what has changed, and only where it has.

The library lays a screen out anew, and sends what has moved once more, because of the sizes that came of laying it out;
for the size that it has already, when another screen opens; it sends a screen that opens twice, and the one below it
when it is closed; and it sends the whole screen when the focus moves. Over a slow line each is felt.
"""

from typing import Self

from textual._compositor import Compositor, CompositorMap
from textual.app import App
from textual.await_remove import AwaitRemove
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.screen import ScreenResultType
from textual.scroll_view import ScrollView
from textual.widget import Widget

from ndtui.ui.painting.forgotten_once_closed import ForgottenOnceClosed

#: Whether the library keeps what this needs to know where it did when this was written; where not, it has its way.
KNOWN = (
    {"_full_map", "size", "widgets"} <= vars(Compositor()).keys()
    and {"_layout", "_repaint"} <= getattr(vars(Widget).get("virtual_size"), "__dict__", {}).keys()
    and getattr(getattr(App, "_prune", None), "__kwdefaults__", None) == {"parent": None}
)


class LaidOutOnce(ForgottenOnceClosed[ScreenResultType]):
    """A screen that does not do again what has been done."""

    #: What gets the focus, and what had it, is painted by itself.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    #: Where everything stood when it was laid out last.
    _laid_out: "CompositorMap | None" = None

    _opens = False
    """Whether it is to be laid out for the first time, or for another size than it had, and painted with that."""
    _is_painted = False
    """Whether it has been, and the library has not asked yet for it to be painted."""

    def on_screen_resume(self, event: ScreenResume) -> None:  # noqa: ARG002 - others of the name take it
        """Find whether it is laid out now; the library has the event after this."""
        self._opens = KNOWN and self._size != self.app.size

    def on_screen_suspend(self) -> None:
        """Leave painting to what covers it now, which paints all there is; the library has asked for this one too."""
        if KNOWN:
            self._repaint_required = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have it painted, unless it has just been; a layout paints what comes of it, and nothing else.

        Parts that what is below a dialog asks for are painted beside what the dialog has asked for; the library would
        take them for all of it.
        """
        if KNOWN and regions and not (layout or recompose):
            self._set_dirty(*regions)
            self._dirty_widgets.add(self)
            self.check_idle()
            return self
        if self._is_painted and not (layout or recompose):
            self._is_painted = False
            return self
        repaint = repaint and not (layout and self._laid_out and KNOWN)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def remove(self) -> AwaitRemove:
        """Go, and leave the screen below as it was painted when this one was closed."""
        return self.app._prune(self) if KNOWN else super().remove()

    def before_painting(self) -> None:
        """Say what follows from where everything stands now, to be painted with it."""

    def _compositor_refresh(self) -> None:
        """Paint; where that is all there is, what its parts have asked for before is painted too."""
        self.before_painting()
        super()._compositor_refresh()
        if self._opens:
            for widget in self._compositor.visible_widgets:
                widget._exchange_repaint_regions()

    def _screen_resized(self, size: Size) -> None:
        """Lay all out for another size: when one opens, the library tells every screen the size that it has already."""
        if not KNOWN or size != self._compositor.size:
            super()._screen_resized(size)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Lay all out, and let widgets take what came of it without asking for the same again.

        A scrollbar that comes or goes asks for it by itself. Where something is scrolled the library has its way: other
        sizes may put an end to how far.

        What is painted is what stands elsewhere than when all was laid out last. The library forgets that when it is
        asked in between where something stands, and makes up for it by painting twice.
        """
        if not KNOWN:
            super()._refresh_layout(size, scroll)
            return
        compositor, extent = self._compositor, vars(Widget)["virtual_size"]
        if self._laid_out:
            compositor._full_map = self._laid_out
        again = any(each.scroll_offset for each in compositor.widgets if _lays_out(each))
        extent._layout = extent._repaint = again
        try:
            super()._refresh_layout(size, scroll)
        finally:
            extent._layout = extent._repaint = True
        self._laid_out = compositor._full_map
        self._is_painted, self._opens = self._opens, False


def _lays_out(widget: Widget) -> bool:
    """Tell whether what is in a widget is laid out, where others paint it themselves."""
    return bool(widget._nodes) and not isinstance(widget, ScrollView)

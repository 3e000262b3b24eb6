"""A screen is laid out and painted once for what has changed, and only where it has.

The library lays a screen out anew, and sends what has moved once more, because of the sizes that came of laying it out;
for the size that it has already, when another screen opens; and it sends the whole screen when the focus moves. Over a
slow line each is felt.
"""

from textual._compositor import Compositor, CompositorMap
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import ScreenResultType
from textual.scroll_view import ScrollView
from textual.widget import Widget

from ndtui.ui.keys.forgotten_once_closed import ForgottenOnceClosed

#: Whether the library keeps what this needs to know where it did when this was written; where not, it has its way.
KNOWN = {"_full_map", "size", "widgets"} <= vars(Compositor()).keys() and (
    {"_layout", "_repaint"} <= getattr(vars(Widget).get("virtual_size"), "__dict__", {}).keys()
)


class LaidOutOnce(ForgottenOnceClosed[ScreenResultType]):
    """A screen that does not do again what has been done."""

    #: What gets the focus, and what had it, is painted by itself.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    #: Where everything stood when it was laid out last.
    _laid_out: "CompositorMap | None" = None

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


def _lays_out(widget: Widget) -> bool:
    """Tell whether what is in a widget is laid out, where others paint it themselves."""
    return bool(widget._nodes) and not isinstance(widget, ScrollView)

"""A screen that is closed is forgotten by the application whose state it has watched, with all that it was made of.

The library forgets who has watched a value when that value changes next, which may be never: each screen that was
opened meanwhile would be kept.
"""

from textual.screen import Screen, ScreenResultType


class ForgottenOnceClosed(Screen[ScreenResultType]):
    """A screen that leaves none of its parts among those who watch the application."""

    def on_unmount(self) -> None:
        """Leave, with all parts."""
        for watching in getattr(self.app, "__watchers", {}).values():
            watching[:] = [each for each in watching if not each[0]._closing]

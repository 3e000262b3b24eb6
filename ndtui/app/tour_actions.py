"""The tour: shown once at the first start, and whenever it is asked for; what leaves it is done."""

import asyncio
from typing import Any, Protocol

from textual import events
from textual.screen import Screen

from ndtui.screens.dialogs.tour import TourScreen
from ndtui.screens.dialogs.tour_steps import tour_steps
from ndtui.ui.keys.actions import by_name
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state import tour_marker
from ndtui.ui.state.host import Host


class TourHost(Host, Protocol):
    """What the tour asks of the application beyond what an action may."""

    key_map: KeyMap

    @property
    def designer(self) -> Screen[Any]:
        """The screen that is shown round."""

    def type_first(self, key: events.Key) -> None:
        """Let a key be typed once more."""


async def show_tour(app: TourHost) -> None:
    """Show the tour, note that it was shown, and do what the key that has left it does; one that quits only leaves.

    Where it cannot be noted, nothing is said: the tour is shown again, and that harms nobody.
    """
    noting = None if app.options.read_only else asyncio.create_task(asyncio.to_thread(tour_marker.note_shown))
    key = await app.push_screen_wait(TourScreen(app.designer, tour_steps(app.key_map)))
    if key is not None and not _quits(key, app.key_map):
        app.type_first(key)
    if noting is not None:
        await noting


def _quits(key: events.Key, keys: KeyMap) -> bool:
    return key.character in keys.of(by_name("designer.leave"))

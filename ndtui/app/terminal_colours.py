"""Terminal colours: what a terminal with few colours, or none, is given, so that everything can be read on it."""

import sys
from collections.abc import MutableMapping

#: Names of terminals that show no colours, by their beginning: the DEC ones, from before there were any.
_WITHOUT = ("vt52", "vt1", "vt2", "vt3")
#: What says no more than that nothing is known of a terminal.
_UNKNOWN = ("dumb", "unknown")


def settle(
    environment: MutableMapping[str, str], *, no_color: bool = False, windows: bool = sys.platform == "win32"
) -> None:
    """Say in the environment, where the screen library looks, what the terminal is to be given.

    Without colour are those who ask for it (https://no-color.org) and terminals that have none. A full screen needs a
    cursor that moves: of who says that nothing is known of a terminal it is taken for a VT100, which has bold,
    underlined and reversed text.
    """
    terminal = environment.get("TERM", "").lower()
    if not windows and terminal in _UNKNOWN:
        environment["TERM"] = terminal = "vt100"
    if no_color or environment.get("NO_COLOR") or (not windows and terminal.startswith(_WITHOUT)):
        environment["NO_COLOR"] = "1"
    else:
        environment.pop("NO_COLOR", None)  # empty means colour; the library takes any value for none

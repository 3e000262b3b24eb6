"""Terminal colours: what a terminal with few colours, or none, is given, so that everything can be read on it."""

import sys
from collections.abc import MutableMapping

from textual.theme import Theme

#: Names of terminals that show no colours, by their beginning: the DEC ones, from before there were any.
_WITHOUT = ("vt52", "vt1", "vt2", "vt3")
#: What says no more than that nothing is known of a terminal.
_UNKNOWN = ("dumb", "unknown")

#: Colours of the terminal's own that can be read on a black ground and on a white one: in xterm's sixteen red and
#: magenta have a contrast of 3.6 and 4.1 at least, where yellow comes to 1.7 and blue to 2.2.
FEW_COLOURS = Theme(
    name="few-colours",
    ansi=True,
    primary="ansi_magenta",
    secondary="ansi_magenta",
    warning="ansi_magenta",
    error="ansi_red",
    success="ansi_default",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-selection-foreground": "ansi_default",
        "input-selection-background": "ansi_bright_black",
        "border-blurred": "ansi_default",
        "link-color": "ansi_magenta",
        "scrollbar": "ansi_magenta",
        "scrollbar-hover": "ansi_magenta",
        "scrollbar-active": "ansi_magenta",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)


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

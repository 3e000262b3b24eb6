"""What the themes are called, for the command line too, which starts without loading any."""

from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose
from ndtui.common.text import brief

#: Chosen by the background of the terminal, where it tells.
AUTO = "auto"
#: The colours of the terminal's own, for those who have few or none.
TERMINAL = "terminal"
NAMES = (
    "dark",
    "light",
    "contrast",
    "contrast-light",
    "deuteranopia",
    "deuteranopia-light",
    TERMINAL,
)


def check_name(name: str) -> str:
    """Return the name of a theme, or ``auto``.

    Raises:
        InputError: there is no such theme; names those that come near.
    """
    if name != AUTO and name not in NAMES:
        raise InputError(f"there is no theme {brief(name)}", remedy=choose(name, (AUTO, *NAMES)))
    return name

"""Which theme a terminal is given, by what is asked for and by what it tells of itself."""

from collections.abc import Mapping

from ndtui.ui.themes.theme_names import AUTO, TERMINAL

#: Background colours that rxvt, Konsole, iTerm2 and others name in COLORFGBG which are light: white and the bright ones
#: but for bright black and bright blue.
_LIGHT = frozenset({7, 10, 11, 13, 14, 15})


def chosen(asked: str, environment: Mapping[str, str], *, few: bool, answered_light: bool = False) -> str:
    """Return the name of the theme for a terminal.

    ``asked`` is a name or ``auto``; ``few`` tells that the terminal has at most sixteen colours, or that none are
    wanted (https://no-color.org): that wins over everything. ``answered_light`` tells that the terminal was asked, and
    answered that its background is light.
    """
    if few:
        return TERMINAL
    if asked != AUTO:
        return asked
    return "light" if answered_light or is_light(environment) else "dark"


def tells_background(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal says of its own accord what its background is."""
    return bool(environment.get("COLORFGBG"))


def is_light(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal says that its background is light; most say nothing, and dark is what most are."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return background.isascii() and background.isdecimal() and len(background) < 3 and int(background) in _LIGHT

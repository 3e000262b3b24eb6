"""The themes as the screen library takes them, each made from its palette."""

from textual.theme import Theme

from ndtui.ui.themes.palettes import PALETTES, Palette
from ndtui.ui.themes.theme_names import TERMINAL


def theme_of(palette: Palette) -> Theme:
    """Return the theme of a palette."""
    return Theme(
        name=palette.name,
        dark=palette.dark,
        ansi=palette.name == TERMINAL,
        primary=palette.focus,
        secondary=palette.head,
        accent=palette.focus,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.raised,
        panel=palette.bar,
        boost=palette.raised,
        success=palette.good,
        warning=palette.caution,
        error=palette.bad,
        variables=_roles(palette) | _library(palette),
    )


def _roles(palette: Palette) -> dict[str, str]:
    """Return what the style sheets of this program name."""
    return {
        "nd-bar": palette.bar,
        "nd-text": palette.text,
        "nd-muted": palette.muted,
        "nd-line": palette.line,
        "nd-focus": palette.focus,
        "nd-head": palette.head,
        "nd-added": palette.good,
        "nd-changed": palette.caution,
        "nd-removed": palette.bad,
        "nd-good": palette.good,
        "nd-warning": palette.caution,
        "nd-error": palette.bad,
        "nd-protected": palette.protected,
        "nd-exempt": palette.exempt,
        "nd-policy": palette.policy,
        "nd-blocked": palette.blocked,
    }


def _library(palette: Palette) -> dict[str, str]:
    """Return what widgets of the library name, where their own choice could not be read or told apart."""
    ours = {
        "text": palette.text,
        "text-muted": palette.muted,
        "text-disabled": palette.muted,
        "text-primary": palette.focus,
        "text-accent": palette.head,
        "text-success": palette.good,
        "text-warning": palette.caution,
        "text-error": palette.bad,
        "foreground-muted": palette.muted,
        "foreground-disabled": palette.muted,
        "border": palette.focus,
        "border-blurred": palette.line,
        "scrollbar": palette.line,
        "scrollbar-hover": palette.focus,
        "scrollbar-active": palette.focus,
        "scrollbar-background": palette.raised,
        "scrollbar-background-hover": palette.raised,
        "scrollbar-background-active": palette.raised,
        "scrollbar-corner-color": palette.raised,
        "link-color": palette.focus,
        "block-cursor-foreground": palette.ground,
        "block-cursor-background": palette.focus,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": palette.text,
        "block-cursor-blurred-background": palette.bar,
        "input-selection-foreground": palette.ground,
        "input-selection-background": palette.focus,
        "input-cursor-foreground": palette.ground,
        "input-cursor-background": palette.text,
    }
    if palette.name != TERMINAL:
        return ours
    return ours | {
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "scrollbar": "ansi_magenta",
        "scrollbar-hover": "ansi_magenta",
        "scrollbar-active": "ansi_magenta",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-selection-foreground": "ansi_default",
        "input-selection-background": "ansi_bright_black",
    }


THEMES: tuple[Theme, ...] = tuple(theme_of(palette) for palette in PALETTES)
#: What a variable is in a theme of somebody else, which does not have it.
DEFAULTS: dict[str, str] = _roles(PALETTES[0])

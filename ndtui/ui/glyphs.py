"""Glyphs: the signs and frames that a terminal can show.

Screens are drawn with all of Unicode; a terminal that has only ASCII is sent a like sign of the same width for each,
whoever drew it.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

Asked = Literal["auto", "unicode", "ascii"]
GlyphSet = Literal["unicode", "ascii"]

#: Names of terminals that show few signs beyond ASCII, by their beginning: the Linux console and the DEC ones.
_ASCII_TERMINALS = ("linux", "vt")
#: What stands for a character that has no like.
REPLACEMENT = "?"

_LIKE: dict[str, str] = {
    **dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+"),  # box drawing, for what is not named below
    **dict.fromkeys("─╌┄┈╴╶‐‑‒–—", "-"),
    **dict.fromkeys("━╍┅┉═╸╺", "="),
    **dict.fromkeys("│┃║╵╷▏▎▍▌▐", "|"),
    **dict.fromkeys("╎╏┆┇┊┋", ":"),
    **dict.fromkeys("▁▂▃▔▀", " "),
    **dict.fromkeys("▄▅▆▇█▉▊▋▓▒■▪◼", "#"),
    **dict.fromkeys("░·∙•", "."),
    **dict.fromkeys("→▶►▸❯›»", ">"),
    **dict.fromkeys("←◀◄◂❮‹«", "<"),
    **dict.fromkeys("↑▲▴", "^"),
    **dict.fromkeys("↓▼▾", "v"),
    **dict.fromkeys("✓✔√", "+"),
    **dict.fromkeys("×✗✘✕✖", "x"),
    **dict.fromkeys("○◌●◯◦", "o"),
    **dict.fromkeys("◊◆◇❖", "&"),
    **dict.fromkeys("≤", "<"),
    **dict.fromkeys("≥", ">"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”", '"'),
    "…": "~",
    "≠": "!",
    "≈": "~",
    "\xa0": " ",
}


def chosen_glyphs(asked: Asked, environment: Mapping[str, str], *, windows: bool) -> GlyphSet:
    """Return which signs a terminal is sent.

    ``auto`` is ASCII where the terminal shows little else, or the locale has another encoding than UTF-8. Windows is
    written to in Unicode, whatever the code page; a locale that is not set tells nothing, as in Python (PEP 538).
    """
    if asked != "auto":
        return asked
    if windows:
        return "unicode"
    if environment.get("TERM", "").lower().startswith(_ASCII_TERMINALS):
        return "ascii"
    locale = next(filter(None, (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "utf-8")
    return "unicode" if "utf" in locale.lower() else "ascii"


def in_ascii(text: str) -> str:
    """Return text in ASCII that takes as many cells."""
    if text.isascii():
        return text
    return set_cell_size("".join(map(_like, text)), cell_len(text))


@lru_cache(4096)
def _like(character: str) -> str:
    """Return what stands for a character: a like sign, the letter without its accent, or a replacement."""
    if character.isascii():
        return character
    if character in _LIKE:
        return _LIKE[character]
    plain = unicodedata.normalize("NFKD", character)[:1]
    width = cell_len(character)
    return plain if plain.isascii() and width == 1 else REPLACEMENT * width

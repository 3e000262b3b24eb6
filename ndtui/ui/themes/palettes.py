"""Palettes: what each theme's colours are, by what they are for."""

from dataclasses import dataclass

from ndtui.ui.themes.theme_names import TERMINAL


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme, as ``#rrggbb`` or as names of the terminal's own, and what it is for in a few words.

    ``good``, ``caution`` and ``bad`` are what an addition, a change and a removal, a warning and an error have;
    ``protected``, ``exempt``, ``policy`` and ``blocked`` are the roles of filters and the outcomes of packets. None of
    them stands alone for anything: there is always a sign or a word beside.
    """

    name: str
    summary: str
    dark: bool
    ground: str
    raised: str
    bar: str
    text: str
    muted: str
    line: str
    focus: str
    head: str
    good: str
    caution: str
    bad: str
    protected: str
    exempt: str
    policy: str
    blocked: str


PALETTES: tuple[Palette, ...] = (
    Palette(
        "dark",
        "light text on a dark ground",
        True,
        ground="#16181d",
        raised="#1f232b",
        bar="#2a2f3a",
        text="#e4e6eb",
        muted="#a3abba",
        line="#727b8d",
        focus="#5cb3ff",
        head="#8fc7ff",
        good="#6fd08c",
        caution="#f2c14e",
        bad="#ff858f",
        protected="#6fd08c",
        exempt="#5fc9e0",
        policy="#c3a6ff",
        blocked="#ff858f",
    ),
    Palette(
        "light",
        "dark text on a light ground",
        False,
        ground="#fbfbfa",
        raised="#f0f2f4",
        bar="#e2e6eb",
        text="#1c2027",
        muted="#4f5866",
        line="#7d8695",
        focus="#0b5cad",
        head="#0b4f96",
        good="#17632f",
        caution="#7a4f00",
        bad="#a81c28",
        protected="#17632f",
        exempt="#005f73",
        policy="#5f31ae",
        blocked="#a81c28",
    ),
    Palette(
        "contrast",
        "white on black",
        True,
        ground="#000000",
        raised="#000000",
        bar="#1c1c1c",
        text="#ffffff",
        muted="#d8d8d8",
        line="#ffffff",
        focus="#ffff00",
        head="#66e0ff",
        good="#66ff66",
        caution="#ffe44d",
        bad="#ff9d9d",
        protected="#66ff66",
        exempt="#66e0ff",
        policy="#e0b8ff",
        blocked="#ff9d9d",
    ),
    Palette(
        "contrast-light",
        "black on white",
        False,
        ground="#ffffff",
        raised="#ffffff",
        bar="#e8e8e8",
        text="#000000",
        muted="#2e2e2e",
        line="#000000",
        focus="#0000b0",
        head="#00308a",
        good="#004a10",
        caution="#5a3a00",
        bad="#8a0010",
        protected="#004a10",
        exempt="#00405c",
        policy="#45108a",
        blocked="#8a0010",
    ),
    Palette(
        "deuteranopia",
        "dark; blue and orange, no green and red",
        True,
        ground="#16181d",
        raised="#1f232b",
        bar="#2a2f3a",
        text="#e4e6eb",
        muted="#a3abba",
        line="#727b8d",
        focus="#7cc4ff",
        head="#a9d5ff",
        good="#56a8ff",
        caution="#f5e663",
        bad="#e8893a",
        protected="#56a8ff",
        exempt="#f5e663",
        policy="#c4c9d4",
        blocked="#e8893a",
    ),
    Palette(
        "deuteranopia-light",
        "light; blue and orange, no green and red",
        False,
        ground="#fbfbfa",
        raised="#f0f2f4",
        bar="#e2e6eb",
        text="#1c2027",
        muted="#4f5866",
        line="#7d8695",
        focus="#0b5cad",
        head="#0b4f96",
        good="#0050b8",
        caution="#8a6d00",
        bad="#742000",
        protected="#0050b8",
        exempt="#8a6d00",
        policy="#262b36",
        blocked="#742000",
    ),
    # Colours of the terminal's own that can be read on a black ground and on a white one: in xterm's sixteen red and
    # magenta have a contrast of 3.6 and 4.1 at least, where yellow comes to 1.7 and blue to 2.2.
    Palette(
        TERMINAL,
        "the terminal's own colours",
        True,
        ground="ansi_default",
        raised="ansi_default",
        bar="ansi_default",
        text="ansi_default",
        muted="ansi_default",
        line="ansi_default",
        focus="ansi_magenta",
        head="ansi_magenta",
        good="ansi_default",
        caution="ansi_magenta",
        bad="ansi_red",
        protected="ansi_default",
        exempt="ansi_magenta",
        policy="ansi_default",
        blocked="ansi_red",
    ),
)

"""What is sent for an update: what differs from what the terminal shows, so that it shows all of it."""

import io

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from ndtui.ui.painting.terminal_cells import TerminalCells

#: Where the strips of each row begin, and the row's end.
CUTS = (0, 12, 25, 40)
SIZE = Size(CUTS[-1], 6)
STYLES = (
    None,
    Style(bold=True),
    Style(color="#8fc7ff", bgcolor="#16181d"),
    Style(color="#8fc7ff", bgcolor="#16181d", reverse=True),
    Style(color="red", underline=True),
    Style(bgcolor="#16181d", link="https://example.org"),
)
ALONE = st.text("ab 01.│●…→é", min_size=1, max_size=12)
#: Texts of which a terminal joins characters, or gives one two cells; those of which the emulator thinks as we do.
JOINED = st.sampled_from(("漢字", "e\u0301 e", "ü\u0301", "漢\u0301 a", "שלום", "✅✅ ab"))


def strip(width: int, *parts: tuple[str, Style | None]) -> Strip:
    """Return a strip of so many cells: texts in their styles, cut or filled with blanks."""
    return Strip([Segment(text, style) for text, style in parts]).adjust_cell_length(width)


def sent(cells: TerminalCells, update: LayoutUpdate | ChopsUpdate, size: Size = SIZE) -> str:
    return cells.changed_by(update, size, console())


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")


def whole(*rows: Strip) -> LayoutUpdate:
    """Return an update of all rows; those that are not given are blank."""
    blank = [strip(SIZE.width, ("", None))] * (SIZE.height - len(rows))
    return LayoutUpdate([[row] for row in (*rows, *blank)], SIZE.region)


def part(y: int, x: int, painted: Strip, first: int, end: int) -> ChopsUpdate:
    """Return an update of cells of a row, cut out of a strip that begins at a cell."""
    chops: list[dict[int, Strip | None]] = [{} for _ in range(SIZE.height)]
    chops[y] = {x: painted}
    return ChopsUpdate(chops, [(y, first, end)], [[x + painted.cell_length]] * SIZE.height)


def looks(screen: pyte.Screen) -> list[list[object]]:
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


@st.composite
def updates(draw: st.DrawFn) -> LayoutUpdate | ChopsUpdate:
    """Paint everything, or strips of some rows, the last of them perhaps in part."""

    def painted(place: int) -> Strip:
        texts = st.tuples(ALONE if place else ALONE | JOINED, st.sampled_from(STYLES))
        return strip(CUTS[place + 1] - CUTS[place], *draw(st.lists(texts, max_size=3)))

    places = range(len(CUTS) - 1)
    if draw(st.integers(0, 3)) == 0:
        return LayoutUpdate([[painted(place) for place in places] for _ in range(SIZE.height)], SIZE.region)
    spans = []
    for y in sorted(draw(st.sets(st.integers(0, SIZE.height - 1), min_size=1, max_size=4))):
        first = draw(st.sampled_from(CUTS[:-1]))
        spans.append((y, first, draw(st.sampled_from([20, *CUTS]).filter(lambda end, first=first: end > first))))
    chops = [{CUTS[place]: painted(place) for place in places} for _ in range(SIZE.height)]
    return ChopsUpdate(chops, spans, [list(CUTS[1:])] * SIZE.height)


@settings(max_examples=100, deadline=None)
@given(st.lists(updates(), max_size=6))
def test_the_terminal_shows_what_it_would_if_everything_were_sent(painted: list[LayoutUpdate | ChopsUpdate]) -> None:
    cells, of_all, of_changed = TerminalCells(), pyte.Screen(*SIZE), pyte.Screen(*SIZE)
    for update in (whole(), *painted):
        pyte.Stream(of_all).feed(update.render_segments(console()))
        pyte.Stream(of_changed).feed(sent(cells, update))
        assert looks(of_changed) == looks(of_all)
        assert sent(cells, update) == ""


def test_of_rows_that_are_alike_a_step_and_a_character_are_sent_for_each() -> None:
    cells, style = TerminalCells(), STYLES[2]
    rows = [strip(40, (f"permit  port {number} to all of it", style)) for number in range(10, 20)]
    sent(cells, whole(*rows[:6]))
    assert sent(cells, whole(*rows[1:7])) == (
        "\x1b[38;2;143;199;255;48;2;22;24;29m\x1b[1;15H1\x1b[B\b2\x1b[B\b3\x1b[B\b4\x1b[B\b5\x1b[B\b6\x1b[0m"
    )


def test_the_way_to_the_next_cell_is_the_shortest_that_is_sure() -> None:
    cells = TerminalCells()
    sent(cells, whole())
    assert sent(cells, whole(strip(40, ("a" + " " * 9 + "b", None)))) == "\x1b[1;1Ha\x1b[9Cb"
    cells.forget()
    sent(cells, whole())
    both = whole(strip(40, ("…" + " " * 9 + "b", None)))
    assert sent(cells, both) == "\x1b[1;1H…\x1b[1;11Hb", "a terminal may have drawn it in two cells"
    cells.forget()
    sent(cells, whole())
    at_the_end = whole(strip(40, (" " * 39 + "a", None)), strip(40, (" " * 38 + "b ", None)))
    assert sent(cells, at_the_end) == "\x1b[2;39Hb\x1b[1;40Ha"
    assert sent(cells, whole(strip(40, (" " * 39 + "c", None)), strip(40, (" " * 38 + "bd", None)))) == (
        "\x1b[1;40Hc\x1b[2;40Hd"
    ), "past the last column nobody knows where the cursor is"


def test_cells_between_that_stand_there_are_sent_again_where_going_around_is_longer() -> None:
    cells = TerminalCells()
    sent(cells, whole(strip(40, ("0 2345 6 89012345678 0", None))))
    assert sent(cells, whole(strip(40, ("1 2345 7 89012345678 1", None)))) == "\x1b[1;1H1\x1b[6C7\x1b[13C1"
    assert sent(cells, whole(strip(40, ("2 2346 8 89012345678 1", None)))) == "\x1b[1;1H2 2346 8"


def test_a_wide_text_is_sent_whole_over_blanks_and_what_it_may_cover_after_it() -> None:
    cells = TerminalCells()
    sent(cells, whole(strip(40, ("漢字", None), ("abcdefghi", None))))
    assert sent(cells, whole(strip(40, ("漢字", None), ("abcdefghi", None)))) == ""
    assert sent(cells, whole(strip(40, ("漢文", None), ("abcdefghi", None)))) == "\x1b[1;1H    \x1b[1;1H漢文"
    joined = "👩\u200d🚒"  # two cells here, and four on a terminal that does not join them
    changed = sent(cells, whole(strip(40, (joined, None), ("  ", None), ("abcdefghi", None))))
    assert changed == f"\x1b[1;1H  \x1b[1;1H{joined}\x1b[1;3H  ab"
    assert sent(cells, whole(strip(40, (joined, None), ("  ", None), ("abcdefghi", None)))) == ""


def test_a_link_is_sent_whole() -> None:
    cells, link = TerminalCells(), STYLES[5]
    sent(cells, whole(strip(40, ("page 1", link), ("abc", None))))
    changed = sent(cells, whole(strip(40, ("page 2", link), ("abc", None))))
    assert "page 2" in changed
    assert "https://example.org" in changed
    assert changed.endswith("\x1b]8;;\x1b\\")
    assert sent(cells, whole(strip(40, ("page 2", link), ("abc", None)))) == ""


def test_all_is_sent_when_what_stands_there_was_forgotten_or_the_size_is_another() -> None:
    cells, update = TerminalCells(), whole(strip(40, ("text", None)))
    everything = sent(cells, update)
    assert sent(cells, update) == ""
    cells.forget()
    assert sent(cells, update) == everything
    small = LayoutUpdate([[strip(40, ("text", None))]], Region(0, 0, 40, 1))
    assert "text" in sent(cells, small, Size(40, 1))
    assert sent(cells, update) == everything


def test_a_part_of_a_strip_is_sent_up_to_its_end() -> None:
    cells = TerminalCells()
    sent(cells, whole())
    assert sent(cells, part(2, 12, strip(13, ("permit unicast", None)), 12, 20)) == "\x1b[3;13Hpermit u"
    assert sent(cells, part(2, 12, strip(13, ("permit unicast", None)), 12, 25)) == "\x1b[3;21Hnicas"
    assert sent(cells, part(3, 12, strip(13, ("permit unicast", None)), 0, 12)) == ""

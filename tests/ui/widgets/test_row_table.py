"""RowTable by itself: the cursor, what is painted, and what it tells."""

import pytest
from rich.cells import cell_len

from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.row_table import RowTable
from tests.ui.widgets.row_app import VIEW, Head, Row, showing


def numbered(count: int, prefix: str = "r") -> list[Row]:
    return [Row(f"{prefix}{n}", f"text {n}", str(n)) for n in range(count)]


HEADED = [Head("one"), Row("a"), Row("b"), Head("two"), Row("c"), Head("three"), Row("d")]


# The cursor.


async def test_keys_move_the_cursor():
    async with showing(numbered(30)) as stand:
        for key, name in (
            ("j", "r1"), ("down", "r2"), ("k", "r1"), ("up", "r0"), ("k", "r0"), ("G", "r29"), ("j", "r29"),
            ("g", "r0"), ("end", "r29"), ("home", "r0"),
        ):  # fmt: skip
            await stand.keys(key)
            assert stand.table.row.name == name, key


async def test_pages_overlap_by_a_row_and_stop_at_the_ends():
    async with showing(numbered(30)) as stand:
        step = stand.table.size.height - 2
        assert step == 7
        for key, at in (
            ("pagedown", 7), ("ctrl+d", 14), ("pageup", 7), ("ctrl+u", 0), ("pageup", 0), ("pagedown", 7),
            ("pagedown", 14), ("pagedown", 21), ("pagedown", 28), ("pagedown", 29),
        ):  # fmt: skip
            await stand.keys(key)
            assert stand.table.cursor == at, key


async def test_the_cursor_is_always_in_sight():
    rows = [each for n in range(20) for each in (Head(f"head {n}"), Row(f"r{n}"), Row(f"s{n}"))]
    async with showing(rows) as stand:
        for key in ("G", "pageup", *"kkkkk", "pageup", *"jjjjjjjjj", "g", *"jjjjjjjjjjjj", "G", "g"):
            await stand.keys(key)
            names = [line.split()[0] for line in stand.lines if line.strip()]
            assert stand.table.row.name in names
            assert names[0] == "name"


async def test_going_up_brings_the_heading_into_sight():
    async with showing([Head("first"), *numbered(30)]) as stand:
        await stand.keys("G", "g")
        assert "first" in stand.text


async def test_headings_are_passed_over():
    async with showing(HEADED) as stand:
        seen = [stand.table.row.name]
        for _ in range(4):
            await stand.keys("j")
            seen.append(stand.table.row.name)
        assert seen == ["a", "b", "c", "d", "d"]
        back = []
        for _ in range(4):
            await stand.keys("k")
            back.append(stand.table.row.name)
        assert back == ["c", "b", "a", "a"]
        await stand.show([*HEADED, Head("last")])
        await stand.keys("G")
        assert stand.table.row.name == "d"
        await stand.keys("j")
        assert stand.table.row.name == "d"


async def test_nothing_but_headings_has_no_cursor():
    async with showing([Head("one"), Head("two")]) as stand:
        await stand.keys(*"jkgG", "pagedown", "pageup", "enter")
        assert stand.table.row is None
        assert stand.table.cursor == -1
        assert stand.as_timeline(RowTable.Activated) == []


@pytest.mark.parametrize(
    ("height", "lines"),
    [
        (12, ["why there is nothing wraps, with what", "can be done about it, to its end"]),
        (5, ["why there is nothing wraps, with what…"]),
    ],
)
async def test_what_an_empty_table_says_wraps_and_is_cut_with_a_sign(height: int, lines: list[str]):
    async with showing([], size=(40, height)) as stand:
        stand.table.empty = "why there is nothing wraps, with what can be done about it, to its end"
        await stand.show([])
        assert [line.strip() for line in stand.lines[1:] if line.strip()] == lines


async def test_an_empty_table_says_so_and_takes_every_key():
    async with showing([]) as stand:
        await stand.keys(*"jkgG", "pagedown", "pageup", "enter")
        assert stand.table.row is None
        assert stand.lines[1].strip() == "nothing here"
        assert stand.as_timeline(RowTable.Activated) == []
        await stand.show(numbered(3))
        assert stand.table.row.name == "r0"
        await stand.show([])
        assert stand.table.row is None
        assert stand.as_timeline(RowTable.Highlighted)[-1] is None


# Exchanging the rows.


async def test_the_cursor_follows_its_row_by_key():
    async with showing(numbered(30)) as stand:
        stand.table.cursor = 20
        for rows, at in (
            (numbered(30), 20),
            (numbered(30)[10:], 10),
            ([Head("new"), *numbered(30)], 21),
            (list(reversed(numbered(30))), 9),
            ([Row("r20", "other text")], 0),
            (numbered(21), 20),
        ):
            await stand.show(rows)
            assert stand.table.cursor == at
            assert stand.table.row.name == "r20"
            assert any(line.split()[0] == "r20" for line in stand.lines if line.strip())


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (numbered(20), "r19"),
        ([*numbered(20), *numbered(40)[21:]], "r21"),
        ([*numbered(20), Head("head"), *numbered(40)[21:]], "r21"),
        ([*numbered(20), Head("head")], "r19"),
    ],
)
async def test_the_cursor_stays_in_its_place_when_its_row_is_gone(rows, name):
    async with showing(numbered(40)) as stand:
        stand.table.cursor = 20
        await stand.show(rows)
        assert stand.table.row.name == name


async def test_another_view_starts_at_the_top():
    other = View((Column("only", 0),), lambda row: (row.name,), lambda row: row.name)
    async with showing(numbered(30)) as stand:
        stand.table.cursor = 20
        await stand.show(numbered(30), view=VIEW)
        assert stand.table.cursor == 20
        await stand.show(numbered(30), view=other)
        assert stand.table.cursor == 0
        assert stand.lines[0].strip() == "only"


async def test_going_to_a_row():
    async with showing(HEADED) as stand:
        assert stand.table.go_to(lambda row: getattr(row, "name", "") == "c")
        assert stand.table.row.name == "c"
        assert not stand.table.go_to(lambda row: False)
        assert stand.table.row.name == "c"
        assert stand.table.go_to(lambda row: row == Head("three"))
        assert stand.table.row.name == "d"


# Messages.


async def test_it_tells_of_its_cursor_and_of_a_choice():
    async with showing(HEADED) as stand:
        stand.messages.clear()
        await stand.keys("j", "enter", "k")
        assert [row.name for row in stand.as_timeline(RowTable.Highlighted)] == ["b", "a"]
        assert [row.name for row in stand.as_timeline(RowTable.Activated)] == ["b"]
        assert {message.control for message in stand.messages} == {stand.table}
        stand.messages.clear()
        await stand.keys("k")
        assert stand.messages == []
        await stand.show(HEADED)
        assert [row.name for row in stand.as_timeline(RowTable.Highlighted)] == ["a"]


async def test_a_later_cursor_takes_the_place_of_an_earlier_one():
    async with showing(numbered(3)) as stand:
        first = RowTable.Highlighted(stand.table, 1)
        assert first.can_replace(RowTable.Highlighted(stand.table, 2))
        assert not first.can_replace(RowTable.Highlighted(RowTable(VIEW), 2))
        assert not first.can_replace(RowTable.Activated(stand.table, 2))


# Painting.


async def test_columns_and_alignment():
    async with showing([Row("a", "b", "7"), Head("a heading over all columns")]) as stand:
        assert stand.lines[0] == "  name     text                   number"
        assert stand.lines[1] == "  a        b                           7"
        assert stand.lines[2] == "  a heading over all columns"


async def test_columns_go_by_priority_as_it_gets_narrow():
    async with showing(numbered(3), (60, 8)) as stand:
        seen = []
        for width in (60, 40, *range(36, 6, -3), 60):
            await resize(stand, width)
            seen.append(" ".join(stand.lines[0].split()))
            assert all(cell_len(line) <= width for line in stand.lines)
        assert list(dict.fromkeys(seen)) == ["name text number", "name number", "name"]
        assert seen[0] == seen[1] == seen[-1]


async def resize(stand, width: int) -> None:
    await stand.pilot.resize_terminal(width, 8)
    await stand.until(lambda: stand.table.size.width == width)


async def test_what_is_too_long_is_cut_with_an_ellipsis():
    async with showing([Row("a name too long", "and a text that is too long as well", "1234567")]) as stand:
        assert stand.lines[1] == "  a name … and a text that is to… 12345…"


WIDE = {
    "chinese": "鍵",
    "lock": "\U0001f512",
    "combining": "e\u0301",
    "hebrew": "שלום ",
    "arabic": "مرحبا ",
    "joined": "\U0001f468\u200d\U0001f469",
    "flag": "\U0001f1e9\U0001f1ea",
    "zero": "a\u200bb",
    "escape": "\x1b[31mred\x1b[0m",
    "control": "a\nb\tc",
    "markup": "[/x] [b",
    "turned": "x\u202ey",
}


@pytest.mark.parametrize("text", [text * times for text in WIDE.values() for times in (1, 30)], ids=ascii)
async def test_every_line_is_as_wide_as_the_table_whatever_is_in_it(text):
    async with showing([Row(text, text, text), Head(text), Row("a", text)]) as stand:
        width = stand.table.size.width
        for y in range(stand.table.size.height):
            strip = stand.table.render_line(y)
            assert strip.cell_length == width
            assert sum(segment.cell_length for segment in strip) == width
            assert all(ord(c) >= 32 for c in strip.text)
        assert "\u202e" not in stand.text
        await stand.keys("j", "k")
        if text.isascii() and text.isprintable():
            assert text[:30] in stand.text


async def test_a_wide_character_is_not_cut_in_two():
    async with showing([Row("a鍵鍵鍵鍵鍵")]) as stand:
        assert stand.lines[1] == "  a鍵鍵鍵…"
    async with showing([Row("鍵鍵鍵鍵鍵")]) as stand:
        assert stand.lines[1].startswith("  鍵鍵鍵 …")


async def test_the_cursor_is_painted_and_only_once():
    async with showing(HEADED) as stand:
        for key, line in (("j", 3), ("j", 5), ("k", 3), ("k", 2)):
            await stand.keys(key)
            assert reversed_lines(stand) == [line]
        await stand.keys("tab")
        assert reversed_lines(stand) == []
        await stand.keys("shift+tab")
        assert reversed_lines(stand) == [2]


def reversed_lines(stand) -> list[int]:
    """Return the lines of the table that the screen shows reversed."""
    strips = stand.app.screen._compositor.render_strips()[: stand.table.size.height]
    return [n for n, strip in enumerate(strips) if any(s.style and s.style.reverse for s in strip)]


async def test_marks_stand_in_the_gutter():
    rows = numbered(4)
    async with showing(rows) as stand:
        await stand.show(rows, marks={id(rows[0]): "+", id(rows[1]): "~", id(rows[2]): "-"})
        assert [line[:4] for line in stand.lines[1:5]] == ["+ r0", "~ r1", "- r2", "  r3"]
        await stand.show(rows)
        assert [line[:4] for line in stand.lines[1:5]] == ["  r0", "  r1", "  r2", "  r3"]


async def test_as_text_it_is_whole():
    async with showing([Head("one"), *numbered(50), Row("\x1b[2J", "[/x]")], (12, 4)) as stand:
        lines = stand.table.text().split("\n")
        assert lines[0] == "name\ttext\tnumber"
        assert lines[1] == "one"
        assert lines[2] == "r0\ttext 0\t0"
        assert lines[-1] == "\\x1b[2J\t[/x]\t"
        assert len(lines) == 53


async def test_only_what_is_in_sight_is_formatted():
    asked = []

    def cells(row):
        asked.append(row)
        return (row,)

    view = View((Column("n", 0),), cells, lambda row: row)
    async with showing(list(map(str, range(100_000))), view=view) as stand:
        assert len(set(asked)) < 20
        await stand.keys("G", "pageup", "g")
        assert len(set(asked)) < 60


# The mouse.


async def test_a_click_selects_and_a_click_on_the_selected_row_chooses():
    async with showing(HEADED) as stand:
        stand.messages.clear()
        await stand.pilot.click(stand.table, offset=(5, 3))
        await stand.settle()
        assert stand.table.row.name == "b"
        assert stand.as_timeline(RowTable.Activated) == []
        await stand.pilot.click(stand.table, offset=(5, 3))
        await stand.settle()
        assert [row.name for row in stand.as_timeline(RowTable.Activated)] == ["b"]


async def test_a_click_beside_the_rows_does_nothing():
    async with showing(HEADED) as stand:
        stand.messages.clear()
        for y in (1, 4, 8):
            await stand.pilot.click(stand.table, offset=(5, y))
            await stand.settle()
            assert stand.table.row.name == "a"
        assert stand.messages == []


async def test_a_click_counts_from_what_is_in_sight():
    async with showing(numbered(30)) as stand:
        await stand.keys("G")
        await stand.pilot.click(stand.table, offset=(5, 1))
        await stand.settle()
        assert stand.table.row.name in stand.lines[1]


async def test_the_wheel_scrolls_and_leaves_the_cursor():
    async with showing(numbered(30)) as stand:
        stand.table.scroll_to(y=20, animate=False)
        await stand.settle()
        assert stand.table.cursor == 0
        assert "r20" in stand.lines[1]
        await stand.keys("j")
        assert stand.table.row.name == "r1"
        assert any("r1 " in line for line in stand.lines)

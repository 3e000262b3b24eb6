"""A table as somebody wants it: filtered as one types, sorted, folded, with columns of one's choice."""

from dataclasses import replace

import pytest
from textual import events

from ndtui.ui.rows.arrangement import RowTexts
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets import arranged_table
from ndtui.ui.widgets.row_table import RowTable
from tests.ui.widgets.row_app import Head, Row, showing

VIEW = View(
    (
        Column("name", 8),
        Column("text", 0, 3),
        Column("number", 8, 5, right=True, value=lambda row: int(row.number), number=True),
        Column("length", 6, 7, cell=lambda row: str(len(row.text))),
        Column("group", 6, 7, cell=lambda row: row.text[:3]),
    ),
    lambda row: (row.text,) if isinstance(row, Head) else tuple(row),
    lambda row: row.text if isinstance(row, Head) else row.name,
    lambda row: "head" if isinstance(row, Head) else "",
    selectable=lambda row: not isinstance(row, Head),
    heading=lambda row: isinstance(row, Head),
    group_column=4,
)
ROWS = [
    Head("fruits"),
    Row("fig", "sweet and soft", "10"),
    Row("apple", "sweet", "9"),
    Row("lemon", "sour", "110"),
    Head("tools"),
    Row("saw", "sharp", "3"),
    Row("hammer", "hard", "20"),
]
MANY = [each for n in range(6) for each in (Head(f"group {n}"), *(Row(f"r{n}-{m}", "x", str(m)) for m in range(10)))]


def names(stand) -> list[str]:
    return [row.text if isinstance(row, Head) else row.name for row in stand.table.rows]


# The filter.


async def test_rows_are_filtered_as_one_types_and_counted():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("/")
        assert stand.lines[-1] == "/"
        for key, found in (
            ("s", ["fruits", "fig", "apple", "lemon", "tools", "saw"]),
            ("w", ["fruits", "fig", "apple"]),
            ("x", []),
            ("backspace", ["fruits", "fig", "apple"]),
        ):
            await stand.keys(key)
            assert names(stand) == found
        assert stand.lines[-1] == "/ sw" + " " * 29 + "2 of 5"
        assert "fruits: 2 found" in stand.text
        await stand.keys("enter", "j")
        assert stand.table.line is None
        assert stand.table.row.name == "apple"
        assert stand.lines[-1].startswith("/ sw ")
        await stand.keys("escape")
        assert names(stand) == [row.text if isinstance(row, Head) else row.name for row in ROWS]
        assert stand.table.row.name == "apple"
        assert stand.lines[-1].strip() == ""


async def test_letters_are_letters_and_arrows_move_the_cursor_while_a_filter_is_written():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys(*"/jkgG", "space", "?", "left", "delete")
        assert stand.table.line.text == "jkgG "
        await stand.keys("ctrl+u", "down", "down")
        assert stand.table.row.name == "lemon"
        await stand.keys(*"so")
        assert stand.table.row.name == "lemon"
        await stand.keys("up")
        assert stand.table.row.name == "fig"  # soft is so too
        await stand.keys("u")
        assert names(stand) == ["fruits", "lemon"]
        await stand.keys("escape")
        assert stand.table.row.name == "fig"
        assert stand.table.line is None


async def test_a_row_that_is_out_of_sight_gets_the_cursor_back():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("j", "j")
        assert stand.table.row.name == "lemon"
        await stand.keys(*"/tools")
        assert stand.table.row.name == "saw"
        await stand.keys("escape")
        assert stand.table.row.name == "lemon"


async def test_what_is_wrong_is_said_and_what_was_right_stays_in_force():
    async with showing(ROWS, (60, 12), VIEW) as stand:
        await stand.keys(*"/number>9")
        assert names(stand) == ["fruits", "fig", "lemon", "tools", "hammer"]
        await stand.keys(*' "sof')
        assert names(stand) == ["fruits", "fig", "lemon", "tools", "hammer"]
        assert 'the closing " is missing' in stand.text
        await stand.keys("enter")
        assert stand.table.line is not None  # not kept while it is wrong
        await stand.keys("tab")
        assert stand.table.line is None
        assert stand.table.filter_text == "number>9 "
        assert "missing" not in stand.text
        assert "3 of 5" in stand.text


async def test_what_half_a_word_did_not_find_is_not_said_of_a_filter_that_cannot_be_read():
    async with showing(ROWS, (60, 12), VIEW) as stand:
        await stand.keys(*"/numbe", *"r-r")
        assert "none found: esc shows all" in stand.text
        await stand.keys(*(["backspace"] * 2), *">x")
        assert "'x' is no number" in stand.text
        assert "none found" not in stand.text
        assert "unreadable: esc shows all" in stand.text
        await stand.keys("escape")
        assert names(stand)[0] == "fruits"


async def test_in_a_narrow_table_what_is_said_has_a_line_of_its_own():
    async with showing(MANY, (24, 12), VIEW) as stand:
        await stand.keys(*"/number>x")
        assert stand.lines[-2].startswith("/ number>x")
        assert stand.lines[-1].startswith("  'x' is no number")
        assert all(len(line) <= 24 for line in stand.lines)
        await stand.keys("ctrl+u", "G")
        await stand.keys("escape", "G")
        assert stand.table.row.name == "r5-9"
        assert stand.lines[-1].split()[0] == "r5-9"
        await stand.keys(*"/r5", "enter", "G")
        assert stand.lines[-2].split()[0] == "r5-9"


async def test_pasting_into_the_filter():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("/")
        await stand.at_once(events.Paste("sweet\nsoft"))
        assert stand.table.line.text == "sweet soft"
        assert names(stand) == ["fruits", "fig"]


async def test_the_filter_stays_when_rows_are_exchanged_and_its_count_is_true():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys(*"/sweet", "enter", "j")
        grape = Row("grape", "sweet", "1")
        await stand.show([*ROWS[:2], grape, *ROWS[2:]], marks={id(ROWS[1]): "-"})
        assert names(stand) == ["fruits", "fig", "grape", "apple"]
        assert stand.table.counts == (2, 5)  # the removed one is shown, and counts no more
        assert stand.table.row.name == "apple"
        await stand.show(ROWS[4:])
        assert "none found: esc shows all" in stand.text
        assert "0 of 2" in stand.text


async def test_going_to_a_row_that_is_filtered_out_or_folded_away_shows_it():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("F", *"/sweet", "enter")
        assert not stand.table.go_to(lambda row: getattr(row, "name", "") == "saw", reveal=False)
        assert stand.table.go_to(lambda row: getattr(row, "name", "") == "saw")
        await stand.settle()
        assert stand.table.row.name == "saw"
        assert stand.table.filter_text == ""
        assert names(stand) == ["fruits", "tools", "saw", "hammer"]


async def test_what_takes_longer_is_worked_out_beside_the_keys_and_nothing_is_counted_before(monkeypatch):
    rows = [Row(f"r{n}", "x", str(n)) for n in range(20_000)]
    async with showing(rows, view=VIEW) as stand:
        monkeypatch.setattr(arranged_table, "AT_ONCE", 0.0)
        monkeypatch.setattr(arranged_table, "PIECE", 0.0)
        stand.table.filter_by("r19999")
        assert stand.table.working
        assert stand.table.rows is rows
        assert stand.table.counts is None
        stand.app.screen._on_timer_update()
        assert "looking ..." in stand.text
        assert "of 20,000" not in stand.text
        stand.table.filter_by("r1999")  # overtakes the former
        await stand.until(lambda: not stand.table.working)
        assert stand.table.counts == (11, 20_000)
        assert "11 of 20,000" in stand.text
        assert [row.name for row in stand.table.rows] == ["r1999", *(f"r1999{n}" for n in range(10))]


# Order.


async def test_sorting_by_each_column_and_back():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("j")
        natural = names(stand)
        await stand.keys("S")
        assert names(stand) == ["fruits", "apple", "fig", "lemon", "tools", "hammer", "saw"]
        assert stand.lines[0].split()[0] == "name▲"
        assert stand.table.row.name == "apple"
        await stand.keys("I")
        assert names(stand) == ["fruits", "lemon", "fig", "apple", "tools", "saw", "hammer"]
        assert stand.lines[0].split()[0] == "name▼"
        await stand.keys("S", "S")
        assert names(stand) == ["fruits", "apple", "fig", "lemon", "tools", "saw", "hammer"]
        assert stand.lines[0].endswith(" number▲")
        await stand.keys("S")
        assert names(stand) == natural
        assert "▲" not in stand.text
        await stand.keys("I")
        assert stand.said == ["Not sorted by a column yet: sort by one first"]


async def test_a_click_on_a_title_sorts_turns_and_ends():
    async with showing(ROWS, view=VIEW) as stand:
        natural = names(stand)
        for expected in (["saw", "hammer"], ["hammer", "saw"]):
            await stand.pilot.click(stand.table, offset=(36, 0))
            await stand.settle()
            assert names(stand)[-2:] == expected
        await stand.pilot.click(stand.table, offset=(36, 0))
        await stand.settle()
        assert names(stand) == natural


async def test_a_sort_that_no_title_shows_is_said_below():
    async with showing(ROWS, (16, 12), VIEW) as stand:
        stand.table.sort_by(2, descending=True)
        await stand.settle()
        assert "number" not in stand.lines[0]
        assert "by number ▼" in stand.lines[-1]


async def test_without_groups_a_sort_goes_over_all_rows_and_a_column_names_the_group():
    async with showing(ROWS, (60, 12), VIEW) as stand:
        await stand.keys("L", "S", "S")
        assert names(stand) == ["apple", "fig", "hammer", "lemon", "saw"]
        assert stand.lines[0].split()[:2] == ["group", "name▲"]
        await stand.keys("L")
        assert names(stand)[0] == "fruits"
        assert stand.lines[0].split()[0] == "name▲"


# Groups.


async def test_folding_and_unfolding_with_keys():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("j", "left")
        assert names(stand) == ["fruits", "tools", "saw", "hammer"]
        assert stand.table.row == Head("fruits")
        assert stand.lines[1] == "▸ fruits: 3 folded"
        assert stand.lines[2].startswith("▾ tools")
        await stand.keys("left", "j", "k", "enter")
        assert names(stand)[:3] == ["fruits", "fig", "apple"]
        assert stand.table.row.name == "fig"
        assert stand.as_timeline(RowTable.Activated) == []
        await stand.keys("F")
        assert names(stand) == ["fruits", "tools"]
        assert stand.table.row == Head("fruits")
        await stand.keys("j", "right", "j")
        assert names(stand) == ["fruits", "tools", "saw", "hammer"]
        assert stand.table.row.name == "hammer"
        await stand.keys("X")
        assert len(stand.table.rows) == len(ROWS)
        assert stand.table.row.name == "hammer"


async def test_folds_stay_when_rows_are_exchanged_and_what_is_found_is_not_folded_away():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("F")
        await stand.show(list(ROWS))
        assert names(stand) == ["fruits", "tools"]
        await stand.keys(*"/sweet", "enter")
        assert names(stand) == ["fruits", "fig", "apple"]
        await stand.keys("left")
        assert names(stand) == ["fruits"]
        assert "fruits: 2 found" in stand.text
        await stand.keys("/", "backspace")
        assert names(stand) == ["fruits", "fig", "apple"]  # what another filter finds is not folded away either
        await stand.keys("escape")
        assert names(stand) == ["fruits", "tools"]


async def test_a_click_on_a_heading_folds():
    async with showing(ROWS, view=VIEW) as stand:
        for expected in (["fruits", "tools", "saw", "hammer"], [row[0] for row in ROWS]):
            await stand.pilot.click(stand.table, offset=(5, 1))
            await stand.settle()
            assert names(stand) == expected


async def test_the_heading_of_what_is_in_sight_stays_in_sight():
    async with showing(MANY, (40, 12), VIEW) as stand:
        for key in ("G", *"k" * 12, "pageup", *"jjj", "g", *"j" * 14, "pagedown", "pageup", "pageup"):
            await stand.keys(key)
            group = stand.table.row.name[1]
            shown = [line.split() for line in stand.lines[1:] if line.strip()]
            above = shown[: next(n for n, words in enumerate(shown) if words[0] == stand.table.row.name)]
            assert [words[2] for words in above if words[0] == "▾"][-1:] == [group], key
        await stand.keys("g", "G")
        assert stand.lines[1] == "▾ group 5"
        await stand.pilot.click(stand.table, offset=(5, 1))
        await stand.settle()
        assert stand.table.row == Head("group 5")
        assert names(stand)[-2:] == ["r4-9", "group 5"]


async def test_a_view_whose_groups_are_folded_at_first():
    view = replace(VIEW, folded=lambda _: True, selectable=lambda _: True)
    async with showing(ROWS, view=view) as stand:
        assert names(stand) == ["fruits", "tools"]
        await stand.keys("right")
        assert names(stand) == ["fruits", "fig", "apple", "lemon", "tools"]
        assert stand.table.row == Head("fruits")
        await stand.keys("j", "left", "X")
        assert len(stand.table.rows) == len(ROWS)


# Columns.


async def test_choosing_columns():
    async with showing(ROWS, (60, 12), VIEW) as stand:
        stand.table.choose_columns((3, 0))
        await stand.settle()
        assert stand.lines[0].split() == ["length", "name"]
        assert stand.lines[2].split() == ["14", "fig"]
        assert stand.table.text().split("\n")[:3] == ["length\tname", "fruits", "14\tfig"]
        await stand.keys(*"/14")
        assert names(stand) == ["fruits", "fig"]
        await stand.keys("ctrl+u", *"sweet")
        assert names(stand) == []  # what is not shown is found only by its name
        await stand.keys("ctrl+u", *"text:sweet")
        assert names(stand) == ["fruits", "fig", "apple"]


async def test_the_copy_has_what_is_shown_in_its_order():
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("S", *"/sw", "enter")
        assert stand.table.text() == "name\ttext\tnumber\nfruits\napple\tsweet\t9\nfig\tsweet and soft\t10"


async def test_each_view_keeps_what_is_wanted_of_it():
    other = replace(VIEW, name="other")
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys(*"/sweet", "enter", "S")
        await stand.show(ROWS, view=other)
        assert len(stand.table.rows) == len(ROWS)
        await stand.show(ROWS, view=VIEW)
        assert names(stand) == ["fruits", "apple", "fig"]


async def test_texts_are_kept_from_one_key_to_the_next(monkeypatch):
    made = []
    plain = RowTexts.of
    monkeypatch.setattr(RowTexts, "of", lambda self, row: (made.append(len(self._kept)), plain(self, row))[1])
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys(*"/swe")
        assert made[-1] == 5
        assert len(made) == 15


@pytest.mark.parametrize("text", ["[/x] [b", "\x1b[2J", "\u202eabc", "鍵" * 40, "e\u0301" * 60])
async def test_hostile_text_in_the_filter(text):
    async with showing(ROWS, view=VIEW) as stand:
        await stand.keys("/")
        await stand.at_once(events.Paste(text))
        for y in range(stand.table.size.height):
            strip = stand.table.render_line(y)
            assert strip.cell_length == stand.table.size.width
            assert sum(segment.cell_length for segment in strip) == stand.table.size.width
            assert all(ord(c) >= 32 and c != "\u202e" for c in strip.text)


async def test_without_groups_the_column_that_names_them_has_room_before_all_others():
    async with showing(ROWS, (14, 12), VIEW) as stand:
        await stand.keys("L")
        assert stand.lines[0].split() == ["group"]
        assert stand.lines[1].split() == ["swe"]


async def test_what_stands_between_the_rows_is_neither_filtered_nor_sorted():
    between = [ROWS[0], Row("---", "sweet", "0"), *ROWS[2:]]
    async with showing(between, view=VIEW) as stand:
        await stand.show(between, bare=lambda: iter((ROWS[:1], (), ROWS[1:])))
        assert names(stand)[1] == "---"
        await stand.keys(*"/sweet", "enter")
        assert names(stand) == ["fruits", "fig", "apple"]
        assert stand.table.counts == (2, 5)
        await stand.keys("escape")
        assert names(stand)[1] == "---"
        await stand.keys("S")
        assert names(stand)[:3] == ["fruits", "apple", "fig"]


async def test_texts_of_rows_that_are_made_for_the_filter_are_kept_too():
    made = []

    def cells(row):
        made.append(row)
        return (row,)

    view = View((Column("n", 0),), cells, lambda row: row)
    rows = [f"r{n}" for n in range(3000)]
    async with showing(["few"], view=view) as stand:
        await stand.show(["few"], bare=lambda: (rows[at : at + 128] for at in range(0, len(rows), 128)))
        await stand.keys("/", "r")
        await stand.until(lambda: not stand.table.working)
        made.clear()
        await stand.keys("2")
        await stand.until(lambda: not stand.table.working)
        assert stand.table.counts == (sum("r2" in row for row in rows), 3000)
        assert len(made) < 100

"""Tables of plain text: aligned whatever the width of the characters, harmless whatever they are."""

from ndtui.cli.printing.output import count
from ndtui.cli.printing.text_table import grouped, table, width


def test_width_counts_cells_of_a_terminal():
    assert [width(text) for text in ("", "abc", "鍵", "ключ", "e\u0301", "\U0001f512", "a\u200db")] == [
        0,
        3,
        2,
        4,
        1,
        2,
        2,
    ]


def test_columns_stand_below_each_other():
    assert list(table(("key", "name"), [("鍵", "a"), ("abc", "b"), ("e\u0301", "c")])) == [
        "key  name",
        "鍵   a",
        "abc  b",
        "e\u0301    c",
    ]


def test_groups_share_their_columns_and_nothing_ends_in_blanks():
    assert list(grouped(("a", "b"), [("one", [("long cell", "x")]), ("two", [("y", "")])])) == [
        "  a          b",
        "one",
        "  long cell  x",
        "two",
        "  y",
    ]


def test_one_long_cell_does_not_push_all_others():
    lines = list(table(("a", "b"), [("x" * 500, "1"), ("y", "2")]))
    assert lines[1] == f"{'x' * 500}  1"
    assert len(lines[2]) == 51


def test_what_acts_on_a_terminal_is_written_out():
    assert list(table(("a",), [("\x1b[2J\u202e",)]))[1] == "\\x1b[2J\\u202e"
    assert list(grouped(("a",), [("\x07", [])]))[1] == "\\x07"


def test_counts_are_in_words():
    assert [count(n, "filter") for n in (0, 1, 2)] == ["0 filters", "1 filter", "2 filters"]

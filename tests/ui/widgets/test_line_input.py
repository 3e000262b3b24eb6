"""A line that is longer than its field: what is cut is said, and its beginning is shown while nobody writes in it."""

import pytest
from textual.app import App, ComposeResult

from ndtui.ui.widgets.line_input import LineInput
from tests.desk import Stand, running

TEXT = "abcdefghijklmnopqrst"


class Fields(App[None]):
    """Two fields of ten cells."""

    CSS = "LineInput { width: 10; }"
    AUTO_FOCUS = None

    def __init__(self, value: str = "", hint: str = "", *, selects: bool = False) -> None:
        super().__init__()
        self._value, self._hint, self._selects = value, hint, selects

    def compose(self) -> ComposeResult:
        yield LineInput(self._value, placeholder=self._hint, compact=True, select_on_focus=self._selects, id="one")
        yield LineInput("other", compact=True, id="two")


def shown(stand: Stand) -> str:
    return stand.text.split("\n")[0].rstrip()


@pytest.mark.parametrize("first", [Fields(TEXT), Fields(hint=TEXT)], ids=["value", "hint"])
async def test_the_end_is_cut_with_a_sign(first: Fields):
    async with running(Stand(first)) as stand:
        assert shown(stand) == "abcdefghi…"


@pytest.mark.parametrize(("text", "line"), [("abcdefghij", "abcdefghij"), ("服务器名称服务", "服务器名 …"), ("", "")])
async def test_what_fits_has_none_and_a_wide_sign_is_not_cut_in_two(text: str, line: str):
    async with running(Stand(Fields(text))) as stand:
        assert shown(stand) == line


async def test_while_it_is_written_in_both_ends_are_said():
    async with running(Stand(Fields(TEXT))) as stand:
        await stand.keys("tab", "end")
        assert shown(stand) == "…mnopqrst"
        await stand.keys(*["left"] * 11)
        assert shown(stand)[0] == shown(stand)[9] == "…"
        await stand.keys("home")
        assert shown(stand) == "abcdefghi…"


async def test_it_is_left_at_its_beginning_and_gone_on_with_where_it_was():
    async with running(Stand(Fields(TEXT))) as stand:
        await stand.keys("tab", "end", "tab")
        assert shown(stand) == "abcdefghi…"
        assert stand.app.query_one("#one", LineInput).cursor_position == len(TEXT)
        await stand.keys("shift+tab")
        assert shown(stand) == "…mnopqrst"


async def test_what_is_selected_as_a_whole_is_shown_from_its_beginning():
    async with running(Stand(Fields(TEXT, selects=True))) as stand:
        await stand.keys("tab")
        assert shown(stand) == "abcdefghi…"
        await stand.keys("tab", "shift+tab")
        assert shown(stand) == "abcdefghi…"
        await stand.keys("x")
        assert stand.app.query_one("#one", LineInput).value == "x"

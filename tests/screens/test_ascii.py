"""A terminal that shows only ASCII is sent nothing else, on any screen and whatever a name holds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ndtui.common.settings import Settings
from ndtui.model.files import presets
from ndtui.ui.glyphs import chosen_glyphs, in_ascii
from tests.desk import at_work
from tests.screens.every_screen import WAYS, go
from tests.support import ROOT, design, preset

HOSTILE = "ключ 鍵 \U0001f512 é «x» …"


#: Screens that show names of all kinds; every screen and dialog in ASCII is looked at as a VT100 shows it
#: (``tests.screens.test_goldens``).
SHOW_NAMES = ("filters", "weights", "edits", "rule", "edit", "rename", "presets", "export", "plan", "trace", "leave")


async def test_whatever_a_name_holds(tmp_path: Path):
    presets.save(design(name="mine"), presets.own_path("mine"))
    policy = preset("nd-domain-member").model_copy(update={"name": HOSTILE})
    wrong = {}
    async with at_work(policy, store=tmp_path / "store.sqlite3", settings=Settings(glyphs="ascii")) as desk:
        for name, way in ((name, WAYS[name]) for name in SHOW_NAMES):
            await go(desk, way.keys)
            assert isinstance(desk.top, way.top), name
            if found := {character for character in desk.text if not character.isascii()}:
                wrong[name] = found
            await go(desk, way.back)
        desk.app.notify("héllo …")
        await desk.settle()
        assert desk.text.isascii()
        assert "|" in desk.text
        assert "???? ??" in desk.text
    assert wrong == {}


async def test_all_of_unicode_is_what_others_are_sent():
    async with at_work(settings=Settings(glyphs="unicode")) as desk:
        assert "│" in desk.text


@pytest.mark.parametrize(
    ("environment", "glyphs"),
    [
        ({}, "unicode"),
        ({"LANG": "en_US.UTF-8"}, "unicode"),
        ({"LANG": "C.utf8", "TERM": "xterm"}, "unicode"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "de_DE.ISO-8859-1"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1", "LC_CTYPE": "en_US.UTF-8"}, "unicode"),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "ascii"),
        ({"LANG": "en_US.UTF-8", "TERM": "vt100"}, "ascii"),
    ],
)
def test_what_a_terminal_can_show(environment: dict[str, str], glyphs: str):
    assert chosen_glyphs("auto", environment, windows=False) == glyphs
    assert chosen_glyphs("auto", environment, windows=True) == "unicode"
    assert chosen_glyphs("unicode", environment, windows=False) == "unicode"
    assert chosen_glyphs("ascii", environment, windows=True) == "ascii"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("╭─┬─╮", "+-+-+"),
        ("│━▼▶", "|=v>"),
        ("naïve …", "naive ~"),
        ("鍵", "??"),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467", "??"),
        ("e\u0301", "e"),
    ],
)
def test_a_like_sign(text: str, shown: str):
    assert in_ascii(text) == shown


def test_every_sign_of_this_program_has_a_like():
    sources = [path.read_text("utf-8") for room in ("ui", "screens") for path in (ROOT / "ndtui" / room).rglob("*.py")]
    signs = {character for text in sources for character in text if not character.isascii()}
    letters = {character for character in signs if character.isalpha()}
    assert {"╞", "▸", "┊", "…"} <= signs
    assert [character for character in signs - letters if "?" in in_ascii(character)] == []


@given(st.text())
def test_as_many_cells_whatever_it_is(text: str):
    assert in_ascii(text).isascii()
    assert cell_len(in_ascii(text)) == cell_len(text)

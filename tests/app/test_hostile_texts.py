"""Texts that no design may hold, where they come from elsewhere all the same: an editor, a path, a message, an address.

Names that a design may hold go through every screen in ``test_hostile_names``.
"""

import os
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.drivers.headless_driver import HeadlessDriver

from ndtui.app import edit_outside
from ndtui.app.serve import page
from ndtui.backends.store import StoreBackend
from ndtui.model.files import presets
from ndtui.model.files.design_file import format_design
from ndtui.screens.applied.applied_screen import AppliedScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.edit_errors import EditErrorsScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.message_list import MessagesScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.ui.state import recent_files
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design

#: Each begins with what is safe to look for on the screen.
HOSTILE = {
    "control": "[/x] \x1b[31mred\x1b]0;t\x07\x9b2J\r\x08\x00end",
    "markup": "[/x] [b [@click=app.leave]x[/] [red]",
    "direction": "[/x] a\u202ecod.exe\u2066b\u2069\u200f",
    "long": "[/x] " + "0123456789" * 400,
    "lines": "[/x] a\nb\u2028c\x85d\x0be",
    "half a character": "[/x] \ud800 \udfff",
}
BEGINNING = "[/x]"
each_text = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def look(desk: Desk, *, begins: str = BEGINNING) -> None:
    """Check that a text is shown, and that nothing on the screen or in a message can act on a terminal."""
    assert desk.app._exception is None
    lines = desk.text.split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert all(cell_len(line) <= desk.app.size.width for line in lines)
    assert [said for said in desk.said if not said.isprintable()] == []
    if begins:  # else that it is shown at all was looked at before
        assert begins in desk.words


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let an edit outside come back with each of some texts in turn."""
    texts: list[str] = []

    def run(command: list[str]) -> int:
        Path(command[-1]).write_bytes(texts.pop(0).encode("utf-8", "surrogatepass"))
        return 0

    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda _: True), raising=False)
    monkeypatch.setattr(edit_outside, "run_editor", run)
    monkeypatch.setenv("VISUAL", sys.executable)
    return texts


def in_toml(text: str) -> str:
    """Return a text as TOML writes it, where it can."""
    return "".join(f"\\u{ord(c):04x}" if not c.isprintable() or c in '"\\' else c for c in text)


@each_text
async def test_what_an_editor_brings_back(text: str, edited: list[str]):
    right = format_design(design())
    async with at_work(design(), (100, 30)) as desk:
        wrong = [f'{right}"{in_toml(text)}" = 1\n', right.replace('name = "test"', f'name = "{in_toml(text)}" x')]
        wrong += [f"{right}# {text}\n= {text}\n", f'{right}scenario_of = """{text}"""\n']
        for each in wrong:
            edited.append(each)
            await desk.keys("E")
            assert isinstance(desk.top, EditErrorsScreen), each[:80]
            look(desk, begins="Edit again")
            await desk.keys("G", "d")
            look(desk, begins="The edit was dropped")
        assert desk.design == design()


@each_text
async def test_what_is_typed_into_a_form(text: str):
    async with at_work(design(), (100, 30), toasts=True) as desk:
        for identity, keys in (("name", "e"), ("add", "e"), ("tests", "ea"), ("sublayer", "e"), ("scenario", "B")):
            await desk.select(identity)
            await desk.keys(*keys)
            assert isinstance(desk.top, FormScreen)
            for field in desk.top.query("Input"):
                field.value = text
                await desk.settle()
                look(desk, begins="")
            await desk.keys("enter")
            look(desk, begins="")
            for _ in keys:
                await desk.keys("escape")
            while desk.top is not desk.app.designer:
                await desk.keys("escape")
            look(desk, begins="")


@each_text
async def test_a_path_that_is_typed(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    async with at_work(design(), (100, 30), toasts=True) as desk:
        await desk.keys("O")
        assert isinstance(desk.top, OpenFileScreen)
        await desk.fill(text=text)
        look(desk, begins="")
        await desk.keys("enter")
        await desk.until(lambda: BEGINNING in desk.problem)
        look(desk)
        await desk.keys("escape", "x")
        await desk.fill(place=f"{text}/file.json")
        await desk.press("ok")
        look(desk)
        await desk.keys("escape", "W")
        await desk.fill(text=text)
        await desk.keys("enter")
        look(desk, begins="")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("kind", ["control", "markup", "direction", "lines"])
async def test_a_file_of_such_a_name(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    stem = HOSTILE[kind].replace("/", "").replace("\x00", "")
    presets.save(design(name="mine"), tmp_path / f"{stem}.toml")
    async with at_work(size=(100, 30), toasts=True) as desk:
        await desk.keys("O")
        await desk.until(lambda: "[x]" in desk.problem)
        look(desk, begins="[x]")
        await desk.fill(text="[x]")
        await desk.keys("tab")
        await desk.until(lambda: desk.top.query_one("Input").value == f"{stem}.toml")
        look(desk, begins="[x]")
        await desk.keys("enter")
        await desk.until(lambda: desk.top is desk.app.designer)
        assert desk.bench.path is not None
        assert desk.bench.path.name == f"{stem}.toml"
        look(desk, begins="mine")
        await desk.until(lambda: [each.name for each in recent_files.recent()] == [stem])
        await desk.keys("o")
        assert desk.top.query_one(RowTable).go_to(lambda row: hasattr(row, "preset") and row.preset.kind == "recent")
        await desk.until(lambda: "filters in" in desk.words)
        look(desk, begins="[x]")
        await desk.keys("d")
        look(desk, begins="is not listed any more")
        await desk.keys("escape", "m")
        look(desk, begins="Messages")
        await desk.keys("escape")
        (tmp_path / f"{stem}.toml").write_text("nonsense", encoding="utf-8")
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
        look(desk, begins="[x]")


@each_text
async def test_why_something_is_applied(text: str, tmp_path: Path):
    store = tmp_path / "store.sqlite3"
    async with at_work(design(), (100, 30), store=store, toasts=True) as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("A")
        desk.top.query_one("#why").value = text
        await desk.settle()
        look(desk, begins="")
        await desk.keys("enter")
        if "use at most" in desk.words:
            look(desk)
            await desk.fill(why=text[:400])
            await desk.keys("enter")
        await desk.planned()
        look(desk, begins="Done: ")
        await desk.keys("escape", "b")
        assert isinstance(desk.top, AppliedScreen)
        await desk.until(lambda: "reading ..." not in desk.words and "Revision 1" in desk.words)
        look(desk)
        await desk.keys("M")
        look(desk)
        await desk.keys("escape", "R")
        await desk.planned()
        look(desk, begins="Roll back")
        await desk.keys("escape", "escape", "m")
        assert isinstance(desk.top, MessagesScreen)
        look(desk, begins="Done: ")
    assert len(StoreBackend(store).history()) == 1


@each_text
def test_the_page_of_a_server(text: str):
    made, plain = page.page(f"{text}</title><script>x</script>"), page.page("x")
    assert BEGINNING in made
    assert made.count("<script") == plain.count("<script")
    assert all(line.isprintable() for line in made.split("\n"))
    assert made.count("\n") == plain.count("\n")
    assert made.encode("utf-8")

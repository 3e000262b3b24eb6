"""Names from outside are text wherever they are shown: no markup, no crash, nothing swallowed."""

import pytest
from rich.cells import cell_len
from textual import events

from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design import edits
from ndtui.model.design.exemption import Exemption
from ndtui.model.files import presets
from ndtui.screens.dialogs.apply_form import ApplyScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design, exempting

HOSTILE = {
    "unclosed": "[/x] [b",
    "markup": "[red] fe80::[/64] [@click=app.leave]x[/]",
    "long": "0123456789" * 30,
    "wide": "鍵" * 60,
    "mixed": "\U0001f512 \U0001f468\u200d\U0001f469\u200d\U0001f467 " + "e\u0301" * 20 + " רשת سياسة",
    "shell": "$(x) `y` ${z} %s {0} \\n $text @media {",
}
SIZE = (100, 30)


def head(text: str) -> str:
    """Return the beginning of a text that has room in the narrowest place it is shown in, without blanks."""
    shown = ""
    for character in text.replace(" ", ""):
        if cell_len(shown + character) > 14:
            break
        shown += character
    return shown


def shows(desk: Desk, text: str) -> bool:
    """Tell whether the screen shows a text, or its beginning where it is cut; blanks and line ends do not count."""
    return head(text) in "".join(desk.words.split())


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_name_through_every_screen(name, tmp_path):
    made = exempting(
        {"name": name, "comment": f"{name}\n{name}"},
        {"name": f"{name} 6", "protocol": "udp", "families": ["V6"]},
        name=name,
        description=name,
    )
    presets.save(made, presets.own_dir() / "own.toml")
    store = tmp_path / "store"
    backend = StoreBackend(store)
    backend.apply(backend.plan(compile_design(made)))
    async with at_work(made, SIZE, store=store) as desk:
        await through_the_panes(desk, name)
        await through_the_dialogs(desk, name)
        await through_the_plan(desk, name)
        await through_the_answers(desk, name)
        assert desk.app.is_running


async def through_the_panes(desk: Desk, name: str) -> None:
    assert head(name) in desk.status.replace(" ", "")
    await desk.select("name")
    assert name in desk.explanation
    await desk.select(f"exemption:{name}")
    assert f"Exemption: {name}" in desk.explanation
    assert shows(desk, name)
    for view in ("filters", "weights"):
        await desk.run(f"view('{view}')")
        await desk.go_to(lambda row: str(getattr(getattr(row, "filter", row), "origin", "")) == f"exemption:{name}")
        assert f"Name: {name}: exempt {name} " in desk.explanation
        assert shows(desk, name)
    await desk.keys("3")
    assert desk.explanation.startswith(f"Name: {name}: ")
    await desk.keys("4")
    await desk.go_to(lambda finding: finding.id == "exempts-everything")
    assert desk.explanation.startswith("Error: ")
    assert shows(desk, name) or shows(desk, repr(name)[1:])
    await desk.keys("1", "/")
    piece = max(name.split('"'), key=len)[:100]
    await desk.at_once(events.Paste(f'name:"{piece}"'), "enter")
    assert [row for row in desk.table.rows if str(getattr(row, "origin", "")) == f"exemption:{name}"]
    assert f" of {desk.count}" in desk.text
    await desk.keys("y", "Y", "1")
    assert name in desk.app.clipboard


async def through_the_dialogs(desk: Desk, name: str) -> None:
    await desk.keys("n")
    assert desk.top.query_one("Input").value == name
    assert shows(desk, name)
    await desk.keys("escape")
    await desk.select(f"exemption:{name}")
    await desk.keys("e")
    assert desk.top.query_one("#name").value == name
    await desk.fill(protocol=name)
    assert desk.top.query_one("#problem").has_class("-wrong")
    assert shows(desk, name) or shows(desk, repr(name)[1:])
    await desk.keys("escape", "o")
    assert desk.top.query_one(RowTable).go_to(lambda row: row.preset.name == "own")
    await desk.settle()
    assert shows(desk, name)
    await desk.keys("d")
    assert "own.toml" in desk.text
    await desk.keys("escape", "escape", "x")
    assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "design")
    await desk.settle()
    assert shows(desk, name)
    await desk.keys("j", "j", "k", "k", "k")
    await desk.keys("escape", "W")
    assert shows(desk, name)
    await desk.fill(text=f"{name}\u202e")
    await desk.keys("escape", "?", "escape", ":", "escape")
    assert desk.top is desk.app.designer


async def through_the_plan(desk: Desk, name: str) -> None:
    await desk.keys("p")
    await desk.planned()
    assert shows(desk, name)
    await desk.keys("R")
    await desk.planned()
    await desk.keys("g", "G")
    assert head(name) in desk.explanation.replace(" ", "")
    await desk.keys("A")
    assert isinstance(desk.top, ApplyScreen)
    await desk.keys("escape", "q")
    desk.app.edit("other", lambda d: edits.add_exemption(d, Exemption(name="x", protocol="udp"), name))
    desk.app.edit("rename", lambda d: edits.change(d, name="other"))
    await desk.settle()
    await desk.keys("p")
    await desk.planned()
    assert "replaces" in desk.words
    assert shows(desk, f"replaces {name}"[:16])
    await desk.keys("A")
    assert "Replaces:" in desk.words
    assert shows(desk, f"Replaces: {name}"[:16])
    await desk.keys("escape", "q", "u", "u")


async def through_the_answers(desk: Desk, name: str) -> None:
    await desk.select("V6")
    await desk.keys("space")
    as_timeline = desk.said[-1]
    assert name[:20] in as_timeline or repr(name)[1:20] in as_timeline
    await desk.select(f"exemption:{name}")
    await desk.keys("D", "d", "D", "K", "space", "q")
    assert isinstance(desk.top, ChoiceScreen)
    assert "has changes that no file has" in desk.words
    assert shows(desk, name)
    await desk.keys("n")


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_name_in_a_notification(name):
    async with at_work(exempting({"name": name, "protocol": "udp", "families": ["V6"]}), toasts=True) as desk:
        await desk.select("V6")
        await desk.keys("space")
        assert desk.toasts.startswith("! Not possible")
        shown = "".join(desk.toasts.split())
        assert head(name) in shown or head(repr(name)[1:]) in shown


@pytest.mark.parametrize("part", ["[/x] [b", "[red]", "$(x)", "שלום", "\U0001f512"])
async def test_hostile_places(part, tmp_path, monkeypatch):
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path / part / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blocker").write_text("no folder")
    async with at_work(size=(140, 45), store=tmp_path / part / "store", toasts=True) as desk:
        await desk.keys("w")
        assert shows(desk, part)
        await desk.keys("enter")
        assert part in desk.said[-1]
        assert shows(desk, part)
        await desk.keys("o")
        assert desk.top.query_one(RowTable).go_to(lambda row: row.preset.kind == "own")
        await desk.settle()
        assert shows(desk, part)
        await desk.keys("d")
        assert shows(desk, part)
        await desk.keys("escape", "escape", "p")
        await desk.planned()
        assert shows(desk, part)
        await desk.keys("A")
        assert shows(desk, part)
        await desk.keys("escape", "q", "x")
        for place in (f"blocker/{part}", f"{part}/file.json"):
            await desk.fill(place=place)
            await desk.press("ok")
            assert part in desk.said[-1]
        assert (tmp_path / part / "file.json").is_file()
        await desk.keys("x")
        await desk.fill(place=f"{part}/file.json")
        await desk.press("ok")
        assert isinstance(desk.top, ChoiceScreen)
        assert shows(desk, part)


async def test_a_hostile_name_of_a_backend():
    async with at_work(backend="[/x] [b", toasts=True, size=(140, 45)) as desk:
        assert "-> [/x] [b" in desk.status
        await desk.keys("p")
        assert "[/x] [b" in desk.said[-1]
        assert "there is no backend '[/x] [b'" in desk.words


async def test_a_description_of_many_lines_is_shown_as_paragraphs():
    text = "[/x] first\nline.\n\n[red]second[/red]\tline \U0001f512\n" + "word " * 200
    presets.save(design(name="mine", description=text), presets.own_path("mine"))
    async with at_work(size=SIZE) as desk:
        await desk.keys("o")
        assert desk.top.query_one(RowTable).go_to(lambda row: row.preset.name == "mine")
        await desk.settle()
        assert "[/x] first line." in desk.text
        assert "[red]second[/red] line \U0001f512" in desk.text.replace("  ", " ")


async def test_hostile_exemptions_side_by_side():
    made = exempting(*({"name": name, "protocol": "udp", "comment": name} for name in HOSTILE.values()))
    async with at_work(made, (140, 80)) as desk:
        for name in HOSTILE.values():
            assert shows(desk, f"[x]{name}")
        await desk.select(f"exemption:{HOSTILE['unclosed']}")
        for name in HOSTILE.values():
            assert f"Exemption: {name} Protocol: udp" in desk.explanation
            assert desk.explanation.count(name) >= 2
            await desk.keys("j")
        await desk.keys("k", "space")
        assert [e.enabled for e in desk.design.exemptions] == [True] * (len(HOSTILE) - 1) + [False]

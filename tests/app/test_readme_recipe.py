"""The README's first recipe, walked key by key: it does what it says."""

import re

from ndtui.model.files import presets
from ndtui.screens.dialogs.apply_form import ApplyScreen
from ndtui.screens.dialogs.dialog import PromptScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.screens.dialogs.steps import StepsScreen
from ndtui.screens.plan import PlanScreen
from ndtui.ui.keys.actions import ACTIONS
from tests.desk import at_work
from tests.support import ROOT

PROGRAM = r'tcp app "C:\Program Files\X\x.exe"'


def told(paragraph: str) -> list[str]:
    """Return what stands in backticks in a paragraph of the recipe: keys to press, and texts to write."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [found] = re.findall(rf"^\*\*{paragraph}\.\*\*(.*?)\n\n", text, re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`]+)`", found)


async def test_look_and_change():
    assert told("Look") == ["enter", "i", "ndtui", "j", "k", "tab"]
    assert told("Change") == [
        "IKE", "space", "-", "a", "udp 53", "enter", "+", PROGRAM, "r", "u", "U", "2", "3", "4", "5", "B",
        "t", "H",
    ]  # fmt: skip
    async with at_work(presets.DEFAULT_PRESET, size=(140, 40)) as desk:
        assert desk.count == 20
        assert len(desk.bench.filterset.contexts) == 4
        first = desk.decisions.row
        await desk.keys("j")
        assert desk.decisions.row is not first
        await desk.keys("k", "tab")
        assert desk.table.has_focus
        await desk.keys("j")
        assert "Microsoft" in desk.explanation or "learn.microsoft.com" in desk.explanation

        await desk.select("IKE")
        await desk.keys("space")
        assert desk.count == 16
        assert "-4" in desk.status
        await desk.keys("a")
        await desk.write("udp 53")
        await desk.keys("enter")
        assert desk.count == 22
        assert "+6" in desk.status
        made = desk.design.exemptions[-1]
        assert (made.name, made.protocol, made.remote_ports) == ("UDP 53", "udp", ((53, 53),))
        await desk.keys("r", "r")
        assert [row for row in desk.table.rows if desk.table.marks.get(id(row))][1] is desk.table.row
        await desk.keys("shift+tab")
        await desk.keys("u")
        assert desk.count == 16
        await desk.keys("U")
        assert desk.count == 22
        await desk.keys("2")
        for part in ("15-1 ┊  empty", "0 ├─ ◊ policy", "above │  RPC_AUDIT 49152"):
            assert part in desk.text
        await desk.go_to(lambda row: getattr(row, "label", "") == "12")
        assert "Bits 63-60: 1100: range 12" in desk.explanation
        assert "Above next: " in desk.explanation
        await desk.keys("3")
        assert "Proposal 1: " in desk.explanation
        await desk.keys("4")
        assert desk.bench.checked
        await desk.keys("5")
        await desk.until(lambda: "exemptions[UDP 53]" in desk.words)
        await desk.keys("tab", "g", "t")
        assert desk.packet.startswith("in udp 10.0.0.5:53 -> ")
        await desk.keys("escape", "shift+tab")
        for key, screen in (("B", FormScreen), ("H", StepsScreen)):
            await desk.keys(key)
            assert isinstance(desk.top, screen)
            await desk.keys("escape")


async def test_rules():
    told_of = ["base", "e", "10.0.0.0/8", "enter", "A", "tcp 1433 encrypt", "only", "tcp 3389 only DC", "t"]
    assert told("Rules") == told_of
    async with at_work(presets.DEFAULT_PRESET) as desk:
        await desk.select("rule:base")
        await desk.keys("e")
        await desk.write("10.0.0.0/8")
        await desk.keys("enter")
        assert [str(each) for each in desk.design.rules[0].scope.remote_addresses] == ["10.0.0.0/8"]
        for text in ("tcp 1433 encrypt", "tcp 3389 only DC"):
            await desk.keys("A")
            await desk.write(text)
            await desk.keys("enter")
        assert [rule.encryption for rule in desk.design.rules] == ["none", "guaranteed", "none"]
        assert desk.design.rules[2].machines
        await desk.keys("t")
        assert "10.0.0.5" in desk.packet
        assert desk.packet.endswith(":3389")


async def test_keep_and_apply(tmp_path):
    assert told("Keep") == ["w", "o", "O", "tab", ":", "x"]
    assert told("Apply") == ["p", "/", "A", "C", "p", "R"]
    async with at_work(presets.DEFAULT_PRESET, size=(140, 40), store=tmp_path / "store") as desk:
        await desk.keys("w")
        assert isinstance(desk.top, PromptScreen)
        await desk.keys("enter")
        assert [preset.load() for preset in presets.own()] == [desk.design]
        for key, screen in (("o", PresetsScreen), ("O", OpenFileScreen), ("x", ExportScreen)):
            await desk.keys(key)
            assert isinstance(desk.top, screen)
            await desk.keys("escape")

        await desk.keys("p")
        await desk.planned()
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("A")
        assert isinstance(desk.top, ApplyScreen)
        assert "store" in desk.words
        await desk.keys("enter")
        await desk.planned()
        if isinstance(desk.top, PlanScreen):
            await desk.keys("escape")
        await desk.keys("p")
        await desk.planned()
        assert "nothing to do" in desk.words
        assert [each.id for each in ACTIONS if each.scope == "plan" and "C" in each.keys] == ["apply_within"]
        await desk.keys("R")
        await desk.planned()
        assert "20 filters" in desk.words or "remove" in desk.words


async def test_go_back(tmp_path):
    keys = ["b", "reverted: not confirmed", "1", "2", "3", "4", "R", "esc", "d"]
    assert told("Go back") == keys
    assert {each.id for each in ACTIONS if each.scope == "applied" and "d" in each.keys} == {"decide"}
    store = tmp_path / "store"
    async with at_work("nd-ipv4-only", store=store) as desk:
        for _ in range(2):
            await desk.keys("p")
            await desk.planned()
            await desk.keys("A", "enter")
            await desk.planned()
            await desk.keys("q")
            desk.app.edit("rename", lambda design: design.model_copy(update={"name": "other"}))
        await desk.keys("b")
        await desk.until(lambda: "Revision 2 changed" in desk.words)
        for key, words in (("1", "holds"), ("2", "changed"), ("3", "to what is there now"), ("4", "to the design")):
            await desk.keys(key)
            await desk.until(lambda words=words: f"evision 2 {words}" in desk.words)
        await desk.keys("j", "R")
        await desk.planned()
        assert "Roll back to revision 1, nd-ipv4-only" in desk.words
        await desk.keys("A", "enter")
        await desk.planned()
        await desk.keys("escape")
        await desk.until(lambda: "rolled back to 1" in desk.words)

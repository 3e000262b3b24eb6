"""The Changes view, its bases, the keys that go from change to change, and the list of edits."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from textual.widgets import Input

from ndtui.app.compare_actions import _read
from ndtui.app.reasons import GONE, GONE_SINCE
from ndtui.backends.store import StoreBackend
from ndtui.common.errors import InputError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import filter_document
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.files import presets
from ndtui.model.files.design_file import format_design
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.steps import StepsScreen
from ndtui.ui.rows.change_rows import ChangeRow
from ndtui.ui.rows.form_fields import Form, TextField
from tests.analysis.connection_security.rule_files import ISOLATION, TUNNEL, registry
from tests.desk import Desk, at_work, labels
from tests.support import preset

DNS = Exemption(name="DNS", protocol="udp", remote_ports=(53,), remote_addresses=("10.0.0.1",))


def rows(desk: Desk) -> list[tuple[str, str, str]]:
    return [(row.what, row.was, row.is_now) for row in desk.table.rows if isinstance(row, ChangeRow)]


async def compared(desk: Desk, words: str = "") -> None:
    """Wait until the view says something: rows, or in words why there are none."""
    await desk.until(lambda: words in desk.words if words else rows(desk))


async def test_the_design_against_how_it_was_opened_by_traffic_first():
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("5")
        await compared(desk, "no difference from nd-transport as it was opened")
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await compared(desk)
        assert rows(desk)[:3] == [
            ("in v4 udp from 10.0.0.1 port 53", "protected", "exempt"),
            ("out v4 udp to 10.0.0.1 port 53", "requested", "exempt"),
            ("exemptions[DNS]", "nothing", "udp 53 10.0.0.1"),
        ]
        await desk.keys("g")
        assert "For example: in udp 10.0.0.1:53" in desk.explanation
        assert "Now: exemption DNS" in desk.explanation
        assert "5 Changes 6" in desk.text
        await desk.keys("u")
        await compared(desk, "no difference from")


async def test_traffic_that_changed_is_traced_with_the_packet_that_shows_it():
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("5")
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await compared(desk)
        for what, was in (
            ("in v4 udp from 10.0.0.1 port 53", "protected"),
            ("out v4 udp to 10.0.0.1 port 53", "requested"),
        ):
            await desk.go_to(lambda row, what=what: isinstance(row, ChangeRow) and row.what == what)
            packet = desk.table.row.change.witness
            assert f"For example: {packet}" in desk.explanation
            assert "Trace: t traces that packet" in desk.explanation
            await desk.keys("t")
            assert desk.packet == str(packet)
            assert f"A packet that was {was} and is exempt now; e to write another" in desk.words
            assert "EXEMPT" in desk.verdict
            await desk.keys("d", "q")
        await desk.go_to(lambda row: isinstance(row, ChangeRow) and row.what == "exemptions[DNS]")
        assert "Trace: " not in desk.explanation
        await desk.keys("t")
        assert "A packet that the exemption DNS matches" in desk.words


async def test_the_design_against_its_file():
    path = presets.own_path("mine")
    presets.save(preset("nd-transport"), path)
    async with at_work(presets.find("mine").load(), path=path) as desk:
        await desk.select("V6")
        await desk.keys("space", "5")
        await compared(desk)
        assert any(what == "families" for what, *_ in rows(desk))
        await desk.keys("w")
        await compared(desk, "no difference from the file mine.toml")


async def test_the_design_against_a_preset_chosen_in_the_form():
    async with at_work() as desk:
        await desk.keys("B")
        assert isinstance(desk.top, FormScreen)
        await desk.fill(other="nd-boundary")
        await desk.keys("enter")
        await compared(desk)
        assert ("rules[base].mode", "boundary", "negotiation-discovery") in rows(desk)


async def test_what_cannot_be_read_is_refused_in_the_form_and_what_was_compared_stays(tmp_path: Path):
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    wrongs = {
        "no-such-preset": "there is no preset 'no-such-preset'",
        str(tmp_path / "broken.toml"): "broken.toml: line 1",
        "./none.toml": "none.toml",
        "~nobody-of-that-name/none.toml": "none.toml",
        "[/x] \ue000": "there is no file [/x]",
        "a" * 5000: "there is no preset 'aaa",
    }
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other="nd-boundary")
        await desk.keys("enter")
        await compared(desk)
        before = rows(desk)
        await desk.keys("B")
        for wrong, said in wrongs.items():
            await desk.fill(other=wrong)
            assert "Reads it, and shows" in desk.problem
            await desk.keys("enter")
            await desk.until(lambda said=said: said in desk.problem)
            assert desk.top.query_one("#problem").has_class("-wrong")
        await desk.keys("escape")
        assert rows(desk) == before
        assert desk.said == []


async def test_a_backend_that_cannot_be_read_is_refused_in_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unreadable(_: StoreBackend) -> None:
        raise InputError("the store cannot be read")

    async with at_work(store=tmp_path / "store") as desk:
        monkeypatch.setattr(StoreBackend, "snapshot", unreadable)
        await desk.keys("B", "j", "enter")
        await desk.until(lambda: "the store cannot be read" in desk.problem)
        await desk.keys("escape")
        assert desk.said == []


async def test_a_form_that_reads_takes_nothing_that_was_changed_meanwhile():
    begun, wanted, taken = Event(), Event(), []

    def reading(made: str) -> Callable[[], object]:
        def work() -> None:
            begun.set()
            wanted.wait(10)
            if made == "wrong":
                raise InputError("it cannot be read")

        return work

    form = Form("Read", (TextField("it", "It"),), {"it": "wrong"}, lambda v: v["it"], str.upper, reading=reading)
    async with at_work() as desk:
        desk.app.push_screen(FormScreen(form), taken.append)
        await desk.settle()
        await desk.keys("enter")
        await desk.until(begun.is_set)
        assert desk.problem == "Reading ..."
        await desk.fill(it="right")
        wanted.set()
        await desk.until(lambda: not desk.app.under_way)
        assert (desk.problem, taken) == ("RIGHT", [])
        await desk.keys("enter")
        await desk.until(lambda: taken == ["right"])


async def test_a_file_that_is_gone_later_is_told():
    path = presets.own_path("mine")
    presets.save(preset("nd-boundary"), path)
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other=str(path))
        await desk.keys("enter")
        await compared(desk)
        path.unlink()
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await compared(desk, "not compared with")
        assert desk.said[-1].startswith("Not compared: ")


async def test_the_design_against_what_is_applied(tmp_path: Path):
    store = StoreBackend(tmp_path / "store")
    store.apply(store.plan(compile_design(preset("nd-transport"))))
    async with at_work(store=tmp_path / "store") as desk:
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.keys("B", "j", "enter")
        await compared(desk)
        assert rows(desk)[0] == ("in v4 udp from 10.0.0.1 port 53", "protected", "exempt")
        assert not any(what.startswith("exemptions[") for what, *_ in rows(desk))


async def test_what_is_applied_is_read_again_when_a_plan_was_carried_out(tmp_path: Path):
    async with at_work(store=tmp_path / "store") as desk:
        await desk.keys("B", "j", "enter")
        await compared(desk)
        await desk.keys("p")
        await desk.planned()
        await desk.keys("A", "enter")
        await desk.planned()
        await desk.keys("q")
        assert desk.said[-1] == "nd-transport is applied to store"
        await compared(desk, "no difference from what store holds")


async def test_what_another_program_does_to_the_backend_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ndtui.screens.designer.LOOK_EVERY", 0.01)
    other = StoreBackend(tmp_path / "store")
    async with at_work(store=tmp_path / "store") as desk:
        await desk.keys("B", "j", "enter")
        await compared(desk)
        other.apply(other.plan(compile_design(desk.design)))
        await compared(desk, "no difference from what store holds")
        other.apply(other.plan_rollback())
        await compared(desk)


async def test_a_compared_file_that_changes_on_disk_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ndtui.screens.designer.LOOK_EVERY", 0.01)
    path = tmp_path / "other.toml"
    presets.save(preset("nd-boundary"), path)
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other=str(path))
        await desk.keys("enter")
        await compared(desk)
        path.unlink()
        await compared(desk, "not compared with the file")
        path.write_text(format_design(desk.design), encoding="utf-8")
        await compared(desk, "no difference from the file")
        assert len(desk.said) == 1


async def test_what_stays_as_it_was_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    read = []
    monkeypatch.setattr("ndtui.app.compare_actions._read", lambda word: read.append(word) or _read(word))
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other="nd-boundary")
        await desk.keys("enter")
        await compared(desk)
        for _ in range(3):
            await desk.keys("1", "5")
            await desk.app.designer._comparing.look()
        assert read == ["nd-boundary"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_what_the_design_is_compared_with_is_always_in_sight(size: tuple[int, int], tmp_path: Path):
    async with at_work(size=size, store=tmp_path / "store") as desk:
        assert "against" not in desk.words
        await desk.keys("5")
        assert "against nd-transport as it was opened" in desk.words
        await desk.keys("B", "j", "enter")
        await desk.until(lambda: "against what store holds" in desk.words)
        await desk.keys("B")
        await desk.fill(other="ms-sample")
        await desk.keys("enter")
        await compared(desk)
        await desk.keys("G")
        assert "against the preset ms-sample" in desk.words
        await desk.keys("1")
        assert "against" not in desk.words


async def test_a_long_path_that_the_design_is_compared_with_is_cut_with_a_sign(tmp_path: Path):
    path = tmp_path / ("x" * 100) / "other.toml"
    path.parent.mkdir()
    presets.save(preset("nd-boundary"), path)
    async with at_work(size=(60, 20)) as desk:
        await desk.keys("B")
        await desk.fill(other=str(path))
        await desk.keys("enter")
        await compared(desk)
        [line] = [line for line in desk.text.split("\n") if "against" in line]
        assert line.endswith("…")


async def test_the_view_follows_edits_and_undo():
    async with at_work() as desk:
        await desk.keys("5")
        for changed in (lambda d: edits.toggle_module(d, "IKE"), lambda d: edits.toggle_family(d, "V6")):
            desk.app.edit("change", changed)
            await desk.settle()
        await desk.until(lambda: {what for what, *_ in rows(desk)} >= {"keying_modules", "families"})
        await desk.keys("u", "u")
        await compared(desk, "no difference from")


async def test_keys_go_from_change_to_change_round_and_round():
    async with at_work() as desk:
        await desk.keys("r")
        assert desk.said[-1] == "Nothing here is marked: no change touched this view"
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        seen = []
        for _ in range(4):
            await desk.keys("r")
            assert desk.table.marks.get(id(desk.table.row)) == "+"
            seen.append(desk.table.row.layer)
        assert len(set(seen)) == 3
        assert seen[3] == seen[0]
        assert desk.table.has_focus
        await desk.keys("R")
        assert desk.table.row.layer == seen[2]


async def test_the_list_of_edits_goes_to_any_of_them():
    async with at_work(size=(100, 30)) as desk:
        await desk.select("V6")
        await desk.keys("space")
        desk.app.edit("add DNS", lambda d: edits.add_exemption(d, DNS))
        await desk.select("extended_mode")
        await desk.keys("space", "u", "H")
        assert isinstance(desk.top, StepsScreen)
        assert [row.split("\t") for row in desk.top.query_one("#steps").text().split("\n")[1:]] == [
            ["3", "extended_mode on", "undone"],
            ["2", "add DNS", "now"],
            ["1", "V6 off", ""],
            ["0", "open", ""],
        ]
        assert "as it is now" in desk.words
        await desk.keys("j")
        assert "exemptions[DNS]:" in desk.words
        await desk.keys("enter")
        assert desk.names == ["ICMP"]
        assert desk.design.families == ("V4",)
        assert len(desk.bench.history.future) == 2
        await desk.keys("U", "U")
        assert desk.design.extended_mode is not None
        assert list(labels(desk)) == ["open", "V6 off", "add DNS", "extended_mode on"]
        await desk.keys("H", "escape")
        assert desk.top is desk.app.designer


async def test_the_list_of_edits_says_what_was_switched_on_and_what_off():
    async with at_work() as desk:
        for row in ("IKEv2", "IKE", "extended_mode", "exemption:ICMP"):
            await desk.select(row)
            await desk.keys("space", "space")
        assert list(labels(desk))[1:] == [
            *("IKEv2 on", "IKEv2 off", "IKE off", "IKE on", "extended_mode on", "extended_mode off"),
            *("ICMP off", "ICMP on"),
        ]


async def test_the_list_of_edits_has_the_room_that_one_line_of_differences_does_not_need():
    async with at_work(size=(80, 24)) as desk:
        for number in range(20):
            desk.app.edit(f"step {number}", lambda d, weight=number: edits.set_sublayer(d, weight))
        await desk.keys("H")
        assert desk.top.query_one("#steps").size.height >= 12
        await desk.keys("j")
        assert "sublayer.weight: 19 now, 18 there" in desk.words


async def test_the_edits_of_a_large_design_are_compared_beside_the_keys(monkeypatch):
    threads = []
    monkeypatch.setattr("ndtui.ui.state.beside.AT_ONCE", 0)
    monkeypatch.setattr(StepsScreen, "_text", lambda *_: threads.append(current_thread()) or "compared")
    async with at_work() as desk:
        await desk.keys("H")
        await desk.until(lambda: "compared" in desk.words)
    assert main_thread() not in threads


async def test_an_answer_that_comes_while_the_designer_closes_is_nobodys():
    async with at_work() as desk:
        await desk.keys("5")
        await compared(desk, "no difference")
        await desk.top.query_one("ViewBar").remove()
        desk.app.designer._show_changes()
        await desk.settle()
        assert desk.app.is_running


async def test_a_comparison_that_is_shown_no_more_is_freed_beside_the_keys(monkeypatch: pytest.MonkeyPatch):
    """100,000 rows that are freed where keys are answered hold those up for 50 ms."""
    freed: list[tuple[bool, bool, int]] = []

    def let_go(parts: list[Any]) -> None:
        rows = [part for part in parts if isinstance(part, ChangeRow)]
        shown = any(row is other for row in rows for other in desk.table.source)
        freed.append((current_thread() is main_thread(), shown, len(rows)))

    monkeypatch.setattr("ndtui.screens.comparing.let_go", let_go)
    async with at_work() as desk:
        await desk.select("V6")
        await desk.keys("space", "5")
        await compared(desk)
        first = len(rows(desk))
        await desk.keys("B")
        await desk.fill(other="nd-boundary")
        await desk.keys("enter", "enter")
        await desk.until(lambda: freed)
        assert freed == [(False, False, first)]
        await compared(desk)
        second = len(rows(desk))
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.until(lambda: len(freed) == 2)
        assert freed[1] == (False, False, second)


async def test_a_change_of_provider_contexts_alone_is_said_and_marked_where_they_are():
    async with at_work() as desk:
        await desk.select("algorithms")
        await desk.keys("e", "j", "enter")
        assert desk.bench.changes.words() == ""
        assert "|  ~4 contexts (r)" in desk.status
        await desk.keys("r")
        assert desk.said[-1] == (
            "Nothing here is marked: the last change touched provider contexts alone, which 3 shows"
        )
        await desk.keys("3", "r")
        assert desk.table.marks[id(desk.table.row)] == "~"
        assert len(desk.table.marks) == 4


async def test_provider_contexts_that_are_gone_stay_to_be_seen_and_count_no_more():
    async with at_work(size=(140, 40)) as desk:
        desk.app.edit("switch", lambda d: edits.toggle_module(d, "IKE"))
        await desk.settle()
        assert "|  -4, -2 contexts (r)" in desk.status
        await desk.keys("3", "r")
        assert len(desk.table.rows) == 4
        assert desk.table.marks[id(desk.table.row)] == "-"
        assert "IKE" in desk.table.row.name
        assert "3 Contexts 2" in desk.text
        await desk.keys("u")
        assert "|  +4, +2 contexts (r)" in desk.status
        assert len(desk.table.rows) == 4


async def test_rows_of_folded_groups_are_gone_to_and_unfolded():
    async with at_work() as desk:
        desk.table.focus()
        await desk.keys("F")
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        seen = []
        for _ in range(4):
            await desk.keys("r")
            assert desk.table.marks.get(id(desk.table.row)) == "+"
            seen.append(desk.table.row.layer)
        assert len(set(seen)) == 3
        assert seen[3] == seen[0]
        await desk.keys("R")
        assert desk.table.row.layer == seen[2]


async def test_what_a_filter_hides_is_said_to_be_hidden():
    async with at_work() as desk:
        desk.table.focus()
        await desk.keys("/", *"ike", "enter")
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        await desk.keys("r")
        assert desk.said[-1] == "What has changed here is filtered out: esc shows all"
        await desk.keys("escape", "r")
        assert desk.table.marks.get(id(desk.table.row)) == "+"


async def test_what_has_changed_is_found_in_a_sorted_table_too():
    async with at_work() as desk:
        desk.table.focus()
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        await desk.keys("F", "S", "r")
        assert desk.table.marks.get(id(desk.table.row)) == "+"


async def test_findings_that_came_with_the_last_change_are_marked():
    async with at_work() as desk:
        await desk.until(lambda: desk.bench.checked)
        await desk.keys("4", "r")
        assert desk.said[-1] == "Nothing here is marked: no change touched this view"
        await desk.keys("a", *"udp 53", "enter")
        await desk.until(lambda: desk.bench.checked)
        known = len(desk.table.rows)
        await desk.keys("r")
        assert "UDP 53" in desk.table.row.message
        assert [desk.table.marks.get(id(row)) for row in desk.table.rows].count("+") < known


async def test_the_present_step_of_the_edits_leaves_everything_as_it_is():
    async with at_work() as desk:
        await desk.keys("a", *"udp 77", "enter")
        before = desk.bench
        await desk.keys("H")
        assert isinstance(desk.top, StepsScreen)
        await desk.keys("enter")
        assert desk.bench is before
        assert "+6 (r)" in desk.status


async def test_keys_on_what_the_last_change_has_removed_say_so():
    async with at_work() as desk:
        await desk.keys("a", *"udp 53", "enter", "u", "r")
        for key in ("space", "e", "d"):
            await desk.keys(key)
            assert desk.said[-1] == GONE


async def test_a_design_is_compared_with_connection_security_rules_too(tmp_path: Path):
    place = tmp_path / "isolation.reg"
    place.write_text(registry(ISOLATION, TUNNEL), encoding="utf-16")
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other=str(place))
        await desk.keys("enter")
        await compared(desk)
        assert "rules[Isolation]" in desk.table.text()
        (said,) = desk.said
        assert said.startswith(f"{place} was read as connection security rules of Windows Firewall: 1 rule, ")
        assert said.endswith("1 thing could not be said, ndtui import names it")


async def test_of_what_no_design_can_be_compared_with_it_is_said_what_it_seems_to_be(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("state.xml").write_text("<wfpstate/>", encoding="utf-8")
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other="state.xml")
        await desk.keys("enter")
        await desk.until(lambda: "inspect, order, trace and diff take it" in desk.words)


async def test_what_it_is_compared_with_stands_in_the_question():
    async with at_work() as desk:
        await desk.keys("B")
        await desk.fill(other="nd-boundary")
        await desk.keys("enter")
        await compared(desk)
        await desk.keys("B")
        assert "(x) a preset or another file as it is" in desk.words
        assert desk.top.query_one("#other", Input).value == "nd-boundary"


async def on_change(desk: Desk, what: str) -> None:
    """Put the cursor on a change."""
    await desk.go_to(lambda row: isinstance(row, ChangeRow) and row.what == what)


async def test_e_on_a_change_opens_the_form_of_what_is_there_still():
    made = preset("nd-transport").model_dump(mode="json", by_alias=True)
    made["exemptions"] = [{"name": "ICMP]. x", "protocol": "icmp", "comment": "before"}]
    made["assert"] = [{"traffic": "in v4 tcp", "verdict": "protected"}]
    made["suppress"] = [{"id": "weak-group", "reason": "it is a test"}]
    async with at_work(Design.model_validate(made), size=(140, 40)) as desk:
        changed = deepcopy(made)
        changed["exemptions"][0] |= {"remote_addresses": ["10.0.0.0/8"]}
        changed["assert"][0] |= {"comment": "why"}
        changed["suppress"][0] |= {"reason": "it is still one"}
        changed["main_mode"]["proposals"][1]["dh_group"] = "IKEEXT_DH_GROUP_14"
        changed |= {"description": "another", "lifetime": "dynamic"}
        changed["rules"][0] |= {"nd_secure": False}
        desk.app.edit("change", lambda _: Design.model_validate(changed))
        await desk.keys("5")
        await compared(desk)
        for what, title in (
            ("exemptions[ICMP]. x].remote_addresses", "Exemption"),
            ("rules[base].nd_secure", "Rule"),
            ("assert[in v4 tcp].comment", "Test"),
            ("suppress[weak-group].reason", "Accepted finding"),
            ("main_mode.proposals[1].dh_group", "Main mode"),
            ("description", "Name and description"),
            ("lifetime", "Lifetime"),
            ("INBOUND_TRANSPORT_V4: exempt ICMP]. x", "Exemption"),
            ("IKE main mode", "Main mode"),
            ("AuthIP quick mode", "Quick mode"),
        ):
            await on_change(desk, what)
            await desk.keys("e")
            assert isinstance(desk.top, FormScreen), what
            assert title.casefold() in desk.words.casefold(), what
            await desk.keys("escape")
            await desk.settle()


async def test_e_on_a_change_of_a_proposal_stands_on_it_where_it_is_there_still():
    base = preset("nd-transport").model_dump(mode="json", by_alias=True)
    shorter = deepcopy(base)
    del shorter["main_mode"]["proposals"][2]
    async with at_work(Design.model_validate(base)) as desk:
        desk.app.edit("change", lambda _: Design.model_validate(shorter))
        await desk.keys("5")
        await compared(desk)
        await on_change(desk, "main_mode.proposals[2]")
        await desk.keys("e")
        assert desk.top.query_one("#proposals").cursor == 1
        await desk.keys("escape")


@pytest.mark.parametrize(
    ("what", "member"), [("exemptions[ICMP]", "protocol"), ("INBOUND_TRANSPORT_V4: exempt ICMP", "filterKey")]
)
async def test_what_is_gone_has_no_form_and_is_copied_as_it_was(what: str, member: str):
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("5")
        desk.app.edit("delete", lambda d: d.model_copy(update={"exemptions": ()}))
        await compared(desk)
        await on_change(desk, what)
        await desk.keys("e")
        assert desk.said[-1] == GONE_SINCE
        await desk.keys("C")
        assert member in json.loads(desk.app.clipboard)


async def test_a_change_is_copied_as_it_is_now():
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("5")
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await compared(desk)
        await on_change(desk, "exemptions[DNS]")
        await desk.keys("C")
        assert json.loads(desk.app.clipboard) == DNS.model_dump(mode="json")
        await on_change(desk, "INBOUND_TRANSPORT_V4: exempt DNS")
        await desk.keys("C")
        documents = map(filter_document, desk.bench.filterset.filters)
        assert json.loads(desk.app.clipboard) in [each for each in documents if "DNS" in each["displayData"]["name"]]
        await on_change(desk, "in v4 udp from 10.0.0.1 port 53")
        await desk.keys("C")
        assert desk.said[-1] == "Select an object, a rule or an exemption first"

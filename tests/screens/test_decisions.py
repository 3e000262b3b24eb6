"""The left pane: every decision switches what it says, and every view follows."""

from typing import get_args

import pytest

from ndtui.screens.dialogs.dialog import PromptScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.rows.design_rows import ViewName
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import NOTHING_AT_ONCE, Desk, at_work, labels
from tests.support import design, exempting, preset


def shown(desk: Desk, identity: str) -> str:
    """Return the text of a row of the left pane."""
    row = next(row for row in desk.decisions.rows if getattr(row, "id", "") == identity)
    return row.text


def in_step(desk: Desk) -> None:
    """Check that the status line tells the state, and that the table has all of it."""
    assert f"{desk.count} filters" in desk.status
    rows = [row for row in desk.table.rows if hasattr(row, "slot")]
    gone = set(map(id, desk.bench.changes.removed))
    assert [row for row in rows if id(row) not in gone] == list(desk.bench.filterset.filters)


# What space does to each switch: row, text before and after, filters and contexts after.
SWITCHES = [
    ("IKE", "[x] IKE", "[ ] IKE", 16, 2),
    ("AuthIP", "[x] AuthIP", "[ ] AuthIP", 16, 2),
    ("V4", "[x] IPv4", "[ ] IPv4", 10, 4),
    ("V6", "[x] IPv6", "[ ] IPv6", 10, 4),
    ("extended_mode", "[ ] Extended mode", "[x] Extended mode  Kerberos, NTLMv2", 20, 4),
]


async def test_each_switch_switches_what_it_says():
    async with at_work() as desk:
        start = desk.design
        for identity, before, after, filters, contexts in SWITCHES:
            await desk.select(identity)
            assert shown(desk, identity) == before
            await desk.keys("space")
            assert shown(desk, identity) == after
            assert desk.decisions.row.id == identity
            assert (desk.count, len(desk.bench.filterset.contexts)) == (filters, contexts)
            assert list(labels(desk))[-1] == f"{identity} {'on' if '[x]' in after else 'off'}"
            in_step(desk)
            await desk.keys("u")
            assert desk.design is start
            assert shown(desk, identity) == before
            in_step(desk)


@pytest.mark.parametrize("key", ["e", "enter"])
async def test_the_form_of_a_switch_says_what_it_would_do(key):
    async with at_work() as desk:
        for identity, before, after, filters, contexts in SWITCHES:
            await desk.select(identity)
            await desk.keys(key)
            assert isinstance(desk.top, FormScreen)
            assert desk.top.focused.id == identity
            assert desk.problem == "changes nothing"
            await desk.keys("space")
            assert f"{filters} filters" in desk.problem or f"{filters} in all" in desk.problem
            assert shown(desk, identity) == before
            await desk.keys("enter")
            assert shown(desk, identity) == after
            assert (desk.count, len(desk.bench.filterset.contexts)) == (filters, contexts)
            await desk.keys("u")
        assert desk.top is desk.app.designer


# Decisions that are chosen in a form: row, text before, keys in the form, what it would do, text after.
CHOICES = [
    ("lifetime", "Lifetime  static", "j", "~20 filters, 20 in all", "Lifetime  persistent"),
    ("lifetime", "Lifetime  static", "k", "the same 20 filters; note: ", "Lifetime  dynamic"),
]


@pytest.mark.parametrize("key", ["space", "enter", "e"])
async def test_what_has_several_values_is_chosen_from_a_list(key):
    async with at_work() as desk:
        for identity, before, keys, effect, after in CHOICES:
            await desk.select(identity)
            await desk.keys(key)
            assert isinstance(desk.top, FormScreen)
            assert "as it is" in desk.words
            assert desk.problem == "changes nothing"
            await desk.keys(keys)
            assert desk.problem.startswith(effect)
            assert shown(desk, identity) == before
            await desk.keys("enter")
            assert after in shown(desk, identity)
            await desk.keys("u")
            assert shown(desk, identity) == before
        assert desk.design == preset("nd-transport")


async def test_what_a_switch_means_for_the_objects():
    async with at_work() as desk:
        await desk.select("extended_mode")
        await desk.keys("space")
        await desk.select("lifetime")
        await desk.keys("space", "G", "enter")
        quick = [c for c in desk.bench.filterset.contexts if "quick" in c.name]
        assert [c.policy.extended_mode is not None for c in quick] == [False, True]
        assert all("FWPM_FILTER_FLAG_PERSISTENT" in f.slot.flags for f in desk.bench.filterset.filters)


async def refused(desk: Desk, identity: str, *words: str) -> None:
    """Switch a decision that cannot be switched: it is said by name, and nothing changes."""
    before, times = desk.bench, len(desk.said)
    await desk.select(identity)
    await desk.keys("space")
    assert desk.bench is before
    assert len(desk.said) == times + 1
    for word in words:
        assert word in desk.said[-1]


@pytest.mark.parametrize(
    ("fields", "identity", "words"),
    [
        ({"keying_modules": ["IKE"]}, "IKE", ["no keying module is on"]),
        ({"keying_modules": ["AuthIP"]}, "AuthIP", ["no keying module is on"]),
        ({"families": ["V4"]}, "V4", ["no address family is covered"]),
        ({"families": ["V6"]}, "V6", ["no address family is covered"]),
        ({"extended_mode": {}}, "AuthIP", ["Extended mode without AuthIP", "switch AuthIP on, or Extended mode off"]),
        ({"keying_modules": ["IKE"]}, "extended_mode", ["Extended mode without AuthIP"]),
        ({}, "rule:base", ["Rules: none that is enabled protects"]),
        (
            {"exemptions": [{"name": "only six", "families": ["V6"]}]},
            "V6",
            ["exemption 'only six', Applies: 'only six' leaves out IPv4"],
        ),
    ],
)
async def test_what_is_impossible_is_refused_with_the_reason(fields, identity, words):
    async with at_work(design(**fields), toasts=True) as desk:
        await refused(desk, identity, *words)
        assert "Not possible" in desk.text
        assert words[-1] in desk.words


async def test_space_on_rows_that_are_no_switch_opens_their_form():
    async with at_work() as desk:
        before = desk.bench
        for identity in ("name", "add_rule", "lifetime", "sublayer", "add_test", "add_accepted", "add"):
            await desk.select(identity)
            await desk.keys("space")
            assert isinstance(desk.top, FormScreen)
            await desk.keys("escape")
        assert desk.bench is before


@pytest.mark.parametrize("key", ["e", "enter"])
async def test_renaming(key):
    async with at_work() as desk:
        await desk.select("name")
        await desk.keys(key)
        assert isinstance(desk.top, FormScreen)
        await desk.fill(text="renamed")
        await desk.keys("enter")
        assert desk.design.name == "renamed"
        assert desk.status.startswith("renamed *")
        assert all(f.name.startswith("renamed: ") for f in desk.bench.filterset.filters)
        assert shown(desk, "name") == "Policy  renamed"


async def test_renaming_keeps_an_identity_that_the_file_states():
    stated = design(id="6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a52")
    async with at_work(stated) as desk:
        keys = [f.key for f in desk.bench.filterset.filters]
        await desk.keys("n")
        await desk.fill(text="renamed")
        await desk.press("ok")
        assert desk.design.name == "renamed"
        assert [f.key for f in desk.bench.filterset.filters] == keys


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ("   ", "is empty"), ("a" * 513, "512"), ("a\u202eb", "U+202E")]
)
async def test_a_name_that_cannot_be_is_refused(text, said):
    async with at_work() as desk:
        before = desk.bench
        await desk.keys("n")
        await desk.fill(text=text)
        await desk.keys("enter")
        assert desk.bench is before
        assert said in desk.problem


@pytest.mark.parametrize("key", ["escape", "cancel"])
async def test_a_prompt_that_is_closed_changes_nothing(key):
    async with at_work() as desk:
        before = desk.bench
        for action in ("app.rename", "app.save_as"):
            await desk.run(action)
            assert isinstance(desk.top, FormScreen if action == "app.rename" else PromptScreen)
            await desk.fill(text="something")
            await (desk.press(key) if key == "cancel" else desk.keys(key))
            assert desk.top is desk.app.designer
        assert desk.bench is before


async def test_the_sublayer():
    async with at_work() as desk:
        await desk.select("sublayer")
        await desk.keys("enter")
        await desk.fill(weight="70000")
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        assert "'70000' is no weight" in desk.problem
        for wrong in ("-1", "x", "1.5", "٣", "9" * 5000):
            await desk.fill(weight=wrong)
            assert "is no weight" in desk.problem
        await desk.fill(weight=" 40000 ")
        assert "filters" in desk.problem
        await desk.keys("enter")
        assert (desk.design.sublayer.kind, desk.design.sublayer.weight) == ("own", 40000)
        assert shown(desk, "sublayer") == "Sublayer  own, 40000"
        assert len(desk.bench.filterset.sublayers) == 1
        await desk.keys("enter", "k", "enter")
        assert desk.design == preset("nd-transport")


async def test_tests_are_added_edited_copied_moved_and_deleted():
    async with at_work() as desk:
        await desk.select("add_test")
        await desk.keys("enter")
        assert desk.top.focused.id == "traffic"
        assert desk.problem == "Say which traffic it is about"
        await desk.write("in tcp port")
        assert "'port' means nothing" in desk.problem
        await desk.fill(traffic="in tcp from 10.0.0.0/8")
        await desk.keys("tab", "G")
        assert "error: " in desk.problem  # no packet of it is untouched
        await desk.keys("enter")
        assert "in tcp from 10.0.0.0/8: untouched" in desk.decisions.text()
        await desk.keys("e", "tab", "g", "enter", "D")
        tests = [(each.traffic, each.verdict) for each in desk.design.assertions]
        assert tests == [("in tcp from 10.0.0.0/8", "protected")] * 2
        await desk.keys("e")
        await desk.fill(traffic="in udp")
        await desk.keys("enter", "K")
        assert [each.traffic for each in desk.design.assertions] == ["in udp", "in tcp from 10.0.0.0/8"]
        await desk.keys("J")
        assert [each.traffic for each in desk.design.assertions] == ["in tcp from 10.0.0.0/8", "in udp"]
        assert desk.decisions.row.element.traffic == "in udp"
        await desk.keys("d", "k", "d")
        assert desk.design == preset("nd-transport")


async def test_a_test_that_is_false_leads_to_the_trace_of_a_packet_that_shows_it():
    made = design(
        **{"assert": [{"traffic": "in tcp", "verdict": "blocked"}, {"traffic": "out udp", "verdict": "clear"}]}
    )
    async with at_work(made) as desk:
        await desk.select("assertions:0")
        await desk.keys("t")
        assert isinstance(desk.top, TraceScreen)
        assert desk.packet.startswith("in tcp ")
        assert "The test is false: this packet is not blocked" in desk.words
        await desk.keys("q")
        await desk.select("assertions:1")
        await desk.keys("t")
        assert desk.said[-1] == "The test holds: out udp is clear"
        await desk.keys("q", "4")
        await desk.go_to(lambda row: getattr(row, "id", "") == "assertion-failed")
        await desk.keys("t")
        assert "The test is false" in desk.words


async def test_a_test_that_is_false_is_marked_as_soon_as_that_is_known():
    tests = [{"traffic": "in tcp", "verdict": "blocked"}, {"traffic": "out udp", "verdict": "clear"}]
    async with at_work(design(**{"assert": tests}), size=(140, 40), settings=NOTHING_AT_ONCE) as desk:
        await desk.until(lambda: "× in tcp: blocked" in desk.text)
        assert "× out udp" not in desk.text
        await desk.select("assertions:0")
        await desk.keys("e", "tab", "g", "enter")
        await desk.until(lambda: desk.bench.checked)
        assert "×" not in desk.decisions.text()


async def test_an_accepted_finding_is_written_with_its_reason():
    async with at_work() as desk:
        await desk.select("add_accepted")
        await desk.keys("enter")
        await desk.fill(id="no-exemptions")
        assert desk.problem == "Reason: is empty: say why the finding is accepted"
        await desk.fill(reason="a lab")
        await desk.keys("enter")
        assert [(each.id, each.reason, each.where) for each in desk.design.suppressions] == [
            ("no-exemptions", "a lab", "")
        ]
        assert "Reason: a lab" in desk.explanation
        await desk.keys("d")
        assert desk.design == preset("nd-transport")


async def test_a_description_of_several_lines_is_kept_unless_it_is_changed():
    described = design(description="one\ntwo")
    async with at_work(described) as desk:
        await desk.keys("n")
        await desk.fill(name="renamed")
        await desk.keys("enter")
        assert (desk.design.name, desk.design.description) == ("renamed", "one\ntwo")
        await desk.keys("n")
        await desk.fill(description="three")
        await desk.keys("enter")
        assert desk.design.description == "three"


async def test_headings_are_passed_over():
    async with at_work() as desk:
        seen = [desk.decisions.row]
        for _ in range(34):
            await desk.keys("j")
            seen.append(desk.decisions.row)
        names = list(dict.fromkeys(getattr(row, "id", "") or row.name for row in seen))
        assert names == [
            "name", "base", "add_rule", "IKE", "AuthIP", "IKEv2", "algorithms", "main_mode", "quick_mode",
            "extended_mode", "windows", "V4", "V6",
            "lifetime", "sublayer", "add_test", "add_accepted", "ICMP", "add",
        ]  # fmt: skip


async def test_the_lower_pane_tells_what_a_decision_means():
    async with at_work(size=(140, 45)) as desk:
        for identity, *_ in SWITCHES:
            await desk.select(identity)
            assert shown(desk, identity).strip() in desk.explanation
            assert "See: https://learn.microsoft.com/" in desk.explanation
            assert "Change: space" in desk.explanation
        await desk.select("exemption:ICMP")
        assert "Exemption: ICMP Protocol: icmp" in desk.explanation
        assert "Path MTU discovery" in desk.words


async def test_an_edit_is_told_by_messages_alone():
    """The panes post what the operator wants, and the app alone makes a new state of it."""
    async with at_work() as desk:
        await desk.select("IKE")
        desk.messages.clear()
        await desk.keys("enter")
        chosen = [m for m in desk.messages if isinstance(m, RowTable.Activated)]
        assert [m.row.id for m in chosen] == ["IKE"]
        await desk.keys("space", "enter")
        assert desk.count == 16
        as_timeline = {m.table.id for m in desk.messages if isinstance(m, RowTable.Highlighted)}
        assert as_timeline == {"decisions", "table"}


async def test_the_rows_of_every_view_follow():
    async with at_work(exempting({"name": "web", "protocol": "tcp", "remote_ports": [443]})) as desk:
        texts: dict[str, str] = {}
        views = [name for name in get_args(ViewName) if name != "changes"]  # which follows beside the rest
        for name in views:
            await desk.run(f"view('{name}')")
            texts[name] = desk.table.text()
        assert "web" in texts["filters"]
        assert "web" in texts["weights"]
        await desk.select("exemption:web")
        for name in views:
            await desk.run(f"view('{name}')")
            await desk.select("exemption:web")
            await desk.keys("space")
            after = desk.table.text()
            assert (after != texts[name]) is (name != "contexts")
            await desk.run("app.undo")
            assert desk.table.text() == texts[name]


@pytest.mark.parametrize("key", ["e", "space"])
async def test_the_heading_of_a_folded_group_is_no_decision(key):
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("left", key)
        assert desk.decisions.row.id == "keying"
        assert desk.top is desk.app.designer
        assert desk.said[-1] == "Unfold the group, and select what is in it"
        await desk.keys("right", key)
        assert desk.count == 16 if key == "space" else desk.top is not desk.app.designer


@pytest.mark.parametrize("heading", ["rules", "keying", "families", "objects", "tests", "accepted", "exemptions"])
async def test_a_folded_group_says_what_is_in_it_and_how_it_unfolds(heading: str):
    async with at_work() as desk:
        desk.decisions.focus()
        await desk.keys("F")
        assert desk.decisions.go_to(lambda row: getattr(row, "id", "") == heading)
        await desk.settle()
        said = {line.label: line.text for line in desk.top.query_one(Detail).lines}
        assert list(said) == ["Folded", "What", "Keys"]
        assert said["What"].endswith(".")
        assert said["Keys"] == "enter or right unfolds it"

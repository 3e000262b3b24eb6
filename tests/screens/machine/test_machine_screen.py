"""Machine: every object of a file is there, in order, found by the query language, and explained in full."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.dump import Dump
from ndtui.analysis.trace.listed_filters import ListedGroup
from ndtui.app.launch import _is_first_start
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.ui.rows.machine.explained import explain_machine_row
from ndtui.ui.rows.machine.views import LOOKS, MachineViews
from ndtui.ui.state.machine import FilterRow, machine_of, open_machine
from ndtui.ui.state.options import Options
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.a_machine import CONTEXT, IN_XML, a_filter, port, state_file
from tests.desk import Desk, at_work
from tests.machines import MACHINES, filter_count, machine_file


@asynccontextmanager
async def opened(path: Path, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Desk]:
    async with at_work(size=size, machine=open_machine(path), **options) as desk:
        assert isinstance(desk.top, MachineScreen)
        yield desk


def table(desk: Desk) -> RowTable:
    return desk.top.query_one("#machine-rows", RowTable)


def names(desk: Desk) -> list[str]:
    """Return the names of the filters that are shown, and the headings in brackets."""
    rows = table(desk).rows
    return [f"[{row.title}]" if isinstance(row, ListedGroup) else row.filter.name for row in rows]


def said(desk: Desk) -> dict[str, str]:
    """Return what the lower pane says, label by label."""
    found: dict[str, str] = {}
    label = ""
    for line in desk.top.query_one(Detail).lines:
        label = line.label or label
        found[label] = f"{found[label]}\n{line.text}" if label in found else line.text
    return found


async def explained(desk: Desk, name: str) -> dict[str, str]:
    assert table(desk).go_to(lambda row: isinstance(row, FilterRow) and row.filter.name == name)
    await desk.settle()
    return said(desk)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return state_file(tmp_path)


async def test_filters_stand_in_effective_order_and_those_that_sleep_apart(path: Path) -> None:
    async with opened(path) as desk:
        layer = "ALE_AUTH_RECV_ACCEPT_V4 (layer 44), sublayer"
        ours = f"[{layer} {{0badc0de-0000-4000-b000-000000000001}} of weight 40000]"
        out = "[ALE_AUTH_CONNECT_V4 (layer 48), sublayer {0badc0de-0000-4000-b000-000000000001} of weight 40000]"
        assert names(desk) == [
            ours, "Web", IN_XML, "Contextual", ours, "Off", "Until BFE",
            f"[{layer} UNIVERSAL of weight 32768]", "Watcher", out, "Outbound",
        ]  # fmt: skip
        assert [row.asleep for row in table(desk).rows if isinstance(row, ListedGroup)] == [False, True, False, False]
        assert "Machine wfpstate.xml: show state, written 2026-01-02T03:04:05.678Z" in desk.text
        cells = [table(desk).view.cells(row)[0] for row in table(desk).rows if isinstance(row, ListedGroup)]
        accept = "ALE_AUTH_RECV_ACCEPT_V4 (layer 44)"
        assert cells[:3] == [
            f"{accept}, Sublayer of the shop, weight 40000  3",
            f"{accept}, Sublayer of the shop, weight 40000, asleep  2",
            f"{accept}, UNIVERSAL, weight 32768  1",
        ]


@pytest.mark.parametrize("name", MACHINES)
def test_every_filter_of_a_machine_stands_once(name: str, tmp_path: Path) -> None:
    machine = open_machine(machine_file(name, tmp_path))
    rows = MachineViews(machine).of("filters")[1]
    filters = [row.filter for row in rows if isinstance(row, FilterRow)]
    assert len(filters) == filter_count(name) == len({id(each) for each in filters})
    for group in (row for row in rows if isinstance(row, ListedGroup)):
        weights = [each.effective_weight for each in group.filters]
        assert weights == sorted(weights, reverse=True)


async def test_a_filter_is_explained_with_everything_that_the_file_says(path: Path) -> None:
    async with opened(path) as desk:
        web = await explained(desk, "Web")
        assert web["About"] == "lets browsers in"
        assert web["Does"] == "hard PERMIT"
        assert web["Matches"] == "IP_LOCAL_PORT = 443"
        assert web["Layer"] == "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4, run-time id 44"
        assert web["Sublayer"].endswith("Sublayer of the shop, weight 40000")
        assert web["Weight"].startswith("effective 0xb fff")
        assert web["Weight"].endswith("submitted FWP_UINT8 12; number 1 of 3 in its sublayer")
        assert web["Flags"] == "FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT"
        assert web["Provider"].startswith("Firewall of the shop (")
        assert web["Provider"].endswith("service ShopSvc")
        assert web["Id"] == "70001, key {0badc0de-0000-4000-a000-000000070001}"
        assert web["Raw context"] == "0"
        assert "Sleeps" not in web
        block = await explained(desk, IN_XML)
        assert block["Matches"] == "IP_LOCAL_PORT = 445\nIP_LOCAL_PORT = 139"
        assert block["Does"] == "hard BLOCK"
        assert (await explained(desk, "Off"))["Sleeps"] == "it is disabled: it decides nothing"
        assert "until BFE is up" in (await explained(desk, "Until BFE"))["Sleeps"]
        watcher = await explained(desk, "Watcher")
        assert watcher["Callout"].endswith("Watching callout: not registered: blocks")
        assert watcher["Provider"] == "none"
        outbound = await explained(desk, "Outbound")
        assert outbound["Provider"].endswith("which the file does not list")
        assert outbound["Matches"] == "everything"


async def test_a_context_is_shown_in_full_where_a_filter_has_one(path: Path) -> None:
    async with opened(path) as desk:
        found = await explained(desk, "Contextual")
        assert found["Context"] == f"{CONTEXT} Shop context"
        assert found["Its type"] == "FWPM_IPSEC_IKE_MM_CONTEXT"
        assert "softExpirationTime: 28800" in found["Policy"]
        assert "maxLifetimeSeconds: 28800" in found["Policy"]


async def test_every_other_object_has_its_view(path: Path) -> None:
    async with opened(path) as desk:
        await desk.keys("2")
        assert [row.weight for row in table(desk).rows] == [40000, 32768]
        assert said(desk)["Filters"].startswith("6: ALE_AUTH_RECV_ACCEPT_V4 5")
        await desk.keys("3")
        assert [row.number for row in table(desk).rows] == [44, 48]
        assert said(desk)["Filters"] == "6, 2 of them asleep"
        assert said(desk)["Fields"] == "FWPM_CONDITION_IP_LOCAL_PORT FWP_UINT16"
        assert said(desk)["Callout"].endswith("Watching callout: not registered, called by 1 filters")
        await desk.keys("4")
        assert (said(desk)["Service"], said(desk)["Flags"]) == ("ShopSvc", "FWPM_PROVIDER_FLAG_DISABLED")
        assert (said(desk)["Filters"], said(desk)["Contexts"]) == ("5", "1")
        assert "the service was not set to start by itself" in said(desk)["Means"]
        await desk.keys("5")
        assert said(desk)["About"] == "why it is there"
        assert "ikeProposals" in said(desk)["Policy"]
        await desk.keys("6")
        assert (said(desk)["Process"], said(desk)["User"]) == ("4711", "NT AUTHORITY\\SYSTEM")
        await desk.keys("v", "v", "v")
        assert desk.top.look_name == "filters"


async def test_a_file_of_show_filters_says_what_it_does_not_list(tmp_path: Path) -> None:
    async with opened(machine_file("filters-newest", tmp_path)) as desk:
        assert "they stand in the order of the file" in desk.words
        for key, what in (("2", "sublayers"), ("5", "provider contexts"), ("6", "sessions")):
            await desk.keys(key)
            assert f"netsh wfp show filters lists no {what}; netsh wfp show state does" in desk.words
            assert not desk.top.query_one(Detail).lines


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("id=70001", ["Web"]),
        ("70004", ["Off"]),
        ("DISABLED", ["Off"]),
        ("FWPM_FILTER_FLAG_BOOTTIME", ["Until BFE"]),
        ("layer-id=48", ["Outbound"]),
        ('"layer 48"', ["Outbound"]),
        ("FWPM_LAYER_ALE_AUTH_CONNECT_V4", ["Outbound"]),
        ("browsers", ["Web"]),
        ("00000070002}", [IN_XML]),
        ('"Shop context"', ["Contextual"]),
        ('"not registered"', ["Watcher"]),
        ("provider:c000-000000000002", ["Outbound"]),
        ("action=block", [IN_XML, "Until BFE"]),
        ("matches:445", [IN_XML]),
        ('matches:"IP_LOCAL_PORT = 445"', [IN_XML]),
        ('matches:"local port 445"', [IN_XML]),
        ('"IP_LOCAL_PORT = 445"', [IN_XML]),
        ("asleep", []),
    ],
)
async def test_the_query_language_finds_what_inspect_finds(query: str, found: list[str], path: Path) -> None:
    async with opened(path) as desk:
        await desk.keys("/", *query, "enter")
        await desk.until(lambda: not table(desk).working)
        shown = [each for each in names(desk) if not each.startswith("[ALE")]
        assert shown == (found if query != "asleep" else ["Off", "Until BFE"])


async def test_a_layer_a_sublayer_and_a_provider_lead_to_their_filters(path: Path) -> None:
    async with opened(path) as desk:
        await desk.keys("3", "j", "enter")
        assert (desk.top.look_name, table(desk).filter_text) == ("filters", 'layer="ALE_AUTH_CONNECT_V4"')
        assert [each for each in names(desk) if not each.startswith("[ALE")] == ["Outbound"]
        await desk.keys("escape", "2", "j", "enter")
        assert [each for each in names(desk) if not each.startswith("[ALE")] == ["Watcher"]
        await desk.keys("escape", "4", "enter")
        assert "Watcher" not in names(desk)
        assert "Web" in names(desk)


async def test_enter_reads_escape_goes_back_step_by_step(path: Path) -> None:
    async with opened(path) as desk:
        await desk.keys("enter")
        assert desk.top.query_one(Detail).has_focus
        assert not table(desk).region.height
        await desk.keys("escape")
        assert table(desk).has_focus
        await desk.keys("escape")
        assert desk.top is desk.app.designer
        await desk.keys("V")
        assert isinstance(desk.top, MachineScreen)
        await desk.keys("q")
        assert desk.top is desk.app.designer


async def test_the_groups_are_gone_through(path: Path) -> None:
    async with opened(path) as desk:
        at = []
        for key in ("]", "]", "]", "]", "[", "[", "[", "["):
            await desk.keys(key)
            at.append(table(desk).row.filter.name)
        assert at == ["Off", "Watcher", "Outbound", "Outbound", "Watcher", "Off", "Web", "Web"]


async def test_what_is_said_and_shown_is_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    async with opened(path) as desk:
        monkeypatch.setattr(desk.app, "copy", lambda text, what: copied.append(f"{what}: {text}"))
        await desk.keys("y", "Y")
    assert "the selected row: Name:" in copied[0]
    assert "key {0badc0de-0000-4000-a000-000000070001}" in copied[0]
    assert copied[1].startswith("all filters: id\t")
    assert "Outbound" in copied[1]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_hostile_names_are_text_in_every_view(size: tuple[int, int], tmp_path: Path) -> None:
    hostile = {
        "filters": [
            a_filter(1, IN_XML, description=IN_XML, flags=[IN_XML], filterCondition=[port(1)] * 60,
                     providerKey=IN_XML, subLayerKey=IN_XML, callout=IN_XML, action="CALLOUT_TERMINATING")
        ],
        "subLayers": [{"subLayerKey": IN_XML, "displayData": {"name": IN_XML}, "providerKey": IN_XML, "weight": 7}],
        "providers": [{"providerKey": IN_XML, "displayData": {"name": IN_XML}, "serviceName": IN_XML}],
        "sessions": [
            {"sessionKey": IN_XML, "displayData": {"name": IN_XML}, "processId": "9" * 5000, "username": IN_XML}
        ],
    }  # fmt: skip
    async with opened(state_file(tmp_path, **hostile), size) as desk:
        for key in "123456":
            await desk.keys(key)
            assert "\x1b" not in desk.text
            assert "\u202e" not in desk.text
            await desk.keys("enter")
        assert isinstance(desk.top, MachineScreen)


def test_an_explanation_has_an_end(tmp_path: Path) -> None:
    many = a_filter(1, "Many", filterCondition=[port(1)] * 2500, description="d" * 50_000)
    machine = open_machine(state_file(tmp_path, filters=[many]))
    row = next(row for row in machine.rows if isinstance(row, FilterRow))
    lines = explain_machine_row(row, machine)
    assert len(lines) == 2001
    assert lines[-1].text == "and 511 more lines; ndtui inspect shows them"
    assert max(len(line.text) for line in lines) == 10_000


async def test_a_machine_without_anything_shows_that(tmp_path: Path) -> None:
    empty = Dump("state", "", (), (), (), (), (), (), {}, {})
    async with at_work(machine=machine_of(tmp_path / "none.xml", empty)) as desk:
        for number in range(1, len(LOOKS) + 1):
            await desk.keys(str(number), "enter", "]", "[", "G", "escape")
            assert desk.top is desk.app.designer
            await desk.keys("V")
        await desk.keys("6")
        assert "the file lists no session" in desk.words


async def test_elements_that_no_dump_has_are_named(tmp_path: Path) -> None:
    async with opened(state_file(tmp_path, novelty="x")) as desk:
        assert "Not understood: wfpstate/novelty (1)" in desk.words


def test_the_tour_waits_for_a_start_without_a_machine(path: Path) -> None:
    assert _is_first_start(Options())
    assert not _is_first_start(Options(machine=open_machine(path)))

"""The map on the Trace screen: it follows the packet and the cursor, leads to rows, and gives way where it is tight."""

import pytest

from ndtui.ui.rows.trace_rows import StageRow, stop_of
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.way_map import WayMap
from tests.desk import Desk, at_work
from tests.support import design


def shown(desk: Desk) -> list[str]:
    region = desk.top.query_one(WayMap).region
    return desk.text.split("\n")[region.y : region.bottom] if desk.top.query_one(WayMap).display else []


def reversed_parts(desk: Desk) -> set[str]:
    text = desk.top.query_one(WayMap).content
    return {text.plain[span.start : span.end].strip() for span in text.spans if getattr(span.style, "reverse", False)}


async def test_the_map_follows_the_packet():
    async with at_work() as desk:
        await desk.keys("t")
        assert shown(desk) == [
            " peer ──▶ INBOUND_TRANSPORT ──▶ [ALE_AUTH_RECV_ACCEPT] ──▶ this host",
            "          IPsec checks          IPsec requires             protected or blocked",
            "  └─ IKE: UDP 500 passes ──▶ main mode (IKE, AuthIP) ──▶ quick mode ──▶ SA",
        ]
        await desk.keys("d")
        assert shown(desk)[0].startswith(" this host ──▶ ALE_AUTH_CONNECT ──▶ [OUTBOUND_TRANSPORT]")
        await desk.keys("o", "o")
        assert len(shown(desk)) == 2
        assert shown(desk)[1].split() == ["no", "filter", "permit", "exempt"]
        await desk.keys("w", "end", "x", "enter")
        assert shown(desk) == []


async def test_the_stop_of_the_row_under_the_cursor_stands_out_and_is_explained():
    async with at_work(size=(100, 40)) as desk:
        await desk.keys("t")
        assert reversed_parts(desk) == {"[ALE_AUTH_RECV_ACCEPT]", "callout: IPsec requires"}
        await desk.keys("k")
        assert reversed_parts(desk) == {"INBOUND_TRANSPORT", "callout: IPsec checks"}
        await desk.keys("G")
        assert reversed_parts(desk) == {"quick mode (IKE, AuthIP)"}
        assert desk.explanation.startswith("Negotiates: quick mode, by the policy that is found at IPSEC_V4")
        await desk.keys("k")
        assert "Auth 1: IKEEXT_KERBEROS" in desk.explanation
        await desk.keys("k")
        assert desk.explanation.startswith("Negotiates: IKE and AuthIP, with packets of their own: UDP 500, or 4500")
        assert "Traced as: in udp 10.0.0.5:500 -> 10.0.0.9:500" in desk.explanation
        await desk.keys("enter")
        assert desk.said[-1].startswith("Windows makes that filter by itself")


async def test_a_click_on_a_stop_leads_to_its_row_and_enter_to_the_design():
    async with at_work() as desk:
        await desk.keys("t")
        await desk.pilot.click("#trace-map", offset=(30, 2))
        await desk.settle()
        rows = desk.top.query_one("#trace-rows", RowTable)
        assert isinstance(rows.row, StageRow)
        assert stop_of(rows.row) == "main mode"
        await desk.pilot.click("#trace-map", offset=(12, 0))
        await desk.settle()
        assert stop_of(rows.row) == "FWPM_LAYER_INBOUND_TRANSPORT"
        for nowhere in ((1, 0), (78, 0), (2, 2)):
            await desk.pilot.click("#trace-map", offset=nowhere)
            await desk.settle()
            assert stop_of(rows.row) == "FWPM_LAYER_INBOUND_TRANSPORT"
        await desk.keys("G", "enter")
        assert desk.decisions.row.id == "IKE"


async def test_ike_that_is_held_back_is_a_warning():
    async with at_work(design(sublayer={"kind": "own", "weight": 7})) as desk:
        await desk.keys("t")
        assert "IKE: UDP 500 dropped" in shown(desk)[2]
        assert shown(desk)[2].endswith("no SA")
        await desk.keys("j")
        assert "Beware: IKE's own packets are not left out of IPsec" in desk.explanation


@pytest.mark.parametrize("size", [(60, 30), (60, 20), (80, 20)], ids=str)
async def test_where_there_is_no_room_the_list_says_it(size):
    async with at_work(size=size) as desk:
        await desk.keys("t")
        assert "──▶" not in desk.text
        rows = desk.top.query_one("#trace-rows", RowTable)
        assert [stop_of(row).removeprefix("FWPM_LAYER_") for row in rows.rows] == [
            "INBOUND_TRANSPORT",
            "ALE_AUTH_RECV_ACCEPT",
            "IKE",
            "main mode",
            "quick mode",
        ]


async def test_the_timeline_has_the_room_and_the_layers_bring_the_map_back():
    async with at_work() as desk:
        await desk.keys("t", "s")
        assert shown(desk) == []
        await desk.keys("s")
        assert len(shown(desk)) == 3


async def test_the_map_is_copied_in_ascii():
    async with at_work() as desk:
        await desk.keys("t", "y")
        assert " peer --> INBOUND_TRANSPORT --> [ALE_AUTH_RECV_ACCEPT] --> this host\n" in desk.app.clipboard
        assert "IPSEC_V4\tIKE quick mode, AuthIP quick mode\tquick mode" in desk.app.clipboard

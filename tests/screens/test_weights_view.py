"""The Weights view of the designer: the picture on a screen of every width, folding, explanations, marks, copies."""

import pytest

from ndtui.ui.rows.weight_ladder import OtherSublayersRow, RangeRow, StandRow
from ndtui.ui.widgets.detail import Detail
from tests.desk import Desk, at_work
from tests.support import exempting

LAYER = "FWPM_LAYER_INBOUND_TRANSPORT_V4"


def many(count: int):
    return exempting(*({"name": f"host {n}", "protocol": "tcp", "local_ports": [n + 1]} for n in range(count)))


async def go_to(desk: Desk, kind: type, layer: str = LAYER) -> None:
    await desk.go_to(lambda row: isinstance(row, kind) and row.layer == layer and getattr(row, "unfolds", True))


@pytest.mark.parametrize(
    ("size", "shown", "hidden"),
    [
        ((60, 20), ("range     does         matches", "12 ├─ ○ permit     unicast, ICMP"), "effective weight"),
        ((80, 24), ("range     does         matches", "12 ├─ ○ permit     unicast, ICMP"), "effective weight"),
        ((140, 45), ("effective weight     name", "c 000 0f80 0000 0000 exempt ICMP"), "basis"),
        ((160, 45), ("basis", "c 000 0f80 0000 0000 exempt ICMP"), "no such column"),
    ],
    ids=str,
)
async def test_the_picture_at_every_width(size, shown, hidden):
    async with at_work(size=size) as desk:
        await desk.keys("2", "]", "]", "]", "]")
        for part in (*shown, "INBOUND_TRANSPORT_V4  4, 2 of BFE", "above │  RPC_AUDIT 49152", "32768 │  UNIVERSAL:"):
            assert part in desk.text
        for part in ("15-13 ┊  empty", "╞═ ○ BFE permit UDP, local port 500", "11-1 ┊  empty"):
            assert part in desk.text
        assert hidden not in desk.text


async def test_the_explanation_begins_with_the_arithmetic():
    async with at_work() as desk:
        await desk.keys("2")
        await desk.go_to(
            lambda row: isinstance(row, StandRow) and row.layer == LAYER and row.filter.label == "exempt ICMP"
        )
        said = desk.explanation
        assert said.startswith(
            "Name: nd-transport: exempt ICMP Weight: 0xc 000 0f80 0000 0000, bit by bit: Bits 63-60: 1100"
        )
        assert "Stands: 1 of 4 in sublayer UNIVERSAL, in range 12 (0xC" in said
        for part in (
            "Bits 63-60: 1100",
            "Bit 43: 1: unicast",
            "Bits 42-39: 1111: ICMP",
            "Above next: IKE/AuthIP exemp",
        ):
            assert part in said
        assert "Condition: FWPM_CONDITION_IP_PROTOCOL" in said
        assert said.count("Name: ") == 1
        await desk.keys("1")
        await desk.go_to(lambda row: getattr(row, "label", "") == "exempt ICMP")
        assert "Bits 63-60" not in desk.explanation


async def test_rows_that_are_no_filter_say_what_they_are():
    async with at_work() as desk:
        await desk.keys("2", "g")
        assert isinstance(desk.table.row, OtherSublayersRow)
        assert "49152: FWPM_SUBLAYER_RPC_AUDIT" in desk.explanation
        await desk.keys("j")
        assert desk.explanation.startswith("Sublayer: FWPM_SUBLAYER_UNIVERSAL, weight 32768")
        await desk.keys("j")
        assert desk.explanation.startswith("Range: 15-1 of 15 to 0")
        await desk.keys("enter")
        assert isinstance(desk.app.focused, Detail)


async def test_enter_unfolds_a_range_and_folds_it_again():
    async with at_work(many(60)) as desk:
        await desk.keys("2")
        before = len(desk.table.rows)
        await go_to(desk, RangeRow)
        assert "12 ├▸ 62 exemptions: enter unfolds" in desk.text
        assert "Holds: 62 exemptions, 2 of them of BFE" in desk.explanation
        await desk.keys("enter")
        assert desk.table.has_focus
        assert len(desk.table.rows) == before + 62
        assert "12 ├▾ 62 exemptions: enter folds" in desk.text
        await desk.keys("j")
        assert "Stands: 1 of 63" in desk.explanation
        await desk.keys("1", "2")
        assert len(desk.table.rows) == before + 62
        await go_to(desk, RangeRow)
        await desk.keys("enter")
        assert len(desk.table.rows) == before
        assert isinstance(desk.table.row, RangeRow)


async def test_a_search_finds_what_is_folded():
    async with at_work(many(60)) as desk:
        await desk.keys("2", *'/"host 42"', "enter")
        await desk.until(lambda: not desk.table.working)
        found = [row.filter.label for row in desk.table.rows if isinstance(row, StandRow)]
        assert found == ["exempt host 42"] * 6
        await desk.keys("escape")
        assert any(isinstance(row, RangeRow) and row.folded for row in desk.table.rows)


async def test_the_cursor_and_what_is_unfolded_stay_through_an_edit_and_changes_are_marked():
    async with at_work(many(60)) as desk:
        await desk.keys("2")
        await go_to(desk, RangeRow)
        await desk.keys("enter", "j", "j")
        row = desk.table.row
        await desk.select("exemption:host 3")
        await desk.keys("space")
        assert desk.table.row.filter.identity == row.filter.identity
        marked = [r for r in desk.table.rows if isinstance(r, StandRow) and r.mark == "-"]
        assert [(r.layer, r.filter.label) for r in marked] == [(LAYER, "exempt host 3")]
        await go_to(desk, RangeRow)
        assert "12 ├▾ 61 exemptions (-1): enter folds" in desk.text


async def test_the_keys_for_changes_go_to_the_ranges_in_which_something_changed_that_is_folded():
    async with at_work(many(60)) as desk:
        await desk.select("exemption:host 3")
        await desk.keys("space", "2")
        await desk.keys("r")
        assert isinstance(desk.table.row, RangeRow)
        assert desk.table.row.folded
        first = desk.table.row.layer
        assert "12 ├▸ 61 exemptions (-1): enter unfolds" in desk.text
        await desk.keys("R")
        assert desk.table.row.layer != first
        await desk.keys("r", "enter", "r")
        assert desk.table.row.filter.label == "exempt host 3"
        assert desk.said == []


async def test_a_filter_of_windows_belongs_to_no_design_element():
    async with at_work() as desk:
        await desk.keys("2")
        await desk.go_to(lambda row: isinstance(row, StandRow) and row.filter.label.endswith("UDP 500"))
        assert "Made by: BFE itself" in desk.explanation
        await desk.keys("e", "d", "D")
        assert desk.names == ["ICMP"]
        assert desk.top is desk.app.designer


async def test_the_picture_is_copied_whole():
    async with at_work() as desk:
        await desk.keys("2", "Y")
        lines = desk.app.clipboard.split("\n")
        assert lines[0] == "range\tdoes\tmatches\teffective weight\tname\tbasis"
        assert len(lines) == 1 + len(desk.table.rows)
        assert any(
            line.startswith("    12 ├─\tpermit\tunicast, ICMP\tc 000 0f80 0000 0000\texempt ICMP") for line in lines
        )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 45)], ids=str)
async def test_a_hostile_name(size):
    name = "[/x] [b]\u202e" + "鍵" * 60
    async with at_work(exempting({"name": name.replace("\u202e", ""), "protocol": "tcp"}), size) as desk:
        await desk.keys("2")
        await desk.go_to(lambda row: isinstance(row, StandRow) and row.filter.slot.role == "exemption")
        assert "[/x] [b]" in desk.explanation
        assert "Bits 63-60" in desk.explanation


@pytest.mark.parametrize(
    "keys",
    [("S",), ("S", "S"), ("/", *"icmp", "enter"), ("/", *"range:12", "enter"), ("/", *"range=0", "enter"), ("L",)],
    ids=" ".join,
)
async def test_every_row_says_its_range_once_the_order_is_not_that_of_the_ladder(keys):
    async with at_work() as desk:
        await desk.keys("2")
        desk.table.focus()
        await desk.keys(*keys)
        await desk.until(lambda: not desk.table.working)
        stands = [row for row in desk.table.rows if isinstance(row, StandRow)]
        drawn = [desk.table.view.cell(row, 0).split()[0] for row in stands]
        assert drawn == [str(row.weight.range) for row in stands]
        await desk.keys("Y")
        place = desk.table.columns.index(0)
        copied = [line.split("\t")[place] for line in desk.app.clipboard.split("\n")[1:] if "\t" in line]
        assert [each.split()[0] for each in copied] == drawn


async def test_the_range_stands_at_the_first_row_of_it_again_where_the_ladder_is_back():
    async with at_work() as desk:
        await desk.keys("2", "L", "L")
        labels = [row.label for row in desk.table.rows if isinstance(row, StandRow) and row.layer == LAYER]
        assert labels == ["12", "", "", "0"]


async def test_a_range_is_found_by_its_number_in_every_row_of_it():
    async with at_work("nd-domain-member") as desk:
        await desk.keys("2")
        desk.table.focus()
        await desk.keys("/", *"range:12", "enter")
        await desk.until(lambda: not desk.table.working)
        by_text = desk.table.counts
        await desk.keys("escape", "/", *"range=12", "enter")
        await desk.until(lambda: not desk.table.working)
        assert desk.table.counts == by_text
        assert by_text[0] > 10


@pytest.mark.parametrize("word", ["bfe", "2"])
async def test_what_a_heading_says_of_its_rows_is_not_searched(word):
    """Of 32 filters 24 stood under headings such as "INBOUND_TRANSPORT_V4  4, 2 of BFE"."""
    async with at_work() as desk:
        await desk.keys("2", "/", *word, "enter")
        found = [row for row in desk.table.rows if isinstance(row, StandRow)]
        assert found
        assert len(found) < 20
        cells = desk.table.view.cells
        assert all(word in " ".join(cells(row)).casefold() for row in found)

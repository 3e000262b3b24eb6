"""The Trace screen: the packet as a form, what it leaves open, and the time before BFE is up."""

from threading import Event

import pytest
from textual.widgets import Input

from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.traffic.packet import Packet
from ndtui.common.settings import Settings
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.rows.question_rows import QuestionRow
from ndtui.ui.rows.trace_rows import EventRow
from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import NOTHING_AT_ONCE, Desk, at_work
from tests.screens.test_trace import BLOCKED, EXEMPT, IN, OUT, REQUIRED, ask, notes, rows_of
from tests.support import exempting, preset

SQL = IN.replace(":443", ":1433")
PRIVATE = {"name": "SQL", "protocol": "tcp", "local_ports": [1433], "profiles": ["private"], "interfaces": ["lan"]}
OPEN = exempting(PRIVATE)
CLOSED = exempting(
    {"name": "ICMP", "protocol": "icmp", "before_bfe": True}, lifetime="persistent", before_bfe=["inbound"]
)
UNTIL = "before BFE is up    "


async def tracing(desk: Desk, packet: str) -> None:
    """Open the trace and ask for a packet in its form."""
    await desk.keys("t", "e")
    await desk.fill(packet=packet)
    await desk.keys("enter")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 45)], ids=str)
async def test_every_box_of_the_form_is_whole(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        await desk.keys("t", "e")
        edge = desk.top.query_one(".dialog").content_region.right
        boxes = [box for box in desk.top.query(TickBox) if box.display]
        assert "forwarded" in [str(box.label) for box in boxes]
        assert [str(box.label) for box in boxes if box.region.right > edge] == []


async def test_the_form_writes_the_words_and_says_what_comes_of_them():
    async with at_work(OPEN) as desk:
        await tracing(desk, SQL)
        assert (desk.packet, desk.verdict) == (SQL, REQUIRED)
        await desk.keys("e")
        assert isinstance(desk.app.focused, Input)
        desk.top.query_one("#profile", ChoiceList).focus()
        assert desk.problem == "with IPsec first blocked, then protected; without blocked throughout"
        await desk.keys("j", "j")
        assert desk.top.query_one("#packet", Input).value == f"{SQL} profile private"
        assert desk.problem == "exempt throughout"
        await desk.keys("enter")
        assert (desk.packet, desk.verdict) == (f"{SQL} profile private", EXEMPT)
        await desk.keys("w", "up")
        assert desk.packet == SQL
        await desk.keys("escape", "y")
        assert f"{SQL} profile private" in desk.app.clipboard


async def test_closed_it_changes_nothing_and_what_is_no_packet_it_does_not_take():
    async with at_work() as desk:
        await desk.keys("t", "e")
        await desk.fill(local="10.0.0.256")
        assert "'10.0.0.256:443' is no address" in desk.problem
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        await desk.keys("escape")
        assert (desk.packet, desk.verdict) == (IN, REQUIRED)


async def test_what_the_outcome_depends_on_is_said_and_leads_to_its_field():
    async with at_work(OPEN) as desk:
        await tracing(desk, SQL)
        assert "It depends on which profile: e to say" in desk.words
        assert notes(desk) == ""
        asked = [row.text for row in rows_of(desk).rows if isinstance(row, QuestionRow)]
        assert asked == [
            "Say which profile: 2 filters ask for it; taken: in the domain profile",
            "Say which interface: 2 filters ask for it; taken: on a LAN",
        ]
        await desk.keys("G")
        assert "Otherwise: wireless or remote-access: the same" in desk.explanation
        await desk.keys("k")
        assert "Otherwise: private: exempt throughout Otherwise: public: the same" in desk.explanation
        await desk.keys("enter")
        assert desk.app.focused.id == "profile"
        assert "2 filters ask for it. Of the network" in desk.words
        await desk.keys("j", "j", "enter")
        assert desk.verdict == EXEMPT
        assert "It depends on which interface: e to say" in desk.words
        await desk.keys("s")
        assert "It depends" not in desk.words


async def test_the_time_before_bfe_is_up_and_back():
    async with at_work(CLOSED) as desk:
        await desk.keys("t", "s", "B")
        assert desk.verdict == f"{UNTIL}BLOCKED"
        assert "Trace test, before BFE is up" in desk.words
        assert "B before BFE is up" in desk.words
        assert "Blocked until BFE is up. Because of block before BFE, inbound" in desk.words
        assert not any(isinstance(row, EventRow) for row in rows_of(desk).rows)
        assert "s" not in desk.lit
        await desk.keys("s")
        assert desk.said[-1] == "Before BFE is up nothing negotiates: there is no timeline"
        await desk.keys("o", "o")
        assert desk.verdict == f"{UNTIL}EXEMPT"
        await desk.keys("y")
        assert "Before BFE is up: exempt" in desk.app.clipboard
        await desk.keys("B")
        assert desk.verdict == EXEMPT
        assert "B BFE up" in desk.words
        await desk.keys("o", "e")
        desk.top.query_one("#before_bfe").focus()
        await desk.keys("space")
        assert desk.problem == "Before BFE is up: blocked"
        await desk.keys("enter")
        assert desk.verdict == f"{UNTIL}BLOCKED"


async def test_a_policy_that_has_nothing_then_says_so():
    async with at_work() as desk:
        await desk.keys("t", "B")
        assert desk.verdict == f"{UNTIL}UNTOUCHED"
        assert "Passes in clear: nothing of the policy stands before BFE is up." in desk.words


@pytest.mark.parametrize("opened", [CLOSED, preset("nd-transport")], ids=["closed", "nothing stands"])
@pytest.mark.parametrize(
    ("packet", "said"),
    [
        (f"{IN} later", "is protected once"),
        (f"{OUT} later", "is protected once"),
        (f"{IN} secured", "a peer with IPsec"),
    ],
)
async def test_no_note_of_protection_stands_before_bfe_is_up(opened: Design, packet: str, said: str):
    async with at_work(opened) as desk:
        await desk.keys("t")
        await ask(desk, packet)
        assert said in notes(desk)
        await desk.keys("B")
        assert not notes(desk)
        await desk.keys("B")
        assert said in notes(desk)


async def test_what_else_is_to_be_known_stands_before_bfe_is_up_too():
    async with at_work() as desk:
        await desk.keys("t", "B")
        await ask(desk, f"{IN} fragment")
        assert "A fragment meets INBOUND_IPPACKET as it arrives" in notes(desk)


async def test_what_a_thread_has_found_of_another_time_is_not_shown():
    async with at_work(CLOSED, settings=NOTHING_AT_ONCE) as desk:
        await desk.keys("t")
        await desk.at_once("B", "B", "B")
        await desk.until(lambda: desk.verdict == f"{UNTIL}BLOCKED")
        await desk.keys("e")
        assert desk.problem == ""  # what becomes of it would have to be found out first
        await desk.keys("escape", "B")
        await desk.until(lambda: desk.verdict == REQUIRED)


async def test_what_a_thread_has_found_under_another_design_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    free, small = Event(), 20

    def held_back(filterset: FilterSet, packet: Packet) -> Trace:
        assert len(filterset.filters) <= small or free.wait(60)
        return trace(filterset, packet)

    monkeypatch.setattr("ndtui.screens.trace.trace", held_back)
    settings = Settings.model_validate({"thresholds": {"trace_at_once": small}})
    async with at_work(CLOSED, settings=settings) as desk:
        desk.waits_for_works = False
        await desk.keys("t")
        assert desk.verdict.startswith("tracing ...")
        tcp = Exemption(name="TCP", protocol="tcp")
        assert desk.app.edit("smaller", lambda design: change(design, families=("V4",), exemptions=(tcp,)))
        await desk.until(lambda: desk.verdict == EXEMPT)
        held = [worker for worker in desk.app.workers if worker.group == "trace"]
        assert held
        free.set()
        await desk.app.workers.wait_for_complete(held)
        await desk.settle()
        assert desk.verdict == EXEMPT


async def test_a_change_of_the_design_is_seen_at_that_time_too():
    async with at_work(CLOSED) as desk:
        await desk.keys("t", "B")

        def opened(design: Design) -> Design:
            return design.model_copy(update={"before_bfe": ()})

        assert desk.app.edit("open", opened)
        await desk.settle()
        assert isinstance(desk.top, TraceScreen)
        assert desk.verdict == f"{UNTIL}UNTOUCHED"
        assert desk.verdict != BLOCKED

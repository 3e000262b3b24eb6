"""What the designer says of the time before BFE is up, and how it is decided there."""

from textual.widgets import Checkbox

from ndtui.model.design.design import change
from ndtui.ui.rows.decision_rows import row_id
from ndtui.ui.rows.design_rows import filter_rows, marks_of
from ndtui.ui.rows.ladder_rows import ladder_rows
from ndtui.ui.rows.view import Heading
from ndtui.ui.state.workbench import open_workbench
from tests.desk import Desk, at_work
from tests.screens.test_decisions import shown
from tests.support import exempting

ICMP = {"name": "ICMP", "protocol": "icmp"}
PERSISTENT = exempting(ICMP, lifetime="persistent")
CLOSED = exempting({**ICMP, "before_bfe": True}, lifetime="persistent", before_bfe=["inbound"])


def decisions(desk: Desk) -> list[str]:
    return [row_id(row) for row in desk.decisions.rows]


async def test_the_decision_is_there_for_a_persistent_policy_only():
    async with at_work(exempting(ICMP)) as desk:
        assert "before_bfe" not in decisions(desk)
        await desk.select("lifetime")
        await desk.keys("enter", "G", "enter")
        assert decisions(desk).index("before_bfe") == decisions(desk).index("lifetime") + 1
        assert shown(desk, "before_bfe") == "Before BFE  in clear"


async def test_what_is_blocked_is_chosen_and_marked():
    async with at_work(PERSISTENT) as desk:
        await desk.select("before_bfe")
        await desk.keys("e")
        assert "Block connections that come in" in desk.words
        await desk.keys("space")
        assert desk.problem.startswith("+2 filters, 22 in all")
        await desk.keys("enter")
        assert desk.design.before_bfe == ("inbound",)
        assert shown(desk, "before_bfe") == "Before BFE  block in"
        rows = filter_rows(desk.bench)
        heads = [row.text for row in rows if isinstance(row, Heading)]
        assert heads[-2:] == ["ALE_AUTH_RECV_ACCEPT_V4 before BFE  1", "ALE_AUTH_RECV_ACCEPT_V6 before BFE  1"]
        assert [row.label for row in rows if marks_of(desk.bench).get(id(row)) == "+"] == [
            "before BFE: block inbound",
            "before BFE: block inbound",
        ]
        await desk.keys("u")
        ghosts = [row for row in filter_rows(desk.bench) if marks_of(desk.bench).get(id(row)) == "-"]
        assert [each.slot.is_before_bfe for each in ghosts] == [True, True]
        assert shown(desk, "before_bfe") == "Before BFE  in clear"


async def test_another_lifetime_takes_it_out():
    async with at_work(CLOSED) as desk:
        await desk.select("lifetime")
        await desk.keys("e", "k")
        assert "-4" in desk.problem
        await desk.keys("enter")
        assert (desk.design.lifetime, desk.design.before_bfe) == ("static", ())
        assert not any(each.before_bfe for each in desk.design.exemptions)
        await desk.keys("u")
        assert desk.design == CLOSED


async def test_the_form_of_an_exemption_lets_it_through_too():
    async with at_work(exempting(ICMP, lifetime="persistent", before_bfe=["inbound", "outbound"])) as desk:
        await desk.select("exemption:ICMP")
        await desk.keys("e")
        desk.top.query_one("#before_bfe", Checkbox).toggle()
        await desk.settle()
        assert desk.problem.startswith("ICMP: +4 filters, 28 in all")
        await desk.keys("enter")
        assert desk.design.exemptions[0].before_bfe
        assert "Before BFE: let through too" in desk.explanation
        await desk.keys("e", "enter")
        assert desk.design.exemptions[0].before_bfe


async def test_the_form_of_an_exemption_has_no_such_box_otherwise():
    async with at_work(exempting(ICMP)) as desk:
        await desk.select("exemption:ICMP")
        await desk.keys("e")
        assert not desk.top.query("#before_bfe")


async def test_a_filter_says_until_when_it_stands():
    async with at_work(CLOSED) as desk:
        await desk.keys("tab", "G")
        assert "Lets this traffic pass what blocks before BFE is up" in desk.explanation
        assert "Made by: exemption ICMP" in desk.explanation
        await desk.keys("k")
        assert "from the start of TCP/IP until BFE is up" in desk.explanation
        assert "Made by: block before BFE, inbound" in desk.explanation
        await desk.keys("2", "G")
        assert "ALE_AUTH_RECV_ACCEPT_V6 before BFE 2" in desk.words


def test_counts_of_the_ladder_are_those_of_one_time():
    """What is gone from the time until BFE is up is not gone from what stands at the layer later."""
    before = open_workbench(CLOSED, None)
    after = before.edited(before.history.do("open", change(CLOSED, before_bfe=())))
    heads = [
        {
            row.key: row.text
            for row in ladder_rows(b.filterset, b.changes.marks, b.changes.removed)
            if isinstance(row, Heading)
        }
        for b in (before, after)
    ]
    assert list(heads[0]) == list(heads[1])
    early = {key for key in heads[0] if key.endswith("before BFE")}
    assert [heads[0][key][-1] for key in early] == ["2", "2"]
    assert [heads[1][key][-1] for key in early] == ["0", "0"]
    assert {key: heads[0][key] for key in heads[0].keys() - early} == {
        key: heads[1][key] for key in heads[1].keys() - early
    }

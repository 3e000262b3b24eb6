"""What rules brought to the screens has room in a small terminal, or says that there is more."""

from ndtui.analysis.wording.properties import why
from ndtui.model.compiled.compile import compile_design
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import at_work
from tests.support import design, preset

NARROW = (60, 20)
PACKET = "in tcp 192.0.2.9:50000 -> 192.0.2.1:1433 profile private interface wireless unauthorized"


async def test_all_types_of_interface_are_in_sight_and_what_is_left_out_of_an_effect_is_marked():
    async with at_work("nd-zones", NARROW) as desk:
        await desk.keys("A")
        await desk.fill(traffic="tcp 22 only S-1-5-21-1-2-3-515")
        assert "members of" in desk.problem
        assert "10.0.0.9:22: it is …" in desk.words
        desk.top.query_one("#lan").focus()
        await desk.settle()
        assert "remote-access" in desk.words


async def test_a_row_that_is_cut_says_so():
    async with at_work("nd-zones") as desk:
        assert "[x] Secure zone  ND tr…" in desk.text
    async with at_work("nd-zones", (200, 40)) as desk:
        assert "[x] Boundary zone  ND b" in desk.text


async def test_what_a_rule_forbids_names_the_rule():
    async with at_work("nd-zones", toasts=True) as desk:
        await desk.select("V6")
        await desk.keys("space")
        assert "Not possible: rule 'Secure zone', Remote: 2001:db8:1::/48 of 'Secure zone' is IPv6" in desk.words


async def test_a_form_says_in_its_own_words_what_a_rule_forbids():
    users = {"name": "RDP", "mode": "inherit", "users": "O:LSD:(A;;CC;;;DA)"}
    async with at_work(design(extended_mode={}, rules=[{"name": "base"}, users])) as desk:
        await desk.select("IKE")
        await desk.keys("e")
        assert desk.problem == "changes nothing"
        desk.top.query_one("#extended_mode", TickBox).toggle()
        await desk.settle()
        assert desk.problem == (
            "rule 'RDP', Users: who the user is, is told by AuthIP's extended mode alone: switch Extended mode on, or "
            "name Machines"
        )
        await desk.keys("enter")
        assert desk.top is not desk.app.designer
        desk.top.query_one("#extended_mode", TickBox).toggle()
        await desk.settle()
        await desk.keys("enter")
        assert desk.top is desk.app.designer


async def test_of_a_packet_that_was_taken_the_beginning_is_in_sight():
    async with at_work("nd-zones", NARROW) as desk:
        await desk.keys("t", "w", "ctrl+u")
        await desk.write(PACKET)
        await desk.keys("enter")
        assert "Packet in tcp 192.0.2.9:50000" in desk.words
        await desk.keys("w")
        assert "Packet in tcp 192.0.2.9:50000" in desk.words, "selected, and another can take its place"
        await desk.keys("end")
        assert "wireless unauthorized" in desk.words


def test_a_policy_filter_of_a_rule_says_whose_it_is_and_what_for():
    said = {why(each) for each in compile_design(preset("nd-zones")).filters if each.slot.role == "policy"}
    whose = "Tells IPsec which IKE main mode policy of rule 'Secure zone' to negotiate with"
    assert f"{whose}, for the traffic that it matches." in said
    usual = {why(each) for each in compile_design(preset("nd-transport")).filters if each.slot.role == "policy"}
    assert "Tells IPsec which IKE main mode policy to negotiate with, for all traffic of this address family." in usual


async def test_what_a_filter_does_stands_beside_it_in_a_wide_terminal():
    async with at_work("nd-transport", (140, 40)) as desk:
        await desk.keys("t")
        (layer,) = [line for line in desk.text.split("\n") if "INBOUND_TRANSPORT_V4  " in line]
        assert "» IPsec checks" in layer

"""The trace screen: a packet in, what becomes of it and why out; and the way back to what that is owed to."""

from threading import Event

import pytest

from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.examples import START, matching, turned, usual_ports, with_next_protocol
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.common.settings import DEFAULTS
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.rule import Rule
from ndtui.model.files import presets
from ndtui.screens import trace as trace_screen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.rows.trace_rows import EventRow, NoteRow, StepRow
from ndtui.ui.widgets.packet_field import KEPT, PacketField
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import NOTHING_AT_ONCE, Desk, at_work
from tests.support import design, exempting, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
REQUIRED = "peer with IPsec     first BLOCKED, then PROTECTED | peer without IPsec  BLOCKED throughout"
REQUESTED = "peer with IPsec     first CLEAR, then PROTECTED | peer without IPsec  CLEAR throughout"
EXEMPT = "peer with IPsec     EXEMPT throughout | peer without IPsec  EXEMPT throughout"
BLOCKED = EXEMPT.replace("EXEMPT", "BLOCKED")
UNTOUCHED = EXEMPT.replace("EXEMPT", "UNTOUCHED")


def rows_of(desk: Desk) -> RowTable:
    return desk.top.query_one("#trace-rows", RowTable)


def layers(desk: Desk) -> list[str]:
    return [row.step.stem.removeprefix("FWPM_LAYER_") for row in rows_of(desk).rows if isinstance(row, StepRow)]


def notes(desk: Desk) -> str:
    return " ".join(row.text for row in rows_of(desk).rows if isinstance(row, NoteRow))


async def ask(desk: Desk, packet: str) -> None:
    """Write a packet into the field and trace it."""
    await desk.run("write_packet")
    await desk.fill(**{"trace-packet": packet})
    await desk.keys("enter")


# -- what is said ------------------------------------------------------------------------------------------------


async def test_it_opens_with_a_packet_its_verdict_and_the_layer_that_decides():
    async with at_work() as desk:
        await desk.keys("t")
        assert isinstance(desk.top, TraceScreen)
        assert desk.packet == START == IN
        assert desk.verdict == REQUIRED
        assert "Must be protected, and is dropped if it is not" in desk.words
        assert "Because of scenario negotiation-discovery" in desk.words
        assert layers(desk) == ["INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT"]
        assert rows_of(desk).row.step.stem.endswith("RECV_ACCEPT")
        assert "> ALE_AUTH_RECV_ACCEPT_V4" in desk.text
        assert "Decides: nd-transport: require protection inbound" in desk.explanation
        assert "Does: calls IPSEC_INBOUND_INITIATE_SECURE_V4: it passes only if it is protected" in desk.explanation
        assert "Matches: unicast" in desk.explanation
        assert "Made by: scenario negotiation-discovery; enter goes there" in desk.explanation
        assert "Not met: nd-transport: exempt ICMP: wants ICMP, has TCP" in desk.explanation
        await desk.keys("escape")
        assert desk.top is desk.app.designer


@pytest.mark.parametrize(
    ("name", "packet", "verdict"),
    [
        ("nd-transport", IN, REQUIRED),
        ("nd-transport", OUT, REQUESTED),
        ("nd-boundary", IN, REQUESTED),
        ("nd-boundary", OUT, REQUESTED),
        ("transport-require", IN, REQUIRED),
        ("transport-require", OUT, REQUIRED),
        ("nd-guaranteed-encryption", IN.replace("443", "1433"), REQUIRED.replace("PROTECTED", "ENCRYPTED")),
        ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9", EXEMPT),
        ("nd-transport", "in udp 10.0.0.5:500 -> 10.0.0.9:500", EXEMPT),
        ("nd-transport", "in udp 10.0.0.5:5353 -> 224.0.0.251:5353", UNTOUCHED),
    ],
)
async def test_the_known_truth(name, packet, verdict):
    async with at_work(name) as desk:
        await desk.keys("t")
        await ask(desk, packet)
        assert desk.verdict == verdict
        assert desk.packet == packet


async def test_a_filter_that_beats_others_and_one_that_matches_nothing():
    made = exempting(
        {"name": "wide", "protocol": "tcp"},
        {"name": "narrow", "protocol": "tcp", "local_ports": [443], "layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]},
    )
    async with at_work(made) as desk:
        await desk.keys("t")
        assert desk.verdict == EXEMPT
        await desk.keys("g")
        said = desk.explanation
        assert "Decides: test: exempt narrow" in said
        assert "Matches: unicast, TCP, local port 443" in said
        assert "Made by: exemption narrow; enter goes there" in said
        assert "Outranks: test: exempt wide: permits, matches unicast, TCP, made by exemption wide" in said
        assert "Outranks: test: inbound transport: calls IPSEC_INBOUND_TRANSPORT_V4 with PERSIST" in said
        assert "Not met: IKE/AuthIP exemption, UDP 500: wants UDP, has TCP" in said
        await ask(desk, "out tcp [fe80::1]:1 -> [ff02::1]:2")
        assert desk.verdict == UNTOUCHED
        assert "(no filter matches)" in desk.text
        assert "Because of" not in desk.text
        assert "Decides: no filter matches" in desk.explanation
        assert "b" not in desk.lit


async def test_what_to_bear_in_mind_is_a_row_of_its_own():
    async with at_work(exempting({"name": "a", "protocol": "tcp"}, {"name": "b", "protocol": "tcp"})) as desk:
        await desk.keys("t")
        assert "weigh the same: which of them decides is undefined" in notes(desk)
        assert "Ties with: test: exempt b: permits" in desk.explanation
        await desk.keys("f")
        assert layers(desk) == ["INBOUND_TRANSPORT"]
        assert "does not meet the ALE layer again" in notes(desk)
        await desk.keys("G")
        assert desk.explanation.startswith("Note: A later packet")
        await desk.keys("enter")
        assert desk.said[-1].startswith("No filter decides")


# -- the packet --------------------------------------------------------------------------------------------------


async def test_what_is_wrong_with_a_packet_is_said_below_it():
    async with at_work() as desk:
        await desk.keys("t", "w", "end", "x", "enter")
        assert desk.top.query_one("#trace-problem").has_class("-wrong")
        assert "the destination's port '443x' is no number from 0 to 65535" in desk.words
        assert isinstance(desk.app.focused, PacketField)
        await desk.keys("backspace")
        assert "is no number" not in desk.words
        await desk.keys("backspace", "enter")
        assert desk.packet.endswith(":44")
        assert desk.app.focused is rows_of(desk)
        assert desk.verdict == REQUIRED


@pytest.mark.parametrize("settings", [NOTHING_AT_ONCE, DEFAULTS], ids=["in a thread", "at once"])
async def test_of_a_packet_that_is_none_no_verdict_stands(settings):
    """That of the packet before is gone, and is back when the field is left without another one."""
    async with at_work(settings=settings) as desk:
        await desk.keys("t")
        await desk.until(lambda: desk.verdict == REQUIRED)
        before = desk.text
        await desk.keys("w", "end", "x", "enter")
        assert desk.verdict.split(" | ")[0] == "nothing is traced: this is no packet"
        for gone in ("BLOCKED", "Because of", "Must be protected", "INBOUND_TRANSPORT"):
            assert gone not in desk.words
        assert desk.explanation == ""
        await desk.keys("escape")
        await desk.until(lambda: desk.verdict == REQUIRED)
        assert desk.text == before


@pytest.mark.parametrize("settings", [NOTHING_AT_ONCE, DEFAULTS], ids=["in a thread", "at once"])
async def test_beside_what_is_no_packet_stands_nothing_of_the_one_before_whatever_key_comes(settings):
    async with at_work(settings=settings) as desk:
        await desk.keys("t", "d", "f")
        await desk.until(lambda: layers(desk))
        head = desk.text.split("\n")
        await ask(desk, "in tcp 10.0.0.5:1 ->")
        await desk.keys("tab")
        bare = desk.text
        for gone in ("outbound", "inbound", "later packet", "loopback", "peer: "):
            assert gone not in bare
        for key in "sp":
            assert key not in desk.lit
            await desk.keys(key)
            assert desk.said[-1] == "Nothing is traced"
        for key in "dofl":
            await desk.keys(key)
        await desk.keys("B", "y", "b")
        desk.app.edit("boundary", lambda d: edits.replace_rule(d, "base", Rule(mode="boundary")))
        await desk.settle()
        assert desk.verdict.startswith("nothing is traced")
        assert desk.text.split("\n")[:5] == bare.split("\n")[:5] != head[:5]
        assert not rows_of(desk).rows
        await desk.keys("w", "escape")
        await desk.until(lambda: desk.verdict == REQUESTED)
        assert "f later packet" in desk.text
        await desk.keys("s")
        await desk.until(lambda: any(isinstance(row, EventRow) for row in rows_of(desk).rows))
        assert "s timeline" in desk.text


@pytest.mark.parametrize("settings", [NOTHING_AT_ONCE, DEFAULTS], ids=["in a thread", "at once"])
async def test_beside_a_packet_that_is_being_written_stands_nothing_of_the_one_before(settings):
    async with at_work(settings=settings) as desk:
        await desk.keys("t")
        await desk.until(lambda: desk.verdict == REQUIRED)
        before = desk.text
        await desk.keys("w", "ctrl+u")
        for key in "in tcp 10.0.0.5 'x":
            await desk.keys(key)
            assert desk.verdict.startswith("nothing is traced: the packet ")
            assert not rows_of(desk).rows
        for gone in ("BLOCKED", "Because of", "Must be protected", "INBOUND_TRANSPORT", "inbound"):
            assert gone not in desk.words
        await desk.keys("ctrl+u")
        await desk.write(OUT)
        assert desk.verdict.startswith("nothing is traced yet: enter in the line above traces this packet")
        assert not rows_of(desk).rows
        assert "y" not in desk.lit
        await desk.keys("escape")
        await desk.until(lambda: desk.verdict == REQUIRED)
        assert desk.text == before


async def test_a_packet_that_is_written_again_has_its_verdict_again():
    async with at_work() as desk:
        await desk.keys("t", "w", "end", "backspace")
        assert desk.verdict.startswith("nothing is traced yet")
        await desk.keys("3")
        assert desk.verdict == REQUIRED
        await desk.keys("space")
        assert desk.verdict == REQUIRED


async def test_beside_a_packet_that_is_written_after_one_that_was_none_nothing_says_that_it_is_none():
    async with at_work() as desk:
        await desk.keys("t")
        await ask(desk, "in tcp 10.0.0.5 'x")
        assert desk.verdict.startswith("nothing is traced: this is no packet")
        await desk.keys("ctrl+u")
        await desk.write(OUT)
        assert "this is no packet" not in desk.words
        assert desk.verdict.startswith("nothing is traced yet")
        await desk.keys("enter")
        assert desk.verdict == REQUESTED


async def test_what_is_taken_away_while_a_packet_is_written_is_taken_away_once(monkeypatch):
    """Keys that follow write one line: what stood below does not come and go."""
    taken: list[str] = []
    clear = TraceScreen._clear
    monkeypatch.setattr(TraceScreen, "_clear", lambda self, why: (taken.append(why), clear(self, why)))
    async with at_work() as desk:
        await desk.keys("t", "w", "ctrl+u")
        await desk.write(OUT)
        assert len(taken) == 1


async def test_what_a_thread_still_traces_does_not_come_to_stand_beside_what_is_no_packet(monkeypatch):
    free = Event()

    def held_back(filterset, packet):
        assert free.wait(60)
        return trace(filterset, packet)

    monkeypatch.setattr(trace_screen, "trace", held_back)
    async with at_work(settings=NOTHING_AT_ONCE) as desk:
        desk.waits_for_works = False
        await desk.keys("t", "w", "end", "x", "enter", "y")
        traced = [worker for worker in desk.app.workers if worker.group == "trace"]
        free.set()
        await desk.app.workers.wait_for_complete(traced)
        await desk.settle()
        assert desk.packet == f"{IN}xy"
        assert not rows_of(desk).rows


async def test_what_is_wrong_speaks_of_the_screen_and_not_of_a_shell():
    async with at_work() as desk:
        await desk.keys("t")
        for packet in ("tcp 10.0.0.5:1 -> 10.0.0.9:2", "in"):
            await ask(desk, packet)
            assert desk.top.query_one("#trace-problem").has_class("-wrong")
            assert "quotes" not in desk.words
            assert "--" not in desk.words


async def test_letters_are_text_while_the_packet_is_written_and_escape_leaves_it_as_it_was():
    async with at_work() as desk:
        await desk.keys("t", "w", "end", *"dofls")
        assert desk.packet == f"{IN}dofls"
        await desk.keys("enter", "escape")
        assert desk.packet == IN
        assert "means nothing" not in desk.words
        assert desk.app.focused is rows_of(desk)
        await desk.keys("q")
        assert desk.top is desk.app.designer


async def test_another_packet_is_written_in_the_place_of_the_one_that_stands_there():
    async with at_work() as desk:
        await desk.keys("t", "w", *OUT, "enter")
        assert desk.packet == OUT
        assert desk.verdict == REQUESTED
        await desk.keys("w", "up")
        assert desk.packet == IN
        await desk.keys("x")
        assert desk.packet == f"{IN}x"


async def test_a_key_takes_what_was_written_and_left_for_a_packet_or_says_why_it_is_none():
    async with at_work() as desk:
        await desk.keys("t", "w", "end", "x", "tab")
        for key in "dofl":
            await desk.keys(key)
            assert "is no number" in desk.words
            assert desk.verdict.startswith("nothing is traced")
        await desk.keys("w", "end", "backspace", "backspace", "tab", "f")
        assert desk.packet == "in tcp 10.0.0.5:51000 -> 10.0.0.9:44 later"


async def test_the_last_packets_come_back():
    async with at_work() as desk:
        await desk.keys("t", "d", "o")
        udp = OUT.replace("tcp", "udp")
        await desk.keys("w", "up")
        assert desk.packet == OUT
        await desk.keys("up", "up")
        assert desk.packet == IN
        await desk.keys("enter")
        assert desk.verdict == REQUIRED
        await desk.keys("w", "down", "end", "1", "up")
        assert desk.packet == IN
        await desk.keys("up")
        assert desk.packet == udp
        await desk.keys("down", "down", "down")
        assert desk.packet == f"{IN}1"
        await desk.keys("escape", "q", "t")
        assert desk.packet == IN
        await desk.keys("w", "up")
        assert desk.packet == udp


async def test_only_so_many_packets_are_kept_each_once():
    async with at_work() as desk:
        await desk.keys("t")
        for port in range(KEPT + 5):
            await ask(desk, f"in tcp 10.0.0.5:51000 -> 10.0.0.9:{port}")
        await ask(desk, "in tcp 10.0.0.5:51000 -> 10.0.0.9:9")
        past = desk.app._packets
        assert len(past) == len(set(past)) == KEPT
        assert past[-1].endswith(":9")
        assert past[0].endswith(":5")


async def test_a_key_each_for_direction_protocol_first_or_later_and_loopback():
    async with at_work() as desk:
        await desk.keys("t")
        steps = (
            ("d", OUT, REQUESTED),
            ("f", f"{OUT} later", REQUESTED),
            ("f", OUT, REQUESTED),
            ("o", OUT.replace("tcp", "udp"), REQUESTED),
            ("o", "out icmp 10.0.0.9 -> 10.0.0.5", EXEMPT),
            ("d", "in icmp 10.0.0.5 -> 10.0.0.9", EXEMPT),
            ("o", IN, REQUIRED),
            ("l", f"{IN} loopback", REQUIRED),
            ("l", IN, REQUIRED),
        )
        for key, packet, verdict in steps:
            await desk.keys(key)
            assert (desk.packet, desk.verdict) == (packet, verdict)
        await ask(desk, "in tcp 127.0.0.1:1 -> 127.0.0.1:2")
        await desk.keys("l")
        assert "it is loopback by its addresses" in desk.words
        assert "Loopback: no filter here asks for it" in notes(desk)


def test_turning_round_twice_is_nothing_and_what_goes_to_many_keeps_its_destination():
    for text in (IN, OUT, "out udp 10.0.0.9:1 -> 224.0.0.251:5353", "in 47 2001:db8::1 -> 2001:db8::2 later"):
        packet = parse_packet(text)
        assert turned(turned(packet)) == packet
        assert parse_packet(str(turned(packet))) == turned(packet)
    assert str(turned(parse_packet("in udp 10.0.0.5:1 -> 224.0.0.251:2"))) == "out udp 10.0.0.5:1 -> 224.0.0.251:2"


def test_the_protocols_go_round_and_each_packet_can_be_read_again():
    packet = parse_packet("in 47 2001:db8::1 -> 2001:db8::2")
    seen = []
    for _ in range(4):
        packet = with_next_protocol(packet, usual_ports(packet.direction))
        assert parse_packet(str(packet)) == packet
        seen.append(str(packet).split()[1])
    assert seen == ["tcp", "udp", "icmpv6", "tcp"]
    assert (packet.local_port, packet.remote_port) == (443, 51000)


async def test_the_bar_can_be_clicked():
    async with at_work() as desk:
        await desk.keys("t")
        y = next(n for n, line in enumerate(desk.text.split("\n")) if "d inbound" in line)
        for word, seen in (
            ("inbound", "d outbound"),
            ("tcp", "o udp"),
            ("first", "f later packet"),
            ("layers", "time"),
        ):
            await desk.pilot.click(offset=(desk.text.split("\n")[y].index(word), y))
            await desk.settle()
            assert seen in desk.text
        await desk.pilot.click(offset=(79, y))
        assert isinstance(desk.top, TraceScreen)


# -- from an exemption, and back to one ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_every_exemption_of_a_preset_has_a_packet_that_it_matches(name):
    opened = preset(name)
    filterset = compile_design(opened)
    for exemption in opened.exemptions:
        packet = matching(exemption, opened.families)
        if exemption.enabled:
            assert packet is not None
            assert matches(filterset, str(packet), exemption.name), (exemption, str(packet))


EXEMPTIONS = (
    {"protocol": "any"},
    {"protocol": "icmp", "icmp_type": 3, "icmp_code": 4},
    {"protocol": 58, "icmp_type": 135},
    {"protocol": 1, "families": ["V6"]},
    {"protocol": 0},
    {"protocol": 47, "remote_addresses": ["10.1.0.0/16"]},
    {"protocol": "udp", "remote_ports": [53]},
    {"protocol": "udp", "local_ports": ["137-139"], "remote_ports": ["1000-2000"]},
    {"protocol": "tcp", "remote_addresses": ["fe80::/10"], "local_ports": [22]},
    {"protocol": "tcp", "local_addresses": ["224.0.0.251"]},
    {"protocol": "udp", "remote_addresses": ["224.0.0.251"], "remote_ports": [5353]},
    {"protocol": "udp", "local_addresses": ["127.0.0.1"]},
    {"protocol": "tcp", "remote_ports": [80], "layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]},
    {"protocol": "tcp", "layers": ["FWPM_LAYER_OUTBOUND_TRANSPORT"]},
    {"protocol": "tcp", "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]},
)


@pytest.mark.parametrize("fields", EXEMPTIONS, ids=str)
def test_every_filter_of_an_exemption_has_a_packet_that_it_matches(fields):
    made = exempting(fields)
    filterset = compile_design(made)
    (exemption,) = made.exemptions
    assert matches(filterset, str(matching(exemption, made.families)), exemption.name)
    own = [each for each in filterset.filters if each.origin == Origin.exemption(exemption.name)]
    assert own
    for each in own:
        text = str(matching(exemption, made.families, each.layer))
        traced = trace(filterset, parse_packet(text))
        if traced.packet.kind == "icmp-error" and "_ALE_" in each.layer:
            assert each.layer not in [step.layer for step in traced.steps]
            continue
        (step,) = [step for step in traced.steps if step.layer == each.layer]
        assert any(m.filter is each for s in step.sublayers for m in (s.deciding, *s.outranked)), (each.layer, text)


def matches(filterset, text, name) -> bool:
    traced = trace(filterset, parse_packet(text))
    matching_here = [m for step in traced.steps for s in step.sublayers for m in (s.deciding, *s.outranked)]
    return any(m.filter.origin == Origin.exemption(name) for m in matching_here)


def test_an_exemption_without_a_family_of_the_design_has_no_packet():
    assert matching(Exemption(name="x", families=("V6",)), ("V4",)) is None


async def test_a_selected_exemption_proposes_a_packet_and_enter_leads_back_to_it():
    async with at_work("nd-domain-member") as desk:
        await desk.select("exemption:DNS over UDP")
        await desk.keys("t")
        assert desk.packet == "out udp 10.0.0.9:51000 -> 10.0.0.5:53"
        assert "A packet that the exemption DNS over UDP matches" in desk.words
        assert desk.verdict == EXEMPT
        await desk.keys("escape", "1")
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:ICMP" and row.layer.endswith("_V6"))
        await desk.keys("t")
        assert desk.packet.startswith("in icmpv6 2001:db8::5")
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert desk.app.focused is desk.decisions
        assert desk.decisions.row.name == "ICMP"
        await desk.select("families")
        await desk.keys("t")
        assert desk.packet.startswith("in icmpv6 2001:db8::5")


async def test_a_step_and_the_outcome_lead_to_the_design_element():
    async with at_work(size=(60, 20)) as desk:
        await desk.keys("1", "z", "t", "enter")
        assert desk.decisions.row.name == "base"
        assert "Rules (1)" in desk.text
        await desk.keys("t", "g", "b")
        assert desk.decisions.row.name == "base"
        await desk.keys("t")
        await desk.pilot.click("#trace-why")
        await desk.settle()
        assert desk.top is desk.app.designer
        await desk.keys("t")
        await ask(desk, "in udp 10.0.0.5:500 -> 10.0.0.9:500")
        await desk.keys("enter")
        assert isinstance(desk.top, TraceScreen)
        assert desk.said[-1].startswith("Windows makes that filter by itself")


# -- the timeline ---------------------------------------------------------------------------------------------------


async def test_the_timeline_is_sorted_by_time_and_not_by_its_words():
    async with at_work() as desk:
        await desk.keys("t", "s")
        given = [row.event.at for row in rows_of(desk).rows[1:]]
        assert given != sorted(given)
        await desk.keys("S")
        assert [row.event.at for row in rows_of(desk).rows[1:]] == given
        await desk.keys("I")
        assert [row.event.at for row in rows_of(desk).rows[1:]] == given[::-1]


async def test_the_timeline_with_each_kind_of_peer_and_back_to_the_layers():
    async with at_work() as desk:
        await desk.keys("t", "d", "s")
        assert "with a peer with all keying modules: first clear, then protected" in desk.text
        assert "s timeline  p all" in desk.text
        assert "Main mode by AuthIP" in desk.text
        assert "A SYN that the peer drops is sent again" in desk.text
        assert "SA + 10 s" in [row.event.at for row in rows_of(desk).rows if isinstance(row, EventRow)]
        assert desk.explanation.startswith("Time: 0 s What: The first packet is sent in clear")
        await desk.keys("p")
        assert "with a peer without IPsec: clear throughout" in desk.text
        assert "Negotiation fails" in desk.text
        await desk.keys("p")
        assert "with a peer with IKE: first clear, then protected" in desk.text
        rows_of(desk).go_to(lambda row: isinstance(row, EventRow) and "Main mode by IKE" in row.event.title)
        await desk.keys("enter")
        assert desk.decisions.row.id == "IKE"
        await desk.keys("t", "p", "p", "p", "p")
        assert "with a peer with AuthIP: first clear, then protected" in desk.text
        await desk.keys("p")
        assert "with a peer with IKEv2: clear throughout" in desk.text
        await desk.keys("p")
        assert "with a peer with IKE and AuthIP: first clear, then protected" in desk.text
        await desk.keys("d")
        assert "The first packet is dropped" in desk.text
        await desk.keys("p")
        assert "with a peer with all keying modules: first blocked, then protected" in desk.text
        await desk.keys("s")
        assert layers(desk) == ["INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT"]


# -- the design as it is -------------------------------------------------------------------------------------------


async def test_it_follows_the_workbench():
    async with at_work() as desk:
        await desk.select("rule:base")
        await desk.keys("t")
        assert desk.verdict == REQUIRED
        desk.app.edit("boundary", lambda d: edits.replace_rule(d, "base", Rule(mode="boundary")))
        await desk.settle()
        assert desk.verdict == REQUESTED
        desk.app.edit("web", lambda d: edits.add_exemption(d, Exemption(name="web", protocol="tcp")))
        await desk.settle()
        assert desk.verdict == EXEMPT
        await desk.keys("q", "u", "u", "t")
        assert desk.verdict == REQUIRED


async def test_a_sublayer_of_its_own_and_a_design_without_a_family():
    async with at_work(design(families=["V6"], sublayer={"kind": "own", "weight": 7})) as desk:
        await desk.keys("t")
        assert desk.verdict == UNTOUCHED
        await ask(desk, "in udp [2001:db8::5]:500 -> [2001:db8::9]:500")
        assert "filters of 2 sublayers match" in notes(desk)
        await desk.keys("g")
        assert "Sublayer: " in desk.explanation
        assert "weight 7" in desk.explanation


async def test_ten_thousand_exemptions_are_traced_beside_the_rest():
    many = [{"name": f"host {n}", "protocol": "tcp", "local_ports": [n + 1]} for n in range(10_000)]
    async with at_work(exempting(*many)) as desk:
        assert desk.count > DEFAULTS.thresholds.trace_at_once
        await desk.keys("t")
        await desk.until(lambda: "EXEMPT" in desk.verdict)
        assert "Because of exemption host 442" in desk.words
        assert "and 9976 more that do not match" in desk.explanation
        await desk.keys("d", "d", "f", "o")
        await desk.until(lambda: desk.verdict == REQUIRED.replace("BLOCKED", "CLEAR"))
        await desk.keys("o", "o")
        await desk.until(lambda: desk.verdict == EXEMPT)
        await desk.keys("enter")
        assert desk.decisions.row.name == "host 442"


async def test_what_became_of_the_packet_before_does_not_stand_beside_one_that_is_still_traced(monkeypatch):
    free = Event()

    def held_back(filterset, packet):
        assert free.wait(60)
        return trace(filterset, packet)

    async with at_work(settings=NOTHING_AT_ONCE) as desk:
        desk.waits_for_works = False
        await desk.keys("t")
        await desk.until(lambda: desk.verdict == REQUIRED)
        monkeypatch.setattr(trace_screen, "trace", held_back)
        await desk.keys("d")
        assert desk.packet.startswith("out ")
        assert desk.verdict.startswith("tracing ...")
        assert not layers(desk)
        assert not desk.explanation
        assert "Because of" not in desk.words
        await desk.keys("y")
        assert "Nothing is traced" in desk.text
        free.set()
        await desk.until(lambda: layers(desk) == ["ALE_AUTH_CONNECT", "OUTBOUND_TRANSPORT"])


async def test_an_answer_that_comes_too_late_is_not_shown(monkeypatch):
    """Here that of every packet comes after that of the last one."""
    shown, answered = Event(), []

    def late(filterset, packet):
        if packet.protocol != 1:
            assert shown.wait(30)
        answered.append(packet)
        return trace(filterset, packet)

    async with at_work(settings=NOTHING_AT_ONCE) as desk:
        await desk.keys("t")
        await desk.until(lambda: layers(desk))
        monkeypatch.setattr(trace_screen, "trace", late)
        await desk.at_once("d", "d", "d", "o", "o")
        await desk.until(lambda: desk.verdict == EXEMPT)
        shown.set()
        await desk.until(lambda: len(answered) > 1)
        await desk.pause(0.05)
        assert desk.packet == "out icmp 10.0.0.9 -> 10.0.0.5"
        assert desk.verdict == EXEMPT
        assert layers(desk) == ["ALE_AUTH_CONNECT", "OUTBOUND_TRANSPORT"]
        await desk.at_once("d", "q")
        assert desk.top is desk.app.designer


# -- how it looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 45)], ids=str)
@pytest.mark.parametrize("name", ["[/x] [b", "[red]x[/red]", "鍵" * 60, "0123456789" * 20], ids=["x", "m", "w", "long"])
async def test_a_hostile_name(name, size):
    made = exempting({"name": name, "protocol": "tcp"}, {"name": f"{name}2", "protocol": "udp"}, name=name)
    async with at_work(made, size) as desk:
        await desk.select(f"exemption:{name}")
        await desk.keys("t")
        assert desk.verdict == EXEMPT
        for part in (f"Decides: {name}: exempt {name}", f"Made by: exemption {name}; enter", f"{name}2: wants UDP"):
            assert part in desk.explanation
        assert name[:4] in desk.text.split("\n")[0]
        await ask(desk, f"in tcp {name} -> {name}")
        assert desk.top.query_one("#trace-problem").has_class("-wrong")
        await desk.keys("escape", "s", "y", "s", "b")
        assert name in desk.app.clipboard
        assert desk.decisions.row.name == name


async def test_without_colour_every_state_has_its_word(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_work() as desk:
        await desk.keys("t")
        assert desk.app.theme == "terminal"
        assert desk.verdict == REQUIRED
        assert "> ALE_AUTH" in desk.text
        await desk.keys("s", "w")
        assert "| 0 s" in desk.text


@pytest.mark.parametrize("size", [(20, 6), (10, 3), (300, 100)], ids=str)
async def test_no_size_ends_the_program(size):
    async with at_work(size=size) as desk:
        await desk.keys("t", "d", "s", "p", "e", "up", "enter", "s", "G", "escape")
        assert desk.top is desk.app.designer


async def test_what_is_copied_has_packet_verdict_and_reasons():
    async with at_work() as desk:
        await desk.keys("t", "y")
        copied = desk.app.clipboard
        for part in (IN, "peer with IPsec: first blocked, then protected", "Must be protected", "ALE_AUTH_RECV_ACCEPT"):
            assert part in copied
        assert desk.said[-1].startswith("Copied the trace")

"""The same treatment of traffic: the rules that the file makes decide on packets as the design does."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from ndtui.analysis.trace.tracer import tracer_of
from ndtui.analysis.traffic.outcome import PROTECTED, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.exporters.connection_security.native_rules import EITHER_WAY
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.exporters.netsh_script.netsh_designs import ENVIRONMENT, netsh_designs, one_key_exchange
from tests.exporters.netsh_script.netsh_meaning import exchanged, net_security
from tests.exporters.netsh_script.small_netsh import FORMAT, applied, can_be_said
from tests.exporters.netsh_script.test_netsh_losses import design as sayable_design
from tests.exporters.powershell.firewall_meaning import UNTOUCHED, matches, verdict
from tests.exporters.powershell.sayable_designs import packets_near

PACKETS = 1000
DESIGNS = 200


def unicast(packets: Iterable[Packet]) -> list[Packet]:
    """Return packets without those to and from multicast addresses, which rules cannot name."""
    first = {"V4": 0xE0000000, "V6": 0xFF << 120}
    last = {"V4": 0xEFFFFFFF, "V6": (1 << 128) - 1}
    return [
        each
        for each in packets
        if not any(
            first[each.family] <= address <= last[each.family] for address in (each.local_address, each.remote_address)
        )
    ]


def assert_alike(design: Design, packets: list[Packet]) -> int:
    """Make sure that both decide alike; returns how many packets are protected, or may be."""
    tracer = tracer_of(compile_design(design))
    rules = net_security(applied(design, **ENVIRONMENT))
    protected = 0
    for packet in packets:
        trace = tracer.trace(packet)
        meant = untouched(trace.outcomes)
        found = verdict(rules, packet)
        assert found.outcomes == meant, f"{packet}: {found}, and the design {meant}"
        protected += trace.outcomes.peer_with_ipsec.settled in PROTECTED
    return protected


def test_who_may_connect_and_what_is_encrypted_is_said_by_firewall_rules() -> None:
    sddl = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
    sql = {"scope": {"protocol": "tcp", "local_ports": [1433]}}
    machines = {"name": "machines", "mode": "inherit", "machines": sddl, **sql}
    encrypted = {**machines, "name": "encrypted", "encryption": "guaranteed"}
    base = {"name": "base", "mode": "require"}
    for rule, security in ((machines, "authenticate"), (encrypted, "authenc")):
        made = applied(sayable_design(base, rule)).of("firewall")
        shown = [{name: value for name, value in each.items() if name in SHOWN} for each in made]
        traffic = {"protocol": "tcp", "localport": "1433"}
        let_out = {"dir": "out", "action": "bypass", "security": security, **traffic}
        assert shown == [
            {"dir": "in", "action": "bypass", "security": security, "rmtcomputergrp": sddl, **traffic},
            *([let_out] if rule is encrypted else []),
            {"dir": "in", "action": "block", **traffic},
            *([{"dir": "out", "action": "block", **traffic}] if rule is encrypted else []),
        ]


def untouched(outcomes: Outcomes) -> Outcomes:
    """Return outcomes in which exempt and untouched are one: in clear, and not IPsec's."""
    return UNTOUCHED if outcomes.peer_with_ipsec.first == "exempt" else outcomes


#: What is looked at of a firewall rule.
SHOWN = ("dir", "action", "security", "rmtcomputergrp", "protocol", "localport")
SAYABLE = ("nd-transport", "nd-boundary", "nd-guaranteed-encryption", "nd-ipv4-only", "transport-require")
#: Presets of which nothing is lost but who is on which end.
EITHER = ("nd-domain-member", "nd-subnet", "nd-zones")


def test_which_presets_can_be_said_with_one_key_exchange() -> None:
    lost = {
        each.name: {why for _, why in FORMAT.unsupported(compile_design(one_key_exchange(each.name)), {})}
        for each in presets.shipped()
    }
    assert {name for name, why in lost.items() if not why} == set(SAYABLE)
    assert {name for name, why in lost.items() if why == {EITHER_WAY}} == set(EITHER)
    assert len(lost) == len(SAYABLE) + len(EITHER) + 5, (
        "the others want one keying module, or main mode without a group"
    )


@pytest.mark.parametrize("name", SAYABLE)
def test_a_preset_means_the_same(name: str) -> None:
    design = one_key_exchange(name)
    assert assert_alike(design, unicast(packets_near(design, PACKETS, seed=1))) > PACKETS // 20


@pytest.mark.parametrize("part", range(4))
def test_random_designs_mean_the_same(part: int) -> None:
    for number, design in enumerate(random_sayable(part)):
        assert_alike(design, unicast(packets_near(design, 200, seed=number)))


def random_sayable(part: int) -> Iterator[Design]:
    """Return a quarter of the random designs of which nothing is lost."""
    return islice(filter(can_be_said, netsh_designs(part, symmetric=True)), DESIGNS // 4)


def test_the_random_designs_are_of_every_kind() -> None:
    kinds: set[str] = set()
    for design in (each for part in range(4) for each in random_sayable(part)):
        kinds |= {rule.mode for rule in design.rules}
        kinds |= {"encryption" for rule in design.rules if rule.encryption != "none"}
        kinds |= {"identity" for rule in design.rules if rule.is_identified}
        kinds |= {"users" for rule in design.rules if rule.users}
        kinds |= {"addresses" for rule in design.rules if rule.scope.remote_addresses}
        kinds |= {"partial" for each in design.exemptions if len(each.layers) == 2}
        kinds |= {"key" for each in design.keying_modules if design.keying_modules == ("IKE",)}
    assert kinds >= {"negotiation-discovery", "boundary", "require", "inherit", "encryption", "identity", "addresses"}
    assert kinds >= {"users", "partial", "key"}


@pytest.mark.parametrize("name", EITHER)
def test_a_preset_means_the_same_where_neither_end_is_the_others(name: str) -> None:
    design = one_key_exchange(name)
    assert assert_alike_but_for_the_ends(design, unicast(packets_near(design, PACKETS, seed=2))) > PACKETS // 20


def test_random_designs_mean_the_same_where_neither_end_is_the_others() -> None:
    for number, design in enumerate(islice(filter(_is_lost_by_ends_alone, netsh_designs(50, symmetric=False)), 40)):
        assert_alike_but_for_the_ends(design, unicast(packets_near(design, 150, seed=number)))


def _is_lost_by_ends_alone(design: Design) -> bool:
    return {why for _, why in FORMAT.unsupported(compile_design(design), {})} == {EITHER_WAY}


def assert_alike_but_for_the_ends(design: Design, packets: list[Packet]) -> int:
    """Make sure of what is lost by ends that are taken either way round, and that nothing else is.

    As the rules stand every packet is decided alike. Exchanged they match more; where they do not, it is the same too.
    Returns how many packets that are.
    """
    tracer = tracer_of(compile_design(design))
    machine = applied(design, lossy=True, **ENVIRONMENT)
    as_they_stand, either_way = net_security(machine, either_way=False), net_security(machine)
    same = 0
    for packet in packets:
        meant = untouched(tracer.trace(packet).outcomes)
        assert verdict(as_they_stand, packet).outcomes == meant, packet
        if all(matches(rule, packet) or not matches(exchanged(rule), packet) for rule in as_they_stand["NetIPsecRule"]):
            assert verdict(either_way, packet).outcomes == meant, packet
            same += 1
    return same

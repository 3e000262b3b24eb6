"""The same treatment of traffic: the rules of the file, as the documents read them, decide as the design does."""

from itertools import islice

import pytest

from ndtui.analysis.trace.tracer import tracer_of
from ndtui.analysis.traffic.outcome import PROTECTED, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.exporters.group_policy.exported import lost, policy_of
from tests.exporters.group_policy.policy_read import rules_of
from tests.exporters.group_policy.two_sided_designs import two_sided_designs
from tests.exporters.powershell.firewall_meaning import UNTOUCHED, verdict
from tests.exporters.powershell.sayable_designs import packets_near

PACKETS = 300
DESIGNS = 200
#: What may be lost and leaves it the same who is protected, and how: what main mode offers, and a flag.
NO_TRAFFIC = ("main_mode", "quick_mode.ikev2_proposals", "rule 'base' ale_persist_context")


def unicast(design: Design, count: int, seed: int) -> list[Packet]:
    """Return packets near what a design asks for, none to or from a multicast address."""
    found = (each for each in packets_near(design, 4 * count, seed) if not _is_multicast(each))
    return list(islice(found, count))


def _is_multicast(packet: Packet) -> bool:
    shift, first = (28, 0xE) if packet.family == "V4" else (120, 0xFF)
    return first in (packet.local_address >> shift, packet.remote_address >> shift)


def _untouched(outcomes: Outcomes) -> Outcomes:
    """Return outcomes in which exempt and untouched are one: in clear, and not IPsec's."""
    return UNTOUCHED if outcomes.peer_with_ipsec.first == "exempt" else outcomes


def assert_alike(design: Design, packets: list[Packet], **options: str) -> int:
    """Make sure that both decide alike; returns how many packets are protected, or may be."""
    tracer = tracer_of(compile_design(design))
    rules = rules_of(policy_of(design, lossy=True, **options))
    protected = 0
    for packet in packets:
        meant = tracer.trace(packet).outcomes
        found = verdict(rules, packet)
        assert found.outcomes == _untouched(meant), f"{packet}: {found}, and the design {meant}"
        protected += meant.peer_with_ipsec.settled in PROTECTED
    return protected


def sayable_presets() -> list[str]:
    """Return the presets of which no traffic is lost."""
    return [
        each.name
        for each in presets.shipped()
        if all(name.startswith(NO_TRAFFIC) for name in lost(each.load(), ipsec_exempt="yes"))
    ]


@pytest.mark.parametrize("name", sayable_presets())
def test_a_preset_means_the_same(name: str) -> None:
    design = presets.find(name).load()
    assert assert_alike(design, unicast(design, PACKETS, seed=1)) > PACKETS // 20


def test_which_presets_cannot_be_said() -> None:
    """What is for one end of the traffic alone, which a connection security rule is not."""
    every = {each.name for each in presets.shipped()}
    assert every - set(sayable_presets()) == {"nd-domain-member", "nd-subnet", "nd-zones"}


@pytest.mark.parametrize("part", range(4))
def test_random_designs_mean_the_same(part: int) -> None:
    kinds: set[str] = set()
    options = {"main_mode": "yes"}
    designs = (each for each in two_sided_designs(seed=part) if not lost(each, **options))
    for number, design in enumerate(islice(designs, DESIGNS // 4)):
        assert_alike(design, unicast(design, PACKETS, seed=number), **options)
        kinds |= {rule.mode for rule in design.rules}
        kinds |= {"encryption" for rule in design.rules if rule.encryption != "none"}
        kinds |= {"identity" for rule in design.rules if rule.is_identified}
        kinds |= {"partial" for each in design.exemptions if len(each.layers) == 2}
    assert kinds == {"negotiation-discovery", "boundary", "require", "inherit", "encryption", "identity", "partial"}

"""Shadowing: exact, of unions too, and the same as looking at every packet of a small world."""

from collections.abc import Callable, Sequence

from hypothesis import given, settings

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.verify.shadowing import Shadow, shadowing
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.layers import family_of
from tests.analysis.verify.brute_force import matcher, ruled_world, world
from tests.analysis.verify.small_designs import small_designs
from tests.analysis.verify.small_rules import small_ruled_designs
from tests.support import documents, exempting


def shadows(design: Design) -> tuple[Shadow, ...]:
    found = shadowing(compile_design(design), Effort.for_filters(0))
    assert found.undecided == ()
    return found.shadows


def found(design: Design) -> dict[str, Shadow]:
    return {each.origin.name: each for each in shadows(design)}


def deciding(design: Design) -> list[dict]:
    """Return the filters that decide once BFE is up, as documents."""
    return [each for each in documents(design)["filters"] if "FWPM_FILTER_FLAG_BOOTTIME" not in each["flags"]]


def hidden_by_hand(design: Design, packets: Callable[[str, str], Sequence[Packet]] = world) -> set[tuple[str, str]]:
    """Return (exemption, layer) of those all of whose packets another exemption of the layer matches too."""
    layers: dict[str, list[dict]] = {}
    for each in deciding(design):
        if each["origin"].startswith("exemption:"):
            layers.setdefault(each["layerKey"], []).append(each)
    hidden = set()
    for layer, filters in layers.items():
        own = set()
        first = {}
        for each in filters:
            first.setdefault(str(each["filterCondition"]), (each["origin"], matcher(each)))
        for packet in packets("in", family_of(layer)):
            matching = [origin for origin, matches in first.values() if matches(packet)]
            if len(matching) == 1:
                own.add(matching[0])
        hidden |= {(each["origin"], layer) for each in filters if each["origin"] not in own}
    return hidden


@given(small_designs())
def test_shadowed_are_those_without_a_packet_of_their_own(design: Design):
    check_shadows(design, world)


@settings(max_examples=settings().max_examples // 2)
@given(small_ruled_designs(1, 5))
def test_shadowed_are_those_without_one_on_any_network_and_of_any_program(design: Design):
    check_shadows(design, authorized)


def authorized(direction: str, family: str) -> list[Packet]:
    """Return the packets that exemptions can tell apart: none asks who the peer is."""
    return [packet for packet in ruled_world(direction, family) if not packet.unauthorized]


def check_shadows(design: Design, packets: Callable[[str, str], Sequence[Packet]]) -> None:
    ours = {(str(each.origin), layer) for each in shadows(design) for layer in each.layers}
    by_hand = hidden_by_hand(design, packets)
    # Two filters may say the same in other words (1-3 and 4 for 1-4): then each hides the other, and one is reported.
    assert ours <= by_hand
    if by_hand != ours:
        assert by_hand - ours <= twins(design, packets)


def twins(design: Design, asked: Callable[[str, str], Sequence[Packet]]) -> set[tuple[str, str]]:
    """Return the first of those that match the very same packets at a layer."""
    result = set()
    for layer in {each["layerKey"] for each in deciding(design)}:
        seen: dict[tuple[bool, ...], str] = {}
        packets = asked("in", family_of(layer))
        for each in deciding(design):
            if each["layerKey"] == layer and each["origin"].startswith("exemption:"):
                match = tuple(map(matcher(each), packets))
                if match in seen:
                    result.add((seen[match], layer))
                seen.setdefault(match, each["origin"])
    return result


def test_one_that_another_holds_is_shadowed_by_it_alone():
    design = exempting(
        {"name": "net", "remote_addresses": ["10.0.0.0/8"]},
        {"name": "host", "remote_addresses": ["10.1.2.3"], "protocol": "tcp", "remote_ports": [443]},
    )
    assert found(design)["host"].by == (Origin.exemption("net"),)
    assert found(design)["host"].alone
    assert found(design)["host"].everywhere
    assert "net" not in found(design)


def test_one_that_two_halves_cover_is_shadowed_by_their_union():
    design = exempting(
        {"name": "low", "protocol": "tcp", "remote_ports": ["0-32767"]},
        {"name": "high", "protocol": "tcp", "remote_ports": ["32768-65535"]},
        {"name": "whole", "protocol": "tcp"},
    )
    whole = found(design)["whole"]
    assert not whole.alone
    assert set(whole.by) == {Origin.exemption("low"), Origin.exemption("high")}


def test_a_hole_of_one_packet_is_enough():
    halves = [
        {"name": "low", "protocol": "tcp", "remote_ports": ["0-32766"]},
        {"name": "high", "protocol": "tcp", "remote_ports": ["32768-65535"]},
        {"name": "whole", "protocol": "tcp"},
    ]
    assert "whole" not in found(exempting(*halves))


def test_all_types_together_cover_icmp_which_has_no_others():
    types = [{"name": f"t{n}", "protocol": "icmp", "icmp_type": n} for n in range(256)]
    covered = found(exempting(*types, {"name": "all", "protocol": "icmp"}))["all"]
    assert len(covered.by) == 8, "some of them are named, not 256"
    assert "all" not in found(exempting(*types[:-1], {"name": "all", "protocol": "icmp"}))


def test_every_protocol_together_covers_any():
    numbers = [{"name": f"p{n}", "protocol": n} for n in range(256)]
    assert "any" in found(exempting(*numbers, {"name": "any"}))
    assert "any" not in found(exempting(*numbers[:47], *numbers[48:], {"name": "any"}))


def test_of_equal_ones_the_first_counts():
    one = {"protocol": "tcp", "remote_ports": [53]}
    assert set(found(exempting({"name": "a", **one}, {"name": "b", **one}, {"name": "c", **one}))) == {"b", "c"}


def test_tcp_and_udp_do_not_shadow_each_other():
    assert not found(exempting({"protocol": "tcp"}, {"protocol": "udp"}))


def test_what_is_disabled_shadows_nothing():
    assert not found(exempting({"protocol": "tcp", "enabled": False}, {"protocol": "tcp", "remote_ports": [53]}))


def test_one_at_fewer_layers_shadows_only_there():
    transport = "FWPM_LAYER_INBOUND_TRANSPORT"
    design = exempting(
        {"name": "in", "protocol": "tcp", "layers": [transport]},
        {"name": "all", "protocol": "tcp", "remote_ports": [53]},
    )
    shadow = found(design)["all"]
    assert not shadow.everywhere
    assert shadow.layers == (f"{transport}_V4", f"{transport}_V6")


def test_a_grid_of_networks_and_ports_is_found_without_looking_at_every_pair():
    nets = [{"name": f"n{n}", "protocol": "tcp", "remote_addresses": [f"{n * 2}.0.0.0/7"]} for n in range(128)]
    ports = [{"name": f"p{n}", "protocol": "tcp", "remote_ports": [f"{n * 512}-{n * 512 + 511}"]} for n in range(128)]
    assert set(found(exempting(*nets, *ports, families=["V4"]))) == {f"{kind}{n}" for kind in "np" for n in range(128)}
    assert not found(exempting(*nets[:-1], *ports[:-1], families=["V4"]))

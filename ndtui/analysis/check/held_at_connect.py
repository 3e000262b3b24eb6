"""Exemptions that guaranteed encryption still holds: at ALE_AUTH_CONNECT it asks for what an exempt connection is not.

Source: https://learn.microsoft.com/windows/win32/fwp/guaranteed-encryption
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ndtui.analysis.check.finding import Finding, Severity
from ndtui.analysis.check.rule_places import enabled
from ndtui.analysis.check.undecided import undecided
from ndtui.analysis.packet_sets.box import Box, box_of, holds, meet, real
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.ranges import Ranges, common
from ndtui.analysis.packet_sets.rule_layers import RuleLayers, Way
from ndtui.analysis.traffic.packet import FIRST_DYNAMIC_PORT, TCP, UDP, Packet
from ndtui.common.counted import counted
from ndtui.common.text import in_quotes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT, layer_name
from ndtui.model.vocabulary.pages import PAGES

_WITH_PORTS: Ranges = ((TCP, TCP), (UDP, UDP))
#: The ports that Windows gives to clients; see FIRST_DYNAMIC_PORT.
_OF_CLIENTS: Ranges = ((FIRST_DYNAMIC_PORT, 65535),)


class _Held(NamedTuple):
    """An outbound connection that is exempt and blocked all the same, and the rule that holds it."""

    packet: Packet
    rule: str
    severity: Severity


def held_at_connect(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """An exemption that leaves out ALE_AUTH_CONNECT is none from guaranteed encryption outbound.

    Nothing is said where only connections would be held that this host starts from the port of a service of its own:
    what it answers there does not meet ALE_AUTH_CONNECT.
    """
    design = filterset.design
    if not any(rule.encryption != "none" for rule in enabled(design)):
        return
    layers = RuleLayers(filterset, effort)
    at_connect = {each.name for each in counted(design.exemptions) if ALE_AUTH_CONNECT in each.stems}
    said: set[str] = set()
    for family in design.families:
        for each in filterset.by_layer.get(layer_name(OUTBOUND_TRANSPORT, family), ()):
            name = each.origin.name
            box = box_of(each.conditions, family)
            if each.slot.role != "exemption" or name in at_connect or name in said or box is None:
                continue
            try:
                held = _held(layers, Way("out", family), box)
            except UndecidedError:
                yield undecided(Origin("exemptions"), "whether rules with encryption hold exempt connections too")
                return
            if held is not None:
                said.add(name)
                yield _finding(name, held)


def _finding(name: str, held: _Held) -> Finding:
    usual = held.severity == "warning"
    return Finding(
        "held-at-connect",
        held.severity,
        Origin.exemption(name),
        f"{in_quotes(name)} is still held to rule {in_quotes(held.rule)} at ALE_AUTH_CONNECT, which asks "
        f"for encryption: {held.packet} "
        "is blocked",
        "Exempt at the transport layer it cannot be encrypted: outbound connections are blocked."
        if usual
        else "Exempt at the transport layer it cannot be encrypted: what this host sends first from a service's own "
        "port to the same port is blocked.",
        "Add FWPM_LAYER_ALE_AUTH_CONNECT to its layers.",
        PAGES["encryption"],
    )


def _held(layers: RuleLayers, way: Way, exempt: Box) -> _Held | None:
    """Return a connection of an exemption that a rule holds at ALE_AUTH_CONNECT; those of clients come first.

    Raises:
        UndecidedError: to find one takes too much effort.
    """
    regions = [met for one in layers.at(ALE_AUTH_CONNECT, way.family) if (met := meet(exempt, one.box)) is not None]
    kinds: tuple[tuple[Severity, Callable[[Box], Box | None]], ...] = (
        ("warning", _from_clients),
        ("note", _between_equal_ports),
    )
    for severity, narrowed in kinds:
        for part in (part for region in regions for part in real(region)):
            packet = layers.packet(way, ALE_AUTH_CONNECT, narrowed(part), ())
            if packet is not None and packet.kind == "usual":  # an ICMP error meets no ALE layer
                return _Held(packet, layers.deciding(ALE_AUTH_CONNECT, packet)[0].rule, severity)
    return None


def _from_clients(part: Box) -> Box | None:
    """Return what of traffic of one kind of protocol has a port that clients have; all of it where it has no ports."""
    if not _has_ports(part):
        return part
    ports = common(part.local_port, _OF_CLIENTS)
    return part._replace(local_port=ports) if ports else None


def _between_equal_ports(part: Box) -> Box | None:
    """Return what of it is UDP from a port to the same port: so services send first, those of NTP for example."""
    udp = common(part.protocol, ((UDP, UDP),)) if _has_ports(part) else ()
    ports = common(common(part.local_port, part.remote_port), ((1, FIRST_DYNAMIC_PORT - 1),)) if udp else ()
    if not ports:
        return None
    port = ((ports[0][0], ports[0][0]),)
    return part._replace(protocol=udp, local_port=port, remote_port=port)


def _has_ports(part: Box) -> bool:
    return holds(part._replace(protocol=_WITH_PORTS), part)

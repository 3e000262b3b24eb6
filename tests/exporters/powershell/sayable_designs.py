"""Random designs of the kind that the script can say, most of them, and packets near their edges."""

from collections.abc import Iterator
from random import Random
from typing import Any

from ndtui.analysis.traffic.packet import Packet
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.scope import Scope
from ndtui.model.vocabulary.layers import FAMILIES

_V4 = ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "192.0.2.7", "198.51.100.3-198.51.100.90", "0.0.0.0/0")
_V6 = ("2001:db8::/32", "2001:db8:1::/48", "2001:db8:2::5", "fd00::1-fd00::ff")
_PORTS = (53, 80, 443, 1433, 3389)
_MODES = ("negotiation-discovery", "boundary", "require")
_MACHINES = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
_USERS = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"
_TRANSPORT = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]


def random_designs(seed: int) -> Iterator[Design]:
    """Yield designs without end; some of them cannot be said."""
    draw = Random(seed)
    while True:
        data = _design(draw)
        try:
            yield Design.model_validate(data)
        except ValueError:
            continue


def _design(draw: Random) -> dict[str, Any]:
    families = draw.choice([["V4", "V6"], ["V4", "V6"], ["V4"], ["V6"]])
    modules = draw.choice([["IKE", "AuthIP"], ["AuthIP"], ["IKE"]])
    mode = draw.choice(_MODES)
    users = modules == ["AuthIP"] and draw.random() < 0.5
    rules = [{"name": "base", "mode": mode, "scope": _scope(draw, families, 0.4)}]
    for number in range(draw.choice([0, 0, 1, 2])):
        other = mode if draw.random() < 0.7 else draw.choice(_MODES)
        rules.append({"name": f"rule {number}", "mode": other, "scope": _scope(draw, families, 0.9)})
    for number in range(draw.choice([0, 1, 1, 2])):
        scope = {**rules[0]["scope"], **_service(draw)}
        extra: dict[str, Any] = {"name": f"extra {number}", "mode": "inherit", "scope": scope}
        kind = draw.choice(["encryption", "machines", "both", *(["users"] if users else [])])
        if kind in ("encryption", "both"):
            extra["encryption"] = "guaranteed"
        if kind in ("machines", "both"):
            extra["machines"] = _MACHINES
        if kind == "users":
            extra["users"] = _USERS
        rules.append(extra)
    return {
        "name": "random",
        "version": 2,
        "families": families,
        "keying_modules": modules,
        "rules": [{**each, "nd_secure": each["mode"] == "negotiation-discovery"} for each in rules],
        "exemptions": [_exemption(draw, families, n) for n in range(draw.randrange(4))],
        **({"extended_mode": {}} if users else {}),
    }


def _scope(draw: Random, families: list[str], likely: float) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if draw.random() < likely:
        fields["remote_addresses"] = _addresses(draw, families)
    if draw.random() < 0.15:
        fields["local_addresses"] = _addresses(draw, families)
    if draw.random() < 0.25:
        fields |= _service(draw)
    if draw.random() < 0.15:
        fields["profiles"] = draw.sample(["domain", "private", "public"], draw.choice([1, 2, 3]))
    if draw.random() < 0.15:
        fields["interfaces"] = draw.sample(["lan", "wireless", "remote-access"], draw.choice([1, 2]))
    return fields


def _service(draw: Random) -> dict[str, Any]:
    fields: dict[str, Any] = {"protocol": draw.choice(["tcp", "udp"])}
    sides = draw.choice([("local_ports",), ("local_ports",), ("remote_ports",), ("local_ports", "remote_ports")])
    for side in sides:
        fields[side] = draw.sample(_PORTS, draw.choice([1, 2]))
    if len(sides) == 2 and draw.random() < 0.5:
        fields["either_port"] = True
    return fields


def _addresses(draw: Random, families: list[str]) -> list[str]:
    known = [each for family in families for each in (_V4 if family == "V4" else _V6)]
    return draw.sample(known, draw.choice([1, 1, 2]))


def _exemption(draw: Random, families: list[str], number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": f"exemption {number}"}
    kind = draw.choice(["icmp", "service", "service", "addresses", "protocol"])
    if kind == "icmp":
        fields["protocol"] = "icmp"
    if kind == "protocol":
        fields["protocol"] = draw.choice([47, 2, "tcp"])
    if kind == "service":
        side = draw.choice(["local_ports", "remote_ports"])
        fields |= {"protocol": draw.choice(["tcp", "udp"]), side: draw.choice([[53], ["5000-5100", 80], [443, 3389]])}
        if draw.random() < 0.4:
            fields["layers"] = _TRANSPORT
    if kind == "addresses" or draw.random() < 0.2:
        fields["remote_addresses"] = _addresses(draw, families)
    if draw.random() < 0.2:
        fields["profiles"] = draw.sample(["domain", "private", "public"], draw.choice([1, 2]))
    if draw.random() < 0.15:
        fields["interfaces"] = [draw.choice(["lan", "wireless"])]
    return fields


def packets_near(design: Design, count: int, seed: int) -> Iterator[Packet]:
    """Yield unicast packets whose fields are near what the rules and exemptions of a design ask for.

    The packets of IKE itself are left out: Windows lets them through whoever made the policy.
    """
    draw = Random(seed)
    traffic = [*(each.scope for each in design.rules), *design.exemptions]
    made = 0
    while made < count:
        packet = _packet(draw, traffic)
        if packet.protocol == 17 and packet.local_port in (500, 4500):
            continue
        made += 1
        yield packet


def _packet(draw: Random, traffic: list[Scope | Exemption]) -> Packet:
    one = draw.choice(traffic)
    families = one.reach(FAMILIES)
    family = draw.choice(families if draw.random() < 0.8 else FAMILIES)
    icmp = 1 if family == "V4" else 58
    named: dict[Any, int] = {"tcp": 6, "udp": 17, "icmp": icmp}
    protocol = named.get(one.protocol, one.protocol)
    if protocol == "any" or draw.random() < 0.2:
        protocol = draw.choice([6, 6, 17, 17, icmp, 47, 50])
    has_ports, has_type = protocol in (6, 17), protocol in (1, 58)
    return Packet(
        direction=draw.choice(["in", "out"]),
        family=family,
        protocol=int(protocol),
        local_address=_near(draw, one.local_addresses, traffic, "local_addresses", family),
        remote_address=_near(draw, one.remote_addresses, traffic, "remote_addresses", family),
        local_port=_port(draw, one.local_ports) if has_ports else None,
        remote_port=_port(draw, one.remote_ports) if has_ports else None,
        icmp_type=draw.choice([8, 128, 3, 1, 135]) if has_type else None,
        icmp_code=draw.choice([0, 4]) if has_type else None,
        later=draw.random() < 0.2,
        profile=draw.choice(["domain", "private", "public"]),
        interface=draw.choice(["lan", "wireless", "remote-access", 24]),
        unauthorized=draw.random() < 0.25,
    )


def _near(draw: Random, ranges: tuple[AddressRange, ...], traffic: Any, field: str, family: str) -> int:
    if draw.random() < 0.3:
        ranges = getattr(draw.choice(traffic), field)
    own = [each for each in ranges if each.family == family]
    most = 2 ** (32 if family == "V4" else 128) - 1
    if not own:
        return (
            draw.choice([draw.randrange(most + 1), 0xC0000207, 0x0A010203]) if family == "V4" else draw.randrange(most)
        )
    each = draw.choice(own)
    return min(
        most, max(0, draw.choice([each.low, each.high, (each.low + each.high) // 2, each.low - 1, each.high + 1]))
    )


def _port(draw: Random, ranges: Any) -> int:
    if not ranges or draw.random() < 0.2:
        return draw.choice([*_PORTS, 5000, 5100, 5101, 49152])
    each = draw.choice(ranges)
    return min(65535, max(0, draw.choice([each.low, each.high, each.low, each.high + 1])))

"""What the rules of Windows Firewall do to a packet, by what its documents say of them.

IPsec rules: None in both directions leaves traffic out and comes before all others; Require inbound and Request
outbound is negotiation discovery; answers of what went out in clear may come in clear. Firewall rules decide on new
connections: those that override blocks first, then those that block, then those that allow. What rules allow only if it
is secure is let in only so, as long as the default blocks and no other rule allows it, which the script's head says;
outbound the default allows what no rule blocks.
Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule, .../new-netfirewallrule, [MS-FASP].
"""

from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from ndtui.analysis.traffic.outcome import ENCRYPTED, REQUESTED, REQUIRED, Course, Outcomes
from ndtui.analysis.traffic.packet import Packet

_PROTOCOLS = {"TCP": 6, "UDP": 17, "ICMPv4": 1, "ICMPv6": 58}
_INTERFACES = {"lan": "Wired", "wireless": "Wireless", "remote-access": "RemoteAccess"}
BLOCKED = Outcomes(Course("blocked", "blocked"), Course("blocked", "blocked"))
UNTOUCHED = Outcomes(Course("untouched", "untouched"), Course("untouched", "untouched"))

Rule = dict[str, Any]


class Verdict(NamedTuple):
    """What becomes of a packet, and which sets negotiate for it."""

    outcomes: Outcomes
    sets: tuple[str, ...] = ()


def verdict(rules: dict[str, list[Rule]], packet: Packet, exemptions: str = "") -> Verdict:
    """Return what the rules that are switched on do to a unicast packet, beside what the host leaves out."""
    if packet.kind == "ipsec":
        return Verdict(UNTOUCHED)
    found = [rule for rule in rules["NetIPsecRule"] if matches(rule, packet)]
    security = {(rule["InboundSecurity"], rule["OutboundSecurity"]) for rule in found}
    icmp = "Icmp" in exemptions and packet.protocol == {"V4": 1, "V6": 58}[packet.family]
    if ("None", "None") in security or icmp:
        found, security = [], set()
    assert len(security) <= 1, "which of the rules wins is not said anywhere"
    sets = {_sets(rule) for rule in found}
    assert len(sets) <= 1, "which of the rules' sets win is not said anywhere"
    base = _base(security.pop(), packet) if security else UNTOUCHED
    named = _main_mode(rules, packet, found) if found else ()
    is_new = not packet.later and packet.kind == "usual"
    guards = [rule for rule in rules["NetFirewallRule"] if is_new and _guards(rule, packet)]
    return _guarded(guards, packet, base, named)


def _base(security: tuple[str, str], packet: Packet) -> Outcomes:
    inbound, outbound = security
    assert (inbound, outbound) in (("Require", "Request"), ("Request", "Request"), ("Require", "Require"))
    if packet.direction == "out":
        return REQUIRED if outbound == "Require" else REQUESTED
    if inbound == "Request":
        return REQUESTED
    new = not packet.later and packet.kind == "usual"
    return REQUIRED if outbound == "Require" or new else REQUESTED


def _sets(rule: Rule) -> tuple[str, ...]:
    names = ("KeyModule", "QuickModeCryptoSet", "Phase1AuthSet", "Phase2AuthSet")
    return tuple(rule.get(name, "") for name in names)


def _main_mode(rules: dict[str, list[Rule]], packet: Packet, found: list[Rule]) -> tuple[str, ...]:
    """Return the sets that negotiate; main mode finds its own by a rule with the same addresses."""
    mine = {
        (rule["MainModeCryptoSet"], rule["Phase1AuthSet"])
        for rule in rules["NetIPsecMainModeRule"]
        if matches(rule, packet)
    }
    assert len(mine) == 1, "no main mode rule, or several, for traffic that is protected"
    crypto, first = mine.pop()
    assert first == found[0]["Phase1AuthSet"], "main mode authenticates otherwise than the rule says"
    return (crypto, *_sets(found[0]))


def _guards(rule: Rule, packet: Packet) -> bool:
    direction = {"in": "Inbound", "out": "Outbound"}[packet.direction]
    return rule["Direction"] == direction and matches(rule, packet)


def _guarded(guards: list[Rule], packet: Packet, base: Outcomes, sets: tuple[str, ...]) -> Verdict:
    """Return what firewall rules leave of a packet."""
    protects, outbound = base in (REQUIRED, REQUESTED), packet.direction == "out"
    overriding = [rule for rule in guards if rule.get("OverrideBlockRules")]
    blocking = [rule for rule in guards if rule["Action"] == "Block"]
    asking = [rule for rule in guards if rule["Action"] == "Allow"]
    allowed = [rule for rule in asking if _is_who(rule, packet)]
    if blocking and not [rule for rule in overriding if rule in allowed]:
        return Verdict(BLOCKED, sets)
    if not asking or (outbound and not blocking):
        return Verdict(base, sets)
    if not allowed or not protects:
        return Verdict(BLOCKED, sets)
    assert all(rule["Authentication"] == "Required" for rule in allowed)
    encrypted = any(rule["Encryption"] == "Required" for rule in allowed)
    return Verdict(ENCRYPTED if encrypted else REQUIRED, sets)


def _is_who(rule: Rule, packet: Packet) -> bool:
    return not ("RemoteMachine" in rule or "RemoteUser" in rule) or not packet.unauthorized


def matches(rule: Rule, packet: Packet) -> bool:
    """Tell whether a rule is for a packet."""
    if rule["Profile"] not in ("Any", str(packet.profile).capitalize()):
        return False
    interface = _INTERFACES.get(str(packet.interface), "none of them")
    if rule.get("InterfaceType", "Any") not in ("Any", interface):
        return False
    protocol = rule.get("Protocol")
    if protocol is not None and (_PROTOCOLS.get(protocol) or int(protocol)) != packet.protocol:
        return False
    if (protocol == "ICMPv4" and packet.family != "V4") or (protocol == "ICMPv6" and packet.family != "V6"):
        return False
    return all(
        (
            _holds(rule.get("LocalAddress"), packet.family, packet.local_address),
            _holds(rule.get("RemoteAddress"), packet.family, packet.remote_address),
            _has(rule.get("LocalPort"), packet.local_port),
            _has(rule.get("RemotePort"), packet.remote_port),
        )
    )


def _holds(texts: list[str] | None, family: str, number: int) -> bool:
    if texts is None:
        return True
    return any(own == family and low <= number <= high for own, low, high in map(_interval, texts))


@cache
def _interval(text: str) -> tuple[str, int, int]:
    if "-" in text:
        low, high = map(ip_address, text.split("-"))
    else:
        network = ip_network(text)
        low, high = network[0], network[-1]
    return f"V{low.version}", int(low), int(high)


def _has(texts: list[str] | None, port: int | None) -> bool:
    if texts is None:
        return True
    ends = [text.split("-") for text in texts]
    return port is not None and any(int(each[0]) <= port <= int(each[-1]) for each in ends)

"""The rules of netsh in the words of NetSecurity, of which it is known what they do to a packet.

The ends of connection security and main mode rules are taken either way round, so that each is two: as it stands, and
with its ends exchanged. Source: the help of Windows Firewall with Advanced Security, page Endpoints of its wizard.
"""

from collections.abc import Mapping

from tests.exporters.netsh_script.small_netsh import SmallNetsh
from tests.exporters.powershell.firewall_meaning import Rule

_SECURITY = {
    "requireinrequestout": ("Require", "Request"),
    "requestinrequestout": ("Request", "Request"),
    "requireinrequireout": ("Require", "Require"),
    "noauthentication": ("None", "None"),
}
_PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "icmpv4": "ICMPv4", "icmpv6": "ICMPv6"}
_INTERFACES = {"any": "Any", "lan": "Wired", "wireless": "Wireless", "ras": "RemoteAccess"}
_EXCHANGED = {
    "LocalAddress": "RemoteAddress",
    "RemoteAddress": "LocalAddress",
    "LocalPort": "RemotePort",
    "RemotePort": "LocalPort",
}


def net_security(machine: SmallNetsh, *, either_way: bool = True) -> dict[str, list[Rule]]:
    """Return the rules of a machine; with ``either_way`` as Windows takes their ends."""
    found: dict[str, list[Rule]] = {
        "NetIPsecRule": [_security(said) for said in machine.of("consec")],
        "NetIPsecMainModeRule": [_main_mode(said) for said in machine.of("mainmode")],
        "NetFirewallRule": [_firewall(said) for said in machine.of("firewall")],
    }
    if either_way:
        for noun in ("NetIPsecRule", "NetIPsecMainModeRule"):
            found[noun] += [exchanged(rule) for rule in found[noun]]
    return found


def exchanged(rule: Rule) -> Rule:
    """Return a rule with its ends exchanged."""
    return {_EXCHANGED.get(name, name): value for name, value in rule.items()}


def _security(said: Mapping[str, str]) -> Rule:
    inbound, outbound = _SECURITY[said["action"]]
    return {
        **_traffic(said, "endpoint1", "endpoint2", "port1", "port2"),
        "InboundSecurity": inbound,
        "OutboundSecurity": outbound,
        "KeyModule": "Default",
        "Phase1AuthSet": _set(said, "auth1"),
        "Phase2AuthSet": _set(said, "auth2"),
        "QuickModeCryptoSet": _set(said, "qm"),
    }


def _main_mode(said: Mapping[str, str]) -> Rule:
    return {
        **_traffic(said, "endpoint1", "endpoint2", "", ""),
        "Phase1AuthSet": _set(said, "auth1"),
        "MainModeCryptoSet": _set(said, "mm"),
    }


def _set(said: Mapping[str, str], prefix: str) -> str:
    """Return all that a rule says of a set, as one text: two sets of which the same is said are the same."""
    return " ".join(f"{name}={value}" for name, value in sorted(said.items()) if name.startswith(prefix))


def _firewall(said: Mapping[str, str]) -> Rule:
    rule: Rule = {
        **_traffic(said, "localip", "remoteip", "localport", "remoteport"),
        "Direction": {"in": "Inbound", "out": "Outbound"}[said["dir"]],
        "Action": "Block" if said["action"] == "block" else "Allow",
    }
    if said["action"] == "bypass":
        rule["OverrideBlockRules"] = True
    if "security" in said:
        rule |= {
            "Authentication": "Required",
            "Encryption": {"authenc": "Required", "authenticate": "NotRequired"}[said["security"]],
        }
    for name, parameter in (("rmtcomputergrp", "RemoteMachine"), ("rmtusrgrp", "RemoteUser")):
        if name in said:
            rule[parameter] = said[name]
    return rule


def _traffic(said: Mapping[str, str], local: str, remote: str, local_port: str, remote_port: str) -> Rule:
    rule: Rule = {
        "Profile": said.get("profile", "any").capitalize(),
        "InterfaceType": _INTERFACES[said.get("interfacetype", "any")],
    }
    for name, parameter in (
        (local, "LocalAddress"),
        (remote, "RemoteAddress"),
        (local_port, "LocalPort"),
        (remote_port, "RemotePort"),
    ):
        if said.get(name, "any") != "any":
            rule[parameter] = said[name].split(",")
    if said.get("protocol", "any") != "any":
        rule["Protocol"] = _PROTOCOLS.get(said["protocol"], said["protocol"])
    return rule

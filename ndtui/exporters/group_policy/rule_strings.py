"""Rules of Windows Firewall as the texts that the registry has for them: a version, and tokens between bars.

Sources: [MS-GPFAS] 2.2.6.2 (connection security rules), 2.2.7.1 (main mode rules), 2.2.2.19 (firewall rules), and its
examples 4.2 and 4.3. A rule has the lowest version that has all its tokens, and versions before that pass it over.
"""

from collections.abc import Callable, Iterator, Mapping

from ndtui.exporters.connection_security.native_values import Value
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.exporters.group_policy.set_values import FIRST, Version, before, written

#: The key of each kind of rule.
KEYS: Mapping[str, str] = {
    "NetIPsecMainModeRule": "MainModeRules",
    "NetIPsecRule": "ConSecRules",
    "NetFirewallRule": "FirewallRules",
}
Token = tuple[str, str]
SetIds = Mapping[NetObject, str]

#: Tokens that later versions added, and kinds of rules. Source: [MS-GPFAS] 2.2.7 and footnote 1; that keying modules
#: came with Windows 8: [MS-FASP] 2.2.53 and 2.2.55, of which the structure of 2.10 does not have them; that outbound
#: rules override blocks since 2.10: [MS-FASP] 2.2.35, where the flags of 2.9 end before that one.
_SINCE: Mapping[str, Version] = {
    "KeyMod": (2, 20),
    "AuthByPassOut": (2, 10),
    **{f"{port}2_10": (2, 10) for port in ("EP1Port", "EP2Port", "LPort", "RPort")},
}
_KIND_SINCE: Mapping[str, Version] = {"NetIPsecMainModeRule": (2, 8)}

_ACTIONS: Mapping[tuple[Value, Value], str] = {
    ("Require", "Request"): "SecureServer",
    ("Request", "Request"): "Boundary",
    ("Require", "Require"): "Secure",
    ("None", "None"): "DoNotSecure",
}
#: All addresses but multicast ones, which no rule may have. Of main mode rules [MS-FASP] 2.2.85 says that an end
#: without addresses is not asked for, and in brackets that it does not match: with all of them it is the same anyhow.
_EVERY = ("0.0.0.0-223.255.255.255", "240.0.0.0-255.255.255.255", "::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")

_PROTOCOLS: Mapping[str, str] = {"ICMPv4": "1", "TCP": "6", "UDP": "17", "ICMPv6": "58"}
_INTERFACES: Mapping[str, str] = {"Wired": "Lan", "Wireless": "Wireless", "RemoteAccess": "RemoteAccess"}
_KEY_MODULES: Mapping[str, str] = {"IKEv1": "IkeV1", "AuthIP": "AuthIP", "IKEv2": "IkeV2"}
_SETS = (
    ("Auth1Set", "Phase1AuthSet"),
    ("Auth2Set", "Phase2AuthSet"),
    ("Crypto2Set", "QuickModeCryptoSet"),
    ("Crypto1Set", "MainModeCryptoSet"),
)


def rule_string(rule: NetObject, ids: SetIds, group: str) -> str:
    """Return the text of a rule; ``ids`` are those of the sets that it names."""
    tokens = [*_KINDS[rule.noun](rule, dict(rule.parameters), ids), ("EmbedCtxt", group)]
    version = max(_KIND_SINCE.get(rule.noun, FIRST), *(_SINCE.get(name, FIRST) for name, _ in tokens))
    if version > FIRST:
        tokens.append(("SkipVer", before(version)))
    return "|".join([f"v{written(version)}", *(f"{name}={value}" for name, value in tokens), ""])


def _connection_security(rule: NetObject, said: Mapping[str, Value], ids: SetIds) -> Iterator[Token]:
    yield "Action", _ACTIONS[said["InboundSecurity"], said["OutboundSecurity"]]
    yield "Active", "TRUE"
    yield from _networks(said)
    yield from _traffic(said, "EP1Port", "EP2Port")
    yield from _addresses(said, "EP1_", "EP2_")
    yield "Name", rule.title
    yield from _sets(rule, ids)
    if rule.sets:
        yield from (("KeyMod", _KEY_MODULES[module]) for module in str(said["KeyModule"]).split(","))


def _main_mode(rule: NetObject, said: Mapping[str, Value], ids: SetIds) -> Iterator[Token]:
    every = dict.fromkeys(("LocalAddress", "RemoteAddress"), _EVERY)
    yield "Active", "TRUE"
    yield from _networks(said)
    yield from _addresses({**every, **said}, "EP1_", "EP2_")
    yield "Name", rule.title
    yield from _sets(rule, ids)


def _firewall(rule: NetObject, said: Mapping[str, Value], _ids: SetIds) -> Iterator[Token]:
    inbound, overrides = said["Direction"] == "Inbound", "OverrideBlockRules" in said
    yield "Action", "ByPass" if overrides and inbound else str(said["Action"])
    yield "Active", "TRUE"
    yield "Dir", "In" if inbound else "Out"
    yield from _networks(said)
    yield from _traffic(said, "LPort", "RPort")
    yield from _addresses(said, "LA", "RA")
    yield "Name", rule.title
    for name, parameter in (("RMauth", "RemoteMachine"), ("RUAuth", "RemoteUser")):
        if parameter in said:
            yield name, str(said[parameter])
    if "Authentication" in said:
        yield "Security", "AuthenticateEncrypt" if said["Encryption"] == "Required" else "Authenticate"
    if overrides and not inbound:
        yield "AuthByPassOut", "TRUE"


def _networks(said: Mapping[str, Value]) -> Iterator[Token]:
    if said["Profile"] != "Any":
        yield "Profile", str(said["Profile"])
    if said.get("InterfaceType", "Any") != "Any":
        yield "IFType", _INTERFACES[str(said["InterfaceType"])]


def _traffic(said: Mapping[str, Value], *names: str) -> Iterator[Token]:
    """Yield protocol and ports; the protocol has to come before them."""
    if "Protocol" in said:
        protocol = str(said["Protocol"])
        yield "Protocol", _PROTOCOLS.get(protocol, protocol)
    for name, parameter in zip(names, ("LocalPort", "RemotePort"), strict=True):
        for port in _several(said, parameter):
            yield f"{name}2_10" if "-" in port else name, port


def _addresses(said: Mapping[str, Value], *stems: str) -> Iterator[Token]:
    for stem, parameter in zip(stems, ("LocalAddress", "RemoteAddress"), strict=True):
        yield from ((f"{stem}{6 if ':' in each else 4}", each) for each in _several(said, parameter))


def _sets(rule: NetObject, ids: SetIds) -> Iterator[Token]:
    named = dict(rule.sets)
    yield from ((token, ids[named[parameter]]) for token, parameter in _SETS if parameter in named)


def _several(said: Mapping[str, Value], parameter: str) -> tuple[str, ...]:
    value = said.get(parameter, ())
    return value if isinstance(value, tuple) else (str(value),)


_KINDS: Mapping[str, Callable[[NetObject, Mapping[str, Value], SetIds], Iterator[Token]]] = {
    "NetIPsecMainModeRule": _main_mode,
    "NetIPsecRule": _connection_security,
    "NetFirewallRule": _firewall,
}

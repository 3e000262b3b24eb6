"""A policy as the reader of the tests finds it in a file, and its rules in the words of NetSecurity."""

import re
from typing import Any, NamedTuple

from tests.exporters.group_policy.reg_reader import (
    GUID,
    RegFile,
    SetRead,
    Tokens,
    read_connection_security,
    read_file,
    read_firewall,
    read_main_mode,
    read_sets,
)
from tests.exporters.powershell.firewall_meaning import Rule

POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"
LOCAL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_SETS = ("Phase1AuthenticationSets", "Phase2AuthenticationSets", "Phase2CryptoSets", "Phase1CryptoSet")
_ACTIONS = {
    "SecureServer": ("Require", "Request"),
    "Boundary": ("Request", "Request"),
    "Secure": ("Require", "Require"),
    "DoNotSecure": ("None", "None"),
}
_PROTOCOLS = {"1": "ICMPv4", "6": "TCP", "17": "UDP", "58": "ICMPv6"}
_INTERFACES = {"Lan": "Wired", "Wireless": "Wireless", "RemoteAccess": "RemoteAccess"}


class PolicyRead(NamedTuple):
    """The rules of a file by their ids, the sets of each kind by theirs, and what the host leaves out."""

    connection_security: dict[str, Tokens]
    main_mode: dict[str, Tokens]
    firewall: dict[str, Tokens]
    sets: dict[str, dict[str, SetRead]]
    exempt: int | None

    @property
    def content(self) -> object:
        """What it says, without ids and names, each rule once: two policies of which it is the same are the same."""
        kinds = (self.connection_security, self.main_mode, self.firewall)
        return (*({self._said(each) for each in rules.values()} for rules in kinds), self.exempt)

    def _said(self, tokens: Tokens) -> str:
        kinds = {"Auth1Set": _SETS[0], "Auth2Set": _SETS[1], "Crypto2Set": _SETS[2], "Crypto1Set": _SETS[3]}
        said = {name: values for name, values in tokens.items() if name not in ("Name", "EmbedCtxt")}
        return repr(
            {
                name: self.sets[kinds[name]][values[0]].content if name in kinds else sorted(values)
                for name, values in sorted(said.items())
            }
        )


def read_policy(data: bytes, base: str = POLICY) -> PolicyRead:
    """Return the policy of a file, after all of it has been held against the documents."""
    file = read_file(data)
    _check_keys(file, base)
    sets = {kind: read_sets(file.keys, base, kind) for kind in _SETS}
    read = PolicyRead(
        _rules(file, f"{base}\\ConSecRules", read_connection_security),
        _rules(file, f"{base}\\MainModeRules", read_main_mode),
        _rules(file, f"{base}\\FirewallRules", read_firewall),
        sets,
        _exempt(file, base),
    )
    _check_references(read)
    return read


def _check_keys(file: RegFile, base: str) -> None:
    allowed = "|".join(map(re.escape, ("ConSecRules", "MainModeRules", "FirewallRules")))
    of_sets = "|".join(_SETS)
    known = re.compile(rf"{re.escape(base)}(\\({allowed})|\\({of_sets})\\{GUID}(\\[0-9]{{4}})?)?")
    assert all(known.fullmatch(key) for key in file.keys), [key for key in file.keys if not known.fullmatch(key)]
    sets = [key for key in file.keys if re.fullmatch(rf"{re.escape(base)}\\({of_sets})\\{GUID}", key)]
    assert file.removed_keys == sets, "a set is made anew, and nothing else removed"
    assert not file.removed_values


def _rules(file: RegFile, key: str, reader: Any) -> dict[str, Tokens]:
    values = file.keys.get(key, {})
    assert all(re.fullmatch(GUID, name) for name in values)
    assert all(isinstance(text, str) for text in values.values())
    return {name: reader(text) for name, text in values.items()}


def _exempt(file: RegFile, base: str) -> int | None:
    values = file.keys.get(base, {})
    assert values.keys() <= {"IPsecExempt"}
    value = values.get("IPsecExempt")
    assert value is None or (isinstance(value, int) and 0 <= value < 0x10)
    return value


def _check_references(read: PolicyRead) -> None:
    """Every set that is named is there, and every set that is there is named."""
    named = {
        (kind, value)
        for tokens in (*read.connection_security.values(), *read.main_mode.values())
        for token, kind in zip(("Auth1Set", "Auth2Set", "Crypto2Set", "Crypto1Set"), _SETS, strict=True)
        for value in tokens.get(token, [])
    }
    assert named == {(kind, name) for kind, sets in read.sets.items() for name in sets}
    assert len(read.sets["Phase1CryptoSet"]) <= 1, "a store has one set of main mode"


def rules_of(read: PolicyRead) -> dict[str, list[Rule]]:
    """Return rules in the words of NetSecurity; those of IPsec twice, for their ends are taken either way round.

    Where no main mode rule is there, what the host has by itself leads to the same methods.
    """
    secured = [
        each
        for tokens in read.connection_security.values()
        for each in _either_way(tokens, _connection_security(tokens))
    ]
    mains = [each for tokens in read.main_mode.values() for each in _either_way(tokens, _main_mode(tokens))]
    if not mains:
        names = ("Profile", "LocalAddress", "RemoteAddress", "Phase1AuthSet")
        mains = [
            {"MainModeCryptoSet": "the host's", **{name: rule[name] for name in names if name in rule}}
            for rule in secured
            if "Phase1AuthSet" in rule
        ]
    return {
        "NetIPsecRule": secured,
        "NetIPsecMainModeRule": mains,
        "NetFirewallRule": [each for tokens in read.firewall.values() for each in _networks(tokens, _firewall(tokens))],
    }


def _connection_security(tokens: Tokens) -> Rule:
    inbound, outbound = _ACTIONS[tokens["Action"][0]]
    rule: Rule = {
        "InboundSecurity": inbound,
        "OutboundSecurity": outbound,
        "KeyModule": ",".join(tokens.get("KeyMod", [])),
    }
    for name, token in (
        ("Phase1AuthSet", "Auth1Set"),
        ("Phase2AuthSet", "Auth2Set"),
        ("QuickModeCryptoSet", "Crypto2Set"),
    ):
        if token in tokens:
            rule[name] = tokens[token][0]
    return rule | _protocol(tokens)


def _main_mode(tokens: Tokens) -> Rule:
    return {"MainModeCryptoSet": tokens["Crypto1Set"][0], "Phase1AuthSet": tokens["Auth1Set"][0]}


def _firewall(tokens: Tokens) -> Rule:
    (action,) = tokens["Action"]
    rule: Rule = {
        "Direction": {"In": "Inbound", "Out": "Outbound"}[tokens["Dir"][0]],
        "Action": "Allow" if action == "ByPass" else action,
        **_protocol(tokens),
        **_side(tokens, "Local", "LA", "LPort"),
        **_side(tokens, "Remote", "RA", "RPort"),
    }
    if action == "ByPass" or tokens.get("AuthByPassOut") == ["TRUE"]:
        rule["OverrideBlockRules"] = True
    if "Security" in tokens:
        rule["Authentication"] = "Required"
        rule["Encryption"] = "Required" if tokens["Security"] == ["AuthenticateEncrypt"] else "NotRequired"
    for name, token in (("RemoteMachine", "RMauth"), ("RemoteUser", "RUAuth")):
        if token in tokens:
            rule[name] = tokens[token][0]
    return rule


def _either_way(tokens: Tokens, rule: Rule) -> list[Rule]:
    found = []
    for local, remote in (("EP1", "EP2"), ("EP2", "EP1")):
        sides = {
            **_side(tokens, "Local", f"{local}_", f"{local}Port"),
            **_side(tokens, "Remote", f"{remote}_", f"{remote}Port"),
        }
        found += _networks(tokens, {**rule, **sides})
    return found


def _side(tokens: Tokens, side: str, addresses: str, ports: str) -> Rule:
    found: Rule = {}
    for name, values in (
        ("Address", [*tokens.get(f"{addresses}4", []), *tokens.get(f"{addresses}6", [])]),
        ("Port", [*tokens.get(ports, []), *tokens.get(f"{ports}2_10", [])]),
    ):
        if values:
            found[f"{side}{name}"] = values
    return found


def _protocol(tokens: Tokens) -> Rule:
    if "Protocol" not in tokens:
        return {}
    (number,) = tokens["Protocol"]
    return {"Protocol": _PROTOCOLS.get(number, number)}


def _networks(tokens: Tokens, rule: Rule) -> list[Rule]:
    return [
        {**rule, "Profile": profile, "InterfaceType": _INTERFACES.get(interface, interface)}
        for profile in tokens.get("Profile", ["Any"])
        for interface in tokens.get("IFType", ["Any"])
    ]

"""Connection security rules as ``Get-NetIPsecRule | ConvertTo-Json`` writes them.

Addresses, ports and protocols stand in objects of their own, which that command does not write: they are read where
they were added to a rule, and named as missing where not.
Source: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netconsecrule and the pages of NetSecurity.
"""

import json
from collections.abc import Mapping
from typing import Any

from ndtui.analysis.connection_security.security_rules import (
    KEYING,
    PROFILES,
    Action,
    RulesRead,
    SecurityRule,
    Suite,
    known_words,
    protocol_of,
)
from ndtui.model.vocabulary.networks import InterfaceType, Profile

#: What InboundSecurity and OutboundSecurity may be, by number and by name.
_SECURITY = {"0": "none", "1": "request", "2": "require", "none": "none", "request": "request", "require": "require"}
_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("require", "request"): "SecureServer",
    ("request", "request"): "Boundary",
    ("require", "require"): "Secure",
    ("none", "none"): "DoNotSecure",
}
_PROFILES: Mapping[int, Profile] = {1: "domain", 2: "private", 4: "public"}
_INTERFACES: Mapping[str, InterfaceType] = {"wired": "lan", "wireless": "wireless", "remoteaccess": "remote-access"}
#: The sets that a rule means that names none, and what those of authentication hold.
_DEFAULT = "e5a5d32a-4bce-4e4d-b07f-4ab1ba7e5fe"
#: What else a rule can say that matters, and what says nothing.
_BEYOND = ("Platforms", "Platform", "RequireAuthorization", "AllowSetKey", "AllowWatchKey", "RemoteTunnelHostname")
_NOTHING = ("", "false", "[]", "none", "any", "0")
_FILTERS = ("LocalAddress", "RemoteAddress", "Protocol", "LocalPort", "RemotePort")


def is_netsecurity(data: object) -> bool:
    """Whether JSON is what NetSecurity writes of rules."""
    return all("InboundSecurity" in each for each in _objects(data)) and bool(_objects(data))


def rules_of_netsecurity(text: str) -> RulesRead:
    """Return the rules of a JSON text for which ``is_netsecurity`` holds."""
    rules: list[SecurityRule] = []
    lost: list[str] = []
    for each in _objects(json.loads(text)):
        try:
            rules.append(_rule(each))
        except ValueError as error:
            lost.append(f"rule {each.get('DisplayName') or each.get('Name') or 'without a name'}: {error}")
    return RulesRead(tuple(rules), tuple(lost))


def _objects(data: object) -> list[Mapping[str, Any]]:
    several = data if isinstance(data, list) else [data]
    return [each for each in several if isinstance(each, dict)]


def _rule(said: Mapping[str, Any]) -> SecurityRule:
    inbound, outbound = (_SECURITY.get(_word(said, f"{side}boundSecurity", "0"), "") for side in ("In", "Out"))
    action = _ACTIONS.get((inbound, outbound))
    if action is None:
        raise ValueError(f"it has InboundSecurity {inbound or 'unknown'} and OutboundSecurity {outbound or 'unknown'}")
    if _word(said, "Mode", "2") not in ("2", "transport"):
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    lost = [f"{name} is not in the file, and taken for any" for name in _FILTERS if name not in said]
    for name in ("Phase1AuthSet", "Phase2AuthSet", "QuickModeCryptoSet"):
        named = _word(said, name, "default")
        if named not in ("", "default") and _DEFAULT not in named and action != "DoNotSecure":
            lost.append(f"{name} {said[name]} is not in the file, and taken for the default")
    lost += [f"{name} is {said[name]}" for name in _BEYOND if _word(said, name, "") not in _NOTHING]
    return SecurityRule(
        name=str(said.get("DisplayName") or said.get("Name") or ""),
        action=action,
        description=str(said.get("Description") or ""),
        enabled=_word(said, "Enabled", "1") in ("1", "true"),
        addresses=(_list(said, "LocalAddress"), _list(said, "RemoteAddress")),
        ports=(_list(said, "LocalPort"), _list(said, "RemotePort")),
        protocol=protocol_of(_word(said, "Protocol", "any")),
        profiles=_profiles(said.get("Profile", said.get("Profiles", 0))),
        interfaces=known_words(_list(said, "InterfaceType"), _INTERFACES, "InterfaceType"),
        keying=known_words(
            [each for each in _list(said, "KeyModule") if each not in ("0", "Default")], KEYING, "KeyModule"
        ),
        first=(Suite("MachineKerb"),),
        machines=str(said.get("Machines") or said.get("Machine") or ""),
        users=str(said.get("Users") or said.get("User") or ""),
        lost=tuple(lost),
    )


def _word(said: Mapping[str, Any], name: str, otherwise: str) -> str:
    value = said.get(name)
    return otherwise if value is None else str(value).casefold()


def _list(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = said.get(name)
    several = value if isinstance(value, list) else [] if value is None else str(value).split(",")
    parts = [str(each).strip() for each in several if str(each).strip()]
    return () if [each.casefold() for each in parts] == ["any"] else tuple(parts)


def _profiles(value: object) -> tuple[Profile, ...]:
    if isinstance(value, int) and not isinstance(value, bool):
        return tuple(name for bit, name in _PROFILES.items() if value & bit) if 0 < value < 7 else ()
    words = [each.strip() for each in str(value).split(",") if each.strip().casefold() not in ("any", "")]
    return known_words(words, PROFILES, "Profile")

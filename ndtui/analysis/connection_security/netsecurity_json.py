"""Connection security rules as ``Get-NetIPsecRule | ConvertTo-Json`` writes them.

Addresses, ports and protocols stand in objects of their own, which that command does not write: they are read where
they were added to a rule, and named as missing where not. Main mode rules and sets of main mode may stand beside them,
as Get-NetIPsecMainModeRule and Get-NetIPsecMainModeCryptoSet have them.
Source: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netconsecrule, .../msft-netmainmoderule,
.../msft-netikemmcryptoset, .../msft-netikemmcryptoproposal and the pages of NetSecurity.
"""

import json
from collections.abc import Mapping
from typing import Any

from ndtui.analysis.connection_security.crypto_words import NoWordError, main_mode_proposal
from ndtui.analysis.connection_security.main_mode_rules import with_main_mode
from ndtui.analysis.connection_security.security_rules import (
    KEYING,
    PROFILES,
    Action,
    MainOffers,
    MainRule,
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
#: By which property an object is known, and what it is called where it is named.
_KINDS = (("InboundSecurity", "rule"), ("ForceDiffieHellman", "set"), ("MainModeCryptoSet", "main mode rule"))
#: The numbers of algorithms in main mode proposals, as words of NetSecurity.
_CIPHERS = {"2": "DES", "6": "DES3", "65001": "AES128", "65002": "AES192", "65003": "AES256"}
_HASHES = {"2": "MD5", "3": "SHA1", "65001": "SHA256", "65002": "SHA384"}
_GROUPS = {"0": "None", **{str(number): f"DH{number}" for number in (1, 2, 14, 19, 20, 24)}}


def is_netsecurity(data: object) -> bool:
    """Whether JSON is what NetSecurity writes of rules, and of main mode beside them."""
    kinds = [_kind(each) for each in _objects(data)]
    return "rule" in kinds and all(kinds)


def rules_of_netsecurity(text: str) -> RulesRead:
    """Return the rules of a JSON text for which ``is_netsecurity`` holds."""
    objects = _objects(json.loads(text))
    rules: list[SecurityRule] = []
    mains: list[MainRule] = []
    sets: dict[str, MainOffers] = {}
    lost: list[str] = []
    for each in objects:
        if _kind(each) == "set":
            sets[_id(each)] = _main_set(each, lost)
    for each in objects:
        try:
            if _kind(each) == "rule":
                rules.append(_rule(each))
            elif _kind(each) == "main mode rule":
                mains.append(_main_rule(each, sets))
        except ValueError as error:
            lost.append(f"{_kind(each)} {_called(each)}: {error}")
    default = next((offers for name, offers in sets.items() if f"{_DEFAULT}1" in name), None)
    return with_main_mode(RulesRead(tuple(rules), tuple(lost)), mains, default)


def _kind(each: Mapping[str, Any]) -> str:
    return next((kind for name, kind in _KINDS if name in each), "")


def _id(each: Mapping[str, Any]) -> str:
    return str(each.get("InstanceID") or each.get("Name") or "").casefold()


def _called(each: Mapping[str, Any]) -> str:
    return str(each.get("DisplayName") or each.get("Name") or each.get("InstanceID") or "without a name")


def _main_set(said: Mapping[str, Any], lost: list[str]) -> MainOffers:
    """Return what a set of main mode offers; what of it cannot be said is named."""
    minutes, sessions = (
        str(next((said[name] for name in (f"MaxLifetime{what}", f"Max{what}") if said.get(name) is not None), ""))
        for what in ("Minutes", "Sessions")
    )
    listed = next((said[name] for name in ("Proposals", "Proposal") if said.get(name) is not None), ())
    listed = listed.get("value", [listed]) if isinstance(listed, dict) else listed  # as Windows PowerShell wraps a list
    proposals = []
    for number, each in enumerate(listed if isinstance(listed, list) else [listed]):
        try:
            words = _main_words(each)
            proposals.append(main_mode_proposal(*words, minutes, sessions))
        except ValueError as error:
            lost.append(f"set {_called(said)}, proposal {number}: {error}")
    return MainOffers(tuple(proposals), _word(said, "ForceDiffieHellman", "false") in ("true", "1"))


def _main_words(each: object) -> tuple[str, str, str]:
    """Return the words for encryption, integrity and key exchange of a proposal of main mode.

    Raises:
        NoWordError: what it offers is not in the file.
    """
    if not isinstance(each, dict):
        raise NoWordError("what it offers is not in the file: write more with ConvertTo-Json -Depth 5")
    small = {name.casefold(): str(value) for name, value in each.items() if value is not None}
    found = []
    for names, numbers in (
        (("encryption", "cipheralgorithm"), _CIPHERS),
        (("hash", "hashalgorithm"), _HASHES),
        (("keyexchange", "groupid"), _GROUPS),
    ):
        word = next((small[name] for name in names if name in small), "")
        found.append(numbers.get(word, word))
    cipher, hashed, group = found
    return cipher, hashed, group


def _main_rule(said: Mapping[str, Any], sets: Mapping[str, MainOffers]) -> MainRule:
    """Return a main mode rule.

    Raises:
        ValueError: what it offers is not in the file, or cannot be said.
    """
    named = _word(said, "MainModeCryptoSet", "default")
    usual = named in ("", "default") or f"{_DEFAULT}1" in named
    offers = None if usual else sets.get(named)
    if offers is None and not usual:
        raise ValueError(f"it names the set {said['MainModeCryptoSet']}, which is not in the file")
    if offers is not None and not offers.proposals:
        raise ValueError("nothing of what its main mode offers can be said")
    missing = [f"{name} is not in the file, and taken for any" for name in _FILTERS[:2] if name not in said]
    return MainRule(
        name=_called(said),
        offers=offers,
        enabled=_word(said, "Enabled", "1") in ("1", "true"),
        addresses=(_list(said, "LocalAddress"), _list(said, "RemoteAddress")),
        profiles=_profiles(said.get("Profile", said.get("Profiles", 0))),
        lost=(*missing, *_beyond(said)),
    )


def _beyond(said: Mapping[str, Any]) -> list[str]:
    return [f"{name} is {said[name]}" for name in _BEYOND if _word(said, name, "") not in _NOTHING]


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
    lost += _beyond(said)
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

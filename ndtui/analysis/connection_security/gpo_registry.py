"""Connection security rules of the registry: of a group policy, or of the machine's own store.

Source: [MS-GPFAS] 2.2.2 to 2.2.7, its examples 4.3 and 4.4.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ndtui.analysis.connection_security.crypto_words import group_of, proposal_of_registry
from ndtui.analysis.connection_security.registry_text import Values
from ndtui.analysis.connection_security.security_rules import (
    ACTIONS,
    DEFAULT_CRYPTO,
    DEFAULT_FIRST,
    DEFAULT_SECOND,
    KERBEROS,
    KEYING,
    PROFILES,
    Action,
    RulesRead,
    SecurityRule,
    Suite,
    Word,
    known_words,
)
from ndtui.model.design.ipsec_policy import QuickModeProposal
from ndtui.model.vocabulary.networks import InterfaceType

_RULES = "consecrules"
_MAIN_MODE = ("mainmoderules", "phase1cryptoset", "phase1cryptosets")
#: The keys of sets; the specification prints those of authentication in the singular, and its examples in the plural.
_FIRST = ("phase1authenticationsets", "phase1authenticationset")
_SECOND = ("phase2authenticationsets", "phase2authenticationset")
_CRYPTO = ("phase2cryptosets", "phase2cryptoset")

_INTERFACES: Mapping[str, InterfaceType] = {"lan": "lan", "wireless": "wireless", "remoteaccess": "remote-access"}
_KEYING = {**KEYING, "keymoddefault": ""}
_ADDRESSES = ({"ep1_4", "ep1_6"}, {"ep2_4", "ep2_6"})
_PORTS = ({"ep1port", "ep1port2_10"}, {"ep2port", "ep2port2_10"})
_VERSION = re.compile(r"v[0-9]+\.[0-9]+")


class _Sets(NamedTuple):
    first: Mapping[str, tuple[Suite, ...]]
    second: Mapping[str, tuple[Suite, ...]]
    crypto: Mapping[str, tuple[QuickModeProposal, ...]]
    lost: tuple[str, ...]


def has_rules(keys: Mapping[str, Values]) -> bool:
    """Whether a registry file has connection security rules, or what belongs to them."""
    return any(_last(key) == _RULES for key in keys)


def rules_of_registry(keys: Mapping[str, Values]) -> RulesRead:
    """Return the connection security rules of keys, with the sets that they name."""
    sets = _sets(keys)
    rules: list[SecurityRule] = []
    lost = [*sets.lost]
    for key, values in keys.items():
        if _last(key) in _MAIN_MODE and values:
            lost.append(f"{key.rpartition(chr(92))[2]}: main mode proposals of their own; Windows' defaults are taken")
        if _last(key) == _RULES:
            for name, text in values.items():
                try:
                    rules.append(_rule(str(text), sets))
                except ValueError as error:
                    lost.append(f"rule {name}: {error}")
    exempt = [value for values in keys.values() for name, value in values.items() if name.casefold() == "ipsecexempt"]
    return RulesRead(tuple(rules), tuple(lost), next((each for each in exempt if isinstance(each, int)), None))


def _last(key: str) -> str:
    return key.rpartition("\\")[2].casefold()


def _rule(text: str, sets: _Sets) -> SecurityRule:
    """Return a rule from its text.

    Raises:
        ValueError: it is none, or none that a design can have; says why.
    """
    version, *tokens = text.split("|")
    if not _VERSION.fullmatch(version) or tokens[-1:] != [""]:
        raise ValueError("it is no rule: it has to begin with its version and to end with a bar")
    said = [(name.casefold(), value) for name, _, value in (token.partition("=") for token in tokens[:-1])]
    values = dict(said)
    action = next((each for each in ACTIONS if each.casefold() == values.get("action", "").casefold()), None)
    if action is None:
        raise ValueError(f"its action is {values.get('action', 'missing')}, none of {', '.join(ACTIONS)}")
    if any(name.startswith(("rtun", "ltun", "bypasstunnel", "fwdlifetime")) for name in values):
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    return _made(action, said, values, sets)


def _made(action: Action, said: list[tuple[str, str]], values: Mapping[str, str], sets: _Sets) -> SecurityRule:
    lost: list[str] = []

    def several(names: set[str]) -> tuple[str, ...]:
        return tuple(value for name, value in said if name in names)

    def words(token: str, known: Mapping[str, Word]) -> tuple[Word, ...]:
        return known_words(several({token}), known, token)

    first = _named(values, "auth1set", DEFAULT_FIRST, sets.first, KERBEROS)
    second = _named(values, "auth2set", DEFAULT_SECOND, sets.second, ())
    crypto: tuple[QuickModeProposal, ...] | None = _named(values, "crypto2set", DEFAULT_CRYPTO, sets.crypto, ())
    for name, found in (("auth1set", first), ("auth2set", second), ("crypto2set", crypto)):
        if found is None and action != "DoNotSecure":
            raise ValueError(f"it names the set {values[name]}, which is not in the file")
    if crypto == () and values.get("crypto2set", DEFAULT_CRYPTO).casefold() in sets.crypto:
        raise ValueError("nothing of what its quick mode offers can be said")
    protocol = values.get("protocol")
    if protocol is not None and not (protocol.isdecimal() and int(protocol) <= 255):
        raise ValueError(f"its protocol is {protocol}, and not a number from 0 to 255")
    for name, value in said:
        if name not in _KNOWN and value:
            lost.append(f"{name}={value}")
    return SecurityRule(
        name=values.get("name", ""),
        action=action,
        description=values.get("desc", ""),
        enabled=values.get("active", "TRUE").casefold() == "true",
        addresses=(several(_ADDRESSES[0]), several(_ADDRESSES[1])),
        ports=(several(_PORTS[0]), several(_PORTS[1])),
        protocol=None if protocol is None else int(protocol),
        profiles=words("profile", PROFILES),
        interfaces=words("iftype", _INTERFACES),
        keying=tuple(each for each in words("keymod", _KEYING) if each),
        first=first or (),
        second=second or (),
        crypto=crypto or None,
        machines=values.get("transportmachineauthzsddl", ""),
        users=values.get("transportuserauthzsddl", ""),
        lost=tuple(lost),
    )


_KNOWN = {
    "action",
    "active",
    "name",
    "desc",
    "profile",
    "protocol",
    "iftype",
    "keymod",
    "auth1set",
    "auth2set",
    "crypto2set",
    "transportmachineauthzsddl",
    "transportuserauthzsddl",
    *_ADDRESSES[0],
    *_ADDRESSES[1],
    *_PORTS[0],
    *_PORTS[1],
}


def _named(
    values: Mapping[str, str],
    token: str,
    default: str,
    known: Mapping[str, tuple[Word, ...]],
    otherwise: tuple[Word, ...],
) -> tuple[Word, ...] | None:
    """Return what the set holds that a rule names, the default where it names none; ``None`` where it is not there."""
    name = values.get(token, default).casefold()
    return known.get(name, otherwise if name == default.casefold() else None)


def _sets(keys: Mapping[str, Values]) -> _Sets:
    """Return the sets of authentication and of quick mode, by their ids in small letters."""
    first: dict[str, tuple[Suite, ...]] = {}
    second: dict[str, tuple[Suite, ...]] = {}
    crypto: dict[str, tuple[QuickModeProposal, ...]] = {}
    lost: list[str] = []
    for key, values in keys.items():
        path = key.split("\\")
        kinds = [(place, part.casefold()) for place, part in enumerate(path) if part.casefold() in _OF_SETS]
        if not kinds or kinds[0][0] != len(path) - 2:
            continue  # no set, or a suite of one, which its set reads
        kind, name = kinds[0][1], path[-1].casefold()
        suites = list(_suites(keys, key))
        if kind in _CRYPTO:
            crypto[name] = tuple(_offers(suites, values, path[-1], lost))
        else:
            (first if kind in _FIRST else second)[name] = tuple(_suite(each) for each in suites)
    return _Sets(first, second, crypto, tuple(lost))


_OF_SETS = {*_FIRST, *_SECOND, *_CRYPTO}


def _suites(keys: Mapping[str, Values], key: str) -> Iterator[Mapping[str, str]]:
    """Return the values of each suite of a set, the preferred first, by their names in small letters."""
    under = {each[len(key) + 1 :]: values for each, values in keys.items() if each.startswith(f"{key}\\")}
    for _, values in sorted(under.items()):
        yield {name.casefold(): str(value) for name, value in values.items()}


def _suite(values: Mapping[str, str]) -> Suite:
    others = ("method", "version", "skipversion", "shkey")  # a key is not read: it must not come into a design
    return Suite(values.get("method", ""), {name: value for name, value in values.items() if name not in others})


def _offers(suites: list[Mapping[str, str]], of_set: Values, name: str, lost: list[str]) -> Iterator[QuickModeProposal]:
    said = {key.casefold(): str(value) for key, value in of_set.items()}
    newer = (value for key, value in said.items() if key.endswith("pfs") and key != "pfs")
    group = next(newer, said.get("pfs", "Disable"))
    for number, suite in enumerate(suites):
        try:
            yield proposal_of_registry(suite, group_of(group))
        except ValueError as error:
            lost.append(f"set {name}, suite {number:04}: {error}")

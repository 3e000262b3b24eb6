"""Connection security rules as NetSecurity writes them, through ConvertTo-Json.

``Get-NetIPsecRule`` writes neither addresses nor sets: they are read where the filters, the sets and the main mode
rules stand in the same file, and named as missing where not. What numbers mean: MSFT_NetConSecRule, and for Mode, which
that page numbers in another way than NetSecurity does, NetIPsecRule.cmdletDefinition.cdxml of Windows: 2 is a tunnel in
both.
Source: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netconsecrule and the pages of NetSecurity.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ndtui.analysis.connection_security.crypto_words import NoWordError
from ndtui.analysis.connection_security.main_mode_rules import with_main_mode
from ndtui.analysis.connection_security.netsecurity_main_mode import main_offers, main_rule
from ndtui.analysis.connection_security.netsecurity_objects import FILTERED, Held, called, held_in, id_of
from ndtui.analysis.connection_security.netsecurity_sets import offers_of, suites_of
from ndtui.analysis.connection_security.netsecurity_values import (
    Properties,
    flags_of,
    items_of,
    says_something,
    told,
    word_of,
)
from ndtui.analysis.connection_security.own_rules import own_names
from ndtui.analysis.connection_security.security_rules import (
    DEFAULT_CRYPTO,
    DEFAULT_FIRST,
    DEFAULT_MAIN_CRYPTO,
    DEFAULT_SECOND,
    KERBEROS,
    KEYING,
    PROFILES,
    Action,
    MainOffers,
    MainRule,
    RulesRead,
    SecurityRule,
    Suite,
    Word,
    protocol_of,
)
from ndtui.model.design.ipsec_policy import QuickModeProposal
from ndtui.model.vocabulary.networks import InterfaceType, Profile

#: What InboundSecurity and OutboundSecurity may be, by number and by name.
_SECURITY = {"0": "none", "1": "request", "2": "require", "none": "none", "request": "request", "require": "require"}
_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("require", "request"): "SecureServer",
    ("request", "request"): "Boundary",
    ("require", "require"): "Secure",
    ("none", "none"): "DoNotSecure",
}
_TRANSPORT, _TUNNEL = ("0", "1", "3", "none", "transport"), ("2", "tunnel")
_PROFILES: Mapping[int, Profile] = {1: "domain", 2: "private", 4: "public"}
_INTERFACES: Mapping[str, InterfaceType] = {"wired": "lan", "wireless": "wireless", "remoteaccess": "remote-access"}
#: Source: [MS-FASP] 2.2.20 FW_INTERFACE_TYPE.
_INTERFACE_BITS: Mapping[int, InterfaceType] = {1: "lan", 2: "wireless", 4: "remote-access"}
_MODULES = {1: "IKE", 2: "AuthIP", 4: "IKEv2"}
_EXEMPT = {"none": 0, "neighbordiscovery": 1, "icmp": 2, "routerdiscovery": 4, "dhcp": 8}
#: What is read of a rule, what else it is called in the same object, and what says nothing of what a rule does.
_READ = (
    *("InboundSecurity", "OutboundSecurity", "Mode", "Enabled", "Profile", "Profiles", "KeyModule", "Description"),
    *(
        "Phase1AuthSet",
        "Phase2AuthSet",
        "QuickModeCryptoSet",
        "MainModeCryptoSet",
        "Machine",
        "Machines",
        "User",
        "Users",
    ),
    *("LocalAddress", "RemoteAddress", "Protocol", "LocalPort", "RemotePort", "InterfaceType"),
)
_ALIASES = {
    "Platforms": "Platform",
    "RuleGroup": "Group",
    "DisplayGroup": "Group",
    "RemoteTunnelEndpointDNSName": "RemoteTunnelHostname",
    "MaxReturnPathLifetimeSeconds": "ForwardPathLifetime",
    "BypassTunnelIfEncrypted": "EncryptedTunnelBypass",
}
_SILENT = (
    *("Name", "ID", "DisplayName", "ElementName", "InstanceID", "Caption", "CommonName", "CreationClassName"),
    *(
        "SystemCreationClassName",
        "SystemName",
        "PolicyRuleName",
        "PolicyKeywords",
        "PolicyRoles",
        "RuleUsage",
        "Priority",
    ),
    *("Mandatory", "SequencedActions", "ExecutionStrategy", "PolicyDecisionStrategy", "ConditionListType"),
    *("PrimaryStatus", "Status", "StatusCode", "EnforcementStatus", "PolicyStoreSource", "PolicyStoreSourceType"),
    *("PSComputerName", "PSShowComputerName", "RunspaceId", "CimClass", "CimInstanceProperties", "CimSystemProperties"),
)
#: The group of what a script of this program has made.
_OURS = re.compile(r"ndtui \{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")
_ENDS = ("LocalAddress", "RemoteAddress", "Protocol", "LocalPort", "RemotePort")


class _Sets(NamedTuple):
    auth: dict[str, tuple[Suite, ...]]
    crypto: dict[str, tuple[QuickModeProposal, ...]]
    main: dict[str, MainOffers]


def is_netsecurity(data: object) -> bool:
    """Whether JSON is what NetSecurity writes of rules, and of what belongs to them."""
    return bool(held_in(data).of("rule"))


def rules_of_netsecurity(data: object) -> RulesRead:
    """Return the rules of JSON for which ``is_netsecurity`` holds."""
    held = held_in(data)
    lost = list(_others(held))
    sets = _sets(held, lost)
    rules: list[SecurityRule] = []
    mains: list[MainRule] = []
    for each in held.of("rule"):
        try:
            rules.append(_rule(each, sets))
        except ValueError as error:
            lost.append(f"rule {called(each)}: {error}")
    for each in held.of("main mode rule"):
        try:
            default = DEFAULT_MAIN_CRYPTO.casefold()
            mains.append(main_rule(each, sets.main, default, _profiles(each), list(_beyond(each))))
        except ValueError as error:
            lost.append(f"main mode rule {called(each)}: {error}")
    read = RulesRead(tuple(rules), tuple(lost), _exempt(held))
    whole = with_main_mode(read, mains, sets.main.get(DEFAULT_MAIN_CRYPTO.casefold()))
    return own_names(whole, _design(held))


def _design(held: Held) -> str:
    """Return the id of the design of which a script of this program made all rules, empty where it did not."""
    groups = {str(each.get("Group") or "") for each in held.of("rule")}
    ours = [_OURS.fullmatch(group) for group in groups]
    return ours[0][1] if len(ours) == 1 and ours[0] is not None else ""


def _others(held: Held) -> Iterator[str]:
    if held.others:
        count = len(held.others)
        what = "1 object is" if count == 1 else f"{count} objects are"
        yield f"{what} neither a rule nor what belongs to one, such as {called(held.others[0])}"


def _sets(held: Held, lost: list[str]) -> _Sets:
    found = _Sets({}, {}, {})
    for each in held.of("authentication set"):
        try:
            found.auth[id_of(each)] = suites_of(each)
        except NoWordError as error:
            lost.append(f"set {called(each)}: {error}")
    for each in held.of("quick mode set"):
        found.crypto[id_of(each)] = offers_of(each, lost)
    for each in held.of("main mode set"):
        found.main[id_of(each)] = main_offers(each, lost)
    return found


def _exempt(held: Held) -> int | None:
    """Return what the host leaves out, as the bits of IPsecExempt, where its setting is in the file and says that."""
    for each in held.of("setting"):
        words = [word.casefold() for word in items_of(each, "Exemptions")]
        if len(words) == 1 and words[0].isdecimal() and int(words[0]) < 16:
            return int(words[0])
        if words and all(word in _EXEMPT for word in words):
            return sum({_EXEMPT[word] for word in words})
    return None


def _rule(said: Properties, sets: _Sets) -> SecurityRule:
    """Return a rule.

    Raises:
        ValueError: it is none that a design can have; says why.
    """
    inbound, outbound = (_SECURITY.get(word_of(said, f"{side}boundSecurity", "0"), "") for side in ("In", "Out"))
    action = _ACTIONS.get((inbound, outbound))
    if action is None:
        raise ValueError(f"it has InboundSecurity {inbound or 'unknown'} and OutboundSecurity {outbound or 'unknown'}")
    _check_mode(said)
    if says_something(said.get("IcmpType")):
        raise ValueError(f"it is for ICMP of type {', '.join(items_of(said, 'IcmpType'))}, which is not read here")
    absent = [name for name in _ENDS if name not in said]
    if absent and action == "DoNotSecure":
        raise ValueError(f"what it leaves out of IPsec is not in the file: {', '.join(absent)}")
    lost = [f"{name} is not in the file, and taken for any" for name in absent]
    first, second, crypto = _NOTHING_SAID if action == "DoNotSecure" else _negotiated(said, sets, lost)
    return SecurityRule(
        name=called(said),
        action=action,
        description=str(said.get("Description") or ""),
        enabled=word_of(said, "Enabled", "1") in ("1", "true"),
        addresses=(items_of(said, "LocalAddress"), items_of(said, "RemoteAddress")),
        ports=(items_of(said, "LocalPort"), items_of(said, "RemotePort")),
        protocol=protocol_of(word_of(said, "Protocol", "any")),
        profiles=_profiles(said),
        interfaces=flags_of(said, ("InterfaceType",), _INTERFACE_BITS, _INTERFACES),
        keying=flags_of(said, ("KeyModule",), _MODULES, KEYING),
        first=first,
        second=second,
        crypto=crypto,
        machines="".join(items_of(said, "Machines", "Machine")),
        users="".join(items_of(said, "Users", "User")),
        lost=(*lost, *_beyond(said)),
    )


_Negotiated = tuple[tuple[Suite, ...], tuple[Suite, ...], tuple[QuickModeProposal, ...] | None]
_NOTHING_SAID: _Negotiated = (KERBEROS, (), None)


def _negotiated(said: Properties, sets: _Sets, lost: list[str]) -> _Negotiated:
    """Return how machines and users authenticate, and what quick mode offers; a set that is not there is named as lost.

    Raises:
        ValueError: nothing of what quick mode offers can be said.
    """
    first = _named(said, ("Phase1AuthSet", DEFAULT_FIRST), sets.auth, lost)
    second = _named(said, ("Phase2AuthSet", DEFAULT_SECOND), sets.auth, lost)
    crypto = _named(said, ("QuickModeCryptoSet", DEFAULT_CRYPTO), sets.crypto, lost)
    if crypto == ():
        raise ValueError("nothing of what its quick mode offers can be said")
    return KERBEROS if first is None else first, second or (), crypto


def _check_mode(said: Properties) -> None:
    mode = word_of(said, "Mode", "transport")
    ends = ("LocalTunnelEndpoint", "RemoteTunnelEndpoint", "RemoteTunnelHostname", "RemoteTunnelEndpointDNSName")
    if mode in _TUNNEL or any(says_something(said.get(name)) for name in ends):
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    if mode not in _TRANSPORT:
        raise ValueError(f"its Mode is {said['Mode']}, which is not known")


def _named(said: Properties, place: tuple[str, str], known: Mapping[str, Word], lost: list[str]) -> Word | None:
    """Return what the set holds that a rule names, ``None`` where that is the default, and not in the file.

    ``place`` is where it is named, and the name of the default. A set that is not in the file is named as lost.
    """
    token, default = place
    name = word_of(said, token, "")
    if name in ("", "default"):
        name = default.casefold()
    if name not in known and name != default.casefold():
        lost.append(f"{token} {said[token]} is not in the file, and taken for the default")
        name = default.casefold()
    return known.get(name)


def _profiles(said: Properties) -> tuple[Profile, ...]:
    return flags_of(said, ("Profile", "Profiles"), _PROFILES, PROFILES)


def _beyond(said: Properties) -> Iterator[str]:
    """Yield what an object says that is not read, and does not say nothing."""
    for name, value in said.items():
        if name in (*_READ, *_SILENT, *FILTERED[:5]) or (name in _ALIASES and _ALIASES[name] in said):
            continue
        if name == "Group" and _OURS.fullmatch(str(value)):
            continue
        if says_something(value):
            yield f"{name} is {told(value)}"

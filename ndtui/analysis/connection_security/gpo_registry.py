"""Connection security rules of the registry: of a group policy, or of the machine's own store.

Source: [MS-GPFAS] 2.2.2 to 2.2.7, its examples 4.3 and 4.4.
"""

from collections.abc import Mapping

from ndtui.analysis.connection_security.firewall_demands import demands_of_registry
from ndtui.analysis.connection_security.gpo_sets import Sets, sets_of_registry
from ndtui.analysis.connection_security.host_exemptions import unknown_bits
from ndtui.analysis.connection_security.main_mode_rules import with_main_mode
from ndtui.analysis.connection_security.own_rules import own_names
from ndtui.analysis.connection_security.registry_text import Values
from ndtui.analysis.connection_security.rule_tokens import Tokens, tokens_of
from ndtui.analysis.connection_security.security_rules import (
    ACTIONS,
    DEFAULT_CRYPTO,
    DEFAULT_FIRST,
    DEFAULT_MAIN_CRYPTO,
    DEFAULT_SECOND,
    KERBEROS,
    KEYING,
    Action,
    MainOffers,
    MainRule,
    RulesRead,
    SecurityRule,
    Suite,
    Word,
)
from ndtui.model.design.ipsec_policy import QuickModeProposal

_RULES = "consecrules"
_MAIN_RULES = "mainmoderules"
_FIREWALL = "firewallrules"

_KEYING = {**KEYING, "keymoddefault": ""}
_ADDRESSES = (("ep1_4", "ep1_6"), ("ep2_4", "ep2_6"))
_PORTS = (("ep1port", "ep1port2_10"), ("ep2port", "ep2port2_10"))
_OF_BOTH = {"active", "name", "desc", "profile", "auth1set", *_ADDRESSES[0], *_ADDRESSES[1]}
_KNOWN = {
    *_OF_BOTH,
    "action",
    "protocol",
    "iftype",
    "keymod",
    "auth2set",
    "crypto2set",
    "transportmachineauthzsddl",
    "transportuserauthzsddl",
    *_PORTS[0],
    *_PORTS[1],
}
_KNOWN_OF_MAIN_MODE = {*_OF_BOTH, "crypto1set"}


def has_rules(keys: Mapping[str, Values]) -> bool:
    """Whether a registry file has connection security rules, or what belongs to them."""
    return any(_last(key) == _RULES for key in keys)


def rules_of_registry(keys: Mapping[str, Values]) -> RulesRead:
    """Return the connection security rules of keys, with the sets that they name, and what other rules say of them."""
    sets = sets_of_registry(keys)
    rules: list[SecurityRule] = []
    mains: list[MainRule] = []
    lost = [*sets.lost]
    for key, values in keys.items():
        for name, text in values.items():
            try:
                if _last(key) == _RULES:
                    rules.append(_rule(str(text), sets))
                elif _last(key) == _MAIN_RULES:
                    mains.append(_main_rule(name, str(text), sets))
            except ValueError as error:
                kind = "rule" if _last(key) == _RULES else "main mode rule"
                lost.append(f"{kind} {name}: {error}")
    firewall_rules = {name: str(text) for key in keys if _last(key) == _FIREWALL for name, text in keys[key].items()}
    exempt = _exempt(keys)
    lost += [] if exempt is None else unknown_bits(exempt)
    read = demands_of_registry(RulesRead(tuple(rules), tuple(lost), exempt), firewall_rules)
    return own_names(with_main_mode(read, mains, sets.main.get(DEFAULT_MAIN_CRYPTO.casefold())), _own_design(keys))


def _exempt(keys: Mapping[str, Values]) -> int | None:
    found = [value for values in keys.values() for name, value in values.items() if name.casefold() == "ipsecexempt"]
    return next((each for each in found if isinstance(each, int)), None)


def _own_design(keys: Mapping[str, Values]) -> str:
    """Return the id of the design of which this program wrote all connection security rules, if it did."""
    texts = [str(text) for key in keys if _last(key) == _RULES for text in keys[key].values()]
    try:
        designs = {tokens_of(text).own_design for text in texts}
    except ValueError:
        return ""
    return designs.pop() if len(designs) == 1 else ""


def _last(key: str) -> str:
    return key.rpartition("\\")[2].casefold()


def _rule(text: str, sets: Sets) -> SecurityRule:
    """Return a rule from its text.

    Raises:
        ValueError: it is none, or none that a design can have; says why.
    """
    tokens = tokens_of(text)
    values = tokens.values
    action = next((each for each in ACTIONS if each.casefold() == values.get("action", "").casefold()), None)
    if action is None:
        raise ValueError(f"its action is {values.get('action', 'missing')}, none of {', '.join(ACTIONS)}")
    if any(name.startswith(("rtun", "ltun", "bypasstunnel", "fwdlifetime")) for name in values):
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    return _made(action, tokens, sets)


def _made(action: Action, tokens: Tokens, sets: Sets) -> SecurityRule:
    values = tokens.values
    first, second, crypto = _sets_of(action, values, sets)
    return SecurityRule(
        name=values.get("name", ""),
        action=action,
        description=values.get("desc", ""),
        enabled=tokens.is_active,
        addresses=(tokens.several(*_ADDRESSES[0]), tokens.several(*_ADDRESSES[1])),
        ports=(tokens.several(*_PORTS[0]), tokens.several(*_PORTS[1])),
        protocol=tokens.protocol,
        profiles=tokens.profiles,
        interfaces=tokens.interfaces,
        keying=tuple(each for each in tokens.words("keymod", _KEYING) if each),
        first=first,
        second=second,
        crypto=crypto or None,
        machines=values.get("transportmachineauthzsddl", ""),
        users=values.get("transportuserauthzsddl", ""),
        lost=tuple(tokens.others(_KNOWN)),
    )


def _sets_of(
    action: Action, values: Mapping[str, str], sets: Sets
) -> tuple[tuple[Suite, ...], tuple[Suite, ...], tuple[QuickModeProposal, ...]]:
    """Return what the sets hold that a rule names.

    Raises:
        ValueError: one is not in the file, or holds nothing that can be said.
    """
    first = _named(values, "auth1set", DEFAULT_FIRST, sets.first, KERBEROS)
    second = _named(values, "auth2set", DEFAULT_SECOND, sets.second, ())
    crypto: tuple[QuickModeProposal, ...] | None = _named(values, "crypto2set", DEFAULT_CRYPTO, sets.crypto, ())
    for name, found in (("auth1set", first), ("auth2set", second), ("crypto2set", crypto)):
        if found is None and action != "DoNotSecure":
            raise ValueError(_missing(values[name]))
    if crypto == () and values.get("crypto2set", DEFAULT_CRYPTO).casefold() in sets.crypto:
        raise ValueError("nothing of what its quick mode offers can be said")
    return first or (), second or (), crypto or ()


def _main_rule(name: str, text: str, sets: Sets) -> MainRule:
    """Return a main mode rule from its text; ``name`` is that of its value.

    Raises:
        ValueError: it is none, or what it offers cannot be said; says why.
    """
    tokens = tokens_of(text)
    values = tokens.values
    first = _named(values, "auth1set", DEFAULT_FIRST, sets.first, KERBEROS)
    if first is None:
        raise ValueError(_missing(values["auth1set"]))
    named = values.get("crypto1set", DEFAULT_MAIN_CRYPTO)
    offers: MainOffers | None = sets.main.get(named.casefold())
    if offers is None and named.casefold() != DEFAULT_MAIN_CRYPTO.casefold():
        raise ValueError(_missing(named))
    if offers is not None and not offers.proposals:
        raise ValueError("nothing of what its main mode offers can be said")
    return MainRule(
        name=values.get("name") or name,
        offers=offers,
        first=first,
        enabled=tokens.is_active,
        addresses=(tokens.several(*_ADDRESSES[0]), tokens.several(*_ADDRESSES[1])),
        profiles=tokens.profiles,
        lost=tuple(tokens.others(_KNOWN_OF_MAIN_MODE)),
    )


def _missing(named: str) -> str:
    return f"it names the set {named}, which is not in the file"


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

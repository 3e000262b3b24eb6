"""Rules of connection security and of main mode as the arguments of ``add rule`` say them.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ndtui.analysis.connection_security.crypto_words import (
    NoWordError,
    group_of,
    main_mode_proposals_of_netsh,
    proposals_of_netsh,
)
from ndtui.analysis.connection_security.netsh_words import ACTIONS, INTERFACES, METHODS
from ndtui.analysis.connection_security.security_rules import (
    KERBEROS,
    PROFILES,
    MainOffers,
    MainRule,
    SecurityRule,
    Suite,
    known_words,
    protocol_of,
)
from ndtui.common.text import brief, shortened, visible
from ndtui.model.design.ipsec_policy import QuickModeProposal

#: What stands for something that is not in the file.
VARIABLE = re.compile(r"%[^%\s]+%|%~?[0-9*]|%~?[a-zA-Z]\b|![^!\s]+!")
_KEY = re.compile(r"[%!]([A-Za-z_][A-Za-z0-9_.-]{0,127})[%!]")
#: Names that this program gives, and what it writes into descriptions.
_OWN = re.compile(r"ndtui .+ [0-9]+")
_DESCRIBED = re.compile(r"ndtui .*?: (.+)")

_ENDS = {"name", "endpoint1", "endpoint2", "profile", "enable", "type"}
_FIRST = {"auth1", "auth1psk", "auth1ca", "auth1ecdsap256ca", "auth1ecdsap384ca"}
_CONSEC = {
    *_ENDS,
    *_FIRST,
    *("action", "description", "mode", "port1", "port2", "protocol", "interfacetype", "auth2", "qmpfs", "qmsecmethods"),
    *("auth2ca", "auth2ecdsap256ca", "auth2ecdsap384ca"),
}
_MAIN = {*_ENDS, *_FIRST, "description", "mmsecmethods", "mmkeylifetime", "mmforcedh"}
#: Values that say nothing beyond what every rule is.
_USUAL = {"", "any", "no", "none", "static"}


class _Names(NamedTuple):
    name: str
    description: str


def arguments_of(arguments: Sequence[str]) -> Mapping[str, str]:
    """Return arguments by their names in small letters; the first may be the name of a rule without saying so.

    Raises:
        ValueError: one is none, stands there twice, or is a variable, whose value is not in the file.
    """
    said: dict[str, str] = {}
    for number, each in enumerate(arguments):
        name, sign, value = each.partition("=")
        if not sign and number == 0:
            name, value = "name", each
        elif not sign:
            raise ValueError(f"its argument {number + 1} has no name")  # what it is may be a part of a key
        small = name.strip().casefold()
        if small in said:
            raise ValueError(f"{small} stands there twice")
        if VARIABLE.search(value) and small not in ("auth1psk", "name", "description"):
            raise ValueError(f"{small} is {brief(value)}, and what that stands for is not in the file")
        said[small] = value.strip()
    if not said.get("name"):
        raise ValueError("it has no name")
    return said


def security_rule(said: Mapping[str, str]) -> SecurityRule:
    """Return a connection security rule.

    Raises:
        ValueError: there is none of the kind in a design; says why.
    """
    action = ACTIONS.get(said.get("action", "").casefold())
    if action is None:
        raise ValueError(f"its action is {brief(said.get('action', 'missing'))}, none of {', '.join(ACTIONS)}")
    if said.get("mode", "transport").casefold() != "transport":
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    for end in ("endpoint1", "endpoint2"):
        if end not in said:
            raise ValueError(f"{end} is missing")
    names = _named(said)
    return SecurityRule(
        name=names.name,
        action=action,
        description=names.description,
        enabled=said.get("enable", "yes").casefold() == "yes",
        addresses=(listed(said, "endpoint1"), listed(said, "endpoint2")),
        ports=(listed(said, "port1"), listed(said, "port2")),
        protocol=protocol_of(said.get("protocol", "any")),
        profiles=known_words(listed(said, "profile"), PROFILES, "profile"),
        interfaces=known_words(listed(said, "interfacetype"), INTERFACES, "interfacetype"),
        first=_suites(said, "auth1") or KERBEROS,
        second=_suites(said, "auth2"),
        crypto=_quick_mode(said) if action != "DoNotSecure" else None,
        lost=tuple(_beyond(said, _CONSEC)),
    )


def main_rule(said: Mapping[str, str]) -> MainRule:
    """Return a main mode rule.

    Raises:
        ValueError: nothing of what it offers can be said, or one of its words is unknown.
    """
    methods = said.get("mmsecmethods", "")
    if not methods:
        raise ValueError("mmsecmethods is missing")
    offers = None
    lost = [*_beyond(said, _MAIN)]
    if methods.casefold() != "default":
        minutes, sessions = _lifetime(said.get("mmkeylifetime", ""))
        proposals, why = main_mode_proposals_of_netsh(methods, minutes, sessions)
        lost += why
        if not proposals:
            raise ValueError(f"nothing of what its main mode offers can be said: {', '.join(why)}")
        offers = MainOffers(proposals, said.get("mmforcedh", "no").casefold() == "yes")
    elif "mmkeylifetime" in said or said.get("mmforcedh", "no").casefold() == "yes":
        lost.append("a lifetime, or an exchange that is forced, of what Windows offers by itself")
    return MainRule(
        name=_named(said).name,
        offers=offers,
        first=_suites(said, "auth1") or None,
        enabled=said.get("enable", "yes").casefold() == "yes",
        addresses=(listed(said, "endpoint1"), listed(said, "endpoint2")),
        profiles=known_words(listed(said, "profile"), PROFILES, "profile"),
        lost=tuple(lost),
    )


def _named(said: Mapping[str, str]) -> _Names:
    """Return the name and the description of a rule; of one of this program's what it is called in its design."""
    own = own_title(said)
    return _Names(own, "") if own else _Names(said["name"], said.get("description", ""))


def own_title(said: Mapping[str, str]) -> str:
    """Return what a rule of this program's is called in its design; empty where others wrote it."""
    described = _DESCRIBED.fullmatch(said.get("description", ""))
    return described[1] if described is not None and _OWN.fullmatch(said["name"]) else ""


def _beyond(said: Mapping[str, str], known: set[str]) -> Iterator[str]:
    """Yield what a rule says that is not read here, in words."""
    for name, value in said.items():
        if (name not in known or name == "type") and value.casefold() not in _USUAL:
            yield f"{name}={shortened(visible(value), 100)}"


def listed(said: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a list; what is not said, and any, is nothing that narrows down."""
    parts = [each.strip() for each in said.get(name, "").split(",") if each.strip()]
    return () if [each.casefold() for each in parts] == ["any"] else tuple(parts)


def _quick_mode(said: Mapping[str, str]) -> tuple[QuickModeProposal, ...] | None:
    methods = said.get("qmsecmethods", "default")
    if methods.casefold() == "default":
        if said.get("qmpfs", "none").casefold() not in ("none", "default"):
            raise NoWordError(f"forward secrecy by {said['qmpfs']} with what Windows offers by itself")
        return None
    return proposals_of_netsh(methods, group_of(said.get("qmpfs", "none")))


def _lifetime(text: str) -> tuple[str, str]:
    """Return the minutes and the sessions of a lifetime of main mode, empty where one is not said."""
    minutes = re.search(r"([0-9]+)min", text, re.IGNORECASE)
    sessions = re.search(r"([0-9]+)sess", text, re.IGNORECASE)
    return minutes[1] if minutes else "", sessions[1] if sessions else ""


# -- authentication ----------------------------------------------------------------------------------------------------


def _suites(said: Mapping[str, str], phase: str) -> tuple[Suite, ...]:
    """Return the ways to authenticate of a phase, in order; of certificates one for each authority."""
    found: list[Suite] = []
    for word in listed(said, phase):
        if word.casefold() not in METHODS:
            raise ValueError(f"{phase} has {brief(word)}, which is not read here")
        method, _, signing = METHODS[word.casefold()].partition(" ")
        if "Cert" not in method:
            found.append(Suite(method, _key(said) if method == "MachineSHKey" else {}))
            continue
        kind = {"othercertsigning": signing} if signing else {}
        authorities = said.get(f"{phase}{_SIGNED.get(signing, '')}ca", "")
        found += [Suite(method, {**_authority(each), **kind}) for each in authorities.split("|")]
    return tuple(found)


_SIGNED = {"ECDSA256": "ecdsap256", "ECDSA384": "ecdsap384"}
#: What may follow the name of an authority, and what the registry calls it.
_OPTIONS = {"certmapping": "certaccountmapping", "catype": "intermediateca"}
_OPTION = re.compile(r"\s+([A-Za-z]+):(\S*)")


def _authority(text: str) -> dict[str, str]:
    """Return an authority by its name, and what is said of it, in the words of the registry."""
    name = _OPTION.split(f" {text.strip()}")[0].strip()
    found = {"caname": name.replace("\\'", '"')} if name else {}
    for option, value in _OPTION.findall(text):
        key = _OPTIONS.get(option.casefold(), option.casefold())
        if value.casefold() in ("no", "root"):
            continue
        found[key] = "TRUE" if value.casefold() in ("yes", "intermediate") else value
    return found


def _key(said: Mapping[str, str]) -> dict[str, str]:
    """Return where a pre-shared key is, if the file takes it from a variable; the key itself is not read."""
    variable = _KEY.fullmatch(said.get("auth1psk", ""))
    return {"key": f"env:{variable[1]}"} if variable else {}

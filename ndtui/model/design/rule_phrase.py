"""A rule's traffic as one writes it in a line: ``tcp 1433 encrypt``, ``10.0.0.0/8``, ``tcp 3389 from 10.1.0.0/16``.

Ports are those of a service: of this machine, as in the examples of Microsoft's pages, unless ``elsewhere``, ``either``
or ``to`` says else. What comes after ``only`` says who may connect.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ndtui.common.text import brief
from ndtui.model.design.access_list import access_list, entries_of
from ndtui.model.design.addresses import format_addresses
from ndtui.model.design.ip_protocol import parse_protocol
from ndtui.model.design.ports import format_ports
from ndtui.model.design.rule import Rule
from ndtui.model.design.scope import Scope
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES

_EXAMPLE = "write traffic such as tcp 1433, 10.0.0.0/8, or tcp 3389 from 10.1.0.0/16"
_PORTS = re.compile(r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")
_SERVICES = ("here", "elsewhere", "either")
_SIDES = {"from": "remote", "to": "remote", "remote": "remote", "local": "local"}
_ENCRYPT = ("encrypt", "encrypted", "encryption")

#: What a phrase says of each field of a rule's form, where it says nothing.
SILENT: Mapping[str, Any] = {
    "protocol": "",
    "ports": "",
    "service": "here",
    "other_ports": "",
    "remote_addresses": "",
    "local_addresses": "",
    "profiles": (),
    "interfaces": (),
    "protection": (),
    "machines": "",
    "not_machines": "",
    "users": "",
    "not_users": "",
}
#: The identities that ``only`` can name.
_IDENTITIES = ("machines", "users")


class Who(NamedTuple):
    """Who may connect and who may not, each as a form has it: SIDs with commas, or a whole list in SDDL."""

    allowed: str
    denied: str


def parse_rule_phrase(text: str) -> dict[str, Any]:
    """Return what a line says of each of the fields of ``SILENT``.

    Raises:
        ValueError: says which word means nothing where it stands, and what would be right.
    """
    reading = _Reading(re.sub(r"\s*,\s*", ",", text.strip()).split())
    while reading.words:
        reading.take()
    return reading.found()


class _Reading:
    """A phrase that is read word by word."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self._texts: dict[str, list[str]] = {name: [] for name, value in SILENT.items() if value == ""}
        self._ticks: dict[str, set[str]] = {"profiles": set(), "interfaces": set(), "protection": set()}
        self._service = ""
        self._goes_to = False
        self._side = "remote"
        self._identity = "machines"
        self._naming = ""

    def take(self) -> None:
        """Read the next word, and those that belong to it."""
        word = self.words.pop(0)
        lower = word.lower()
        if self._is_who(word, lower):
            return
        before: Mapping[str, Callable[[str], None]] = {
            "only": self._begin_who,
            "not": self._begin_who,
            **dict.fromkeys(_SIDES, self._begin_side),
            **dict.fromkeys(("other", "protocol", "port", "ports"), self._begin_value),
        }
        if lower in before:
            if not self.words:
                raise ValueError(f"ends after {lower}: {_EXAMPLE}")
            before[lower](lower)
        elif lower in _SERVICES:
            self._service = lower
        elif lower in _ENCRYPT:
            self._ticks["protection"].add("guaranteed")
        elif not self._is_network(lower):
            self._put(word)

    def _begin_side(self, word: str) -> None:
        self._side = _SIDES[word]
        self._goes_to = self._goes_to or word == "to"

    def _begin_value(self, word: str) -> None:
        value = self.words.pop(0)
        if word == "protocol":
            self._protocol(value)
        else:
            self._texts["other_ports" if word == "other" else "ports"].append(value)

    def _begin_who(self, word: str) -> None:
        if self.words[0].lower() in _IDENTITIES:
            self._identity = self.words.pop(0).lower()
        if not self.words:
            raise ValueError(f"ends after {word} {self._identity}: write a SID such as S-1-5-21-1-2-3-515, or DC")
        self._naming = f"not_{self._identity}" if word == "not" else self._identity
        self._texts[self._naming].append(_sids(self.words.pop(0)))

    def _is_who(self, word: str, lower: str) -> bool:
        """Take another SID behind those that were named."""
        if not self._naming or not re.match(r"s-1-|o:|g:|d:", lower):
            return False
        self._texts[self._naming].append(_sids(word))
        return True

    def _is_network(self, lower: str) -> bool:
        named = lower.split(",")
        for field, known in (("profiles", PROFILES), ("interfaces", INTERFACES)):
            if set(named) <= set(known):
                self._ticks[field].update(named)
                return True
        return False

    def _put(self, word: str) -> None:
        """Put a word where it belongs by its looks."""
        if "." in word or ":" in word:
            self._texts[f"{self._side}_addresses"].append(word)
        elif _PORTS.fullmatch(word) and (self._texts["protocol"] or not word.isdigit()):
            self._texts["ports"].append(word)
            if self._side == "local":
                self._service = self._service or "here"
        elif not self._texts["protocol"]:
            self._protocol(word)
        else:
            raise ValueError(f"{brief(word)} means nothing where it stands: {_EXAMPLE}")

    def _protocol(self, word: str) -> None:
        if self._texts["protocol"]:
            raise ValueError(f"{brief(word)} is a second protocol: a rule has one")
        self._texts["protocol"].append(str(parse_protocol(word)))

    def found(self) -> dict[str, Any]:
        """Return what was read."""
        ticks = {
            "profiles": tuple(each for each in PROFILES if each in self._ticks["profiles"]),
            "interfaces": tuple(each for each in INTERFACES if each in self._ticks["interfaces"]),
            "protection": tuple(self._ticks["protection"]),
        }
        service = self._service or ("elsewhere" if self._goes_to else "here")
        return {**{name: ", ".join(values) for name, values in self._texts.items()}, **ticks, "service": service}


def _sids(word: str) -> str:
    return word if "(" in word else word.upper()


def rule_phrase_of(fields: Mapping[str, Any]) -> str:
    """Return the line that says what fields say, each as a person writes it."""
    texts = {name: _joined(value) for name, value in fields.items() if isinstance(value, str)}
    protocol, service = texts["protocol"], texts["service"]
    words = [f"protocol {protocol}" if protocol.isdigit() else protocol]
    if texts["ports"] or texts["other_ports"]:
        words += [texts["ports"] if protocol else f"port {texts['ports']}"] if texts["ports"] else []
        words += [service]
        words += [f"other {texts['other_ports']}"] if texts["other_ports"] else []
        before = "to" if service == "elsewhere" else "from"
    else:
        before = ""
    words += [before, texts["remote_addresses"]] if texts["remote_addresses"] else []
    words += ["local", texts["local_addresses"]] if texts["local_addresses"] else []
    words += [",".join(fields[name]) for name in ("profiles", "interfaces")]
    words += ["encrypt"] if fields["protection"] else []
    for identity in _IDENTITIES:
        named = "" if identity == "machines" else f"{identity} "
        words += [f"only {named}{texts[identity]}"] if texts[identity] else []
        words += [f"not {named}{texts[f'not_{identity}']}"] if texts[f"not_{identity}"] else []
    return " ".join(word for word in words if word)


def _joined(text: str) -> str:
    return re.sub(r"\s*,\s*", ",", text.strip())


def fields_of(rule: Rule) -> dict[str, Any]:
    """Return what each of the fields of ``SILENT`` says of a rule."""
    scope = rule.scope
    service = "either" if scope.either_port else "here" if scope.local_ports or not scope.remote_ports else "elsewhere"
    own, other = _ports(scope.local_ports), _ports(scope.remote_ports)
    if service == "elsewhere":
        own, other = other, own
    elif service == "either" and own == other:
        other = ""
    machines, users = who_of(rule.machines), who_of(rule.users)
    return {
        "protocol": "" if scope.protocol == "any" else str(scope.protocol),
        "ports": own,
        "service": service,
        "other_ports": other,
        "remote_addresses": ", ".join(format_addresses(scope.remote_addresses)),
        "local_addresses": ", ".join(format_addresses(scope.local_addresses)),
        "profiles": scope.profiles,
        "interfaces": scope.interfaces,
        "protection": ("guaranteed",) if rule.encryption == "guaranteed" else (),
        "machines": machines.allowed,
        "not_machines": machines.denied,
        "users": users.allowed,
        "not_users": users.denied,
    }


def _ports(ranges: Any) -> str:
    return ", ".join(map(str, format_ports(ranges)))


def who_of(sddl: str) -> Who:
    """Return an access list as a form has it; one that says more than allowed and denied SIDs, as it stands."""
    if not sddl:
        return Who("", "")
    entries = entries_of(sddl)
    allowed = [each.sid for each in entries if each.allows]
    denied = [each.sid for each in entries if not each.allows]
    return Who(", ".join(allowed), ", ".join(denied)) if access_list(allowed, denied) == sddl else Who(sddl, "")


def sddl_of(who: Who) -> str:
    """Return the access list that a form means; empty where it names nobody.

    Raises:
        ValueError: one is no SID, only denied ones are named, or SDDL stands beside them.
    """
    if "(" in who.allowed:
        if who.denied.strip():
            raise ValueError("SDDL says who may not connect too: leave the other field empty, or write SIDs in both")
        return who.allowed.strip()
    allowed, denied = (
        [part.strip().upper() for part in text.split(",") if part.strip()] for text in (who.allowed, who.denied)
    )
    if not allowed and not denied:
        return ""
    if not allowed:
        raise ValueError("names only who may not connect: name who may too, WD for everyone else")
    return access_list(allowed, denied)


def scope_data(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scope that fields say, as plain data; what is wrong with it the scope says."""
    ports, other, service = fields["ports"].strip(), fields["other_ports"].strip(), fields["service"]
    own, peer = (other, ports) if service == "elsewhere" else (ports, other)
    if service == "either" and ports:
        peer = other or ports
    return {
        "protocol": fields["protocol"].strip() or "any",
        "local_ports": own,
        "remote_ports": peer,
        "either_port": service == "either" and bool(ports),
        "local_addresses": fields["local_addresses"],
        "remote_addresses": fields["remote_addresses"],
        "profiles": fields["profiles"],
        "interfaces": fields["interfaces"],
    }


def scope_words(scope: Scope) -> str:
    """Return a scope in a few words, ``TCP 1433 here from 10.0.0.0/8, wireless``; empty for all unicast traffic."""
    fields = fields_of(Rule.model_construct(scope=scope, machines="", users="", encryption="none"))
    phrase = rule_phrase_of({**fields, "profiles": (), "interfaces": ()})
    protocol, _, rest = phrase.partition(" ")
    named = f"{protocol.upper()} {rest}".strip() if protocol in ("tcp", "udp", "icmp") else phrase
    return ", ".join(filter(None, (named.replace(",", ", "), *scope.profiles, *scope.interfaces)))

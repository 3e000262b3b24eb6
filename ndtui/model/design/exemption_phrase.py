"""An exemption's traffic as one writes it in a line: ``udp 53``, ``tcp 443 10.0.0.0/8``, ``icmp type 8``."""

import re
from collections.abc import Mapping

from ndtui.common.quoted_words import quoted, quoted_words, unquoted
from ndtui.common.text import brief
from ndtui.model.design.addresses import format_addresses
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ip_protocol import parse_protocol
from ndtui.model.design.ports import format_ports
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES

_EXAMPLE = "write traffic such as udp 53, or tcp 443 10.0.0.0/8"
_PROGRAM = 'write the path of a program behind app, in quotes where it has blanks: app "C:\\Program Files\\X\\x.exe"'
_SIDES = {"remote": "remote", "to": "remote", "local": "local"}
#: Words before a value, and the field that the value belongs to.
_BEFORE_VALUE = {
    "protocol": "protocol",
    "port": "{side}_ports",
    "ports": "{side}_ports",
    "type": "icmp_type",
    "code": "icmp_code",
    "app": "program",
    "program": "program",
}
_PORTS = re.compile(r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")
#: Words that are kinds of networks or interfaces, by the fields that name them.
_KINDS = {"profiles": frozenset(PROFILES), "interfaces": frozenset(INTERFACES)}
#: Fields of an exemption that say what it matches, each as the text that a form has.
FIELDS = (
    "protocol",
    "remote_ports",
    "local_ports",
    "remote_addresses",
    "local_addresses",
    "icmp_type",
    "icmp_code",
    "profiles",
    "interfaces",
    "program",
)


def parse_phrase(text: str) -> dict[str, str]:
    """Return what a line says of each of ``FIELDS``, as text; empty for what it does not say.

    A protocol, then ports and addresses of the other side, which ``remote`` or ``to`` may precede; those of this host
    stand behind ``local``; kinds of networks and interfaces; and the path of a program behind ``app``.

    Raises:
        ValueError: says which word means nothing where it stands, and what would be right.
    """
    words = quoted_words(text, lists=True)
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    side = "remote"
    while words:
        written = words.pop(0)
        word = written.lower()
        if (word in _SIDES or word in _BEFORE_VALUE) and not words:
            raise ValueError(f"ends after {word}: {_EXAMPLE}")
        if word in _SIDES:
            side = _SIDES[word]
        elif word in _BEFORE_VALUE:
            found[_BEFORE_VALUE[word].format(side=side)].append(unquoted(words.pop(0)))
        elif kind := _kind_of(word):
            found[kind] += word.split(",")
        else:
            _put(written, side, found)
    for name in ("protocol", "icmp_type", "icmp_code", "program"):
        if len(found[name]) > 1:
            raise ValueError(f"{brief(found[name][1])} is a second {name.replace('_', ' ')}: an exemption has one")
    return {name: ", ".join(values) for name, values in found.items()}


def _kind_of(word: str) -> str:
    """Return the field that names kinds of networks or interfaces, if a word is some of its."""
    named = set(word.split(","))
    return next((field for field, known in _KINDS.items() if named <= known), "")


def _put(word: str, side: str, found: dict[str, list[str]]) -> None:
    """Put a word where it belongs by its looks."""
    if "\\" in word:
        raise ValueError(f"{brief(word)} stands apart: {_PROGRAM}")
    if "." in word or ":" in word:
        found[f"{side}_addresses"].append(word)
    elif _PORTS.fullmatch(word) and (found["protocol"] or not word.isdigit()):
        found[f"{side}_ports"].append(word)
    elif not found["protocol"]:
        found["protocol"].append(str(parse_protocol(word)))
    else:
        raise ValueError(f"{brief(word)} means nothing where it stands: {_EXAMPLE}")


def phrase_of(fields: Mapping[str, str]) -> str:
    """Return the line that says what the texts of ``FIELDS`` say, each as a person writes it."""
    texts = {name: re.sub(r"\s*,\s*", ",", fields.get(name, "").strip()) for name in FIELDS if name != "program"}
    program = fields.get("program", "").strip()
    protocol = texts["protocol"]
    words = [f"protocol {protocol}" if protocol.isdigit() else protocol]
    words += [f"{word} {texts[f'icmp_{word}']}" for word in ("type", "code") if texts[f"icmp_{word}"]]
    for side in ("remote", "local"):
        ports, addresses = texts[f"{side}_ports"], texts[f"{side}_addresses"]
        if side == "local" and (ports or addresses):
            words.append(side)
        words += [f"port {ports}" if not protocol else ports] if ports else []
        words += [addresses] if addresses else []
    words += [texts["profiles"], texts["interfaces"], f"app {quoted((program,))}" if program else ""]
    return " ".join(word for word in words if word)


def texts_of(exemption: Exemption) -> dict[str, str]:
    """Return the texts of ``FIELDS`` for an exemption."""
    return {
        "protocol": "" if exemption.protocol == "any" else str(exemption.protocol),
        "remote_ports": ", ".join(map(str, format_ports(exemption.remote_ports))),
        "local_ports": ", ".join(map(str, format_ports(exemption.local_ports))),
        "remote_addresses": ", ".join(format_addresses(exemption.remote_addresses)),
        "local_addresses": ", ".join(format_addresses(exemption.local_addresses)),
        "icmp_type": "" if exemption.icmp_type is None else str(exemption.icmp_type),
        "icmp_code": "" if exemption.icmp_code is None else str(exemption.icmp_code),
        "profiles": ", ".join(exemption.profiles),
        "interfaces": ", ".join(exemption.interfaces),
        "program": exemption.program,
    }

"""Circumstances: what a machine's filters may ask of a packet beside its addresses, each a word of the packet grammar.

What is not said is ``None``, and stays open. Sources: fwptypes.h for the flags of a socket, ifdef.h for the types of
tunnels and what a NET_LUID is made of, the pages filtering-condition-flags- and ale-layers below
https://learn.microsoft.com/windows/win32/fwp/ for the flags.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ndtui.analysis.traffic.packet_grammar import ALONE, VALUED_WORDS
from ndtui.common.text import in_quotes
from ndtui.model.design.access_check import parse_token
from ndtui.model.vocabulary.security_ids import parse_capability, parse_package, parse_service

#: The types of tunnels by their words: TUNNEL_TYPE_NONE and so on.
TUNNELS: Mapping[str, int] = {
    "none": 0,
    "other": 1,
    "direct": 2,
    "6to4": 11,
    "isatap": 13,
    "teredo": 14,
    "ip-https": 15,
}
#: FWP_CONDITION_SOCKET_PROPERTY_FLAG_IS_SYSTEM_PORT_RPC, _ALLOW_EDGE_TRAFFIC and _DENY_EDGE_TRAFFIC.
SOCKETS: Mapping[str, int] = {"plain": 0, "rpc": 1, "allow-edge": 2, "deny-edge": 4}
BINDS = ("any", "address")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is said of a packet beside its addresses.

    ``service`` are the SIDs of the services of its process, ``package`` the SID of its app package, empty for none,
    ``capability`` the SIDs of what that package may do, ``account`` those of the local user and its groups. ``tunnel``,
    ``luid``, ``epoch`` and ``compartment`` are numbers: of the interface's tunnel, the interface, its quarantine and
    the network compartment; ``socket`` are the flags of a socket, ``bind`` what it is bound to. ``secured``: IPsec
    protects it. ``app_loopback``: loopback of app packages, or of none. ``raw``: of a raw socket. ``fragment``:
    it arrives as a fragment. ``forwarded``: this host passes it on.
    """

    service: tuple[str, ...] | None = None
    package: str | None = None
    capability: tuple[str, ...] | None = None
    account: tuple[str, ...] | None = None
    tunnel: int | None = None
    luid: int | None = None
    epoch: int | None = None
    compartment: int | None = None
    socket: int | None = None
    bind: str | None = None
    secured: bool | None = None
    app_loopback: bool | None = None
    raw: bool | None = None
    fragment: bool | None = None
    forwarded: bool | None = None

    def words(self) -> Iterator[str]:
        """Yield the words that say it, as ``VALUED`` and ``ALONE`` read them."""
        for name in VALUED:
            value = getattr(self, name)
            if value is not None:
                yield f"{name} {_written(name, value)}"
        for word, (name, value) in ALONE.items():
            if getattr(self, name) is value:
                yield word

    @property
    def document(self) -> dict[str, object]:
        """What is said, by name, as JSON has it."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


UNSAID = Circumstances()


def _written(name: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    if name == "tunnel":
        return next((word for word, number in TUNNELS.items() if number == value), str(value))
    if name == "socket":
        return ",".join(word for word, flag in SOCKETS.items() if flag & value) or "plain"
    return str(value) or "none"


def _list_of(parse: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    def parsed(text: str) -> tuple[str, ...]:
        if text.lower() == "none":
            return ()
        return tuple(dict.fromkeys(parse(part.strip()) for part in text.split(",")))

    return parsed


def _package(text: str) -> str:
    return "" if text.lower() == "none" else parse_package(text)


def _account(text: str) -> tuple[str, ...]:
    if text.lower() == "none":
        raise ValueError("'none' is no SID: every program runs as somebody, write SIDs with commas")
    return parse_token(text).sids


def _number(most: int) -> Callable[[str], int]:
    def parsed(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= most):
            raise ValueError(f"{in_quotes(text[:40])} is no such number: write one from 0 to {most}")
        return int(text)

    return parsed


def _tunnel(text: str) -> int:
    number = TUNNELS.get(text.lower())
    if number is not None:
        return number
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= 0xFFFFFFFF):
        raise ValueError(f"{in_quotes(text[:40])} is no type of tunnel: write {', '.join(TUNNELS)}, or its number")
    return int(text)


def _socket(text: str) -> int:
    flags = 0
    for part in text.split(","):
        if part.strip().lower() not in SOCKETS:
            raise ValueError(f"{in_quotes(part[:40])} is nothing of a socket: write {', '.join(SOCKETS)}")
        flags |= SOCKETS[part.strip().lower()]
    if "plain" in text.lower() and flags:
        raise ValueError(f"{in_quotes(text[:40])} has plain beside another property: leave plain out")
    return flags


def _bind(text: str) -> str:
    if text.lower() not in BINDS:
        raise ValueError(f"{in_quotes(text[:40])} is not what a socket is bound to: write {' or '.join(BINDS)}")
    return text.lower()


#: Words with a value behind them, and what reads it.
VALUED: Mapping[str, Callable[[str], Any]] = dict(
    zip(
        VALUED_WORDS,
        (
            _list_of(parse_service),
            _package,
            _list_of(parse_capability),
            _account,
            _tunnel,
            _number(0xFFFF_FFFF_FFFF_FFFF),
            _number(0xFFFF_FFFF_FFFF_FFFF),
            _number(0xFFFF_FFFF),
            _socket,
            _bind,
        ),
        strict=True,
    )
)


def read_circumstances(texts: Mapping[str, str], alone: Iterable[str]) -> Circumstances:
    """Return what is said by words with a value and words that stand alone; nothing said makes ``UNSAID``.

    Raises:
        ValueError: a value means nothing, or two words contradict each other.
    """
    said: dict[str, Any] = {}
    for word, parse in VALUED.items():
        if word not in texts:
            continue
        try:
            said[word] = parse(texts[word])
        except ValueError as error:
            raise ValueError(f"{word} {error}") from None
    for word in alone:
        name, value = ALONE[word]
        if said.setdefault(name, value) is not value:
            other = next(each for each, meant in ALONE.items() if meant == (name, not value))
            raise ValueError(f"circumstances are {other} and {word}: say one")
    found = Circumstances(**said)
    if found.capability and found.package == "":
        raise ValueError("program has capabilities and belongs to no package: only packages have them")
    return found if said else UNSAID

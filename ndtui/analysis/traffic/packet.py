"""Packet: one packet as filters see it, and how one is read that a person wrote."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NoReturn, get_args

from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet_circumstances import UNSAID, VALUED, Circumstances, read_circumstances
from ndtui.analysis.traffic.packet_grammar import ALONE, LOCAL_TYPES, LocalType
from ndtui.analysis.traffic.packet_kind import ICMP, PacketKind, kind_of
from ndtui.common.errors import InputError
from ndtui.common.quoted_words import quoted, quoted_words, unquoted
from ndtui.common.suggestion import near
from ndtui.common.text import brief
from ndtui.model.design.access_check import Identities, Token, identities, parse_token
from ndtui.model.design.addresses import format_address
from ndtui.model.design.ip_protocol import NUMBERS
from ndtui.model.design.program_path import parse_program
from ndtui.model.vocabulary.layers import Family
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES, InterfaceType, Profile

TCP, UDP = NUMBERS["tcp"], NUMBERS["udp"]
SYSTEM = "System"
"""What filters have for a path where the kernel itself sends or receives: that of file and printer sharing, say."""
ECHO_REQUEST = {1: 8, 58: 128}
FIRST_DYNAMIC_PORT = 49152
"""What a source port is when none is written: the first that Windows gives to clients."""

_PROTOCOLS = {"icmp": 1, **NUMBERS}
_NAMES = {number: name for name, number in _PROTOCOLS.items()}
_KINDS = {"profile": "network profile", "interface": "type of interface"}
_WORDS = (
    "later",
    "loopback",
    *LOCAL_TYPES,
    "type N",
    "code N",
    "profile P",
    "interface I",
    "app PATH",
    "machine SIDS",
    "user SIDS",
    "unauthorized",
    *(f"{word} X" for word in VALUED),
    *ALONE,
)
#: Words whose value is written with capital letters too, and what a packet has two of that says one twice.
_SEVERAL = {"app": "programs", "machine": "machines", "user": "users"}
#: A line and its comment; in quotes # is part of a path.
_LINE = re.compile(r'((?:[^#"]|"[^"]*")*)(?:#.*)?')
_KNOWN = f"write {', '.join(_WORDS)}"
_QUOTES = 'write the path of a program with blanks in quotes: app "C:\\Program Files\\X\\x.exe"'
#: Remedies that hold wherever a packet is written.
EXAMPLE = "write a packet such as in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
DIRECTION = "start it with in or out"


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. Addresses are whole numbers; ports are None where the protocol has none, so are type and code.

    ``later`` is a later packet of a connection that ALE has authorised. ``profile`` and ``interface`` are those of the
    network it passes by, an interface by its number where its type has no name, ``None`` where nothing is said of them;
    ``program`` is the path of the one that it is of, empty where nothing is said of it; ``machine`` and ``user`` are
    who the peer is, ``None`` where it is not said; ``unauthorized``: the peer authenticates, and is none that may
    connect. ``said`` is what it says beside that for the filters of a machine.
    """

    direction: Direction
    family: Family
    protocol: int
    local_address: int
    remote_address: int
    local_port: int | None = None
    remote_port: int | None = None
    icmp_type: int | None = None
    icmp_code: int | None = None
    local_type: LocalType = "unicast"
    loopback: bool = False
    later: bool = False
    profile: Profile | None = None
    interface: InterfaceType | int | None = None
    unauthorized: bool = False
    program: str = ""
    machine: Token | None = None
    user: Token | None = None
    said: Circumstances = UNSAID

    def __str__(self) -> str:
        """Return the packet in the grammar that parse_packet reads."""
        local = _end(self.family, self.local_address, self.local_port)
        remote = _end(self.family, self.remote_address, self.remote_port)
        ends = (remote, local) if self.direction == "in" else (local, remote)
        name = "1" if self.protocol == 1 and self.family == "V6" else protocol_name(self.protocol)
        return " ".join([self.direction, name, ends[0], "->", ends[1], *self._words()])

    def _words(self) -> Iterator[str]:
        if self.icmp_type is not None and (self.icmp_type, self.icmp_code) != (ECHO_REQUEST.get(self.protocol), 0):
            yield f"type {self.icmp_type}"
            if self.icmp_code is not None:
                yield f"code {self.icmp_code}"
        if self.local_type != type_of_destination(self.family, self._destination()):
            yield self.local_type
        if self.loopback and not _is_loopback(self.family, self.local_address, self.remote_address):
            yield "loopback"
        if self.later:
            yield "later"
        said: dict[str, object] = {"profile": self.profile, "interface": self.interface}
        said |= {"app": quoted((self.program,)) if self.program else None, "machine": self.machine, "user": self.user}
        yield from (f"{word} {value}" for word, value in said.items() if value is not None)
        if self.unauthorized:
            yield "unauthorized"
        yield from self.said.words()

    @property
    def identities(self) -> Identities:
        """Who its peer is, as far as it is said, by the field of the conditions that ask for it."""
        return identities(self.machine, self.user)

    @property
    def kind(self) -> PacketKind:
        """Which kind of packet it is, for the layers that it meets."""
        return "forwarded" if self.said.forwarded else kind_of(self.family, self.protocol, self.icmp_type)

    def _destination(self) -> int:
        return self.local_address if self.direction == "in" else self.remote_address


def protocol_name(number: int) -> str:
    """Return a protocol by name where it has one that can be written, otherwise its number."""
    return _NAMES.get(number, str(number))


def _end(family: Family, address: int, port: int | None) -> str:
    text = format_address(family, address)
    if port is None:
        return text
    return f"[{text}]:{port}" if family == "V6" else f"{text}:{port}"


def interface_named(number: int) -> InterfaceType | int:
    """Return a type of interface as a packet has it: by name where it has one."""
    return next((name for name, own in INTERFACES.items() if own == number), number)


def parse_packet(text: str, where: str = "", direction: str = "", words: Iterable[str] = ()) -> Packet:
    """Return the packet a person wrote; ``packet_grammar`` says how.

    ``direction`` and further ``words`` are what was said beside it, by options; ``where`` is put before an error.

    Raises:
        InputError: it is none; names the part and says what would be right.
    """
    return _Reading(text, where).packet(direction, words)


def read_packets(text: str, where: str, direction: str = "", words: Iterable[str] = ()) -> Iterator[Packet]:
    """Return the packets of a text, one a line; empty lines and what follows a ``#`` are passed over.

    Raises:
        InputError: a line is no packet; names the line.
    """
    more = tuple(words)
    for number, line in enumerate(text.splitlines(), start=1):
        uncommented = _LINE.fullmatch(line)
        packet = (line if uncommented is None else uncommented[1]).strip()
        if packet:
            yield parse_packet(packet, f"{where}, line {number}", direction, more)


class _Reading:
    """A packet being read: knows where it stands, for errors."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._texts: dict[str, str] = {}

    def fail(self, message: str, remedy: str = EXAMPLE) -> NoReturn:
        """Refuse the packet."""
        raise InputError(f"{self._where}: {message}" if self._where else message, remedy=remedy)

    def packet(self, direction: str, words: Iterable[str]) -> Packet:
        """Return the packet."""
        parts = self._split(self._text)
        if "->" not in parts:
            self.fail(f"the packet {brief(self._text.strip())} has no -> between its two ends")
        arrow = parts.index("->")
        if len(parts) == arrow + 1 or arrow == 0:
            self.fail("the packet ends at ->" if arrow else "the packet starts with ->")
        way, protocol = self._head(parts[: arrow - 1], direction)
        return self._assemble(way, protocol, (parts[arrow - 1], parts[arrow + 1]), [*parts[arrow + 2 :], *words])

    def _split(self, text: str) -> list[str]:
        try:
            return quoted_words(text)
        except ValueError as error:
            self.fail(f"the packet {error}", "")

    def _head(self, parts: list[str], direction: str) -> tuple[Direction, str]:
        """Return the direction and the protocol, which stand before the addresses."""
        way = parts.pop(0).lower() if parts and parts[0].lower() in get_args(Direction) else ""
        if direction and way and way != direction:
            self.fail(f"the packet says {way}, and beside it stands {direction}", "say it once")
        way = way or direction
        if not parts:
            self.fail("the packet has no protocol before its first address")
        if len(parts) > 1:
            self.fail(f"before the first address stands {brief(' '.join(parts))}, which is more than a protocol")
        if way not in get_args(Direction):
            self.fail("the packet has no direction", DIRECTION)
        return ("in" if way == "in" else "out"), parts[0]

    def _assemble(self, way: Direction, protocol: str, ends: tuple[str, str], words: list[str]) -> Packet:
        number = self._protocol(protocol)
        (family, source, source_port), (other, target, target_port) = (
            self._side(end, side) for end, side in zip(ends, ("source", "destination"), strict=True)
        )
        if family != other:
            self.fail(
                f"the source {ends[0]} and the destination {ends[1]} are of two address families",
                "write two IPv4 or two IPv6 addresses",
            )
        if protocol.lower() == "icmp":
            number = ICMP[family]
        source_port, target_port = self._ports(number, source_port, target_port, ends)
        said = self._words(words, number)
        kind = said.get("icmp type", ECHO_REQUEST.get(number))
        local, remote = (target, source) if way == "in" else (source, target)
        circumstances = self._circumstances(said)
        if circumstances.forwarded and way == "out":
            self.fail("a packet that is forwarded comes in, and this one goes out", "write in, or leave forwarded out")
        if circumstances.fragment and way == "out":
            self.fail("what is sent is fragmented after the last layer that has filters", "leave fragment out")
        return Packet(
            direction=way,
            family=family,
            protocol=number,
            local_address=local,
            remote_address=remote,
            local_port=target_port if way == "in" else source_port,
            remote_port=source_port if way == "in" else target_port,
            icmp_type=kind,
            icmp_code=None if kind is None else said.get("icmp code", 0),
            local_type=next((name for name in LOCAL_TYPES if name in said), type_of_destination(family, target)),
            loopback="loopback" in said
            or _is_loopback(family, local, remote)
            or circumstances.app_loopback is not None,
            later="later" in said,
            profile=next((name for name, number in PROFILES.items() if said.get("profile") == number), None),
            interface=interface_named(said["interface"]) if "interface" in said else None,
            unauthorized="unauthorized" in said,
            program=self._program(),
            machine=self._token("machine", said),
            user=self._token("user", said),
            said=circumstances,
        )

    def _protocol(self, text: str) -> int:
        if text.lower() in _PROTOCOLS:
            return _PROTOCOLS[text.lower()]
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255):
            known = f"write {', '.join(_PROTOCOLS)}, or a number from 0 to 255"
            self.fail(f"{brief(text)} is no protocol", near(text.lower(), _PROTOCOLS) or known)
        return int(text)

    def _side(self, text: str, side: str) -> tuple[Family, int, int | None]:
        """Return family, address and port of one end."""
        if text.startswith("["):
            address, bracket, rest = text[1:].partition("]")
            if not bracket or (rest and not rest.startswith(":")):
                self.fail(f"the {side} {brief(text)} is no [ADDRESS]:PORT", "write it as [2001:db8::5]:443")
            return "V6", self._v6(address, side), self._port(rest[1:], side) if rest else None
        if text.count(":") > 1:
            return "V6", self._v6(text, side), None
        address, colon, port = text.partition(":")
        try:
            return "V4", int(IPv4Address(address)), self._port(port, side) if colon else None
        except AddressValueError:
            self.fail(f"the {side} {brief(text)} is no address", "write 10.0.0.5, 10.0.0.5:443 or [2001:db8::5]:443")

    def _v6(self, text: str, side: str) -> int:
        if "%" in text:
            self.fail(f"the {side} {brief(text)} has a zone, and filters match addresses without one", "leave %... out")
        try:
            return int(IPv6Address(text))
        except AddressValueError:
            self.fail(f"the {side} {brief(text)} is no IPv6 address", "write 2001:db8::5, or [2001:db8::5]:443")

    def _port(self, text: str, side: str) -> int:
        return self._number(text, f"the {side}'s port", 65535)

    def _number(self, text: str, what: str, most: int) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= most):
            self.fail(f"{what} {brief(text)} is no number from 0 to {most}", "write such a number")
        return int(text)

    def _ports(
        self, protocol: int, source: int | None, target: int | None, ends: tuple[str, str]
    ) -> tuple[int | None, int | None]:
        if protocol in (TCP, UDP):
            if target is None:
                v6 = "." not in ends[1]
                example = f"[{ends[1].strip('[]')}]:443" if v6 else f"{ends[1]}:443"
                self.fail(f"the destination {ends[1]} has no port", f"write {example}")
            return (FIRST_DYNAMIC_PORT if source is None else source), target
        if source is not None or target is not None:
            self.fail(f"protocol {protocol_name(protocol)} has no ports", "leave them out, or write tcp or udp")
        return None, None

    def _words(self, words: list[str], protocol: int) -> dict[str, int]:
        """Return what the words after the addresses say."""
        said: dict[str, int] = {}
        rest = iter(words)
        for written in rest:
            word = written.lower()
            if word in _SEVERAL or word in VALUED:
                if word in said:
                    self.fail(f"the packet has two {_SEVERAL.get(word, f'values of {word}')}", "say one")
                self._texts[word] = unquoted(next(rest, ""))
                said[word] = 1
            elif word in ("type", "code"):
                if protocol not in ECHO_REQUEST:
                    self.fail(f"{word} belongs to ICMP, not to {protocol_name(protocol)}", "leave it out")
                said[f"icmp {word}"] = self._number(next(rest, ""), f"the ICMP {word}", 255)
            elif word in ("profile", "interface"):
                said[word] = self._named(word, next(rest, ""), said)
            elif word in ("later", "loopback", "unauthorized") or word in LOCAL_TYPES or word in ALONE:
                said[word] = 1
            else:
                self.fail(f"{brief(written)} after the addresses means nothing", _QUOTES if "app" in said else _KNOWN)
        kinds = [name for name in LOCAL_TYPES if name in said]
        if len(kinds) > 1:
            self.fail(f"the local address is said to be {' and '.join(kinds)}", "say one")
        return said

    def _program(self) -> str:
        """Return the path of the program that the packet is of, empty where nothing is said of it."""
        path = self._texts.get("app")
        if path is None:
            return ""
        if path.lower() == SYSTEM.lower():
            return SYSTEM
        try:
            return parse_program(path)
        except ValueError as error:
            self.fail(f"the program {error}", "")

    def _circumstances(self, said: Mapping[str, int]) -> Circumstances:
        """Return what the packet says beside its addresses for the filters of a machine."""
        try:
            return read_circumstances(self._texts, [word for word in ALONE if word in said])
        except ValueError as error:
            message, _, remedy = str(error).rpartition(": ")
            self.fail(f"the packet's {message}", remedy)

    def _token(self, word: str, said: Mapping[str, int]) -> Token | None:
        """Return who the peer's machine or user is, ``None`` where nothing is said of it."""
        text = self._texts.get(word)
        if text is None:
            return None
        if "unauthorized" in said:
            self.fail(f"the packet says {word} and unauthorized", f"say one: by {word} it is found out who may connect")
        try:
            return parse_token(text)
        except ValueError as error:
            self.fail(f"the {word} {error}", "")

    def _named(self, word: str, text: str, said: Mapping[str, int]) -> int:
        """Return the number of a network profile or a type of interface."""
        networks = (*PROFILES.items(),) if word == "profile" else (*INTERFACES.items(),)
        names: dict[str, int] = dict(networks)
        number = names.get(text.lower())
        if number is None and word == "interface" and re.fullmatch("[0-9]{1,10}", text) and int(text) <= 0xFFFFFFFF:
            number = int(text)
        if number is None:
            self.fail(f"{brief(text)} is no {_KINDS[word]}", f"write {word} {' or '.join(names)}")
        if said.get(word, number) != number:
            self.fail(f"the packet has two {_KINDS[word]}s", "say one")
        return number


def type_of_destination(family: Family, destination: int) -> LocalType:
    """Return the address type of a packet's destination.

    The transport scenarios ask for unicast so that multicast and broadcast are left alone, in both directions.
    """
    address = IPv4Address(destination) if family == "V4" else IPv6Address(destination)
    if address.is_multicast:
        return "multicast"
    return "broadcast" if family == "V4" and destination == 0xFFFFFFFF else "unicast"


def _is_loopback(family: Family, local: int, remote: int) -> bool:
    kind = IPv4Address if family == "V4" else IPv6Address
    return local == remote or kind(local).is_loopback or kind(remote).is_loopback

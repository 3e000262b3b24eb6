"""Assertions: tests that a design carries about itself, and findings that its author has looked at and accepts.

Traffic is written as ``in tcp from 10.0.0.0/8 to any port 443``: a set of packets, and an assertion is about every one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field

from ndtui.common.quoted_words import listed, quoted_words
from ndtui.common.suggestion import near
from ndtui.common.text import brief
from ndtui.model.design.access_check import Identities, Token, identities, parse_token
from ndtui.model.design.addresses import AddressRange, parse_addresses
from ndtui.model.design.element import Element
from ndtui.model.design.ip_protocol import NUMBERS, WRITTEN
from ndtui.model.design.names import Line, Prose
from ndtui.model.design.ports import PortRange, parse_ports
from ndtui.model.design.program_path import parse_program
from ndtui.model.vocabulary.layers import FAMILIES, Family
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES, Profile

TRAFFIC_GRAMMAR = """\
Traffic is written as

  [in|out] [v4|v6] [multicast] PROTOCOL [type N [code N]] [from SIDE] [to SIDE]
  [profile P] [interface I] [app A] [machine SIDS] [user SIDS] [unauthorized]

  in, out    seen from the host that has the policy; both if left out
  v4, v6     both if left out, unless addresses say which; icmpv6 alone is v6
  multicast  to multicast addresses; without it unicast is meant, loopback left out
  PROTOCOL   any, tcp, udp, icmp, icmpv6, igmp, gre, esp, ah, 47, 60-140;
             several with commas; any leaves out esp and ah, which are IPsec itself
  SIDE       ADDRESSES [port PORTS]: any, 10.0.0.0/8, 10.0.0.1-10.0.0.9, fe80::/10;
             443, 1024-2047; several with commas
  type, code N: 8, 0-7; several with commas
  profile    P: domain, private, public; several with commas, all if left out
  interface  I: lan, wireless, remote-access, or numbers of types; likewise
  app        A: paths of programs, in quotes where they have blanks; several with
             commas; not A for every other program; every program if left out
  machine, user
             SIDS: who the peer's machine or its user is, its SID and those of its
             groups with commas, or none; those who may connect if left out
  unauthorized
             peers that authenticate and may not connect

  in tcp from 10.0.0.0/8 to any port 443
  out udp to 192.0.2.10,192.0.2.11 port 53,88
  icmp type 8
  in tcp from any to any port 1433 profile private,public unauthorized
  in tcp from any to any port 3389 machine S-1-5-21-1-2-3-1104,DC
  in tcp from any to any app "C:\\Program Files\\X\\x.exe\""""

TrafficDirection = Literal["in", "out"]
Verdict = Literal["protected", "encrypted", "requested", "clear", "exempt", "blocked", "untouched"]
"""What an assertion says of all its packets; ``ndtui.analysis.verify.assertions`` has the meaning of each."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_FAMILY_WORDS: dict[str, Family] = {"v4": "V4", "ipv4": "V4", "v6": "V6", "ipv6": "V6"}
_EXAMPLE = "write traffic such as in tcp from 10.0.0.0/8 to any port 443"
_QUOTES = 'write a path with blanks in quotes: app "C:\\Program Files\\X\\x.exe"'


class Side(NamedTuple):
    """One end of traffic: addresses and ports, empty where any will do."""

    addresses: tuple[AddressRange, ...] = ()
    ports: tuple[PortRange, ...] = ()


class Traffic(NamedTuple):
    """A set of packets as it was written."""

    directions: tuple[TrafficDirection, ...]
    families: tuple[Family, ...]
    multicast: bool
    protocols: tuple[str | int, ...]
    """Numbers, ``icmp`` for that of the family, or nothing for any protocol."""
    icmp_types: tuple[PortRange, ...]
    icmp_codes: tuple[PortRange, ...]
    source: Side
    destination: Side
    profiles: tuple[Profile, ...] = ()
    interfaces: tuple[PortRange, ...] = ()
    """Types of interfaces by their numbers."""
    programs: tuple[str, ...] = ()
    """Paths of programs."""
    other_programs: bool = False
    """Whether every program but these is meant."""
    unauthorized: bool = False
    """Whether its peers authenticate and may not connect; otherwise they may, or are whom it names."""
    machine: Token | None = None
    """Who the machines of its peers are, where it says."""
    user: Token | None = None
    """Who their users are, where it says."""

    @property
    def identities(self) -> Identities:
        """Who its peers are, as far as it says, by the field of the conditions that ask for it."""
        return identities(self.machine, self.user)


def parse_traffic(text: str) -> Traffic:
    """Return the set of packets that a text means; ``TRAFFIC_GRAMMAR`` says how it is written.

    Raises:
        ValueError: says which part is wrong, and what would be right.
    """
    words = quoted_words(text, lists=True)
    if not words:
        raise ValueError(f"is empty: {_EXAMPLE}")
    reading = _Words(words)
    direction = reading.take_one("in", "out")
    family = reading.take_one(*_FAMILY_WORDS)
    multicast = reading.take_one("multicast", "unicast") == "multicast"
    protocol = reading.take("a protocol")
    protocols = tuple(_protocols(protocol))
    family = family or ("v6" if protocol.lower() == "icmpv6" else "")
    kind, code = _icmp(reading, protocols)
    source = _side(reading, "from", protocols)
    destination = _side(reading, "to", protocols)
    profiles = tuple(_profiles(reading)) if reading.take_one("profile", "profiles") else ()
    interfaces = tuple(_interfaces(reading)) if reading.take_one("interface", "interfaces") else ()
    programs, others = _programs(reading) if reading.take_one("app") else ((), False)
    machine = _token(reading, "machine")
    user = _token(reading, "user")
    unauthorized = bool(reading.take_one("unauthorized"))
    if unauthorized and (machine or user):
        raise ValueError("says who its peers are and unauthorized: say one, it is found out who of them may connect")
    reading.end(_QUOTES if programs else _EXAMPLE)
    traffic = Traffic(
        ("in", "out") if not direction else ("in",) if direction == "in" else ("out",),
        (_FAMILY_WORDS[family],) if family else FAMILIES,
        multicast,
        protocols,
        kind,
        code,
        source,
        destination,
        profiles,
        interfaces,
        programs,
        others,
        unauthorized,
        machine,
        user,
    )
    if not reach(traffic):
        raise ValueError("names addresses of one family where the other is meant: it has no packets")
    return traffic


def reach(traffic: Traffic) -> tuple[Family, ...]:
    """Return the address families in which traffic has packets."""
    families: tuple[Family, ...] = traffic.families
    for side in (traffic.source, traffic.destination):
        if side.addresses:
            present = {each.family for each in side.addresses}
            families = tuple(family for family in families if family in present)
    return families


class _Words:
    """Words that are taken one by one."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)

    def take_one(self, *known: str) -> str:
        """Return the next word if it is one of these, otherwise an empty one."""
        return self._words.pop(0).lower() if self._words and self._words[0].lower() in known else ""

    def take(self, what: str) -> str:
        """Return the next word, which has to be there."""
        if not self._words:
            raise ValueError(f"ends where {what} should stand: {_EXAMPLE}")
        return self._words.pop(0)

    def end(self, remedy: str) -> None:
        """Refuse what is left over."""
        if self._words:
            raise ValueError(f"{brief(self._words[0])} means nothing where it stands: {remedy}")


def _protocols(text: str) -> Iterator[str | int]:
    named = text.split(",")
    for written in named:
        name = written.lower()
        if name == "any":
            if len(named) > 1:
                raise ValueError("any beside other protocols says nothing: leave the others out")
        elif name == "icmp":
            yield name
        elif name in NUMBERS:
            yield NUMBERS[name]
        elif re.fullmatch("[0-9]{1,3}(-[0-9]{1,3})?", name):
            low, _, high = name.partition("-")
            first, last = int(low), int(high or low)
            if not first <= last <= 255:
                raise ValueError(f"{name} is no protocol: protocols go from 0 to 255")
            yield from range(first, last + 1)
        else:
            meant = near(name, WRITTEN) or f"write {', '.join(WRITTEN)}, or 0 to 255"
            raise ValueError(f"{brief(written)} is no protocol: {meant}")


def _profiles(reading: _Words) -> Iterator[Profile]:
    for written in reading.take("a network profile").split(","):
        name = written.lower()
        found = next((profile for profile in PROFILES if profile == name), None)
        if found is None:
            meant = near(name, PROFILES) or f"write {', '.join(PROFILES)}"
            raise ValueError(f"{brief(written)} is no network profile: {meant}")
        yield found


def _interfaces(reading: _Words) -> Iterator[PortRange]:
    numbers: dict[str, int] = dict((*INTERFACES.items(),))
    for written in reading.take("a type of interface").split(","):
        name = written.lower()
        low, dash, high = name.partition("-")
        if name in numbers:
            yield PortRange(numbers[name], numbers[name])
        elif re.fullmatch("[0-9]{1,10}(-[0-9]{1,10})?", name) and int(low) <= int(high or low) <= 0xFFFFFFFF:
            yield PortRange(int(low), int(high if dash else low))
        else:
            meant = near(name, INTERFACES) or f"write {', '.join(INTERFACES)}, or a number"
            raise ValueError(f"{brief(written)} is no type of interface: {meant}")


def _programs(reading: _Words) -> tuple[tuple[str, ...], bool]:
    """Return the paths of programs, and whether every other program is meant."""
    others = bool(reading.take_one("not"))
    return tuple(map(parse_program, listed(reading.take("the path of a program")))), others


def _token(reading: _Words, word: str) -> Token | None:
    """Return who the machines or the users of peers are, ``None`` where it is not said."""
    if not reading.take_one(word):
        return None
    try:
        return parse_token(reading.take(f"the SIDs of the {word}"))
    except ValueError as error:
        raise ValueError(f"the {word} {error}") from None


def _icmp(reading: _Words, protocols: tuple[str | int, ...]) -> tuple[tuple[PortRange, ...], tuple[PortRange, ...]]:
    numbers: list[tuple[PortRange, ...]] = []
    for word in ("type", "code"):
        number: tuple[PortRange, ...] = ()
        if reading.take_one(word):
            if not protocols or not set(protocols) <= {"icmp", 1, 58}:
                raise ValueError(f"{word} belongs to ICMP alone: write icmp as the protocol")
            text = reading.take(f"the ICMP {word}")
            number = tuple(_octets(text, word))
        numbers.append(number)
    return numbers[0], numbers[1]


def _octets(text: str, word: str) -> Iterator[PortRange]:
    for part in text.split(","):
        low, _, high = part.partition("-")
        if not (re.fullmatch("[0-9]{1,3}(-[0-9]{1,3})?", part) and int(low) <= int(high or low) <= 255):
            raise ValueError(f"the ICMP {word} {brief(part)} is no number from 0 to 255")
        yield PortRange(int(low), int(high or low))


def _side(reading: _Words, word: str, protocols: tuple[str | int, ...]) -> Side:
    if not reading.take_one(word):
        return Side()
    text = reading.take(f"an address, or any, after {word}")
    addresses = () if text.lower() == "any" else parse_addresses(text)
    if not reading.take_one("port", "ports"):
        return Side(addresses)
    if not protocols or not set(protocols) <= {6, 17}:
        raise ValueError("ports belong to TCP and UDP: write tcp, udp or tcp,udp as the protocol")
    ports = reading.take("a port")
    return Side(addresses, () if ports.lower() == "any" else parse_ports(ports))


def _is_traffic(text: str) -> str:
    parse_traffic(text)
    return text


def _is_reason(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: say why the finding is accepted")
    return text


class Assertion(Element):
    """A test of the design: ``verdict`` is what happens to every packet of ``traffic``."""

    traffic: Annotated[Line, AfterValidator(_is_traffic)]
    verdict: Verdict
    comment: Prose = ""


class Suppression(Element):
    """A finding that was looked at and is accepted: its id, why, and at which place, or at all of them."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    reason: Annotated[Line, AfterValidator(_is_reason)]
    where: Annotated[str, Field(max_length=600)] = ""

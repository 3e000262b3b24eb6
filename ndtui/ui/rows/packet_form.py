"""The form of a packet: its words in one line, every part of it as a field, and the time it is asked about.

The words are the one truth: a field writes them anew, and is read from them. What filters may ask of a packet stands
behind the addresses, and is a table here: a new word of the grammar is a row in it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ndtui.analysis.traffic.examples import usual_ports
from ndtui.analysis.traffic.packet import TCP, UDP, Packet, parse_packet, protocol_name
from ndtui.analysis.traffic.packet_circumstances import SOCKETS, TUNNELS
from ndtui.analysis.traffic.packet_grammar import INTERFACE_WORDS, LOCAL_TYPES, PROFILE_WORDS
from ndtui.analysis.traffic.packet_kind import ICMP
from ndtui.analysis.traffic.packet_values import INTERFACE, PROFILE, USUAL_INTERFACE, USUAL_PROFILE
from ndtui.common.errors import InputError
from ndtui.common.quoted_words import quoted, quoted_words, unquoted
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.design.addresses import format_address
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.ui.rows.form_fields import ChoiceField, Field, Form, IncompleteError, Option, TextField, TicksField, Values


class Asked(NamedTuple):
    """What is traced: a packet, once BFE is up or before; ``None`` where nobody can ask about the time before."""

    packet: Packet
    before_bfe: bool | None


class Part(NamedTuple):
    """A field for words behind the addresses.

    ``word`` stands before what the field holds; without one, what it holds are words themselves. ``asks`` are the
    fields of conditions that ask for it, and ``question`` says what a packet that says nothing leaves open.
    """

    field: TextField | ChoiceField | TicksField
    word: str = ""
    asks: tuple[str, ...] = ()
    question: str = ""


def _for_machines(word: str, label: str, text: str) -> Part:
    return Part(TextField(word, label, f"{text} Empty: not said.", "not said"), word)


#: What the filters of a machine ask for, and those of a design do not.
_OF_A_MACHINE = (
    _for_machines("service", "Services", "Of its process: names or SIDs, with commas, or none."),
    _for_machines("package", "Package", "App package by its SID or family; none for a desktop program."),
    _for_machines("capability", "Capabilities", "Of the package: internetClient and the like, or SIDs, or none."),
    _for_machines("account", "Account", "Who runs the program: its SID and those of its groups, with commas."),
    _for_machines("tunnel", "Tunnel", f"Of the interface: {', '.join(TUNNELS)}, or a number."),
    _for_machines("luid", "LUID", "Of the interface: the number by which filters name one."),
    _for_machines("epoch", "Quarantine", "Its epoch, of the interface, as filters ask for it."),
    _for_machines("compartment", "Compartment", "Of the network, by its number."),
    _for_machines("socket", "Socket", f"Its properties: {', '.join(SOCKETS)}."),
    _for_machines("bind", "Bound to", "What the program's socket is bound to: any, or address."),
    Part(
        ChoiceField(
            "ipsec",
            "IPsec",
            (Option("", "not said"), Option("secured", "protects it"), Option("clear", "does not protect it")),
            "For the filters of a machine that ask whether it is protected.",
            folds=True,
        )
    ),
    Part(
        ChoiceField(
            "app_loopback",
            "App loopback",
            (
                Option("", "not said"),
                Option("app-loopback", "of app packages"),
                Option("non-app-loopback", "of desktop programs"),
            ),
            "Loopback of app packages, or of none.",
            folds=True,
        )
    ),
    Part(
        ChoiceField(
            "fragment",
            "Arrives",
            (Option("", "not said"), Option("fragment", "as a fragment"), Option("whole", "in one piece")),
            "For the filters of a machine that ask whether it is a fragment.",
            folds=True,
        )
    ),
)
#: What a packet may say behind its addresses, in the order of the form.
PARTS: tuple[Part, ...] = (
    Part(TextField("icmp_type", "ICMP type", "Its number. Empty: an echo request.", "echo request"), "type"),
    Part(TextField("icmp_code", "ICMP code", "Its number, beside a type. Empty: 0.", "0"), "code"),
    Part(
        TicksField(
            "also",
            "It is",
            (
                Option("later", "a later packet", "Of a connection that was authorised. Otherwise its first packet."),
                Option(
                    "loopback",
                    "loopback",
                    "From this host to itself. One address on both sides, 127.0.0.0/8 and ::1 are it by themselves.",
                ),
                Option("raw", "of a raw socket", "For the filters of a machine that ask for it."),
                Option(
                    "forwarded", "forwarded", "It passes through this host, to another. For the filters of a machine."
                ),
            ),
            below=True,
        )
    ),
    Part(
        ChoiceField(
            "profile",
            "Profile",
            (Option("", f"not said ({USUAL_PROFILE})"), *(Option(each, each) for each in PROFILE_WORDS)),
            f"Of the network that it passes by. Not said, {USUAL_PROFILE} is taken.",
            folds=True,
        ),
        "profile",
        (PROFILE,),
        "which profile",
    ),
    Part(
        TextField(
            "interface",
            "Interface",
            f"Its type: {', '.join(INTERFACE_WORDS)}, or a number. Empty: not said, {USUAL_INTERFACE} is taken.",
            f"not said ({USUAL_INTERFACE})",
        ),
        "interface",
        (INTERFACE,),
        "which interface",
    ),
    Part(
        TextField(
            "program",
            "Program",
            "Full path of the program that it is of. Empty: not said, one that no filter names is taken.",
            "not said (none that a filter names)",
        ),
        "app",
        (PROGRAM,),
        "which program",
    ),
    Part(
        ChoiceField(
            "peer",
            "The peer",
            (
                Option("", "may connect"),
                Option("unauthorized", "may not connect", "It authenticates, and is none of those who may connect."),
            ),
            "Where filters ask who connects, and the fields below do not say: one who may.",
            folds=True,
        )
    ),
    Part(
        TextField(
            "machine",
            "Its machine",
            "The peer's: its SID and those of its groups, with commas; none if it does not say. Empty: not said, one "
            "that may connect is taken.",
            "not said (may connect)",
        ),
        "machine",
        (MACHINE,),
        "who the peer is",
    ),
    Part(
        TextField(
            "user",
            "Its user",
            "The peer's, likewise: S-1-5-21-..., or two letters such as DU for domain users.",
            "not said (may connect)",
        ),
        "user",
        (USER,),
        "who its user is",
    ),
    Part(
        ChoiceField(
            "address_type",
            "Address type",
            (Option("", "by the address"), *(Option(each, each) for each in LOCAL_TYPES)),
            "Of the local address. By itself that of the destination: a group's is multicast.",
            folds=True,
        )
    ),
    *_OF_A_MACHINE,
)
LINE = "packet"
_DIRECTIONS = (
    Option("in", "inbound", "It arrives at the host that has the policy."),
    Option("out", "outbound", "The host that has the policy sends it."),
)
_HEAD: tuple[Field, ...] = (
    TextField(
        LINE, "Packet", "In words: in or out, protocol, from -> to, and what the fields below say. Fills the fields."
    ),
    ChoiceField("direction", "Direction", _DIRECTIONS, folds=True),
    TextField("protocol", "Protocol", "tcp, udp, icmp, igmp, gre, esp, ah, or a number from 0 to 255."),
    TextField("local", "Local", "The address on this host's side: the destination of what comes in."),
    TextField("local_port", "Local port", "That of a service this host offers, or that it connects from."),
    TextField("remote", "Remote", "The address on the peer's side: the destination of what goes out."),
    TextField("remote_port", "Remote port", "That of a service the peer offers, or that it connects from."),
)
_TIME = TicksField(
    "time",
    "When",
    (
        Option(
            "before_bfe",
            "before BFE is up",
            "From the start of TCP/IP until BFE is up boot-time filters alone decide, and nothing negotiates.",
        ),
    ),
)
_PORTS, _ICMP = ("local_port", "remote_port"), ("icmp_type", "icmp_code")
_WITH_PORTS = frozenset(name for number in (TCP, UDP) for name in (str(number), protocol_name(number)))
_WITH_TYPE = frozenset(name for number in ICMP.values() for name in (str(number), protocol_name(number)))


def part_of(field: str) -> Part | None:
    """Return the part of a packet that a condition's field asks for; none where a packet cannot say it."""
    return next((each for each in PARTS if field in each.asks), None)


def field_saying(word: str) -> str:
    """Return the field that holds a word of a packet, or what stands behind it; the line where there is none."""
    for field, before, *_ in PARTS:
        options = () if isinstance(field, TextField) else field.options
        if word and (before == word or any(each.id == word for each in options)):
            return field.id
    return LINE


def packet_form(
    text: str,
    shown: Asked,
    effect: Callable[[Asked], str],
    *,
    focus: str = LINE,
    open_: Mapping[str, str] | None = None,
) -> Form[Asked]:
    """Return the form of a packet that is written as ``text``, or of the one ``shown`` where the text is none.

    ``effect`` says what becomes of a packet, ``open_`` what is to be said of some fields, by their ids.
    """
    try:
        packet = parse_packet(text)
    except InputError:
        packet = shown.packet
    local, remote = usual_ports(packet.direction)
    values = {
        "local_port": str(local),
        "remote_port": str(remote),
        **_fields(packet),
        LINE: text,
        "time": ("before_bfe",) if shown.before_bfe else (),
    }
    said = open_ or {}
    fields = (*_HEAD, *(each.field for each in PARTS), *(() if shown.before_bfe is None else (_TIME,)))
    fields = tuple(replace(each, help=f"{said[each.id]} {each.help}") if each.id in said else each for each in fields)
    return Form("Packet", fields, values, _asked, effect, _follow, focus=focus, hide=_hidden)


def _asked(values: Values) -> Asked:
    missing = [name for name in ("local", "remote") if not values[name].strip()]
    if missing and not values[LINE].strip():
        raise IncompleteError("Write a packet, or its parts: a protocol and two addresses")
    if missing:
        raise IncompleteError(f"Write the {' and the '.join(missing)} address")
    try:
        return Asked(parse_packet(values[LINE]), bool(values.get("time")))
    except InputError as error:
        raise ValueError(str(error)) from None


def _follow(changed: str, values: Values) -> Values:
    """Let the line say what the fields say, and the fields what the line says as far as it can be read."""
    if changed == "time":
        return {}
    if changed != LINE:
        return {LINE: _line(values)}
    try:
        return _fields(parse_packet(values[LINE]))
    except InputError:
        return {}  # what is wrong with it the form says when it makes something of it


def _hidden(values: Values) -> tuple[str, ...]:
    """Return the fields of what the protocol does not have."""
    name = values["protocol"].strip().lower()
    ports = () if name in _WITH_PORTS else _PORTS
    return ports if name in _WITH_TYPE or name == "icmp" else (*ports, *_ICMP)


def _fields(packet: Packet) -> Values:
    """Return what the fields hold of a packet; those of ports nothing new where it has none."""
    direction, protocol, *rest = quoted_words(str(packet))
    values = {
        "direction": direction,
        "protocol": protocol,
        "local": format_address(packet.family, packet.local_address),
        "remote": format_address(packet.family, packet.remote_address),
    }
    if packet.local_port is not None:
        values |= {"local_port": str(packet.local_port), "remote_port": str(packet.remote_port)}
    return {**values, **_held(rest[3:])}


def _held(words: list[str]) -> Values:
    """Return what the fields of the table hold of the words behind the addresses."""
    behind = {each.word for each in PARTS if each.word}
    valued: dict[str, str] = {}
    alone: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in behind:
            valued[word] = unquoted(next(rest, ""))
        else:
            alone.append(word)
    values: dict[str, object] = {}
    for field, word, *_ in PARTS:
        if word:
            values[field.id] = valued.get(word, "")
        elif isinstance(field, TicksField):
            values[field.id] = tuple(each.id for each in field.options if each.id in alone)
        elif isinstance(field, ChoiceField):
            values[field.id] = next((each.id for each in field.options if each.id in alone), "")
    return values


def _line(values: Values) -> str:
    """Return the words that the fields say: as a packet is written where they are one, otherwise as they stand."""
    hidden = _hidden(values)
    local, remote = (_end(values, side, with_port=f"{side}_port" not in hidden) for side in ("local", "remote"))
    ends = (remote, local) if values["direction"] == "in" else (local, remote)
    words = (word for each in PARTS if each.field.id not in hidden for word in _words(each, values[each.field.id]))
    text = " ".join((values["direction"], quoted((values["protocol"].strip(),)), ends[0], "->", ends[1], *words))
    try:
        return str(parse_packet(text))
    except InputError:
        return text


def _end(values: Values, side: str, *, with_port: bool) -> str:
    address, port = unquoted(values[side].strip()), values[f"{side}_port"].strip()
    if not (with_port and port):
        return quoted((address,))
    return quoted((f"[{address}]:{port}" if ":" in address else f"{address}:{port}",))


def _words(part: Part, value: str | tuple[str, ...]) -> Iterator[str]:
    """Yield the words for what a field holds."""
    if not isinstance(value, str):
        yield from value
    elif value.strip():
        text = quoted((unquoted(value.strip()),))
        yield f"{part.word} {text}" if part.word else text

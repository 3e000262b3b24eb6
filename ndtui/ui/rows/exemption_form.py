"""The form of an exemption: what it matches in one line or field by field, where it applies, and its name."""

from collections.abc import Mapping
from typing import Any

from ndtui.common.text import shortened
from ndtui.model.design import edits
from ndtui.model.design.exemption import PROGRAM_LAYERS, Exemption, copy_name, rebuild
from ndtui.model.design.exemption_phrase import FIELDS, parse_phrase, phrase_of, texts_of
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    PROTECTED_LAYERS,
)
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES
from ndtui.ui.rows.form_fields import Field, Form, IncompleteError, Option, TextField, TicksField, Values
from ndtui.ui.state.effect import effect_of
from ndtui.ui.state.workbench import Workbench

_LAYERS = (
    Option(INBOUND_TRANSPORT, "in", "Packets that come in, at INBOUND_TRANSPORT."),
    Option(OUTBOUND_TRANSPORT, "out", "Packets that go out, at OUTBOUND_TRANSPORT."),
    Option(ALE_AUTH_RECV_ACCEPT, "accept", "Connections that are accepted, at ALE_AUTH_RECV_ACCEPT."),
    Option(ALE_AUTH_CONNECT, "connect", "Connections that start here, at ALE_AUTH_CONNECT, for guaranteed encryption."),
)
#: The layers that have ticks.
_TICKED = tuple(each.id for each in _LAYERS)
_FIELDS: tuple[Field, ...] = (
    TextField(
        "traffic",
        "Traffic",
        "Protocol, ports, addresses of the other side; those of this host behind local. Fills the fields below.",
        "udp 53  tcp 443 10.0.0.0/8  icmp type 8",
    ),
    TextField("remote_ports", "Remote ports", "Ports of the other side: 53, 88, 1024-2047. Empty: any.", "any"),
    TextField(
        "remote_addresses",
        "Remote",
        "Addresses of the other side: 10.0.0.0/8, fe80::/10, 10.0.0.1-10.0.0.9. Empty: any.",
        "any",
    ),
    TextField("local_ports", "Local ports", "Ports of this host, such as those of a service it offers.", "any"),
    TextField("local_addresses", "Local", "Addresses of this host. Empty: any.", "any"),
    TextField("protocol", "Protocol", "icmp, tcp, udp, igmp, gre, esp, ah, any, or a number from 0 to 255.", "any"),
    TextField("icmp_type", "ICMP type", "A number from 0 to 255, such as 8 for an echo request.", "any"),
    TextField("icmp_code", "ICMP code", "A number from 0 to 255, together with a type.", "any"),
    *(
        TicksField(name, title, tuple(Option(each, each, f"{what} {each}. None: any.") for each in known))
        for name, title, what, known in (
            ("profiles", "Profiles", "Only on networks of the profile", tuple(PROFILES)),
            ("interfaces", "Interfaces", "Only on interfaces of the type", tuple(INTERFACES)),
        )
    ),
    TextField(
        "program",
        "Program",
        "Its full path; only the ALE layers know programs: what IPsec does at the transport layers stays. Empty: any.",
        "any",
    ),
    TextField("name", "Name", "Stands in the names of its filters. Empty: named by what it matches."),
    TextField("comment", "Comment", "For whoever reads the design."),
    TicksField("layers", "Covers", _LAYERS, "The layers at which it is left out of IPsec."),
    TicksField(
        "applies",
        "Applies",
        (
            *(Option(family, f"IP{family.lower()}", f"For IP{family.lower()}.") for family in FAMILIES),
            Option("enabled", "enabled", "Off, it stays in the design and makes no filters."),
        ),
    ),
)
#: What only an exemption of a persistent policy can say.
_BEFORE_BFE = TicksField(
    "before",
    "Before BFE",
    (
        Option(
            "before_bfe",
            "let through too",
            "Boot-time filters let it through what the policy blocks until BFE is up, in the directions of its layers.",
        ),
    ),
)
_BLANK = Exemption(name="new")
#: Fields of a phrase that the form has as ticks.
_TICKS = ("profiles", "interfaces")


def exemption_form(workbench: Workbench, former: Exemption | None) -> Form[Exemption]:
    """Return the form that edits an exemption of the design, or makes a new one when ``former`` is ``None``."""
    before = _values(former)
    persistent = workbench.design.lifetime == "persistent"

    def make(values: Values) -> Exemption:
        if former is None and not (values["traffic"].strip() or any(_texts(values).values())):
            raise IncompleteError("Say what to leave out of IPsec: a protocol, ports or addresses")
        if values["traffic"] != phrase_of(_texts(values)):
            parse_phrase(values["traffic"])
        made = _read(workbench, former, before, values)
        _edited(workbench, former, made)  # refuses what does not go with the rest of the design
        return made

    return Form(
        "Add exemption" if former is None else "Edit exemption",
        (*_FIELDS, _BEFORE_BFE) if persistent else _FIELDS,
        before,
        make,
        lambda made: f"{made.name}: {effect_of(workbench, _edited(workbench, former, made))}",
        _follow,
    )


def _edited(workbench: Workbench, former: Exemption | None, made: Exemption) -> Any:
    design = workbench.design
    if former is None:
        return edits.add_exemption(design, made)
    return edits.replace_exemption(design, former.name, made)


def _values(former: Exemption | None) -> Values:
    """Return what each field of the form starts with."""
    shown = former or _BLANK
    texts = texts_of(shown)
    families = [family for family in FAMILIES if not shown.families or family in shown.families]
    return {
        "traffic": phrase_of(texts),
        **_fields(texts),
        "name": former.name if former else "",
        "comment": shown.comment.replace("\n", " "),
        "layers": tuple(stem for stem in _TICKED if stem in shown.stems),
        "applies": (*families, *(("enabled",) if shown.enabled else ())),
        "before": ("before_bfe",) if shown.before_bfe else (),
    }


def _follow(changed: str, values: Values) -> Values:
    """Let the line say what the fields say, and the fields what the line says as far as it can be read."""
    if changed in FIELDS:
        return {"traffic": phrase_of(_texts(values)), **_layers_for(values["program"], values)}
    if changed != "traffic":
        return {}
    try:
        said = _fields(parse_phrase(values["traffic"]))
    except ValueError:
        return {}  # what is wrong with it the form says when it makes something of it
    return {**said, **_layers_for(said["program"], values)}


def _layers_for(program: str, values: Values) -> Values:
    """Return the layers where they are the usual ones: of a program those that know programs."""
    usual = (PROGRAM_LAYERS, PROTECTED_LAYERS) if program.strip() else (PROTECTED_LAYERS, PROGRAM_LAYERS)
    return {"layers": usual[0]} if values["layers"] == usual[1] else {}


def _texts(values: Values) -> dict[str, str]:
    """Return the fields of a phrase as texts, where the form has ticks for some."""
    return {name: ", ".join(values[name]) if name in _TICKS else values[name].strip() for name in FIELDS}


def _fields(texts: Mapping[str, str]) -> Values:
    """Return what the form has for the texts of a phrase."""
    return {name: tuple(filter(None, text.split(", "))) if name in _TICKS else text for name, text in texts.items()}


def _read(workbench: Workbench, former: Exemption | None, before: Values, values: Values) -> Exemption:
    """Return what the form says. What was not touched stays as it was, also where the form shows less of it."""
    fields: dict[str, Any] = dict(former) if former else {"name": ""}
    for name in (*FIELDS, "name", "comment"):
        if values[name] != before[name]:
            fields[name] = values[name] if name in _TICKS else _plain(name, values[name].strip())
    shown = former or _BLANK
    if values["layers"] != before["layers"]:
        others = (stem for stem in shown.layers if stem not in _TICKED)
        usual = fields.get("program") and values["layers"] == PROGRAM_LAYERS
        fields["layers"] = PROTECTED_LAYERS if usual else (*values["layers"], *others)
    families = tuple(family for family in FAMILIES if family in values["applies"])
    if families != (shown.families or FAMILIES):
        fields["families"] = families if families != FAMILIES else ()
        if not families:
            raise ValueError("Applies: choose IPv4, IPv6 or both")
    fields["enabled"] = "enabled" in values["applies"]
    if "before" in values:
        fields["before_bfe"] = bool(values["before"])
    if fields["name"]:
        return Exemption.model_validate(fields)
    unnamed = Exemption.model_validate({**fields, "name": "new"})
    taken = {each.name for each in workbench.design.exemptions} - {former.name if former else ""}
    return rebuild(unnamed, name=_name_for(unnamed, taken))


def _plain(name: str, text: str) -> object:
    """Return the text of a field as plain data; what is no number is left for the exemption to refuse."""
    if name in ("icmp_type", "icmp_code"):
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else text or None
    return text or "any" if name == "protocol" else text


def _name_for(exemption: Exemption, taken: set[str]) -> str:
    """Return a free name made of what an exemption matches: ``UDP 53``."""
    number = isinstance(exemption.protocol, int)
    parts = [f"protocol {exemption.protocol}" if number else str(exemption.protocol).upper()]
    for side, ports, addresses in (
        ("", exemption.remote_ports, exemption.remote_addresses),
        ("local ", exemption.local_ports, exemption.local_addresses),
    ):
        parts += [f"{side}{', '.join(map(str, values))}" for values in (ports, addresses) if values]
    parts += [f"type {exemption.icmp_type}"] if exemption.icmp_type is not None else []
    parts += [*exemption.profiles, *exemption.interfaces]
    parts += [exemption.program.rpartition("\\")[2]] if exemption.program else []
    name = shortened(" ".join(parts), 200)
    return name if name not in taken else copy_name(name, taken)

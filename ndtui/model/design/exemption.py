"""Exemption: traffic that is left out of IPsec by permit filters above the IPsec callouts."""

from collections.abc import Iterable
from itertools import count
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from ndtui.common.text import brief
from ndtui.model.design.addresses import Addresses
from ndtui.model.design.element import Element, in_order
from ndtui.model.design.names import MAX_NAME, Name, Prose
from ndtui.model.design.ports import Ports
from ndtui.model.vocabulary import number_of, short_name
from ndtui.model.vocabulary.layers import (
    FAMILIES,
    LAYER_STEMS,
    PROTECTED_LAYERS,
    Family,
    fields_of,
    layer_name,
    stem_of,
)

#: Layers whose filters can have the unicast condition that every exemption has.
_POSSIBLE = [
    stem for stem in LAYER_STEMS if "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE" in fields_of(layer_name(stem, "V4"))
]

ProtocolName = Literal["any", "icmp", "tcp", "udp"]

_PROTOCOL_NAMES = ("any", "icmp", "tcp", "udp")
_PROTOCOL_NUMBERS = {"tcp": "IPPROTO_TCP", "udp": "IPPROTO_UDP"}


def parse_protocol(value: object) -> ProtocolName | int:
    """Return a protocol by name, or by number from 0 to 255. 6 and 17 become their names.

    Raises:
        ValueError: says what would be right.
    """
    text = str(value).strip().lower() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text in _PROTOCOL_NAMES:
        return text  # type: ignore[return-value]
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255):
        raise ValueError(f"{brief(value)} is no protocol: write icmp, tcp, udp, any, or a number from 0 to 255")
    known: dict[int, ProtocolName] = {6: "tcp", 17: "udp"}
    return known.get(int(text), int(text))


def _check_layers(layers: tuple[str, ...]) -> tuple[str, ...]:
    for layer in layers:
        if layer not in LAYER_STEMS:
            hint = f"write {stem_of(layer)} and choose families" if stem_of(layer) in _POSSIBLE else ""
            raise ValueError(
                f"{brief(layer)} is no layer an exemption can be placed at: {hint or 'choose ' + ', '.join(_POSSIBLE)}"
            )
    if not layers:
        raise ValueError("is empty: name at least one layer, or set enabled = false")
    if len(set(layers)) != len(layers):
        raise ValueError("names a layer twice: name each once")
    return tuple(sorted(layers, key=LAYER_STEMS.index))


def _sorted_families(value: object) -> object:
    return in_order(value, FAMILIES, "names an address family twice: name each once")


Protocol = Annotated[
    ProtocolName | int,
    PlainValidator(parse_protocol),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": [*_PROTOCOL_NAMES]},
                {"type": "integer", "minimum": 0, "maximum": 255},
            ]
        }
    ),
]
Layers = Annotated[
    tuple[str, ...],
    AfterValidator(_check_layers),
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": [*LAYER_STEMS]}, "minItems": 1}),
]
Families = Annotated[tuple[Family, ...], BeforeValidator(_sorted_families)]
Octet = Annotated[int, Field(ge=0, le=255, strict=True)]


class Exemption(Element):
    """Traffic left out of IPsec: everything that matches all the fields that are set.

    Becomes one permit filter in weight range 0xC per address family it reaches and per layer it covers, as far as the
    scenario protects there (boundary and transport mode have nothing at ALE_AUTH_RECV_ACCEPT to be exempt from).
    Source: https://learn.microsoft.com/windows/win32/fwp/using-transport-mode
    """

    name: Name
    enabled: Annotated[bool, Field(strict=True)] = True
    protocol: Protocol = "any"
    local_ports: Ports = ()
    remote_ports: Ports = ()
    local_addresses: Addresses = ()
    remote_addresses: Addresses = ()
    icmp_type: Octet | None = None
    icmp_code: Octet | None = None
    families: Families = ()
    layers: Layers = PROTECTED_LAYERS
    comment: Prose = ""

    def model_post_init(self, _context: object, /) -> None:
        """Refuse fields that do not fit together.

        Here and not in a validator, because validators run again for every exemption whenever a design changes.
        """
        self._check_protocol()
        self._check_families()
        self._check_layers()

    def _check_protocol(self) -> None:
        if (self.local_ports or self.remote_ports) and self.protocol not in ("tcp", "udp"):
            raise ValueError(
                f"ports belong to TCP or UDP, not to protocol {self.protocol}: set protocol to tcp or udp "
                "(in WFP a port condition and an ICMP type are the same field)"
            )
        icmp = self.protocol in ("icmp", 1, 58)
        if not icmp and (self.icmp_type is not None or self.icmp_code is not None):
            raise ValueError(f"icmp_type and icmp_code belong to ICMP, not to protocol {self.protocol}")
        if self.icmp_code is not None and self.icmp_type is None:
            raise ValueError("icmp_code without icmp_type says nothing: set icmp_type too")

    def _check_families(self) -> None:
        for side in ("local", "remote"):
            reached = {r.family for r in getattr(self, f"{side}_addresses")}
            if self.families and not reached <= set(self.families):
                wrong = next(r for r in getattr(self, f"{side}_addresses") if r.family not in self.families)
                raise ValueError(f"{side}_addresses has {wrong}, but families leaves out {wrong.family}")
        if not self.reach(FAMILIES):
            raise ValueError("local_addresses and remote_addresses share no address family: it would match nothing")

    def reach(self, families: Iterable[Family]) -> tuple[Family, ...]:
        """Return those of a design's address families in which this exemption makes filters."""
        if not (self.families or self.local_addresses or self.remote_addresses):
            return tuple(families)
        reached = [f for f in families if not self.families or f in self.families]
        for ranges in (self.local_addresses, self.remote_addresses):
            if ranges:
                present = {r.family for r in ranges}
                reached = [f for f in reached if f in present]
        return tuple(reached)

    def protocol_number(self, family: Family) -> int | None:
        """Return the number its filters match in an address family, or ``None`` for any protocol."""
        if self.protocol == "any":
            return None
        if self.protocol == "icmp":
            return number_of("IPPROTO_ICMP" if family == "V4" else "IPPROTO_ICMPV6")
        if isinstance(self.protocol, int):
            return self.protocol
        return number_of(_PROTOCOL_NUMBERS[self.protocol])

    def condition_fields(self, stem: str) -> list[tuple[str, str]]:
        """Return (field of this exemption, ``FWPM_CONDITION_*`` name) for each condition its filters have at a layer.

        ICMP types share the port's field at the transport layers; at the ALE layers Windows keeps them in a field of
        their own. Source: the aliases FWPM_CONDITION_ICMP_TYPE and _CODE in fwpmu.h, and the filters of Windows
        Firewall as ``netsh wfp show`` lists them.
        """
        icmp_type = "ORIGINAL_ICMP_TYPE" if stem.startswith("FWPM_LAYER_ALE_") else "IP_LOCAL_PORT"
        fields = [("", "IP_LOCAL_ADDRESS_TYPE")]
        if self.protocol != "any":
            fields.append(("protocol", "IP_PROTOCOL"))
        fields += [
            (name, field)
            for name, field in (
                ("local_addresses", "IP_LOCAL_ADDRESS"),
                ("remote_addresses", "IP_REMOTE_ADDRESS"),
                ("local_ports", "IP_LOCAL_PORT"),
                ("remote_ports", "IP_REMOTE_PORT"),
            )
            if getattr(self, name)
        ]
        if self.icmp_type is not None:
            fields.append(("icmp_type", icmp_type))
        if self.icmp_code is not None:
            fields.append(("icmp_code", "IP_REMOTE_PORT"))
        return [(name, f"FWPM_CONDITION_{field}") for name, field in fields]

    def _check_layers(self) -> None:
        for stem in self.layers:
            if stem in PROTECTED_LAYERS:
                continue
            known = fields_of(layer_name(stem, "V4"))
            for name, field in self.condition_fields(stem):
                if field not in known:
                    what = name or "the unicast condition every exemption has"
                    raise ValueError(
                        f"layer {stem} has no field {short_name(field)}, which {what} needs "
                        "(FWP_E_CONDITION_NOT_FOUND): leave the layer out"
                    )


def default_icmp() -> Exemption:
    """Return the exemption of Microsoft's scenario pages: all unicast ICMP."""
    return Exemption(name="ICMP", protocol="icmp", comment="Path MTU discovery, ping and IPv6 neighbour discovery.")


def copy_name(name: str, taken: Iterable[str]) -> str:
    """Return a free name for a copy: ``DNS`` gives ``DNS 2``, and ``DNS 2`` beside ``DNS`` gives ``DNS 3``."""
    used = set(taken)
    base, _, number = name.rpartition(" ")
    stem = base if number.isdigit() and base in used else name
    for counter in count(2):
        copy = f"{stem[: MAX_NAME - len(str(counter)) - 1]} {counter}"
        if copy not in used:
            return copy
    raise AssertionError("numbers do not end")


def rebuild(exemption: Exemption, **changes: Any) -> Exemption:
    """Return a validated copy with some fields changed; pydantic's own copy does not validate."""
    return Exemption.model_validate({**dict(exemption), **changes})

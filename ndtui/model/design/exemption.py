"""Exemption: traffic that is left out of IPsec by permit filters above the IPsec callouts."""

from collections.abc import Iterable
from itertools import count
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from ndtui.common.text import brief
from ndtui.model.design.addresses import Addresses
from ndtui.model.design.element import Element
from ndtui.model.design.families import Families, reached
from ndtui.model.design.ip_protocol import Protocol, protocol_number
from ndtui.model.design.names import MAX_NAME, Name, Prose
from ndtui.model.design.network_kinds import Interfaces, Profiles
from ndtui.model.design.ports import Ports
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import ProgramPath
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
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
#: Where an exemption for a program is, unless it says so itself: the layers that decide on connections of programs.
PROGRAM_LAYERS = (ALE_AUTH_RECV_ACCEPT, ALE_AUTH_CONNECT)


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


Layers = Annotated[
    tuple[str, ...],
    AfterValidator(_check_layers),
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": [*LAYER_STEMS]}, "minItems": 1}),
]


def _is_empty(value: object) -> bool:
    """Tell whether nothing is said: what versions before 0.3 do not know stands in a document only where it is used."""
    return not value


Octet = Annotated[int, Field(ge=0, le=255, strict=True)]


class Exemption(Element):
    """Traffic left out of IPsec: everything that matches all the fields that are set.

    Becomes one permit filter in weight range 0xC per address family it reaches and per layer it covers, as far as the
    scenario protects there (boundary and transport mode have nothing at ALE_AUTH_RECV_ACCEPT to be exempt from).
    Which program traffic is of only the ALE layers know: one for a program is there alone.
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
    profiles: Profiles = Field(default=(), exclude_if=_is_empty)
    interfaces: Interfaces = Field(default=(), exclude_if=_is_empty)
    program: ProgramPath = Field(default="", exclude_if=_is_empty)
    families: Families = ()
    layers: Layers = PROTECTED_LAYERS
    before_bfe: Annotated[bool, Field(strict=True)] = Field(default=False, exclude_if=_is_empty)
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
            present = {r.family for r in getattr(self, f"{side}_addresses")}
            if self.families and not present <= set(self.families):
                wrong = next(r for r in getattr(self, f"{side}_addresses") if r.family not in self.families)
                raise ValueError(f"{side}_addresses has {wrong}, but families leaves out {wrong.family}")
        if not self.reach(FAMILIES):
            raise ValueError("local_addresses and remote_addresses share no address family: it would match nothing")

    def reach(self, families: Iterable[Family]) -> tuple[Family, ...]:
        """Return those of a design's address families in which this exemption makes filters."""
        if not (self.families or self.local_addresses or self.remote_addresses):
            return tuple(families)
        return reached(families, self.families, self.local_addresses, self.remote_addresses)

    @property
    def stems(self) -> tuple[str, ...]:
        """The layers it covers: those it names, and of a program, where it names none, the ALE layers."""
        return PROGRAM_LAYERS if self.is_usual_of_a_program else self.layers

    @property
    def is_usual_of_a_program(self) -> bool:
        """Whether it is for a program and names no layers: then it has filters where there is a callout, only."""
        return bool(self.program) and self.layers == PROTECTED_LAYERS

    def protocol_number(self, family: Family) -> int | None:
        """Return the number its filters match in an address family, or ``None`` for any protocol."""
        return protocol_number(self.protocol, family)

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
                ("profiles", "CURRENT_PROFILE_ID"),
                ("interfaces", "INTERFACE_TYPE"),
                ("program", "ALE_APP_ID"),
            )
            if getattr(self, name)
        ]
        if self.icmp_type is not None:
            fields.append(("icmp_type", icmp_type))
        if self.icmp_code is not None:
            fields.append(("icmp_code", "IP_REMOTE_PORT"))
        return [(name, f"FWPM_CONDITION_{field}") for name, field in fields]

    def _check_layers(self) -> None:
        for stem in self.stems:
            if stem in PROTECTED_LAYERS and not self.program:
                continue
            known = fields_of(layer_name(stem, "V4"))
            for name, field in self.condition_fields(stem):
                if field == PROGRAM and field not in known:
                    raise ValueError(
                        f"layer {stem} cannot tell programs apart (FWP_E_CONDITION_NOT_FOUND): leave it out, or leave "
                        "out layers, which means the ALE layers then"
                    )
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

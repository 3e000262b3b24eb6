"""Slots: which of the sixty automatic bits of an effective weight belong to which condition field of a layer.

Microsoft documents that BFE makes the low sixty bits of a weight out of the filter's conditions, and not how. What
stands here was found by measuring: ``netsh wfp show`` of Windows machines of 2024 and 2026, eighteen layers, every
filter of automatic weight in them explained to the bit, for the older Windows and the newer.

* Fields that say alike things share one slot: local and remote address, the interfaces, the ways to name a program.
* Slots follow each other from the highest bit down, in an order of importance (addresses, interface, kind of address,
  protocol, ports, program, user), then in the order of the layer's own fields.
* A field that is compared as a whole has one bit. All others share what is left of the sixty, in proportion to the
  logarithm of their width: a port of 16 bits gets 4 parts, an address of 32 bits 5, one of 128 bits 7. Parts are
  rounded cumulatively, a half downwards.
* An exact match counts the whole slot; where two fields share it half of that, where three or four do a quarter. A
  range, prefix or mask counts the part of the field's bits that it fixes, and at least 1 unless it fixes none.

Which fields a layer has depends on the version of Windows, and with it where its slots lie; their order stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ndtui.model.compiled.weight_fields import MORE_FIELDS, OBSERVED
from ndtui.model.vocabulary.layers import LAYER_STEMS, Family, Field, family_of, fields_of, layer_name, stem_of

AUTO_BITS = 60
_BITS = {"FWP_UINT8": 8, "FWP_UINT16": 16, "FWP_UINT32": 32, "FWP_UINT64": 64, "FWP_BYTE_ARRAY16_TYPE": 128}


class FieldSlot(NamedTuple):
    """The bits of a field: an exact match contributes ``maximum << shift``.

    ``observed`` tells whether this field was seen at this layer of a real machine. The slot is ``width`` bits wide and
    divided by ``sharing``: 1, or the next power of two of the number of fields that share it.
    """

    maximum: int
    shift: int
    observed: bool = True
    width: int = 0
    sharing: int = 1

    @property
    def limit(self) -> int:
        """The most that the conditions on all fields of the slot come to."""
        return (1 << self.width) - 1 if self.width else self.maximum

    def share(self, part: float) -> int:
        """Return what a condition counts that fixes this part of the field's bits, 1 being an exact match."""
        return max(1, int(self.limit * part / self.sharing + 0.5)) if part else 0


class _Group(NamedTuple):
    """The fields of one slot, the bits it has in any case, and its parts of what is left."""

    fields: tuple[str, ...]
    bits: int
    parts: int


#: Fields that share a slot, most important slot first; the other fields of a layer follow in the layer's own order.
_SHARED = (
    "IP_LOCAL_ADDRESS IP_REMOTE_ADDRESS PEER_NAME IP_SOURCE_ADDRESS IP_DESTINATION_ADDRESS EMBEDDED_REMOTE_ADDRESS",
    "IP_LOCAL_INTERFACE IP_ARRIVAL_INTERFACE IP_NEXTHOP_INTERFACE IP_FORWARD_INTERFACE"
    " IP_PHYSICAL_ARRIVAL_INTERFACE IP_PHYSICAL_NEXTHOP_INTERFACE",
    "IP_LOCAL_ADDRESS_TYPE",
    "IP_PROTOCOL",
    "IP_LOCAL_PORT ORIGINAL_ICMP_TYPE",
    "IP_REMOTE_PORT",
    "ALE_APP_ID ALE_ORIGINAL_APP_ID ALE_PACKAGE_ID ALE_SECURITY_ATTRIBUTE_FQBN_VALUE ALE_PACKAGE_FAMILY_NAME",
    "ALE_USER_ID",
)
_LATER_SHARED = (
    "INTERFACE_TYPE ARRIVAL_INTERFACE_TYPE NEXTHOP_INTERFACE_TYPE",
    "TUNNEL_TYPE ARRIVAL_TUNNEL_TYPE NEXTHOP_TUNNEL_TYPE",
    "ARRIVAL_INTERFACE_PROFILE_ID NEXTHOP_INTERFACE_PROFILE_ID",
    "RESERVED0 RESERVED1 RESERVED2 RESERVED3",
)
#: Fields that come after the interface's and the tunnel's type, wherever the layer lists them.
_AFTER_TYPES = (
    "IP_DESTINATION_ADDRESS_TYPE",
    "INTERFACE_INDEX",
    "SUB_INTERFACE_INDEX",
    "ARRIVAL_INTERFACE_INDEX",
    "NEXTHOP_SUB_INTERFACE_INDEX",
    "NEXTHOP_INTERFACE_INDEX",
)
_LAST = ("COMPARTMENT_ID", "RESERVED0")
#: Numbers that are compared as a whole.
_WHOLE = ("FLAGS", "REAUTHORIZE_REASON", "COMPARTMENT_ID", "ALE_SIO_FIREWALL_SYSTEM_PORT", "INTERFACE_PROFILE_ID")

#: Where a layer differs: at ALE_AUTH_CONNECT flags come before the peer's identity; to bind a socket is above all to
#: take a port, and the address hardly counts.
_FIRST: Mapping[str, tuple[str, ...]] = {
    "FWPM_LAYER_ALE_AUTH_CONNECT": ("FLAGS", "ALE_REMOTE_USER_ID", "ALE_REMOTE_MACHINE_ID", "ALE_EFFECTIVE_NAME"),
    "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT": ("ALE_PROMISCUOUS_MODE", "FLAGS", "IP_LOCAL_ADDRESS"),
}
_BEFORE_ALL: Mapping[str, tuple[str, ...]] = {"FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT": ("IP_LOCAL_PORT",)}


@cache
def slots_of(layer: str) -> Mapping[str, FieldSlot]:
    """Return the slot of every field of a layer, as the newest Windows measured has them.

    A layer this program does not know is taken to have all the fields of all the layers it knows.
    """
    return slots_for(layer, known_fields(layer))


@cache
def known_fields(layer: str) -> Mapping[str, Field]:
    """Return the fields of a layer: as the vocabulary lists them, or of one of the further layers of a dump."""
    stem, family = _place(layer)
    try:
        return fields_of(layer_name(stem, family))
    except KeyError:
        return _fields(MORE_FIELDS[stem], family) if stem in MORE_FIELDS else _all_fields(family)


def older_fields(layer: str) -> Mapping[str, Field]:
    """Return the fields a layer had on Windows of 2024: without the reserved ones and the package family name."""
    newer = ("RESERVED", "ALE_PACKAGE_FAMILY_NAME")
    return {n: f for n, f in known_fields(layer).items() if not n.removeprefix("FWPM_CONDITION_").startswith(newer)}


def typed_fields(listed: Iterable[tuple[str, str]]) -> Mapping[str, Field]:
    """Return fields as a machine lists them: name and ``FWP_*`` type."""
    return {name: Field(name, data_type, _BITS.get(data_type, 0)) for name, data_type in listed}


def _place(layer: str) -> tuple[str, Family]:
    """Return the stem and the family of a layer; one for discarded packets is like the one it belongs to."""
    layer = layer.removesuffix("_DISCARD")
    return stem_of(layer), family_of(layer)


def _fields(listed: str, family: Family) -> Mapping[str, Field]:
    address = "FWP_BYTE_ARRAY16_TYPE" if family == "V6" else "FWP_UINT32"
    pairs = (word.split(":") for word in listed.split())
    return typed_fields((f"FWPM_CONDITION_{n}", address if kind == "IP" else f"FWP_{kind}") for n, kind in pairs)


def _all_fields(family: Family) -> Mapping[str, Field]:
    """Return the fields of all layers there are in the vocabulary and in dumps."""
    found = dict(_fields(" ".join(MORE_FIELDS.values()), family))
    for stem in LAYER_STEMS:
        found.update(fields_of(layer_name(stem, family)))
    return found


def slots_for(layer: str, fields: Mapping[str, Field]) -> Mapping[str, FieldSlot]:
    """Return the slots of a layer that has just these fields, whatever it has elsewhere."""
    stem = _place(layer)[0]
    groups = tuple(_groups(stem, fields))
    seen = OBSERVED.get(stem, frozenset())
    left = AUTO_BITS - sum(group.bits for group in groups)
    parts = sum(group.parts for group in groups)
    slots, top, so_far = {}, AUTO_BITS, 0
    for group in groups:
        width = group.bits
        if group.parts:
            before = _rounded(left * so_far, parts)
            so_far += group.parts
            width += _rounded(left * so_far, parts) - before
        top -= width
        sharing = 1 << (len(group.fields) - 1).bit_length()
        for name in group.fields:
            slot = FieldSlot(0, top, name.removeprefix("FWPM_CONDITION_") in seen, width, sharing)
            slots[name] = slot._replace(maximum=slot.share(1))
    return {name: slots[name] for name in fields}


def _rounded(number: int, divisor: int) -> int:
    """Return a quotient rounded to the nearest whole number, a half downwards."""
    return -((divisor - 2 * number) // (2 * divisor))


def _groups(stem: str, fields: Mapping[str, Field]) -> Iterator[_Group]:
    """Yield the slots of a layer, most important first."""
    short = {name.removeprefix("FWPM_CONDITION_"): field for name, field in fields.items()}
    for names in _sequence(stem, short):
        sizes = [_parts(short[name]) for name in names]
        parts = sum(sizes)
        whole = any(size == 0 for size in sizes)
        yield _Group(tuple(short[name].name for name in names), int(whole), parts)


def _sequence(stem: str, fields: Mapping[str, Field]) -> Iterator[tuple[str, ...]]:
    shared = {first: tuple(n for n in names.split() if n in fields) for names in (*_SHARED, *_LATER_SHARED)
              for first in names.split()}  # fmt: skip
    rest = _with_indexes_after_types([name for name in fields if name not in _LAST])
    important = [*_BEFORE_ALL.get(stem, ()), *(n for names in _SHARED for n in names.split())]
    moved = _FIRST.get(stem, ())
    order = [*(n for n in important if n not in moved), *moved, *rest, *_LAST]
    done: set[str] = set()
    for name in order:
        if name in fields and name not in done:
            names = shared.get(name) or (name,)
            done.update(names)
            yield names


def _with_indexes_after_types(names: list[str]) -> list[str]:
    if "TUNNEL_TYPE" not in names:
        return names
    late = [name for name in names if name in _AFTER_TYPES]
    rest = [name for name in names if name not in _AFTER_TYPES]
    after = rest.index("TUNNEL_TYPE") + 1
    return [*rest[:after], *late, *rest[after:]]


def _parts(field: Field) -> int:
    """Return the parts of the free bits a field has: the logarithm of its width, none where it is one bit."""
    name = field.name.removeprefix("FWPM_CONDITION_")
    whole = name != "ORIGINAL_ICMP_TYPE" and name.endswith((*_WHOLE, "_TYPE"))
    return 0 if whole or field.bits in (0, 64) else field.bits.bit_length() - 1

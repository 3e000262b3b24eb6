"""Objects of NetSecurity in a JSON file: what each of them is, and rules joined with the filters that belong to them.

Addresses, ports and types of interfaces stand in filters, which have the InstanceID of their rule.
Source: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/network-security-classes
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from ndtui.analysis.connection_security.netsecurity_values import Properties, first_of, unwrapped

Kind = Literal["rule", "main mode rule", "main mode set", "quick mode set", "authentication set", "filter", "setting"]
#: By which property an object is known: the first of these that it has.
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("InboundSecurity", "rule"),
    ("ForceDiffieHellman", "main mode set"),
    ("MainModeCryptoSet", "main mode rule"),
    ("PfsGroupID", "quick mode set"),
    ("PerfectForwardSecrecyGroup", "quick mode set"),
    ("Proposals", "authentication set"),
    ("Proposal", "authentication set"),
    ("Exemptions", "setting"),
    ("LocalAddress", "filter"),
    ("RemoteAddress", "filter"),
    ("LocalPort", "filter"),
    ("InterfaceType", "filter"),
    ("InterfaceAlias", "filter"),
)
_FILTERED_KINDS: tuple[Kind, ...] = ("rule", "main mode rule")
#: What filters say of the rule that they belong to.
FILTERED = (
    "LocalAddress",
    "RemoteAddress",
    "Protocol",
    "LocalPort",
    "RemotePort",
    "IcmpType",
    "DynamicTarget",
    "DynamicTransport",
    "InterfaceType",
    "InterfaceAlias",
)


class Held(NamedTuple):
    """The objects of a file by kind; rules and main mode rules with what their filters say. ``others`` are none."""

    objects: dict[Kind, list[Properties]]
    others: tuple[Properties, ...] = ()

    def of(self, kind: Kind) -> Sequence[Properties]:
        """Return the objects of a kind."""
        return self.objects.get(kind, [])


def held_in(data: object) -> Held:
    """Return the objects in JSON, however they are gathered there."""
    found: dict[Kind, list[Properties]] = {}
    others: list[Properties] = []
    for each in _flat(data):
        kind = _kind(each)
        if kind is None:
            others.append(each)
        else:
            found.setdefault(kind, []).append(each)
    filters, alone = found.get("filter", []), len(found.get("rule", [])) == 1
    for filtered in _FILTERED_KINDS:
        found[filtered] = [_joined(rule, filters, alone=alone) for rule in found.get(filtered, [])]
    return Held(found, tuple(others))


def id_of(each: Properties) -> str:
    """Return the name by which an object is known, in small letters."""
    return str(first_of(each, "InstanceID", "Name", "ID") or "").casefold()


def called(each: Properties) -> str:
    """Return what an object is called where it is named."""
    return str(each.get("DisplayName") or each.get("Name") or each.get("InstanceID") or "without a name")


def _kind(each: Properties) -> Kind | None:
    return next((kind for name, kind in _KINDS if name in each), None)


def _flat(data: object) -> Iterator[Properties]:
    """Yield the objects in lists, and in lists that stand under names of their own, however deep."""
    left = [data]
    while left:
        each = unwrapped(left.pop())
        if isinstance(each, list):
            left += reversed(each)
        elif isinstance(each, dict):
            inner = list(each.values())
            if _kind(each) is None and all(isinstance(one, list | dict) for one in inner):
                left += reversed(inner)
            else:
                yield each


def _joined(rule: Properties, filters: Sequence[Properties], *, alone: bool) -> Properties:
    """Return a rule with what its filters say; one ``alone`` may have filters that do not say whose they are."""
    mine = [each for each in filters if id_of(each) == id_of(rule) or (alone and not id_of(each))]
    said: dict[str, Any] = {name: each[name] for each in mine for name in FILTERED if name in each}
    return {**said, **rule}

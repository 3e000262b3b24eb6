"""The objects a Design compiles to, as WFP has them: plain and immutable.

They are named tuples rather than frozen dataclasses: filters are made by the ten thousand at every edit of a large
design, and a tuple is made in a third of the time; the class itself is made in an eighth, which a cold start notices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import AuthenticationMethod
from ndtui.model.design.ipsec_policy import ExtendedMode, MainModeProposal, QuickMode
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.sublayers import UNIVERSAL

if TYPE_CHECKING:
    from ndtui.model.design.design import Design
    from ndtui.model.design.exemption import Exemption


Role = Literal["policy", "callout", "exemption", "block"]


class Value(NamedTuple):
    """What a condition compares with: the numbers ``low`` to ``high``, both included.

    ``type`` is the ``FWP_*`` data type; for ``FWP_RANGE_TYPE`` the ends have the type ``element``. What is no number
    has its text there: an access list in SDDL, or the path of a program, whose number stands for it.
    """

    type: str
    low: int
    high: int
    element: str = ""


class Condition(NamedTuple):
    """One condition: a ``FWPM_CONDITION_*`` field, an ``FWP_MATCH_*`` type and a value.

    Conditions on different fields must all hold; of several on one field one must (since Windows 7).
    """

    field: str
    match: str
    value: Value


class Weight(NamedTuple):
    """The weight a filter is submitted with: ``FWP_EMPTY``, ``FWP_UINT8`` (a range, 0 to 15) or ``FWP_UINT64``."""

    type: str = "FWP_EMPTY"
    value: int | None = None


EMPTY = Weight()
BOOT_TIME = "FWPM_FILTER_FLAG_BOOTTIME"
"""The flag of a filter that stands from the start of TCP/IP until BFE is up, and at no other time."""
BEFORE_BFE = "before BFE: "
"""What the labels of those filters begin with."""


class Slot(NamedTuple):
    """What all filters of one role at one layer share; a filter adds its conditions and its origin.

    ``raw_context`` and ``context`` share one union in FWPM_FILTER0: the flag HAS_PROVIDER_CONTEXT says which counts.
    ``raw_context_name`` is the constant's name, empty where the raw context is 0. ``part`` tells filters of one design
    element at one layer apart, where there are several.
    """

    namespace: UUID
    policy: str
    provider: UUID
    layer: str
    sublayer: str
    role: Role
    action: str
    callout: str = ""
    weight: Weight = EMPTY
    raw_context_name: str = ""
    context: UUID | None = None
    flags: tuple[str, ...] = ()
    label: str = ""
    part: str = ""

    @property
    def raw_context(self) -> int:
        """The number handed to the callout."""
        return number_of(self.raw_context_name) if self.raw_context_name else 0

    @property
    def is_before_bfe(self) -> bool:
        """Whether its filters stand until BFE is up, and decide over nothing after."""
        return BOOT_TIME in self.flags


class Filter(NamedTuple):
    """One filter. Its key is derived from the design and its role, so the same Design always has the same keys.

    ``origin`` is the design element that made it.
    """

    slot: Slot
    origin: Origin
    conditions: tuple[Condition, ...] = ()

    @property
    def key(self) -> UUID:
        """The filterKey."""
        return UUID(self.key_text)

    @property
    def key_text(self) -> str:
        """The filterKey as text: what ``uuid.uuid5`` returns, without what that does besides; a policy has many."""
        part = f"\0{self.slot.part}" if self.slot.part else ""  # what no name of a rule has in it
        name = f"filter:{self.slot.layer}:{self.origin}{part}".encode()
        digest = sha1(self.slot.namespace.bytes + name, usedforsecurity=False).hexdigest()
        variant = "89ab"[int(digest[16], 16) & 3]
        return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"

    @property
    def layer(self) -> str:
        """The full name of its layer."""
        return self.slot.layer

    @property
    def label(self) -> str:
        """What it does, in a few words; its display name without the policy's."""
        if self.slot.label:
            return self.slot.label
        return f"{BEFORE_BFE if self.slot.is_before_bfe else ''}exempt {self.origin.name}"

    @property
    def name(self) -> str:
        """The display name."""
        return f"{self.slot.policy}: {self.label}"

    @property
    def identity(self) -> tuple[str, Origin, str]:
        """What makes it the same filter from one compile to the next, cheaper than its key."""
        return (self.slot.layer, self.origin, self.slot.part)


class Provider(NamedTuple):
    """The provider all objects belong to; one for every design, so that ours are told from others'."""

    key: UUID
    name: str
    description: str
    flags: tuple[str, ...] = ()


class SubLayer(NamedTuple):
    """A sublayer of our own."""

    key: UUID
    provider: UUID
    name: str
    weight: int
    origin: Origin
    flags: tuple[str, ...] = ()


class MainModePolicy(NamedTuple):
    """What a main mode context holds, as IKEEXT_POLICY2."""

    authentication: tuple[AuthenticationMethod, ...]
    proposals: tuple[MainModeProposal, ...]
    flags: tuple[str, ...] = ()
    impersonation: str = "IKEEXT_IMPERSONATION_NONE"
    max_dynamic_filters: int = 0
    retransmit_seconds: int = 0


class QuickModePolicy(NamedTuple):
    """What a quick mode context holds, as IPSEC_TRANSPORT_POLICY2; extended mode only for AuthIP."""

    quick_mode: QuickMode
    flags: tuple[str, ...]
    extended_mode: ExtendedMode | None = None


def module_of(context_type: str) -> KeyingModule:
    """Return the keying module that negotiates with provider contexts of a type, by its ``FWPM_IPSEC_*`` name."""
    return "AuthIP" if "_AUTHIP_" in context_type else "IKEv2" if "_IKEV2_" in context_type else "IKE"


class ProviderContext(NamedTuple):
    """A provider context: policy that filters at the IKEEXT and IPSEC layers refer to by key."""

    key: UUID
    provider: UUID
    name: str
    type: str
    policy: MainModePolicy | QuickModePolicy
    origin: Origin
    flags: tuple[str, ...] = ()

    @property
    def module(self) -> KeyingModule:
        """The keying module that negotiates with it."""
        return module_of(self.type)


def by_layer(filters: Iterable[Filter]) -> dict[str, list[Filter]]:
    """Return filters under their layer, in the order in which they come."""
    found: dict[str, list[Filter]] = {}
    for each in filters:
        layer = each.slot.layer
        if layer in found:
            found[layer].append(each)
        else:
            found[layer] = [each]
    return found


@dataclass(frozen=True, eq=False)
class FilterSet:
    """Everything a Design compiles to.

    Compared by identity: assigning a new one is always a change, however large it is. ``made`` keeps the filters of
    each exemption, by the ``id()`` of the exemption, so that the next compile can take them over.
    """

    design: "Design"
    provider: Provider
    sublayers: tuple[SubLayer, ...]
    contexts: tuple[ProviderContext, ...]
    base: tuple[Filter, ...]
    """The filters of the scenario and its keying modules, without the exemptions'."""
    by_layer: dict[str, list[Filter]]
    """All filters that decide once BFE is up, under their layer, in order."""
    made: "dict[int, tuple[Exemption, list[Filter]]]" = field(default_factory=dict, repr=False)
    before_bfe: tuple[Filter, ...] = ()
    """The filters that stand until BFE is up, by layer. They are in no other part, and decide over nothing after."""

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """All filters, grouped by layer, callouts before exemptions; last those that stand until BFE is up."""
        return (*chain.from_iterable(self.by_layer.values()), *self.before_bfe)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that have filters once BFE is up, in order."""
        return tuple(self.by_layer)

    @cached_property
    def without_exemptions(self) -> "FilterSet":
        """The same without the filters of exemptions, and without those that stand until BFE is up."""
        found = by_layer(self.base)
        layers = {layer: found[layer] for layer in self.by_layer if layer in found}
        return FilterSet(self.design, self.provider, self.sublayers, self.contexts, self.base, layers)

    @cached_property
    def layer_count(self) -> int:
        """How many layers have filters, at any time."""
        return len(self.by_layer.keys() | {each.layer for each in self.before_bfe})

    @cached_property
    def contexts_by_key(self) -> dict[UUID, ProviderContext]:
        """The provider contexts by key."""
        return {context.key: context for context in self.contexts}

    @property
    def sublayer(self) -> str:
        """The sublayer of all filters: a Windows name, or the GUID of our own in braces."""
        return f"{{{self.sublayers[0].key}}}" if self.sublayers else UNIVERSAL

"""The exemptions BFE adds by itself, so that IKE and AuthIP can negotiate while everything else must be protected.

They come with the first main mode filter and go with the last; they are filters of Windows, not of the design.
Source: https://learn.microsoft.com/windows/win32/fwp/ike-exemptions
The page leaves their sublayer open; they are put where IPsec's own filters are, into the universal one. ``local
system`` is written as a security descriptor that lets only that account match, as the firewall writes its own. The page
defines main mode filters by contexts of IKE and of AuthIP; that IKEv2 alone has the exemptions too is taken to be so.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from uuid import UUID, uuid5

from ndtui.model.compiled.filter_values import EXEMPT, PERMIT
from ndtui.model.compiled.objects import Condition, Filter, FilterSet, Slot, Value, Weight
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import NAMESPACE, Design, negotiation_of
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    IKEEXT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    Family,
    layer_name,
    stem_of,
)
from ndtui.model.vocabulary.providers import IKEEXT_PROVIDER
from ndtui.model.vocabulary.sublayers import UNIVERSAL

ORIGIN = Origin("bfe", "ike-exemption")
LOCAL_SYSTEM = "O:SYG:SYD:(A;;CCRC;;;SY)"
"""The account that IKE's service runs as, in SDDL."""

IS_LOCAL_SYSTEM = Condition(
    "FWPM_CONDITION_ALE_USER_ID", "FWP_MATCH_EQUAL", Value("FWP_SECURITY_DESCRIPTOR_TYPE", 0, 0, LOCAL_SYSTEM)
)
"""Holds for the IKE service. A security descriptor is no number: its SDDL stands where a range has its element."""

OF_IKEV2_ALONE = (
    "BFE lets IKE's own packets pass by itself where main mode policy is of IKE or AuthIP; whether it does for IKEv2 "
    "alone is not documented, and taken to be so here."
)
"""What is said of them where nothing but IKEv2 negotiates."""

_NOBODY = UUID(int=0)  # they have no provider
#: The UDP ports that they leave out of IPsec, by local port.
IKE_PORTS: Mapping[Family, tuple[int, ...]] = {"V4": (500, 4500), "V6": (500,)}
_STEMS = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT, ALE_AUTH_CONNECT)


class BuiltInFilter(Filter):
    """A filter of BFE's own: its key does not come from a design, and its name stands alone."""

    __slots__ = ()

    @property
    def key_text(self) -> str:
        """The filterKey; the same on every run, though Windows makes up another one each time."""
        return str(uuid5(NAMESPACE, f"bfe:{self.slot.layer}:{self.port}"))

    @property
    def port(self) -> int:
        """The UDP port that it leaves out of IPsec."""
        return self.conditions[1].value.low

    @property
    def name(self) -> str:
        """The display name."""
        return self.slot.label

    @property
    def identity(self) -> tuple[str, Origin, str]:
        """What makes it the same filter from one compile to the next."""
        return (self.slot.layer, Origin(str(ORIGIN), str(self.port)), "")


@cache
def ike_exemptions() -> tuple[BuiltInFilter, ...]:
    """Return the twelve filters: UDP 500, and 4500 where there is address translation, at four layers per family."""
    return tuple(
        _exemption(layer_name(stem, family), port)
        for family in FAMILIES
        for stem in _STEMS
        for port in IKE_PORTS[family]
    )


def exemptions_beside(filterset: FilterSet) -> tuple[BuiltInFilter, ...]:
    """Return the filters BFE adds beside those of a filter set."""
    return exemptions_with(filterset.layers)


def exemptions_with(layers: Iterable[str]) -> tuple[BuiltInFilter, ...]:
    """Return the filters BFE adds beside filters at these layers: all twelve while there is main mode policy."""
    return ike_exemptions() if any(map(is_main_mode, layers)) else ()


def is_for_ikev2_alone(design: Design) -> bool:
    """Whether nothing but IKEv2 negotiates: Microsoft's page speaks of main mode filters of IKE and AuthIP."""
    protecting = (rule for rule in design.rules if rule.enabled and MODES[rule.mode].protects)
    return all(negotiation_of(design, rule).keying_modules == ("IKEv2",) for rule in protecting)


def is_of_bfe(each: Filter) -> bool:
    """Whether a filter is one of those that BFE adds by itself."""
    return each.origin == ORIGIN


def is_like_one(layer: str, action: str, weight: Weight, provider: str | None, equal: Mapping[str, int | None]) -> bool:
    """Whether a filter of a machine is one of those that BFE adds: Windows does not mark them.

    ``equal`` has the numbers of its conditions that ask for one. Their provider is not documented: it is assumed to be
    none, or the one that marks filters added by IKE and AuthIP.
    """
    return (
        provider in (None, "", *IKEEXT_PROVIDER)
        and weight == EXEMPT
        and action == PERMIT
        and stem_of(layer) in _STEMS
        and equal.get("FWPM_CONDITION_IP_PROTOCOL") == number_of("IPPROTO_UDP")
        and equal.get("FWPM_CONDITION_IP_LOCAL_PORT") in IKE_PORTS["V4"]
    )


def is_main_mode(layer: str) -> bool:
    """Whether main mode policy is at a layer: the exemptions come with its first filter and go with its last."""
    return stem_of(layer) == IKEEXT


def _exemption(layer: str, port: int) -> BuiltInFilter:
    conditions = [
        Condition("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", Value("FWP_UINT8", 17, 17)),
        Condition("FWPM_CONDITION_IP_LOCAL_PORT", "FWP_MATCH_EQUAL", Value("FWP_UINT16", port, port)),
    ]
    if "_ALE_" in layer:
        conditions.append(IS_LOCAL_SYSTEM)
    slot = Slot(
        NAMESPACE,
        "",
        _NOBODY,
        layer,
        UNIVERSAL,
        "exemption",
        PERMIT,
        weight=EXEMPT,
        label=f"IKE/AuthIP exemption, UDP {port}",
    )
    return BuiltInFilter(slot, ORIGIN, tuple(conditions))

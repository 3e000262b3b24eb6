"""Boot-time filters: what a design blocks from the start of TCP/IP until BFE is up, and the exemptions that hold then.

They stand where connections are authorised, as Windows Firewall's own do: what was let out may be answered there, where
blocking inbound at the transport layers would block the answers too. Neither callouts nor policy are there yet, and
loopback is left alone. Sources: https://learn.microsoft.com/windows/win32/fwp/object-management for their time,
.../fwp/ale-stateful-filtering for answers, .../fwp/filtering-condition-flags- for loopback, and for those of Windows
Firewall what ``netsh wfp show filters`` lists.
"""

from collections.abc import Callable, Mapping

from ndtui.model.compiled.conditions import UNICAST
from ndtui.model.compiled.filter_values import BLOCK, EXEMPT, PERMIT
from ndtui.model.compiled.objects import BEFORE_BFE, BOOT_TIME, Condition, Filter, Value
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.rule_filters import Common
from ndtui.model.design.before_bfe import DIRECTIONS, Direction
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    Family,
    layer_name,
    layer_position,
)

#: The layer, without its family, at which each direction is blocked before BFE is up.
BLOCKED_AT: Mapping[Direction, str] = {"inbound": ALE_AUTH_RECV_ACCEPT, "outbound": ALE_AUTH_CONNECT}
#: The layers of an exemption that say that it is for a direction.
_SAYS: Mapping[Direction, tuple[str, ...]] = {
    "inbound": (INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT),
    "outbound": (OUTBOUND_TRANSPORT, ALE_AUTH_CONNECT),
}
#: What tells an exemption's filters of this time from its others.
PART = "before-bfe"
_LOOPBACK = 0x1  # FWP_CONDITION_FLAG_IS_LOOPBACK
NOT_LOOPBACK = Condition("FWPM_CONDITION_FLAGS", "FWP_MATCH_FLAGS_NONE_SET", Value("FWP_UINT32", _LOOPBACK, _LOOPBACK))

ConditionsOf = Callable[[Exemption, Family, str], tuple[Condition, ...]]


def directions_of(exemption: Exemption) -> tuple[Direction, ...]:
    """Return the directions that the layers of an exemption are for."""
    return tuple(each for each in DIRECTIONS if not set(_SAYS[each]).isdisjoint(exemption.layers))


def boot_filters(design: Design, common: Common, conditions_of: ConditionsOf) -> tuple[Filter, ...]:
    """Return the filters that stand until BFE is up, by layer: what blocks first, then what is let through.

    ``conditions_of`` returns the conditions that an exemption's filters have at a layer.
    """
    at_boot = common._replace(flags=(BOOT_TIME,))
    places = sorted(
        (
            (layer_name(BLOCKED_AT[each], family), each, family)
            for each in design.before_bfe
            for family in design.families
        ),
        key=lambda place: layer_position(place[0]),
    )
    held = [each for each in design.exemptions if each.before_bfe and each.enabled]
    found: list[Filter] = []
    for layer, direction, family in places:
        block = at_boot.slot(layer, "block", BLOCK, label=f"{BEFORE_BFE}block {direction}")
        found.append(Filter(block, Origin.before_bfe(direction), (UNICAST, NOT_LOOPBACK)))
        permit = at_boot.slot(layer, "exemption", PERMIT, weight=EXEMPT, part=PART)
        found += [
            Filter(permit, Origin.exemption(each.name), conditions_of(each, family, BLOCKED_AT[direction]))
            for each in held
            if direction in directions_of(each) and family in each.reach(design.families)
        ]
    return tuple(found)

"""Matching: whether a packet meets the conditions of a filter, and the first it fails.

Conditions on different fields must all hold, of several on one field one must.
Source: https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0
"""

from collections.abc import Mapping, Sequence

from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM
from ndtui.model.compiled.objects import Condition
from ndtui.model.design.access_check import Token

Values = Mapping[str, int | Token]
"""What a packet has in each ``FWPM_CONDITION_*`` field, a token where that says who; what it lacks is left out."""


def holds(condition: Condition, values: Values) -> bool:
    """Tell whether one condition holds.

    The account is only asked for by BFE's own exemptions, for the ports of IKE, whose service is the local system.
    """
    value = values.get(condition.field)
    if value is None:
        return condition == IS_LOCAL_SYSTEM
    if isinstance(value, Token):
        return value.may_connect(condition.value.element)
    if condition.match == "FWP_MATCH_FLAGS_NONE_SET":
        return not value & condition.value.low
    return condition.value.low <= value <= condition.value.high


def failed(conditions: Sequence[Condition], values: Values) -> tuple[Condition, ...]:
    """Return the conditions on the first field that the packet fails, empty if it meets all.

    Several conditions on one field stand next to each other; a filter that had them apart would be refused.
    """
    field, start, met = "", 0, True
    for place, condition in enumerate(conditions):
        if condition.field != field:
            if not met:
                return tuple(conditions[start:place])
            field, start, met = condition.field, place, False
        met = met or holds(condition, values)
    return () if met else tuple(conditions[start:])

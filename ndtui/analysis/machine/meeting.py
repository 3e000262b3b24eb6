"""Meeting: whether a packet may match a filter of a design and a machine's filter both.

Only what is certain keeps them apart: two conditions on one field of which the numbers have none in common. A condition
that is not about numbers, or that is about a program, an account or flags, may hold of whatever the other matches.
Conditions on one field are alternatives: https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0
"""

from collections.abc import Mapping

from ndtui.analysis.dump import DumpFilter
from ndtui.model.compiled.objects import Condition

#: Numbers ``low`` to ``high``, both included.
Interval = tuple[int, int]

#: How conditions match of which the value is just the numbers that match.
_INTERVALS = frozenset(
    f"FWP_MATCH_{each}" for each in ("EQUAL", "RANGE", "GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL")
)
_NO_NUMBERS = ("FWP_SECURITY_DESCRIPTOR_TYPE", "FWP_BYTE_BLOB_TYPE")

#: What a filter asks for: of each field the numbers that match; of a field that is not here, nothing that is known.
Asked = Mapping[str, tuple[Interval, ...]]


def asked_there(each: DumpFilter) -> Asked:
    """Return the numbers that a machine's filter asks for, of the fields of which they are known."""
    found: dict[str, list[Interval]] = {}
    open_fields: set[str] = set()
    for condition, value in zip(each.conditions, each.values, strict=True):
        if value is None or condition.match not in _INTERVALS:
            open_fields.add(condition.field)
        else:
            found.setdefault(condition.field, []).append((value.low, value.high))
    return {field: tuple(numbers) for field, numbers in found.items() if field not in open_fields}


def may_meet(conditions: tuple[Condition, ...], there: Asked) -> bool:
    """Tell whether a packet may match both the conditions of a design's filter and what a machine's filter asks for."""
    ours: dict[str, list[Interval]] = {}
    for field, match, value in conditions:
        if field in there and match in _INTERVALS and value.type not in _NO_NUMBERS:
            ours.setdefault(field, []).append((value.low, value.high))
    return all(_have_one_in_common(numbers, there[field]) for field, numbers in ours.items())


def _have_one_in_common(some: list[Interval], others: tuple[Interval, ...]) -> bool:
    return any(low <= high_there and low_there <= high for low, high in some for low_there, high_there in others)

"""Machine matching: whether a machine's filter matches at one layer, as far as it is known what it asks for.

Conditions on different fields must all hold, of several on one field one must; what a packet does not say leaves a
filter open, unless another of its conditions fails.
Source: https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ndtui.analysis.dump import DumpCondition, DumpFilter
from ndtui.analysis.trace.layer_values import LUIDS, LayerValues
from ndtui.analysis.trace.token_access import Answer, grants, same_package
from ndtui.model.compiled.objects import Value
from ndtui.model.design.access_check import Token
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import file_part, is_device_path

Assumed = Callable[[DumpCondition], Answer | None]
"""What is taken of a condition that is open; ``None`` leaves it open."""

FLAGS = "FWPM_CONDITION_FLAGS"
PACKAGE_ID = "FWPM_CONDITION_ALE_PACKAGE_ID"
ACCOUNT, FAMILY_NAME = "FWPM_CONDITION_ALE_USER_ID", "FWPM_CONDITION_ALE_PACKAGE_FAMILY_NAME"
#: Fields that hold bits, and whether each of them is known.
_BITS = (FLAGS, "FWPM_CONDITION_ALE_SIO_FIREWALL_SYSTEM_PORT")
_EQUAL, _NOT_EQUAL = "FWP_MATCH_EQUAL", "FWP_MATCH_NOT_EQUAL"
#: Fields that a packet answers when it has them: one without ports matches no port.
_ABSENT = tuple(f"FWPM_CONDITION_{name}" for name in ("IP_LOCAL_PORT", "IP_REMOTE_PORT", "ORIGINAL_ICMP_TYPE"))
_INTERVALS = tuple(
    f"FWP_MATCH_{name}" for name in ("EQUAL", "RANGE", "PREFIX", "GREATER", "LESS", "GREATER_OR_EQUAL", "LESS_OR_EQUAL")
)


class Match(NamedTuple):
    """Whether a filter matches, and the conditions that leave it open."""

    answer: Answer
    undecided: tuple[DumpCondition, ...]


def match(each: DumpFilter, known: LayerValues, assumed: Assumed | None = None) -> Match:
    """Return whether a filter matches at a layer."""
    fields: dict[str, list[Answer]] = {}
    open_: list[DumpCondition] = []
    for condition, value in zip(each.conditions, each.values, strict=True):
        answer = _answer(condition, value, known)
        if answer == "perhaps" and assumed is not None:
            answer = assumed(condition) or answer
        fields.setdefault(condition.field, []).append(answer)
        if answer == "perhaps":
            open_.append(condition)
    answers = [_any(found) for found in fields.values()]
    if "no" in answers:
        return Match("no", ())
    if "perhaps" in answers:
        return Match("perhaps", tuple(c for c in open_ if _any(fields[c.field]) == "perhaps"))
    return Match("yes", ())


def _any(answers: Sequence[Answer]) -> Answer:
    return "yes" if "yes" in answers else "perhaps" if "perhaps" in answers else "no"


def _answer(condition: DumpCondition, value: Value | None, known: LayerValues) -> Answer:
    if condition.field in known.nothing:
        return "perhaps" if condition.match == _NOT_EQUAL else "no"
    answer = _of_who(condition, value, known)
    if answer is None:
        answer = "perhaps" if value is None else _of_number(condition, value, known)
    if condition.field in known.open_ and (answer == "yes" or condition.match == _NOT_EQUAL):
        return "perhaps"
    return answer


def _of_who(condition: DumpCondition, value: Value | None, known: LayerValues) -> Answer | None:
    """Return the answer to a condition on a program's account or package, or on the peer; ``None`` for others."""
    has = known.values.get(condition.field)
    if condition.field in (ACCOUNT, FAMILY_NAME):
        found = grants(condition.text, known.packet.said)
    elif condition.field == PACKAGE_ID:
        found = same_package(condition.text, known.packet.said)
    elif isinstance(has, Token):
        return _identity(has, condition)
    else:
        return None
    if value is not None or condition.match not in (_EQUAL, _NOT_EQUAL) or found == "perhaps":
        return "perhaps"
    return found if condition.match == _EQUAL else "no" if found == "yes" else "yes"


def _identity(token: Token, condition: DumpCondition) -> Answer:
    """Return whether a list lets in who the peer is; open where the list says what those of a design do not."""
    if condition.match != _EQUAL:
        return "perhaps"
    try:
        return "yes" if token.may_connect(condition.text) else "no"
    except ValueError:
        return "perhaps"


def _of_number(condition: DumpCondition, value: Value, known: LayerValues) -> Answer:
    field, packet = condition.field, known.packet
    has = known.values.get(field)
    if field in _BITS and condition.match.startswith("FWP_MATCH_FLAGS_"):
        bits = known.flags if field == FLAGS else (0xFFFF_FFFF, has) if isinstance(has, int) else (0, 0)
        return _flags(condition.match, value.low, *bits)
    if field in LUIDS and has is None and known.interface is not None and condition.match == _EQUAL:
        return "perhaps" if value.low >> 48 == known.interface else "no"
    if not isinstance(has, int):
        absent = field in _ABSENT and field not in known.open_ and condition.match != _NOT_EQUAL
        return "no" if absent else "perhaps"
    if field == PROGRAM and value.low != has and _may_be(packet.program, value.element):
        return "perhaps"
    within = value.low <= has <= value.high
    if condition.match == _NOT_EQUAL:
        within = not within
    elif condition.match not in _INTERVALS:
        return "perhaps"
    return "yes" if within else "no"


def _may_be(program: str, other: str) -> bool:
    """Tell whether a path with a drive and one with the name of a device may be the same: only the machine knows.

    A device may be mounted in a folder as well, whose path is longer then.
    """
    if not program or is_device_path(program) == is_device_path(other):
        return False
    device, drive = (program, other) if is_device_path(program) else (other, program)
    return file_part(drive).endswith(file_part(device))


def _flags(kind: str, mask: int, known: int, has: int) -> Answer:
    """Return whether flags are as wanted, by which of them are known and which of those are set."""
    asked, unknown = mask & known, mask & ~known
    open_: Answer = "perhaps" if unknown else "yes"
    if kind == "FWP_MATCH_FLAGS_ALL_SET":
        return open_ if asked & has == asked else "no"
    if kind == "FWP_MATCH_FLAGS_NONE_SET":
        return "no" if asked & has else open_
    if kind == "FWP_MATCH_FLAGS_ANY_SET":
        return "yes" if asked & has else "perhaps" if unknown else "no"
    return "perhaps"

"""Trace on a machine: what its filters, as ``netsh wfp show`` lists them, would do with a packet.

A dump has conditions that a packet cannot answer, or does not: the account, the program, the interface. Such a filter
may decide or not, and everything that may come of it is followed. Effective weights are the machine's own.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, filters_in_order
from ndtui.analysis.trace.matching import Values
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT, Decision, possible_roles
from ndtui.analysis.traffic.outcome import Outcomes, Role, outcomes, path, role
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_values import field_values
from ndtui.model.compiled.objects import Value
from ndtui.model.design.access_check import Token
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import file_part, is_device_path
from ndtui.model.vocabulary.layers import layer_name

Answer = Literal["yes", "no", "perhaps"]

_FLAGS = "FWPM_CONDITION_FLAGS"
_LOOPBACK, _REAUTHORIZE = 0x1, 0x4  # FWP_CONDITION_FLAG_IS_LOOPBACK and _IS_REAUTHORIZE; the others are not known
_KNOWN_FLAGS = _LOOPBACK | _REAUTHORIZE
_ASLEEP = ("FWPM_FILTER_FLAG_BOOTTIME", "FWPM_FILTER_FLAG_DISABLED")
_GOES_ON = ("FWP_ACTION_CALLOUT_INSPECTION", "FWP_ACTION_CONTINUE", "FWP_ACTION_NONE", "FWP_ACTION_NONE_NO_MATCH")


class Possible(NamedTuple):
    """A filter that may decide; ``undecided`` are the conditions of which a packet does not tell whether they hold."""

    filter: DumpFilter
    undecided: tuple[DumpCondition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MachineSublayer:
    """What may decide in one sublayer: ``deciding`` matches for certain, ``before`` are others that may decide."""

    sublayer: str
    weight: int | None
    deciding: DumpFilter | None
    before: tuple[Possible, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MachineStep:
    """One layer: what it may come to, one role where it is decided; ``count`` is how many filters it has."""

    layer: str
    stem: str
    roles: tuple[Role, ...]
    sublayers: tuple[MachineSublayer, ...]
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class MachineTrace:
    """What a machine would do with a packet: every outcome there may be, one where it is decided."""

    packet: Packet
    steps: tuple[MachineStep, ...]
    outcomes: tuple[Outcomes, ...]


def trace_machine(dump: Dump, packet: Packet) -> MachineTrace:
    """Return what the machine of a dump would do with a packet, as far as its filters tell."""
    values = field_values(packet)
    stems = path(packet.direction, later=packet.later, kind=packet.kind)
    steps = tuple(_step(dump, stem, packet, values) for stem in stems)
    found: dict[Outcomes, None] = {}
    for roles in product(*(step.roles for step in steps)):
        found[outcomes(packet.direction, dict(zip((step.stem for step in steps), roles, strict=True)))] = None
    return MachineTrace(packet, steps, tuple(found))


def _step(dump: Dump, stem: str, packet: Packet, values: Values) -> MachineStep:
    layer = layer_name(stem, packet.family)
    groups = filters_in_order(dump, layer) if layer in dump.layers else ()
    sublayers = tuple(
        _sublayer(group.sublayer, group.sublayer_weight, group.filters, packet, values) for group in groups
    )
    count = sum(len(group.filters) for group in groups)
    return MachineStep(layer, stem, _roles(stem, sublayers), sublayers, count)


def _sublayer(
    name: str, weight: int | None, filters: Sequence[DumpFilter], packet: Packet, values: Values
) -> MachineSublayer:
    before: list[Possible] = []
    deciding = None
    for each in filters:
        if deciding is not None and each.effective_weight < deciding.effective_weight:
            break  # of equal weight, which one decides is undefined
        if each.action in _GOES_ON or any(flag in each.flags for flag in _ASLEEP):
            continue
        answer, undecided = matches(each, packet, values)
        if answer == "yes" and deciding is None and each.action != "FWP_ACTION_CALLOUT_UNKNOWN":
            deciding = each
        elif answer != "no":  # a callout of type UNKNOWN may decide, and may let the next filter do it
            before.append(Possible(each, undecided))
    return MachineSublayer(name, weight, deciding, tuple(before))


def matches(each: DumpFilter, packet: Packet, values: Values) -> tuple[Answer, tuple[DumpCondition, ...]]:
    """Return whether a filter matches, and the conditions that leave it open."""
    fields: dict[str, list[Answer]] = {}
    open_: list[DumpCondition] = []
    for condition, value in zip(each.conditions, each.values, strict=True):
        answer = _answer(condition, value, packet, values)
        fields.setdefault(condition.field, []).append(answer)
        if answer == "perhaps":
            open_.append(condition)
    answers = [_any(found) for found in fields.values()]
    if "no" in answers:
        return "no", ()
    if "perhaps" in answers:
        return "perhaps", tuple(c for c in open_ if _any(fields[c.field]) == "perhaps")
    return "yes", ()


def _any(answers: Sequence[Answer]) -> Answer:
    return "yes" if "yes" in answers else "perhaps" if "perhaps" in answers else "no"


def _answer(condition: DumpCondition, value: Value | None, packet: Packet, values: Values) -> Answer:
    has = values.get(condition.field)
    if value is None or isinstance(has, Token):
        return _identity(has, condition) if isinstance(has, Token) else "perhaps"
    if condition.field == _FLAGS:
        return _flags(condition.match, value.low, packet)
    if has is None:
        return "no" if condition.field in _ABSENT and condition.match != "FWP_MATCH_NOT_EQUAL" else "perhaps"
    if condition.field == PROGRAM and value.low != has and _may_be(packet.program, value.element):
        return "perhaps"
    within = value.low <= has <= value.high
    if condition.match == "FWP_MATCH_NOT_EQUAL":
        within = not within
    elif condition.match not in _INTERVALS:
        return "perhaps"
    return "yes" if within else "no"


def _identity(token: Token, condition: DumpCondition) -> Answer:
    """Return whether a list lets in who the peer is; open where the list says what those of a design do not."""
    if condition.match != "FWP_MATCH_EQUAL":
        return "perhaps"
    try:
        return "yes" if token.may_connect(condition.text) else "no"
    except ValueError:
        return "perhaps"


def _may_be(program: str, other: str) -> bool:
    """Tell whether a path with a drive and one with the name of a device may be the same: only the machine knows.

    A device may be mounted in a folder as well, whose path is longer then.
    """
    if not program or is_device_path(program) == is_device_path(other):
        return False
    device, drive = (program, other) if is_device_path(program) else (other, program)
    return file_part(drive).endswith(file_part(device))


#: Fields that a packet answers when it has them: one without ports matches no port.
_ABSENT = tuple(f"FWPM_CONDITION_{name}" for name in ("IP_LOCAL_PORT", "IP_REMOTE_PORT", "ORIGINAL_ICMP_TYPE"))
_INTERVALS = tuple(
    f"FWP_MATCH_{name}" for name in ("EQUAL", "RANGE", "PREFIX", "GREATER", "LESS", "GREATER_OR_EQUAL", "LESS_OR_EQUAL")
)


def _flags(match: str, mask: int, packet: Packet) -> Answer:
    """Return whether the flags are as wanted: a packet tells whether it is loopback, and reauthorises nothing."""
    has = _LOOPBACK if packet.loopback else 0
    known, unknown = mask & _KNOWN_FLAGS, mask & ~_KNOWN_FLAGS
    open_: Answer = "perhaps" if unknown else "yes"
    if match == "FWP_MATCH_FLAGS_ALL_SET":
        return open_ if known & has == known else "no"
    if match == "FWP_MATCH_FLAGS_NONE_SET":
        return "no" if known & has else open_
    if match == "FWP_MATCH_FLAGS_ANY_SET":
        return "yes" if known & has else "perhaps" if unknown else "no"
    return "perhaps"


def _roles(stem: str, sublayers: Sequence[MachineSublayer]) -> tuple[Role, ...]:
    """Return what a layer may come to, whatever its sublayers may decide."""
    found: dict[Role, None] = {}
    for each in possible_roles(stem, [tuple(dict.fromkeys(_decisions(stem, own))) for own in sublayers]):
        found.update(dict.fromkeys(_OTHERS if each == "callout:other" else (each,)))
    return tuple(found)


_OTHERS: tuple[Role, ...] = ("exempt", "block")
"""What a callout of another's may do: let pass, or block."""


def _decisions(stem: str, each: MachineSublayer) -> Iterator[Decision | None]:
    yield from (_decision(stem, possible.filter) for possible in each.before)
    yield None if each.deciding is None else _decision(stem, each.deciding)


def _decision(stem: str, each: DumpFilter) -> Decision:
    does = role(stem, each.action, each.callout, each.raw_context or 0)
    return Decision(does, CLEAR_ACTION_RIGHT in each.flags)


def undecided_fields(steps: Sequence[MachineStep]) -> Mapping[str, int]:
    """Return the fields that leave a trace open, and how many filters ask for each."""
    found: dict[str, int] = {}
    for step in steps:
        for sublayer in step.sublayers:
            for possible in sublayer.before:
                for field in dict.fromkeys(condition.field for condition in possible.undecided):
                    found[field] = found.get(field, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))

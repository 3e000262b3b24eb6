"""Machine questions: what filters ask of a packet that it does not say, and whether one answer alone decides it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpCondition
from ndtui.analysis.trace.dump_tracer import NONE, Assumptions, MachineTrace, trace_machine
from ndtui.analysis.trace.layer_values import (
    FRAGMENT,
    FRAGMENT_GROUP,
    LOOPBACK,
    RAW,
    REASSEMBLED,
    SECURED,
    WILDCARD_BIND,
)
from ndtui.analysis.trace.machine_matching import FLAGS
from ndtui.analysis.trace.token_access import Answer
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.vocabulary.security_ids import CAPABILITY, PACKAGE, SERVICE

#: What is said to answer, and the fields of conditions that ask for it.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "app": ("ALE_APP_ID", "ALE_ORIGINAL_APP_ID"),
    "package": ("ALE_PACKAGE_ID", "ALE_PACKAGE_FAMILY_NAME"),
    "machine": ("ALE_REMOTE_MACHINE_ID",),
    "user": ("ALE_REMOTE_USER_ID",),
    "profile": (
        "CURRENT_PROFILE_ID",
        "ORIGINAL_PROFILE_ID",
        "LOCAL_INTERFACE_PROFILE_ID",
        "ARRIVAL_INTERFACE_PROFILE_ID",
        "NEXTHOP_INTERFACE_PROFILE_ID",
    ),
    "interface": ("INTERFACE_TYPE", "ARRIVAL_INTERFACE_TYPE", "NEXTHOP_INTERFACE_TYPE"),
    "tunnel": ("TUNNEL_TYPE", "ARRIVAL_TUNNEL_TYPE", "NEXTHOP_TUNNEL_TYPE"),
    "luid": ("IP_LOCAL_INTERFACE", "IP_ARRIVAL_INTERFACE", "IP_NEXTHOP_INTERFACE"),
    "epoch": ("INTERFACE_QUARANTINE_EPOCH",),
    "compartment": ("COMPARTMENT_ID",),
    "socket": ("ALE_SIO_FIREWALL_SYSTEM_PORT",),
    "bind": ("IP_LOCAL_ADDRESS", "IP_LOCAL_ADDRESS_TYPE"),
}
_WORDS = {f"FWPM_CONDITION_{field}": word for word, fields in _ASKED.items() for field in fields}
#: What each word says, for a person.
NAMED: Mapping[str, str] = {
    "app": "which program",
    "package": "which package, or none",
    "service": "which service, or none",
    "account": "whose account",
    "capability": "which capabilities",
    "machine": "which machine the peer is",
    "user": "which user the peer is",
    "profile": "which network profile",
    "interface": "which type of interface",
    "tunnel": "which type of tunnel",
    "luid": "which interface",
    "epoch": "which quarantine epoch",
    "compartment": "which compartment",
    "socket": "what kind of socket",
    "bind": "what the socket is bound to",
    "secured": "whether IPsec protects it (secured, clear)",
    "app-loopback": "whether it is loopback of app packages (app-loopback, non-app-loopback)",
    "raw": "whether it is of a raw socket",
    "fragment": "whether it arrives as a fragment (fragment, whole)",
    "": "what a packet cannot say",
}
_FLAG_WORDS = {
    SECURED: "secured",
    RAW: "raw",
    WILDCARD_BIND: "bind",
    LOOPBACK: "bind",
    FRAGMENT: "fragment",
    FRAGMENT_GROUP: "fragment",
    REASSEMBLED: "fragment",
}
_APP_LOOPBACK = 0xC0_0000
_MOST_VALUES = 12


class MachineQuestion(NamedTuple):
    """Something that is not said: the word that says it, how many filters ask, and whether it decides alone.

    The word is empty for what a packet has no word for. ``fields`` are those of conditions, ``wanted`` what those ask
    for, as the file has it: the first few.
    """

    word: str
    fields: tuple[str, ...]
    filters: int
    settles: bool
    wanted: tuple[str, ...] = ()


def asked_for(question: MachineQuestion, packet: Packet) -> str:
    """Return what is to be said, for a person: of a program that is said, whether it is one that the file names.

    Filters have the name of a device in the path of a program, and which drive that is only the machine knows.
    """
    if question.word != "app" or not packet.program or not question.wanted:
        return NAMED[question.word]
    paths = " or ".join(question.wanted)
    return f"whether {packet.program} is {paths}, and write that path if it is"


def word_of(condition: DumpCondition, trace: MachineTrace, value: int | None = None) -> str:
    """Return the word by which a packet would answer a condition; empty where there is none."""
    if condition.field == FLAGS:
        return _of_flags(value or 0)
    if condition.field == "FWPM_CONDITION_ALE_USER_ID":
        return _of_account(condition.text, trace)
    return _WORDS.get(condition.field, "")


def _of_flags(bits: int) -> str:
    if bits & _APP_LOOPBACK:
        return "app-loopback"
    return next((word for bit, word in _FLAG_WORDS.items() if bits & bit), "")


def _of_account(sddl: str, trace: MachineTrace) -> str:
    said = trace.packet.said
    if said.service is None and SERVICE in sddl:
        return "service"
    if said.package is None and (PACKAGE in sddl or CAPABILITY in sddl or ";AC)" in sddl):
        return "package"
    if said.package and said.capability is None and CAPABILITY in sddl:
        return "capability"
    return "account"


def machine_questions(dump: Dump, trace: MachineTrace, assumptions: Assumptions = NONE) -> tuple[MachineQuestion, ...]:
    """Return what leaves a trace open, by the word that would say it, with what decides alone first."""
    if len(trace.passing) < 2:
        return ()
    asked: dict[str, dict[int, None]] = {}
    conditions: dict[str, dict[DumpCondition, None]] = {}
    for step in trace.steps:
        for sublayer in step.sublayers if step.bears else ():
            for possible in sublayer.before:
                values = dict(zip(possible.filter.conditions, possible.filter.values, strict=True))
                for condition in possible.undecided:
                    value = values[condition]
                    word = word_of(condition, trace, None if value is None else value.low)
                    asked.setdefault(word, {})[possible.filter.filter_id] = None
                    conditions.setdefault(word, {})[condition] = None
    found = [
        MachineQuestion(
            word,
            tuple(dict.fromkeys(each.field for each in conditions[word])),
            len(filters),
            bool(word) and _settles(dump, trace, tuple(conditions[word]), assumptions),
            tuple(islice(dict.fromkeys(each.text for each in conditions[word]), _MOST_VALUES)),
        )
        for word, filters in asked.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.settles, -each.filters)))


def _settles(dump: Dump, trace: MachineTrace, conditions: Sequence[DumpCondition], assumptions: Assumptions) -> bool:
    """Tell whether the trace is decided whatever the answer: nothing of what is asked for fits, all, or one alone."""
    ways: list[frozenset[DumpCondition]] = [frozenset(), frozenset(conditions)]
    ways += [frozenset((each,)) for each in islice(conditions, _MOST_VALUES)]
    return all(_decided(dump, trace, frozenset(conditions), way, assumptions) for way in dict.fromkeys(ways))


def _decided(
    dump: Dump,
    trace: MachineTrace,
    asked: frozenset[DumpCondition],
    met: frozenset[DumpCondition],
    assumptions: Assumptions,
) -> bool:
    def assumed(condition: DumpCondition) -> Answer | None:
        return ("yes" if condition in met else "no") if condition in asked else None

    return len(trace_machine(dump, trace.packet, replace(assumptions, conditions=assumed)).passing) == 1

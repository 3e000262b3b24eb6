"""Open questions: what filters ask of a packet that it does not say, and what would become of it otherwise."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple

from ndtui.analysis.trace.tracer import Trace, tracer_of
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet_values import INTERFACE, PROFILE, taken_for_granted, taken_values
from ndtui.analysis.wording.phrases import value_words
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES

#: So many of the values that filters ask for are tried at most, fewer where many filters ask, and two at least: of
#: programs there may be thousands, and each costs a look at all that ask.
MOST, LEAST, _LOOKS = 12, 2, 3000
#: What may be said of a field, whichever filters ask for it.
_KNOWN: Mapping[str, Mapping[int, str]] = {
    PROFILE: {number: name for name, number in PROFILES.items()},
    INTERFACE: {number: name for name, number in INTERFACES.items()},
    **{field: {1: "a peer who may not connect"} for field in IDENTITY_FIELDS},
}


class Otherwise(NamedTuple):
    """What becomes of a packet if something else is said of it."""

    said: str
    outcomes: Outcomes


class OpenQuestion(NamedTuple):
    """Something that is not said of a packet: what is taken for granted in its place, and which filters ask for it.

    ``fields`` are those of conditions, ``taken`` is in words. ``otherwise`` has what else may be said, as far as it
    is known.
    """

    fields: tuple[str, ...]
    taken: str
    filters: tuple[Filter, ...]
    otherwise: tuple[Otherwise, ...]


def open_questions(filterset: FilterSet, traced: Trace) -> tuple[OpenQuestion, ...]:
    """Return what was taken for granted of a packet because filters ask for it that match all else that is known."""
    by_words: dict[str, list[str]] = {}
    for field, words in taken_for_granted(traced.packet).items():
        by_words.setdefault(words, []).append(field)
    found = ((words, tuple(fields), _asking(traced, fields)) for words, fields in by_words.items())
    return tuple(
        OpenQuestion(fields, words, filters, tuple(_otherwise(filterset, traced, fields, filters)))
        for words, fields, filters in found
        if filters
    )


def _asking(traced: Trace, fields: list[str]) -> tuple[Filter, ...]:
    found = {id(each): each for step in traced.steps for field in fields for each in step.taken.get(field, ())}
    return tuple(found.values())


def _otherwise(
    filterset: FilterSet, traced: Trace, fields: tuple[str, ...], filters: tuple[Filter, ...]
) -> Iterator[Otherwise]:
    """Yield what becomes of the packet with every other value of some fields that have the same one."""
    most = max(LEAST, min(MOST, _LOOKS // len(filters)))
    tracer = tracer_of(filterset)
    for number, words in islice(_sayable(traced, fields[0], filters), most):
        yield Otherwise(words, tracer.trace(traced.packet, dict.fromkeys(fields, number)).outcomes)


def _sayable(traced: Trace, field: str, filters: tuple[Filter, ...]) -> Iterator[tuple[int, str]]:
    """Yield the values that a field may have beside the one that is taken, each with its words."""
    seen = {taken_values(traced.packet)[field]}
    values = chain(_KNOWN.get(field, {}).items(), _values(field, filters))
    for number, words in values:
        if number not in seen:
            seen.add(number)
            yield number, words


def _values(field: str, filters: tuple[Filter, ...]) -> Iterator[tuple[int, str]]:
    """Yield the values of a field that filters ask for; a list of who may connect is no value that a packet has."""
    if field not in IDENTITY_FIELDS:
        for each in filters:
            for condition in each.conditions:
                if condition.field == field:
                    yield condition.value.low, value_words(field, condition.value)

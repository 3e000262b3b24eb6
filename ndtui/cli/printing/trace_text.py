"""A trace and a timeline as lines of at most 80 columns, as far as names allow."""

from collections.abc import Iterator
from itertools import islice
from textwrap import wrap

from ndtui.analysis.peers.timeline import Timeline
from ndtui.analysis.trace import Matching, Step, SublayerStep, Trace
from ndtui.analysis.trace.packet_way import Way
from ndtui.analysis.trace.trace_wording import because, element, notes, reason, sentence
from ndtui.analysis.wording.phrases import condition_words, context_word, hex_weight
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.packet_map import map_lines, map_text

_COLUMNS = 80
_NAME = 60


def trace_lines(traced: Trace, way: Way, most: int | None) -> Iterator[str]:
    """Yield a trace with the map of its way; ``most`` is how many filters that do not match are shown at each layer."""
    yield str(traced.packet)
    drawn = map_text(map_lines(way, _COLUMNS))
    if drawn:
        yield ""
        yield from drawn
    for station in way.stations:
        yield ""
        if station.step is None:
            yield short_name(station.layer)
            yield from wrap(
                f"not met by this packet: {station.why}", _COLUMNS, initial_indent="  ", subsequent_indent="  "
            )
        else:
            yield from step_lines(station.step, traced, most)
    yield ""
    with_ipsec, without = traced.outcomes
    yield f"{'':<20}  while negotiating  then"
    yield f"{'peer with IPsec':<20}  {with_ipsec.first:<17}  {with_ipsec.settled}"
    yield f"{'peer without IPsec':<20}  {without.first:<17}  {without.settled}"
    yield ""
    yield from wrapped(sentence(traced))
    owed = because(traced)
    if owed:
        yield from wrapped(f"Because of {owed}.")
    for note in notes(traced):
        yield from wrapped(f"Note: {note}")


def step_lines(step: Step, traced: Trace, most: int | None) -> Iterator[str]:
    """Yield what one layer decides; ``most`` is how many filters that do not match are shown."""
    yield short_name(step.layer)
    for sublayer in step.sublayers:
        if len(step.sublayers) > 1:
            standing = " (stands)" if sublayer.deciding is step.deciding else ""
            yield f"  sublayer {short_name(sublayer.sublayer)} of weight {sublayer.weight}{standing}"
        yield from _sublayer(sublayer, traced)
    if not step.sublayers:
        yield "  no filter matches" if step.filters else "  the policy has no filter here"
    shown = list(islice(step.others(), most))
    for each in shown:
        yield from labelled("not met", f"{_name(each.filter.name)}: {reason(each, step.values)}")
    left = len(step.filters) - len(shown) - sum(1 + len(each.outranked) for each in step.sublayers)
    if left:
        yield from labelled("", f"and {left} more that do not match; --all shows them")


def _sublayer(each: SublayerStep, traced: Trace) -> Iterator[str]:
    yield from _filter("decides", each.deciding, traced)
    tied = each.tied
    for outranked in each.outranked:
        yield from _filter("ties" if outranked in tied else "outranks", outranked, traced)


def _filter(label: str, matching: Matching, traced: Trace) -> Iterator[str]:
    each, weight = matching
    slot = each.slot
    yield from labelled(label, _name(each.name))
    does = "permits" if slot.action == "FWP_ACTION_PERMIT" else "blocks"
    if slot.callout:
        does = f"calls {short_name(slot.callout)}{f' with {context_word(each)}' if slot.raw_context_name else ''}"
    matches = ", ".join(condition_words(each.conditions)) or "everything"
    yield from labelled("", f"{does}; matches {matches}")
    yield from labelled("", f"weight {hex_weight(weight.value)} ({weight.basis}), made by {element(each, traced)}")


def timeline_lines(timeline: Timeline) -> Iterator[str]:
    """Yield a timeline line by line."""
    yield str(timeline.trace.packet)
    yield f"with {_name(timeline.peer.name)}"
    yield ""
    yield f"{'time':<18}  {'the packet':<10}  what happens"
    for event in timeline.events:
        yield f"{event.at:<18}  {event.outcome:<10}  {event.title}"
        yield from (f"{'':<32}{line}" for line in wrap(visible(event.detail), _COLUMNS - 32))
    yield ""
    first, settled = timeline.course
    yield f"First {first}, then {settled}." if first != settled else f"{first.capitalize()} throughout."


def _name(name: str) -> str:
    return shortened(visible(name), _NAME)


def labelled(label: str, text: str) -> Iterator[str]:
    """Yield a text behind a label, in lines of 80 columns."""
    for number, line in enumerate(wrap(visible(text), _COLUMNS - 12)):
        yield f"  {label if number == 0 else '':<8}  {line}"


def wrapped(text: str) -> Iterator[str]:
    """Yield a text in lines of 80 columns."""
    yield from wrap(visible(text), _COLUMNS)

"""A trace on a machine in sentences: outcomes, what is not said, what is to be known, what is not met."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ndtui.analysis.dump import Dump, DumpFilter, order_is_of_the_file, sublayer_weights
from ndtui.analysis.dump.dump_wording import condition_line, does, flag_words
from ndtui.analysis.trace.dump_tracer import Assumptions, MachineTrace
from ndtui.analysis.trace.filter_effect import PERMIT_UNREGISTERED
from ndtui.analysis.trace.machine_questions import MachineQuestion, asked_for
from ndtui.analysis.trace.machine_wording import (
    after_words,
    foreign_callouts,
    hardness,
    kind_words,
    named,
    outcome_words,
    unlisted_words,
    unregistered_callouts,
)
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import flow_of, unmet_by, why_unmet
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import layer_name

OPEN = "Cannot be decided from what is known. It may be:"

_MOST_NAMED = 3


def filter_line(each: DumpFilter) -> str:
    """Return a filter in a line: its id and name, hard or soft, what it does, its conditions and flags."""
    flags = flag_words(each)
    about = f"{each.filter_id} {named(each)}: {hardness(each)} {does(each)}; "
    return f"{about}{shortened(visible(condition_line(each)), 200)}{f'; {flags}' if flags else ''}"


def outcome_lines(traced: MachineTrace) -> Iterator[str]:
    """Yield every outcome there may be, and what may become of what follows the packet."""
    yield from (outcome_words(traced, each) for each in traced.outcomes)
    yield from after_words(traced)


def passing_words(traced: MachineTrace) -> str:
    """Return what the outcome is but for callouts that nobody knows, where they alone leave it open; else nothing."""
    if len(traced.outcomes) > 1 and len(traced.passing) == 1:
        return f"But for callouts that nobody here knows: {outcome_words(traced, traced.passing[0])}."
    return ""


def question_sentence(each: MachineQuestion, packet: Packet) -> str:
    """Return what is to be said of a packet, by which word, and how many filters ask for it."""
    verb = "asks" if each.filters == 1 else "ask"
    filters = f"{each.filters} filter{'' if each.filters == 1 else 's'}"
    decides = ", and it decides" if each.settles else ""
    return f"Say {shortened(asked_for(each, packet), 300)} ({each.word}): {filters} {verb} for it{decides}."


def other_questions(questions: Sequence[MachineQuestion]) -> str:
    """Return what else is not said, in a sentence; nothing where every question decides by itself."""
    others = [each for each in questions if not each.settles]
    if not others:
        return ""
    asked = ", ".join(f"{each.word or ', '.join(map(short_name, each.fields))} ({each.filters})" for each in others)
    only = "" if len(others) < len(questions) else " No single answer decides."
    return f"What else is not said, and how many filters ask for it: {asked}.{only}"


def machine_remarks(
    dump: Dump, traced: MachineTrace, assumptions: Assumptions, *, passing: str = "--callouts pass"
) -> Iterator[str]:
    """Yield what is to be known of a trace: the packet's kind, callouts, the order of sublayers.

    ``passing`` is what takes callouts that nobody knows to let the packet on.
    """
    yield from kind_words(traced.packet)
    yield from unlisted_words(dump, traced)
    for step, each in unregistered_callouts(traced):
        what = "permits, for it has PERMIT_IF_CALLOUT_UNREGISTERED" if PERMIT_UNREGISTERED in each.flags else "blocks"
        yield (
            f"no driver has registered the callout of {named(each)} (filter {each.filter_id}) at "
            f"{short_name(step.layer)}, so the filter {what}."
        )
    if len(traced.outcomes) > 1:
        yield from _foreign(dump, traced, passing)
    if assumptions.callouts != "open":
        taken = "let the packet on" if assumptions.callouts == "pass" else "block"
        yield f"callouts that nobody here knows were taken to {taken}."
    weights = sublayer_weights(dump)
    if any(
        any(own.weight is None for own in step.sublayers)
        and order_is_of_the_file(dump, [own.sublayer for own in step.sublayers], weights)
        for step in traced.steps
    ):
        yield "netsh wfp show filters does not tell the weights of sublayers; they are asked in the order of the file."


def _foreign(dump: Dump, traced: MachineTrace, passing: str) -> Iterator[str]:
    """Yield that nobody knows what some callouts do, with the first few of them and what the file says of those."""
    foreign = foreign_callouts(traced)
    found = [f"{named(each)} (filter {each.filter_id}) at {short_name(step.layer)}" for step, each in foreign]
    if not found:
        return
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    listed = f"{', '.join(found[:_MOST_NAMED])}{more}"
    one = len(found) == 1
    yield (
        f"nobody here knows what the callout{'' if one else 's'} of {listed} {'does: it' if one else 'do: each'} "
        f"may permit or block. {passing} takes {'it' if one else 'them'} to let the packet on."
        f"{_described(dump, 'it' if one else 'them', [each for _, each in foreign[:_MOST_NAMED]])}"
    )


def _described(dump: Dump, whom: str, filters: Sequence[DumpFilter]) -> str:
    """Return what the file says of the callouts of filters, where that is more than a name."""
    callouts = dict.fromkeys(callout for each in filters if (callout := dump.callouts.get(each.callout)) is not None)
    said = dict.fromkeys(each.description for each in callouts if each.description not in ("", each.name))
    words = ", ".join(f'"{shortened(visible(each), 60)}"' for each in said)
    return f" The file says of {whom}: {words}." if words else ""


def unmet_layers(dump: Dump, packet: Packet) -> Mapping[str, Mapping[str, int]]:
    """Return the layers that have filters and that a packet does not meet, with their counts, by the reason."""
    counts = Counter(each.layer for each in dump.filters)
    reasons = {layer_name(each.stem, packet.family): each.why for each in unmet_by(packet)}
    met = {layer_name(each.stem, packet.family) for each in flow_of(packet)}
    found: dict[str, dict[str, int]] = {}
    for layer, count in counts.items():
        if layer not in met:
            found.setdefault(reasons.get(layer) or why_unmet(layer, packet), {})[layer] = count
    return found

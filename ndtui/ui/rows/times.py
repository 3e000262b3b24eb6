"""The two times that a packet is traced at, once BFE is up and before: which filters stand then, and what is said."""

from ndtui.analysis.trace.boot_trace import boot_outcome, until_bfe, until_then
from ndtui.analysis.trace.trace_wording import because, course_words, outcomes_words, sentence
from ndtui.analysis.trace.tracer import Trace
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet


def standing(filterset: FilterSet, *, before_bfe: bool) -> FilterSet:
    """Return the filters that stand at a time."""
    return until_bfe(filterset) if before_bfe else filterset


def sentence_then(traced: Trace, *, before_bfe: bool) -> str:
    """Return what becomes of a packet in a sentence."""
    return until_then(traced) if before_bfe else sentence(traced)


def becomes(traced: Trace, *, before_bfe: bool) -> str:
    """Return what becomes of a packet, in short."""
    return f"Before BFE is up: {boot_outcome(traced)}" if before_bfe else outcomes_words(traced.outcomes)


def verdict_text(traced: Trace, *, before_bfe: bool) -> list[str]:
    """Return a packet and what becomes of it, as it is copied: the packet, the outcomes, and why."""
    with_ipsec, without = map(course_words, traced.outcomes)
    outcome = f"peer with IPsec: {with_ipsec}\npeer without IPsec: {without}"
    why = visible(f"{sentence_then(traced, before_bfe=before_bfe)} {because(traced)}".strip())
    return [str(traced.packet), becomes(traced, before_bfe=True) if before_bfe else outcome, why]

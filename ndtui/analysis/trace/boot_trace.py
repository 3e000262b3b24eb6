"""A packet before BFE is up: only boot-time filters stand then, and nothing negotiates."""

from dataclasses import replace
from weakref import WeakKeyDictionary

from ndtui.analysis.trace.trace_wording import because
from ndtui.analysis.trace.tracer import Trace, Tracer
from ndtui.model.compiled.objects import FilterSet, by_layer

#: What becomes of a packet then, by its outcome.
_SENTENCES = {
    "blocked": "Blocked until BFE is up.",
    "exempt": "Let through in clear: an exemption holds before BFE is up too.",
    "untouched": "Passes in clear: no filter of the policy that stands before BFE is up matches.",
}


_EARLY: "WeakKeyDictionary[FilterSet, FilterSet]" = WeakKeyDictionary()


def until_bfe(filterset: FilterSet) -> FilterSet:
    """Return a filter set as it stands until BFE is up: its boot-time filters, and neither callouts nor policy."""
    early = _EARLY.get(filterset)
    if early is None:
        held = filterset.before_bfe
        early = replace(filterset, contexts=(), base=held, by_layer=by_layer(held), made={}, before_bfe=())
        _EARLY[filterset] = early
    return early


def boot_tracer(filterset: FilterSet) -> Tracer:
    """Return what traces packets through the filters that stand until BFE is up."""
    return Tracer(until_bfe(filterset))


def boot_outcome(traced: Trace) -> str:
    """Return what becomes of a packet: ``blocked``, ``exempt`` or ``untouched``; with every peer the same."""
    return traced.outcomes.peer_without_ipsec.settled


def until_then(traced: Trace) -> str:
    """Return in a sentence what becomes of a packet until BFE is up."""
    outcome = boot_outcome(traced)
    if outcome == "untouched" and not traced.design.before_bfe:
        return "Passes in clear: nothing of the policy stands before BFE is up."
    return _SENTENCES[outcome]


def boot_sentence(traced: Trace) -> str:
    """Return in a sentence what becomes of a packet until BFE is up, and what that is owed to."""
    owed = because(traced)
    return f"{until_then(traced)}{f' Because of {owed}.' if owed else ''}"

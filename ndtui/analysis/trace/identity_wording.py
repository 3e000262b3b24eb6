"""Who may connect, in the words of a trace: why a peer is not let in, and what of it would have to be known."""

from collections.abc import Iterator, Sequence
from itertools import chain

from ndtui.analysis.trace.matching import failed
from ndtui.analysis.trace.tracer import Step
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.objects import Condition, Filter
from ndtui.model.design.access_check import Token
from ndtui.model.design.access_list import IDENTITY_FIELDS, MACHINE, USER, entry_words, words_of
from ndtui.model.design.rule import Rule

_WORDS = {MACHINE: "machine", USER: "user"}
_MOST = 3


def refusal(rule: Rule, packet: Packet) -> str:
    """Return the sentence that says why a rule blocks a peer, empty where it is not for who it is."""
    lists = {field: sddl for field, sddl in ((MACHINE, rule.machines), (USER, rule.users)) if sddl}
    if packet.unauthorized and lists:
        named = "; ".join(f"{_WORDS[field]}s: {words_of(sddl)}" for field, sddl in lists.items())
        return f"Blocked: who may connect does not name it ({named})."
    for field, sddl in lists.items():
        token = packet.identities.get(field)
        if token is None or token.may_connect(sddl):
            continue
        entry = token.decides(sddl)
        if entry is not None:
            return f"Blocked: who may connect refuses its {_WORDS[field]} ({entry_words(entry)})."
        return f"Blocked: who may connect does not name its {_WORDS[field]} ({_WORDS[field]}s: {words_of(sddl)})."
    return ""


def unmet_identity(conditions: Sequence[Condition], has: int | Token | None) -> str:
    """Return why a peer is on none of some lists."""
    entries = [has.decides(each.value.element) for each in conditions] if isinstance(has, Token) else []
    denying = next((entry for entry in entries if entry is not None), None)
    return "the peer is none of them" if denying is None else f"the peer is refused: {entry_words(denying)}"


def turning_notes(step: Step, packet: Packet) -> Iterator[str]:
    """Yield which further SID of a peer would turn whether the filters of a layer let it in.

    Of two lists that refuse it neither is turned alone, and where one does, what the other says counts no more.
    """
    for each, asked in _asking(step):
        said = [(condition, packet.identities[condition.field]) for condition in asked if _is_said(condition, packet)]
        refused = [(condition, token) for condition, token in said if not token.may_connect(condition.value.element)]
        if len(refused) < 2:
            yield from chain.from_iterable(
                _turning(condition, token, each.name) for condition, token in refused or said
            )


def unsaid_notes(step: Step, packet: Packet) -> Iterator[str]:
    """Yield what of a peer has to be said so that the filters of a layer decide by it; nothing that settles nothing."""
    for each, asked in _asking(step):
        said = [condition for condition in asked if _is_said(condition, packet)]
        if packet.unauthorized or any(failed([condition], step.values) for condition in said):
            continue
        for condition in asked:
            if condition not in said:
                word, who = _WORDS[condition.field], words_of(condition.value.element)
                yield f"With {word} SIDS the packet says who its {word} is, and {each.name} decides by it: {who}."


def _is_said(condition: Condition, packet: Packet) -> bool:
    return condition.field in packet.identities


def _asking(step: Step) -> Iterator[tuple[Filter, list[Condition]]]:
    """Yield the filters of a layer that ask who the peer is and whose other conditions hold, with those that ask."""
    for each in step.filters:
        if not each.slot.callout:
            continue
        asked = [condition for condition in each.conditions if condition.field in IDENTITY_FIELDS]
        if asked and not failed([c for c in each.conditions if c.field not in IDENTITY_FIELDS], step.values):
            yield each, asked


def _turning(condition: Condition, token: Token, name: str) -> Iterator[str]:
    word, sddl = _WORDS[condition.field], condition.value.element
    others = list(token.turned_by(sddl))
    if others:
        more = f" or {len(others) - _MOST} more" if others[_MOST:] else ""
        then = "refused" if token.may_connect(sddl) else "let in"
        yield (
            f"The {word} is taken to have no SID but those said: with {' or '.join(others[:_MOST])}{more} it would be "
            f"{then} by {name}."
        )

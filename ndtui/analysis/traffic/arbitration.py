"""Arbitration: what a layer decides from what its sublayers decide, high to low.

A plain permit is soft, a plain block hard, and what a callout decides is soft, unless the filter has the flag
FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT, which makes it hard. A soft decision gives way to a lower sublayer's; a hard
block stays; a hard permit gives way to nothing but the veto of a callout, which is a block in spite of it.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from ndtui.analysis.traffic.outcome import Role
from ndtui.model.vocabulary.layers import INBOUND_TRANSPORT

CLEAR_ACTION_RIGHT = "FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT"

Action = Literal["permit", "block"]


class Decision(NamedTuple):
    """What one sublayer decides: the role of its deciding filter, and whether that has CLEAR_ACTION_RIGHT."""

    role: Role
    clears_right: bool = False


class Verdict(NamedTuple):
    """What a layer decides: a role, and the place of the sublayer it comes from; -1 where none decides."""

    role: Role
    place: int
    veto: bool = False


def arbitrate(stem: str, decisions: Sequence[Decision]) -> Verdict:
    """Return what a layer, named without its family, decides; the decisions are those of its sublayers, high to low.

    What a callout returns depends on whether there is a security association, so both are tried. A callout that lets
    packets through has its say even where another sublayer permits: the packet is permitted, and IPsec has seen it. A
    callout whose block a lower sublayer overrides cannot hold back what is clear any more.
    """
    return _arbitrated(stem, tuple(decisions))


@lru_cache(maxsize=4096)  # few come about, for many packets
def _arbitrated(stem: str, decisions: tuple[Decision, ...]) -> Verdict:
    state = _START
    for place, decision in enumerate(decisions):
        state = _after(state, decision, place)
    return _verdict(stem, state)


def possible_roles(stem: str, choices: Iterable[Iterable[Decision | None]]) -> tuple[Role, ...]:
    """Return every role that a layer may come to, once; ``choices`` are what each sublayer may decide, high to low.

    ``None`` among them means that no filter of the sublayer decides. Exact, however many combinations there are: only
    what matters to the sublayers below is kept of them.
    """
    states = {_START: None}  # in the order of the choices
    for choice in choices:
        decisions = tuple(choice)
        states = {each if made is None else _after(each, made, 0): None for each in states for made in decisions}
    return tuple(dict.fromkeys(_verdict(stem, state).role for state in states))


class _Action(NamedTuple):
    """What is decided so far, if every callout returns one action."""

    action: Action | None = None
    role: Role = "none"
    place: int = -1
    hard: bool = False
    veto: bool = False


class _State(NamedTuple):
    """What is decided so far if callouts permit, if they block, and the first callout there was."""

    passing: _Action = _Action()
    blocking: _Action = _Action()
    callout: Role = "none"
    callout_place: int = -1


_START = _State()


def _after(state: _State, decision: Decision, place: int) -> _State:
    """Return what is decided after one more sublayer."""
    passing = _decided(state.passing, decision, place, "permit")
    blocking = _decided(state.blocking, decision, place, "block")
    if state.callout == "none" and decision.role.startswith("callout:"):
        return _State(passing, blocking, decision.role, place)
    return _State(passing, blocking, state.callout, state.callout_place)


def _decided(before: _Action, decision: Decision, place: int, returned: Action) -> _Action:
    """Return what is decided after one more sublayer, if callouts return an action."""
    role, clears_right = decision
    callout = role.startswith("callout:")
    wanted: Action = returned if callout else "block" if role == "block" else "permit"
    vetoes = before.action == "permit" and wanted == "block" and callout
    if before.hard and not vetoes:
        return before
    if before.action == wanted and not (callout and wanted == "block"):
        return before._replace(hard=before.hard or clears_right or wanted == "block")
    hard = clears_right or (wanted == "block" and not callout)
    return _Action(wanted, role, place, hard, veto=before.hard and before.action == "permit")


def _verdict(stem: str, state: _State) -> Verdict:
    passing, blocking = state.passing, state.blocking
    if passing.action is None:
        return Verdict("none", -1)
    if passing.action == "block":
        return Verdict("block", passing.place)
    if state.callout == "none":
        return Verdict("exempt", passing.place)
    if blocking.action == "block":
        return Verdict(blocking.role, blocking.place, blocking.veto)
    return Verdict(_without_block(stem, state.callout), state.callout_place)


def _without_block(stem: str, role: Role) -> Role:
    """Return what is left of a callout that cannot block: it still negotiates, but clear packets pass."""
    if role in ("callout:secure", "callout:encrypt"):
        return "exempt"
    if role == "callout:require":
        return "callout:persist" if stem == INBOUND_TRANSPORT else "callout:discover"
    return role

"""Arbitration: what a layer decides from what its sublayers decide, high to low.

A plain permit is soft, a plain block hard, and what a callout decides is soft, unless the filter has the flag
FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT, which makes it hard. A soft decision gives way to a lower sublayer's; a hard
block stays; a hard permit gives way to nothing but the veto of a callout, which is a block in spite of it.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Sequence
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
    if not decisions:
        return Verdict("none", -1)
    passing = _run(decisions, "permit")
    if passing[0] == "block":
        return Verdict("block", passing[1])
    blocking = _run(decisions, "block")
    callouts = [place for place, each in enumerate(decisions) if each.role.startswith("callout:")]
    if not callouts:
        return Verdict("exempt", passing[1])
    if blocking[0] == "block":
        role = decisions[blocking[1]].role
        return Verdict(role, blocking[1], veto=blocking[2])
    return Verdict(_without_block(stem, decisions[callouts[0]].role), callouts[0])


def _without_block(stem: str, role: Role) -> Role:
    """Return what is left of a callout that cannot block: it still negotiates, but clear packets pass."""
    if role == "callout:secure":
        return "exempt"
    if role == "callout:require":
        return "callout:persist" if stem == INBOUND_TRANSPORT else "callout:discover"
    return role


def _run(decisions: Sequence[Decision], callouts: Action) -> tuple[Action, int, bool]:
    """Return the action, the sublayer it comes from, and whether it is a veto, if callouts return that action."""
    action: Action | None = None
    place, hard, veto = -1, False, False
    for number, (role, clears_right) in enumerate(decisions):
        callout = role.startswith("callout:")
        wanted: Action = callouts if callout else "block" if role == "block" else "permit"
        if action is not None and hard and not (action == "permit" and wanted == "block" and callout):
            continue
        if action == wanted and not (callout and wanted == "block"):
            hard = hard or clears_right or wanted == "block"
            continue
        veto = hard and action == "permit"
        action, place = wanted, number
        hard = clears_right or (wanted == "block" and not callout)
    return action or "permit", place, veto

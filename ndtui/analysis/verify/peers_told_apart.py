"""Peers told apart: whom two policies may treat differently because their lists of who may connect differ.

A peer is tried for each SID that a list names, as one that has no other, and as one that has an allowed one beside it
where it is denied. Who is on every list fares as those who may connect, and who is on none as those who may not: they
are compared anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.traffic.outcome import Role, role_of
from ndtui.model.compiled.objects import Condition
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.access_check import Identities, Token
from ndtui.model.design.access_list import IDENTITY_FIELDS, MACHINE, AccessEntry, entries_of
from ndtui.model.vocabulary.layers import FAMILIES

MOST = 24
"""So many peers are compared; of further ones it is said that it is not decided."""


class ToldApart(NamedTuple):
    """Whom to compare, and whether these are all of them."""

    peers: tuple[Identities, ...]
    complete: bool


def peers_told_apart(before: PolicySets, after: PolicySets) -> ToldApart:
    """Return the peers that are on some lists of two policies and not on others; none where they ask alike."""
    found: dict[tuple[str, Token], Identities] = {}
    old, new = _asking(before), _asking(after)
    every = _lists(old | new)
    try:
        for field, sddl in sorted(_lists(old ^ new)):
            lists = [other for asked, other in every if asked == field]
            for token in _named(entries_of(sddl)):
                if len({token.may_connect(each) for each in lists}) > 1:
                    found[field, token] = {field: token}
    except ValueError:  # what a backend holds may be a list that no design has
        return ToldApart((), complete=False)
    peers = tuple(found.values())
    return ToldApart(peers[:MOST], complete=len(peers) <= MOST)


class _Asking(NamedTuple):
    """A filter that asks who connects: what it asks for, where it stands, and what it does."""

    layer: str
    conditions: tuple[Condition, ...]
    weight: int
    role: Role


def _asking(sets: PolicySets) -> frozenset[_Asking]:
    filters = chain.from_iterable(map(sets.asking, FAMILIES))
    return frozenset(_Asking(f.layer, f.conditions, effective_weight(f).value, role_of(f)) for f in filters)


def _lists(asking: Iterable[_Asking]) -> set[tuple[str, str]]:
    """Return the lists that filters ask for, each with the field of its condition."""
    asked = (condition for each in asking for condition in each.conditions)
    return {(each.field, each.value.element) for each in asked if each.field in IDENTITY_FIELDS}


def _named(entries: Sequence[AccessEntry]) -> Iterator[Token]:
    """Yield whom a list names: each SID, and one that is denied together with the next that is allowed."""
    for place, entry in enumerate(entries):
        yield Token((entry.sid,))
        allowed = next((each.sid for each in entries[place:] if each.allows), None)
        if not entry.allows and allowed is not None:
            yield Token((entry.sid, allowed))


def words_of_peer(identities: Identities) -> str:
    """Return who a peer is, as traffic has it."""
    return " ".join(f"{'machine' if field == MACHINE else 'user'} {token}" for field, token in identities.items())

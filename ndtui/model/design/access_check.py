"""Access check: whether a peer is let in by an access list, by the SIDs that its token has.

Windows goes through the entries in their order, and the first decides that is about one of the SIDs of the token; where
none is, access is denied. One right is asked for, FWP_ACTRL_MATCH_FILTER, which every entry here is about.
Sources: https://learn.microsoft.com/windows/win32/secauthz/how-dacls-control-access-to-an-object and
https://learn.microsoft.com/windows/win32/secauthz/well-known-sids for what two letters stand for.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ndtui.model.design.access_list import MACHINE, USER, AccessEntry, check_sid, entries_of

#: Windows' tokens hold no more groups.
MOST_SIDS = 1024
#: The word for a peer that does not say who its machine, or its user, is.
NO_ONE = "none"
#: What two letters stand for on every machine. The others stand for a SID of its domain.
_EVERYWHERE: Mapping[str, str] = {
    "AC": "S-1-15-2-1",
    "AN": "S-1-5-7",
    "AU": "S-1-5-11",
    "BA": "S-1-5-32-544",
    "BG": "S-1-5-32-546",
    "BU": "S-1-5-32-545",
    "ED": "S-1-5-9",
    "IU": "S-1-5-4",
    "LS": "S-1-5-19",
    "NS": "S-1-5-20",
    "NU": "S-1-5-2",
    "RD": "S-1-5-32-555",
    "SY": "S-1-5-18",
    "WD": "S-1-1-0",
}
#: What the token of everybody has who authenticates over the network, whether it is said or not.
_ALWAYS = frozenset(_EVERYWHERE[letters] for letters in ("WD", "AU", "NU"))


class Token(NamedTuple):
    """Who a machine or a user is: its own SID and those of its groups, and no other.

    Everyone, Authenticated Users and Network need not be named. Without any SID it is one that does not say who it is.
    """

    sids: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as packets and traffic have it."""
        return ",".join(self.sids) or NO_ONE

    def decides(self, sddl: str) -> AccessEntry | None:
        """Return the entry of a list that decides about it; ``None`` where none is about it, and it is not let in."""
        return _first(sddl, _known(self))

    def may_connect(self, sddl: str) -> bool:
        """Tell whether a list lets it in."""
        entry = self.decides(sddl)
        return entry is not None and entry.allows

    def turned_by(self, sddl: str) -> Iterator[str]:
        """Yield the SIDs of a list, as they stand there, of which one more in the token would decide otherwise."""
        if not self.sids:
            return
        known, may = _known(self), self.may_connect(sddl)
        for sid in dict.fromkeys(entry.sid for entry in entries_of(sddl)):
            with_it = _first(sddl, known | {canonical(sid)})
            if (with_it is not None and with_it.allows) != may:
                yield sid


Identities = Mapping[str, Token]
"""Who a peer is, as far as it is said: by the field of the conditions that ask for it."""

_UNSAID: Identities = {}


def identities(machine: Token | None, user: Token | None) -> Identities:
    """Return who a peer is by its machine and its user, ``None`` where it is not said."""
    if machine is None and user is None:
        return _UNSAID
    return {field: token for field, token in ((MACHINE, machine), (USER, user)) if token is not None}


def parse_token(text: str) -> Token:
    """Return the token that a person wrote: SIDs with commas between them, or ``none``.

    Raises:
        ValueError: says which part is no SID, and what would be right.
    """
    if text.lower() == NO_ONE:
        return Token(())
    sids = tuple(dict.fromkeys(part.strip().upper().replace("0X", "0x") for part in text.split(",")))
    if len(sids) > MOST_SIDS:
        raise ValueError(f"has more than {MOST_SIDS} SIDs, and Windows' tokens hold no more")
    for sid in sids:
        check_sid(sid)
    return Token(sids)


def canonical(sid: str) -> str:
    """Return a SID in one way of writing it; two letters that stand for one of the domain stay."""
    if sid in _EVERYWHERE:
        return _EVERYWHERE[sid]
    if not sid.startswith("S-"):
        return sid
    revision, authority, *rest = sid[2:].split("-")
    return "-".join(("S", revision, str(int(authority, 0 if authority.startswith("0x") else 10)), *map(_plain, rest)))


def _plain(number: str) -> str:
    return str(int(number))


@lru_cache(maxsize=256)
def _known(token: Token) -> frozenset[str]:
    return _ALWAYS.union(map(canonical, token.sids)) if token.sids else frozenset()


@lru_cache(maxsize=256)
def _entries(sddl: str) -> tuple[tuple[str, AccessEntry], ...]:
    return tuple((canonical(entry.sid), entry) for entry in entries_of(sddl))


def _first(sddl: str, sids: frozenset[str]) -> AccessEntry | None:
    return next((entry for sid, entry in _entries(sddl) if sid in sids), None)

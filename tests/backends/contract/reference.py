"""A small engine of plain dictionaries, for the rules on keys, references, sessions and transactions alone.

It says of every call which errors an engine may give; where several rules are broken at once, any of theirs will do.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from ndtui.model.compiled.document_types import Kind
from tests.backends.contract.expectations import NOT_FOUND

SLOTS = 4
#: The sessions of these slots are dynamic.
DYNAMIC = (2, 3)

Place = tuple[Kind, int]


class Held(NamedTuple):
    """An object: the sessions it belongs to (``None`` when it is static), and what it refers to."""

    name: str
    owner: int | None
    refers: tuple[Place, ...]


class Call(NamedTuple):
    """One call: by the session in a slot, on an object of a kind and number that may refer to others."""

    what: str
    slot: int
    kind: Kind = "provider"
    number: int = 0
    refers: tuple[Place, ...] = ()
    name: str = ""
    wild: bool = True
    """Whether it is to be made as it is, and not turned into one that is likely to succeed."""

    @property
    def place(self) -> Place:
        """Return what names the object."""
        return (self.kind, self.number)


@dataclass
class Reference:
    """What an engine should hold, session by session."""

    objects: dict[Place, Held] = field(default_factory=dict)
    sessions: dict[int, int] = field(default_factory=dict)
    """The number of the session that is open in a slot."""
    opened: int = 0
    writer: int | None = None
    """The slot whose transaction holds the lock."""
    working: dict[Place, Held] = field(default_factory=dict)
    """What that transaction sees."""

    def view(self, slot: int) -> dict[Place, Held]:
        """Return what the session in a slot sees."""
        return self.working if self.writer == slot else self.objects

    def settle(self, call: Call) -> Call | None:
        """Return a call that makes sense, or nothing.

        A slot is opened when it is closed, and a dynamic session ends while no other one writes. One that is not wild
        is made by whoever writes, on objects that are there.
        """
        closed = [slot for slot in range(SLOTS) if slot not in self.sessions]
        if call.what == "open":
            return call._replace(slot=closed[0]) if closed else None
        busy = self.writer not in (None, call.slot)
        if call.what == "rest" or (call.what == "close" and call.slot in DYNAMIC and busy):
            return None
        if call.wild:
            return call
        slot = call.slot if self.writer is None else self.writer
        if slot not in self.sessions or (call.what in ("begin", "commit", "abort") and self.errors(call)):
            return None
        refers = tuple(self._there(slot, place) for place in call.refers)
        number = self._there(slot, call.place)[1] if call.what == "delete" else call.number
        return call._replace(slot=slot, refers=refers, number=number)

    def _there(self, slot: int, place: Place) -> Place:
        """Return an object of the kind that the session of a slot sees, if there is any."""
        seen = sorted(number for kind, number in self.view(slot) if kind == place[0])
        return (place[0], seen[place[1] % len(seen)]) if seen else place

    def errors(self, call: Call) -> set[str]:
        """Return the errors that a call may give; none when it has to succeed."""
        if call.what in ("open", "close"):
            return set()
        if call.slot not in self.sessions:
            return {"FWP_E_SESSION_ABORTED"}
        if call.what in ("commit", "abort"):
            return set() if self.writer == call.slot else {"FWP_E_NO_TXN_IN_PROGRESS"}
        if call.what == "begin" and self.writer == call.slot:
            return {"FWP_E_TXN_IN_PROGRESS"}
        waiting = {"FWP_E_TIMEOUT"} if self.writer not in (None, call.slot) else set()
        if call.what == "begin":
            return waiting
        return waiting | (self._add_errors(call) if call.what == "add" else self._delete_errors(call))

    def _add_errors(self, call: Call) -> set[str]:
        seen = self.view(call.slot)
        found = {"FWP_E_ALREADY_EXISTS"} if call.place in seen else set()
        for place in call.refers:
            if place not in seen:
                found.add(NOT_FOUND[place[0]])
            elif seen[place].owner not in (None, self._owner(call.slot)):
                found.add("FWP_E_LIFETIME_MISMATCH")
        return found

    def _delete_errors(self, call: Call) -> set[str]:
        seen = self.view(call.slot)
        if call.place not in seen:
            return {NOT_FOUND[call.kind]}
        owner, mine = seen[call.place].owner, self._owner(call.slot)
        found = {"FWP_E_IN_USE"} if any(call.place in each.refers for each in seen.values()) else set()
        if owner is not None and owner != mine:
            found.add("FWP_E_WRONG_SESSION")
        if owner is None and mine is not None:
            found.add("FWP_E_DYNAMIC_SESSION_IN_PROGRESS")
        return found

    def _owner(self, slot: int) -> int | None:
        """Return whose the objects are that a slot adds: no session's where it is not dynamic."""
        return self.sessions[slot] if slot in DYNAMIC else None

    def do(self, call: Call) -> None:
        """Execute a call that succeeds."""
        if call.what == "open":
            self.opened += 1
            self.sessions[call.slot] = self.opened
        elif call.what == "begin":
            self.writer, self.working = call.slot, deepcopy(self.objects)
        elif call.what == "commit":
            self.writer, self.objects = None, self.working
        elif call.what == "abort":
            self.writer = None
        elif call.what == "add":
            self.view(call.slot)[call.place] = Held(call.name, self._owner(call.slot), call.refers)
        elif call.what == "delete":
            del self.view(call.slot)[call.place]
        elif call.slot in self.sessions:
            self._close(call.slot)

    def _close(self, slot: int) -> None:
        if self.writer == slot:
            self.writer = None
        ended = self.sessions.pop(slot)
        for place in [place for place, each in self.objects.items() if each.owner == ended]:
            del self.objects[place]

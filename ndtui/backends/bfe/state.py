"""What an engine holds at one moment, and a working copy of it: plain values, whoever keeps them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, NamedTuple

from ndtui.backends.contract.changes import KINDS, Action, Kind, Pending, Revision

Lifetime = Literal["dynamic", "static", "persistent", "builtin"]


class Row(NamedTuple):
    """One object: what the engine has to know of it, and its document as JSON.

    ``position`` tells its place among others of its kind; an object that gives way to another of the same key within
    one transaction hands its place on. ``session`` is the key of the dynamic session it belongs to, mostly empty.
    ``provider``, ``sublayer`` and ``context`` are the keys it refers to, empty for none.
    """

    id: int
    position: int
    kind: Kind
    key: str
    lifetime: Lifetime
    session: str
    provider: str
    sublayer: str
    context: str
    layer: str
    document: str

    def refers_to(self, kind: Kind, key: str) -> bool:
        """Whether it refers to another object."""
        references = {"provider": self.provider, "subLayer": self.sublayer, "providerContext": self.context}
        return references.get(kind) == key


Objects = dict[Kind, dict[str, Row]]


def no_objects() -> Objects:
    """Return nothing, of each kind."""
    return {kind: {} for kind in KINDS}


@dataclass(frozen=True, eq=False)
class State:
    """Everything there is after one change of the engine.

    ``number`` counts the changes, ``last_id`` the objects, ``revision`` the entries of the history, the last of which
    was written with change ``noted`` and for ``policy``; ``pending`` is what waits to be confirmed. ``ended`` are
    dynamic sessions whose objects are left out, because their process is gone.
    """

    identity: str = "new"
    number: int = 0
    last_id: int = 0
    revision: int = 0
    noted: int = 0
    policy: str = ""
    pending: Pending | None = None
    objects: Objects = field(default_factory=no_objects)
    ended: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What names this moment: another one has another."""
        return digest_of(self.identity if self.number else "new", str(self.number), *self.ended)


def digest_of(*parts: str) -> str:
    """Return what names a moment in sixteen hexadecimal digits, told apart from others by every part."""
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


class Note(NamedTuple):
    """What is written into the history together with a change: a revision, and whether it has to be confirmed."""

    at: str
    action: Action
    policy: str
    added: int
    changed: int
    removed: int
    pending: Pending | None = None

    def revision(self, number: int) -> Revision:
        """Return it as an entry of the history."""
        return Revision(number, *self[:6])


class Draft:
    """A working copy of a state, and what has been added to it and removed from it."""

    def __init__(self, state: State) -> None:
        self.base = state
        self.last_id = state.last_id
        self.objects: Objects = {kind: dict(rows) for kind, rows in state.objects.items()}
        self.added: dict[int, Row] = {}
        self.removed: dict[tuple[Kind, str], Row] = {}
        self.note: Note | None = None
        self.pending = state.pending

    def next_id(self) -> int:
        """Return an id that was never used."""
        self.last_id += 1
        return self.last_id

    def place(self, kind: Kind, key: str, otherwise: int) -> int:
        """Return the position for an object: that of the one it takes the place of, if any."""
        gone = self.removed.get((kind, key))
        return otherwise if gone is None else gone.position

    def add(self, row: Row) -> None:
        """Add an object."""
        self.objects[row.kind][row.key] = row
        self.added[row.id] = row

    def remove(self, row: Row) -> None:
        """Remove an object."""
        del self.objects[row.kind][row.key]
        if self.added.pop(row.id, None) is None:
            self.removed[row.kind, row.key] = row

    def remove_sessions(self, sessions: set[str]) -> None:
        """Remove what belongs to dynamic sessions."""
        for row in [row for row in all_rows(self.objects) if row.session in sessions]:
            self.remove(row)

    @property
    def changed(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.added or self.removed or self.note) or self.pending != self.base.pending

    def result(self, identity: str) -> State:
        """Return the state it leads to."""
        base = self.base
        pending = self.pending if self.note is None else self.note.pending
        # the first thing that is kept makes a file, whatever it is
        number = base.number + bool(self.added or self.removed or self.note or not base.number)
        return replace(
            base,
            identity=identity,
            number=number,
            last_id=self.last_id,
            revision=base.revision + (self.note is not None),
            noted=base.noted if self.note is None else number,
            policy=base.policy if self.note is None else self.note.policy,
            pending=pending,
            objects=self.objects,
            ended=(),
        )


def all_rows(objects: Objects) -> Iterator[Row]:
    """Return every object, by kind."""
    for kind in KINDS:
        yield from objects[kind].values()


def in_place(rows: Iterable[Row]) -> list[Row]:
    """Return objects in the order of their places."""
    return sorted(rows, key=lambda row: row.position)

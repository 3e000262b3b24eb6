"""What an engine holds at one moment, and a working copy of it: plain values, wherever they are stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, NamedTuple, cast

from pydantic_core import to_json

from ndtui.backends.bfe.document_shape import read_document
from ndtui.backends.bfe.filter_template import FilterTemplate
from ndtui.backends.contract.changes import KINDS, Action, Pending, Revision
from ndtui.backends.contract.history_note import NO_NOTE, Note
from ndtui.model.compiled.document_types import Document, Kind

Lifetime = Literal["dynamic", "static", "persistent", "builtin"]
#: So many kinds of filters that refer to the same objects are told apart: more than a policy has.
_MOST_TEMPLATES = 32


class Row(NamedTuple):
    """One object as a storage keeps it: what the engine looks up, and the object's document as JSON.

    It is a row of a table rather than a document, so that the engine need not parse 60,000 documents to check what
    refers to what. ``position`` orders objects of a kind; one that replaces another of the same key within a
    transaction gets its position. ``session`` is the key of the dynamic session it belongs to, mostly empty.
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

    def parsed(self) -> Document:
        """Return the document.

        Raises:
            ValueError: another program has altered it.
        """
        return read_document(self.kind, self.document)

    def refers_to(self, kind: Kind, key: str) -> bool:
        """Whether it refers to another object."""
        references = {"provider": self.provider, "subLayer": self.sublayer, "providerContext": self.context}
        return references.get(kind) == key


class Documents:
    """Reads the documents of rows. What filters that are alike share is read once, which takes a third of the memory.

    So what stands in a member is not to be changed.
    """

    def __init__(self) -> None:
        self._members: dict[tuple[str, str], object] = {}
        self._templates: dict[tuple[str, ...], list[FilterTemplate]] = {}
        """Of the filters that refer to the same objects."""

    def of(self, row: Row) -> Document:
        """Return the document of a row.

        Raises:
            ValueError: another program has altered it.
        """
        if row.kind != "filter":
            return row.parsed()
        templates = self._templates.setdefault(row[4:10], [])
        for template in templates:
            found = template.read(row.document, self._members)
            if found is not None:
                return cast("Document", found)
        document = cast("dict[str, object]", row.parsed())
        for name, value in document.items():
            if isinstance(value, dict | list):
                document[name] = self._members.setdefault((name, to_json(value).decode()), value)
        if len(templates) < _MOST_TEMPLATES:
            templates.append(FilterTemplate(document))
        return cast("Document", document)


Objects = dict[Kind, dict[str, Row]]


def no_objects() -> Objects:
    """Return nothing, of each kind."""
    return {kind: {} for kind in KINDS}


@dataclass(frozen=True, eq=False)
class State:
    """Everything there is after one change of the engine.

    ``number`` counts the changes, ``last_id`` the objects, ``revision`` the entries of the history, the last of which
    was recorded with change ``recorded`` and for ``policy``; ``pending`` is what waits to be confirmed. ``ended`` are
    dynamic sessions whose objects are left out, because their process has ended. ``content`` depends on every object
    that is stored, see ``content_of``.
    """

    identity: str = "new"
    number: int = 0
    last_id: int = 0
    revision: int = 0
    recorded: int = 0
    policy: str = ""
    pending: Pending | None = None
    objects: Objects = field(default_factory=no_objects)
    ended: tuple[str, ...] = ()
    content: int = 0

    @property
    def digest(self) -> str:
        """The name of this state: of the engine it belongs to, of the number of its change, and of what there is."""
        return digest_of(self.identity if self.number else "new", str(self.number), f"{self.content:x}", *self.ended)


def content_of(rows: Iterable[Row]) -> int:
    """Return a number that depends on every part of every row, and not on their order.

    It is the sum of the rows' digests, so that it can be carried on from change to change.
    """
    found = 0
    for number, position, *texts in rows:
        digest = sha256("\x1f".join((str(number), str(position), *texts)).encode()).digest()
        found += int.from_bytes(digest, "big")
    return found


def digest_of(*parts: str) -> str:
    """Return the name of a state, sixteen hexadecimal digits that depend on every part."""
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


class NewRevision(NamedTuple):
    """A revision to be recorded in the history together with a change, and whether it has to be confirmed."""

    at: str
    action: Action
    policy: str
    added: int
    changed: int
    removed: int
    pending: Pending | None = None
    note: Note = NO_NOTE

    def numbered(self, number: int) -> Revision:
        """Return it as an entry of the history."""
        return Revision(number, *self[:6], self.note)


class Draft:
    """A working copy of a state, with the objects added to it and removed from it."""

    def __init__(self, state: State) -> None:
        self.base = state
        self.last_id = state.last_id
        self.objects: Objects = {kind: dict(rows) for kind, rows in state.objects.items()}
        self.added: dict[int, Row] = {}
        self.removed: dict[tuple[Kind, str], Row] = {}
        self.revision: NewRevision | None = None
        self.pending = state.pending

    def next_id(self) -> int:
        """Return an id that was never used."""
        self.last_id += 1
        return self.last_id

    def place(self, kind: Kind, key: str, otherwise: int) -> int:
        """Return the position for an object: that of the one it replaces, if any."""
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
        """Whether there is anything to write."""
        return bool(self.added or self.removed or self.revision) or self.pending != self.base.pending

    def result(self, identity: str) -> State:
        """Return the state it leads to."""
        base = self.base
        pending = self.pending if self.revision is None else self.revision.pending
        # the first change counts even if it only sets what is pending: the file is made with it
        number = base.number + bool(self.added or self.removed or self.revision or not base.number)
        return replace(
            base,
            identity=identity,
            number=number,
            last_id=self.last_id,
            revision=base.revision + (self.revision is not None),
            recorded=base.recorded if self.revision is None else number,
            policy=base.policy if self.revision is None else self.revision.policy,
            pending=pending,
            objects=self.objects,
            ended=(),
            content=self._content(),
        )

    def _content(self) -> int:
        """Return the content of the state it leads to, from what changes or from what there is, whichever is less."""
        there = sum(map(len, self.objects.values()))
        if len(self.added) + len(self.removed) < there:
            return self.base.content - content_of(self.removed.values()) + content_of(self.added.values())
        return content_of(all_rows(self.objects))


def all_rows(objects: Objects) -> Iterator[Row]:
    """Return every object, by kind."""
    for kind in KINDS:
        yield from objects[kind].values()


def by_position(rows: Iterable[Row]) -> list[Row]:
    """Return objects in the order of their positions."""
    return sorted(rows, key=lambda row: row.position)

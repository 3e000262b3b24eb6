"""The store backend: one SQLite file that holds a policy of ours and everything that was applied before."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from pydantic_core import from_json

from ndtui.analysis.documents import Document
from ndtui.backends import store_tables as tables
from ndtui.backends.base import Applied, BackendError, Capabilities, Plan, Progress, Revision, Snapshot, StoredObject
from ndtui.backends.plan import (
    applied,
    check_state,
    in_order,
    make_plan,
    plan_between,
    rollback_target,
    stored_objects,
)
from ndtui.backends.store_file import reading, writing
from ndtui.collector import without_garbage_collection
from ndtui.files import data_dir
from ndtui.model.objects import FilterSet


class StoreBackend:
    """Keeps policy and history in one file; made by the first apply. May be used by several programs at once."""

    name: ClassVar[str] = "store"
    summary: ClassVar[str] = "a file on this machine, with history: where a policy waits for the machines it is for"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def __init__(self, store: Path | None = None) -> None:
        self.path = data_dir() / "store.sqlite3" if store is None else store

    def place(self) -> str:
        """Return the path of the file."""
        return str(self.path)

    @without_garbage_collection()
    def snapshot(self) -> Snapshot:
        """Return what it holds.

        Raises:
            BackendError: it cannot be read.
        """
        with reading(self.path) as connection:
            head = self._head(connection)
            return self._snapshot(connection, head, head.number, {})

    @without_garbage_collection()
    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing when it is ``None``.

        Raises:
            BackendError: the store cannot be read.
        """
        objects = stored_objects(target)
        with reading(self.path) as connection:
            head = self._head(connection)
            known = {tables.encode(each.document): each.document for each in objects} if head.number else {}
            before = self._snapshot(connection, head, head.number, known)
        return make_plan(self.name, before, target, objects)

    @without_garbage_collection()
    def apply(self, plan: Plan, progress: Progress | None = None) -> Applied:
        """Carry out a plan in one transaction.

        Raises:
            StalePlanError: the state has moved since the plan was made.
            BackendError: the store cannot be written; it is as before.
        """
        with reading(self.path) as connection:
            check_state(plan, self._head(connection).state)
        if plan.empty:
            return applied(plan, plan.state)
        with writing(self.path) as connection:
            head = self._head(connection)
            check_state(plan, head.state)
            return tables.write(connection, head if head.number else tables.create(connection), plan, progress)

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first.

        Raises:
            BackendError: the store cannot be read.
        """
        with reading(self.path) as connection:
            return tables.revisions(connection) if self._head(connection).number else []

    @without_garbage_collection()
    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to go back to the state after a revision; ``None`` is the one before the last.

        Raises:
            BackendError: there is no such revision, or the store cannot be read.
        """
        with reading(self.path) as connection:
            head = self._head(connection)
            known: dict[str, Document] = {}
            past = self._snapshot(connection, head, rollback_target(head.number, number), known)
            held = self._snapshot(connection, head, head.number, known)
        return plan_between(self.name, held, past, "rollback")

    def _head(self, connection: sqlite3.Connection) -> tables.Head:
        return tables.head(connection, f"the store {self.path}")

    def _snapshot(
        self, connection: sqlite3.Connection, head: tables.Head, number: int, known: dict[str, Document]
    ) -> Snapshot:
        """Return the state after a revision. Documents ``known`` by their text are not read again; others are added."""
        rows = tables.rows_at(connection, number)
        for row in rows:
            if row.document not in known:
                known[row.document] = self._document(row.document)
        objects = in_order(StoredObject(row.kind, row.key, known[row.document]) for row in rows)
        return Snapshot(head._replace(number=number).state, objects, tables.policy_at(connection, number))

    def _document(self, text: str) -> Document:
        try:
            document = from_json(text)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise BackendError(
                f"the store {self.path} is damaged: one of its objects cannot be read",
                remedy="put a copy back, or move it away and apply again",
            )
        return document

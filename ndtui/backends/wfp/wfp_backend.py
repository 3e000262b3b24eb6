"""The Windows backend: this machine's own Base Filtering Engine, and a journal of what was applied to it.

Windows keeps no history, so the journal is an emulated engine in a file, to which every plan is applied as well. What
the journal says and what Windows holds are compared whenever a plan is made: the difference is drift.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.state import NewRevision, State, digest_of
from ndtui.backends.contract.backend import Capabilities, Obstacle, Progress
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Change, Pending, Plan, Snapshot, StoredObject
from ndtui.backends.contract.engine import Engine, Session
from ndtui.backends.planning.execute import execute
from ndtui.backends.planning.planner import normalised, objects_after, plan_between
from ndtui.backends.transactional.engine_backend import OURS, PATIENCE, EngineBackend, ours
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard
from ndtui.backends.transactional.journal import applied_at, identities_at
from ndtui.backends.wfp.journal_folder import JournalFolder
from ndtui.backends.wfp.native import descriptor_of, load, make_folder
from ndtui.backends.wfp.newer_contexts import check_windows
from ndtui.backends.wfp.references import check_references
from ndtui.backends.wfp.services import obstacles as service_obstacles
from ndtui.backends.wfp.wfp_engine import WfpEngine
from ndtui.model.compiled.document_types import Document


class WfpBackend(EngineBackend):
    """Applies to the Windows machine it runs on; ``store`` is the place of its journal."""

    name: ClassVar[str] = "wfp"
    summary: ClassVar[str] = "this Windows machine's own filter engine; needs an elevated terminal"
    capabilities: ClassVar[Capabilities] = Capabilities(
        confirm_or_revert=True, lists_others=True, trial=True, history=True
    )

    def __init__(
        self, store: Path | None = None, engine: Engine | None = None, folder: JournalFolder | None = None
    ) -> None:
        """Open it; ``folder`` is that of the journal, where it is to be the administrators' alone."""
        self.path = _journal_path() if store is None else store
        self._folder = _own_folder(self.path) if folder is None else folder
        if self._folder is not None:
            self._folder.check()
        opened = WfpEngine(load()) if engine is None else engine
        self._native = opened.native if isinstance(opened, WfpEngine) else None
        super().__init__(opened, BfeEngine(self.path))

    def place(self) -> str:
        """Return the machine, and the path of the journal."""
        return f"this machine, journal {self.path}"

    def lasting_guard(self) -> LastingGuard:
        """Return the guard that Windows offers."""
        from ndtui.backends.transactional.guards.this_machine import guard_of_machine  # noqa: PLC0415 - few need it

        return guard_of_machine()

    def _watched_place(self) -> str:
        return str(self.path.absolute())

    def _prepare(self) -> None:
        """Make the journal's folder, for administrators alone."""
        if self._folder is not None:
            self._folder.make()

    def obstacles(self) -> Sequence[Obstacle]:
        """Return which services that a policy needs do not run."""
        return [] if self._native is None else list(service_obstacles(self._native))

    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Execute a plan, after making sure that this Windows has what it takes, and that its secrets are there.

        Where a way back is due, its secrets too.
        """
        if self._native is not None:
            wanted = [each.after for each in plan.changes if each.after is not None]
            check_windows(self._native, wanted)
            check_references(self._native, wanted)
            if within is not None:
                check_references(self._native, self._documents_of_way_back(plan), way_back=True)
        return super().apply(plan, progress, within=within)

    def _documents_of_way_back(self, plan: Plan) -> list[Document]:
        """Return the objects that a revert of a plan would add, as the journal has them: with references to secrets."""
        changed = {each.identity for each in plan.changes if each.before is not None}
        every = any(each.kind == "provider" for each in plan.changes if each.before is not None)
        former = applied_at(self._journal, self._journal.state().revision, OURS)
        return [each.document for each in former if every or each.identity in changed]

    def _altered(self, session: Session, plan: Plan, held: Sequence[StoredObject]) -> tuple[Change, ...]:
        """Return what Windows made of the plan's objects, as it shows them within the transaction."""
        wanted = Snapshot("", objects_after(held, plan.changes))
        return plan_between(self.name, wanted, Snapshot("", tuple(ours(session))), "apply").changes

    def _in_applied_order(self, objects: Sequence[StoredObject]) -> Sequence[StoredObject]:
        """Return objects in the order of the journal: Windows lists one that was deleted and added again last."""
        expected = identities_at(self._journal, self._journal.state().revision, OURS)
        places = {identity: number for number, identity in enumerate(expected)}
        return sorted(objects, key=lambda each: places.get(each.identity, len(places)))

    def _state(self, session: Session, held: Sequence[StoredObject] | None = None) -> str:
        return _digest(self._journal.state(), ours(session) if held is None else held)

    def _drifted(self, session: Session, held: Sequence[StoredObject]) -> bool:  # noqa: ARG002
        return bool(held) or bool(self._journal.history())

    def _commit(self, session: Session, revision: NewRevision, plan: Plan, held: Sequence[StoredObject]) -> str:
        """Commit to Windows, then to the journal; where the journal fails, the change to Windows is undone.

        The journal's transaction is complete before Windows is asked to commit, so that only its commit can fail.
        """
        if revision.pending is None:
            return self._commit_both(session, revision, plan, held)
        # Before Windows changes: if this program is killed between the two commits, the watchdog still reverts.
        self._set_pending(revision.pending)
        try:
            return self._commit_both(session, revision, plan, held)
        except BaseException:
            with suppress(BackendError):  # the first error is the one to report
                self._set_pending(None)
            raise

    def settle(self) -> bool:
        """Revert what is overdue, if the journal that says so agrees with what Windows holds.

        Raises:
            BackendError: it does not, or it could not be reverted.
        """
        if self._overdue() is not None and not self._journal_agrees():
            status, rollback, remove = map(self.own_commands.of, ("status", "rollback", "remove"))
            raise BackendError(
                f"the journal {self.path} says that something is overdue, and is not of what Windows holds",
                remedy=f"see {status}; {rollback} and {remove} settle it",
            )
        return super().settle()

    def _journal_agrees(self) -> bool:
        """Whether Windows holds of ours what was last applied according to the journal."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            held = self._snapshot(session)
        expected = Snapshot("", applied_at(self._journal, self._journal.state().revision, OURS))
        return plan_between(self.name, expected, held, "apply").empty

    def _let_stay(self, token: str | None) -> None:
        """Let it stay while Windows is locked: a revert that is under way is at an end then, or finds it confirmed."""
        with closing(self._engine.open(name="ndtui confirm", wait=PATIENCE)) as session:
            session.begin()
            super()._let_stay(token)

    def _set_pending(self, pending: Pending | None) -> None:
        with closing(self._journal.open(name="ndtui apply")) as journal:
            journal.begin()
            journal.set_pending(pending)
            journal.commit()

    def _commit_both(self, session: Session, revision: NewRevision, plan: Plan, held: Sequence[StoredObject]) -> str:
        wanted = objects_after(held, plan.changes)
        with closing(self._journal.open(name=f"ndtui {plan.action}")) as mirror:
            mirror.begin()
            there = tuple(ours(mirror))
            difference = plan_between(self.name, Snapshot("", there), Snapshot("", wanted), "apply")
            execute(mirror, difference.changes, there)
            mirror.record(revision)
            session.commit()
            try:
                mirror.commit()
            except BaseException:
                with suppress(BackendError):  # the first error is the one to report
                    self._undo(plan, wanted)
                raise
            return _digest(mirror.committed, wanted)

    def _undo(self, plan: Plan, held: Sequence[StoredObject]) -> None:
        with closing(self._engine.open(name="ndtui undo")) as session:
            session.begin()
            execute(session, [Change(c.kind, c.key, c.after, c.before) for c in plan.changes], held)
            session.commit()


def _digest(journal: State, held: Sequence[StoredObject]) -> str:
    """Return the name of a state, which depends on the journal and on what Windows holds of ours."""
    contents = sorted(json.dumps([each.kind, normalised(each.document)], sort_keys=True) for each in held)
    return digest_of(journal.digest, *contents)


def _own_folder(journal: Path) -> JournalFolder | None:
    """Return the folder of a journal where it is the one of the whole machine; another is the operator's choice."""
    if sys.platform != "win32" or journal != _journal_path():
        return None
    return JournalFolder(journal, make_folder, descriptor_of)


def _journal_path() -> Path:
    """Return where the journal is: one for the whole machine, since the policy is for the whole machine."""
    from platformdirs import site_data_path  # noqa: PLC0415 - not needed where a place is given

    if sys.platform != "win32":
        raise BackendError("the backend wfp needs Windows", remedy="use the store here, and wfp on the machine itself")
    return Path(site_data_path("ndtui", appauthor=False)) / "wfp-journal.sqlite3"

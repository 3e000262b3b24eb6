"""A backend on top of an engine: one policy of ours, planned, applied in one transaction, rolled back, reverted.

``EngineBackend`` is what the memory, the store and the Windows backend have in common. The journal keeps the history of
what was applied; an emulated engine is its own journal.
"""

import os
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import NamedTuple, cast
from uuid import NAMESPACE_OID, uuid5

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.state import NewRevision, State
from ndtui.backends.contract.backend import Backend, Progress
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import (
    KINDS,
    Applied,
    Change,
    Identity,
    OnTrial,
    Pending,
    Plan,
    Revision,
    Snapshot,
    StoredObject,
)
from ndtui.backends.contract.engine import ID_MEMBERS, Engine, EngineError, Session, SessionInfo
from ndtui.backends.planning.execute import execute
from ndtui.backends.planning.held_up import check_no_trial, check_nothing_waits
from ndtui.backends.planning.interference import others_that_matter
from ndtui.backends.planning.own_changes import check_changes
from ndtui.backends.planning.planner import (
    applied,
    check_state,
    in_listing_order,
    make_plan,
    now,
    plan_between,
    rollback_target,
)
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, NoGuard
from ndtui.backends.transactional.journal import applied_at, identities_at
from ndtui.backends.transactional.noting import note_of
from ndtui.backends.transactional.trials import TRIAL, by_sessions, name_from
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.compiled.filter_values import PROVIDER_KEY
from ndtui.model.compiled.objects import FilterSet

#: The key of our provider: its objects are ours, and nothing else is ever touched.
OURS = f"{{{PROVIDER_KEY}}}"

#: Seconds to wait for the lock while another program applies.
PATIENCE = 15.0


class _Watch(NamedTuple):
    """A watchdog, by its token, and the seconds within which what is applied has to be confirmed."""

    token: str
    within: float


class EngineBackend(Backend):
    """Plans and applies on an engine. What differs between engines is left to the classes below it."""

    def __init__(self, engine: Engine, journal: BfeEngine) -> None:
        self._engine = engine
        self._journal = journal

    # What differs between engines.

    @abstractmethod
    def _state(self, session: Session, held: Sequence[StoredObject] | None = None) -> str:
        """Return the name of the state that a session sees; ``held`` are the objects of ours where they were read."""

    def _journal_state(self, session: Session) -> State:  # noqa: ARG002 - not every engine keeps the history
        """Return the state of the journal that belongs to what a session sees."""
        return self._journal.state()

    def lasting_guard(self) -> LastingGuard:
        """Return what has the system start a watchdog again after a restart, or where it has ended."""
        return NoGuard()

    def _in_applied_order(self, objects: Sequence[StoredObject]) -> Sequence[StoredObject]:
        """Return objects in the order in which they were applied, where the engine lists them in another."""
        return objects

    @abstractmethod
    def _drifted(self, session: Session, held: Sequence[StoredObject]) -> bool:
        """Whether anything may have changed since the last revision."""

    @abstractmethod
    def _commit(self, session: Session, revision: NewRevision, plan: Plan, held: Sequence[StoredObject]) -> str:
        """Commit a session's transaction and record a revision, both or neither; return the name of the new state."""

    # Reading.

    @without_garbage_collection()
    def snapshot(self) -> Snapshot:
        """Return what it holds of ours."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            return self._snapshot(session)

    def _snapshot(self, session: Session) -> Snapshot:
        objects = self._objects(session)
        journal = self._journal_state(session)
        policy = journal.policy
        if objects and not policy:  # added by a trial, or by another program with our provider's key
            policy = name_from(objects)
        trial = self._on_trial(session, objects) if objects else None
        return Snapshot(self._state(session, objects), objects, policy if objects else "", journal.pending, trial)

    def _on_trial(self, session: Session, held: Sequence[StoredObject]) -> OnTrial | None:
        """Return what of the objects another session holds on trial."""
        return by_sessions(session, held, self._applied)

    def _applied(self) -> set[Identity]:
        return set(identities_at(self._journal, self._journal.state().revision, OURS))

    def _objects(self, session: Session) -> tuple[StoredObject, ...]:
        """Return the objects of ours that there are before a session changes anything."""
        return in_listing_order(self._in_applied_order(ours(session)))

    @without_garbage_collection()
    def others(self) -> Sequence[StoredObject]:
        """Return what it holds that is not ours: of other providers, and the engine's own."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            found = [_held(kind, each) for kind in KINDS for each in session.enumerate(kind, not_provider=OURS)]
        return [each for each in found if each.key != OURS]

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first."""
        return self._journal.history()

    # Planning.

    @without_garbage_collection()
    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing when it is ``None``."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            before = self._snapshot(session)
            others = others_that_matter(session, target, OURS) if target is not None else ()
            drift = self._drift(session, before)
        return make_plan(self.name, before, target, drift=drift, others=others)

    def drift(self, held: Snapshot) -> Sequence[Change] | None:
        """Return how what is held differs from what was last applied; ``None`` where it has moved since it was read."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            return self._drift(session, held) if self._state(session) == held.state else None

    def _drift(self, session: Session, held: Snapshot) -> tuple[Change, ...]:
        if not self._drifted(session, held.objects):
            return ()
        expected = applied_at(self._journal, self._journal_state(session).revision, OURS)
        return plan_between(self.name, Snapshot("", expected), held, "apply").changes

    @without_garbage_collection()
    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to return to the state after a revision; ``None`` is the one before the last.

        While something waits to be confirmed, ``None`` is the one that it would be reverted to.

        Raises:
            MissingRevisionError: there is no revision of that number.
            BackendError: nothing has been applied yet.
        """
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            journal = self._journal_state(session)
            if journal.pending is not None and number in (None, journal.pending.back_to):
                goal = journal.pending.back_to
            else:
                goal = rollback_target(journal.revision, number)
            before = self._snapshot(session)
        policy = next((each.policy for each in self._journal.history() if each.number == goal), "")
        past = Snapshot("", in_listing_order(applied_at(self._journal, goal, OURS)), policy)
        return replace(plan_between(self.name, before, past, "rollback"), back_to=goal)

    # Changing.

    @without_garbage_collection()
    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Execute a plan in one transaction; with ``within`` it has to be confirmed in that many seconds."""
        if within is not None and not self.capabilities.confirm_or_revert:
            raise BackendError(f"the backend {self.name} cannot revert by itself", remedy="apply it to stay")
        self._settle_for(plan)
        self._check_before(plan)
        if plan.empty:
            check_no_trial(plan.trial)
            check_nothing_waits(plan, self.pending(), self.own_commands)
            return applied(plan, plan.state)
        self._prepare()
        if within is None:
            return self._apply(plan, progress)
        place = self._watched_place()
        with watchdog.watching(self.name, place) as token:  # it removes the guard as well
            self._install_guard(token, watchdog.command_again(self.name, place, token), within + watchdog.GRACE)
            return self._apply(plan, progress, _Watch(token, within))

    def _install_guard(self, token: str, command: Sequence[str], seconds: float) -> None:
        """Install the lasting guard that was promised, or refuse: nothing may be applied under a wrong promise."""
        try:
            self.lasting_guard().install(token, command, seconds)
        except BackendError as error:
            raise BackendError(
                f"no lasting guard could be installed, and so nothing was applied: {error}",
                remedy="set NDTUI_LASTING_GUARD=none to go without one",
            ) from error

    def _prepare(self) -> None:
        """Make ready what has to be there before a journal is written, or a watchdog started that makes itself known.

        Raises:
            BackendError: it is not to be had; nothing has changed.
        """

    def _watched_place(self) -> str:
        """Return the place that a watchdog has to open the backend with; empty where the default one is meant."""
        return ""

    def _check_before(self, plan: Plan) -> None:
        """Refuse a plan made from another state, before anything is opened for writing."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            check_state(plan, self._state(session))

    def _apply(
        self, plan: Plan, progress: Progress | None = None, watch: _Watch | None = None, reverting: str = ""
    ) -> Applied:
        with closing(self._engine.open(name=f"ndtui {plan.action}", wait=PATIENCE)) as session:
            session.begin()
            held = self._snapshot(session)
            check_state(plan, held.state)
            if reverting:
                _check_waits_still(held.pending, reverting)
            else:
                check_no_trial(held.trial)
                check_nothing_waits(plan, held.pending, self.own_commands)
            applied_before = held.lasting.objects
            check_changes(plan.changes, applied_before, OURS)
            execute(session, plan.changes, applied_before, progress)
            pending = None
            if watch is not None:
                back_to = self._journal_state(session).revision
                pending = Pending.from_now(watch.token, back_to, watch.within)
            counts = plan.counts
            numbers = (counts["add"], counts["change"], counts["remove"])
            note = note_of(plan, held.pending, reverting=bool(reverting))
            revision = NewRevision(now(), plan.action, plan.policy, *numbers, pending, note)
            altered = self._altered(session, plan, held.objects)
            return replace(
                applied(plan, self._commit(session, revision, plan, applied_before)), pending=pending, altered=altered
            )

    def _altered(self, session: Session, plan: Plan, held: Sequence[StoredObject]) -> tuple[Change, ...]:  # noqa: ARG002
        """Return how what a session sees after a plan differs from what the plan asked for; nothing by default."""
        return ()

    @without_garbage_collection()
    def trial(self, plan: Plan, progress: Progress | None = None) -> Session:
        """Execute a plan that only adds in a dynamic session; closing the session removes what was added."""
        self._settle_for(plan)
        if any(change.before is not None for change in plan.changes):
            raise BackendError(
                "a trial only adds, and something of ours is there already",
                remedy="remove that first, or apply with --confirm-within",
            )
        session = self._engine.open(dynamic=True, name=TRIAL)
        try:
            session.begin()
            held = self._snapshot(session)
            check_state(plan, held.state)
            check_no_trial(held.trial)
            check_nothing_waits(plan, held.pending, self.own_commands)
            check_changes(plan.changes, held.objects, OURS)
            execute(session, plan.changes, (), progress)
            session.commit()
        except BaseException:
            session.close()
            raise
        return session

    # Confirming and reverting.

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._journal.pending()

    def after_restart(self) -> str:
        """Return what becomes of an apply that waits if the machine is restarted."""
        status = self.own_commands.of("status")
        return (
            self.lasting_guard().promise
            or f"If this machine is restarted meanwhile, nothing reverts it by itself: run {status} then."
        )

    def watched(self, pending: Pending) -> bool | None:
        """Whether a watchdog runs that will revert what waits."""
        key = _watch_key(pending.token)
        return any(session.key == key for session in self._journal.storage.announced())

    @contextmanager
    def watching(self, token: str) -> Iterator[None]:
        """Let everyone see, for as long as this process lives, that it watches over what waits with a token."""
        session = SessionInfo(_watch_key(token), "ndtui watchdog", True, os.getpid())
        self._journal.storage.announce(session)
        try:
            yield
        finally:
            self._journal.storage.withdraw(session.key)

    def confirm(self, token: str | None = None) -> None:
        """Keep what waits with a token; ``None`` is whatever waits."""
        self.settle()
        self._check_waits(self.pending(), token)
        self._let_stay(token)

    def _let_stay(self, token: str | None) -> None:
        """Let what waits with a token wait no more, unless a revert came first."""
        with closing(self._journal.open(name="ndtui confirm")) as session:
            session.begin()
            self._check_waits(session.pending(), token)
            session.set_pending(None)
            session.commit()

    def _check_waits(self, pending: Pending | None, token: str | None) -> None:
        """Refuse to confirm where nothing waits, or something else than what was asked about."""
        if pending is None:
            raise BackendError("nothing waits to be confirmed", remedy=f"see {self.own_commands.of('history')}")
        if token is not None and pending.token != token:
            raise BackendError(
                "something else waits to be confirmed now", remedy=f"see {self.own_commands.of('status')}"
            )

    def revert(self, token: str, progress: Progress | None = None) -> Applied | None:
        """Return to the revision before the apply that waits with a token; ``None`` where nothing waits with it.

        Raises:
            BackendError: it could not be done, or it was confirmed in the meantime.
        """
        pending = self.pending()
        if pending is None or pending.token != token:
            return None
        return self._apply(self.plan_rollback(pending.back_to), progress, reverting=token)

    def settle(self) -> bool:
        """Revert what has not been confirmed in time and has no watchdog any more; tell whether there was anything.

        It is for commands that are going to write, before they plan. Looking never reverts.

        Raises:
            BackendError: it could not be reverted.
        """
        overdue = self._overdue()
        if overdue is not None:
            self.revert(overdue.token)
        return overdue is not None

    def _overdue(self) -> Pending | None:
        """Return what nobody confirmed in time, if its watchdog is gone or late."""
        pending = self.pending()
        return pending if pending is not None and watchdog.is_due(self, pending) else None

    def _settle_for(self, plan: Plan) -> None:
        """Revert what is overdue before something else is applied. What goes back or removes everything settles it.

        Raises:
            StalePlanError: something was overdue, and the plan was made from the state with it.
        """
        if plan.action == "apply" and self.settle():
            raise StalePlanError(
                "what was applied last was not confirmed in time, and has been reverted now", remedy="plan again"
            )


def _watch_key(token: str) -> str:
    """Return the key of the session that the watchdog of a token holds open, so that its end shows by itself."""
    return braces(uuid5(NAMESPACE_OID, f"ndtui watchdog {token}"))


def ours(session: Session) -> list[StoredObject]:
    """Return the objects of ours that a session sees, the provider first."""
    try:
        found = [_held("provider", session.get("provider", OURS))]
    except EngineError as error:
        if error.code != "FWP_E_PROVIDER_NOT_FOUND":
            raise
        found = []
    for kind in KINDS[1:]:
        found += [_held(kind, each) for each in session.enumerate(kind, provider=OURS)]
    return found


def _held(kind: Kind, document: Document) -> StoredObject:
    """Return an object without its run-time id, which changes when it is added again."""
    if kind in ID_MEMBERS:
        cast("dict[str, object]", document).pop(ID_MEMBERS[kind], None)
    return StoredObject.of(kind, document)


def _check_waits_still(pending: Pending | None, token: str) -> None:
    """Refuse to revert what bears a token once it does not wait any more."""
    if pending is None or pending.token != token:
        raise BackendError("it was confirmed in the meantime", remedy="nothing was reverted")

"""A backend on top of an engine: one policy of ours, planned, applied in one transaction, and a way back.

``EngineBackend`` is what the memory, the store and the Windows backend have in common. The journal remembers what was
applied; where the engine is an emulated one, it is its own journal.
"""

import time
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import ClassVar, NamedTuple

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.state import Note, State
from ndtui.backends.contract.backend import Capabilities, Progress
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import (
    KINDS,
    Applied,
    Change,
    Kind,
    Pending,
    Plan,
    Revision,
    Snapshot,
    StoredObject,
)
from ndtui.backends.contract.engine import KEY_MEMBERS, Engine, EngineError, Session
from ndtui.backends.planning.execute import carry_out
from ndtui.backends.planning.interference import others_that_matter
from ndtui.backends.planning.planner import (
    applied,
    check_state,
    in_order,
    make_plan,
    now,
    plan_between,
    rollback_target,
)
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.journal import applied_at
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.compile import PROVIDER_KEY
from ndtui.model.compiled.objects import FilterSet

#: The key of our provider: its objects are ours, and nothing else is ever touched.
OURS = f"{{{PROVIDER_KEY}}}"

#: Seconds to wait for another program that is applying.
PATIENCE = 15.0


class _Watch(NamedTuple):
    """An apply that has to be confirmed within some seconds, and who watches over it."""

    token: str
    within: float


class EngineBackend:
    """Plans and applies on an engine."""

    name: ClassVar[str]
    summary: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, engine: Engine, journal: BfeEngine) -> None:
        self._engine = engine
        self._journal = journal

    def place(self) -> str:
        """Return where it keeps its state."""
        raise NotImplementedError

    # What differs between engines.

    def _state(self, session: Session, held: Sequence[StoredObject]) -> str:
        """Return what names the moment a session sees; ``held`` are the objects of ours."""
        raise NotImplementedError

    def _noted(self, session: Session) -> State:  # noqa: ARG002 - not every engine keeps the history
        """Return the state of the journal at the moment that a session sees."""
        return self._journal.state()

    def _placed(self, objects: Sequence[StoredObject]) -> Sequence[StoredObject]:
        """Return objects in their places, where the engine does not keep them in order."""
        return objects

    def _drifted(self, session: Session, held: Sequence[StoredObject]) -> bool:
        """Whether anything may have changed since the last entry of the history."""
        raise NotImplementedError

    def _make_last(self, session: Session, note: Note, plan: Plan, held: Sequence[StoredObject]) -> str:
        """Commit a session's transaction and write the history, both or neither; return the state it led to."""
        raise NotImplementedError

    # Looking.

    @without_garbage_collection()
    def snapshot(self) -> Snapshot:
        """Return what it holds of ours."""
        self._tidy_up()
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            return self._snapshot(session)

    def _snapshot(self, session: Session) -> Snapshot:
        objects = in_order(self._placed(ours(session)))
        noted = self._noted(session)
        policy = noted.policy
        if objects and not policy:  # put there by a trial, or by someone else with our keys
            policy = _name_from(objects)
        return Snapshot(self._state(session, objects), objects, policy if objects else "", noted.pending)

    @without_garbage_collection()
    def others(self) -> Sequence[StoredObject]:
        """Return what it holds that is not ours: of other providers, and the engine's own."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            found = [
                _stored(kind, document) for kind in KINDS for document in session.enumerate(kind, not_provider=OURS)
            ]
        return [each for each in found if each.key != OURS]

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first."""
        return self._journal.history()

    # Planning.

    @without_garbage_collection()
    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing when it is ``None``."""
        self._tidy_up()
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            before = self._snapshot(session)
            others = others_that_matter(session, target, OURS) if target is not None else ()
            drift = self._drift(session, before)
        return make_plan(self.name, before, target, drift=drift, others=others)

    def _drift(self, session: Session, held: Snapshot) -> tuple[Change, ...]:
        if not self._drifted(session, held.objects):
            return ()
        meant = applied_at(self._journal, self._noted(session).revision, OURS)
        return plan_between(self.name, Snapshot("", meant), held, "apply").changes

    @without_garbage_collection()
    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to go back to the state after a revision; ``None`` is the one before the last.

        Raises:
            BackendError: there is no such revision.
        """
        self._tidy_up()
        return self._plan_rollback(number)

    def _plan_rollback(self, number: int | None) -> Plan:
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            goal = rollback_target(self._noted(session).revision, number)
            before = self._snapshot(session)
        policy = next((each.policy for each in self._journal.history() if each.number == goal), "")
        past = Snapshot("", in_order(applied_at(self._journal, goal, OURS)), policy)
        return plan_between(self.name, before, past, "rollback")

    # Changing.

    @without_garbage_collection()
    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Carry out a plan in one transaction; with ``within`` it has to be confirmed in that many seconds."""
        self._take_back_what_is_overdue()
        self._check_before(plan)
        if plan.empty:
            return applied(plan, plan.state)
        if within is None:
            return self._apply(plan, progress)
        with watchdog.watching(self.name, self._guarded_place()) as token:
            return self._apply(plan, progress, _Watch(token, within))

    def _guarded_place(self) -> str:
        """Return the place as a watchdog has to be given it; empty where it is always the same."""
        return ""

    def _check_before(self, plan: Plan) -> None:
        """Refuse a plan of another state before anything is opened for writing."""
        with closing(self._engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            check_state(plan, self._snapshot(session).state)

    def _apply(
        self, plan: Plan, progress: Progress | None = None, watch: _Watch | None = None, taking_back: str = ""
    ) -> Applied:
        with closing(self._engine.open(name=f"ndtui {plan.action}", wait=PATIENCE)) as session:
            session.begin()
            held = self._snapshot(session)
            check_state(plan, held.state)
            _check_pending(plan, held.pending, taking_back)
            carry_out(session, plan.changes, held.objects, progress)
            pending = None
            if watch is not None:
                back_to = self._noted(session).revision
                pending = Pending(watch.token, back_to, time.time() + watch.within)
            counts = plan.counts
            note = Note(now(), plan.action, plan.policy, counts["add"], counts["change"], counts["remove"], pending)
            return applied(plan, self._make_last(session, note, plan, held.objects))

    @without_garbage_collection()
    def trial(self, plan: Plan, progress: Progress | None = None) -> Session:
        """Carry out a plan that only adds in a dynamic session; closing it takes everything away again."""
        self._take_back_what_is_overdue()
        if any(change.before is not None for change in plan.changes):
            raise BackendError(
                "a trial only adds, and something of ours is there already",
                remedy="remove that first, or apply with --confirm-within",
            )
        session = self._engine.open(dynamic=True, name="ndtui trial")
        try:
            session.begin()
            check_state(plan, self._snapshot(session).state)
            carry_out(session, plan.changes, (), progress)
            session.commit()
        except BaseException:
            session.close()
            raise
        return session

    # Confirming, or going back.

    def confirm(self) -> None:
        """Let what was applied last stay."""
        self._take_back_what_is_overdue()
        with closing(self._journal.open(name="ndtui confirm")) as session:
            if session.pending() is None:
                raise BackendError("nothing waits to be confirmed", remedy="see ndtui history")
            session.begin()
            if session.pending() is None:
                raise BackendError("it was taken back in the meantime", remedy="apply it again")
            session.settle()
            session.commit()

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._journal.state().pending

    def take_back(self, token: str) -> None:
        """Go back to what was there before an apply that has not been confirmed.

        Raises:
            BackendError: it has been confirmed or taken back already, or it could not be done.
        """
        pending = self.pending()
        if pending is not None and pending.token == token:
            self._apply(self._plan_rollback(pending.back_to), taking_back=token)

    def _tidy_up(self) -> None:
        """Take back what is overdue, before a look; where that cannot be done, there is still something to see."""
        pending = self.pending()
        if _is_overdue(pending):
            with suppress(BackendError):
                self._take_back_what_is_overdue()

    def _take_back_what_is_overdue(self) -> None:
        """Do what a watchdog should have done that is gone too, after a power failure, say."""
        pending = self.pending()
        if pending is not None and _is_overdue(pending):
            self.take_back(pending.token)


def _is_overdue(pending: Pending | None) -> bool:
    """Whether a watchdog should have taken something back long ago."""
    return pending is not None and pending.deadline + watchdog.GRACE < time.time()


def ours(session: Session) -> list[StoredObject]:
    """Return the objects of ours that a session sees, the provider first."""
    try:
        found = [_stored("provider", session.get("provider", OURS))]
    except EngineError as error:
        if error.code != "FWP_E_PROVIDER_NOT_FOUND":
            raise
        found = []
    for kind in KINDS[1:]:
        found += [_stored(kind, document) for document in session.enumerate(kind, provider=OURS)]
    return found


def _stored(kind: Kind, document: dict[str, object]) -> StoredObject:
    """Return an object without the numbers it has only until it is made anew."""
    document.pop("filterId", None)
    document.pop("providerContextId", None)
    return StoredObject(kind, str(document[KEY_MEMBERS[kind]]), document)


def _name_from(objects: Sequence[StoredObject]) -> str:
    """Return the name of a policy, from what the display names of its filters begin with."""
    name = next((each.document["displayData"]["name"] for each in objects if each.kind == "filter"), "")
    return str(name).rpartition(": ")[0]


def _check_pending(plan: Plan, pending: Pending | None, taking_back: str) -> None:
    """Refuse to apply over what waits to be confirmed, and to take back what does not."""
    if taking_back:
        if pending is None or pending.token != taking_back:
            raise BackendError("it was confirmed in the meantime", remedy="nothing was taken back")
    elif pending is not None and plan.action == "apply":
        left = max(0.0, pending.deadline - time.time())
        raise BackendError(
            f"what was applied last waits to be confirmed, for {left:.0f} s more",
            remedy="ndtui confirm keeps it, ndtui rollback takes it back",
        )

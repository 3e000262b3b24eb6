"""A backend whose engine is the emulated one: it is its own journal."""

from collections.abc import Sequence

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.session import BfeSession
from ndtui.backends.bfe.state import NewRevision, State
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import OnTrial, Plan, StoredObject
from ndtui.backends.contract.engine import Engine, Session
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.transactional.trials import by_rows


class EmulatedBackend(EngineBackend):
    """Plans and applies on an emulated engine, which records revisions in the transaction itself."""

    def __init__(self, bfe: BfeEngine, engine: Engine | None = None) -> None:
        super().__init__(bfe if engine is None else engine, bfe)
        self._read: tuple[str, tuple[StoredObject, ...]] | None = None
        """What was read last, and the name of the state it was read from."""

    def _state(self, session: Session, held: Sequence[StoredObject] | None = None) -> str:  # noqa: ARG002
        return _emulated(session).state.digest

    def _objects(self, session: Session) -> tuple[StoredObject, ...]:
        """Return the objects of ours; an apply finds those that its plan read, for a name says all of a state."""
        state = self._state(session)
        read = self._read
        if read is None or read[0] != state:
            read = self._read = (state, super()._objects(session))
        return read[1]

    def _on_trial(self, session: Session, held: Sequence[StoredObject]) -> OnTrial | None:
        return by_rows(session, _emulated(session).state, held)

    def _journal_state(self, session: Session) -> State:
        return _emulated(session).state

    def _drifted(self, session: Session, held: Sequence[StoredObject]) -> bool:  # noqa: ARG002
        state = _emulated(session).state
        return state.number != state.recorded

    def _commit(
        self,
        session: Session,
        revision: NewRevision,
        plan: Plan,  # noqa: ARG002
        held: Sequence[StoredObject],  # noqa: ARG002
    ) -> str:
        emulated = _emulated(session)
        emulated.record(revision)
        emulated.commit()
        self._read = None  # nobody asks for what was there before
        return emulated.committed.digest


def _emulated(session: Session) -> BfeSession:
    if not isinstance(session, BfeSession):
        raise BackendError("the engine is no emulated one")
    return session

"""What a session uses of the engine that opened it."""

from typing import Protocol

from ndtui.backends.bfe.state import Draft, State
from ndtui.backends.bfe.storage.protocol import Storage
from ndtui.backends.contract.engine import SessionInfo


class SessionHost(Protocol):
    """The engine as its sessions see it."""

    storage: Storage

    def state(self) -> State:
        """Return what there is, without the objects of dynamic sessions that have ended."""

    def draft(self, state: State) -> Draft:
        """Return a working copy of a state, without the objects of dynamic sessions that have ended."""

    def forget(self, key: str, *, dynamic: bool) -> None:
        """Drop a session that has ended; the objects of a dynamic one are deleted."""

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions that are open."""

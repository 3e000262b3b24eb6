"""The store backend: an emulated engine in one SQLite file, with everything that was applied before."""

from pathlib import Path
from typing import ClassVar

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend import Capabilities
from ndtui.backends.transactional.emulated_backend import EmulatedBackend
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard
from ndtui.common.files import data_dir


class StoreBackend(EmulatedBackend):
    """Keeps policy and history in one file; made by the first apply. May be used by several programs at once."""

    name: ClassVar[str] = "store"
    summary: ClassVar[str] = "an emulated engine in a file on this machine, with history: where a policy is tried first"
    capabilities: ClassVar[Capabilities] = Capabilities(
        confirm_or_revert=True, lists_others=True, trial=True, history=True
    )

    def __init__(self, store: Path | None = None) -> None:
        self.path = data_dir() / "store.sqlite3" if store is None else store
        super().__init__(BfeEngine(self.path))

    def place(self) -> str:
        """Return the path of the file."""
        return str(self.path)

    def lasting_guard(self) -> LastingGuard:
        """Return the guard that the user's system offers."""
        from ndtui.backends.transactional.guards.this_machine import guard_of_user  # noqa: PLC0415 - few need it

        return guard_of_user()

    def _watched_place(self) -> str:
        return str(self.path.absolute())

"""The memory backend: holds a policy as long as the process lives. For trying things out, and for tests."""

from pathlib import Path
from typing import ClassVar

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend import Capabilities
from ndtui.backends.contract.backend_errors import PlaceError
from ndtui.backends.transactional.emulated_backend import EmulatedBackend


class MemoryBackend(EmulatedBackend):
    """An emulated engine in this process, with its history. May be used from several threads."""

    name: ClassVar[str] = "memory"
    summary: ClassVar[str] = "an emulated engine in this process's memory, gone when it ends: for trying things out"
    capabilities: ClassVar[Capabilities] = Capabilities(lists_others=True, trial=True, history=True)

    def __init__(self, store: Path | None = None) -> None:
        if store is not None:
            raise PlaceError("the memory backend keeps nothing in a file", remedy="leave the store's place out")
        super().__init__(BfeEngine())

    def place(self) -> str:
        """Return where it keeps its state."""
        return "this process's memory"

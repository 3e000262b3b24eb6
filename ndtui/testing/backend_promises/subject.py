"""The backend under test: how one is made, and which of its flags a test needs."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ndtui.backends.contract.backend import Backend

Factory = Callable[[], Backend]


class BackendSubject(ABC):
    """What all tests of a backend share. A test that needs a flag is skipped where the backend does not set it."""

    @abstractmethod
    def make(self, folder: Path) -> Backend:
        """Return a backend that holds nothing yet; ``folder`` is new and empty each time, for its files."""

    @pytest.fixture
    def new(self, tmp_path: Path) -> Factory:
        """Return what makes one backend after the other, each with a state of its own."""
        numbers = count(1)

        def another() -> Backend:
            folder = tmp_path / f"backend-{next(numbers)}"
            folder.mkdir()
            return self.make(folder)

        return another

    @pytest.fixture
    def backend(self, new: Factory) -> Backend:
        """Return the backend under test."""
        return new()

    @pytest.fixture
    def writing(self, backend: Backend) -> Backend:
        """Return a backend that can be written to."""
        return _able(backend, "write")

    @pytest.fixture
    def remembering(self, writing: Backend) -> Backend:
        """Return a backend that keeps a history."""
        return _able(writing, "history")

    @pytest.fixture
    def confirming(self, writing: Backend) -> Backend:
        """Return a backend that takes an apply back unless it is confirmed."""
        return _able(writing, "confirm_or_revert")

    @pytest.fixture
    def trying(self, writing: Backend) -> Backend:
        """Return a backend that holds a policy on trial."""
        return _able(writing, "trial")

    @pytest.fixture
    def let_pass(self) -> Callable[[float], None]:
        """Return what lets seconds pass. Override it where a test can move the clock that the backend looks at."""
        return time.sleep


def _able(backend: Backend, flag: str) -> Backend:
    if not getattr(backend.capabilities, flag):
        pytest.skip(f"the backend {backend.name} does not set the flag {flag}")
    return backend

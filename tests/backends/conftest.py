"""Fixtures of the backends' tests."""

import time

import pytest

from ndtui.common import boot_clock
from tests.backends.clocks import Clocks


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """Have the program go by clocks of the test."""
    made = Clocks()
    monkeypatch.setattr(boot_clock, "now", made.now)
    monkeypatch.setattr(time, "time", made.wall)
    monkeypatch.setattr(time, "sleep", made.sleep)
    return made

"""Microsoft's structures, and a machine to go with them that is not Windows."""

from typing import Any

import pytest

from ndtui.backends.wfp.native import Native
from tests.backends.wfp.windows_ctypes import structures
from tests.backends.wfp.windows_machine import machine


@pytest.fixture
def wfp() -> Any:
    """Return win32more's WindowsFilteringPlatform module, or skip the test where it is not installed."""
    return structures()


@pytest.fixture
def native(wfp: Any) -> Native:
    """Return a machine on which every secret and every certificate root is found."""
    return machine(wfp)

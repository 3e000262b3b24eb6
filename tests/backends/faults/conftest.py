"""What the tests of faults share: they stand one folder below what they build on."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_ABOVE = str(Path(__file__).resolve().parent.parent)
if _ABOVE not in sys.path:
    sys.path.append(_ABOVE)

_MEMORY = Path("/dev/shm")  # noqa: S108 - on Linux a folder for everybody, kept in memory


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for tests that write a lot and leave the power on: in memory where there is such a place."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="ndtui-", dir=_MEMORY) as name:
        yield Path(name)

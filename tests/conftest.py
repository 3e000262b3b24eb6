"""What all tests share: no files of the person who runs them, and hypothesis without a stopwatch."""

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, settings

from ndtui.backends.bfe.storage import database
from tests import wine

# HYPOTHESIS_PROFILE=thorough looks for what an everyday run may miss, quick is for running the tests many times.
for _profile, _examples in (("ndtui", 50), ("thorough", 2000), ("quick", 10)):
    settings.register_profile(
        _profile,
        parent=settings(),
        deadline=None,
        max_examples=_examples,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ndtui"))

_numbers = count()


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test folders of its own, away from the presets and the store of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(_numbers)}"
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("NDTUI_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("NDTUI_LASTING_GUARD", "none")  # nothing is left to the system that runs the tests
    # Tests kill programs, but do not pull the plug: they need not wait for the disk.
    monkeypatch.setattr(database, "DURABILITY", "OFF")


def pytest_collection() -> None:
    """Look for no garbage while the tests are collected: what that makes stays."""
    gc.disable()


@pytest.fixture(scope="session")
def wine_prefix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the one folder that Wine keeps its Windows in while the tests run: making it takes seconds."""
    prefix = tmp_path_factory.mktemp("wine") / "prefix"
    yield prefix
    wine.stop(prefix)
    rmtree(prefix, ignore_errors=True)  # it is large


def pytest_collection_finish() -> None:
    """Leave what collecting has made, which stays to the end, out of every search for garbage."""
    gc.collect()
    gc.freeze()
    gc.enable()

"""What is said while another program writes to the store, and what becomes of waiting for it."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.store import StoreBackend
from tests.cli.running import Run, environment

WAITS = "Another program changes what the backend holds: waiting for it; Ctrl+C gives up"


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    """Return a store where a policy waits to be confirmed."""
    path = tmp_path / "store.sqlite3"
    run("apply", "nd-transport", "--store", str(path), "--confirm-within", "1h", "--yes")
    return path


@pytest.fixture
def writer(store: Path) -> Iterator[sqlite3.Connection]:
    """Return another program's connection that writes to the store until it commits."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def told(words: tuple[str, ...], meanwhile: Callable[["subprocess.Popen[str]"], object]) -> tuple[int, str, list[str]]:
    """Run a command, do something once it says that it waits, and return its status, data and messages."""
    with subprocess.Popen(
        [sys.executable, "-m", "ndtui", *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stderr
        lines = []
        for line in running.stderr:
            lines.append(line.rstrip("\n"))
            if lines[-1] == WAITS:
                meanwhile(running)
        assert running.stdout
        data = running.stdout.read()
    return running.returncode, data, lines


def test_confirming_waits_and_says_so(store: Path, writer: sqlite3.Connection) -> None:
    status, data, lines = told(("confirm", "--store", str(store)), lambda _: writer.execute("COMMIT"))
    assert (status, lines) == (0, [WAITS])
    assert data.startswith("Confirmed: nd-transport stays")


def test_removing_waits_and_says_so_once(run: Run, store: Path, writer: sqlite3.Connection) -> None:
    writer.execute("COMMIT")
    run("confirm", "--store", str(store))
    writer.execute("BEGIN IMMEDIATE")
    status, data, lines = told(("remove", "--store", str(store), "--yes"), lambda _: writer.execute("COMMIT"))
    assert (status, lines) == (0, [WAITS])
    assert "nothing of ours is left" in data
    assert not StoreBackend(store).snapshot().objects


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl+C to every program of a console")
def test_ctrl_c_gives_up(store: Path, writer: sqlite3.Connection) -> None:
    status, _, lines = told(("confirm", "--store", str(store)), lambda waits: waits.send_signal(signal.SIGINT))
    assert (status, lines) == (130, [WAITS])
    writer.execute("COMMIT")
    assert StoreBackend(store).snapshot().pending

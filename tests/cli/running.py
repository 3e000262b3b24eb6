"""What tests of the command line need: a run and what it printed, and runs as a process of their own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support import ROOT, one_line


@dataclass(frozen=True)
class Ran:
    """What a run printed, and its exit status."""

    status: int
    out: str
    err: str

    def refusal(self, status: int = 2) -> str:
        """Return the one line of a run that was refused."""
        assert self.status == status, self
        assert self.out == ""
        assert self.err.startswith("ndtui: error: "), self.err
        assert self.err.endswith("\n")
        return one_line(self.err[:-1])


Run = Callable[..., Ran]


def process(*words: str, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process of its own, with more environment variables, and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "ndtui", *words],
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        **options,
    )


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process that finds this checkout from any folder."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, **(more or {})}

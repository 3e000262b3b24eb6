"""Windows programs in tests: compiled by mingw-w64, run by Wine; where one of both is not there, a test is skipped."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

import pytest

COMPILER = "x86_64-w64-mingw32-gcc"
_NO_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY")


def needed() -> None:
    """Skip the test where there is no compiler or no Wine."""
    for program in (COMPILER, "wine"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def compiled(program: Path, sources: Sequence[Path], *options: str) -> Path:
    """Return a program or library, compiled from its sources with warnings as errors."""
    needed()
    done = subprocess.run(
        [COMPILER, "-Wall", "-Werror", "-o", str(program), *map(str, sources), *options],
        check=False,
        timeout=300,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[:2000]
    return program


def environment(prefix: Path) -> dict[str, str]:
    """Return the environment for Wine: a prefix of its own, and no screen."""
    return {
        **{name: value for name, value in os.environ.items() if name not in _NO_SCREEN},
        "WINEPREFIX": str(prefix),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
        "LC_ALL": "C.UTF-8",
    }


def run(
    prefix: Path, program: Path, *arguments: str, more: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a program in its own folder, without anything to read, and return what it said.

    It writes into files: services that Wine starts would keep a pipe open for seconds after the program has ended.
    Where Wine itself lost its server before the program began, it is run again.
    """
    done = _run(prefix, program, arguments, more)
    return _run(prefix, program, arguments, more) if b"wine client error" in done.stderr else done


def _run(
    prefix: Path, program: Path, arguments: Sequence[str], more: Mapping[str, str] | None
) -> "subprocess.CompletedProcess[bytes]":
    with TemporaryFile() as output, TemporaryFile() as errors:
        done = subprocess.run(
            [*_at_fixed_addresses(), "wine", program.name, *arguments],
            cwd=program.parent,
            env={**environment(prefix), **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            check=False,
            timeout=300,
        )
        for file in (output, errors):
            file.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read(), errors.read())


@cache
def _at_fixed_addresses() -> Sequence[str]:
    """Return what a program is started with so that Linux does not move its heap by up to a gigabyte.

    One start in two thousand it would lie where Wine needs a page for itself: "failed to map the shared user data" is
    said then, and the program is not started. Containers may forbid to ask for that; there it is left to chance.
    """
    fixed = ("setarch", "--addr-no-randomize")
    if shutil.which(fixed[0]) is None:
        return ()
    return fixed if subprocess.run([*fixed, "true"], capture_output=True, check=False).returncode == 0 else ()


def stop(prefix: Path) -> None:
    """End what Wine leaves running for a prefix."""
    server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
    if Path(server).exists():
        subprocess.run([server, "-k"], env=environment(prefix), capture_output=True, check=False, timeout=60)

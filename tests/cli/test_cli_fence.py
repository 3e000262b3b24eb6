"""The fence at the door: whatever happens inside is one line and an exit status, and with --debug a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ndtui.cli import process
from ndtui.cli.commands import COMMANDS
from tests.cli.running import Run, environment

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


class Hostile(Exception):  # noqa: N818 - it stands for any
    def __str__(self) -> str:
        raise ValueError("not even this")


UNFORESEEN = [
    (KeyError("x"), "unexpected: KeyError: 'x': this is a mistake of ndtui: report it at "),
    (AssertionError("a\x1b[2Jb\nc"), "unexpected: AssertionError: a\\x1b[2Jb c: this is a mistake"),
    (SystemExit("so"), "unexpected: SystemExit: so: this is a mistake"),
    (RecursionError("deep"), "unexpected: RecursionError: deep: this is a mistake"),
    (Hostile(), "unexpected: "),
    (MemoryError(), "there is not enough memory for that"),
    (PermissionError(13, "Permission denied", "f\x1b"), "the system refuses: PermissionError: "),
    (ExceptionGroup("many", [ValueError("one"), KeyError("two")]), "unexpected: ExceptionGroup: many"),
]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes reading a design fail in a given way."""

    def fail(error: BaseException) -> None:
        def read(word: str) -> None:
            raise error

        monkeypatch.setattr("ndtui.cli.arguments.sources.read_source", read)

    return fail


@pytest.mark.parametrize(("error", "said"), UNFORESEEN, ids=lambda each: type(each).__name__)
def test_whatever_is_raised_is_one_line_and_an_exit_status(run: Run, failing, error: BaseException, said: str):
    failing(error)
    line = run("compile", "nd-transport").refusal(status=2)
    assert line.startswith(f"ndtui: error: {said}")
    assert ("https://" in line) is ("this is a mistake of ndtui" in line)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_with_debug_the_traceback_stands_before_the_line(run: Run, failing, place: int):
    failing(KeyError("x\x1b"))
    words = ["compile", "nd-transport"]
    words.insert(place, "--debug")
    ran = run(*words)
    *traceback, line = ran.err.splitlines()
    assert ran.status == 2
    assert line.startswith("ndtui: error: unexpected: KeyError")
    assert traceback[0] == "Traceback (most recent call last):"
    assert any("in read" in each for each in traceback)
    assert "\x1b" not in ran.err


def test_debug_shows_where_an_expected_error_arose_too(run: Run):
    ran = run("compile", "nope", "--debug")
    assert ran.status == 2
    assert ran.err.startswith("Traceback")
    assert ran.err.splitlines()[-1].startswith("ndtui: error: there is no preset 'nope'")


def test_after_two_dashes_debug_is_no_option(run: Run, tmp_path: Path):
    assert "Traceback" not in run("compile", "--", "--debug").err


@pytest.mark.parametrize("command", [*COMMANDS, None], ids=str)
def test_debug_is_an_option_of_every_command(run: Run, command: str | None):
    assert "--debug" in run(*filter(None, (command, "--help"))).out


def test_an_interrupt_in_any_disguise_is_an_interrupt(run: Run, failing):
    """Python raises RuntimeError for what happens in __set_name__, and libraries wrap what happens in an import."""
    disguised = RuntimeError("Error calling __set_name__")
    disguised.__cause__ = ImportError("x")
    disguised.__cause__.__context__ = KeyboardInterrupt()
    for error in (KeyboardInterrupt(), disguised):
        failing(error)
        ran = run("compile", "nd-transport")
        assert (ran.status, ran.out, ran.err) == (process.INTERRUPTED, "", "")


INTERRUPTED_WHILE = """
import runpy, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
sys.argv = ["ndtui", "compile", "nd-transport"]
runpy.run_module("ndtui", run_name="__main__")
"""


@pytest.mark.parametrize(
    "module",
    [
        "ndtui.cli",
        "ndtui.cli.process",
        "ndtui.common.errors",
        "ndtui.cli.parser",
        "pydantic",
        "ndtui.model.design.design",
    ],
)
def test_an_interrupt_during_the_start_is_an_exit_status(module: str):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE.format(module=module)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("words", ["compile nope", "presets", "status --json", "compile -", "apply nd-boundary"])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_no_closed_descriptor_makes_a_traceback(words: str, closed: str):
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m ndtui {words} {closed}'],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr + done.stdout
    assert "Exception" not in done.stderr + done.stdout
    assert done.stderr.count("\n") <= 1


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "status"),
    [("2</dev/null", 2), ("2>/dev/full", 2), ("1</dev/null", 2), ("0>/dev/null", 2), (">/dev/full 2>/dev/full", 2)],
)
def test_no_descriptor_of_the_wrong_kind_makes_a_traceback(wrong: str, status: int):
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m ndtui compile nope {wrong}'],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stderr + done.stdout


@posix
def test_standard_input_that_cannot_be_read_is_one_line():
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m ndtui compile - 0>/dev/null'],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("ndtui: error: standard input cannot be read")
    assert done.stderr.count("\n") == 1

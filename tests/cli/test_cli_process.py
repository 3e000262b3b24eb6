"""The program as a process: what it loads, pipes that close, disks that are full, terminals that answer."""

import gc
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ndtui.cli.commands import COMMANDS
from ndtui.ui.state.options import Options
from tests.a_machine import state_file
from tests.cli.running import Run, environment, process

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")

LOADED = """
import atexit, sys
before = set(sys.modules)
from ndtui.__main__ import main
sys.argv = ["ndtui", *sys.argv[1:]]
atexit.register(lambda: print(*sorted(sys.modules.keys() - before), file=sys.stderr))
sys.exit(main())
"""

ENDS = """
import atexit, sys, threading, time
from ndtui.cli import process
def run(argv):
    print("done")
    threading.Thread(target=work, daemon={daemon}).start()
    return 3
def work():
    time.sleep({seconds})
    print("worked")
process._run = run
atexit.register(print, "at the end")
sys.exit(process.main())
"""

HELP = [("--version",), ("--help",), *((name, "--help") for name in COMMANDS)]


def loaded(*words: str) -> set[str]:
    """Return the modules that a run in a fresh process loads."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    return set(done.stderr.split())


@pytest.mark.slow
def test_compile_loads_little():
    modules = loaded("compile", "nd-transport")
    assert {"pydantic", "ndtui.model"} <= modules
    assert not modules & {"textual", "rich", "typer", "tomlkit", "platformdirs", "sqlite3", "difflib", "asyncio"}


@pytest.mark.slow
@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_what_a_command_is_is_said_without_what_it_works_with(words: tuple[str, ...]):
    modules = loaded(*words)
    assert {name.partition(".")[0] for name in modules} - sys.stdlib_module_names == {"ndtui"}
    assert not modules & {"ndtui.model", "ndtui.backends", "ndtui.app", "ndtui.screens", "asyncio", "sqlite3"}
    if words[0] != "export":  # which lists the formats that installed packages announce
        assert not modules & {"ndtui.exporters", "importlib.metadata", "json", "logging", "traceback"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("daemon", "seconds", "said"),
    [(False, 0.2, ["done", "worked", "at the end"]), (True, 60.0, ["done", "at the end"])],
    ids=["waited for", "nobody waits for"],
)
def test_what_is_registered_is_called_at_the_end_whatever_thread_is_at_work(
    daemon: bool, seconds: float, said: list[str]
):
    code = ENDS.format(daemon=daemon, seconds=seconds)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (3, said, "")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("compile", "nd-domain-member", "--json"), ("--help",)], ids=" ".join)
def test_a_pipe_that_closes_is_no_error(words: tuple[str, ...]):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "ndtui", *words], env=environment(), stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("words", [("compile", "nd-transport"), ("--version",)], ids=" ".join)
def test_a_full_disk_is_one_line(words: tuple[str, ...]):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ndtui", *words], env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"ndtui: error: standard output cannot be written to: ")
    assert done.stderr.count(b"\n") == 1


@posix
@pytest.mark.slow
def test_closed_streams_are_no_crash():
    for closed, status in ((">&-", 0), ("2>&-", 0), ("<&-", 0)):
        command = f'exec "{sys.executable}" -m ndtui compile nd-transport {closed}'
        done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (status, b""), closed
    command = f'exec "{sys.executable}" -m ndtui compile - <&-'
    done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        b"ndtui: error: standard input is closed: name a preset or a file\n",
    )


@pytest.mark.slow
def test_an_error_is_a_status_of_the_process_and_no_traceback():
    done = process("compile", "nope")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"ndtui: error: there is no preset 'nope'")
    assert done.stderr.count(b"\n") == 1


@posix
@pytest.mark.slow
def test_an_apply_asks_on_a_terminal_and_shows_the_question(tmp_path: Path):
    import pty

    master, slave = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "ndtui", "apply", "nd-transport", "--store", str(tmp_path / "policy.db")],
        env=environment(),
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    until = time.monotonic() + 60
    while not shown.endswith(b"[y/N] ") and time.monotonic() < until:
        shown += os.read(master, 1000)
    os.write(master, b"y\n")
    output, _ = running.communicate(timeout=60)
    os.close(master)
    assert running.returncode == 0
    assert b"25 to add, 0 to change, 0 to remove?" in shown
    assert b"Done: 25 added" in output


class Terminal:
    """Stands for a stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path | None, Options]]:
    """Stand for the designer; returns what it was opened with."""
    calls: list[tuple[str, Path | None, Options]] = []

    def run_designer(design: object, path: Path | None, options: Options, _taken_over: object) -> int:
        assert gc.isenabled()
        calls.append((getattr(design, "name", ""), path, options))
        return 0

    monkeypatch.setattr("ndtui.app.launch.run_designer", run_designer)
    monkeypatch.setattr("ndtui.cli.commands.designer._has_terminal", lambda: True)
    return calls


def test_on_a_terminal_the_designer_opens(run: Run, opened: list[tuple[str, Path | None, Options]], tmp_path: Path):
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\n')
    bundle = tmp_path / "own.json"
    bundle.write_text(run("export", str(own)).out)
    assert run().status == 0
    assert run("nd-boundary", "--read-only", "--no-color").status == 0
    assert run("--backend", "memory", "--store", "x.db", str(own)).status == 0
    assert run(str(bundle)).status == 0
    assert opened == [
        ("nd-transport", None, Options()),
        ("nd-boundary", None, Options(read_only=True, no_color=True)),
        ("own", own, Options(backend="memory", store=Path("x.db"))),
        ("own", None, Options()),
    ]


def test_what_netsh_wrote_opens_as_a_machine_above_the_usual_design(
    run: Run, opened: list[tuple[str, Path | None, Options]], tmp_path: Path
):
    path = state_file(tmp_path)
    assert run(path, "--read-only").status == 0
    ((name, own, options),) = opened
    assert (name, own, options.read_only) == ("nd-transport", None, True)
    assert options.machine is not None
    assert (options.machine.path, len(options.machine.dump.filters)) == (path, 7)


@pytest.mark.parametrize("text", ["<wfpstate>", "<html/>", "", "<wfpstate><filters><item/></filters></wfpstate>"])
def test_a_file_that_netsh_did_not_write_is_refused_in_a_line(
    text: str, run: Run, opened: list[tuple[str, Path | None, Options]], tmp_path: Path
):
    path = tmp_path / "wfpstate.xml"
    path.write_text(text, encoding="utf-8")
    assert "wfpstate.xml" in run(path).refusal()
    assert run(tmp_path / "none.xml").refusal().startswith("ndtui: error:")
    assert opened == []


@pytest.mark.parametrize(("term", "expected"), [("xterm", True), ("", True), ("dumb", False)])
def test_a_dumb_terminal_is_none(term: str, expected: bool, monkeypatch: pytest.MonkeyPatch):
    from ndtui.cli.commands.designer import _has_terminal

    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())
    assert _has_terminal() is expected
    monkeypatch.setattr("sys.stdin", None)
    assert not _has_terminal()


@posix
def test_where_the_screen_is_drawn_there_has_to_be_a_terminal(monkeypatch: pytest.MonkeyPatch):
    from ndtui.cli.commands.designer import _has_terminal

    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}", Terminal())
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert not _has_terminal()


def test_a_long_apply_says_how_far_it_is(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    ports = "\n".join(f'[[exemptions]]\nname = "{n}"\nprotocol = "tcp"\nremote_ports = [{n}]' for n in range(1, 801))
    design = f'name = "large"\nscenario = "boundary"\n{ports}\n'.encode()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    ran = run("apply", "-", "--yes", stdin=design)
    assert ran.status == 0
    assert ran.err.startswith("\r2,000 of ")
    assert ran.err.endswith("\r\x1b[K")
    assert run("remove", "--yes", "--backend", "memory").err == ""


AT_WORK = """
import sys, threading, time
from ndtui.cli import process

def run(_):
    from ndtui.model.design.design import Design
    exemptions = [{"name": f"e{n}", "protocol": "tcp", "remote_ports": [n]} for n in range(1, 3000)]

    def work():
        while True:
            Design.model_validate({"name": "x", "version": 2, "exemptions": exemptions})

    for _ in range(2):
        threading.Thread(target=work, daemon=True).start()
    time.sleep(0.3)
    print("done", end="")
    return 3

process._run = run
sys.argv = ["ndtui"]
sys.exit(process.main())
"""


def test_a_thread_that_nobody_waits_for_does_not_abort_the_end():
    done = subprocess.run(
        [sys.executable, "-c", AT_WORK], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "done", "")

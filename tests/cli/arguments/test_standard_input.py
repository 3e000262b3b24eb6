"""Standard input in the place of a file that Windows wrote: the same answer, in the same words, and nothing is left."""

import gc
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ndtui.cli.arguments import sources, standard_input
from ndtui.common.errors import InputError
from ndtui.exporters.bundle.designs_and_bundles import read_file
from ndtui.model.files import presets
from tests.cli.running import Run, environment
from tests.events import net_event, net_events
from tests.netsh import show_state
from tests.support import preset

PACKET = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
DESIGN = presets.find("nd-transport").path.read_bytes()

#: Commands with ``DUMP`` where the file is named that netsh wfp show state wrote.
COMMANDS = {
    "trace": ["trace", "DUMP", PACKET],
    "trace as JSON": ["trace", "DUMP", PACKET, "--json"],
    "order": ["order", "DUMP"],
    "order among": ["order", "nd-transport", "--among", "DUMP"],
    "order evaluate": ["order", "--evaluate", "DUMP"],
    "diff, the design first": ["diff", "nd-transport", "DUMP"],
    "diff, the dump first": ["diff", "DUMP", "nd-boundary"],
    "diff as JSON": ["diff", "DUMP", "nd-boundary", "--json"],
    "diff with the store": ["diff", "DUMP", "store:"],
    "inspect": ["inspect", "DUMP", "--show", "filters"],
    "check": ["check", "nd-transport", "--on", "DUMP"],
    "plan": ["plan", "nd-transport", "--against", "DUMP"],
    "import": ["import", "--from-netsh", "DUMP", "-o", "OUT"],
    "no command": ["DUMP"],
}


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "wfpstate.xml"
    path.write_text(show_state(preset("nd-transport")), encoding="utf-8-sig")
    return path


def answers(run: Run, words: list[str], dump: Path, folder: Path) -> list[tuple[int, str, str]]:
    """Return what a command says of a file by its path, and of the same on standard input."""
    found = []
    for word, given in ((str(dump), b""), ("-", dump.read_bytes())):
        out = folder / ("out.toml" if word == "-" else "file.toml")
        ran = run(*({"DUMP": word, "OUT": str(out)}.get(each, each) for each in words), stdin=given)
        written = out.read_text(encoding="utf-8") if out.exists() else ""
        said = (ran.out + written, ran.err.replace(str(out), "OUT"))
        found.append((ran.status, *(each.replace(str(dump), "standard input") for each in said)))
    return found


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_dump_is_taken_on_standard_input(words: list[str], run: Run, dump: Path, tmp_path: Path):
    by_path, on_input = answers(run, words, dump, tmp_path)
    assert on_input == by_path
    assert len(by_path[1]) + len(by_path[2]) > 80


def test_every_command_that_takes_a_dump_says_so_in_its_help(run: Run):
    for name in ("trace", "order", "diff", "inspect", "events", "import"):
        assert "standard input" in " ".join(run(name, "--help").out.split()), name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_whichever_encoding_it_has(encoding: str, run: Run, dump: Path):
    text = dump.read_text(encoding="utf-8-sig")
    assert run("order", "-", stdin=text.encode(encoding)).out == run("order", dump).out


@pytest.mark.parametrize("more", [["--by", "layer"], ["--list"], ["--event", "1"], ["--list", "--json"]])
def test_events_are_taken_on_standard_input(more: list[str], run: Run, tmp_path: Path):
    path = tmp_path / "netevents.xml"
    path.write_text(net_events(net_event()), encoding="utf-8")
    by_path, on_input = answers(run, ["events", "DUMP", *more], path, tmp_path)
    assert on_input == by_path
    assert by_path[0] == 0


def test_one_of_two_files_can_be_standard_input(run: Run, dump: Path, tmp_path: Path):
    path = tmp_path / "netevents.xml"
    path.write_text(net_events(net_event()), encoding="utf-8")
    assert run("events", path, "--state", "-", stdin=dump.read_bytes()).out == run("events", path, "--state", dump).out
    assert run("events", "-", "--state", dump, stdin=path.read_bytes()).out == run("events", path, "--state", dump).out


@pytest.mark.parametrize(
    "words",
    [
        ["order", "-", "--among", "-"],
        ["events", "-", "--state", "-"],
        ["check", "-", "--on", "-"],
        ["plan", "-", "--against", "-"],
        ["trace", "-", PACKET, "--peer", "-"],
    ],
)
def test_what_is_named_twice_is_refused(words: list[str], run: Run, dump: Path):
    given = dump.read_bytes() if words[0] == "events" else DESIGN
    said = run(*words, stdin=given).refusal()
    assert "standard input is named twice, and can be one thing: name a file for the other" in said


def test_what_is_wrong_is_said_of_standard_input_with_its_line(run: Run):
    assert "standard input, line 2: " in run("inspect", "-", stdin=b"<wfpdiag>\n<a></wfpdiag>").refusal()
    assert "standard input" in run("inspect", "-", stdin=b"").refusal()
    assert "standard input" in run("events", "-", stdin=b"<a/>").refusal()
    said = run("import", "--from-netsh", "-", stdin=b"<wfpdiag/>")
    assert (said.status, said.out) == (1, "")
    assert "error: standard input has no policy" in said.err


def test_no_more_is_taken_than_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    taken = []
    monkeypatch.setattr(standard_input, "_CHUNK", 100)

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            taken.append(len(buffer))
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Endless(), 100)))
    kept = standard_input.kept(10_000)
    assert kept.stat().st_size == 10_001
    assert sum(taken) < 11_000
    with pytest.raises(InputError, match="named twice"):
        standard_input.read_bytes(1)


def test_nothing_is_left_of_it(run: Run, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    run("inspect", "-", stdin=dump.read_bytes())
    run("inspect", "-", stdin=b"<nothing/>")
    gc.collect()
    assert set(tmp_path.iterdir()) == before


def test_nothing_is_left_of_it_when_the_process_has_ended(dump: Path, tmp_path: Path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    words = [sys.executable, "-m", "ndtui", "inspect", "-", "--show", "filters"]
    done = subprocess.run(words, input=dump.read_bytes(), env=environment(places), capture_output=True, check=True)
    assert b"nd-transport" in done.stdout
    assert os.listdir(folder) == []  # noqa: PTH208 - names are enough


def test_where_it_cannot_be_kept_nothing_is_said_but_that(run: Run, dump: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert "standard input cannot be kept in a file" in run("inspect", "-", stdin=dump.read_bytes()).refusal(1)


def test_a_design_on_standard_input_needs_no_file(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    for words in (["trace", "-", PACKET], ["order", "-"], ["diff", "-", "nd-transport"], ["check", "-"], ["-"]):
        ran = run(*words, stdin=DESIGN)
        assert ran.status == 0, ran


def test_a_short_piece_at_first_is_waited_for(monkeypatch: pytest.MonkeyPatch, dump: Path):
    class Slow(io.RawIOBase):
        left = dump.read_bytes()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            piece, self.left = self.left[:1], self.left[1:]
            buffer[: len(piece)] = piece
            return len(piece)

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Slow(), 1)))
    assert sources.is_dump("-")
    assert sources.windows_file("-").read_bytes() == dump.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_design_in_the_encoding_of_windows_is_taken_as_import_takes_it(encoding: str, run: Run, tmp_path: Path):
    path = tmp_path / "design.toml"
    path.write_bytes(DESIGN.decode().encode(encoding))
    expected = run("compile", "nd-transport").out
    assert run("compile", path).out == expected
    assert run("compile", "-", stdin=path.read_bytes()).out == expected
    assert run("import", path, "-o", tmp_path / "out.toml").status == 0
    assert read_file(path).path == (path if encoding == "utf-8-sig" else None)  # it would be saved as UTF-8

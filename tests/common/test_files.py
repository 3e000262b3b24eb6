"""Writing over what is somebody's: modes, owners and the umask are kept, devices and pipes never replaced."""

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ndtui.backends.planning import plan_file
from ndtui.backends.store import StoreBackend
from ndtui.cli.process import main
from ndtui.common import files
from ndtui.common.errors import RefusedError
from ndtui.exporters.bundle import bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import change
from ndtui.model.files import presets
from ndtui.model.files.presets import Preset
from tests.support import design, exempting, one_line, preset

unix = pytest.mark.skipif(os.name == "nt", reason="modes, owners and devices as Unix has them")


@pytest.fixture
def narrow() -> Iterator[None]:
    """Work under a umask that gives nobody else anything."""
    former = os.umask(0o077)
    yield
    os.umask(former)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@unix
@pytest.mark.usefixtures("narrow")
def test_the_umask_is_obeyed_by_exports_presets_and_plans(tmp_path):
    export, plan = tmp_path / "out.json", tmp_path / "plan.json"
    assert main(["export", "nd-transport", "-o", str(export)]) == 0
    assert main(["plan", "nd-transport", "-o", str(plan), "--store", str(tmp_path / "store")]) == 0
    presets.save(design(name="mine"), presets.own_path("mine"))
    assert {mode(export), mode(plan), mode(presets.own_path("mine"))} == {0o600}


@unix
@pytest.mark.parametrize("kept", [0o600, 0o640, 0o664, 0o755], ids=oct)
def test_the_mode_of_a_file_that_is_there_is_kept(tmp_path, kept):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    path.chmod(kept)
    files.write_text(path, "new")
    assert (mode(path), path.read_text()) == (kept, "new")


@unix
def test_the_owner_of_a_file_is_kept_where_the_system_lets_us(tmp_path, monkeypatch):
    """As root does; who is not root may not, and then the group's rights go to no other group."""
    path = tmp_path / "mine.toml"
    path.write_text("old")
    path.chmod(0o664)
    asked = []
    theirs = SimpleNamespace(st_mode=path.stat().st_mode, st_uid=4711, st_gid=4712)
    monkeypatch.setattr(files, "_former", lambda _: theirs)
    monkeypatch.setattr(os, "chown", lambda _, user, group: asked.append((user, group)))
    files.write_text(path, "new")
    assert asked == [(4711, 4712)]
    assert mode(path) == 0o664

    def denied(_path, user, group):
        asked.append((user, group))
        raise PermissionError

    monkeypatch.setattr(os, "chown", denied)
    files.write_text(path, "newer")
    assert asked[1:] == [(4711, 4712), (-1, 4712)]
    assert (mode(path), path.read_text()) == (0o604, "newer")


@unix
def test_a_read_only_file_is_not_replaced(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    path.chmod(0o444)
    assert main(["export", "nd-transport", "-f", "design", "-o", str(path), "--force"]) == 1
    assert f"{path} is read-only: make it writable" in one_line(capsys.readouterr().err.strip())
    assert path.read_text() == "old"


@unix
@pytest.mark.parametrize("argument", [["--force"], []])
def test_a_pipe_is_written_to_and_stays_one(tmp_path, argument):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    arguments = ["export", "nd-transport", "-f", "design", "-o", str(pipe), *argument]
    assert any(main(arguments) == 0 for _ in range(500))  # not before the thread has opened its end
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    reader.join()
    assert b'name = "nd-transport"' in read[0]


@unix
def test_a_pipe_that_nobody_reads_is_refused_at_once(tmp_path, capsys):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["export", "nd-transport", "-o", str(pipe), "--force"]) == 1
    assert f"nobody reads from {pipe}" in capsys.readouterr().err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@unix
@pytest.mark.parametrize("linked", [False, True])
def test_a_device_is_written_to_and_stays_one(tmp_path, linked):
    """A terminal of the test's own, where no file can be made beside it: a program that replaces devices does no harm.

    Never a device of the machine: run as root, the program before this was mended replaced /dev/null for everybody.
    """
    ours, theirs = os.openpty()
    device = Path(os.ttyname(theirs))
    place = tmp_path / "link" if linked else device
    if linked:
        place.symlink_to(device)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(os.read(ours, 100)), daemon=True)
    reader.start()
    try:
        assert main(["export", "nd-ipv4-only", "-f", "table", "-o", str(place), "--force"]) == 0
        reader.join()
        assert read[0].startswith(b"filterKey,")
        assert stat.S_ISCHR(device.stat().st_mode)
    finally:
        os.close(theirs)
        os.close(ours)


@unix
def test_standard_output_by_its_name_is_what_it_leads_to(tmp_path):
    """A file that standard output goes to is written on, not replaced: what is before stays, and so does the file."""
    path = tmp_path / "out"
    path.write_text("before\n")
    with path.open("ab") as file:
        place = Path(f"/proc/self/fd/{file.fileno()}" if Path("/proc/self/fd").exists() else f"/dev/fd/{file.fileno()}")
        former = path.stat().st_ino
        presets.save(preset("nd-transport"), place)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert 'name = "nd-transport"' in text
    assert path.stat().st_ino == former


@unix
def test_what_is_neither_file_nor_stream_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    with socket.socket(socket.AF_UNIX) as there:
        there.bind("socket")
        with pytest.raises(RefusedError, match="socket is no file: name a file"):
            files.write_text(Path("socket"), "text")
        assert stat.S_ISSOCK(Path("socket").stat().st_mode)
    with pytest.raises(RefusedError, match="is a folder: name a file in it"):
        files.write_text(tmp_path, "text")


def test_a_folder_that_does_not_exist_is_an_error_with_its_remedy(tmp_path, capsys):
    place = tmp_path / "nwe" / "out.json"
    for arguments in (
        ["export", "nd-transport", "-o", str(place)],
        ["plan", "nd-transport", "-o", str(place), "--store", str(tmp_path / "store")],
        ["import", str(presets.find("nd-transport").path), "-o", str(place)],
    ):
        assert main(arguments) == 1
        message = one_line(capsys.readouterr().err.strip().split("\n")[-1])
        assert message.endswith(f"there is no folder {place.parent}: make it first, or name another place")
    assert not place.parent.exists()


def test_the_programs_own_folders_are_made():
    assert not presets.own_dir().exists()
    presets.save(design(name="mine"), presets.own_path("mine"))
    assert presets.find("mine").load() == design(name="mine")


# Nothing is written that is refused when it is read.


@pytest.mark.parametrize(
    ("limit", "arguments", "what"),
    [
        ("MAX_JSON", ["export", "nd-transport", "-o", "OUT"], "the bundle of 'nd-transport'"),
        ("MAX_JSON", ["compile", "nd-transport", "--json"], "the bundle of 'nd-transport'"),
        ("MAX_JSON", ["plan", "nd-transport", "-o", "OUT", "--store", "STORE"], "the plan of 'nd-transport'"),
        ("MAX_TEXT", ["export", "BUNDLE", "-f", "design", "-o", "OUT"], "the design 'nd-domain-member'"),
        ("MAX_TEXT", ["import", "BUNDLE", "-o", "OUT"], "the design 'nd-domain-member'"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(limit, arguments, what, tmp_path, monkeypatch, capsys):
    places = {"OUT": tmp_path / "out", "STORE": tmp_path / "store", "BUNDLE": tmp_path / "bundle.json"}
    assert main(["export", "nd-domain-member", "-o", str(places["BUNDLE"])]) == 0
    capsys.readouterr()
    monkeypatch.setattr(files, limit, 1000)
    assert main([str(places.get(each, each)) for each in arguments]) == 1
    told = capsys.readouterr()
    assert f"{what} has more than 1000 bytes, and no more is read again: nothing was written" in told.err
    assert "{" not in told.out
    assert not places["OUT"].exists()


def test_what_cannot_but_be_too_large_is_refused_before_it_is_made(monkeypatch, tmp_path):
    filterset = compile_design(exempting(*({"protocol": "udp", "remote_ports": [port]} for port in range(1, 101))))
    plan = StoreBackend(tmp_path / "store").plan(filterset)
    monkeypatch.setattr(files, "MAX_JSON", 100_000)
    monkeypatch.setattr(bundle, "object_lists", None)
    monkeypatch.setattr(plan_file, "json", None)
    for write in (lambda: bundle.format_bundle(filterset), lambda: plan_file.format_plan(plan, "")):
        with pytest.raises(RefusedError, match="has more than 100000 bytes, and no more is read again"):
            write()


def test_no_filter_and_no_change_takes_fewer_bytes_than_that(tmp_path):
    for shipped in presets.shipped():
        filterset = compile_design(change(shipped.load(), name="a", description=""))
        lists = bundle.bundle(filterset)["filters"]
        assert min(len(json.dumps(each)) for each in lists) >= bundle.LEAST
        plan = StoreBackend(tmp_path / shipped.name).plan(filterset)
        changes = json.loads(plan_file.format_plan(plan, ""))["changes"]
        assert min(len(json.dumps(each)) for each in changes) >= plan_file.LEAST


def test_a_bundle_larger_than_any_design_is_read_again(tmp_path, monkeypatch):
    """Of 10,000 exemptions it has 39 MB, which a design may not have; the limits are a fiftieth here."""
    assert files.MAX_JSON > 39_000_000 > files.MAX_TEXT
    monkeypatch.setattr(files, "MAX_TEXT", files.MAX_TEXT // 50)
    monkeypatch.setattr(files, "MAX_JSON", files.MAX_JSON // 50)
    ports = range(1, 201)
    made = exempting(*({"protocol": "udp", "remote_ports": [port]} for port in ports), name="many")
    design_file, bundle, copy = (tmp_path / name for name in ("many.toml", "many.json", "copy.toml"))
    presets.save(made, design_file)
    assert main(["export", str(design_file), "-o", str(bundle)]) == 0
    assert bundle.stat().st_size > files.MAX_TEXT
    assert main(["import", str(bundle), "-o", str(copy)]) == 0
    assert Preset("copy", copy, "own").load() == made

"""Backends by name, and the promises of their flags; what holds for every plug-in is tested with the loader."""

import sys
from dataclasses import fields
from pathlib import Path
from subprocess import run

import pytest

from ndtui.backends import registry
from ndtui.backends.contract.backend import PROMISES, Backend, Capabilities
from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.registry import available, inspect, load, open_backend
from ndtui.backends.store import StoreBackend
from ndtui.common.errors import InputError
from ndtui.common.plugins import Plugin
from tests.installing import announce
from tests.support import ROOT, one_line

#: A backend that does nothing but what every backend has to write.
PLAIN = """
from ndtui.backends.contract.backend import Backend, Capabilities

class Sample(Backend):
    name = "sample"
    summary = "a sample"
    capabilities = Capabilities({flags})

    def place(self): return "nowhere"
    def snapshot(self): raise NotImplementedError
    def plan(self, target): raise NotImplementedError
    def apply(self, plan, progress=None{within}): raise NotImplementedError
{methods}
"""


def named(name: str) -> Plugin:
    """Return the one backend that is listed under a name."""
    (found,) = [info for info in available() if info.name == name]
    return found


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    flags: str,
    methods: tuple[str, ...],
    within: str = ", *, within=None",
    token: str = "token=None, ",
) -> None:
    """Install a backend that sets flags and writes methods besides those that it has to."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "flagged_backend", raising=False)
    written = "\n".join(f"    def {method}(self, {token}*_): raise NotImplementedError" for method in methods)
    source = PLAIN.format(flags=flags, within=within, methods=written)
    (folder / "flagged_backend.py").write_text(source, encoding="utf-8")
    announce(folder, "sample", {"ndtui.backends": {"sample": "flagged_backend:Sample"}})


def test_our_own_backends_load_by_name() -> None:
    assert (load("memory"), load("store"), load(registry.DEFAULT_BACKEND)) == (
        MemoryBackend,
        StoreBackend,
        StoreBackend,
    )
    for name in ("memory", "store"):
        status = inspect(named(name))
        assert (status.ok, status.summary, status.capabilities) == (True, load(name).summary, load(name).capabilities)
        assert load(name).name == name


def test_an_opened_backend_has_the_place_it_was_given(tmp_path: Path) -> None:
    assert open_backend(store=tmp_path / "x").place() == str(tmp_path / "x")
    assert open_backend("memory").name == "memory"
    with pytest.raises(PlaceError, match="memory"):
        open_backend("memory", tmp_path / "x")


@pytest.mark.skipif(sys.platform == "win32", reason="there it is available")
def test_the_windows_backend_says_why_it_is_not_available_without_being_imported() -> None:
    code = (
        "import sys; from ndtui.backends import registry;"
        "found = next(i for i in registry.available() if i.name == 'wfp');"
        "print(registry.inspect(found).problem, [m for m in sys.modules if 'wfp' in m or 'win32more' in m])"
    )
    done = run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "needs Windows: use the store here, and wfp on the machine itself []"
    with pytest.raises(BackendError, match="wfp needs Windows"):
        open_backend("wfp")


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no backend 'zzz': choose memory, store"):
        load("zzz")


def test_listing_imports_no_backend_of_ours_either() -> None:
    code = (
        "import sys; from ndtui.backends import registry; registry.available(); registry.load('memory');"
        "print([m for m in ('sqlite3', 'ndtui.backends.store', 'textual', 'rich', 'typer') if m in sys.modules])"
    )
    done = run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_a_backend_of_ours_is_loaded_without_searching_what_is_installed() -> None:
    code = (
        "import sys; from ndtui.backends import registry; registry.open_backend('memory');"
        "print([m for m in ('importlib.metadata', 'traceback') if m in sys.modules])"
    )
    done = run(
        [sys.executable, "-W", "error", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("flag", PROMISES)
def test_a_flag_without_one_of_its_methods_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    for number, missing in enumerate(PROMISES[flag]):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        install(folder, monkeypatch, f"{flag}=True", tuple(each for each in PROMISES[flag] if each != missing))
        line = f"the backend sample sets the flag {flag} without a method {missing} of its own: update sample"
        assert one_line(inspect(named("sample")).problem) == line
        with pytest.raises(BackendError) as caught:
            open_backend("sample")
        assert str(caught.value) == line
    folder = tmp_path / "complete"
    folder.mkdir()
    install(folder, monkeypatch, f"{flag}=True", PROMISES[flag])
    assert getattr(inspect(named("sample")).capabilities, flag) is True


def test_whoever_sets_confirm_or_revert_takes_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "confirm_or_revert=True", PROMISES["confirm_or_revert"], within="")
    line = "the backend sample sets the flag confirm_or_revert, and its method apply takes no within: update sample"
    assert inspect(named("sample")).problem == line


def test_whoever_sets_confirm_or_revert_takes_the_token_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "confirm_or_revert=True", PROMISES["confirm_or_revert"], token="")
    line = "the backend sample sets the flag confirm_or_revert, and its method confirm takes no token: update sample"
    assert inspect(named("sample")).problem == line


def test_every_flag_beyond_writing_and_every_method_that_need_not_be_written_is_promised() -> None:
    """A method that is neither abstract nor promised by a flag would be one that nobody has to write."""
    assert set(PROMISES) == {field.name for field in fields(Capabilities)} - {"write", "transactions"}
    public = {name for name, value in vars(Backend).items() if callable(value) and not name.startswith("_")}
    promised = {method for methods in PROMISES.values() for method in methods}
    assert public == Backend.__abstractmethods__ | promised | {"obstacles", "drift"}  # which any may tell
    assert len(public) == 15


def test_what_no_flag_promises_is_refused_and_never_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "", ())
    backend = open_backend("sample")
    assert list(backend.others()) == []
    for refused, words in (
        (backend.confirm, "cannot revert by itself"),
        (lambda: backend.revert("token"), "cannot revert by itself"),
        (lambda: backend.trial(None), "holds nothing on trial"),
        (backend.history, "keeps no history"),
        (backend.plan_rollback, "keeps no history"),
    ):
        with pytest.raises(BackendError, match=f"the backend sample {words}"):
            refused()
    with pytest.raises(PlaceError, match="the backend sample keeps nothing in a file"):
        open_backend("sample", tmp_path)

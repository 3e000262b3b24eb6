"""Backends by name: listed without importing any, and a broken plug-in is a line, never a crash."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import pytest

from ndtui.backends import registry
from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.registry import BUILT_IN, BackendInfo, available, inspect, load, open_backend
from ndtui.backends.store import StoreBackend
from ndtui.common.errors import InputError
from tests.support import ROOT, one_line

Install = Callable[..., None]

WORKING = """
from ndtui.backends.memory import MemoryBackend

class Sample(MemoryBackend):
    name = "sample"
    summary = "a sample"
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what installs a distribution ``sample`` with one module and its entry points."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("sample_backend", "sample_parts"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    def install(source: str, entry_points: str, distribution: str = "sample") -> None:
        (tmp_path / "sample_backend.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{distribution}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[ndtui.backends]\n{entry_points}\n", encoding="utf-8")

    return install


def named(name: str) -> BackendInfo:
    """Return the one backend that is listed under a name."""
    (found,) = [info for info in available() if info.name == name]
    return found


def test_our_own_backends_are_listed_first() -> None:
    ours = available()[: len(BUILT_IN)]
    assert [(i.name, i.distribution, i.target) for i in ours] == [(n, "ndtui", t) for n, t in BUILT_IN.items()]
    assert len({info.name for info in available()}) == len(available())


def test_our_own_backends_are_those_that_the_package_announces() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["ndtui.backends"] == BUILT_IN


def test_our_own_backends_load_by_name() -> None:
    assert (load("memory"), load("store"), load(registry.DEFAULT)) == (MemoryBackend, StoreBackend, StoreBackend)
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
    with pytest.raises(InputError, match=r"no backend 'stroe': choose memory, store") as caught:
        load("stroe")
    assert caught.value.status == 2


@pytest.mark.parametrize("name", ["", "\x1b[31m", "../store", "memory:MemoryBackend"])
def test_a_strange_name_is_an_unknown_name(name: str) -> None:
    with pytest.raises(InputError) as caught:
        load(name)
    one_line(str(caught.value))


def test_a_plugin_is_found_and_loaded(install: Install) -> None:
    install(WORKING, "sample = sample_backend:Sample")
    assert named("sample") == BackendInfo("sample", "sample", "sample_backend:Sample")
    status = inspect(named("sample"))
    assert (status.ok, status.summary, status.capabilities) == (True, "a sample", MemoryBackend.capabilities)
    assert open_backend("sample").name == "sample"


def test_a_plugin_may_name_a_part_of_a_part_and_extras(install: Install) -> None:
    install(
        f"class Parts:\n    from ndtui.backends.memory import MemoryBackend as Sample\n{WORKING}",
        "sample = sample_backend:Parts.Sample [extra]",
    )
    assert load("sample") is MemoryBackend


def test_listing_imports_nothing(install: Install) -> None:
    install("raise AssertionError('was imported')", "sample = sample_backend:Sample")
    assert named("sample").problem == ""
    assert "sample_backend" not in sys.modules


def test_listing_imports_no_backend_of_ours_either() -> None:
    code = (
        "import sys; from ndtui.backends import registry; registry.available(); registry.load('memory');"
        "print([m for m in ('sqlite3', 'ndtui.backends.store', 'textual', 'rich', 'typer') if m in sys.modules])"
    )
    done = run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import there_is_no_such_module", "ModuleNotFoundError"),
        ("raise RuntimeError('one\\ntwo \\x1b[31mred')", "RuntimeError: one two"),
        ("raise RuntimeError('x' * 5000)", "RuntimeError: xxx"),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E: <exception str() failed>"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise BaseExceptionGroup('g', [SystemExit()])", "BaseExceptionGroup"),
        ("def f(:", "SyntaxError"),
        ("import warnings; warnings.warn('old', DeprecationWarning)", "DeprecationWarning: old"),
        ("import ndtui.backends.contract.backend as b; b.there_is_no_such_name", "AttributeError"),
        ("pass", "no attribute 'Sample'"),
        ("Sample = 'a text'", "is no class"),
        (
            "class Meta(type):\n    def __getattr__(c, n): raise OSError(n)\nclass Sample(metaclass=Meta): pass",
            "OSError",
        ),
        ("class Sample: name = 'sample'; summary = ''", "lacks capabilities, place, snapshot, plan"),
        (f"{WORKING}    capabilities = 7\n    apply = None", "lacks capabilities, apply"),
    ],
)
def test_a_broken_plugin_is_one_line_and_leaves_the_others_alone(install: Install, source: str, reason: str) -> None:
    install(source, "sample = sample_backend:Sample")
    status = inspect(named("sample"))
    assert not status.ok
    assert reason in one_line(status.problem)
    assert (status.summary, status.capabilities) == ("", None)
    with pytest.raises(BackendError) as caught:
        load("sample")
    assert str(caught.value) == status.problem
    assert caught.value.status == 1
    assert inspect(named("store")).ok


def test_whoever_interrupts_an_import_interrupts(install: Install) -> None:
    install("raise KeyboardInterrupt", "sample = sample_backend:Sample")
    with pytest.raises(KeyboardInterrupt):
        load("sample")


@pytest.mark.parametrize(
    "target", ["sample_backend", "sample_backend:", ":", "a b", "no.such:Thing", "sample_backend:a..b"]
)
def test_an_entry_point_that_names_no_class_is_one_line(install: Install, target: str) -> None:
    install(WORKING, f"sample = {target}")
    assert "cannot be loaded" in one_line(inspect(named("sample")).problem)


def test_a_plugin_cannot_take_the_place_of_ours(install: Install) -> None:
    install(WORKING, "store = sample_backend:Sample")
    ours, theirs = [info for info in available() if info.name == "store"]
    assert (ours.distribution, ours.problem) == ("ndtui", "")
    assert theirs.distribution == "sample"
    assert "taken by ndtui.backends.store:StoreBackend of ndtui" in inspect(theirs).problem
    assert load("store") is StoreBackend


def test_of_two_plugins_of_one_name_the_first_by_distribution_is_used(install: Install) -> None:
    install(f"{WORKING}\nclass Other(Sample): pass", "sample = sample_backend:Other", "zzz")
    install(f"{WORKING}\nclass Other(Sample): pass", "sample = sample_backend:Sample", "aaa")
    assert [(i.distribution, bool(i.problem)) for i in available() if i.name == "sample"] == [
        ("aaa", False),
        ("zzz", True),
    ]
    assert load("sample").__name__ == "Sample"


def test_the_same_announcement_twice_is_one_backend(install: Install) -> None:
    install(WORKING, "sample = sample_backend:Sample\nmemory = ndtui.backends.memory:MemoryBackend", "aaa")
    install(WORKING, "sample = sample_backend:Sample", "zzz")
    assert named("sample").distribution == "aaa"
    assert named("memory").distribution == "ndtui"


def test_damaged_metadata_of_an_installed_package_leaves_ours_usable(install: Install, tmp_path: Path) -> None:
    install(WORKING, "sample = sample_backend:Sample")
    (tmp_path / "sample-1.0.dist-info" / "entry_points.txt").write_bytes(b"[ndtui.backends]\n\xff\xfe = \xff")
    problems = [inspect(info).problem for info in available()]
    assert problems[:2] == ["", ""]
    assert "installed packages cannot be searched" in one_line(problems[-1])
    assert load("store") is StoreBackend
    with pytest.raises(InputError):
        load("sample")


def test_a_plugin_that_fails_when_opened_is_one_line(install: Install) -> None:
    install(
        f"{WORKING}    def __init__(self, store=None): raise OSError('no\\nservice')", "sample = sample_backend:Sample"
    )
    assert inspect(named("sample")).ok
    with pytest.raises(BackendError, match="sample cannot be opened: OSError: no service"):
        open_backend("sample")

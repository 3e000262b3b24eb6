"""Plug-ins of either kind: listed without importing any, and a broken one is a line, never a crash."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from ndtui.backends import registry as backends
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.common.errors import InputError, NdtuiError
from ndtui.common.plugins import Plugin
from ndtui.exporters import registry as exporters
from ndtui.exporters.contract import ExportError
from tests.installing import announce
from tests.support import ROOT, one_line

MODULE = "sample_plugin"


class Sort(NamedTuple):
    """One of the two sorts of plug-in, and a class of it that works, as source."""

    thing: str
    group: str
    registry: ModuleType
    open: Callable[[str], Any]
    error: type[NdtuiError]
    base: str
    working: str


SORTS = {
    "backend": Sort(
        "backend",
        "ndtui.backends",
        backends,
        backends.open_backend,
        BackendError,
        "ndtui.backends.contract.backend.Backend",
        """
from ndtui.backends.memory import MemoryBackend

class Sample(MemoryBackend):
    name = "sample"
    summary = "a sample"
""",
    ),
    "exporter": Sort(
        "export format",
        "ndtui.exporters",
        exporters,
        exporters.exporter,
        ExportError,
        "ndtui.exporters.contract.Exporter",
        """
from ndtui.exporters.contract import Export, Exporter

class Sample(Exporter):
    name = "sample"
    title = "a sample"
    suffix = ".txt"

    def export(self, filterset, options):
        return Export("sample\\n")
""",
    ),
}


@pytest.fixture(params=SORTS)
def sort(request: pytest.FixtureRequest) -> Sort:
    return SORTS[request.param]


Install = Callable[..., None]


@pytest.fixture
def install(sort: Sort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what installs a distribution with one module and what it announces."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)

    def install(source: str, distribution: str = "sample", **entries: str) -> None:
        (tmp_path / f"{MODULE}.py").write_text(source, encoding="utf-8")
        announce(tmp_path, distribution, {sort.group: entries or {"sample": f"{MODULE}:Sample"}})

    return install


def named(sort: Sort, name: str) -> Plugin:
    """Return the one plug-in that is listed under a name."""
    (found,) = [plugin for plugin in sort.registry.available() if plugin.name == name]
    return found


def refused(sort: Sort, name: str = "sample") -> str:
    """Return the line by which a plug-in is refused, the same in the listing and for whoever asks for it."""
    problem: str = sort.registry.inspect(named(sort, name)).problem
    with pytest.raises(sort.error) as caught:
        sort.open(name)
    assert str(caught.value) == problem
    assert caught.value.status == 1
    return one_line(problem)


def test_our_own_are_listed_first_and_are_those_that_the_package_announces(sort: Sort) -> None:
    built_in = sort.registry.BUILT_IN
    ours = sort.registry.available()[: len(built_in)]
    assert [(p.name, p.distribution, p.target) for p in ours] == [(n, "ndtui", t) for n, t in built_in.items()]
    assert len({p.name for p in sort.registry.available()}) == len(sort.registry.available())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"][sort.group] == built_in


def test_one_is_found_loaded_and_opened(sort: Sort, install: Install) -> None:
    install(sort.working)
    assert named(sort, "sample") == Plugin("sample", "sample", f"{MODULE}:Sample")
    assert sort.registry.inspect(named(sort, "sample")).problem == ""
    assert sort.open("sample").name == "sample"


def test_it_may_be_a_part_of_a_part_and_ask_for_extras(sort: Sort, install: Install) -> None:
    install(f"{sort.working}\nclass Parts:\n    Inner = Sample\n", sample=f"{MODULE}:Parts.Inner [extra]")
    assert sort.open("sample").name == "sample"


def test_listing_imports_nothing(sort: Sort, install: Install) -> None:
    install("raise AssertionError('was imported')")
    assert named(sort, "sample").problem == ""
    assert MODULE not in sys.modules


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import there_is_no_such_module", "ModuleNotFoundError"),
        ("raise RuntimeError('one\\ntwo \\x1b[31mred')", "RuntimeError: one two"),
        ("raise RuntimeError('x' * 5000)", "RuntimeError: xxx"),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E: <exception str() failed>"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import sys; sys.exit('no')", "SystemExit: no"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise BaseExceptionGroup('g', [SystemExit()])", "BaseExceptionGroup"),
        ("def f(:", "SyntaxError"),
        ("import warnings; warnings.warn('old', DeprecationWarning)", "DeprecationWarning: old"),
        ("import ndtui.common.errors as e; e.there_is_no_such_name", "AttributeError"),
        ("pass", "no attribute 'Sample'"),
        ("Sample = 'a text'", "is no class"),
    ],
)
def test_one_that_cannot_be_imported_is_one_line_and_leaves_the_others_alone(
    sort: Sort, install: Install, source: str, reason: str
) -> None:
    install(source)
    line = refused(sort)
    assert line.startswith(f"the {sort.thing} sample cannot be loaded: ")
    assert reason in line
    ours = next(iter(sort.registry.BUILT_IN))
    assert sort.open(ours).name == ours


def test_one_that_is_derived_from_nothing_of_ours_is_told_from_what(sort: Sort, install: Install) -> None:
    install("class Sample: name = 'sample'; place = snapshot = plan = apply = export = print")
    assert refused(sort) == (
        f"the {sort.thing} sample is no {sort.thing}: {MODULE}:Sample is not derived from {sort.base}: update sample"
    )


def test_one_whose_class_answers_in_its_own_way_is_one_line(sort: Sort, install: Install) -> None:
    module, _, base = sort.base.rpartition(".")
    install(
        f"from {module} import {base}\n"
        f"class Meta(type({base})):\n    def __getattr__(cls, name): raise OSError(name)\n"
        f"class Sample({base}, metaclass=Meta): pass"
    )
    assert "cannot be loaded: OSError" in refused(sort)


@pytest.mark.parametrize(
    ("version", "remedy"),
    [
        ("2", "update ndtui"),
        ("10**400", "update ndtui"),
        ("0", "update sample"),
        ("'1'", "update sample"),
        ("None", "update sample"),
    ],
)
def test_one_that_was_written_for_another_contract_is_told_what_to_update(
    sort: Sort, install: Install, version: str, remedy: str
) -> None:
    install(f"{sort.working}\n    contract_version = {version}")
    line = refused(sort)
    assert "was written for version" in line
    assert line.endswith(f"of its contract, and this program speaks version 1: {remedy}")


def test_one_that_lacks_something_is_told_everything_that_it_lacks(sort: Sort, install: Install) -> None:
    module, _, base = sort.base.rpartition(".")
    install(
        f"from {module} import {base}\nclass Sample({base}): name = 'sample'; others = options = 7", distribution="pack"
    )
    lacks = {
        "backend": "summary, capabilities, place, snapshot, plan, apply, others",
        "export format": "title, suffix, options, export",
    }[sort.thing]
    assert refused(sort).endswith(f"is no {sort.thing}: {MODULE}:Sample lacks {lacks}: update pack")


def test_one_that_calls_itself_by_another_name_is_refused(sort: Sort, install: Install) -> None:
    install(sort.working, other=f"{MODULE}:Sample")
    assert refused(sort, "other") == (
        f"the {sort.thing} other calls itself 'sample', and is announced as other: update sample"
    )


def test_one_that_fails_when_it_is_opened_is_one_line(sort: Sort, install: Install) -> None:
    install(f"{sort.working}\n    def __init__(self, store=None): raise OSError('no\\nservice')")
    with pytest.raises(sort.error, match="sample cannot be opened: OSError: no service"):
        sort.open("sample")


def test_whoever_interrupts_an_import_interrupts(sort: Sort, install: Install) -> None:
    install("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        sort.open("sample")


@pytest.mark.parametrize("target", [MODULE, f"{MODULE}:", ":", "a b", "no.such:Thing", f"{MODULE}:a..b"])
def test_an_entry_point_that_names_no_class_is_one_line(sort: Sort, install: Install, target: str) -> None:
    install(sort.working, sample=target)
    assert "cannot be loaded" in refused(sort)


def test_none_takes_the_place_of_ours(sort: Sort, install: Install) -> None:
    name, target = next(iter(sort.registry.BUILT_IN.items()))
    install(sort.working, **{name: f"{MODULE}:Sample"})
    ours, theirs = [plugin for plugin in sort.registry.available() if plugin.name == name]
    assert (ours.distribution, ours.problem) == ("ndtui", "")
    assert theirs.distribution == "sample"
    assert f"taken by {target} of ndtui" in one_line(sort.registry.inspect(theirs).problem)
    assert f"{type(sort.open(name)).__module__}:{type(sort.open(name)).__name__}" == target


def test_of_two_of_one_name_the_first_by_distribution_is_used(sort: Sort, install: Install) -> None:
    install(f"{sort.working}\nclass Other(Sample): pass", "zzz", sample=f"{MODULE}:Other")
    install(f"{sort.working}\nclass Other(Sample): pass", "aaa", sample=f"{MODULE}:Sample")
    found = [(p.distribution, bool(p.problem)) for p in sort.registry.available() if p.name == "sample"]
    assert found == [("aaa", False), ("zzz", True)]
    assert type(sort.open("sample")._inner).__name__ == "Sample"


def test_the_same_announcement_twice_is_one_plug_in(sort: Sort, install: Install) -> None:
    name, target = next(iter(sort.registry.BUILT_IN.items()))
    install(sort.working, "aaa", sample=f"{MODULE}:Sample", **{name: target})
    install(sort.working, "zzz")
    assert named(sort, "sample").distribution == "aaa"
    assert named(sort, name).distribution == "ndtui"


def test_damaged_metadata_of_an_installed_package_leaves_ours_usable(
    sort: Sort, install: Install, tmp_path: Path
) -> None:
    install(sort.working)
    (tmp_path / "sample-1.0.dist-info" / "entry_points.txt").write_bytes(f"[{sort.group}]\n".encode() + b"\xff = \xff")
    *_, last = sort.registry.available()
    assert "installed packages cannot be searched" in one_line(sort.registry.inspect(last).problem)
    ours = next(iter(sort.registry.BUILT_IN))
    assert sort.open(ours).name == ours
    with pytest.raises(InputError):
        sort.open("sample")


def test_an_unknown_name_lists_those_there_are(sort: Sort, install: Install) -> None:
    install(sort.working)
    with pytest.raises(InputError, match=f"no {sort.thing} 'zzz': choose .*, sample$") as caught:
        sort.open("zzz")
    with pytest.raises(InputError, match=rf"no {sort.thing} 'smaple': did you mean sample\?$"):
        sort.open("smaple")
    assert caught.value.status == 2


@pytest.mark.parametrize("name", ["", "\x1b[31m", "../store", "memory:MemoryBackend", "plug-ins"])
def test_a_strange_name_is_an_unknown_name(sort: Sort, name: str) -> None:
    with pytest.raises(InputError) as caught:
        sort.open(name)
    one_line(str(caught.value))

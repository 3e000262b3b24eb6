"""Export formats by name: none is imported but the one that is asked for."""

import sys
from subprocess import run

import pytest

from ndtui.common.errors import InputError
from ndtui.exporters.registry import BUILT_IN, available, exporter, inspect, names
from tests.support import ROOT

MODULES = {name: target.partition(":")[0] for name, target in BUILT_IN.items()}


def loaded(code: str) -> set[str]:
    """Return which formats, and what else is slow to import, a fresh interpreter has loaded after some code."""
    looked_for = [*MODULES.values(), "ndtui.exporters.bundle.bundle_schema", "importlib.metadata", "traceback"]
    # Without the site module: what it brings along is no doing of ours.
    script = f"import sys; sys.path[:0] = {sys.path!r}; {code}; print(*[m for m in {looked_for} if m in sys.modules])"
    done = run(
        [sys.executable, "-S", "-W", "error", "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(done.stdout.split())


def test_each_format_is_what_it_is_called() -> None:
    for name in BUILT_IN:
        made = exporter(name)
        assert made.name == name
        (status,) = [inspect(plugin) for plugin in available() if plugin.name == name]
        assert type(status.exporter) is type(made)
        assert status.problem == ""


def test_an_unknown_format_lists_those_there_are() -> None:
    with pytest.raises(
        InputError,
        match="no export format 'pdf': choose bundle, c, design, gpo-reg, handover, html, netsh, netsh-xml, "
        "powershell, python, report, table",
    ):
        exporter("pdf")


def test_listing_the_names_imports_no_format() -> None:
    assert names()[: len(BUILT_IN)] == list(BUILT_IN)
    listed = loaded("from ndtui.exporters import registry; registry.names(); registry.available()")
    assert not listed & set(MODULES.values())
    assert "importlib.metadata" in listed


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "bundle"])
def test_a_format_of_ours_is_loaded_alone_and_without_searching_what_is_installed(name: str) -> None:
    assert loaded(f"from ndtui.exporters import registry; registry.exporter({name!r})") == {MODULES[name]}

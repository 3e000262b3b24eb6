"""A dump's objects as documents: those of a design come back as the design has them, and others' say what they are."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ndtui.analysis.dump import Dump, DumpCondition, read_dump
from ndtui.analysis.dump.dump_documents import context_there, filter_there, provider_there, sublayer_there
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.analysis.machine.there import BLOCK, OUT, there
from tests.machines import STATES, machine_file
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import documents, often, preset

#: What the engine assigns, and what is not in netsh's XML.
NOT_HELD = ("origin", "filterId", "effectiveWeight")


def shown(made: Design, path: Path) -> Dump:
    """Return what a machine would say that holds a design and no more."""
    text = exporting.export(exporter("netsh-xml"), compile_design(made), {"show": "state"}, lossy=True).content
    assert isinstance(text, str)
    path.write_text(text, encoding="utf-8", newline="")
    return read_dump(path)


def held(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in NOT_HELD}


def by_key(of: list[Any]) -> list[dict[str, Any]]:
    return sorted(map(held, of), key=str)


def assert_comes_back(made: Design, folder: Path) -> None:
    dump, ours = shown(made, folder / "state.xml"), documents(made)
    assert [held(provider_there(each)) for each in dump.providers] == [held(ours["provider"])]
    assert [held(sublayer_there(each)) for each in dump.sublayers] == [held(each) for each in ours["subLayers"]]
    assert [held(context_there(c)) for c in dump.provider_contexts] == [held(c) for c in ours["providerContexts"]]
    assert by_key([filter_there(each) for each in dump.filters]) == by_key(ours["filters"])


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_every_preset_comes_back(name: str, tmp_path: Path):
    assert_comes_back(preset(name), tmp_path)


@pytest.mark.slow
@often
@given(made=designs())
def test_random_designs_come_back(made: Design, tmp_path_factory: pytest.TempPathFactory):
    assert_comes_back(made, tmp_path_factory.getbasetemp())


@given(made=designs_with_rules())
def test_random_rules_come_back(made: Design, tmp_path_factory: pytest.TempPathFactory):
    assert_comes_back(made, tmp_path_factory.getbasetemp())


@given(made=negotiating_designs())
def test_random_negotiations_come_back(made: Design, tmp_path_factory: pytest.TempPathFactory):
    assert_comes_back(made, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("name", STATES)
def test_what_others_have_is_said_whole(name: str, tmp_path: Path):
    dump = read_dump(machine_file(name, tmp_path))
    for each in dump.filters:
        document = filter_there(each)
        assert document["displayData"] == {"name": each.name, "description": each.description}
        assert len(document["filterCondition"]) == len(each.conditions)
    for context in dump.provider_contexts:
        assert context_there(context)["type"] == context.type


def test_a_condition_that_is_no_number_keeps_its_text():
    package = DumpCondition("FWPM_CONDITION_ALE_PACKAGE_ID", "FWP_MATCH_EQUAL", "S-1-15-2-1")
    [condition] = filter_there(replace(there(OUT, BLOCK), conditions=(package,), values=(None,)))["filterCondition"]
    assert condition["conditionValue"] == {"type": "", "unicodeString": "S-1-15-2-1"}

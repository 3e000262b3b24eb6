"""The JSON Schemas: current, and true of what the program writes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.cli.command_parsers import parser_of
from ndtui.common.described_schema import describe
from ndtui.exporters.bundle.bundle import bundle
from ndtui.exporters.bundle.bundle_schema import Bundle
from ndtui.exporters.bundle.part_descriptions import _EVERYWHERE, _PARTS
from ndtui.exporters.bundle.policy_schema import Part
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.descriptions import DESCRIPTIONS
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.cli.running import Run
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import ROOT, preset

SHIPPED = [each.name for each in presets.shipped()]


@pytest.mark.parametrize("what", ["design", "bundle", "settings"])
def test_the_committed_schema_is_current(what: str, run: Run):
    file = ROOT / "docs" / "schema" / f"{what}.schema.json"
    assert file.read_bytes().decode() == run("schema", what).out, f"write it anew: ndtui schema {what} > {file.name}"


def members(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every member of every object of a schema, with its place."""
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            yield from members(each, f"{place}[{number}]")
    if isinstance(schema, dict):
        for name, member in schema.get("properties", {}).items():
            yield f"{place}.{name}", member
        for name, each in schema.items():
            yield from members(each, f"{place}/{name}")


def kinds() -> list[str]:
    """Return what the command can print a schema of."""
    (what,) = parser_of("schema")._get_positional_actions()
    return [*(what.choices or ())]


@pytest.mark.parametrize("what", kinds())
def test_every_member_of_every_object_says_what_it_means(what: str, run: Run):
    found = dict(members(json.loads(run("schema", what).out)))
    assert len(found) > 10
    for place, member in found.items():
        text = member.get("description", "")
        assert text.endswith("."), place
        assert text.isascii(), place
        assert len(text) > 10, place


def test_no_description_is_of_a_member_that_there_is_not(run: Run):
    found = dict(members(json.loads(run("schema", "bundle").out)))
    used = {member["description"] for member in found.values()}
    assert {text for part in (_EVERYWHERE, *_PARTS.values(), *DESCRIPTIONS.values()) for text in part.values()} == used


def test_a_member_without_a_description_is_refused():
    class Unexplained(Part):
        surprise: int

    with pytest.raises(KeyError, match="surprise"):
        Unexplained.model_json_schema()
    with pytest.raises(KeyError, match="described is"):
        describe({"title": "A", "properties": {"a": {}}}, {"b": "Something."})


@pytest.mark.parametrize(("what", "name", "version"), [("design", "ndtui-design", 2), ("bundle", "ndtui-bundle", 1)])
def test_a_schema_names_format_and_version(what: str, name: str, version: int, run: Run):
    schema = json.loads(run("schema", what).out)
    assert schema["properties"]["format"]["const"] == name
    assert schema["properties"]["version"]["const"] == version
    assert schema["additionalProperties"] is False
    if what == "bundle":
        assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_bundle_is_valid(name: str):
    document = bundle(compile_design(preset(name)))
    assert Bundle.model_validate(document).model_dump(mode="json", exclude_unset=True) == document


@given(st.one_of(designs(), designs_with_rules()))
def test_every_bundle_is_valid(design: Design):
    document = bundle(compile_design(design))
    assert Bundle.model_validate(document).model_dump(mode="json", exclude_unset=True) == document


@pytest.mark.parametrize("part", ["filters", "providerContexts", "provider", "findings", "design"])
def test_a_bundle_with_something_unknown_is_not(part: str):
    document = bundle(compile_design(preset("nd-ipv4-only")))
    target = document[part][0] if isinstance(document[part], list) else document[part]
    target["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        Bundle.model_validate(document)

"""The JSON Schemas: current, and true of what the program writes."""

import json

import pytest
from hypothesis import given
from pydantic import ValidationError

from ndtui.exporters.bundle.bundle import bundle
from ndtui.exporters.bundle.bundle_schema import Bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.cli.running import Run
from tests.strategies import designs
from tests.support import ROOT, preset

SHIPPED = [each.name for each in presets.shipped()]


@pytest.mark.parametrize("what", ["design", "bundle"])
def test_the_committed_schema_is_current(what: str, run: Run):
    file = ROOT / "docs" / "schema" / f"{what}.schema.json"
    assert file.read_bytes().decode() == run("schema", what).out, f"write it anew: ndtui schema {what} > {file.name}"


@pytest.mark.parametrize(("what", "name"), [("design", "ndtui-design"), ("bundle", "ndtui-bundle")])
def test_a_schema_names_format_and_version(what: str, name: str, run: Run):
    schema = json.loads(run("schema", what).out)
    assert schema["properties"]["format"]["const"] == name
    assert schema["properties"]["version"]["const"] == 1
    assert schema["additionalProperties"] is False
    if what == "bundle":
        assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_bundle_is_valid(name: str):
    document = bundle(compile_design(preset(name)))
    assert Bundle.model_validate(document).model_dump(mode="json", exclude_unset=True) == document


@given(designs())
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

"""What version 0.2 printed and wrote: the same bytes from the same designs; its files are read and planned as ever."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import DATA, data_file

__all__ = ["run"]

WRITTEN = data_file("written_by_0_2.json")
BUNDLE = DATA / "bundle_0_2.json"
#: What 0.2 called the state of its store; the name covers the content since.
STATE_THEN = "6ebc833a3c3548e4"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "store_0_2.sqlite3", tmp_path))


@pytest.mark.parametrize("preset", WRITTEN["compile"])
def test_a_preset_compiles_to_the_same_bytes(preset: str, run: Run):
    assert digest(run("compile", preset, "--json").out) == WRITTEN["compile"][preset]


def without_descriptions_of_members(schema: Any) -> Any:
    """Return a schema without what says what a member means: 0.2 had that of no member, only of whole objects."""
    if isinstance(schema, list):
        return [without_descriptions_of_members(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    stripped = {name: without_descriptions_of_members(value) for name, value in schema.items()}
    for member in stripped.get("properties", {}).values():
        member.pop("description", None)
    return stripped


@pytest.mark.parametrize("what", WRITTEN["schema"])
def test_a_schema_is_the_same_but_for_descriptions_of_members(what: str, run: Run):
    then = without_descriptions_of_members(json.loads(run("schema", what).out))
    assert digest(json.dumps(then, indent=2) + "\n") == WRITTEN["schema"][what]


@pytest.mark.parametrize("preset", WRITTEN["plan"])
def test_a_store_is_planned_as_before(preset: str, store: Path, run: Run):
    found = json.loads(run("plan", preset, "--store", store, "--json").out)
    assert found.pop("place") == str(store)
    found["state"] = STATE_THEN
    assert digest(json.dumps(found)) == WRITTEN["plan"][preset]


def test_a_store_is_written_and_goes_back(store: Path, run: Run):
    assert run("rollback", "--store", store, "--yes").status == 0
    assert json.loads(run("status", "--store", store, "--json").out)["policy"] == "nd-ipv4-only"
    assert [each["action"] for each in json.loads(run("history", "--store", store, "--json").out)["revisions"]] == [
        "rollback",
        "apply",
        "apply",
    ]


def test_a_bundle_is_read_and_made_again(run: Run):
    assert run("compile", BUNDLE, "--json").out == BUNDLE.read_text(encoding="utf-8")

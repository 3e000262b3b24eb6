"""docs/design-format.md: its examples are designs, its tables have every key with the default that it really has."""

import json
import re
import tomllib
from typing import Any

import pytest

from ndtui.analysis.check.examine import examine
from ndtui.analysis.check.finding_ids import IDS
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.assertion import TRAFFIC_GRAMMAR, VERDICTS
from ndtui.model.design.authentication import METHODS
from ndtui.model.design.descriptions import DESCRIPTIONS
from ndtui.model.design.design import LIFETIMES, Design
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.scenarios.catalogue import SCENARIOS
from tests.support import ROOT

PAGE = (ROOT / "docs" / "design-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def schemas() -> dict[str, dict[str, Any]]:
    schema = Design.model_json_schema()
    return {"Design": schema, **schema["$defs"]}


def tables() -> list[dict[str, str]]:
    """Return the tables of keys, each with what its rows say of a key that is left out."""
    return [{key: said for key, _, said, _ in ROW.findall(part)} for part in PAGE.split("| key | values |")[1:]]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: tomllib.loads(text)["name"])
def test_an_example_is_a_design_without_errors(example: str):
    design = parse_design(example, "the page")
    report = examine(compile_design(design))
    assert report.passed
    assert not {finding.id for finding in report.findings} & {"unknown-suppression", "unused-suppression"}
    assert parse_design(format_design(design, example), "again") == design
    for comment in re.findall("# .*", example):
        assert comment in format_design(design, example)


def test_there_are_examples_of_every_table():
    assert len(EXAMPLES) >= 9
    keys = {key for example in EXAMPLES for key in tomllib.loads(example)}
    assert keys == {"format", "version", "name", "description", "rules", "lifetime", "keying_modules"} | {
        "sublayer", "main_mode", "quick_mode", "extended_mode", "exemptions", "assert", "suppress", "before_bfe"
    }  # fmt: skip


def test_every_key_of_every_table_is_explained_with_its_default():
    parts = schemas()
    assert {frozenset(table) for table in tables()} == {frozenset(keys) for keys in DESCRIPTIONS.values()}
    for table in tables():
        (part,) = (name for name, keys in DESCRIPTIONS.items() if keys.keys() == table.keys())
        schema = parts[part]
        for key, said in table.items():
            member = schema["properties"][key]
            if key in schema.get("required", ()):
                assert said == "it is needed", (part, key)
            elif member.get("default") is not None and key not in ("exemptions", "assert", "suppress", "rules"):
                assert said == f"`{json.dumps(member['default'])}`", (part, key)
            else:
                assert not said.startswith("it is needed"), (part, key)


def test_every_name_that_a_key_may_have_stands_on_the_page():
    parts = schemas()
    missing = [
        (part, key, name)
        for part, keys in DESCRIPTIONS.items()
        for key in keys
        if key != "layers"  # of those the page says which a scenario has filters at
        for name in _names(parts[part]["properties"][key])
        if name not in PAGE
    ]
    assert missing == []


def _names(member: dict[str, Any]) -> list[str]:
    parts = (member, member.get("items", {}), *member.get("anyOf", ()))
    return [name for each in parts for name in each.get("enum", ()) if isinstance(name, str)]


def test_the_limits_of_numbers_are_those_there_are():
    parts = schemas()
    for part, keys in DESCRIPTIONS.items():
        for key in keys:
            member = parts[part]["properties"][key]
            for each in (member, *member.get("anyOf", ())):
                if "minimum" in each and key != "protocol":
                    row = re.search(rf"^\| `{key}` \| {each['minimum']} to {each['maximum']} \|", PAGE, re.MULTILINE)
                    assert row, (part, key, each["minimum"], each["maximum"])


def test_every_word_that_can_be_chosen_is_named():
    for word in (*SCENARIOS, *LIFETIMES, *VERDICTS, *(method for methods in METHODS.values() for method in methods)):
        assert f"`{word}`" in PAGE or f'`"{word}"`' in PAGE, word
    for word in schemas()["Transform"]["properties"]["type"]["enum"]:
        assert f'`"{word}"`' in PAGE, word


def test_the_grammar_of_traffic_is_the_one_that_is_read():
    assert TRAFFIC_GRAMMAR in PAGE


def test_findings_that_it_names_exist():
    named = {each["id"] for example in EXAMPLES for each in tomllib.loads(example).get("suppress", ())}
    assert named
    assert named <= IDS.keys()

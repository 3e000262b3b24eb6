"""Plans as files: read back as they were made, refused when somebody changed them, and told from other files."""

import json
from hashlib import sha256
from typing import Any

import pytest

from ndtui.backends.contract.changes import Plan, Snapshot
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.plan_file import format_plan, is_plan, parse_plan
from ndtui.backends.planning.planner import make_plan, stored_objects
from ndtui.common.errors import InputError, RefusedError
from ndtui.model.compiled.compile import compile_design
from tests.support import exempting, one_line, preset

ID = "11111111-2222-4333-8444-555555555555"
BEFORE = exempting({"name": "ключ 鍵", "protocol": "tcp"}, name="before", id=ID, sublayer={"kind": "own", "weight": 7})
AFTER = exempting({"name": "[/x] [b", "protocol": "udp"}, name="after", id=ID)


@pytest.fixture
def plan() -> Plan:
    held = Snapshot("the state", tuple(stored_objects(compile_design(BEFORE))), "before")
    return make_plan("store", held, compile_design(AFTER))


def test_a_plan_is_read_as_it_was_made(plan: Plan):
    text = format_plan(plan, "C:\\somewhere")
    found = parse_plan(text, "p.json")
    assert found.place == "C:\\somewhere"
    for name in ("backend", "state", "policy", "replaces", "unchanged", "changes", "action"):
        assert getattr(found.plan, name) == getattr(plan, name), name
    assert (found.plan.target, found.plan.drift, found.plan.others) == (None, (), ())
    assert {each.action for each in plan.changes} == {"add", "change", "remove"}
    assert found.design is None
    assert format_plan(found.plan, found.place) == text


def test_the_design_of_a_plan_is_read_with_it(plan: Plan):
    text = format_plan(plan, "here", AFTER)
    assert parse_plan(text, "p.json").design == AFTER
    assert format_plan(*parse_plan(text, "p.json")) == text


def test_the_file_is_plain_and_says_what_it_is(plan: Plan):
    text = format_plan(plan, "here")
    document = json.loads(text)
    assert text.isascii()
    assert text.startswith('{\n  "format": "ndtui-plan",\n  "version": 1,\n')
    assert text.endswith("}\n")
    assert (document["format"], document["version"], document["place"]) == ("ndtui-plan", 1, "here")
    assert document["generator"].startswith("ndtui ")
    assert len(document["sha256"]) == 64
    assert is_plan(text)
    assert is_plan(f"\n  {text}")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": "ndtui-bundle"}', '# "ndtui-plan"', '"ndtui-plan"', " " * 300 + '["ndtui-plan"]']
)
def test_other_files_are_no_plans(text: str):
    assert not is_plan(text)


@pytest.mark.parametrize(
    ("member", "value"),
    [("place", "there"), ("state", "x"), ("policy", "x"), ("replaces", ""), ("unchanged", 3), ("changes", [])],
)
def test_a_plan_that_was_changed_is_refused(plan: Plan, member: str, value: object):
    document = json.loads(format_plan(plan, "here"))
    assert document[member] != value
    with pytest.raises(RefusedError, match=r"p\.json was changed after it was made") as caught:
        parse_plan(json.dumps({**document, member: value}), "p.json")
    message = str(caught.value)
    assert document["sha256"] in message
    assert message.endswith("make it again with ndtui plan -o")


def test_how_it_is_laid_out_does_not_matter(plan: Plan):
    text = format_plan(plan, "here")
    turned = json.dumps(dict(reversed(json.loads(text).items())), ensure_ascii=False, separators=(",", ":"))
    assert format_plan(*parse_plan(turned, "p.json")) == text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unchanged": -1}, "unchanged: "),
        ({"unchanged": None}, "unchanged: "),
        ({"version": 2}, "version: "),
        ({"format": "x"}, "format: "),
        ({"action": "x"}, "action: "),
        ({"more": 1}, "more: "),
        ({"changes": [{"kind": "filter", "key": "", "before": None, "after": None, "x": 1}]}, "changes.0.x: "),
    ],
)
def test_what_is_no_plan_is_refused_in_a_line(plan: Plan, change: dict[str, Any], said: str):
    document = {**json.loads(format_plan(plan, "here")), **change}
    with pytest.raises(InputError) as caught:
        parse_plan(json.dumps(document), "p.json")
    message = one_line(str(caught.value))
    assert message.startswith(f"p.json is no plan: {said}")
    assert message.endswith("make it again with ndtui plan -o")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", "7"])
def test_what_is_no_document_is_refused_in_a_line(text: str):
    with pytest.raises(InputError, match=r"p\.json is no plan: "):
        parse_plan(text, "p.json")


@pytest.fixture
def text() -> str:
    """Return a plan that adds objects of every kind."""
    backend = MemoryBackend()
    return format_plan(backend.plan(compile_design(preset("nd-transport"))), backend.place())


def with_entry(text: str, kind: str, **changes: Any) -> str:
    """Return a plan in which the first entry of a kind is another; its digest is right."""
    file = json.loads(text)
    del file["sha256"]
    entry = next(each for each in file["changes"] if each["kind"] == kind)
    entry.update(changes)
    canonical = json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return json.dumps({**file, "sha256": sha256(canonical.encode()).hexdigest()})


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_plan(text, "file.json")
    return one_line(str(caught.value))


def test_a_digest_that_is_right_is_accepted(text: str) -> None:
    assert parse_plan(with_entry(text, "filter"), "file.json").plan.changes


@pytest.mark.parametrize("kind", ["provider", "providerContext", "filter"])
def test_an_entry_without_an_object_is_refused(text: str, kind: str) -> None:
    assert "there is no object, neither before nor after" in refused(with_entry(text, kind, after=None))


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({}, "its filterKey is not"),
        ({"filterKey": "{0a0b0c0d-0000-4000-8000-000000000001}"}, "its filterKey is not"),
        ({"displayData": None}, "it has no display name"),
        ({"displayData": {"name": 7}}, "it has no display name"),
        ({"layerKey": ["x"]}, "it has no layerKey"),
    ],
)
def test_an_entry_that_is_no_filter_is_refused(text: str, after: dict[str, Any], words: str) -> None:
    filters = [each["after"] for each in json.loads(text)["changes"] if each["kind"] == "filter"]
    message = refused(with_entry(text, "filter", after={**filters[0], **after} if after else {}))
    assert words in message
    assert "changes." in message

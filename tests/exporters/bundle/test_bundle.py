"""The bundle: everything of a compiled design, and where it was edited by hand."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ndtui.common.errors import InputError, RefusedError
from ndtui.exporters import exporting
from ndtui.exporters.bundle.bundle import bundle, digest, edited, parse_bundle
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.support import design, exempting, one_line, preset

DESIGN = exempting(
    {"name": "DNS", "protocol": "udp", "remote_ports": [53]},
    {"name": "Web", "protocol": "tcp", "remote_ports": [443]},
    name="mine",
    sublayer={"kind": "own", "weight": 7},
)
FILTERSET = compile_design(DESIGN)


def edited_by(edit: Callable[[Any], object]) -> list[str]:
    """Return what is said of a bundle after an edit, having checked that reading it is refused with just that."""
    document = json.loads(json.dumps(bundle(FILTERSET)))  # as in a file: nothing in it is shared
    edit(document)
    found = edited(document, DESIGN)
    with pytest.raises(RefusedError) as caught:
        parse_bundle(json.dumps(document), "b.json")
    assert f"({'; '.join(found) or 'in no object'})" in one_line(str(caught.value))
    assert parse_bundle(json.dumps(document), "b.json", accept_edits=True) == DESIGN
    return found


def test_it_is_the_compiled_design_with_a_digest() -> None:
    text = exporting.export(exporter("bundle"), FILTERSET, {}).content
    document = json.loads(text)
    assert document == bundle(FILTERSET)
    assert {name: document[name] for name in object_lists(FILTERSET)} == object_lists(FILTERSET)
    assert document["sha256"] == digest(document)
    assert parse_bundle(text, "b.json") == DESIGN


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_a_preset_comes_back_from_a_bundle_as_it_was(name: str) -> None:
    assert_comes_back(preset(name))


def assert_comes_back(made: Design) -> None:
    text = exporting.export(exporter("bundle"), compile_design(made), {}).content
    assert isinstance(text, str)
    assert parse_bundle(text, "b.json") == made


def test_an_edit_of_who_may_connect_is_seen() -> None:
    made = design(version=2, rules=[{"name": "RDP", "machines": "O:LSD:(A;;CC;;;DC)"}])
    document = json.loads(json.dumps(bundle(compile_design(made))))
    asking = next(each for each in document["filters"] if each["displayData"]["name"].endswith("only who may connect"))
    asking["filterCondition"][1]["conditionValue"]["sd"] = "O:LSD:(A;;CC;;;WD)"
    assert edited(document, made) == ["filterCondition of the filter 'test: RDP: only who may connect'"]


def test_a_bundle_as_it_was_exported_has_no_edits() -> None:
    assert edited(bundle(FILTERSET), DESIGN) == []
    assert edited(bundle(compile_design(preset("nd-domain-member"))), preset("nd-domain-member")) == []


@pytest.mark.parametrize("name", ["filters", "providerContexts"])
def test_another_order_is_an_edit(name: str) -> None:
    assert edited_by(lambda document: document[name].reverse()) == [f"{name} is in another order"]


def test_two_that_changed_places_are_another_order() -> None:
    def swap(document: Any) -> None:
        filters = document["filters"]
        filters[0], filters[1] = filters[1], filters[0]

    assert edited_by(swap) == ["filters is in another order"]


def test_what_is_gone_or_came_is_named() -> None:
    def remove(document: Any) -> None:
        del document["filters"][0]

    first = bundle(FILTERSET)["filters"][0]["displayData"]["name"]
    assert edited_by(remove) == [f"filters lacks {first!r}"]

    def add(document: Any) -> None:
        document["filters"].append({**document["filters"][0], "filterKey": "{0}", "displayData": {"name": "theirs"}})

    assert edited_by(add) == ["filters has 'theirs' besides"]


def test_a_property_is_named_with_its_object() -> None:
    def widen(document: Any) -> None:
        exempt = next(each for each in document["filters"] if each["displayData"]["name"] == "mine: exempt DNS")
        exempt["filterCondition"].pop()

    assert edited_by(widen) == ["filterCondition of the filter 'mine: exempt DNS'"]


def test_an_object_is_named_once_with_all_of_its_properties_and_what_it_is() -> None:
    def edit(document: Any) -> None:
        for name in ("filters", "providerContexts"):
            document[name][0].update(displayData={"name": "theirs"}, flags=["x"])

    context, first = (bundle(FILTERSET)[name][0]["displayData"]["name"] for name in ("providerContexts", "filters"))
    assert edited_by(edit) == [
        f"displayData, flags of the context {context!r}",
        f"displayData, flags of the filter {first!r}",
    ]


@pytest.mark.skipif(os.name == "nt", reason="other quotes")
def test_the_command_that_takes_an_edited_bundle_is_named_with_its_file(tmp_path: Path) -> None:
    document = json.loads(json.dumps(bundle(FILTERSET)))
    document["filters"].reverse()
    path = tmp_path / "my bundle.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    for where, named in ((str(path), f"'{path}'"), ("standard input", "FILE")):
        with pytest.raises(RefusedError) as caught:
            parse_bundle(path.read_text(encoding="utf-8"), where)
        assert caught.value.remedy.startswith(f"ndtui import {named} --accept-edits takes its design as it stands")


def test_other_parts_are_named_as_a_whole() -> None:
    assert edited_by(lambda document: document["provider"].update(flags=["x"])) == ["provider differs"]
    assert edited_by(lambda document: document.update(filters="none")) == ["filters differs"]


def test_of_many_edits_three_are_named_and_the_others_counted() -> None:
    def rename(document: Any) -> None:
        for each in document["filters"][:5]:
            each["displayData"]["name"] = "another"

    found = edited_by(rename)
    assert [each.partition(" ")[0] for each in found] == ["displayData", "displayData", "displayData", "and"]
    assert found[-1] == "and 2 more"


def test_an_edit_of_the_design_alone_is_seen_by_the_digest() -> None:
    document = copy.deepcopy(bundle(FILTERSET))
    document["sha256"] = "0" * 64
    with pytest.raises(RefusedError, match="in no object"):
        parse_bundle(json.dumps(document), "b.json")


def test_a_member_that_is_there_twice_is_refused() -> None:
    """A person reads the first design, a program takes the last, and the digest is right for that."""
    text = json.dumps(bundle(FILTERSET))
    design_of_it = json.dumps(json.loads(text)["design"])
    other = design_of_it.replace('"mine"', '"theirs"')
    twice = text.replace('"design": ', f'"design": {other}, "design": ', 1)
    with pytest.raises(InputError, match=r"b\.json is no JSON that can be read: an object in it has 'design' twice"):
        parse_bundle(twice, "b.json")

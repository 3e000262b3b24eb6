"""What the emulated engine takes is what Windows' structures can hold: texts, numbers, members of the right types."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic_core import to_json

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.document_shape import ShapeError, read_document
from ndtui.backends.bfe.state import Documents, Row
from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import EngineError
from ndtui.model.compiled.document_types import Kind
from tests.backends.contract.sample_objects import a_filter, of_kind
from tests.support import one_line

Forge = Callable[[dict[str, Any]], object]


def refused(kind: str, document: Any) -> str:
    """Return the code of the error with which an object is refused; nothing is left of it."""
    session = BfeEngine().open()
    with pytest.raises(EngineError) as caught:
        session.add(kind, document)  # type: ignore[arg-type]
    one_line(str(caught.value))
    assert session.enumerate("filter") == []
    return caught.value.code


CONTROLS = ("\x00", "\x07", "\x1b[31m", "\n", "\x7f", "\x9b2J", "\ud800")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_a_control_character_in_a_name_is_refused(kind: str, control: str) -> None:
    document = {**of_kind(kind), "displayData": {"name": f"a{control}b", "description": ""}}
    assert refused(kind, document) == "FWP_E_INVALID_PARAMETER"


@pytest.mark.parametrize("control", [each for each in CONTROLS if each != "\n"], ids=ascii)
def test_a_control_character_in_a_description_is_refused(control: str) -> None:
    document = {**of_kind("filter"), "displayData": {"name": "a", "description": f"a{control}b"}}
    assert refused("filter", document) == "FWP_E_INVALID_PARAMETER"


@pytest.mark.parametrize("name", ["\U0001f512 ключ 鍵 שלום", "\u202eevil", "a" * 3000, "[/x] [b"])
def test_any_other_name_is_taken(name: str) -> None:
    session = BfeEngine().open()
    document = {**of_kind("filter"), "displayData": {"name": name, "description": f"{name}\n\t{name}"}}
    key = session.add("filter", document).key  # type: ignore[arg-type]
    assert session.get("filter", key)["displayData"]["name"] == name


@pytest.mark.parametrize("value", ["z", math.nan, math.inf, 1.5, True, [1], {"x": 1}], ids=repr)
def test_a_raw_context_that_is_no_number_is_refused(value: object) -> None:
    expected = "FWP_E_TYPE_MISMATCH"
    assert refused("filter", a_filter(rawContext=value)) == expected


@pytest.mark.parametrize("value", [-1, 1 << 64])
def test_a_raw_context_that_does_not_fit_is_refused(value: int) -> None:
    assert refused("filter", a_filter(rawContext=value)) == "FWP_E_OUT_OF_BOUNDS"


def _policy(document: dict[str, Any]) -> dict[str, Any]:
    return next(value for name, value in document.items() if name.endswith("Policy"))  # type: ignore[no-any-return]


NUMBERS: tuple[tuple[object, str], ...] = (
    ("z", "FWP_E_TYPE_MISMATCH"),
    (math.nan, "FWP_E_TYPE_MISMATCH"),
    (1.5, "FWP_E_TYPE_MISMATCH"),
    (True, "FWP_E_TYPE_MISMATCH"),
    (-1, "FWP_E_OUT_OF_BOUNDS"),
    (1 << 32, "FWP_E_OUT_OF_BOUNDS"),
)


@pytest.mark.parametrize(("value", "code"), NUMBERS, ids=repr)
def test_a_number_of_a_policy_that_is_none_or_does_not_fit_is_refused(value: object, code: str) -> None:
    document: dict[str, Any] = of_kind("providerContext")
    _policy(document)["softExpirationTime" if "softExpirationTime" in _policy(document) else "saIdleTimeout"] = value
    assert refused("providerContext", document) == code


MISSHAPEN: tuple[tuple[str, Forge], ...] = (
    ("filter", lambda d: d.update(flags=7)),
    ("filter", lambda d: d.update(flags=[7])),
    ("filter", lambda d: d.update(flags=[["x"]])),
    ("filter", lambda d: d.update(displayData=7)),
    ("filter", lambda d: d.update(displayData={"name": 7})),
    ("filter", lambda d: d.update(displayData={"name": "a", "description": 7})),
    ("filter", lambda d: d.update(filterKey=7)),
    ("filter", lambda d: d.update(filterKey="junk")),
    ("filter", lambda d: d.update(filterKey={"x": 1})),
    ("filter", lambda d: d.update(layerKey=None)),
    ("filter", lambda d: d.update(subLayerKey=["x"])),
    ("filter", lambda d: d.update(providerKey=7)),
    ("filter", lambda d: d.update(weight=7)),
    ("filter", lambda d: d.update(weight={"type": "FWP_UINT64", "uint64": math.nan})),
    ("filter", lambda d: d.update(weight={"type": ["x"]})),
    ("filter", lambda d: d.update(action=7)),
    ("filter", lambda d: d.update(action={"type": ["x"]})),
    ("filter", lambda d: d.update(filterCondition=7)),
    ("filter", lambda d: d.update(filterCondition=[7])),
    ("filter", lambda d: d.update(filterCondition={"x": 1})),
    ("filter", lambda d: d.update(origin=7)),
    ("filter", lambda d: d.update(more=math.nan)),
    ("provider", lambda d: d.update(serviceName=7)),
    ("provider", lambda d: d.update(flags=None)),
    ("provider", lambda d: d.update(providerKey="{7}")),
    ("subLayer", lambda d: d.update(weight="z")),
    ("subLayer", lambda d: d.update(weight=True)),
    ("subLayer", lambda d: d.update(weight=math.nan)),
    ("providerContext", lambda d: d.update(type=7)),
    ("providerContext", lambda d: d.update(type=["x"])),
    ("providerContext", lambda d: d.update(flags=7)),
    ("providerContext", lambda d: _policy(d).update(authenticationMethods=7)),
    ("providerContext", lambda d: _policy(d).update(authenticationMethods=[7])),
    ("providerContext", lambda d: _policy(d).update(more=math.inf)),
)


@pytest.mark.parametrize(("kind", "forge"), MISSHAPEN, ids=range(len(MISSHAPEN)))
def test_a_document_of_another_shape_is_refused_with_a_code_of_windows(kind: str, forge: Forge) -> None:
    document: dict[str, Any] = of_kind(kind)
    forge(document)
    assert refused(kind, document).startswith("FWP_E_")


@pytest.mark.parametrize("text", ["", "{", "null", "7", "[]", "{}", "[" * 5000, "9" * 6000, '{"displayData": {}}'])
def test_what_is_no_document_is_not_read(text: str) -> None:
    for kind in KINDS:
        with pytest.raises(ShapeError):
            read_document(kind, text)


def _row(kind: Kind, members: Mapping[str, object]) -> Row:
    return Row(1, 1, kind, "", "static", "", "", "", "", "", json.dumps(members))


WRONG = {
    "flags": [{}],
    "displayData": {"type": "FWP_UINT8"},
    "weight": {"type": 7},
    "effectiveWeight": {"name": "a"},
    "filterCondition": [[]],
    "action": [],
    "layerKey": 7,
    "rawContext": True,
    "origin": None,
}


@pytest.mark.parametrize("there_already", [False, True])
@pytest.mark.parametrize("name", WRONG)
def test_what_documents_share_is_held_against_the_shape_of_each_member(name: str, there_already: bool) -> None:
    """What is right under one name is not under another one, and what was right once is not read again."""
    elsewhere = {f"more {number}": value for number, value in enumerate(WRONG.values())} if there_already else {}
    usual = {
        **of_kind("filter"),
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": 1},
        "origin": "a",
        "rawContext": 0,
    }
    documents = Documents()
    right, wrong = (_row("filter", {**usual, **elsewhere, **more}) for more in ({}, {name: WRONG[name]}))
    assert documents.of(right) == right.parsed()
    with pytest.raises(ShapeError):
        documents.of(wrong)
    with pytest.raises(ShapeError):
        documents.of(wrong)
    assert documents.of(right) == right.parsed()


def test_what_is_right_in_an_object_of_one_kind_is_not_in_one_of_another() -> None:
    documents = Documents()
    members = of_kind("subLayer")
    assert documents.of(_row("subLayer", members)) == members
    alike = {**of_kind("filter"), **{name: members[name] for name in ("displayData", "flags")}}
    assert documents.of(_row("filter", alike)) == alike
    with pytest.raises(ShapeError):
        documents.of(_row("filter", members))


def test_documents_of_many_kinds_are_read_as_by_themselves_and_share_what_is_the_same() -> None:
    documents, usual = Documents(), of_kind("filter")
    kinds = [{"weight": {"type": "FWP_UINT8", "uint8": n % 16}, "rawContext": n} for n in range(80)]
    made = [{**usual, "filterKey": f"{{{n}}}", **each} for n, each in enumerate(kinds * 3)]
    rows = [_row("filter", each)._replace(document=to_json(each).decode()) for each in made]
    found = [documents.of(row) for row in rows]
    assert found == [row.parsed() for row in rows] == made
    assert len({id(each["displayData"]) for each in found}) == 1

"""The shapes of documents say what documents have: every member is declared, and the required ones are there."""

from typing import NotRequired, TypedDict

import pytest
from hypothesis import given

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import (
    ConditionDocument,
    FilterDocument,
    ObjectLists,
    ProviderContextDocument,
    SubLayerDocument,
    ValueDocument,
)
from ndtui.model.compiled.documents import object_lists, value_document
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM
from tests.shapes import misfits
from tests.strategies import designs
from tests.support import exempting, often


@often
@given(designs())
def test_every_document_has_its_shape(design):
    assert list(misfits(object_lists(compile_design(design)), ObjectLists)) == []


def test_a_security_descriptor_has_the_shape_of_a_value():
    assert list(misfits(value_document(IS_LOCAL_SYSTEM.value), ValueDocument)) == []


@pytest.mark.parametrize(
    ("shape", "change", "found"),
    [
        (FilterDocument, {"layerKey": None}, ".layerKey is None"),
        (FilterDocument, {"filterkey": ""}, " has filterkey"),
        (FilterDocument, {"filterCondition": [{}]}, ".filterCondition[0] lacks"),
        (ConditionDocument, {"conditionValue": {"type": "FWP_UINT8", "uint8": "1"}}, ".conditionValue.uint8 is '1'"),
        (ProviderContextDocument, {"ikeMmPolicy": []}, ".ikeMmPolicy is []"),
    ],
)
def test_what_does_not_fit_is_found(shape, change, found):
    assert any(each.startswith(found) for each in misfits(change, shape))


def test_what_is_missing_is_found():
    assert set(misfits({}, SubLayerDocument)) == {
        " lacks displayData",
        " lacks flags",
        " lacks subLayerKey",
        " lacks weight",
    }


class Parts(TypedDict):
    one: str
    other: NotRequired[str]


def test_a_member_that_is_not_required_may_be_missing():
    assert list(misfits({"one": ""}, Parts)) == []


def test_the_documents_of_an_exemption_share_what_its_filters_share():
    """A hundred thousand exemptions take half the memory so."""
    compiled = compile_design(exempting({"protocol": "tcp"}, {"protocol": "udp"}, families=["V4"]))
    filters = [each for each in object_lists(compiled)["filters"] if each["origin"].startswith("exemption:")]
    for member in ("displayData", "filterCondition"):
        assert len({id(each[member]) for each in filters}) == 2, member
    at_one_layer = [each for each in filters if each["layerKey"] == filters[0]["layerKey"]]
    for member in ("flags", "weight", "action", "effectiveWeight"):
        assert len({id(each[member]) for each in at_one_layer}) == 1, member
    first, second = at_one_layer
    assert first["filterCondition"] != second["filterCondition"]
    assert first["displayData"]["name"] != second["displayData"]["name"]

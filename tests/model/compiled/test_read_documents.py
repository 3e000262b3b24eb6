"""Documents read back: a filter is what it was when its document was written, and so is every value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import filter_document, value_document
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM, ike_exemptions
from ndtui.model.compiled.objects import Filter, Value
from ndtui.model.compiled.read_documents import filter_of, value_of
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import design, often, preset


def same(one: Filter, other: Filter) -> bool:
    """Whether two filters are the same object for an engine, of whatever design they are."""
    members = (
        "layer",
        "sublayer",
        "role",
        "action",
        "callout",
        "weight",
        "raw_context",
        "context",
        "flags",
        "provider",
    )
    return (
        all(getattr(one.slot, name) == getattr(other.slot, name) for name in members)
        and (one.key, one.name, str(one.origin)) == (other.key, other.name, str(other.origin))
        and one.conditions == other.conditions
    )


@often
@given(st.one_of(designs(), designs_with_rules()))
def test_a_filter_is_what_it_was(design):
    for each in compile_design(design).filters:
        assert same(filter_of(json.loads(json.dumps(filter_document(each)))), each)


def test_what_rules_ask_is_written_as_windows_writes_it():
    """A number of 32 bits is an address where its field is one, and a number elsewhere."""
    scope = {"remote_addresses": ["10.0.0.1"], "profiles": ["domain"], "interfaces": ["wireless"]}
    made = design(version=2, rules=[{"name": "base", "scope": scope, "machines": "O:LSD:(A;;CC;;;DC)"}])
    block, asking = (
        next(filter_document(each) for each in compile_design(made).filters if each.label == label)
        for label in ("block who may not connect", "only who may connect")
    )
    values = [each["conditionValue"] for each in asking["filterCondition"]]
    assert values[1:] == [
        {"type": "FWP_UINT32", "uint32": "10.0.0.1"},
        {"type": "FWP_UINT32", "uint32": 3},
        {"type": "FWP_UINT32", "uint32": 71},
        {"type": "FWP_SECURITY_DESCRIPTOR_TYPE", "sd": "O:LSD:(A;;CC;;;DC)"},
    ]
    assert block["filterCondition"] == asking["filterCondition"][:-1]
    assert block["displayData"]["description"] == "Blocks whoever may not connect"


def test_bfes_own_filters_are_what_they_were():
    assert all(same(filter_of(filter_document(each)), each) for each in ike_exemptions())


def test_a_filter_without_a_name_is_called_by_its_key():
    each = compile_design(preset("nd-transport")).filters[0]
    document = {**filter_document(each), "displayData": {"name": "", "description": ""}}
    assert filter_of(document).name == document["filterKey"]


@given(st.sampled_from([("FWP_UINT8", 8), ("FWP_UINT16", 16), ("FWP_UINT64", 64)]), st.data())
def test_a_number_is_what_it_was(kind, data):
    data_type, bits = kind
    number = data.draw(st.integers(0, (1 << bits) - 1))
    assert value_of(value_document(Value(data_type, number, number))) == Value(data_type, number, number)


@pytest.mark.parametrize(
    "document",
    [
        {"type": "FWP_UINT32", "uint32": 7},
        {"type": "FWP_UINT32", "uint32": "0.0.0.7"},
    ],
)
def test_a_number_of_32_bits_is_an_address_where_it_is_written_as_one(document):
    assert value_of(document) == Value("FWP_UINT32", 7, 7)


def test_what_is_no_number_is_equal_to_nothing_else():
    texts = [{"type": "FWP_SID", "sid": sid} for sid in ("S-1-5-18", "S-1-5-19")]
    assert value_of(texts[0]) == value_of(dict(texts[0])) != value_of(texts[1])
    assert value_of(value_document(IS_LOCAL_SYSTEM.value)) == IS_LOCAL_SYSTEM.value

"""What stands from the start of TCP/IP until BFE is up, written down once more, layer by layer."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import Condition, Filter, FilterSet
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import rebuild
from tests.model.compiled.test_compile_properties import UNICAST, reached, wanted_conditions
from tests.strategies import designs, plain_designs
from tests.support import design, exempting, often

ACCEPT, CONNECT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT", "FWPM_LAYER_ALE_AUTH_CONNECT"
LAYERS = {"inbound": ACCEPT, "outbound": CONNECT}
INBOUND = (ACCEPT, "FWPM_LAYER_INBOUND_TRANSPORT")
OUTBOUND = (CONNECT, "FWPM_LAYER_OUTBOUND_TRANSPORT")
PROTECTED = ("FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT", ACCEPT)
NOT_LOOPBACK = ("FWPM_CONDITION_FLAGS", "FWP_MATCH_FLAGS_NONE_SET", "FWP_UINT32", 1, 1)
ICMP = {"name": "ICMP", "protocol": "icmp", "before_bfe": True}


def conditions(each: Filter) -> Counter[tuple[object, ...]]:
    return Counter(map(_plain, each.conditions))


def _plain(c: Condition) -> tuple[object, ...]:
    value = c.value
    said = (value.element,) if value.type == "FWP_BYTE_BLOB_TYPE" else (value.low, value.high)
    return (c.field, c.match, value.type, *said)


def table(filterset: FilterSet) -> list[tuple[str, str, str]]:
    return [(each.layer, each.slot.action, each.name) for each in filterset.before_bfe]


def test_what_is_blocked_and_let_through_by_hand():
    of = design(
        name="p",
        lifetime="persistent",
        before_bfe=["outbound", "inbound"],
        families=["V4"],
        exemptions=[ICMP, {"name": "DNS", "protocol": "udp", "remote_ports": [53]}],
    )
    assert table(compile_design(of)) == [
        (f"{ACCEPT}_V4", "FWP_ACTION_BLOCK", "p: before BFE: block inbound"),
        (f"{ACCEPT}_V4", "FWP_ACTION_PERMIT", "p: before BFE: exempt ICMP"),
        (f"{CONNECT}_V4", "FWP_ACTION_BLOCK", "p: before BFE: block outbound"),
        (f"{CONNECT}_V4", "FWP_ACTION_PERMIT", "p: before BFE: exempt ICMP"),
    ]


@often
@given(plain_designs())
def test_they_are_those_of_the_plain_data(data: dict[str, Any]):
    wanted: dict[tuple[str, str], Counter[tuple[object, ...]]] = {}
    for direction in data.get("before_bfe", ()):
        stem, says = LAYERS[direction], INBOUND if direction == "inbound" else OUTBOUND
        for family in data["families"]:
            wanted[f"{stem}_{family}", f"before_bfe:{direction}"] = Counter((UNICAST, NOT_LOOPBACK))
        for plain in data["exemptions"]:
            if not plain.get("before_bfe") or not plain.get("enabled", True):
                continue
            if set(plain.get("layers", PROTECTED)) & set(says):
                for family in reached(plain, data):
                    found = Counter(wanted_conditions(plain, family, stem))
                    wanted[f"{stem}_{family}", f"exemption:{plain['name']}"] = found
    made = {
        (each.layer, str(each.origin)): conditions(each)
        for each in compile_design(Design.model_validate(data)).before_bfe
    }
    assert made == wanted


@given(designs())
def test_each_has_the_one_flag_and_neither_a_callout_nor_a_context(of: Design):
    filterset = compile_design(of)
    for each in filterset.before_bfe:
        slot = each.slot
        assert slot.flags == ("FWPM_FILTER_FLAG_BOOTTIME",)
        assert (slot.callout, slot.context, slot.raw_context) == ("", None, 0)
    assert not any(each.slot.is_before_bfe for own in filterset.by_layer.values() for each in own)


@given(designs())
def test_what_they_refer_to_is_persistent(of: Design):
    lists = object_lists(compile_design(of))
    if any("FWPM_FILTER_FLAG_BOOTTIME" in each["flags"] for each in lists["filters"]):
        assert lists["provider"]["flags"] == ["FWPM_PROVIDER_FLAG_PERSISTENT"]
        assert all(each["flags"] == ["FWPM_SUBLAYER_FLAG_PERSISTENT"] for each in lists["subLayers"])


@given(designs())
def test_they_change_nothing_else(of: Design):
    without = change(of, before_bfe=(), exemptions=[rebuild(each, before_bfe=False) for each in of.exemptions])
    filterset, plain = compile_design(of), compile_design(without)
    assert plain.before_bfe == ()
    assert filterset.by_layer == plain.by_layer
    assert filterset.contexts == plain.contexts


@pytest.mark.parametrize(
    ("layers", "held"),
    [(["FWPM_LAYER_OUTBOUND_TRANSPORT"], {CONNECT}), ([ACCEPT], {ACCEPT}), (["FWPM_LAYER_INBOUND_IPPACKET"], set())],
)
def test_the_layers_of_an_exemption_say_which_direction_it_is_for(layers: list[str], held: set[str]):
    named = {"name": "e", "layers": layers, "before_bfe": True}
    of = exempting(named, lifetime="persistent", before_bfe=["inbound", "outbound"])
    filters = compile_design(of).before_bfe
    assert {each.layer[:-3] for each in filters if each.slot.action == "FWP_ACTION_PERMIT"} == held


def test_a_design_that_says_nothing_of_it_has_none_and_writes_nothing():
    of = exempting({"protocol": "icmp"}, lifetime="persistent")
    assert compile_design(of).before_bfe == ()
    assert "before_bfe" not in of.model_dump_json()

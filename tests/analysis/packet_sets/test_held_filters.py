"""Filters that a backend holds, as sets of packets are made of them."""

from ndtui.analysis.packet_sets.held_filters import filters_by_layer
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.ike_exemptions import exemptions_beside
from tests.support import exempting

CLOSED = exempting({"protocol": "icmp", "before_bfe": True}, lifetime="persistent", before_bfe=["inbound", "outbound"])


def test_what_stands_until_bfe_is_up_is_none_of_them():
    filterset = compile_design(CLOSED)
    found = filters_by_layer(object_lists(filterset)["filters"])
    assert not any(each.slot.is_before_bfe for filters in found.values() for each in filters)
    count = sum(map(len, filterset.by_layer.values())) + len(exemptions_beside(filterset))
    assert sum(map(len, found.values())) == count

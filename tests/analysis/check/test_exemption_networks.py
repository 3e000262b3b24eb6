"""An exemption that holds on some networks only is not taken for one that holds everywhere."""

import pytest

from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from tests.support import exempting


def found(**exemption: object) -> set[str]:
    return {each.id for each in check(compile_design(exempting(dict(exemption))))}


@pytest.mark.parametrize("limit", [{"profiles": ["domain"]}, {"interfaces": ["lan", "wireless"]}])
def test_one_of_all_traffic_on_some_networks_leaves_the_others_protected(limit: dict[str, list[str]]):
    assert "exempts-everything" in found(protocol="any")
    assert "exempts-everything" not in found(protocol="any", **limit)
    assert "exempts-whole-protocol" not in found(protocol="tcp", **limit)


def test_neighbour_discovery_is_needed_on_every_network():
    assert "neighbour-discovery" not in found(protocol="icmp")
    assert "neighbour-discovery" in found(protocol="icmp", profiles=["domain"])

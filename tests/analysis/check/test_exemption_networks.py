"""An exemption that holds on some networks only is not taken for one that holds everywhere."""

import pytest

from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from tests.support import exempting


def found(**exemption: object) -> set[str]:
    return {each.id for each in check(compile_design(exempting(dict(exemption))))}


@pytest.mark.parametrize(
    "limit", [{"profiles": ["domain"]}, {"interfaces": ["lan", "wireless"]}, {"program": "C:\\x.exe"}]
)
def test_one_of_all_traffic_on_some_networks_leaves_the_others_protected(limit: dict[str, list[str]]):
    assert "exempts-everything" in found(protocol="any")
    assert "exempts-everything" not in found(protocol="any", **limit)
    assert "exempts-whole-protocol" not in found(protocol="tcp", **limit)


def test_neighbour_discovery_is_needed_on_every_network():
    assert "neighbour-discovery" not in found(protocol="icmp")
    assert "neighbour-discovery" in found(protocol="icmp", profiles=["domain"])


def test_what_one_program_may_is_no_way_in_for_everybody():
    way_in = {"protocol": "tcp", "local_ports": [3389], "remote_addresses": ["192.0.2.7", "2001:db8::7"]}
    assert "management-dropped" not in found(**way_in)
    assert "management-dropped" in found(**way_in, program="C:\\x.exe")
    everywhere = {"protocol": "tcp", "local_ports": [3389]}
    assert "exempts-management" in found(**everywhere)
    assert "exempts-management" not in found(**everywhere, program="C:\\x.exe")
    questions = {"protocol": "udp", "remote_ports": [53]}
    assert "source-port" in found(**questions)
    assert not {"source-port", "partial-exemption"} & found(**questions, program="C:\\x.exe")
    controllers = {"protocol": "tcp", "remote_ports": [88], "remote_addresses": ["192.0.2.10"]}
    assert "half-domain-controller" in found(**controllers)
    assert "half-domain-controller" not in found(**controllers, program="C:\\x.exe")

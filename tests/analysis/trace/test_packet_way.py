"""The way of a packet: which layers it meets, and how the negotiation goes that it starts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.trace import trace
from ndtui.analysis.trace.packet_way import Way, way_of
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from tests.strategies import designs, packets
from tests.support import design, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"


def way(made, text: str) -> Way:
    filterset = compile_design(preset(made) if isinstance(made, str) else made)
    return way_of(filterset, trace(filterset, parse_packet(text)))


@pytest.mark.parametrize(
    ("name", "packet", "wanted"),
    [
        ("nd-transport", IN, ["callout:persist", "callout:secure"]),
        ("nd-transport", OUT, ["none", "callout:discover"]),
        ("nd-transport", f"{IN} later", ["callout:persist", None]),
        ("nd-transport", f"{OUT} later", [None, "callout:discover"]),
        ("nd-boundary", IN, ["callout:persist", "none"]),
        ("transport-require", IN, ["callout:require", "none"]),
        ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9", ["exempt", "exempt"]),
    ],
)
def test_the_layers_and_what_they_decide(name, packet, wanted):
    found = way(name, packet)
    assert [station.role for station in found.stations] == wanted
    layers = [station.stem.removeprefix("FWPM_LAYER_") for station in found.stations]
    inbound = packet.startswith("in")
    assert layers == (
        ["INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT"] if inbound else ["ALE_AUTH_CONNECT", "OUTBOUND_TRANSPORT"]
    )


@given(designs(), st.data())
def test_a_way_has_the_steps_of_the_trace_and_keying_where_protection_comes_of_it(made, data):
    filterset = compile_design(made)
    traced = trace(filterset, data.draw(packets(made)))
    found = way_of(filterset, traced)
    steps = [step for step in traced.steps if step.filters or not step.stem.endswith("_IPPACKET")]
    assert [station.step for station in found.stations if station.step is not None] == steps
    assert (found.keying is not None) == (traced.outcomes.peer_with_ipsec.settled == "protected")
    if found.keying is not None:
        assert [stage.name for stage in found.keying.stages] == ["main mode", "quick mode"]
        for stage in found.keying.stages:
            assert stage.modules == (made.keying_modules if traced.packet.family in made.families else ())
            assert all(each.layer == stage.layer for each in stage.filters)


@pytest.mark.parametrize("packet", [IN, OUT, "in tcp [2001:db8::5]:1 -> [2001:db8::9]:2"])
def test_ike_passes_by_the_exemptions_of_bfe(packet):
    keying = way("nd-transport", packet).keying
    assert keying is not None
    assert keying.passes
    responsible = keying.packet.responsible
    assert responsible is not None
    assert responsible.filter.name == "IKE/AuthIP exemption, UDP 500"


def test_in_a_sublayer_below_that_of_bfe_ike_is_held_back():
    """A callout below overrides the permit that BFE's exemptions are, in the sublayer above (filter-arbitration)."""
    made = design(sublayer={"kind": "own", "weight": 7})
    keying = way(made, IN).keying
    assert keying is not None
    assert not keying.passes
    assert keying.packet.outcomes.peer_without_ipsec.first == "blocked"


def test_what_is_exempt_negotiates_nothing():
    assert way("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9").keying is None


def test_a_stage_has_the_heaviest_policy_of_the_packet():
    made = design(
        version=2,
        rules=[
            {"name": "base"},
            {"name": "10", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
            {"name": "SQL", "mode": "require", "scope": {"protocol": "tcp", "local_ports": [1433]}},
        ],
        keying_modules=["IKE"],
    )

    def policies(packet: str) -> list[list[str]]:
        keying = way(made, packet).keying
        assert keying is not None
        return [[each.label for each in stage.filters] for stage in keying.stages]

    ten, ike = "10: IKE main mode", "IKE main mode"
    assert policies(IN) == [[ten], ["10: IKE quick mode"]]
    sql = IN.replace(":443", ":1433")
    assert policies(sql)[0] == [ten]
    elsewhere = sql.replace("10.0.0.5", "192.0.2.5")
    assert policies(elsewhere) == [[ike], ["SQL: IKE quick mode"]]

"""The map as lines: what is drawn at which width, and that everything drawn can be pointed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.trace import trace
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.ui.rows.packet_map import map_lines, map_text
from ndtui.ui.rows.trace_rows import STEPS, explain_trace_row, step_rows, stop_of
from tests.strategies import designs, of_any_kind, packets
from tests.support import design, exempting, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"


def drawn(made, text: str, width: int) -> list[str]:
    filterset = compile_design(preset(made) if isinstance(made, str) else made)
    return map_text(map_lines(way_of(filterset, trace(filterset, parse_packet(text))), width))


def test_the_map_of_an_inbound_packet_in_eighty_columns():
    assert drawn("nd-transport", IN, 79) == [
        " peer --> INBOUND_TRANSPORT --> [ALE_AUTH_RECV_ACCEPT] --> this host",
        "          IPsec checks          IPsec requires             protected or blocked",
        "  +- IKE: UDP 500 passes --> main mode (IKE, AuthIP) --> quick mode --> SA",
    ]


def test_the_map_of_an_outbound_packet_with_more_room():
    assert drawn("nd-ike-only", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", 120) == [
        " this host --> ALE_AUTH_CONNECT --> [OUTBOUND_TRANSPORT] --> peer",
        "               no filter            callout: IPsec asks      protected or clear",
        "  +- IKE: UDP 500 passes --> main mode (IKE) --> quick mode (IKE) --> SA",
    ]


def test_what_is_not_met_what_is_exempt_and_what_is_held_back():
    assert "not met" in drawn("nd-transport", f"{IN} later", 79)[1]
    exempt = drawn("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9", 79)
    assert len(exempt) == 2
    assert exempt[1].split() == ["permit", "permit", "exempt"]
    own = drawn(design(sublayer={"kind": "own", "weight": 7}), IN, 79)
    assert own[2].startswith("  +- IKE: UDP 500 dropped --> main mode")
    assert own[2].endswith("--> no SA")


def test_a_layer_below_the_transport_is_on_the_map_where_a_filter_is():
    made = exempting({"remote_addresses": ["10.0.0.0/8"], "layers": ["FWPM_LAYER_INBOUND_IPPACKET"]})
    lines = drawn(made, IN, 120)
    assert lines[0].startswith(" peer --> INBOUND_IPPACKET --> INBOUND_TRANSPORT ")
    assert drawn(made, IN, 79) == []


def test_with_three_keying_modules_it_is_there_in_eighty_columns_too():
    certificate = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
    method = {"method": "IKEEXT_CERTIFICATE", "inbound": certificate, "outbound": certificate}
    made = design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode={"ikev2_authentication": [method]})
    lines = drawn(made, IN, 79)
    assert lines[0] == " peer --> INBOUND_TRANSPORT --> [ALE_AUTH_RECV_ACCEPT] --> this host"
    assert lines[2] == "  +- IKE: UDP 500 passes --> main mode --> quick mode --> SA"
    assert drawn(made, IN, 90)[2] == (
        "  +- IKE: UDP 500 passes --> main mode (IKE, AuthIP, IKEv2) --> quick mode --> SA"
    )


def test_what_there_is_no_room_for_is_left_out():
    layers = max(map(len, drawn("nd-transport", IN, 79)[:2]))
    assert len(drawn("nd-transport", IN, layers)) == 3
    assert drawn("nd-transport", IN, layers - 1) == []
    out = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
    layers = max(map(len, drawn("nd-transport", out, 79)[:2]))
    assert all(len(drawn("nd-transport", out, width)) in (2, 3) for width in range(layers, 79))


@given(designs(), st.data(), st.integers(10, 200))
def test_a_map_fits_and_every_stop_on_it_has_a_row(made, data, width):
    filterset = compile_design(made)
    way = way_of(filterset, trace(filterset, data.draw(packets(made).flatmap(of_any_kind))))
    lines = map_lines(way, width)
    assert all(len(line) <= width for line in map_text(lines))
    rows = step_rows(way, filterset)
    stops = {part.stop for line in lines for part in line} - {""}
    assert stops == ({stop_of(row) for row in rows} - {""} if lines else set())
    for row in rows:
        assert len(STEPS.cells(row)) in (1, len(STEPS.columns))
        assert explain_trace_row(row)


@pytest.mark.parametrize("stage", ["main mode", "quick mode"])
def test_a_stage_is_explained_by_the_policy_of_each_module(stage):
    filterset = compile_design(preset("ms-sample"))
    rows = step_rows(way_of(filterset, trace(filterset, parse_packet(IN))), filterset)
    (row,) = [row for row in rows if stop_of(row) == stage]
    lines = explain_trace_row(row)
    text = " ".join(f"{line.label}: {line.text}" for line in lines)
    assert f"Negotiates: {stage}" in text
    assert "Proposal 1: " in text
    assert ("Policy flags: IPSEC_POLICY_FLAG_ND_SECURE (0x2)" in text) == (stage == "quick mode")
    assert ("Auth 1: " in text) == (stage == "main mode")
    assert row.origin is not None
    assert str(row.origin).startswith("keying-module:")

"""Whether BFE exempts IKE's packets where IKEv2 alone negotiates is not documented: whatever speaks of it says so."""

from typing import Any

import pytest

from ndtui.analysis.check.examine import check
from ndtui.analysis.peers.timeline import Peer, timeline_of
from ndtui.analysis.trace import trace
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.trace.trace_wording import sentence
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.wording.properties import explain_filter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, ike_exemptions, is_for_ikev2_alone
from ndtui.model.compiled.objects import FilterSet
from ndtui.ui.rows.keying_rows import IkeRow, explain_keying
from tests.support import design

STORE = dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
METHODS = {"ikev2_authentication": [{"method": "IKEEXT_CERTIFICATE", **STORE}]}
IKEV2: dict[str, Any] = {"keying_modules": ["IKEv2"], "main_mode": METHODS}
BOTH: dict[str, Any] = {"keying_modules": ["IKE", "IKEv2"], "main_mode": METHODS}
IKE_PACKET = "in udp 10.0.0.5:500 -> 10.0.0.9:500"
TCP = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
SCOPE = {"protocol": "tcp", "local_ports": [80]}


def compiled(**fields: Any) -> FilterSet:
    return compile_design(design(**fields))


@pytest.mark.parametrize(
    ("fields", "alone"),
    [
        (IKEV2, True),
        (BOTH, False),
        ({}, False),
        ({**IKEV2, "rules": [{"name": "base"}, {"name": "a", "scope": SCOPE, "negotiation": BOTH}]}, False),
        ({"rules": [{"name": "base", "negotiation": IKEV2}]}, True),
        (
            {**IKEV2, "rules": [{"name": "base"}, {"name": "a", "scope": SCOPE, "negotiation": {}, "enabled": False}]},
            True,
        ),
    ],
)
def test_what_negotiates_by_ikev2_alone(fields: dict[str, Any], alone: bool):
    assert is_for_ikev2_alone(design(**fields)) is alone


@pytest.mark.parametrize(("fields", "said"), [(IKEV2, True), (BOTH, False), ({}, False)])
def test_whatever_speaks_of_it_says_that_it_is_not_documented(fields: dict[str, Any], said: bool):
    filterset = compiled(**fields)
    traced = trace(filterset, parse_packet(IKE_PACKET))
    assert (OF_IKEV2_ALONE in sentence(traced)) is said
    assert any(line.text == OF_IKEV2_ALONE for line in explain_filter(ike_exemptions()[0], filterset)) is said
    protected = trace(filterset, parse_packet(TCP))
    assert OF_IKEV2_ALONE not in sentence(protected)
    keying = way_of(filterset, protected).keying
    assert keying is not None
    lines = list(explain_keying(IkeRow(keying)))
    assert (("Beware", OF_IKEV2_ALONE) in lines) is said
    assert lines[0].text.startswith("IKEv2, with packets of its own" if said else "IKE and AuthIP, with packets")
    timeline = timeline_of(filterset, parse_packet(TCP), Peer(design=filterset.design))
    main = next(event for event in timeline.events if event.title.startswith("Main mode by"))
    assert main.detail.endswith(OF_IKEV2_ALONE) is said


def test_filters_of_the_design_are_not_spoken_of_so():
    filterset = compiled(**IKEV2)
    assert all(
        OF_IKEV2_ALONE not in {line.text for line in explain_filter(each, filterset)} for each in filterset.filters
    )


@pytest.mark.parametrize(("fields", "needless"), [(IKEV2, False), (BOTH, True)])
def test_an_exemption_of_ikes_ports_is_not_called_needless_there(fields: dict[str, Any], needless: bool):
    own = {"name": "IKE", "protocol": "udp", "local_ports": [500]}
    assert any(each.id == "exempts-ike" for each in check(compiled(exemptions=[own], **fields))) is needless

"""Objects and their changes in words, as a backend holds them; whatever they are, never as JSON."""

import json
from typing import Any, cast

import pytest
from hypothesis import given

from ndtui.analysis.wording.object_lines import change_lines, object_lines
from ndtui.backends.planning.planner import stored_objects
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.rule_strategies import designs_with_rules
from tests.support import design, exempting, preset

WEB = {"name": "web", "protocol": "tcp", "remote_ports": [443]}


def objects(design: Any) -> list[tuple[Kind, Document]]:
    return [(each.kind, each.document) for each in stored_objects(compile_design(design))]


def lines(kind: Kind, document: Document) -> dict[str, str]:
    return dict(object_lines(kind, document))


def filter_of(design: Any, role: str) -> Document:
    return next(document for kind, document in objects(design) if kind == "filter" and role in json.dumps(document))


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_every_object_of_every_preset_is_told_in_words(name: str) -> None:
    for kind, document in objects(preset(name)):
        for label, text in object_lines(kind, document):
            assert label
            assert text
            assert not set('[]"') & set(text), (label, text)
            assert "{" not in text or label in ("Key", "Context", "Provider")


def test_a_filter_says_what_it_matches_and_does() -> None:
    found = lines("filter", filter_of(exempting(WEB), "exempt web"))
    assert found["Matches"] == "unicast, TCP, remote port 443"
    assert found["Action"] == "FWP_ACTION_PERMIT (4098)"
    assert found["Weight"] == "range 0xC"
    assert found["Made by"] == "exemption web"
    assert found["Layer"] == "INBOUND_TRANSPORT_V4"


def test_what_a_rule_makes_says_what_it_asks_and_whose_it_is() -> None:
    scope = {"protocol": "tcp", "local_ports": [3389]}
    rdp = {"name": "RDP", "mode": "inherit", "scope": scope, "machines": "O:LSD:(A;;CC;;;DC)", "weight_range": 9}
    sql = {"name": "SQL", "mode": "inherit", "scope": {**scope, "local_ports": [1433]}, "encryption": "guaranteed"}
    made = design(version=2, rules=[{"name": "base"}, rdp, sql])
    asking = lines("filter", filter_of(made, "only who may connect"))
    assert asking["Weight"] == "range 0x9"
    assert "RDP" in asking["Made by"]
    blocking = lines("filter", filter_of(made, "block who may not"))
    assert blocking["Action"] == "FWP_ACTION_BLOCK (4097)"
    assert blocking["Matches"] == "unicast, TCP, local port 3389"
    encrypting = lines("filter", filter_of(made, "require encryption outbound"))
    assert encrypting["Raw context"] == "ALE_SET_CONNECTION_REQUIRE_IPSEC_ENCRYPTION"


@given(designs_with_rules())
def test_nothing_that_rules_make_is_told_member_by_member(made: Design) -> None:
    for kind, document in objects(made):
        labels = {line.label for line in object_lines(kind, document)}
        assert kind == "provider" or labels & {"Matches", "Type", "Weight"}


def test_a_change_says_before_and_after() -> None:
    before, after = (filter_of(exempting({**WEB, "remote_ports": ports}), "exempt web") for ports in ([443], [8443, 9]))
    assert change_lines("filter", before, after) == [
        ("Matches", "unicast, TCP, remote port 443  ->  unicast, TCP, remote port 9 or 8443")
    ]
    assert change_lines("filter", before, before) == []


def context() -> Any:
    found = (document for _, document in objects(preset("nd-transport")) if "ikeQmTransportPolicy" in document)
    return json.loads(json.dumps(next(found)))


def test_a_change_inside_a_policy_names_its_proposal() -> None:
    after = context()
    after["ikeQmTransportPolicy"]["ipsecProposals"][1]["pfsGroup"] = "IPSEC_PFS_NONE"
    after["ikeQmTransportPolicy"]["flags"] = []
    (flags, none), (label, text) = change_lines("providerContext", context(), after)
    assert (flags, none) == ("Policy flags", "IPSEC_POLICY_FLAG_ND_SECURE  ->  none")
    assert label == "Proposal 2"
    before, _, later = text.partition("  ->  ")
    assert "IPSEC_PFS_ECP_384" in before
    assert "IPSEC_PFS_NONE" in later


def test_proposals_in_another_order_are_a_change_of_each() -> None:
    after = context()
    after["ikeQmTransportPolicy"]["ipsecProposals"].reverse()
    assert [label for label, _ in change_lines("providerContext", context(), after)] == ["Proposal 1", "Proposal 3"]


def test_a_change_of_what_no_line_speaks_of_is_told_by_its_path() -> None:
    after = context()
    transform = after["ikeQmTransportPolicy"]["ipsecProposals"][0]["saTransforms"][0]["espAuthAndCipherTransform"]
    transform["authTransform"]["authTransformId"]["authType"] = "IPSEC_AUTH_MAX"
    ((path, text),) = change_lines("providerContext", context(), after)
    assert path.endswith("authTransformId.authType")
    assert text.endswith("  ->  IPSEC_AUTH_MAX")


HALF: list[tuple[Kind, Any]] = [
    ("filter", {}),
    ("filter", {"filterKey": "k", "action": 7, "filterCondition": [{"a": {"b": [1, True, None]}}]}),
    ("providerContext", {"type": "FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy": {"flags": []}}),
    ("providerContext", {"type": "FWPM_GENERAL_CONTEXT", "dataBuffer": {"data": "00"}}),
    ("subLayer", {"displayData": "no dictionary"}),
    ("provider", {"serviceName": "a service", "flags": None, "origin": 7}),
]


@pytest.mark.parametrize(("kind", "document"), HALF, ids=range(len(HALF)))
def test_what_is_no_such_object_is_told_member_by_member(kind: Kind, document: Any) -> None:
    found = object_lines(kind, cast("Document", document))
    assert not any(set('[]{}"') & set(text) for _, text in found)
    change_lines(kind, document, {**document, "weight": 3})


def test_members_are_told_by_their_path() -> None:
    found = lines("filter", HALF[1][1])
    assert found["filterCondition 1 a b"] == "1, yes, none"
    assert lines("providerContext", HALF[3][1])["dataBuffer data"] == "00"

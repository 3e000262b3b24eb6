"""Structures that another program made: whatever stands in them is read, and nothing that is secret is shown."""

import json
from ctypes import addressof, memset, sizeof
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.wfp.marshal.arena import point
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.backends.wfp.unmarshal.object_documents import to_document
from ndtui.model.compiled.document_types import Document
from tests.backends.wfp.samples import METHODS, STRANGE, a_context, a_filter, condition, main_mode, quick_mode, value
from tests.backends.wfp.windows_ctypes import structures
from tests.backends.wfp.windows_machine import SYSTEM, SYSTEM_BYTES, descriptor, machine, root_name, sddl
from tests.support import design, documents

MAIN = a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(*METHODS))


def with_notes(arena: Arena, structure: Any, notes: bytes) -> Any:
    """Return a structure with another ``providerData``."""
    structure.providerData.size = len(notes)
    point(structure.providerData, "data", arena.data(notes))
    return structure


def test_a_filter_of_unknown_names(native):
    """Every number and every GUID is one that no header has."""
    wfp = native.wfp
    with Arena() as arena:
        each = to_struct(native, arena, "filter", a_filter(condition("FLAGS", "EQUAL", value("FWP_UINT8", "uint8", 1))))
        guid = wfp.Guid("{99999999-0000-0000-0000-000000000000}")
        each.layerKey = each.subLayerKey = each.action.calloutKey = guid
        each.flags = 0x40001001
        each.weight.type = 77
        each.action.type = 0xFFFF0000
        each.filterCondition[0].fieldKey = guid
        each.filterCondition[0].matchType = -5
        each.filterCondition[0].conditionValue.type = 999
        document = to_document(native, "filter", each)
    text = "{99999999-0000-0000-0000-000000000000}"
    assert document["layerKey"] == document["subLayerKey"] == document["action"]["filterType"] == text
    assert document["flags"] == ["FWPM_FILTER_FLAG_PERSISTENT", "0x40001000"]
    assert document["weight"] == {"type": "FWP_DATA_TYPE 77"}
    assert document["action"]["type"] == "FWP_ACTION_TYPE 4294901760"
    assert document["filterCondition"] == [
        {
            "fieldKey": text,
            "matchType": "FWP_MATCH_TYPE 4294967291",
            "conditionValue": {"type": "FWP_DATA_TYPE 999"},
        }
    ]


@pytest.mark.parametrize("data_type", ["FWP_INT8", "FWP_DOUBLE", "FWP_TOKEN_INFORMATION_TYPE", "FWP_EMPTY"])
def test_types_that_are_never_written(native, data_type):
    with Arena() as arena:
        each = to_struct(native, arena, "filter", a_filter(condition("FLAGS", "EQUAL", value("FWP_UINT8", "uint8", 1))))
        each.filterCondition[0].conditionValue.type = getattr(native.wfp, data_type)
        (read,) = to_document(native, "filter", each)["filterCondition"]
    assert read["conditionValue"] == {"type": data_type}


def test_pointers_that_lead_nowhere(native):
    """NULL is read as nothing there, whatever the count beside it says."""
    wfp = native.wfp
    for number in range(20):
        each = wfp.FWPM_FILTER0()
        each.numFilterConditions = 3
        each.weight.type = number
        each.effectiveWeight.type = number
        document = to_document(native, "filter", each)
        assert document["filterCondition"] == []
        assert set(document["weight"]) <= {"type", "uint8", "uint16", "uint32"}
    for number in range(14):
        context = wfp.FWPM_PROVIDER_CONTEXT3()
        context.type = number
        assert "Policy" not in "".join(to_document(native, "providerContext", context))
    assert to_document(native, "provider", wfp.FWPM_PROVIDER0()) == {
        "displayData": {"name": "", "description": ""},
        "flags": [],
    }


@given(data=st.data())
def test_whatever_numbers_a_policy_holds_it_is_read(data):
    """Numbers at random in every structure of a policy; only pointers, lengths and blobs are left alone."""
    native = machine(structures())
    numbers = st.integers(0, 2**32 - 1)
    with Arena() as arena:
        context = to_struct(native, arena, "providerContext", MAIN)
        policy = context.ikeMmPolicy.contents
        policy.flags, policy.softExpirationTime = data.draw(numbers), data.draw(numbers)
        policy.initiatorImpersonationType = data.draw(st.integers(-(2**31), 2**31 - 1))
        for at in range(policy.numIkeProposals):
            proposal = policy.ikeProposals[at]
            memset(addressof(proposal), data.draw(st.integers(0, 255)), sizeof(proposal))
        policy.authenticationMethods[0].authenticationMethodType = data.draw(st.integers(11, 2**31 - 1))
        document = to_document(native, "providerContext", context)
    assert json.loads(json.dumps(document)) == document
    assert len(document["ikeMmPolicy"]["ikeProposals"]) == 3


def test_transforms_of_an_unknown_type(native):
    with Arena() as arena:
        document = a_context("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT", "ikeQmTransportPolicy", quick_mode())
        context = to_struct(native, arena, "providerContext", document)
        transform = context.ikeQmTransportPolicy.contents.ipsecProposals[0].saTransforms[0]
        transform.ipsecTransformType = 9
        read = to_document(native, "providerContext", context)
    assert read["ikeQmTransportPolicy"]["ipsecProposals"][0]["saTransforms"] == [
        {"ipsecTransformType": "IPSEC_TRANSFORM_TYPE 9"}
    ]


def _key_of(document: Document) -> str:
    return str(document["ikeMmPolicy"]["authenticationMethods"][3]["presharedKeyAuthentication"]["presharedKey"])


def _roots_of(document: Document) -> list[str]:
    return list(document["ikeMmPolicy"]["authenticationMethods"][4]["certificateAuthentication"]["inboundRootArray"])


def test_secrets_without_a_reference_are_not_shown(native):
    with Arena() as arena:
        context = with_notes(arena, to_struct(native, arena, "providerContext", MAIN), b"")
        document = to_document(native, "providerContext", context)
    assert _key_of(document) == "(not shown)"
    assert "key of" not in json.dumps(document)
    assert b"key of".hex() not in json.dumps(document)
    digests = _roots_of(document)
    assert [text[:8] for text in digests] == ["(sha256:", "(sha256:"]
    assert all(len(text) == 8 + 64 + 1 for text in digests)


def test_another_root_than_the_one_recorded_is_told_apart(native):
    """The first root has been replaced since; what was recorded of the second still holds."""
    with Arena() as arena:
        context = to_struct(native, arena, "providerContext", MAIN)
        certificate = context.ikeMmPolicy.contents.authenticationMethods[4].certificateAuthentication
        other = root_name("subject:CN=Other")
        certificate.inboundRootArray[0].certData.size = len(other)
        point(certificate.inboundRootArray[0].certData, "data", arena.data(other))
        first, second = _roots_of(to_document(native, "providerContext", context))
    assert first.startswith("(sha256:")
    assert second == "thumbprint:" + "0a" * 20


@pytest.mark.parametrize(
    "notes",
    [
        b"\x00\x01\x02",
        b"{",
        b"[]",
        b"{}",
        b'"origin"',
        b'{"origin":5}',
        b'{"origin":"x","more":1}',
        b'{"structures":"2"}',
        b'{"structures":true}',
        b'{"references":{"a":5}}',
        b'{"references":[]}',
        b'{"roots":{"a":[]}}',
        b'{"spellings":{"a":{}}}',
        b'{"spellings":{"a":[1]}}',
        b'{"spellings":[["a"]]}',
        b'{"origin":' + b"[" * 5000,
        b'{"\xff":1}',
        bytes(range(256)) * 300,
    ],
)
def test_another_programs_data_means_nothing(native, notes):
    with Arena() as arena:
        context = with_notes(arena, to_struct(native, arena, "providerContext", MAIN), notes)
        document = to_document(native, "providerContext", context)
    assert "origin" not in document
    assert _key_of(document) == "(not shown)"


@given(data=st.binary(max_size=60) | st.binary(max_size=60).map(lambda end: b'{"origin":"' + end))
def test_any_bytes_may_stand_in_provider_data(data):
    notes = Notes.decode(data)
    assert isinstance(notes.origin, str)


@pytest.mark.parametrize(
    "spelling",
    ['{"dhGroup":["IKEEXT_DH_GROUP_2048"]}', '{"dhGroup":"IKEEXT_DH_GROUP_1"}', '{"dhGroup":"MAGIC"}'],
)
def test_a_spelling_that_does_not_fit_is_not_used(native, spelling):
    path = "ikeMmPolicy.ikeProposals[0].dhGroup"
    notes = json.dumps({"spellings": {path: json.loads(spelling)["dhGroup"]}}).encode()
    with Arena() as arena:
        context = with_notes(arena, to_struct(native, arena, "providerContext", MAIN), notes)
        document = to_document(native, "providerContext", context)
    assert document["ikeMmPolicy"]["ikeProposals"][0]["dhGroup"] == "IKEEXT_DH_GROUP_14"


@pytest.mark.parametrize("flags", [["MAGIC"], ["IPSEC_POLICY_FLAG_ND_SECURE"], "IPSEC_POLICY_FLAG_ND_SECURE", []])
def test_a_spelling_of_flags_that_does_not_fit_is_not_used(native, flags):
    document = a_context("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT", "ikeQmTransportPolicy", quick_mode())
    notes = json.dumps({"spellings": {"ikeQmTransportPolicy.flags": flags}}).encode()
    with Arena() as arena:
        context = with_notes(arena, to_struct(native, arena, "providerContext", document), notes)
        read = to_document(native, "providerContext", context)
    assert read["ikeQmTransportPolicy"]["flags"] == ["IPSEC_POLICY_FLAG_ND_SECURE", "IPSEC_POLICY_FLAG_BANDWIDTH4"]


def identified() -> Document:
    """Return a filter that asks for a machine of a domain, in letters that Windows answers with numbers."""
    made = design(version=2, rules=[{"name": "base", "machines": "O:LSD:(D;;CC;;;S-1-1-0)(A;;CC;;;DC)"}])
    asking = (each for each in documents(made)["filters"] if len(each["filterCondition"]) == 2)
    return next(asking)


def access_list(native, notes: bytes | None = None) -> str:
    """Return how the access list of ``identified`` is read; with other notes than those that were written, if any."""
    with Arena() as arena:
        found = to_struct(native, arena, "filter", identified())
        document = to_document(native, "filter", found if notes is None else with_notes(arena, found, notes))
    return document["filterCondition"][1]["conditionValue"]["sd"]


def test_the_stand_in_makes_of_the_local_system_what_windows_does():
    assert descriptor(SYSTEM) == SYSTEM_BYTES
    assert sddl(SYSTEM_BYTES) == SYSTEM


def test_an_access_list_is_read_as_it_was_written(native):
    assert access_list(native) == "O:LSD:(D;;CC;;;S-1-1-0)(A;;CC;;;DC)"
    assert access_list(native, b"") == "O:LSD:(D;;CC;;;WD)(A;;CC;;;S-1-5-21-9-9-9-515)"


@pytest.mark.parametrize("written", ["O:LSD:(A;;CC;;;DC)", "no access list", ["O:LSD:(A;;CC;;;DC)"]])
def test_an_access_list_that_was_written_for_another_is_not_used(native, written):
    path = "filterCondition[1].conditionValue.sd"
    notes = json.dumps({"spellings": {path: written}}).encode()
    assert access_list(native, notes) == "O:LSD:(D;;CC;;;WD)(A;;CC;;;S-1-5-21-9-9-9-515)"


def test_notes_are_short():
    """Filters are many: one of ours carries its origin and nothing else."""
    assert Notes(origin="exemption:DNS").encode() == b'{"origin":"exemption:DNS"}'
    assert Notes().encode() == b""
    assert Notes.decode(Notes(origin=STRANGE).encode()).origin == STRANGE


def test_a_document_stands_by_itself(native):
    """What was read stays as it is when the memory it came from is used for something else."""
    with Arena() as arena:
        structure = to_struct(native, arena, "filter", a_filter(origin="scenario"))
        document = to_document(native, "filter", structure)
        before = json.dumps(document)
        for block in arena.blocks:
            memset(addressof(block), 0x41, sizeof(block))
        assert json.dumps(document) == before

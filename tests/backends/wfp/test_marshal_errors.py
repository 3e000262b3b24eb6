"""What cannot be said in a structure is refused, with the code that the engine would answer and the place it stands."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.object_structs import Arena, key_guid, layer_guid, to_struct
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.wfp.samples import (
    CONDITIONS,
    METHODS,
    a_context,
    a_filter,
    condition,
    main_mode,
    new_key,
    quick_mode,
    value,
)
from tests.backends.wfp.windows_ctypes import structures
from tests.backends.wfp.windows_machine import machine
from tests.support import one_line


def refusal(native: Any, kind: Kind, document: Document) -> EngineError:
    """Return the error that a document gives."""
    with pytest.raises(EngineError) as caught, Arena() as arena:
        to_struct(native, arena, kind, document)
    one_line(str(caught.value))
    return caught.value


def changed(document: Document, path: str, content: Any) -> Document:
    """Return a document with one member exchanged: ``ikeProposals.0.dhGroup``."""
    made = copy.deepcopy(document)
    *way, last = path.split(".")
    place: Any = made
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if isinstance(place, list):
        place[int(last)] = content
    else:
        place[last] = content
    return made


SUBLAYER = {"subLayerKey": new_key(), "displayData": {"name": "x", "description": ""}, "flags": [], "weight": 1}
PROVIDER = {"providerKey": new_key(), "displayData": {"name": "x", "description": ""}, "flags": []}
PORT = condition("IP_LOCAL_PORT", "EQUAL", value("FWP_UINT16", "uint16", 1))
FILTER = a_filter(PORT, weight={"type": "FWP_UINT8", "uint8": 1}, providerKey=new_key())
MAIN = a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(*METHODS))
QUICK = a_context("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT", "ikeQmTransportPolicy", quick_mode())
TRANSFORM = "ikeQmTransportPolicy.ipsecProposals.2.saTransforms.0"
CERTIFICATE = "ikeMmPolicy.authenticationMethods.4.certificateAuthentication"


def member_of_value(data_type: str, content: Document) -> Document:
    """Return a value with what stands beside its type."""
    return {"type": data_type, **content}


WRONG: list[tuple[Kind, Document, str, Any, str]] = [
    ("subLayer", SUBLAYER, "weight", 65536, "FWP_E_OUT_OF_BOUNDS"),
    ("subLayer", SUBLAYER, "weight", -1, "FWP_E_OUT_OF_BOUNDS"),
    ("subLayer", SUBLAYER, "weight", "1", "FWP_E_TYPE_MISMATCH"),
    ("subLayer", SUBLAYER, "weight", True, "FWP_E_TYPE_MISMATCH"),
    ("subLayer", SUBLAYER, "flags", ["FWPM_SUBLAYER_FLAG_MAGIC"], "FWP_E_INVALID_FLAGS"),
    ("subLayer", SUBLAYER, "flags", [1], "FWP_E_INVALID_FLAGS"),
    ("subLayer", SUBLAYER, "flags", "FWPM_SUBLAYER_FLAG_PERSISTENT", "FWP_E_INVALID_PARAMETER"),
    ("subLayer", SUBLAYER, "subLayerKey", "mine", "FWP_E_INVALID_PARAMETER"),
    ("subLayer", SUBLAYER, "providerKey", "mine", "FWP_E_PROVIDER_NOT_FOUND"),
    ("provider", PROVIDER, "flags", ["FWPM_SUBLAYER_FLAG_PERSISTENT"], "FWP_E_INVALID_FLAGS"),
    ("provider", PROVIDER, "displayData.name", "a\0b", "FWP_E_INVALID_PARAMETER"),
    ("provider", PROVIDER, "displayData.name", 5, "FWP_E_INVALID_PARAMETER"),
    ("provider", PROVIDER, "displayData", [], "FWP_E_INVALID_PARAMETER"),
    ("provider", PROVIDER, "providerKey", 5, "FWP_E_INVALID_PARAMETER"),
    ("filter", FILTER, "filterKey", "{1}", "FWP_E_INVALID_PARAMETER"),
    ("filter", FILTER, "providerKey", "FWPM_PROVIDER_MAGIC", "FWP_E_PROVIDER_NOT_FOUND"),
    ("filter", FILTER, "layerKey", "FWPM_LAYER_MAGIC", "FWP_E_LAYER_NOT_FOUND"),
    ("filter", FILTER, "layerKey", None, "FWP_E_LAYER_NOT_FOUND"),
    ("filter", FILTER, "layerKey", "FWPM_SUBLAYER_UNIVERSAL", "FWP_E_LAYER_NOT_FOUND"),
    ("filter", FILTER, "subLayerKey", "FWPM_LAYER_IPSEC_V4", "FWP_E_SUBLAYER_NOT_FOUND"),
    ("filter", FILTER, "flags", ["FWPM_FILTER_FLAG_MAGIC"], "FWP_E_INVALID_FLAGS"),
    ("filter", FILTER, "rawContext", 2**64, "FWP_E_OUT_OF_BOUNDS"),
    ("filter", FILTER, "weight", {"type": "FWP_UINT16", "uint16": 1}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "weight", {"type": "FWP_UINT8", "uint8": 256}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "weight", {"type": "FWP_UINT64", "uint64": 2**64}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "weight", {"type": "FWP_UINT64"}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "weight", {"type": "FWP_UINT8"}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "weight", {}, "FWP_E_INVALID_WEIGHT"),
    ("filter", FILTER, "action", None, "FWP_E_INVALID_ACTION_TYPE"),
    ("filter", FILTER, "action.type", "FWP_ACTION_MAGIC", "FWP_E_INVALID_ACTION_TYPE"),
    ("filter", FILTER, "action.filterType", "FWPM_CALLOUT_MAGIC", "FWP_E_CALLOUT_NOT_FOUND"),
    ("filter", FILTER, "filterCondition", {}, "FWP_E_INVALID_PARAMETER"),
    ("filter", FILTER, "filterCondition", [None], "FWP_E_INVALID_PARAMETER"),
    ("filter", FILTER, "filterCondition.0.fieldKey", "FWPM_CONDITION_MAGIC", "FWP_E_CONDITION_NOT_FOUND"),
    ("filter", FILTER, "filterCondition.0.fieldKey", "", "FWP_E_NULL_POINTER"),
    ("filter", FILTER, "filterCondition.0.matchType", "FWP_MATCH_MAGIC", "FWP_E_INVALID_ENUMERATOR"),
    ("filter", FILTER, "filterCondition.0.conditionValue", None, "FWP_E_NULL_POINTER"),
    ("filter", FILTER, "filterCondition.0.conditionValue.type", "FWP_MAGIC", "FWP_E_TYPE_MISMATCH"),
    ("filter", FILTER, "filterCondition.0.conditionValue.type", "FWP_DOUBLE", "FWP_E_TYPE_MISMATCH"),
    ("filter", FILTER, "filterCondition.0.conditionValue.uint16", 65536, "FWP_E_OUT_OF_BOUNDS"),
    ("filter", FILTER, "filterCondition.0.conditionValue.uint16", None, "FWP_E_NULL_POINTER"),
    ("filter", FILTER, "filterCondition.0.conditionValue.uint16", "1", "FWP_E_TYPE_MISMATCH"),
    ("filter", FILTER, "filterCondition.0.conditionValue.uint16", 1.0, "FWP_E_TYPE_MISMATCH"),
    ("providerContext", MAIN, "type", "FWPM_MAGIC_CONTEXT", "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "type", None, "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "flags", ["FWPM_FILTER_FLAG_PERSISTENT"], "FWP_E_INVALID_FLAGS"),
    ("providerContext", MAIN, "ikeMmPolicy", [], "FWP_E_INVALID_PARAMETER"),
    ("providerContext", MAIN, "ikeMmPolicy.softExpirationTime", 2**32, "FWP_E_OUT_OF_BOUNDS"),
    ("providerContext", MAIN, "ikeMmPolicy.flags", ["IKEEXT_POLICY_FLAG_MAGIC"], "FWP_E_INVALID_FLAGS"),
    ("providerContext", MAIN, "ikeMmPolicy.initiatorImpersonationType", None, "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "ikeMmPolicy.ikeProposals.0.dhGroup", "IKEEXT_DH_MAGIC", "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "ikeMmPolicy.ikeProposals.0.cipherAlgorithm", None, "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "ikeMmPolicy.ikeProposals.0.integrityAlgorithm", {}, "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, "ikeMmPolicy.ikeProposals.0.cipherAlgorithm.keyLen", 2**32, "FWP_E_OUT_OF_BOUNDS"),
    (
        "providerContext",
        MAIN,
        "ikeMmPolicy.authenticationMethods.0.authenticationMethodType",
        "IKEEXT_MAGIC",
        "FWP_E_INCOMPATIBLE_AUTH_METHOD",
    ),
    ("providerContext", MAIN, f"{CERTIFICATE}.inboundConfigType", "MAGIC", "FWP_E_INVALID_ENUMERATOR"),
    ("providerContext", MAIN, f"{CERTIFICATE}.inboundRootArray", [5], "FWP_E_INVALID_PARAMETER"),
    ("providerContext", MAIN, f"{CERTIFICATE}.flags", ["MAGIC"], "FWP_E_INVALID_FLAGS"),
    ("providerContext", QUICK, f"{TRANSFORM}.ipsecTransformType", "IPSEC_MAGIC", "FWP_E_INVALID_ENUMERATOR"),
    (
        "providerContext",
        QUICK,
        f"{TRANSFORM}.espAuthAndCipherTransform.authTransform",
        None,
        "FWP_E_INVALID_TRANSFORM_COMBINATION",
    ),
    (
        "providerContext",
        QUICK,
        f"{TRANSFORM}.espAuthAndCipherTransform.authTransform.authTransformId",
        None,
        "FWP_E_INVALID_AUTH_TRANSFORM",
    ),
    (
        "providerContext",
        QUICK,
        f"{TRANSFORM}.espAuthAndCipherTransform.cipherTransform.cipherTransformId.cipherConfig",
        "",
        "FWP_E_INVALID_CIPHER_TRANSFORM",
    ),
    (
        "providerContext",
        QUICK,
        "ikeQmTransportPolicy.ipsecProposals.0.lifetime.lifetimeSeconds",
        2**32,
        "FWP_E_OUT_OF_BOUNDS",
    ),
    ("providerContext", QUICK, "ikeQmTransportPolicy.ipsecProposals.0.pfsGroup", 3, "FWP_E_INVALID_PARAMETER"),
]


@pytest.mark.parametrize(
    ("kind", "document", "path", "content", "code"), WRONG, ids=[f"{w[0]}-{w[2]}-{w[3]!r:.30}" for w in WRONG]
)
def test_refused_with_the_engines_code(native, kind, document, path, content, code):
    error = refusal(native, kind, changed(document, path, content))
    assert error.code == code
    assert path.rpartition(".")[2] in str(error) or path.split(".")[-2] in str(error)


WRONG_VALUES: list[tuple[Document, str]] = [
    (member_of_value("FWP_UINT32", {"uint32": 2**32}), "FWP_E_OUT_OF_BOUNDS"),
    (member_of_value("FWP_UINT32", {"uint32": "10.0.0.256"}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_UINT64", {"uint64": -1}), "FWP_E_OUT_OF_BOUNDS"),
    (member_of_value("FWP_UINT64", {}), "FWP_E_NULL_POINTER"),
    (member_of_value("FWP_BYTE_ARRAY16_TYPE", {"byteArray16": "10.0.0.1"}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_BYTE_ARRAY16_TYPE", {"byteArray16": "fe80::1%eth0"}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_BYTE_ARRAY6_TYPE", {"byteArray6": "00:11:22"}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_BYTE_ARRAY6_TYPE", {"byteArray6": "hardware"}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_BYTE_BLOB_TYPE", {"byteBlob": {"data": "0"}}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_BYTE_BLOB_TYPE", {"byteBlob": "00"}), "FWP_E_INVALID_PARAMETER"),
    (member_of_value("FWP_SID", {"sid": "everyone"}), "FWP_E_INVALID_PARAMETER"),
    (member_of_value("FWP_SECURITY_DESCRIPTOR_TYPE", {"sd": "?"}), "FWP_E_INVALID_PARAMETER"),
    (member_of_value("FWP_SECURITY_DESCRIPTOR_TYPE", {"sd": ""}), "FWP_E_NULL_POINTER"),
    (member_of_value("FWP_UNICODE_STRING_TYPE", {"unicodeString": "a\0"}), "FWP_E_INVALID_PARAMETER"),
    (member_of_value("FWP_V4_ADDR_MASK", {}), "FWP_E_NULL_POINTER"),
    (member_of_value("FWP_V4_ADDR_MASK", {"v4AddrMask": {"addr": "x", "mask": "255.0.0.0"}}), "FWP_E_TYPE_MISMATCH"),
    (member_of_value("FWP_V4_ADDR_MASK", {"v4AddrMask": {"addr": "10.0.0.0"}}), "FWP_E_INVALID_NET_MASK"),
    (
        member_of_value("FWP_V6_ADDR_MASK", {"v6AddrMask": {"addr": "::", "prefixLength": 256}}),
        "FWP_E_INVALID_NET_MASK",
    ),
    (member_of_value("FWP_RANGE_TYPE", {"rangeValue": {"valueLow": {"type": "FWP_EMPTY"}}}), "FWP_E_INVALID_RANGE"),
    (
        member_of_value(
            "FWP_RANGE_TYPE",
            {
                "rangeValue": {
                    "valueLow": {"type": "FWP_V4_ADDR_MASK", "v4AddrMask": {"addr": "::", "mask": ""}},
                    "valueHigh": {"type": "FWP_EMPTY"},
                }
            },
        ),
        "FWP_E_TYPE_MISMATCH",
    ),
]


@pytest.mark.parametrize(
    ("content", "code"), WRONG_VALUES, ids=[f"{v['type']}-{n}" for n, (v, _) in enumerate(WRONG_VALUES)]
)
def test_values_that_are_refused(native, content, code):
    assert refusal(native, "filter", a_filter(condition("FLAGS", "EQUAL", content))).code == code


def test_what_is_refused_is_named_by_its_place(native):
    wrong = changed(MAIN, "ikeMmPolicy.ikeProposals.1.maxLifetimeSeconds", 2**32)
    message = str(refusal(native, "providerContext", wrong))
    assert message.startswith("ikeMmPolicy.ikeProposals[1].maxLifetimeSeconds is 4294967296")
    assert "FWP_E_OUT_OF_BOUNDS, 0x80320028" in message


def test_a_wrong_reference_is_not_repeated(native):
    from ndtui.backends.wfp.secrets import resolve

    wrong = changed(MAIN, "ikeMmPolicy.authenticationMethods.3.presharedKeyAuthentication.presharedKey", "hunter2")
    with pytest.raises(BackendError) as caught, Arena() as arena:
        to_struct(machine(native.wfp, secret=resolve), arena, "providerContext", wrong)
    assert "hunter2" not in str(caught.value)


def test_what_the_engine_is_to_refuse_is_handed_on(native):
    """Empty lists and missing policies can be said: Windows has the last word on them."""
    for document in (
        changed(MAIN, "ikeMmPolicy.ikeProposals", []),
        changed(MAIN, "ikeMmPolicy", None),
        changed(QUICK, f"{TRANSFORM}.espAuthAndCipherTransform", None),
        {**MAIN, "type": "FWPM_GENERAL_CONTEXT"},
    ):
        with Arena() as arena:
            assert to_struct(native, arena, "providerContext", document).type in (5, 1, 8)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("provider", "FWP_E_PROVIDER_NOT_FOUND"),
        ("subLayer", "FWP_E_SUBLAYER_NOT_FOUND"),
        ("providerContext", "FWP_E_PROVIDER_CONTEXT_NOT_FOUND"),
        ("filter", "FWP_E_FILTER_NOT_FOUND"),
    ],
)
def test_keys_that_are_none(native, kind, code):
    for key in ("", "x", "{1}", "FWPM_LAYER_IPSEC_V4", "eebecc03-ced4-4380-819a-2734397b2b74"):
        with pytest.raises(EngineError) as caught:
            key_guid(native, kind, key)
        assert caught.value.code == code
    with pytest.raises(EngineError) as caught:
        layer_guid(native, "FWPM_LAYER_MAGIC")
    assert caught.value.code == "FWP_E_LAYER_NOT_FOUND"


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _paths(document: Any, before: str = "") -> list[str]:
    members = document.items() if isinstance(document, dict) else enumerate(document)
    found = []
    for name, member in members:
        found.append(f"{before}{name}")
        if isinstance(member, dict | list):
            found += _paths(member, f"{before}{name}.")
    return found


_WHOLE: list[tuple[Kind, Document]] = [
    ("filter", a_filter(*(condition(*rest) for _, *rest in CONDITIONS))),
    ("filter", FILTER),
    ("providerContext", MAIN),
    ("providerContext", QUICK),
    ("subLayer", SUBLAYER),
    ("provider", PROVIDER),
]


@given(data=st.data())
def test_whatever_stands_in_a_document_is_taken_or_refused(data):
    """Anything at any place: never another error than one for a person."""
    kind, document = data.draw(st.sampled_from(_WHOLE))
    path = data.draw(st.sampled_from(_paths(document)))
    made = changed(document, path, data.draw(_ANYTHING))
    try:
        with Arena() as arena:
            to_struct(machine(structures()), arena, kind, made)
    except BackendError as error:
        one_line(str(error))


@given(content=_ANYTHING, member=st.sampled_from(["uint32", "sid", "sd", "byteBlob", "rangeValue", "v4AddrMask"]))
def test_whatever_stands_in_a_value_is_taken_or_refused(content, member):
    native = machine(structures())
    types = {"uint32": "UINT32", "sid": "SID", "sd": "SECURITY_DESCRIPTOR_TYPE", "byteBlob": "BYTE_BLOB_TYPE"}
    data_type = types.get(member, "RANGE_TYPE" if member == "rangeValue" else "V4_ADDR_MASK")
    try:
        with Arena() as arena:
            to_struct(
                native,
                arena,
                "filter",
                a_filter(condition("FLAGS", "EQUAL", {"type": f"FWP_{data_type}", member: content})),
            )
    except BackendError as error:
        one_line(str(error))

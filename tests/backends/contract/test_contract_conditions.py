"""Conditions: which field, which match, which value, and how many of them."""

import pytest

from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_types import Document
from ndtui.model.vocabulary import GUIDS
from ndtui.model.vocabulary.guids import LAYERS
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, fields_of, stem_of
from tests.backends.contract.expectations import accepts, add, refuses_filter
from tests.backends.contract.sample_objects import (
    ACCEPT_V4,
    CONNECT_V4,
    CONNECT_V6,
    IKE_MM,
    IKE_QM,
    IKEEXT_V4,
    INBOUND_V4,
    IPSEC_V4,
    a_filter,
    between,
    condition,
    context,
    equal,
    policy_filter,
    port,
    protocol,
    v4_address,
    v4_network,
    v6_network,
    value,
)

LOCAL_SYSTEM = "O:LSD:(A;;CC;;;SY)"
#: What a field of a type may be compared with, and by which type of value.
SAMPLES: dict[str, tuple[str, object]] = {
    "FWP_UINT8": ("FWP_UINT8", 255),
    "FWP_UINT16": ("FWP_UINT16", 65535),
    "FWP_UINT32": ("FWP_UINT32", 0xFFFFFFFF),
    "FWP_UINT64": ("FWP_UINT64", 0xFFFFFFFFFFFFFFFF),
    "FWP_BYTE_ARRAY16_TYPE": ("FWP_BYTE_ARRAY16_TYPE", "fe80::1:2"),
    "FWP_BYTE_BLOB_TYPE": ("FWP_BYTE_BLOB_TYPE", {"data": "00ff7f10"}),
    "FWP_TOKEN_ACCESS_INFORMATION_TYPE": ("FWP_SECURITY_DESCRIPTOR_TYPE", LOCAL_SYSTEM),
    "FWP_SID": ("FWP_SID", "S-1-5-18"),
}
SORTING = ("GREATER", "LESS", "GREATER_OR_EQUAL", "LESS_OR_EQUAL", "NOT_EQUAL")
IPPACKET_V4 = "FWPM_LAYER_INBOUND_IPPACKET_V4"
FLAG_TESTS = ("FLAGS_ALL_SET", "FLAGS_ANY_SET", "FLAGS_NONE_SET")
APP = value("FWP_BYTE_BLOB_TYPE", {"data": "5c006400"})
USER = value("FWP_SECURITY_DESCRIPTOR_TYPE", LOCAL_SYSTEM)


def filter_with(session: Session, layer: str, conditions: tuple[Document, ...]) -> Document:
    """Return a filter that suits its layer, with conditions."""
    if stem_of(layer) not in (IKEEXT, IPSEC):
        return a_filter(*conditions, layer=layer)
    policy = add(session, "providerContext", context(IKE_MM if stem_of(layer) == IKEEXT else IKE_QM))
    return policy_filter(policy, layer, filterCondition=list(conditions))


def takes(session: Session, *conditions: Document, layer: str = CONNECT_V4) -> None:
    """Check that conditions are accepted, and come back as they were given."""
    held = accepts(session, "filter", filter_with(session, layer, conditions))
    assert held["filterCondition"] == list(conditions)


def refuses(session: Session, code: str, *conditions: Document, layer: str = CONNECT_V4) -> None:
    """Check that conditions are refused."""
    refuses_filter(session, code, filter_with(session, layer, conditions))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_field_of_a_layer_takes_a_value_of_its_type(session: Session, layer: str) -> None:
    """A layer's fields can be compared (filtering-conditions-available-at-each-filtering-layer, observed)."""
    for name, field in fields_of(layer).items():
        data_type, content = SAMPLES[field.data_type]
        if field.data_type == "FWP_UINT32" and name.endswith("_ADDRESS"):
            content = "255.255.255.255"
        takes(session, equal(name.removeprefix("FWPM_CONDITION_"), data_type, content), layer=layer)


@pytest.mark.parametrize(
    ("layer", "field"),
    [
        (INBOUND_V4, equal("ALE_APP_ID", "FWP_BYTE_BLOB_TYPE", {"data": "00"})),
        (IKEEXT_V4, port(500)),
        (IPSEC_V4, equal("IP_LOCAL_ADDRESS_TYPE", "FWP_UINT8", 1)),
        (IPPACKET_V4, protocol()),
        (CONNECT_V4, equal("NO_SUCH_FIELD", "FWP_UINT8", 1)),
    ],
)
def test_a_field_the_layer_does_not_have_is_refused(session: Session, layer: str, field: Document) -> None:
    """A condition needs a field of the layer (filtering-conditions-available-at-each-filtering-layer)."""
    refuses(session, "FWP_E_CONDITION_NOT_FOUND", field, layer=layer)


def test_a_program_is_named_by_its_path(session: Session) -> None:
    """Windows makes the bytes of it; what comes back is the path (FwpmGetAppIdFromFileName0)."""
    for path in (r"\device\harddiskvolume3\x.exe", r"\Device\HarddiskVolume3\Program Files\X.exe"):
        takes(session, equal("ALE_APP_ID", "FWP_BYTE_BLOB_TYPE", {"asString": path}))


@pytest.mark.parametrize(
    ("blob", "code"),
    [
        ({"data": "0"}, "FWP_E_TYPE_MISMATCH"),
        ({"data": "5c00", "asString": r"C:\x.exe"}, "FWP_E_INVALID_PARAMETER"),
        ({"asString": "x.exe"}, "FWP_E_INVALID_PARAMETER"),
        ({"asString": r"\device\harddiskvolume3"}, "FWP_E_INVALID_PARAMETER"),
    ],
)
def test_what_names_no_program_is_refused(session: Session, blob: Document, code: str) -> None:
    """A blob is bytes in hexadecimal, or the path of a program; not both (wfp-error-codes)."""
    refuses(session, code, equal("ALE_APP_ID", "FWP_BYTE_BLOB_TYPE", blob))


def test_an_unknown_match_type_is_refused(session: Session) -> None:
    """A match type has to be one of the enumeration (wfp-error-codes, FWP_MATCH_TYPE)."""
    for match in ("NO_SUCH", "TYPE_MAX"):
        refuses(session, "FWP_E_INVALID_ENUMERATOR", condition("IP_PROTOCOL", match, value("FWP_UINT8", 6)))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("IP_REMOTE_PORT", value("FWP_UINT32", 80)),
        ("IP_REMOTE_PORT", value("FWP_UINT8", 80)),
        ("IP_PROTOCOL", value("FWP_UINT16", 6)),
        ("IP_LOCAL_INTERFACE", value("FWP_UINT32", 1)),
        ("ALE_APP_ID", value("FWP_UINT32", 1)),
        ("IP_REMOTE_ADDRESS", value("FWP_BYTE_ARRAY16_TYPE", "::1")),
    ],
)
def test_a_value_of_another_type_is_refused(session: Session, field: str, given: Document) -> None:
    """BFE converts no data: field and value must be of the same type (FWP_MATCH_TYPE, wfp-error-codes)."""
    refuses(session, "FWP_E_TYPE_MISMATCH", condition(field, "EQUAL", given))


def test_an_address_may_be_compared_with_a_network(session: Session) -> None:
    """An IPv4 address compares with an address and mask, an IPv6 one with a prefix (FWP_MATCH_TYPE)."""
    takes(session, v4_network("10.0.0.0", "255.0.0.0"))
    takes(session, v6_network("fe80::", 10), layer=CONNECT_V6)


def test_networks_are_for_addresses_of_their_family(session: Session) -> None:
    """A mask goes with a field that contains an address of its family only (FWP_MATCH_TYPE)."""
    mask = value("FWP_V4_ADDR_MASK", {"addr": "10.0.0.0", "mask": "255.0.0.0"})
    prefix = value("FWP_V6_ADDR_MASK", {"addr": "fe80::", "prefixLength": 10})
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("IP_REMOTE_PORT", "EQUAL", mask))
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("IP_REMOTE_ADDRESS", "EQUAL", mask), layer=CONNECT_V6)
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("IP_REMOTE_ADDRESS", "EQUAL", prefix))
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("FLAGS", "EQUAL", mask))


def test_a_user_is_compared_with_a_security_descriptor(session: Session) -> None:
    """A token compares with a security descriptor when adding filters (FWP_MATCH_TYPE)."""
    for field in ("ALE_USER_ID", "ALE_REMOTE_USER_ID", "ALE_REMOTE_MACHINE_ID"):
        takes(session, condition(field, "EQUAL", USER), layer=ACCEPT_V4)


def test_a_user_is_not_compared_with_a_sid(session: Session) -> None:
    """A token compares with a SID when enumerating only (FWP_MATCH_TYPE)."""
    refuses(session, "FWP_E_TYPE_MISMATCH", equal("ALE_USER_ID", "FWP_SID", "S-1-5-18"))


def test_a_security_descriptor_is_for_tokens(session: Session) -> None:
    """No other field compares with a security descriptor (FWP_MATCH_TYPE)."""
    for field in ("IP_PROTOCOL", "ALE_APP_ID", "ALE_PACKAGE_ID"):
        refuses(session, "FWP_E_TYPE_MISMATCH", condition(field, "EQUAL", USER))


@pytest.mark.parametrize("match", SORTING)
def test_what_can_be_sorted_can_be_compared_by_size(session: Session, match: str) -> None:
    """Integers, byte arrays of 16 and blobs are sortable (FWP_MATCH_TYPE)."""
    takes(session, condition("IP_REMOTE_PORT", match, value("FWP_UINT16", 1024)))
    takes(session, condition("IP_REMOTE_ADDRESS", match, value("FWP_UINT32", "10.0.0.1")))
    takes(session, condition("IP_LOCAL_INTERFACE", match, value("FWP_UINT64", 1 << 40)))
    takes(session, condition("ALE_APP_ID", match, APP))
    takes(session, condition("IP_REMOTE_ADDRESS", match, value("FWP_BYTE_ARRAY16_TYPE", "::1")), layer=CONNECT_V6)


@pytest.mark.parametrize("match", SORTING)
def test_what_cannot_be_sorted_is_only_equal(session: Session, match: str) -> None:
    """Security descriptors and SIDs are not sortable (FWP_MATCH_TYPE, wfp-error-codes)."""
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("ALE_USER_ID", match, USER))
    sid = value("FWP_SID", "S-1-5-18")
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("ALE_PACKAGE_ID", match, sid))


@pytest.mark.parametrize("match", SORTING[:4])
def test_a_network_has_no_size(session: Session, match: str) -> None:
    """Addresses with a mask are not among the sortable types (FWP_MATCH_TYPE, wfp-error-codes)."""
    mask = v4_network("10.0.0.0", "255.0.0.0")["conditionValue"]
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("IP_REMOTE_ADDRESS", match, mask))


@pytest.mark.parametrize("match", FLAG_TESTS)
def test_flags_are_tested_in_unsigned_integers(session: Session, match: str) -> None:
    """Only unsigned integers support tests of flags (FWP_MATCH_TYPE, wfp-error-codes)."""
    takes(session, condition("FLAGS", match, value("FWP_UINT32", 1)))
    takes(session, condition("IP_PROTOCOL", match, value("FWP_UINT8", 1)))
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("ALE_APP_ID", match, APP))
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("ALE_USER_ID", match, USER))
    address = condition("IP_REMOTE_ADDRESS", match, value("FWP_BYTE_ARRAY16_TYPE", "::1"))
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", address, layer=CONNECT_V6)


def test_case_is_a_matter_of_strings(session: Session) -> None:
    """Only strings support the test that ignores case (FWP_MATCH_TYPE, wfp-error-codes)."""
    for field, given in (("IP_PROTOCOL", value("FWP_UINT8", 6)), ("ALE_APP_ID", APP), ("ALE_USER_ID", USER)):
        refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition(field, "EQUAL_CASE_INSENSITIVE", given))


@pytest.mark.parametrize("match", ["PREFIX", "NOT_PREFIX"])
def test_prefixes_are_a_matter_of_blobs_and_strings(session: Session, match: str) -> None:
    """Blobs and strings support the test of a prefix (FWP_MATCH_TYPE, wfp-error-codes)."""
    takes(session, condition("ALE_APP_ID", match, APP))
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("IP_REMOTE_PORT", match, value("FWP_UINT16", 80)))
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("ALE_USER_ID", match, USER))


def test_a_value_may_lie_in_a_range(session: Session) -> None:
    """Ranges are inclusive; low and high may be the same (FWP_RANGE0)."""
    for low, high in ((0, 65535), (80, 443), (80, 80)):
        takes(session, condition("IP_REMOTE_PORT", "RANGE", between("FWP_UINT16", low, high)))
    takes(session, condition("IP_REMOTE_ADDRESS", "RANGE", between("FWP_UINT32", "10.0.0.1", "10.0.0.9")))
    v6 = condition("IP_REMOTE_ADDRESS", "RANGE", between("FWP_BYTE_ARRAY16_TYPE", "fe80::1", "fe80::ffff"))
    takes(session, v6, layer=CONNECT_V6)


def test_a_range_needs_the_match_of_a_range(session: Session) -> None:
    """Match type and value have to be compatible (wfp-error-codes, FWP_CONDITION_VALUE0, inferred)."""
    some = between("FWP_UINT16", 80, 443)
    for match in ("EQUAL", "GREATER", "NOT_EQUAL", "FLAGS_ALL_SET"):
        refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("IP_REMOTE_PORT", match, some))


def test_the_match_of_a_range_needs_a_range(session: Session) -> None:
    """Match type and value have to be compatible (wfp-error-codes, FWP_CONDITION_VALUE0, inferred)."""
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("IP_REMOTE_PORT", "RANGE", value("FWP_UINT16", 80)))
    mask = v4_network("10.0.0.0", "255.0.0.0")["conditionValue"]
    refuses(session, "FWP_E_MATCH_TYPE_MISMATCH", condition("IP_REMOTE_ADDRESS", "RANGE", mask))


def test_the_ends_of_a_range_are_of_the_fields_type(session: Session) -> None:
    """BFE converts no data, at the ends of a range neither (FWP_MATCH_TYPE, wfp-error-codes, inferred)."""
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("IP_REMOTE_PORT", "RANGE", between("FWP_UINT32", 80, 443)))
    refuses(session, "FWP_E_TYPE_MISMATCH", condition("IP_PROTOCOL", "RANGE", between("FWP_UINT16", 6, 17)))


def test_a_range_goes_from_low_to_high(session: Session) -> None:
    """The high end must be greater than or equal to the low one (FWP_RANGE0, wfp-error-codes)."""
    refuses(session, "FWP_E_INVALID_RANGE", condition("IP_REMOTE_PORT", "RANGE", between("FWP_UINT16", 443, 80)))
    v4 = condition("IP_REMOTE_ADDRESS", "RANGE", between("FWP_UINT32", "10.0.0.9", "9.255.255.255"))
    refuses(session, "FWP_E_INVALID_RANGE", v4)
    v6 = condition("IP_REMOTE_ADDRESS", "RANGE", between("FWP_BYTE_ARRAY16_TYPE", "fe80::1", "::1"))
    refuses(session, "FWP_E_INVALID_RANGE", v6, layer=CONNECT_V6)


def test_both_ends_of_a_range_are_of_one_type(session: Session) -> None:
    """Low and high must be of the same data type (FWP_RANGE0, wfp-error-codes)."""
    mixed = value("FWP_RANGE_TYPE", {"valueLow": value("FWP_UINT16", 1), "valueHigh": value("FWP_UINT32", 9)})
    refuses(session, "FWP_E_INVALID_RANGE", condition("IP_REMOTE_PORT", "RANGE", mixed))


@pytest.mark.parametrize("mask", ["0.0.0.0", "128.0.0.0", "255.255.254.0", "255.255.255.255"])
def test_a_mask_of_leading_ones_is_taken(session: Session, mask: str) -> None:
    """A mask says which part of the address counts (FWP_V4_ADDR_AND_MASK)."""
    takes(session, v4_network("10.0.0.0", mask))


@pytest.mark.parametrize("mask", ["255.0.255.0", "0.255.255.255", "0.0.0.1", "255.255.255.253"])
def test_a_mask_with_gaps_is_refused(session: Session, mask: str) -> None:
    """A network mask has to be valid (wfp-error-codes, FWP_V4_ADDR_AND_MASK, inferred)."""
    refuses(session, "FWP_E_INVALID_NET_MASK", v4_network("10.0.0.0", mask))


@pytest.mark.parametrize("prefix", [0, 1, 64, 127, 128])
def test_a_prefix_of_up_to_128_bits_is_taken(session: Session, prefix: int) -> None:
    """A prefix length is the width of the mask in bits (FWP_V6_ADDR_AND_MASK)."""
    takes(session, v6_network("2001:db8::", prefix), layer=CONNECT_V6)


@pytest.mark.parametrize("prefix", [129, 255])
def test_a_longer_prefix_is_refused(session: Session, prefix: int) -> None:
    """An IPv6 address has 128 bits (wfp-error-codes, FWP_V6_ADDR_AND_MASK, inferred)."""
    refuses(session, "FWP_E_INVALID_NET_MASK", v6_network("2001:db8::", prefix), layer=CONNECT_V6)


@pytest.mark.parametrize(
    ("field", "data_type", "number"),
    [
        ("IP_PROTOCOL", "FWP_UINT8", 256),
        ("IP_PROTOCOL", "FWP_UINT8", -1),
        ("IP_REMOTE_PORT", "FWP_UINT16", 65536),
        ("FLAGS", "FWP_UINT32", 1 << 32),
        ("IP_LOCAL_INTERFACE", "FWP_UINT64", 1 << 64),
    ],
)
def test_a_number_too_large_for_its_type_is_refused(session: Session, field: str, data_type: str, number: int) -> None:
    """A number has to lie in the range of its type (wfp-error-codes, inferred)."""
    refuses(session, "FWP_E_OUT_OF_BOUNDS", equal(field, data_type, number))
    high = condition(field, "RANGE", between(data_type, min(0, number), max(0, number)))
    refuses(session, "FWP_E_OUT_OF_BOUNDS", high)


def test_conditions_on_one_field_stand_together(session: Session) -> None:
    """Consecutive conditions with the same field are alternatives (FWPM_FILTER0)."""
    takes(session, protocol(), port(80), port(443), port(8080), v4_address())
    takes(session, v4_address("10.0.0.1"), v4_network("192.168.0.0", "255.255.0.0"), port(80))


def test_conditions_on_one_field_do_not_stand_apart(session: Session) -> None:
    """A filter cannot otherwise have several conditions on one field (wfp-error-codes, FWPM_FILTER0)."""
    refuses(session, "FWP_E_DUPLICATE_CONDITION", port(80), protocol(), port(443))
    refuses(session, "FWP_E_DUPLICATE_CONDITION", port(80), protocol(), port(80))


def test_conditions_keep_their_order(session: Session) -> None:
    """Conditions come back in the order they were given (FWPM_FILTER0)."""
    some = (port(80), protocol(), v4_address(), port(5000, "IP_LOCAL_PORT"))
    takes(session, *some)
    takes(session, *reversed(some))


def test_one_wrong_condition_spoils_the_filter(session: Session) -> None:
    """A filter is added with all of its conditions or not at all (object-management)."""
    wrong = condition("IP_PROTOCOL", "EQUAL", value("FWP_UINT32", 6))
    refuses(session, "FWP_E_TYPE_MISMATCH", port(80), v4_address(), wrong)


def test_conditions_that_filters_share_are_asked_at_each_layer(session: Session) -> None:
    """A condition needs a field of the filter's own layer (filtering-conditions-available-at-each-filtering-layer)."""
    shared = [protocol(), v4_address()]
    session.begin()
    added = add(session, "filter", {**a_filter(layer=CONNECT_V4), "filterCondition": shared})
    refuses_filter(session, "FWP_E_CONDITION_NOT_FOUND", {**a_filter(layer=IPPACKET_V4), "filterCondition": shared})
    refuses_filter(session, "FWP_E_TYPE_MISMATCH", {**a_filter(layer=CONNECT_V6), "filterCondition": shared})
    again = add(session, "filter", {**a_filter(layer=ACCEPT_V4), "filterCondition": shared})
    session.commit()
    assert [session.get("filter", key)["filterCondition"] for key in (added, again)] == [shared, shared]


def test_a_field_may_be_given_by_its_guid(session: Session) -> None:
    """A field is a GUID; one with a name comes back by it (FWPM_FILTER0)."""
    given = {**protocol(), "fieldKey": f"{{{str(GUIDS['FWPM_CONDITION_IP_PROTOCOL']).upper()}}}"}
    key = add(session, "filter", filter_with(session, CONNECT_V4, (port(80), given)))
    assert session.get("filter", key)["filterCondition"] == [port(80), protocol()]
    assert given["fieldKey"].startswith("{"), "what was given is left as it was"

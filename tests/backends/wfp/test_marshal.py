"""Documents into structures and back: nothing is lost, memory lasts as long as it is needed, secrets are wiped."""

import ctypes
import gc
from collections.abc import Iterator
from ctypes import addressof, sizeof
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.engine import ASSIGNED
from ndtui.backends.wfp.marshal.object_structs import Arena, key_guid, layer_guid, to_struct
from ndtui.backends.wfp.unmarshal.object_documents import guid_text, text_at, to_document
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.wfp.readback import content
from tests.backends.wfp.samples import (
    CONDITIONS,
    METHODS,
    STRANGE,
    TRANSFORMS,
    a_context,
    a_filter,
    condition,
    main_mode,
    new_key,
    objects_of,
    own_objects,
    preset_objects,
    quick_mode,
    ranged,
    sides,
    value,
)
from tests.backends.wfp.windows_ctypes import structures
from tests.backends.wfp.windows_machine import machine, secret
from tests.rule_strategies import designs_with_rules
from tests.shapes import SHAPES, misfits
from tests.strategies import designs


def asked(document: Document) -> Document:
    """Return what was asked for, without what an engine assigns."""
    return {name: member for name, member in document.items() if name not in ASSIGNED}


def there_and_back(native: Any, kind: Kind, document: Document) -> Document:
    """Return a document as it comes back from its structure."""
    with Arena() as arena:
        return asked(to_document(native, kind, to_struct(native, arena, kind, document)))


@pytest.mark.parametrize("objects", [preset_objects, own_objects])
def test_every_object_comes_back(native, objects):
    for kind, document in objects():
        assert there_and_back(native, kind, document) == asked(document)


def test_every_object_that_is_read_has_the_shape_of_its_kind(native):
    for kind, document in own_objects():
        with Arena() as arena:
            read = to_document(native, kind, to_struct(native, arena, kind, document))
        assert list(misfits(read, SHAPES[kind])) == []


@given(design=st.one_of(designs(most=3), designs_with_rules()))
def test_objects_of_any_design_come_back(design):
    native = machine(structures())
    for kind, document in objects_of(design):
        assert there_and_back(native, kind, document) == asked(document)


_ANY_TEXT = st.text(st.characters(exclude_characters="\0"), max_size=40) | st.sampled_from(
    ["\ud800", STRANGE, "a\udfff"]
)

_PLAIN_VALUES = st.one_of(
    st.builds(value, st.just("FWP_UINT8"), st.just("uint8"), st.integers(0, 2**8 - 1)),
    st.builds(value, st.just("FWP_UINT16"), st.just("uint16"), st.integers(0, 2**16 - 1)),
    st.builds(value, st.just("FWP_UINT32"), st.just("uint32"), st.ip_addresses(v=4).map(str)),
    st.builds(value, st.just("FWP_UINT64"), st.just("uint64"), st.integers(0, 2**64 - 1)),
    st.builds(value, st.just("FWP_BYTE_ARRAY16_TYPE"), st.just("byteArray16"), st.ip_addresses(v=6).map(str)),
    st.builds(value, st.just("FWP_UNICODE_STRING_TYPE"), st.just("unicodeString"), _ANY_TEXT),
    st.builds(
        value,
        st.just("FWP_BYTE_ARRAY6_TYPE"),
        st.just("byteArray6"),
        st.binary(min_size=6, max_size=6).map(lambda data: data.hex(":")),
    ),
    st.builds(
        value,
        st.just("FWP_BYTE_BLOB_TYPE"),
        st.just("byteBlob"),
        st.fixed_dictionaries({"data": st.binary(max_size=40).map(bytes.hex)}),
    ),
    st.builds(
        value,
        st.just("FWP_SID"),
        st.just("sid"),
        st.tuples(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2**32 - 1), max_size=15)).map(
            lambda drawn: "-".join(map(str, ("S-1", drawn[0], *drawn[1])))
        ),
    ),
)
_VALUES = st.one_of(
    _PLAIN_VALUES,
    st.builds(ranged, _PLAIN_VALUES, _PLAIN_VALUES),
    st.builds(
        value,
        st.just("FWP_V4_ADDR_MASK"),
        st.just("v4AddrMask"),
        st.fixed_dictionaries({"addr": st.ip_addresses(v=4).map(str), "mask": st.ip_addresses(v=4).map(str)}),
    ),
    st.builds(
        value,
        st.just("FWP_V6_ADDR_MASK"),
        st.just("v6AddrMask"),
        st.fixed_dictionaries({"addr": st.ip_addresses(v=6).map(str), "prefixLength": st.integers(0, 255)}),
    ),
)
_CONDITIONS = st.builds(
    condition,
    st.sampled_from(["IP_LOCAL_ADDRESS", "IP_REMOTE_ADDRESS"]),
    st.sampled_from(["EQUAL", "RANGE", "NOT_PREFIX", "FLAGS_NONE_SET"]),
    _VALUES,
)


@given(conditions=st.lists(_CONDITIONS, max_size=6), name=_ANY_TEXT, origin=_ANY_TEXT)
def test_any_conditions_come_back(conditions, name, origin):
    """Whether they go together is for the engine to say: what can be written down comes back."""
    document = a_filter(*conditions, displayData={"name": name, "description": origin})
    if origin:
        document["origin"] = origin
    assert there_and_back(machine(structures()), "filter", document) == document


@given(
    methods=st.lists(st.sampled_from(METHODS), max_size=5),
    transforms=st.lists(st.lists(st.sampled_from(TRANSFORMS), max_size=3), max_size=3),
    numbers=st.lists(st.integers(0, 2**32 - 1), min_size=8, max_size=8),
)
def test_any_policies_come_back(methods, transforms, numbers):
    native = machine(structures())
    main = main_mode(*methods, softExpirationTime=numbers[0], maxDynamicFilters=numbers[1])
    quick = quick_mode(
        ipsecProposals=[
            {
                "lifetime": dict(
                    zip(("lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets"), numbers[2:5], strict=True)
                ),
                "saTransforms": each,
                "pfsGroup": "IPSEC_PFS_2048",
            }
            for each in transforms
        ],
        ndAllowClearTimeoutSeconds=numbers[5],
        saIdleTimeout={"idleTimeoutSeconds": numbers[6], "idleTimeoutSecondsFailOver": numbers[7]},
        emPolicy={"authenticationMethods": methods, "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE"},
    )
    for document in (
        a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main),
        a_context("FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT", "authIpQmTransportPolicy", quick),
    ):
        assert there_and_back(native, "providerContext", document) == document


def test_what_may_be_left_out_is_left_out(native):
    """A filter that says next to nothing: its key is the engine's to assign, and its sublayer the default one."""
    document = {
        "displayData": {"name": "x"},
        "layerKey": "FWPM_LAYER_IPSEC_V4",
        "action": {"type": "FWP_ACTION_PERMIT"},
    }
    with Arena() as arena:
        structure = to_struct(native, arena, "filter", document)
        assert bytes(structure.filterKey) == bytes(structure.subLayerKey) == bytes(16)
        assert not structure.providerKey
        assert structure.providerData.size == 0
    assert there_and_back(native, "filter", document) == {
        "displayData": {"name": "x", "description": ""},
        "flags": [],
        "layerKey": "FWPM_LAYER_IPSEC_V4",
        "weight": {"type": "FWP_EMPTY"},
        "filterCondition": [],
        "action": {"type": "FWP_ACTION_PERMIT", "filterType": None},
        "rawContext": 0,
    }


def test_a_key_of_zeros_is_none(native):
    zeros = "{00000000-0000-0000-0000-000000000000}"
    back = there_and_back(native, "filter", a_filter(filterKey=zeros, providerKey=zeros, subLayerKey=zeros))
    assert not {"filterKey", "providerKey", "subLayerKey"} & set(back)


def test_what_the_engine_assigns_is_not_written(native):
    document = a_filter(filterId=7, effectiveWeight={"type": "FWP_UINT64", "uint64": 9})
    with Arena() as arena:
        structure = to_struct(native, arena, "filter", document)
        assert structure.filterId == 0
        assert structure.effectiveWeight.type == 0


def test_of_the_two_contexts_the_flag_says_which_counts(native):
    key = new_key()
    raw = a_filter(rawContext=2, providerContextKey=key)
    assert "providerContextKey" not in there_and_back(native, "filter", raw)
    with_context = a_filter(flags=["FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"], rawContext=2, providerContextKey=key)
    back = there_and_back(native, "filter", with_context)
    assert back["providerContextKey"] == key
    assert "rawContext" not in back


def test_the_index_flag_is_the_engines_own(native):
    document = a_filter(flags=["FWPM_FILTER_FLAG_INDEXED", "FWPM_FILTER_FLAG_PERSISTENT"])
    with Arena() as arena:
        structure = to_struct(native, arena, "filter", document)
        assert structure.flags == 1
        structure.flags |= 0x40
        assert to_document(native, "filter", structure)["flags"] == ["FWPM_FILTER_FLAG_PERSISTENT"]


def test_memory_lasts_as_long_as_the_arena(native):
    with Arena() as arena:
        made = [(kind, asked(document), to_struct(native, arena, kind, document)) for kind, document in own_objects()]
        gc.collect()
        churn = [bytes(range(256)) * 64 for _ in range(2000)]
        for kind, document, structure in made:
            assert asked(to_document(native, kind, structure)) == document
        assert churn


def _certificate(document: Document, arena: Arena, native: Any) -> Any:
    context = to_struct(native, arena, "providerContext", document)
    return context.ikeMmPolicy.contents.authenticationMethods[0].certificateAuthentication


def test_each_way_to_find_a_root_fills_its_member(native):
    """A store has a structure that says nothing; an empty list is no list; what is unspecified has nothing at all."""
    for config, roots, store in (
        ("EXPLICIT_TRUST_LIST", [], False),
        ("ENTERPRISE_STORE", None, True),
        ("TRUSTED_ROOT_STORE", None, True),
        ("UNSPECIFIED", None, False),
    ):
        method = {"authenticationMethodType": "IKEEXT_CERTIFICATE", "certificateAuthentication": sides(config, roots)}
        document = a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(method))
        with Arena() as arena:
            certificate = _certificate(document, arena, native)
            assert not certificate.inboundRootArray
            for member in ("inboundEnterpriseStoreConfig", "outboundTrustedRootStoreConfig"):
                pointer = getattr(certificate, member)
                assert bool(pointer) == store
                assert not store or content(pointer.contents) == bytes(24)


def pointers(kind: Any, address: int) -> Iterator[int]:
    """Yield what the pointers of a ctypes type hold, at an address; which member of a union is meant is not known."""
    if issubclass(kind, ctypes.Structure):
        for name, field in kind._fields_:
            yield from pointers(field, address + getattr(kind, name).offset)
    elif issubclass(kind, ctypes.Array):
        for at in range(kind._length_):
            yield from pointers(kind._type_, address + at * sizeof(kind._type_))
    elif issubclass(kind, ctypes._Pointer | ctypes.c_void_p | ctypes.c_wchar_p):
        yield ctypes.c_void_p.from_address(address).value or 0


def test_every_pointer_leads_into_the_arena(native):
    """Nothing is pointed to that only Python happens to keep."""
    found = 0
    for kind, document in own_objects():
        with Arena() as arena:
            to_struct(native, arena, kind, document)
            blocks = {addressof(block) for block in arena.blocks}
            held = [each for block in arena.blocks for each in pointers(type(block), addressof(block)) if each]
            assert set(held) <= blocks
            found += len(held)
    assert found > 90


def _keyed(*keys: str) -> Document:
    methods = [
        {"authenticationMethodType": "IKEEXT_PRESHARED_KEY", "presharedKeyAuthentication": {"presharedKey": key}}
        for key in keys
    ]
    return a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(*methods))


def test_secrets_are_wiped(wfp):
    handed: list[bytearray] = []

    def remembered(reference: str) -> bytearray:
        handed.append(secret(reference))
        return handed[-1]

    native = machine(wfp, secret=remembered)
    with Arena() as arena:
        to_struct(native, arena, "providerContext", _keyed("env:ONE", "keyring:TWO"))
        assert [bytes(each) for each in handed] == [bytes(len("key of env:ONE")), bytes(len("key of keyring:TWO"))]
        blocks = arena.blocks
        secrets = [secret("env:ONE"), secret("keyring:TWO")]
        assert [sum(bytes(s) in content(block) for block in blocks) for s in secrets] == [1, 1]
        sizes = [sizeof(block) for block in blocks]
    assert not any(bytes(s) in content(block) for block in blocks for s in secrets)
    assert [sizeof(block) for block in blocks] == sizes
    assert arena.blocks == ()


def test_secrets_are_wiped_when_something_goes_wrong(wfp):
    seen: list[Any] = []

    def failing(reference: str) -> bytearray:
        if reference == "env:TWO":
            seen.extend(arena.blocks)
            raise OSError("no such secret")
        return secret(reference)

    with pytest.raises(OSError, match="no such secret"), Arena() as arena:
        to_struct(machine(wfp, secret=failing), arena, "providerContext", _keyed("env:ONE", "env:TWO"))
    assert len(seen) > 3
    assert not any(b"key of" in content(block) for block in seen)


def test_secrets_that_are_plain_bytes_will_do(wfp):
    document = _keyed("env:ONE")
    assert there_and_back(machine(wfp, secret=lambda reference: b"fixed"), "providerContext", document) == document


def test_no_hash_of_a_secret_is_kept(wfp):
    """The ``providerData`` of a context is the same whatever the secret."""
    recorded = []
    for key in (b"one", b"another"):
        with Arena() as arena:
            native = machine(wfp, secret=lambda reference, key=key: bytearray(key))
            data = to_struct(native, arena, "providerContext", _keyed("env:ONE")).providerData
            recorded.append(bytes(data.data[: data.size]))
    assert recorded[0] == recorded[1]
    assert b"env:ONE" in recorded[0]


def test_closing_an_arena_twice_is_fine():
    arena = Arena()
    arena.data(b"abc", secret=True)
    arena.close()
    arena.close()
    assert arena.blocks == ()


def test_texts_are_utf16_whatever_the_machine():
    with Arena() as arena:
        address = arena.text("a\U0001f512")
        assert content(arena.blocks[-1]) == b"a\0\x3d\xd8\x12\xdd\0\0"
        assert text_at(address) == "a\U0001f512"
        assert text_at(arena.text("\ud800")) == "\ud800"
    assert text_at(None) == text_at(0) == ""


def test_names_of_objects_are_where_windows_looks(native):
    """What other code reads through win32more's own members is the same."""
    with Arena() as arena:
        structure = to_struct(native, arena, "filter", a_filter(*(condition(*rest) for _, *rest in CONDITIONS[:3])))
        assert text_at(structure.displayData.name_as_intptr) == f"filter {STRANGE}"
        assert structure.displayData.description_as_intptr == 0
        assert [structure.filterCondition[at].matchType for at in range(structure.numFilterConditions)] == [0, 10, 1]


@given(data=st.binary(min_size=16, max_size=16))
def test_guids_are_written_as_windows_does(data):
    wfp = structures()
    guid = wfp.Guid.from_buffer_copy(data)
    assert guid_text(guid) == str(guid)


def test_keys_by_name_or_in_braces(native):
    universal = key_guid(native, "subLayer", "FWPM_SUBLAYER_UNIVERSAL")
    assert guid_text(universal) == "{eebecc03-ced4-4380-819a-2734397b2b74}"
    assert guid_text(key_guid(native, "filter", "{EEBECC03-CED4-4380-819A-2734397B2B74}")) == guid_text(universal)
    assert guid_text(layer_guid(native, "FWPM_LAYER_IPSEC_V4")) == "{eda65c74-610d-4bc5-948f-3c4f89556867}"

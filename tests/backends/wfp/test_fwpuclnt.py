"""The stand-in for fwpuclnt.dll: whatever a document can say goes through memory, and it forgives nothing."""

import json
from contextlib import closing
from typing import Any

import pytest

from ndtui.backends.contract.engine import Added
from ndtui.backends.wfp import calls
from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.wfp import raw_structs
from tests.backends.wfp.fwpuclnt import Windows, windows
from tests.backends.wfp.samples import objects_of, own_objects, preset_objects
from tests.support import preset

OWNER = "{c0ffee11-0000-4000-8000-000000000001}"


@pytest.fixture
def machine() -> Windows:
    return windows()


def provider() -> Document:
    return {"providerKey": OWNER, "displayData": {"name": "owner", "description": ""}, "flags": []}


class Anything:
    """An engine that takes whatever it is given and gives it back."""

    key = "{c0ffee11-0000-4000-8000-0000000000ff}"

    def __init__(self) -> None:
        self.objects: dict[tuple[Kind, str], Document] = {}

    def open(self, **_how: Any) -> "Anything":
        return self

    def begin(self, *, read_only: bool = False) -> None:
        raise AssertionError("no transaction is begun here")

    commit = abort = begin

    def close(self) -> None:
        """Keep what there is."""

    def add(self, kind: Kind, document: Document) -> Added:
        key = document[KEY_MEMBERS[kind]]
        weight = {"type": "FWP_UINT64", "uint64": 1 << 63}
        self.objects[kind, key] = {**document, "effectiveWeight": weight} if kind == "filter" else document
        return Added(key, 1)

    def get(self, kind: Kind, key: str) -> Document:
        return self.objects[kind, key]


def asked(document: Document) -> Document:
    """Return what a document asks for: members that say nothing are left out."""
    assigned = ("filterId", "effectiveWeight", "providerContextId")
    return {name: member for name, member in document.items() if name not in assigned and member is not None}


def without(newer_than: int) -> set[str]:
    """Return the functions that a Windows lacks whose newest provider contexts are of a version."""
    return {
        f"FwpmProviderContext{verb}{version}" for verb in ("GetByKey", "Enum") for version in range(newer_than + 1, 4)
    }


@pytest.mark.parametrize("version", range(4))
@pytest.mark.parametrize("make", [own_objects, preset_objects])
def test_whatever_goes_into_memory_comes_out_of_it(make, version):
    """With the structures of each version of Windows; what one cannot say is named unreadable."""
    engine, library, _ = windows(Anything())
    library.missing = without(version)
    with closing(engine.open()) as session:
        for kind, document in make():
            key = session.add(kind, document).key
            back = session.get(kind, key)
            if kind == "providerContext" and version < context_version(document):
                assert "says more than" in back["unreadable"]
                continue
            assert asked(back) == asked(document)
            if kind == "filter":
                assert back["effectiveWeight"] == {"type": "FWP_UINT64", "uint64": 1 << 63}
    assert library.left_behind() == []


def test_the_newest_version_there_is_is_asked_for_and_remembered():
    for version in range(4):
        engine, library, _ = windows()
        library.missing = without(version)
        with closing(engine.open()) as session:
            for kind, document in objects_of(preset("nd-transport")):
                session.add(kind, document)
            for _ in range(2):
                assert len(session.enumerate("providerContext")) == 4
        asked_for = [name for name in library.calls if name.startswith("FwpmProviderContextEnum")]
        assert asked_for == 2 * [f"FwpmProviderContextEnum{version}"]
        assert library.left_behind() == []


def with_policy(change: dict[str, Any]) -> Document:
    """Return a provider context of a main mode policy, in which a later function has set something."""
    policy = next(d["ikeMmPolicy"] for kind, d in preset_objects() if kind == "providerContext" and "ikeMmPolicy" in d)
    return {
        "providerContextKey": "{c0ffee11-0000-4000-8000-0000000000fe}",
        "displayData": {"name": "later", "description": ""},
        "flags": [],
        "type": "FWPM_IPSEC_IKE_MM_CONTEXT",
        "ikeMmPolicy": {**policy, "flags": 0, **change},
    }


def by_certificate(**more: Any) -> dict[str, Any]:
    """Return a method that takes certificates of the machine's store, and what a later function adds to that."""
    store = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
    certificate = {"inboundConfigType": store, "outboundConfigType": store, "flags": [], **more}
    method = {"authenticationMethodType": "IKEEXT_CERTIFICATE", "certificateAuthentication": certificate}
    return {"authenticationMethods": [method]}


def by_key(**more: Any) -> dict[str, Any]:
    """Return a method with a pre-shared key, and what a later function adds to that."""
    key = {"presharedKey": "00", **more}
    return {
        "authenticationMethods": [
            {"authenticationMethodType": "IKEEXT_PRESHARED_KEY", "presharedKeyAuthentication": key}
        ]
    }


def by_root(**more: Any) -> dict[str, Any]:
    """Return a method that takes certificates below a root, and what a later function asks of them besides."""
    root = {"certData": "30", "flags": [], **more}
    return by_certificate(inboundConfigType="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", inboundRootArray=[root])


@pytest.mark.parametrize(
    ("change", "member", "shown"),
    [
        ({}, "", None),
        ({"retransmitDurationSecs": 30}, "retransmitDurationSecs", 30),
        (by_key(), "", None),
        (by_key(flags=1), "flags", ["IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"]),
        (by_certificate(), "", None),
        (by_certificate(localCertLocationUrl="68"), "localCertLocationUrl", "h"),
        (by_certificate(inboundTrustedRootStoreCriteria=[{"flags": []}]), "", None),
        (
            by_certificate(inboundTrustedRootStoreCriteria=[{"flags": []}, {"flags": []}]),
            "inboundTrustedRootStoreCriteria",
            [{"flags": []}, {"flags": []}],
        ),
        (by_root(), "", None),
        (by_root(certHash="11"), "certHash", "11"),
        (by_root(eku={"eku": ["1.2.3"]}), "eku", ["1.2.3"]),
        (by_root(name={"nameType": "IKEEXT_CERT_CRITERIA_OU", "certName": "x"}), "certName", "x"),
    ],
)
def test_what_a_later_function_has_set_is_shown(change, member, shown):
    """Zeros are no part of a document, as in what older functions return; everything else is."""
    behind = Anything()
    engine, library, _ = windows(behind)
    document = with_policy(change)
    behind.objects["providerContext", document["providerContextKey"]] = document
    with closing(engine.open()) as session:
        found = session.get("providerContext", document["providerContextKey"])
        library.missing = without(0)
        less = session.get("providerContext", document["providerContextKey"])
    newest = {"retransmitDurationSecs", "localCertLocationUrl", "Criteria", "certHash", "eku", "certName"}
    if member:
        assert f'"{member}": {json.dumps(shown)}' in json.dumps(found)
    else:
        assert not any(name in json.dumps(found) for name in newest)
        assert found == less
    assert library.left_behind() == []


def test_the_stand_in_notices_memory_that_is_not_given_back(monkeypatch):
    engine, library, _ = windows()
    with closing(engine.open()) as session:
        session.add("provider", provider())
        monkeypatch.setattr(calls.Calls, "_free", lambda *_: None)
        session.get("provider", OWNER)
    assert [each.partition(" at")[0] for each in library.left_behind()] == ["memory"]


def test_the_stand_in_notices_memory_that_is_given_back_twice(monkeypatch):
    engine, library, _ = windows()
    usual = calls.Calls._free

    def twice(self: calls.Calls, returned: Any) -> None:
        copy = type(returned).from_buffer_copy(returned)
        usual(self, returned)
        usual(self, copy)

    monkeypatch.setattr(calls.Calls, "_free", twice)
    with closing(engine.open()) as session:
        session.add("provider", provider())
        session.get("provider", OWNER)
    assert any("was freed" in each for each in library.left_behind())


def test_the_stand_in_notices_handles_that_stay_open(monkeypatch):
    engine, library, _ = windows()
    session = engine.open()
    assert [each.partition(" 0x")[0] for each in library.left_behind()] == ["engine handle"]
    usual = calls.Calls.number
    monkeypatch.setattr(
        calls.Calls, "number", lambda self, name, *given: 0 if "Destroy" in name else usual(self, name, *given)
    )
    session.enumerate("provider")
    session.close()
    assert any("enumeration of Provider" in each for each in library.left_behind())


def test_the_stand_in_refuses_a_handle_that_is_not_open(machine):
    wfp = machine.native.wfp
    assert wfp.FwpmTransactionBegin0(wfp.FWPM_ENGINE_HANDLE(0x1234), 0) == 6
    assert machine.library.mistakes == ["FwpmTransactionBegin0 with a handle that is not open"]


def test_the_stand_in_gives_memory_nothing_can_be_read_from_any_more():
    heap, writer = raw_structs.Heap(), raw_structs.Writer()
    block = writer.block(4, b"text")
    writer.hand_out(heap, block)
    owner = heap.roots[block]
    assert heap.free(block)
    assert bytes(owner[0]) == b"\xdd" * 4
    assert not heap.free(block)

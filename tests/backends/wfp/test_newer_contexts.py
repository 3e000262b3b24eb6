"""All that a negotiation can say goes into Windows' structures and comes back; what needs a newer Windows is named.

The stand-in reads memory by the offsets of a C compiler, so that what is written to the wrong place is not found again.
"""

import hashlib
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.context_versions import context_version, newer_member
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.backends.wfp.unmarshal.object_documents import to_document
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.compiled.document_types import Document
from ndtui.model.design.negotiation_edits import certificates_of
from tests.backends.engines import watch_by_hand
from tests.backends.holding import plan_for, put
from tests.backends.wfp.fwpuclnt import Windows, windows
from tests.backends.wfp.newer_samples import (
    CHOSEN,
    CRITERIA,
    KEYED,
    LOOKED_UP,
    certificates,
    main,
    newer_contexts,
)
from tests.backends.wfp.raw_structs import Heap
from tests.backends.wfp.readback import content, packed
from tests.backends.wfp.samples import METHODS, a_context, main_mode, objects_of, own_objects, quick_mode
from tests.backends.wfp.test_fwpuclnt import Anything, asked, without
from tests.backends.wfp.windows_ctypes import structures
from tests.backends.wfp.windows_machine import machine, root_name, secret
from tests.negotiations import negotiating_designs
from tests.support import design, one_line, preset

NEWER = newer_contexts()
NAMES = [f"{number}-{member}" for number, (_, member) in enumerate(NEWER)]
KEY = "{c0ffee11-0000-4000-8000-000000000003}"
IKEV2 = {
    "keying_modules": ["IKE", "IKEv2"],
    "main_mode": {"ikev2_authentication": [certificates_of("IKEv2", ()).model_dump()]},
}


def there_and_back(native: Any, document: Document) -> Document:
    with Arena() as arena:
        return asked(to_document(native, "providerContext", to_struct(native, arena, "providerContext", document)))


# which version


@pytest.mark.parametrize(("document", "member"), NEWER, ids=NAMES)
def test_what_has_no_place_in_version_0_takes_version_2(native, document, member):
    assert newer_member(document) == member
    assert context_version(document) == 2
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", document)
        assert type(made).__name__ == "FWPM_PROVIDER_CONTEXT2"


def test_what_every_windows_takes_is_version_0():
    contexts = [document for kind, document in own_objects() if kind == "providerContext"]
    contexts += [each for kind, each in objects_of(preset("nd-transport")) if kind == "providerContext"]
    assert len(contexts) == 8
    assert [context_version(each) for each in contexts] == [0] * 8
    assert context_version({"type": "FWPM_GENERAL_CONTEXT"}) == 0


def test_what_every_windows_takes_is_written_byte_for_byte_as_ever(native):
    """The digests are those of the program before it knew version 2."""
    extended = {
        "authenticationMethods": [*METHODS[:2], METHODS[4]],
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE",
    }
    found = []
    for document in (
        a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(*METHODS)),
        a_context("FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT", "authIpQmTransportPolicy", quick_mode(emPolicy=extended)),
    ):
        with Arena() as arena:
            made = to_struct(native, arena, "providerContext", {**document, "providerContextKey": KEY})
            found.append(hashlib.sha256(packed("providerContext", arena, made)).hexdigest())
    assert found == [
        "e5f36a6601b86302c1dfcaa66fbe1648f122057c24043e26dbc6f7a759138a0d",
        "ea44639969d2a9139062efa9fd41cea3de66db6ca0b0a5419d1a1bfd80b46dc6",
    ]


# there and back


@pytest.mark.parametrize("document", [each for each, _ in NEWER], ids=NAMES)
def test_it_comes_back(native, document):
    assert there_and_back(native, document) == asked(document)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(of=negotiating_designs())
def test_every_negotiation_comes_back(of):
    native = machine(structures())
    for kind, document in objects_of(of):
        if kind == "providerContext":
            assert there_and_back(native, document) == asked(document)


@pytest.mark.parametrize("version", range(4))
@pytest.mark.parametrize("document", [each for each, _ in NEWER], ids=NAMES)
def test_each_windows_shows_it_whole_or_says_that_it_cannot(document, version):
    engine, library, _ = windows(Anything())
    with closing(engine.open()) as session:
        key = session.add("providerContext", document).key
        library.missing = without(version)
        back = session.get("providerContext", key)
    assert library.calls[1] == "FwpmProviderContextAdd2"
    assert library.left_behind() == []
    if version >= 2:
        assert asked(back) == asked(document)
    else:
        assert f"Policy says more than FWPM_PROVIDER_CONTEXT{version} does" in back["unreadable"]
        assert not any(name.endswith("Policy") for name in back)


@pytest.mark.parametrize("function", ["FwpmProviderContextAdd0", "FwpmProviderContextAdd2"])
def test_only_one_function_is_called(function):
    engine, library, _ = windows(Anything())
    document = NEWER[0][0] if function.endswith("2") else main("IKE", METHODS[0])
    with closing(engine.open()) as session:
        session.add("providerContext", document)
    assert [name for name in library.calls if "Add" in name] == [function]


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(of=negotiating_designs())
def test_after_an_apply_nothing_is_left_to_change(of, tmp_path_factory, monkeypatch):
    watch_by_hand(monkeypatch)
    stand_in = windows()
    backend = WfpBackend(tmp_path_factory.mktemp("newer") / "journal.sqlite3", stand_in.engine)
    put(backend, of)
    plan = plan_for(backend, of)
    assert (plan.empty, plan.drift) == (True, ())
    put(backend, preset("nd-transport"))
    backend.apply(backend.plan_rollback(1))
    assert plan_for(backend, of).empty
    assert stand_in.library.left_behind() == []


# a Windows that has not the functions


@pytest.fixture
def old() -> Windows:
    """Return a Windows Vista: no function of version 1 or newer."""
    made = windows()
    made.library.missing = {*without(0), "FwpmProviderContextAdd1", "FwpmProviderContextAdd2"}
    return made


@pytest.mark.parametrize(("document", "member"), NEWER, ids=NAMES)
def test_an_older_windows_is_not_asked(old, document, member):
    with closing(old.engine.open()) as session:
        with pytest.raises(EngineError) as caught:
            session.add("providerContext", document)
        assert old.library.calls == ["FwpmEngineOpen0"]
    said = one_line(str(caught.value))
    assert f"the provider context 'context' {document['providerContextKey']} says {member}, which takes " in said
    assert "takes Windows 8 or Windows Server 2012 or later" in said
    assert caught.value.code == "ERROR_PROC_NOT_FOUND"
    assert caught.value.remedy


def test_an_apply_is_refused_before_anything_is_changed(old, tmp_path, monkeypatch):
    watch_by_hand(monkeypatch)
    backend = WfpBackend(tmp_path / "journal.sqlite3", old.engine)
    put(backend, preset("nd-transport"))
    before = list(backend.snapshot().objects)
    plan = plan_for(backend, design(**IKEV2))
    old.library.calls.clear()
    with pytest.raises(EngineError, match="says ikeV2MmPolicy, which takes Windows 8 or Windows Server 2012") as caught:
        backend.apply(plan)
    assert "nothing was changed" in caught.value.message
    assert old.library.calls == []
    assert list(backend.snapshot().objects) == before
    assert len(backend.history()) == 1


def test_an_older_windows_still_takes_what_it_knows(old, tmp_path, monkeypatch):
    watch_by_hand(monkeypatch)
    backend = WfpBackend(tmp_path / "journal.sqlite3", old.engine)
    put(backend, preset("nd-transport"))
    assert plan_for(backend, preset("nd-transport")).empty


def test_no_wfp_at_all_is_said_as_ever():
    engine, library, _ = windows()
    with closing(engine.open()) as session:
        library.absent = True
        with pytest.raises(EngineError, match=r"no fwpuclnt\.dll"):
            session.add("providerContext", NEWER[0][0])
        library.absent = False


# secrets, roots, and what cannot be said


def test_a_key_of_version_2_is_wiped(native):
    with Arena() as arena:
        to_struct(native, arena, "providerContext", main("IKEv2", KEYED))
        blocks = arena.blocks
        assert sum(bytes(secret("env:NDTUI_KEY")) in content(block) for block in blocks) == 1
    assert not any(b"key of" in content(block) for block in blocks)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_key_of_ikev2_stays_in_memory_that_windows_returned(monkeypatch, version):
    freed: list[bytes] = []
    usual = Heap.free

    def free(self: Heap, address: int) -> bool:
        freed.extend(content(block) for block in self.roots[address])
        return usual(self, address)

    engine, library, _ = windows()
    document = main("IKEv2", KEYED)
    with closing(engine.open()) as session:
        session.add("providerContext", document)
        library.missing = without(version)
        monkeypatch.setattr(Heap, "free", free)
        session.get("providerContext", document["providerContextKey"])
    assert len(freed) > 5
    assert not any(b"the secret of" in block for block in freed)


def test_roots_of_criteria_are_told_by_reference_and_hash(native):
    document = main("IKE", CHOSEN[0])
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", document)
        notes = Notes.decode(bytes(made.providerData.data[: made.providerData.size]))
        path = "ikeMmPolicy.authenticationMethods[0].certificateAuthentication.inboundRootCriteria[0].certData"
        assert notes.references[path] == CRITERIA["certData"]
        assert notes.roots[path] == hashlib.sha256(root_name(CRITERIA["certData"])).hexdigest()
        method = made.ikeMmPolicy.contents.authenticationMethods[0]
        method.certificateAuthentication.inboundRootCriteria[0].certData.size -= 1
        back = to_document(native, "providerContext", made)
    first, second = back["ikeMmPolicy"]["authenticationMethods"][0]["certificateAuthentication"]["inboundRootCriteria"]
    assert first["certData"].startswith("(sha256:")
    assert second["certData"] == CRITERIA["certData"]


def test_an_authority_that_is_no_root_is_looked_for_below_the_roots_too(wfp):
    asked_for: list[tuple[str, str]] = []
    native = machine(
        wfp,
        roots=lambda reference: asked_for.append(("roots", reference)) or b"0",
        intermediates=lambda reference: asked_for.append(("below", reference)) or b"0",
    )
    plain = {"flags": [], "certData": "subject:x"}
    there_and_back(
        native,
        main(
            "IKE",
            certificates(
                inboundConfigType="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", inboundRootCriteria=[CRITERIA, plain]
            ),
        ),
    )
    assert asked_for == [("below", "subject:CN=Issuing CA"), ("roots", "subject:x")]


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ({"inboundEnterpriseStoreCriteria": [{"flags": [], "certHash": "xyz"}]}, "Criteria[0].certHash is not hexadec"),
        ({"inboundEnterpriseStoreCriteria": [{"flags": [], "eku": ["é"]}]}, "eku[0] is no object identifier"),
        ({"inboundEnterpriseStoreCriteria": [{"flags": [], "eku": [5]}]}, "eku[0] is no object identifier"),
        ({"inboundEnterpriseStoreCriteria": [{"flags": ["MAGIC"]}]}, "flags has 'MAGIC', which is no IKEEXT_CERT_FLAG"),
        ({"inboundEnterpriseStoreCriteria": [{"flags": [], "certData": 5}]}, "certData is no text"),
        ({"inboundEnterpriseStoreCriteria": [{"flags": [], "name": {"certName": "x"}}]}, "nameType is missing"),
        ({"localCertLocationUrl": "http://ü.example.com/"}, "localCertLocationUrl is no URL"),
    ],
)
def test_what_cannot_be_said_is_named(native, method, what):
    with pytest.raises(EngineError) as caught, Arena() as arena:
        to_struct(native, arena, "providerContext", main("IKE", certificates(**method)))
    assert what in caught.value.message
    one_line(str(caught.value))


# what other programs wrote


def test_a_url_in_another_encoding_is_not_guessed_at(native):
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", main("IKEv2", LOOKED_UP))
        url = made.ikeV2MmPolicy.contents.authenticationMethods[0].certificateAuthentication.localCertLocationUrl
        url.data[1] = 0
        with pytest.raises(ValueError, match=r"localCertLocationUrl is not in ASCII: 68007470"):
            to_document(native, "providerContext", made)


def test_an_address_that_proves_itself_is_not_shown_as_nothing(native):
    """IKEEXT_IPV6_CGA has a member of its own, and no document has it."""
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", main("IKE", METHODS[0]))
        made.ikeMmPolicy.contents.authenticationMethods[0].authenticationMethodType = 6
        with pytest.raises(ValueError, match=r"authenticationMethods\[0\]\.cgaAuthentication is none"):
            to_document(native, "providerContext", made)


def test_a_flag_that_windows_sets_for_itself_is_no_part_of_a_context(native):
    """FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL, reserved for internal use: a plan would ask for ever to have it away."""
    for document in (main("IKE", METHODS[0]), main("IKEv2", KEYED)):
        with Arena() as arena:
            made = to_struct(native, arena, "providerContext", document)
            made.flags |= 2
            assert asked(to_document(native, "providerContext", made)) == asked(document)


def test_flags_of_a_root_in_version_0_are_read(native):
    """Documents of version 0 never have them; another program may."""
    document = main("IKE", METHODS[4])
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", document)
        certificate = made.ikeMmPolicy.contents.authenticationMethods[0].certificateAuthentication
        certificate.inboundRootArray[1].flags = 0x8
        back = to_document(native, "providerContext", made)["ikeMmPolicy"]["authenticationMethods"][0]
    read = back["certificateAuthentication"]
    assert "inboundRootArray" not in read
    assert [each["flags"] for each in read["inboundRootCriteria"]] == [[], ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA"]]
    assert read["outboundRootArray"] == METHODS[4]["certificateAuthentication"]["outboundRootArray"]


def test_a_store_of_which_nothing_is_said_has_one_criteria_that_says_nothing(native):
    with Arena() as arena:
        made = to_struct(native, arena, "providerContext", main("IKEv2", certificates()))
        certificate = made.ikeV2MmPolicy.contents.authenticationMethods[0].certificateAuthentication
        assert certificate.inboundEnterpriseStoreArraySize == certificate.outboundEnterpriseStoreArraySize == 1
        assert content(certificate.inboundEnterpriseStoreCriteria[0]) == bytes(56)
        certificate.inboundEnterpriseStoreArraySize = 0
        back = to_document(native, "providerContext", made)["ikeV2MmPolicy"]
    assert back["authenticationMethods"] == [certificates()]

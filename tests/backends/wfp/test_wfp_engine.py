"""What only Windows' engine has: calls that fail in Windows' own ways, memory and handles to give back, secrets."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from ctypes import addressof, sizeof, string_at
from typing import Any

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import EngineError, Session
from ndtui.backends.wfp import calls, error_codes
from ndtui.backends.wfp.marshal.arena import Arena
from ndtui.backends.wfp.wfp_engine import WfpEngine
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary.layers import LAYERS
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from tests.backends.wfp import raw_structs
from tests.backends.wfp.fwpuclnt import Library, Windows, windows
from tests.backends.wfp.samples import METHODS, a_context, a_filter, condition, main_mode, value, without_raw
from tests.support import one_line

OWNER = "{c0ffee11-0000-4000-8000-000000000001}"
STRANGER = "{c0ffee11-0000-4000-8000-000000000002}"
CONTEXT = "{c0ffee11-0000-4000-8000-000000000003}"
SUBLAYER = "{c0ffee11-0000-4000-8000-000000000004}"
UNKNOWN = "{c0ffee11-0000-4000-8000-0000000000ff}"
SECRET = b"the secret of env:NDTUI_KEY"

PRESHARED = next(m for m in METHODS if m["authenticationMethodType"] == "IKEEXT_PRESHARED_KEY")


@pytest.fixture
def machine() -> Iterator[Windows]:
    """Return an engine with its stand-in; in the end nothing may be left behind."""
    made = windows()
    yield made
    assert made.library.left_behind() == []


@pytest.fixture
def library(machine: Windows) -> Library:
    return machine.library


@pytest.fixture
def session(machine: Windows) -> Iterator[Session]:
    with closing(machine.engine.open(name="test")) as opened:
        yield opened


def provider(key: str = OWNER, name: str = "owner") -> Document:
    return {"providerKey": key, "displayData": {"name": name, "description": ""}, "flags": []}


def sublayer() -> Document:
    return {
        "subLayerKey": SUBLAYER,
        "displayData": {"name": "sublayer", "description": ""},
        "flags": [],
        "providerKey": OWNER,
        "weight": 7,
    }


def keyed_context(**members: Any) -> Document:
    policy = main_mode(PRESHARED, flags=[])
    document = a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", policy, providerKey=OWNER, flags=[], **members)
    return {**document, "providerContextKey": CONTEXT}


def port(number: int) -> Document:
    return condition("IP_LOCAL_PORT", "EQUAL", value("FWP_UINT16", "uint16", number))


def keys(session: Session, kind: Kind, **template: Any) -> list[str]:
    return [document[KEY_MEMBERS[kind]] for document in session.enumerate(kind, **template)]


def refused(code: str, call: Callable[[], object]) -> EngineError:
    """Check that a call is refused with a code, in one line for a person, with something to do about it."""
    with pytest.raises(EngineError) as caught:
        call()
    assert caught.value.code == code
    assert code in one_line(str(caught.value))
    assert caught.value.remedy
    return caught.value


# numbers become words


@pytest.mark.parametrize("number", [5, 0x80070005])
@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("FwpmTransactionBegin0", lambda s: s.begin()),
        ("FwpmTransactionBegin0", lambda s: s.begin(read_only=True)),
        ("FwpmProviderCreateEnumHandle0", lambda s: s.enumerate("provider")),
        ("FwpmLayerCreateEnumHandle0", lambda s: s.enumerate("filter")),
        ("FwpmSessionCreateEnumHandle0", lambda s: s.sessions()),
    ],
)
def test_without_elevation_the_remedy_is_to_elevate(library, session, number, function, call):
    library.answers[function] = number
    error = refused("ERROR_ACCESS_DENIED", lambda: call(session))
    assert error.number == number
    assert error.remedy == "run ndtui in a terminal opened with Run as administrator"


def test_an_engine_that_may_not_be_opened(machine):
    machine.library.answers["FwpmEngineOpen0"] = 5
    error = refused("ERROR_ACCESS_DENIED", machine.engine.open)
    assert "session" in error.message
    assert "Run as administrator" in error.remedy


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1753, "EPT_S_NOT_REGISTERED"),
        (0x800706D9, "EPT_S_NOT_REGISTERED"),
        (1722, "RPC_S_SERVER_UNAVAILABLE"),
        (1717, "RPC_S_UNKNOWN_IF"),
        (1062, "ERROR_SERVICE_NOT_ACTIVE"),
    ],
)
def test_a_stopped_service_is_to_be_started(machine, number, code):
    machine.library.answers["FwpmEngineOpen0"] = number
    error = refused(code, machine.engine.open)
    assert "the Base Filtering Engine service is not running" in error.message
    assert "sc.exe start BFE" in error.remedy


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (6, "ERROR_INVALID_HANDLE", "no longer valid"),
        (8, "ERROR_NOT_ENOUGH_MEMORY", "memory"),
        (1058, "ERROR_SERVICE_DISABLED", "disabled"),
        (1338, "ERROR_INVALID_SECURITY_DESCR", "security descriptor"),
        (0x8007053A, "ERROR_INVALID_SECURITY_DESCR", "security descriptor"),
        (1726, "RPC_S_CALL_FAILED", "went away"),
        (0x80320010, "FWP_E_SESSION_ABORTED", "session"),
        (0x80320035, "FWP_E_INVALID_PARAMETER", "unprintable"),
        (0x80320012, "FWP_E_TIMEOUT", "another program"),
    ],
)
def test_other_numbers_say_what_they_mean_and_what_to_do(library, session, number, code, words):
    library.answers["FwpmFilterAdd0"] = number
    document = a_filter()
    error = refused(code, lambda: session.add("filter", document))
    assert error.number == number
    assert words in error.message
    assert document["filterKey"] in error.message


def test_a_number_without_words_is_told_as_it_is(library, session):
    library.answers["FwpmFilterAdd0"] = 0x80010108
    error = refused("unknown error", lambda: session.add("filter", a_filter()))
    assert "0x80010108" in error.message
    assert error.remedy.endswith("certutil -error 0x80010108")


@pytest.mark.parametrize("code", ENUMERATIONS["FWP_E"])
def test_every_code_of_wfp_has_words_and_a_remedy(code):
    error = error_codes.engine_error(ENUMERATIONS["FWP_E"][code], error_codes.Attempt("it cannot be done"))
    assert error.code == code
    assert error.number == ENUMERATIONS["FWP_E"][code]
    assert error.message.startswith("it cannot be done: ")
    assert error.remedy
    one_line(str(error))


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_names_the_object(library, session, kind):
    documents = {"provider": provider(), "subLayer": sublayer(), "providerContext": keyed_context()}
    documents["filter"] = a_filter(displayData={"name": "the filter in question", "description": ""})
    document = documents[kind]
    names = (error_codes.KIND_NAMES[kind], document["displayData"]["name"], document[KEY_MEMBERS[kind]])
    session.add("provider", provider(STRANGER))
    for number in (5, 0x80320009, 1722):
        library.answers = {f"Fwpm{name}Add0": number for name in ("Provider", "SubLayer", "ProviderContext", "Filter")}
        with pytest.raises(EngineError) as caught:
            session.add(kind, document)
        assert all(name in caught.value.message for name in names)


def test_what_is_wrong_with_a_document_is_said_of_the_object(session):
    document = a_filter(layerKey="FWPM_LAYER_NOWHERE", displayData={"name": "lost", "description": ""})
    error = refused("FWP_E_LAYER_NOT_FOUND", lambda: session.add("filter", document))
    assert "the filter 'lost'" in error.message
    assert document["filterKey"] in error.message
    assert error.message.count("FWP_E_LAYER_NOT_FOUND") == 1


def test_a_deletion_that_is_refused_names_the_object_as_people_know_it(session):
    session.add("provider", provider(name="Contoso policy"))
    session.add("subLayer", sublayer())
    error = refused("FWP_E_IN_USE", lambda: session.delete("provider", OWNER))
    assert "the provider 'Contoso policy'" in error.message
    assert OWNER in error.message
    assert "group policy" in error.remedy


def test_a_deletion_of_what_is_not_there_names_the_key(session):
    error = refused("FWP_E_FILTER_NOT_FOUND", lambda: session.delete("filter", UNKNOWN))
    assert error.message.startswith(f"the filter {UNKNOWN} cannot be removed: ")


def test_a_key_that_is_taken_may_be_group_policy_s(session):
    session.add("provider", provider(name="Group Policy"))
    error = refused("FWP_E_ALREADY_EXISTS", lambda: session.add("provider", provider()))
    assert "group policy" in error.remedy


def test_an_object_that_keeps_us_out_belongs_to_somebody_else(library, session):
    session.add("provider", provider(name="Contoso policy"))
    library.answers["FwpmProviderDeleteByKey0"] = 5
    error = refused("ERROR_ACCESS_DENIED", lambda: session.delete("provider", OWNER))
    assert "Run as administrator" in error.remedy
    assert "group policy" in error.remedy
    session.begin()
    error = refused("ERROR_ACCESS_DENIED", lambda: session.delete("provider", OWNER))
    assert "'Contoso policy'" in error.message
    assert "Run as administrator" not in error.remedy, "whoever may write is elevated"
    assert "group policy" in error.remedy
    session.abort()


def test_a_name_that_cannot_be_read_is_left_out_of_the_error(library, session):
    session.add("provider", provider())
    library.answers.update(FwpmProviderDeleteByKey0=5, FwpmProviderGetByKey0=5)
    error = refused("ERROR_ACCESS_DENIED", lambda: session.delete("provider", OWNER))
    assert error.message.startswith(f"the provider {OWNER} cannot be removed: ")


# what this Windows does not have


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("FwpmTransactionBegin0", lambda s: s.begin()),
        ("FwpmFilterAdd0", lambda s: s.add("filter", a_filter())),
        ("FwpmFilterGetByKey0", lambda s: s.get("filter", UNKNOWN)),
        ("FwpmFilterDeleteByKey0", lambda s: s.delete("filter", UNKNOWN)),
        ("FwpmLayerCreateEnumHandle0", lambda s: s.enumerate("filter")),
        ("FwpmSessionCreateEnumHandle0", lambda s: s.sessions()),
    ],
)
def test_a_missing_function_is_named_with_the_windows_that_has_it(library, session, function, call):
    library.missing.add(function)
    error = refused("ERROR_PROC_NOT_FOUND", lambda: call(session))
    assert error.message.startswith(f"fwpuclnt.dll has no {function}")
    assert "Windows Vista or Windows Server 2008" in error.remedy
    assert error.number == 127


def test_a_machine_without_the_library(machine):
    machine.library.absent = True
    error = refused("ERROR_MOD_NOT_FOUND", machine.engine.open)
    assert "no fwpuclnt.dll" in error.message
    assert error.number == 126


@pytest.mark.parametrize(
    "error",
    [OSError("exception: access violation reading 0x0000000000000008"), AttributeError("'str' has no attribute 'x'")],
)
def test_a_mistake_is_not_taken_for_a_missing_function(error):
    class Broken:
        def FwpmEngineClose0(self) -> int:
            raise error

    with pytest.raises(type(error)) as caught:
        calls.call(Broken(), "FwpmEngineClose0")
    assert caught.value is error


def test_a_function_that_win32more_does_not_know():
    with pytest.raises(EngineError) as caught:
        calls.call(object(), "FwpmFilterAdd7")
    assert caught.value.code == "ERROR_PROC_NOT_FOUND"


# sessions


class Watched(BfeEngine):
    """An engine that remembers how its sessions were opened."""

    def open(self, **how: Any) -> Any:
        self.how = how
        return super().open(**how)


@pytest.mark.parametrize(("wait", "given"), [(15.0, 15.0), (0.25, 0.25), (0, 0.001), (1e9, 0xFFFFFFFF / 1000)])
def test_how_long_to_wait_is_always_said(wait, given):
    watched = Watched()
    windows(watched).engine.open(wait=wait, name="waiting", dynamic=True).close()
    assert watched.how == {"wait": given, "name": "waiting", "dynamic": True}


def test_a_session_is_known_by_its_own_key(machine):
    with closing(machine.engine.open(name="first")) as first, closing(machine.engine.open(dynamic=True)) as second:
        listed = {info.key: info for info in first.sessions()}
        assert listed[first.key].name == "first"
        assert not listed[first.key].dynamic
        assert listed[second.key].dynamic
        assert len(listed) == 2


def test_nothing_reaches_windows_after_closing(machine, library):
    session = machine.engine.open()
    session.close()
    before = list(library.calls)
    for call in (
        session.begin,
        session.commit,
        session.abort,
        session.sessions,
        lambda: session.add("provider", provider()),
        lambda: session.get("provider", OWNER),
        lambda: session.delete("provider", OWNER),
        lambda: session.enumerate("filter"),
    ):
        refused("FWP_E_SESSION_ABORTED", call)
    session.close()
    assert library.calls == before


@pytest.mark.parametrize("fault", [{"answers": {"FwpmEngineClose0": 1726}}, {"missing": {"FwpmEngineClose0"}}])
def test_closing_never_fails(fault):
    engine, library, _ = windows()
    session = engine.open()
    for name, content in fault.items():
        setattr(library, name, content)
    session.close()
    refused("FWP_E_SESSION_ABORTED", session.begin)


def test_a_session_that_only_reads_asks_windows_to_change_nothing(machine, library):
    with closing(machine.engine.open(read_only=True)) as session:
        before = list(library.calls)
        error = refused("FWP_E_INCOMPATIBLE_TXN", lambda: session.add("provider", provider()))
        assert "'owner'" in error.message
        refused("FWP_E_INCOMPATIBLE_TXN", lambda: session.delete("provider", OWNER))
        assert library.calls == before
        session.begin()
        with closing(machine.engine.open(wait=0.01)) as other:
            other.begin()  # the first one's transaction holds no lock
            other.abort()
        session.commit()


# transactions


@pytest.mark.parametrize("answer", [0, 0x8032000D, 0x8032000F])
def test_after_a_commit_that_failed_abort_is_fine_whatever_is_left(library, session, answer):
    session.begin()
    session.add("provider", provider())
    library.answers["FwpmTransactionCommit0"] = 5
    error = refused("ERROR_ACCESS_DENIED", session.commit)
    assert "Run as administrator" not in error.remedy, "whoever may write is elevated"
    assert "group policy" in error.remedy
    if answer:
        library.answers["FwpmTransactionAbort0"] = answer
    session.abort()


def test_without_a_transaction_there_is_nothing_to_end(session):
    refused("FWP_E_NO_TXN_IN_PROGRESS", session.commit)
    refused("FWP_E_NO_TXN_IN_PROGRESS", session.abort)
    session.begin()
    session.commit()
    refused("FWP_E_NO_TXN_IN_PROGRESS", session.commit)
    refused("FWP_E_NO_TXN_IN_PROGRESS", session.abort)


def test_nothing_of_a_cancelled_transaction_is_done_by_itself(machine, library, session):
    session.begin()
    session.add("provider", provider())
    library.fail_at(1, 0x8032000F)
    refused("FWP_E_TXN_ABORTED", lambda: session.add("subLayer", sublayer()))
    before = list(library.calls)
    refused("FWP_E_TXN_ABORTED", lambda: session.add("subLayer", sublayer()))
    refused("FWP_E_TXN_ABORTED", session.commit)
    assert library.calls == before, "outside of its transaction it would last"
    session.abort()
    session.begin()
    assert OWNER not in keys(session, "provider")
    session.add("provider", provider())
    session.commit()
    assert keys(session, "provider") == [OWNER]


def test_an_abort_that_fails_says_so(library, session):
    session.begin()
    library.answers["FwpmTransactionAbort0"] = 1726
    assert "cannot be undone" in refused("RPC_S_CALL_FAILED", session.abort).message


def do_everything(engine: WfpEngine) -> None:
    """Open, add an object of each kind, look, delete, commit, close: as a backend does, which aborts on any error."""
    with closing(engine.open(wait=0.01)) as session:
        session.begin()
        session.add("provider", provider())
        session.add("subLayer", sublayer())
        session.add("providerContext", keyed_context())
        key = session.add("filter", a_filter(port(1), providerKey=OWNER, subLayerKey=SUBLAYER)).key
        session.get("filter", key)
        for kind in KINDS:
            session.enumerate(kind, provider=OWNER)
        session.enumerate("providerContext", provider=OWNER, context_type="FWPM_IPSEC_IKE_MM_CONTEXT")
        session.sessions()
        session.delete("filter", key)
        session.commit()


def calls_of_everything() -> list[str]:
    engine, library, _ = windows()
    do_everything(engine)
    return library.calls


def test_whichever_call_fails_nothing_is_left_behind():
    functions = calls_of_everything()
    for position, function in enumerate(functions, 1):
        engine, library, _ = windows()
        library.fail_at(position)
        forgiven = function == "FwpmEngineClose0" or "Destroy" in function
        if forgiven:
            do_everything(engine)
        else:
            with pytest.raises(EngineError) as caught:
                do_everything(engine)
            assert caught.value.code == "RPC_S_CALL_FAILED", function
        assert library.left_behind() == [], function
        with closing(engine.open(wait=0.01)) as session:
            session.begin()  # the lock is free again
            assert keys(session, "provider") == ([OWNER] if forgiven else []), function


def test_whichever_function_is_missing_nothing_is_left_behind():
    for function in sorted(set(calls_of_everything()) - {"FwpmEngineClose0"}):
        engine, library, _ = windows()
        library.missing.update(f"{function[:-1]}{version}" for version in range(int(function[-1]) + 1))
        refused("ERROR_PROC_NOT_FOUND", lambda engine=engine: do_everything(engine))
        # Nothing else than the missing function itself could end an enumeration.
        owed = [each for each in library.left_behind() if "Destroy" not in function or "enumeration" not in each]
        assert owed == [], function
        library.missing.clear()
        with closing(engine.open(wait=0.01)) as session:
            session.begin()
            assert keys(session, "provider") == [], function


def test_memory_is_given_back_when_what_is_in_it_cannot_be_read(monkeypatch, machine, library):
    def broken(*_: object) -> Document:
        raise ZeroDivisionError

    with closing(machine.engine.open()) as session:
        session.add("provider", provider())
        monkeypatch.setattr("ndtui.backends.wfp.wfp_engine.to_document", broken)
        for call in (lambda: session.get("provider", OWNER), lambda: session.enumerate("provider")):
            with pytest.raises(ZeroDivisionError):
                call()
        assert [each for each in library.left_behind() if "engine handle" not in each] == []


# enumerations


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("kind", ["provider", "filter"])
def test_an_enumeration_goes_on_until_a_page_is_not_full(monkeypatch, session, count, kind):
    monkeypatch.setattr(calls, "PAGE", 3)
    made = {
        "provider": lambda n: provider(f"{{c0ffee22-0000-4000-8000-{n:012x}}}"),
        "filter": lambda n: a_filter(port(n)),
    }
    added = [session.add(kind, made[kind](number)).key for number in range(1, count + 1)]
    assert keys(session, kind) == added


def test_more_objects_than_fit_a_page(library, session):
    session.begin()
    added = [session.add("filter", a_filter(port(number))).key for number in range(calls.PAGE + 1)]
    library.calls.clear()
    assert keys(session, "filter", layer="FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4") == added
    assert library.calls.count("FwpmFilterEnum0") == 2
    session.abort()


def test_filters_are_asked_for_at_every_layer_there_is(library, session):
    added = [
        session.add("filter", a_filter(layerKey=layer)).key
        for layer in reversed(LAYERS)
        if "IKEEXT" not in layer and "LAYER_IPSEC_" not in layer
    ]
    library.calls.clear()
    assert keys(session, "filter") == added, "by age, wherever they are"
    assert library.calls.count("FwpmFilterCreateEnumHandle0") == len(library.layers) > len(LAYERS)
    library.calls.clear()
    assert keys(session, "filter", layer="FWPM_LAYER_INBOUND_TRANSPORT_V6") == [
        document["filterKey"]
        for document in session.enumerate("filter")
        if document["layerKey"] == "FWPM_LAYER_INBOUND_TRANSPORT_V6"
    ]


def test_boot_time_filters_are_listed_too(session):
    key = session.add("filter", a_filter(flags=["FWPM_FILTER_FLAG_BOOTTIME"])).key
    assert keys(session, "filter") == [key]
    assert keys(session, "filter", layer="FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4") == [key]


class WithDisabled(BfeEngine):
    """An engine with a filter that Windows has disabled."""

    def open(self, **how: Any) -> Any:
        session = super().open(**how)
        usual = session.enumerate

        def enumerate_disabled(kind: Kind, **template: Any) -> list[Document]:
            return [{**each, "flags": ["FWPM_FILTER_FLAG_DISABLED"]} for each in usual(kind, **template)]

        session.enumerate = enumerate_disabled
        return session


def test_disabled_filters_are_listed_too():
    with closing(windows(WithDisabled()).engine.open()) as session:
        session.add("provider", provider())
        key = session.add("filter", a_filter(providerKey=OWNER)).key
        assert keys(session, "filter", provider=OWNER) == [key]
        assert session.enumerate("filter")[0]["flags"] == ["FWPM_FILTER_FLAG_DISABLED"]


@pytest.mark.parametrize("kind", ["subLayer", "providerContext", "filter"])
def test_objects_of_one_provider_and_of_all_others(session, kind):
    for key in (OWNER, STRANGER):
        session.add("provider", provider(key))
    made: dict[str, Callable[[str], Document]] = {
        "subLayer": lambda owner: {**sublayer(), "subLayerKey": None, "providerKey": owner},
        "providerContext": lambda owner: {**keyed_context(), "providerContextKey": None, "providerKey": owner},
        "filter": lambda owner: {**a_filter(), "providerKey": owner},
    }
    ours, theirs, unowned = (session.add(kind, made[kind](owner)).key for owner in (OWNER, STRANGER, None))
    assert keys(session, kind, provider=OWNER) == [ours]
    assert [key for key in keys(session, kind, not_provider=OWNER) if key.startswith("{")] == [theirs, unowned]
    assert keys(session, kind, provider=UNKNOWN) == []


def test_contexts_of_one_type(session):
    session.add("provider", provider())
    session.add("provider", provider(STRANGER))
    session.add("providerContext", keyed_context())
    assert keys(session, "providerContext", context_type="FWPM_IPSEC_IKE_MM_CONTEXT") == [CONTEXT]
    assert keys(session, "providerContext", context_type="FWPM_IPSEC_AUTHIP_MM_CONTEXT") == []
    of_ours = {"context_type": "FWPM_IPSEC_IKE_MM_CONTEXT", "provider": OWNER}
    assert keys(session, "providerContext", **of_ours) == [CONTEXT]
    assert keys(session, "providerContext", **{**of_ours, "provider": STRANGER}) == []
    refused("FWP_E_INVALID_ENUMERATOR", lambda: session.enumerate("providerContext", context_type="FWPM_NO_CONTEXT"))


@pytest.mark.parametrize("number", [0x80320033, 0x80320005, 0x80320008])
def test_a_template_that_matches_nothing_is_an_empty_list(library, session, number):
    library.answers.update(FwpmFilterCreateEnumHandle0=number, FwpmSubLayerCreateEnumHandle0=number)
    assert session.enumerate("filter", provider=OWNER) == []
    assert session.enumerate("subLayer", provider=OWNER) == []


# texts


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f512\U0001f469‍\U0001f4bb",
        "سياسة الشبكة",
        "מדיניות",
        "é中\uffff",
        "x" * 300,
        "\U0001f512" * 256,
        "'\"\\{}%s",
    ],
)
def test_texts_come_back_as_they_were(session, text):
    document = {**provider(), "displayData": {"name": text, "description": text[::-1]}, "origin": f"exemption:{text}"}
    session.add("provider", document)
    assert session.get("provider", OWNER) == document
    assert session.enumerate("provider") == [document]
    error = refused("FWP_E_ALREADY_EXISTS", lambda: session.add("provider", document))
    assert OWNER in error.message
    assert len(error.message) < 560


def test_the_name_of_a_session_may_be_anything(machine):
    with closing(machine.engine.open(name="ndtui \U0001f512 עברית")) as session:
        assert session.sessions()[0].name == "ndtui \U0001f512 עברית"


def test_a_key_in_capitals_is_the_same_key(session):
    assert session.add("provider", provider(OWNER.upper())).key == OWNER
    assert session.get("provider", OWNER.upper())["providerKey"] == OWNER
    session.delete("provider", OWNER.upper())
    assert session.enumerate("provider") == []


# secrets


@pytest.fixture
def secret_blocks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the memory that secrets were put into, kept beyond its time."""
    blocks: list[Any] = []
    usual = Arena.data

    def data(self: Arena, content: bytes | bytearray, *, secret: bool = False) -> Any:
        block = usual(self, content, secret=secret)
        if secret:
            assert bytes(block) == bytes(content)
            blocks.append(block)
        return block

    monkeypatch.setattr(Arena, "data", data)
    return blocks


def test_a_key_is_wiped_once_windows_has_it(secret_blocks, machine):
    held: list[Document] = []
    with closing(machine.engine.open()) as session:
        session.add("provider", provider())
        session.add("providerContext", keyed_context())
        inner = machine.library.engine.open()
        held = inner.enumerate("providerContext")
        inner.close()
    assert (
        bytes.fromhex(held[0]["ikeMmPolicy"]["authenticationMethods"][0]["presharedKeyAuthentication"]["presharedKey"])
        == SECRET
    )
    assert [bytes(block) for block in secret_blocks] == [bytes(len(SECRET))]


@pytest.mark.parametrize(
    "fault", [{"answers": {"FwpmProviderContextAdd0": 5}}, {"missing": {"FwpmProviderContextAdd0"}}]
)
def test_a_key_is_wiped_when_windows_does_not_take_it(secret_blocks, machine, fault):
    with closing(machine.engine.open()) as session:
        session.add("provider", provider())
        for name, content in fault.items():
            setattr(machine.library, name, content)
        with pytest.raises(EngineError):
            session.add("providerContext", keyed_context())
    assert [bytes(block) for block in secret_blocks] == [bytes(len(SECRET))]


def test_a_key_is_wiped_when_the_rest_of_the_policy_is_wrong(secret_blocks, session):
    document = keyed_context()
    document["ikeMmPolicy"]["ikeProposals"][0]["dhGroup"] = "IKEEXT_DH_GROUP_99"
    refused("FWP_E_INVALID_ENUMERATOR", lambda: session.add("providerContext", document))
    assert [bytes(block) for block in secret_blocks] == [bytes(len(SECRET))]


def test_a_secret_that_is_not_there_is_no_reason_to_leave_anything_behind(machine):
    def nothing(reference: str) -> bytes:
        raise BackendError(f"there is no {reference}", remedy="set it")

    engine = WfpEngine(type(machine.native)(**{**fields(machine.native), "secret": nothing}))
    with closing(engine.open()) as session:
        with pytest.raises(BackendError, match="there is no env:NDTUI_KEY"):
            session.add("providerContext", keyed_context())
        assert session.enumerate("providerContext") == []


def fields(native: Any) -> dict[str, Any]:
    return {name: getattr(native, name) for name in native.__dataclass_fields__}


def test_no_key_stays_in_memory_that_windows_returned(monkeypatch, machine):
    freed: list[bytes] = []
    usual = raw_structs.Heap.free

    def free(self: raw_structs.Heap, address: int) -> bool:
        freed.extend(string_at(addressof(block), sizeof(block)) for block in self.roots[address])
        return usual(self, address)

    with closing(machine.engine.open()) as session:
        session.add("provider", provider())
        session.add("providerContext", keyed_context())
        monkeypatch.setattr(raw_structs.Heap, "free", free)
        looks: list[Callable[[], object]] = [
            lambda: session.get("providerContext", CONTEXT),
            lambda: session.enumerate("providerContext"),
            lambda: session.enumerate("providerContext", provider=STRANGER),
            lambda: session.enumerate("providerContext", context_type="FWPM_IPSEC_IKE_MM_CONTEXT"),
        ]
        for look in looks:
            freed.clear()
            look()
            assert freed
            assert not any(SECRET in block for block in freed)
        machine.library.answers["FwpmProviderContextDeleteByKey0"] = 5
        freed.clear()
        with suppress(EngineError):
            session.delete("providerContext", CONTEXT)
        assert freed
        assert not any(SECRET in block for block in freed)
        shown = session.get("providerContext", CONTEXT)
    assert shown["ikeMmPolicy"]["authenticationMethods"] == [PRESHARED], "by reference, never the key itself"


# BFE's own exemptions


def test_bfe_s_exemptions_are_told_from_look_alikes(session):
    session.add("provider", provider())
    session.add("providerContext", keyed_context())
    udp = condition("IP_PROTOCOL", "EQUAL", value("FWP_UINT8", "uint8", 17))
    alike = {"weight": {"type": "FWP_UINT8", "uint8": 12}}
    others = [
        a_filter(udp, port(500), **alike, providerKey=OWNER),
        a_filter(udp, port(501), **alike),
        a_filter(port(500), **alike),
        a_filter(udp, port(500)),
        a_filter(udp, port(500), **alike, action={"type": "FWP_ACTION_BLOCK", "filterType": None}),
        a_filter(udp, port(500), **alike, layerKey="FWPM_LAYER_INBOUND_TRANSPORT_V4", origin="exemption:IKE"),
    ]
    made = [session.add("filter", document).key for document in others]
    policy = a_filter(
        layerKey="FWPM_LAYER_IKEEXT_V4",
        flags=["FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"],
        providerKey=OWNER,
        providerContextKey=CONTEXT,
    )
    made.append(session.add("filter", without_raw(policy)).key)
    told = [d["filterKey"] for d in session.enumerate("filter") if d.get("origin") == "bfe:ike-exemption"]
    assert len(told) == 12
    assert not set(told) & set(made)

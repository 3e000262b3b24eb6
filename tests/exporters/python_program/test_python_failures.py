"""Exported programs whose calls fail, or that do not find what they look up: nothing changes, and a line says why."""

import ctypes
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.design.design import Design
from tests.exporters.c_program.machine_certificates import INTERMEDIATE
from tests.exporters.program_designs import BELOW_A_ROOT, program_designs, secrets
from tests.exporters.python_program.python_machine import Machine, Ran, program_of
from tests.support import design, preset

LIFETIME_MISMATCH, IN_USE = 0x80320016, 0x8032000A
TRANSPORT = program_of(preset("nd-transport"))


def names_of(ran: Ran) -> list[str]:
    """Return the name of the object that each call of a run adds or removes; empty where there is none."""
    names = {document[KEY_MEMBERS[kind]]: document["displayData"]["name"] for kind, document in ran.added}
    changed = [names[key] for _, key in ran.deleted] + [document["displayData"]["name"] for _, document in ran.added]
    found = iter(changed)
    return [next(found) if "Add" in name or "Delete" in name else "" for name in ran.calls]


#: What still has to be called when a function has failed.
ENDS: Mapping[str, list[str]] = {
    "FwpmGetAppIdFromFileName0": [],
    "FwpmEngineOpen0": [],
    "FwpmTransactionBegin0": ["FwpmEngineClose0"],
    "FwpmEngineClose0": [],
}


def check_failure(text: str, whole: Ran, at: int, **environment: str) -> None:
    """Have the call at a place fail, and check that nothing comes of the whole."""
    machine, failing = Machine(), whole.calls[at]
    ran = machine.run(text, "install", fail_at=at + 1, **environment)
    ends = ENDS.get(failing, ["FwpmTransactionAbort0", "FwpmEngineClose0"])
    assert ran.calls == [*whole.calls[: at + 1], *ends], failing
    lines = ran.errors.splitlines()
    assert "FWP_E_LIFETIME_MISMATCH (0x80320016) (-2144206826)" in lines[0]
    if failing == "FwpmEngineClose0":  # all is committed by then, and the session ends with the program
        assert (ran.status, len(lines)) == (0, 1)
        assert "the session" in lines[0]
        return
    assert ran.status == 1
    assert "installed" not in ran.output
    assert names_of(whole)[at] in lines[0]
    assert lines[1:] == (["nothing was changed"] if len(ends) == 2 else [])
    assert machine.objects() == []


def test_whichever_call_fails_nothing_is_changed():
    whole = Machine().run(TRANSPORT, "install")
    assert len([name for name in names_of(whole) if name]) == 2 * 25
    for at in range(len(whole.calls)):
        check_failure(TRANSPORT, whole, at)


@pytest.mark.parametrize("name", ["everything", "below", "rules", "nd-domain-member", "tricks"])
def test_each_function_that_fails_for_the_first_time(name):
    each = dict(program_designs())[name]
    text = program_of(each)
    whole = Machine().run(text, "install", **secrets(each))
    for function in dict.fromkeys(whole.calls):
        check_failure(text, whole, whole.calls.index(function), **secrets(each))


def test_whichever_call_fails_nothing_is_removed():
    machine = Machine()
    installed = machine.run(TRANSPORT, "install")
    there = machine.objects()
    names = {document[KEY_MEMBERS[kind]]: document["displayData"]["name"] for kind, document in installed.added}
    calls = [name for name in installed.calls if "Add" not in name]
    for at, function in enumerate(calls[:-1]):
        ran = machine.run(TRANSPORT, "remove", fail_at=at + 1)
        ends = ENDS.get(function, ["FwpmTransactionAbort0", "FwpmEngineClose0"])
        assert (ran.status, ran.calls) == (1, [*calls[: at + 1], *ends])
        assert "FWP_E_LIFETIME_MISMATCH (0x80320016)" in ran.errors
        if "Delete" in function:
            assert f'"{names[installed.deleted[at - 2][1]]}"' in ran.errors
        assert machine.objects() == there


def test_a_commit_that_fails_may_have_ended_the_transaction():
    whole = Machine().run(TRANSPORT, "install")
    at = whole.calls.index("FwpmTransactionCommit0") + 1
    answers = {"FwpmTransactionAbort0": 0x8032000D}
    ran = Machine().run(TRANSPORT, "install", fail_at=at, fail_with=0x80320012, answers=answers)
    assert ran.status == 1
    assert ran.errors.splitlines() == [
        "error: cannot commit the transaction: FWP_E_TIMEOUT (0x80320012) (-2144206830)",
        "another program is changing filters: try again",
        "nothing was changed",
    ]


@pytest.mark.parametrize("arguments", [("install", "--dry-run"), ("install",)])
def test_an_abort_that_fails_is_said(arguments):
    machine = Machine()
    fails = {} if "--dry-run" in arguments else {"FwpmTransactionCommit0": LIFETIME_MISMATCH}
    ran = machine.run(TRANSPORT, *arguments, answers={"FwpmTransactionAbort0": LIFETIME_MISMATCH, **fails})
    assert (ran.status, ran.calls[-1]) == (1, "FwpmEngineClose0")
    assert "cannot abort the transaction" in ran.errors
    assert "Windows aborts it as the session ends" in ran.errors
    assert "nothing was changed" not in ran.output + ran.errors
    assert machine.objects() == []


def test_a_provider_in_use_stays_where_a_policy_is_removed_and_keeps_one_from_being_installed():
    machine = Machine()
    machine.run(TRANSPORT, "install")
    used = {"FwpmProviderDeleteByKey0": IN_USE}
    ran = machine.run(TRANSPORT, "remove", answers=used)
    assert (ran.status, ran.errors) == (0, "")
    assert 'the provider "ndtui" stays' in ran.output
    assert [set(each) & {"filterKey", "providerContextKey"} for each in machine.objects()] == [set()]
    ran = machine.run(TRANSPORT, "install", answers=used)
    assert ran.status == 1
    assert ran.calls[-2:] == ["FwpmTransactionAbort0", "FwpmEngineClose0"]
    assert "FWP_E_IN_USE" in ran.errors
    assert "another policy" in ran.errors


@pytest.mark.parametrize(
    ("at", "number", "words"), [(2, 5, "Run as administrator"), (1, 1753, "sc.exe start BFE"), (1, 1722, "start BFE")]
)
def test_what_helps_is_said(at, number, words):
    ran = Machine().run(TRANSPORT, "install", fail_at=at, fail_with=number)
    assert ran.status == 1
    assert ran.errors.splitlines()[0].startswith("error: cannot ")
    assert f"error (0x{number:08X}) ({number})" in ran.errors
    assert words in ran.errors.splitlines()[1]


def with_method(**method: Any) -> Design:
    return design(keying_modules=["IKE"], main_mode={"ike_authentication": [method]})


SECRET = with_method(method="IKEEXT_PRESHARED_KEY", key="env:SITE_KEY")


@pytest.mark.parametrize(
    "environment", [{}, {"SITE_KEY": ""}, {"SITE_KEY": "\udc80"}], ids=["missing", "empty", "no text"]
)
def test_a_key_that_is_not_in_the_environment_is_named_and_nothing_is_called(environment):
    ran = Machine().run(program_of(SECRET), "install", **environment)
    assert (ran.status, ran.calls) == (1, [])
    assert 'the provider context "test: IKE main mode" needs' in ran.errors
    assert "SITE_KEY" in ran.errors
    assert Machine().run(program_of(SECRET), "remove", **environment).status == 0


@pytest.mark.parametrize("fail_at", [0, 1, 5, 20])
def test_a_key_is_given_as_utf8_and_wiped_whatever_happens(monkeypatch, fail_at):
    wiped, memset = [], ctypes.memset

    def watched(place: Any, character: int, size: int) -> None:
        wiped.append((ctypes.string_at(place, size), character))
        memset(place, character, size)

    class Watched(bytearray):
        made: ClassVar[list[bytearray]] = []

        def __init__(self, *content: Any) -> None:
            super().__init__(*content)
            self.made.append(self)

    monkeypatch.setattr(ctypes, "memset", watched)
    key, machine = "Schlüssel \U0001f512", Machine()
    machine.builtins["bytearray"] = Watched
    ran = machine.run(program_of(SECRET), "install", fail_at=fail_at, SITE_KEY=key)
    assert ran.status == (1 if fail_at else 0)
    assert (key.encode(), 0) in wiped
    assert Watched.made == [bytes(len(key.encode()))]
    assert key not in ran.output + ran.errors
    if not fail_at:
        methods = [each["ikeMmPolicy"]["authenticationMethods"] for _, each in ran.added if "ikeMmPolicy" in each]
        keys = [method["presharedKeyAuthentication"]["presharedKey"] for (method,) in methods]
        assert keys == [key.encode().hex()]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("subject:CN=Nowhere", "store has none"),
        ("subject:CN=Root", "several"),
        ("thumbprint:" + "12" * 20, "store has none"),
        (INTERMEDIATE, "store has none"),  # it is in the other store, which is for what may be below a root
    ],
)
def test_a_root_that_is_not_there_or_not_the_only_one_is_named_and_nothing_is_called(reference, words):
    certificate = {
        "method": "IKEEXT_CERTIFICATE",
        "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
        "roots": [reference],
    }
    ran = Machine().run(program_of(with_method(**certificate)), "install")
    assert (ran.status, ran.calls) == (1, [])
    assert f'the provider context "test: IKE main mode" wants the certificate {reference}' in ran.errors
    assert words in ran.errors


def test_an_authority_below_a_root_is_asked_for_only_where_it_may_be_one():
    each = dict(program_designs())["below"]
    machine = Machine()
    machine.stores.pop("CA")
    ran = machine.run(program_of(each), "install")
    assert (ran.status, ran.calls) == (1, [])
    assert ran.errors == "error: the machine's certificate store CA cannot be opened\n"


def test_what_has_to_be_a_root_is_not_taken_for_one_because_something_else_may_be_below():
    below = {"root": INTERMEDIATE, "flags": ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA"]}
    for criteria, status in (([below], 0), ([below, {"root": INTERMEDIATE}], 1)):
        method = {**BELOW_A_ROOT, "inbound_criteria": criteria}
        each = design(keying_modules=["IKEv2"], main_mode={"ikev2_authentication": [method]})
        ran = Machine().run(program_of(each), "install")
        assert ran.status == status
        assert ("store has none" in ran.errors) == bool(status)


def test_a_program_that_is_not_there_is_named():
    each = design(exemptions=[{"name": "an agent", "protocol": "tcp", "program": "C:\\agent.exe"}])
    ran = Machine().run(program_of(each), "install", answers={"FwpmGetAppIdFromFileName0": 2})
    assert (ran.status, ran.calls) == (1, ["FwpmGetAppIdFromFileName0"])
    assert ran.errors == 'error: cannot name the program "C:\\agent.exe": error (0x00000002) (2)\n'


def test_a_security_descriptor_that_windows_does_not_read_is_named(monkeypatch):
    rule = {"name": "a rule", "mode": "boundary", "users": "O:LSD:(A;;CC;;;SY)"}
    text = program_of(design(version=2, rules=[rule], extended_mode={}))
    monkeypatch.setattr("tests.backends.wfp.raw_structs.security_descriptor", _unread)
    ran = Machine().run(text, "install")
    assert (ran.status, ran.calls) == (1, [])
    assert ran.errors == "error: Windows does not read the security descriptor O:LSD:(A;;CC;;;SY)\n"


def _unread(_text: str) -> bytes:
    raise ValueError("is none")


def test_structures_of_another_size_are_refused_before_anything_is_called():
    machine = Machine()
    machine.overlaid["FWPM_SESSION0"] = type("FWPM_SESSION0", (ctypes.c_ubyte * 71,), {})
    ran = machine.run(TRANSPORT, "install")
    assert (ran.status, ran.calls) == (1, [])
    assert ran.errors.startswith("error: win32more declares FWPM_SESSION0 with 71 bytes, and Windows has 72\n")


def test_interrupted_it_changes_nothing():
    machine = Machine()

    def interrupt(*_: Any) -> int:
        raise KeyboardInterrupt

    machine.overlaid["FwpmProviderContextAdd0"] = interrupt
    ran = machine.run(TRANSPORT, "install")
    assert ran.status == 1
    assert ran.calls[-2:] == ["FwpmTransactionAbort0", "FwpmEngineClose0"]
    assert ran.errors == "nothing was changed\nerror: interrupted\n"
    assert machine.objects() == []

"""Exported programs, compiled by mingw-w64 and run by Wine: they call for what the design compiles to, every value."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from tests.backends.wfp import meant as meanings
from tests.backends.wfp.samples import objects_of
from tests.exporters.c_program import machine_certificates
from tests.exporters.c_program.recorded import Bench, Call, Ran
from tests.exporters.program_designs import program_designs, secrets
from tests.support import design, preset

pytestmark = pytest.mark.slow

RUN = 10
FUNCTIONS: Mapping[Kind, str] = {
    "provider": "FwpmProviderAdd0",
    "subLayer": "FwpmSubLayerAdd0",
    "filter": "FwpmFilterAdd0",
}
DELETES: Mapping[Kind, str] = {
    "provider": "FwpmProviderDeleteByKey0",
    "subLayer": "FwpmSubLayerDeleteByKey0",
    "providerContext": "FwpmProviderContextDeleteByKey0",
    "filter": "FwpmFilterDeleteByKey0",
}
LIFETIME_MISMATCH = "80320016"


@pytest.fixture(scope="module")
def bench(tmp_path_factory, wine_prefix) -> Bench:
    """Return a folder to compile and run programs in, on a machine with certificates."""
    made = Bench(tmp_path_factory.mktemp("c"), wine_prefix)
    machine_certificates.add_all(made.folder, wine_prefix)
    return made


@pytest.fixture(scope="module")
def installed(bench) -> list[tuple[str, Design, Ran]]:
    """Return what the program of each design did when it was told to install."""
    return [
        (name, each, bench.run(bench.program(name, each), "install", **secrets(each)))
        for name, each in program_designs(RUN)
    ]


def wanted(each: Design) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls that add the objects of a design, in any order: function, and what the object is to say."""
    return [_wanted(kind, document) for kind, document in objects_of(each)]


def _wanted(kind: Kind, document: Document) -> tuple[str, dict[str, Any]]:
    version = context_version(document) if kind == "providerContext" else 0
    name = FUNCTIONS.get(kind, f"FwpmProviderContextAdd{version}")
    return name, meanings.meant(kind, document, version)


def said(ran: Ran) -> list[tuple[str, dict[str, Any]]]:
    return [
        (call.name, {name: value for name, value in (call.object or {}).items() if name != "providerData"})
        for call in ran.added
    ]


def by_key(calls: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(calls, key=repr)


def test_what_is_added_is_what_the_design_compiles_to(installed, monkeypatch):
    monkeypatch.setattr(meanings, "root_name", machine_certificates.encoded_name)
    assert len(installed) >= 25
    for name, each, ran in installed:
        assert ran.status == 0, (name, ran.errors)
        assert by_key(said(ran)) == by_key(wanted(each)), name


def test_each_call_is_one_of_the_one_transaction(installed):
    for name, each, ran in installed:
        filterset = compile_design(each)
        keys = [f"{{{each.key}}}" for each in filterset.filters]
        keys += [f"{{{each.key}}}" for each in (*filterset.contexts, *filterset.sublayers)]
        calls = [call for call in ran.calls if call.name not in ("FwpmGetAppIdFromFileName0", "FwpmFreeMemory0")]
        opened, begun, *changes, committed, closed = calls
        assert (opened.name, begun.name) == ("FwpmEngineOpen0", "FwpmTransactionBegin0")
        assert (committed.name, closed.name) == ("FwpmTransactionCommit0", "FwpmEngineClose0")
        assert opened.arguments["name"] == each.name
        dynamic = each.lifetime == "dynamic"
        assert (opened.arguments["flags"], opened.arguments["authnService"]) == (int(dynamic), 10)
        removed = [call for call in changes if call.object is None]
        assert changes == [*removed, *ran.added]
        assert all(call.arguments["engine"] and not call.arguments["descriptor"] for call in ran.added)
        deleted = [call.arguments["key"] for call in removed]
        assert sorted(deleted) == ([] if dynamic else sorted([*keys, f"{{{filterset.provider.key}}}"])), name


def test_what_refers_to_something_is_added_after_it_and_removed_before_it(installed):
    order = ["provider", "subLayer", "providerContext", "filter"]
    places = {DELETES[kind]: -place for place, kind in enumerate(order)}
    places |= {"FwpmProviderAdd0": 1, "FwpmSubLayerAdd0": 2, "FwpmFilterAdd0": 4}
    for _, _, ran in installed:
        found = [places.get(name, 3 if name.startswith("FwpmProviderContextAdd") else None) for name in ran.names]
        kept = [place for place in found if place is not None]
        assert kept == sorted(kept)


def test_notes_say_where_an_object_came_from_and_never_hold_a_key(installed):
    for _, each, ran in installed:
        origins = sorted(document.get("origin", "") for _, document in objects_of(each))
        notes = [json.loads(bytes.fromhex((call.object or {})["providerData"]) or b"{}") for call in ran.added]
        assert sorted(note.get("origin", "") for note in notes) == origins
        for note in notes:
            assert set(note) <= {"origin", "references", "structures"}
            assert all(reference.startswith("env:") for reference in note.get("references", {}).values())


@pytest.fixture(scope="module")
def transport(bench, installed) -> tuple[Path, Ran]:
    """Return the program of nd-transport, and what it did."""
    return bench.folder / "nd-transport.exe", next(ran for name, _, ran in installed if name == "nd-transport")


def name_of(call: Call, ran: Ran) -> str:
    """Return the name of the object that a call adds or removes; empty where there is none."""
    if call.object is not None:
        return str(call.object["displayData"]["name"])
    names = {value: name_of(added, ran) for added in ran.added for value in list((added.object or {}).values())[:1]}
    return names.get(call.arguments.get("key"), "")


def check_failure(bench: Bench, program: Path, whole: Ran, at: int, **environment: str) -> None:
    """Have the call at a place fail, and check that nothing comes of the whole."""
    failing = whole.calls[at]
    ran = bench.run(program, "install", FAIL_AT=str(at + 1), FAIL_WITH=LIFETIME_MISMATCH, **environment)
    after = {
        "FwpmGetAppIdFromFileName0": [],
        "FwpmFreeMemory0": whole.names[at + 1 :],
        "FwpmEngineOpen0": [],
        "FwpmTransactionBegin0": ["FwpmEngineClose0"],
        "FwpmEngineClose0": [],
    }
    expected = after.get(failing.name, ["FwpmTransactionAbort0", "FwpmEngineClose0"])
    assert ran.names == [*whole.names[: at + 1], *expected], failing
    if failing.name == "FwpmFreeMemory0":  # it answers nothing
        assert ran.status == 0
        return
    assert "FWP_E_LIFETIME_MISMATCH (0x80320016)" in ran.errors
    if failing.name == "FwpmEngineClose0":  # all is committed by then, and the session ends with the program
        assert ran.status == 0
        assert "the session" in ran.errors
        return
    assert ran.status == 1
    assert "installed" not in ran.output
    assert name_of(failing, whole) in ran.errors
    if len(expected) == 2:
        assert "nothing was changed" in ran.errors


def test_whichever_call_fails_nothing_is_changed(bench, transport):
    program, whole = transport
    assert len([call for call in whole.calls if name_of(call, whole)]) == 2 * 25
    for at in range(len(whole.calls)):
        check_failure(bench, program, whole, at)


@pytest.mark.parametrize("name", ["everything", "below", "nd-domain-member", "hostile"])
def test_each_function_that_fails_for_the_first_time(bench, installed, name):
    each, whole = next((each, ran) for found, each, ran in installed if found == name)
    for function in dict.fromkeys(whole.names):
        check_failure(bench, bench.folder / f"{name}.exe", whole, whole.names.index(function), **secrets(each))


def test_a_dry_run_does_all_of_it_and_aborts(bench, transport):
    program, whole = transport
    ran = bench.run(program, "install", "--dry-run")
    assert ran.status == 0
    assert ran.names == [*whole.names[:-2], "FwpmTransactionAbort0", "FwpmEngineClose0"]
    assert [call.object for call in ran.added] == [call.object for call in whole.added]
    for call in whole.added:
        assert f'"{name_of(call, whole)}"' in ran.output
    assert "nothing was changed" in ran.output
    assert ran.errors == ""


def test_whichever_function_fails_nothing_is_removed(bench, transport):
    program, whole = transport
    removed = [call for call in whole.calls if call.object is None]
    names = [call.name for call in removed]
    for function in dict.fromkeys(names[:-1]):
        at = names.index(function)
        ran = bench.run(program, "remove", FOUND="1", FAIL_AT=str(at + 1), FAIL_WITH=LIFETIME_MISMATCH)
        assert ran.status == 1
        assert "FWP_E_LIFETIME_MISMATCH (0x80320016)" in ran.errors
        assert name_of(removed[at], whole) in ran.errors
        assert ran.names[: at + 1] == names[: at + 1]
        ends = ["FwpmTransactionAbort0", "FwpmEngineClose0"]
        assert ran.names[at + 1 :] == {"FwpmEngineOpen0": [], "FwpmTransactionBegin0": ends[1:]}.get(function, ends)


def test_a_commit_that_fails_may_have_ended_the_transaction(bench, transport):
    program, whole = transport
    at = str(whole.names.index("FwpmTransactionCommit0") + 1)
    ran = bench.run(program, "install", FAIL_AT=at, FAIL_WITH="80320012", ABORT_WITH="8032000D")
    assert ran.status == 1
    assert "cannot commit the transaction: FWP_E_TIMEOUT" in ran.errors
    assert "nothing was changed" in ran.errors
    assert "abort" not in ran.errors


def test_an_abort_that_fails_is_said(bench, transport):
    ran = bench.run(transport[0], "install", "--dry-run", ABORT_WITH=LIFETIME_MISMATCH)
    assert (ran.status, ran.names[-1]) == (1, "FwpmEngineClose0")
    assert "cannot abort the transaction" in ran.errors
    assert "nothing was changed" not in ran.output + ran.errors


@pytest.mark.parametrize("found", [True, False], ids=["there", "not there"])
def test_it_removes_what_it_has_added(bench, transport, found):
    program, whole = transport
    ran = bench.run(program, "remove", **({"FOUND": "1"} if found else {}))
    assert ran.status == 0
    assert ran.calls == [call for call in whole.calls if call.object is None]
    assert f"removed: {25 if found else 0} changes" in ran.output


def test_a_provider_that_is_in_use_stays_where_a_policy_is_removed_and_keeps_one_from_being_installed(bench, transport):
    program, whole = transport
    at = str(whole.names.index("FwpmProviderDeleteByKey0") + 1)
    ran = bench.run(program, "remove", FOUND="1", FAIL_AT=at, FAIL_WITH="8032000A")
    assert ran.status == 0
    assert "FwpmTransactionCommit0" in ran.names
    assert "stays" in ran.output
    ran = bench.run(program, "install", FOUND="1", FAIL_AT=at, FAIL_WITH="8032000A")
    assert ran.status == 1
    assert ran.names[-2:] == ["FwpmTransactionAbort0", "FwpmEngineClose0"]
    assert "FWP_E_IN_USE" in ran.errors
    assert "another policy" in ran.errors


def test_who_is_no_administrator_is_told(bench, transport):
    ran = bench.run(transport[0], "install", FAIL_AT="2", FAIL_WITH="5")
    assert ran.status == 1
    assert "Run as administrator" in ran.errors


@pytest.mark.parametrize("arguments", [(), ("apply",), ("install", "--dry"), ("install", "--dry-run", "x")], ids=str)
def test_what_it_does_not_know_is_bad_use(bench, transport, arguments):
    ran = bench.run(transport[0], *arguments)
    assert (ran.status, ran.calls) == (2, [])
    assert ran.errors.startswith("usage: ")


def test_a_dynamic_policy_lasts_as_long_as_the_program(bench):
    program = bench.program("dynamic", preset("nd-transport").model_copy(update={"lifetime": "dynamic"}))
    ran = bench.run(program, "install")
    assert ran.status == 0
    assert ran.calls[0].arguments["flags"] == 1
    assert not [name for name in ran.names if "Delete" in name]
    assert "press Enter" in ran.output
    ran = bench.run(program, "remove")
    assert (ran.status, ran.calls) == (1, [])
    assert "the program that installed it" in ran.errors


def test_a_key_that_is_not_in_the_environment_is_named_and_nothing_is_called(bench):
    key = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:SITE_KEY"}
    each = design(keying_modules=["IKE"], main_mode={"ike_authentication": [key]})
    program = bench.program("key", each)
    for environment in ({}, {"SITE_KEY": ""}):
        ran = bench.run(program, "install", **environment)
        assert (ran.status, ran.calls) == (1, [])
        assert "SITE_KEY" in ran.errors
    ran = bench.run(program, "install", SITE_KEY="Schlüssel \U0001f512")
    contexts = [call.object or {} for call in ran.added if call.name == "FwpmProviderContextAdd0"]
    methods = [each["ikeMmPolicy"]["authenticationMethods"] for each in contexts if "ikeMmPolicy" in each]
    assert [method["presharedKeyAuthentication"]["presharedKey"] for (method,) in methods] == [
        "Schlüssel \U0001f512".encode().hex()
    ]


@pytest.mark.parametrize(
    ("reference", "words"),
    [("subject:CN=Nowhere", "has none"), ("subject:CN=Root", "several"), ("thumbprint:" + "12" * 20, "has none")],
)
def test_a_root_that_is_not_there_or_not_the_only_one_is_named_and_nothing_is_called(bench, reference, words):
    certificate = {
        "method": "IKEEXT_CERTIFICATE",
        "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
        "roots": [reference],
    }
    each = design(keying_modules=["IKE"], main_mode={"ike_authentication": [certificate]})
    ran = bench.run(bench.program("root", each), "install")
    assert (ran.status, ran.calls) == (1, [])
    assert reference in ran.errors
    assert words in ran.errors


def test_an_old_windows_is_told_what_it_lacks(tmp_path, wine_prefix, bench):
    old = Bench(tmp_path, wine_prefix, "-DOLD_WINDOWS")
    each = design(keying_modules=["IKEv2"])
    ran = old.run(old.program("old", each), "install")
    assert (ran.status, ran.calls) == (1, [])
    assert "FwpmProviderContextAdd2" in ran.errors
    assert "test: IKEv2 main mode" in ran.errors

"""Exported programs, run on a stand-in for Windows: they call for what the design compiles to, every value."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings

from ndtui.backends.contract.engine import ID_MEMBERS
from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.backends.wfp.samples import objects_of
from tests.exporters.c_program.machine_certificates import encoded_name
from tests.exporters.program_designs import on_this_machine, program_designs, secrets
from tests.exporters.python_program.python_machine import Machine, Ran, program_of, recorded_by_the_backend
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import preset

FUNCTIONS: Mapping[Kind, str] = {
    "provider": "FwpmProviderAdd0",
    "subLayer": "FwpmSubLayerAdd0",
    "filter": "FwpmFilterAdd0",
}
LIFETIME_MISMATCH, IN_USE = 0x80320016, 0x8032000A
TRANSPORT = program_of(preset("nd-transport"))


def without_notes(added: Any) -> list[tuple[Kind, Document]]:
    """Return what was added in any order, but for its ``providerData``."""
    said = [(kind, {name: value for name, value in each.items() if name != "origin"}) for kind, each in added]
    return sorted(said, key=repr)


def notes_of(added: Any) -> list[dict[str, Any]]:
    """Return what stands in ``providerData``."""
    content = [bytes.fromhex(each["origin"].removeprefix("providerData:")) for _, each in added]
    return [json.loads(each or b"{}") for each in content]


def check_installed(each: Design) -> Ran:
    """Install a design on a machine that has nothing, check every value, and return what was done."""
    ran = Machine().run(program_of(each), "install", **secrets(each))
    assert (ran.status, ran.errors) == (0, "")
    assert without_notes(ran.added) == without_notes(recorded_by_the_backend(each))
    check_order(each, ran)
    origins = sorted(document.get("origin", "") for _, document in objects_of(each))
    notes = notes_of(ran.added)
    assert sorted(note.get("origin", "") for note in notes) == origins
    for note in notes:
        assert set(note) <= {"origin", "references", "structures"}
        assert all(reference.startswith("env:") for reference in note.get("references", {}).values())
    return ran


def check_order(each: Design, ran: Ran) -> None:
    """Check that all is one transaction, which removes what it adds, and in which order."""
    filterset = compile_design(each)
    looked_up = ("FwpmGetAppIdFromFileName0",)
    opened, begun, *changes, committed, closed = [name for name in ran.calls if name not in looked_up]
    assert (opened, begun) == ("FwpmEngineOpen0", "FwpmTransactionBegin0")
    assert (committed, closed) == ("FwpmTransactionCommit0", "FwpmEngineClose0")
    contexts = [document for kind, document in objects_of(each) if kind == "providerContext"]
    added = [
        "FwpmProviderAdd0",
        *(["FwpmSubLayerAdd0"] * len(filterset.sublayers)),
        *sorted(f"FwpmProviderContextAdd{context_version(document)}" for document in contexts),
        *(["FwpmFilterAdd0"] * len(filterset.filters)),
    ]
    deleted = [name.replace("Add0", "DeleteByKey0").replace("Add2", "DeleteByKey0") for name in reversed(added)]
    assert changes == (added if each.lifetime == "dynamic" else [*deleted, *added])
    keys = [document[KEY_MEMBERS[kind]] for kind, document in ran.added]
    assert sorted(key for _, key in ran.deleted) == ([] if each.lifetime == "dynamic" else sorted(keys))


def test_what_is_added_is_what_the_design_compiles_to():
    found = program_designs(10)
    assert len(found) >= 25
    for _, each in found:
        check_installed(each)


@settings(max_examples=40)
@given(designs(most=3) | negotiating_designs() | designs_with_rules())
def test_a_random_design_is_added_with_every_value(each):
    check_installed(on_this_machine(each))


def asked(document: Document) -> Document:
    """Return what a document asks for: what Windows assigns, and members that say nothing, are left out."""
    assigned = ("effectiveWeight", *ID_MEMBERS.values())
    return {name: value for name, value in document.items() if name not in assigned and value is not None}


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_the_windows_backend_reads_what_is_installed_as_the_design(name):
    """The documents themselves: what names, references and origins stand for, without the program's structures."""
    machine = Machine()
    machine.run(program_of(preset(name)), "install")
    wanted = [shown(asked(document)) for _, document in objects_of(preset(name))]
    found = [shown(asked(document)) for document in machine.objects()]
    assert by_name(found) == by_name(wanted)


def by_name(documents: Sequence[Document]) -> list[Document]:
    return sorted((dict(sorted(each.items())) for each in documents), key=repr)


def shown(value: Any, member: str = "") -> Any:
    """Return a document as it is read back: flags in any order, roots by their hash, which nothing else tells."""
    if isinstance(value, dict):
        return {name: shown(each, name) for name, each in value.items()}
    if member.endswith("RootArray"):
        return [_hash(each) for each in value]
    if isinstance(value, list):
        return sorted(value) if member == "flags" else [shown(each) for each in value]
    return value


def _hash(root: str) -> str:
    return root if root.startswith("(") else f"(sha256:{sha256(encoded_name(root)).hexdigest()})"


@pytest.mark.parametrize("name", ["nd-transport", "nd-zones"])
def test_it_may_be_run_twice_and_removes_what_it_has_added(name):
    machine, text = Machine(), program_of(preset(name))
    first = machine.run(text, "install")
    there = machine.objects()
    count = len(first.added)
    assert f"installed: {count} changes" in first.output
    again = machine.run(text, "install")
    assert f"installed: {2 * count} changes" in again.output
    assert without_notes(again.added) == without_notes(first.added)
    assert [asked(each) for each in machine.objects()] == [asked(each) for each in there]
    for changes in (count, 0):
        ran = machine.run(text, "remove")
        assert (ran.status, ran.added, ran.errors) == (0, [], "")
        assert f"removed: {changes} changes" in ran.output
        assert ran.deleted == first.deleted
        assert machine.objects() == []


def test_a_dry_run_does_all_of_it_and_aborts():
    machine = Machine()
    whole = machine.run(TRANSPORT, "install")
    there = machine.objects()
    ran = machine.run(TRANSPORT, "install", "--dry-run")
    assert (ran.status, ran.errors) == (0, "")
    assert ran.calls == [*whole.calls[:-2], "FwpmTransactionAbort0", "FwpmEngineClose0"]
    assert ran.added == whole.added
    for _, document in whole.added:
        assert f'would add the {_words(document)} "{document["displayData"]["name"]}"' in ran.output
        assert f'would remove the {_words(document)} "{document["displayData"]["name"]}"' in ran.output
    assert ran.output.splitlines()[-1] == "nothing was changed"
    assert machine.objects() == there
    ran = machine.run(TRANSPORT, "remove", "--dry-run")
    assert (ran.status, len(ran.output.splitlines())) == (0, 26)
    assert machine.objects() == there


def _words(document: Document) -> str:
    return next(
        words
        for member, words in (
            ("filterKey", "filter"),
            ("providerContextKey", "provider context"),
            ("providerKey", "provider"),
        )
        if member in document
    )


@pytest.mark.parametrize("arguments", [(), ("apply",), ("install", "--dry"), ("install", "--dry-run", "x")], ids=str)
def test_what_it_does_not_know_is_bad_use(arguments):
    ran = Machine().run(TRANSPORT, *arguments)
    assert (ran.status, ran.calls, ran.output) == (2, [], "")
    assert ran.errors.startswith("usage: policy.py ")


def test_names_that_a_terminal_cannot_show_are_said_all_the_same():
    each = dict(program_designs())["hostile"]
    ran = Machine().run(program_of(each), "install", "--dry-run")
    assert f'would add the filter "{each.name}: exempt {each.name}"' in ran.output
    assert ran.errors == ""


def test_a_dynamic_policy_lasts_as_long_as_the_program():
    text = program_of(preset("nd-transport").model_copy(update={"lifetime": "dynamic"}))
    machine = Machine()
    ran = machine.run(text, "install")
    assert ran.status == 0
    assert machine.engine.opened["dynamic"]
    assert not [name for name in ran.calls if "Delete" in name]
    assert "press Enter" in ran.output
    assert machine.objects() == []
    ran = machine.run(text, "remove")
    assert (ran.status, ran.calls) == (1, [])
    assert "the program that installed it" in ran.errors


def test_the_session_bears_the_name_of_the_policy_and_waits_for_others():
    machine = Machine()
    machine.run(TRANSPORT, "install")
    assert machine.engine.opened == {"dynamic": False, "name": "nd-transport", "wait": 15.0}

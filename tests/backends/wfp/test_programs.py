"""Exemptions of programs on Windows: the names that it makes of paths, read back as paths; what it cannot name."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ndtui.analysis.wording.phrases import condition_words
from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp.references import check_references
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.compiled.read_documents import condition_of
from ndtui.model.design.design import Design
from tests.backends.contract.sample_objects import ACCEPT_V4, a_filter, value
from tests.backends.engines import watch_by_hand
from tests.backends.holding import plan_for, put
from tests.backends.wfp.fwpuclnt import Library, windows
from tests.support import documents, exempting, one_line

DOS = r"C:\Program Files\X\x.exe"
NT = r"\device\harddiskvolume3\program files\x\x.exe"
MIXED = r"\Device\HarddiskVolume3\Program Files\X\x.exe"
#: What netsh wfp show filters lists of such a filter.
BYTES = f"{NT}\0".encode("utf-16-le")


class Machine(NamedTuple):
    """A Windows backend, and what it stands on."""

    backend: WfpBackend
    held: BfeEngine
    library: Library
    native: Any


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    watch_by_hand(monkeypatch)
    engine = BfeEngine()
    stand_in = windows(engine)
    stand_in.library.programs = {DOS: NT}
    backend = WfpBackend(tmp_path / "journal.sqlite3", stand_in.engine)
    return Machine(backend, engine, stand_in.library, stand_in.native)


def of(program: str, **more: Any) -> Design:
    return exempting({"name": "agent", "protocol": "tcp", "program": program, **more})


def blobs(machine: Machine) -> list[Any]:
    """Return what the engine behind the library was given for programs."""
    session = machine.held.open(read_only=True)
    found = [
        condition["conditionValue"]["byteBlob"]
        for each in session.enumerate("filter")
        for condition in each["filterCondition"]
        if condition["fieldKey"] == "FWPM_CONDITION_ALE_APP_ID"
    ]
    session.close()
    return found


@pytest.mark.parametrize("program", [DOS, NT, MIXED])
def test_windows_is_given_its_own_name_of_a_program(machine: Machine, program: str) -> None:
    put(machine.backend, of(program))
    assert blobs(machine) == [{"data": BYTES.hex()}] * 2
    assert machine.library.left_behind() == []


@pytest.mark.parametrize("program", [DOS, NT, MIXED])
def test_what_is_read_back_is_what_the_design_says(machine: Machine, program: str) -> None:
    put(machine.backend, of(program))
    plan = plan_for(machine.backend, of(program))
    assert plan.empty
    assert not plan.drift


def test_a_name_that_is_not_the_one_that_was_made_is_shown_as_it_is(machine: Machine) -> None:
    put(machine.backend, of(DOS))
    session = machine.held.open()
    session.begin()
    other = f"{NT[:-5]}y.exe\0".encode("utf-16-le").hex()
    for each in session.enumerate("filter"):
        conditions = each["filterCondition"]
        if conditions and conditions[-1]["fieldKey"].endswith("ALE_APP_ID"):
            changed = {**conditions[-1], "conditionValue": value("FWP_BYTE_BLOB_TYPE", {"data": other})}
            session.delete("filter", each["filterKey"])
            session.add("filter", {**each, "filterCondition": [*conditions[:-1], changed]})
    session.commit()
    session.close()
    plan = plan_for(machine.backend, of(DOS))
    assert [change.action for change in plan.changes] == ["change", "change"]
    held = plan.changes[0].before["filterCondition"][-1]  # type: ignore[index,typeddict-item]
    assert held["conditionValue"]["byteBlob"] == {"data": other}
    assert condition_words((condition_of(held),)) == [rf"app {NT[:-5]}y.exe"]


@pytest.mark.parametrize(("number", "words"), [(2, "no such file"), (3, "no such folder"), (15, "no such drive")])
def test_a_program_that_is_not_there_is_said_before_anything_is_done(machine: Machine, number: int, words: str) -> None:
    machine.library.programs_missing = number
    plan = plan_for(machine.backend, of(r"D:\gone.exe"))
    before = len(machine.library.calls)
    with pytest.raises(BackendError, match=words) as caught:
        machine.backend.apply(plan)
    assert "exemption 'agent'" in str(caught.value)
    assert r"D:\gone.exe" in str(caught.value)
    assert r"\device\harddiskvolume3" in caught.value.remedy
    one_line(str(caught.value))
    assert not any("Begin" in name or "Add" in name for name in machine.library.calls[before:])
    assert machine.library.left_behind() == []
    assert blobs(machine) == []


def test_what_windows_answers_else_is_said_in_its_words(machine: Machine) -> None:
    machine.library.programs_missing = 1753
    with pytest.raises(BackendError, match="Base Filtering Engine service is not running"):
        machine.backend.apply(plan_for(machine.backend, of(r"D:\gone.exe")))


def test_a_path_with_the_name_of_a_device_needs_no_file(machine: Machine) -> None:
    put(machine.backend, of(r"\device\harddiskvolume9\nowhere.exe"))
    assert "FwpmGetAppIdFromFileName0" not in machine.library.calls


def test_without_a_way_back_it_is_said(machine: Machine) -> None:
    filters = [each for each in documents(of(r"D:\gone.exe"))["filters"] if each["origin"] == "exemption:agent"]
    with pytest.raises(BackendError, match=r"^there would be no way back: exemption 'agent'"):
        check_references(machine.native, filters, way_back=True)


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        ({"data": "5c00", "asString": DOS}, "leave one of them out"),
        ({"asString": "x.exe"}, "no full path"),
        ({"asString": "%SystemRoot%\\x.exe"}, "environment variable"),
    ],
)
def test_what_names_no_program_is_refused(machine: Machine, blob: Any, words: str) -> None:
    asked = {
        "fieldKey": "FWPM_CONDITION_ALE_APP_ID",
        "matchType": "FWP_MATCH_EQUAL",
        "conditionValue": value("FWP_BYTE_BLOB_TYPE", blob),
    }
    for engine in (windows().engine, machine.held):
        session = engine.open()
        session.begin()
        with pytest.raises(BackendError, match=words):
            session.add("filter", a_filter(asked, layer=ACCEPT_V4))
        session.abort()
        session.close()

"""The Windows backend against what Microsoft's pages say of Windows: flags it sets, services, what it reads back."""

import ctypes
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.planning.plan_wording import altered_lines, notes
from ndtui.backends.wfp.service_control import Service, ServiceControl
from ndtui.backends.wfp.unmarshal import object_documents
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from tests.backends.engines import watch_by_hand
from tests.backends.holding import plan_for, put
from tests.backends.wfp.fwpuclnt import Library, Services, windows
from tests.support import design, preset

STOPPED, DISABLED = Service(running=False, disabled=False), Service(running=False, disabled=True)
KEYED = {"main_mode": {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:SITE_A"}]}}


class Altering(BfeEngine):
    """An engine that shows objects otherwise than they were added, as ``alter`` says."""

    def __init__(self) -> None:
        super().__init__()
        self.alter: Any = None

    def open(self, **how: Any) -> Any:
        """Open a session that shows objects so."""
        session = super().open(**how)
        select, get = session.select, session.get
        session.select = lambda kind, wanted: [self._shown(kind, each) for each in select(kind, wanted)]
        session.get = lambda kind, key: self._shown(kind, get(kind, key))
        return session

    def _shown(self, kind: Kind, document: Document) -> Document:
        return document if self.alter is None else {**document, **self.alter(kind, document)}


class Machine(NamedTuple):
    """A Windows backend, and what it stands on."""

    backend: WfpBackend
    engine: Altering
    services: Services
    library: Library


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    watch_by_hand(monkeypatch)
    engine = Altering()
    stand_in = windows(engine)
    backend = WfpBackend(tmp_path / "journal.sqlite3", stand_in.engine)
    return Machine(backend, engine, stand_in.native.services, stand_in.library)


def test_a_filter_that_windows_has_disabled_is_applied_again(machine: Machine) -> None:
    put(machine.backend, preset("nd-transport"))
    assert plan_for(machine.backend, preset("nd-transport")).empty
    machine.engine.alter = lambda kind, _: {"flags": ["FWPM_FILTER_FLAG_DISABLED"]} if kind == "filter" else {}
    plan = plan_for(machine.backend, preset("nd-transport"))
    assert {change.kind for change in plan.changes} == {"filter"}
    assert "Disabled by Windows, and without effect until applied again: 20 of our filters" in notes(plan)
    machine.engine.alter = None
    done = machine.backend.apply(plan_for(machine.backend, preset("nd-transport")))
    assert done.altered == ()


def test_a_disabled_filter_is_added_again_without_the_flag(machine: Machine) -> None:
    put(machine.backend, preset("nd-transport"))

    def once(kind: Kind, _: Document) -> dict[str, Any]:
        return {"flags": ["FWPM_FILTER_FLAG_DISABLED"]} if kind == "filter" and not added() else {}

    def added() -> bool:
        return "FwpmFilterAdd0" in machine.library.calls[start:]

    start = len(machine.library.calls)
    machine.engine.alter = once
    done = machine.backend.apply(plan_for(machine.backend, preset("nd-transport")))
    assert (done.changed, done.altered) == (20, ())
    assert plan_for(machine.backend, preset("nd-transport")).empty


def test_a_provider_that_windows_has_disabled_is_no_change_for_ever(machine: Machine) -> None:
    put(machine.backend, preset("nd-transport"))
    machine.engine.alter = lambda kind, _: {"flags": ["FWPM_PROVIDER_FLAG_DISABLED"]} if kind == "provider" else {}
    plan = plan_for(machine.backend, preset("nd-transport"))
    assert plan.empty
    assert not plan.drift


def test_what_windows_changed_is_named(machine: Machine) -> None:
    """It is read back within the transaction, before anything lasts."""

    def shorter(kind: Kind, document: Document) -> dict[str, Any]:
        policy = document.get("ikeQmTransportPolicy")
        return {} if policy is None else {"ikeQmTransportPolicy": {**policy, "ndAllowClearTimeoutSeconds": 9}}

    plan = plan_for(machine.backend, preset("nd-transport"))
    machine.engine.alter = shorter
    done = machine.backend.apply(plan)
    (change,) = done.altered
    assert change.action == "change"
    lines = list(altered_lines(done.altered))
    assert lines[0] == "Windows holds it otherwise than it was given:"
    assert any("ndAllowClearTimeoutSeconds: " in line and line.endswith("-> 9") for line in lines)
    calls = machine.library.calls
    assert calls.index("FwpmTransactionCommit0") > max(
        at for at, name in enumerate(calls) if name == "FwpmProviderContextEnum3"
    )


@pytest.mark.parametrize("state", [STOPPED, DISABLED])
@pytest.mark.parametrize("name", ["BFE", "IKEEXT"])
def test_a_service_that_does_not_run_is_said_and_can_be_started(machine: Machine, name: str, state: Service) -> None:
    assert machine.backend.obstacles() == []
    machine.services.states[name] = state
    (found,) = machine.backend.obstacles()
    assert found.words.startswith(f"the service {name} (")
    assert ("is disabled" in found.words) is state.disabled
    assert f"sc.exe start {name}" in found.remedy
    assert name in found.question
    assert found.settle is not None
    found.settle()
    assert machine.services.started == [name]
    assert machine.backend.obstacles() == []


def test_a_service_of_which_nothing_is_known_is_said(machine: Machine) -> None:
    machine.services.states["IKEEXT"] = None
    (found,) = machine.backend.obstacles()
    assert "does not say how the service IKEEXT" in found.words
    assert found.settle is None


def test_a_context_that_cannot_be_read_does_not_fail_the_plan(machine: Machine, monkeypatch) -> None:
    put(machine.backend, preset("nd-transport"))
    read = object_documents.main_mode_document

    def of_a_later_windows(view: Any, version: int) -> Any:
        found = read(view, version)
        if found["authenticationMethods"][0]["authenticationMethodType"] == "IKEEXT_KERBEROS":
            raise KeyError("IKEEXT_OF_LATER")
        return found

    monkeypatch.setattr(object_documents, "main_mode_document", of_a_later_windows)
    plan = plan_for(machine.backend, preset("nd-transport"))
    assert {(change.kind, change.action) for change in plan.changes} == {("providerContext", "change")}
    (difference,) = [each for each in plan.changes[0].differences() if each[0] == "unreadable"]
    assert difference[1] == "KeyError: 'IKEEXT_OF_LATER'"
    monkeypatch.undo()
    assert plan_for(machine.backend, preset("nd-transport")).empty
    assert machine.library.left_behind() == []


def keyed(name: str = "keyed") -> Design:
    return design(**{**KEYED, "name": name})


def lose_secrets(machine: Machine) -> None:
    def lost(reference: str) -> bytearray:
        raise BackendError(f"the secret {reference} is missing or empty", remedy="set it")

    object.__setattr__(machine.backend, "_native", replace(machine.backend._native, secret=lost))


def test_a_rollback_that_needs_a_secret_that_is_gone_is_refused_before_anything(machine: Machine) -> None:
    put(machine.backend, keyed())
    put(machine.backend, preset("nd-transport"))
    plan = machine.backend.plan_rollback()
    lose_secrets(machine)
    before = len(machine.library.calls)
    with pytest.raises(BackendError, match="the secret env:SITE_A is missing or empty; nothing was done") as caught:
        machine.backend.apply(plan)
    assert caught.value.remedy == "set it"
    assert "FwpmTransactionBegin0" not in machine.library.calls[before:]


def test_an_apply_whose_way_back_needs_a_secret_that_is_gone_is_refused_before_anything(machine: Machine) -> None:
    put(machine.backend, keyed())
    plan = plan_for(machine.backend, preset("nd-transport"))
    lose_secrets(machine)
    before = len(machine.library.calls)
    with pytest.raises(BackendError, match="there would be no way back: the secret env:SITE_A is missing"):
        machine.backend.apply(plan, within=90)
    assert "FwpmTransactionBegin0" not in machine.library.calls[before:]
    assert machine.backend.apply(plan).added


def test_a_way_back_that_needs_no_secret_needs_none(machine: Machine) -> None:
    put(machine.backend, keyed())
    changed = {**KEYED, "name": "keyed", "exemptions": [{"name": "e", "protocol": "icmp"}]}
    plan = plan_for(machine.backend, design(**changed))
    lose_secrets(machine)
    assert machine.backend.apply(plan, within=90).added


class Api:
    """The functions of the service control manager, over a table of services."""

    SERVICE_QUERY_STATUS, SERVICE_QUERY_CONFIG, SERVICE_CHANGE_CONFIG, SERVICE_START = 4, 1, 2, 16
    SC_MANAGER_CONNECT, SERVICE_RUNNING, SERVICE_DISABLED, SERVICE_AUTO_START = 1, 4, 4, 2
    SERVICE_NO_CHANGE = 0xFFFFFFFF

    def __init__(self, *, there: bool = True, denied: bool = False) -> None:
        self.there, self.denied = there, denied
        self.open: list[int] = []
        self.state, self.start_type = 1, 4

        class Status(ctypes.Structure):
            _fields_ = [("dwServiceType", ctypes.c_uint32), ("dwCurrentState", ctypes.c_uint32)]

        class Config(ctypes.Structure):
            _fields_ = [("dwServiceType", ctypes.c_uint32), ("dwStartType", ctypes.c_uint32)]

        self.SERVICE_STATUS, self.QUERY_SERVICE_CONFIGW = Status, Config

    def _handle(self, number: int) -> int:
        self.open.append(number)
        return number

    def OpenSCManagerW(self, machine: None, database: None, rights: int) -> int:
        return self._handle(7)

    def OpenServiceW(self, manager: int, name: str, rights: int) -> int:
        assert manager == 7
        return self._handle(8) if self.there and not (self.denied and rights & self.SERVICE_START) else 0

    def CloseServiceHandle(self, handle: int) -> int:
        self.open.remove(handle)
        return 1

    def QueryServiceStatus(self, service: int, status: Any) -> int:
        status._obj.dwCurrentState = self.state
        return 1

    def QueryServiceConfigW(self, service: int, config: Any, size: int, needed: Any) -> int:
        config.contents.dwStartType = self.start_type
        return 1

    def ChangeServiceConfigW(self, service: int, *values: Any) -> int:
        assert len(values) == 10
        self.start_type = values[1]
        return 1

    def StartServiceW(self, service: int, count: int, arguments: None) -> int:
        self.state = 4
        return 1


def test_windows_is_asked_how_a_service_stands() -> None:
    api = Api()
    control = ServiceControl(lambda: api)
    assert control.look("IKEEXT") == DISABLED
    control.start("IKEEXT")
    assert control.look("IKEEXT") == Service(running=True, disabled=False)
    assert api.start_type == api.SERVICE_AUTO_START
    assert api.open == []


@pytest.mark.parametrize("api", [Api(there=False), Api(denied=True)])
def test_a_service_that_windows_does_not_start_is_said(api: Api) -> None:
    control = ServiceControl(lambda: api)
    assert (control.look("IKEEXT") is None) is not api.there
    with pytest.raises(BackendError, match="Windows does not start the service IKEEXT"):
        control.start("IKEEXT")
    assert api.open == []

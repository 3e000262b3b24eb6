"""After a restart or a watchdog's death: what is told to systemd, at(1) and the Windows task scheduler, and when.

Nothing here is carried out: what runs commands is a stand-in that takes them down.
"""

import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.guards import at_job, scheduled_task, systemd, this_machine
from ndtui.backends.transactional.guards.at_job import AtGuard
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, NoGuard, run_command
from ndtui.backends.transactional.guards.scheduled_task import ScheduledTaskGuard
from ndtui.backends.transactional.guards.systemd import SystemdGuard, system_manager, user_manager
from ndtui.testing.sample_designs import ONE
from tests.backends.engines import TOKEN, watch_by_hand
from tests.backends.holding import held, plan_for

COMMAND = ["/opt/py thon", "-I", 'a"b\\c', "100%", "$HOME", ""]


class Commands:
    """Takes down what would be run, and answers with what is prepared."""

    def __init__(self, **answers: str) -> None:
        self.ran: list[list[str]] = []
        self.read: list[str] = []
        self._answers = answers

    def __call__(self, command: Sequence[str], text: str) -> str:
        self.ran.append(list(command))
        self.read.append(text)
        return self._answers.get(" ".join(command), "")


def test_systemd_starts_a_watchdog_at_the_next_start_and_when_the_time_is_over(tmp_path: Path) -> None:
    commands = Commands()
    guard = SystemdGuard(user_manager("/bin/systemctl", tmp_path, lingers=False), commands)
    assert "when you log in there again" in guard.promise
    guard.install("0123", COMMAND, 94.5)
    units = tmp_path / "systemd" / "user"
    assert commands.ran == [
        ["/bin/systemctl", "--user", "daemon-reload"],
        ["/bin/systemctl", "--user", "enable", "ndtui-revert-0123.service"],
        ["/bin/systemctl", "--user", "start", "ndtui-revert-0123.timer"],
    ]
    service = (units / "ndtui-revert-0123.service").read_text(encoding="utf-8")
    assert 'ExecStart="/opt/py thon" "-I" "a\\"b\\\\c" "100%%" "$$HOME" ""\n' in service
    assert "WantedBy=default.target" in service
    assert "OnActiveSec=95\n" in (units / "ndtui-revert-0123.timer").read_text(encoding="utf-8")

    commands.ran.clear()
    guard.remove("0123")
    assert commands.ran == [
        ["/bin/systemctl", "--user", "stop", "ndtui-revert-0123.timer"],
        ["/bin/systemctl", "--user", "disable", "ndtui-revert-0123.service"],
        ["/bin/systemctl", "--user", "daemon-reload"],
    ]
    assert list(units.iterdir()) == []
    guard.remove("0123")
    assert len(commands.ran) == 3


def test_systemd_of_the_system_needs_nobody_to_log_in() -> None:
    manager = system_manager("/bin/systemctl")
    assert manager.systemctl == ("/bin/systemctl",)
    assert (manager.folder, manager.target) == (Path("/etc/systemd/system"), "multi-user.target")
    assert "when it is up again" in SystemdGuard(manager, Commands()).promise
    lingering = user_manager("/bin/systemctl", Path("/home/x/.config"), lingers=True)
    assert "when it is up again" in SystemdGuard(lingering, Commands()).promise


def test_a_line_end_in_a_path_starts_no_line_of_a_unit() -> None:
    assert systemd.quoted("a\nExecStart=/bin/evil") == '"a\\nExecStart=/bin/evil"'


def test_at_runs_a_job_that_is_found_again_by_its_token() -> None:
    commands = Commands(atq="7\tSat Nov 28 10:00:00 2026 a me\n8\tSat Nov 28 10:01:00 2026 a me\n9\tSat = me\n")
    commands._answers["at -c 8"] = "cd /\npython 0123\n"
    guard = AtGuard(commands)
    guard.install("0123", [*COMMAND, "0123"], 94.5)
    assert commands.ran == [["at", "-M", "now", "+", "2", "minutes"]]
    assert shlex.split(commands.read[0]) == [*COMMAND, "0123"]
    guard.remove("0123")
    assert commands.ran[1:] == [["atq"], ["at", "-c", "7"], ["at", "-c", "8"], ["atrm", "8"]]
    assert at_job.at_command(60) == ["at", "-M", "now", "+", "1", "minutes"]


def test_windows_has_a_task_of_the_system_run_at_the_next_start_and_when_the_time_is_over() -> None:
    text = scheduled_task.task(COMMAND, datetime(2026, 11, 28, 10, 0, 5, tzinfo=UTC))
    root = ElementTree.fromstring(text.encode("utf-16"))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

    def found(path: str) -> str | None:
        return root.findtext("/".join(f"t:{name}" for name in path.split("/")), None, space)

    assert found("Principals/Principal/UserId") == "S-1-5-18"
    assert found("Triggers/BootTrigger/Enabled") == "true"
    assert found("Triggers/TimeTrigger/StartBoundary") == "2026-11-28T10:00:05+00:00"
    assert found("Settings/StartWhenAvailable") == "true"
    assert found("Settings/DisallowStartIfOnBatteries") == "false"
    assert found("Settings/ExecutionTimeLimit") == "PT0S"
    assert found("Actions/Exec/Command") == COMMAND[0]
    assert found("Actions/Exec/Arguments") == subprocess.list2cmdline(COMMAND[1:])


def test_the_task_is_registered_and_deleted_by_the_path_of_the_program() -> None:
    commands = Commands()
    schtasks = Path("C:/Windows/System32/schtasks.exe")
    guard = ScheduledTaskGuard(schtasks, commands)
    guard.install("0123", COMMAND, 95)
    (create,) = commands.ran
    assert create[:5] == [str(schtasks), "/Create", "/TN", r"\ndtui\revert 0123", "/XML"]
    assert create[6:] == ["/F"]
    assert not Path(create[5]).exists()
    guard.remove("0123")
    assert commands.ran[1:] == [[str(schtasks), "/Delete", "/TN", r"\ndtui\revert 0123", "/F"]]


class Recording(NoGuard):
    """A guard that takes down what it is asked for, and what the store held then."""

    def __init__(self, store: StoreBackend, problem: str = "") -> None:
        self.installed: list[tuple[str, Sequence[str], float, int]] = []
        self._store = store
        self._problem = problem

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        self.installed.append((token, command, seconds, len(held(self._store.snapshot()))))
        if self._problem:
            raise BackendError(self._problem)


def with_guard(folder: Path, monkeypatch: pytest.MonkeyPatch, problem: str = "") -> tuple[StoreBackend, Recording]:
    """Return a store with such a guard, and nobody watching."""
    watch_by_hand(monkeypatch)
    store = StoreBackend(folder / "store.sqlite3")
    guard = Recording(store, problem)
    monkeypatch.setattr(store, "lasting_guard", lambda: guard)
    return store, guard


def test_after_a_reboot_or_a_watchdogs_death_a_watchdog_of_the_same_token_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, guard = with_guard(tmp_path, monkeypatch)
    store.apply(plan_for(store, ONE), within=60)
    command = watchdog.command_again("store", str(store.path), TOKEN)
    assert command[:2] == [sys.executable, "-I"]
    assert guard.installed == [(TOKEN, command, 60 + watchdog.GRACE, 0)]  # before anything was applied


def test_where_the_promised_guard_cannot_be_installed_nothing_is_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = with_guard(tmp_path, monkeypatch, "systemctl could not be used")
    with pytest.raises(BackendError, match=r"no lasting guard.*systemctl could not be used.*NDTUI_LASTING_GUARD"):
        store.apply(plan_for(store, ONE), within=60)
    assert held(store.snapshot()) == {}


def test_the_tests_leave_nothing_to_the_system(tmp_path: Path) -> None:
    assert isinstance(StoreBackend(tmp_path / "s").lasting_guard(), NoGuard)
    assert "run ndtui status" in StoreBackend(tmp_path / "s").after_restart()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="systemd and at(1) are Linux'")
@pytest.mark.parametrize(
    ("there", "kind"),
    [
        ({"/run/systemd/system", "/run/user/1/systemd/private"}, SystemdGuard),
        ({"/run/systemd/system", "/run/atd.pid"}, AtGuard),
        ({"/run/atd.pid"}, AtGuard),
        (set(), NoGuard),
    ],
)
def test_the_guard_is_what_this_machine_offers(
    there: set[str], kind: type[LastingGuard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NDTUI_LASTING_GUARD")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    monkeypatch.setattr(this_machine.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(this_machine.os, "geteuid", lambda: 1000)
    for look in ("is_dir", "exists"):
        monkeypatch.setattr(Path, look, lambda path: str(path) in there)
    assert type(this_machine.guard_of_user(Commands())) is kind
    assert isinstance(this_machine.guard_of_machine(Commands()), NoGuard)


@pytest.mark.parametrize(
    ("code", "said"), [("import sys; sys.exit('no bus')", "no bus"), ("raise SystemExit(3)", "status 3")]
)
def test_a_command_that_fails_is_one_line(code: str, said: str) -> None:
    with pytest.raises(BackendError, match=f"could not be used: .*{said}"):
        run_command([sys.executable, "-c", code], "")
    with pytest.raises(BackendError, match="no/such/program could not be used"):
        run_command(["no/such/program"], "")


def test_a_command_is_given_its_input_and_its_output_returned() -> None:
    assert run_command([sys.executable, "-c", "print(input()[::-1])"], "abc\n").strip() == "cba"

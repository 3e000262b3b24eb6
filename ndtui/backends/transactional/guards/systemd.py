"""A lasting guard by systemd: a service that is started when the machine is, and a timer that starts it before.

The units are the user's own, or the system's where root installs them.
Source: systemd.unit(5), systemd.service(5), systemd.timer(5), file-hierarchy(7)
"""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import NamedTuple

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, Run
from ndtui.common.files import reason


class Manager(NamedTuple):
    """A manager of services: its command, the folder of its units, the target it starts, and when it starts that."""

    systemctl: tuple[str, ...]
    folder: Path
    target: str
    starts: str


def system_manager(systemctl: str) -> Manager:
    """Return the manager of the system, which root may tell what to do."""
    starts = "when it is up again"
    return Manager((systemctl,), Path("/etc/systemd/system"), "multi-user.target", starts)


def user_manager(systemctl: str, config: Path, *, lingers: bool) -> Manager:
    """Return the manager of a user, which runs from the first log-in to the last log-out; always where it lingers.

    ``config`` is the folder of the user's settings.
    """
    starts = "when it is up again" if lingers else "when you log in there again"
    return Manager((systemctl, "--user"), config / "systemd" / "user", "default.target", starts)


class SystemdGuard(LastingGuard):
    """Units named after the token."""

    def __init__(self, manager: Manager, run: Run) -> None:
        self._manager = manager
        self._run = run

    @property
    def promise(self) -> str:
        """What becomes of it if the machine is restarted."""
        return f"If this machine is restarted meanwhile, it is reverted in time, or {self._manager.starts}."

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        """Write the units, enable the service, and start the timer."""
        try:
            self._manager.folder.mkdir(parents=True, exist_ok=True)
            self._path(token, "service").write_text(service(command, self._manager.target), encoding="utf-8")
            self._path(token, "timer").write_text(timer(seconds), encoding="utf-8")
        except OSError as error:
            raise BackendError(f"no units can be written to {self._manager.folder}", remedy=reason(error)) from error
        self._systemctl("daemon-reload")
        self._systemctl("enable", unit(token, "service"))
        self._systemctl("start", unit(token, "timer"))

    def remove(self, token: str) -> None:
        """Stop the timer, disable the service, and remove the units."""
        if not self._path(token, "timer").exists():
            return
        self._systemctl("stop", unit(token, "timer"))
        self._systemctl("disable", unit(token, "service"))
        for kind in ("timer", "service"):
            self._path(token, kind).unlink(missing_ok=True)
        self._systemctl("daemon-reload")

    def _path(self, token: str, kind: str) -> Path:
        return self._manager.folder / unit(token, kind)

    def _systemctl(self, *words: str) -> None:
        self._run([*self._manager.systemctl, *words], "")


def unit(token: str, kind: str) -> str:
    """Return the name of a unit of ours."""
    return f"ndtui-revert-{token}.{kind}"


def service(command: Sequence[str], target: str) -> str:
    """Return the unit file of the service that runs a command, and again where that fails."""
    return f"""\
[Unit]
Description=Reverts an IPsec policy that ndtui has applied, unless it is confirmed

[Service]
ExecStart={" ".join(map(quoted, command))}
Restart=on-failure
RestartSec=1

[Install]
WantedBy={target}
"""


def timer(seconds: float) -> str:
    """Return the unit file of the timer that starts the service of its name once, in so many seconds."""
    return f"""\
[Unit]
Description=Reverts an IPsec policy that ndtui has applied, unless it is confirmed in time

[Timer]
OnActiveSec={ceil(seconds)}
AccuracySec=1s
"""


def quoted(word: str) -> str:
    """Return a word as a command line in a unit file has it: nothing in it is a specifier or a variable."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped.replace(chr(10), chr(92) + "n")}"'

"""A lasting guard by the Windows task scheduler: a task of SYSTEM, run when Windows starts and when the time is over.

Source: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema and
https://learn.microsoft.com/windows-server/administration/windows-commands/schtasks-create
"""

import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, Run
from ndtui.common.files import reason

#: The account of the system itself: it needs no password, and nobody has to be logged in.
_SYSTEM = "S-1-5-18"


class ScheduledTaskGuard(LastingGuard):
    """A task named after the token. ``schtasks`` is the path of the program: Windows looks for it in other folders."""

    def __init__(self, schtasks: Path, run: Run) -> None:
        self._schtasks = str(schtasks)
        self._run = run

    @property
    def promise(self) -> str:
        """What becomes of it if the machine is restarted."""
        return "If this machine is restarted meanwhile, it is reverted in time, or when it is up again."

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        """Register the task."""
        text = task(command, datetime.now().astimezone() + timedelta(seconds=seconds))
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "task.xml"
                path.write_text(text, encoding="utf-16")
                self._run([self._schtasks, "/Create", "/TN", name(token), "/XML", str(path), "/F"], "")
        except OSError as error:
            raise BackendError("the task cannot be written", remedy=reason(error)) from error

    def remove(self, token: str) -> None:
        """Delete the task."""
        self._run([self._schtasks, "/Delete", "/TN", name(token), "/F"], "")


def name(token: str) -> str:
    """Return the name of the task."""
    return rf"\ndtui\revert {token}"


def task(command: Sequence[str], at: datetime) -> str:
    """Return the XML of a task that runs a command when Windows starts, and at a time; missed, as soon as it can."""
    program, *arguments = command
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Reverts an IPsec policy that ndtui has applied, unless it is confirmed in time</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger><Enabled>true</Enabled></BootTrigger>
    <TimeTrigger><StartBoundary>{at.isoformat(timespec="seconds")}</StartBoundary><Enabled>true</Enabled></TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><UserId>{_SYSTEM}</UserId><RunLevel>HighestAvailable</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>10</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
    </Exec>
  </Actions>
</Task>
"""

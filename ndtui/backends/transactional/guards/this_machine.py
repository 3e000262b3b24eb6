"""The lasting guard that this machine offers; ``NDTUI_LASTING_GUARD=none`` goes without."""

import getpass
import os
import shutil
import sys
from pathlib import Path

from ndtui.backends.transactional.guards.at_job import AtGuard
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, NoGuard, Run, run_command
from ndtui.backends.transactional.guards.scheduled_task import ScheduledTaskGuard
from ndtui.backends.transactional.guards.systemd import SystemdGuard, system_manager, user_manager

SWITCH = "NDTUI_LASTING_GUARD"


def guard_of_user(run: Run = run_command) -> LastingGuard:
    """Return the guard for what belongs to a user: their systemd, or else at(1); none on Windows and macOS."""
    if os.environ.get(SWITCH) == "none" or sys.platform in ("win32", "darwin"):
        return NoGuard()
    systemctl = shutil.which("systemctl")
    if systemctl is not None and Path("/run/systemd/system").is_dir():  # as sd_booted(3) has it
        if os.geteuid() == 0:
            return SystemdGuard(system_manager(systemctl), run)
        if (Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / "systemd" / "private").exists():
            config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
            lingers = (Path("/var/lib/systemd/linger") / getpass.getuser()).exists()
            return SystemdGuard(user_manager(systemctl, config, lingers=lingers), run)
    if all(map(shutil.which, ("at", "atq", "atrm"))) and Path("/run/atd.pid").exists():
        return AtGuard(run)
    return NoGuard()


def guard_of_machine(run: Run = run_command) -> LastingGuard:
    """Return the guard for what belongs to a whole Windows machine."""
    if os.environ.get(SWITCH) == "none" or sys.platform != "win32":
        return NoGuard()
    schtasks = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "schtasks.exe"
    return ScheduledTaskGuard(schtasks, run) if schtasks.exists() else NoGuard()

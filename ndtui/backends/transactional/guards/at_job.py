"""A lasting guard by at(1): a job in a queue that outlasts a restart; what is overdue then is run at once."""

import shlex
from collections.abc import Sequence
from math import ceil

from ndtui.backends.transactional.guards.lasting_guard import LastingGuard, Run


class AtGuard(LastingGuard):
    """One job, found again by the token in its command."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def promise(self) -> str:
        """What becomes of it if the machine is restarted."""
        return "If this machine is restarted meanwhile, it is reverted in time, or when it is up again."

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:  # noqa: ARG002 - it is in the command
        """Put the job into the queue."""
        self._run(at_command(seconds), f"{shlex.join(command)}\n")

    def remove(self, token: str) -> None:
        """Take the job out of the queue."""
        for job in jobs(self._run(["atq"], "")):
            if token in self._run(["at", "-c", job], ""):
                self._run(["atrm", job], "")


def at_command(seconds: float) -> list[str]:
    """Return the command that takes a job to be run in so many seconds: it counts whole minutes. It mails nothing."""
    return ["at", "-M", "now", "+", str(ceil(seconds / 60)), "minutes"]


def jobs(listed: str) -> list[str]:
    """Return the numbers of the jobs that ``atq`` lists, one in a line, but for one that is being run (queue ``=``)."""
    rows = [line.split() for line in listed.splitlines()]
    return [row[0] for row in rows if row and row[0].isdecimal() and "=" not in row]

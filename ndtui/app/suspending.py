"""Suspending: the program stops, and the shell that started it has the terminal until it is called back."""

import os
import sys
from typing import Any

from textual.app import App

_NONE_ON_WINDOWS = "Windows cannot suspend a program: open another tab or window"
_NO_SHELL = "There is no shell here to go back to"


def suspend(app: App[Any]) -> None:
    """Suspend the program, or say why that cannot be."""
    if sys.platform == "win32":
        app.notify(_NONE_ON_WINDOWS, markup=False)
    elif app._driver is None or not app._driver.can_suspend or not has_shell():
        app.notify(_NO_SHELL, markup=False)
    else:
        app.action_suspend_process()


def has_shell() -> bool:
    """Tell whether a shell with job control has started the program: it alone could call it back.

    Such a shell gives each job a process group of its own; the first program of a terminal, and what that starts
    without job control, is in the group that leads the session (setsid(2), getpgrp(2)).
    """
    return sys.platform != "win32" and os.getpgrp() != os.getsid(0)

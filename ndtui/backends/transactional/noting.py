"""What is noted of a revision beside what it changes: who makes it, why, and how it comes to be."""

import os
import sys
from typing import TYPE_CHECKING

from ndtui.backends.contract.changes import Pending, Plan
from ndtui.backends.contract.history_note import LONGEST_MESSAGE, LONGEST_NAME, Cause, Note
from ndtui.common.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable


def note_of(plan: Plan, pending: Pending | None, *, reverting: bool) -> Note:
    """Return the note of the revision that a plan makes; ``pending`` is what waits to be confirmed before it."""
    message = shortened(_storable(plan.message), LONGEST_MESSAGE)
    return Note(user(), host(), message, _cause(plan, pending, reverting=reverting), plan.back_to)


def _cause(plan: Plan, pending: Pending | None, *, reverting: bool) -> Cause:
    if reverting and (pending is None or pending.seconds_left() <= 0):
        return "not confirmed"
    if reverting or (plan.action == "rollback" and pending is not None and plan.back_to == pending.back_to):
        return "reverted"
    return {"apply": "applied", "remove": "removed"}.get(plan.action, "rolled back")  # type: ignore[return-value]


def user() -> str:
    """Return who runs this program: the account, on Windows with its domain; whoever called sudo is named first."""
    called = os.environ.get("SUDO_USER", "") if sys.platform != "win32" and os.geteuid() == 0 else ""
    account = _account()
    return _name(f"{called} as {account}" if called and called != account else account)


def host() -> str:
    """Return what this machine calls itself."""
    import platform  # noqa: PLC0415 - only who writes needs it

    return _name(platform.node())


if sys.platform == "win32":

    def _account() -> str:
        """Return the domain and the account in it. Source: GetUserNameExW with NameSamCompatible, secext.h."""
        import ctypes  # noqa: PLC0415 - only who writes needs it

        length = ctypes.c_ulong(LONGEST_NAME)
        name = ctypes.create_unicode_buffer(LONGEST_NAME)
        ask: Callable[..., int] = ctypes.WinDLL("secur32").GetUserNameExW
        ask.restype = ctypes.c_ubyte  # type: ignore[attr-defined]  # it is a function of ctypes
        return name.value if ask(2, name, ctypes.byref(length)) else os.environ.get("USERNAME", "")

else:

    def _account() -> str:
        import pwd  # noqa: PLC0415 - only who writes needs it

        number = os.geteuid()
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:  # an account that no list has, as in a container
            return f"uid {number}"


def _name(text: str) -> str:
    return shortened(_storable(text), LONGEST_NAME)


def _storable(text: str) -> str:
    """Return text without what UTF-8 cannot hold: halves of characters, out of a name that is no text."""
    return text.encode("utf-8", "backslashreplace").decode()

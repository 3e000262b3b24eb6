"""A lock on a file: it belongs to one process, and the system frees it when that process ends, however it ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FLAGS = os.O_RDWR | getattr(os, "O_NOINHERIT", 0)


def take(path: Path) -> int | None:
    """Return a descriptor that holds the lock of a file, made if need be; ``None`` where another one holds it.

    Raises:
        OSError: there can be no such file, or its file system has no locks.
    """
    while True:
        descriptor = os.open(path, _FLAGS | os.O_CREAT, 0o666)
        if not _locked(descriptor):
            return None
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)  # whoever held it before has removed the file: its lock would keep nobody off


def give_back(path: Path, descriptor: int) -> None:
    """Remove the file of a lock that is held, and free the lock."""
    if sys.platform == "win32":  # which removes no file that is open
        os.close(descriptor)
        path.unlink(missing_ok=True)
    else:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether a process that lives holds the lock of a file.

    Raises:
        OSError: it cannot be told.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError:
        return False
    if not _locked(descriptor, shared=True):
        return True
    os.close(descriptor)
    return False


def _locked(descriptor: int, *, shared: bool = False) -> bool:
    """Lock a file; tells whether it is locked, and has closed the descriptor where it is not."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as Unix and as Windows say that another process holds it
        os.close(descriptor)
        return False
    except OSError:
        os.close(descriptor)
        raise
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False

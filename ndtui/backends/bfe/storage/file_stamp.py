"""What the system says of a store's files, by which it is seen whether anybody has written to them."""

import time
from pathlib import Path
from typing import NamedTuple

#: How SQLite calls the write-ahead log, its index and the rollback journal beside a file.
LOG, INDEX, JOURNAL = "-wal", "-shm", "-journal"
#: Nanoseconds after which a file that is written to again gets another time: file systems count in steps of 10 ms.
_STEP = 10_000_000


class FileStamp(NamedTuple):
    """One file: which it is, its size, when its content and its entry were written last. All 0 where there is none."""

    inode: int = 0
    size: int = 0
    written: int = 0
    changed: int = 0


class Stamp(NamedTuple):
    """The files of a store at one moment: the store itself, its write-ahead log and its rollback journal."""

    store: FileStamp
    log: FileStamp
    journal: FileStamp
    taken: int
    """When it was taken, in nanoseconds since 1970."""

    @property
    def files(self) -> tuple[FileStamp, ...]:
        """What is the same in two stamps between which nothing was written."""
        return self[:3]

    @property
    def settled(self) -> bool:
        """Whether whatever is written from that moment on makes another stamp."""
        times = (at for file in self.files for at in (file.written, file.changed))
        return all(abs(self.taken - at) > _STEP for at in times)

    @property
    def in_writing(self) -> bool:
        """Whether somebody may be writing: the log holds something, or a journal is there."""
        return self.log != FileStamp() or self.journal != FileStamp()


def stamp_of(real: Path) -> Stamp:
    """Return the stamp of a store's files, by the store's path without links."""
    taken = time.time_ns()
    log = _stamp(beside(real, LOG))
    journal = _stamp(beside(real, JOURNAL))
    return Stamp(_stamp(real), log if log.size else FileStamp(), journal, taken)


def beside(real: Path, ending: str) -> Path:
    """Return the path of what SQLite keeps beside a store."""
    return real.with_name(f"{real.name}{ending}")


def _stamp(path: Path) -> FileStamp:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return FileStamp()
    return FileStamp(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

"""Work origin: the file that unsaved work was done on, and what that file held then; kept in a file beside the work."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from ndtui.common import files
from ndtui.common.errors import InputError

_LARGEST = 64 * 1024


class Origin(NamedTuple):
    """The file that work was done on."""

    path: Path
    digest: str = ""
    """SHA-256 of what the file held when it was last read or written, in hexadecimal; empty where that is not known."""

    def was(self, data: bytes | None) -> bool:
        """Tell whether the file held this when the work was done."""
        return data is not None and self.digest == _digest(data)


def origin_of(path: Path | None, data: bytes | None) -> Origin | None:
    """Return where work on a file comes from; ``data`` is what the file is known to hold."""
    if path is None:
        return None
    return Origin(path.absolute(), "" if data is None else _digest(data))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write(work: Path, origin: Origin | None) -> None:
    """Write down where the work in a file comes from.

    Raises:
        RefusedError: it cannot be written.
        OSError: what was written before cannot be deleted.
    """
    if origin is None:
        remove(work)
    else:
        files.write_text(_beside(work), json.dumps({"path": str(origin.path), "sha256": origin.digest}) + "\n")


def read(work: Path) -> Origin | None:
    """Return where the work in a file comes from; ``None`` where nobody has written it down, or not so."""
    place = _beside(work)
    if not files.is_there(place):
        return None
    try:
        held = json.loads(files.read_text(place, _LARGEST))
    except (InputError, ValueError, RecursionError):
        return None  # somebody else has written it: the work is there all the same
    path, digest = (held.get(name) for name in ("path", "sha256")) if isinstance(held, dict) else (None, None)
    if not isinstance(path, str) or "\x00" in path or not Path(path).is_absolute() or not isinstance(digest, str):
        return None
    return Origin(Path(path), digest)


def remove(work: Path) -> None:
    """Forget where the work in a file comes from.

    Raises:
        OSError: it cannot be deleted.
    """
    _beside(work).unlink(missing_ok=True)


def _beside(work: Path) -> Path:
    return work.with_suffix(".origin")

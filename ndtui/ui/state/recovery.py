"""Recovery: work that no file has yet is kept aside, so that a lost connection or a crash does not take it along.

What a session has kept belongs to it as long as its process lives: it holds the lock of a file beside, which the system
frees when the process ends. What nobody holds is offered to the next session, which makes it its own.
"""

from pathlib import Path
from threading import Condition, RLock
from uuid import uuid4

from ndtui.backends.planning.history_wording import moment_words
from ndtui.common import file_lock, files
from ndtui.common.errors import NdtuiError, RefusedError
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.design_json import format_json
from ndtui.model.files.presets import Preset, file_stem
from ndtui.ui.state import work_origin
from ndtui.ui.state.beside import is_large
from ndtui.ui.state.work_origin import Origin

#: Work is kept as JSON, which takes a fraction of the time, or as TOML where comments belong to it.
_SUFFIXES = (".json", ".toml")
#: Unsaved work is kept aside at most so many seconds after it was done.
KEEP_WITHIN = 1.0


def folder() -> Path:
    """Return the folder where unsaved work is kept."""
    return files.data_dir() / "unsaved"


def leftovers() -> list[Preset]:
    """Return unsaved work of sessions that have ended without an answer, the latest first.

    What a living session has kept is its own.
    """
    try:
        found = [path for path in folder().iterdir() if path.suffix in _SUFFIXES and path.is_file()]
        found.sort(key=lambda path: (-_written(path), path.name))
        return [Preset(path.stem, path, "unsaved") for path in found if not file_lock.is_held(_lock_of(path))]
    except OSError:
        return []  # what cannot be read cannot be offered, and nothing is lost by not offering it


def _written(path: Path) -> int:
    """Return when a file was written last, in nanoseconds since 1970; 0 where it is gone by now."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def kept_words(path: Path) -> str:
    """Return when unsaved work was kept last, in words; nothing where the file system does not say."""
    at = _written(path)
    return f"kept {moment_words(at / 1e9, seconds=False)}" if at else ""


def discard(path: Path) -> None:
    """Delete unsaved work that belongs to no living session.

    Raises:
        RefusedError: it belongs to one, or cannot be deleted.
    """
    lock = _claim(path)
    try:
        _delete(path)
    except OSError as error:
        raise RefusedError(f"{path} cannot be deleted", remedy=files.reason(error)) from None
    finally:
        file_lock.give_back(_lock_of(path), lock)


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
    work_origin.remove(path)


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _claim(path: Path) -> int:
    """Return the held lock of unsaved work, so that no other session takes it at the same time."""
    try:
        lock = file_lock.take(_lock_of(path))
    except OSError as error:
        raise RefusedError(f"{path} cannot be taken over", remedy=files.reason(error)) from None
    if lock is None:
        raise RefusedError(f"{path} belongs to another designer that is open", remedy="save it there")
    return lock


class Recovery:
    """The unsaved work of one session of the designer, in a file of its own; safe to use from several threads."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self._session = uuid4().hex[:8]
        self._lock: int | None = None
        self._kept: Design | None = None
        self.layout = ""
        """The text whose comments what was kept has; empty for none."""
        self.origin: Origin | None = None
        """The file that what was kept was done on; ``None`` for none."""
        self._turn = 0
        self._settled = 0
        """The last turn of which it is known that it is kept, could not be, or is not wanted any more."""
        # Reentrant, because a signal may come while the same thread is in here, and keeps what there is.
        self._one_at_a_time = Condition(RLock())

    def keep(self, design: Design, layout: str = "", origin: Origin | None = None) -> str:
        """Write the design aside, with the comments of a text; returns why it could not be, or nothing.

        ``origin`` is the file that the work was done on.

        Of several calls at once the latest counts, whichever is done first, and the others wait until it is done: who
        ends the program after any of them ends none that is being written. Comments of a large design are kept as long
        as the text is just that design: to put them into another takes very long.
        """
        with self._one_at_a_time:
            if design is self._kept and (layout, origin) == (self.layout, self.origin):
                return ""
            self._turn += 1
            turn = self._turn
        try:
            return self._keep(design, layout, origin, turn)
        finally:
            with self._one_at_a_time:
                if turn == self._turn:
                    self._settle()
                else:
                    self._one_at_a_time.wait_for(lambda: self._settled == self._turn)

    def _keep(self, design: Design, layout: str, origin: Origin | None, turn: int) -> str:
        """Write the design aside unless a later turn has come; returns why it could not be, or nothing."""
        try:
            commented = _with_comments(design, layout) if layout else ""
            suffix, text = (".toml", commented) if commented else (".json", format_json(design))
            with self._one_at_a_time:
                if turn == self._turn:
                    path = self._own_path(design).with_suffix(suffix)
                    self._write(path, text)
                    work_origin.write(path, origin)
                    self._kept, self.layout, self.origin = design, layout, origin
        except NdtuiError as error:
            return str(error)
        except OSError as error:
            return files.reason(error)
        return ""

    def take_over(self, path: Path) -> Design:
        """Make unsaved work of a session that has ended this one's own, and return it.

        It is deleted there when it is kept here, so that at every moment it is in one of the two places.

        Raises:
            InputError: it is gone, or cannot be read.
            RefusedError: it belongs to a living session, or cannot be kept.
        """
        lock = _claim(path)
        try:
            design = Preset(path.stem, path, "unsaved").load()
            layout = files.read_text(path) if path.suffix == ".toml" else ""
            problem = self.keep(design, layout, work_origin.read(path))
            if problem:
                raise RefusedError(f"{path} cannot be taken over", remedy=problem)
            _delete(path)
        except OSError as error:
            raise RefusedError(f"{path} cannot be taken over", remedy=files.reason(error)) from None
        finally:
            file_lock.give_back(_lock_of(path), lock)
        return design

    def forget(self) -> None:
        """Delete what was kept: the work is in a file now, or the operator has let it go."""
        with self._one_at_a_time:
            self._turn += 1  # what is being written in another thread is not wanted any more
            self._settle()
            self._kept, self.layout, self.origin = None, "", None
            if self.path is None:
                return
            try:
                _delete(self.path)
            except OSError:
                return  # it will be offered again, which does no harm
            self.release()
            self.path = None

    def release(self) -> None:
        """Leave what was kept to whoever comes next."""
        with self._one_at_a_time:
            if self._lock is not None and self.path is not None:
                file_lock.give_back(_lock_of(self.path), self._lock)
                self._lock = None

    def _settle(self) -> None:
        """Tell whoever waits for the latest turn that it is settled."""
        self._settled = self._turn
        self._one_at_a_time.notify_all()

    def _write(self, path: Path, text: str) -> None:
        """Write what is kept, in place of what was kept before under the other suffix."""
        files.write_text(path, text)
        if self.path is not None and self.path != path:
            self.path.unlink(missing_ok=True)
        self.path = path

    def _own_path(self, design: Design) -> Path:
        """Return the file of this session, which is its own from the first time on."""
        if self.path is None:
            files.make_folder(folder())
            path = folder() / f"{file_stem(design.name) or 'design'}.{self._session}.json"
            try:
                self._lock = file_lock.take(_lock_of(path))
            except OSError:
                self._lock = None  # a file system without locks: it is kept all the same, and others may take it
            self.path = path
        return self.path


def _with_comments(design: Design, layout: str) -> str:
    """Return the design as TOML with the comments of a text; empty where that would take too long."""
    if parse_design(layout, "the text") == design:
        return layout
    return "" if is_large(design) else format_design(design, layout)

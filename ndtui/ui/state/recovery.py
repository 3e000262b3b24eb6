"""Recovery: work that no file has yet is kept aside, so that a lost connection or a crash does not take it along."""

from pathlib import Path
from uuid import uuid4

from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design
from ndtui.model.files.presets import Preset, file_stem

#: Unsaved work is kept aside when the keys have rested for so many seconds.
KEEP_AFTER = 1.0


def folder() -> Path:
    """Return the folder where unsaved work is kept."""
    return files.data_dir() / "unsaved"


def leftovers() -> list[Preset]:
    """Return unsaved work found there: of sessions that ended without an answer, or that still run elsewhere."""
    try:
        return [Preset(path.stem, path, "unsaved") for path in sorted(folder().glob("*.toml")) if path.is_file()]
    except OSError:
        return []  # what cannot be read cannot be offered, and nothing is lost by not offering it


class Recovery:
    """The unsaved work of one session of the designer, in a file of its own."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._session = uuid4().hex[:8]

    def keep(self, design: Design) -> str:
        """Write the design aside; returns why it could not be, or nothing."""
        former = self.path
        self.path = former or folder() / f"{file_stem(design.name) or 'design'}.{self._session}.toml"
        try:
            files.make_folder(folder())
            files.write_text(self.path, format_design(design))
        except NdtuiError as error:
            self.path = former
            return str(error)
        return ""

    def forget(self) -> None:
        """Delete what was kept: the work is in a file now, or the operator has let it go."""
        if self.path is not None:
            try:
                self.path.unlink(missing_ok=True)
            except OSError:
                return  # it will be offered again, which does no harm
            self.path = None

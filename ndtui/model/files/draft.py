"""Draft: a design's text in a private file of its own, for an editor to work on."""

import os
import shutil
import tempfile
from pathlib import Path

from ndtui.common import files
from ndtui.common.errors import RefusedError
from ndtui.model.files.presets import file_stem


def kept_dir() -> Path:
    """Return the folder of texts that were not taken in: nothing that was written is thrown away."""
    return files.data_dir() / "edits"


class Draft:
    """A text in a file that nobody else can read, in a folder of its own."""

    def __init__(self, name: str, text: str) -> None:
        """Write the text of a design of that name.

        Raises:
            RefusedError: there is no place to write it to.
        """
        self._stem = file_stem(name) or "design"
        self.given = text
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="ndtui-"))
        except OSError as error:
            raise RefusedError("there is no folder for temporary files", remedy=files.reason(error)) from None
        self.path = self._folder / f"{self._stem}.toml"
        try:
            files.write_text(self.path, text)
        except RefusedError:
            self.remove()
            raise

    def read(self) -> str:
        """Return what the file holds now.

        Raises:
            InputError: it is gone, or holds no text.
        """
        return files.decode(files.read_bytes(self.path), "the text")

    @property
    def text(self) -> str:
        """What the file holds as it can be shown, whatever it is."""
        return files.read_bytes(self.path).decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def is_there(self) -> bool:
        """Whether there still is a file."""
        return files.is_there(self.path)

    @property
    def is_changed(self) -> bool:
        """Whether the file holds something else than was written to it; a line end more at its end is nothing."""
        if not self.is_there:
            return False
        data = files.read_bytes(self.path).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        return data.rstrip() != self.given.encode("utf-8").rstrip()

    def keep(self) -> Path:
        """Put what the file holds where it stays, as it is, and return the path.

        Raises:
            InputError: it cannot be read.
            RefusedError: it cannot be written there.
        """
        files.make_folder(kept_dir())
        kept = kept_dir() / f"{self._stem}.{os.urandom(4).hex()}.toml"
        files.write_bytes(kept, files.read_bytes(self.path))
        return kept

    def remove(self) -> None:
        """Delete the file and its folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

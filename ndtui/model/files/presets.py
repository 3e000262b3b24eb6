"""Presets: designs in files, shipped with the program or saved by the user."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from ndtui.common import files
from ndtui.common.errors import InputError, NdtuiError, RefusedError
from ndtui.common.file_names import is_device
from ndtui.common.suggestion import choose, near
from ndtui.common.text import brief, in_quotes
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.design_on_disk import OnDisk, look, write_over

DEFAULT_PRESET = "nd-transport"

#: Shipped with the program, saved by the user, kept aside because nobody saved it, or opened elsewhere not long ago.
Kind = Literal["shipped", "own", "unsaved", "recent"]

_PACKAGE = Path(__file__).resolve().parents[2]
_SAFE = re.compile(r"[^\w.-]+")


class Preset(NamedTuple):
    """A design in a file, by the name it is called by: the file's name without its ending."""

    name: str
    path: Path
    kind: Kind

    def load(self) -> Design:
        """Return its design, or raise an InputError that names file, line and remedy."""
        text, where = files.read_text(self.path), str(self.path)
        if self.path.suffix != ".json":
            return parse_design(text, where)
        from ndtui.model.files.design_json import parse_json  # noqa: PLC0415 - of what was kept when a designer ended

        return parse_json(text, where)


def shipped_dir() -> Path:
    """Return the folder of the shipped presets: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / "presets"
    return inside if inside.is_dir() else _PACKAGE.parent / "presets"


def own_dir() -> Path:
    """Return the folder of the user's own presets."""
    return files.config_dir() / "presets"


def shipped() -> list[Preset]:
    """Return the shipped presets, the default one first."""
    return sorted(_in(shipped_dir(), "shipped"), key=lambda p: (p.name != DEFAULT_PRESET, p.name))


def own() -> list[Preset]:
    """Return the user's own presets, by name."""
    return _in(own_dir(), "own")


def readable() -> Iterator[Design]:
    """Yield the designs of the presets there are; a broken one is none."""
    for preset in (*shipped(), *own()):
        try:
            yield preset.load()
        except NdtuiError:
            continue


def _in(folder: Path, kind: Kind) -> list[Preset]:
    try:
        return [Preset(path.stem, path, kind) for path in sorted(folder.glob("*.toml")) if path.is_file()]
    except OSError as error:
        raise InputError(f"{folder} cannot be read", remedy=files.reason(error)) from None


def find(name: str) -> Preset:
    """Return a preset by name, shipped ones first.

    Raises:
        InputError: there is none of that name; lists those there are.
    """
    path = shipped_dir() / f"{name}.toml"
    if name == _SAFE.sub("-", name) and files.is_there(path):
        return Preset(name, path, "shipped")
    for preset in own():
        if preset.name == name:
            return preset
    names = [preset.name for preset in (*shipped(), *own())]
    raise InputError(
        f"there is no preset {brief(name)}", remedy=near(name, names) or f"{choose(name, names)}, or name a file"
    )


def file_stem(name: str) -> str:
    """Return a design's name as part of a file name on every system; it may leave nothing.

    At most 150 bytes: systems allow 255 for the whole name.
    """
    short = name.encode("utf-8", "ignore")[:150].decode("utf-8", "ignore")
    stem = _SAFE.sub("-", short).strip("-.")
    first, dot, rest = stem.partition(".")
    return f"{first}-{dot}{rest}" if is_device(stem) else stem


def own_path(name: str) -> Path:
    """Return the file a design of that name is saved to among the user's presets.

    Raises:
        RefusedError: the name is a shipped preset's, or leaves nothing for a file name.
    """
    stem = file_stem(name)
    if not stem:
        raise RefusedError(f"{in_quotes(name)} leaves nothing for a file name", remedy="use letters or digits")
    if (shipped_dir() / f"{stem}.toml").is_file():
        raise RefusedError(f"{stem} is a shipped preset and stays as it is", remedy="save under another name")
    return own_dir() / f"{stem}.toml"


def save(design: Design, path: Path, found: OnDisk | None = None, layout: str = "") -> str:
    """Write a design to a file and return the text; ``found`` is what the file held when it was looked at.

    The comments of the file are kept, or those of ``layout``, a text of the design that takes its place.

    Raises:
        ChangedError: the file no longer holds what was found there.
        RefusedError: the file cannot be written, or would not read back; the old one is still there.
    """
    if path.parent == own_dir():
        files.make_folder(path.parent)
    if not files.is_stream(path):
        return write_over(design, path, found or look(path), layout)
    text = format_design(design, layout)
    files.write_text(path, text)
    return text


def delete(preset: Preset) -> None:
    """Delete one of the user's own presets, or unsaved work that was kept.

    Raises:
        RefusedError: it is a shipped one or a file elsewhere, or cannot be deleted.
    """
    if preset.kind in ("shipped", "recent"):
        what = "a shipped preset" if preset.kind == "shipped" else "a file of its own"
        raise RefusedError(f"{preset.name} is {what}", remedy="only your own can be deleted")
    try:
        preset.path.unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(f"{preset.path} cannot be deleted", remedy=files.reason(error)) from None

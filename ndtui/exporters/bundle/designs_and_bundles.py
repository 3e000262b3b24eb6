"""A design from a text or a file, whether it is TOML, JSON as a bundle or a design, or connection security rules."""

import os
from pathlib import Path
from typing import NamedTuple

from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from ndtui.model.files.design_file import parse_design

#: What else files end with that are read or written: a preset may be called so.
_ENDINGS = (
    *(".reg", ".pol", ".cmd", ".bat", ".txt", ".log", ".xml", ".zip", ".csv", ".evtx"),
    *(".ps1", ".py", ".c", ".conf", ".md", ".html", ".yaml", ".yml"),
)


class Source(NamedTuple):
    """A design, and the user's own TOML file that it came from, where it came from one.

    ``lost`` is how much of what it was read from it does not say, and ``remark`` a line on that: of another's rules.
    """

    design: Design
    path: Path | None = None
    lost: int = 0
    remark: str = ""


def read_file(path: Path, where: str = "") -> Source:
    """Return the design in a file; ``where`` names it in errors, if not by its path.

    UTF-16, which PowerShell makes of what it redirects, is read too. Such a file is not saved to: that is UTF-8. Of
    connection security rules a design is made as ``ndtui import`` makes one.

    Raises:
        InputError: there is no such file, or it holds no design; says what it seems to be, if that is known.
        RefusedError: it is a bundle that was edited by hand, or rules that make no design.
    """
    where = where or str(path)
    try:
        data = files.read_bytes(path, files.MAX_JSON)
        text = files.decode_windows(data, where, files.MAX_JSON)
        design = parse(text, where)
    except InputError as error:
        if not files.is_there(path):
            raise
        from ndtui.exporters.bundle.other_files import refuse_binary  # noqa: PLC0415 - a design needs it not

        refuse_binary(path)
        return _of_others(files.read_windows_text(path, files.MAX_JSON), where, error)
    return Source(design, None if _is_json(text, where) or files.is_utf16(data) else path)


def read_text(text: str, where: str) -> Source:
    """Return the design of a text that is no file's; raises as ``read_file``."""
    try:
        return Source(parse(text, where))
    except InputError as error:
        return _of_others(text, where, error)


def _of_others(text: str, where: str, error: InputError) -> Source:
    """Return the design of a text that is none itself, which ``error`` says of it; raises as ``read_file``."""
    from ndtui.exporters.bundle.rules_as_design import design_of_others  # noqa: PLC0415 - a design needs it not

    made = design_of_others(text, where, error)
    return Source(made.design, lost=made.lost, remark=made.remark)


def read_named(word: str) -> Source:
    """Return the design of a file or of a preset, as a person names either; raises as ``read_file``."""
    if is_file(word):
        return read_file(Path(word), word)
    try:
        preset = presets.find(word)
    except InputError:
        _refuse_file(word)
        raise
    return Source(preset.load(), preset.path if preset.kind == "own" else None)


def _refuse_file(word: str) -> None:
    """Refuse a word that names no preset, and is meant as a file.

    Raises:
        InputError: it is a directory, or ends as files do that are read or written.
    """
    if files.is_folder(Path(word)):
        raise InputError(f"{word} is a directory", remedy="name a file; of a handover ndtui import reads the directory")
    if word.lower().endswith(_ENDINGS):
        raise InputError(f"there is no file {word}", remedy="check the spelling of the path")


def is_file(word: str) -> bool:
    """Tell whether a word is meant as a file rather than as a preset's name."""
    separators = [s for s in (os.sep, os.altsep) if s]
    if word.lower().endswith((".toml", ".json")) or any(s in word for s in separators):
        return True
    return files.is_there(Path(word))


def parse(text: str, where: str, *, accept_edits: bool = False) -> Design:
    """Return the design of a text in TOML or JSON.

    Raises:
        InputError: it holds none.
        RefusedError: it is a bundle that was edited by hand, and edits are not to be accepted.
    """
    if _is_json(text, where):
        from ndtui.exporters.bundle.bundle import parse_bundle  # noqa: PLC0415 - a design in TOML does not need it

        return parse_bundle(text, where, accept_edits=accept_edits)
    return parse_design(text, where)


def _is_json(text: str, where: str) -> bool:
    return where.lower().endswith(".json") or text.lstrip()[:1] == "{"

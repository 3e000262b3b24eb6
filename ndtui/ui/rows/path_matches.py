"""Paths as they are typed: which files and folders continue one."""

import os
from itertools import islice
from pathlib import Path

#: So many entries of a folder are looked at.
_MOST = 5000
_ENDINGS = (".toml", ".json", ".xml", ".csv", ".evtx")


def path_matches(text: str) -> list[str]:
    """Return the texts that continue a path to a folder or a file to open; a folder ends in a separator.

    Hidden ones are there once their dot is typed. What cannot be listed continues nothing.
    """
    head, name = split_path(text)
    try:
        folder = Path(head).expanduser() if head else Path()
        with os.scandir(folder) as entries:
            found = [_shown(each) for each in islice(entries, _MOST)]
    except (OSError, ValueError, RuntimeError):  # RuntimeError: ~nobody has no home
        return []
    alike = [each for each in found if each and _begins(each, name) and (name or not each.startswith("."))]
    return [f"{head}{each}" for each in sorted(alike, key=str.casefold) if each != name]


def expanded(text: str) -> Path:
    """Return the path that a text means: ``~`` is the home folder."""
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        return Path(text.strip())


def split_path(text: str) -> tuple[str, str]:
    """Return the folder of a path as it was typed, with its separator, and the rest."""
    end = max(text.rfind(separator) for separator in (os.sep, os.altsep or os.sep)) + 1
    return text[:end], text[end:]


def _shown(entry: "os.DirEntry[str]") -> str:
    """Return an entry as it continues a path; empty for what cannot be opened."""
    try:
        if entry.is_dir():
            return entry.name + os.sep
        return entry.name if entry.name.lower().endswith(_ENDINGS) else ""
    except OSError:
        return ""


def _begins(name: str, typed: str) -> bool:
    return os.path.normcase(name).startswith(os.path.normcase(typed))

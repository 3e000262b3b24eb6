r"""Programs by the path of the file that they run from, as FWPM_CONDITION_ALE_APP_ID names them.

A path is written as Windows shows it, ``C:\Program Files\X\x.exe``, or as filters have it, with the name of the
device in place of the drive: ``\device\harddiskvolume3\program files\x\x.exe``. Windows makes the one of the
other, in lower case: https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmgetappidfromfilename0
Which drive is which device only the machine knows: the two forms of a path are two programs here.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, Field

from ndtui.common.text import is_hostile, shortened, visible

FIELD = "FWPM_CONDITION_ALE_APP_ID"
"""The field of the conditions that ask for a program."""

MAX_PATH = 1024
"""Characters of a path: more than four times what most programs of Windows can open."""

DEVICE = "\\device\\"
"""What a path with the name of a device begins with, in lower case."""

ALL_PROGRAMS = 0xFFFF_FFFF_FFFF_FFFF
"""The largest number of a program."""

_EXAMPLE = "write a full path such as C:\\Program Files\\X\\x.exe"
_DRIVE = re.compile(r"[A-Za-z]:\\")
_VARIABLE = re.compile(r"%[^%\\]+%")
_FORBIDDEN: Mapping[str, str] = {
    '"': f"has a quote: {_EXAMPLE}, without quotes",
    "*": f"has a wildcard, and filters know whole paths only: {_EXAMPLE}",
    "?": f"has a wildcard, and filters know whole paths only: {_EXAMPLE}",
    "/": "has a slash: write a backslash, \\, in its place",
}


def parse_program(text: str) -> str:
    """Return the path of a program, as it was written.

    Raises:
        ValueError: it is none; says what is wrong with it, and what would be right.
    """
    path = text.strip()
    if len(path) > MAX_PATH:
        raise ValueError(f"is longer than {MAX_PATH} characters: no program has such a path")
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        raise ValueError(f"{_shown(path)} begins with {path[:4]}: leave that out")
    hostile = next(filter(is_hostile, path), "")
    if hostile:
        raise ValueError(f"has the unprintable character U+{ord(hostile):04X}: leave it out")
    for character in path:
        if character in _FORBIDDEN:
            raise ValueError(f"{_shown(path)} {_FORBIDDEN[character]}")
        if character in "<>|":
            raise ValueError(f"{_shown(path)} has a {character}, which no path has: leave it out")
    if _VARIABLE.search(path):
        raise ValueError(f"{_shown(path)} has an environment variable, which filters do not know: write its value")
    if is_device_path(path):
        rest = path[len(DEVICE) :]
    elif _DRIVE.match(path):
        rest = path[3:]
    else:
        raise ValueError(f"{_shown(path)} is no full path of a program: {_not_full(path)}")
    _check_parts(path, rest)
    return path


def _shown(path: str) -> str:
    return f"'{visible(shortened(path, 80))}'"


def _not_full(path: str) -> str:
    if path.startswith("\\\\"):
        return "write a share with the name of its device, \\device\\mup\\server\\share\\x.exe"
    return f"{_EXAMPLE}, or \\device\\harddiskvolume3\\x.exe"


def _check_parts(path: str, rest: str) -> None:
    parts = rest.split("\\")
    if "" in parts or (is_device_path(path) and len(parts) < 2):
        raise ValueError(f"{_shown(path)} names no file: {_EXAMPLE}, without an empty part")
    for part in parts:
        if part in (".", ".."):
            raise ValueError(f"{_shown(path)} has a part {part}: write the folder that it is for")
        if part[-1] in ". " or ":" in part:
            raise ValueError(f"{_shown(path)} has a part '{part}', which no file has for a name: {_EXAMPLE}")


def is_device_path(path: str) -> bool:
    """Tell whether a path has the name of a device, as filters have it."""
    return path[: len(DEVICE)].lower() == DEVICE


def file_part(path: str) -> str:
    """Return what of a path stands behind its drive, or behind the name of its device, with case folded."""
    place = path.find("\\", len(DEVICE)) if is_device_path(path) else path.find("\\")
    return folded(path[place:]) if place >= 0 else folded(path)


def folded(path: str) -> str:
    """Return a path as Windows compares it: in lower case, each character for itself."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in path)


#: The paths whose numbers were asked for, folded.
_PATHS: dict[int, str] = {}


@lru_cache(maxsize=1 << 16)
def program_number(path: str) -> int:
    """Return the number that stands for a program wherever numbers are compared; 0 is none that is named.

    It is the same for the same path in every design, whatever the case of its letters.
    """
    text = folded(path)
    number = int.from_bytes(sha256(text.encode("utf-16-le", "surrogatepass")).digest()[:8], "big") or 1
    _PATHS[number] = text
    return number


def program_of(number: int) -> str:
    """Return the path that a number stands for, with case folded; empty where it stands for none that is named."""
    return _PATHS.get(number, "")


def _checked(text: str) -> str:
    return parse_program(text) if text.strip() else ""


ProgramPath = Annotated[str, Field(max_length=4 * MAX_PATH), AfterValidator(_checked)]
"""The path of a program; empty: any program."""

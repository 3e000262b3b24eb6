"""The operator's own editor: which one it is, and how it is told the file and the line."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes

#: Editors that take ``+LINE`` before the file, by the name of their program.
_PLUS = frozenset(
    ("vi", "vim", "nvim", "view", "gvim", "nvi", "vis", "nano", "pico", "emacs", "emacsclient", "mg", "joe", "jed")
) | {"ne", "kak", "micro", "gedit", "tilde"}
#: Those that take ``FILE:LINE``, and those that take it after ``--goto``.
_COLON = frozenset({"hx", "helix", "subl", "zed", "amp"})
_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor"})
#: Of a command line as Windows has them: words, with blanks only where they stand in quotes; a backslash is one.
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')

_SETTING = "the setting editor"
#: What to do where none is there, by what names it: nothing that comes after that helps.
_SAID_AT = {_SETTING: "name one in your settings (ndtui config path says where)", "$VISUAL": "set VISUAL to one"}


class Editor(NamedTuple):
    """The command of an editor, and where it was found, in words for a person."""

    command: tuple[str, ...]
    source: str

    @property
    def name(self) -> str:
        """The program's name without folder and ending."""
        return PureWindowsPath(self.command[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")

    def arguments(self, path: Path, line: int | None = None) -> list[str]:
        """Return the command for a file, at a line where the editor is known to take one."""
        if line is None:
            return [*self.command, str(path)]
        if self.name in _PLUS:
            return [*self.command, f"+{line}", str(path)]
        if self.name in _COLON:
            return [*self.command, f"{path}:{line}"]
        if self.name in _GOTO:
            return [*self.command, "--goto", f"{path}:{line}"]
        return [*self.command, str(path)]


def find_editor(setting: str, environment: Mapping[str, str], *, windows: bool = os.name == "nt") -> Editor:
    """Return the editor of the settings, of ``$VISUAL``, of ``$EDITOR``, or the one that every system has.

    Raises:
        InputError: what is named cannot be split into words, or is no program that is there.
    """
    named = {_SETTING: setting, "$VISUAL": environment.get("VISUAL", "")}
    named |= {"$EDITOR": environment.get("EDITOR", ""), "": "notepad" if windows else "vi"}
    source, text = next((source, text.strip()) for source, text in named.items() if text.strip())
    words = _words(text, source, windows=windows)
    program = shutil.which(words[0], path=environment.get("PATH"))
    if program is None:
        where = f" (from {source})" if source else ""
        remedy = _SAID_AT.get(source, "set VISUAL or EDITOR to one")
        raise InputError(
            f"there is no editor {in_quotes(words[0])}{where}", remedy=f"{remedy}, such as nano or code --wait"
        )
    return Editor((program, *words[1:]), source or "the system")


def _words(text: str, source: str, *, windows: bool) -> list[str]:
    """Return the words of a command; the path of a program may hold blanks without quotes, as people write it."""
    if files.is_there(Path(text)):
        return [text]
    try:
        words = [word.replace('"', "") for word in _WORD.findall(text)] if windows else shlex.split(text)
    except ValueError as error:
        raise InputError(
            f"{source} cannot be read, {str(error).lower()}: {in_quotes(text)}",
            remedy="write its words as in a shell, such as code --wait",
        ) from None
    if not any(words[:1]):
        raise InputError(f"{source} names no program: {in_quotes(text)}", remedy="name one, such as nano")
    return words

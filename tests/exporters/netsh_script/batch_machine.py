"""A machine that runs the subset of cmd that the batch file is written in, and refuses everything else.

Written from the pages of the commands and what cmd /?, set /?, if /? and call /? say: first percent signs are expanded,
then the line is taken apart at its signs, then exclamation marks where delayed expansion is on.
Source: https://learn.microsoft.com/windows-server/administration/windows-commands/windows-commands
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

#: A program that the file runs: its command line, and what is in its environment; it returns its status and its output.
Program = Callable[[str], tuple[int, str]]


class EndedError(Exception):
    """The file, or a part of it that was called, has ended."""


class Ran(NamedTuple):
    """What came of a run."""

    status: int
    output: str
    errors: str
    commands: tuple[str, ...]


class BatchMachine:
    """Runs the lines of a file with one or more words after its name."""

    def __init__(self, text: str, programs: dict[str, Program], environment: dict[str, str]) -> None:
        assert text.endswith("\r\n")
        assert not re.search("(?<!\r)\n|\r(?!\n)", text), "lines end with CR LF"
        self._lines = text.split("\r\n")
        self._programs = programs
        self._scopes: list[tuple[dict[str, str], bool]] = [({"SystemRoot": r"C:\Windows", **environment}, False)]
        self._arguments: tuple[str, ...] = ()
        self._status = 0
        self._output: list[str] = []
        self._errors: list[str] = []
        self._commands: list[str] = []
        self._at = 0
        self._steps = 0
        self._folder = r"C:\Users\Operator\Downloads"

    def run(self, *arguments: str) -> Ran:
        """Return the status and what was written."""
        self._arguments = arguments
        with suppress(EndedError):
            self._from(0)
        return Ran(self._status, "".join(self._output), "".join(self._errors), tuple(self._commands))

    def _from(self, at: int) -> None:
        self._at = at
        while self._at < len(self._lines):
            self._steps += 1
            assert self._steps < 200_000, "it runs for ever"
            line = self._lines[self._at]
            self._at += 1
            self._line(line)

    def _line(self, line: str) -> None:
        if not line or line.startswith(":"):
            return
        assert len(line) <= 8191, "cmd takes no longer line"
        if line == "rem" or line.startswith("rem "):
            assert not re.search('[%^&|<>!"]', line), f"cmd finds something of its own: {line}"
            return
        self._command(self._expanded(line))

    # -- text ----------------------------------------------------------------------------------------------------------

    def _expanded(self, line: str) -> str:
        """Return a line with its percent signs expanded; two of them are one."""

        def value(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            if found[1] is not None:
                number = int(found[1][-1])
                given = self._arguments[number - 1] if number <= len(self._arguments) else ""
                return given.strip('"') if found[1].startswith("~") else given
            if found[2].casefold() == "errorlevel":
                return str(self._status)
            return self._variable(found[2])

        return re.sub(r"%(?:(~?[1-9])|([A-Za-z_][A-Za-z0-9_]*)%|%)", value, line)

    def _delayed(self, text: str) -> str:
        """Return text with its exclamation marks expanded, where that is on; what comes out is not looked at again."""
        if not self._scopes[-1][1]:
            return text

        def value(found: re.Match[str]) -> str:
            known = self._variable(found[1])
            if found[2] == ':"=':
                return known.replace('"', "")
            return known[-1:] if found[2] == ":~-1" else known

        return re.sub(r'!([A-Za-z_][A-Za-z0-9_.-]*)(:"=|:~-1)?!', value, text)

    def _variable(self, name: str) -> str:
        known = {key.casefold(): value for key, value in self._scopes[-1][0].items()}
        return known.get(name.casefold(), "")

    # -- commands ------------------------------------------------------------------------------------------------------

    def _command(self, line: str) -> None:
        simple = {"@echo off": None, "endlocal": None}
        if line in simple:
            if line == "endlocal":
                self._scopes.pop()
            return
        word = re.split(r"[ =]", line.removeprefix(">&2 "), maxsplit=1)[0]
        run = getattr(self, f"_{word}", None)
        if run is not None:
            run(line)
            return
        assert word in self._programs, f"not of the subset: {line[:80]}"
        self._program(line)

    def _setlocal(self, line: str) -> None:
        delayed = {"EnableExtensions DisableDelayedExpansion": False, "EnableDelayedExpansion": True}
        self._scopes.append((dict(self._scopes[-1][0]), delayed[line.removeprefix("setlocal ")]))

    def _echo(self, line: str) -> None:
        text = line.removeprefix(">&2 ")
        assert not re.search("[%^&|<>!]", text), f"cmd finds something of its own: {line}"
        (self._errors if text != line else self._output).append(text.removeprefix("echo ") + "\r\n")

    def _set(self, line: str) -> None:
        scope = self._scopes[-1][0]
        if line.startswith("set /a "):
            name, _, sum_ = line.removeprefix("set /a ").partition("=")
            found = re.fullmatch(r"([A-Z]+)([+-])1|([0-9]+)|([A-Z]+)", sum_)
            assert found is not None, line
            if found[1]:
                scope[name] = str(int(scope[found[1]]) + (1 if found[2] == "+" else -1))
            else:
                scope[name] = found[3] or scope[found[4]]
            return
        found = re.fullmatch(r'set (?:"([A-Za-z]+)=(.*)"|([A-Z]+)=([0-9]))', line)
        assert found is not None, line
        scope[found[1] or found[3]] = self._delayed(found[2] if found[1] else found[4])

    def _cd(self, line: str) -> None:
        found = re.fullmatch(r'cd /d "(.*)"', line)
        assert found is not None, line
        self._folder = found[1]

    def _if(self, line: str) -> None:
        found = re.fullmatch(
            r"if (?P<not>not )?(?:errorlevel (?P<level>[0-9])|defined (?P<name>[A-Za-z0-9_.-]+)|"
            r"exist (?P<file>[a-z.]+)|"
            r'(?P<case>/i )?"(?P<one>.*)"=="(?P<other>.*)"|(?P<number>[0-9]+) equ (?P<same>[0-9]+)) '
            r"(?P<then>goto [a-z]+|exit /b [0-9]|echo .*)",
            line,
        )
        assert found is not None, line
        if found["level"]:
            holds = self._status >= int(found["level"])
        elif found["name"]:
            holds = bool(self._variable(found["name"]))
        elif found["file"]:
            holds = self._folder.casefold() == r"c:\windows\system32" and found["file"] == "netsh.exe"
        elif found["number"]:
            holds = int(found["number"]) == int(found["same"])
        else:
            one, other = self._delayed(found["one"]), self._delayed(found["other"])
            holds = one.casefold() == other.casefold() if found["case"] else one == other
        if holds != bool(found["not"]):
            self._command(found["then"])

    def _goto(self, line: str) -> None:
        self._at = self._label(line.removeprefix("goto "))

    def _label(self, name: str) -> int:
        places = [at for at, line in enumerate(self._lines) if line == f":{name}"]
        assert len(places) == 1, f"{name} is there {len(places)} times"
        return places[0]

    def _call(self, line: str) -> None:
        assert not re.search("[%^&|<>!]", line), line
        name, *arguments = re.findall(r'"[^"]*"|[^ ]+', line.removeprefix("call :"))
        before, depth, back = self._arguments, len(self._scopes), self._at
        self._arguments = tuple(arguments)
        try:
            self._from(self._label(name))
        except EndedError:
            pass
        finally:
            self._arguments, self._at = before, back
            del self._scopes[depth:]

    def _exit(self, line: str) -> None:
        found = re.fullmatch(r"exit /b ([0-9]+)", line)
        assert found is not None, line
        self._status = int(found[1])
        raise EndedError

    def _program(self, line: str) -> None:
        """Run a program, and find in what it writes where that is asked for."""
        found = re.fullmatch(r'(?P<line>.*?)(?: 2>nul \| find "(?P<wanted>[^"]*)" >nul| (?P<quiet>>nul 2>nul))?', line)
        assert found is not None
        _well_formed(found["line"])
        command = self._delayed(found["line"])
        assert self._folder.casefold() == r"c:\windows\system32", "another program of this name might be run"
        self._commands.append(command)
        self._status, output = self._programs[command.split(" ")[0]](command)
        if found["wanted"]:
            self._status = int(found["wanted"] not in output)
        elif not found["quiet"]:
            self._output.append(output)


def _well_formed(line: str) -> None:
    """Make sure that cmd finds nothing of its own in a command: every such sign stands between quotation marks."""
    outside = re.sub(r'"[^"]*"', "", line)
    assert not re.search('[%^&|<>!"()]', outside), f"cmd finds something of its own: {line}"

"""The commands of a batch file, or of a script for netsh: what cmd does around them is taken off, and nothing is run.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/cmd, and what its if, for and call
take; how a program finds its arguments https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

#: Commands that say something to people or lead through the file; and such that only ask.
_QUIET = {
    *("echo", "echo.", "rem", "set", "setlocal", "endlocal", "goto", "exit", "pause", "title", "cls", "cd", "chdir"),
    *("pushd", "popd", "color", "timeout", "shift", "chcp", "fltmc", "whoami", "ver", "find", "findstr"),
}
_QUIET_PAIRS = {("net", "session"), ("net", "file")}
_IF = re.compile(
    r"if\s+(?:/i\s+)?(?:not\s+)?(?:/i\s+)?(?:errorlevel\s+\S+|defined\s+\S+|cmdextversion\s+\S+|"
    r'exist\s+(?:"[^"]*"|\S+)|(?:"[^"]*"|[^\s"=]+)\s*(?:==|\b(?:equ|neq|lss|leq|gtr|geq)\b)\s*(?:"[^"]*"|[^\s"]+))\s*(.*)',
    re.IGNORECASE,
)
_FOR = re.compile(r"for\s.*?\sdo\s+(.*)", re.IGNORECASE)
_ELSE = re.compile(r"else\b\s*(.*)", re.IGNORECASE)
#: Where a command stops: behind these, outside of quotation marks.
_ENDS, _REDIRECTIONS = "&|", "<>"


class Command(NamedTuple):
    """A command: the number of its line, its words, and under which condition it is run, empty where always."""

    line: int
    words: tuple[str, ...]
    condition: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether it changes nothing of a machine's policy."""
        first, second = (*(each.casefold() for each in self.words[:2]), "")[:2]
        return first in _QUIET or (first, second) in _QUIET_PAIRS or (first == "call" and second.startswith(":"))


def commands_of(text: str) -> Iterator[Command]:
    """Yield the commands of a text, without comments, labels and empty lines."""
    for number, line in _lines(text):
        small = line.lstrip(" \t@()").casefold()
        if not small or small.startswith((":", "#", ";")) or small.split()[0] == "rem":
            continue
        for piece in _pieces(line):
            yield from _commands(number, piece, "")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers; one that ends with a caret goes on in the next."""
    begun, first = "", 0
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text.lstrip("\ufeff")), 1):
        line, first = begun + raw, first or number
        if raw.rstrip().endswith("^") and line.count('"') % 2 == 0:
            begun = line.rstrip()[:-1]
            continue
        yield first, line
        begun, first = "", 0
    if begun:
        yield first, begun


def _pieces(line: str) -> Iterator[str]:
    """Yield the commands of a line as text, without what is written into files or read from them."""
    current, inside, at = "", False, 0
    while at < len(line):
        each = line[at]
        if each == '"':
            inside = not inside
        elif not inside and each == "^":
            at += 1
            current += line[at : at + 1]
            at += 1
            continue
        elif not inside and each in _ENDS:
            yield current
            current, at = "", at + 1
            continue
        elif not inside and each in _REDIRECTIONS:
            current = re.sub(r"(?:^|(?<=\s))[0-9]$", "", current)
            at += len(re.match(r'[<>&]+\s*(?:"[^"]*"|[^\s&|<>]*)', line[at:])[0])  # type: ignore[index]
            continue
        current, at = current + each, at + 1
    yield current


def _commands(number: int, text: str, condition: str) -> Iterator[Command]:
    """Yield the command of a text, that behind a condition or in a loop with what it depends on."""
    plain = text.strip().lstrip("@() \t")
    if plain.count(")") > plain.count("("):
        plain = plain.rstrip(") \t")
    for pattern in (_IF, _FOR, _ELSE):
        found = pattern.fullmatch(plain)
        if found is not None:
            around = plain[: found.start(1)].strip()
            yield from _commands(number, found[1], f"{condition} {around}".strip())
            return
    words = tuple(each.replace("%%", "%") for each in split_arguments(plain))
    if words:
        yield Command(number, words, condition)


def split_arguments(text: str) -> list[str]:
    """Return the arguments of a command line as a program finds them: quotation marks hold blanks together."""
    found: list[str] = []
    current: str | None = None
    inside, at = False, 0
    while at < len(text):
        each = text[at]
        if text.startswith('\\"', at):
            current, at = (current or "") + '"', at + 2
            continue
        if each == '"':
            inside, current = not inside, current or ""
        elif each in " \t" and not inside:
            if current is not None:
                found.append(current)
            current = None
        else:
            current = (current or "") + each
        at += 1
    return found if current is None else [*found, current]

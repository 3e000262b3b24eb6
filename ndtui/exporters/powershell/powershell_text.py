"""Text of a PowerShell script: values that cannot end their own quotation, and comments, in ASCII alone.

Windows PowerShell 5.1 reads a file without a byte order mark in the code page of the machine, so that a script in ASCII
is the same everywhere. Other characters are written by their numbers, with [char], which Constrained Language mode
allows; the typographic quotation marks U+2018 to U+201B, which PowerShell takes for ', never stand in the file then.
Sources: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules and
https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_language_modes
"""

import re
from collections.abc import Iterator

from ndtui.exporters.connection_security.native_values import FromEnvironment, Parameters, Value, in_ascii

#: What a single-quoted string may hold as it stands: printable ASCII. Everything else is written by its number.
_PLAIN = re.compile(r"[ -~]+")
#: The quotation marks that end a single-quoted string, unless they are doubled.
_QUOTES = re.compile("(['\u2018-\u201b])")


#: Parameters of the proposals of authentication that are switches.
_SWITCHES = frozenset(
    {
        "Machine",
        "User",
        "Kerberos",
        "Ntlm",
        "Anonymous",
        "Cert",
        "AccountMapping",
        "SelectionCriteria",
        "ValidationCriteria",
    }
)


def quoted(text: str) -> str:
    """Return an expression that is this text, whatever is in it."""
    parts = []
    at = 0
    while at < len(text):
        run = _PLAIN.match(text, at)
        if run is not None:
            parts.append("'" + _QUOTES.sub(r"\1\1", run[0]) + "'")
            at = run.end()
            continue
        units = text[at].encode("utf-16-be", "surrogatepass")
        parts += [f"[char]0x{units[n : n + 2].hex().upper()}" for n in range(0, len(units), 2)]
        at += 1
    if len(parts) == 1 and parts[0].startswith("'"):
        return parts[0]
    if not parts:
        return "''"
    # A text stands first, so that characters are joined to it, and never added up as numbers.
    return f"({' + '.join(parts if parts[0].startswith(chr(39)) else [chr(39) * 2, *parts])})"


def written(value: Value) -> str:
    """Return a value as the argument of a parameter; ``True`` and ``False`` are $true and $false."""
    if isinstance(value, FromEnvironment):
        return f"${{env:{value.name}}}"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    return f"@({', '.join(map(quoted, value))})"


def arguments(parameters: Parameters) -> Iterator[str]:
    """Yield parameters as they stand behind the name of a cmdlet."""
    for name, value in parameters:
        yield f"-{name}" if name in _SWITCHES and value is True else f"-{name} {written(value)}"


def comment(text: str) -> str:
    """Return a line of comment. It is set off, so that none is read as #requires or as the start of a signature."""
    return f"#   {in_ascii(text)}".rstrip()

"""The batch file: its head, what it does with each rule, and the commands themselves.

It is plain cmd with its extensions, which are on unless somebody has switched them off. netsh ends with a status other
than 0 where it refuses a line; whether a rule is there it is asked, and not taken from what adding it has said.
Sources: https://learn.microsoft.com/windows-server/administration/windows-commands/windows-commands; for fltmc, which
answers administrators alone, https://learn.microsoft.com/windows-hardware/drivers/ifs/development-and-testing-tools.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.netsh_script.batch_head import head
from ndtui.exporters.netsh_script.netsh_commands import CONTEXTS, Command
from ndtui.exporters.netsh_script.netsh_names import description, stem_of
from ndtui.model.design.design import Design


def batch_file(
    design: Design,
    policy: NativePolicy,
    commands: Sequence[Command],
    lost: Sequence[Inexpressible],
    told: Sequence[Finding],
) -> str:
    """Return the file that applies and undoes a policy, with LF line ends; ``lost`` and ``told`` stand at its head."""
    lines = [
        "@echo off",
        "setlocal EnableExtensions DisableDelayedExpansion",
        *head(design, policy, lost, told),
        f'set "STEM={stem_of(design)}"',
        *_part("start"),
        "",
        *_part("rules"),
        "",
        *_clear(commands),
        "",
        *_status(commands),
        "",
        *_apply(commands),
    ]
    return "\n".join(lines) + "\n"


def _part(name: str) -> list[str]:
    """Return a part of the file that is the same for every design."""
    return (files(__package__) / f"{name}.cmd").read_text(encoding="ascii").rstrip("\n").split("\n")


def _counts(commands: Sequence[Command]) -> dict[str, int]:
    return {context: sum(each.context == context for each in commands) for context in CONTEXTS.values()}


def _clear(commands: Sequence[Command]) -> Iterator[str]:
    yield "rem   What was made last is removed first."
    yield ":clear"
    for context, count in reversed(_counts(commands).items()):
        yield f"call :remove {context} {count}"
        yield "if errorlevel 1 exit /b 1"
    yield "exit /b 0"


def _status(commands: Sequence[Command]) -> Iterator[str]:
    yield ":status"
    yield "set FOUND=0"
    for each in commands:
        yield f'call :say {each.context} {each.number} "{description(each.title)}"'
    for context, count in _counts(commands).items():
        yield f"call :more {context} {count + 1}"
    yield "exit /b %FOUND%"


def _apply(commands: Sequence[Command]) -> Iterator[str]:
    keys = tuple(dict.fromkeys(each.key for each in commands if each.key))
    yield ":apply"
    yield "call :elevated"
    yield "if errorlevel 1 exit /b 1"
    for key in keys:
        yield from _key(key)
    yield "call :clear"
    yield "if errorlevel 1 exit /b 1"
    for each in commands:
        yield f"rem   {description(each.title)}"
        if each.key:
            yield "setlocal EnableDelayedExpansion"
        yield each.text
        yield 'if not "%ERRORLEVEL%"=="0" goto failed'
        if each.key:
            yield "endlocal"
    yield "call :status"
    yield "if not errorlevel 1 exit /b 0"
    yield ":failed"
    yield ">&2 echo It cannot be applied: what was made is removed again."
    yield "call :clear"
    yield "exit /b 1"
    if keys:
        yield from ("", *_part("keys"))


def _key(name: str) -> Iterator[str]:
    """Yield the lines that look at a key: with a quotation mark, or a backslash at its end, it would end its own."""
    yield f"if not defined {name} goto keyless"
    yield "setlocal EnableDelayedExpansion"
    yield f'set "PLAIN=!{name}:"=!"'
    yield f'if not "!PLAIN!"=="!{name}!" goto unusable'
    yield f'if "!{name}:~-1!"=="\\" goto unusable'
    yield "endlocal"

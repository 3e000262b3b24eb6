"""The text of a design of the first format, turned into that of the present one with every comment kept."""

import re
import tomllib
from collections.abc import Iterator

from ndtui.model.design.rule import BASE, is_first_format, with_rules
from ndtui.model.files.toml_pieces import same

_KEY = re.compile(r"(scenario|nd_secure|ale_persist_context)([ \t]*=.*)")
_VERSION = re.compile(r"^(version[ \t]*=[ \t]*)1\b")
_VERSION_2 = re.compile(r"version[ \t]*=[ \t]*2\b")
_TABLE = re.compile(r"[ \t]*\[")


def with_a_rule(text: str) -> str:
    """Return a text in which what the design said of its scenario stands in ``[[rules]]``, as its comments do.

    A text that is in the present format, or laid out so that lines cannot be moved, comes back as it is.
    """
    try:
        before = tomllib.loads(text)
        if not is_first_format(before):
            return text
        moved = _moved(text)
        return moved if same(tomllib.loads(moved), with_rules(before)) else text
    except (ValueError, RecursionError):
        return text


def _moved(text: str) -> str:
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    end -= sum(1 for _ in _remark_above(lines, end))
    stays: list[str] = []
    rule = ["[[rules]]\n", f'name = "{BASE}"\n']
    for line in lines[:end]:
        found = _KEY.match(line)
        if found:
            remark = list(_remark_above(stays, len(stays)))
            del stays[len(stays) - len(remark) :]
            rest = line[found.end(1) :]
            key = "mode" if found[1] == "scenario" else found[1]
            rule += [*reversed(remark), f"{key}{rest}" if rest.endswith("\n") else f"{key}{rest}\n"]
        else:
            stays.append(_VERSION.sub(r"\g<1>2", line))
    head = "".join(stays).rstrip("\n")
    if not any(map(_VERSION_2.match, stays)):
        head = f"version = 2\n{head}"
    return f"{head}\n\n{''.join(rule)}\n{''.join(lines[end:])}"


def _remark_above(lines: list[str], place: int) -> Iterator[str]:
    """Return the lines of the comment right above a line, the lowest first."""
    while place and lines[place - 1].startswith("#"):
        place -= 1
        yield lines[place]

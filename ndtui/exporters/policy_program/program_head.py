"""What a program says of itself at its head: the policy, what it holds, how it is used, where its keys come from."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.objects import FilterSet

_WIDTH = 116


class Head(NamedTuple):
    """What differs between languages, and what the program itself says."""

    command: str
    """How the program is called."""
    needs: Sequence[str]
    """What it takes to run it."""
    quoted: Callable[[str], str]
    """A line as it may stand there, whatever is in it."""
    variables: Sequence[str]
    """The environment variables that it reads keys from."""
    told: Sequence[Finding] = ()
    """What has to be known of the policy on a machine."""


def head_lines(filterset: FilterSet, head: Head) -> Iterator[str]:
    """Yield the lines, without what makes a comment of them. They are folded first: no escape is torn apart."""
    for line in _lines(filterset, head):
        for part in [line] if line.startswith(" ") else _folded(line):
            yield head.quoted(part)


def _folded(line: str) -> Sequence[str]:
    return wrap(line, _WIDTH, break_on_hyphens=False, expand_tabs=False, replace_whitespace=False) or [""]


def _lines(filterset: FilterSet, head: Head) -> Iterator[str]:
    design = filterset.design
    yield f"The IPsec policy {design.name!r}, for the Windows Filtering Platform. Written by ndtui."
    yield ""
    if design.description.strip():
        yield from design.description.strip().splitlines()
        yield ""
    yield f"{_held(filterset)}; lifetime {design.lifetime}."
    yield ""
    yield from _usage(head.command, dynamic=design.lifetime == "dynamic")
    yield ""
    yield from head.needs
    if head.variables:
        yield ""
        yield "Pre-shared keys are read from the environment and stand nowhere in this program:"
        yield from (f"  {name}" for name in head.variables)
    for each in head.told:
        yield ""
        yield f"{each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]"
    yield ""
    yield "Whether Windows takes every object is for Windows to say: try install --dry-run first."


def _held(filterset: FilterSet) -> str:
    counts = (
        (1, "provider"),
        (len(filterset.sublayers), "sublayer"),
        (len(filterset.contexts), "provider context"),
        (len(filterset.filters), "filter"),
    )
    return ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counts if count)


def _usage(command: str, *, dynamic: bool) -> Iterator[str]:
    yield "In a terminal opened with Run as administrator:"
    dry = f"  {command} install --dry-run   has Windows look at all of it, and changes nothing"
    if dynamic:
        yield f"  {command} install             adds all of it in one transaction, and stays: the policy ends with it"
        yield dry
        return
    yield f"  {command} install             adds all of it in one transaction; what it added before is replaced"
    yield f"  {command} remove              removes all of it in one transaction"
    yield dry
    yield f"  {command} remove --dry-run    the same for removing"

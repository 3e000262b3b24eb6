"""``ndtui history``: what was applied, removed and rolled back, latest first; what a revision holds; how two differ."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_backend, add_json
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.common.text import in_quotes

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend
    from ndtui.backends.contract.changes import Revision
    from ndtui.cli.printing.history_text import Side

HELP = """\
List what was applied, removed and rolled back, latest first: when, by whom, how it came to be, and why (-m MESSAGE of
apply, rollback and remove). Say what waits to be confirmed; what nobody confirmed stands there as
"reverted: not confirmed". ndtui rollback goes back to any of it.

With N: what revision N holds, and what it changed. With N and M: how the two differ; now is what is there at present,
and 0 the state before the first.

examples:
  ndtui history
  ndtui history 3
  ndtui history 1 3
  ndtui history 3 now --json"""

NOW = "now"


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("revision", metavar="N", nargs="?", type=_revision, help="a revision, or now")
    parser.add_argument("other", metavar="M", nargs="?", type=_revision, help="the one to compare it with, or now")
    add_backend(parser)
    add_json(parser)


def run(revision: int | str | None, other: int | str | None, *, backend: str, store: Path | None, as_json: bool) -> int:
    """Read and print."""
    from ndtui.backends.registry import open_backend

    opened = open_backend(backend, store)
    revisions = opened.history()
    if revision is None:
        _list(opened, revisions, as_json=as_json)
    elif other is None:
        _show(opened, _side(opened, revision, revisions), revisions, as_json=as_json)
    else:
        _compare(opened, (_side(opened, revision, revisions), _side(opened, other, revisions)), as_json=as_json)
    return 0


def _list(backend: "Backend", revisions: "Sequence[Revision]", *, as_json: bool) -> None:
    from ndtui.backends.planning.history_wording import revision_document
    from ndtui.backends.planning.waiting_wording import waiting_document, waiting_line
    from ndtui.cli.printing.history_text import history_lines

    pending = backend.pending() if backend.capabilities.confirm_or_revert else None
    if as_json:
        listed = [revision_document(each) for each in revisions]
        write_json({"revisions": listed, "pending": waiting_document(backend, pending)})
        return
    if pending is not None:
        write_lines([f"Revision {pending.back_to + 1} waits {waiting_line(backend, pending)}", ""])
    write_lines(history_lines(revisions) if revisions else ["Nothing was applied yet."])


def _show(backend: "Backend", side: "Side", revisions: "Sequence[Revision]", *, as_json: bool) -> None:
    """Print what a revision holds, and what it changed of what was there before."""
    from ndtui.backends.planning.revision_contents import difference
    from ndtui.cli.printing.history_text import contents_document, contents_lines, difference_document, difference_lines

    if side.revision is None:
        write_json(contents_document(side)) if as_json else write_lines(contents_lines(side))
        return
    before = _side(backend, side.revision.number - 1, revisions)
    changed = difference(backend, before.contents, side.contents)
    if as_json:
        write_json({**contents_document(side), "changed": difference_document(before, side, changed)})
    else:
        write_lines([*contents_lines(side), "", *difference_lines(before, side, changed)])


def _compare(backend: "Backend", sides: "tuple[Side, Side]", *, as_json: bool) -> None:
    from ndtui.backends.planning.revision_contents import difference
    from ndtui.cli.printing.history_text import difference_document, difference_lines

    changed = difference(backend, sides[0].contents, sides[1].contents)
    if as_json:
        write_json(difference_document(*sides, changed))
    else:
        write_lines(difference_lines(*sides, changed))


def _side(backend: "Backend", revision: int | str, revisions: "Sequence[Revision]") -> "Side":
    """Return what a revision holds, or what is there now.

    Raises:
        MissingRevisionError: there is no revision of that number.
        BackendError: it cannot be read.
    """
    from ndtui.backends.planning.revision_contents import contents_at
    from ndtui.cli.printing.history_text import Side

    if isinstance(revision, str):
        held = backend.snapshot()
        passing = "" if held.trial is None else ", without what is held on trial"
        return Side(f"what is there now{passing}", None, held.lasting)
    found = next((each for each in revisions if each.number == revision), None)
    title = f"revision {revision}" if revision else "the state before the first revision"
    return Side(title, found, contents_at(backend, revision))


def _revision(text: str) -> int | str:
    """Return the number of a revision, or ``now``; an error of the argument otherwise."""
    if text == NOW:
        return NOW
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"{in_quotes(text)} is no revision: write its number, or {NOW}") from None

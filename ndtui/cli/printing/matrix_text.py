"""What becomes of connections between hosts: as a square with its reasons, as a page in Markdown, as plain data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from textwrap import wrap

from ndtui.analysis.peers.matrix import UNMANAGED, Cell, Pair
from ndtui.analysis.peers.negotiation import short_words
from ndtui.analysis.peers.windows_firewall import NAME, windows_firewall
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import Layout, table
from ndtui.common.markdown_text import in_a_line
from ndtui.common.text import shortened, visible
from ndtui.model.design.design import Design
from ndtui.model.scenarios.catalogue import MODES

_NAME = 24
_LABEL = 44
_COLUMNS = 80
_NARROWEST = (
    "+1, +2 ...: so many lines more, for traffic that comes out otherwise; it is written as the initiator sends it. Of "
    "several lines that a connection is in the one with the narrowest traffic counts."
)
_WHOLE = "tcp"


def show_matrix(designs: Sequence[Design], pairs: Sequence[Pair], *, markdown: bool, as_json: bool) -> None:
    """Print what becomes of a connection between every two hosts of some designs."""
    if as_json:
        write_json(
            {
                "cells": [asdict(cell) for pair in pairs for cell in pair.cells],
                "undecided": [pair[:2] for pair in pairs if not pair.complete],
            }
        )
    elif markdown:
        write_lines(_page(designs, pairs))
    else:
        write_lines(_lines(pairs))


def _lines(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from _grid(pairs)
    yield ""
    layout = Layout(
        ("connection", "first packet", "then", "why"),
        [_row(pair, cell) for pair in pairs for cell in pair.cells],
        indent="  ",
    )
    yield layout.head()
    side = len(_hosts(pairs))
    for number, pair in enumerate(pairs):
        if number % side == 0:
            yield visible(f"from {pair.initiator}")
        for cell in pair.cells:
            yield layout.line(_row(pair, cell))
            if pair.cells[1:]:
                yield from _detail(cell)
    for note in _notes(pairs):
        yield from wrap(visible(note), _COLUMNS, subsequent_indent="  ")


def _row(pair: Pair, cell: Cell) -> tuple[str, ...]:
    """Return a cell as a row: the responder, and the traffic, which the widest of several need not name."""
    label = f"  {shortened(cell.traffic[0], _LABEL)}"
    if cell is pair.cells[0]:
        label = f"to {pair.responder}"
        if cell.traffic[0] != _WHOLE:
            label += f": {shortened(cell.traffic[0], _LABEL)}"
    return (label, cell.first, cell.settled, cell.why)


def _detail(cell: Cell) -> Iterator[str]:
    """Yield what stands below a cell of several: its traffic where that is more, the rules, and an example."""
    texts = [f"for example {cell.witness}"]
    if _owed_to(cell):
        texts.insert(0, f"because of {_owed_to(cell)}")
    if cell.traffic[1:] or len(cell.traffic[0]) > _LABEL:
        texts.insert(0, "; ".join(cell.traffic))
    for text in texts:
        yield from wrap(visible(text), _COLUMNS, initial_indent=" " * 6, subsequent_indent=" " * 8)


def _owed_to(cell: Cell) -> str:
    """Return the rules that a cell is owed to, at each of the hosts."""
    hosts = (("initiator", cell.initiator_rules), ("responder", cell.responder_rules))
    return " and ".join(f"{' or '.join(rules)} at the {name}" for name, rules in hosts if rules)


def _notes(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield what is to be said of several pairs: what is agreed on, how lines are read, and what was not looked at."""
    for agreed, number in _agreements(pairs).items():
        yield f"{agreed} ({number} of {len(pairs)} pairs)"
    if any(pair.cells[1:] for pair in pairs):
        yield _NARROWEST
    for pair in pairs:
        if not pair.complete:
            yield (
                f"Not every kind of traffic was looked at from {pair.initiator} to {pair.responder}: their rules cross "
                "in too many ways."
            )


def _grid(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield what every pair ends in, as a square: hosts by number, the initiator at the left."""
    names = _hosts(pairs)
    head = ("from", "", *(f"to {number}" for number in range(1, len(names) + 1)))
    rows = [
        (str(number + 1), shortened(visible(name), _NAME), *(_and_more(pair, pair.cells[0].settled) for pair in row))
        for number, (name, row) in enumerate(zip(names, _rows(pairs), strict=True))
    ]
    yield from table(head, rows)


def _and_more(pair: Pair, outcome: str) -> str:
    more = len(pair.cells) - 1
    return f"{outcome} +{more}" if more else outcome


def _hosts(pairs: Sequence[Pair]) -> list[str]:
    """Return the names of the hosts in their order; two designs of one name are two hosts."""
    side = round(len(pairs) ** 0.5)
    return [pair.responder for pair in pairs[:side]]


def _rows(pairs: Sequence[Pair]) -> list[Sequence[Pair]]:
    side = round(len(pairs) ** 0.5)
    return [pairs[start : start + side] for start in range(0, len(pairs), side)]


def _agreements(pairs: Iterable[Pair]) -> dict[str, int]:
    """Return what is agreed on, in words, and by how many pairs."""
    found: dict[str, int] = {}
    for pair in pairs:
        own = (
            f"{cell.module}: main mode {short_words(cell.main_mode)}; quick mode {short_words(cell.quick_mode)}"
            for cell in pair.cells
            if cell.module
        )
        for agreed in dict.fromkeys(own):
            found[agreed] = found.get(agreed, 0) + 1
    return found


def _page(designs: Sequence[Design], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a page in Markdown: the hosts, the square, and a line for each pair."""
    names = [in_a_line(name) for name in _hosts(pairs)]
    yield "# Who can talk to whom"
    yield ""
    yield "A TCP connection between every two hosts: what becomes of its first packet, while there is no security"
    yield "association, and of the connection once negotiation has ended. Exempted traffic goes in clear, whatever"
    yield "stands here; that of an exempted program as far as the ALE layers decide. A host is paired with another of"
    yield "the same design too."
    yield ""
    for design in designs:
        yield f"- **{in_a_line(design.name)}**: {_first_line(design.description)}"
        yield from _rule_lines(design)
    yield f"- **{NAME}**: {windows_firewall().description}"
    yield f"- **{UNMANAGED}**: a host without a policy"
    yield ""
    yield from _markdown(
        ("from \\ to", *names), [(name, *map(_fates, row)) for name, row in zip(names, _rows(pairs), strict=True)]
    )
    yield ""
    yield "What is agreed on, and why:"
    yield ""
    several = any(pair.cells[1:] for pair in pairs)
    yield from _markdown(
        ("from", "to", *(["traffic"] if several else []), "first packet", "then", "why"),
        [tuple(map(in_a_line, row)) for pair in pairs for row in _details(pair, several=several)],
    )
    for note in _notes(pairs):
        yield ""
        yield f"{in_a_line(note.removesuffix('.'))}."


def _details(pair: Pair, *, several: bool) -> Iterator[tuple[str, ...]]:
    for cell in pair.cells:
        traffic = ["; ".join(cell.traffic)] if several else []
        why = cell.why
        if pair.cells[1:]:
            owed = f"; because of {_owed_to(cell)}" if _owed_to(cell) else ""
            why = f"{why}{owed}; for example {cell.witness}"
        yield (pair.initiator, pair.responder, *traffic, cell.first, cell.settled, why)


def _first_line(text: str) -> str:
    return in_a_line(next(iter(text.strip().splitlines()), ""))


def _rule_lines(design: Design) -> Iterator[str]:
    """Yield the rules of a design that has several, each with what it is for."""
    enabled = [rule for rule in design.rules if rule.enabled]
    for rule in enabled if enabled[1:] else ():
        yield f"  - rule **{in_a_line(rule.name)}** ({rule.mode}): {_first_line(rule.comment or MODES[rule.mode].text)}"


def _fates(pair: Pair) -> str:
    cell = pair.cells[0]
    text = cell.first if cell.first == cell.settled else f"{cell.first}, then {cell.settled}"
    return _and_more(pair, text)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"

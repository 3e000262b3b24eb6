"""What becomes of connections between hosts: as a square with its reasons, as a page in Markdown, as plain data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from textwrap import wrap

from ndtui.analysis.peers.matrix import UNMANAGED, Cell, hosts_of
from ndtui.analysis.peers.negotiation import short_words
from ndtui.analysis.peers.windows_firewall import NAME, windows_firewall
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped, table
from ndtui.common.markdown_text import in_a_line
from ndtui.common.text import shortened, visible
from ndtui.model.design.design import Design
from ndtui.model.scenarios.catalogue import MODES

_NAME = 24


def show_matrix(designs: Sequence[Design], cells: Sequence[Cell], *, markdown: bool, as_json: bool) -> None:
    """Print what becomes of a connection between every two hosts of some designs."""
    if as_json:
        write_json({"cells": [asdict(cell) for cell in cells]})
    elif markdown:
        write_lines(_page(designs, cells))
    else:
        write_lines(_lines(cells))


def _lines(cells: Sequence[Cell]) -> Iterator[str]:
    yield from _grid(cells)
    yield ""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for cell in cells:
        rows = groups.setdefault(f"from {cell.initiator}", [])
        rows.append((f"to {cell.responder}", cell.first, cell.settled, cell.why))
    yield from grouped(("connection", "first packet", "then", "why"), list(groups.items()))
    for agreed, number in _agreements(cells).items():
        yield from wrap(f"{agreed} ({number} of {len(cells)} pairs)", 80, subsequent_indent="  ")


def _grid(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield what every pair ends in, as a square: hosts by number, the initiator at the left."""
    names = _hosts(cells)
    head = ("from", "", *(f"to {number}" for number in range(1, len(names) + 1)))
    rows = [
        (str(number + 1), shortened(visible(name), _NAME), *(cell.settled for cell in row))
        for number, (name, row) in enumerate(zip(names, _rows(cells), strict=True))
    ]
    yield from table(head, rows)


def _hosts(cells: Sequence[Cell]) -> list[str]:
    """Return the names of the hosts in their order; two designs of one name are two hosts."""
    side = round(len(cells) ** 0.5)
    return [cell.responder for cell in cells[:side]]


def _rows(cells: Sequence[Cell]) -> list[Sequence[Cell]]:
    side = round(len(cells) ** 0.5)
    return [cells[start : start + side] for start in range(0, len(cells), side)]


def _agreements(cells: Iterable[Cell]) -> dict[str, int]:
    """Return what is agreed on, in words, and by how many pairs."""
    found: dict[str, int] = {}
    for cell in cells:
        if cell.module:
            modes = f"main mode {short_words(cell.main_mode)}; quick mode {short_words(cell.quick_mode)}"
            found[f"{cell.module}: {modes}"] = found.get(f"{cell.module}: {modes}", 0) + 1
    return found


def _page(designs: Sequence[Design], cells: Sequence[Cell]) -> Iterator[str]:
    """Yield a page in Markdown: the hosts, the square, and a line for each pair."""
    names = [in_a_line(name) for name in _hosts(cells)]
    yield "# Who can talk to whom"
    yield ""
    yield "A TCP connection between every two hosts: what becomes of its first packet, while there is no security"
    yield "association, and of the connection once negotiation has ended. Exempted traffic goes in clear, whatever"
    yield "stands here; that of an exempted program as far as the ALE layers decide. A host is paired with another of"
    yield "the same design too."
    yield ""
    for design in designs:
        for host in hosts_of(design):
            about = design.description if host.name == design.name else host.rule.comment or MODES[host.rule.mode].text
            yield f"- **{in_a_line(host.name)}**: {in_a_line(next(iter(about.strip().splitlines()), ''))}"
    yield f"- **{NAME}**: {windows_firewall().description}"
    yield f"- **{UNMANAGED}**: a host without a policy"
    yield ""
    yield from _markdown(
        ("from \\ to", *names), [(name, *map(_fates, row)) for name, row in zip(names, _rows(cells), strict=True)]
    )
    yield ""
    yield "What is agreed on, and why:"
    yield ""
    yield from _markdown(
        ("from", "to", "first packet", "then", "why"),
        [tuple(map(in_a_line, (c.initiator, c.responder, c.first, c.settled, c.why))) for c in cells],
    )
    for agreed, number in _agreements(cells).items():
        yield ""
        yield f"{in_a_line(agreed)} ({number} of {len(cells)} pairs)."


def _fates(cell: Cell) -> str:
    return cell.first if cell.first == cell.settled else f"{cell.first}, then {cell.settled}"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"

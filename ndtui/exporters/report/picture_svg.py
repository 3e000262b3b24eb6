"""Picture as SVG: two hosts and what becomes of traffic between them, drawn for one kind of peer.

It holds no text of a design: only outcomes, which are words of this program.
"""

from collections.abc import Iterator, Sequence

from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.verify.both_ways import ToldRule, Way
from ndtui.exporters.report.report_parts import tone_of

_WIDTH, _HEIGHT = 380, 150
#: Where the boxes of the hosts end and begin, and between them the arrows.
_LEFT, _RIGHT = 108, 302
#: The heights of the arrows of a way: of one alone, and of the first and the later.
_LANES: dict[Direction, tuple[int, tuple[int, int]]] = {"in": (46, (34, 62)), "out": (112, (100, 128))}
_PEERS = ("with IPsec", "without IPsec")


def picture_svg(rule: ToldRule) -> Iterator[str]:
    """Yield the lines of two pictures: with a peer that has IPsec, and with one that has not."""
    for number, peer in enumerate(_PEERS):
        told = "; ".join(f"{way.direction}: {way.words[number]}" for way in rule.ways)
        yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Peer {peer}: {told}">'
        yield f"<title>Peer {peer}: {told}</title>"
        yield from _host(2, _LEFT - 4, ("peer", peer))
        yield from _host(_RIGHT + 2, _WIDTH - _RIGHT - 4, ("this", "host"))
        for way in rule.ways:
            yield from _way(way, number)
        yield "</svg>"


def _host(x: int, width: int, lines: Sequence[str]) -> Iterator[str]:
    yield f'<rect class="host" x="{x}" y="12" width="{width}" height="{_HEIGHT - 24}" rx="8"/>'
    for number, line in enumerate(lines):
        yield f'<text class="host-name" x="{x + width / 2:g}" y="{71 + 17 * number}">{line}</text>'


def _way(way: Way, number: int) -> Iterator[str]:
    words = way.words[number].split(", then ")
    one, several = _LANES[way.direction]
    if len(words) == 1:
        yield from _arrow(way.direction, one, words[0], f"{way.direction}: {words[0]}")
        return
    for y, outcome, when in zip(several, words, ("first", "then"), strict=True):
        yield from _arrow(way.direction, y, outcome, f"{way.direction}, {when}: {outcome}")


def _arrow(direction: Direction, y: int, outcome: str, label: str) -> Iterator[str]:
    """Yield an arrow with its label above; what is blocked does not arrive."""
    start, end = (_LEFT + 6, _RIGHT - 6) if direction == "in" else (_RIGHT - 6, _LEFT + 6)
    step = 1 if direction == "in" else -1
    tone = tone_of(outcome) or "quiet"
    yield f'<text class="way" x="{(_LEFT + _RIGHT) / 2:g}" y="{y - 6}">{label}</text>'
    if outcome == "blocked":
        stop = start + step * 158
        yield f'<path class="line {tone}" d="M{start} {y}H{stop}"/>'
        yield f'<path class="cross {tone}" d="M{stop - 5} {y - 5}l10 10m0 -10l-10 10"/>'
        return
    yield f'<path class="line {tone}" d="M{start} {y}H{end - step * 9}"/>'
    yield f'<path class="head {tone}" d="M{end} {y}l{-step * 11} -5v10z"/>'

"""The map of a packet's way, as lines of parts: the layers in the order they are met, what each decides, how it ends.

Where a negotiation is started a line below shows IKE's own way: its packets, main mode, quick mode. What does not fit
is left out: the list of layers says the same.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ndtui.analysis.trace.packet_way import Keying, Station, Way
from ndtui.analysis.traffic.outcome import Role
from ndtui.model.vocabulary import short_name

#: What the map is drawn with.
ARROW, BRANCH = "──▶", "└─"

#: The stop that stands for IKE's own packets.
IKE = "IKE"

#: The same in ASCII, for ``str.translate``.
PLAIN_MAP = str.maketrans("─▶└", "->+")

_SHORT: dict[Role | None, str] = {
    None: "not met",
    "none": "no filter",
    "exempt": "permit",
    "callout:persist": "IPsec checks",
    "callout:require": "IPsec requires",
    "callout:discover": "IPsec asks",
    "callout:secure": "IPsec requires",
    "callout:encrypt": "IPsec encrypts",
    "callout:other": "callout",
    "block": "block",
}
_LONG: dict[Role | None, str] = {
    **_SHORT,
    "callout:persist": "callout: IPsec checks",
    "callout:require": "callout: IPsec requires",
    "callout:discover": "callout: IPsec asks",
    "callout:secure": "callout: IPsec requires",
    "callout:encrypt": "callout: IPsec encrypts",
    "callout:other": "callout of another kind",
}


#: How many stages of a negotiation name their keying modules, by how much room there is.
_ALL, _FIRST, _NONE = 9, 1, 0


class MapPart(NamedTuple):
    """A piece of a line; ``stop`` is what it belongs to: a layer's stem, or a stage of the negotiation."""

    text: str
    stop: str = ""


MapLine = tuple[MapPart, ...]


def map_lines(way: Way, width: int) -> list[MapLine]:
    """Return the lines of a map that is at most so many cells wide; none where there is no room for it."""
    layers = _fitting((_layers(way, words) for words in (_LONG, _SHORT)), width)
    if not layers or way.keying is None:
        return layers
    return [*layers, *_fitting(([_keying(way.keying, named)] for named in (_ALL, _FIRST, _NONE)), width)]


def _fitting(ways: Iterable[list[MapLine]], width: int) -> list[MapLine]:
    """Return the first of several ways to draw lines that fits; none where none does."""
    for lines in ways:
        if all(sum(len(part.text) for part in line) <= width for line in lines):
            return lines
    return []


def map_text(lines: Sequence[MapLine]) -> list[str]:
    """Return a map as plain lines, in ASCII."""
    return ["".join(part.text for part in line).translate(PLAIN_MAP).rstrip() for line in lines]


def _layers(way: Way, words: dict[Role | None, str]) -> list[MapLine]:
    """Return two lines: the stops, and below each what it decides."""
    inbound = way.trace.packet.direction == "in"
    start, end = ("peer", "this host") if inbound else ("this host", "peer")
    if way.trace.packet.kind == "forwarded":
        end = "another host"
    above, below = [MapPart(f" {start}")], [MapPart(" " * (len(start) + 1))]
    for station in way.stations:
        name = short_name(station.stem)
        name = f"[{name}]" if _decides(station, way) else name
        decision = words[station.role]
        size = max(len(name), len(decision))
        above += [MapPart(f" {ARROW} "), MapPart(f"{name:<{size}}", station.stem)]
        below += [MapPart(" " * (len(ARROW) + 2)), MapPart(f"{decision:<{size}}", station.stem)]
    above += [MapPart(f" {ARROW} {end}")]
    below += [MapPart(" " * (len(ARROW) + 2) + _end(way))]
    return [tuple(above), tuple(below)]


def _decides(station: Station, way: Way) -> bool:
    step = station.step
    return step is not None and step.deciding is not None and way.responsible is step.deciding


def _end(way: Way) -> str:
    """Return how it ends: with a peer that can negotiate, and with one that cannot where that is another end."""
    with_ipsec, without = (course.settled for course in way.trace.outcomes)
    return with_ipsec if with_ipsec == without else f"{with_ipsec} or {without}"


def _keying(keying: Keying, named: int) -> MapLine:
    """Return the way of a negotiation; so many of its stages, from the first on, name their keying modules."""
    parts = [MapPart(f"  {BRANCH} IKE: "), MapPart(f"UDP 500 {'passes' if keying.passes else 'dropped'}", IKE)]
    for number, stage in enumerate(keying.stages):
        modules = f" ({', '.join(stage.modules) or 'none'})" if number < named else ""
        parts += [MapPart(f" {ARROW} "), MapPart(f"{stage.name}{modules}", stage.name)]
    ends = "SA" if keying.passes and all(stage.filters for stage in keying.stages) else "no SA"
    return (*parts, MapPart(f" {ARROW} {ends}"))

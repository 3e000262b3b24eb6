"""Index: the filters of one layer as a tree of decisions, so that a packet meets only those that it can match.

Each node asks one field. Filters that want one value of it, or all that begin with the same bits, hang in a dictionary,
those that want another range in an interval tree, those that do not ask for it in a branch of their own; below, the
same with the fields that are left.
Building takes time in proportion to the filters, a question the logarithm of their number and the filters found.

This answers for one packet, which has one value in each field, in microseconds. ``packet_sets.box_index`` answers for
sets of packets, which have ranges, and takes longer; a test holds the two against each other.
"""

from collections.abc import Iterator, Sequence

from ndtui.analysis.trace.matching import Values
from ndtui.model.compiled.objects import Filter

_FIELDS = tuple(
    f"FWPM_CONDITION_{name}"
    for name in ("IP_REMOTE_ADDRESS", "IP_REMOTE_PORT", "IP_LOCAL_PORT", "IP_LOCAL_ADDRESS", "IP_PROTOCOL")
)
_FEW = 8  # filters that are looked at one by one
_MOST_COPIES = 64  # of a filter, on average, below which a branch still branches: each alternative makes one

_Entry = tuple[Filter, dict[str, list[tuple[int, int]]]]
_Span = tuple[int, int]


class LayerIndex:
    """The filters of a layer, for the question which of them a packet may match."""

    def __init__(self, filters: Sequence[Filter]) -> None:
        self._root = _Node([(each, _spans(each)) for each in filters], _FIELDS)

    def candidates(self, values: Values) -> list[Filter]:
        """Return every filter that the packet matches, some twice, among few that it does not."""
        found: list[Filter] = []
        self._root.find(values, found)
        return found


def _spans(each: Filter) -> dict[str, list[_Span]]:
    """Return what a filter accepts, by field."""
    found: dict[str, list[_Span]] = {}
    for field, _, value in each.conditions:
        if field in found:
            found[field].append((value.low, value.high))
        else:
            found[field] = [(value.low, value.high)]
    return found


class _Node:
    """Filters that may match, or a field that tells them apart.

    ``_prefixes`` are nodes by the number of bits that are free, then by the bits that are not.
    """

    __slots__ = ("_field", "_filters", "_prefixes", "_rest", "_spans")

    def __init__(self, entries: list[_Entry], fields: tuple[str, ...], copies: float = 1) -> None:
        self._filters: list[Filter] = []
        self._field = _most_telling(entries, fields) if len(entries) > _FEW and copies <= _MOST_COPIES else ""
        if not self._field:
            self._filters = [each for each, _ in entries]
            return
        rest: list[_Entry] = []
        by_span: dict[_Span, list[_Entry]] = {}
        for entry in entries:
            spans = entry[1].get(self._field)
            if spans is None:
                rest.append(entry)
                continue
            for span in spans:
                if span in by_span:
                    by_span[span].append(entry)
                else:
                    by_span[span] = [entry]
        left = tuple(field for field in fields if field != self._field)
        asking = len(entries) - len(rest)
        below = copies * sum(map(len, by_span.values())) / asking
        self._rest = _Node(rest, left, copies) if rest else None
        self._prefixes: dict[int, dict[int, _Node]] = {}
        ranges: list[tuple[_Span, _Node]] = []
        for (low, high), own in by_span.items():
            node, free = _Node(own, left, below), high - low
            if free & (free + 1) or low & free:
                ranges.append(((low, high), node))
            else:
                bits = free.bit_length()
                self._prefixes.setdefault(bits, {})[low >> bits] = node
        self._spans = _Spans(ranges)

    def find(self, values: Values, found: list[Filter]) -> None:
        """Add the filters that a packet may match to those that were found."""
        if not self._field:
            found += self._filters
            return
        if self._rest is not None:
            self._rest.find(values, found)
        value = values.get(self._field)
        if not isinstance(value, int):
            return
        for bits, nodes in self._prefixes.items():
            node = nodes.get(value >> bits)
            if node is not None:
                node.find(values, found)
        for node in self._spans.holding(value):
            node.find(values, found)


def _most_telling(entries: list[_Entry], fields: tuple[str, ...]) -> str:
    """Return the field by which the filters differ most, or none where no field tells any of them apart."""
    best, most = "", 0
    for field in fields:
        different = len({tuple(spans[field]) for _, spans in entries if field in spans})
        if different > most:
            best, most = field, different
    return best


class _Spans:
    """Ranges with a node each: a tree over the ranges sorted by their low end, each knowing the highest end below it.

    The tree is the sorted list itself: the root is its middle, and so on for each half.
    """

    __slots__ = ("_highest", "_sorted")

    def __init__(self, spans: list[tuple[_Span, _Node]]) -> None:
        self._sorted = sorted(spans, key=lambda pair: pair[0])
        self._highest = [0] * len(spans)
        self._measure(0, len(spans))

    def _measure(self, start: int, end: int) -> int:
        """Note the highest end between two places, and return it."""
        if start >= end:
            return -1
        middle = (start + end) // 2
        highest = max(self._sorted[middle][0][1], self._measure(start, middle), self._measure(middle + 1, end))
        self._highest[middle] = highest
        return highest

    def holding(self, value: int) -> Iterator[_Node]:
        """Yield the nodes of the ranges that hold a value."""
        pending = [(0, len(self._sorted))]
        while pending:
            start, end = pending.pop()
            if start >= end:
                continue
            middle = (start + end) // 2
            if self._highest[middle] < value:
                continue
            (low, high), node = self._sorted[middle]
            pending.append((start, middle))
            if low <= value:
                if value <= high:
                    yield node
                pending.append((middle + 1, end))

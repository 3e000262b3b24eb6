"""Tally: how many events there are of each filter, layer, program and peer, in bounded memory however many they are."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ndtui.analysis.events.network_event import Action, NetworkEvent

Table = Literal["filter", "layer", "program", "peer"]
TABLES: tuple[Table, ...] = ("filter", "layer", "program", "peer")


@dataclass(slots=True)
class Span:
    """How many events, and when the first and the last of them was."""

    count: int
    first: str
    last: str
    first_order: str
    last_order: str

    def add(self, event: NetworkEvent) -> None:
        """Count one more."""
        self.count += 1
        if event.order >= self.last_order:  # mostly, so asked first
            self.last_order, self.last = event.order, event.time
        elif event.order < self.first_order:
            self.first_order, self.first = event.order, event.time


class Key(NamedTuple):
    """What a row of a table stands for."""

    what: Hashable
    action: Action
    layer: str = ""


class Tally:
    """The tables of a file.

    Each has at most ``most`` rows, of ``letters`` characters altogether: events of what comes after that are counted
    in ``left_out``, without being told apart.
    """

    def __init__(self, most: int = 50_000, letters: int = 16_000_000) -> None:
        self.rows: dict[Table, dict[Key, Span]] = {name: {} for name in TABLES}
        self.left_out: dict[Table, int] = dict.fromkeys(TABLES, 0)
        self.all: Span | None = None
        self._most = most
        self._letters = dict.fromkeys(TABLES, letters)

    def add(self, event: NetworkEvent) -> None:
        """Count an event in every table."""
        action = event.action
        layer = event.layer or ("" if event.layer_id is None else str(event.layer_id))
        if self.all is None:
            self.all = _begun(event)
        else:
            self.all.add(event)
        whats = (event.filter_id, layer, event.program or event.package, event.remote_address)
        for table, what in zip(TABLES, whats, strict=True):
            key = (what, action, layer if table == "filter" else "")  # looked up for every event: equal to its Key
            span = self.rows[table].get(key)  # type: ignore[call-overload]
            if span is None:
                self._begin(table, Key(*key), event)
            else:
                span.add(event)

    def _begin(self, table: Table, key: Key, event: NetworkEvent) -> None:
        rows = self.rows[table]
        letters = self._letters[table] - len(str(key.what))
        if len(rows) >= self._most or letters < 0:
            self.left_out[table] += 1
            return
        self._letters[table] = letters
        rows[key] = _begun(event)

    def ranked(self, table: Table) -> Iterator[tuple[Key, Span]]:
        """Yield the rows of a table, those with the most events first."""
        yield from sorted(self.rows[table].items(), key=lambda row: -row[1].count)


def _begun(event: NetworkEvent) -> Span:
    return Span(1, event.time, event.time, event.order, event.order)

"""What decided, and what it beat: the filters of a machine that events name.

The filters are those of when the machine was asked: an event may name one that is gone by then. Filters of the firewall
are made anew, with new numbers, whenever its rules or its network change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpFilter, DumpGroup, filters_in_order
from ndtui.analysis.events.event_packet import NoPacketError, packet_of
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.trace.filter_effect import is_asleep
from ndtui.analysis.trace.layer_values import values_at
from ndtui.analysis.trace.machine_matching import match
from ndtui.analysis.traffic.packet import Packet


class Beaten(NamedTuple):
    """A filter that did not decide although it matches, or may; ``same_sublayer``: one of less weight there."""

    filter: DumpFilter
    same_sublayer: bool
    certain: bool


@dataclass(frozen=True, slots=True, eq=False)
class Decider:
    """The filter that an event names.

    ``place`` is its place among the ``count`` filters of its sublayer, 1 for the one that is tried first.
    """

    filter: DumpFilter
    provider: str
    sublayer_weight: int | None
    place: int
    count: int


class Decisions:
    """Finds the filters that events name among those of a machine."""

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self._providers = {each.key: each.name for each in dump.providers}
        self._by_id: dict[int, DumpFilter] = {}
        for each in dump.filters:
            self._by_id.setdefault(each.filter_id, each)
        self._groups: dict[str, Sequence[DumpGroup]] = {}
        self._beaten_by = lru_cache(maxsize=10_000)(self._find_beaten)

    def filter(self, filter_id: int | None) -> DumpFilter | None:
        """Return the filter with that number; ``None`` where the machine has none."""
        return None if filter_id is None else self._by_id.get(filter_id)

    def provider(self, key: str) -> str:
        """Return the name of a provider; empty where it has none."""
        return self._providers.get(key, "")

    def decider(self, filter_id: int | None) -> Decider | None:
        """Return the filter with that number and where it stands."""
        found = self.filter(filter_id)
        if found is None:
            return None
        for group in self._of_layer(found.layer):
            if found in group.filters:
                place = group.filters.index(found) + 1
                return Decider(found, self.provider(found.provider), group.sublayer_weight, place, len(group.filters))
        return None

    def beaten(self, event: NetworkEvent) -> Sequence[Beaten] | None:
        """Return the other filters at the layer of an event's filter that match its packet, or may.

        First come those of the same sublayer, and in each part those that match for certain, in order of weight. Those
        of more weight in the same sublayer are left out: they were tried before, and did not match. ``None`` where that
        filter is not there, or the event tells of no packet.
        """
        found = self.filter(event.filter_id)
        if found is None:
            return None
        try:
            return self._beaten_by(found.filter_id, packet_of(event))
        except NoPacketError:
            return None

    def _find_beaten(self, filter_id: int, packet: Packet) -> tuple[Beaten, ...]:
        found = self._each_beaten(self._by_id[filter_id], packet)
        return tuple(sorted(found, key=lambda each: (not each.same_sublayer, not each.certain)))

    def _each_beaten(self, decider: DumpFilter, packet: Packet) -> Iterator[Beaten]:
        known = values_at(packet, decider.layer)
        for group in self._of_layer(decider.layer):
            same = group.sublayer == decider.sublayer
            for each in group.filters:
                if each is decider or (same and each.effective_weight > decider.effective_weight):
                    continue
                if is_asleep(each):
                    continue
                answer = match(each, known).answer
                if answer != "no":
                    yield Beaten(each, same, answer == "yes")

    def _of_layer(self, layer: str) -> Sequence[DumpGroup]:
        if layer not in self._groups:
            self._groups[layer] = filters_in_order(self.dump, layer)
        return self._groups[layer]


def layer_of_event(event: NetworkEvent, decider: DumpFilter | None) -> str:
    """Return the full name of the layer at which an event was decided: of its filter, where the event names none."""
    if event.layer:
        return event.layer
    if decider is not None:
        return decider.layer
    return "" if event.layer_id is None else str(event.layer_id)

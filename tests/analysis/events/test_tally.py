"""Tally: when the first and the last of alike events was, in whatever order they come."""

from itertools import permutations

import pytest

from ndtui.analysis.events.security_events import Entry, security_event
from ndtui.analysis.events.tally import TABLES, Tally
from tests.events import CONNECTION


@pytest.mark.parametrize("order", [*permutations("1234")], ids="".join)
def test_first_and_last_are_told_by_the_time_and_not_by_the_place(order: tuple[str, ...]):
    tally = Tally()
    for place, time in enumerate(order, 1):
        tally.add(security_event(Entry(place, place, "5157", f"at {time}", time), CONNECTION))
    spans = [tally.all, *(span for table in TABLES for _, span in tally.ranked(table))]
    assert len(spans) == 1 + len(TABLES)
    assert [(span.count, span.first, span.last) for span in spans if span is not None] == [(4, "at 1", "at 4")] * 5

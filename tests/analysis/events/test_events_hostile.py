"""Hostile files of events: each ends in one line, and reading takes no more memory however large a file is."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ndtui.analysis.events.read_events import read_events
from ndtui.analysis.events.tally import TABLES, Tally
from ndtui.common.errors import InputError
from tests.events import net_event, security_event
from tests.support import one_line

BOUND = 32 * 1024 * 1024
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<wfpdiag><netEvents>'


def huge_attribute() -> Iterator[bytes]:
    yield HEAD + b'<item a="'
    yield from (b"x" * 1_000_000 for _ in range(40))


def huge_text() -> Iterator[bytes]:
    yield HEAD + b"<item><header><timeStamp>"
    yield from (b"x" * 1_000_000 for _ in range(40))


def huge_text_that_is_not_read() -> Iterator[bytes]:
    yield HEAD + b"<item><header><scopeId>"
    yield from (b"x" * 1_000_000 for _ in range(40))


def one_event_without_an_end() -> Iterator[bytes]:
    yield HEAD + b"<item><header>"
    yield from (b"<a>x</a>" * 100_000 for _ in range(20))


def many_sublayers() -> Iterator[bytes]:
    yield HEAD + b"<item><internalFields><terminatingFiltersInfo>"
    yield from (b"<item><filterId>1</filterId></item>" * 50_000 for _ in range(10))


def deep() -> Iterator[bytes]:
    yield HEAD + b"<a>" * 2_000_000


def deep_in_an_event() -> Iterator[bytes]:
    yield HEAD + b"<item>" + b"<a>" * 2_000_000


def names_by_the_million() -> Iterator[bytes]:
    yield HEAD
    yield from (b"".join(b"<n%d/>" % (n * 10_000 + m) for m in range(10_000)) for n in range(50))


def shapes_by_the_thousand() -> Iterator[bytes]:
    """Each event has an attribute of its own, so none is of a known shape; the file then ends in the middle."""
    yield HEAD
    event = net_event()
    yield from (event.replace("<header>", f"<header>\n<a b='{n}'/>").encode() for n in range(20_000))


def endless_comment() -> Iterator[bytes]:
    yield HEAD + b"<!--"
    yield from (b"-x" * 500_000 for _ in range(40))


def roots_by_the_thousand() -> Iterator[bytes]:
    yield from (security_event(4624, {}).encode() for _ in range(20_000))
    yield b"<Event>"


def external_entity() -> Iterator[bytes]:
    yield b'<!DOCTYPE wfpdiag [<!ENTITY e SYSTEM "file:///etc/passwd">]><wfpdiag>&e;</wfpdiag>'


def entities_in_a_later_root() -> Iterator[bytes]:
    yield security_event(4624, {}).encode() + b'<!DOCTYPE Event [<!ENTITY e "x">]><Event>&e;</Event>'


TRAPS: dict[Callable[[], Iterator[bytes]], str] = {
    huge_attribute: "a tag or a comment is longer than 1048576 bytes",
    huge_text: "a text is longer than 65536 characters",
    huge_text_that_is_not_read: "the file ends in the middle",
    one_event_without_an_end: "the file ends in the middle",
    many_sublayers: "an event has more than 1000 sublayers",
    deep: "elements are nested deeper than 64",
    deep_in_an_event: "elements are nested deeper than 64",
    names_by_the_million: "there are more than 10000 different names",
    shapes_by_the_thousand: "the file ends in the middle",
    endless_comment: "a tag or a comment is longer than 1048576 bytes",
    roots_by_the_thousand: "the file ends in the middle",
    external_entity: "it declares a document type or entities",
    entities_in_a_later_root: "it declares a document type or entities",
}


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
def test_a_hostile_file_ends_in_one_line_and_little_memory(trap: Callable[[], Iterator[bytes]], tmp_path: Path):
    path = tmp_path / "hostile.xml"
    with path.open("wb") as file:
        file.writelines(trap())
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as refused:
            read_events(path, lambda event: None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    message = one_line(str(refused.value))
    assert message.startswith(f"{path}, line ")
    assert TRAPS[trap] in message
    assert peak < BOUND


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    peaks = []
    for events in (400, 4000):
        path = tmp_path / f"{events}.xml"
        with path.open("wb") as file:
            file.write(HEAD)
            file.writelines(net_event(n % 50 + 1).encode() for n in range(events))
            file.write(b"</netEvents></wfpdiag>")
        tracemalloc.start()
        try:
            tally = Tally()
            assert read_events(path, tally.add).read == events
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert {len(tally.rows[name]) for name in TABLES} == {1, 50}
    assert peaks[1] < 1.2 * peaks[0]

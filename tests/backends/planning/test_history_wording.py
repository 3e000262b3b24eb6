"""A revision in words: local time with its zone, who, how; whatever another program has written there."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.history_note import Note
from ndtui.backends.planning.history_wording import (
    clock_words,
    how_words,
    moment_words,
    revision_document,
    revision_line,
    when_words,
    who_words,
    why_words,
)
from ndtui.backends.planning.waiting_wording import countdown_brief, countdown_line, left_words
from ndtui.ui.rows.applied_rows import HISTORY
from ndtui.ui.rows.arrangement import sort_key

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set here")


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


SHOWN = {
    "UTC0": "2026-07-01 12:00:05 UTC",
    "CET-1CEST,M3.5.0,M10.5.0/3": "2026-07-01 14:00:05 CEST",
    "<+0530>-5:30": "2026-07-01 17:30:05 +0530",
    "EST5EDT,M3.2.0,M11.1.0": "2026-07-01 08:00:05 EDT",
}


@pytest.mark.parametrize(("zone", "words"), SHOWN.items(), indirect=["zone"])
@pytest.mark.usefixtures("zone")
def test_a_time_is_local_and_names_its_zone(words: str) -> None:
    assert when_words("2026-07-01T12:00:05+00:00") == words
    assert when_words("2026-07-01T12:00:05+00:00", seconds=False) == words.replace(":05", "")
    assert moment_words(1782907205.0) == words
    assert clock_words(1782907205.0) == words.partition(" ")[2]


@pytest.mark.parametrize("zone", ["CET-1CEST,M3.5.0,M10.5.0/3"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_the_history_is_sorted_by_time_where_an_hour_is_counted_twice() -> None:
    revisions = [replace(REVISION, at=f"2026-10-25T0{at}:00+00:00") for at in ("0:30", "1:10")]
    words = [HISTORY.cells(each)[1] for each in revisions]
    assert words == ["2026-10-25 02:30 CEST", "2026-10-25 02:10 CET"]
    assert sorted(revisions, key=sort_key(HISTORY, 1)) == revisions


@pytest.mark.parametrize("at", ["", "yesterday", "\x1b[31m", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_what_is_no_time_stands_as_it_is(at: str) -> None:
    assert when_words(at) == at


REVISION = Revision(3, "2026-07-01T12:00:05+00:00", "rollback", "p", 1, 2, 3)
WAYS = {
    Note(): "rolled back",
    Note(cause="rolled back", back_to=1): "rolled back to 1",
    Note(cause="rolled back", back_to=0): "rolled back to 0",
    Note(cause="rolled back"): "rolled back",
    Note(cause="reverted", back_to=1): "reverted by the operator",
    Note(cause="not confirmed", back_to=1): "reverted: not confirmed",
    Note(cause="applied"): "applied",
    Note(cause="removed"): "removed",
}


@pytest.mark.parametrize(("note", "words"), WAYS.items(), ids=WAYS.values())
def test_every_way_has_its_word(note: Note, words: str) -> None:
    revision = Revision(*[getattr(REVISION, name) for name in Revision.__slots__][:7], note)
    assert how_words(revision) == words
    assert revision_document(revision)["how"] == words
    (width,) = (column.width for column in HISTORY.columns if column.title == "how it came to be")
    assert len(words) <= width  # nothing of it is cut off in the history
    assert revision_line(revision).startswith(f"revision 3: {words} ")


def test_who_and_why_are_told_as_far_as_they_are_known() -> None:
    assert who_words(Note("alice", "vm")) == "alice@vm"
    assert [who_words(Note("alice")), who_words(Note("", "vm")), who_words(Note())] == ["alice", "vm", "-"]
    assert [why_words(Note(message="a ticket")), why_words(Note())] == ["a ticket", "-"]
    assert len(who_words(Note("x" * 10_000, "y" * 10_000))) < 600
    assert len(why_words(Note(message="x" * 10_000))) <= 500


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(83.0, "01:23"), (82.1, "01:23"), (0.2, "00:01"), (0.0, "00:00"), (-7.0, "00:00"), (3723.0, "1:02:03")],
)
def test_the_time_that_is_left_is_shown_as_a_clock_shows_it(seconds: float, words: str) -> None:
    assert left_words(seconds) == words


def test_the_time_that_is_left_is_never_beyond_counting() -> None:
    assert left_words(float("-inf")) == "00:00"


def test_the_countdown_says_what_becomes_of_it() -> None:
    waits, over = Pending.from_now("t", 1, 83), Pending.from_now("t", 1, -1)
    assert countdown_brief(waits, None) == "confirm within 01:23"
    assert countdown_brief(waits, watched=False) == "confirm within 01:23, UNWATCHED"
    assert countdown_brief(over, watched=True) == f"not confirmed by {clock_words(over.deadline)}"
    assert countdown_line("p", waits, watched=True) == "01:23 left to confirm p, or it is reverted"
    unwatched = "what was done last, or it is reverted, and nobody watches over it"
    assert countdown_line("", waits, watched=False).endswith(unwatched)
    lost = r": p\x1b is to be reverted, and nobody is there to do it"
    assert countdown_line("p\x1b", over, watched=False).endswith(lost)
    assert len(countdown_line("x" * 9_999, waits, watched=True)) < 100

"""Whatever call fails in the middle of an operation: everything is as before, and the next attempt works.

Every call that a clean run makes fails in its turn: those to the engine and to the history, and for the store every
statement that SQLite is given.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from tests.backends.faults.benches import BENCHES, Bench, Everything, MemoryBenches
from tests.backends.faults.faulty import raising
from tests.backends.faults.operations import OPERATIONS, Operation, Run
from tests.support import one_line

by_name = {each.name: each for each in OPERATIONS}


@pytest.fixture
def benches(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryBenches]:
    """Return what makes one bench of a kind after the other."""
    with closing(BENCHES[request.param](tmp_path, monkeypatch)) as made:
        yield made


def outcome(bench: Bench, run: Run) -> tuple[object, ...]:
    """Do something, and return what it led to; a trial is closed afterwards."""
    result = run()
    found = bench.everything().meaning()
    if hasattr(result, "close"):
        result.close()
    return found


def clean_run(bench: Bench, operation: Operation) -> tuple[list[str], tuple[object, ...]]:
    """Return the calls that an operation makes when nothing fails, and what it leads to."""
    run = operation.plan(bench.backend)
    bench.everything()
    start, calls = len(bench.faults.calls), []

    def recorded() -> object:
        result = run()
        calls.extend(bench.faults.calls[start:])
        return result

    return calls, outcome(bench, recorded)


def same(bench: Bench, now: Everything, before: Everything) -> bool:
    """Whether everything is as before, to the last number, or for who puts things back, to the last object."""
    return now == before or (bench.puts_back and (now.meaning(), now.owed) == (before.meaning(), before.owed))


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("benches", BENCHES, indirect=True)
def test_every_call_may_fail(
    benches: MemoryBenches, operation: Operation, record_property: Callable[[str, object], None]
) -> None:
    bench = benches.new(operation)
    calls, done = clean_run(bench, operation)
    if not calls:
        pytest.skip("it makes no such call")
    assert bench.owed() == []
    record_property("failure points", len(calls))
    failed, wrong = [], []
    let_go: list[str] = []
    ready: tuple[Bench, Run, Everything] | None = None
    for position, call in enumerate(calls, 1):
        bench, run, before = ready or readied(benches, operation)
        raised, result = attempted(bench, run, position)
        now = bench.everything()
        unchanged = same(bench, now, before)
        ready = (bench, run, now) if benches.reused and unchanged and position < len(calls) else None
        if not raised:
            led_there = outcome(bench, lambda: result) == done  # noqa: B023 - called at once
            if operation.name == "trial" and led_there:
                let_go.append(call)  # it only could not be tidied up at the end, and counts as gone
            elif not bench.goes_on(call) or not led_there:
                wrong.append(f"call {position}, {call}, failed, and no error was raised")
            continue
        failed.append(call)
        if not unchanged:
            wrong.append(f"call {position}, {call}, failed and left something behind")
        elif ready is None and outcome(bench, run) != done:
            wrong.append(f"call {position}, {call}, failed, and the next attempt led elsewhere")
    assert wrong == []
    assert let_go or failed == [call for call in calls if not bench.goes_on(call)]
    assert len(let_go) < len(calls) / 2


def attempted(bench: Bench, run: Run, position: int) -> tuple[bool, object]:
    """Do something of which one call fails; return whether that was an error, and the result if it was none."""
    try:
        with bench.faults.at(position, raising(bench.error())):
            return False, run()
    except BackendError as error:
        one_line(str(error))
        return True, None


def readied(benches: MemoryBenches, operation: Operation) -> tuple[Bench, Run, Everything]:
    """Return a new bench, what is to be done to it, and all there is on it."""
    bench = benches.new(operation)
    run = operation.plan(bench.backend)
    return bench, run, bench.everything()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["apply another", "revert", "confirm", "trial"])
@pytest.mark.parametrize("benches", ["memory", "statements", "windows journal"], indirect=True)
def test_it_may_be_interrupted_at_every_call(benches: MemoryBenches, name: str) -> None:
    operation = by_name[name]
    calls, done = clean_run(benches.new(operation), operation)
    wrong = []
    ready: tuple[Bench, Run, Everything] | None = None
    for position, call in enumerate(calls, 1):
        bench, run, before = ready or readied(benches, operation)
        ready = None
        with bench.faults.at(position, raising(KeyboardInterrupt())), pytest.raises(KeyboardInterrupt):
            run()
        now = bench.everything()
        if not same(bench, now, before):
            wrong.append(f"interrupted at call {position}, {call}, it left something behind")
        elif benches.reused and position < len(calls):
            ready = bench, run, now
        elif outcome(bench, run) != done:
            wrong.append(f"interrupted at call {position}, {call}, the next attempt led elsewhere")
    assert wrong == []

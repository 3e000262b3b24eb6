"""The checker works beside the rest: a key pressed while it checks is answered, and what it was at is left off."""

from collections.abc import Iterator
from threading import Event

import pytest

from ndtui.analysis.check import examine
from ndtui.analysis.packet_sets.effort import AbandonedError, Effort
from ndtui.common.counted import counted, listening
from ndtui.model.compiled.compile import compile_design
from tests import desk as desk_
from tests.desk import at_work
from tests.support import exempting

PORTS = [{"name": name, "protocol": "tcp", "remote_ports": [port]} for port, name in enumerate(("a", "b", "c"), 1)]


class SlowChecker:
    """The checker, which does not end before it is let go on or told to leave off."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.left_off: list[str] = []
        self.go_on = Event()
        self.ended = Event()

    def check(self, filterset, effort: Effort):
        self.begun.append(filterset.design.name)
        while not self.go_on.wait(0.001):
            try:
                effort.go_on()
            except AbandonedError:
                self.left_off.append(filterset.design.name)
                self.ended.set()
                raise
        return examine.examine(filterset, effort).findings


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowChecker]:
    """Let nothing be checked at once, and the checker be slow."""
    checker = SlowChecker()
    monkeypatch.setattr(desk_, "SETTINGS", desk_.NOTHING_AT_ONCE)
    monkeypatch.setattr(examine, "check", checker.check)
    yield checker
    checker.go_on.set()


async def test_a_key_pressed_while_it_checks_is_answered_at_once(slow: SlowChecker):
    async with at_work(exempting(*PORTS)) as desk:
        await desk.until(lambda: slow.begun)
        assert "checking" in desk.status
        await desk.keys("3")
        assert desk.app.designer.view_name == "contexts"
        await desk.select("exemption:b")
        await desk.keys("d")
        assert desk.names == ["a", "c"]
        assert "checking" in desk.status
        slow.go_on.set()
        await desk.until(lambda: desk.bench.checked)
        assert "checking" not in desk.status
        assert desk.bench.findings == examine.examine(desk.bench.filterset).findings


async def test_what_was_edited_meanwhile_is_checked_instead(slow: SlowChecker):
    async with at_work(exempting(*PORTS)) as desk:
        await desk.until(lambda: slow.begun)
        await desk.select("exemption:b")
        await desk.keys("d")
        await desk.until(lambda: slow.left_off)
        await desk.until(lambda: len(slow.begun) == 2)
        assert len(slow.left_off) == 1
        assert "checking" in desk.status


async def test_leaving_does_not_wait_for_the_checker(slow: SlowChecker):
    async with at_work(exempting(*PORTS)) as desk:
        await desk.until(lambda: slow.begun)
    assert slow.ended.wait(60)


class Counting:
    """The checker, held up after so much of it was counted."""

    def __init__(self) -> None:
        self.times = 0
        self.reached, self.go_on, self.ended = Event(), Event(), Event()

    def check(self, filterset, effort: Effort):
        self.times += 1
        try:
            for number in counted(range(20_000)):
                if number == 4_000:
                    self.reached.set()
                    assert self.go_on.wait(60)
            return examine.examine(filterset, effort).findings
        finally:
            self.ended.set()


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    """Let nothing be checked at once, and the checker be held up."""
    checker = Counting()
    monkeypatch.setattr(desk_, "SETTINGS", desk_.NOTHING_AT_ONCE)
    monkeypatch.setattr(examine, "check", checker.check)
    yield checker
    checker.go_on.set()


async def test_checking_says_how_far_it_is_and_escape_leaves_it(counting: Counting):
    async with at_work(exempting(*PORTS), size=(100, 24)) as desk:
        await desk.until(lambda: "4,000 of 20,000" in desk.text)
        assert "Checking" in desk.text
        assert "esc leaves it" in desk.text
        await desk.keys("4")
        assert "checking ..." in desk.text
        await desk.keys("escape")
        await desk.until(lambda: "not checked" in desk.status)
        assert "not checked: 4 checks it" in desk.text
        assert "Checking" not in desk.text
        counting.go_on.set()
        assert counting.ended.wait(60)
        await desk.keys("1")
        assert not desk.bench.checked
        assert counting.times == 1
        await desk.keys("4")
        await desk.until(lambda: desk.bench.checked)
        assert "checked" not in desk.status
        assert counting.times == 2


async def test_what_is_edited_after_a_check_was_left_is_checked(counting: Counting):
    async with at_work(exempting(*PORTS), size=(100, 24)) as desk:
        await desk.until(lambda: "4,000 of 20,000" in desk.text)
        await desk.keys("escape")
        await desk.until(lambda: "not checked" in desk.status)
        counting.go_on.set()
        await desk.select("exemption:b")
        await desk.keys("d")
        await desk.until(lambda: desk.bench.checked)


async def test_while_an_edit_is_checked_after_a_check_that_was_left_the_status_says_so(counting: Counting):
    async with at_work(exempting(*PORTS), size=(100, 24)) as desk:
        await desk.until(lambda: "4,000 of 20,000" in desk.text)
        await desk.keys("4", "escape")
        await desk.until(lambda: "not checked" in desk.status)
        await desk.select("exemption:b")
        await desk.keys("d")
        assert "| checking" in " ".join(desk.status.split())
        assert "checking ..." in desk.text
        assert "not checked" not in desk.text


async def test_in_a_dialog_escape_closes_it_and_not_the_check_behind(counting: Counting):
    async with at_work(exempting(*PORTS), size=(100, 24)) as desk:
        await desk.until(lambda: "4,000 of 20,000" in desk.text)
        await desk.keys("n")
        assert desk.app.under_way.startswith("Checking")
        assert "esc" not in desk.app.under_way
        await desk.keys("escape")
        await desk.until(lambda: "esc leaves it" in desk.text)
        assert "not checked" not in desk.status


def test_the_checker_counts_the_exemptions_that_it_goes_through():
    reached = []

    class Listener:
        def reach(self, done: int, of: int, step: int) -> None:
            reached.append((done, of))

        def seal(self) -> None:
            raise AssertionError("nothing is written")

    compiled = compile_design(exempting(*PORTS))
    with listening(Listener()):
        examine.examine(compiled)
    assert (0, len(PORTS)) in reached

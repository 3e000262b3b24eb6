"""The checker works beside the rest: a key pressed while it checks is answered, and what it was at is left off."""

from collections.abc import Iterator
from threading import Event

import pytest

from ndtui.analysis.check import examine
from ndtui.analysis.packet_sets.effort import AbandonedError, Effort
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

"""Unsaved work is kept within a second however steadily one works, beside the keys, and by one living process."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from ndtui.app.app import NdtuiApp
from ndtui.common import file_lock
from ndtui.model.design.design import default_design
from ndtui.model.files.design_json import parse_json
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.ui.state import recovery
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import at_work


def kept() -> list[str]:
    """Return the files of unsaved work, whoever they belong to."""
    return sorted(path.name for path in recovery.folder().glob("*.json"))


class Clock:
    """The timers of the designer that keep work aside, with a time that only goes on when it is told to."""

    def __init__(self, app: NdtuiApp) -> None:
        self._app, self._set_timer = app, app.set_timer
        self._now = 0.0
        self._timers: list[Clock.Timer] = []
        self.rang = 0

    class Timer(NamedTuple):
        due: float
        ring: Callable[[], object]
        stop: Callable[[], None]

    def set_timer(self, delay: float, callback: Callable[[], object], **more: object) -> object:
        if delay != recovery.KEEP_WITHIN:
            return self._set_timer(delay, callback, **more)
        timer = self.Timer(self._now + delay, callback, lambda: self._timers.remove(timer))
        self._timers.append(timer)
        return timer

    def go_on(self, seconds: float) -> None:
        self._now += seconds
        for timer in [each for each in self._timers if each.due <= self._now]:
            self._timers.remove(timer)
            self.rang += 1
            timer.ring()


async def test_steady_work_is_kept_while_it_goes_on(monkeypatch):
    """Each edit comes before a second after the last one is over."""
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 1.0)
    async with at_work() as desk:
        clock = Clock(desk.app)
        monkeypatch.setattr(desk.app, "set_timer", clock.set_timer)
        await desk.select("exemption:ICMP")
        for _ in range(8):
            await desk.keys("D")
            clock.go_on(0.3)
        assert clock.rang
        await desk.until(kept)


async def test_what_comes_while_work_is_being_kept_is_kept_too(monkeypatch):
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.01)
    real, begun, go_on = recovery.format_json, threading.Event(), threading.Event()

    def slow(*arguments):
        begun.set()
        assert go_on.wait(30)
        return real(*arguments)

    async with at_work() as desk:
        monkeypatch.setattr(recovery, "format_json", slow)
        await desk.run("app.add_exemption")
        await desk.fill(protocol="udp")
        await desk.keys("enter")
        await desk.until(begun.is_set)
        await desk.select("IKE")
        await desk.keys("space")
        last = desk.design
        go_on.set()
        await desk.until(lambda: kept() and parse_json(read(), "kept") == last)


def read() -> str:
    [name] = kept()
    return (recovery.folder() / name).read_text(encoding="utf-8")


async def test_keeping_is_done_beside_the_keys(monkeypatch):
    """Formatting a large design takes seconds: never in the thread that takes the keys."""
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.01)
    real, threads = recovery.format_json, []

    def noting(*arguments):
        threads.append(threading.current_thread())
        return real(*arguments)

    async with at_work() as desk:
        monkeypatch.setattr(recovery, "format_json", noting)
        await desk.select("IKE")
        await desk.keys("space")
        await desk.until(kept)
    assert threading.main_thread() not in threads


async def test_work_let_go_while_it_is_being_kept_is_not_kept(monkeypatch):
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.01)
    real, begun, go_on = recovery.format_json, threading.Event(), threading.Event()

    def slow(*arguments):
        begun.set()
        assert go_on.wait(30)
        return real(*arguments)

    async with at_work() as desk:
        monkeypatch.setattr(recovery, "format_json", slow)
        await desk.select("IKE")
        await desk.keys("space")
        await desk.until(begun.is_set)
        await desk.keys("q", "d")
        assert not desk.app.is_running
        go_on.set()
    assert kept() == []


async def test_a_problem_is_said_once(monkeypatch, tmp_path):
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.01)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "file"))
    async with at_work() as desk:
        for _ in range(3):
            await desk.select("exemption:ICMP")
            await desk.keys("D")
            await desk.until(lambda: desk.app._keeping is None)
        assert [text for text in desk.said if "cannot be kept aside" in text] == desk.said
        assert len(desk.said) == 1


# It belongs to one living process.


async def test_a_second_designer_sees_nothing_of_a_living_first_ones():
    first = recovery.Recovery()
    first.keep(default_design("first"))
    async with at_work(toasts=True) as desk:
        assert "Unsaved work" not in desk.toasts
        await desk.keys("o")
        assert "unsaved" not in {row.preset.kind for row in desk.top.query_one(RowTable).rows}
    assert kept()
    first.release()


async def test_opened_by_another_in_the_meantime():
    """The list was made while it belonged to nobody; by the time it is chosen it does not."""
    ended, first = recovery.Recovery(), recovery.Recovery()
    ended.keep(default_design("lost"))
    ended.release()
    async with at_work() as desk:
        await desk.keys("o")
        first.take_over(recovery.leftovers()[0].path)
        before = kept()
        await desk.keys("enter")
        assert desk.said[1:] == [
            f"there is no file {recovery.folder() / ended.path.name}: check the spelling of the path"
        ]
        await desk.keys("o")
        assert isinstance(desk.top, PresetsScreen)
        assert kept() == before
    first.release()


async def test_what_is_taken_over_is_edited_and_let_go_as_ones_own():
    ended = recovery.Recovery()
    ended.keep(default_design("lost"))
    ended.release()
    async with at_work() as desk:
        await desk.keys("o", "enter")
        assert desk.design.name == "lost"
        assert kept() == [desk.app.recovery.path.name]
        await desk.select("IKE")
        await desk.keys("space")
        await desk.keys("q", "d")
    assert kept() == []


async def test_deleting_it_from_the_list_needs_that_it_belongs_to_nobody():
    ended = recovery.Recovery()
    ended.keep(default_design("lost"))
    ended.release()
    lock = ended.path.with_suffix(".lock")
    async with at_work() as desk:
        await desk.keys("o")
        held = file_lock.take(lock)  # it was nobody's when the list was made, and is somebody's by now
        await desk.keys("d", "y")
        assert "belongs to another designer that is open" in desk.said[-1]
        assert kept() == [ended.path.name]
        file_lock.give_back(lock, held)
        await desk.keys("d", "y")
        assert kept() == []

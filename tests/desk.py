"""The designer at work on a screen of a given size: keys in, text, state and messages out. No sleeping, no stopwatch.

Textual's own pilot takes an idle processor for a settled program. Here a program has settled when the event loop turned
many times and no message was handled or is waiting; what threads and timers do is waited for by name.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.keys import _character_to_key
from textual.message import Message
from textual.notifications import Notify
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Input, Static
from textual.worker import WorkerError

from ndtui.app.app import NdtuiApp
from ndtui.common.settings import DEFAULTS, Settings
from ndtui.model.design.design import Design
from ndtui.model.design.edit_history import Step
from ndtui.ui.state.options import Options
from ndtui.ui.state.workbench import Workbench
from ndtui.ui.widgets.row_table import RowTable
from tests import library_once  # noqa: F401 - hundreds of apps start in these tests
from tests.support import preset

_PATIENCE = 2000
#: Settings of every designer that is opened without others.
SETTINGS = DEFAULTS
#: Settings by which whatever can run beside the rest does so.
NOTHING_AT_ONCE = Settings.model_validate({"thresholds": {"check_at_once": 0, "trace_at_once": 0}})
#: Turns of the event loop in which a program that is still at work handles at least one message.
_TURNS = 25


def screen_strips(app: App[Any], *, below: bool = True) -> list[Strip]:
    """Return the lines of the screen as it stands, with what lies below a dialog or without it."""
    visible_screen_stack.set(app._background_screens if below else [])  # as the library does before it draws
    return app.screen._compositor.render_strips()


def screen_text(app: App[Any]) -> str:
    """Return the screen as it stands, line by line, with what lies below a dialog."""
    return "\n".join(strip.text.rstrip() for strip in screen_strips(app))


def shown_screens(app: App[Any]) -> list[Screen[Any]]:
    """Return the screens that are seen, the one on top last: each is laid out by itself."""
    return [*app._background_screens, app.screen]


def misplaced(app: App[Any]) -> list[Widget]:
    """Return what stands elsewhere than it would if the screens were laid out anew, or is seen otherwise."""
    return [widget for screen in shown_screens(app) for widget in _misplaced_on(screen)]


def _misplaced_on(screen: Screen[Any]) -> list[Widget]:
    found = _places(screen._compositor)
    with screen.app._context():
        for widget in (screen, *screen.query()):
            widget._clear_arrangement_cache()
            widget._layout_cache.clear()
        compositor = Compositor()
        compositor.reflow(screen, screen.app.size)
        anew = _places(compositor)
    return [widget for widget in found.keys() | anew.keys() if found.get(widget) != anew.get(widget)]


def _places(compositor: Compositor) -> dict[Widget, tuple[object, ...]]:
    return {
        widget: (place.region, place.clip, place.virtual_size, place.container_size)
        for widget, place in compositor.full_map.items()
    }


class Stand:
    """An app that runs, whatever app it is."""

    def __init__(self, app: App[Any]) -> None:
        self.app: Any = app
        self.pilot: Pilot[Any]
        self.messages: list[Message] = []
        self.said: list[str] = []
        """The notifications there were, in order."""
        self.waits_for_works = True
        """Whether a program that an action lets wait for a long work counts as still at work."""
        self._handled = 0

    def hear(self, message: Message) -> None:
        """Take note of a message that the program handles."""
        self._handled += 1
        if isinstance(message, Notify):
            self.said.append(message.notification.message)
        elif type(message).__module__.startswith("ndtui.") and all(
            message is not other for other in self.messages[-20:]
        ):
            self.messages.append(message)  # once, however many parents it rises to

    async def settle(self) -> None:
        """Wait until the program has done all it can do by itself."""
        quiet = 0
        for _ in range(_PATIENCE):
            before = self._handled
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            if not self.app.is_running or self.app._exception is not None:
                return
            while self.waits_for_works and any(each.keys_wait for each in getattr(self.app, "_long", ())):
                await asyncio.sleep(0.001)
                quiet = 0
            waiting = any(p._message_queue.qsize() for p in (self.app, *self.app._registry) if p.is_running)
            if self._handled != before or waiting:
                quiet = 0
                continue
            quiet += 1
            if quiet == 2:
                return
            await self.app.animator.wait_until_complete()  # without motion that is one tick
            with self.app._context():  # of several apps it is this one's turn
                for screen in shown_screens(self.app):
                    if screen._update_timer._active.is_set():
                        screen._on_timer_update()  # paint now, not when the next frame is due
        raise AssertionError(f"the program never settles:\n{self.text}")

    async def pause(self, delay: float | None = None) -> None:
        """Wait as the pilot does between two mouse events."""
        await asyncio.sleep(delay or 0)
        await self.settle()

    async def until(self, holds: Callable[[], Any], *, patience: int = 1) -> None:
        """Wait for something that a thread or a timer brings about, so many times as long as usual."""
        for _ in range(patience * _PATIENCE):
            await self.settle()
            if holds():
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"that never came:\n{self.text}")

    async def keys(self, *keys: str) -> None:
        """Press keys, each by its name or its character, one after the other."""
        for key in keys:
            await self.at_once(key)

    async def at_once(self, *keys: str | events.Event) -> None:
        """Press keys faster than the program can answer: typed ahead, pasted, or come together over a slow line."""
        for key in keys:
            event = key if isinstance(key, events.Event) else _key_event(key)
            event.set_sender(self.app)
            self.app.post_message(event)
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        await self.keys(*text)

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return screen_text(self.app)

    @property
    def words(self) -> str:
        """The screen, or the dialog on it, as running text without frames: what wraps is whole again."""
        dialogs = list(self.app.screen.query(".dialog"))
        return self._words(dialogs or [self.app.screen])

    @property
    def toasts(self) -> str:
        """The message that is shown as running text."""
        return self._words(self.app.screen.query("MessageLine.-says"))

    def _words(self, widgets: Iterable[Widget]) -> str:
        strips = screen_strips(self.app)
        lines = []
        for widget in widgets:
            x, y, width, height = widget.region
            lines += [strip.crop(x, x + width).text for strip in strips[y : y + height]]
        return " ".join(" ".join(lines).translate(_FRAMES).split())

    @property
    def lit(self) -> set[str]:
        """The keys in the last line that are not dimmed."""
        line = screen_strips(self.app)[-1]
        return {segment.text.strip() for segment in line if segment.style and segment.style.bold}

    @property
    def top(self) -> Any:
        """The screen that takes the keys."""
        return self.app.screen


def _key_event(key: str) -> events.Key:
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    return events.Key(name, key if len(key) == 1 else {"space": " ", "enter": "\r", "tab": "\t"}.get(key))


_FRAMES = str.maketrans(dict.fromkeys("│╭╮╰╯─━▁▂▃▄▅▆▇█▎▌▐", " "))


class Desk(Stand):
    """The designer."""

    app: NdtuiApp

    @property
    def bench(self) -> Workbench:
        """The state."""
        return self.app.workbench

    @property
    def design(self) -> Design:
        """The design as it is now."""
        return self.app.workbench.design

    @property
    def count(self) -> int:
        """How many filters there are."""
        return len(self.app.workbench.filterset.filters)

    @property
    def names(self) -> list[str]:
        """The names of the exemptions, in order."""
        return [exemption.name for exemption in self.design.exemptions]

    @property
    def decisions(self) -> RowTable:
        """The left pane."""
        return self.app.designer.decisions

    @property
    def table(self) -> RowTable:
        """The right pane."""
        return self.app.designer.table

    @property
    def status(self) -> str:
        """The status line: the last line but the footer."""
        return self.text.split("\n")[-2].strip()

    @property
    def explanation(self) -> str:
        """What the lower pane says, all of it, as running text."""
        detail = self.top.query_one("#plan-detail, #trace-detail, #detail")
        return " ".join(f"{line.label}: {line.text}" for line in detail.lines)

    @property
    def problem(self) -> str:
        """What the dialog on top says of what was typed."""
        return str(self.top.query_one("#problem", Static).content)

    @property
    def verdict(self) -> str:
        """What the trace screen says becomes of the packet: with a peer that has IPsec, and with one that has not."""
        region = self.top.query_one("#trace-verdict").region
        return " | ".join(line.strip() for line in self.text.split("\n")[region.y : region.bottom])

    @property
    def packet(self) -> str:
        """What the field of the trace screen holds."""
        return str(self.top.query_one("#trace-packet", Input).value)

    async def run(self, action: str) -> None:
        """Run an action as its binding does."""
        await self.app.screen.run_action(action)
        await self.settle()

    async def select(self, identity: str) -> None:
        """Put the cursor of the left pane on a decision by its id, or on ``exemption:NAME``, and the focus with it."""
        self.decisions.focus()
        self.app.designer.select(identity)
        await self.settle()

    async def go_to(self, holds: Callable[[Any], bool]) -> None:
        """Put the cursor of the right pane on the first row that something holds for, and the focus with it."""
        self.table.focus()
        assert self.table.go_to(holds)
        await self.settle()

    async def fill(self, **values: str) -> None:
        """Put texts into the fields of the dialog on top, by their ids; ``text`` is the only field of a prompt."""
        for name, value in values.items():
            self.top.query_one(Input if name == "text" else f"#{name}", Input).value = value
        await self.settle()

    async def press(self, button: str) -> None:
        """Press a button of the dialog on top, by its id."""
        self.top.query_one(f"#{button}", Button).press()
        await self.settle()

    async def planned(self) -> None:
        """Wait for the threads of the plan screen, and for what they lead to."""
        await self.settle()
        for name in ("plan", "apply", "confirm", "revert", "plan"):
            workers = [worker for worker in self.app.workers if worker.name == name]
            for worker in workers:
                with suppress(WorkerError):  # the screen says so; that is what is looked at
                    await self.app.workers.wait_for_complete([worker])
            if workers:
                await self.settle()


@asynccontextmanager
async def running(stand: Stand, size: tuple[int, int] = (80, 24), *, toasts: bool = False) -> AsyncIterator[Stand]:
    """Run an app that nobody sees."""
    async with stand.app.run_test(size=size, notifications=toasts, message_hook=stand.hear) as pilot:
        stand.pilot = pilot
        pilot.pause = stand.pause  # type: ignore[method-assign]
        await stand.settle()
        yield stand


@asynccontextmanager
async def at_work(
    design: Design | str = "nd-transport",
    size: tuple[int, int] = (80, 24),
    *,
    path: Path | None = None,
    saved: bool = True,
    toasts: bool = False,
    **options: Any,
) -> AsyncIterator[Desk]:
    """Open the designer with a design or with the preset of a name."""
    opened = preset(design) if isinstance(design, str) else design
    options.setdefault("settings", SETTINGS)
    desk = Desk(NdtuiApp(opened, path, Options(**options), saved=saved))
    desk.app.NOTIFICATION_TIMEOUT = 3600.0
    async with running(desk, size, toasts=toasts):
        yield desk


def labels(desk: Desk) -> Iterator[str]:
    """Return what the steps of the history are called, the oldest first."""
    steps: tuple[Step, ...] = (*desk.bench.history.past, desk.bench.history.present)
    return (step.label for step in steps)

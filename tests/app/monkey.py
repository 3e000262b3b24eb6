"""A monkey at the designer: keys, characters, clicks, wheel and resizes at random, in bursts, on whatever is on top."""

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Any

from textual import events
from textual.geometry import Size

from ndtui.model.compiled.compile import compile_design
from ndtui.ui.keys.actions import ACTIONS, EVERYWHERE
from ndtui.ui.rows.view import Heading
from tests.desk import Desk
from tests.screens.every_screen import WAYS, Step, go

#: Events that come at once, before the program has its rest and the invariants are looked at.
BURST = 160
#: How often a key comes that is held for a moment, and a step of the wheel that is turned.
HELD = 8
#: The least and the greatest terminal.
LEAST, GREATEST = (60, 15), (200, 60)
#: A slash in a path would lead out of the test's folder, so f3, which does the same in a table, stands for it.
KEPT_OUT = frozenset("/\\")
KEYS = tuple(
    sorted({key for action in ACTIONS for key in action.keys} | {key for key, _ in EVERYWHERE} | {"backspace"})
)
#: Keys that go somewhere are pressed more often than the rest, and so is what answers and what leads back.
OFTEN = ("down", "up", "tab", "enter", "enter", "space", "escape", "escape", "left", "right", "pagedown")
CHARACTERS = tuple(character for character in map(chr, range(32, 127)) if character not in KEPT_OUT) + tuple(
    "é鍵\u0301ш🔒"
)
#: Ways that end with the program asking whether to leave are tried by the keys themselves.
STEPS = tuple(way.keys for way in WAYS.values())


class Monkey:
    """Does so many things by the dice of a seed; remembers the last ones."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.dice = Random(seed)
        self.seed = seed
        self.done = 0
        self.last: deque[str] = deque(maxlen=BURST + 10)
        self.met: set[str] = set()
        """The names of the classes of the screens that were on top."""

    async def play(self, times: int) -> None:
        """Go to every screen in turn, and let loose there, until so many things were done."""
        starts = self._starts()
        while self.done < times:
            try:
                await self._arrive(next(starts))
                await self._burst()
                # an action may wait 15 s for the lock of a store where a watchdog is at work, and keys wait for it
                await self.desk.until(lambda: not (self.desk.app._typed and self.desk.app.is_running), patience=3)
                self._look()
            except BaseException as error:
                error.add_note(f"seed {self.seed}, after {self.done} events; the last were: {' '.join(self.last)}")
                error.add_note(self._what_keys_wait_for())
                raise

    def _what_keys_wait_for(self) -> str:
        """Return what the keys wait for that are not answered yet, for who looks for the cause of a failure."""
        app = self.desk.app
        asking = [f"{worker.node} {worker.state} over {screen}" for worker, screen in app._asking]
        long = [each.progress.words() for each in app._long]
        return f"{len(app._typed)} keys wait; {app._under_way} under way; asking: {asking}; at work: {long}"

    def _starts(self) -> Iterator[tuple[Step, ...]]:
        """Yield the ways to every screen round and round, for each seed from another one on."""
        place = 5 * self.seed
        while True:
            yield STEPS[place % len(STEPS)]
            place += 1

    async def _arrive(self, steps: tuple[Step, ...]) -> None:
        """Set out for a screen where two keys lead back to the designer; else stay."""
        await self.desk.at_once("escape", "escape")
        if self.desk.top is self.desk.app.designer:
            self.last.append(f"<to {' '.join(map(str, steps))}>")
            for step in steps:
                if not isinstance(step, str):  # it begins at the designer, or waits for what nobody here waits for
                    if self.desk.top is self.desk.app.designer:
                        await go(self.desk, (step,))
                        self.met.add(type(self.desk.top).__name__)
                    continue
                known = self.desk.top is self.desk.app.designer or not step.startswith(("select", "fill"))
                if known and not step.startswith("fill"):
                    await go(self.desk, (step,))
                    self.met.add(type(self.desk.top).__name__)

    async def _burst(self) -> None:
        happening: list[str | events.Event] = []
        size = self.desk.app.size
        while len(happening) < BURST:
            chance = self.dice.random()
            if chance < 0.3:
                happening += [self.dice.choice(OFTEN)] * self.dice.choice((1, 1, HELD))
            elif chance < 0.6:
                happening.append(self.dice.choice(KEYS))
            elif chance < 0.8:
                happening.append(self.dice.choice(CHARACTERS))
            elif chance < 0.99:
                happening += self._mouse(size)
            else:
                size = self._resized()
                happening.append(events.Resize(size, size))
        happening = [each for each in happening if each not in KEPT_OUT]
        self.last += [told(each) for each in happening]
        self.done += len(happening)
        for each in happening:
            if isinstance(each, events.Resize):
                self.desk.app._driver._size = each.size  # type: ignore[union-attr]  # as the headless terminal has it
        await self.desk.at_once(*happening)
        self.met.add(type(self.desk.top).__name__)

    def _mouse(self, size: Size) -> list[str | events.Event]:
        """A click, a double click, a drag or a turn of the wheel, somewhere on the screen."""
        places = [(self.dice.randrange(size.width), self.dice.randrange(size.height)) for _ in range(2)]
        here, there = places[0], self.dice.choice([places[0], places[0], places[0], places[1]])
        kinds: tuple[tuple[type[events.MouseEvent], tuple[int, int], int], ...] = self.dice.choice(
            (
                ((events.MouseDown, here, 1), (events.MouseUp, there, 1)),
                ((events.MouseDown, here, 1), (events.MouseUp, here, 1)) * 2,
                ((events.MouseDown, here, 1), (events.MouseMove, there, 1), (events.MouseUp, there, 1)),
                ((events.MouseMove, here, 0),),
                ((events.MouseScrollDown, here, 0),) * HELD,
                ((events.MouseScrollUp, here, 0),) * HELD,
            )
        )
        return [
            kind(None, x, y, 0, 0, button, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
            for kind, (x, y), button in kinds
        ]

    def _resized(self) -> Size:
        """Return another size, mostly a small one: a great one takes long to draw."""
        near = self.dice.random() ** 3
        return Size(*(round(least + (most - least) * near) for least, most in zip(LEAST, GREATEST, strict=True)))

    def _look(self) -> None:
        """Check what holds whatever was done."""
        app, bench = self.desk.app, self.desk.bench
        if app._exception is not None:
            raise app._exception
        assert app.is_running
        expected = compile_design(bench.design)
        assert bench.filterset.filters == expected.filters
        assert bench.filterset.contexts == expected.contexts
        assert bench.history.steps[len(bench.history.past)].design is bench.design
        assert all(step.label and step.design.name for step in bench.history.steps)
        designer = app.designer
        if designer.view_name == "filters":
            gone = {id(row) for row in bench.changes.removed}
            rows = [row for row in designer.table.source if not isinstance(row, Heading) and id(row) not in gone]
            assert sorted(rows, key=repr) == sorted(expected.filters, key=repr)
        if self.desk.top is designer and not app.waiting.brief:  # on a narrow screen that takes the place of the count
            assert f"{len(expected.filters)} filters" in self.desk.text.split("\n")[-2], (
                designer.classes,
                designer.focused,
                self.desk.text,
            )


def told(event: Any) -> str:
    """Return an event in a word, as it can be given to the monkey again."""
    if isinstance(event, events.MouseEvent):
        return f"{type(event).__name__}({event.x},{event.y})"
    if isinstance(event, events.Resize):
        return f"Resize{tuple(event.size)}"
    return repr(str(event))

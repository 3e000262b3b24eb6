"""What every screen looks like as text, at several sizes and on several terminals."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
import textual
from textual.strip import Strip

from ndtui.app import terminal_colours
from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.model.files import presets
from tests import screen_setup  # noqa: F401 - first: it sets what the screen depends on
from tests.desk import Desk, at_work, screen_strips
from tests.screens.every_dialog import ALL, reachable
from tests.screens.every_screen import go
from tests.support import design

#: The library that the texts were drawn with: another may draw otherwise.
DRAWN_WITH = "8.2.8"
FOLDER = Path(__file__).parent / "goldens"
#: The design of the walk that draws every screen in every theme, which has exemptions and findings.
IN_THEMES = "nd-domain-member"


class Drawing(NamedTuple):
    """A walk through every screen and dialog."""

    name: str
    design: str
    size: tuple[int, int]
    terminal: dict[str, str]


MANY = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
FEW = {"TERM": "xterm"}
NONE = {"TERM": "vt100"}
#: At 80 columns the walk through every theme draws all in many colours.
DRAWINGS = (
    Drawing("60", "nd-transport", (60, 20), MANY),
    Drawing("140", "nd-transport", (140, 40), FEW),
    Drawing("without", IN_THEMES, (80, 24), NONE),
)
IN_THE_FIRST_THEME = Drawing("80", IN_THEMES, (80, 24), MANY)
#: What is gone to and not kept: what lies below this dialog is being planned anew when the dialog ends by itself.
MOVES = ("reverted elsewhere",)
#: What a screen says while something is worked out, or is about to be.
_AT_WORK = ("checking", "exporting ...", "comparing with", "reading ...")
#: What runs as long as a dialog or a countdown is there.
_LASTING = ("asking", "countdown", "watch")
_TITLE = "==== "
#: Texts that differ from one run to the next, each with what stands for it, in as many cells.
_VOLATILE = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( ?[+-]\d\d:?\d\d)?", "T"),
    (r"\b\d\d:\d\d(:\d\d)?\b", "T"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "K"),
    (r"(?<=\.)[0-9a-f]{8}(?=\.toml)", "K"),
    (r"\b\d+ (s|min|h)( \d+ s)?(?= (ago|unless|left))", "S"),
    (r"\b\d+ min \d+ s\b|\b\d+ s\b", "S"),
)


def still(text: str) -> str:
    """Return a screen without what differs from one run to the next."""
    for pattern, sign in _VOLATILE:
        text = re.sub(pattern, lambda found, sign=sign: sign * len(found[0]), text)
    return text


@contextmanager
def on(terminal: dict[str, str]) -> Iterator[None]:
    """Be on a terminal, as the designer is started on it."""
    with patch.dict(os.environ, terminal):
        for name in {"TERM", "COLORTERM", "NO_COLOR"} - terminal.keys():
            os.environ.pop(name, None)
        terminal_colours.settle(os.environ, windows=False)
        yield


def _seen_only(_: str, __: Desk, ___: list[Strip]) -> None:
    """Look at nothing but the text."""


async def draw(drawing: Drawing, look: Callable[[str, Desk, list[Strip]], None] = _seen_only) -> str:
    """Return the screens of a walk by name, with files and a store in the current folder; let each be looked at."""
    drawn: dict[str, str] = {}
    with on(drawing.terminal), reachable():
        async with at_work(drawing.design, drawing.size, store=Path(f"{drawing.name}.sqlite3")) as desk:
            async for name in walk(desk):
                strips = screen_strips(desk.app)
                look(name, desk, strips)
                if name not in MOVES:
                    drawn[name] = seen(desk, strips)
    return written(drawn)


async def walk(desk: Desk) -> AsyncIterator[str]:
    """Go to one screen after the other, and yield its name when all that it has to say is there."""
    presets.save(design(name="mine"), presets.own_path("mine"))
    for name, way in ALL.items():
        await go(desk, way.keys)
        assert isinstance(desk.top, way.top), f"{name}: {desk.text}"
        await desk.planned()
        await desk.until(lambda: not _is_at_work(desk))
        await desk.settle()
        yield name
        await go(desk, way.back)


def _is_at_work(desk: Desk) -> bool:
    if any(worker.is_running and worker.group not in _LASTING for worker in desk.app.workers):
        return True
    text = desk.text
    return any(words in text for words in _AT_WORK)


def seen(desk: Desk, strips: Sequence[Strip] | None = None) -> str:
    """Return the screen as it stands, or as it was drawn, without what differs from one run to the next."""
    text = desk.text if strips is None else "\n".join(strip.text for strip in strips)
    return "\n".join(line.rstrip() for line in still(text).split("\n"))


def _command_at_its_own_place(_: OwnCommands, name: str) -> str:
    """Return a command without the path of a store: in full it is another one in every run."""
    return f"ndtui {name}"


def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder, and name what lies in it by paths that are the same on every machine."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(OwnCommands, "of", _command_at_its_own_place)
    monkeypatch.setenv("NDTUI_CONFIG_DIR", "config")
    monkeypatch.setenv("NDTUI_DATA_DIR", "data")


def changed(name: str, drawn: str) -> str:
    """Return what is not as the kept text of a walk has it, and how to keep it.

    Texts are compared where they can be the same: with the same library, and paths that are written alike.
    """
    if textual.__version__ != DRAWN_WITH or sys.platform == "win32":
        return ""
    told = differences((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), drawn)
    lines = "\n".join(told)
    return f"if that is meant: make screenshots\n{name}: {lines[:6000]}" if told else ""


def written(screens: dict[str, str]) -> str:
    """Return some screens, one below the other, each under its name."""
    return "".join(f"{_TITLE}{name}\n{text}\n" for name, text in screens.items())


def differences(expected: str, drawn: str, most: int = 40) -> list[str]:
    """Return the first lines that differ, with the screen they stand on and their number there."""
    found: list[str] = []
    name, number = "", 0
    was, now = _screens(expected), _screens(drawn)
    for name in (*was, *(each for each in now if each not in was)):
        if name not in was or name not in now:
            found.append(f"{name}: {'is new' if name in now else 'is gone'}")
            continue
        for number, (one, other) in enumerate(zip(was[name], now[name], strict=False), 1):
            if one != other:
                found += [f"{name}:{number} - {one}", f"{name}:{number} + {other}"]
    return found[:most]


def _screens(text: str) -> dict[str, list[str]]:
    parts = re.split(rf"^{_TITLE}", text, flags=re.M)[1:]
    return {lines[0]: lines[1:] for lines in (part.split("\n") for part in parts)}


def main() -> int:
    """Write the texts anew, with the user's folders set aside."""
    before = Path.cwd()
    os.environ.update(NDTUI_CONFIG_DIR="config", NDTUI_DATA_DIR="data", NDTUI_LASTING_GUARD="none")
    drawn: dict[str, str] = {}
    OwnCommands.of = _command_at_its_own_place  # type: ignore[method-assign]
    for drawing in (*DRAWINGS, IN_THE_FIRST_THEME):
        with tempfile.TemporaryDirectory() as empty:
            os.chdir(empty)
            try:
                drawn[drawing.name] = asyncio.run(draw(drawing))
            finally:
                os.chdir(before)
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawn.items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

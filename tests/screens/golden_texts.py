"""What every screen looks like as text, at several sizes: drawn from a design that nobody else changes."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial
from pathlib import Path

import pytest
import textual
from textual.strip import Strip

from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.common.settings import Settings
from ndtui.model.files import presets
from tests import screen_setup  # noqa: F401 - first: it sets what the screen depends on
from tests.desk import SETTINGS, Desk, at_work
from tests.screens.every_dialog import ALL, reachable
from tests.screens.every_screen import go
from tests.support import design

#: The library that the texts were drawn with: another may draw otherwise.
DRAWN_WITH = "8.2.8"
FOLDER = Path(__file__).parent / "goldens"
#: The sizes that are drawn for their texts alone; at 80 columns the walk through every theme draws all.
SIZES = ((60, 20), (140, 40))
#: What is gone to and not kept: what lies below this dialog is being planned anew when the dialog ends by itself.
MOVES = ("reverted elsewhere",)
#: The design of the walk that draws every screen in every theme, which has exemptions and findings.
IN_THEMES = "nd-domain-member"
#: Screens that are drawn with ASCII signs too.
IN_ASCII = ("filters", "weights", "edit", "plan", "trace")
ASCII = Settings(glyphs="ascii")
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


async def draw(folder: Path) -> dict[str, str]:
    """Return the screens by size and name, drawn with files and a store in a folder, which is the current one."""
    drawn: dict[str, str] = {}
    for size in SIZES:
        drawn[f"{size[0]}"] = await _draw(folder, "nd-transport", size, SETTINGS, ALL)
    drawn["ascii"] = await _draw(folder, "nd-transport", (80, 24), ASCII, IN_ASCII)
    return drawn


async def _draw(folder: Path, preset: str, size: tuple[int, int], settings: Settings, names: Iterable[str]) -> str:
    store = folder / f"{size[0]}-{settings.glyphs}.sqlite3"
    with reachable():
        async with at_work(preset, size, store=store, settings=settings) as desk:
            return written({name: seen(desk) async for name in walk(desk, names) if name not in MOVES})


async def walk(desk: Desk, names: Iterable[str] = tuple(ALL)) -> AsyncIterator[str]:
    """Go to one screen after the other, and yield its name when all that it has to say is there."""
    presets.save(design(name="mine"), presets.own_path("mine"))
    for name in names:
        way = ALL[name]
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


def changed(drawn: dict[str, str], but: tuple[str, ...] = ()) -> str:
    """Return what is not as the kept texts have it, but for some screens, and how to keep it.

    Texts are compared where they can be the same: with the same library, and paths that are written alike.
    """
    if textual.__version__ != DRAWN_WITH or sys.platform == "win32":
        return ""
    told = [
        f"{name} {line}"
        for name, text in drawn.items()
        for line in differences((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), text)
        if not line.startswith(tuple(f"{each}:" for each in but))
    ]
    lines = "\n".join(told)
    return f"if that is meant: make screenshots\n{lines[:6000]}" if told else ""


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


async def draw_in_themes() -> dict[str, str]:
    """Return the screens of the walk that goes through the themes, in the first of them."""
    return {"80": await _draw(Path(), IN_THEMES, (80, 24), SETTINGS, ALL)}


def main() -> int:
    """Write the texts anew, with the user's folders set aside."""
    before = Path.cwd()
    os.environ.update(NDTUI_CONFIG_DIR="config", NDTUI_DATA_DIR="data", NDTUI_LASTING_GUARD="none")
    drawn: dict[str, str] = {}
    OwnCommands.of = _command_at_its_own_place  # type: ignore[method-assign]
    for some in (partial(draw, Path()), draw_in_themes):
        with tempfile.TemporaryDirectory() as empty:
            os.chdir(empty)
            try:
                drawn |= asyncio.run(some())
            finally:
                os.chdir(before)
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawn.items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What every screen looks like as text, at several sizes: drawn from a design that nobody else changes."""

import asyncio
import os
import re
import tempfile
from pathlib import Path
from unittest.mock import patch

from ndtui.backends.transactional import noting
from ndtui.common.settings import Settings
from ndtui.model.files import presets
from tests import screen_setup  # noqa: F401 - first: it sets what the screen depends on
from tests.desk import SETTINGS, at_work
from tests.screens.every_screen import WAYS, go
from tests.support import design

FOLDER = Path(__file__).parent / "goldens"
SIZES = ((60, 20), (80, 24), (140, 40))
#: Every screen but the list of presets, which names the folder of this checkout; the tour, whose box lies over a screen
#: that is drawn anyway, and moves with its refreshes; and the countdown, whose line comes when the store is looked at.
NAMES = tuple(name for name in WAYS if name not in ("presets", "tour", "countdown"))
#: Screens that are drawn with ASCII signs too.
IN_ASCII = ("filters", "weights", "edit", "plan", "trace")
ASCII = Settings(glyphs="ascii")
#: What a screen says while something is worked out.
_AT_WORK = ("checking", "exporting ...", "comparing with")
_TITLE = "==== "
#: Texts that differ from one run to the next, each with what stands for it, in as many cells.
_VOLATILE = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( ?[+-]\d\d:?\d\d)?", "T"),
    (r"\b\d\d:\d\d(:\d\d)?\b", "T"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "K"),
    (r"\b\d+ (s|min|h)( \d+ s)?(?= (ago|unless|left))", "S"),
    (r"\b\d+ min \d+ s\b|\b\d+ s\b", "S"),
)


def still(text: str) -> str:
    """Return a screen without what differs from one run to the next."""
    for pattern, sign in _VOLATILE:
        text = re.sub(pattern, lambda found, sign=sign: sign * len(found[0]), text)
    return text


async def draw(folder: Path) -> dict[str, str]:
    """Return the screens by size and name, drawn with files and a store in a folder."""
    presets.save(design(name="mine"), presets.own_path("mine"))
    drawn: dict[str, str] = {}
    with (
        patch.object(noting, "_account", lambda: "operator"),
        patch("platform.node", lambda: "host"),
        patch.dict(os.environ, {"SUDO_USER": ""}),
    ):
        for size in SIZES:
            drawn[f"{size[0]}"] = await _draw(folder, size, SETTINGS, NAMES)
        drawn["ascii"] = await _draw(folder, (80, 24), ASCII, IN_ASCII)
    return drawn


async def _draw(folder: Path, size: tuple[int, int], settings: Settings, names: tuple[str, ...]) -> str:
    """Return some screens, one below the other, each under its name."""
    store = folder / f"{size[0]}-{settings.glyphs}.sqlite3"
    screens = []
    async with at_work("nd-transport", size, store=store, settings=settings) as desk:
        for name in names:
            way = WAYS[name]
            await go(desk, way.keys)
            await desk.planned()
            await desk.until(lambda: not any(words in desk.text for words in _AT_WORK))
            lines = [line.rstrip() for line in still(desk.text).split("\n")]
            screens.append("\n".join([f"{_TITLE}{name}", *lines]))
            await go(desk, way.back)
    return "\n".join(screens) + "\n"


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
    with tempfile.TemporaryDirectory() as empty:
        os.environ.update(NDTUI_CONFIG_DIR="config", NDTUI_DATA_DIR="data", NDTUI_LASTING_GUARD="none")
        os.chdir(empty)
        try:
            drawn = asyncio.run(draw(Path()))
        finally:
            os.chdir(before)
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawn.items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

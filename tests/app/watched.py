"""A file of an open design: what it holds, what the designer sees of it, and what it says of it."""

from pathlib import Path

from ndtui.model.design.design import Design
from ndtui.model.files.design_file import parse_design
from ndtui.ui.widgets.file_bar import FileBar
from tests.desk import Desk


def held(path: Path) -> Design:
    return parse_design(path.read_text(encoding="utf-8"), str(path))


async def looked(desk: Desk) -> None:
    """Let the watch look as often as it takes to see a file at rest."""
    for _ in range(2):
        await looked_once(desk)


async def looked_once(desk: Desk) -> None:
    await desk.app._look_at_file().wait()
    await desk.settle()


def bar(desk: Desk) -> str:
    """Return what the line at the top says; empty where there is none."""
    return desk.text.split("\n")[0].strip() if desk.app.designer.query_one(FileBar).display else ""

"""The rows of a table that contain a text, each under its heading."""

from collections.abc import Callable, Iterable
from typing import Any

from ndtui.ui.rows.view import View


def rows_with(text: str, rows: Iterable[Any], view: View, is_heading: Callable[[Any], bool]) -> list[Any]:
    """Return the rows whose cells, or whose heading, contain a text in whatever case; headings without rows go."""
    wanted = text.casefold()
    found: list[Any] = []
    heading: Any = None
    above = ""
    for row in rows:
        if is_heading(row):
            heading, above = row, " ".join(view.cells(row)).casefold()
        elif wanted in above or wanted in " ".join(view.cells(row)).casefold():
            if heading is not None:
                found.append(heading)
                heading = None
            found.append(row)
    return found

"""What the application does for its tables: it asks for their columns, and keeps the choice in the settings."""

import asyncio
from typing import TYPE_CHECKING, Any

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible

if TYPE_CHECKING:
    from textual.app import App

    from ndtui.ui.widgets.arranged_table import ArrangedTable


async def choose_columns(
    app: "App[Any]", table: "ArrangedTable", kept: dict[str, tuple[str, ...]], *, read_only: bool
) -> None:
    """Ask which columns a table shows; other tables of its kind have them from then on, and the next session too.

    ``kept`` takes the titles under the name of the table.
    """
    from ndtui.screens.dialogs.columns import ColumnsScreen  # noqa: PLC0415 - keeps the start short

    view, before = table.view, table.wanted.columns
    chosen = await app.push_screen_wait(ColumnsScreen(view, before, table.placed))
    if chosen is None or chosen == before or table.view is not view:
        return
    table.choose_columns(chosen)
    if not view.name:
        return
    titles = None if chosen == view.usual else tuple(view.columns[number].title for number in chosen)
    kept.pop(view.name, None)
    if titles is not None:
        kept[view.name] = titles
    if read_only:
        app.notify("Read-only: the columns are kept for this session alone", markup=False)
        return
    from ndtui.common.kept_settings import keep_columns  # noqa: PLC0415

    try:
        await asyncio.to_thread(keep_columns, view.name, titles)
    except NdtuiError as error:
        said = f"The columns are kept for this session alone: {visible(str(error))}"
        app.notify(said, severity="warning", markup=False)

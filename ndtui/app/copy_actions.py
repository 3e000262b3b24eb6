"""What can be taken out of the designer: texts, an object as JSON, a link."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from textual.screen import Screen

from ndtui.analysis.check.finding import Finding
from ndtui.app import clipboard
from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.documents import filter_document
from ndtui.model.compiled.objects import Filter, ProviderContext
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, Listed
from ndtui.model.design.rule import Rule
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen
from ndtui.screens.dialogs.links import LinksScreen
from ndtui.ui.state.host import Host
from ndtui.ui.widgets.detail import Detail, lines_text
from ndtui.ui.widgets.row_table import RowTable


class CopyHost(Host, Protocol):
    """What these actions ask of the application beyond what others may."""

    def copy_to_clipboard(self, text: str) -> None:
        """Hand a text to the terminal's clipboard."""

    def open_url(self, url: str) -> None:
        """Open a page in the browser."""

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""

    @property
    def is_web(self) -> bool:
        """Whether the designer is shown in a browser."""


def copy(host: CopyHost, text: str, what: str) -> None:
    """Copy a text to the clipboard, or into a file where the terminal has none; what is copied is said."""
    size = f"{len(text):,} characters"
    if host.is_web or clipboard.takes(text):
        host.copy_to_clipboard(text)
        host.notify(f"Copied {what}: {size}, to the terminal's clipboard", markup=False)
    elif host.options.read_only:
        host.notify(f"Not copied: this terminal takes no {size}, and read-only writes no file", markup=False)
    else:
        try:
            path = clipboard.put_aside(text)
        except NdtuiError as error:
            host.notify(visible(str(error)), severity="error", markup=False)
            return
        host.notify(f"Copied {what}: {size}, into {visible(str(path))}: the terminal takes none", markup=False)


def copy_shown_row(host: CopyHost) -> None:
    """Copy the explanation of the selected row of the screen on top."""
    lines = host.screen.query_one(Detail).lines
    if lines:
        copy(host, lines_text(lines), "the selected row")
    else:
        host.notify("Nothing is explained here: there is no row", markup=False)


def copy_shown_table(host: CopyHost) -> None:
    """Copy the table of the screen on top as it is shown: the one that has the focus, or the last."""
    tables = [*host.screen.query(RowTable)]
    table = next((each for each in tables if each.has_focus), tables[-1])
    copy(host, table.text(), "the shown rows" if table.filter_text else "all rows")


def copy_json(host: CopyHost) -> None:
    """Copy the selected object as the JSON that a bundle has; of a change what it is about, as it is or as it was."""
    subject = host.selection.of_json
    documents: dict[type, Callable[[Any], Any]] = {
        dict: dict,
        Filter: filter_document,
        ProviderContext: context_document,
        Finding: Finding.document,
        Exemption: _element_document,
        Rule: _element_document,
        Item: lambda item: _element_document(item.element),
    }
    make = documents.get(type(subject))
    if make is not None:
        copy(host, json.dumps(make(subject), indent=2, ensure_ascii=False), "the JSON of the selected row")


def _element_document(element: Listed) -> Any:
    return element.model_dump(mode="json")


async def ask_link(host: CopyHost) -> None:
    """Offer to open or copy a page that the explanation names; of several it is asked first which one."""
    url = await _one_of(host, host.links)
    if url is None:
        return
    opens = (Answer("open", "Open"),) if host.is_web or _has_browser() else ()
    question = ChoiceScreen("Link", [url], (*opens, Answer("copy", "Copy"), Answer("no", "Close")))
    answer = await host.push_screen_wait(question)
    if answer == "open":
        host.open_url(url)
    elif answer == "copy":
        copy(host, url, "the link")


async def _one_of(host: CopyHost, links: Sequence[str]) -> str | None:
    """Return the one page that there is, or the one that is chosen."""
    if len(links) < 2:
        return next(iter(links), None)
    chosen: str | None = await host.push_screen_wait(LinksScreen(links))
    return chosen


def _has_browser() -> bool:
    """Whether a browser with a window of its own can be expected; one in the terminal would take it over."""
    return sys.platform in {"win32", "darwin"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))

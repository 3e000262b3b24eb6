"""Editing outside: the design as a text in the operator's own editor, and back as one step of the history."""

import os
import time
from functools import partial
from typing import Literal

from textual.app import SuspendNotSupported

from ndtui.app.editor_process import run_editor
from ndtui.common.errors import InputError, NdtuiError
from ndtui.common.outside_editor import Editor, find_editor
from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.design_on_disk import OnDisk, look
from ndtui.model.files.draft import Draft
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state.host import Host
from ndtui.ui.state.progress import done_beside
from ndtui.ui.state.workbench import Workbench

#: An editor that returns within so many seconds with nothing changed has most likely a window of its own.
AT_ONCE = 1.0


async def edit_outside(host: Host) -> None:
    """Let the operator edit the design's text, and take in what comes back, or say in one line why not."""
    try:
        editor = find_editor(host.options.settings.editor, os.environ)
        draft = Draft(host.workbench.design.name, await _text_of(host))
    except NdtuiError as error:
        _say(host, str(error), "error")
        return
    try:
        await _edit(host, editor, draft)
    except SuspendNotSupported:
        _say(host, "There is no terminal here that an editor could be opened in", "warning")
    except NdtuiError as error:
        _say(host, f"{error}{_kept(draft)}", "error")
    finally:
        draft.remove()


async def _text_of(host: Host) -> str:
    """Return the text of the design, with the comments of its file or of the text it was last read from."""
    bench = host.workbench
    what, found = "Writing the text for the editor", None
    if bench.path and not bench.text:
        found = await done_beside(host, bench.design, what, partial(look, bench.path))
    text = await done_beside(host, bench.design, what, partial(_formatted, bench, found))
    if found is not None and bench.path and found.design is not None and found.design in (bench.saved, bench.design):
        host.file_watch.know(bench.path, found.data, found.design)
    return text


def _formatted(bench: Workbench, found: OnDisk | None) -> str:
    if found is not None and found.design == bench.design:
        return found.text
    if bench.text and any(each.text == bench.text and each.design == bench.design for each in bench.written):
        return bench.text
    return format_design(bench.design, bench.text or (found.text if found and found.design else ""))


async def _edit(host: Host, editor: Editor, draft: Draft) -> None:
    line: int | None = None
    while True:
        status, seconds = _run(host, editor.arguments(draft.path, line))
        if status:
            ended = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
            _say(host, f"The editor {ended}: nothing was taken{_kept(draft)}", "warning")
            return
        if not draft.is_changed:
            _say(host, *_unchanged(draft, seconds))
            return
        read = await _read(host, host.workbench.design, draft)
        if not isinstance(read, InputError):
            _take(host, *read)
            return
        from ndtui.screens.dialogs.edit_errors import EditErrorsScreen, problems_of  # noqa: PLC0415 - seldom wanted

        if await host.push_screen_wait(EditErrorsScreen(read, draft.text)) != "again":
            _say(host, f"The edit was dropped{_kept(draft)}")
            return
        line = problems_of(read)[0].line


def _run(host: Host, command: list[str]) -> tuple[int, float]:
    """Run the editor in the terminal; return its exit status and how many seconds it took."""
    failed: InputError | None = None
    status, started = 0, time.monotonic()
    with host.suspend():  # which leaves the terminal to others for good if something is raised in there
        try:
            status = run_editor(command)
        except InputError as error:
            failed = error
    if failed is not None:
        raise failed
    return status, time.monotonic() - started


def _unchanged(draft: Draft, seconds: float) -> tuple[str, Literal["information", "warning"]]:
    if not draft.is_there:
        return "The editor left no file: nothing has changed", "warning"
    if seconds < AT_ONCE:
        return "Nothing changed, and your editor returned at once: use --wait, as code --wait", "warning"
    return "Nothing was changed", "information"


async def _read(host: Host, design: Design, draft: Draft) -> tuple[Design, str] | InputError:
    """Return the design that came back and its text, or what is wrong with it."""

    def read() -> tuple[Design, str]:
        text = draft.read()
        return parse_design(text, "the text"), text

    try:
        return await done_beside(host, design, "Reading the text", read)
    except InputError as error:
        return error


def _take(host: Host, design: Design, text: str) -> None:
    same = design == host.workbench.design
    host.read("edit outside", design, text)
    undo = KeyMap(host.options.keys).first("designer.undo")
    _say(host, "Only comments and layout changed: saving keeps them" if same else f"Taken in: {undo} undoes it")


def _kept(draft: Draft) -> str:
    """Keep a text that is not taken in, and return where it is in words; nothing where there is nothing to keep."""
    if not draft.is_changed:
        return ""
    try:
        return f"; the text is kept in {draft.keep()}"
    except NdtuiError as error:
        return f"; the text could not be kept: {error}"


def _say(host: Host, text: str, severity: Literal["information", "warning", "error"] = "information") -> None:
    host.notify(visible(text), severity=severity, markup=False, timeout=None if severity == "information" else 8)

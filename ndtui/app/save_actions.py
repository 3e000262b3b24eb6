"""How the designer saves: it looks at the file first, and asks when somebody else has changed it."""

from functools import partial
from pathlib import Path

from pydantic import ValidationError

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.model.design.design import Design, change, derived_id
from ndtui.model.files import presets
from ndtui.model.files.design_on_disk import ChangedError, OnDisk, look
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state.host import Host
from ndtui.ui.state.progress import LeftError, done_beside


async def save(host: Host) -> bool:
    """Save to the file the design came from, or ask for a name; tells whether it is saved now."""
    path = host.workbench.path
    if path is None:
        return await save_as(host)
    found = await _looked(host, path)
    return found is not None and await _save_to_own(host, path, found, host.workbench.design)


async def _save_to_own(host: Host, path: Path, found: OnDisk, design: Design) -> bool:
    """Save a design to the file of the open one, and ask first where that is not as it was."""
    known = (host.workbench.saved, host.workbench.design)
    if found.is_read_only or found.design is None or found.design not in known or host.file_watch.overtaken(found):
        return await _decide(host, path, found, design)
    return await _write(host, path, found, design)


async def save_as(host: Host) -> bool:
    """Ask for a name and save a design of that name among the user's presets."""
    from ndtui.screens.dialogs.dialog import PromptScreen, confirm  # noqa: PLC0415 - keeps the start short
    from ndtui.ui.rows.form_fields import typed_name  # noqa: PLC0415

    design = host.workbench.design
    proposed = design.name if not name_problem(host, design.name) else f"my-{design.name}"
    note = partial(_said_of, host, proposed)
    prompt = PromptScreen("Save as preset", "Name", proposed, partial(name_problem, host), note)
    written = await host.push_screen_wait(prompt)
    if written is None:
        return False
    name = typed_name(written, proposed)
    path = presets.own_path(name)
    is_open = path == host.workbench.path
    found = await _looked(host, path)
    if found is None:
        return False
    if found.is_there and (not is_open or name != design.name):
        said = f"{path} is the file that is open, under another name." if is_open else f"{path} is already there."
        question = confirm("Overwrite preset", [said], "Overwrite", dangerous=True)
        if await host.push_screen_wait(question) != "yes":
            return False
    renamed = design if name == design.name else change(design, name=name)
    return await (_save_to_own if is_open else _write)(host, path, found, renamed)


def _said_of(host: Host, proposed: str, written: str) -> str:
    """Return where a design is saved under a name that is written, and what that makes of its objects."""
    from ndtui.ui.rows.form_fields import typed_name  # noqa: PLC0415 - keeps the start short

    design, count = host.workbench.design, len(host.workbench.filterset.filters)
    name = typed_name(written, proposed)
    try:
        place = f"Saved as {presets.own_path(name)}"
    except NdtuiError:
        place = f"Saved in {presets.own_dir()}"
    if name == design.name:
        return place
    keys = "their keys come from the name" if design.id == derived_id(design.name) else "their keys stay"
    return f"~{count} filters, {count} in all: {keys}. {place}"


def name_problem(host: Host, name: str) -> str:
    """Return why a design cannot be saved under a name, or nothing."""
    try:
        presets.own_path(name)
        change(host.workbench.design, name=name)
    except ValidationError as error:
        from ndtui.ui.rows.refusal_words import refusal_words  # noqa: PLC0415 - keeps the start short

        return refusal_words(error, host.workbench.design)
    except NdtuiError as error:
        return str(error)
    return ""


async def answer_news(host: Host) -> None:
    """Ask what to do about a file that has changed on disk while nobody was saving; keeping both is an answer."""
    path, found = host.workbench.path, host.file_watch.found
    if path is not None and found is not None:
        await _decide(host, path, found, host.workbench.design, saving=False)


async def _decide(host: Host, path: Path, found: OnDisk, design: Design, *, saving: bool = True) -> bool:
    """Ask what to do with a file that is not as it was when it was read, until that is done.

    ``design`` is what is written where it is written over.
    """
    from ndtui.screens.dialogs import file_changed  # noqa: PLC0415 - keeps the start short
    from ndtui.screens.dialogs.difference import DifferenceScreen  # noqa: PLC0415

    while True:
        question = file_changed.question(path, found, saving=saving, may_write=not host.options.read_only)
        answer = await host.push_screen_wait(question)
        if answer == "difference" and found.design is not None:
            bench = host.workbench
            await host.push_screen_wait(DifferenceScreen(found, bench.filterset, bench.text))
        elif answer == "reload" and found.design is not None:
            host.reload(found.design, path, found.data)
            undo = KeyMap(host.options.keys).first("designer.undo")
            host.notify(f"Reloaded: {undo} brings your own work back", markup=False)
            return False
        elif answer == "keep_mine":
            host.file_watch.keep()
            host.notify("Kept what is open: saving asks before it writes over the file", markup=False)
            return False
        elif answer in ("overwrite", "write"):
            return await _write(host, path, found, design)
        else:
            return await save_as(host) if answer == "save_as" else False


async def _looked(host: Host, path: Path) -> OnDisk | None:
    """Return what a file holds before it is written over; ``None`` where the operator has left off."""
    work = partial(look, path, host.file_watch.known_design)
    try:
        return await done_beside(host, host.workbench.design, f"Reading {visible(path.name)}", work)
    except LeftError:
        _not_saved(host, path)
        return None


async def _write(host: Host, path: Path, found: OnDisk, design: Design) -> bool:
    """Write a design, which has another name where it is saved as another: what is open gets it once that is done."""
    work = partial(presets.save, design, path, found, host.workbench.text)
    try:
        text = await done_beside(host, design, f"Saving {visible(path.name)}", work, writes=True)
    except LeftError:
        _not_saved(host, path)
        return False
    except ChangedError:
        found_now = await _looked(host, path)
        return found_now is not None and await _decide(host, path, found_now, design)
    except NdtuiError as error:
        host.notify(visible(str(error)), severity="error", markup=False)
        return False
    if design.name != host.workbench.design.name:
        host.edit("rename", lambda _: design)
    host.saved(host.workbench.design, path, text.encode("utf-8"))
    host.notify(f"Saved to {visible(str(path))}", markup=False)
    return True


def _not_saved(host: Host, path: Path) -> None:
    host.notify(f"Not saved: {visible(path.name)} is as it was", severity="warning", markup=False)

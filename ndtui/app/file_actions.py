"""What the designer does when it opens another design or ends, and what becomes of unsaved work."""

from functools import partial
from pathlib import Path

from ndtui.app.reasons import VISITOR
from ndtui.app.save_actions import save
from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.exporters.bundle.designs_and_bundles import Source, read_file
from ndtui.model.compiled.compile import compile_design
from ndtui.model.files.design_on_disk import OnDisk, look
from ndtui.model.files.presets import Preset
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state import recent_files, recovery, work_origin
from ndtui.ui.state.host import Host
from ndtui.ui.state.messages import Severity
from ndtui.ui.state.progress import LeftError, done_beside
from ndtui.ui.state.recovery import Recovery
from ndtui.ui.state.work_origin import origin_of
from ndtui.ui.state.workbench import Workbench

_UNSAVED = "Unsaved work"
#: Files of up to so many bytes are read at once.
_QUICK = 100_000


async def may_leave(host: Host, what: str) -> bool:
    """Ask what to do with unsaved work; tells whether it is safe to go on."""
    if not host.workbench.dirty or _is_kept_elsewhere(host.workbench):
        return True
    from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen  # noqa: PLC0415 - keeps the start short

    answers = (
        *(() if host.options.read_only else (Answer("save", "Save"),)),
        Answer("discard", "Discard", dangerous=True),
        Answer("no", "Stay"),
    )
    lines = [f"{host.workbench.design.name} has changes that no file has."]
    answer = await host.push_screen_wait(ChoiceScreen(what, lines, answers))
    return await save(host) if answer == "save" else answer == "discard"


async def open_preset(host: Host) -> None:
    """Browse presets and unsaved work, and load what is chosen, after asking about the work at hand."""
    from ndtui.screens.dialogs.preset_browser import PresetsScreen  # noqa: PLC0415 - keeps the start short

    others = ([], []) if host.options.visitor else (recovery.leftovers(), recent_files.recent())
    screen = PresetsScreen(host.workbench.filterset, *others)
    chosen = await host.push_screen_wait(screen)
    if chosen == "path":
        await open_file(host)
    elif chosen is not None:
        await open_chosen(host, chosen.preset)


async def open_chosen(host: Host, preset: Preset) -> None:
    """Load a preset, a recent file or unsaved work, after asking about the work at hand."""
    unsaved = preset.kind == "unsaved"
    try:
        # A recent file may be large or far away, and so may one of unsaved work; a preset was read a moment ago.
        slow = preset.kind in ("recent", "unsaved") or (
            files.is_there(preset.path) and preset.path.stat().st_size > _QUICK
        )
        work = partial(_read, preset)
        source, base = await host.long(f"Reading {visible(preset.path.name)}", work) if slow else work()
    except LeftError:
        return
    except NdtuiError as error:
        _refuse(host, preset, error)
        return
    if not await may_leave(host, "Open another design"):
        return
    own = Recovery()
    if unsaved and not host.options.read_only:  # who only looks leaves it where it is
        try:
            source = Source(own.take_over(preset.path), source.path)
        except NdtuiError as error:
            host.notify(visible(str(error)), severity="error", markup=False)
            return
    if not await load_source(host, source, own, saved=not unsaved, base=base):
        return
    if unsaved:
        host.unsay(_UNSAVED)
    else:
        offer_leftovers_of_file(host)


def _read(preset: Preset) -> tuple[Source, OnDisk | None]:
    """Return a design with its file; of unsaved work also what its file holds, if that is what the work was done on."""
    if preset.kind == "recent":
        return read_file(preset.path), None
    design = preset.load()
    origin = work_origin.read(preset.path) if preset.kind == "unsaved" else None
    if origin is None:
        return Source(design, preset.path if preset.kind == "own" else None), None
    found = look(origin.path)
    return Source(design, origin.path), found if found.design is not None and origin.was(found.data) else None


def _refuse(host: Host, preset: Preset, error: NdtuiError) -> None:
    """Say why a preset is not loaded; a recent file that is gone is listed no more."""
    host.notify(visible(str(error)), severity="error", markup=False)
    if preset.kind == "recent" and not files.is_there(preset.path) and not host.options.read_only:
        try:
            recent_files.drop(preset.path)
        except NdtuiError as problem:
            host.notify(visible(str(problem)), severity="error", markup=False)


async def open_file(host: Host) -> None:
    """Ask for the path of a file, and load it after asking about the work at hand; show it, if it is of a machine."""
    from ndtui.screens.dialogs.open_file import OpenFileScreen  # noqa: PLC0415 - keeps the start short

    if host.options.visitor:
        host.notify(VISITOR, severity="warning", markup=False)
        return
    opened = await host.push_screen_wait(OpenFileScreen())
    if opened is None:
        return
    path, found = opened
    if not isinstance(found, Source):
        host.show_machine(found)
    elif await may_leave(host, "Open another design") and await load_source(host, found, Recovery()):
        host.leave_machine()
        if found.remark:
            say_remark(host, found.remark)
        elif found.path is None:
            host.notify(f"{visible(path.name)} is JSON: saving makes a preset of it", markup=False)
        offer_leftovers_of_file(host)


def say_remark(host: Host, remark: str) -> None:
    """Say what a file was read as that is no design itself."""
    host.notify(visible(remark), title="Design", timeout=10, markup=False)


async def load_source(
    host: Host, source: Source, own: Recovery, *, saved: bool = True, base: OnDisk | None = None
) -> bool:
    """Open a design in the place of what is open; tells whether that was done, or the operator has left off.

    ``base`` is what the file holds of a design that is not saved.
    """
    work = partial(compile_design, source.design)
    try:
        filterset = await done_beside(host, source.design, f"Compiling {visible(source.design.name)}", work)
    except LeftError:
        own.release()  # what was taken over is kept there, and offered again
        return False
    let_go(host)
    host.recovery = own
    host.load(filterset, source.path, saved=saved, text=own.layout, base=base)
    return True


def remember(path: Path) -> str:
    """Put a file among the recent ones; returns why that cannot be, or nothing."""
    try:
        recent_files.remember(path)
    except NdtuiError as error:
        return str(error)
    return ""


def let_go(host: Host) -> None:
    """Delete what was kept of work that is saved or discarded; unsaved work only looked at is left to others."""
    if _is_kept_elsewhere(host.workbench):
        host.recovery.release()
    else:
        host.recovery.forget()


def _is_kept_elsewhere(workbench: Workbench) -> bool:
    """Whether nothing was edited, so that nothing is lost: not of a design whose file is gone, or became another."""
    return workbench.untouched and (workbench.path is None or workbench.saved is not None)


def keep_aside(kept: Recovery, workbench: Workbench, held: bytes | None = None) -> str:
    """Keep unsaved work aside, and let go of what is saved; returns why it could not be kept, or nothing.

    ``held`` is what the file of the work is known to hold.
    """
    if workbench.dirty:
        return kept.keep(workbench.design, workbench.text, origin_of(workbench.path, held))
    kept.forget()
    return ""


def offer_leftovers_of_file(host: Host) -> None:
    """Say that there is unsaved work from another time on the open file, if there is."""
    if said := leftovers_words(host, of_this_file=True):
        say_unsaved(host, said)


def say_unsaved(host: Host, said: str, severity: Severity = "information") -> None:
    """Say what unsaved work there is, until some of it is taken."""
    host.notify(said, title=_UNSAVED, severity=severity, timeout=15, markup=False)


def leftovers_words(host: Host, *, of_this_file: bool = False) -> str:
    """Return what unsaved work there is from another time, and how it is listed; nothing where there is none.

    With ``of_this_file`` there has to be some that is of the open file.
    """
    left = [] if host.options.visitor else recovery.leftovers()
    path = host.workbench.path
    of_it = [each for each in left if path is not None and _is_of(each, path)]
    if not (of_it if of_this_file else left):
        return ""
    alone = len(left) == 1
    what = (recovery.kept_words(left[0].path) or "kept") if alone else f"of {len(left)} sessions"
    if path is not None and of_it:
        what += f", {'' if alone else f'{len(of_it)} of them '}on {visible(path.name)}"
    key = KeyMap(host.options.keys).first("designer.open")
    where = "" if host.machine is None and host.events is None else " in the designer"
    return f"{what}: {key}{where} lists it"


def _is_of(left: Preset, path: Path) -> bool:
    """Tell whether unsaved work was done on a file."""
    origin = work_origin.read(left.path)
    return origin is not None and origin.path == path.absolute()

"""What the design can be compared with, and how that is asked."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ndtui.analysis.verify.compare import Policy
from ndtui.app.backend_actions import BackendHost
from ndtui.app.file_actions import say_remark
from ndtui.app.reasons import VISITOR
from ndtui.backends.contract.changes import Snapshot
from ndtui.backends.planning.revision_contents import latest
from ndtui.common.text import shortened
from ndtui.exporters.bundle.designs_and_bundles import Source, is_file, read_named
from ndtui.model.compiled.compile import compile_design
from ndtui.model.files import presets
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.rows.form_fields import ChoiceField, Field, Form, IncompleteError, Option, TextField, Values
from ndtui.ui.rows.path_matches import expanded
from ndtui.ui.state.comparison import Base, Side, as_opened, in_file
from ndtui.ui.state.file_watch import Signature, signature
from ndtui.ui.state.workbench import Workbench

Choice: TypeAlias = Callable[[Workbench], Base]
_SHOWS = "what becomes of which traffic, then decisions, then objects"


class Chosen(NamedTuple):
    """What was chosen, how the form had it, and what of it has to be read before it can be compared with.

    ``remarks`` are there when that was read: on what was read as a design that is none itself.
    """

    choice: Choice
    values: Values
    reading: Callable[[], object] | None = None
    remarks: Sequence[str] = ()


async def ask_base(host: BackendHost, former: Values) -> Chosen | None:
    """Ask what the design is to be compared with; ``None`` where nothing was chosen.

    ``former`` is how the form had what it is compared with now; empty where that was not asked.
    """
    chosen: Chosen | None = await host.push_screen_wait(FormScreen(_form(host, former)))
    for remark in chosen.remarks if chosen is not None else ():
        say_remark(host, remark)
    return chosen


def _form(host: BackendHost, former: Values) -> Form[Chosen]:
    path = host.workbench.path
    said = "The design as its file had it when that was last read or saved."
    file = (Option("file", f"its file, {path.name}", said),) if path is not None else ()
    options = (
        *file,
        Option("opened", "as it was opened", "The design as it was when it was opened: the preset it came from."),
        Option("applied", f"what {host.options.backend} holds", "What is applied there now."),
        Option("other", "a preset or another file", "Its name or path stands in the field below."),
    )
    fields: tuple[Field, ...] = (
        ChoiceField("base", "Compare with", options),
        TextField("other", "Preset, file", "The name of a preset, or the path of a file.", "nd-boundary"),
    )

    def make(values: Values) -> Chosen:
        if values["base"] == "file":
            return Chosen(in_file, values)
        if values["base"] == "opened":
            return Chosen(as_opened, values)
        if values["base"] == "applied":
            title = f"what {host.options.backend} holds"
            held = Base(title, partial(_held, host), moment=partial(_held_now, host))
            return Chosen(_always(held), values, partial(_snapshot, host))
        if not values["other"].strip():
            raise IncompleteError("Say which: the name of a preset, or the path of a file")
        word = values["other"].strip()
        if host.options.visitor and word not in {each.name for each in (*presets.shipped(), *presets.own())}:
            raise IncompleteError(VISITOR)
        title = f"the {'file' if is_file(_path_in(word)) else 'preset'} {shortened(word, 60)}"
        remarks: list[str] = []
        base = Base(title, partial(_read, word), moment=partial(_file_now, word))
        return Chosen(_always(base), values, partial(_look, word, remarks), remarks)

    def follow(changed: str, values: Values) -> Values:
        return {"base": "other"} if changed == "other" and values["other"].strip() else {}

    is_there = former.get("base") in {option.id for option in options}
    first = former if is_there else {"base": options[0].id, "other": ""}

    def effect(chosen: Chosen) -> str:
        return f"Reads it, and shows {_SHOWS}" if chosen.reading else f"Shows {_SHOWS}"

    return Form("Compare", fields, first, make, effect, follow, reading=lambda chosen: chosen.reading)


def _always(base: Base) -> Choice:
    return lambda _: base


def _held(host: BackendHost) -> Side:
    """Return what the backend holds of ours.

    Raises:
        NdtuiError: it cannot be read.
    """
    snapshot = _snapshot(host)
    return Side(Policy.of_documents(snapshot.policy, snapshot.lists()), None)


def _snapshot(host: BackendHost) -> Snapshot:
    return host.backend().snapshot()


def _held_now(host: BackendHost) -> object:
    """Return what tells the state of the backend from another: its latest revision, where it keeps a history.

    Raises:
        NdtuiError: it cannot be read.
    """
    backend = host.backend()
    return latest(backend.history()) if backend.capabilities.history else backend.snapshot().state


def _look(word: str, remarks: list[str]) -> None:
    """See that a preset or a file can be read, and take note of what is to be said of it; raises as ``_source``."""
    remarks[:] = filter(None, [_source(word).remark])


def _read(word: str) -> Side:
    """Return a preset, or the design of a file, as one side of a comparison; raises as ``_source``."""
    design = _source(word).design
    return Side(Policy.of(compile_design(design)), design)


def _source(word: str) -> Source:
    """Return a preset, or the design of a file.

    Raises:
        InputError: there is none, or it cannot be read.
        RefusedError: it is a bundle that was edited by hand, or rules that make no design.
    """
    return read_named(_path_in(word))


def _file_now(word: str) -> Signature:
    """Return what tells the state of the file of a preset or of a design from another; raises as ``_source``."""
    named = _path_in(word)
    return signature(Path(named) if is_file(named) else presets.find(named).path)


def _path_in(word: str) -> str:
    """Return a word with the folder of the user written out, where it begins with it."""
    return str(expanded(word)) if word.startswith("~") else word

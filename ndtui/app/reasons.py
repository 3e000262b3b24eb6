"""Why an action of the application cannot be done now: what the state of the workbench and the selection forbid."""

from collections.abc import Callable

from ndtui.model.design.first_windows import not_in
from ndtui.model.design.items import WORDS
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.ui.keys.action import Action
from ndtui.ui.state.host import Host

READ_ONLY = "Read-only: nothing is written"
VISITOR = "Visitors who look see the presets, and no other files of the server"
HEADING = "Unfold the group, and select what is in it"
GONE = "The last change has removed that: it stands there once more, and is no part of the design"
GONE_SINCE = "The design has that no more: it stands here as it was in what is compared with"
NONE_SELECTED = "Select a rule, an exemption or a test first, or a filter that one has made"


def reason(host: Host, action: Action) -> str:
    """Return why an action cannot be done now, in a sentence; empty where it can."""
    if action.writes and host.options.read_only:
        return READ_ONLY
    ask = _REASONS.get(action.id)
    return ask(host) if ask is not None else ""


def _undo(host: Host) -> str:
    return "" if host.workbench.history.past else "Nothing to undo"


def _redo(host: Host) -> str:
    return "" if host.workbench.history.future else "Nothing to redo"


def _item(host: Host) -> str:
    return "" if host.selection.has_item else _none(host)


def _none(host: Host) -> str:
    """Return why there is no element of the design: what the last change has removed stays to be seen."""
    subject, changes = host.selection.subject, host.workbench.changes
    if host.selection.is_gone:
        return GONE_SINCE
    gone = any(subject is each for each in (*changes.removed, *changes.removed_contexts))
    return GONE if gone else NONE_SELECTED


def _selected(host: Host) -> str:
    """A decision can always be edited; what is no switch opens its form."""
    if host.selection.is_heading:
        return HEADING
    if host.selection.decision is not None or host.selection.form_place is not None or host.selection.leads_to_forms:
        return ""
    return _item(host)


def _switch(host: Host) -> str:
    """What the Windows that the design is meant for does not have can be switched off, and not on."""
    decision, design = host.selection.decision, host.workbench.design
    if decision is not None and decision.id in KEYING_MODULES and decision.id not in design.keying_modules:
        reason = not_in(design.windows, decision.id)
        if reason:
            return f"{decision.id} is {reason}"
    return _selected(host)


def _remedy(host: Host) -> str:
    from ndtui.ui.rows.remedies import is_remedied  # noqa: PLC0415 - keeps the start short

    kind, finding = host.selection.kind, host.selection.finding
    if kind is not None:
        some = any(is_remedied(host.workbench.design, [each]) for each in kind.findings)
        return "" if some else "There is no one remedy for any of them"
    if finding is None:
        return "Select a finding first"
    return "" if is_remedied(host.workbench.design, [finding]) else "There is no one remedy for it"


def _object(host: Host) -> str:
    return "Select an object, a rule or an exemption first" if host.selection.of_json is None else ""


def _link(host: Host) -> str:
    return "" if host.links else "The explanation names no page"


def _move_up(host: Host) -> str:
    item = host.selection.item
    return _none(host) if item is None else f"It is the first {WORDS[item.field]} already" if item.place == 0 else ""


def _move_down(host: Host) -> str:
    item = host.selection.item
    if item is None:
        return _none(host)
    last = len(getattr(host.workbench.design, item.field)) - 1
    return f"It is the last {WORDS[item.field]} already" if item.place == last else ""


def _file_news(host: Host) -> str:
    if host.file_watch.found is not None:
        return ""
    if host.file_watch.has_kept:
        return "Kept what is open already: saving asks before it writes over the file"
    return "The file is as it was when it was read or saved"


def _open_file(host: Host) -> str:
    return VISITOR if host.options.visitor else ""


def _machine(host: Host) -> str:
    opened = host.machine is not None or host.events is not None
    return "" if opened else "No machine is open: open what netsh wfp show state wrote first"


_REASONS: dict[str, Callable[[Host], str]] = {
    "undo": _undo,
    "redo": _redo,
    "file_news": _file_news,
    "machine": _machine,
    "open_file": _open_file,
    "switch": _switch,
    "edit": _selected,
    "remedy": _remedy,
    "copy_json": _object,
    "link": _link,
    "duplicate": _item,
    "delete": _item,
    "move_up": _move_up,
    "move_down": _move_down,
}

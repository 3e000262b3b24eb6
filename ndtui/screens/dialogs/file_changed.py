"""A file that changed while its design was open: what became of it, and what to do."""

from pathlib import Path

from ndtui.model.files.design_on_disk import OnDisk
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen

_DIFFERENCE = Answer("difference", "Compare", "changed_file")
_RELOAD = Answer("reload", "Reload", "changed_file")
_OVERWRITE = Answer("overwrite", "Overwrite", "changed_file", dangerous=True)
_AGAIN = Answer("write", "Write it again", "changed_file")
_SAVE_AS = Answer("save_as", "Save as", "changed_file")
_STAY = Answer("stay", "Stay", "changed_file")
_KEEP = Answer("keep_mine", "Keep mine", "changed_file")

#: The answer of who closes the question about a file that changed: it stands until it is answered.
LATER = "later"
_WRITES = frozenset({"overwrite", "write", "save_as"})


def question(path: Path, found: OnDisk, *, saving: bool = True, may_write: bool = True) -> ChoiceScreen:
    """Return the dialog that says what became of a file.

    It answers ``difference``, ``reload``, ``overwrite``, ``write``, ``save_as``, ``keep_mine``, ``stay`` or ``later``,
    as far as there is something to do so: while ``saving``, the question is whether to write over the file; else, what
    to do with what is open.
    """
    title, lines, answers = _what_became(path, found, saving=saving)
    answers = (*answers, _STAY if saving else _KEEP)
    shown = tuple(each for each in answers if may_write or each.id not in _WRITES)
    return ChoiceScreen(title, lines, shown, closed="" if saving else LATER)


def _what_became(path: Path, found: OnDisk, *, saving: bool) -> tuple[str, list[str], tuple[Answer, ...]]:
    if not found.is_there:
        return "File gone", [f"{path} is not there any more."], (_AGAIN, _SAVE_AS)
    if saving and found.is_read_only:
        return "Read-only file", [f"{path} is read-only now."], (_SAVE_AS,)
    if found.design is None:
        lines = [f"{path} has changed since it was read, and holds no design now.", found.problem]
        return "File changed", lines, (_OVERWRITE, _SAVE_AS) if saving else (_SAVE_AS,)
    undo = "Reload takes what the file has now; undo then brings your own work back."
    if saving:
        lines = [f"{path} has changed since it was read: overwriting it loses what somebody else did.", undo]
        return "File changed", lines, (_DIFFERENCE, _RELOAD, _OVERWRITE, _SAVE_AS)
    lines = [f"{path} has changed since it was read.", undo, "Keep mine leaves both: saving asks again."]
    return "File changed", lines, (_DIFFERENCE, _RELOAD, _SAVE_AS)

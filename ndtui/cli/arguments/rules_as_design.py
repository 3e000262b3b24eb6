"""Connection security rules where a command takes a design: read as ``ndtui import`` reads them."""

from collections.abc import Callable
from pathlib import Path

from ndtui.analysis.connection_security.design_from_rules import Imported, design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.cli.arguments.other_files import of_another_kind, refuse_binary
from ndtui.cli.printing.output import count
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.exporters.bundle.designs_and_bundles import Source
from ndtui.model.design.design import Design
from ndtui.model.files.presets import file_stem


def design_of_others(word: str, text: str | None, error: InputError, say: Callable[[str], None]) -> Source:
    """Return the design of a file that is none itself, or of the text of standard input; ``say`` what it was read as.

    ``error`` is why it is no design.

    Raises:
        InputError: it holds no connection security rules either; says what it seems to be, if that is known.
        RefusedError: no rule of it makes a design.
    """
    where = "standard input" if text is not None else word
    if text is None:
        refuse_binary(Path(word))
        text = files.read_windows_text(Path(word), files.MAX_JSON)
    rules = read_rules(text, where)
    if rules is None:
        raise of_another_kind(text, where) or error
    made = design_of_rules(rules, file_stem(Path(where).stem))
    if made.design is None:
        raise RefusedError(
            f"{where} has no rules that make a design", remedy="ndtui import names what is missing, and why"
        )
    say(f"note: {where} was read as connection security rules of Windows Firewall: {_said(made.design, made)}")
    return Source(made.design, lost=len(made.missing))


def _said(design: Design, made: Imported) -> str:
    """Return what became of rules, and how many things a design cannot say."""
    kept = f"{count(len(design.rules), 'rule')}, {count(len(design.exemptions), 'exemption')}"
    lost = len(made.missing)
    if lost:
        return f"{kept}; {count(lost, 'thing')} could not be said, ndtui import names {'it' if lost == 1 else 'them'}"
    taken = ", ndtui import says what was taken where they are silent" if made.remarks else ""
    return f"{kept}; all of it could be said{taken}"

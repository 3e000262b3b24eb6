"""Connection security rules where a design is taken: read as ``ndtui import`` reads them."""

from pathlib import Path
from typing import NamedTuple

from ndtui.analysis.connection_security.design_from_rules import Imported, design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.common.errors import InputError, RefusedError
from ndtui.exporters.bundle.other_files import of_another_kind
from ndtui.exporters.report.report_parts import count
from ndtui.model.design.design import Design
from ndtui.model.files.presets import file_stem


class RulesAsDesign(NamedTuple):
    """The design of rules, how much of them it does not say, and a line on what was read."""

    design: Design
    lost: int
    remark: str


def design_of_others(text: str, where: str, error: InputError) -> RulesAsDesign:
    """Return the design of a text that is none itself; ``error`` is why.

    Raises:
        InputError: it holds no connection security rules either; says what it seems to be, if that is known.
        RefusedError: no rule of it makes a design.
    """
    rules = read_rules(text, where)
    if rules is None:
        raise of_another_kind(text, where) or error
    made = design_of_rules(rules, file_stem(Path(where).stem))
    if made.design is None:
        raise RefusedError(
            f"{where} has no rules that make a design", remedy="ndtui import names what is missing, and why"
        )
    remark = f"{where} was read as connection security rules of Windows Firewall: {_said(made.design, made)}"
    return RulesAsDesign(made.design, len(made.missing), remark)


def _said(design: Design, made: Imported) -> str:
    """Return what became of rules, and how many things a design cannot say."""
    kept = f"{count(len(design.rules), 'rule')}, {count(len(design.exemptions), 'exemption')}"
    lost = len(made.missing)
    if lost:
        return f"{kept}; {count(lost, 'thing')} could not be said, ndtui import names {'it' if lost == 1 else 'them'}"
    taken = ", ndtui import says what was taken where they are silent" if made.remarks else ""
    return f"{kept}; all of it could be said{taken}"

"""Files of designs, for the tests: exported, read by the reader of the tests, and imported again."""

from pathlib import Path
from typing import Any

from ndtui.analysis.connection_security.design_from_rules import Imported, design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.exporters import exporting
from ndtui.exporters.group_policy.gpo_reg_format import GpoRegExporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.exporters.group_policy.policy_read import LOCAL, POLICY, PolicyRead, read_policy
from tests.exporters.group_policy.reg_reader import text_in

FORMAT = GpoRegExporter()


def file_of(design: Design, *, lossy: bool = False, **options: str) -> bytes:
    """Return a design as a file, as it is written; ``main_mode="yes"`` and so on.

    Raises:
        ExportError: it cannot be said.
    """
    given = {name.replace("_", "-"): value for name, value in options.items()}
    compiled = compile_design(design)
    if lossy:
        export = exporting.export(FORMAT, compiled, given, lossy=True)
    else:
        export = FORMAT.export(compiled, exporting.values_of(FORMAT, given))
    (content,) = exporting.files_of(export, Path("x.reg")).values()
    return content.encode("ascii") if isinstance(content, str) else content


def text_of(design: Design, *, lossy: bool = False, **options: str) -> str:
    """Return the text of the file of a design.

    Raises:
        ExportError: it cannot be said.
    """
    return text_in(file_of(design, lossy=lossy, **options))


def policy_of(design: Design, *, lossy: bool = False, **options: str) -> PolicyRead:
    """Return what the reader of the tests finds in the file of a design."""
    return read_policy(file_of(design, lossy=lossy, **options), LOCAL if options.get("store") == "local" else POLICY)


def lost(design: Design, **options: str) -> dict[str, str]:
    """Return what of a design cannot be said, with why."""
    given = {name.replace("_", "-"): value for name, value in options.items()}
    values: dict[str, Any] = exporting.values_of(FORMAT, given)
    return dict(FORMAT.unsupported(compile_design(design), values))


def imported(text: str) -> Imported:
    """Return what the importer makes of a file."""
    read = read_rules(text, "policy.reg")
    assert read is not None
    return design_of_rules(read, "imported")

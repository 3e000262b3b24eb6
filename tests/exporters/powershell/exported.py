"""Scripts of designs, for the tests: exported, parsed, and applied to a small Windows."""

from functools import lru_cache

from ndtui.exporters import exporting
from ndtui.exporters.powershell.powershell_format import PowerShellExporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.exporters.powershell.script_tree import Node, parsed

FORMAT = PowerShellExporter()


def script_of(design: Design, *, lossy: bool = False, host_icmp: str = "no") -> str:
    """Return a design as a script, as it is written.

    Raises:
        ExportError: it cannot be said.
    """
    export = exporting.export(FORMAT, compile_design(design), {"host-icmp": host_icmp}, lossy=lossy)
    assert isinstance(export.content, str)
    return export.written(export.content)


def can_be_said(design: Design) -> bool:
    """Tell whether nothing of a design is lost."""
    return not FORMAT.unsupported(compile_design(design), {})


@lru_cache(maxsize=64)
def tree_of(design: Design) -> Node:
    """Return the tree of a design's script."""
    return parsed(script_of(design, lossy=True))

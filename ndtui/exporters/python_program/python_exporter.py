"""Python: a program with win32more, Microsoft's metadata as ctypes, that installs and removes a policy."""

from collections.abc import Mapping
from typing import ClassVar

from ndtui.exporters.contract import Export, Value
from ndtui.exporters.exporting import to_be_told
from ndtui.exporters.policy_program.program_exporter import ProgramExporter
from ndtui.exporters.python_program.python_source import source_of
from ndtui.model.compiled.objects import FilterSet


class PythonExporter(ProgramExporter):
    """It holds the policy as tables, and the few hundred lines that hand them to Windows."""

    name: ClassVar[str] = "python"
    title: ClassVar[str] = "Python: a program that installs and removes the policy"
    suffix: ClassVar[str] = ".py"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the program, in ASCII."""
        return Export(source_of(filterset, to_be_told(self.findings(filterset, options), filterset.design)))

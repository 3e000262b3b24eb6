"""C: a program on fwpuclnt that installs and removes a policy, to compile with Microsoft's compiler or mingw-w64."""

from collections.abc import Mapping
from typing import ClassVar

from ndtui.exporters.c_program.c_source import source_of
from ndtui.exporters.contract import Export, Value
from ndtui.exporters.exporting import to_be_told
from ndtui.exporters.policy_program.program_exporter import ProgramExporter
from ndtui.model.compiled.objects import FilterSet


class CExporter(ProgramExporter):
    """Its source holds the policy's objects as Windows' own structures."""

    name: ClassVar[str] = "c"
    title: ClassVar[str] = "C: a program that installs and removes the policy"
    suffix: ClassVar[str] = ".c"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the source text, in ASCII."""
        return Export(source_of(filterset, to_be_told(self.findings(filterset, options), filterset.design)))

"""Design: the decisions as TOML, as they are kept in a file."""

from collections.abc import Mapping
from typing import ClassVar

from ndtui.exporters.contract import Export, Exporter, Value
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.files.design_file import format_design


class DesignExporter(Exporter):
    """The design that a filter set was compiled from."""

    name: ClassVar[str] = "design"
    title: ClassVar[str] = "Design: the decisions as TOML"
    suffix: ClassVar[str] = ".toml"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:  # noqa: ARG002
        """Return the design as TOML."""
        return Export(format_design(filterset.design))

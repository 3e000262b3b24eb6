"""The bundle as an export format."""

from collections.abc import Mapping
from typing import ClassVar

from ndtui.exporters.bundle.bundle import format_bundle
from ndtui.exporters.contract import Export, Exporter, Value
from ndtui.model.compiled.objects import FilterSet


class BundleExporter(Exporter):
    """Everything there is, as JSON that this program and others read."""

    name: ClassVar[str] = "bundle"
    title: ClassVar[str] = "Policy bundle: every object as JSON, with the design and a digest"
    suffix: ClassVar[str] = ".json"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:  # noqa: ARG002
        """Return the bundle."""
        return Export(format_bundle(filterset))

"""Ways out: a compiled design as text in a format that other people and programs read."""

from ndtui.exporters.registry import EXPORTERS, Exporter, exporter

__all__ = ["EXPORTERS", "Exporter", "exporter"]

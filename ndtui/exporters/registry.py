"""Export formats by name: what each is called, its file ending, and how it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ndtui.common.errors import InputError
from ndtui.exporters.bundle.bundle import format_bundle
from ndtui.exporters.csv_table import format_table
from ndtui.exporters.markdown import format_report
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.files.design_file import format_design


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format. ``render`` returns the whole text, ending in a newline; the same FilterSet gives the same text."""

    name: str
    title: str
    suffix: str
    render: Callable[[FilterSet], str]


EXPORTERS: Mapping[str, Exporter] = {
    each.name: each
    for each in (
        Exporter("bundle", "Policy bundle: every object as JSON, with the design and a digest", ".json", format_bundle),
        Exporter("design", "Design: the decisions as TOML", ".toml", lambda filterset: format_design(filterset.design)),
        Exporter("report", "Report: filters, order and findings as Markdown", ".md", format_report),
        Exporter("table", "Table: one line per filter as CSV", ".csv", format_table),
    )
}


def exporter(name: str) -> Exporter:
    """Return a format by name.

    Raises:
        InputError: there is none of that name; lists those there are.
    """
    try:
        return EXPORTERS[name]
    except KeyError:
        raise InputError(f"there is no export format {name!r}", remedy=f"choose {', '.join(EXPORTERS)}") from None

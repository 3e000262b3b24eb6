"""The export formats that are announced, as a table and as plain data."""

from collections.abc import Iterator
from typing import Any

from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table
from ndtui.exporters.registry import ExporterStatus, aliases_of, available, inspect


def show_exporters(*, as_json: bool) -> None:
    """Look at every one and print."""
    found = [inspect(info) for info in available()]
    if as_json:
        write_json({"exporters": [_document(each) for each in found]})
    else:
        write_lines(_lines(found))


def _document(status: ExporterStatus) -> dict[str, Any]:
    exporter = status.exporter
    return {
        "name": status.info.name,
        "distribution": status.info.distribution,
        "target": status.info.target,
        "title": exporter.title if exporter else "",
        "aliases": aliases_of(status.info.name),
        "suffix": exporter.suffix if exporter else "",
        "options": [
            {"name": each.name, "help": each.help, "default": each.default, "choices": each.choices}
            for each in (exporter.options if exporter else ())
        ],
        "problem": status.problem,
    }


def _lines(found: list[ExporterStatus]) -> Iterator[str]:
    yield from table(("name", "package", "ending", "what it is"), [_cells(each) for each in found])
    options = [
        (exporter.name, option.name, option.takes, option.write(option.default), option.help)
        for exporter in (each.exporter for each in found)
        if exporter is not None
        for option in exporter.options
    ]
    if options:
        yield ""
        yield from table(("format", "--set", "takes", "default", "what it does"), options)


def _cells(status: ExporterStatus) -> tuple[str, ...]:
    package = status.info.distribution or "-"
    if status.exporter is None:
        return (status.info.name, package, "-", f"not available: {status.problem}")
    also = "".join(f"; also called {alias}" for alias in aliases_of(status.info.name))
    return (status.info.name, package, status.exporter.suffix or "-", f"{status.exporter.title}{also}")

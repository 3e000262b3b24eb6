"""Export formats by name: those of this package, and plug-ins of the entry-point group ``ndtui.exporters``."""

from dataclasses import dataclass

from ndtui.common.plugins import Kind, Plugin, Plugins
from ndtui.exporters.contract import CONTRACT_VERSION, ENTRY_POINTS, Exporter, ExportError, flaw_of
from ndtui.exporters.fenced_exporter import fenced

DEFAULT_FORMAT = "bundle"

#: The formats of this package: they are there without installed metadata too, and no plug-in takes their place.
BUILT_IN = {
    "bundle": "ndtui.exporters.bundle.bundle_format:BundleExporter",
    "c": "ndtui.exporters.c_program.c_exporter:CExporter",
    "design": "ndtui.exporters.toml_design:DesignExporter",
    "gpo-reg": "ndtui.exporters.group_policy.gpo_reg_format:GpoRegExporter",
    "handover": "ndtui.exporters.handover.handover_format:HandoverExporter",
    "html": "ndtui.exporters.report.report_formats:HtmlExporter",
    "netsh": "ndtui.exporters.netsh_script.netsh_script_format:NetshExporter",
    "netsh-xml": "ndtui.exporters.netsh_xml.netsh_format:NetshXmlExporter",
    "powershell": "ndtui.exporters.powershell.powershell_format:PowerShellExporter",
    "python": "ndtui.exporters.python_program.python_exporter:PythonExporter",
    "report": "ndtui.exporters.report.report_formats:ReportExporter",
    "table": "ndtui.exporters.csv_table:TableExporter",
}

#: Other names by which formats of this package can be asked for, unless a plug-in has that name.
ALIASES = {"csv": "table", "markdown": "report"}

_ATTRIBUTES = {"name": str, "title": str, "suffix": str, "options": tuple}

_EXPORTERS: Plugins[Exporter] = Plugins(
    Kind("export format", ENTRY_POINTS, Exporter, CONTRACT_VERSION, _ATTRIBUTES, flaw_of),
    BUILT_IN,
    error=ExportError,
)


@dataclass(frozen=True, slots=True)
class ExporterStatus:
    """A format after an attempt to load it: the exporter, or in ``problem`` the line that says why there is none."""

    info: Plugin
    exporter: Exporter | None = None
    problem: str = ""


def available() -> list[Plugin]:
    """Return all formats that are announced, by name, without importing any; those of this package come first."""
    return _EXPORTERS.available()


def names() -> list[str]:
    """Return the names of the formats that can be asked for, without importing any."""
    return _EXPORTERS.usable()


def exporter(name: str) -> Exporter:
    """Import one format, by its name or another that it has, and return an instance of it.

    Raises:
        InputError: there is none of that name; lists those there are.
        ExportError: it is announced, and cannot be imported or does not keep the contract.
    """
    if name in ALIASES and name not in names():
        name = ALIASES[name]
    return _made(name, _EXPORTERS.load(name))


def aliases_of(name: str) -> list[str]:
    """Return the other names by which a format can be asked for."""
    others = [alias for alias, meant in ALIASES.items() if meant == name]
    taken = names() if others else []
    return [alias for alias in others if alias not in taken]


def _made(name: str, kind: type[Exporter]) -> Exporter:
    """Return an instance of a format; one of somebody else behind a fence."""
    return kind() if _EXPORTERS.is_ours(name) else fenced(name, _EXPORTERS.fence(name), kind)


def inspect(info: Plugin) -> ExporterStatus:
    """Load one format of ``available()`` and return it, or why it cannot be used."""
    if info.problem:
        return ExporterStatus(info, problem=info.problem)
    try:
        return ExporterStatus(info, _made(info.name, _EXPORTERS.load_plugin(info)))
    except ExportError as error:
        return ExporterStatus(info, problem=str(error))

"""Screens ahead: what a screen needs is imported before somebody wants it, a piece at a time, when the keys rest.

The start loads none of it, which keeps it short. Then the first plan, trace or form would have to wait for up to 100 ms
of imports; each of these pieces takes no more than half of that. Not in a thread: what two threads import at the same
time, one of them may see half of.
"""

from collections.abc import Iterator
from importlib import import_module

#: Seconds without a key, or since the start, until it begins; and between two pieces.
REST, BETWEEN = 1.0, 0.1

#: What is imported, what others need first.
MODULES = (
    "ndtui.screens.dialogs.dialog",
    "ndtui.screens.dialogs.form_screen",
    "ndtui.ui.rows.decision_forms",
    "ndtui.ui.rows.exemption_form",
    "ndtui.ui.rows.trace_rows",
    "ndtui.screens.trace",
    "ndtui.screens.dialogs.preset_browser",
    "ndtui.screens.dialogs.help",
    "ndtui.app.compare_actions",
    "ndtui.backends.registry",
    "ndtui.backends.store",
    "ndtui.screens.plan",
    "ndtui.screens.applied.applied_screen",
    "ndtui.exporters.registry",
    "ndtui.screens.dialogs.export",
    "ndtui.exporters.bundle.bundle_format",
    "ndtui.exporters.c_program.c_exporter",
    "ndtui.exporters.toml_design",
    "ndtui.exporters.group_policy.gpo_reg_format",
    "ndtui.exporters.handover.handover_format",
    "ndtui.exporters.report.report_formats",
    "ndtui.exporters.netsh_script.netsh_script_format",
    "ndtui.exporters.netsh_xml.netsh_format",
    "ndtui.exporters.powershell.powershell_format",
    "ndtui.exporters.python_program.python_exporter",
    "ndtui.exporters.csv_table",
    "ndtui.screens.dialogs.open_file",
    "ndtui.screens.dialogs.steps",
    "ndtui.ui.state.machine",
    "ndtui.app.machine_actions",
    "ndtui.screens.machine_trace",
    "ndtui.ui.keys.palette_names",
)


def pieces() -> Iterator[str]:
    """Import a piece for each one that is asked for, and return its name."""
    for name in MODULES:
        import_module(name)
        yield name

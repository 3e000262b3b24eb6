"""The user's settings as a command needs them: what of them is wrong is a line on standard error."""

from typing import TYPE_CHECKING

from ndtui.cli.printing.output import note
from ndtui.common.errors import InputError

if TYPE_CHECKING:
    from ndtui.common.settings import Settings
    from ndtui.common.settings_file import SettingsFile
    from ndtui.exporters.bundle.designs_and_bundles import Source


def settings() -> "Settings":
    """Return the settings, and say in a line of standard error what of the file does not hold, of any part of it."""
    from ndtui.common.settings_file import read_settings  # noqa: PLC0415 - a command that needs none reads none

    found = read_settings()
    if not found.exists:
        return found.settings
    from ndtui.app.settings_in_force import settings_in_force  # noqa: PLC0415 - most have no file of settings

    faults = settings_in_force(found).faults
    if faults:
        more = f" (at least {len(faults) - 1} more)" if len(faults) > 1 else ""
        tell_fault(found, f"{faults[0]}{more}; ndtui config check says all")
    return found.settings


def tell_fault(file: "SettingsFile", fault: object) -> None:
    """Say in a line of standard error what of the settings does not hold, and in which file that stands."""
    note(f"ndtui: {file.path}: {fault}")


def read_preset(word: str) -> "Source":
    """Return the design that the settings name.

    Raises:
        InputError: it is standard input, or as ``sources.read_source`` says.
        RefusedError: as ``sources.read_source`` says.
    """
    from ndtui.cli.arguments.sources import STDIN, read_source  # noqa: PLC0415 - other commands need no design of these

    if word == STDIN:
        raise InputError("settings cannot name standard input", remedy="name a preset or a file")
    return read_source(word)

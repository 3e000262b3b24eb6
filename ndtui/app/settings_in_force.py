"""Settings in force: the file of the user, held against what there is here: actions, and what else has names."""

from dataclasses import dataclass, replace

from ndtui.app.column_faults import column_faults
from ndtui.common.errors import InputError
from ndtui.common.settings import Settings
from ndtui.common.settings_file import Entry, Fault, SettingsFile, read_settings
from ndtui.common.text import brief
from ndtui.ui.keys.user_keys import KeyMap, key_map
from ndtui.ui.themes.theme_names import AUTO, check_name

_THEME: Entry = ("theme",)


@dataclass(frozen=True)
class InForce:
    """What holds of the settings, and what of the file does not."""

    file: SettingsFile
    keys: KeyMap
    faults: tuple[Fault, ...]

    @property
    def settings(self) -> Settings:
        """The settings; of keys those that hold are ``keys``, and a theme that there is not is the usual one."""
        wrong = any(fault.entry == _THEME for fault in self.faults)
        return self.file.settings.model_copy(update={"theme": AUTO}) if wrong else self.file.settings

    @property
    def own(self) -> frozenset[Entry]:
        """The entries that the file sets and that hold."""
        wrong = [fault.entry for fault in self.faults]
        return frozenset(each for each in self.file.own if not any(each[: len(entry)] == entry for entry in wrong))

    def with_fault(self, fault: Fault) -> "InForce":
        """Return this with one more fault."""
        return replace(self, faults=_in_order((*self.faults, fault)))

    @property
    def notice(self) -> str:
        """What the designer says of the faults when it opens, in a line; empty where there are none."""
        if not self.faults:
            return ""
        more = len(self.faults) - 1
        rest = f" ({more} more: ndtui config check)" if more else ""
        return f"{self.faults[0]}{rest}"


def settings_in_force(found: SettingsFile | None = None) -> InForce:
    """Read the user's own file, unless one was read already, and return what of it holds. Never raises."""
    file = read_settings() if found is None else found
    keys, wrong = key_map(file)
    return InForce(file, keys, _in_order((*file.faults, *wrong, *column_faults(file), *_theme_faults(file))))


def _theme_faults(file: SettingsFile) -> tuple[Fault, ...]:
    try:
        check_name(file.settings.theme)
    except InputError as error:
        return (file.fault(_THEME, f"cannot be {brief(file.settings.theme)}", error.remedy),)
    return ()


def _in_order(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))

"""Settings in force: the file of the user, held against what there is here: actions, and what else has names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ndtui.app.column_faults import column_faults, columns_in_force
from ndtui.common.errors import InputError
from ndtui.common.settings import DEFAULTS, Settings
from ndtui.common.settings_file import Entry, Fault, SettingsFile, read_settings
from ndtui.common.text import brief
from ndtui.ui.keys.user_keys import KeyMap, key_map
from ndtui.ui.themes.theme_names import check_name

_THEME: Entry = ("theme",)
#: In whose place the default holds where there is none of that name.
_NAMES = ("theme", "preset")
#: What holds as it stands, fault or not: where there is no such backend or editor, none is taken in its place.
_HOLD: tuple[Entry, ...] = (("backend",), ("editor",))


@dataclass(frozen=True)
class InForce:
    """What holds of the settings, and what of the file does not."""

    file: SettingsFile
    keys: KeyMap
    faults: tuple[Fault, ...]

    @cached_property
    def settings(self) -> Settings:
        """The settings that hold; of keys those that hold are ``keys``. What is not there is left out."""
        wrong = {fault.entry for fault in self.faults}
        usual = {name: getattr(DEFAULTS, name) for name in _NAMES if (name,) in wrong}
        return self.file.settings.model_copy(update={**usual, "columns": columns_in_force(self.file)})

    @property
    def own(self) -> frozenset[Entry]:
        """The entries that the file sets and that hold, of columns those that hold in part too."""
        held = {*_HOLD, *(("columns", name) for name in self.settings.columns)}
        wrong = [fault.entry for fault in self.faults if fault.entry not in held]
        return frozenset(each for each in self.file.own if not any(each[: len(entry)] == entry for entry in wrong))

    @property
    def written_keys(self) -> Mapping[str, tuple[str, ...]]:
        """The user's own keys that hold, by action, as the file writes them; an action has more of its own."""
        written = self.file.settings.keys
        return {name: written[scope][bare] for name in self.keys.own for scope, _, bare in (name.partition("."),)}

    def with_fault(self, fault: Fault) -> "InForce":
        """Return this with one more fault."""
        return replace(self, faults=_in_order((*self.faults, fault)))

    @property
    def notice(self) -> str:
        """What the designer says of the faults when it opens, in a line; empty where there are none."""
        if not self.faults:
            return ""
        more = len(self.faults) - 1
        rest = f" (at least {more} more: ndtui config check)" if more else ""
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

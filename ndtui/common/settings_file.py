"""The file of the settings: read so that what is wrong in it is named and left out, and everything else holds."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ndtui.common import files, toml_text
from ndtui.common.errors import InputError
from ndtui.common.settings import DEFAULTS, Settings
from ndtui.common.suggestion import choose, near
from ndtui.common.text import brief, shortened, visible

NAME = "settings.toml"
#: The most that is read of the file, in bytes; every action with eight keys of its own takes a twentieth.
MAX_BYTES = 256 * 1024
#: So many faults are named; beyond, the file is something else.
MOST_FAULTS = 100

#: What would be right, by what pydantic calls that which is wrong.
_REMEDIES = {
    "string_type": "write a text in quotes",
    "string_too_short": "write a text, or leave it out",
    "tuple_type": 'write a list of texts, such as ["one", "two"]',
    "too_short": "write at least one",
}
#: What pydantic says of a value that is no whole number, or one that is too small or too large.
_NUMBERS = frozenset({"int_type", "int_from_float", "int_parsing_size", "greater_than_equal", "less_than_equal"})

#: Names of tables and keys from the outermost on.
Entry = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the file that does not hold: where it stands, what is wrong, and what would be right.

    ``entry`` is empty where it is the file as a whole; ``line`` is ``None`` where none is known.
    """

    entry: Entry
    message: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        """Return it in one line, without the name of the file."""
        place = f"line {self.line}: " if self.line is not None else ""
        name = f"{'.'.join(self.entry)} " if self.entry else ""
        said = f"{place}{name}{self.message}"
        return visible(shortened(f"{said}: {self.remedy}" if self.remedy else said, 400))


@dataclass(frozen=True)
class SettingsFile:
    """What the file says: the settings that hold, and what in it is wrong.

    ``own`` are the entries that the file sets and that hold; of tables those in them.
    """

    path: Path
    exists: bool = False
    settings: Settings = DEFAULTS
    own: frozenset[Entry] = frozenset()
    faults: tuple[Fault, ...] = ()
    text: str = field(default="", repr=False)

    def fault(self, entry: Entry, message: str, remedy: str) -> Fault:
        """Return a fault of an entry, with the line that it stands in."""
        return Fault(entry, message, remedy, self._line(entry))

    def _line(self, entry: Entry) -> int | None:
        inside = [line for place, line in self._lines.items() if place[: len(entry)] == entry]
        if inside or not entry:
            return min(inside, default=None)
        return self._line(entry[:-1])

    @cached_property
    def _lines(self) -> Mapping[Entry, int]:
        return toml_text.places(self.text)


def settings_path() -> Path:
    """Return where the file is, whether it is there or not."""
    return files.config_dir() / NAME


def read_settings(path: Path | None = None) -> SettingsFile:
    """Read the file, by default the user's own. Never raises: what is wrong is among the faults.

    Without a file the defaults hold, and nothing is wrong.
    """
    place = settings_path() if path is None else path
    try:
        if not place.exists():
            return SettingsFile(place)
        if not place.is_file():  # reading from a pipe would wait for who writes to it
            return _not_read(place, "it is no file", "write a file in its place, or remove it")
        text = files.decode(files.read_bytes(place, MAX_BYTES), "the file", MAX_BYTES)
    except InputError as error:
        return _not_read(place, error.message, error.remedy)
    except (OSError, ValueError) as error:
        return _not_read(place, f"it cannot be read: {files.reason(error)}", "check the path")
    return parse_settings(text, place)


def _not_read(path: Path, message: str, remedy: str) -> SettingsFile:
    return SettingsFile(path, exists=True, faults=(Fault((), message, remedy),))


def parse_settings(text: str, path: Path) -> SettingsFile:
    """Return what the text of a file says; never raises."""
    found = SettingsFile(path, exists=True, text=text)
    long_key = toml_text.long_key_line(text)
    if long_key is not None:
        return _unread(found, f"line {long_key}: a key of more than {toml_text.MAX_KEY_PARTS} parts")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return _unread(found, "it is nested too deeply")
    except ValueError as error:
        return _unread(found, toml_text.syntax_error(error, text))
    faults: list[Fault] = []
    while True:
        try:
            settings = Settings.model_validate(data)
        except ValidationError as error:
            if len(faults) + error.error_count() > MOST_FAULTS:
                return _unread(found, f"it has more than {MOST_FAULTS} faults")
            for entry, message, remedy in tuple(_problems(error, data)):
                faults.append(found.fault(entry, message, remedy))
                _remove(data, entry)
        else:
            break
    faults.sort(key=lambda fault: fault.line or 0)
    return SettingsFile(path, True, settings, frozenset(_entries(data)), tuple(faults), text)


def _unread(found: SettingsFile, message: str) -> SettingsFile:
    return _not_read(found.path, message, "nothing of the file holds until that is right")


def _entries(data: Mapping[str, Any], above: Entry = ()) -> Iterator[Entry]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _entries(value, (*above, name))
        else:
            yield (*above, name)


def _problems(error: ValidationError, data: Mapping[str, Any]) -> Iterator[tuple[Entry, str, str]]:
    """Return each entry that does not hold once, with what is wrong with it and what would be right."""
    said: set[Entry] = set()
    for problem in error.errors(include_url=False, include_context=True):
        entry = _entry_of(problem["loc"], data)
        if entry not in said:
            said.add(entry)
            yield (entry, *_words(problem, entry))


def _entry_of(place: tuple[int | str, ...], data: Mapping[str, Any]) -> Entry:
    """Return the entry that a place is in: of a list it is the whole."""
    entry: Entry = ()
    value: Any = data
    for part in place:
        if not isinstance(value, dict) or part not in value:
            break
        entry = (*entry, str(part))
        value = value[part]
    return entry


def _remove(data: dict[str, Any], entry: Entry) -> None:
    for name in entry[:-1]:
        data = data[name]
    del data[entry[-1]]


def _words(problem: Any, entry: Entry) -> tuple[str, str]:
    """Return what is wrong with an entry, and what would be right."""
    kind, given = problem["type"], problem["input"]
    if kind == "extra_forbidden":
        names = _siblings(entry)
        return "is no setting", near(entry[-1], names) or choose(entry[-1], names)
    if isinstance(given, dict):
        return "is a table, where a value belongs", "write NAME = VALUE"
    if kind in ("dict_type", "mapping_type", "model_type"):
        return "is a value, where a table belongs", f"write [{'.'.join(entry)}], and what belongs to it below"
    if kind == "literal_error":
        return f"cannot be {brief(given)}", choose(str(given), _choices(entry))
    return f"cannot be {brief(given)}", _remedy(problem, entry)


def _remedy(problem: Any, entry: Entry) -> str:
    """Return what would be right in the place of a value of the wrong kind, size or length."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _REMEDIES:
        return _REMEDIES[kind]
    if kind == "string_too_long":
        return f"write at most {context['max_length']} characters"
    if kind == "too_long":
        return f"write at most {context['max_length']}"
    if kind in _NUMBERS:
        least, most = _bounds(entry)
        return f"write a whole number from {least} to {most}"
    return "docs/settings.md says what it can be"


def _bounds(entry: Entry) -> tuple[int, int]:
    """Return the least and the most that a number may be."""
    bounds = [bound for each in _model_of(entry).model_fields[entry[-1]].metadata for bound in _bound(each)]
    return min(bounds), max(bounds)


def _bound(metadata: object) -> Iterator[int]:
    for name in ("ge", "le"):
        value = getattr(metadata, name, None)
        if isinstance(value, int):
            yield value


def _siblings(entry: Entry) -> list[str]:
    return list(_model_of(entry).model_fields)


def _model_of(entry: Entry) -> type[BaseModel]:
    """Return what has a setting: the settings, or a part of them."""
    model: type[BaseModel] = Settings
    for name in entry[:-1]:
        model = model.model_fields[name].annotation  # type: ignore[assignment]  # only models have settings
    return model


def _choices(entry: Entry) -> list[str]:
    return list(get_args(Settings.model_fields[entry[0]].annotation))

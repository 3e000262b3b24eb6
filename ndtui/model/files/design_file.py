"""Designs as TOML: read with errors that name line and field, written so that a person can read and diff them."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from ndtui.common import files, toml_text
from ndtui.common.counted import counted
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.suggestion import near
from ndtui.common.text import brief, in_quotes, size_in_words, visible
from ndtui.model.design.design import Design, derived_id
from ndtui.model.design.differences import differences
from ndtui.model.design.rule import FORMERLY, Rule, former_place, is_first_format

#: A design of 100,000 exemptions has a third of so many; each costs the parser some hundred bytes.
MAX_VALUES = 5_000_000
#: One for each exemption and assertion; the parser needs about a kilobyte for each.
MAX_TABLES = 1_000_000
_MEANT = "is it the file you meant?"
#: Lists that stand in a file when they are empty too: left out, they would be read as the usual methods.
_EMPTY_IS_SAID = frozenset({"ike_authentication", "authip_authentication"})
#: What stands in a file for every rule, the usual values too; and for the base rule, as it always stood there.
_OF_A_RULE = frozenset({"name", "mode"})
_OF_THE_BASE = frozenset({"name", "mode", "nd_secure", "ale_persist_context"})
#: So many items of a list become canonical JSON at once.
_AT_ONCE = 500

#: So many of the things that are wrong with a design are told one by one.
_MOST_PROBLEMS = 50

_UUID = "a UUID such as 6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51"
#: What would be right, in the words of TOML, by what pydantic calls that which is wrong.
_WANTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "a text in quotes",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
}

#: How many entries a list may have, by what pydantic calls one that is too short or too long.
_COUNTED = {"too_long": ("max_length", "most"), "too_short": ("min_length", "least")}

_PATH = re.compile(r"[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*")


class Problem(NamedTuple):
    """One thing that is wrong with a text: the line it stands in, from 1, where that is known, and what it is."""

    line: int | None
    text: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"line {self.line}: {self.text}" if self.line else self.text


class DesignError(InputError):
    """A text that holds no design. Its line names the first thing that is wrong, ``problems`` the others too."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message)
        self.problems = problems


def parse_design(text: str, where: str) -> Design:
    """Return the Design of a TOML text; ``where`` names the file in errors.

    Raises:
        InputError: one line with the file, the line or field, what is wrong and what would be right; a DesignError
            where single lines or fields are wrong.
    """
    if len(text) > files.MAX_TEXT:
        raise InputError(f"{where} is larger than {size_in_words(files.MAX_TEXT)}", remedy="is it the file you meant?")
    _check_bounds(text, where)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = _syntax_problem(toml_text.syntax_error(error, text))
        raise DesignError(f"{where}: {problem}", (problem,)) from None
    except RecursionError:
        raise InputError(f"{where} is nested too deeply to be a design") from None
    except ValueError as error:  # a number of more digits than Python converts
        raise InputError(
            f"{where}: {visible(str(error)).partition(';')[0]}", remedy="is it the file you meant?"
        ) from None
    return design_from(data, where, text)


def _check_bounds(text: str, where: str) -> None:
    """Refuse a text whose reading would take time and memory out of proportion to its size.

    Raises:
        InputError: it holds more values or tables than any design, or a key of more parts.
    """
    if sum(map(text.count, "=,[{.")) > MAX_VALUES:
        raise InputError(f"{where} holds more than {MAX_VALUES:,} values", remedy=_MEANT)
    if text.count("\n[") > MAX_TABLES:
        raise InputError(f"{where} holds more than {MAX_TABLES:,} tables", remedy=_MEANT)
    number = toml_text.long_key_line(text)
    if number is not None:
        parts = toml_text.MAX_KEY_PARTS
        raise InputError(f"{where}: line {number}: a key of more than {parts} parts", remedy=_MEANT)


def design_from(data: Mapping[str, Any], where: str, text: str = "") -> Design:
    """Return the Design of plain data, as it stands in TOML or JSON.

    Raises:
        InputError: as ``parse_design``.
    """
    version = data.get("version", 1)
    if data.get("format", "ndtui-design") != "ndtui-design":
        raise InputError(
            f"{where} is no design: its format is {brief(data['format'])}", remedy='format = "ndtui-design"'
        )
    if not isinstance(version, int) or isinstance(version, bool):
        line = toml_text.line_of(text, ("version",))
        place = f" line {line}:" if line else ""
        raise InputError(f"{where}:{place} version: {brief(version)} is no version", remedy="write version = 2")
    if version > 2:
        raise InputError(
            f"{where} is a design of version {brief(version)}, and this program knows versions 1 and 2",
            remedy="use a newer ndtui",
        )
    try:
        return Design.model_validate(dict(data))
    except ValidationError as error:
        place_of = former_place if is_first_format(data) else None
        problems = _problems(error, text, place_of=place_of)
        raise DesignError(f"{where}: {_first_of(problems, error)}", problems) from None


def _syntax_problem(said: str) -> Problem:
    """Return what is said of a text that is no TOML; it begins with the line where that is known."""
    line = re.match(r"line (\d+): ", said)
    return Problem(int(line[1]), said[line.end() :]) if line else Problem(None, said)


def _first_of(problems: tuple[Problem, ...], error: ValidationError) -> str:
    more = len(_errors(error)) - 1
    return f"{problems[0]}{f' (and {more} more)' if more else ''}"


def _errors(error: ValidationError) -> list[Any]:
    return [p for p in error.errors(include_url=False) if p["type"] != "default_factory_not_called"]


_Path = tuple[Any, ...]


def _problems(
    error: ValidationError, text: str = "", most: int = _MOST_PROBLEMS, place_of: Callable[[_Path], _Path] | None = None
) -> tuple[Problem, ...]:
    places = toml_text.places(text) if text else {}
    return tuple(_problem(each, places, place_of) for each in _errors(error)[:most])


def _problem(found: Any, places: Mapping[_Path, int], place_of: Callable[[_Path], _Path] | None) -> Problem:
    path = list(found["loc"] if place_of is None else place_of(found["loc"]))
    message = _message(found)
    named = _PATH.match(message)
    if not path and named:
        path = [int(p) if p.isdigit() else p for p in re.findall(r"\w+", named[0])]
    field = _field(path)
    said = "" if message.startswith(field) else f"{field}: " if " " in message else f"{field} "
    return Problem(toml_text.line_in(places, tuple(path)), f"{said}{message}")


def reason_of(error: ValidationError) -> str:
    """Return what makes a change impossible, in one line without a file: for a form or a key press."""
    return _first_of(_problems(error, most=1), error)


def _field(path: list[Any]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _message(problem: Any) -> str:
    kind, given = problem["type"], problem.get("input")
    if kind == "extra_forbidden":
        return f"is no key that belongs here: {_meant(problem['loc'])}"
    if kind == "missing":
        return "is missing: add it"
    message = str(problem["msg"])
    if kind == "value_error":
        return visible(message.removeprefix("Value error, "))
    if kind in _COUNTED:
        name, most = _COUNTED[kind]
        limit, held = problem["ctx"][name], problem["ctx"]["actual_length"]
        return f"should have at {most} {limit} {'entry' if limit == 1 else 'entries'}, not {held}"
    wanted = _WANTED.get(kind)
    said = f"should be {wanted}" if wanted else f"{message[:1].lower()}{message[1:]}"
    meant = _choice_meant(problem, given) if kind == "literal_error" else ""
    return visible(f"{said}, not {_given(given)}{f': {meant}' if meant else ''}")


def _choice_meant(problem: Any, given: object) -> str:
    """Return which of the choices of a value may be meant; pydantic names them as Python writes texts."""
    choices = re.findall(r"'([^']+)'", problem["ctx"]["expected"])
    return near(given, choices) if isinstance(given, str) else ""


def _given(value: object) -> str:
    """Return a value that stands in a file, as a file has it; a table or list by what it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    return brief(value)


def _meant(place: tuple[Any, ...]) -> str:
    """Return which key may be meant by one that does not belong where it stands."""
    from ndtui.model.design.descriptions import DESCRIPTIONS, PARTS  # noqa: PLC0415 - only a mistake needs them

    *path, key = (part for part in place if isinstance(part, str))
    if path == ["rules"] and FORMERLY.get(key, key) != key:
        return f"did you mean {FORMERLY[key]}?"
    if not path and key in FORMERLY:
        return f"since version 2 it stands in [[rules]], as {FORMERLY[key]}"
    if path and key in DESCRIPTIONS["Design"]:
        return "it belongs to the design, at the top of the file"
    part = PARTS.get(tuple(path), "")
    return near(key, DESCRIPTIONS.get(part, ())) or "check its spelling"


def design_data(design: Design) -> dict[str, Any]:
    """Return a design as plain data: decisions and policy in full, exemptions without what they leave open."""
    data = design.model_dump(mode="json", exclude={"exemptions", "assertions", "suppressions"})
    if design.id == derived_id(design.name):
        del data["id"]
    if design.extended_mode is None:
        del data["extended_mode"]
    data["rules"] = [_rule_data(rule) for rule in design.rules]
    data["exemptions"] = [e.model_dump(mode="json", exclude_defaults=True) for e in counted(design.exemptions)]
    data["assert"] = [a.model_dump(mode="json", exclude_defaults=True) for a in design.assertions]
    data["suppress"] = [s.model_dump(mode="json", exclude_defaults=True) for s in design.suppressions]
    return {key: _without_open(value) for key, value in data.items() if value not in ("", [])}


def _rule_data(rule: Rule) -> dict[str, Any]:
    said = rule.model_dump(mode="json", exclude_defaults=True, exclude={"negotiation"})
    data = rule.model_dump(mode="json", exclude={"scope", "negotiation"})
    always = _OF_THE_BASE if rule.is_base else _OF_A_RULE
    data = {name: value for name, value in data.items() if name in always or name in said}
    if not rule.scope.is_everything:
        data["scope"] = said["scope"]
    if rule.negotiation is not None:
        data["negotiation"] = rule.negotiation.model_dump(mode="json")
    return data


def _without_open(value: Any) -> Any:
    """Return data without what is ``None``, and without empty lists where leaving them out means the same."""
    if isinstance(value, dict):
        return {k: _without_open(v) for k, v in value.items() if v is not None and (v != [] or k in _EMPTY_IS_SAID)}
    return [_without_open(v) for v in value] if isinstance(value, list) else value


def format_design(design: Design, existing: str = "") -> str:
    """Return a design as TOML. Comments and layout of ``existing``, the file it replaces, are kept.

    Raises:
        RefusedError: what would be written does not read back as the design; names the first place that differs.
    """
    from ndtui.model.files import toml_writer  # noqa: PLC0415 - tomlkit is slow to import, and only writing needs it
    from ndtui.model.files.first_format import with_a_rule  # noqa: PLC0415

    text = toml_writer.write(design_data(design), with_a_rule(existing) if existing else "")
    return reading_back(text, design, parse_design)


def reading_back(text: str, design: Design, parse: Callable[[str, str], Design]) -> str:
    """Return the text of a design that is about to be written, if it will be read as just that design.

    Raises:
        RefusedError: it will not be; names the first place that differs.
    """
    files.readable(text, f"the design {in_quotes(design.name)}", files.MAX_TEXT)
    try:
        differs = differences(parse(text, "what was to be written"), design)
    except InputError as error:
        raise RefusedError(f"{in_quotes(design.name)} cannot be saved", remedy=str(error)) from None
    if differs:
        raise RefusedError(f"{in_quotes(design.name)} cannot be saved: it would not read back", remedy=str(differs[0]))
    return text


def canonical_json(data: Any) -> str:
    """Return data as JSON with sorted keys and no spaces, ASCII only: the form that digests are taken of."""
    import json  # noqa: PLC0415 - reading and compiling a design, all that most runs do, needs none

    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical_parts(data: Mapping[str, Any]) -> Iterator[str]:
    """Return the canonical JSON of an object in parts, so that a large one need not be in memory as a whole."""
    before = "{"
    for name in sorted(data):
        value = data[name]
        yield f"{before}{canonical_json(name)}:"
        before = ","
        if isinstance(value, list) and value:
            for start in range(0, len(value), _AT_ONCE):
                yield f"{',' if start else '['}{canonical_json(value[start : start + _AT_ONCE])[1:-1]}"
            yield "]"
        else:
            yield canonical_json(value)
    yield "}" if data else "{}"

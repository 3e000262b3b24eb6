"""The objects of a dump in an operator's words: conditions, actions, and trees of policy as indented lines."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from ndtui.analysis.dump.dump_objects import DumpCondition, DumpFilter, Tree
from ndtui.analysis.wording.number_names import constant_of, flag_constants, flag_set_words
from ndtui.analysis.wording.phrases import field_phrase, value_words
from ndtui.common.text import shortened
from ndtui.model.compiled.objects import Value
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.vocabulary import short_name

_SIGNS = {
    "EQUAL": "=",
    "RANGE": "in",
    "NOT_EQUAL": "!=",
    "GREATER": ">",
    "LESS": "<",
    "GREATER_OR_EQUAL": ">=",
    "LESS_OR_EQUAL": "<=",
    "FLAGS_ALL_SET": "has all of",
    "FLAGS_ANY_SET": "has any of",
    "FLAGS_NONE_SET": "has none of",
}
_NAMES_ITS_VALUE = ("=", "in")
_FLAGS = "FWPM_CONDITION_FLAGS"
#: Of a value in a few words, such as a security descriptor, so many characters.
_LONGEST_VALUE = 60


def condition_words(condition: DumpCondition) -> str:
    """Return one condition: ``IP_REMOTE_PORT = 443``."""
    return f"{short_name(condition.field)} {_sign(condition)} {value_text(condition)}"


def value_text(condition: DumpCondition) -> str:
    """Return the value of a condition by the constants of Windows where it has some; else as the file has it."""
    text = condition.text
    if not (text.isascii() and text.isdigit()):
        return text
    constants = flag_constants(condition.field, int(text))
    return ", ".join(constants) or constant_of(condition.field, int(text)) or text


def _sign(condition: DumpCondition) -> str:
    match = short_name(condition.match)
    return _SIGNS.get(match.removeprefix("MATCH_"), match)


def condition_line(each: DumpFilter) -> str:
    """Return all conditions of a filter in one line."""
    return ", ".join(map(condition_words, each.conditions)) or "everything"


def searched_lines(each: DumpFilter) -> tuple[str, ...]:
    """Return all conditions of a filter by the constants of Windows and, where that differs, by the file's numbers."""
    numbers = ", ".join(f"{short_name(one.field)} {_sign(one)} {one.text}" for one in each.conditions)
    return tuple(dict.fromkeys((condition_line(each), numbers or "everything")))


def matches_words(each: DumpFilter) -> str:
    """Return all conditions of a filter as a person says them: ``unicast, UDP, remote port 53 or 88``.

    Of a path the file's name is left, and of what is long both ends: ``condition_line`` has everything.
    """
    fields: dict[str, list[str]] = {}
    for condition, value in zip_longest(each.conditions, each.values[: len(each.conditions)]):
        fields.setdefault(condition.field, []).append(_asked(condition, value))
    protocol = next(iter(fields.get("FWPM_CONDITION_IP_PROTOCOL", [])), "")
    return ", ".join(field_phrase(field, texts, protocol) for field, texts in fields.items()) or "everything"


def _asked(condition: DumpCondition, value: Value | None) -> str:
    """Return what one condition asks of its field, in a few words."""
    sign = _sign(condition)
    text = condition.text
    if value is not None and (flags := _flags_asked(sign, flag_set_words(condition.field, value.low))):
        return flags
    if condition.field == PROGRAM:
        _, folder, name = text.rpartition("\\")
        text = f"...{folder}{name}" if folder else name
    elif value is not None and sign in ("=", "in", "!=") and condition.field != _FLAGS:
        text = value_words(condition.field, value)
    text = shortened(text, _LONGEST_VALUE)
    if sign not in _NAMES_ITS_VALUE:
        text = f"{sign} {text}"
    return f"flags {text}" if condition.field == _FLAGS else text


def _flags_asked(sign: str, flags: Sequence[str]) -> str:
    """Return what a condition asks of a set of flags; empty where it names none, or compares the set as a number."""
    if sign == "has none of":
        return " and ".join(f"not {flag}" for flag in flags)
    if sign == "has any of":
        return " or ".join(flags)
    joined = " and ".join(flags)
    return joined if sign == "has all of" else f"only {joined}" if sign == "=" and flags else ""


def does(each: DumpFilter) -> str:
    """Return what a filter does: its action, and the callout it calls."""
    action = short_name(each.action)
    return f"{action} {short_name(each.callout)}" if each.callout else action


def flag_words(each: DumpFilter) -> str:
    """Return the flags of a filter by their short names."""
    return ", ".join(flag.removeprefix("FWPM_FILTER_FLAG_") for flag in each.flags)


def tree_lines(members: Mapping[str, Tree], indent: str) -> Iterator[str]:
    """Return a tree of policy as lines, a level of indentation for each level."""
    for name, tree in members.items():
        yield from _member_lines(name, tree, indent)


def _member_lines(name: str, tree: Tree, indent: str) -> Iterator[str]:
    if isinstance(tree, str):
        if tree:
            yield f"{indent}{name}: {tree}"
    elif isinstance(tree, dict):
        yield f"{indent}{name}"
        yield from tree_lines(tree, f"{indent}  ")
    elif all(isinstance(item, str) for item in tree):
        yield f"{indent}{name}: {', '.join(map(str, tree))}"
    else:
        for number, item in enumerate(tree, start=1):
            yield from _member_lines(f"{name} {number}", item, indent)

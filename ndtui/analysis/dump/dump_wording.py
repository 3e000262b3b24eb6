"""The objects of a dump in an operator's words: conditions, actions, and trees of policy as indented lines."""

from collections.abc import Iterator, Mapping

from ndtui.analysis.dump.dump_objects import DumpCondition, DumpFilter, Tree
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


def condition_words(condition: DumpCondition) -> str:
    """Return one condition: ``IP_REMOTE_PORT = 443``."""
    match = short_name(condition.match)
    return f"{short_name(condition.field)} {_SIGNS.get(match.removeprefix('MATCH_'), match)} {condition.text}"


def condition_line(each: DumpFilter) -> str:
    """Return all conditions of a filter in one line."""
    return ", ".join(map(condition_words, each.conditions)) or "everything"


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

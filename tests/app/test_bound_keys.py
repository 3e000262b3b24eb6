"""No key without the registry: what a screen, dialog or widget binds is an action of it, or fixed and said to be so.

The classes are found, not listed: a new one that binds a key of its own is noticed.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from typing import get_args

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import ndtui
from ndtui.ui.keys.action import QuestionScope
from ndtui.ui.keys.actions import ACTIONS, EVERYWHERE, OF_FIELDS, of_scope
from ndtui.ui.keys.key_names import in_a_binding
from tests.support import ROOT

ROOMS = ("ndtui.app", "ndtui.screens", "ndtui.ui")
FIXED = OF_FIELDS | {key for key, _ in EVERYWHERE}
#: Attributes whose names begin as those of handlers do.
_NO_HANDLERS = frozenset({"key_map"})
BY_NAME = {action.name: action for action in ACTIONS}
#: Who reads keys as they come, and why that is no action.
READS_KEYS = {
    "ArrangedTable": "writes a filter into its line",
    "DesignerScreen": "leaves a long work with escape, where escape left nothing else",
    "JumpScreen": "takes the letter that stands on a pane",
    "TourScreen": "is left by any key",
}


def classes() -> Iterator[type[DOMNode]]:
    """Return every class with bindings that the rooms have."""
    for found in pkgutil.walk_packages(ndtui.__path__, "ndtui."):
        if found.name.startswith(ROOMS):
            importlib.import_module(found.name)
    waiting: list[type[DOMNode]] = [DOMNode]
    seen: set[type[DOMNode]] = set()
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += each.__subclasses__()
    return (each for each in seen if each.__module__.startswith(ROOMS))


CLASSES = sorted(classes(), key=lambda each: each.__qualname__)


def handed_on(call: str) -> str:
    """Return what a binding calls, if need be of the table that it hands a key on to."""
    name = call.removeprefix("for_table('").removesuffix("')")
    action = BY_NAME.get(name)
    return action.call if action in of_scope("tables") and call == f"for_table('{name}')" else call


def faults_of(owner: type[DOMNode]) -> list[str]:
    """Return the bindings of a class that the registry does not know, or knows otherwise."""
    found = []
    for bound in vars(owner).get("BINDINGS", ()):
        binding = bound if isinstance(bound, Binding) else Binding(*bound)
        action = BY_NAME.get(binding.id or "")
        if action is None:
            if not set(binding.key.split(",")) <= FIXED:
                found.append(f"{binding.key}: {binding.action} is no action of the registry")
        elif (binding.key, handed_on(binding.action), binding.tooltip) != (
            ",".join(map(in_a_binding, action.keys)),
            action.call,
            action.tooltip,
        ):
            found.append(f"{binding.key}: {action.name} is otherwise in the registry")
    return found


def test_there_are_classes_to_be_looked_at():
    names = {each.__qualname__ for each in CLASSES}
    assert {"NdtuiApp", "DesignerScreen", "PresetsScreen", "ItemList", "HelpScreen", "PacketField"} <= names


@pytest.mark.parametrize("owner", CLASSES, ids=lambda each: each.__qualname__)
def test_no_class_binds_a_key_that_the_registry_does_not_know(owner: type[DOMNode]):
    assert faults_of(owner) == []


#: The key of one action that is handed on as another, and as one that no table has.
_HANDED_ON = [
    Binding("S", f"for_table('{name}')", tooltip=BY_NAME["tables.sort_next"].tooltip, id="tables.sort_next")
    for name in ("tables.group", "plan.back")
]


@pytest.mark.parametrize(
    "bound",
    [
        Binding("x", "close", "Close"),
        ("f5,enter", "close", "Close"),
        Binding("x", "close", id="dialogs.close"),
        *_HANDED_ON,
    ],
)
def test_a_key_of_ones_own_would_be_noticed(bound):
    assert faults_of(type("Own", (DOMNode,), {"BINDINGS": [bound]})) != []


def test_only_what_must_reads_keys_as_they_come():
    readers = {
        owner.__qualname__
        for owner in CLASSES
        for name in vars(owner)
        if name in ("on_key", "_on_key")
        or (name.startswith("key_") and hasattr(owner, name) and name not in _NO_HANDLERS)
    }
    assert readers == set(READS_KEYS)


def test_nothing_is_bound_behind_the_registrys_back():
    """Neither by a method that binds, nor by a handler of keys under another name."""
    found = []
    for path in sorted((ROOT / "ndtui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            keys = called == "on" and any("Key" in ast.unparse(each) for each in node.args)
            if keys or called.endswith(("_bindings.bind", "app.bind", "self.bind")):
                found.append(f"{path.name}: {ast.unparse(node)}")
    assert found == []


def test_every_action_is_bound_somewhere():
    """An action that nobody has would stand in the help and do nothing."""
    bound = {action.name for scope in get_args(QuestionScope) for action in of_scope(scope)}  # bound by each question
    bound |= {each.id for owner in CLASSES for each in vars(owner).get("BINDINGS", ()) if isinstance(each, Binding)}
    assert set(BY_NAME) <= bound

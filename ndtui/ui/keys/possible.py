"""What can be done now: the one place that footer, palette, mouse and key presses ask why an action cannot be done."""

from collections.abc import Callable
from typing import Any, get_args

from textual.actions import parse
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from ndtui.ui.keys.action import Action, DialogScope, ScreenScope
from ndtui.ui.keys.actions import ACTIONS, by_name, of_scope, of_screen
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap

_OF_DIALOGS = get_args(DialogScope)
_BY_CALL = {action.call: action for action in ACTIONS}


def why_not(node: DOMNode, action: Action) -> str:
    """Return why an action, called where a node is, cannot be done now; empty where it can.

    The app knows what the state forbids, the screen and the node what they have themselves nothing for: each may have a
    method ``why_not`` that takes the action and returns that sentence.
    """
    for owner in (node.app, node.screen, node):
        explain: Callable[[Action], str] | None = getattr(owner, "why_not", None)
        if explain is not None and (reason := explain(action)):
            return reason
    return ""


def actions_of(node: DOMNode) -> tuple[Action, ...]:
    """Return the actions of the registry that a node has bound and that it does not leave out now, in its order.

    What it only hands on to another node is none of them.
    """
    every = (each for bindings in node._bindings.key_to_bindings.values() for each in bindings)
    bound = {each.id for each in every if action_called(each.action) is not None}
    return tuple(action for action in ACTIONS if action.name in bound and not _leaves_out(node, action))


def offered(screen: Screen[Any]) -> dict[Action, Widget]:
    """Return the actions that are chosen from a list where one is, each with the node that it is called on.

    They are those of the screen or dialog, of the field that has the focus, and of tables: each of the one that has the
    focus, or that is explained, if it can, or else of the first one that can.
    """
    scope: ScreenScope | None = getattr(screen, "SCOPE", None)
    found: dict[Action, Widget] = dict.fromkeys(actions_of(screen) if scope is None else of_screen(scope), screen)
    focused = screen.focused
    if focused is not None:
        found |= {action: focused for action in actions_of(focused) if action.scope in _OF_DIALOGS}
    tables = _tables(screen)
    for action in of_scope("tables"):
        able = next((each for each in tables if each.check_action(action.id, ())), None)
        if able is not None:
            found[action] = able
    return found


def table_for(screen: Screen[Any], action: Action) -> Widget | None:
    """Return the table that something that tables do is for; one that says why not where none can do it."""
    return offered(screen).get(action) or next(iter(_tables(screen)), None)


def _tables(screen: Screen[Any]) -> list[Widget]:
    """Return the tables of a screen: the one that has the focus first, then the one whose row is explained."""
    found = [each for each in screen.query(Widget) if getattr(each, "SCOPE", "") == "tables"]
    explained = getattr(screen, "explained_table", None)
    return sorted(found, key=lambda each: (each is not screen.focused, each is not explained))


def _leaves_out(node: DOMNode, action: Action) -> bool:
    _, name, values = parse(action.id)
    return action.owner == "screen" and node.check_action(name, values) is False


def action_called(call: object) -> Action | None:
    """Return the action that a binding or a command calls, if it is one of the registry."""
    return _BY_CALL.get(call) if isinstance(call, str) else None


def keys_of(node: DOMNode, action: Action) -> tuple[str, ...]:
    """Return the keys that an action has in the app that a node belongs to, the one that is shown first."""
    keys = getattr(node.app, "key_map", DEFAULT_KEYS)
    return keys.of(action) if isinstance(keys, KeyMap) else action.keys


def key_of(node: DOMNode, name: str) -> str:
    """Return the key of an action that is shown, by the action's name, in the app that a node belongs to."""
    return keys_of(node, by_name(name))[0]

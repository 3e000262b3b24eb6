"""Keymap: the actions of a scope as the bindings of whoever has them, each under its id."""

from collections.abc import Collection
from dataclasses import replace

from textual.binding import Binding, BindingsMap, BindingType
from textual.dom import DOMNode

from ndtui.ui.keys.action import Action, Scope, ScreenScope
from ndtui.ui.keys.actions import of_scope, of_screen
from ndtui.ui.keys.key_names import in_a_binding


def bindings(scope: Scope, *, only: Collection[str] | None = None, without: Collection[str] = ()) -> list[BindingType]:
    """Return the bindings of a scope, in the order of its footer; an action's name is its id.

    ``only`` are the ids of those that whoever has the bindings can do, ``without`` of those that it cannot.
    """
    actions = (each for each in _ordered(of_scope(scope)) if only is None or each.id in only)
    return [_binding(each) for each in actions if each.id not in without]


def screen_bindings(scope: ScreenScope) -> list[BindingType]:
    """Return the bindings of a screen: those of every screen, and its own."""
    return [_binding(each) for each in _ordered(of_screen(scope))]


def table_bindings() -> list[BindingType]:
    """Return the keys of tables for what is no table: each calls ``for_table`` with the name of its action."""
    return [replace(_binding(each), action=f"for_table('{each.name}')") for each in of_scope("tables")]


def bind(node: DOMNode, actions: Collection[Action]) -> None:
    """Give a node the bindings of some actions beside those that its class has."""
    node._bindings = BindingsMap.merge([node._bindings, BindingsMap([_binding(each) for each in actions])])


def _ordered(actions: Collection[Action]) -> list[Action]:
    return sorted(actions, key=lambda each: each.footer)


def _binding(each: Action) -> Binding:
    return Binding(
        ",".join(map(in_a_binding, each.keys)), each.call, each.title, show=False, tooltip=each.tooltip, id=each.name
    )

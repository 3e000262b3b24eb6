"""Keymap: the actions of a scope as the bindings of whoever has them, each under its id."""

from textual.binding import Binding, BindingType

from ndtui.ui.keys.actions import Scope, of_scope


def bindings(scope: Scope) -> list[BindingType]:
    """Return the bindings of a scope, in the order of its footer; ``SCOPE.ID`` names one to a key map."""
    return [
        Binding(",".join(each.keys), each.call, each.title, show=False, tooltip=each.tooltip, id=f"{scope}.{each.id}")
        for each in sorted(of_scope(scope), key=lambda each: each.footer)
    ]

"""Edits of exemptions by their names, for tests that need a design with a change and not the key that makes it."""

from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption


def toggle(design: Design, name: str) -> Design:
    """Enable or disable one."""
    return edits.toggle_item(design, edits.exemption_item(design, name))


def delete(design: Design, name: str) -> Design:
    """Take one out."""
    return edits.delete_item(design, edits.exemption_item(design, name))


def move(design: Design, name: str, by: int) -> Design:
    """Move one up or down."""
    return edits.move_item(design, edits.exemption_item(design, name), by)


def copy_of(design: Design, name: str) -> Exemption:
    """Return a copy of one under a free name."""
    copy = edits.copy_of_item(design, edits.exemption_item(design, name))
    assert isinstance(copy, Exemption)
    return copy

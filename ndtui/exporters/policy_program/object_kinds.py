"""What a program calls to add and to remove its objects, kind by kind."""

from collections.abc import Sequence
from typing import NamedTuple

from ndtui.exporters.policy_program.program_objects import TABLES, Objects


class ObjectKind(NamedTuple):
    """The objects of a table of the program, but for the provider, which is alone."""

    words: str
    key: str
    """The member of the structure with the key."""
    add: str
    delete: str
    numbered: bool
    """Whether the function that adds one has a place for the number that Windows gives it."""


_CONTEXT = ("provider context", "providerContextKey")
_DELETE_CONTEXT = "FwpmProviderContextDeleteByKey0"
_KINDS = {
    "sublayers": ObjectKind("sublayer", "subLayerKey", "FwpmSubLayerAdd0", "FwpmSubLayerDeleteByKey0", numbered=False),
    "contexts": ObjectKind(*_CONTEXT, "FwpmProviderContextAdd0", _DELETE_CONTEXT, numbered=True),
    "newer_contexts": ObjectKind(*_CONTEXT, "FwpmProviderContextAdd2", _DELETE_CONTEXT, numbered=True),
    "filters": ObjectKind("filter", "filterKey", "FwpmFilterAdd0", "FwpmFilterDeleteByKey0", numbered=True),
}


def kinds_of(made: Objects) -> Sequence[tuple[str, ObjectKind]]:
    """Return the tables that a program has, in the order in which it adds what is in them; it removes it backwards."""
    return [(table, _KINDS[table]) for table in TABLES if table in made.tables]

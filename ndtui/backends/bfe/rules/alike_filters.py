"""Filters that differ in their key, their names and their conditions alone: of a policy nearly all.

The filters of ten thousand exemptions are alike at each layer: flags, weight, action and what they refer to are the
very same objects. What was checked of the first one holds for the others, as long as nothing is deleted.
"""

from collections.abc import Hashable
from typing import NamedTuple

from pydantic_core import to_json

from ndtui.backends.bfe.document_shape import fits
from ndtui.backends.bfe.filter_template import FilterTemplate
from ndtui.backends.bfe.rules.condition_rules import CheckedConditions
from ndtui.backends.bfe.rules.object_rules import check_display_data, weight_of
from ndtui.backends.bfe.rules.shape_rules import check_numbers
from ndtui.backends.bfe.state import Row
from ndtui.model.compiled.document_types import ConditionDocument, DisplayData, FilterDocument
from ndtui.model.compiled.objects import Weight

#: So many kinds of filters are told apart: far more than a policy has.
_MOST = 1_000
#: The members that a filter has to have, and all that are looked at: one without, or with others, is like no other.
_NEEDED = frozenset(
    ("filterKey", "displayData", "flags", "layerKey", "subLayerKey", "weight", "filterCondition", "action")
)
_MEMBERS = _NEEDED | {"providerKey", "rawContext", "providerContextKey", "effectiveWeight", "filterId", "origin"}


class Alike(NamedTuple):
    """A filter that was accepted: as it was given, as a row, its weight, and a template for the JSON of its like."""

    given: FilterDocument
    row: Row
    weight: Weight
    template: FilterTemplate


class AlikeFilters:
    """The filters that a transaction has accepted, one for each kind. ``checked`` are the conditions it has accepted.

    What filters share is known by itself, and not by what stands in it, which is not to be changed while it is known.
    """

    def __init__(self, checked: CheckedConditions) -> None:
        self._checked = checked
        self._known: dict[Hashable, Alike] = {}
        self._displays: dict[int, DisplayData] = {}
        self._texts: dict[int, tuple[object, str]] = {}
        """The JSON of display data and of lists of conditions, beside them so that they live as long."""

    def one_like(self, document: FilterDocument) -> Alike | None:
        """Return an accepted filter that one is like, with names and conditions of the right shape; mostly there is.

        Raises:
            EngineError: its display data are refused.
        """
        try:
            found = self._known.get(_shared(document))
            return found if found is not None and self._fits(document) else None
        except (KeyError, TypeError):
            return None  # a member is missing, or of a wrong type: checking all of it says which

    def _fits(self, document: FilterDocument) -> bool:
        display, conditions = document["displayData"], document["filterCondition"]
        if id(display) not in self._displays:
            if not fits(DisplayData, display):
                return False
            check_display_data("filter", document)
            self._displays[id(display)] = display
        if not self._checked.is_shaped(conditions):
            if not fits(list[ConditionDocument], conditions):
                return False
            self._checked.have_shape(conditions)
        return isinstance(document.get("origin", ""), str)

    def accepted(self, given: FilterDocument, canonical: FilterDocument, row: Row) -> None:
        """Take note of a filter that was accepted, unless it leaves out what others have."""
        if len(self._known) < _MOST and _NEEDED <= given.keys() <= _MEMBERS:
            self._known[_shared(given)] = Alike(given, row, weight_of(canonical), FilterTemplate(canonical))

    def text(
        self, alike: Alike, given: FilterDocument, key: str, conditions: list[ConditionDocument], weight: int
    ) -> str:
        """Return the JSON of a filter that is like one that was accepted: only what differs is written anew.

        Raises:
            ValueError: a number in it is none.
        """
        own = {
            "filterKey": f'"{key}"',
            "displayData": self._json(given["displayData"]),
            "filterCondition": self._json(conditions),
            "effectiveWeight": f'{{"type":"FWP_UINT64","uint64":{weight}}}',
        }
        if "origin" in given:
            own["origin"] = to_json(given["origin"]).decode()
        return alike.template.text(own)

    def _json(self, part: DisplayData | list[ConditionDocument]) -> str:
        found = self._texts.get(id(part))
        if found is None:
            text = to_json(part).decode()
            check_numbers(text)
            found = self._texts[id(part)] = part, text
        return found[1]

    def forget(self) -> None:
        """Take note that something was deleted, to which they may refer."""
        self._known.clear()


def _shared(document: FilterDocument) -> Hashable:
    """Return what tells a filter from those that are not like it: its members, and what alike filters have."""
    raw = document.get("rawContext")
    return (
        tuple(document),
        id(document["flags"]),
        id(document["weight"]),
        id(document["action"]),
        document["layerKey"],
        document["subLayerKey"],
        document.get("providerKey"),
        raw,
        raw.__class__,  # True is no number
        document.get("providerContextKey"),
    )

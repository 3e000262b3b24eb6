"""Places of sublayers: which of two sublayers of a machine's layer is asked before the other.

Sublayers are asked from the highest weight to the lowest. ``netsh wfp show filters`` tells no weights: there sublayers
that Windows does not come with stand in the order in which they are asked, so that those of known weight beside them
tell where they are.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from ndtui.analysis.dump import Dump, order_is_of_the_file, sublayer_weights

Place = Literal["before", "same", "after", "unknown"]
"""Where another sublayer stands; ``unknown``: its weight is not in the file, or it weighs as much."""


class SublayerPlaces:
    """The sublayers of a machine by weight, and by layer in the order of the file where that tells more."""

    def __init__(self, dump: Dump) -> None:
        self.weights: Mapping[str, int] = sublayer_weights(dump)
        orders: dict[str, dict[str, None]] = {}
        for each in dump.filters:
            orders.setdefault(each.layer, {})[each.sublayer] = None
        self._orders = {
            layer: tuple(order)
            for layer, order in orders.items()
            if order_is_of_the_file(dump, tuple(order), self.weights)
        }

    def of(self, layer: str, sublayer: str, weight: int, own: str) -> Place:
        """Return where a sublayer stands at a layer, seen from one that has a weight and may be in no file, ``own``."""
        if sublayer == own:
            return "same"
        known = self.weights.get(sublayer)
        if known is not None:
            return "before" if known > weight else "after" if known < weight else "unknown"
        return self._by_order(self._orders.get(layer, ()), sublayer, weight)

    def _by_order(self, order: Sequence[str], sublayer: str, weight: int) -> Place:
        """Return where a sublayer of unknown weight stands, as far as those before and behind it in the file tell."""
        if sublayer not in order:
            return "unknown"
        at = order.index(sublayer)
        before = [self.weights[each] for each in order[:at] if each in self.weights]
        behind = [self.weights[each] for each in order[at + 1 :] if each in self.weights]
        if before and min(before) <= weight:
            return "after"
        return "before" if behind and max(behind) >= weight else "unknown"

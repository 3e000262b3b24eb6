"""Listed filters: a machine's filters as Windows evaluates them, those that sleep apart, and what stands above them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpFilter, DumpGroup, order_is_of_the_file, sublayer_weights
from ndtui.analysis.dump.dump_wording import does
from ndtui.analysis.trace.filter_effect import PERMIT_UNREGISTERED, is_asleep, unregistered
from ndtui.model.vocabulary import short_name


class ListedGroup(NamedTuple):
    """The filters of one layer and sublayer that are awake, or those that sleep; first match first."""

    group: DumpGroup
    title: str
    filters: tuple[DumpFilter, ...]
    asleep: bool

    @property
    def heading(self) -> str:
        """What stands above them."""
        return f"{self.title}: asleep, deciding nothing once BFE is up" if self.asleep else self.title


def listed_groups(dump: Dump, groups: Iterable[DumpGroup]) -> Iterator[ListedGroup]:
    """Yield the groups; filters that sleep stand apart, in a group of their own behind the others."""
    for group in groups:
        awake = tuple(each for each in group.filters if not is_asleep(each))
        asleep = tuple(each for each in group.filters if is_asleep(each))
        title = _title(dump, group)
        if awake or not asleep:
            yield ListedGroup(group, title, awake, asleep=False)
        if asleep:
            yield ListedGroup(group, title, asleep, asleep=True)


def _title(dump: Dump, group: DumpGroup) -> str:
    number = dump.layer_ids.get(group.layer)
    layer = short_name(group.layer) if number is None else f"{short_name(group.layer)} (layer {number})"
    return f"{layer}, sublayer {short_name(group.sublayer) or '-'} of {weight_words(group.sublayer_weight)}"


def weight_words(weight: int | None) -> str:
    """Return the weight of a sublayer, or that nothing tells it."""
    return "unknown weight" if weight is None else f"weight {weight}"


def does_there(dump: Dump, each: DumpFilter) -> str:
    """Return what a filter does on its machine: its action, its callout, and what becomes of one not registered."""
    fate = unregistered_words(dump, each)
    return f"{does(each)}, {fate}" if fate else does(each)


def unregistered_words(dump: Dump, each: DumpFilter) -> str:
    """Return what becomes of a filter whose callout no driver has registered, empty for others."""
    if not unregistered(each, dump):
        return ""
    if each.action == "FWP_ACTION_CALLOUT_INSPECTION":
        return "not registered: passed over"
    return f"not registered: {'permits' if PERMIT_UNREGISTERED in each.flags else 'blocks'}"


def order_words(dump: Dump, groups: Sequence[DumpGroup]) -> Iterator[str]:
    """Yield in which order sublayers stand whose weights the file does not tell."""
    by_layer: dict[str, list[str]] = {}
    for group in groups:
        by_layer.setdefault(group.layer, []).append(group.sublayer)
    weights = sublayer_weights(dump)
    unknown = {group.layer for group in groups if group.sublayer_weight is None}
    if any(order_is_of_the_file(dump, by_layer[layer], weights) for layer in unknown):
        yield "netsh wfp show filters tells no weights of sublayers: they stand in the order of the file, as asked."


def unknown_words(dump: Dump) -> Iterator[str]:
    """Yield which elements of the file this program does not know."""
    if dump.unknown:
        yield f"Not understood: {', '.join(f'{path} ({number})' for path, number in dump.unknown.items())}"

"""The filters of a design as a table."""

from collections.abc import Iterator

from ndtui.analysis.wording.phrases import action_word, conditions_line, context_word, layer_words, weight_word
from ndtui.cli.printing.output import count
from ndtui.cli.printing.text_table import grouped
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.vocabulary import short_name

HEAD = ("does", "callout", "hands on", "weight", "matches", "name")


def filter_lines(filterset: FilterSet) -> Iterator[str]:
    """Return the table of all filters, grouped by layer, and the counts."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for each in filterset.filters:
        groups.setdefault(layer_words(each), []).append(_cells(each))
    yield from grouped(HEAD, list(groups.items()))
    filters, layers = len(filterset.filters), filterset.layer_count
    contexts = count(len(filterset.contexts), "provider context")
    yield f"{count(filters, 'filter')} in {count(layers, 'layer')}, {contexts}"


def _cells(each: Filter) -> tuple[str, ...]:
    return (
        action_word(each),
        short_name(each.slot.callout) or "-",
        context_word(each) or "-",
        weight_word(each),
        conditions_line(each),
        each.name,
    )

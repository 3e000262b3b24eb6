"""``ndtui compile``: every filter that a design becomes, as a table or as the whole bundle."""

from argparse import ArgumentParser
from collections.abc import Iterator

from ndtui.analysis.words import action_word, conditions_line, context_word, weight_word
from ndtui.commands.options import add_design, add_json
from ndtui.commands.output import count, write, write_lines
from ndtui.commands.sources import read_filterset
from ndtui.commands.tables import grouped
from ndtui.model.objects import Filter, FilterSet
from ndtui.model.vocabulary import short_name

HELP = """\
Show every filter that a design becomes, layer by layer.
With --json: the whole bundle, the same bytes for the same design on every machine.

examples:
  ndtui compile nd-transport
  ndtui compile my-design.toml --json"""

HEAD = ("does", "callout", "hands on", "weight", "matches", "name")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_json(parser)


def run(design: str, *, as_json: bool) -> int:
    """Compile and print."""
    filterset = read_filterset(design)
    if as_json:
        from ndtui.exporters.bundle import format_bundle  # noqa: PLC0415 - the table is printed without

        write(format_bundle(filterset))
    else:
        write_lines(filter_lines(filterset))
    return 0


def filter_lines(filterset: FilterSet) -> Iterator[str]:
    """Return the table of all filters, grouped by layer, and the counts."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for each in filterset.filters:
        groups.setdefault(short_name(each.layer), []).append(_cells(each))
    yield from grouped(HEAD, list(groups.items()))
    filters, layers = len(filterset.filters), len(filterset.layers)
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

"""Machine: what Windows itself has on some machine, from a file that netsh wrote, in order and counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ndtui.analysis.dump import (
    Dump,
    DumpContext,
    DumpFilter,
    DumpGroup,
    DumpProvider,
    DumpSublayer,
    filters_in_order,
    read_dump,
    sublayer_weights,
)
from ndtui.analysis.trace.listed_filters import ListedGroup, listed_groups, order_words, unknown_words


@dataclass(frozen=True, slots=True, eq=False)
class FilterRow:
    """One filter of a machine; ``place`` is its number among those of its sublayer that are awake, or that sleep."""

    filter: DumpFilter
    listed: ListedGroup
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """A file with its filters in the order in which Windows evaluates them, and its objects by key.

    ``filters_of`` counts the filters of each layer, sublayer, provider, callout and provider context, by its key.
    """

    path: Path
    dump: Dump
    groups: tuple[DumpGroup, ...]
    listed: tuple[ListedGroup, ...]
    providers: Mapping[str, DumpProvider]
    sublayers: Mapping[str, DumpSublayer]
    contexts: Mapping[str, DumpContext]
    weights: Mapping[str, int]
    filters_of: Mapping[str, int]
    asleep_of: Mapping[str, int]
    remarks: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is a file: else nothing is known of the machine but events."""
        return self.path != Path()

    @property
    def rows(self) -> list[ListedGroup | FilterRow]:
        """The filters below the heading of their group."""
        found: list[ListedGroup | FilterRow] = []
        for each in self.listed:
            found.append(each)
            found += [FilterRow(one, each, place) for place, one in enumerate(each.filters, start=1)]
        return found


def machine_of(path: Path, dump: Dump) -> Machine:
    """Return a dump in order and counted."""
    groups = filters_in_order(dump)
    listed = tuple(listed_groups(dump, groups))
    return Machine(
        path,
        dump,
        groups,
        listed,
        {each.key: each for each in dump.providers},
        {each.key: each for each in dump.sublayers},
        {each.key: each for each in dump.provider_contexts},
        sublayer_weights(dump),
        _counted(dump.filters),
        _counted(one for each in listed if each.asleep for one in each.filters),
        (*order_words(dump, groups), *unknown_words(dump)),
    )


def open_machine(path: Path) -> Machine:
    """Return what a file of ``netsh wfp show state`` or ``netsh wfp show filters`` says of a machine.

    Raises:
        InputError: there is no such file, or it is no dump, cut off, too large or a trap; names the line.
    """
    return machine_of(path, read_dump(path))


def _counted(filters: Iterable[DumpFilter]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for each in filters:
        keys = {each.layer, each.sublayer, each.provider, each.callout, each.provider_context_key}
        found.update(keys - {""})
    return found

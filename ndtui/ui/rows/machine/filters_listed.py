"""A machine's filters as a table: layer by layer and sublayer by sublayer, from first to last match."""

from typing import Any

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.dump.dump_wording import flag_words, matches_words, searched_lines
from ndtui.analysis.trace.listed_filters import ListedGroup, unregistered_words, weight_words
from ndtui.analysis.wording.phrases import hex_weight
from ndtui.common.text import shortened
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.machine.object_tables import not_in
from ndtui.ui.rows.role_signs import BLOCK, CALLOUT, PERMIT
from ndtui.ui.rows.view import Column, Sign, Tone, View
from ndtui.ui.state.machine import FilterRow, Machine

#: Of what a filter matches so many characters are put into a cell: no screen is wider, and the pane below has it all.
LONGEST = 300
_NAME = 40
_ACTIONS = {
    "FWP_ACTION_PERMIT": "permit",
    "FWP_ACTION_BLOCK": "block",
    "FWP_ACTION_CONTINUE": "continue",
    "FWP_ACTION_NONE": "none",
    "FWP_ACTION_NONE_NO_MATCH": "none",
    "FWP_ACTION_CALLOUT_TERMINATING": "callout",
    "FWP_ACTION_CALLOUT_INSPECTION": "inspect",
    "FWP_ACTION_CALLOUT_UNKNOWN": "callout?",
}


def action_name(each: DumpFilter) -> str:
    """Return what a filter does in a word; ``callout?`` is one that may also let the next filter decide."""
    return _ACTIONS.get(each.action, short_name(each.action).lower())


def action_sign(each: DumpFilter) -> Sign | None:
    """Return the sign of what a filter does."""
    if each.callout:
        return CALLOUT
    return {"FWP_ACTION_PERMIT": PERMIT, "FWP_ACTION_BLOCK": BLOCK}.get(each.action)


def matches_text(each: DumpFilter) -> str:
    """Return what a filter matches in words, as much of it as a cell may have."""
    return shortened(matches_words(each), LONGEST)


def _is_heading(row: Any) -> bool:
    return isinstance(row, ListedGroup)


def _heading(row: ListedGroup, machine: Machine) -> str:
    """Return what stands above filters: where they stand, the weight of the sublayer, and how many there are."""
    weight = weight_words(row.group.sublayer_weight)
    return f"{_where(row, machine)}, {weight}{_asleep(row)}  {len(row.filters)}"


def _asleep(row: ListedGroup) -> str:
    return ", asleep" if row.asleep else ""


def _where(row: ListedGroup, machine: Machine) -> str:
    """Return a layer and a sublayer; one whose key is no word by its name, where the file has one."""
    group = row.group
    number = machine.dump.layer_ids.get(group.layer)
    layer = f"{short_name(group.layer)}{'' if number is None else f' (layer {number})'}"
    known = machine.sublayers.get(group.sublayer)
    by_name = known is not None and known.name and group.sublayer.startswith("{")
    sublayer = shortened(known.name, _NAME) if known is not None and by_name else short_name(group.sublayer) or "-"
    return f"{layer}, {sublayer}"


def _cells(row: Any, machine: Machine) -> tuple[str, ...]:
    if isinstance(row, ListedGroup):
        return (_heading(row, machine),)
    each: DumpFilter = row.filter
    return (
        str(each.filter_id),
        action_name(each),
        each.name,
        matches_text(each),
        _provider(each, machine),
        flag_words(each),
    )


def _provider(each: DumpFilter, machine: Machine) -> str:
    """Return the provider of a filter: by the constant of Windows, by its name in the file, or by its key."""
    found = machine.providers.get(each.provider)
    by_name = found is not None and found.name and each.provider.startswith("{")
    return found.name if found is not None and by_name else short_name(each.provider)


def _sign(row: Any) -> Sign | None:
    return action_sign(row.filter) if isinstance(row, FilterRow) else None


def _tone(row: Any) -> Tone:
    if isinstance(row, ListedGroup):
        return "head"
    return "muted" if row.listed.asleep else ""


def _key(row: Any) -> object:
    if isinstance(row, ListedGroup):
        return (row.group.layer, row.group.sublayer, row.asleep)
    return (row.filter.filter_id, row.filter.key)


def filter_view(machine: Machine) -> View:
    """Return how the filters of a machine are shown."""
    dump = machine.dump

    def layer_id(row: Any) -> int | None:
        return dump.layer_ids.get(row.filter.layer)

    def provider(row: Any) -> str:
        found = machine.providers.get(row.filter.provider)
        return "" if found is None else found.name

    def context(row: Any) -> str:
        found = machine.contexts.get(row.filter.provider_context_key)
        return row.filter.provider_context_key if found is None else found.name

    def raw(row: Any) -> tuple[str, ...]:
        return searched_lines(row.filter)

    def unseen(row: Any) -> str:
        each: DumpFilter = row.filter
        texts = (each.key, each.description, each.action, *each.flags, each.layer, each.sublayer, each.callout)
        more = (context(row), each.provider_context_key, unregistered_words(dump, each))
        return "\n".join((*texts, each.provider, provider(row), *more, *raw(row)))

    return View(
        (
            Column("id", 7, value=lambda row: row.filter.filter_id, number=True, right=True),
            Column("does", 10, aliases=("action",), sign=_sign),
            Column("name", 0, 8, least=20, ample=34),
            Column("matches", 0, 7, least=20, ample=40, aliases=("conditions",), also=raw),
            Column("provider", 24, 4, also=lambda row: (short_name(row.filter.provider), provider(row))),
            Column("flags", 24, 3),
            Column(
                "effective weight",
                22,
                7,
                least=22,
                aliases=("weight", "effective"),
                value=lambda row: row.filter.effective_weight,
                number=True,
                cell=lambda row: f"0x{hex_weight(row.filter.effective_weight)}",
            ),
            Column("layer", 28, 7, cell=lambda row: short_name(row.filter.layer)),
            Column("layer id", 8, 7, value=layer_id, number=True, cell=lambda row: str(layer_id(row) or "")),
            Column("sublayer", 24, 7, cell=lambda row: short_name(row.filter.sublayer)),
            Column("callout", 34, 7, cell=lambda row: short_name(row.filter.callout)),
            Column("provider name", 26, 7, cell=provider),
            Column("context", 30, 7, cell=context),
            Column("key", 38, 7, least=38, cell=lambda row: row.filter.key),
            Column("description", 40, 7, cell=lambda row: row.filter.description),
        ),
        lambda row: _cells(row, machine),
        _key,
        _tone,
        selectable=lambda row: not _is_heading(row),
        empty=not_in(machine, "filters"),
        heading=_is_heading,
        name="machine_filters",
        group_column=7,
        unseen=unseen,
        heading_name=lambda row: _where(row, machine) + _asleep(row),
    )

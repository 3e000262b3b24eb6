"""What the lower pane says of a row of a machine: everything that the file has of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from ndtui.analysis.dump import DumpContext, DumpFilter, DumpProvider, DumpSession, DumpSublayer
from ndtui.analysis.dump.dump_wording import condition_words, does, tree_lines
from ndtui.analysis.machine.keying_service import DISABLED as DISABLED_PROVIDER
from ndtui.analysis.trace.filter_effect import DISABLED, is_asleep
from ndtui.analysis.trace.listed_filters import ListedGroup, unregistered_words, weight_words
from ndtui.analysis.trace.machine_wording import hardness
from ndtui.analysis.wording.phrases import hex_weight
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import shortened
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.machine.object_tables import LayerRow
from ndtui.ui.state.machine import FilterRow, Machine

#: So many lines are said of one object, and so many characters in one of them; a hostile file has more.
_LINES, _CHARACTERS = 2000, 10_000


def explain_machine_row(row: Any, machine: Machine) -> list[Line]:
    """Return everything that the file says of a row."""
    explain = _EXPLAINED.get(type(row))
    return [] if explain is None else bounded(explain(row, machine))


def bounded(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that there is room for, and how many are left out."""
    them = iter(lines)
    found = [Line(label, shortened(text, _CHARACTERS)) for label, text in islice(them, _LINES)]
    left = sum(1 for _ in them)
    return [*found, Line("", f"and {left} more lines; ndtui inspect shows them")] if left else found


def explain_filter_there(each: DumpFilter, machine: Machine) -> list[Line]:
    """Return everything that the file says of a filter, wherever it stands."""
    return bounded(_filter(each, machine))


def _filter(each: DumpFilter, machine: Machine, place: str = "") -> Iterator[Line]:
    yield Line("Name", each.name)
    yield from _if("About", each.description)
    yield Line("Does", f"{hardness(each)} {does(each)}")
    if is_asleep(each):
        when = "it is disabled" if DISABLED in each.flags else "it is for the time until BFE is up"
        yield Line("Sleeps", f"{when}: it decides nothing")
    if each.callout:
        yield from _callout(each, machine)
    conditions = [condition_words(one) for one in each.conditions] or ["everything"]
    yield from _labelled("Matches", conditions)
    yield Line("Layer", _layer_words(each.layer, machine))
    heavy = weight_words(machine.weights.get(each.sublayer))
    sublayer = machine.sublayers.get(each.sublayer)
    name = f", {sublayer.name}" if sublayer is not None and sublayer.name else ""
    yield Line("Sublayer", f"{each.sublayer or '-'}{name}, {heavy}")
    submitted = each.weight_type if each.weight is None else f"{each.weight_type} {each.weight}"
    asked = f"; {place}" if place else ""
    yield Line("Weight", f"effective 0x{hex_weight(each.effective_weight)}, submitted {submitted}{asked}")
    yield Line("Flags", ", ".join(each.flags) or "none")
    yield Line("Provider", _provider_words(each.provider, machine))
    yield Line("Id", f"{each.filter_id}, key {each.key}")
    if each.raw_context is not None:
        yield Line("Raw context", f"0x{each.raw_context:x}" if each.raw_context else "0")
    else:
        yield from _context_of(each, machine)
    for path, text in each.extra:
        yield Line("Also", f"{path}: {text}")
    yield Line("See", PAGES["filter"])


def _placed(row: FilterRow, machine: Machine) -> Iterator[Line]:
    return _filter(row.filter, machine, f"number {row.place} of {len(row.listed.filters)} in its sublayer")


def _callout(each: DumpFilter, machine: Machine) -> Iterator[Line]:
    known = machine.dump.callouts.get(each.callout)
    name = f" {known.name}" if known is not None and known.name else ""
    fate = unregistered_words(machine.dump, each)
    stands = "the file does not list it" if known is None else fate or "registered by a driver"
    yield Line("Callout", f"{each.callout}{name}: {stands}")


def _context_of(each: DumpFilter, machine: Machine) -> Iterator[Line]:
    context = machine.contexts.get(each.provider_context_key)
    if context is None:
        yield Line("Context", f"{each.provider_context_key}, which the file does not list")
        return
    yield Line("Context", f"{context.key} {context.name}")
    yield Line("Its type", context.type)
    yield from _policy(context)


def _policy(context: DumpContext) -> Iterator[Line]:
    return _labelled("Policy", tree_lines(context.policy, ""))


def _group(row: ListedGroup, machine: Machine) -> Iterator[Line]:
    """Return what is said of a heading, which is selected while its group is folded."""
    yield Line("Folded", row.heading)
    yield Line("Filters", str(len(row.filters)))
    yield Line("Layer", _layer_words(row.group.layer, machine))
    yield Line("Sublayer", f"{row.group.sublayer or '-'}, {weight_words(row.group.sublayer_weight)}")


def _layer(row: LayerRow, machine: Machine) -> Iterator[Line]:
    yield Line("Layer", _layer_words(row.name, machine))
    total, asleep = machine.filters_of.get(row.name, 0), machine.asleep_of.get(row.name, 0)
    yield Line("Filters", f"{total}, {asleep} of them asleep" if asleep else str(total))
    groups = [each for each in machine.groups if each.layer == row.name]
    sublayers = (
        f"{each.sublayer or '-'}, {weight_words(each.sublayer_weight)}: {len(each.filters)}" for each in groups
    )
    yield from _labelled("Sublayers", sublayers)
    yield from _labelled("Fields", (f"{field} {data_type}" for field, data_type in row.fields))
    for each in row.callouts:
        registered = "registered" if each.registered else "not registered"
        yield Line("Callout", f"{each.key} {each.name}: {registered}, called by {_count(machine, each.key)} filters")
    yield Line("See", PAGES["layer-identifiers"])


def _sublayer(row: DumpSublayer, machine: Machine) -> Iterator[Line]:
    yield Line("Name", row.name)
    yield Line("Sublayer", row.key)
    yield Line("Weight", f"{row.weight}, of 0 to 65535: the heaviest is asked first")
    yield Line("Provider", _provider_words(row.provider, machine))
    yield Line("Flags", ", ".join(row.flags) or "none")
    at = [f"{short_name(each.layer)} {len(each.filters)}" for each in machine.groups if each.sublayer == row.key]
    yield Line("Filters", f"{_count(machine, row.key)}{': ' if at else ''}{', '.join(at)}")
    yield Line("See", PAGES["filter-arbitration"])


def _provider(row: DumpProvider, machine: Machine) -> Iterator[Line]:
    yield Line("Name", row.name)
    yield Line("Provider", row.key)
    yield Line("Service", row.service or "none")
    yield Line("Flags", ", ".join(row.flags) or "none")
    if DISABLED_PROVIDER in row.flags and row.service:
        yield Line("Means", "when BFE started, the service was not set to start by itself: BFE disabled the filters")
    yield Line("Filters", _count(machine, row.key))
    sublayers = [short_name(each.key) for each in machine.dump.sublayers if each.provider == row.key]
    yield from _if("Sublayers", ", ".join(sublayers))
    contexts = sum(each.provider == row.key for each in machine.dump.provider_contexts)
    yield Line("Contexts", str(contexts))


def _context(row: DumpContext, machine: Machine) -> Iterator[Line]:
    yield Line("Name", row.name)
    yield from _if("About", row.description)
    yield Line("Type", row.type)
    yield Line("Key", row.key)
    yield Line("Provider", _provider_words(row.provider, machine))
    yield Line("Flags", ", ".join(row.flags) or "none")
    yield Line("Filters", _count(machine, row.key))
    yield from _policy(row)


def _session(row: DumpSession, _machine: Machine) -> Iterator[Line]:
    yield Line("Name", row.name)
    yield Line("Key", row.key)
    yield Line("Process", row.process)
    yield Line("User", row.user or "-")
    yield Line("Flags", ", ".join(row.flags) or "none")


def _count(machine: Machine, key: str) -> str:
    return str(machine.filters_of.get(key, 0))


def _layer_words(name: str, machine: Machine) -> str:
    number = machine.dump.layer_ids.get(name)
    return f"{name}, of which the file tells no run-time id" if number is None else f"{name}, run-time id {number}"


def _provider_words(key: str, machine: Machine) -> str:
    if not key:
        return "none"
    found = machine.providers.get(key)
    if found is None:
        return f"{key}, which the file does not list"
    service = f", service {found.service}" if found.service else ""
    return f"{found.name} ({key}){service}" if found.name else f"{key}{service}"


def _labelled(label: str, texts: Iterable[str]) -> Iterator[Line]:
    """Yield texts one below the other, the first behind a label."""
    for number, text in enumerate(texts):
        yield Line("" if number else label, text)


def _if(label: str, text: str) -> Iterator[Line]:
    if text:
        yield Line(label, text)


_EXPLAINED: Mapping[type, Callable[[Any, Machine], Iterator[Line]]] = {
    FilterRow: _placed,
    ListedGroup: _group,
    LayerRow: _layer,
    DumpSublayer: _sublayer,
    DumpProvider: _provider,
    DumpContext: _context,
    DumpSession: _session,
}

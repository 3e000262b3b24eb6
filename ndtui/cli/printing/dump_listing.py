"""A dump as ``ndtui inspect`` prints it: filters in the order Windows evaluates them, and all the other objects."""

from collections.abc import Iterator, Sequence
from typing import Any

from ndtui.analysis.dump import (
    Dump,
    DumpContext,
    DumpFilter,
    DumpGroup,
    Tree,
)
from ndtui.analysis.dump.dump_wording import condition_line, flag_words, tree_lines
from ndtui.analysis.dump.tree import READ_EVENTS
from ndtui.analysis.trace.filter_effect import is_asleep, unregistered
from ndtui.analysis.trace.listed_filters import does_there, listed_groups, order_words, unknown_words
from ndtui.analysis.wording.phrases import hex_weight
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.cli.printing.text_table import grouped, table
from ndtui.model.vocabulary import short_name

HEAD = ("effective weight", "id", "action", "matches", "provider", "name", "flags")


def _lines(dump: Dump, groups: Sequence[DumpGroup], sections: Sequence[str]) -> Iterator[str]:
    if "filters" in sections:
        yield from grouped(HEAD, list(_filter_groups(dump, groups)))
        yield from order_words(dump, groups)
    for name in sections:
        yield from _SECTION_LINES[name](dump) if name in _SECTION_LINES else ()
    shown = sum(len(group.filters) for group in groups)
    layers = len({group.layer for group in groups})
    made = f", written {dump.time_stamp}" if dump.time_stamp else ""
    yield f"{count(shown, 'filter')} in {count(layers, 'layer')}, from netsh wfp show {dump.kind}{made}"
    others = (
        (dump.sublayers, "sublayer"),
        (dump.provider_contexts, "provider context"),
        (dump.providers, "provider"),
        (dump.sessions, "session"),
    )
    if len(sections) > 1 and any(objects for objects, _ in others):
        yield ", ".join(count(len(objects), name) for objects, name in others)
    yield from unknown_words(dump)
    if dump.has_events:
        yield f"Net events of the file are read by {READ_EVENTS}"


def _filter_groups(dump: Dump, groups: Sequence[DumpGroup]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield the headings of the groups with their rows."""
    for each in listed_groups(dump, groups):
        yield each.heading, [_cells(dump, one) for one in each.filters]


def _layer_lines(dump: Dump) -> Iterator[str]:
    if dump.layer_fields:
        rows = [
            (short_name(name), str(dump.layer_ids.get(name, "-")), ", ".join(short_name(f) for f, _ in fields))
            for name, fields in dump.layer_fields.items()
        ]
        yield from ("", *table(("layer", "id", "fields"), rows))


def _sublayer_lines(dump: Dump) -> Iterator[str]:
    if dump.sublayers:
        rows = [
            (str(s.weight), short_name(s.key), short_name(s.provider) or "-", s.name)
            for s in sorted(dump.sublayers, key=lambda s: -s.weight)
        ]
        yield from ("", *table(("weight", "sublayer", "provider", "name"), rows))


def _context_lines(dump: Dump) -> Iterator[str]:
    for each in dump.provider_contexts:
        yield ""
        yield f"{short_name(each.type)} {each.key} {each.name}"
        about: dict[str, Tree] = {
            "description": each.description,
            "provider": short_name(each.provider),
            "flags": ", ".join(each.flags),
        }
        yield from tree_lines({**about, **each.policy}, "  ")


def _provider_lines(dump: Dump) -> Iterator[str]:
    if dump.providers:
        rows = [
            (short_name(p.key), p.service or "-", ", ".join(map(short_name, p.flags)) or "-", p.name)
            for p in dump.providers
        ]
        yield from ("", *table(("provider", "service", "flags", "name"), rows))


def _session_lines(dump: Dump) -> Iterator[str]:
    if dump.sessions:
        rows = [
            (s.key, s.process, s.user or "-", ", ".join(map(short_name, s.flags)) or "-", s.name) for s in dump.sessions
        ]
        yield from ("", *table(("session", "process", "user", "flags", "name"), rows))


_SECTION_LINES = {
    "layers": _layer_lines,
    "sublayers": _sublayer_lines,
    "contexts": _context_lines,
    "providers": _provider_lines,
    "sessions": _session_lines,
}


def _cells(dump: Dump, each: DumpFilter) -> tuple[str, ...]:
    return (
        f"0x{hex_weight(each.effective_weight)}",
        str(each.filter_id),
        does_there(dump, each),
        condition_line(each),
        short_name(each.provider) or "-",
        each.name,
        flag_words(each),
    )


def _document(dump: Dump, groups: Sequence[DumpGroup], layer: str | None) -> dict[str, Any]:
    return {
        "kind": dump.kind,
        "timeStamp": dump.time_stamp,
        "layers": [
            {
                "layerKey": group.layer,
                "subLayerKey": group.sublayer,
                "layerId": dump.layer_ids.get(group.layer),
                "subLayerWeight": group.sublayer_weight,
                "filters": [_filter(dump, each) for each in group.filters],
            }
            for group in groups
        ],
        "providers": [
            {"providerKey": p.key, "displayData": {"name": p.name}, "serviceName": p.service, "flags": list(p.flags)}
            for p in dump.providers
        ],
        "subLayers": [
            {
                "subLayerKey": s.key,
                "displayData": {"name": s.name},
                "flags": list(s.flags),
                "providerKey": s.provider,
                "weight": s.weight,
            }
            for s in dump.sublayers
        ],
        "providerContexts": [] if layer is not None else [_context(each) for each in dump.provider_contexts],
        "sessions": [
            {
                "sessionKey": s.key,
                "displayData": {"name": s.name},
                "flags": list(s.flags),
                "processId": s.process,
                "username": s.user,
            }
            for s in dump.sessions
        ],
        "layerFields": {name: [field for field, _ in fields] for name, fields in dump.layer_fields.items()},
        "layerIds": dict(dump.layer_ids),
        "contextTypes": dict(dump.contexts),
        "unknown": dict(dump.unknown),
    }


def _context(each: DumpContext) -> dict[str, Any]:
    return {
        "providerContextKey": each.key,
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
        "providerKey": each.provider or None,
        "type": each.type,
        **each.policy,
    }


def _filter(dump: Dump, each: DumpFilter) -> dict[str, Any]:
    document: dict[str, Any] = {
        "filterKey": each.key,
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
        "asleep": is_asleep(each),
        "calloutUnregistered": unregistered(each, dump),
        "providerKey": each.provider or None,
        "weight": {"type": each.weight_type},
        "filterCondition": [{"fieldKey": c.field, "matchType": c.match, "text": c.text} for c in each.conditions],
        "action": {"type": each.action, "filterType": each.callout or None},
        "filterId": each.filter_id,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.effective_weight},
    }
    if each.weight is not None:
        document["weight"][each.weight_type.removeprefix("FWP_").lower()] = each.weight
    if each.raw_context is None:
        document["providerContextKey"] = each.provider_context_key
    else:
        document["rawContext"] = each.raw_context
    if each.extra:
        document["extra"] = dict(each.extra)
    return document


def print_listing(
    dump: Dump, groups: Sequence[DumpGroup], sections: Sequence[str], *, layer: str | None, as_json: bool
) -> None:
    """Print those sections of a dump; as JSON all of it, and of one layer what belongs to that."""
    if as_json:
        write_json(_document(dump, groups, layer))
    else:
        write_lines(_lines(dump, groups, sections))

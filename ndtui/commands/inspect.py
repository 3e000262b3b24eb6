"""``ndtui inspect``: what Windows itself says, from the XML of ``netsh wfp show filters`` and ``show state``."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ndtui.analysis.dump import Dump, DumpFilter, DumpGroup, filters_in_order, read_dump
from ndtui.analysis.words import hex_weight
from ndtui.commands.options import add_json, add_layer
from ndtui.commands.output import count, write_json, write_lines
from ndtui.commands.tables import grouped
from ndtui.model.vocabulary import short_name

HELP = """\
Read what netsh wfp show filters or netsh wfp show state wrote, on any machine, and show its filters as Windows
evaluates them: layer by layer, by the weight of the sublayer, by effective weight.

examples:
  ndtui inspect wfpstate.xml
  ndtui inspect filters.xml --layer ALE_AUTH_RECV_ACCEPT_V4"""

HEAD = ("effective weight", "action", "matches", "provider", "name")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the XML file that netsh wrote")
    add_layer(parser)
    add_json(parser)


def run(file: Path, *, layer: str | None, as_json: bool) -> int:
    """Read and print."""
    dump = read_dump(file)
    groups = filters_in_order(dump, layer)
    if as_json:
        write_json(_document(dump, groups))
    else:
        write_lines(_lines(dump, groups))
    return 0


def _lines(dump: Dump, groups: Sequence[DumpGroup]) -> Iterator[str]:
    yield from grouped(HEAD, [(_heading(group), [_cells(each) for each in group.filters]) for group in groups])
    shown = sum(len(group.filters) for group in groups)
    layers = len({group.layer for group in groups})
    made = f", written {dump.time_stamp}" if dump.time_stamp else ""
    yield f"{count(shown, 'filter')} in {count(layers, 'layer')}, from netsh wfp show {dump.kind}{made}"
    if dump.unknown:
        yield f"Not understood: {', '.join(f'{path} ({number})' for path, number in dump.unknown.items())}"


def _heading(group: DumpGroup) -> str:
    weight = "unknown weight" if group.sublayer_weight is None else f"weight {group.sublayer_weight}"
    return f"{short_name(group.layer)}, sublayer {short_name(group.sublayer) or '-'} of {weight}"


def _cells(each: DumpFilter) -> tuple[str, ...]:
    does = short_name(each.action)
    conditions = (f"{short_name(c.field)} {_sign(c.match)} {c.text}" for c in each.conditions)
    return (
        f"0x{hex_weight(each.effective_weight)}",
        f"{does} {short_name(each.callout)}" if each.callout else does,
        ", ".join(conditions) or "everything",
        short_name(each.provider) or "-",
        each.name,
    )


def _sign(match: str) -> str:
    return {"EQUAL": "=", "RANGE": "in", "NOT_EQUAL": "!="}.get(short_name(match), short_name(match))


def _document(dump: Dump, groups: Sequence[DumpGroup]) -> dict[str, Any]:
    return {
        "kind": dump.kind,
        "timeStamp": dump.time_stamp,
        "layers": [
            {
                "layerKey": group.layer,
                "subLayerKey": group.sublayer,
                "subLayerWeight": group.sublayer_weight,
                "filters": [_filter(each) for each in group.filters],
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
        "providerContexts": dict(dump.contexts),
        "unknown": dict(dump.unknown),
    }


def _filter(each: DumpFilter) -> dict[str, Any]:
    document: dict[str, Any] = {
        "filterKey": each.key,
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
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

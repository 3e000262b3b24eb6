"""What ``ndtui order`` says about a dump: a design's filters among the machine's, and how well the model does."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ndtui.analysis.check.machine_findings import of_others
from ndtui.analysis.dump import Dump, read_dump
from ndtui.analysis.dump.dump_wording import condition_line, does
from ndtui.analysis.machine.others_in_the_way import in_the_way
from ndtui.analysis.ranking.model_score import Evaluation, Score, evaluate
from ndtui.analysis.ranking.placement import PlacementGroup, PlacementRow, place
from ndtui.analysis.wording.phrases import action_word, conditions_line, hex_weight
from ndtui.cli.printing.in_the_way_text import in_the_way_document, in_the_way_lines
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped, table
from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose
from ndtui.common.text import in_quotes
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name

PLACEMENT_HEAD = ("", "effective weight", "does", "matches", "provider", "name")
KNOWS_NOTHING = "The model was told nothing of this dump but the conditions of its filters."
CALIBRATED = (
    "Calibrated: the version of Windows was learnt, layer by layer, from the dump's other filters, never from the "
    "pair that is judged."
)


def show_placement(filterset: FilterSet, path: Path, *, layer: str | None, as_json: bool) -> None:
    """Print the layers of a design with the machine's filters and ours in one order, and who is in the way."""
    dump = read_dump(path)
    groups = place(filterset, dump)
    if layer is not None:
        asked = tuple(group for group in groups if layer.upper() in (group.layer, short_name(group.layer)))
        if not asked:
            names = dict.fromkeys(short_name(group.layer) for group in groups)
            raise InputError(
                f"the design has no filter at layer {in_quotes(layer)}", remedy=choose(layer.upper(), names)
            )
        groups = asked
    layers = {group.layer for group in groups}
    found = [each for each in in_the_way(filterset, dump) if each.filter.layer in layers]
    if as_json:
        document = {"layers": [_placement_document(group) for group in groups]}
        write_json({**document, "inTheWay": [in_the_way_document(each) for each in found]})
    else:
        write_lines([*_placement_lines(groups), *in_the_way_lines(of_others(found), filterset.design)])


def _placement_lines(groups: Sequence[PlacementGroup]) -> Iterator[str]:
    def heading(group: PlacementGroup) -> str:
        weight = "unknown weight" if group.sublayer_weight is None else f"weight {group.sublayer_weight}"
        return f"{short_name(group.layer)}, sublayer {short_name(group.sublayer) or '-'} of {weight}"

    yield from grouped(
        PLACEMENT_HEAD, [(heading(group), [_placement_cells(row) for row in group.rows]) for group in groups]
    )
    yield "+ marks the design's filters: their weights are modelled, the machine's are its own."
    rows = [row for group in groups for row in group.rows]
    if any(row.before_bfe for row in rows):
        yield "before BFE: a boot-time filter, which decides until BFE is up and sleeps from then on."
    if any(row.disabled for row in rows):
        yield "disabled: it sleeps, and decides over nothing."


def _asleep(row: PlacementRow) -> str:
    return ", before BFE" if row.before_bfe else ", disabled" if row.disabled else ""


def _placement_cells(row: PlacementRow) -> tuple[str, ...]:
    weight = f"0x{hex_weight(row.weight)}"
    if row.ours is not None:
        does_ours = f"{action_word(row.ours)}{_asleep(row)}"
        return ("+", weight, does_ours, conditions_line(row.ours), "ndtui", row.ours.name)
    if row.theirs is None:
        raise AssertionError("a row is ours or theirs")
    each = row.theirs
    return (
        "",
        weight,
        f"{does(each)}{_asleep(row)}",
        condition_line(each),
        short_name(each.provider) or "-",
        each.name,
    )


def _placement_document(group: PlacementGroup) -> dict[str, Any]:
    return {
        "layerKey": group.layer,
        "subLayerKey": group.sublayer,
        "subLayerWeight": group.sublayer_weight,
        "filters": [_row_document(row) for row in group.rows],
    }


def _row_document(row: PlacementRow) -> dict[str, Any]:
    if row.ours is not None:
        document = {
            "ours": True,
            "filterKey": braces(row.ours.key),
            "name": row.ours.name,
            "origin": str(row.ours.origin),
        }
    elif row.theirs is not None:
        document = {"ours": False, "filterKey": row.theirs.key, "name": row.theirs.name}
    asleep = {"beforeBfe": row.before_bfe, "disabled": row.disabled}
    document |= {name: True for name, so in asleep.items() if so}
    return {**document, "effectiveWeight": {"type": "FWP_UINT64", "uint64": row.weight}}


def show_evaluation(path: Path, *, calibrate: bool, layer: str | None, as_json: bool) -> None:
    """Print how the model does on a dump, layer by layer and in total; ``layer`` leaves out the others."""
    dump = read_dump(path)
    found = evaluate(dump, calibrate=calibrate)
    layers = found.layers if layer is None else {name: found.layers[name] for name in _find(dump, found, layer)}
    if as_json:
        write_json(_evaluation_document(found, layers, calibrate=calibrate))
    else:
        write_lines(_evaluation_lines(found, layers, calibrate=calibrate))


def _find(dump: Dump, found: Evaluation, layer: str) -> list[str]:
    names = [name for name in found.layers if layer.upper() in (name, short_name(name))]
    if not names:
        known = [short_name(name) for name in found.layers]
        raise InputError(
            f"the dump of netsh wfp show {dump.kind} has no filter of automatic weight at layer {in_quotes(layer)}",
            remedy=choose(layer.upper(), known) if known else "it has none at any layer",
        )
    return names


def _evaluation_document(found: Evaluation, layers: Mapping[str, Score], *, calibrate: bool) -> dict[str, Any]:
    return {
        "calibrated": calibrate,
        "layers": [
            {"layerKey": name, **score._asdict(), **({"fields": found.calibrated[name]} if calibrate else {})}
            for name, score in layers.items()
        ],
        "total": found.total._asdict(),
    }


def _evaluation_lines(found: Evaluation, layers: Mapping[str, Score], *, calibrate: bool) -> Iterator[str]:
    head = ("layer", *Score._fields, *(("fields",) if calibrate else ()))
    rows = [
        (short_name(name), *map(str, score), *((found.calibrated[name],) if calibrate else ()))
        for name, score in layers.items()
    ]
    rows.append(("total", *map(str, found.total), *(("",) if calibrate else ())))
    yield from table(head, rows)
    total = found.total
    # Rounded down: 100 % is said only of all pairs.
    percent = f"{10_000 * total.right // total.pairs / 100:.2f} %" if total.pairs else "none"
    yield f"In the right order: {percent} of {total.pairs} pairs; exact: {total.exact} of {total.filters} weights."
    yield CALIBRATED if calibrate else KNOWS_NOTHING

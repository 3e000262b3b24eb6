"""How two policies differ, as lines and as plain data."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.compare import Meaning, ObjectChange, Policy, Region, UndecidedRegion
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.vocabulary import short_name

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_KINDS = {"subLayers": "Sublayers", "providerContexts": "Provider contexts", "filters": "Filters"}


class Sides(NamedTuple):
    """What the two sides are called where traffic differs."""

    title: str
    before: str
    after: str


DESIGNS = Sides("Traffic whose verdict changes", "before:", "after: ")


def show_differences(
    sides: tuple[Policy, Policy],
    objects: Sequence[ObjectChange],
    meaning: Meaning,
    *,
    most: int | None,
    as_json: bool,
) -> None:
    """Print how two policies differ, the old and the new; a person is shown at most ``most`` regions of traffic."""
    if as_json:
        write_json(_document(*sides, objects, meaning))
    else:
        write_lines(_lines(*sides, objects, meaning, most))


def _name(policy: Policy) -> str:
    return policy.name or "no policy"


def _lines(
    old: Policy, new: Policy, objects: Sequence[ObjectChange], meaning: Meaning, most: int | None
) -> Iterator[str]:
    regions = meaning.regions
    yield f"From {_name(old)} to {_name(new)}"
    yield from _object_lines(objects)
    yield from traffic_lines(meaning, most)
    yield ""
    undecided = f", {count(len(meaning.undecided), 'region')} not decided" if meaning.undecided else ""
    yield f"{count(len(objects), 'object')} and {count(len(regions), 'region')} of traffic differ{undecided}"


def traffic_lines(meaning: Meaning, most: int | None, sides: Sides = DESIGNS) -> Iterator[str]:
    """Yield the traffic whose verdict differs, each region with a packet; at most so many of them."""
    regions = meaning.regions
    if regions:
        yield ""
        yield sides.title
    for region in regions[:most]:
        yield f"  {region.traffic}{'' if region.whole else ', apart from what other filters decide'}"
        yield f"      {verdict_of(region.before)} -> {verdict_of(region.after)}"
        yield f"      for example {region.witness}"
        yield f"      {sides.before} {region.before_by}"
        yield f"      {sides.after} {region.after_by}"
    if most is not None and len(regions) > most:
        yield f"  and {count(len(regions) - most, 'region')} more: --all shows them"
    yield from _undecided_lines(meaning.undecided, most)


def _undecided_lines(undecided: Sequence[UndecidedRegion], most: int | None) -> Iterator[str]:
    if undecided:
        yield ""
        yield "Not decided, because its filters cross in too many ways: whether the verdict of some of this changes"
    for each in undecided[:most]:
        yield f"  {each.traffic}"
    if most is not None and len(undecided) > most:
        yield f"  and {count(len(undecided) - most, 'region')} more: --all shows them"


def _object_lines(objects: Sequence[ObjectChange]) -> Iterator[str]:
    groups: dict[str, list[ObjectChange]] = {}
    for change in objects:
        groups.setdefault(short_name(change.layer) or _KINDS[change.kind], []).append(change)
    for title, changes in groups.items():
        yield title
        for change in changes:
            yield f"  {_SIGNS[change.action]} {change.name}"
            for name, before, after in change.differences:
                yield f"      {name}: {_text(before)} -> {_text(after)}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else "nothing" if value is None else json.dumps(value)


def _document(old: Policy, new: Policy, objects: Sequence[ObjectChange], meaning: Meaning) -> dict[str, Any]:
    """Return how they differ; ``same`` is null where that is not decided."""
    differ = bool(objects or meaning.regions)
    return {
        "before": old.name,
        "after": new.name,
        "same": None if meaning.undecided and not differ else not differ,
        "objects": [
            {
                "action": change.action,
                "kind": change.kind,
                "layer": change.layer,
                "name": change.name,
                "differences": [
                    {"property": name, "before": before, "after": after} for name, before, after in change.differences
                ],
            }
            for change in objects
        ],
        **traffic_document(meaning),
    }


def traffic_document(meaning: Meaning) -> dict[str, Any]:
    """Return the traffic whose verdict differs, and that of which it is not decided, as plain data."""
    return {
        "regions": [_region(region) for region in meaning.regions],
        "undecided": [each._asdict() for each in meaning.undecided],
    }


def _region(region: Region) -> dict[str, Any]:
    sides = {
        name: {
            "verdict": verdict_of(outcomes),
            "encrypted": verdict_of(outcomes) == "encrypted",
            "outcome": {peer: course._asdict() for peer, course in outcomes._asdict().items()},
            "by": by,
        }
        for name, outcomes, by in (
            ("before", region.before, region.before_by),
            ("after", region.after, region.after_by),
        )
    }
    return {
        "direction": region.direction,
        "family": region.family,
        "traffic": region.traffic,
        "whole": region.whole,
        **sides,
        "witness": str(region.witness),
        "packet": asdict(region.witness),
    }

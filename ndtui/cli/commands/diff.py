"""``ndtui diff``: how two policies differ, by objects and by what becomes of traffic."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.compare import ObjectChange, Policy, Region, compare_meaning, compare_objects
from ndtui.cli.arguments.common_options import DESIGN, add_backend, add_json
from ndtui.cli.arguments.sources import read_filterset
from ndtui.cli.printing.output import count, note, write_json, write_lines
from ndtui.common.errors import InputError
from ndtui.model.vocabulary import short_name

HELP = """\
Compare two policies: the objects that only one of them has or that differ, and the traffic whose verdict changes, each
region with a packet that shows it. Objects are matched by what they are for, whatever their keys.
Besides what a command takes as a design: store: for what a backend holds, and a dump of netsh wfp show (.xml), as far
as its policy makes a design. Verdicts are those of assertions; traffic is written as in assertions.
The exit status is that of diff: 0 when there is no difference, 1 when there is one, 2 when there is trouble.

examples:
  ndtui diff old.toml new.toml
  ndtui diff old.toml new.toml --meaning --json
  ndtui diff my-design.toml store:"""

STORE = "store:"
_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_KINDS = {"subLayers": "Sublayers", "providerContexts": "Provider contexts", "filters": "Filters"}
_WHAT = f"{DESIGN}; or {STORE} for what a backend holds; or a dump of netsh wfp show (XML)"
_MOST = 20


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("before", metavar="A", help=_WHAT)
    parser.add_argument("after", metavar="B", help="what to compare it with, likewise")
    add_backend(parser)
    parser.add_argument("--meaning", action="store_true", help="only the traffic whose verdict changes")
    parser.add_argument("--all", action="store_true", dest="everything", help=f"more than {_MOST} regions too")
    add_json(parser)


def run(
    before: str, after: str, *, backend: str, store: Path | None, meaning: bool, everything: bool, as_json: bool
) -> int:
    """Compare and print; 1 when they differ."""
    if before == after == "-":
        raise InputError("both sides are standard input", remedy="name a file for one of them")
    old, new = (_read(word, backend, store) for word in (before, after))
    objects = () if meaning else tuple(compare_objects(old, new))
    regions = compare_meaning(old, new)
    if as_json:
        write_json(_document(old, new, objects, regions))
    else:
        write_lines(_lines(old, new, objects, regions, None if everything else _MOST))
    return 1 if objects or regions else 0


def _read(word: str, backend: str, store: Path | None) -> Policy:
    if word == STORE:
        return _held(backend, store)
    if word.lower().endswith(".xml"):
        return _lifted(Path(word))
    return Policy.of(read_filterset(word))


def _held(backend: str, store: Path | None) -> Policy:
    """Return what a backend holds."""
    from ndtui.backends.registry import open_backend  # noqa: PLC0415 - only dumps and backends need it

    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    lists: dict[str, Any] = {
        "subLayers": snapshot.of_kind("subLayer"),
        "providerContexts": snapshot.of_kind("providerContext"),
        "filters": snapshot.of_kind("filter"),
    }
    return Policy.of_documents(snapshot.policy, lists)


def _lifted(path: Path) -> Policy:
    """Return the policy of a dump, as far as it makes a design; what does not is said."""
    from ndtui.analysis.dump import read_dump  # noqa: PLC0415 - only dumps and backends need it
    from ndtui.analysis.reconstruct.design_from_dump import reconstruct  # noqa: PLC0415

    reconstructed = reconstruct(read_dump(path))
    if reconstructed.design is None:
        raise InputError(f"{path} holds no policy that makes a design", remedy="; ".join(reconstructed.missing))
    for missing in reconstructed.missing:
        note(f"{path}: not compared: {missing}")
    from ndtui.model.compiled.compile import compile_design  # noqa: PLC0415

    return Policy.of(compile_design(reconstructed.design))


def _name(policy: Policy) -> str:
    return policy.name or "no policy"


def _lines(
    old: Policy, new: Policy, objects: Sequence[ObjectChange], regions: Sequence[Region], most: int | None
) -> Iterator[str]:
    yield f"From {_name(old)} to {_name(new)}"
    yield from _object_lines(objects)
    if regions:
        yield ""
        yield "Traffic whose verdict changes"
    for region in regions[:most]:
        yield f"  {region.traffic}{'' if region.whole else ', apart from what other filters decide'}"
        yield f"      {verdict_of(region.before)} -> {verdict_of(region.after)}"
        yield f"      for example {region.witness}"
        yield f"      before: {region.before_by}"
        yield f"      after:  {region.after_by}"
    if most is not None and len(regions) > most:
        yield f"  and {count(len(regions) - most, 'region')} more: --all shows them"
    yield ""
    yield f"{count(len(objects), 'object')} and {count(len(regions), 'region')} of traffic differ"


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


def _document(old: Policy, new: Policy, objects: Sequence[ObjectChange], regions: Sequence[Region]) -> dict[str, Any]:
    return {
        "before": old.name,
        "after": new.name,
        "same": not objects and not regions,
        "objects": [
            {
                **change._asdict(),
                "differences": [
                    {"property": name, "before": before, "after": after} for name, before, after in change.differences
                ],
            }
            for change in objects
        ],
        "regions": [_region(region) for region in regions],
    }


def _region(region: Region) -> dict[str, Any]:
    sides = {
        name: {
            "verdict": verdict_of(outcomes),
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

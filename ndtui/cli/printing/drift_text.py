"""A design held against a machine, as lines and as plain data."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from ndtui.analysis.check.machine_findings import on_machine
from ndtui.analysis.drift.counterparts import ASSIGNED_FLAGS
from ndtui.analysis.drift.facts_there import facts_lines, facts_there
from ndtui.analysis.drift.machine_drift import Drift, LeftThere, ObjectThere
from ndtui.analysis.dump import Dump
from ndtui.analysis.machine.others_in_the_way import in_the_way
from ndtui.analysis.verify.compare import Meaning
from ndtui.analysis.wording.object_lines import change_lines
from ndtui.cli.printing.diff_text import Sides, traffic_document, traffic_lines
from ndtui.cli.printing.in_the_way_text import in_the_way_document, in_the_way_lines
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.compiled.document_names import display_name, key_of, layer_of
from ndtui.model.compiled.document_types import Document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name

_SIDES = Sides("Traffic that is treated otherwise there", "design: ", "machine:")
_KINDS = {"provider": "Provider", "subLayer": "Sublayers", "providerContext": "Provider contexts"}
_WHOSE = {
    "this policy": "left of another version of this policy",
    "another policy": "of another policy of ndtui",
    "another program": "of another program's IPsec policy",
}


class OnMachine(NamedTuple):
    """A design and a machine, and how it is there; ``objects``: those are asked for too, not traffic alone.

    ``meaning`` is the traffic that differs, None where it was not asked for; ``unread`` why that is not known.
    """

    filterset: FilterSet
    path: Path
    dump: Dump
    drift: Drift
    meaning: Meaning | None
    unread: str
    objects: bool


def show_drift(shown: OnMachine, *, most: int | None, as_json: bool) -> None:
    """Print how a design is on a machine; a person is shown at most ``most`` regions of traffic."""
    if as_json:
        write_json(_document(shown))
    else:
        write_lines(_lines(shown, most))


def machine_words(path: Path, dump: Dump) -> str:
    """Return which file it is, what netsh was asked for, and when."""
    at = f", {dump.time_stamp}" if dump.time_stamp else ""
    return f"{path} (netsh wfp show {dump.kind}{at})"


def _lines(shown: OnMachine, most: int | None) -> Iterator[str]:
    drift = shown.drift
    yield f"{drift.policy} on {machine_words(shown.path, shown.dump)}"
    if shown.objects:
        yield from _object_lines(drift)
    if shown.meaning is not None:
        yield from traffic_lines(shown.meaning, most, _SIDES)
    if shown.objects:
        yield from in_the_way_lines(on_machine(shown.filterset, shown.dump), shown.filterset.design)
        yield ""
        yield from facts_lines(facts_there(drift, shown.dump))
    yield ""
    yield from not_compared_lines(drift.uncompared if shown.objects else (), shown.unread)
    yield _summary(shown)


def not_compared_lines(uncompared: Sequence[str], unread: str = "") -> Iterator[str]:
    """Yield what the file does not tell."""
    yield from (f"Not compared: {each}" for each in uncompared)
    if unread:
        yield f"Not compared: traffic, because {unread}, which a packet does not show"


def _summary(shown: OnMachine) -> str:
    counts, total = shown.drift.counts, len(shown.drift.objects)
    traffic = ""
    if shown.meaning is not None:
        undecided = f", {count(len(shown.meaning.undecided), 'region')} not decided" if shown.meaning.undecided else ""
        traffic = f"{count(len(shown.meaning.regions), 'region')} of traffic differ{undecided}"
    if not shown.objects:
        return traffic
    found = [f"{counts['there']} of {count(total, 'object')} there"]
    found += [f"{counts[each]} {each}" for each in ("missing", "changed", "disabled")]
    found += [f"{len(shown.drift.left)} that the design does not have"]
    return "; ".join(filter(None, (", ".join(found), traffic)))


def _object_lines(drift: Drift) -> Iterator[str]:
    if not drift.held.objects:
        yield "Nothing of it is on that machine"
        return
    if not drift.held.ours:
        yield "It holds nothing of ndtui: compared with the IPsec policy of another program, by what its filters say"
    groups: dict[str, list[str]] = {}
    for each in drift.objects:
        if each.state != "there":
            title = short_name(layer_of(each.ours)) or _KINDS[each.kind]
            groups.setdefault(title, []).extend(_of_object(each, drift.policy))
    for left in drift.left:
        title = short_name(layer_of(left.document)) or _KINDS[left.kind]
        groups.setdefault(title, []).append(_of_left(left))
    for title, lines in groups.items():
        yield title
        yield from lines
    renamed = sum(each.other_key for each in drift.objects)
    if renamed:
        would = "replace what is there" if drift.held.ours else "add the design's own beside it"
        yield f"Under another key than the design gives, so that applying would {would}: {count(renamed, 'object')}"


def _of_object(each: ObjectThere, policy: str) -> Iterator[str]:
    asleep = " and disabled" if each.disabled and each.state == "changed" else ""
    yield f"  {each.state + asleep}: {display_name(each.ours).removeprefix(f'{policy}: ')}"
    if each.state == "changed":
        for label, text in change_lines(each.kind, each.ours, _as_compared(each)):
            yield f"      {label}: {text}"


def _as_compared(each: ObjectThere) -> Document:
    """Return an object of a machine with the design's own where the two are not compared."""
    paths = {name.partition(".")[0].partition("[")[0] for name, _, _ in each.differences}
    there: dict[str, object] = {**(each.there or {})}
    found = {name: there.get(name) if name in paths else value for name, value in each.ours.items()}
    found |= {name: there[name] for name in paths if name in there}
    if "flags" in paths and each.there is not None:
        found["flags"] = [flag for flag in each.there["flags"] if flag not in ASSIGNED_FLAGS]
    return cast("Document", found)


def _of_left(left: LeftThere) -> str:
    name = display_name(left.document) or key_of(left.kind, left.document)
    return f"  {_WHOSE[left.whose]}{', disabled' if left.disabled else ''}: {name}"


def _document(shown: OnMachine) -> dict[str, Any]:
    drift, dump = shown.drift, shown.dump
    document: dict[str, Any] = {
        "design": drift.policy,
        "machine": {"file": str(shown.path), "kind": dump.kind, "timeStamp": dump.time_stamp},
        "same": same(shown),
    }
    if shown.objects:
        document |= {
            "matchedBy": "keys" if drift.held.ours else "meaning",
            "counts": {**{str(name): number for name, number in drift.counts.items()}, "left": len(drift.left)},
            "objects": [_of_object_there(each) for each in drift.objects if each.state != "there" or each.other_key],
            "left": [_left_document(each) for each in drift.left],
            "inTheWay": [in_the_way_document(each) for each in in_the_way(shown.filterset, dump)],
            "facts": facts_there(drift, dump)._asdict(),
        }
    uncompared = [*(drift.uncompared if shown.objects else ()), *([f"traffic: {shown.unread}"] if shown.unread else ())]
    traffic = {} if shown.meaning is None else traffic_document(shown.meaning)
    return {**document, **traffic, "notCompared": uncompared}


def same(shown: OnMachine) -> bool | None:
    """Tell whether the machine has just the design, or treats traffic as it does; None where that is not decided."""
    regions, undecided = ((), ()) if shown.meaning is None else shown.meaning
    if regions or (shown.objects and shown.drift.differs):
        return False
    if undecided or shown.unread or (shown.objects and shown.drift.uncompared):
        return None
    return True


def _of_object_there(each: ObjectThere) -> dict[str, Any]:
    return {
        "state": each.state,
        "disabled": each.disabled,
        "kind": each.kind,
        "layerKey": layer_of(each.ours),
        "name": display_name(each.ours),
        "key": key_of(each.kind, each.ours),
        "keyThere": None if each.there is None else key_of(each.kind, each.there),
        "differences": [
            {"property": name, "design": before, "machine": after} for name, before, after in each.differences
        ],
    }


def _left_document(left: LeftThere) -> dict[str, Any]:
    return {
        "whose": left.whose,
        "disabled": left.disabled,
        "kind": left.kind,
        "layerKey": layer_of(left.document),
        "name": display_name(left.document),
        "keyThere": key_of(left.kind, left.document),
    }

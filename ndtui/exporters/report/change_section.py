"""Change section: what changes against another design - decisions, traffic that is treated otherwise, objects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.compare import Meaning, ObjectChange, Policy, compare_meaning, compare_objects
from ndtui.exporters.report.report_parts import Cell, Said, Section, Text, count, some, tone_of
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.differences import differences, in_words
from ndtui.model.vocabulary import short_name

_DONE: dict[Literal["add", "change", "remove"], str] = {"add": "added", "change": "changed", "remove": "removed"}
#: So many regions of traffic and objects are listed; ``ndtui diff --all`` has the others.
_MOST = 200


def changes(filterset: FilterSet, before: Design) -> Section:
    """Return how a design differs from the one before."""
    old, new = Policy.of(compile_design(before)), Policy.of(filterset)
    meaning = compare_meaning(old, new, Effort.for_filters(old.sets.count + new.sets.count))
    objects = list(compare_objects(old, new))
    about = Text(f"Compared with {before.name}, which has the identity {before.id}. {_summary(meaning, objects)}")
    return Section(
        "changes",
        "What changes",
        (about,),
        (_traffic(meaning), _decisions(before, filterset.design), _objects(objects)),
    )


def _summary(meaning: Meaning, objects: Sequence[ObjectChange]) -> str:
    done = Counter(change.action for change in objects)
    told = ", ".join(f"{done[action]} {words}" for action, words in _DONE.items() if done[action])
    traffic = count(len(meaning.regions), "kind") if meaning.regions else "No kind"
    verb = "is" if len(meaning.regions) < 2 else "are"
    return f"{traffic} of traffic {verb} treated otherwise. Objects: {told or 'none differs'}."


def _traffic(meaning: Meaning) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for region in meaning.regions[:_MOST]:
        then, now = verdict_of(region.before), verdict_of(region.after)
        apart = "" if region.whole else ", apart from what other filters decide"
        why = f"for example {region.witness}; before: {region.before_by}; now: {region.after_by}"
        rows.append((f"{region.traffic}{apart}", Said(then, tone_of(then)), Said(now, tone_of(now)), why))
    blocks = [some(("traffic", "before", "now", "why"), rows, "No traffic is known to be treated otherwise.")]
    if len(meaning.regions) > _MOST:
        blocks.append(Text(f"And {len(meaning.regions) - _MOST} more: ndtui diff --all has them."))
    if meaning.undecided:
        undecided: list[tuple[Cell, ...]] = [(each.traffic,) for each in meaning.undecided[:_MOST]]
        blocks.append(some(("not decided, because filters cross in too many ways",), undecided, ""))
    return Section("changed-traffic", "Traffic that is treated otherwise", tuple(blocks))


def _decisions(before: Design, after: Design) -> Section:
    rows: list[tuple[Cell, ...]] = [(d.place, _plain(d.first), _plain(d.second)) for d in differences(before, after)]
    nothing = "Every decision is the same."
    return Section("changed-decisions", "Decisions", (some(("decision", "before", "now"), rows, nothing),))


def _objects(objects: Sequence[ObjectChange]) -> Section:
    blocks = [some(("object", "where", "change", "what"), list(_object_rows(objects[:_MOST])), "No object differs.")]
    if len(objects) > _MOST:
        blocks.append(Text(f"And {len(objects) - _MOST} more: ndtui diff has them."))
    return Section("changed-objects", "Objects", tuple(blocks))


def _object_rows(objects: Sequence[ObjectChange]) -> Iterator[tuple[Cell, ...]]:
    for change in objects:
        what = "; ".join(f"{name}: {_plain(old)} -> {_plain(new)}" for name, old, new in change.differences)
        where = short_name(change.layer) or {"subLayers": "sublayers"}.get(change.kind, "provider contexts")
        yield change.name, where, _DONE[change.action], what


def _plain(value: object) -> str:
    """Return what a design says in one place, as a person says it."""
    return "not there" if value is None else in_words(value)

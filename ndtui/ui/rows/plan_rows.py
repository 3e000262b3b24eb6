"""What the plan screen lists: drift, whose filters come first, what the plan does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import takewhile
from typing import Any

from ndtui.analysis.wording.object_lines import brief_words, change_lines, object_lines
from ndtui.analysis.wording.properties import Line
from ndtui.backends.contract.changes import KIND_NAMES, Change, ChangeKind, Other, Plan, Relation
from ndtui.backends.planning.plan_wording import (
    DRIFT,
    DRIFT_SENTENCES,
    DRIFT_TITLE,
    OTHERS_TITLE,
    RELATION_SENTENCES,
    SIGNS,
    groups,
    other_name,
)
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.view import Column, Heading, Tone, View

_DOES: dict[ChangeKind, str] = {"add": "is added", "change": "is changed", "remove": "is removed"}
_RELATION_MARKS: dict[Relation, str] = {"outranks": "^", "negotiates": "^", "ties": "="}


@dataclass(frozen=True, slots=True)
class Drifted:
    """A change that somebody else made since the last apply; no part of what the plan does."""

    change: Change


PlanRow = Heading | Drifted | Other | Change


def plan_rows(plan: Plan) -> list[PlanRow]:
    """Return what there is to see: drift, filters of others, and the changes under a heading per layer or kind."""
    found: dict[str, list[PlanRow]] = {}
    if plan.drift:
        found[DRIFT_TITLE] = [Drifted(change) for change in plan.drift]
    if plan.others:
        found[OTHERS_TITLE] = [*plan.others]
    if found and plan.empty:
        found["Nothing to do"] = []
    for title, changes in groups(plan).items():
        found[title] = [*changes]
    return list(_under_headings(found))


def _under_headings(groups: dict[str, list[PlanRow]]) -> Iterator[PlanRow]:
    for title, rows in groups.items():
        yield Heading(title, f"{title}  {len(rows)}" if rows else title)
        yield from rows


def label_in(policy: str, name: str) -> str:
    """Return the display name of an object without the name of its policy, where it is of the policy shown."""
    return name.removeprefix(f"{policy}: ") if policy else name


def policy_shown(plan: Plan) -> str:
    """Return the policy without whose name the objects of a plan are named: that it is for, or all of whose it removes.

    What a plan without a policy removes is all of one: its name is what those of its provider contexts have in common.
    """
    if plan.policy or plan.replaces:
        return plan.policy or plan.replaces
    names = [change.name for change in plan.changes if change.kind == "providerContext"]
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    common = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return common.rpartition(": ")[0]


def _cells(policy: str, row: PlanRow) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    if isinstance(row, Drifted):
        label = label_in(policy, row.change.name)
        return (DRIFT[row.change.action], label, _changed(row.change) or short_name(row.change.layer))
    if isinstance(row, Other):
        at = f"{short_name(row.document['layerKey'])}, {short_name(row.document['subLayerKey'])}"
        return (row.relation, other_name(row), at)
    return (row.action, label_in(policy, row.name), _changed(row))


def _changed(change: Change) -> str:
    """Return what a change does to a property, or what the object is about where it comes or goes."""
    if change.before is None or change.after is None:
        return brief_words(change.kind, change.document)
    lines = change_lines(change.kind, change.before, change.after)
    if len(lines) == 1:
        return f"{lines[0].label}: {lines[0].text}"
    return ", ".join(dict.fromkeys(line.label for line in lines))


def _key(row: PlanRow) -> object:
    if isinstance(row, Heading):
        return row.layer
    if isinstance(row, Drifted):
        return ("drift", row.change.kind, row.change.key)
    return ("other", row.document["filterKey"]) if isinstance(row, Other) else (row.kind, row.key)


def _tone(row: PlanRow) -> Tone:
    return "head" if isinstance(row, Heading) else "warning" if isinstance(row, Drifted | Other) else ""


def _mark(row: PlanRow) -> str:
    if isinstance(row, Heading):
        return ""
    if isinstance(row, Drifted):
        return "!"
    return _RELATION_MARKS[row.relation] if isinstance(row, Other) else SIGNS[row.action]


def _kind(row: Any) -> str:
    """Return what kind of object a row is about, of others always a filter."""
    change: Change | None = row.change if isinstance(row, Drifted) else None if isinstance(row, Other) else row
    return "filter" if change is None else change.kind


def _object_key(row: Any) -> str:
    if isinstance(row, Other):
        return str(row.document["filterKey"])
    return str(row.change.key if isinstance(row, Drifted) else row.key)


def _layer(row: Any) -> str:
    if isinstance(row, Other):
        return short_name(row.document["layerKey"])
    return short_name((row.change if isinstance(row, Drifted) else row).layer)


def _full_name(row: Any) -> tuple[str, ...]:
    return (other_name(row) if isinstance(row, Other) else (row.change if isinstance(row, Drifted) else row).name,)


PLAN = View(
    (
        Column("does", 8, aliases=("action",)),
        Column("object", 0, 8, least=20, ample=34, aliases=("name",), also=_full_name),
        Column("matches, or what changes", 0, 6, least=20, ample=44, aliases=("properties",)),
        Column("layer", 24, 7, cell=_layer),
        Column("kind", 16, 7, cell=_kind),
        Column("key", 38, 7, least=38, cell=_object_key),
    ),
    partial(_cells, ""),
    _key,
    _tone,
    _mark,
    lambda row: not isinstance(row, Heading),
    empty="nothing to do: the backend already holds exactly this",
    heading=lambda row: isinstance(row, Heading),
    name="plan",
    unseen=lambda row: _full_name(row)[0],
)


@lru_cache(maxsize=4)
def plan_view(policy: str) -> View:
    """Return how rows are shown where a policy's name stands above them: its objects are named without it."""
    return replace(PLAN, cells=partial(_cells, policy))


def explain_row(row: Any) -> list[Line]:
    """Return everything about a row of the plan."""
    if isinstance(row, Drifted):
        found = Line("Drift", DRIFT_SENTENCES[row.change.action])
        return [found, Line("Applying", "makes it what the design says"), *_explain_change(row.change)]
    if isinstance(row, Other):
        lines = [Line("Of others", other_name(row)), Line("Why it matters", RELATION_SENTENCES[row.relation])]
        lines.append(Line("Applying", "leaves it as it is: what is not ours is never touched"))
        return [*lines, *object_lines("filter", row.document), Line("See", PAGES["filter-arbitration"])]
    return _explain_change(row) if isinstance(row, Change) else []


def _explain_change(change: Change) -> list[Line]:
    """Return a change in words, property by property: before and after, or all of an object that comes or goes."""
    what = Line("Object", f"{KIND_NAMES[change.kind]}, {_DOES[change.action]}")
    if change.before is None or change.after is None:
        return [what, *object_lines(change.kind, change.document)]
    lines = [Line("Name", change.name), what]
    lines += change_lines(change.kind, change.before, change.after)
    return [*lines, Line("Layer", short_name(change.layer)), Line("Key", change.key)]

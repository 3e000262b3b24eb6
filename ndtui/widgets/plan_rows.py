"""What the plan screen lists: what somebody changed behind our back, whose filters come first, what the plan does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ndtui.analysis.documents import Document
from ndtui.analysis.explain import Line
from ndtui.backends.base import Change, Other, Plan, value_text
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.widgets.row_table import Column, Tone, View
from ndtui.widgets.views import Heading

_MARKS = {"add": "+", "change": "~", "remove": "-", "outranks": "^", "ties": "="}
_DRIFT = {"add": "appeared", "change": "changed", "remove": "vanished"}
_KINDS = {"provider": "Provider", "subLayer": "Sublayer", "providerContext": "Provider contexts", "filter": ""}
_FOUND = {
    "add": "It was put there by somebody else, in the name of our provider.",
    "change": "It is no longer as it was applied: somebody else changed it.",
    "remove": "It was applied, and is gone: somebody else removed it.",
}
_RELATIONS = {
    "outranks": "It is evaluated before all of ours at this layer, in a higher sublayer or by its weight: what it "
    "decides may never reach IPsec.",
    "ties": "It calls out too, in our sublayer and with the weight of one of our callouts: which of the two is "
    "evaluated first is undefined.",
}


@dataclass(frozen=True, slots=True)
class Drifted:
    """A change that somebody else made since the last apply; no part of what the plan does."""

    change: Change


PlanRow = Heading | Drifted | Other | Change


def plan_rows(plan: Plan) -> list[PlanRow]:
    """Return what there is to see: drift, filters of others, and the changes under a heading per layer or kind."""
    groups: dict[str, list[PlanRow]] = {}
    if plan.drift:
        groups["Changed behind our back since the last apply"] = [Drifted(change) for change in plan.drift]
    if plan.others:
        groups["Filters of others at the same layers"] = [*plan.others]
    if groups and plan.empty:
        groups["Nothing to do"] = []
    for change in plan.changes:
        groups.setdefault(short_name(change.layer) if change.layer else _KINDS[change.kind], []).append(change)
    return list(_under_headings(groups))


def _under_headings(groups: dict[str, list[PlanRow]]) -> Iterator[PlanRow]:
    for title, rows in groups.items():
        yield Heading(title, f"{title}  {len(rows)}" if rows else title)
        yield from rows


def counts_words(plan: Plan) -> str:
    """Return the counts of what a plan does in words."""
    counts = plan.counts
    words = f"{counts['add']} to add, {counts['change']} to change, {counts['remove']} to remove"
    return f"{words}, {plan.unchanged} unchanged"


def notes(plan: Plan) -> list[str]:
    """Return what else is to be known of a plan, in words: drift, and filters of others."""
    found = []
    if plan.drift:
        found.append(f"Changed behind our back: {len(plan.drift)} object{'' if len(plan.drift) == 1 else 's'}")
    if plan.others:
        before = sum(other.relation == "outranks" for other in plan.others)
        counts = ((before, "before ours"), (len(plan.others) - before, "tied with a callout"))
        found.append("Filters of others: " + ", ".join(f"{count} {words}" for count, words in counts if count))
    return found


def _cells(row: PlanRow) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    if isinstance(row, Drifted):
        return (_DRIFT[row.change.action], row.change.name, _changed(row.change) or short_name(row.change.layer))
    if isinstance(row, Other):
        at = f"{short_name(row.document['layerKey'])}, {short_name(row.document['subLayerKey'])}"
        return (row.relation, _name(row.document), at)
    return (row.action, row.name, _changed(row))


def _changed(change: Change) -> str:
    return ", ".join(name for name, *_ in change.differences()) if change.action == "change" else ""


def _name(document: Document) -> str:
    return str(document.get("displayData", {}).get("name") or document["filterKey"])


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
    return "!" if isinstance(row, Drifted) else _MARKS[row.relation if isinstance(row, Other) else row.action]


PLAN = View(
    (Column("does", 8), Column("object", 0, 8), Column("properties", 28, 4)),
    _cells,
    _key,
    _tone,
    _mark,
    lambda row: not isinstance(row, Heading),
    empty="nothing to do: the backend already holds exactly this",
)


def explain_row(row: Any) -> list[Line]:
    """Return everything about a row of the plan."""
    if isinstance(row, Drifted):
        found = Line("Behind our back", _FOUND[row.change.action])
        return [found, Line("Applying", "makes it what the design says"), *_explain_change(row.change)]
    if isinstance(row, Other):
        lines = [Line("Of others", _name(row.document)), Line("Why it matters", _RELATIONS[row.relation])]
        lines.append(Line("Applying", "leaves it as it is: what is not ours is never touched"))
        return [*lines, *_properties(row.document), Line("See", PAGES["filter-arbitration"])]
    return _explain_change(row) if isinstance(row, Change) else []


def _explain_change(change: Change) -> list[Line]:
    """Return a change property by property, before and after."""
    lines = [Line("Object", f"{change.kind} {change.key}"), Line("Name", change.name)]
    if change.action == "change":
        return lines + [
            Line(name, f"{value_text(before)}  ->  {value_text(after)}") for name, before, after in change.differences()
        ]
    return [*lines, *_properties(change.document)]


def _properties(document: Document) -> list[Line]:
    skip = ("displayData", "origin")
    return [Line(name, value_text(value)) for name, value in document.items() if name not in skip]

"""A plan in words: the same on the command line and in the designer."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from ndtui.backends.contract.changes import KINDS, Change, ChangeKind, Other, Plan, Relation, value_text
from ndtui.backends.planning.trial_wording import UNTIL_THEN, trial_line
from ndtui.backends.planning.waiting_wording import UNKNOWN, Settling, pending_line
from ndtui.model.compiled.document_names import display_name
from ndtui.model.compiled.document_types import Kind
from ndtui.model.vocabulary import short_name

#: Tells in lines what a change of an object makes another; nothing of one that is added or removed.
Describe = Callable[[Change], Iterator[str]]

SIGNS: Mapping[ChangeKind, str] = {"add": "+", "change": "~", "remove": "-"}

#: What somebody else did to an object of ours, in a word and in a sentence.
DRIFT: Mapping[ChangeKind, str] = {"add": "appeared", "change": "changed", "remove": "vanished"}
DRIFT_SENTENCES: Mapping[ChangeKind, str] = {
    "add": "It was put there by somebody else, in the name of our provider.",
    "change": "It is no longer as it was applied: somebody else changed it.",
    "remove": "It was applied, and is gone: somebody else removed it.",
}
DRIFT_TITLE = "Drift: changed by others since the last apply"
OTHERS_TITLE = "Filters of others at the same layers"

#: What an engine made of an object that it was given, in a word.
_ALTERED: Mapping[ChangeKind, str] = {"add": "added beside it", "change": "changed", "remove": "not kept"}
_DISABLED = "FWPM_FILTER_FLAG_DISABLED"

_RELATIONS: Mapping[Relation, str] = {
    "outranks": "is evaluated before ours",
    "negotiates": "calls IPsec before ours: another IPsec policy decides",
    "ties": "has the weight of our callout",
}
RELATION_SENTENCES: Mapping[Relation, str] = {
    "outranks": "It is evaluated before all of ours at this layer, in a higher sublayer or by its weight: what it "
    "decides may never reach IPsec.",
    "negotiates": "It hands traffic to IPsec before ours does: another IPsec policy decides what becomes of it, most "
    "likely a connection security rule of Windows Firewall. Remove that rule, or give the design a sublayer of its own "
    "that weighs more.",
    "ties": "It calls out too, in our sublayer and with the weight of one of our callouts: which of the two is "
    "evaluated first is undefined.",
}

_KIND_TITLES: Mapping[Kind, str] = {
    "provider": "Provider",
    "subLayer": "Sublayers",
    "providerContext": "Provider contexts",
    "filter": "Filters",
}


def groups(plan: Plan) -> dict[str, list[Change]]:
    """Return the changes of a plan under the title of their layer or kind, in the order of ``KINDS``."""
    found: dict[str, list[Change]] = {}
    for change in sorted(plan.changes, key=lambda change: KINDS.index(change.kind)):
        found.setdefault(short_name(change.layer) or _KIND_TITLES[change.kind], []).append(change)
    return found


def counts(plan: Plan) -> str:
    """Return how much a plan changes, in words."""
    found = plan.counts
    return f"{found['add']} to add, {found['change']} to change, {found['remove']} to remove"


def all_counts(plan: Plan) -> str:
    """Return how much a plan changes, and how much it leaves as it is, in words."""
    return f"{counts(plan)}, {plan.unchanged} unchanged"


def other_name(other: Other) -> str:
    """Return the display name of another program's filter, or its key where it has none."""
    return display_name(other.document) or other.document["filterKey"]


def standing_lines(plan: Plan, settling: Settling = UNKNOWN) -> list[str]:
    """Return what stands in the state that a plan was made from and was not applied to stay, in a line each.

    It is what waits to be confirmed, see ``pending_line``, and what a program holds on trial.
    """
    waits = pending_line(plan.pending, settling)
    found = [waits] if waits else []
    return found if plan.trial is None else [*found, f"Trial: {trial_line(plan.trial)}: {UNTIL_THEN}"]


def notes(plan: Plan, settling: Settling = UNKNOWN) -> list[str]:
    """Return what else is to be known of a plan, in a line each: what waits or is on trial, drift, others' filters.

    ``settling`` is how what waits is settled.
    """
    found = standing_lines(plan, settling)
    if plan.drift:
        found.append(f"Drift: {len(plan.drift)} object{'' if len(plan.drift) == 1 else 's'} changed by others")
    if plan.others:
        count = Counter(other.relation for other in plan.others)
        numbers = ((count["outranks"], "before ours"), (count["ties"], "tied with a callout"))
        if any(number for number, _ in numbers):
            found.append("Filters of others: " + ", ".join(f"{number} {words}" for number, words in numbers if number))
        if count["negotiates"]:
            found.append(
                f"Another IPsec policy comes before this one: {count['negotiates']} of its filters call IPsec first, "
                "such as Windows Firewall's connection security rules"
            )
    asleep = sum(change.before is not None and _DISABLED in change.before.get("flags", ()) for change in plan.changes)
    if asleep:
        found.append(f"Disabled by Windows, and without effect until applied again: {asleep} of our filters")
    return found


def altered_lines(altered: Sequence[Change]) -> Iterator[str]:
    """Return what an engine holds otherwise than it was given it, a line for each property."""
    if altered:
        yield "Windows holds it otherwise than it was given:"
    for change in altered:
        at = f" at {short_name(change.layer)}" if change.layer else ""
        yield f"  {_ALTERED[change.action]}: {change.name}{at}"
        yield from _differences(change)


def plan_lines(plan: Plan, describe: Describe | None = None, settling: Settling = UNKNOWN) -> Iterator[str]:
    """Return a whole plan: changes under their titles, drift, filters of others, what waits or is on trial, and counts.

    ``describe`` returns what an object's change makes another, in lines; without it each member that differs is named.
    ``settling`` is how what waits is settled.
    """
    yield from change_lines(plan, describe)
    yield from _drift_lines(plan.drift, describe or _differences)
    yield from _other_lines(plan)
    yield from standing_lines(plan, settling)
    if plan.replaces:
        yield f"{plan.replaces} is applied now and gives way."
    yield all_counts(plan)


def change_lines(plan: Plan, describe: Describe | None = None) -> Iterator[str]:
    """Return what a plan changes, under titles, as ``plan_lines`` has it."""
    for title, changes in groups(plan).items():
        yield title
        for change in changes:
            yield f"  {SIGNS[change.action]} {change.name}"
            yield from (describe or _differences)(change)


def drift_lines(drift: Sequence[Change], describe: Describe | None = None) -> Iterator[str]:
    """Return what others changed since the last apply, under its title; nothing where nobody did."""
    return _drift_lines(drift, describe or _differences)


def _differences(change: Change) -> Iterator[str]:
    if change.action == "change":
        for name, before, after in change.differences():
            yield f"      {name}: {value_text(before)} -> {value_text(after)}"


def _drift_lines(drift: Sequence[Change], describe: Describe) -> Iterator[str]:
    if drift:
        yield DRIFT_TITLE
    for change in drift:
        at = f" at {short_name(change.layer)}" if change.layer else ""
        yield f"  {DRIFT[change.action]}: {change.name}{at}"
        yield from describe(change)


def _other_lines(plan: Plan) -> Iterator[str]:
    if plan.others:
        yield OTHERS_TITLE
    for other in plan.others:
        at = f"{short_name(other.document['layerKey'])}, {short_name(other.document['subLayerKey'])}"
        yield f"  ! {other_name(other)} at {at}: {_RELATIONS[other.relation]}"

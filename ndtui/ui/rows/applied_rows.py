"""What the applied screen lists: the history, what a revision holds, and what is said of the backend as it is now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from ndtui.analysis.wording.object_lines import brief_words, does_word, object_lines
from ndtui.analysis.wording.properties import Line
from ndtui.backends.contract.changes import KIND_NAMES, Change, Revision, Snapshot, StoredObject
from ndtui.backends.planning.history_wording import how_words, when_words, who_words, why_words
from ndtui.backends.planning.planner import in_listing_order
from ndtui.backends.planning.trial_wording import trial_line
from ndtui.model.compiled.document_names import display_name, layer_of
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.plan_rows import explain_row, label_in
from ndtui.ui.rows.view import Column, Heading, Tone, View


def _revision_cells(row: Revision) -> tuple[str, ...]:
    when = when_words(row.at, seconds=False)
    counts = f"+{row.added} ~{row.changed} -{row.removed}"
    why = why_words(row.note)
    return (f"{row.number}", when, how_words(row), who_words(row.note), why, row.policy or "nothing", counts)


def _revision_tone(row: Revision) -> Tone:
    return "warning" if row.note.cause == "not confirmed" else ""


HISTORY = View(
    (
        Column("rev", 3, right=True),
        Column("when", 21, 8, value=lambda row: row.at),
        Column("how it came to be", 24),
        Column("who", 0, 6, 10),
        Column("why", 0, 7, 8, ample=34),
        Column("applied since", 0, 4, 13),
        Column("changes", 14, 3),
    ),
    _revision_cells,
    lambda row: row.number,
    _revision_tone,
    empty="nothing was applied yet",
    name="history",
)


def content_rows(contents: Snapshot) -> list[Heading | StoredObject]:
    """Return what a revision holds, under a heading per layer or kind."""
    groups: dict[str, list[StoredObject]] = {}
    for each in in_listing_order(contents.objects):
        title = short_name(layer_of(each.document)) or f"{KIND_NAMES[each.kind].capitalize()}s"
        groups.setdefault(title, []).append(each)
    found: list[Heading | StoredObject] = []
    for title, objects in groups.items():
        found += [Heading(title, f"{title}  {len(objects)}"), *objects]
    return found


def _content_cells(policy: str, row: Heading | StoredObject) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    return (label_in(policy, _content_name(row)), brief_words(row.kind, row.document))


def _content_name(row: Any) -> str:
    return display_name(row.document) or str(row.key)


CONTENTS = View(
    (
        Column("object", 0, 8, least=20, ample=34, also=lambda row: (_content_name(row),)),
        Column("matches, or type", 0, 6, least=20, ample=44),
        Column("does", 9, 7, aliases=("action",), cell=lambda row: does_word(row.kind, row.document)),
        Column("layer", 24, 7, cell=lambda row: short_name(layer_of(row.document))),
    ),
    partial(_content_cells, ""),
    lambda row: row.layer if isinstance(row, Heading) else row.identity,
    lambda row: "head" if isinstance(row, Heading) else "",
    selectable=lambda row: not isinstance(row, Heading),
    empty="nothing of ours was there",
    heading=lambda row: isinstance(row, Heading),
    name="contents",
    unseen=_content_name,
)


@lru_cache(maxsize=4)
def contents_view(policy: str) -> View:
    """Return how the objects of a revision are shown below the name of its policy: named without it."""
    return replace(CONTENTS, cells=partial(_content_cells, policy))


def explain_applied(row: Any) -> list[Line]:
    """Return everything about a row of a revision: an object that it holds, or a change."""
    return object_lines(row.kind, row.document) if isinstance(row, StoredObject) else explain_row(row)


def now_lines(
    held: Snapshot, history: Sequence[Revision] | None, drift: tuple[Change, ...] | None
) -> tuple[str, str, str]:
    """Return what is there now: the policy and since when, how much of it at which layers, and whether it drifted.

    While a program holds something on trial that comes first, and how much is applied gives way to it. ``history`` is
    ``None`` where none is kept, ``drift`` where that cannot be told.
    """
    trial, held = held.trial, held.lasting
    policy = held.policy or ("Nothing of ours" if not held.objects else "Objects of ours without a design")
    latest = history[0] if history else None
    since = ""
    if latest is not None:
        since = f", since revision {latest.number} of {when_words(latest.at)} by {who_words(latest.note)}"
    layers = Counter(short_name(layer_of(each)) for each in held.of_kind("filter"))
    contexts = len(held.of_kind("providerContext"))
    where = ", ".join(f"{layer} {number}" for layer, number in layers.items())
    counts = f"{layers.total()} filters in {len(layers)} layers, {contexts} provider contexts"
    is_new = history is not None and drift == () and latest is None and not held.objects
    drifted = "Nothing was applied here yet" if is_new else drift_words(drift)
    if trial is not None:
        return f"TRIAL: {trial_line(trial)}", f"Applied: {policy}{since}", drifted
    return f"{policy}{since}", f"{counts}{': ' if where else ''}{where}", drifted


def drift_words(drift: tuple[Change, ...] | None) -> str:
    """Return whether others have changed what is there."""
    if drift is None:
        return "Whether others changed it cannot be told"
    if not drift:
        return "No drift: it is as it was applied"
    return f"DRIFT: {len(drift)} object{'' if len(drift) == 1 else 's'} changed by others since then: 5 shows them"

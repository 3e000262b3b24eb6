"""The history of a backend, what a revision holds and how two differ: as lines and as plain data."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from ndtui.analysis.wording.phrases import action_word, conditions_line, weight_word
from ndtui.backends.contract.changes import Plan, Revision, Snapshot
from ndtui.backends.planning.history_wording import (
    how_words,
    revision_document,
    revision_line,
    when_words,
    who_words,
    why_words,
)
from ndtui.backends.planning.plan_wording import change_lines, counts
from ndtui.cli.printing.change_words import change_document, worded
from ndtui.cli.printing.output import count
from ndtui.cli.printing.text_table import grouped, table
from ndtui.model.compiled.document_names import display_name, layer_of
from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.read_documents import filter_of
from ndtui.model.vocabulary import short_name

HEAD = ("revision", "when", "how", "who", "added", "changed", "removed", "applied since", "why")
_FILTERS = ("filter", "does", "weight", "matches")


class Side(NamedTuple):
    """One of two contents that are compared: what it is called, the revision where it is one, and what it holds."""

    title: str
    revision: Revision | None
    contents: Snapshot

    def document(self) -> dict[str, Any]:
        """Return it as plain data, without what it holds."""
        revision = None if self.revision is None else revision_document(self.revision)
        return {"title": self.title, "revision": revision, "policy": self.contents.policy}


def history_lines(revisions: Sequence[Revision]) -> Iterator[str]:
    """Return the whole history, latest first."""
    return table(HEAD, [_row(each) for each in revisions])


def _row(revision: Revision) -> tuple[str, ...]:
    counts = f"+{revision.added}", f"~{revision.changed}", f"-{revision.removed}"
    who, why = who_words(revision.note), why_words(revision.note)
    return (
        f"{revision.number}",
        when_words(revision.at),
        how_words(revision),
        who,
        *counts,
        revision.policy or "-",
        why,
    )


def contents_lines(side: Side) -> Iterator[str]:
    """Return what a revision holds: who made it, when and why, its filters by layer, and its provider contexts."""
    what = side.title if side.revision is None else revision_line(side.revision)
    yield what[:1].upper() + what[1:]
    contents = side.contents
    yield f"Policy   {contents.policy or 'none applied'}"
    layers: dict[str, list[tuple[str, ...]]] = {}
    for document in contents.of_kind("filter"):
        each = filter_of(cast("FilterDocument", document))
        cells = (each.name, action_word(each), weight_word(each), conditions_line(each))
        layers.setdefault(short_name(layer_of(document)), []).append(cells)
    if layers:
        yield from grouped(_FILTERS, list(layers.items()))
    contexts = [display_name(document) for document in contents.of_kind("providerContext")]
    if contexts:
        yield "Provider contexts"
    for name in contexts:
        yield f"  {name}"
    filters = sum(map(len, layers.values()))
    yield f"{count(filters, 'filter')} in {count(len(layers), 'layer')}, {count(len(contexts), 'provider context')}"


def contents_document(side: Side) -> dict[str, Any]:
    """Return what a revision holds as plain data, its objects in the lists that a bundle has."""
    providers = side.contents.of_kind("provider")
    return {**side.document(), "provider": providers[0] if providers else None, **side.contents.lists()}


def difference_lines(before: Side, after: Side, plan: Plan) -> Iterator[str]:
    """Return how two contents differ, from the one to the other."""
    for word, side in (("From", before), ("To  ", after)):
        what = side.title if side.revision is None else revision_line(side.revision)
        yield f"{word} {side.contents.policy or 'nothing applied'}, {what}"
    yield from change_lines(plan, worded)
    yield "They hold the same." if plan.empty else f"{counts(plan)}, {plan.unchanged} the same"


def difference_document(before: Side, after: Side, plan: Plan) -> dict[str, Any]:
    """Return how two contents differ as plain data."""
    return {
        "before": before.document(),
        "after": after.document(),
        "counts": {**plan.counts, "unchanged": plan.unchanged},
        "changes": [change_document(each) for each in plan.changes],
    }

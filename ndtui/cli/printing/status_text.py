"""What a backend holds, as lines and as plain data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Change, Revision, Snapshot, StoredObject
from ndtui.backends.planning.history_wording import revision_document, revision_line
from ndtui.backends.planning.plan_wording import drift_lines
from ndtui.backends.planning.trial_wording import trial_document, trial_line
from ndtui.backends.planning.waiting_wording import waiting_document, waiting_line
from ndtui.cli.printing.change_words import change_document, worded
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.compiled.document_names import display_name, layer_of
from ndtui.model.compiled.document_types import Kind
from ndtui.model.vocabulary import short_name


class Since(NamedTuple):
    """The latest revision, and what others have changed since; ``None`` for what a backend cannot tell."""

    revision: Revision | None
    drift: tuple[Change, ...] | None


def show_status(
    backend: Backend, snapshot: Snapshot, since: Since, others: Sequence[StoredObject], *, as_json: bool
) -> None:
    """Print what of ours a backend holds, and the objects of others that are named beside."""
    if as_json:
        write_json(_document(backend, snapshot, since, others))
    else:
        write_lines([*_lines(backend, snapshot, since), *_other_lines(others)])


def _document(backend: Backend, snapshot: Snapshot, since: Since, others: Sequence[StoredObject]) -> dict[str, Any]:
    providers = snapshot.of_kind("provider")
    document: dict[str, Any] = {
        "backend": backend.name,
        "place": backend.place(),
        "state": snapshot.state,
        "policy": snapshot.lasting.policy,
        "revision": None if since.revision is None else revision_document(since.revision),
        "pending": waiting_document(backend, snapshot.pending),
        "trial": trial_document(snapshot.trial),
        "drift": None if since.drift is None else [change_document(each) for each in since.drift],
        "provider": providers[0] if providers else None,
    }
    lists: dict[str, Kind] = {"subLayers": "subLayer", "providerContexts": "providerContext", "filters": "filter"}
    for member, kind in lists.items():
        document[member] = [*snapshot.of_kind(kind), *(each.document for each in others if each.kind == kind)]
    return document


def _lines(backend: Backend, snapshot: Snapshot, since: Since) -> Iterator[str]:
    yield f"Backend  {backend.name}"
    yield f"Place    {backend.place()}"
    yield f"State    {snapshot.state}"
    lasting = snapshot.lasting
    yield f"Policy   {lasting.policy or 'none applied'}"
    if since.revision is not None:
        yield f"Since    {revision_line(since.revision)}"
    if snapshot.pending is not None:
        yield f"Waits    {waiting_line(backend, snapshot.pending)}"
    if snapshot.trial is not None:
        filters = count(sum(each.kind == "filter" for each in snapshot.trial.objects), "filter")
        yield f"Trial    {trial_line(snapshot.trial)}: {filters}, which are not counted below"
    layers = Counter(short_name(layer_of(document)) for document in lasting.of_kind("filter"))
    for layer, number in layers.items():
        yield f"  {layer}: {count(number, 'filter')}"
    contexts = count(len(lasting.of_kind("providerContext")), "provider context")
    if since.drift is not None and (since.drift or since.revision is not None):
        yield from drift_lines(since.drift, worded) if since.drift else ["Drift    none: it is as it was applied"]
    yield f"{count(layers.total(), 'filter')} in {count(len(layers), 'layer')}, {contexts}"


def _other_lines(others: Sequence[StoredObject]) -> Iterator[str]:
    filters = [each for each in others if each.kind == "filter"]
    if filters:
        yield "Filters that are not ours"
    for each in filters:
        yield f"  {short_name(layer_of(each.document))}: {display_name(each.document) or each.key}"

"""What a backend holds, as lines and as plain data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Snapshot, StoredObject
from ndtui.backends.planning.waiting_wording import waiting_document, waiting_line
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.compiled.documents import Kind, display_name, layer_of
from ndtui.model.vocabulary import short_name


def show_status(backend: Backend, snapshot: Snapshot, others: Sequence[StoredObject], *, as_json: bool) -> None:
    """Print what of ours a backend holds, and the objects of others that are named beside."""
    if as_json:
        write_json(_document(backend, snapshot, others))
    else:
        write_lines([*_lines(backend, snapshot), *_other_lines(others)])


def _document(backend: Backend, snapshot: Snapshot, others: Sequence[StoredObject]) -> dict[str, Any]:
    providers = snapshot.of_kind("provider")
    document: dict[str, Any] = {
        "backend": backend.name,
        "place": backend.place(),
        "state": snapshot.state,
        "policy": snapshot.policy,
        "pending": waiting_document(backend, snapshot.pending),
        "provider": providers[0] if providers else None,
    }
    lists: dict[str, Kind] = {"subLayers": "subLayer", "providerContexts": "providerContext", "filters": "filter"}
    for member, kind in lists.items():
        document[member] = [*snapshot.of_kind(kind), *(each.document for each in others if each.kind == kind)]
    return document


def _lines(backend: Backend, snapshot: Snapshot) -> Iterator[str]:
    yield f"Backend  {backend.name}"
    yield f"Place    {backend.place()}"
    yield f"State    {snapshot.state}"
    yield f"Policy   {snapshot.policy or 'none applied'}"
    if snapshot.pending is not None:
        yield f"Waits    {waiting_line(backend, snapshot.pending)}"
    layers = Counter(short_name(layer_of(document)) for document in snapshot.of_kind("filter"))
    for layer, number in layers.items():
        yield f"  {layer}: {count(number, 'filter')}"
    contexts = count(len(snapshot.of_kind("providerContext")), "provider context")
    yield f"{count(layers.total(), 'filter')} in {count(len(layers), 'layer')}, {contexts}"


def _other_lines(others: Sequence[StoredObject]) -> Iterator[str]:
    filters = [each for each in others if each.kind == "filter"]
    if filters:
        yield "Filters that are not ours"
    for each in filters:
        yield f"  {short_name(layer_of(each.document))}: {display_name(each.document) or each.key}"

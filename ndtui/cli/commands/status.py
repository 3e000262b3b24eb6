"""``ndtui status``: what is applied, as a backend holds it."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Kind, Snapshot, StoredObject
from ndtui.backends.registry import open_backend
from ndtui.cli.arguments.common_options import add_backend, add_json
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.vocabulary import short_name

HELP = """\
Show what of ours a backend holds. With --json: every object, in the lists that a bundle has. With --all what is not
ours as well: objects of other programs, and BFE's own exemptions for IKE.

examples:
  ndtui status
  ndtui status --all
  ndtui status --store policy.db --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    parser.add_argument("--all", action="store_true", dest="everything", help="show what is not ours as well")
    add_json(parser)


def run(*, backend: str, store: Path | None, everything: bool, as_json: bool) -> int:
    """Read and print."""
    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    others = opened.others() if everything else ()
    if as_json:
        write_json(_document(opened, snapshot, others))
    else:
        write_lines([*_lines(opened, snapshot), *_other_lines(others)])
    return 0


def _document(backend: Backend, snapshot: Snapshot, others: Sequence[StoredObject]) -> dict[str, Any]:
    providers = snapshot.of_kind("provider")
    document: dict[str, Any] = {
        "backend": backend.name,
        "place": backend.place(),
        "state": snapshot.state,
        "policy": snapshot.policy,
        "pending": asdict(snapshot.pending) if snapshot.pending is not None else None,
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
        until = time.strftime("%H:%M:%S", time.localtime(snapshot.pending.deadline))
        yield f"Waits    to be confirmed until {until}, or it is reverted: ndtui confirm"
    layers = Counter(short_name(str(document.get("layerKey", ""))) for document in snapshot.of_kind("filter"))
    for layer, number in layers.items():
        yield f"  {layer}: {count(number, 'filter')}"
    contexts = count(len(snapshot.of_kind("providerContext")), "provider context")
    yield f"{count(layers.total(), 'filter')} in {count(len(layers), 'layer')}, {contexts}"


def _other_lines(others: Sequence[StoredObject]) -> Iterator[str]:
    filters = [each.document for each in others if each.kind == "filter"]
    if filters:
        yield "Filters that are not ours"
    for document in filters:
        name = document.get("displayData", {}).get("name") or document["filterKey"]
        yield f"  {short_name(document['layerKey'])}: {name}"

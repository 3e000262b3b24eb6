"""``ndtui status``: what is applied, as a backend holds it."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ndtui.backends.base import Backend, Snapshot
from ndtui.backends.registry import open_backend
from ndtui.commands.options import add_backend, add_json
from ndtui.commands.output import count, write_json, write_lines
from ndtui.model.vocabulary import short_name

HELP = """\
Show what of ours a backend holds. With --json: every object, in the lists that a bundle has.

examples:
  ndtui status
  ndtui status --store policy.db --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    add_json(parser)


def run(*, backend: str, store: Path | None, as_json: bool) -> int:
    """Read and print."""
    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    if as_json:
        write_json(_document(opened, snapshot))
    else:
        write_lines(_lines(opened, snapshot))
    return 0


def _document(backend: Backend, snapshot: Snapshot) -> dict[str, Any]:
    providers = snapshot.of_kind("provider")
    return {
        "backend": backend.name,
        "place": backend.place(),
        "state": snapshot.state,
        "policy": snapshot.policy,
        "provider": providers[0] if providers else None,
        "subLayers": snapshot.of_kind("subLayer"),
        "providerContexts": snapshot.of_kind("providerContext"),
        "filters": snapshot.of_kind("filter"),
    }


def _lines(backend: Backend, snapshot: Snapshot) -> Iterator[str]:
    yield f"Backend  {backend.name}"
    yield f"Place    {backend.place()}"
    yield f"State    {snapshot.state}"
    yield f"Policy   {snapshot.policy or 'none applied'}"
    layers = Counter(short_name(str(document.get("layerKey", ""))) for document in snapshot.of_kind("filter"))
    for layer, number in layers.items():
        yield f"  {layer}: {count(number, 'filter')}"
    contexts = count(len(snapshot.of_kind("providerContext")), "provider context")
    yield f"{count(layers.total(), 'filter')} in {count(len(layers), 'layer')}, {contexts}"

"""A machine's other objects as tables: sublayers in order, layers, providers, provider contexts, sessions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ndtui.analysis.dump import DumpCallout, DumpContext, DumpProvider, DumpSession, DumpSublayer, Tree
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state.machine import Machine


@dataclass(frozen=True, slots=True, eq=False)
class LayerRow:
    """A layer of a machine: its run-time id where the file tells it, its fields, and its callouts."""

    name: str
    number: int | None
    fields: tuple[tuple[str, str], ...]
    callouts: tuple[DumpCallout, ...]


def layer_rows(machine: Machine) -> list[LayerRow]:
    """Return the layers, in the order of the file."""
    dump = machine.dump
    callouts: dict[str, list[DumpCallout]] = {}
    for each in dump.callouts.values():
        callouts.setdefault(each.layer, []).append(each)
    return [
        LayerRow(name, dump.layer_ids.get(name), dump.layer_fields.get(name, ()), tuple(callouts.get(name, ())))
        for name in dump.layers
    ]


def sublayer_rows(machine: Machine) -> list[DumpSublayer]:
    """Return the sublayers in the order in which they are asked: the heaviest first."""
    return sorted(machine.dump.sublayers, key=lambda each: -each.weight)


def layer_view(machine: Machine) -> View:
    """Return how layers are shown."""

    def asleep(row: LayerRow) -> int:
        return machine.asleep_of.get(row.name, 0)

    def unregistered(row: LayerRow) -> int:
        return sum(not each.registered for each in row.callouts)

    def cells(row: LayerRow) -> tuple[str, ...]:
        numbers = (_count(machine, row.name), asleep(row), len(row.callouts), unregistered(row))
        number = "" if row.number is None else str(row.number)
        return (number, short_name(row.name), *(str(each or "") for each in numbers), _fields(row))

    def unseen(row: LayerRow) -> str:
        return "\n".join((row.name, *_callout_texts(row.callouts)))

    return View(
        (
            Column("id", 5, value=lambda row: row.number, number=True, right=True),
            Column("layer", 0, 9, least=30),
            Column("filters", 7, 8, value=lambda row: _count(machine, row.name), number=True, right=True),
            Column("asleep", 6, 6, value=asleep, number=True, right=True),
            Column("callouts", 8, 5, value=lambda row: len(row.callouts), number=True, right=True),
            Column("unregistered", 12, 4, value=unregistered, number=True, right=True),
            Column("fields", 0, 3, least=24),
        ),
        cells,
        lambda row: row.name,
        empty=not_in(machine, "layers"),
        name="machine_layers",
        unseen=unseen,
    )


def _fields(row: LayerRow) -> str:
    return ", ".join(short_name(field) for field, _ in row.fields)


def _callout_texts(callouts: Iterable[DumpCallout]) -> Iterator[str]:
    for each in callouts:
        yield from (each.key, each.name)


def sublayer_view(machine: Machine) -> View:
    """Return how sublayers are shown."""
    return View(
        (
            Column("weight", 6, value=lambda row: row.weight, number=True, right=True),
            Column("sublayer", 0, 8, least=26, ample=44),
            Column("filters", 7, 8, value=lambda row: _count(machine, row.key), number=True, right=True),
            Column("provider", 26, 4),
            Column("name", 0, 6, least=14),
        ),
        lambda row: (
            str(row.weight),
            short_name(row.key),
            str(_count(machine, row.key) or ""),
            short_name(row.provider),
            row.name,
        ),
        lambda row: row.key,
        empty=not_in(machine, "sublayers"),
        name="machine_sublayers",
        unseen=lambda row: "\n".join((row.key, row.provider, *row.flags)),
    )


def provider_view(machine: Machine) -> View:
    """Return how providers are shown."""
    return View(
        (
            Column("provider", 0, 9, least=26, ample=40),
            Column("service", 16, 6),
            Column("filters", 7, 8, value=lambda row: _count(machine, row.key), number=True, right=True),
            Column("flags", 22, 5, least=10),
            Column("name", 0, 7, least=16, ample=38),
        ),
        lambda row: (
            short_name(row.key),
            row.service,
            str(_count(machine, row.key) or ""),
            _flags(row.flags),
            row.name,
        ),
        lambda row: row.key,
        empty=not_in(machine, "providers"),
        name="machine_providers",
        unseen=lambda row: "\n".join((row.key, *row.flags)),
    )


def context_view(machine: Machine) -> View:
    """Return how provider contexts are shown."""
    return View(
        (
            Column("type", 34, 8, least=20),
            Column("name", 0, 9, least=20, ample=40),
            Column("filters", 7, 7, value=lambda row: _count(machine, row.key), number=True, right=True),
            Column("provider", 24, 4),
            Column("key", 38, 7, least=38, cell=lambda row: row.key),
        ),
        lambda row: (
            short_name(row.type),
            row.name,
            str(_count(machine, row.key) or ""),
            short_name(row.provider),
        ),
        lambda row: row.key,
        empty=not_in(machine, "provider contexts"),
        name="machine_contexts",
        unseen=lambda row: "\n".join(
            (row.key, row.description, row.type, row.provider, *row.flags, *texts(row.policy))
        ),
    )


def session_view(machine: Machine) -> View:
    """Return how sessions are shown."""
    return View(
        (
            Column("process", 7, value=_process, number=True, right=True),
            Column("user", 26, 7, least=12),
            Column("flags", 22, 5, least=10),
            Column("name", 0, 8, least=20),
            Column("key", 38, 7, least=38, cell=lambda row: row.key),
        ),
        lambda row: (row.process, row.user, _flags(row.flags), row.name),
        lambda row: row.key,
        empty=not_in(machine, "sessions"),
        name="machine_sessions",
        unseen=lambda row: "\n".join((row.key, *row.flags)),
    )


def _flags(flags: Iterable[str]) -> str:
    """Return flags without what all of a kind begin with."""
    return ", ".join(each.rpartition("_FLAG_")[2] for each in flags)


def _process(row: DumpSession) -> int | None:
    text = row.process
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None


def _count(machine: Machine, key: str) -> int:
    return machine.filters_of.get(key, 0)


#: What show filters never lists, and show state does.
_OF_STATE = ("sublayers", "provider contexts", "sessions")


def not_in(machine: Machine, what: str) -> str:
    """Return that a file has none of something, and which one would have."""
    if not machine.is_known:
        return "no state of the machine is open beside its events"
    if machine.dump.kind == "filters" and what in _OF_STATE:
        return f"netsh wfp show filters lists no {what}; netsh wfp show state does"
    return f"the file lists no {what}"


def texts(tree: Tree | Any) -> Iterator[str]:
    """Yield all texts of a tree of policy, names of members too."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list):
        for each in tree:
            yield from texts(each)
    else:
        for name, each in tree.items():
            yield name
            yield from texts(each)


Row = LayerRow | DumpSublayer | DumpProvider | DumpContext | DumpSession

"""What ``ndtui events`` prints: tables, a list, one event, and the trace of its packet."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ndtui.analysis.dump.dump_wording import does
from ndtui.analysis.events.decisions import Decisions
from ndtui.analysis.events.event_json import event_document, filter_document
from ndtui.analysis.events.event_packet import NoPacketError, packet_of
from ndtui.analysis.events.event_search import EventSearch
from ndtui.analysis.events.event_wording import Hints, event_details, event_row, event_title, layer_text
from ndtui.analysis.events.event_xml import EventCount
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.events.read_events import read_events
from ndtui.analysis.events.tally import Key, Span, Table, Tally
from ndtui.analysis.wording.phrases import hex_weight
from ndtui.cli.printing.dump_trace_text import machine_document, machine_lines
from ndtui.cli.printing.output import count, note, write_json, write_lines
from ndtui.cli.printing.text_table import table
from ndtui.cli.printing.trace_text import labelled
from ndtui.common.errors import InputError
from ndtui.model.vocabulary import short_name

_ROWS = 10
_BEATEN = 5
#: Events of a list: it stands in memory, which a million lines of netsh fit into many times.
_LISTED = 250_000
_HEAD = ("events", "first", "last", "action")


class Asked(NamedTuple):
    """What is asked: of which file, for which events, and with which filters of the machine, if they are known."""

    file: Path
    search: EventSearch
    decisions: Decisions | None


def show_tables(asked: Asked, tables: Sequence[Table], *, show_all: bool, as_json: bool) -> None:
    """Count the events of a file, and print the tables that are asked for."""
    file, search, decisions = asked
    tally = Tally()

    def receive(event: NetworkEvent) -> None:
        if search.wants(event, decisions):
            tally.add(event)

    read = read_events(file, receive)
    if as_json:
        rows = {_MEMBER[name]: _rows(tally, name, decisions) for name in tables}
        write_json({**_head_document(file, read, tally), **rows})
        return
    most = None if show_all else _ROWS
    lines = [line for name in tables for line in _table_lines(tally, name, decisions, most)]
    write_lines([*lines, *_summary(read, tally)])
    if decisions is None and "filter" in tables:
        note("ndtui: filters are named with --state, and what netsh wfp show state wrote on that machine")


_MEMBER = {"filter": "byFilter", "layer": "byLayer", "program": "byProgram", "peer": "byPeer"}


def _head_document(file: Path, read: EventCount, tally: Tally) -> dict[str, Any]:
    span = tally.all
    return {
        "file": str(file),
        "events": read.read,
        "passedOver": read.passed_over,
        "found": 0 if span is None else span.count,
        "first": None if span is None else span.first,
        "last": None if span is None else span.last,
    }


def _rows(tally: Tally, name: Table, decisions: Decisions | None) -> dict[str, Any]:
    rows = []
    for key, span in tally.ranked(name):
        row: dict[str, Any] = {"events": span.count, "first": span.first, "last": span.last, "action": key.action}
        if name == "filter":
            decider = None if decisions is None else decisions.filter(_number(key))
            row |= {"filterId": key.what, "layerKey": key.layer or None}
            if decisions is not None:
                row["decidedBy"] = None if decider is None else filter_document(decider, decisions)
        else:
            row[_JSON_KEY[name]] = key.what or None
        rows.append(row)
    return {"rows": rows, "leftOut": tally.left_out[name]}


_JSON_KEY = {"layer": "layerKey", "program": "appId", "peer": "remoteAddress"}


def _number(key: Key) -> int | None:
    return key.what if isinstance(key.what, int) else None


def _table_lines(tally: Tally, name: Table, decisions: Decisions | None, most: int | None) -> Iterator[str]:
    ranked = list(tally.ranked(name))
    if not ranked:
        return
    titles = (name,) if name != "filter" else _FILTER_HEAD[:2] if decisions is None else _FILTER_HEAD
    yield from table(
        (*_HEAD, *titles),
        [(*_span_cells(span), key.action, *_cells(name, key, decisions)) for key, span in ranked[:most]],
    )
    hidden = len(ranked) - len(ranked[:most])
    if hidden:
        yield f"and {count(hidden, 'more row')}; --all shows {'it' if hidden == 1 else 'them'}"
    if tally.left_out[name]:
        yield f"and {count(tally.left_out[name], 'event')} not told apart: the table has no more room"
    yield ""


_FILTER_HEAD = ("filter", "layer", "effective weight", "place", "does", "provider", "name")


def _span_cells(span: Span) -> tuple[str, str, str]:
    return str(span.count), span.first or "-", span.last or "-"


def _cells(name: Table, key: Key, decisions: Decisions | None) -> tuple[str, ...]:
    if name == "layer":
        return (layer_text(str(key.what)),)
    if name != "filter":
        return (str(key.what) or "-",)
    number = _number(key)
    written = "-" if number is None else str(number)
    if decisions is None:
        return written, layer_text(key.layer)
    found = decisions.decider(number)
    if found is None:
        return written, layer_text(key.layer), "-", "-", "-", "-", _not_named(number)
    each = found.filter
    return (
        written,
        layer_text(key.layer or each.layer),
        f"0x{hex_weight(each.effective_weight)}",
        f"{found.place} of {found.count}",
        does(each),
        found.provider or short_name(each.provider) or "-",
        each.name,
    )


def _not_named(number: int | None) -> str:
    if number is None:
        return "the events name no filter"
    return "not among the machine's filters" if number else "no filter matched"


def _summary(read: EventCount, tally: Tally) -> Iterator[str]:
    span = tally.all
    found = 0 if span is None else span.count
    of = "" if found == read.read else f" of {read.read}"
    times = f", from {span.first} to {span.last}" if span is not None and span.first else ""
    yield f"{count(found, 'event')}{of}{times}"
    if read.passed_over:
        yield f"{count(read.passed_over, 'event')} of other kinds passed over"


def show_list(asked: Asked, *, as_json: bool) -> None:
    """Print each event that is asked for."""
    file, search, decisions = asked
    found: list[NetworkEvent] = []
    tally = Tally(most=0)

    def receive(event: NetworkEvent) -> None:
        if search.wants(event, decisions):
            if len(found) == _LISTED:
                raise InputError(f"there are more than {_LISTED} events to list", remedy="narrow it down with --find")
            tally.add(event)
            found.append(event)

    read = read_events(file, receive)
    if as_json:
        document = _head_document(file, read, tally)
        write_json({**document, "list": [event_document(each, decisions) for each in found]})
        return
    head = ("number", "time", "action", "filter", "layer", "packet", "program", "name")
    lines = list(table(head, [event_row(each, decisions) for each in found])) if found else []
    write_lines([*lines, *_summary(read, tally)])


_HINTS = Hints("--state wfpstate.xml", "--all")


def event_lines(event: NetworkEvent, decisions: Decisions | None, most: int | None) -> Iterator[str]:
    """Yield the whole of an event in lines; ``most`` is how many of the filters beaten are shown."""
    yield event_title(event, decisions)
    for label, text in event_details(event, decisions, most, _HINTS):
        yield from labelled(label, text)


def show_one(asked: Asked, number: int, *, show_all: bool, as_json: bool) -> None:
    """Print one event in full."""
    event = _event(asked.file, number)
    if as_json:
        write_json(event_document(event, asked.decisions))
    else:
        write_lines(event_lines(event, asked.decisions, None if show_all else _BEATEN))


def show_trace(asked: Asked, machine: Decisions, number: int, *, show_all: bool, as_json: bool) -> None:
    """Print one event, and what the machine's filters would do with its packet."""
    event = _event(asked.file, number)
    try:
        packet = packet_of(event)
    except NoPacketError as error:
        raise InputError(
            f"event {number} has no packet to trace: {error}", remedy=f"--event {number} shows it"
        ) from None
    most = None if show_all else _BEATEN
    if as_json:
        write_json({"event": event_document(event, machine), "trace": machine_document(machine.dump, packet, most)})
    else:
        write_lines([*event_lines(event, machine, most), "", *machine_lines(machine.dump, packet, most)])


def _event(file: Path, number: int) -> NetworkEvent:
    """Return the event with that number."""
    found: list[NetworkEvent] = []

    def receive(event: NetworkEvent) -> None:
        if event.number == number:
            found.append(event)

    read = read_events(file, receive)
    if not found:
        raise InputError(
            f"{file} has no event {number}", remedy=f"it has {count(read.read, 'event')}; --list shows them"
        )
    return found[0]

"""One event in an operator's words: a row of a list, and the whole of it with what decided and what it beat."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ndtui.analysis.dump.dump_wording import condition_line, does
from ndtui.analysis.events.decisions import Beaten, Decider, Decisions, layer_of_event
from ndtui.analysis.events.event_packet import NoPacketError, packet_of
from ndtui.analysis.events.network_event import SECURITY_EVENTS, NetworkEvent
from ndtui.analysis.wording.phrases import hex_weight
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name

_DONE = {"block": "blocked", "permit": "permitted", "failure": "failed", "other": "reported"}
_NAME, _CONDITIONS = 60, 200


class Hints(NamedTuple):
    """What a reader is told to use: the state of the machine, and all filters beaten."""

    state: str
    all: str


def layer_text(layer: str) -> str:
    """Return a layer as a person reads it: its short name, or its run-time identifier where that has no name."""
    if not layer:
        return "-"
    return f"layer {layer}" if layer.isdigit() else short_name(layer)


def action_words(event: NetworkEvent) -> str:
    """Return what was done, and with what: ``blocked a connection``."""
    what = SECURITY_EVENTS.get(event.kind, ("", ""))[1]
    about = {"listen": "listening on a port", "bind": "binding to a port"}.get(what, f"a {what}" if what else "")
    return f"{_DONE[event.action]} {about}".strip()


def event_row(event: NetworkEvent, decisions: Decisions | None) -> tuple[str, ...]:
    """Return the cells of an event in a list."""
    decider = None if decisions is None else decisions.filter(event.filter_id)
    return (
        str(event.number),
        event.time or "-",
        event.action,
        "-" if event.filter_id is None else str(event.filter_id),
        layer_text(layer_of_event(event, decider)),
        _traffic(event),
        event.program or event.package or "-",
        event.origin or "-" if decider is None else decider.name,
    )


def _traffic(event: NetworkEvent) -> str:
    """Return the packet of an event without what stands in columns of its own; else its local end."""
    try:
        return str(packet_of(event._replace(program="")))
    except NoPacketError:
        port = "" if event.local_port is None else f" port {event.local_port}"
        return f"{event.local_address}{port}".strip() or "-"


def event_title(event: NetworkEvent, decisions: Decisions | None) -> str:
    """Return what was done at which layer, in a line that begins with the event's number."""
    layer = layer_text(layer_of_event(event, None if decisions is None else decisions.filter(event.filter_id)))
    at = "" if layer == "-" else f" at {layer}"
    return f"event {event.number}, line {event.line}: {action_words(event)}{at}"


def event_details(
    event: NetworkEvent, decisions: Decisions | None, most: int | None, hints: Hints
) -> Iterator[tuple[str, str]]:
    """Yield the whole of an event, each thing behind its label; ``most`` filters beaten are named."""
    decider = None if decisions is None else decisions.decider(event.filter_id)
    for name, value in _details(event):
        if value:
            yield name, visible(value)
    yield from _decided(event, decisions, decider, hints)
    if decisions is not None and decider is not None:
        yield from _beaten(decisions.beaten(event), most, hints)
    yield from _sublayers(event, decisions)


def _details(event: NetworkEvent) -> Iterator[tuple[str, str]]:
    yield "type", event.kind
    yield "time", event.time
    try:
        yield "packet", str(packet_of(event))
    except NoPacketError as error:
        yield "local", _traffic(event).removeprefix("-")
        yield "packet", f"none: {error}"
    yield "program", event.program
    yield "process", event.process
    yield "user", event.user
    yield "package", event.package
    yield "peer", ", ".join(filter(None, (event.remote_user, event.remote_machine)))
    yield "profile", event.profile
    yield "failure", event.failure
    yield "origin", event.origin


def _decided(
    event: NetworkEvent, decisions: Decisions | None, decider: Decider | None, hints: Hints
) -> Iterator[tuple[str, str]]:
    if event.filter_id is None:
        yield ("filter", "the event names none")
    elif event.filter_id == 0:
        yield ("filter", "0: no filter matched")
    elif decisions is None:
        yield ("filter", f"{event.filter_id}; {hints.state} says which that is")
    elif decider is None:
        yield ("filter", f"{event.filter_id}, which is not among the machine's filters: it may be gone")
    else:
        yield from _filter(decider)


def _filter(decider: Decider) -> Iterator[tuple[str, str]]:
    each = decider.filter
    yield ("filter", f"{each.filter_id}: {shortened(visible(each.name), _NAME)}")
    key = short_name(each.provider)
    provider = (
        f"{decider.provider} ({key})" if decider.provider and decider.provider != key else decider.provider or key
    )
    yield ("provider", visible(provider) or "none")
    yield ("does", f"{does(each)}; {shortened(visible(condition_line(each)), _CONDITIONS)}")
    weight = "unknown weight" if decider.sublayer_weight is None else f"weight {decider.sublayer_weight}"
    yield ("sublayer", f"{visible(short_name(each.sublayer)) or '-'} of {weight}")
    place = f"number {decider.place} of {decider.count} filter{'' if decider.count == 1 else 's'} there"
    yield ("weight", f"0x{hex_weight(each.effective_weight)}, {place}")
    if each.flags:
        yield ("flags", ", ".join(map(short_name, each.flags)))


def _beaten(beaten: Sequence[Beaten] | None, most: int | None, hints: Hints) -> Iterator[tuple[str, str]]:
    if beaten is None:
        yield ("beat", "cannot be told: the event has no packet")
        return
    if not beaten:
        yield ("beat", "nothing: no other filter of the layer matches the packet")
    for each in islice(beaten, most):
        how = "of less weight" if each.same_sublayer else f"in sublayer {short_name(each.filter.sublayer) or '-'}"
        certain = "" if each.certain else ", which may match"
        name = shortened(visible(each.filter.name), _NAME)
        yield ("beat", f"{each.filter.filter_id} {name}: {does(each.filter)}, {how}{certain}")
    left = 0 if most is None else len(beaten) - most
    if left > 0:
        yield ("", f"and {left} more; {hints.all} shows them")


def _sublayers(event: NetworkEvent, decisions: Decisions | None) -> Iterator[tuple[str, str]]:
    for each in event.terminating:
        found = None if decisions is None else decisions.filter(each.filter_id)
        name = "" if found is None else f" {shortened(visible(found.name), _NAME)}"
        sublayer = visible(each.sublayer.removeprefix("FWPP_SUBLAYER_INTERNAL_").removeprefix("FWPP_SUBLAYER_"))
        yield ("in turn", f"{sublayer}: {short_name(visible(each.action))} by {each.filter_id}{name}")

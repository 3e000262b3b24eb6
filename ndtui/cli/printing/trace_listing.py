"""What becomes of packets, as ``ndtui trace`` prints it: traces, an overview of many, and timelines."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.peers.timeline import Event, Peer, timeline_of
from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.trace.trace_json import outcome_document, packet_document, trace_document
from ndtui.analysis.trace.trace_wording import because
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table
from ndtui.cli.printing.trace_text import timeline_lines, trace_lines
from ndtui.model.compiled.objects import FilterSet


def show_traces(
    filterset: FilterSet, packets: Sequence[Packet], *, many: bool, most: int | None, as_json: bool
) -> None:
    """Trace packets and print; ``most`` is how many of the filters that do not match are shown at each layer.

    ``many`` may be met: a line for each packet, unless everything is to be shown, and in JSON a list even of one.
    """
    traces = [trace(filterset, packet) for packet in packets]
    if as_json:
        documents = [trace_document(each, most) for each in traces]
        write_json({"traces": documents} if many else documents[0])
    elif many and most is not None:
        write_lines(_overview(traces))
    else:
        write_lines(line for each in traces for line in trace_lines(each, way_of(filterset, each), most))


def _overview(traces: Sequence[Trace]) -> Iterator[str]:
    head = ("peer with IPsec", "without", "packet", "because of")
    yield from table(head, [(*_outcome_words(each.outcomes), str(each.packet), because(each)) for each in traces])


def _outcome_words(outcomes: Outcomes) -> tuple[str, str]:
    """Return what becomes of a packet, with a peer that has IPsec and with one that has not, each in a few words."""
    with_ipsec, without = (
        course.first if course.first == course.settled else f"{course.first}, {course.settled}" for course in outcomes
    )
    return with_ipsec, without


def show_timelines(filterset: FilterSet, packets: Sequence[Packet], peer: Peer, *, as_json: bool) -> None:
    """Tell what becomes of packets over time with a peer, and print."""
    timelines = [timeline_of(filterset, packet, peer) for packet in packets]
    if not as_json:
        write_lines(line for timeline in timelines for line in timeline_lines(timeline))
        return
    documents = [
        {
            "packet": packet_document(timeline.trace.packet),
            "outcome": outcome_document(timeline.trace.outcomes),
            "peer": timeline.peer.name,
            "course": timeline.course._asdict(),
            "module": timeline.agreement.module if timeline.agreement else None,
            "mainMode": timeline.agreement.main_words if timeline.agreement else None,
            "quickMode": timeline.agreement.quick_words if timeline.agreement else None,
            "reason": timeline.reason,
            "events": [_event_document(event) for event in timeline.events],
        }
        for timeline in timelines
    ]
    write_json({"stories": documents} if len(documents) > 1 else documents[0])


def _event_document(event: Event) -> dict[str, str]:
    return {
        "at": event.at,
        "phase": event.phase,
        "fate": event.outcome,
        "title": event.title,
        "detail": event.detail,
        "page": event.page,
    }

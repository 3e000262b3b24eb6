"""Packets before BFE is up, as ``ndtui trace --before-bfe`` prints them."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.trace import Trace
from ndtui.analysis.trace.boot_trace import boot_outcome, boot_sentence, boot_tracer
from ndtui.analysis.trace.trace_json import packet_document, step_document
from ndtui.analysis.trace.trace_wording import because, notes
from ndtui.analysis.traffic.packet import Packet
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table
from ndtui.cli.printing.trace_text import step_lines, wrapped
from ndtui.model.compiled.objects import FilterSet


def show_before_bfe(
    filterset: FilterSet, packets: Sequence[Packet], *, many: bool, most: int | None, as_json: bool
) -> None:
    """Trace packets through what stands until BFE is up, and print; arguments as ``show_traces`` has them."""
    tracer = boot_tracer(filterset)
    traces = [tracer.trace(packet) for packet in packets]
    if as_json:
        documents = [_document(each, most) for each in traces]
        write_json({"traces": documents} if many else documents[0])
    elif many and most is not None:
        head = ("before BFE", "packet", "because of")
        write_lines(table(head, [(boot_outcome(each), str(each.packet), because(each)) for each in traces]))
    else:
        write_lines(line for each in traces for line in _lines(each, most))


def _lines(traced: Trace, most: int | None) -> Iterator[str]:
    yield f"{traced.packet}, before BFE is up"
    for step in traced.steps:
        if step.filters:
            yield ""
            yield from step_lines(step, traced, most)
    yield ""
    yield from wrapped(boot_sentence(traced))
    for note in notes(traced, before_bfe=True):
        yield from wrapped(f"Note: {note}")


def _document(traced: Trace, most: int | None) -> dict[str, object]:
    return {
        "packet": packet_document(traced.packet),
        "beforeBfe": True,
        "outcome": boot_outcome(traced),
        "sentence": boot_sentence(traced),
        "because": because(traced),
        "notes": list(notes(traced, before_bfe=True)),
        "steps": [step_document(step, most) for step in traced.steps],
    }

"""Outcome sections: what becomes of traffic, in a picture, by statements, between hosts and by packets; findings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ndtui.analysis.check.examine import Report as Examined
from ndtui.analysis.check.finding import Finding, Severity
from ndtui.analysis.peers.matrix import Cell as Meeting
from ndtui.analysis.peers.matrix import Pair, matrix
from ndtui.analysis.trace.trace_wording import because, sentence
from ndtui.analysis.trace.tracer import Tracer
from ndtui.analysis.traffic.examples import START, in_scope, matching, turned
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.verify.assertions import Proof, filter_words, verdict_of
from ndtui.analysis.verify.both_ways import both_ways, left_out
from ndtui.exporters.report.report_parts import Block, Cell, Picture, Said, Section, Table, Text, Tone, some, tone_of
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, change

_FOUND = ("severity", "id", "where", "what", "remedy")
_SEVERE: dict[Severity, Tone] = {"error": "bad", "warning": "fair", "note": "quiet"}
#: So many rules are in the picture, and so many exemptions among the packets; tables have all of them.
_PICTURED = 12
_TRACED = 12


def picture(filterset: FilterSet) -> Section:
    """Return what becomes of traffic, traced, as a picture, and what is left out."""
    out = "; ".join(f"{words}: {', '.join(names)}" for words, names in left_out(filterset.design).items())
    lines = f"Left out of IPsec: {out or 'nothing, not even ICMP'}."
    return Section("picture", "In one picture", (Picture(both_ways(filterset, _PICTURED)), Text(lines)))


def findings(examined: Examined) -> Section:
    """Return everything that the checker says, and what of it the design accepts."""
    blocks = [some(_FOUND, _rows(examined.findings), "None.")]
    accepted: list[tuple[Cell, ...]] = [
        (each.finding.id, str(each.finding.where), each.finding.message, each.reason) for each in examined.suppressed
    ]
    if accepted:
        blocks += [Text("Accepted by the design:"), Table(("accepted", "where", "what", "reason"), accepted)]
    return Section("findings", "Findings", tuple(blocks))


def findings_of(way_out: Sequence[Finding]) -> Section:
    """Return what has to be known of the script that the report is handed over with."""
    about = "What is handed over with this report means something else in places, by defaults of Windows Firewall:"
    return Section("way-out", "Findings of the script", (Text(about), Table(_FOUND, _rows(way_out))))


def _rows(found: Iterable[Finding]) -> list[tuple[Cell, ...]]:
    return [(Said(f.severity, _SEVERE[f.severity]), f.id, str(f.where), f.message, f.remedy) for f in found]


def assertions(examined: Examined, design: Design) -> Section:
    """Return what the design says of its own traffic, and whether it is true of every packet."""
    rows = [_proof(proof, design) for proof in examined.proofs]
    nothing = "The design makes no statements about its traffic."
    head = ("every packet of", "is", "result", "because")
    return Section("assertions", "Assertions", (some(head, rows, nothing),))


def _proof(proof: Proof, design: Design) -> tuple[Cell, ...]:
    said = proof.assertion
    if proof.undecided:
        return said.traffic, said.verdict, Said("not decided", "fair"), "it would take too long to look at every packet"
    if proof.witness is None or proof.outcomes is None:
        return said.traffic, said.verdict, Said("holds", "good"), "no packet is otherwise"
    why = f"{proof.witness} is {verdict_of(proof.outcomes)}: {filter_words(proof.responsible, design)}"
    return said.traffic, said.verdict, Said("does not hold", "bad"), why


def hosts(design: Design, before: Design | None) -> Section:
    """Return who can talk to whom: hosts with the design, with Windows Firewall's defaults, and without a policy."""
    designs = [design] if before is None else [design, change(before, name=f"{before.name} (before)")]
    pairs = matrix(designs)
    about = (
        "A TCP connection between every two hosts: what becomes of its first packet, while there is no security "
        "association, and of the connection once negotiation has ended. Of several lines for one pair that with the "
        "narrowest traffic counts. Exempted traffic goes in clear, whatever stands here. A host is paired with another "
        "of the same design too."
    )
    rows = [_connection(pair, cell) for pair in pairs for cell in pair.cells]
    blocks: list[Block] = [Text(about), Table(("from", "to", "traffic", "first packet", "then", "why"), rows)]
    crossed = [f"from {each.initiator} to {each.responder}" for each in pairs if not each.complete]
    if crossed:
        blocks.append(Text(f"Not every kind of traffic was looked at {'; '.join(crossed)}: rules cross too often."))
    return Section("hosts", "Who can talk to whom", tuple(blocks))


def _connection(pair: Pair, cell: Meeting) -> tuple[Cell, ...]:
    first, then = (Said(outcome, tone_of(outcome)) for outcome in (cell.first, cell.settled))
    return pair.initiator, pair.responder, "; ".join(cell.traffic), first, then, cell.why


def traces(filterset: FilterSet) -> Section:
    """Return what happens to a packet of each rule, in and out, and to one of each of the first exemptions."""
    tracer = Tracer(filterset)
    rows: list[tuple[Cell, ...]] = []
    for packet in dict.fromkeys(_packets(filterset.design)):
        traced = tracer.trace(packet)
        verdict = verdict_of(traced.outcomes)
        words = Said(verdict, tone_of(verdict))
        rows.append((Said(str(packet), "code"), words, sentence(traced), because(traced) or "no filter matches"))
    head = ("packet", "verdict", "what happens", "because of")
    return Section("traces", "Examples, traced", (Table(head, rows),))


def _packets(design: Design) -> Iterator[Packet]:
    rules = [rule for rule in design.rules if rule.enabled]
    for rule in rules[:_PICTURED]:
        found = parse_packet(START) if rule.scope.is_everything and "V4" in design.families else None
        found = found or in_scope(rule.scope, design.families)
        if found is not None:
            yield replace(found, direction="in")
            yield turned(replace(found, direction="in"))
    for exemption in [each for each in design.exemptions if each.enabled][:_TRACED]:
        found = matching(exemption, design.families)
        if found is not None:
            yield found

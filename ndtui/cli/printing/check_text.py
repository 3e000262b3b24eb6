"""What the checker found, as lines and as plain data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ndtui.analysis.check.examine import Report
from ndtui.analysis.check.finding import NAMED, Finding, Suppressed, of_one_kind, some_places
from ndtui.analysis.verify.assertions import Proof, filter_words, verdict_of
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.design.design import Design


def show_report(design: Design, report: Report, *, as_json: bool, every: bool = False) -> None:
    """Print what was found in a design; as text findings of one kind once, unless it is to be every one."""
    if as_json:
        write_json(_document(design, report))
    else:
        write_lines(_lines(report, every=every))


def _document(design: Design, report: Report) -> dict[str, Any]:
    """Return what was found; suppressed findings and assertions have a list only in a design that has some."""
    document: dict[str, Any] = {"design": design.name, "findings": [finding.document() for finding in report.findings]}
    if design.suppressions:
        document["suppressed"] = [{**each.finding.document(), "reason": each.reason} for each in report.suppressed]
    if design.assertions:
        document["assertions"] = [_proof(proof, design) for proof in report.proofs]
    return document


def _proof(proof: Proof, design: Design) -> dict[str, Any]:
    said: dict[str, Any] = {
        "traffic": proof.assertion.traffic,
        "verdict": proof.assertion.verdict,
        "holds": proof.holds,
    }
    if proof.outcomes is not None:
        said["witness"] = str(proof.witness)
        said["actual"] = verdict_of(proof.outcomes)
        said["outcome"] = {peer: course._asdict() for peer, course in proof.outcomes._asdict().items()}
        said["by"] = filter_words(proof.responsible, design)
    return said


def _lines(report: Report, *, every: bool) -> Iterator[str]:
    kinds = [[finding] for finding in report.findings] if every else of_one_kind(report.findings)
    for same in kinds:
        yield from _findings(same)
    accepted: dict[tuple[str, str, str], list[Suppressed]] = {}
    for number, each in enumerate(report.suppressed):
        apart = str(number) if every else ""
        accepted.setdefault((each.finding.severity + apart, each.finding.id, each.reason), []).append(each)
    for suppressed in accepted.values():
        yield from _suppressed(suppressed)
    if max([*map(len, kinds), *map(len, accepted.values())], default=0) > NAMED:
        yield f"Of what is found more often the first {NAMED} are shown: --all shows each, --json too."
    if report.proofs:
        counts = Counter(proof.holds for proof in report.proofs)
        undecided = f", {counts[None]} not decided" if counts[None] else ""
        yield (
            f"{count(len(report.proofs), 'assertion')}: "
            f"{counts[True]} true of every packet, {counts[False]} not{undecided}"
        )
    yield _counts(report.findings, report.suppressed)


def _title(same: Sequence[Finding]) -> str:
    """Return what the findings of a kind are called: how many, and where the first of them are."""
    times = f"{len(same):,} x " if len(same) > 1 else ""
    return f"{same[0].severity}: {times}{same[0].id} at {some_places(same)}"


def _messages(same: Sequence[Finding]) -> Iterator[str]:
    yield from (f"  {finding.message}" for finding in same[:NAMED])
    if same[NAMED:]:
        yield f"  and {len(same) - NAMED:,} more"


def _findings(same: Sequence[Finding]) -> Iterator[str]:
    finding = same[0]
    yield _title(same)
    yield from _messages(same)
    yield f"  Why:    {finding.why}"
    yield f"  Remedy: {finding.remedy}"
    yield f"  See:    {finding.source}"
    yield ""


def _suppressed(same: Sequence[Suppressed]) -> Iterator[str]:
    yield f"suppressed {_title([each.finding for each in same])}"
    yield from _messages([each.finding for each in same])
    yield f"  Accepted: {same[0].reason}"
    yield ""


def _counts(findings: Sequence[Finding], suppressed: Sequence[Suppressed]) -> str:
    counts = Counter(finding.severity for finding in findings)
    words = [count(number, severity) for severity, number in counts.items()]
    if suppressed:
        words.append(f"{len(suppressed)} suppressed")
    return ", ".join(words) or "Nothing found."

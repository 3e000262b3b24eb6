"""What the checker found, as lines and as plain data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ndtui.analysis.check.examine import Report
from ndtui.analysis.check.finding import Finding, Suppressed
from ndtui.analysis.verify.assertions import Proof, filter_words, verdict_of
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.design.design import Design


def show_report(design: Design, report: Report, *, as_json: bool) -> None:
    """Print what was found in a design."""
    if as_json:
        write_json(_document(design, report))
    else:
        write_lines(_lines(report))


def _document(design: Design, report: Report) -> dict[str, Any]:
    """Return what was found; suppressed findings and assertions have a list only in a design that has some."""
    document: dict[str, Any] = {"design": design.name, "findings": [finding.document() for finding in report.findings]}
    if design.suppressions:
        document["suppressed"] = [{**each.finding.document(), "reason": each.reason} for each in report.suppressed]
    if design.assertions:
        document["assertions"] = [_proof(proof) for proof in report.proofs]
    return document


def _proof(proof: Proof) -> dict[str, Any]:
    said: dict[str, Any] = {
        "traffic": proof.assertion.traffic,
        "verdict": proof.assertion.verdict,
        "holds": proof.holds,
    }
    if proof.outcomes is not None:
        said["witness"] = str(proof.witness)
        said["actual"] = verdict_of(proof.outcomes)
        said["outcome"] = {peer: course._asdict() for peer, course in proof.outcomes._asdict().items()}
        said["by"] = filter_words(proof.responsible)
    return said


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield from _finding(finding)
    for each in report.suppressed:
        yield from _suppressed(each)
    if report.proofs:
        counts = Counter(proof.holds for proof in report.proofs)
        undecided = f", {counts[None]} not decided" if counts[None] else ""
        yield (
            f"{count(len(report.proofs), 'assertion')}: "
            f"{counts[True]} true of every packet, {counts[False]} not{undecided}"
        )
    yield _counts(report.findings, report.suppressed)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}: {finding.id} at {finding.where}"
    yield f"  {finding.message}"
    yield f"  Why:    {finding.why}"
    yield f"  Remedy: {finding.remedy}"
    yield f"  See:    {finding.source}"
    yield ""


def _suppressed(each: Suppressed) -> Iterator[str]:
    yield f"suppressed {each.finding.severity}: {each.finding.id} at {each.finding.where}"
    yield f"  {each.finding.message}"
    yield f"  Accepted: {each.reason}"
    yield ""


def _counts(findings: Sequence[Finding], suppressed: Sequence[Suppressed]) -> str:
    counts = Counter(finding.severity for finding in findings)
    words = [count(number, severity) for severity, number in counts.items()]
    if suppressed:
        words.append(f"{len(suppressed)} suppressed")
    return ", ".join(words) or "Nothing found."

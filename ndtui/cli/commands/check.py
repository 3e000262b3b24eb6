"""``ndtui check``: what is wrong with a design, why, and what helps."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ndtui.analysis.check import Finding, Report, Suppressed, examine
from ndtui.analysis.verify.assertions import Proof, filter_words, verdict_of
from ndtui.cli.arguments.common_options import add_design, add_json
from ndtui.cli.arguments.sources import read_filterset
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.compiled.objects import FilterSet

HELP = """\
Say what is wrong with a design: each finding with its place, why it matters, a remedy and the page that says so, and
whether its assertions are true of every packet. What the design suppresses is shown with the reason it gives.
The exit status is 1 when there is an error among the findings, such as an assertion that is false; warnings, notes and
what is suppressed leave it at 0.

examples:
  ndtui check nd-transport
  ndtui check my-design.toml --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_json(parser)


def run(design: str, *, as_json: bool) -> int:
    """Check and print; 1 when there is an error."""
    filterset = read_filterset(design)
    report = examine(filterset)
    if as_json:
        write_json(_document(filterset, report))
    else:
        write_lines(_lines(report))
    return 1 if any(finding.severity == "error" for finding in report.findings) else 0


def _document(filterset: FilterSet, report: Report) -> dict[str, Any]:
    """Return what was found; suppressed findings and assertions have a list only in a design that has some."""
    design = filterset.design
    document: dict[str, Any] = {"design": design.name, "findings": [asdict(finding) for finding in report.findings]}
    if design.suppressions:
        document["suppressed"] = [{**asdict(each.finding), "reason": each.reason} for each in report.suppressed]
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
        true = sum(proof.holds for proof in report.proofs)
        yield f"{count(len(report.proofs), 'assertion')}: {true} true of every packet, {len(report.proofs) - true} not"
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

"""``ndtui check``: what is wrong with a design, why, and what helps."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ndtui.analysis.check import Finding, check
from ndtui.commands.options import add_design, add_json
from ndtui.commands.output import count, write_json, write_lines
from ndtui.commands.sources import read_filterset

HELP = """\
Say what is wrong with a design: each finding with its place, why it matters, a remedy and the page that says so.
The exit status is 1 when there is an error among them; warnings and notes leave it at 0.

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
    findings = check(filterset)
    if as_json:
        write_json({"design": filterset.design.name, "findings": [asdict(finding) for finding in findings]})
    else:
        write_lines(_lines(findings))
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.severity}: {finding.id} at {finding.where}"
        yield f"  {finding.message}"
        yield f"  Why:    {finding.why}"
        yield f"  Remedy: {finding.remedy}"
        yield f"  See:    {finding.source}"
        yield ""
    counts = Counter(finding.severity for finding in findings)
    yield ", ".join(count(number, severity) for severity, number in counts.items()) or "Nothing found."

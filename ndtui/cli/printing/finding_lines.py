"""Findings said beside what a command does: on standard error, before it is done."""

from collections.abc import Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.cli.printing.output import note


def tell_findings(findings: Sequence[Finding]) -> None:
    """Say what is to be known of a design before it is applied or written, and what to do."""
    for each in findings:
        note(each.line)

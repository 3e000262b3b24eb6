"""``ndtui check``: what is wrong with a design, why, and what helps."""

from argparse import ArgumentParser

from ndtui.cli.arguments.common_options import add_design, add_json

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
    from ndtui.analysis.check.examine import examine
    from ndtui.cli.arguments.sources import read_filterset
    from ndtui.cli.printing.check_text import show_report

    filterset = read_filterset(design)
    report = examine(filterset)
    show_report(filterset.design, report, as_json=as_json)
    return 1 if any(finding.severity == "error" for finding in report.findings) else 0

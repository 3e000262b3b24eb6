"""``ndtui check``: what is wrong with a design, why, and what helps."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_design, add_json

if TYPE_CHECKING:
    from ndtui.analysis.check.finding import Finding

HELP = """\
Say what is wrong with a design: each finding with its place, why it matters, a remedy and the page that says so, and
whether its assertions are true of every packet. What the design suppresses is shown with the reason it gives.

Connection security rules of Windows Firewall are checked as the design that ndtui import makes of them (a .reg file,
what netsh advfirewall prints or a script of it, JSON of NetSecurity). A line on standard error says so, and how many
things they say that a design cannot; the exit status is that of the findings.

Findings of one kind are said together, with their count and the first of them; --all says each, and --json has all.

With --on it also says what a machine has that keeps the design from its work there, from what netsh wfp show state or
show filters wrote on it: the service that negotiates, filters of others that decide before, another IPsec policy,
drivers at the transport layers.

What would take too long to decide is a finding too, not-decided: the same on every machine, however fast.

The exit status is 1 when there is an error among the findings, such as an assertion that is false, and when an
assertion is not decided; other warnings, notes and what is suppressed leave it at 0.

examples:
  ndtui check nd-transport
  ndtui check my-design.toml --json
  ndtui check ConSecRules.reg
  ndtui check my-design.toml --on wfpstate.xml"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    parser.add_argument("--all", action="store_true", dest="every", help="say every finding, of one kind too")
    parser.add_argument("--on", metavar="DUMP", help="a machine that it is for: what netsh wfp show wrote, as XML")
    add_json(parser)


def run(design: str, *, every: bool, on: str | None, as_json: bool) -> int:
    """Check and print; 1 when there is an error, or an assertion that is neither known to be true nor false."""
    from ndtui.analysis.check.examine import examine
    from ndtui.cli.arguments.sources import read_filterset, windows_file
    from ndtui.cli.printing.check_text import show_report

    filterset = read_filterset(design)
    beside: tuple[Finding, ...] = ()
    if on is not None:
        from ndtui.analysis.check.machine_findings import on_machine
        from ndtui.analysis.dump import read_dump

        beside = on_machine(filterset, read_dump(windows_file(on)))
    report = examine(filterset, beside=beside)
    show_report(filterset.design, report, every=every, as_json=as_json)
    return 0 if report.passed else 1

"""``ndtui plan``: what applying a design would change."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_design, add_force, add_json
from ndtui.cli.printing.output import check_free, note, write_json, write_lines
from ndtui.common.files import write_text

HELP = """\
Show what applying a design would add, change and remove. Changes nothing.
With -o the plan is saved, and ndtui apply FILE carries out just that, unless the state has moved in the meantime.
With --detailed-exitcode the exit status is 3 when there is something to do; 0 always means: done, nothing to do.

examples:
  ndtui plan nd-transport
  ndtui plan nd-transport -o change.json
  ndtui plan my-design.toml --store policy.db --detailed-exitcode"""

CHANGES = 3
"""The exit status of a plan with changes, on request; kept apart from 2, which is bad input."""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_backend(parser)
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="save the plan in a file, for ndtui apply")
    add_force(parser)
    parser.add_argument("--detailed-exitcode", action="store_true", help=f"exit with {CHANGES} when there are changes")
    add_json(parser)


def run(
    design: str,
    *,
    backend: str,
    store: Path | None,
    output: Path | None,
    force: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> int:
    """Plan, print, and save."""
    from ndtui.analysis.check.before_apply import before_apply
    from ndtui.backends.planning.plan_file import format_plan
    from ndtui.backends.planning.plan_wording import plan_lines
    from ndtui.backends.registry import open_backend
    from ndtui.cli.applying.plan_and_ask import plan_document, tell_obstacles, where
    from ndtui.cli.arguments.sources import read_filterset
    from ndtui.cli.printing.change_words import worded
    from ndtui.cli.printing.finding_lines import tell_findings

    if output is not None:
        check_free(output, force=force)
    filterset = read_filterset(design)
    opened = open_backend(backend, store)
    plan = opened.plan(filterset)
    if as_json:
        write_json(plan_document(opened, plan))
    elif plan.empty:
        write_lines([f"Nothing to do: {plan.policy} is applied on {where(opened)}"])
    else:
        write_lines([f"Plan for {plan.policy} on {where(opened)}", *plan_lines(plan, worded)])
    if not plan.empty:
        tell_findings(before_apply(filterset))
    tell_obstacles(opened)
    if output is not None:
        write_text(output, format_plan(plan, opened.place(), filterset.design))
        note(f"saved as {output}")
    return CHANGES if detailed_exitcode and not plan.empty else 0

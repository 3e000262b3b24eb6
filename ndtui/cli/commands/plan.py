"""``ndtui plan``: what applying a design would change."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_design, add_force, add_json
from ndtui.cli.printing.output import check_free, note, write_json, write_lines
from ndtui.common.errors import InputError
from ndtui.common.files import write_text

HELP = """\
Show what applying a design would add, change and remove. Changes nothing.
With -o the plan is saved, and ndtui apply FILE carries out just that, unless the state has moved in the meantime.
With --detailed-exitcode the exit status is 3 when there is something to change, and 0 when there is not. What waits to
be confirmed, or is overdue to be reverted, is said, and is no change. What is held on trial is said and not applied.

With --against it says what applying would change on the machine that wrote a file with netsh wfp show state or show
filters, and what is in the way there. No backend is asked. What the file does not tell is named; with
--detailed-exitcode the exit status is 2 then, when nothing else has to be done.

examples:
  ndtui plan nd-transport
  ndtui plan nd-transport -o change.json
  ndtui plan my-design.toml --store policy.db --detailed-exitcode
  ndtui plan my-design.toml --against wfpstate.xml"""

CHANGES = 3
"""The exit status of a plan with changes, on request; kept apart from 2, which is bad input."""
_NOT_TOLD = 2
"""That of a plan against a file that does not tell all, where nothing else has to be done; on request too."""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_backend(parser, own_default=False)
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="save the plan in a file, for ndtui apply")
    add_force(parser)
    parser.add_argument("--against", metavar="DUMP", help="plan for a machine: what netsh wfp show wrote there, as XML")
    parser.add_argument("--detailed-exitcode", action="store_true", help=f"exit with {CHANGES} when there are changes")
    add_json(parser)


def run(
    design: str,
    *,
    backend: str | None,
    store: Path | None,
    output: Path | None,
    force: bool,
    against: str | None,
    detailed_exitcode: bool,
    as_json: bool,
) -> int:
    """Plan, print, and save."""
    from ndtui.analysis.check.before_apply import before_apply
    from ndtui.backends.planning.plan_file import format_plan
    from ndtui.backends.planning.plan_wording import plan_lines, standing_lines
    from ndtui.backends.planning.waiting_wording import settling_of
    from ndtui.backends.registry import open_backend
    from ndtui.cli.applying.plan_and_ask import plan_document, tell_obstacles, where
    from ndtui.cli.arguments.sources import read_filterset
    from ndtui.cli.arguments.user_settings import settings
    from ndtui.cli.printing.change_words import worded
    from ndtui.cli.printing.finding_lines import tell_findings

    if against is not None:
        _check_alone(backend, store, output)
        return _against(design, against, detailed_exitcode=detailed_exitcode, as_json=as_json)
    if output is not None:
        check_free(output, force=force)
    filterset = read_filterset(design)
    opened = open_backend(backend or settings().backend, store)
    plan = opened.plan(filterset)
    settling = settling_of(opened, plan.pending)
    if as_json:
        write_json(plan_document(opened, plan))
    elif plan.empty:
        idle = "Nothing to do" if plan.pending is None else "Nothing to change"
        write_lines([f"{idle}: {plan.policy} is applied on {where(opened)}", *standing_lines(plan, settling)])
    else:
        write_lines([f"Plan for {plan.policy} on {where(opened)}", *plan_lines(plan, worded, settling)])
    if not plan.empty:
        tell_findings(before_apply(filterset))
    tell_obstacles(opened)
    if output is not None:
        write_text(output, format_plan(plan, opened.place(), filterset.design))
        note(f"saved as {output}")
    return CHANGES if detailed_exitcode and not plan.empty else 0


def _check_alone(backend: str | None, store: Path | None, output: Path | None) -> None:
    """Make sure that nothing is asked of a plan against a file that only a backend's plan has.

    Raises:
        InputError: it is.
    """
    for option, value in (("--backend", backend), ("--store", store)):
        if value is not None:
            raise InputError(f"--against asks no backend, and so no {option}", remedy="leave one of them out")
    if output is not None:
        raise InputError(
            "a plan against a file cannot be saved, for it could not be applied: it knows no state of a backend",
            remedy="leave -o out, and plan on the machine itself",
        )


def _against(design: str, word: str, *, detailed_exitcode: bool, as_json: bool) -> int:
    """Plan for the machine of a dump, and print."""
    from ndtui.analysis.check.before_apply import before_apply
    from ndtui.analysis.dump import read_dump
    from ndtui.cli.applying.plan_against import plan_against
    from ndtui.cli.arguments.sources import read_filterset, windows_file
    from ndtui.cli.printing.finding_lines import tell_findings
    from ndtui.cli.printing.plan_there_text import show_plan_there

    filterset, path = read_filterset(design), windows_file(word)
    there = plan_against(filterset, read_dump(path))
    show_plan_there(there, path, as_json=as_json)
    if not there.plan.empty:
        tell_findings(before_apply(filterset))
    if not detailed_exitcode:
        return 0
    return CHANGES if not there.plan.empty else _NOT_TOLD if there.drift.uncompared else 0

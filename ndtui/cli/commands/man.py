"""``ndtui man``: the manual page, for man."""

from argparse import ArgumentParser

from ndtui.cli.printing.output import write

HELP = """\
Print the manual page ndtui(1) as roff, which man shows. An installed ndtui has it already where man looks for it, in
share/man beside the program's own folder.

examples:
  ndtui man > ndtui.1
  ndtui man | man -l -"""

#: ``run`` is given the parser of all commands.
DESCRIBES_COMMAND_LINE = True


def arguments(_parser: ArgumentParser) -> None:
    """Add no argument: there is nothing to choose."""


def run(*, whole: ArgumentParser) -> int:
    """Print."""
    from ndtui.cli.describing.man_page import man_page

    write(man_page(whole))
    return 0

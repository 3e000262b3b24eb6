"""``ndtui completion``: the script with which a shell completes the command line."""

from argparse import ArgumentParser

from ndtui.cli.describing.completers import SHELLS
from ndtui.cli.printing.output import write

HELP = """\
Print the script with which a shell completes the command line: commands,
options, their values, presets and files. A shell that is opened afterwards
does so when this line is in its start-up file:

  bash        ~/.bashrc   eval "$(ndtui completion bash)"
  zsh         ~/.zshrc    eval "$(ndtui completion zsh)"      (after compinit)
  powershell  $PROFILE    ndtui completion powershell | Out-String | iex

fish reads the script from a folder of its own: see the second example.

examples:
  ndtui completion bash
  ndtui completion fish > ~/.config/fish/completions/ndtui.fish"""

#: ``run`` is given the parser of all commands.
DESCRIBES_COMMAND_LINE = True


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="bash, zsh, fish or powershell")


def run(shell: str, *, whole: ArgumentParser) -> int:
    """Print."""
    from ndtui.cli.describing.completion_scripts import completion_script

    write(completion_script(whole, shell))
    return 0

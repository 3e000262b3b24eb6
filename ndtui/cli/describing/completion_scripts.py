"""Scripts that complete the command line in a shell, made by shtab from the parser of all commands.

shtab takes a word either for a command or for something to complete; the first word of ours is either. So a design as
the first word is left out of what shtab is given, and added to what it made.
"""

from argparse import ArgumentParser, _SubParsersAction

import shtab

from ndtui.cli.describing.completers import add_completers, call, functions

#: What completes the first word with designs beside the commands, in the names that shtab gives its own parts.
_FIRST_WORD = {
    "bash": "_shtab_ndtui_pos_0_COMPGEN={call}",
    "zsh": """\
functions[_ndtui_commands]=$functions[_shtab_ndtui_commands]
_shtab_ndtui_commands() {{
  _alternative 'commands:command:_ndtui_commands' 'designs:design:{call}'
}}""",
    "fish": """complete -c ndtui -n '_shtab_ndtui_using; and test $_shtab_ndtui_npos -eq 0' -ka "{call}" -d design""",
    "powershell": "$_shtab_ndtui_compgens['_shtab_ndtui_pos_0'] = '{call}'",
}
#: Shells in which that stands before the last part of the script, which may already run it; in the others at the end.
_BEFORE_THE_END = ("bash", "zsh")


def completion_script(whole: ArgumentParser, shell: str) -> str:
    """Return the script of a shell for the parser of all commands, which is changed for that."""
    for action in whole._get_positional_actions():
        if isinstance(action, _SubParsersAction):
            _prepare_commands(action)
        else:
            whole._remove_action(action)
    add_completers(whole)
    first = _FIRST_WORD[shell].format(call=call("designs", shell))
    if shell in _BEFORE_THE_END:
        return f"{shtab.complete(whole, shell, preamble=functions(shell) + first)}\n"
    return f"{shtab.complete(whole, shell, preamble=functions(shell))}\n{first}\n"


def _prepare_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Describe each command by its line in the list of commands: shtab would take the first line of its help."""
    for summary in commands._get_subactions():
        command = commands.choices[summary.dest]
        command.description = summary.help
        add_completers(command)

"""The parsers of the command line: of the program without a command, of each command, and of all of them at once.

Only the module of the command that is asked for is imported, so that a short command is a short process.
"""

from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from ndtui import __version__
from ndtui.cli.commands import COMMANDS, HEADINGS
from ndtui.cli.describing.help_text import HelpFormatter
from ndtui.cli.printing.output import write
from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose, near

_DESIGNER = "designer"


class Parser(ArgumentParser):
    """An argument parser that raises its errors, so that they are reported like all others."""

    def error(self, message: str) -> NoReturn:
        """Raise what was wrong with the arguments, with where to read what is right."""
        raise InputError(message, remedy=f"see {self.prog} --help")

    def parse_args(self, args: Sequence[str]) -> Namespace:  # type: ignore[override]  # always given, and a new space
        """Return the arguments as values.

        Raises:
            InputError: one is not known, and which may be meant; or a value is wrong.
        """
        words = [*args]
        options = words[: words.index("--") if "--" in words else None]
        self.check_options([word for word in options if word.startswith("--")])  # before what else may be missing
        found, unknown = self.parse_known_args(words)
        self.check_options(unknown)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found

    def check_options(self, words: Sequence[str]) -> None:
        """Refuse an option among words that there is not, if one comes near that there is.

        Raises:
            InputError: names those that come near.
        """
        for word in words:
            name = word.partition("=")[0]
            known = not word.startswith("-") or word == "-" or name in self._option_string_actions
            meant = "" if known else near(name, self._option_string_actions)
            if meant:
                raise InputError(f"there is no option {name}", remedy=meant)

    def _check_value(self, action: Action, value: Any) -> None:
        """Refuse a value that is none of an argument's choices, with those that come near, or with all."""
        if action.choices is not None and value not in action.choices:
            name = "/".join(action.option_strings) or self.prog
            raise InputError(f"{name} takes no {str(value)!r}", remedy=choose(str(value), map(str, action.choices)))

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - there is one place to write to
        """Write the help to standard output, and raise what goes wrong with that: argparse would hide it."""
        write(self.format_help())


class _ShowVersion(Action):
    """Writes the version to standard output, raising what goes wrong with that."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, default=SUPPRESS, **options)

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        write(f"ndtui {__version__}\n")
        parser.exit()


def module_of(name: str | None) -> ModuleType:
    """Return the module of a command, or of the program without one."""
    return import_module(f"ndtui.cli.commands.{COMMANDS[name][0] if name else _DESIGNER}")


def parser_of(name: str | None) -> Parser:
    """Return the parser of a command, or of the program without one."""
    parser = Parser(
        prog=f"ndtui {name}" if name else "ndtui",
        description=module_of(name).HELP,
        epilog=None if name else _command_list(),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    _add_arguments(parser, name)
    return parser


def whole_parser() -> Parser:
    """Return one parser of everything, for what describes the command line; nothing is read with it.

    That of each command is a subparser, its line in the list of commands is the subparser's help.
    """
    parser = parser_of(None)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for name, (_, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, prog=f"ndtui {name}", description=module_of(name).HELP)
        _add_arguments(command, name)
    return parser


def _add_arguments(parser: Parser, name: str | None) -> None:
    module_of(name).arguments(parser)
    parser.add_argument("--debug", action="store_true", help="for an error, also show where in the program it arose")
    if name is None:
        parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version and exit")


def _command_list() -> str:
    width = max(map(len, COMMANDS))
    lines = []
    for name, (_, summary) in COMMANDS.items():
        if name in HEADINGS:
            lines += ["", f"commands for {HEADINGS[name]}:"]
        lines.append(f"  {name:<{width}}  {summary}")
    return "\n".join([*lines[1:], "", "ndtui COMMAND --help says more about each."])

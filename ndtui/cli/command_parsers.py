"""The parsers of the command line: of the program without a command, of each command, and of all of them at once.

Only the module of the command that is asked for is imported, so that a short command is a short process.
"""

import re
from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from ndtui import __version__
from ndtui.cli.commands import COMMANDS, HEADINGS
from ndtui.cli.describing.help_text import HelpFormatter
from ndtui.cli.printing.output import write
from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose, close, question
from ndtui.common.text import in_quotes

_DESIGNER = "designer"
#: What stands between the ends of a packet.
ARROW = "->"
#: How long an option of one letter is.
_SHORT = 2
_NUMBER = re.compile(r"-\d*\.?\d+")


def is_option(word: str) -> bool:
    """Tell whether a word is read as an option, as ``argparse`` does: a number is none, nor is what has a blank."""
    return word.startswith("-") and word not in ("-", ARROW) and " " not in word and not _NUMBER.fullmatch(word)


def near_option(name: str, options: Iterable[str], *, before: str = "") -> str:
    """Return a question for the options that come near one, empty where none does.

    Of one letter they are those that begin with it. ``before`` stands before each.
    """
    bare = name.lstrip("-")
    long = {option.lstrip("-"): f"{before}{option}" for option in options if option.startswith("--")}
    if len(bare) == 1:
        found = [shown for option, shown in long.items() if option[0] == bare.lower()]
    else:
        found = [long[option] for option in close(bare, long)]
    return question(found)


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
        self.check_options(words[: words.index("--") if "--" in words else None])  # before what else may be missing
        found, unknown = self.parse_known_args(self._options_first(words))
        if unknown:
            raise InputError(f"there is no place for {' '.join(unknown)}", remedy=self._where_to(unknown))
        return found

    def check_options(self, words: Sequence[str]) -> None:
        """Refuse an option among words that there is not.

        Raises:
            InputError: names those that may be meant.
        """
        for word in words:
            name = word.partition("=")[0]
            known = name in self._option_string_actions or word[:2] in self._option_string_actions
            if is_option(word) and not known:
                raise InputError(f"there is no option {name}", remedy=self._meant_by(name))

    def _options_first(self, words: Sequence[str]) -> list[str]:
        """Return words with the options before the arguments among them, and what follows ``--`` behind.

        Behind an option ``argparse`` takes an argument that may be left out for left out. Where an option lacks its
        value, the words stay as they are, for it to say so.
        """
        options: list[str] = []
        arguments: list[str] = []
        rest = [*words]
        while rest and rest[0] != "--":
            word = rest.pop(0)
            (options if is_option(word) else arguments).append(word)
            action = self._option_string_actions.get(word)
            if action is not None and action.nargs is None:
                if not rest or rest[0] == "--" or is_option(rest[0]):
                    return [*words]
                options.append(rest.pop(0))
        return [*options, *arguments, *rest]

    def _meant_by(self, name: str) -> str:
        """Return what may be meant by an option that there is not: of this command, of the program, or a file."""
        of_the_program = [*parser_of(None)._option_string_actions] if len(name) > _SHORT else ["--version"]
        meant = near_option(name, self._option_string_actions) or near_option(name, of_the_program, before="ndtui ")
        if meant:
            return meant
        of_a_file = f"; a name that begins so is written ./{name}, or with -- before it" if "." in name else ""
        return f"see {self.prog} --help{of_a_file}"

    def _where_to(self, words: Sequence[str]) -> str:
        """Return what to do with words that an argument too many is made of."""
        if ARROW in words and any(action.metavar == "PACKET" for action in self._actions):
            return f"write a packet in quotes; see {self.prog} --help"
        return f"see {self.prog} --help"

    def _check_value(self, action: Action, value: Any) -> None:
        """Refuse a value that is none of an argument's choices, with those that come near, or with all."""
        if action.choices is not None and value not in action.choices:
            name = "/".join(action.option_strings) or self.prog
            raise InputError(
                f"{name} takes no {in_quotes(str(value))}", remedy=choose(str(value), map(str, action.choices))
            )

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

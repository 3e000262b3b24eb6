"""Command line: which command is meant, its arguments, and what to say when neither command nor design is known.

Only the module of the command that runs is imported, so that a short command is a short process.
"""

from argparse import SUPPRESS, Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from ndtui import __version__
from ndtui.cli.commands import COMMANDS
from ndtui.cli.printing.output import write
from ndtui.common.errors import InputError
from ndtui.common.suggestion import near

_DESIGNER = "designer"
_WITH_VALUE = ("--backend", "--store")


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
        found, unknown = self.parse_known_args(args)
        for word in unknown:
            name = word.partition("=")[0]
            meant = near(name, self._option_string_actions) if word.startswith("-") else ""
            if meant:
                raise InputError(f"there is no option {name}", remedy=meant)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found

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


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit status.

    Raises:
        NdtuiError: it cannot be done; says why.
    """
    at = _first_word(argv)
    word = None if at is None else argv[at]
    name = word if word in COMMANDS else None
    if word is not None and name is None:
        _check_word(word)
    module = import_module(f"ndtui.cli.commands.{COMMANDS[name][0] if name else _DESIGNER}")
    parser = Parser(
        prog=f"ndtui {name}" if name else "ndtui",
        description=module.HELP,
        epilog=None if name else _command_list(),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.arguments(parser)
    parser.add_argument("--debug", action="store_true", help="of an error, show where in the program it arose too")
    if name is None:
        parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version and exit")
    try:
        arguments = parser.parse_args([word for position, word in enumerate(argv) if not name or position != at])
    except SystemExit:  # help or version are printed
        return 0
    values = vars(arguments)
    values.pop("debug")  # read by ``cli.process``, which is also there when reading arguments fails
    return int(module.run(**values))


def _first_word(argv: Sequence[str]) -> int | None:
    """Return where the first word stands that is neither an option nor an option's value."""
    skip = False
    for position, word in enumerate(argv):
        if word == "--":
            return None
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif word == "-" or not word.startswith("-"):
            return position
    return None


def _check_word(word: str) -> None:
    """Make sure that the first word, which is no command, is a design that can be opened.

    Raises:
        InputError: it is neither a preset nor a file; names those that come near.
    """
    from ndtui.cli.arguments.sources import STDIN, is_file  # noqa: PLC0415 - commands read their designs themselves
    from ndtui.model.files import presets  # noqa: PLC0415

    if word == STDIN or is_file(word):
        return
    names = [preset.name for preset in (*presets.shipped(), *presets.own())]
    if word in names:
        return
    otherwise = "ndtui --help lists the commands, ndtui presets the presets"
    raise InputError(
        f"{word!r} is no command, no preset and no file", remedy=near(word, [*COMMANDS, *names]) or otherwise
    )


def _command_list() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(["commands:", *lines, "", "ndtui COMMAND --help says more about each."])

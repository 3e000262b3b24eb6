"""Command line: which command is meant, its arguments, and what to say when neither command nor design is known."""

from collections.abc import Sequence

from ndtui.cli.command_parsers import module_of, parser_of, whole_parser
from ndtui.cli.commands import COMMANDS
from ndtui.common.errors import InputError
from ndtui.common.suggestion import near
from ndtui.common.text import in_quotes

_WITH_VALUE = ("--backend", "--store", "--theme")


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit status.

    Raises:
        NdtuiError: it cannot be done; says why.
    """
    at = _first_word(argv)
    word = None if at is None else argv[at]
    name = word if word in COMMANDS else None
    parser = parser_of(name)
    if at is not None and name is None:
        parser.check_options(argv[:at])
        _check_word(argv[at])
    try:
        arguments = parser.parse_args([word for position, word in enumerate(argv) if not name or position != at])
    except SystemExit:  # help or version are printed
        return 0
    values = vars(arguments)
    values.pop("debug")  # read by ``cli.process``, which is also there when reading arguments fails
    module = module_of(name)
    if getattr(module, "DESCRIBES_COMMAND_LINE", False):
        values["whole"] = whole_parser()
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
    from ndtui.cli.arguments.sources import STDIN  # noqa: PLC0415 - commands read their designs themselves
    from ndtui.exporters.bundle.designs_and_bundles import is_file  # noqa: PLC0415
    from ndtui.model.files import presets  # noqa: PLC0415

    if word == STDIN or is_file(word):
        return
    names = [preset.name for preset in (*presets.shipped(), *presets.own())]
    if word in names:
        return
    otherwise = "ndtui --help lists the commands, ndtui presets the presets"
    raise InputError(
        f"{in_quotes(word)} is no command, no preset and no file", remedy=near(word, [*COMMANDS, *names]) or otherwise
    )

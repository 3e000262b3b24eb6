"""Arguments that several commands have, each defined once."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from ndtui.cli.arguments.user_settings import settings
from ndtui.common.errors import NdtuiError

DESIGN = "a preset's name, a file (TOML, JSON, or connection security rules), or - for standard input"


def add_design(parser: ArgumentParser) -> None:
    """Add the design that a command works on."""
    parser.add_argument("design", metavar="DESIGN", help=DESIGN)


def add_designer(parser: ArgumentParser, design: str = DESIGN, *, own_default: bool = True) -> None:
    """Add what the designer is opened with, on a terminal or in a browser; ``design`` says which designs it takes.

    ``own_default`` is that of ``add_backend``.
    """
    parser.add_argument("design", metavar="DESIGN", nargs="?", help=design)
    add_backend(parser, own_default=own_default)
    parser.add_argument("--no-color", action="store_true", help="no colour; NO_COLOR=1 in the environment does it too")


def add_json(parser: ArgumentParser) -> None:
    """Add the choice of JSON for what the command prints."""
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")


def add_layer(parser: ArgumentParser) -> None:
    """Add the choice of one layer."""
    parser.add_argument("--layer", metavar="LAYER", help="only this layer, such as INBOUND_TRANSPORT_V4")


#: No name of a backend: the one that the settings name is meant.
_UNSAID = "\0"


def add_backend(parser: ArgumentParser, *, own_default: bool = True) -> None:
    """Add the choice of a backend and of its place; without ``own_default`` it is ``None`` where it is not said."""
    parser.add_argument(
        "--backend",
        metavar="NAME",
        type=_backend,
        default=_UNSAID if own_default else None,
        help="which backend (default: the one your settings name, else store); ndtui backends lists them",
    )
    parser.add_argument("--store", metavar="FILE", type=Path, help="where the backend keeps its state")


def _backend(word: str) -> str:
    """Return the backend that is meant. Of a default the parser asks this only where nothing else was said."""
    return settings().backend if word == _UNSAID else word


def add_yes(parser: ArgumentParser) -> None:
    """Add the leave to write without asking."""
    parser.add_argument("--yes", action="store_true", help="do it without asking; needed where there is no terminal")


def add_message(parser: ArgumentParser) -> None:
    """Add why something is done, for the history."""
    parser.add_argument(
        "-m", "--message", metavar="MESSAGE", type=_message, default="", help="why, for ndtui history to show"
    )


def _message(text: str) -> str:
    from ndtui.backends.contract.history_note import message_of  # noqa: PLC0415 - help needs no backend

    try:
        return message_of(text)
    except NdtuiError as error:
        raise ArgumentTypeError(str(error)) from None


def add_force(parser: ArgumentParser) -> None:
    """Add the leave to write over a file."""
    parser.add_argument("--force", action="store_true", help="overwrite a file that is already there")

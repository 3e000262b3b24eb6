"""Arguments that several commands have, each defined once."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from ndtui.common.errors import NdtuiError

DESIGN = "a preset's name, a file (TOML or JSON), or - for standard input"


def add_design(parser: ArgumentParser) -> None:
    """Add the design that a command works on."""
    parser.add_argument("design", metavar="DESIGN", help=DESIGN)


def add_designer(parser: ArgumentParser, design: str = DESIGN) -> None:
    """Add what the designer is opened with, on a terminal or in a browser; ``design`` says which designs it takes."""
    parser.add_argument("design", metavar="DESIGN", nargs="?", help=design)
    add_backend(parser)
    parser.add_argument("--no-color", action="store_true", help="no colour; NO_COLOR=1 in the environment does it too")


def add_json(parser: ArgumentParser) -> None:
    """Add the choice of JSON for what the command prints."""
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")


def add_layer(parser: ArgumentParser) -> None:
    """Add the choice of one layer."""
    parser.add_argument("--layer", metavar="LAYER", help="only this layer, such as INBOUND_TRANSPORT_V4")


def add_backend(parser: ArgumentParser, default: str | None = "store") -> None:
    """Add the choice of a backend and of its place."""
    parser.add_argument(
        "--backend",
        metavar="NAME",
        default=default,
        help="which backend (default: store); ndtui backends lists them",
    )
    parser.add_argument("--store", metavar="FILE", type=Path, help="where the backend keeps its state")


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

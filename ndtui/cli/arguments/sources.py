"""Sources: where a design that a command works on comes from."""

import sys
from collections.abc import Callable
from pathlib import Path

from ndtui.cli.printing.output import note
from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.exporters.bundle.designs_and_bundles import Source, is_file, parse, read_named
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet

STDIN = "-"
STANDARD_INPUT = "standard input"


def read_source(word: str, say: Callable[[str], None] = note) -> Source:
    """Return the design a person names: ``-``, a file, or a preset.

    Connection security rules are made a design as ``ndtui import`` makes one, and ``say`` is told so in a line.

    Raises:
        InputError: there is none of that name, or it holds no design.
        RefusedError: it is a bundle that was edited by hand, or rules that make no design.
    """
    text = read_stdin() if word == STDIN else ""
    try:
        return Source(parse(text, STANDARD_INPUT)) if word == STDIN else read_named(word)
    except InputError as error:
        if word != STDIN and not (is_file(word) and files.is_there(Path(word))):
            raise
        from ndtui.cli.arguments.rules_as_design import design_of_others  # noqa: PLC0415 - a design needs it not

        return design_of_others(word, text if word == STDIN else None, error, say)


def read_filterset(word: str) -> FilterSet:
    """Return what the design a person names compiles to; raises as ``read_source``."""
    return compile_design(read_source(word).design)


def read_stdin() -> str:
    """Return the text on standard input.

    Raises:
        InputError: it is closed, too large, or no text.
    """
    if sys.stdin is None:
        raise InputError("standard input is closed", remedy="name a preset or a file")
    try:
        data = sys.stdin.buffer.read(files.MAX_JSON + 1)
    except OSError as error:
        raise InputError("standard input cannot be read", remedy=files.reason(error)) from None
    return files.decode(data, "standard input", files.MAX_JSON)


def is_dump(word: str) -> bool:
    """Tell whether a word names a file of XML: one that ends so, or that begins so."""
    return word != STDIN and files.is_xml(Path(word))

"""Sources: where a design that a command works on comes from."""

from collections.abc import Callable
from pathlib import Path

from ndtui.cli.arguments import standard_input
from ndtui.cli.printing.output import note
from ndtui.common import files
from ndtui.exporters.bundle.designs_and_bundles import Source, read_named, read_text
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet

STDIN = "-"
STANDARD_INPUT = standard_input.NAME


def read_source(word: str, say: Callable[[str], None] = note) -> Source:
    """Return the design a person names: ``-``, a file, or a preset.

    Connection security rules are made a design as ``ndtui import`` makes one, and ``say`` is told so in a line.

    Raises:
        InputError: there is none of that name, or it holds no design.
        RefusedError: it is a bundle that was edited by hand, or rules that make no design.
    """
    source = read_text(read_stdin(), STANDARD_INPUT) if word == STDIN else read_named(word)
    if source.remark:
        say(f"note: {source.remark}")
    return source


def read_filterset(word: str) -> FilterSet:
    """Return what the design a person names compiles to; raises as ``read_source``."""
    return compile_design(read_source(word).design)


def read_stdin() -> str:
    """Return the text on standard input, as ``files.read_windows_text`` reads that of a file.

    Raises:
        InputError: it is closed, too large, no text, or was read already.
    """
    return files.decode_windows(standard_input.read_bytes(files.MAX_JSON), STANDARD_INPUT, files.MAX_JSON)


def is_dump(word: str) -> bool:
    """Tell whether a word names XML: a file that ends so, or a file or standard input that begins so.

    Raises:
        InputError: standard input is closed, or cannot be read.
    """
    return standard_input.is_xml() if word == STDIN else files.is_xml(Path(word))


def windows_file(word: str) -> Path:
    """Return the file that a word names, of which Windows says what is in it: a dump, events; or standard input as one.

    Raises:
        InputError: standard input is closed, cannot be read, or was read already.
        RefusedError: standard input cannot be kept in a file.
    """
    if word != STDIN:
        return Path(word)
    from ndtui.analysis.dump.tree import Limits  # noqa: PLC0415 - a design needs no dump

    return standard_input.kept(Limits().size)

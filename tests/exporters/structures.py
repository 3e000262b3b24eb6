"""What an exported file is made of, apart from the texts in it: by the ending of its name, with a reader of its own.

A structure is a count of parts: elements, lines, tokens, statements, each without the texts, numbers and identities
that a name of the design goes into. Two designs that differ in their names alone have equal ones.
"""

import ast
import codecs
import csv
import io
import json
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from ndtui.exporters.contract import Export

Structure = Counter[str]
_IDENTITY = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")


def structure_of(export: Export, suffix: str) -> Structure:
    """Return what an export of a format is made of, file by file."""
    content = export.content
    if isinstance(content, tuple):
        return _files({name: _bytes(export, each) for name, each in content})
    return _file(suffix, _bytes(export, content))


def _bytes(export: Export, content: str | bytes) -> bytes:
    return export.written(content).encode() if isinstance(content, str) else content


def _files(contents: dict[str, bytes]) -> Structure:
    found: Structure = Counter()
    for name, data in contents.items():
        suffix = f".{name.rpartition('.')[2]}"
        found.update({f"{name}: {part}": number for part, number in _file(suffix, data).items()})
    return found


def _file(suffix: str, data: bytes) -> Structure:
    if suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files({name: archive.read(name) for name in archive.namelist()})
    assert suffix in READERS, f"nobody reads {suffix} here: write a reader of its structure, which no name may change"
    encoding = "utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8"
    return Counter(READERS[suffix](data.decode(encoding)))


# -- readers of texts --------------------------------------------------------------------------------------------------


def _values(value: Any, place: str = "") -> Iterator[str]:
    """Yield the places of all values: members by name, items of lists without their number."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(each, f"{place}.{name}")
    elif isinstance(value, list):
        yield f"{place}[{len(value)}]"
        for each in value:
            yield from _values(each, f"{place}[]")
    else:
        yield f"{place}: {type(value).__name__}"


def _elements(text: str) -> Iterator[str]:
    for each in ElementTree.fromstring(text).iter():
        yield f"<{each.tag} {' '.join(each.attrib)}>"


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = sorted(f"{name}={value}" if name in ("href", "id", "class") else name for name, value in attrs)
        if tag != "wbr":  # a long word may be broken
            self.found.append(f"<{tag} {' '.join(told)}>")

    def handle_comment(self, data: str) -> None:
        self.found.append("<!-->")


def _blocks(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token.type
        # What is escaped and what is not are texts side by side: they are one.
        yield from (each.type for each in token.children or () if each.type not in ("text", "text_special"))


#: What a spreadsheet takes for the beginning of a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection
_LIVE = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def _rows(text: str) -> Iterator[str]:
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield from (f"formula {cell}" for cell in row if cell.startswith(_LIVE))
    yield from (f"row of {len(row)}" for row in csv.reader(io.StringIO(text, newline=""), strict=True))


def _script_nodes(text: str) -> Iterator[str]:
    pytest.importorskip("tree_sitter_powershell", reason="the grammar of PowerShell is not installed")
    from tests.exporters.powershell.script_tree import nodes, parsed

    written = {
        "comment",
        "string_literal",
        "verbatim_string_characters",
        "integer_literal",
        "hexadecimal_integer_literal",
    }
    joined = {"parenthesized_expression", "additive_expression", "cast_expression", "type_literal", "type_spec"}
    around = {
        "unary_expression",
        "expression_with_unary_operator",
        "pipeline",
        "pipeline_chain",
        "type_identifier",
        "type_name",
    }
    for node in nodes(parsed(text)):
        if node.is_named and node.type not in written | joined | around and "expression" not in node.type:
            yield node.type


_C_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>L?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|"""
    r"(?P<number>\b0[xX][0-9a-fA-F]+\w*|\b\d+\w*)|(?P<word>\w+)|(?P<sign>\S)",
    re.DOTALL,
)


def _c_statements(text: str) -> Iterator[str]:
    """Yield statements, texts and numbers blanked; of several texts or numbers in a row one is left.

    A comma behind the last of several items means nothing: it stands where they have lines of their own.
    """
    blanks = {"text": '""', "number": "0"}
    tokens = [blanks.get(m.lastgroup or "", m[0]) for m in _C_TOKEN.finditer(text) if m.lastgroup != "comment"]
    code = re.sub(r'""(?: "")+', '""', " ".join(tokens))
    code = re.sub(r"0(?: , 0)+", "0", code).replace(" , }", " }")
    yield from (each.strip() for each in code.split(";"))


def _python_nodes(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        names = [value for name, value in ast.iter_fields(node) if name in ("id", "attr", "name", "arg", "module")]
        yield f"{type(node).__name__} {names}"


_REG_VALUE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|@)=(?:"(?:[^"\\]|\\.)*"|(dword|hex(?:\([0-9a-f]+\))?):[0-9a-f,]*)')


def _reg_lines(text: str) -> Iterator[str]:
    for line in text.lstrip("\ufeff").replace("\\\r\n  ", "").splitlines():
        value = _REG_VALUE.fullmatch(line)
        if line.startswith(";"):
            continue
        yield f"value {value[1] or 'text'}" if value else _IDENTITY.sub("{}", line)


def _batch_lines(text: str) -> Iterator[str]:
    """Yield the lines of a batch file: of what stands in quotes, and behind echo, what acts on its interpreter."""
    for line in text.splitlines():
        words = line.strip()
        if words[:4].lower() == "rem " or words[:2] == "::":
            continue
        head, quoted = _IDENTITY.sub("{}", words), re.compile(r'"([^"]*)"')
        head = quoted.sub(lambda found: f'"{_acting(found[1], "%!")}"', head)
        said = re.fullmatch(r"(@?echo[.: ])(.*)", head, re.IGNORECASE)
        yield f"{said[1]}{_acting(said[2], '&|<>()%!')}" if said else head


def _acting(text: str, signs: str) -> str:
    """Return the signs of a text that act: neither escaped nor doubled."""
    plain = re.sub(r"\^.", "", text).replace("%%", "")
    return "".join(each for each in plain if each in signs)


def _text_lines(text: str) -> Iterator[str]:
    yield f"{len(text.splitlines())} lines"


READERS: dict[str, Callable[[str], Iterator[str]]] = {
    ".c": _c_statements,
    ".cmd": _batch_lines,
    ".csv": _rows,
    ".html": lambda text: iter(_Tags(text).found),
    ".json": lambda text: _values(json.loads(text)),
    ".md": _blocks,
    ".ps1": _script_nodes,
    ".py": _python_nodes,
    ".reg": _reg_lines,
    ".toml": lambda text: _values(tomllib.loads(text)),
    ".txt": _text_lines,
    ".xml": _elements,
}

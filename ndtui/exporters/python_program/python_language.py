"""What a Python program declares: structures of win32more under their own names, and rows for its filters.

A structure is made as ctypes makes it: by its class, with its members by name. Filters, of which there may be tens of
thousands, stand as rows, and the structure of each is made when it is handed over.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from ndtui.exporters.policy_program.program_language import FilterParts, Language, Member
from ndtui.exporters.python_program.python_literals import bytes_literal, text_literal
from ndtui.model.compiled.document_types import DisplayData
from ndtui.model.vocabulary import members

_INDENT = "    "
#: How long a call may be that stands on one line: with what stands around it, it is at most 120 characters.
_LINE = 80
_FLAGS_LINE = 108

#: Windows' constants that win32more does not have: they are macros in fwpmu.h.
_MACROS = members("FWPM_CONTEXT")

#: The blob of what is looked up, until it is.
FILLED_LATER = "FILLED_LATER"


class PythonLanguage(Language):
    """Python 3.11 or later with win32more, in ASCII."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()
        """The names that the declarations use: of win32more, of ctypes and of the program itself."""
        self.macros: dict[str, int] = {}
        """Windows' constants that the program has to define."""

    def flags(self, names: Sequence[str]) -> str:
        """Return flags, each by its name: on one line where there is room."""
        line = super().flags(names)
        return line if len(line) <= _FLAGS_LINE else line.replace(" | ", "\n| ")

    def variable(self, name: str) -> str:
        """Return the name as Python has names of constants."""
        return name.upper()

    def declaration(self, kind: str, name: str, value: str) -> str:  # noqa: ARG002
        """Return an assignment."""
        return f"{name} = {value}"

    def array_declaration(self, kind: str, name: str, items: Sequence[str]) -> str:  # noqa: ARG002
        """Return an array of ctypes."""
        return f"{name} = {self._call('array', items)}"

    def table_declaration(self, kind: str, name: str, items: Iterable[str]) -> str:  # noqa: ARG002
        """Return a list."""
        return f"{name} = {list_of(items)}"

    def structure(self, kind: str, members: Iterable[Member]) -> str:
        """Return a call of the structure's class."""
        return self._call(kind, [f"{name}={value}" for name, value in members])

    def display(self, display: DisplayData) -> str:
        """Return the texts that are not empty."""
        said = [(name, self.text(str(text))) for name, text in display.items() if text]
        return self.structure("FWPM_DISPLAY_DATA0", said)

    def filter(self, parts: FilterParts) -> str:
        """Return a row of the table of filters."""
        said = [
            f"key={text_literal(parts.key)}",
            f"name={text_literal(parts.display['name'])}",
            *([f"description={text_literal(parts.display['description'])}"] if parts.display["description"] else ()),
            f"flags={self.flags(parts.flags)}",
            *([f"notes={bytes_literal(parts.notes)}"] if parts.notes else ()),
            f"layer={self.guid(parts.layer)}",
            f"sublayer={self.guid(parts.sublayer)}",
            f"weight={parts.weight}",
            *([f"conditions={parts.conditions}"] if parts.conditions else ()),
            f"action={self.number(parts.action)}",
            *([f"callout={self.guid(parts.callout)}"] if parts.callout else ()),
            *([f'context="{{{parts.context}}}"'] if parts.context else ()),
            *([f"raw_context={self.number(parts.raw_context)}"] if parts.raw_context else ()),
        ]
        return row("Filter", said)

    def pointer(self, name: str) -> str:
        """Return a call of ``pointer``."""
        return self._call("pointer", [name])

    def context_policy(self, member: str, version: int) -> str:  # noqa: ARG002
        """Return the member: win32more has it in all versions."""
        return member

    def constant(self, name: str) -> str:
        """Return the name itself."""
        if name in _MACROS:
            self.macros[name] = self.numbers[name]
        else:
            self.used.add(name)
        return name

    def own_guid(self, key: UUID) -> str:
        """Return a call of ``Guid``."""
        return self._call("Guid", [f'"{{{key}}}"'])

    def unsigned(self, number: int) -> str:
        """Return the number, in decimal digits where it has 32 bits."""
        return str(number) if number < 1 << 32 else f"0x{number:016X}"

    def uint64(self, number: int) -> str:
        """Return a number of ctypes."""
        return self._call("c_uint64", [self.unsigned(number)])

    def v4_address(self, text: str) -> str:
        """Return a call that makes a number of the address."""
        return self._call("ipv4", [text_literal(text)])

    def v6_address(self, text: str) -> str:
        """Return a call that makes an array of the address."""
        return self._call("ipv6", [text_literal(text)])

    def text(self, text: str) -> str:
        """Return a literal; ``None`` where it is empty."""
        return text_literal(text) if text else "None"

    def ascii(self, text: str) -> str:
        """Return a text of ctypes."""
        return self._call("c_char_p", [bytes_literal(text.encode("ascii"))])

    def blob(self, content: bytes) -> str:
        """Return a call that makes a blob of bytes."""
        return self._call("blob", [bytes_literal(content)])

    def digest(self, content: bytes) -> str:
        """Return the same of bytes given by their digits."""
        return self._call("blob", [f'bytes.fromhex("{content.hex()}")'])

    def wide_blob(self, text: str) -> str:
        """Return a call that makes a blob of a text."""
        return self._call("wide_blob", [text_literal(text)])

    def empty_blob(self) -> str:
        """Return a blob of its own."""
        return self._call("FWP_BYTE_BLOB", [])

    def later_blob(self, how: str) -> str:  # noqa: ARG002
        """Return the blob that stands for it; ctypes copies it."""
        self.used.add(FILLED_LATER)
        return FILLED_LATER

    def subject(self, parts: Sequence[tuple[str, str]]) -> str:
        """Return a tuple of pairs."""
        pairs = [f"({text_literal(identifier)}, {text_literal(value)})" for identifier, value in parts]
        return "(" + ", ".join(pairs) + ("," if len(pairs) == 1 else "") + ")"

    def _call(self, name: str, arguments: Sequence[str]) -> str:
        self.used.add(name)
        return call(name, arguments)


def list_of(items: Iterable[str]) -> str:
    """Return a list with lines of its own for each item."""
    return "[\n" + "".join(map(_line, items)) + "]"


def call(name: str, arguments: Sequence[str]) -> str:
    """Return a call, on one line where there is room."""
    line = f"{name}({', '.join(arguments)})"
    if len(line) <= _LINE and "\n" not in line:
        return line
    return row(name, arguments)


def row(name: str, arguments: Sequence[str]) -> str:
    """Return a call with a line for each argument."""
    return f"{name}(\n" + "".join(map(_line, arguments)) + ")"


def _line(item: str) -> str:
    """Return an item of a list in lines of its own; no literal has a line end in it."""
    return _INDENT + item.replace("\n", f"\n{_INDENT}") + ",\n"

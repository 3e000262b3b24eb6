"""What a program declares: Windows' constants under names of its own, and static objects that point to each other.

The constants bear the name that Windows' headers have for them behind ``ND_``: mingw-w64's headers lack many, and their
own names would meet those of Microsoft's headers, since no preprocessor can ask whether an enumeration has a member.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import indent
from uuid import UUID

from ndtui.exporters.c_program import c_literals
from ndtui.model.vocabulary import GUIDS, guid_of, number_of

PREFIX = "ND_"
_LINE = 110
_INDENT = "    "

Member = tuple[str, str]


def structure(members: Iterable[Member]) -> str:
    """Return the initialiser of a structure from its members and what each is; on one line where there is room."""
    parts = [f".{name} = {value}" for name, value in members]
    return _braced(parts)


def _braced(parts: Sequence[str]) -> str:
    line = "{" + ", ".join(parts) + "}"
    if len(line) <= _LINE and "\n" not in line:
        return line
    return "{\n" + ",\n".join(indent(part, _INDENT) for part in parts) + ",\n}"


class Declarations:
    """What one program declares, in the order in which it was asked for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[str, int] = {}
        self._guids: dict[str, str] = {}
        self._names: Counter[str] = Counter()
        self._made: dict[tuple[str, str], str] = {}

    def number(self, name: str) -> str:
        """Return the program's name of one of Windows' numbers."""
        self._numbers[name] = number_of(name)
        return PREFIX + name

    def flags(self, names: Sequence[str]) -> str:
        """Return flags, each by its name."""
        return " | ".join(map(self.number, names)) or "0"

    def guid(self, key: str) -> str:
        """Return the initialiser of a GUID: the program's name of one of Windows' own, or the numbers of another."""
        if key not in GUIDS:
            return c_literals.guid(UUID(key))
        self._guids[key] = guid_of(key)
        return PREFIX + key

    def static(self, kind: str, stem: str, initialiser: str) -> str:
        """Declare an object and return its name: ``stem`` and a number."""
        name = self._next(stem)
        self.lines.append(f"static {kind} {name} = {initialiser};")
        return name

    def shared(self, kind: str, stem: str, initialiser: str) -> str:
        """Declare an object that nothing changes, or return the name of one that is the same."""
        made = (kind, initialiser)
        if made not in self._made:
            self._made[made] = self.static(kind, stem, initialiser)
        return self._made[made]

    def array(self, kind: str, stem: str, items: Sequence[str]) -> str:
        """Declare an array, which has at least one item, and return its name."""
        name = self._next(stem)
        self.named_array(kind, name, items)
        return name

    def shared_array(self, kind: str, stem: str, items: Sequence[str]) -> str:
        """Declare an array that nothing changes, or return the name of one that is the same."""
        made = (kind, "\n".join(items))
        if made not in self._made:
            self._made[made] = self.array(kind, stem, items)
        return self._made[made]

    def named_array(self, kind: str, name: str, items: Sequence[str]) -> None:
        """Declare an array under a name that it alone has."""
        inner = "".join(f"{indent(item, _INDENT)},\n" for item in items)
        self.lines.append(f"static {kind} {name}[] = {{\n{inner}}};")

    def _next(self, stem: str) -> str:
        self._names[stem] += 1
        return f"{stem}_{self._names[stem]}"

    def constants(self) -> str:
        """Return the definitions of all that was asked for by name, in the order of the names."""
        lines = [f"#define {PREFIX}{name} {_constant(value)}" for name, value in sorted(self._numbers.items())]
        lines += [
            f"#define {PREFIX}{name} \\\n    {c_literals.guid(UUID(value))}"
            for name, value in sorted(self._guids.items())
        ]
        return "\n".join(lines)


def _constant(value: int) -> str:
    return str(value) if value < 0x1000 else f"0x{value:08X}"

"""What a program declares, and how its language writes it: an object for each structure, under names that it chooses.

The modules beside this one know Windows' structures: which members each has, what they point to, what is looked up.
They ask a ``Language`` for every piece of text, so that programs in all languages hold the same.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from ndtui.model.compiled.document_types import DisplayData
from ndtui.model.vocabulary import GUIDS, guid_of, number_of

#: A member of a structure, and what it is set to, as the language writes it.
Member = tuple[str, str]


class FilterParts(NamedTuple):
    """What a filter says: names of Windows and keys as documents have them, and texts of the language."""

    key: str
    display: DisplayData
    flags: Sequence[str]
    notes: bytes
    layer: str
    sublayer: str
    weight: str
    """A FWP_VALUE0, in the language."""
    conditions: str
    """The name of an array of the program; empty where there are none."""
    condition_count: int
    action: str
    callout: str | None
    context: str | None
    """The key of its provider context."""
    raw_context: str | None
    """The name of its raw context, where it has one in place of a provider context."""


class Language(ABC):
    """A program in the making: what it has declared so far, in the order in which it was asked for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        """The declarations."""
        self.numbers: dict[str, int] = {}
        """Windows' numbers that the program names, by name."""
        self.guids: dict[str, str] = {}
        """The same of Windows' GUIDs."""
        self._names: Counter[str] = Counter()
        self._made: dict[tuple[str, str], str] = {}

    def number(self, name: str) -> str:
        """Return one of Windows' numbers, by its name."""
        self.numbers[name] = number_of(name)
        return self.constant(name)

    def flags(self, names: Sequence[str]) -> str:
        """Return flags, each by its name."""
        return " | ".join(map(self.number, names)) or "0"

    def guid(self, key: str) -> str:
        """Return a GUID: one of Windows' own by its name, another by its digits."""
        if key not in GUIDS:
            return self.own_guid(UUID(key))
        self.guids[key] = guid_of(key)
        return self.constant(key)

    def named(self, kind: str, name: str, value: str) -> str:
        """Declare an object under a name that it alone has, and return the name as the language spells it."""
        spelled = self.variable(name)
        self.lines.append(self.declaration(kind, spelled, value))
        return spelled

    def static(self, kind: str, stem: str, value: str) -> str:
        """Declare an object and return its name: ``stem`` and a number."""
        return self.named(kind, self._next(stem), value)

    def shared(self, kind: str, stem: str, value: str) -> str:
        """Declare an object that nothing changes, or return the name of one that is the same."""
        made = (kind, value)
        if made not in self._made:
            self._made[made] = self.static(kind, stem, value)
        return self._made[made]

    def array(self, kind: str, stem: str, items: Sequence[str]) -> str:
        """Declare an array, which has at least one item, and return its name."""
        spelled = self.variable(self._next(stem))
        self.lines.append(self.array_declaration(kind, spelled, items))
        return spelled

    def shared_array(self, kind: str, stem: str, items: Sequence[str]) -> str:
        """Declare an array that nothing changes, or return the name of one that is the same."""
        made = (kind, "\n".join(items))
        if made not in self._made:
            self._made[made] = self.array(kind, stem, items)
        return self._made[made]

    def table(self, kind: str, name: str, items: Iterable[str]) -> None:
        """Declare the objects of a kind that the program hands over one by one."""
        self.lines.append(self.table_declaration(kind, self.variable(name), items))

    def _next(self, stem: str) -> str:
        self._names[stem] += 1
        return f"{stem}_{self._names[stem]}"

    # how the language declares

    @abstractmethod
    def variable(self, name: str) -> str:
        """Return a name of words in small letters with ``_`` between them, as the language has names of objects."""

    @abstractmethod
    def declaration(self, kind: str, name: str, value: str) -> str:
        """Return the declaration of an object: a structure, or ``UINT64``, ``GUID``."""

    @abstractmethod
    def array_declaration(self, kind: str, name: str, items: Sequence[str]) -> str:
        """Return the declaration of an array that structures point to: of structures, or of ``LPSTR``."""

    @abstractmethod
    def table_declaration(self, kind: str, name: str, items: Iterable[str]) -> str:
        """Return the declaration of the objects of a kind that are handed over."""

    # how the language writes structures

    @abstractmethod
    def structure(self, kind: str, members: Iterable[Member]) -> str:
        """Return a structure from its members; what is not among them is zero."""

    @abstractmethod
    def display(self, display: DisplayData) -> str:
        """Return a FWPM_DISPLAY_DATA0."""

    @abstractmethod
    def filter(self, parts: FilterParts) -> str:
        """Return an item of the table of filters."""

    @abstractmethod
    def pointer(self, name: str) -> str:
        """Return a pointer to an object that is declared."""

    @abstractmethod
    def context_policy(self, member: str, version: int) -> str:
        """Return the member of FWPM_PROVIDER_CONTEXT in which a policy stands, given as Windows names it."""

    # how the language writes values

    @abstractmethod
    def constant(self, name: str) -> str:
        """Return the program's name of one of Windows' constants."""

    @abstractmethod
    def own_guid(self, key: UUID) -> str:
        """Return a GUID by its digits."""

    @abstractmethod
    def unsigned(self, number: int) -> str:
        """Return a whole number of up to 64 bits."""

    @abstractmethod
    def uint64(self, number: int) -> str:
        """Return the value of a ``UINT64`` that is declared."""

    @abstractmethod
    def v4_address(self, text: str) -> str:
        """Return an IPv4 address as the number that it is in WFP."""

    @abstractmethod
    def v6_address(self, text: str) -> str:
        """Return the sixteen bytes of an IPv6 address."""

    @abstractmethod
    def text(self, text: str) -> str:
        """Return a text, as a literal that it cannot end; none where it is empty, as Windows takes it."""

    @abstractmethod
    def ascii(self, text: str) -> str:
        """Return an item of an array of ``LPSTR``."""

    @abstractmethod
    def blob(self, content: bytes) -> str:
        """Return a FWP_BYTE_BLOB with some bytes, written as the text that most of them are."""

    @abstractmethod
    def digest(self, content: bytes) -> str:
        """Return the same of bytes that are no text."""

    @abstractmethod
    def wide_blob(self, text: str) -> str:
        """Return a FWP_BYTE_BLOB with a text in UTF-16 and a zero at its end."""

    @abstractmethod
    def empty_blob(self) -> str:
        """Return a FWP_BYTE_BLOB with nothing in it."""

    @abstractmethod
    def later_blob(self, how: str) -> str:
        """Return a FWP_BYTE_BLOB that is filled when the program runs, in words."""

    @abstractmethod
    def subject(self, parts: Sequence[tuple[str, str]]) -> str:
        """Return parts of a certificate's subject: the object identifier and the value of each."""

"""A structure and how its members are read: numbers, names, flags, keys, texts, blobs, and what pointers lead to.

Pointers are followed by their address, so the types they are declared with do not matter. Whatever Windows has that
this program does not know comes back as a readable text.
"""

from collections.abc import Iterator
from ctypes import addressof, c_uint16, c_void_p, string_at
from dataclasses import dataclass

from ndtui.backends.wfp.marshal.node import flags_of, name_of
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.backends.wfp.native import Native, Struct
from ndtui.model.compiled.document_names import NULL_KEY, braces, known_key
from ndtui.model.vocabulary.numbers import ENUMERATIONS


@dataclass(frozen=True, slots=True)
class View:
    """A structure, and the path of what it becomes within the document."""

    native: Native
    notes: Notes
    structure: Struct
    path: str = ""

    def where(self, name: str) -> str:
        """Return the path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def inner(self, name: str, path: str | None = None) -> "View":
        """Return a structure within this one."""
        return View(self.native, self.notes, getattr(self.structure, name), self.where(path or name))

    def pointed(self, name: str, kind: str, path: str | None = None) -> "View | None":
        """Return the structure, by its SDK name, that a member points to."""
        address = self.address(name)
        if address is None:
            return None
        target = getattr(self.native.wfp, kind).from_address(address)
        return View(self.native, self.notes, target, self.where(path or name))

    def array(self, name: str, kind: str, count: str, path: str | None = None) -> Iterator["View"]:
        """Return the structures of an array that a member points to; ``count`` is the member with its length."""
        address = self.address(name)
        length = getattr(self.structure, count) if address is not None else 0
        elements = (getattr(self.native.wfp, kind) * length).from_address(address) if length else ()
        for number, element in enumerate(elements):
            yield View(self.native, self.notes, element, f"{self.where(path or name)}[{number}]")

    def address(self, name: str) -> int | None:
        """Return where a pointer leads, ``None`` for NULL."""
        return c_void_p.from_address(self.offset(name)).value

    def offset(self, name: str) -> int:
        """Return the address of a member itself."""
        return addressof(self.structure) + int(getattr(type(self.structure), name).offset)

    def number(self, name: str) -> int:
        """Return a number as one without sign, whatever the member's type: some enumerations are declared signed."""
        width = 8 * int(getattr(type(self.structure), name).size)
        return int(getattr(self.structure, name)) & ((1 << width) - 1)

    def numbers(self, *names: str) -> dict[str, int]:
        """Return several numbers by name."""
        return {name: self.number(name) for name in names}

    def choice(self, name: str, enumeration: str) -> str:
        """Return the name of a number, spelled as it was written."""
        number = self.number(name)
        spelled = self.notes.spellings.get(self.where(name))
        if isinstance(spelled, str) and ENUMERATIONS[enumeration].get(spelled) == number:
            return spelled
        return name_of(enumeration, number)

    def flags(self, name: str, enumeration: str, ignored: int = 0) -> list[str]:
        """Return the names of the bits of a number, but for ignored ones, in the order they were written."""
        number = self.number(name) & ~ignored
        spelled = self.notes.spellings.get(self.where(name), "")
        known = ENUMERATIONS.get(enumeration, {})
        if not isinstance(spelled, str) and all(flag in known for flag in spelled):
            written = 0
            for flag in spelled:
                written |= known[flag]
            if written == number:
                return list(spelled)
        return flags_of(enumeration, number)

    def key(self, name: str) -> str:
        """Return a GUID by the name it has, or in braces."""
        return named_guid(getattr(self.structure, name))

    def own_key(self, name: str) -> dict[str, str]:
        """Return a GUID under the member's name, nothing when it is all zeros."""
        text = self.key(name)
        return {} if text == NULL_KEY else {name: text}

    def pointed_key(self, name: str) -> dict[str, str]:
        """Return a GUID that is pointed to under the member's name, nothing for NULL."""
        view = self.pointed(name, "Guid")
        return {} if view is None else {name: named_guid(view.structure)}

    def text(self, name: str) -> str:
        """Return a text that a member points to, empty for NULL."""
        return text_at(self.address(name))

    def byte_texts(self, name: str, count: str) -> list[str]:
        """Return the texts of bytes (LPSTR) that the pointers of an array lead to; NULL is an empty one."""
        pointers = self.address(name)
        length = getattr(self.structure, count) if pointers is not None else 0
        found = (c_void_p * length).from_address(pointers) if pointers is not None else ()
        return ["" if each is None else string_at(each).decode("latin-1") for each in found]

    def hexadecimal(self, name: str, content: bytes) -> str:
        """Return the bytes of a member as they were written, in capitals for example."""
        spelled = self.notes.spellings.get(self.where(name))
        same = isinstance(spelled, str) and "".join(spelled.split()).lower() == content.hex()
        return str(spelled) if same else content.hex()

    def blob(self, name: str) -> bytes:
        """Return the bytes of an FWP_BYTE_BLOB within this structure."""
        return self.inner(name).bytes()

    def bytes(self) -> bytes:
        """Return the bytes of this FWP_BYTE_BLOB."""
        address = self.address("data")
        return b"" if address is None else string_at(address, self.structure.size)


def guid_text(guid: Struct) -> str:
    """Return a ``Guid`` in braces, lower-case."""
    data = bytes(guid)
    parts = (data[3::-1], data[5:3:-1], data[7:5:-1], data[8:10], data[10:])
    return braces("-".join(part.hex() for part in parts))


def named_guid(guid: Struct) -> str:
    """Return the SDK name of a ``Guid``, or its text in braces."""
    return known_key(guid_text(guid))


def text_at(address: int | None) -> str:
    """Return the UTF-16 text at an address, empty for NULL."""
    if not address:
        return ""
    length = 0
    while c_uint16.from_address(address + length).value:
        length += 2
    return string_at(address, length).decode("utf-16-le", "surrogatepass")

"""A part of a document and how its members are written into a structure: numbers, names, flags, keys, texts, blobs.

Each method writes one member, or says what is wrong with it, where it stands, and which error the engine would return.
A member that is missing or ``None`` is left as it is in the structure: zero.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.arena import Arena, point
from ndtui.backends.wfp.marshal.provider_data import Notes, Spelling
from ndtui.backends.wfp.native import Native, Struct
from ndtui.common.text import brief
from ndtui.model.vocabulary import GUIDS
from ndtui.model.vocabulary.numbers import ENUMERATIONS

_TOO_LARGE = "FWP_E_OUT_OF_BOUNDS"
_BRACES = re.compile(r"\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}")


@dataclass(frozen=True, slots=True)
class Work:
    """What marshalling one object needs: Windows' functions, the memory, and the notes for its ``providerData``.

    ``version`` is that of the structures that there are several of: 0 or 2, see ``context_versions``.
    """

    native: Native
    arena: Arena
    notes: Notes
    version: int = 0

    def make(self, structure: str) -> Struct:
        """Return a new structure by its SDK name, all zeros."""
        return self.arena.structure(getattr(self.native.wfp, structure))

    def make_versioned(self, structure: str) -> Struct:
        """Return a new structure by its SDK name without the number of its version, all zeros."""
        return self.make(f"{structure}{self.version}")


@dataclass(frozen=True, slots=True)
class Node:
    """An object within a document, and its path there."""

    work: Work
    body: Mapping[str, object]
    path: str = ""

    def where(self, name: str) -> str:
        """Return the path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, what: str, code: str = "FWP_E_INVALID_PARAMETER") -> EngineError:
        """Return the error that a member gives."""
        return EngineError(code, f"{self.where(name)} {what}")

    def child(self, name: str) -> "Node | None":
        """Return an object that is a member."""
        body = self.body.get(name)
        return None if body is None else self._node(body, name)

    def children(self, name: str) -> list["Node"]:
        """Return the objects of a list that is a member."""
        return [self._node(item, f"{name}[{number}]") for number, item in enumerate(self.items(name))]

    def items(self, name: str) -> list[object]:
        """Return a list that is a member."""
        items = self.body.get(name)
        if items is None:
            return []
        if not isinstance(items, list | tuple):
            raise self.wrong(name, "is no list")
        return list(items)

    def word(self, name: str) -> str:
        """Return a text that is a member."""
        text = self.body.get(name)
        if text is not None and not isinstance(text, str):
            raise self.wrong(name, "is no text")
        return text or ""

    def _node(self, body: object, name: str) -> "Node":
        if not isinstance(body, dict):
            raise self.wrong(name, "is no object")
        return Node(self.work, body, self.where(name))

    def number(self, structure: Struct, name: str) -> None:
        """Write a number without sign, as wide as the structure's member of the same name."""
        value = self.body.get(name)
        if value is not None:
            setattr(structure, name, self.checked(name, value, 8 * getattr(type(structure), name).size))

    def checked(self, name: str, value: object, bits: int, code: str = _TOO_LARGE) -> int:
        """Return a number without sign that has to fit so many bits; another ``code`` also covers what is no number."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name, "is no whole number", "FWP_E_TYPE_MISMATCH" if code == _TOO_LARGE else code)
        if not 0 <= value < 1 << bits:
            raise self.wrong(name, f"is {brief(value)}, which does not fit {bits} bits", code)
        return value

    def choice(self, structure: Struct, name: str, enumeration: str, code: str = "FWP_E_INVALID_ENUMERATOR") -> None:
        """Write the number of a name. It has to be there: zero means something in most enumerations."""
        chosen = self.word(name)
        numbers = ENUMERATIONS[enumeration]
        if chosen not in numbers:
            raise self.wrong(name, f"is {brief(chosen) if chosen else 'missing'}, which is no {enumeration}", code)
        setattr(structure, name, numbers[chosen])
        self.spell(name, chosen, name_of(enumeration, numbers[chosen]))

    def flags(self, structure: Struct, name: str, enumeration: str) -> None:
        """Write a list of names as the number they make together."""
        chosen: list[str] = []
        number = 0
        numbers = ENUMERATIONS.get(enumeration, {})
        for flag in self.items(name):
            if not isinstance(flag, str) or flag not in numbers:
                raise self.wrong(name, f"has {brief(flag)}, which is no {enumeration}", "FWP_E_INVALID_FLAGS")
            chosen.append(flag)
            number |= numbers[flag]
        setattr(structure, name, number)
        self.spell(name, chosen, flags_of(enumeration, number))

    def spell(self, name: str, written: Spelling, usual: Spelling) -> None:
        """Note how a member was written, where that is not the usual way."""
        if written != usual:
            self.work.notes.spellings[self.where(name)] = written

    def key(self, structure: Struct, name: str, kind: str, member: str = "") -> None:
        """Write a GUID; ``kind`` is the prefix of the names it may have, such as ``FWPM_LAYER_``."""
        if self.word(name):
            setattr(structure, member or name, self._guid(name, kind))

    def own_key(self, structure: Struct, name: str, kind: str) -> None:
        """Write the GUID of the object itself."""
        if self.word(name):
            setattr(structure, name, self._guid(name, kind, "FWP_E_INVALID_PARAMETER"))

    def pointed_key(self, structure: Struct, name: str, kind: str) -> None:
        """Write the address of a GUID; one of all zeros is none."""
        if self.word(name):
            guid = self._guid(name, kind)
            if any(bytes(guid)):
                point(structure, name, self.work.arena.guid(type(guid), guid))

    def _guid(self, name: str, kind: str, code: str = "") -> Struct:
        try:
            return self.work.native.wfp.Guid(parse_guid(self.word(name), kind))
        except ValueError as error:
            raise self.wrong(name, str(error), code or NOT_FOUND.get(kind, "FWP_E_INVALID_PARAMETER")) from None

    def text(self, structure: Struct, name: str) -> None:
        """Write the address of a text; an empty one is no text."""
        text = self.word(name)
        if "\0" in text:
            raise self.wrong(name, "has a zero character, where Windows would end it")
        if text:
            setattr(structure, name, self.work.arena.text(text))

    def blob(self, blob: Struct, content: bytes | bytearray, *, secret: bool = False) -> None:
        """Fill an FWP_BYTE_BLOB; an empty one has no data."""
        blob.size = len(content)
        if content:
            point(blob, "data", self.work.arena.data(content, secret=secret))


#: What the engine returns for a name or GUID that it does not know, by the prefix of the names.
NOT_FOUND = {
    "FWPM_LAYER_": "FWP_E_LAYER_NOT_FOUND",
    "FWPM_SUBLAYER_": "FWP_E_SUBLAYER_NOT_FOUND",
    "FWPM_CALLOUT_": "FWP_E_CALLOUT_NOT_FOUND",
    "FWPM_CONDITION_": "FWP_E_CONDITION_NOT_FOUND",
    "FWPM_PROVIDER_": "FWP_E_PROVIDER_NOT_FOUND",
    "FWPM_PROVIDER_CONTEXT_": "FWP_E_PROVIDER_CONTEXT_NOT_FOUND",
    "FWPM_FILTER_": "FWP_E_FILTER_NOT_FOUND",
}


def parse_guid(text: str, kind: str) -> UUID:
    """Return the GUID of a text in braces, or of an SDK name that begins with ``kind``.

    Raises:
        ValueError: it is neither; the message follows the member's name.
    """
    if _BRACES.fullmatch(text):
        return UUID(text)
    if text.startswith(kind) and text in GUIDS:
        return UUID(GUIDS[text])
    raise ValueError(f"is {brief(text) if text else 'empty'}, which is neither a GUID in braces nor a known {kind}*")


def name_of(enumeration: str, number: int) -> str:
    """Return the usual name of a number: the first that the enumeration has for it. An unknown one says its number."""
    names = (name for name, value in ENUMERATIONS[enumeration].items() if value == number)
    return next(names, f"{enumeration} {number}")


def flags_of(enumeration: str, number: int) -> list[str]:
    """Return the names of the bits of a number; bits without a name stand last, as one hexadecimal number."""
    return list(_flags(enumeration, number))


def _flags(enumeration: str, number: int) -> Iterator[str]:
    rest = number
    for name, value in ENUMERATIONS.get(enumeration, {}).items():
        if value and rest & value == value:
            rest &= ~value
            yield name
    if rest:
        yield f"0x{rest:X}"

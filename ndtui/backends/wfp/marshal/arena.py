"""Memory for one call: everything a structure points to, kept until the call is over; secrets are overwritten then."""

from collections.abc import Sequence
from ctypes import Array, addressof, c_ubyte, c_void_p, memset, sizeof
from types import TracebackType

from ndtui.backends.wfp.native import Struct


class Arena:
    """Owns every buffer and structure of a call (``with Arena() as arena``). Closing it wipes the secret ones.

    Pointers are written as plain addresses, so nothing but the arena keeps their targets alive: a structure made in
    it must not outlive it.
    """

    def __init__(self) -> None:
        self._blocks: list[Struct] = []
        self._secrets: list[Array[c_ubyte]] = []

    def __enter__(self) -> "Arena":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def blocks(self) -> Sequence[Struct]:
        """The ctypes objects it owns, in the order they were made."""
        return tuple(self._blocks)

    def structure(self, kind: type[Struct]) -> Struct:
        """Return a new object of a ctypes type, all zeros."""
        block = kind()
        self._blocks.append(block)
        return block

    def array(self, kind: type[Struct], count: int) -> Struct:
        """Return a new array of a ctypes type, all zeros."""
        return self.structure(kind * count)

    def data(self, content: bytes | bytearray, *, secret: bool = False) -> Array[c_ubyte]:
        """Return a byte array that holds a copy of ``content``. A secret one is overwritten with zeros on close."""
        block = (c_ubyte * len(content)).from_buffer_copy(content)
        self._blocks.append(block)
        if secret:
            self._secrets.append(block)
        return block

    def text(self, text: str) -> int:
        """Return the address of a text as Windows wants it: UTF-16, little-endian, with a zero at its end.

        A member of type PWSTR takes it as it is. It is made of bytes, not of ``c_wchar``, the size of which depends on
        the system.
        """
        return addressof(self.data(text.encode("utf-16-le", "surrogatepass") + b"\0\0"))

    def guid(self, kind: type[Struct], value: object) -> Struct:
        """Return a new ``Guid``, which is the ``kind``, of a text, a UUID or another one."""
        guid = kind(value)
        self._blocks.append(guid)
        return guid

    def close(self) -> None:
        """Wipe the secrets, then forget everything. Closing twice is fine."""
        for block in self._secrets:
            memset(addressof(block), 0, sizeof(block))
        self._secrets.clear()
        self._blocks.clear()


def point(structure: Struct, member: str, target: Struct) -> None:
    """Make a pointer member point to a ctypes object, whatever type the pointer is declared with."""
    place = addressof(structure) + getattr(type(structure), member).offset
    c_void_p.from_address(place).value = addressof(target)

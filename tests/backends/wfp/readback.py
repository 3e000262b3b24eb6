"""Has a Windows program read what the marshaller made: memory is written to a file, and Wine runs the reader.

An object's memory is everything its arena owns, laid end to end. A pointer is found by what it holds: the address of
one of the arena's blocks. In the file it holds the offset of that block, which the program turns into an address.
"""

import json
import struct
from ctypes import addressof, c_char, sizeof
from pathlib import Path
from typing import Any

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.backends.wfp.native import Native
from ndtui.model.compiled.document_types import Document, Kind
from tests import wine

#: Ask mingw-w64's headers for the structures of every Windows they know.
HEADER_VERSION = "#define _WIN32_WINNT 0x0A00\n#define NTDDI_VERSION 0x0A00000C\n"
SOURCE = Path(__file__).resolve().parent / "readback.c"
LIBRARIES = ("-ladvapi32",)

_WIDTH = 8  # of a pointer
_ALIGNMENT = 16


def content(block: Any) -> bytes:
    """Return the bytes of a ctypes object."""
    return bytes((c_char * sizeof(block)).from_address(addressof(block)).raw)


def packed(kind: Kind, arena: Arena, structure: Any) -> bytes:
    """Return an object as the program reads it."""
    offsets: dict[int, int] = {}
    memory = bytearray()
    for block in arena.blocks:
        offsets[addressof(block)] = len(memory)
        memory += content(block)
        memory += b"\xa5" * (-len(memory) % _ALIGNMENT)  # not zeros: a text that has no end is to be seen
    pointers = []
    for at in range(0, len(memory), _WIDTH):
        target = offsets.get(int.from_bytes(memory[at : at + _WIDTH], "little"))
        if target is not None:
            memory[at : at + _WIDTH] = target.to_bytes(_WIDTH, "little")
            pointers.append(at)
    head = (
        KINDS.index(kind),
        len(memory),
        offsets[addressof(structure)],
        len(pointers),
        int(type(structure).__name__[-1]),
    )
    return struct.pack(f"<5I{len(pointers)}I", *head, *pointers) + bytes(memory)


def marshalled(native: Native, objects: list[tuple[Kind, Document]]) -> bytes:
    """Return objects as the program reads them, one after the other."""
    parts = []
    for kind, document in objects:
        with Arena() as arena:
            parts.append(packed(kind, arena, to_struct(native, arena, kind, document)))
    return b"".join(parts)


def compiled(folder: Path) -> Path:
    """Return the program, compiled into a folder, or skip the test where there is no compiler or no Wine."""
    versions = [f"-D{line.split()[1]}={line.split()[2]}" for line in HEADER_VERSION.splitlines()]
    return wine.compiled(folder / "readback.exe", [SOURCE], "-std=c11", *versions, *LIBRARIES)


def run(prefix: Path, program: Path, memory: bytes) -> list[Document]:
    """Return what the program says of each object."""
    (program.parent / "objects.bin").write_bytes(memory)
    done = wine.run(prefix, program, "objects.bin")
    assert done.returncode == 0, f"wine answered {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
    return [json.loads(line) for line in done.stdout.splitlines()]

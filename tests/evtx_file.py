"""A log's own file (.evtx), as small as one can be: made for tests, of events that are texts and attributes.

Layout: [MS-EVEN6] 2.2.12 for the binary XML, and the description of the file by the libyal project.
"""

import struct
import zlib
from xml.etree.ElementTree import Element, fromstring  # of texts that are made here

_CHUNK, _HEADER = 0x10000, 512


def evtx_file(*events: str) -> bytes:
    """Return a log with these events, each of them XML."""
    chunk = bytearray(_HEADER)
    last = _HEADER
    for number, text in enumerate(events, start=1):
        last = len(chunk)
        body = _Binary(last + 24).document(fromstring(text))
        size = 24 + len(body) + 4
        chunk += struct.pack("<4sIQQ", b"**\x00\x00", size, number, 133_000_000_000_000_000 + number)
        chunk += body + struct.pack("<I", size)
    free = len(chunk)
    chunk[:128] = struct.pack(
        "<8sQQQQIIII64xII", b"ElfChnk\x00", 1, len(events), 1, len(events), 128, last, free,
        zlib.crc32(bytes(chunk[_HEADER:])), 0, 0,
    )  # fmt: skip
    chunk += bytes(_CHUNK - len(chunk))
    struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[:120] + chunk[128:512])))
    head = struct.pack("<8sQQQIHHHH76xI", b"ElfFile\x00", 0, 0, len(events) + 1, 128, 1, 3, 4096, 1, 0)
    return head + struct.pack("<I", zlib.crc32(head[:120])) + bytes(4096 - 128) + bytes(chunk)


class _Binary:
    """Binary XML at a place of a chunk: names are kept where they are first used, by their place."""

    def __init__(self, place: int) -> None:
        self._place = place
        self._data = bytearray()

    def document(self, root: Element) -> bytes:
        """Return a document."""
        self._data += b"\x0f\x01\x01\x00"
        self._element(root)
        self._data += b"\x00"
        return bytes(self._data)

    def _element(self, element: Element) -> None:
        name = element.tag.rpartition("}")[2]
        attributes = element.attrib
        self._data += b"\x41" if attributes else b"\x01"
        size_at = len(self._data)
        self._data += bytes(4)
        self._name(name)
        if attributes:
            list_at = len(self._data)
            self._data += bytes(4)
            for number, (key, value) in enumerate(attributes.items(), start=1):
                self._data += b"\x06" if number == len(attributes) else b"\x46"
                self._name(key)
                self._text(value)
            struct.pack_into("<I", self._data, list_at, len(self._data) - list_at - 4)
        self._data += b"\x02"
        if element.text:
            self._text(element.text)
        for child in element:
            self._element(child)
        self._data += b"\x04"
        struct.pack_into("<I", self._data, size_at, len(self._data) - size_at - 4)

    def _name(self, name: str) -> None:
        at = self._place + len(self._data) + 4
        number = 0
        for character in name:
            number = (number * 65599 + ord(character)) & 0xFFFFFFFF
        encoded = name.encode("utf-16-le")
        self._data += struct.pack("<IIHH", at, 0, number & 0xFFFF, len(name)) + encoded + b"\x00\x00"

    def _text(self, text: str) -> None:
        self._data += b"\x05\x01" + struct.pack("<H", len(text)) + text.encode("utf-16-le")

"""Texts, numbers and GUIDs as C writes them, in ASCII alone: no compiler reads them in a character set of its own.

A text can neither end its literal or comment nor be read as anything else: quotes, backslashes and trigraphs are
escaped, and a literal is split behind a hexadecimal escape, which would take the digits that follow. Escapes are of
UTF-16 units, and never universal character names: what those may name differs between compilers.
Source: ISO/IEC 9899:1999, 5.2.1.1 (trigraphs), 6.4.4.4 and 6.4.5 (escapes and literals), 6.4.9 (comments).
"""

from uuid import UUID

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "?": "\\?"}


def wide(text: str) -> str:
    """Return a text as a wide literal; ``NULL`` for none, as Windows takes a text that is empty."""
    if not text:
        return "NULL"
    units = text.encode("utf-16-le", "surrogatepass")
    pieces, escaped = ['L"'], False
    for at in range(0, len(units), 2):
        unit = int.from_bytes(units[at : at + 2], "little")
        character = chr(unit)
        if character in _ESCAPES:
            pieces.append(_ESCAPES[character] if character != "?" or pieces[-1][-1:] == "?" else "?")
            escaped = False
        elif 0x20 <= unit < 0x7F:
            pieces.append(f'" L"{character}' if escaped and character in "0123456789abcdefABCDEF" else character)
            escaped = False
        else:
            pieces.append(f"\\x{unit:04x}")
            escaped = True
    return "".join(pieces) + '"'


def narrow(content: bytes) -> str:
    """Return bytes as a literal of bytes; an octal escape has three digits at most, so that it takes none besides."""
    pieces = ['"']
    for byte in content:
        character = chr(byte)
        if character in _ESCAPES:
            pieces.append(_ESCAPES[character] if character != "?" or pieces[-1][-1:] == "?" else "?")
        else:
            pieces.append(character if 0x20 <= byte < 0x7F else f"\\{byte:03o}")
    return "".join(pieces) + '"'


def in_a_comment(text: str) -> str:
    """Return a text as a part of a comment: one line that neither ends the comment nor begins another."""
    shown = []
    for character in text:
        code = ord(character)
        if character == "\\":
            shown.append("\\\\")
        elif 0x20 <= code < 0x7F:
            shown.append(character)
        else:
            shown.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    written = "".join(shown)
    for pair in ("*/", "/*", "??"):
        while pair in written:
            written = written.replace(pair, f"{pair[0]} {pair[1]}")
    return written


def unsigned(number: int) -> str:
    """Return a whole number of up to 64 bits."""
    if number > 0xFFFF_FFFF:
        return f"0x{number:X}ULL"
    return str(number) if number < 0x8000_0000 else f"0x{number:X}u"


def guid(key: UUID) -> str:
    """Return a GUID as an initialiser."""
    first, second, third = key.fields[:3]
    rest = ", ".join(f"0x{byte:02x}" for byte in key.bytes[8:])
    return f"{{0x{first:08x}, 0x{second:04x}, 0x{third:04x}, {{{rest}}}}}"


def octets(content: bytes) -> str:
    """Return bytes as an initialiser."""
    return "{" + ", ".join(f"0x{byte:02x}" for byte in content) + "}"

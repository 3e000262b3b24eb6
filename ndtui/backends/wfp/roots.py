"""Certificate roots by reference: ``subject:...`` and ``thumbprint:...``, found among encoded certificates.

IKE is told a root by its encoded subject name (IKEEXT_CERT_ROOT_CONFIG0.certData). Reading it takes a few elements of
DER (X.690) and the outline of a certificate (RFC 5280, section 4.1); nothing is verified here.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha1

from ndtui.backends.contract.backend_errors import BackendError

#: Types of a name's parts as people write them, by object identifier. Source: RFC 4519; E, S and G are Windows' own
#: spellings.
ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "S",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.42": "G",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "E",
}
_OTHER_SPELLINGS = {"ST": "S", "EMAILADDRESS": "E", "EMAIL": "E", "TITLE": "T", "GN": "G"}
#: Character sets of the string types of X.690; the rest is read as UTF-8.
_CHARACTER_SETS = {20: "latin-1", 28: "utf-32-be", 30: "utf-16-be"}
_PART = re.compile(r'\s*([A-Za-z][\w.]*)\s*=\s*("(?:[^"]|"")*"|(?:\\.|[^,\\])*)\s*(?:,|$)', re.DOTALL)

Name = frozenset[tuple[str, str]]


#: What the stores are called in errors, and where Windows lists them.
_ROOTS = ("the machine's Root store has", "under Trusted Root Certification Authorities")
_AUTHORITIES = (
    "the machine's Root and CA stores have",
    "under Trusted Root and Intermediate Certification Authorities",
)


def find_authority(reference: str, certificates: Iterable[bytes]) -> bytes:
    """Return the same as ``find`` of a certificate that need not be a root, among those of both stores."""
    return find(reference, certificates, _AUTHORITIES)


def find(reference: str, certificates: Iterable[bytes], words: tuple[str, str] = _ROOTS) -> bytes:
    """Return the encoded subject name of the one root that a reference means.

    ``subject:`` names parts of the subject in any order (``CN=Example Root CA, O=Example``), or its common name alone;
    ``thumbprint:`` is the SHA-1 that Windows shows.

    Raises:
        BackendError: no root of the store is meant, or several with different names.
    """
    scheme, _, text = reference.partition(":")
    if scheme == "thumbprint":
        wanted = text.lower()
        names = {_subject(each) for each in certificates if sha1(each, usedforsecurity=False).hexdigest() == wanted}
    elif scheme == "subject" and text.strip():
        parts = _parse(text)
        names = {name for name in map(_subject, certificates) if parts <= _parts(name)}
    else:
        raise BackendError(f"{reference} refers to no certificate root", remedy='write "subject:CN=..."')
    names.discard(b"")
    if not names:
        raise BackendError(
            f"{words[0]} no certificate {reference}",
            remedy=f"certlm.msc lists those there are, {words[1]}",
        )
    if len(names) > 1:
        raise BackendError(
            f"{reference} means {len(names)} different certificates: {words[0]} all of them",
            remedy="name more of the subject, or give the thumbprint",
        )
    return names.pop()


def _parse(text: str) -> Name:
    """Return the parts of a subject as a person writes it, as names are compared."""
    return frozenset((kind, _plain(value)) for kind, value in subject_parts(text))


def subject_parts(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of a subject as a person writes it, types and values; without any, the text is the common name.

    A type is its letters, or ``OID.`` and its numbers; a value has single spaces.
    """
    parts, at = [], 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return (("CN", _single_spaced(text)),)
        kind, value = match.groups()
        parts.append((_OTHER_SPELLINGS.get(kind.upper(), kind.upper()), _single_spaced(_unquoted(value))))
        at = match.end()
    return tuple(parts)


def _unquoted(value: str) -> str:
    """Return a value without what escapes its commas: quotes around it, or backslashes before them."""
    return value[1:-1].replace('""', '"') if value[:1] == '"' else re.sub(r"\\(.)", r"\1", value)


def _plain(value: str) -> str:
    """Return a value as names are compared: RFC 5280, section 7.1, ignores case and the amount of space."""
    return _single_spaced(value).casefold()


def _single_spaced(value: str) -> str:
    return " ".join(value.split())


def _subject(certificate: bytes) -> bytes:
    """Return the encoded subject of a certificate, empty when it is not one."""
    try:
        body = next(_elements(next(_elements(certificate))[1]))[1]
        fields = [whole for tag, _, whole in _elements(body) if tag != 0xA0]  # the version, which may be missing
    except (StopIteration, ValueError):
        return b""
    return fields[4] if len(fields) > 4 else b""


def _parts(name: bytes) -> Name:
    """Return the parts of an encoded name."""
    found = []
    try:
        for _, relative, _ in _elements(next(_elements(name))[1]):
            for _, pair, _ in _elements(relative):
                (_, identifier, _), (tag, value, _) = _elements(pair)
                found.append((_type(identifier), _plain(value.decode(_CHARACTER_SETS.get(tag, "utf-8"), "replace"))))
    except (StopIteration, ValueError):
        return frozenset()
    return frozenset(found)


def _type(identifier: bytes) -> str:
    """Return the type that an encoded object identifier stands for: its letters, or ``OID.`` and its numbers."""
    numbers, number = [], 0
    for byte in identifier:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    dotted = ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:]))) if numbers else ""
    return ATTRIBUTES.get(dotted, f"OID.{dotted}")


def _elements(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the elements that stand one after the other: tag, content, and the element as a whole.

    Raises:
        ValueError: the data ends within one.
    """
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("ends within an element")
        length, start = data[at + 1], at + 2
        if length & 0x80:
            width = length & 0x7F
            length, start = int.from_bytes(data[start : start + width], "big"), start + width
        if start + length > len(data):
            raise ValueError("ends within an element")
        yield data[at], data[start : start + length], data[at : start + length]
        at = start + length

"""Certificates of authorities for the machine that Wine shows: whole ones, which it takes into its stores."""

from hashlib import sha1
from pathlib import Path

from tests import wine
from tests.backends.wfp.test_roots import CN, ORG, UTF8, element, name
from tests.exporters.c_program.recorded import HERE

#: What a design calls a root, and the encoded name that it means.
LOCKED = name((CN, "Root", UTF8), (ORG, "Example \U0001f512", UTF8))
NAMES = {
    "subject:CN=Example Root CA": name((CN, "Example  Root CA", UTF8)),
    "subject:Example Root CA": name((CN, "Example  Root CA", UTF8)),
    "subject:CN=Root, O=Example": name((CN, "ROOT", UTF8), (ORG, "Example", UTF8)),
    "subject:CN=Root, O=Example \U0001f512": LOCKED,
    "subject:x": name((CN, "x", UTF8)),
}
INTERMEDIATE = 'subject:CN=Größe \\, "quoted"'
INTERMEDIATE_NAME = name((CN, 'Größe , "quoted"', UTF8))

_RSA_WITH_SHA256 = element(0x30, element(6, bytes.fromhex("2a864886f70d01010b")) + element(5, b""))
_RSA = element(0x30, element(6, bytes.fromhex("2a864886f70d010101")) + element(5, b""))
_KEY = element(0x30, element(2, b"\0" + b"\xc1" * 64) + element(2, b"\1\0\1"))


def whole_certificate(subject: bytes) -> bytes:
    """Return a certificate of a subject with every part, and a signature that nobody checks."""
    fields = element(0xA0, element(2, b"\2")) + element(2, b"\1") + _RSA_WITH_SHA256 + subject
    fields += element(0x30, element(0x17, b"200101000000Z") + element(0x17, b"400101000000Z")) + subject
    fields += element(0x30, _RSA + element(3, b"\0" + _KEY))
    return element(0x30, element(0x30, fields) + _RSA_WITH_SHA256 + element(3, b"\0" + b"\xab" * 64))


#: A root that is named by its thumbprint.
BY_THUMBPRINT = f"thumbprint:{sha1(whole_certificate(LOCKED), usedforsecurity=False).hexdigest()}"


def encoded_name(reference: str) -> bytes:
    """Return the encoded name that the program is to find for a reference."""
    if reference.startswith("thumbprint:"):
        assert reference == BY_THUMBPRINT
        return LOCKED
    return INTERMEDIATE_NAME if reference == INTERMEDIATE else NAMES[reference]


def add_all(folder: Path, prefix: Path) -> None:
    """Add the certificates to the stores of the machine."""
    program = wine.compiled(folder / "add_certificates.exe", [HERE / "add_certificates.c"], "-lcrypt32")
    arguments = []
    for number, (store, subject) in enumerate(
        [*(("Root", each) for each in NAMES.values()), ("CA", INTERMEDIATE_NAME)]
    ):
        file = folder / f"{number}.der"
        file.write_bytes(whole_certificate(subject))
        arguments += [store, file.name]
    done = wine.run(prefix, program, *arguments)
    assert done.returncode == 0, done.stderr.decode()[-500:]

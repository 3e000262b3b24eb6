"""The subject of a root, as both programs read it: the attributes of a distinguished name, in their order.

Windows and the programs call two attributes differently. Sources: CertStrToName, and the names of attributes in
strongSwan's identification.c and libreswan's x509dn.c, which are of one origin.
"""

import re

#: Windows' short names that mean something else to the programs.
_NAMES = {"S": "ST", "SN": "S"}
_ATTRIBUTE = re.compile(r"(^|, *)([A-Za-z][A-Za-z0-9.]*) *=")
#: What a value may hold in both files: libreswan has no way to escape a quotation mark, strongSwan takes ASCII only.
_PLAIN = re.compile(r"[ !#-\[\]-~]+")

WHY_NOT = "name a root by a subject in ASCII, such as CN=Example Root CA, without quotation marks and backslashes"


def root_subject(text: str) -> str | None:
    """Return the subject as a value to stand in quotes, ``None`` if the programs cannot be told it."""
    if not _PLAIN.fullmatch(text) or not _ATTRIBUTE.match(text):
        return None
    return _ATTRIBUTE.sub(lambda found: f"{found[1]}{_NAMES.get(found[2].upper(), found[2])}=", text).strip()

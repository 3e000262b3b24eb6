"""What a structure has no room for, in the object's ``providerData``: compact JSON that only we read.

That is where an object came from (``origin``); where its pre-shared keys and certificate roots were taken from, and
what path the name of a program was made of, which cannot be told from what Windows keeps; how a name was spelled where
Windows knows one number by two names, and how an access list or criteria of certificates were written where there are
several ways; and the version of the structures that a provider context took, where it is not 0, since read by an older
one it would seem to say less. Beside the reference of a certificate root and the path of a program stands the hash of
what Windows was given; not beside the reference of a pre-shared key, which could be found from a hash by guessing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256

#: How a name, a list of flags or an access list was written.
Spelling = str | Sequence[str]


@dataclass(slots=True)
class Notes:
    """Notes on one object. Keys are paths within its document, such as ``ikeMmPolicy.authenticationMethods[0]``."""

    origin: str = ""
    references: dict[str, str] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, Spelling] = field(default_factory=dict)
    structures: int = 0

    def encode(self) -> bytes:
        """Return the notes as they are stored; nothing when there are none."""
        kept = {name: value for name, value in asdict(self).items() if value}
        if not kept:
            return b""
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, data: bytes) -> "Notes":
        """Return the notes in a ``providerData``; none when it is empty or another program's."""
        try:
            found = json.loads(data.decode("utf-8", "surrogatepass")) if data[:1] == b"{" else {}
        except (ValueError, RecursionError):
            return cls()
        notes = cls(**found) if set(found) <= set(cls.__slots__) else cls()
        return notes if notes._sound() else cls()

    def _sound(self) -> bool:
        return (
            isinstance(self.origin, str)
            and type(self.structures) is int
            and _is_text_by_path(self.references)
            and _is_text_by_path(self.roots)
            and isinstance(self.spellings, dict)
            and all(map(_is_spelling, self.spellings.values()))
        )

    def add_root(self, path: str, reference: str, name: bytes) -> None:
        """Record where a root, or the name of a program, was taken from; ``name`` is what Windows is given."""
        self.references[path] = reference
        self.roots[path] = sha256(name).hexdigest()

    def root(self, path: str, name: bytes) -> str:
        """Return the reference of a certificate root, or its hash when it is not the one that was recorded."""
        reference = self.taken_from(path, name)
        return f"(sha256:{sha256(name).hexdigest()})" if reference is None else reference

    def taken_from(self, path: str, name: bytes) -> str | None:
        """Return where it was recorded that something was taken from; ``None`` where it is not what was recorded."""
        return self.references.get(path) if self.roots.get(path) == sha256(name).hexdigest() else None


def _is_text_by_path(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())


def _is_spelling(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))

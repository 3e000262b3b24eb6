"""What only the machine knows, looked up by the program when it runs: keys, roots, descriptors, names of programs.

A pre-shared key is read from an environment variable and wiped afterwards; it never stands in the program. A root is
found in the machine's own stores as the Windows backend finds it, by its thumbprint or by parts of its subject, and
given by the encoded subject name. A program whose path has the name of its device needs no look-up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ndtui.backends.wfp import roots
from ndtui.exporters.policy_program.program_language import Language
from ndtui.model.design.program_path import folded, is_device_path

_IDENTIFIERS = {letters: identifier for identifier, letters in roots.ATTRIBUTES.items()}


class Secret(NamedTuple):
    """A blob that is filled with a pre-shared key."""

    variable: str
    """The environment variable that holds it."""
    place: str
    """The blob, as an expression of the program."""
    context: str
    """The name of the provider context that needs it, for errors."""


class Root(NamedTuple):
    """A blob that is filled with the encoded name of a root, or of another authority below one."""

    reference: str
    intermediate: bool
    thumbprint: bytes
    """Its SHA-1; empty where it is found by its subject."""
    subject: str
    """The parts of its subject, as the language has them; empty where it is found by its thumbprint."""
    part_count: int
    place: str
    context: str


class Descriptor(NamedTuple):
    """A blob that is filled with a security descriptor."""

    sddl: str
    place: str


class Program(NamedTuple):
    """A blob that is filled with what Windows calls a program."""

    path: str
    place: str


@dataclass(slots=True)
class Lookups:
    """The tables of what a program looks up, empty where there is nothing."""

    language: Language
    secrets: list[Secret] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    descriptors: list[Descriptor] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    _descriptors: dict[str, str] = field(default_factory=dict)
    _programs: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> list[str]:
        """The names of the environment variables that pre-shared keys are read from, each once."""
        return list(dict.fromkeys(each.variable for each in self.secrets))

    def secret(self, reference: str, place: str, context: str) -> None:
        """Have a blob filled with the pre-shared key of a reference, which is to an environment variable."""
        self.secrets.append(Secret(reference.partition(":")[2], place, context))

    def root(self, reference: str, place: str, context: str, *, intermediate: bool = False) -> None:
        """Have a blob filled with the encoded name of a root, or of another authority below one."""
        scheme, _, text = reference.partition(":")
        if scheme == "thumbprint":
            made = Root(reference, intermediate, bytes.fromhex(text), "", 0, place, context)
        else:
            parts = list(subject_parts(text))
            subject = self.language.subject(parts)
            made = Root(reference, intermediate, b"", subject, len(parts), place, context)
        self.roots.append(made)

    def descriptor(self, sddl: str) -> str:
        """Return the name of the blob of a security descriptor, given in SDDL."""
        if sddl not in self._descriptors:
            name = self.language.static("FWP_BYTE_BLOB", "descriptor", self.language.empty_blob())
            self._descriptors[sddl] = name
            self.descriptors.append(Descriptor(sddl, name))
        return self._descriptors[sddl]

    def program(self, path: str) -> str:
        """Return the name of the blob of a program, given by its path."""
        if path not in self._programs:
            self._programs[path] = self._new_program(path)
        return self._programs[path]

    def _new_program(self, path: str) -> str:
        if is_device_path(path):
            return self.language.static("FWP_BYTE_BLOB", "program", self.language.wide_blob(folded(path)))
        name = self.language.static("FWP_BYTE_BLOB", "program", self.language.empty_blob())
        self.programs.append(Program(path, name))
        return name


def subject_parts(text: str) -> Iterator[tuple[str, str]]:
    """Return the parts of a subject: object identifier and value.

    Raises:
        KeyError: a part has a type for which no object identifier is known.
    """
    for letters, value in roots.subject_parts(text):
        yield letters[len("OID.") :] if letters.startswith("OID.") else _IDENTIFIERS[letters], value

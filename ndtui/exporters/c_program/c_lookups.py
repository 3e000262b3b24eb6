"""What only the machine knows, looked up by the program when it runs: keys, roots, descriptors, names of programs.

A pre-shared key is read from an environment variable and wiped afterwards; it never stands in the program. A root is
found in the machine's own stores as the Windows backend finds it, by its thumbprint or by parts of its subject, and
given by the encoded subject name. A program whose path has the name of its device needs no look-up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ndtui.backends.wfp import roots
from ndtui.exporters.c_program.c_declarations import Declarations
from ndtui.exporters.c_program.c_literals import narrow, wide
from ndtui.model.design.program_path import folded, is_device_path

_IDENTIFIERS = {letters: identifier for identifier, letters in roots.ATTRIBUTES.items()}


@dataclass(slots=True)
class Lookups:
    """The tables of what a program looks up, empty where there is nothing."""

    declared: Declarations
    secrets: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    descriptors: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    variables: dict[str, None] = field(default_factory=dict)
    """The names of the environment variables that pre-shared keys are read from, each once."""
    _descriptors: dict[str, str] = field(default_factory=dict)
    _programs: dict[str, str] = field(default_factory=dict)

    def secret(self, reference: str, where: str, context: str) -> None:
        """Have a blob filled with the pre-shared key of a reference, which is to an environment variable."""
        variable = reference.partition(":")[2]
        self.variables[variable] = None
        self.secrets.append(f"{{{wide(variable)}, {where}, {wide(context)}}}")

    def root(self, reference: str, where: str, context: str, *, intermediate: bool = False) -> None:
        """Have a blob filled with the encoded name of a root, or of another authority below one."""
        scheme, _, text = reference.partition(":")
        below = "TRUE" if intermediate else "FALSE"
        if scheme == "thumbprint":
            rest = f"(const UINT8 *){narrow(bytes.fromhex(text))}, NULL, 0"
        else:
            parts = [f'{{"{identifier}", {wide(value)}}}' for identifier, value in subject_parts(text)]
            name = self.declared.shared_array("const struct subject_part", "subject", parts)
            rest = f"NULL, {name}, {len(parts)}"
        self.roots.append(f"{{{wide(reference)}, {below}, {rest}, {where}, {wide(context)}}}")

    def descriptor(self, sddl: str) -> str:
        """Return the name of the blob of a security descriptor, given in SDDL."""
        if sddl not in self._descriptors:
            name = self.declared.static("FWP_BYTE_BLOB", "descriptor", "{0, NULL}")
            self._descriptors[sddl] = name
            self.descriptors.append(f"{{{wide(sddl)}, &{name}}}")
        return self._descriptors[sddl]

    def program(self, path: str) -> str:
        """Return the name of the blob of a program, given by its path."""
        if path not in self._programs:
            self._programs[path] = self._new_program(path)
        return self._programs[path]

    def _new_program(self, path: str) -> str:
        if is_device_path(path):
            name = folded(path)
            size = len(f"{name}\0".encode("utf-16-le", "surrogatepass"))
            return self.declared.static("FWP_BYTE_BLOB", "program", f"{{{size}, (UINT8 *){wide(name)}}}")
        name = self.declared.static("FWP_BYTE_BLOB", "program", "{0, NULL}")
        self.programs.append(f"{{{wide(path)}, &{name}}}")
        return name


def subject_parts(text: str) -> Iterator[tuple[str, str]]:
    """Return the parts of a subject: object identifier and value.

    Raises:
        KeyError: a part has a type for which no object identifier is known.
    """
    for letters, value in roots.subject_parts(text):
        yield letters[len("OID.") :] if letters.startswith("OID.") else _IDENTIFIERS[letters], value

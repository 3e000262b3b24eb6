"""What a C program declares: Windows' constants under names of its own, and static objects that point to each other.

The constants bear the name that Windows' headers have for them behind ``ND_``: mingw-w64's headers lack many, and their
own names would meet those of Microsoft's headers, since no preprocessor can ask whether an enumeration has a member.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address
from textwrap import indent
from uuid import UUID

from ndtui.exporters.c_program import c_literals
from ndtui.exporters.policy_program.program_language import FilterParts, Language, Member
from ndtui.model.compiled.document_types import DisplayData

PREFIX = "ND_"
_LINE = 110
_INDENT = "    "

#: Structures of Windows 8 that mingw-w64's headers lack: the program declares them itself.
_OWN_KINDS = {
    "FWPM_PROVIDER_CONTEXT2": f"{PREFIX}PROVIDER_CONTEXT2",
    "IPSEC_TRANSPORT_POLICY2": f"{PREFIX}IPSEC_TRANSPORT_POLICY2",
}


class CLanguage(Language):
    """C99 in ASCII."""

    def variable(self, name: str) -> str:
        """Return the name as it is."""
        return name

    def declaration(self, kind: str, name: str, value: str) -> str:
        """Return a static object with its initialiser."""
        return f"static {_OWN_KINDS.get(kind, kind)} {name} = {value};"

    def array_declaration(self, kind: str, name: str, items: Iterable[str]) -> str:
        """Return a static array."""
        inner = "".join(f"{indent(item, _INDENT)},\n" for item in items)
        return f"static {_OWN_KINDS.get(kind, kind)} {name}[] = {{\n{inner}}};"

    table_declaration = array_declaration

    def structure(self, kind: str, members: Iterable[Member]) -> str:  # noqa: ARG002
        """Return an initialiser, on one line where there is room."""
        parts = [f".{name} = {value}" for name, value in members]
        line = "{" + ", ".join(parts) + "}"
        if len(line) <= _LINE and "\n" not in line:
            return line
        return "{\n" + ",\n".join(indent(part, _INDENT) for part in parts) + ",\n}"

    def display(self, display: DisplayData) -> str:
        """Return the two texts."""
        return f"{{{self.text(display['name'])}, {self.text(display.get('description', ''))}}}"

    def filter(self, parts: FilterParts) -> str:
        """Return the initialiser of a FWPM_FILTER0."""
        said: list[Member] = [
            ("filterKey", self.guid(parts.key)),
            ("displayData", self.display(parts.display)),
            ("flags", self.flags(parts.flags)),
            ("providerKey", "&provider_key"),
            *((("providerData", self.blob(parts.notes)),) if parts.notes else ()),
            ("layerKey", self.guid(parts.layer)),
            ("subLayerKey", self.guid(parts.sublayer)),
            ("weight", parts.weight),
        ]
        if parts.conditions:
            said += [("numFilterConditions", str(parts.condition_count)), ("filterCondition", parts.conditions)]
        action = [("type", self.number(parts.action))]
        if parts.callout:
            action.append(("calloutKey", self.guid(parts.callout)))
        said.append(("action", self.structure("FWPM_ACTION0", action)))
        if parts.context:
            said.append(("providerContextKey", self.guid(parts.context)))
        elif parts.raw_context:
            said.append(("rawContext", self.number(parts.raw_context)))
        return self.structure("FWPM_FILTER0", said)

    def pointer(self, name: str) -> str:
        """Return the address of an object."""
        return f"&{name}"

    def context_policy(self, member: str, version: int) -> str:
        """Return the member; in the structure that the program declares itself all of them are one."""
        return "policy" if version else member

    def constant(self, name: str) -> str:
        """Return the name behind the prefix."""
        return PREFIX + name

    def own_guid(self, key: UUID) -> str:
        """Return an initialiser."""
        return c_literals.guid(key)

    def unsigned(self, number: int) -> str:
        """Return a literal with the suffix that its size takes."""
        return c_literals.unsigned(number)

    uint64 = unsigned

    def v4_address(self, text: str) -> str:
        """Return the number, with the address beside it."""
        return f"0x{int(IPv4Address(text)):08X} /* {text} */"

    def v6_address(self, text: str) -> str:
        """Return the bytes, with the address beside them."""
        return f"{c_literals.octets(IPv6Address(text).packed)} /* {text} */"

    def text(self, text: str) -> str:
        """Return a wide literal."""
        return c_literals.wide(text)

    def ascii(self, text: str) -> str:
        """Return a literal of bytes."""
        return c_literals.narrow(text.encode("ascii"))

    def blob(self, content: bytes) -> str:
        """Return the size, and a literal of bytes."""
        return f"{{{len(content)}, (UINT8 *){c_literals.narrow(content)}}}"

    def digest(self, content: bytes) -> str:
        """Return the same, with its digits beside it."""
        return f"{self.blob(content)} /* {content.hex()} */"

    def wide_blob(self, text: str) -> str:
        """Return the size, and a wide literal."""
        size = len(f"{text}\0".encode("utf-16-le", "surrogatepass"))
        return f"{{{size}, (UINT8 *){self.text(text)}}}"

    def empty_blob(self) -> str:
        """Return an initialiser of zeros."""
        return "{0, NULL}"

    def later_blob(self, how: str) -> str:
        """Return the same, and beside it what it is filled with."""
        return f"{self.empty_blob()} /* {c_literals.in_a_comment(how)} */"

    def subject(self, parts: Sequence[tuple[str, str]]) -> str:
        """Declare an array and return its name."""
        items = [f'{{"{identifier}", {self.text(value)}}}' for identifier, value in parts]
        return self.shared_array("const struct subject_part", "subject", items)

    def constants(self) -> str:
        """Return the definitions of all that was asked for by name, in the order of the names."""
        lines = [f"#define {PREFIX}{name} {_constant(value)}" for name, value in sorted(self.numbers.items())]
        lines += [
            f"#define {PREFIX}{name} \\\n    {c_literals.guid(UUID(value))}"
            for name, value in sorted(self.guids.items())
        ]
        return "\n".join(lines)


def _constant(value: int) -> str:
    return str(value) if value < 0x1000 else f"0x{value:08X}"

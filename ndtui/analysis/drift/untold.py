"""Untold: what no file of netsh says as a design does, so that it cannot be compared.

A pre-shared key, and roots and thumbprints of certificates, are a reference or a name in a design; a file has their
bytes, or nothing. The path of a program has the letter of a drive in a design, the name of a device on a machine.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ndtui.model.compiled.document_names import display_name
from ndtui.model.compiled.document_types import Document
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import file_part, is_device_path

#: Members whose value no file tells as a design names it, and what they are.
UNTOLD: Mapping[str, str] = {
    "presharedKey": "the pre-shared key",
    "inboundRootArray": "the trusted roots of inbound certificates",
    "outboundRootArray": "the trusted roots of outbound certificates",
    "certData": "a trusted root",
    "certHash": "the thumbprint of a certificate",
}


def settled(there: Document, ours: Document) -> tuple[Document, tuple[str, ...]]:
    """Return an object of a machine with the design's own words where no file tells them, and what that is."""
    untold: dict[str, None] = {}
    document = _merged(there, ours, untold)
    name = display_name(ours)
    return cast("Document", document), tuple(f"{what} of {name}" for what in untold)


def _merged(there: Any, ours: Any, untold: dict[str, None]) -> Any:
    if there == ours:
        return there
    if isinstance(there, dict) and isinstance(ours, dict):
        if there.get("fieldKey") == ours.get("fieldKey") == PROGRAM and _is_one_file(there, ours):
            untold["the drive in the path of the program"] = None
            return ours
        return dict(_members(there, ours, untold))
    if isinstance(there, list) and isinstance(ours, list) and len(there) == len(ours):
        return [_merged(one, other, untold) for one, other in zip(there, ours, strict=True)]
    return there


def _members(there: Mapping[str, Any], ours: Mapping[str, Any], untold: dict[str, None]) -> Iterator[tuple[str, Any]]:
    for name, value in there.items():
        if name not in ours:
            yield name, value
        elif name in UNTOLD and value != ours[name]:
            untold[UNTOLD[name]] = None
            yield name, ours[name]
        else:
            yield name, _merged(value, ours[name], untold)


def _is_one_file(there: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Tell whether two conditions name a program by the same path, one with a device and one with a drive."""
    one, other = (str(each["conditionValue"].get("byteBlob", {}).get("asString", "")) for each in (there, ours))
    same_match = there.get("matchType") == ours.get("matchType")
    return same_match and is_device_path(one) != is_device_path(other) and file_part(one) == file_part(other)

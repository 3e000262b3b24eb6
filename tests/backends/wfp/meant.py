"""What a document says, in the terms of the program that reads structures: numbers for names, bytes for addresses.

Written down without the code under test, so that a slip there does not meet the same slip here.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ndtui.model.compiled.document_types import Document
from tests.backends.wfp.meant_newer import MEMBERS, explicit
from tests.backends.wfp.windows_machine import program_name, root_name, secret
from tests.support import data_file

ZERO = "{00000000-0000-0000-0000-000000000000}"
HAS_CONTEXT = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"
STORES = ("IKEEXT_CERT_CONFIG_ENTERPRISE_STORE", "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE")

_CONSTANTS = data_file("wfp_constants.json")
_NUMBERS = {name: entry["value"] for entries in _CONSTANTS["numbers"].values() for name, entry in entries.items()}
_GUIDS = {name: "{" + entry["value"] + "}" for name, entry in _CONSTANTS["guids"].items()}


def meant(kind: str, document: Document, version: int = 0) -> dict[str, Any]:
    """Return what the program is to say of an object in structures of a version, but for its ``providerData``."""
    if version:
        document = explicit(document)
    said = {name: _said(name, value) for name, value in document.items() if name not in ("origin", "effectiveWeight")}
    said["displayData"] = {name: text or None for name, text in document["displayData"].items()}
    if kind == "provider":
        said.setdefault("serviceName", None)
    else:
        said.setdefault("providerKey", None)
    if kind == "providerContext":
        said["providerContextId"] = 0
    if kind == "filter":
        said["filterId"] = 0
        said["effectiveWeight"] = {"type": 0}
        said.setdefault("subLayerKey", ZERO)
        if HAS_CONTEXT in document["flags"]:
            said.pop("rawContext", None)
    return said


def notes_meant(document: Document) -> dict[str, Any]:
    """Return the part of ``providerData`` that follows from the document alone."""
    return {"origin": document["origin"]} if document.get("origin") else {}


#: Members whose values are no numbers, names or objects, and how the program shows them.
_SHOWN: dict[str, Callable[[Any], Any]] = {
    "flags": lambda flags: sum({_NUMBERS[flag] for flag in flags}),
    "filterType": lambda callout: ZERO if callout is None else _GUIDS.get(callout, callout),
    "uint32": lambda number: int(IPv4Address(number)) if isinstance(number, str) else number,
    "mask": lambda mask: int(IPv4Address(mask)),
    "addr": lambda text: IPv6Address(text).packed.hex() if ":" in text else int(IPv4Address(text)),
    "byteArray16": lambda text: IPv6Address(text).packed.hex(),
    "byteArray6": lambda text: text.replace(":", ""),
    "presharedKey": lambda reference: secret(reference).hex(),
    "inboundRootArray": lambda roots: [{"certData": root_name(root).hex(), "flags": 0} for root in roots],
    "outboundRootArray": lambda roots: [{"certData": root_name(root).hex(), "flags": 0} for root in roots],
    "byteBlob": lambda blob: {"data": program_name(blob["asString"]).hex()} if "asString" in blob else blob,
    "certData": lambda reference: root_name(reference).hex() if reference else "",
    "certHash": str.lower,
    "eku": lambda usages: [usage.encode("ascii").hex() for usage in usages],
    "localCertLocationUrl": lambda url: url.encode("ascii").hex(),
    **dict.fromkeys(("certName", "proxyServer"), lambda text: text),
    **dict.fromkeys(("sd", "sid", "unicodeString", "data", "serviceName"), str),
}


def _said(name: str, value: Any) -> Any:
    if name in _SHOWN:
        return _SHOWN[name](value)
    if isinstance(value, dict):
        return _members(value)
    if isinstance(value, list):
        return [_said("", item) for item in value]
    if isinstance(value, str):
        return _NUMBERS[value] if value in _NUMBERS else _GUIDS.get(value, value)
    return value


def _members(value: dict[str, Any]) -> dict[str, Any]:
    said = {name: _said(name, member) for name, member in value.items()}
    for side in ("inbound", "outbound"):
        criteria = any(f"{side}{kind}" in value for kind in MEMBERS.values())
        if value.get(f"{side}ConfigType") in STORES and not criteria:
            said[f"{side}StoreConfig"] = {"certData": "", "flags": 0}
    if "authTransformId" in value or "cipherTransformId" in value:
        said.setdefault("cryptoModuleId", None)
    for method, member in (("IKEEXT_KERBEROS", "kerberosAuthentication"), ("IKEEXT_NTLM_V2", "ntlmV2Authentication")):
        if value.get("authenticationMethodType") == method:
            said.setdefault(member, {"flags": 0})
    return said

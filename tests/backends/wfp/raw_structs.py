"""WFP's structures as bytes in memory, read and written by offset.

The offsets are those of a C compiler (tests/data/struct_layouts.json); what stands at them is listed here by the pages
of the structures (https://learn.microsoft.com/windows/win32/api/fwpmtypes and its like). Neither win32more's classes
nor the program's own marshalling have a part in it, so a mistake of theirs shows.
"""

from collections.abc import Callable
from ctypes import addressof, create_string_buffer, memmove, memset, sizeof, string_at
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from ndtui.model.vocabulary import GUIDS
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from tests.support import data_file

POINTER = 8
NO_GUID = "{00000000-0000-0000-0000-000000000000}"

#: What is at the members of each structure: the member, what kind of thing it is, and what that takes to be read.
SCHEMAS = {
    "FWPM_DISPLAY_DATA0": ("name wide", "description wide"),
    "FWP_BYTE_BLOB": (),
    "FWP_V4_ADDR_AND_MASK": ("addr v4", "mask v4"),
    "FWP_V6_ADDR_AND_MASK": ("addr v6", "prefixLength u8"),
    "FWP_RANGE0": ("valueLow struct FWP_VALUE0", "valueHigh struct FWP_VALUE0"),
    "FWP_VALUE0": ("type enum FWP_DATA_TYPE",),
    "FWP_CONDITION_VALUE0": ("type enum FWP_DATA_TYPE",),
    "FWPM_ACTION0": ("type enum FWP_ACTION_TYPE", "filterType guid"),
    "FWPM_FILTER_CONDITION0": (
        "fieldKey guid",
        "matchType enum FWP_MATCH_TYPE",
        "conditionValue struct FWP_CONDITION_VALUE0",
    ),
    "FWPM_PROVIDER0": (
        "providerKey guid",
        "displayData struct FWPM_DISPLAY_DATA0",
        "flags flags FWPM_PROVIDER_FLAG",
        "providerData blob",
        "serviceName wide",
    ),
    "FWPM_SUBLAYER0": (
        "subLayerKey guid",
        "displayData struct FWPM_DISPLAY_DATA0",
        "flags flags FWPM_SUBLAYER_FLAG",
        "providerKey guidptr",
        "providerData blob",
        "weight u16",
    ),
    "FWPM_PROVIDER_CONTEXT0": (
        "providerContextKey guid",
        "displayData struct FWPM_DISPLAY_DATA0",
        "flags flags FWPM_PROVIDER_CONTEXT_FLAG",
        "providerKey guidptr",
        "providerData blob",
        "type enum FWPM_PROVIDER_CONTEXT_TYPE",
        "providerContextId u64",
    ),
    "FWPM_FILTER0": (
        "filterKey guid",
        "displayData struct FWPM_DISPLAY_DATA0",
        "flags flags FWPM_FILTER_FLAG",
        "providerKey guidptr",
        "providerData blob",
        "layerKey guid",
        "subLayerKey guid",
        "weight struct FWP_VALUE0",
        "filterCondition array FWPM_FILTER_CONDITION0 numFilterConditions",
        "action struct FWPM_ACTION0",
        "reserved guidptr",
        "filterId u64",
        "effectiveWeight struct FWP_VALUE0",
    ),
    "FWPM_LAYER0": ("layerKey guid", "displayData struct FWPM_DISPLAY_DATA0", "defaultSubLayerKey guid", "layerId u16"),
    "FWPM_SESSION0": (
        "sessionKey guid",
        "displayData struct FWPM_DISPLAY_DATA0",
        "flags flags FWPM_SESSION_FLAG",
        "txnWaitTimeoutInMSec u32",
        "processId u32",
        "username wide",
        "kernelMode u32",
    ),
    "FWPM_FILTER_ENUM_TEMPLATE0": (
        "providerKey guidptr",
        "layerKey guid",
        "enumType u32",
        "flags u32",
        "providerContextTemplate u64",
        "numFilterConditions u32",
        "actionMask u32",
        "calloutKey guidptr",
    ),
    "FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0": (
        "providerKey guidptr",
        "providerContextType enum FWPM_PROVIDER_CONTEXT_TYPE",
    ),
    "IKEEXT_POLICY0": (
        "softExpirationTime u32",
        "authenticationMethods array IKEEXT_AUTHENTICATION_METHOD0 numAuthenticationMethods",
        "initiatorImpersonationType enum IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE",
        "ikeProposals array IKEEXT_PROPOSAL0 numIkeProposals",
        "flags u32",
        "maxDynamicFilters u32",
    ),
    "IKEEXT_EM_POLICY0": (
        "authenticationMethods array IKEEXT_AUTHENTICATION_METHOD0 numAuthenticationMethods",
        "initiatorImpersonationType enum IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE",
    ),
    "IKEEXT_AUTHENTICATION_METHOD0": ("authenticationMethodType enum IKEEXT_AUTHENTICATION_METHOD_TYPE",),
    "IKEEXT_PRESHARED_KEY_AUTHENTICATION0": ("presharedKey blob",),
    "IKEEXT_CERTIFICATE_AUTHENTICATION0": (
        "inboundConfigType enum IKEEXT_CERT_CONFIG_TYPE",
        "outboundConfigType enum IKEEXT_CERT_CONFIG_TYPE",
        "flags flags IKEEXT_CERT_AUTH_FLAG",
    ),
    "IKEEXT_CERT_ROOT_CONFIG0": ("certData blob", "flags flags IKEEXT_CERT_FLAG"),
    "IKEEXT_CERTIFICATE_CRITERIA0": (
        "certData blob",
        "certHash blob",
        "eku ptr IKEEXT_CERT_EKUS0",
        "name ptr IKEEXT_CERT_NAME0",
        "flags flags IKEEXT_CERT_FLAG",
    ),
    "IKEEXT_CERT_EKUS0": ("eku texts numEku",),
    "IKEEXT_CERT_NAME0": ("nameType enum IKEEXT_CERT_CRITERIA_NAME_TYPE", "certName wide"),
    "IKEEXT_EAP_AUTHENTICATION0": ("flags u32",),
    "IKEEXT_KERBEROS_AUTHENTICATION0": ("flags u32",),
    "IKEEXT_NTLM_V2_AUTHENTICATION0": ("flags u32",),
    "IKEEXT_CIPHER_ALGORITHM0": ("algoIdentifier enum IKEEXT_CIPHER_TYPE", "keyLen u32", "rounds u32"),
    "IKEEXT_INTEGRITY_ALGORITHM0": ("algoIdentifier enum IKEEXT_INTEGRITY_TYPE",),
    "IKEEXT_PROPOSAL0": (
        "cipherAlgorithm struct IKEEXT_CIPHER_ALGORITHM0",
        "integrityAlgorithm struct IKEEXT_INTEGRITY_ALGORITHM0",
        "maxLifetimeSeconds u32",
        "dhGroup enum IKEEXT_DH_GROUP",
        "quickModeLimit u32",
    ),
    "IPSEC_TRANSPORT_POLICY0": (
        "ipsecProposals array IPSEC_PROPOSAL0 numIpsecProposals",
        "flags flags IPSEC_POLICY_FLAG",
        "ndAllowClearTimeoutSeconds u32",
        "saIdleTimeout struct IPSEC_SA_IDLE_TIMEOUT0",
        "emPolicy ptr IKEEXT_EM_POLICY0",
    ),
    "IPSEC_SA_IDLE_TIMEOUT0": ("idleTimeoutSeconds u32", "idleTimeoutSecondsFailOver u32"),
    "IPSEC_PROPOSAL0": (
        "lifetime struct IPSEC_SA_LIFETIME0",
        "saTransforms array IPSEC_SA_TRANSFORM0 numSaTransforms",
        "pfsGroup enum IPSEC_PFS_GROUP",
    ),
    "IPSEC_SA_LIFETIME0": ("lifetimeSeconds u32", "lifetimeKilobytes u32", "lifetimePackets u32"),
    "IPSEC_SA_TRANSFORM0": ("ipsecTransformType enum IPSEC_TRANSFORM_TYPE",),
    "IPSEC_AUTH_TRANSFORM0": ("authTransformId struct IPSEC_AUTH_TRANSFORM_ID0", "cryptoModuleId guidptr"),
    "IPSEC_CIPHER_TRANSFORM0": ("cipherTransformId struct IPSEC_CIPHER_TRANSFORM_ID0", "cryptoModuleId guidptr"),
    "IPSEC_AUTH_TRANSFORM_ID0": ("authType enum IPSEC_AUTH_TYPE", "authConfig enum8 IPSEC_AUTH_CONFIG"),
    "IPSEC_CIPHER_TRANSFORM_ID0": ("cipherType enum IPSEC_CIPHER_TYPE", "cipherConfig enum8 IPSEC_CIPHER_CONFIG"),
    "IPSEC_AUTH_AND_CIPHER_TRANSFORM0": (
        "authTransform struct IPSEC_AUTH_TRANSFORM0",
        "cipherTransform struct IPSEC_CIPHER_TRANSFORM0",
    ),
}

_VALUES = {
    "FWP_UINT8": "uint8 u8",
    "FWP_UINT16": "uint16 u16",
    "FWP_UINT32": "uint32 number",
    "FWP_UINT64": "uint64 to u64 8",
    "FWP_BYTE_ARRAY16_TYPE": "byteArray16 to v6 16",
    "FWP_BYTE_ARRAY6_TYPE": "byteArray6 to mac 6",
    "FWP_BYTE_BLOB_TYPE": "byteBlob ptr FWP_BYTE_BLOB",
    "FWP_SID": "sid sid",
    "FWP_SECURITY_DESCRIPTOR_TYPE": "sd to sd 16",
    "FWP_UNICODE_STRING_TYPE": "unicodeString wide",
}


def _roots(side: str) -> dict[str, str]:
    return {
        "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST": f"{side}RootArray array IKEEXT_CERT_ROOT_CONFIG0 {side}RootArraySize",
        "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": f"{side}EnterpriseStoreConfig one IKEEXT_CERT_ROOT_CONFIG0",
        "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": f"{side}TrustedRootStoreConfig one IKEEXT_CERT_ROOT_CONFIG0",
    }


_CERTIFICATE = "certificateAuthentication struct IKEEXT_CERTIFICATE_AUTHENTICATION0"
_SSL = "sslAuthentication struct IKEEXT_CERTIFICATE_AUTHENTICATION0"

#: Which member of a union counts: the member that says so, and by its name what stands there.
UNIONS: dict[str, dict[str, dict[str, str]]] = {
    "FWP_VALUE0": {"type": _VALUES},
    "FWP_CONDITION_VALUE0": {
        "type": {
            **_VALUES,
            "FWP_V4_ADDR_MASK": "v4AddrMask ptr FWP_V4_ADDR_AND_MASK",
            "FWP_V6_ADDR_MASK": "v6AddrMask ptr FWP_V6_ADDR_AND_MASK",
            "FWP_RANGE_TYPE": "rangeValue ptr FWP_RANGE0",
        }
    },
    "FWPM_PROVIDER_CONTEXT0": {
        "type": {
            "FWPM_IPSEC_IKE_MM_CONTEXT": "ikeMmPolicy ptr IKEEXT_POLICY0",
            "FWPM_IPSEC_AUTHIP_MM_CONTEXT": "authIpMmPolicy ptr IKEEXT_POLICY0",
            "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT": "ikeQmTransportPolicy ptr IPSEC_TRANSPORT_POLICY0",
            "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT": "authipQmTransportPolicy ptr IPSEC_TRANSPORT_POLICY0",
        }
    },
    "IKEEXT_AUTHENTICATION_METHOD0": {
        "authenticationMethodType": {
            "IKEEXT_PRESHARED_KEY": "presharedKeyAuthentication struct IKEEXT_PRESHARED_KEY_AUTHENTICATION0",
            "IKEEXT_CERTIFICATE": _CERTIFICATE,
            "IKEEXT_CERTIFICATE_ECDSA_P256": _CERTIFICATE,
            "IKEEXT_CERTIFICATE_ECDSA_P384": _CERTIFICATE,
            "IKEEXT_SSL": _SSL,
            "IKEEXT_SSL_ECDSA_P256": _SSL,
            "IKEEXT_SSL_ECDSA_P384": _SSL,
            "IKEEXT_KERBEROS": "kerberosAuthentication struct IKEEXT_KERBEROS_AUTHENTICATION0",
            "IKEEXT_NTLM_V2": "ntlmV2Authentication struct IKEEXT_NTLM_V2_AUTHENTICATION0",
        }
    },
    "IKEEXT_CERTIFICATE_AUTHENTICATION0": {
        "inboundConfigType": _roots("inbound"),
        "outboundConfigType": _roots("outbound"),
    },
    "IPSEC_SA_TRANSFORM0": {
        "ipsecTransformType": {
            "IPSEC_TRANSFORM_AH": "ahTransform ptr IPSEC_AUTH_TRANSFORM0",
            "IPSEC_TRANSFORM_ESP_AUTH": "espAuthTransform ptr IPSEC_AUTH_TRANSFORM0",
            "IPSEC_TRANSFORM_ESP_CIPHER": "espCipherTransform ptr IPSEC_CIPHER_TRANSFORM0",
            "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER": "espAuthAndCipherTransform ptr IPSEC_AUTH_AND_CIPHER_TRANSFORM0",
        }
    },
}
#: What the versions of policies have besides, by structure, and which structures they are made of.
_LATER: dict[str, tuple[str, ...]] = {
    "IKEEXT_POLICY": ("retransmitDurationSecs u32",),
    "IKEEXT_PRESHARED_KEY_AUTHENTICATION": ("flags u32",),
    "IKEEXT_CERTIFICATE_AUTHENTICATION": ("localCertLocationUrl blob",),
    "IKEEXT_KERBEROS_AUTHENTICATION": ("proxyServer wide",),
}
_VERSIONED = ("IKEEXT_POLICY", "IKEEXT_EM_POLICY", "IKEEXT_AUTHENTICATION_METHOD", "IPSEC_TRANSPORT_POLICY")
_METHODS = (
    "IKEEXT_PRESHARED_KEY_AUTHENTICATION",
    "IKEEXT_CERTIFICATE_AUTHENTICATION",
    "IKEEXT_KERBEROS_AUTHENTICATION",
)


def _of_version(text: str, version: int) -> str:
    """Return a line of a schema as it is in the structures of a version."""
    names = (*_VERSIONED, *_METHODS)
    words = [f"{word[:-1]}{_version_of(word[:-1], version)}" if word[:-1] in names else word for word in text.split()]
    line = " ".join(words)
    if version == 2:
        for side in ("inbound", "outbound"):
            line = line.replace(
                f"{side}RootArray array IKEEXT_CERT_ROOT_CONFIG0",
                f"{side}RootCriteria array IKEEXT_CERTIFICATE_CRITERIA0",
            )
            line = line.replace(
                f"{side}EnterpriseStoreConfig one IKEEXT_CERT_ROOT_CONFIG0",
                f"{side}EnterpriseStoreCriteria array IKEEXT_CERTIFICATE_CRITERIA0 {side}EnterpriseStoreArraySize",
            ).replace(
                f"{side}TrustedRootStoreConfig one IKEEXT_CERT_ROOT_CONFIG0",
                f"{side}TrustedRootStoreCriteria array IKEEXT_CERTIFICATE_CRITERIA0 {side}RootStoreArraySize",
            )
    return line


def _version_of(name: str, version: int) -> int:
    """Return the version of a structure that goes with a version of policies."""
    if name == "IKEEXT_KERBEROS_AUTHENTICATION":
        return max(version - 1, 0)
    return min(version, 1) if name == "IKEEXT_PRESHARED_KEY_AUTHENTICATION" else version


def _add_versions() -> None:
    """Add the structures of later versions to the tables."""
    for version in (1, 2):
        for name in (*_VERSIONED, *_METHODS):
            made = f"{name}{_version_of(name, version)}"
            if made in SCHEMAS:
                continue
            SCHEMAS[made] = (*(_of_version(line, version) for line in SCHEMAS[f"{name}0"]), *_LATER.get(name, ()))
            if f"{name}0" in UNIONS:
                UNIONS[made] = _union(f"{name}0", version)
        methods = UNIONS[f"IKEEXT_AUTHENTICATION_METHOD{version}"]["authenticationMethodType"]
        methods["IKEEXT_EAP"] = "eapAuthentication struct IKEEXT_EAP_AUTHENTICATION0"
    for version in (1, 2, 3):
        context, policies = f"FWPM_PROVIDER_CONTEXT{version}", min(version, 2)
        SCHEMAS[context] = SCHEMAS["FWPM_PROVIDER_CONTEXT0"]
        UNIONS[context] = _union("FWPM_PROVIDER_CONTEXT0", policies)
        types = UNIONS[context]["type"]
        types["FWPM_IPSEC_IKEV2_MM_CONTEXT"] = f"ikeV2MmPolicy ptr IKEEXT_POLICY{policies}"
        if version > 1:
            types["FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"] = "ikeV2QmTransportPolicy ptr IPSEC_TRANSPORT_POLICY2"


def _union(name: str, version: int) -> dict[str, dict[str, str]]:
    return {
        selector: {case: _of_version(line, version) for case, line in cases.items()}
        for selector, cases in UNIONS[name].items()
    }


_add_versions()

#: Members that documents call otherwise.
_SPELLINGS = {
    "authipQmTransportPolicy": "authIpQmTransportPolicy",
    "inboundRootCriteria": "inboundRootArray",
    "outboundRootCriteria": "outboundRootArray",
    **{
        f"{side}{store}StoreConfig": f"{side}{store}StoreCriteria"
        for side in ("inbound", "outbound")
        for store in ("Enterprise", "TrustedRoot")
    },
}
_HAS_CONTEXT = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"


class RawError(Exception):
    """Windows would refuse what stands in memory. ``number`` is what it would answer."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(what)
        self.number = number


@cache
def layouts() -> dict[str, Any]:
    """Return the size of each structure, and the offsets of its members."""
    return data_file("struct_layouts.json")["structs"]


def offset(structure: str, member: str) -> int:
    """Return where a member begins."""
    return layouts()[structure]["fields"][member]


class Heap:
    """Memory that is handed out. What is freed is overwritten, so that whoever still reads it reads nonsense."""

    def __init__(self) -> None:
        self.roots: dict[int, list[Any]] = {}

    def free(self, address: int) -> bool:
        """Take memory back; tell whether it was handed out."""
        blocks = self.roots.pop(address, None)
        for block in blocks or ():
            memset(addressof(block), 0xDD, sizeof(block))
        return blocks is not None


class Writer:
    """Builds one piece of handed-out memory with all that it points to."""

    def __init__(self) -> None:
        self._blocks: list[Any] = []

    def block(self, size: int, content: bytes = b"") -> int:
        """Return the address of new memory, zeros behind ``content``."""
        made = create_string_buffer(content, max(size, len(content), 1))
        self._blocks.append(made)
        return addressof(made)

    def structure(self, name: str, value: dict[str, Any]) -> int:
        """Return the address of a new structure."""
        address = self.block(layouts()[name]["size"])
        write(self, name, address, value)
        return address

    def pointers(self, addresses: list[int]) -> int:
        """Return the address of an array of pointers."""
        return self.block(0, b"".join(each.to_bytes(POINTER, "little") for each in addresses) or b"\0")

    def hand_out(self, heap: Heap, address: int) -> int:
        """Let a heap own everything that was built, under one address."""
        heap.roots[address] = self._blocks
        return address


def number(address: int, size: int) -> int:
    """Return the number without sign at an address."""
    return int.from_bytes(string_at(address, size), "little")


def put(address: int, value: int, size: int) -> None:
    """Write a number without sign."""
    memmove(address, value.to_bytes(size, "little"), size)


def guid(address: int) -> str:
    """Return the GUID at an address: its SDK name, or lower-case in braces."""
    text = f"{{{UUID(bytes_le=string_at(address, 16))}}}"
    return _names().get(text, text)


def guid_bytes(text: str) -> bytes:
    """Return a GUID, by name or in braces, as it stands in memory."""
    return UUID(GUIDS.get(text, text)).bytes_le


@cache
def _names() -> dict[str, str]:
    return {f"{{{value}}}": name for name, value in GUIDS.items()}


def read(structure: str, address: int) -> dict[str, Any]:
    """Return the structure at an address as a document; what is NULL or a GUID of zeros is left out."""
    found = {}
    for line in SCHEMAS[structure]:
        _read_member(structure, address, line, found)
    for selector, cases in UNIONS.get(structure, {}).items():
        if found.get(selector) in cases:
            _read_member(structure, address, cases[found[selector]], found)
    _finish(structure, address, found)
    return found


def _read_member(structure: str, base: int, line: str, found: dict[str, Any]) -> None:
    name, at, kind, arguments = _parsed(structure, line)
    value = READERS[kind](base + at, structure, base, *arguments)
    if value is not None:
        found[name] = value


@cache
def _parsed(structure: str, line: str) -> tuple[str, int, str, list[str]]:
    """Return what a member is called in a document, where it begins, of what kind it is, and what goes with that."""
    member, kind, *arguments = line.split()
    return _SPELLINGS.get(member, member), offset(structure, member), kind, arguments


def _finish(structure: str, base: int, found: dict[str, Any]) -> None:
    """Read what depends on two members at once."""
    if structure == "FWPM_FILTER0":
        if _HAS_CONTEXT in found["flags"]:
            found["providerContextKey"] = guid(base + offset(structure, "providerContextKey"))
        else:
            found["rawContext"] = number(base + offset(structure, "rawContext"), 8)
        if "reserved" in found:
            raise RawError(0x80320029, "FWPM_FILTER0.reserved is not NULL")
    elif structure == "FWPM_FILTER_CONDITION0" and found.get("fieldKey", "").endswith("_ADDRESS"):
        _as_address(found["conditionValue"])
    elif structure == "FWP_BYTE_BLOB":
        found["data"] = _blob_at(base).hex()


def _as_address(value: dict[str, Any]) -> None:
    if "uint32" in value:
        value["uint32"] = str(IPv4Address(value["uint32"]))
    for end in value.get("rangeValue", {}).values():
        _as_address(end)


def _blob_at(address: int) -> bytes:
    data = number(address + offset("FWP_BYTE_BLOB", "data"), POINTER)
    return string_at(data, number(address + offset("FWP_BYTE_BLOB", "size"), 4)) if data else b""


def wide_at(address: int) -> str | None:
    """Return the UTF-16 text at an address, none at no address."""
    if not address:
        return None
    length = 0
    while number(address + length, 2):
        length += 2
    return string_at(address, length).decode("utf-16-le", "surrogatepass")


def _name(enumeration: str, value: int) -> str:
    return next((name for name, known in ENUMERATIONS[enumeration].items() if known == value), f"{enumeration} {value}")


def _flags(enumeration: str, value: int) -> list[str]:
    found = [name for name, bit in ENUMERATIONS[enumeration].items() if bit and value & bit == bit]
    rest = value & ~sum(ENUMERATIONS[enumeration][name] for name in found)
    return [*found, hex(rest)] if rest else found


def _sid_bytes(address: int) -> bytes:
    return string_at(address, 8 + 4 * number(address + 1, 1))


def _read_guid(at: int, *_: Any) -> str | None:
    text = guid(at)
    return None if text == NO_GUID else text


def _read_pointed(at: int, structure: str, base: int, kind: str, size: str) -> Any:
    target = number(at, POINTER)
    return READERS[kind](target, structure, base) if target else None


def _read_array(at: int, structure: str, base: int, element: str, count: str) -> list[Any]:
    first, size = number(at, POINTER), layouts()[element]["size"]
    length = number(base + offset(structure, count), 4)
    if length and not first:
        raise RawError(0x8032001C, f"{structure}.{count} is {length}, and there is no array")
    return [read(element, first + position * size) for position in range(length)]


def _read_one(at: int, structure: str, base: int, element: str) -> list[Any] | None:
    """Return what a pointer leads to as a list of one: newer structures have a list in its place."""
    target = number(at, POINTER)
    return [read(element, target)] if target else None


def _read_texts(at: int, structure: str, base: int, count: str) -> list[str]:
    first = number(at, POINTER)
    length = number(base + offset(structure, count), 4)
    return [string_at(number(first + place * POINTER, POINTER)).decode("ascii") for place in range(length)]


def _read_sd(at: int, *_: Any) -> str:
    return sddl(_blob_at(at))


def _read_sid(at: int, *_: Any) -> str | None:
    target = number(at, POINTER)
    return sid_text(_sid_bytes(target)) if target else None


#: How each kind of thing is read: from its own address, the structure it is in, and the address of that.
READERS: dict[str, Callable[..., Any]] = {
    "u8": lambda at, *_: number(at, 1),
    "u16": lambda at, *_: number(at, 2),
    "u32": lambda at, *_: number(at, 4),
    "u64": lambda at, *_: number(at, 8),
    "number": lambda at, *_: number(at, 4),
    "v4": lambda at, *_: str(IPv4Address(number(at, 4))),
    "v6": lambda at, *_: str(IPv6Address(string_at(at, 16))),
    "mac": lambda at, *_: string_at(at, 6).hex(":"),
    "enum": lambda at, _structure, _base, name: _name(name, number(at, 4)),
    "enum8": lambda at, _structure, _base, name: _name(name, number(at, 1)),
    "flags": lambda at, _structure, _base, name: _flags(name, number(at, 4)),
    "guid": _read_guid,
    "guidptr": lambda at, *_: guid(number(at, POINTER)) if number(at, POINTER) else None,
    "wide": lambda at, *_: wide_at(number(at, POINTER)),
    "blob": lambda at, *_: _blob_at(at).hex() or None,
    "struct": lambda at, _structure, _base, name: read(name, at),
    "ptr": lambda at, _structure, _base, name: read(name, number(at, POINTER)) if number(at, POINTER) else None,
    "to": _read_pointed,
    "array": _read_array,
    "one": _read_one,
    "texts": _read_texts,
    "sd": _read_sd,
    "sid": _read_sid,
}


def write(writer: Writer, structure: str, address: int, value: dict[str, Any]) -> None:
    """Write a document into the structure at an address; what it does not have stays zero."""
    for line in SCHEMAS[structure]:
        _write_member(writer, structure, address, line, value)
    for selector, cases in UNIONS.get(structure, {}).items():
        if value.get(selector) in cases:
            _write_member(writer, structure, address, cases[value[selector]], value)
    if structure == "FWPM_FILTER0":
        if _HAS_CONTEXT in value["flags"]:
            memmove(address + offset(structure, "providerContextKey"), guid_bytes(value["providerContextKey"]), 16)
        else:
            put(address + offset(structure, "rawContext"), value.get("rawContext") or 0, 8)
    elif structure == "FWP_BYTE_BLOB":
        _write_blob(writer, address, value["data"])


def _write_member(writer: Writer, structure: str, base: int, line: str, value: dict[str, Any]) -> None:
    name, at, kind, arguments = _parsed(structure, line)
    content = value.get(name)
    if content is not None:
        WRITERS[kind](writer, base + at, content, structure, base, *arguments)


def _write_blob(writer: Writer, at: int, content: str | bytes, *_: Any) -> None:
    data = bytes.fromhex(content) if isinstance(content, str) else content
    put(at + offset("FWP_BYTE_BLOB", "size"), len(data), 4)
    put(at + offset("FWP_BYTE_BLOB", "data"), writer.block(len(data), data) if data else 0, POINTER)


def _write_wide(writer: Writer, at: int, text: str, *_: Any) -> None:
    encoded = text.encode("utf-16-le", "surrogatepass") + b"\0\0"
    put(at, writer.block(len(encoded), encoded), POINTER)


def _write_enum(size: int) -> Callable[..., None]:
    def write_enum(_writer: Writer, at: int, name: str, _structure: str, _base: int, enumeration: str) -> None:
        known = ENUMERATIONS[enumeration]
        put(at, known[name] if name in known else int(name.rpartition(" ")[2]), size)

    return write_enum


def _write_flags(_writer: Writer, at: int, names: list[str], _structure: str, _base: int, enumeration: str) -> None:
    known, result = ENUMERATIONS[enumeration], 0
    for name in names:
        result |= known[name] if name in known else int(name, 16)
    put(at, result, 4)


def _write_pointed(writer: Writer, at: int, value: Any, structure: str, base: int, kind: str, size: str) -> None:
    target = writer.block(int(size))
    WRITERS[kind](writer, target, value, structure, base)
    put(at, target, POINTER)


def _write_array(
    writer: Writer, at: int, items: list[Any], structure: str, base: int, element: str, count: str
) -> None:
    size = layouts()[element]["size"]
    put(base + offset(structure, count), len(items), 4)
    if items:
        first = writer.block(size * len(items))
        put(at, first, POINTER)
        for position, item in enumerate(items):
            write(writer, element, first + position * size, item)


def _write_one(writer: Writer, at: int, items: list[Any], structure: str, base: int, element: str) -> None:
    for item in items[:1]:
        put(at, writer.structure(element, item), POINTER)


def _write_texts(writer: Writer, at: int, texts: list[str], structure: str, base: int, count: str) -> None:
    put(base + offset(structure, count), len(texts), 4)
    put(at, writer.pointers([writer.block(0, text.encode("ascii") + b"\0") for text in texts]), POINTER)


def _write_number(_writer: Writer, at: int, value: int | str, *_: Any) -> None:
    put(at, int(IPv4Address(value)) if isinstance(value, str) else value, 4)


def _write_sid(writer: Writer, at: int, text: str, *_: Any) -> None:
    content = sid(text)
    put(at, writer.block(len(content), content), POINTER)


#: How each kind of thing is written: by whom, to its own address, the value, the structure, and the address of that.
WRITERS: dict[str, Callable[..., None]] = {
    "u8": lambda _writer, at, value, *_: put(at, value, 1),
    "u16": lambda _writer, at, value, *_: put(at, value, 2),
    "u32": lambda _writer, at, value, *_: put(at, value, 4),
    "u64": lambda _writer, at, value, *_: put(at, value, 8),
    "number": _write_number,
    "v4": _write_number,
    "v6": lambda _writer, at, value, *_: memmove(at, IPv6Address(value).packed, 16),
    "mac": lambda _writer, at, value, *_: memmove(at, bytes.fromhex(value.replace(":", "")), 6),
    "enum": _write_enum(4),
    "enum8": _write_enum(1),
    "flags": _write_flags,
    "guid": lambda _writer, at, value, *_: memmove(at, guid_bytes(value), 16),
    "guidptr": lambda writer, at, value, *_: put(at, writer.block(16, guid_bytes(value)), POINTER),
    "wide": _write_wide,
    "blob": _write_blob,
    "struct": lambda writer, at, value, _structure, _base, name: write(writer, name, at, value),
    "ptr": lambda writer, at, value, _structure, _base, name: put(at, writer.structure(name, value), POINTER),
    "to": _write_pointed,
    "array": _write_array,
    "one": _write_one,
    "texts": _write_texts,
    "sd": lambda writer, at, value, *_: _write_blob(writer, at, security_descriptor(value)),
    "sid": _write_sid,
}


_SELF_RELATIVE = bytes((1, 0, 0x04, 0x80)) + bytes(16)


def security_descriptor(text: str) -> bytes:
    """Stand in for Windows' ConvertStringSecurityDescriptorToSecurityDescriptor: a header, and the text behind it."""
    if not text.startswith(("O:", "G:", "D:", "S:")):
        raise ValueError("is no security descriptor")
    return _SELF_RELATIVE + text.encode("utf-16-le")


def sddl(content: bytes) -> str:
    """Return the text of a security descriptor that ``security_descriptor`` made."""
    if not content.startswith(_SELF_RELATIVE):
        raise RawError(1338, "no self-relative security descriptor")
    return content[len(_SELF_RELATIVE) :].decode("utf-16-le")


def sid(text: str) -> bytes:
    """Return a security identifier: revision, how many parts, authority, parts ([MS-DTYP] 2.4.2)."""
    letter, revision, authority, *parts = text.split("-")
    if letter != "S":
        raise ValueError("is no security identifier")
    head = bytes((int(revision), len(parts))) + int(authority).to_bytes(6, "big")
    return head + b"".join(int(part).to_bytes(4, "little") for part in parts)


def sid_text(content: bytes) -> str:
    """Return the text of a security identifier."""
    parts = (int.from_bytes(content[at : at + 4], "little") for at in range(8, len(content), 4))
    return "-".join(("S", str(content[0]), str(int.from_bytes(content[2:8], "big")), *map(str, parts)))

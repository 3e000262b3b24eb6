"""Sets of Windows Firewall as registry values: what each proposal of a set is, and in which version it is said.

Sources: [MS-GPFAS] 2.2.4 and 2.2.5, its examples 4.4. What later versions added stands under names of its own, and the
values of a suite that has one say which versions pass it over.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ndtui.exporters.connection_security.native_values import Value
from ndtui.exporters.connection_security.net_objects import NetObject

#: The key of each kind of set. That of main mode is printed in the singular alone, and stands in no example.
KEYS: Mapping[str, str] = {
    "NetIPsecMainModeCryptoSet": "Phase1CryptoSet",
    "NetIPsecPhase1AuthSet": "Phase1AuthenticationSets",
    "NetIPsecPhase2AuthSet": "Phase2AuthenticationSets",
    "NetIPsecQuickModeCryptoSet": "Phase2CryptoSets",
}
Version = tuple[int, int]
Texts = tuple[tuple[str, str], ...]

#: The first version, Vista; that of its first service pack; those of Windows 7 and of Windows 8.
FIRST: Version = (2, 0)
_SECOND: Version = (2, 1)
_SEVENTH: Version = (2, 10)
_EIGHTH: Version = (2, 20)

_CIPHERS = {"DES": "DES", "DES3": "3DES", "AES128": "AES-128", "AES192": "AES-192", "AES256": "AES-256"}
_GCM = {f"AESGCM{bits}": f"AES-GCM{bits}" for bits in (128, 192, 256)}
_HASHES = {"MD5": "MD5", "SHA1": "SHA1"}
_NEWER_HASHES = {"SHA256": "SHA256", **{f"AESGMAC{bits}": f"AES-GCM{bits}" for bits in (128, 192, 256)}}
_MAIN_HASHES = {"SHA256": "SHA256", "SHA384": "SHA384"}
_GROUPS = {"DH1": "DH1", "DH2": "DH2", "DH14": "DH2048", "DH19": "ECDH-256", "DH20": "ECDH-384"}
_SECRECY = {
    "None": "Disable",
    "SameAsMainMode": "EnableDHFromPhase1",
    "DH1": "ReKeyDH1",
    "DH2": "ReKeyDH2",
    "DH14": "ReKeyDH2048",
    "DH19": "ReKeyECDH256",
    "DH20": "ReKeyECDH384",
}
_METHODS: Mapping[tuple[str, ...], str] = {
    ("Machine", "Kerberos"): "MachineKerb",
    ("Machine", "Ntlm"): "MachineNtlm",
    ("Machine", "Cert"): "MachineCert",
    ("Anonymous",): "Anonymous",
    ("User", "Kerberos"): "UserKerb",
    ("User", "Ntlm"): "UserNtlm",
}
_NAME_TYPES = {"DomainName": "DNS", "UserPrincipalName": "UPN", "EmailAddress": "RFC822"}
#: What of a proposal asks more of a certificate than its authority, and what makes it for one side alone.
_CRITERIA = ("ExtendedKeyUsage", "SubjectName", "Thumbprint", "SelectionCriteria", "ValidationCriteria")


class Said(NamedTuple):
    """Values, and the version in which they are said."""

    values: Texts
    version: Version = FIRST


class SetValues(NamedTuple):
    """The values of a set, and those of each of its suites, the preferred first."""

    values: Texts
    suites: tuple[Texts, ...]


def written(version: Version) -> str:
    """Return a version as it is written: both numbers in decimals."""
    return f"{version[0]}.{version[1]}"


def before(version: Version) -> str:
    """Return the last version before one, as it is written."""
    return written((version[0], version[1] - 1))


def set_values(each: NetObject, name: str) -> SetValues:
    """Return the values of a set, which people see by a name; its version is the lowest that has all of it."""
    own = _OF_SET.get(each.noun, _nothing)(dict(each.parameters))
    suites = [_SUITES[each.noun](dict(proposal)) for proposal in each.proposals]
    version = max(own.version, *(suite.version for suite in suites))
    said = [_with_criteria(suite.values, version) for suite in suites]
    return SetValues((("Version", written(version)), ("Name", name), *own.values), tuple(said))


def _nothing(_said: Mapping[str, Value]) -> Said:
    return Said(())


def _main_mode(said: Mapping[str, Value]) -> Said:
    forced = "TRUE" if said["ForceDiffieHellman"] else "FALSE"
    limits = (("TimeOutMinutes", str(said["MaxMinutes"])), ("TimeOutSessions", str(said["MaxSessions"])))
    return Said((("DoNotSkipDH", forced), *limits))


def _quick_mode(said: Mapping[str, Value]) -> Said:
    group = str(said["PerfectForwardSecrecyGroup"])
    if group == "DH24":
        return Said((("2_16PFS", "ReKeyDH24"),), _EIGHTH)
    return Said((("PFS", _SECRECY[group]),))


def _main_mode_suite(said: Mapping[str, Value]) -> Said:
    cipher, hashed, group = (str(said[name]) for name in ("Encryption", "Hash", "KeyExchange"))
    values: list[tuple[str, str]] = []
    version, skipped = FIRST, ""
    if group == "DH24":
        values.append(("2_16KeyExchange", "DH24"))
        version, skipped = _EIGHTH, before((2, 16))
    else:
        values.append(("KeyExchange", _GROUPS[group]))
    values.append(("Encryption", _CIPHERS[cipher]))
    if hashed in _HASHES:
        values.append(("Hash", _HASHES[hashed]))
    else:
        values.append(("2_1Hash", _MAIN_HASHES[hashed]))
        version, skipped = max(version, _SECOND), skipped or before(_SECOND)
    return Said(_skipped(values, skipped), version)


def _quick_mode_suite(said: Mapping[str, Value]) -> Said:
    kinds = said["Encapsulation"]
    values = [("Protocol", "&".join(kinds) if isinstance(kinds, tuple) else str(kinds))]
    for name, parameter in (("AhHash", "AHHash"), ("EspHash", "ESPHash")):
        if parameter in said:
            hashed = str(said[parameter])
            older = hashed in _HASHES
            values.append((name, _HASHES[hashed]) if older else (f"2_1{name}", _NEWER_HASHES[hashed]))
    cipher = str(said.get("Encryption", "None"))
    if cipher != "None":  # one that is not there means that nothing is encrypted
        values.append(("Encryption", _CIPHERS[cipher]) if cipher in _CIPHERS else ("2_1Encryption", _GCM[cipher]))
    values += [("TimeOutMinutes", str(said["MaxMinutes"])), ("TimeOutKbytes", str(said["MaxKiloBytes"]))]
    newer = any(name.startswith("2_1") for name, _ in values)
    return Said(_skipped(values, before(_SECOND) if newer else ""), _SECOND if newer else FIRST)


def _skipped(values: list[tuple[str, str]], version: str) -> Texts:
    return (*values, *((("SkipVersion", version),) if version else ()))


# -- authentication ----------------------------------------------------------------------------------------------------


def _first(said: Mapping[str, Value]) -> Said:
    method = _METHODS[tuple(name for name in ("Machine", "Anonymous", "Kerberos", "Ntlm", "Cert") if name in said)]
    if method != "MachineCert":
        return Said((("Method", method),))
    values = [("Method", method), ("HealthCert", "FALSE"), ("CAName", str(said["Authority"]))]
    values.append(("CertAccountMapping", "TRUE" if "AccountMapping" in said else "FALSE"))
    values.append(("ExcludeCAName", "FALSE"))
    version, skipped = FIRST, ""
    if said["Signing"] != "RSA":
        values.append(("OtherCertSigning", str(said["Signing"])))
        version, skipped = _SECOND, before(_SECOND)
    if said["AuthorityType"] == "Intermediate":
        values.append(("IntermediateCA", "TRUE"))
        version, skipped = _SEVENTH, "2.8"  # [MS-GPFAS] 2.2.4.14 has just this
    values = [*_skipped(values, skipped)]
    if any(name in said for name in _CRITERIA):
        values.append(("CertCriteria", "|".join(_criteria(said))))
        version = _EIGHTH
    return Said(tuple(values), version)


def _criteria(said: Mapping[str, Value]) -> Iterator[str]:
    """Yield what is asked of a certificate beside its authority; the version comes before it."""
    sides = {"SelectionCriteria": "Select", "ValidationCriteria": "Validate"}
    yield f"CriteriaType={next((word for name, word in sides.items() if name in said), 'Both')}"
    if "SubjectName" in said:
        kind = str(said["SubjectNameType"])
        yield f"NameType={_NAME_TYPES.get(kind, kind)}"
        yield f"Name={said['SubjectName']}"
    usages = said.get("ExtendedKeyUsage", ())
    yield from (f"Eku={usage}" for usage in (usages if isinstance(usages, tuple) else (usages,)))
    if "Thumbprint" in said:
        yield f"Hash={said['Thumbprint']}"
    yield ""


def _with_criteria(values: Texts, version: Version) -> Texts:
    """Return values in which criteria have the version of their set, as [MS-FASP] 2.2.65 wants it."""
    return tuple((name, f"v{written(version)}|{text}" if name == "CertCriteria" else text) for name, text in values)


def _second(said: Mapping[str, Value]) -> Said:
    return Said(
        (("Method", _METHODS[tuple(name for name in ("User", "Anonymous", "Kerberos", "Ntlm") if name in said)]),)
    )


_OF_SET: Mapping[str, Callable[[Mapping[str, Value]], Said]] = {
    "NetIPsecMainModeCryptoSet": _main_mode,
    "NetIPsecQuickModeCryptoSet": _quick_mode,
}
_SUITES: Mapping[str, Callable[[Mapping[str, Value]], Said]] = {
    "NetIPsecMainModeCryptoSet": _main_mode_suite,
    "NetIPsecPhase1AuthSet": _first,
    "NetIPsecPhase2AuthSet": _second,
    "NetIPsecQuickModeCryptoSet": _quick_mode_suite,
}

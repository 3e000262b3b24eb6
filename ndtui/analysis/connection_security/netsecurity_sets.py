"""Sets of NetSecurity: how machines and users authenticate, and what quick mode offers, in the words of [MS-GPFAS].

Sources: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netikecertauthproposal,
.../msft-netikekerbauthproposal, .../msft-netikepskauthproposal, .../msft-netikeqmcryptoset and
.../msft-netikeqmcryptoproposal. They print the number of certificates of machines as that of NTLM of users; 65006 is
the one between its neighbours, and what https://github.com/LuicdLabs/OneMMC uses.
"""

from collections.abc import Iterator, Mapping

from ndtui.analysis.connection_security.crypto_words import NoWordError, group_of, proposal_of_registry
from ndtui.analysis.connection_security.netsecurity_objects import called
from ndtui.analysis.connection_security.netsecurity_values import Properties, first_of, items_of, unwrapped
from ndtui.analysis.connection_security.security_rules import Suite
from ndtui.model.design.ipsec_policy import QuickModeProposal

CUT = "what it offers is not in the file: write more with ConvertTo-Json -Depth 5"
_METHODS = {
    "2": "MachineSHKey",
    "65001": "Anonymous",
    "65002": "MachineKerb",
    "65003": "MachineNtlm",
    "65004": "UserKerb",
    "65005": "UserNtlm",
    "65006": "MachineCert",
    "65007": "UserCert",
    "65008": "MachineHealthCert",
}
_SIGNING = {"2": "ECDSA256", "3": "ECDSA384", "ecdsa256": "ECDSA256", "ecdsa384": "ECDSA384"}
_NAME_TYPES = {"1": "DNS", "2": "UPN", "3": "RFC822", "4": "CN", "5": "OU", "6": "O", "7": "DC"}
_PROTOCOLS = {"0": "AUTH_NO_ENCAP", "1": "AH", "2": "ESP", "3": "AH&ESP", "ah": "AH", "esp": "ESP"}
_CIPHERS = {
    "0": "",
    "none": "",
    "2": "DES",
    "6": "3DES",
    "des3": "3DES",
    "65001": "AES-128",
    "65002": "AES-192",
    "65003": "AES-256",
    "65004": "AES-GCM128",
    "65005": "AES-GCM192",
    "65006": "AES-GCM256",
}
_HASHES = {
    "0": "",
    "none": "",
    "2": "MD5",
    "3": "SHA1",
    "65001": "SHA256",
    "65002": "SHA384",
    "65003": "AES-GMAC128",
    "65004": "AES-GMAC192",
    "65005": "AES-GMAC256",
}
_GROUPS = {
    "0": "none",
    "1": "dhgroup1",
    "2": "dhgroup2",
    "14": "dhgroup14",
    "19": "ecdhp256",
    "20": "ecdhp384",
    "24": "dhgroup24",
    "dh1": "dhgroup1",
    "dh2": "dhgroup2",
    "dh14": "dhgroup14",
    "dh19": "ecdhp256",
    "dh20": "ecdhp384",
    "dh24": "dhgroup24",
    "sameasmainmode": "mainmode",
}


def proposals_of(each: Properties) -> Iterator[Properties]:
    """Yield the proposals of a set.

    Raises:
        NoWordError: they are not in the file, which was not written deep enough.
    """
    listed = unwrapped(first_of(each, "Proposals", "Proposal"))
    for proposal in listed if isinstance(listed, list) else [] if listed is None else [listed]:
        if not isinstance(proposal, dict):
            raise NoWordError(CUT)
        yield proposal


def suites_of(each: Properties) -> tuple[Suite, ...]:
    """Return the ways to authenticate of a set.

    Raises:
        NoWordError: they are not in the file.
    """
    return tuple(map(_suite, proposals_of(each)))


def _suite(said: Properties) -> Suite:
    word = str(said.get("AuthenticationMethod", ""))
    method = _METHODS.get(word, word)
    details = {"proxyserver": str(said.get("KerbProxy") or "")}
    if "Cert" in method:
        details |= {
            "caname": str(said.get("TrustedCA") or ""),
            "intermediateca": _true(str(said.get("TrustedCAType")) in ("2", "Intermediate")),
            "certaccountmapping": _true(said.get("MapToAccount")),
            "excludecaname": _true(said.get("ExcludeCAName")),
            "othercertsigning": _SIGNING.get(str(said.get("SigningAlgorithm", "")).casefold(), ""),
            "certcriteria": _criteria(said),
        }
    return Suite(method, {name: value for name, value in details.items() if value})


def _true(value: object) -> str:
    return "TRUE" if value is True else ""


def _criteria(said: Properties) -> str:
    """Return what is asked of a certificate beside its authority, as the registry has it; empty for nothing."""
    kind = str(said.get("CertNameType") or "")
    parts = [f"Eku={usage}" for usage in items_of(said, "EKUs")]
    if said.get("CertName"):
        parts += [f"NameType={_NAME_TYPES.get(kind, kind)}", f"Name={said['CertName']}"]
    if said.get("Thumbprint"):
        parts.append(f"Hash={said['Thumbprint']}")
    if said.get("FollowRenewal") is True:
        parts.append("FollowRenewal=TRUE")
    if not parts:
        return ""
    sides = said.get("SelectionCriteria") is True, said.get("ValidationCriteria") is True
    asked = {(True, False): "Select", (False, True): "Validate"}.get(sides, "Both")
    return "|".join(["v2.20", f"CriteriaType={asked}", *parts, ""])


def offers_of(each: Properties, lost: list[str]) -> tuple[QuickModeProposal, ...]:
    """Return what a quick mode set offers; what of it cannot be said is added to ``lost``."""
    found: list[QuickModeProposal] = []
    group = str(first_of(each, "PfsGroupID", "PerfectForwardSecrecyGroup") or 0).casefold()
    try:
        for number, proposal in enumerate(proposals_of(each)):
            try:
                found.append(proposal_of_registry(_offered(proposal), group_of(_GROUPS.get(group, group))))
            except NoWordError as error:
                lost.append(f"set {called(each)}, proposal {number}: {error}")
    except NoWordError as error:
        lost.append(f"set {called(each)}: {error}")
    return tuple(found)


def _offered(said: Properties) -> Mapping[str, str]:
    def word(words: Mapping[str, str], *names: str) -> str:
        text = str(first_of(said, *names) or 0).casefold()
        return words.get(text, text)

    protocols = items_of(said, "Encapsulation") or ("0",)
    return {
        "protocol": "&".join(_PROTOCOLS.get(each.casefold(), each) for each in sorted(protocols)),
        "ahhash": word(_HASHES, "HashAlgorithmAH", "AHHash"),
        "esphash": word(_HASHES, "HashAlgorithmESP", "ESPHash"),
        "encryption": word(_CIPHERS, "CipherAlgorithm", "Encryption"),
        "timeoutminutes": str(first_of(said, "MaxLifetimeMinutes", "MaxMinutes") or ""),
        "timeoutkbytes": str(first_of(said, "MaxLifetimeKilobytes", "MaxKiloBytes") or ""),
    }

"""What Get-Net... | ConvertTo-Json -Depth 5 would write of a small Windows: objects of WMI, enumerations as numbers.

Names and numbers: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/network-security-classes and, for Mode,
the enumeration of NetIPsecRule.cmdletDefinition.cdxml.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.exporters.powershell.small_windows import RULES, SmallWindows

_SECURITY = {"None": 0, "Request": 1, "Require": 2}
_MODULES = {"Default": 0, "IKEv1": 1, "AuthIP": 2, "IKEv2": 4}
_PROFILES = {"Any": 0, "Domain": 1, "Private": 2, "Public": 4}
_INTERFACES = {"Any": 0, "Wired": 1, "Wireless": 2, "RemoteAccess": 4}
_ENDS = ("LocalAddress", "RemoteAddress")
_PORTS = ("LocalPort", "RemotePort")
_CIPHERS = {"None": 0, "DES": 2, "DES3": 6, "AES128": 65001, "AES192": 65002, "AES256": 65003}
_CIPHERS |= {"AESGCM128": 65004, "AESGCM192": 65005, "AESGCM256": 65006}
_HASHES = {"MD5": 2, "SHA1": 3, "SHA256": 65001, "SHA384": 65002}
_HASHES |= {"AESGMAC128": 65003, "AESGMAC192": 65004, "AESGMAC256": 65005}
_GROUPS = {"None": 0, "DH1": 1, "DH2": 2, "DH14": 14, "DH19": 19, "DH20": 20, "DH24": 24}
_NAME_TYPES = ("None", "DomainName", "UserPrincipalName", "EmailAddress", "CN", "OU", "O", "DC")
_SIGNING = {"RSA": 1, "ECDSA256": 2, "ECDSA384": 3}


def as_json(windows: SmallWindows, store: str = "PersistentStore") -> str:
    """Return all objects of a store as one list, a rule's filters after it."""
    return json.dumps(list(_objects(windows.stores[store])))


def _objects(held: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    for noun in RULES[:2]:
        for each in held.get(noun, {}).values():
            yield _main_rule(each) if noun == RULES[0] else _rule(each)
            yield from _filters(each)
    for each in held.get("NetIPsecMainModeCryptoSet", {}).values():
        yield {
            **_common(each),
            "MaxMinutes": each["MaxMinutes"],
            "MaxSessions": each["MaxSessions"],
            "ForceDiffieHellman": each["ForceDiffieHellman"],
            "Proposals": [_main_proposal(one) for one in _listed(each["Proposal"])],
        }
    for each in held.get("NetIPsecQuickModeCryptoSet", {}).values():
        group = each["PerfectForwardSecrecyGroup"]
        yield {
            **_common(each),
            "PfsGroupID": _GROUPS.get(group, group),
            "Proposals": [_quick_proposal(one) for one in _listed(each["Proposal"])],
        }
    for noun in ("NetIPsecPhase1AuthSet", "NetIPsecPhase2AuthSet"):
        for each in held.get(noun, {}).values():
            yield {**_common(each), "Proposals": [_auth_proposal(one) for one in _listed(each["Proposal"])]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _common(each: Mapping[str, Any]) -> dict[str, Any]:
    name = each["InstanceID"]
    return {
        "Name": name,
        "ID": name,
        "DisplayName": each["DisplayName"],
        "Group": each["Group"],
        "PrimaryStatus": 1,
        "Status": "The rule was parsed successfully from the store. (65536)",
        "PolicyStoreSourceType": 1,
        "Caption": None,
        "Description": None,
        "ElementName": each["DisplayName"],
        "InstanceID": name,
        "CreationClassName": f"MSFT|FW|{name}",
        "RuleGroup": each["Group"],
        "StatusCode": 65536,
        "CimClass": {"CimSystemProperties": "Microsoft.Management.Infrastructure.CimSystemProperties"},
    }


def _main_rule(each: Mapping[str, Any]) -> dict[str, Any]:
    sets = {name: each[name] for name in ("MainModeCryptoSet", "Phase1AuthSet")}
    return {**_common(each), **sets, **_in_force(each)}


def _in_force(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"Enabled": 1 if each["Enabled"] == "True" else 2, "Profile": _PROFILES[each["Profile"]], "Platform": []}


def _rule(each: Mapping[str, Any]) -> dict[str, Any]:
    sets = {name: each.get(name) for name in ("QuickModeCryptoSet", "Phase1AuthSet", "Phase2AuthSet")}
    return {
        **_common(each),
        **_in_force(each),
        **sets,
        "MainModeCryptoSet": None,
        "Mode": 3,
        "InboundSecurity": _SECURITY[each["InboundSecurity"]],
        "OutboundSecurity": _SECURITY[each["OutboundSecurity"]],
        "KeyModule": _MODULES[each["KeyModule"]],
        "AllowSetKey": False,
        "LocalTunnelEndpoint": [],
        "RemoteTunnelEndpoint": [],
        "RemoteTunnelHostname": None,
        "ForwardPathLifetime": 0,
        "RequireAuthorization": False,
        "User": "Any",
        "Machine": "Any",
    }


def _filters(each: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    of = {"InstanceID": each["InstanceID"], "CreationClassName": "MSFT|FW|x"}
    yield {**of, **{name: _few(each.get(name, "Any")) for name in _ENDS}}
    yield {**of, "Protocol": each.get("Protocol", "Any"), "IcmpType": "Any", "DynamicTarget": 0} | {
        name: _few(each.get(name, "Any")) for name in _PORTS
    }
    yield {**of, "InterfaceType": _INTERFACES[each.get("InterfaceType", "Any")]}


def _few(value: Any) -> Any:
    """Return a list as it comes: of one by itself, and of two as Windows PowerShell wraps some."""
    if not isinstance(value, list) or len(value) > 2:
        return value
    return value[0] if len(value) == 1 else {"value": value, "Count": 2}


def _main_proposal(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "CipherAlgorithm": _CIPHERS[said["Encryption"]],
        "HashAlgorithm": _HASHES[said["Hash"]],
        "GroupId": _GROUPS[said["KeyExchange"]],
        "MaxLifetimeSeconds": None,
        "Caption": None,
    }


def _quick_proposal(said: Mapping[str, Any]) -> dict[str, Any]:
    encapsulation = _listed(said["Encapsulation"])
    return {
        "Encapsulation": sum({"AH": 1, "ESP": 2}[each] for each in encapsulation),
        "HashAlgorithmAH": _HASHES.get(said.get("AHHash", ""), 0),
        "HashAlgorithmESP": _HASHES.get(said.get("ESPHash", ""), 0),
        "CipherAlgorithm": _CIPHERS[said.get("Encryption", "None")],
        "MaxLifetimeMinutes": said["MaxMinutes"],
        "MaxLifetimeKilobytes": said["MaxKiloBytes"],
        "GroupId": None,
    }


def _auth_proposal(said: Mapping[str, Any]) -> dict[str, Any]:
    user = "User" in said
    number = next(
        number
        for kind, number in (
            ("PreSharedKey", 2),
            ("Anonymous", 65001),
            ("Kerberos", 65004 if user else 65002),
            ("Ntlm", 65005 if user else 65003),
            ("Cert", 65007 if user else 65006),
        )
        if kind in said
    )
    made: dict[str, Any] = {"AuthenticationMethod": number, "CipherAlgorithm": None, "GroupId": None}
    if "Cert" in said:
        made |= {
            "TrustedCA": said["Authority"],
            "TrustedCAType": 2 if said["AuthorityType"] == "Intermediate" else 1,
            "SigningAlgorithm": _SIGNING[said["Signing"]],
            "MapToAccount": bool(said.get("AccountMapping")),
            "ExcludeCAName": False,
            "EKUs": said.get("ExtendedKeyUsage"),
            "CertName": said.get("SubjectName"),
            "CertNameType": _NAME_TYPES.index(said.get("SubjectNameType", "None")),
            "Thumbprint": said.get("Thumbprint"),
            "FollowRenewal": False,
            "SelectionCriteria": bool(said.get("SelectionCriteria")),
            "ValidationCriteria": bool(said.get("ValidationCriteria")),
        }
    return made

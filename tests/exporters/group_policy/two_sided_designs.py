"""Random designs of the kind that a connection security rule can say: it takes its ends either way round.

Traffic is the same with this machine and its peer exchanged; negotiation is of every kind that has words.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from ndtui.model.design.design import Design

_V4 = ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "192.0.2.7", "198.51.100.3-198.51.100.90")
_V6 = ("2001:db8::/32", "2001:db8:1::/48", "2001:db8:2::5", "fd00::1-fd00::ff")
_PORTS = (53, 80, 443, 1433, 3389)
_MODES = ("negotiation-discovery", "boundary", "require")
_MACHINES = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
_USERS = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"
_TRANSPORT = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]
_LIST = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
_ROOTS = ("subject:CN=Example Root CA", 'subject:C=US, O="Example, Inc.", CN=Root \\ 2')
_HASHES = ("HMAC_MD5_96", "HMAC_SHA_1_96", "HMAC_SHA_256_128", "GCM_AES_128", "GCM_AES_192", "GCM_AES_256")
_CIPHERS = ("CBC_DES", "CBC_3DES", "CBC_AES_128", "CBC_AES_192", "CBC_AES_256")
_SECRECY = ("NONE", "1", "2", "2048", "24", "ECP_256", "ECP_384", "MM")
_GROUPS = ("GROUP_1", "GROUP_2", "GROUP_14", "GROUP_24", "ECP_256", "ECP_384")


def two_sided_designs(seed: int) -> Iterator[Design]:
    """Yield designs without end; few of them cannot be said."""
    draw = Random(seed)
    while True:
        data = _design(draw)
        try:
            yield Design.model_validate(data)
        except ValueError:
            continue


def _design(draw: Random) -> dict[str, Any]:
    families = draw.choice([["V4", "V6"], ["V4", "V6"], ["V4"], ["V6"]])
    negotiation = _negotiation(draw)
    mode = draw.choice(_MODES)
    rules = [{"name": "base", "mode": mode, "scope": _scope(draw, families, 0.4)}]
    for number in range(draw.choice([0, 0, 1, 2])):
        rules.append({"name": f"rule {number}", "mode": mode, "scope": _scope(draw, families, 0.9)})
    if draw.random() < 0.5:
        rules.append(_demand(draw, rules[0]["scope"], with_users="extended_mode" in negotiation))
    return {
        "name": "random",
        "version": 2,
        "families": families,
        "rules": [{**each, "nd_secure": each["mode"] == "negotiation-discovery"} for each in rules],
        "exemptions": [_exemption(draw, families, n) for n in range(draw.randrange(4))],
        **negotiation,
    }


def _scope(draw: Random, families: list[str], likely: float) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if draw.random() < likely:
        fields["local_addresses"] = fields["remote_addresses"] = _addresses(draw, families)
    if draw.random() < 0.25:
        ports = draw.sample(_PORTS, draw.choice([1, 2]))
        fields |= {"protocol": draw.choice(["tcp", "udp"]), "local_ports": ports, "remote_ports": ports}
        fields["either_port"] = draw.random() < 0.7
    if draw.random() < 0.15:
        fields["profiles"] = draw.sample(["domain", "private", "public"], draw.choice([1, 2, 3]))
    if "local_addresses" not in fields and draw.random() < 0.15:
        fields["interfaces"] = draw.sample(["lan", "wireless", "remote-access"], draw.choice([1, 2]))
    return fields


def _addresses(draw: Random, families: list[str]) -> list[str]:
    known = [each for family in families for each in (_V4 if family == "V4" else _V6)]
    return draw.sample(known, draw.choice([1, 1, 2]))


def _demand(draw: Random, scope: dict[str, Any], *, with_users: bool) -> dict[str, Any]:
    service = {"protocol": draw.choice(["tcp", "udp"]), "local_ports": draw.sample(_PORTS, draw.choice([1, 2]))}
    rule: dict[str, Any] = {"name": "demand", "mode": "inherit", "scope": {**scope, **service}}
    kind = draw.choice(["encryption", "machines", "both", *(["users"] if with_users else [])])
    if kind in ("encryption", "both"):
        rule["encryption"] = "guaranteed"
    if kind in ("machines", "both"):
        rule["machines"] = _MACHINES
    if kind == "users":
        rule["users"] = _USERS
    return rule


def _exemption(draw: Random, families: list[str], number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": f"exemption {number}"}
    kind = draw.choice(["icmp", "service", "addresses", "protocol", "partial"])
    if kind == "icmp":
        fields["protocol"] = "icmp"
    if kind == "protocol":
        fields["protocol"] = draw.choice([47, 2, "tcp"])
    if kind == "service":
        ports = draw.choice([[53], ["5000-5100", 80], [443, 3389]])
        fields |= {"protocol": draw.choice(["tcp", "udp"]), "local_ports": ports, "remote_ports": ports}
    if kind == "partial":
        fields |= {"protocol": draw.choice(["tcp", "udp"]), "local_ports": [88], "remote_ports": [88]}
        fields["layers"] = _TRANSPORT
    if kind == "addresses" or draw.random() < 0.2:
        fields["local_addresses"] = fields["remote_addresses"] = _addresses(draw, families)
    if draw.random() < 0.2:
        fields["profiles"] = draw.sample(["domain", "private", "public"], draw.choice([1, 2]))
    return fields


# -- negotiation -------------------------------------------------------------------------------------------------------


def _negotiation(draw: Random) -> dict[str, Any]:
    modules = draw.choice([["IKE", "AuthIP"], ["AuthIP"], ["IKE"], ["IKEv2"], ["IKE", "IKEv2"]])
    found: dict[str, Any] = {"keying_modules": modules, "quick_mode": {"proposals": _quick_mode(draw)}}
    main: dict[str, Any] = {"proposals": _main_mode(draw)}
    if draw.random() < 0.5:
        main["flags"] = ["IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"]
    if "IKEv2" in modules:
        methods = [_certificates(draw)]
        main |= {f"{module.lower()}_authentication": methods for module in modules}
    elif modules == ["AuthIP"]:
        kinds = ("IKEEXT_KERBEROS", "IKEEXT_NTLM_V2", "IKEEXT_ANONYMOUS")
        main["authip_authentication"] = [{"method": kind} for kind in draw.sample(kinds, draw.choice([1, 2, 3]))]
        if draw.random() < 0.5:
            users = draw.choice([["KERBEROS"], ["NTLM_V2"], ["NTLM_V2", "KERBEROS"], ["KERBEROS", "ANONYMOUS"]])
            found["extended_mode"] = {"authentication": [{"method": f"IKEEXT_{each}"} for each in users]}
    elif modules == ["IKE"]:
        main["ike_authentication"] = draw.choice([
            [{"method": "IKEEXT_KERBEROS"}],
            [_certificates(draw), {"method": "IKEEXT_KERBEROS"}],
        ])  # fmt: skip
    found["main_mode"] = main
    return found


def _certificates(draw: Random) -> dict[str, Any]:
    kind = draw.choice(["", "_ECDSA_P256", "_ECDSA_P384"])
    method: dict[str, Any] = {"method": f"IKEEXT_CERTIFICATE{kind}", "inbound": _LIST, "outbound": _LIST}
    roots = draw.sample(_ROOTS, draw.choice([1, 2]))
    if draw.random() < 0.4:
        return {**method, "roots": roots}
    asked = _criteria(draw, roots[0], plain=not kind)
    way = draw.choice(["both", "inbound", "outbound", "differ"])
    if way == "both":
        return {**method, "inbound_criteria": [asked], "outbound_criteria": [asked]}
    if way == "differ":
        other = _criteria(draw, roots[-1], plain=not kind)
        return {**method, "inbound_criteria": [asked], "outbound_criteria": [other]}
    return {**method, "roots": [roots[0]], f"{way}_criteria": [asked]}


def _criteria(draw: Random, root: str, *, plain: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"root": root}
    if draw.random() < 0.5:
        found["key_usages"] = draw.sample(["1.3.6.1.5.5.8.2.2", "1.3.6.1.5.5.7.3.1"], draw.choice([1, 2]))
    if draw.random() < 0.4:
        found |= {"name": "host.example.com", "name_type": f"IKEEXT_CERT_CRITERIA_{draw.choice(['DNS', 'UPN', 'CN'])}"}
    if draw.random() < 0.3:
        found["thumbprint"] = "0a" * 20
    flags = ["ENABLE_ACCOUNT_MAPPING", *(["INTERMEDIATE_CA"] if plain else [])]
    found["flags"] = [f"IKEEXT_CERT_FLAG_{each}" for each in flags if draw.random() < 0.3]
    return found


def _main_mode(draw: Random) -> list[dict[str, Any]]:
    """Return proposals of one group and one lifetime, as a set has them; sometimes those that machines have anyway."""
    if draw.random() < 0.4:
        words = [("AES_128", "SHA1"), ("3DES", "SHA1")]
        group, limits = "GROUP_2", {}
    else:
        ciphers, hashes = ("DES", "3DES", "AES_128", "AES_192", "AES_256"), ("MD5", "SHA1", "SHA_256", "SHA_384")
        words = draw.sample([(c, i) for c in ciphers for i in hashes], draw.choice([1, 2]))
        group = draw.choice(_GROUPS)
        limits = {"lifetime_seconds": draw.choice([60, 28800, 3600]), "quick_mode_limit": draw.choice([0, 0, 12])}
    return [
        {
            "cipher": f"IKEEXT_CIPHER_{c}",
            "integrity": f"IKEEXT_INTEGRITY_{i}",
            "dh_group": f"IKEEXT_DH_{group}",
            **limits,
        }
        for c, i in words
    ]


def _quick_mode(draw: Random) -> list[dict[str, Any]]:
    group = f"IPSEC_PFS_{draw.choice(_SECRECY)}"
    return [_quick_mode_proposal(draw) | {"pfs_group": group} for _ in range(draw.choice([1, 2, 3]))]


def _quick_mode_proposal(draw: Random) -> dict[str, Any]:
    hashed = draw.choice(_HASHES)
    ah = {"type": "IPSEC_TRANSFORM_AH", "auth": f"IPSEC_AUTH_CONFIG_{hashed}"}
    esp: dict[str, str] = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": f"IPSEC_AUTH_CONFIG_{hashed}"}
    if draw.random() < 0.7:
        cipher = hashed if hashed.startswith("GCM") else draw.choice(_CIPHERS)
        esp |= {"type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", "cipher": f"IPSEC_CIPHER_CONFIG_{cipher}"}
    transforms = draw.choice([[esp], [esp], [ah], [ah, esp]])
    limits = {"lifetime_seconds": draw.choice([300, 3600, 86400]), "lifetime_kilobytes": draw.choice([20480, 100000])}
    return {"transforms": transforms, **limits}

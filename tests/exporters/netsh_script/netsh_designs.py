"""Random designs of the kind that netsh can say, most of them: one key exchange, Windows' own keying modules."""

from collections.abc import Iterator
from random import Random
from typing import Any

from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.exporters.powershell.sayable_designs import random_designs

KEY = "a key of the tests"
ENVIRONMENT = {"IPSEC_KEY": KEY}
_GROUPS = ("IKEEXT_DH_GROUP_2", "IKEEXT_DH_GROUP_14", "IKEEXT_DH_ECP_256", "IKEEXT_DH_ECP_384", "IKEEXT_DH_GROUP_24")
_PFS = ("IPSEC_PFS_NONE", "IPSEC_PFS_2", "IPSEC_PFS_2048", "IPSEC_PFS_ECP_384", "IPSEC_PFS_24", "IPSEC_PFS_MM")
_AH = "IPSEC_TRANSFORM_AH"
_ESP = "IPSEC_TRANSFORM_ESP_AUTH"
_BOTH = "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"
_AUTHS = ("HMAC_MD5_96", "HMAC_SHA_1_96", "HMAC_SHA_256_128", "GCM_AES_128", "GCM_AES_192", "GCM_AES_256")
_CIPHERS = ("CBC_DES", "CBC_3DES", "CBC_AES_128", "CBC_AES_192", "CBC_AES_256")


def netsh_designs(seed: int, *, symmetric: bool) -> Iterator[Design]:
    """Yield designs without end; with ``symmetric`` their traffic stays the same with both machines exchanged."""
    draw = Random(seed)
    for each in random_designs(seed):
        data = each.model_dump(mode="json", exclude={"id"})
        data |= _negotiation(draw, each.keying_modules)
        for traffic in (*(rule["scope"] for rule in data["rules"] if rule["mode"] != "inherit"), *data["exemptions"]):
            if symmetric:
                _mirror(draw, traffic)
        try:
            yield Design.model_validate(data)
        except ValueError:
            continue


def _mirror(draw: Random, traffic: dict[str, Any]) -> None:
    addresses = traffic["remote_addresses"] or traffic["local_addresses"]
    if addresses:
        traffic["interfaces"] = []
    traffic["remote_addresses"] = traffic["local_addresses"] = addresses
    ports = traffic["local_ports"] or traffic["remote_ports"]
    traffic["local_ports"] = traffic["remote_ports"] = ports
    if "either_port" in traffic:
        traffic["either_port"] = bool(ports) and draw.random() < 0.7


def _negotiation(draw: Random, modules: tuple[str, ...]) -> dict[str, Any]:
    methods = {"IKE": [_method("IKEEXT_KERBEROS")], "AuthIP": [_method("IKEEXT_KERBEROS")]}
    if modules == ("IKE",):
        methods["IKE"] = [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:IPSEC_KEY"}]
    elif modules == ("AuthIP",):
        methods["AuthIP"] = draw.choice(
            [
                [_method("IKEEXT_NTLM_V2")],
                [_method("IKEEXT_NTLM_V2"), _method("IKEEXT_ANONYMOUS")],
            ]
        )
    group, minutes = draw.choice(_GROUPS), draw.choice([1, 60, 480, 2879])
    main = [
        {
            "cipher": f"IKEEXT_CIPHER_{cipher}",
            "integrity": f"IKEEXT_INTEGRITY_{draw.choice(['MD5', 'SHA1', 'SHA_256', 'SHA_384'])}",
            "dh_group": group,
            "lifetime_seconds": minutes * 60,
            "quick_mode_limit": 0,
        }
        for cipher in draw.sample(["DES", "3DES", "AES_128", "AES_192", "AES_256"], draw.choice([1, 2, 3]))
    ]
    flags = ["IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"] if draw.random() < 0.5 else []
    pfs = draw.choice(_PFS)
    return {
        "main_mode": {
            "ike_authentication": methods["IKE"],
            "authip_authentication": methods["AuthIP"],
            "proposals": main,
            "flags": flags,
        },
        "quick_mode": {"proposals": [_quick_mode(draw, pfs) for _ in range(draw.choice([1, 2, 3]))]},
    }


def _method(name: str) -> dict[str, Any]:
    return {"method": name}


def _quick_mode(draw: Random, group: str) -> dict[str, Any]:
    auth = draw.choice(_AUTHS)
    cipher = auth if auth.startswith("GCM") else draw.choice(_CIPHERS)
    ah = {"type": _AH, "auth": f"IPSEC_AUTH_CONFIG_{auth}"}
    esp = {"type": _ESP, "auth": f"IPSEC_AUTH_CONFIG_{auth}"}
    both = {**esp, "type": _BOTH, "cipher": f"IPSEC_CIPHER_CONFIG_{cipher}"}
    return {
        "transforms": draw.choice([[ah], [esp], [both], [both], [ah, esp], [ah, both]]),
        "lifetime_seconds": draw.choice([5, 60, 2879]) * 60,
        "lifetime_kilobytes": draw.choice([20480, 100000, 2147483647]),
        "pfs_group": group,
    }


def one_key_exchange(name: str) -> Design:
    """Return a preset with the first of its key exchanges alone."""
    design = presets.find(name).load()
    data = design.model_dump(mode="json")
    first = data["main_mode"]["proposals"][0]
    data["main_mode"]["proposals"] = [
        each for each in data["main_mode"]["proposals"] if each["dh_group"] == first["dh_group"]
    ]
    return Design.model_validate(data)

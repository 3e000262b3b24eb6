"""The table of what each finding takes from its sources, and designs that have every use of every finding."""

import tomllib
from dataclasses import dataclass
from typing import Any

from ndtui.model.design.authentication import FLAG_MODULES, FLAGS_OF_METHOD
from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, QUICK_MODE_FLAGS
from ndtui.model.vocabulary import members
from ndtui.model.vocabulary.algorithms import WEAK
from tests.analysis.check.test_check import (
    ENTERPRISE,
    GOOD,
    MACHINE_CERTIFICATE,
    MAIN,
    design,
    quick,
    ruling,
)
from tests.support import DATA


@dataclass(frozen=True, slots=True)
class Row:
    """A fact that a finding says, and where it is from."""

    kind: str
    fact: str
    page: str
    section: str = ""
    words: str = ""
    beside: bool = False
    compared: bool = True
    note: str = ""


def rows() -> tuple[Row, ...]:
    """Return the rows of the table."""
    with (DATA / "finding_sources.toml").open("rb") as file:
        return tuple(Row(**each) for each in tomllib.load(file)["row"])


def uses() -> list[Design]:
    """Return designs with uses of findings that have several."""
    return [*_weak(), *_without_effect(), *_too_new(), *_of_rules(), *_of_peers()]


def _weak() -> list[Design]:
    """Return a design with each weak algorithm."""
    kinds = {"IKEEXT_CIPHER": "cipher", "IKEEXT_INTEGRITY": "integrity", "IKEEXT_DH": "dh_group"}
    main = [
        design(keying_modules=["AuthIP"], main_mode={"proposals": [{**MAIN, field: name}]})
        for name in WEAK
        for begin, field in kinds.items()
        if name.startswith(begin)
    ]
    groups = [design(quick_mode=quick(GOOD, pfs_group=name)) for name in WEAK if name.startswith("IPSEC_PFS")]
    plain = {"cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}
    fields = {"IPSEC_CIPHER": "cipher", "IPSEC_AUTH": "auth"}
    transforms = [
        design(quick_mode=quick({**GOOD, **plain, field: name}))
        for name in WEAK
        for begin, field in fields.items()
        if name.startswith(begin)
    ]
    return [*main, *groups, *transforms]


def _method(method: str, **fields: Any) -> dict[str, Any]:
    needs: dict[str, dict[str, str]] = {
        "IKEEXT_PRESHARED_KEY": {"key": "env:KEY"},
        "IKEEXT_KERBEROS": {},
        "IKEEXT_EAP": {},
    }
    stores = {"inbound": ENTERPRISE, "outbound": ENTERPRISE}
    return {"method": method, **needs.get(method, stores), **fields}


def _without_effect() -> list[Design]:
    """Return designs with what no keying module acts on that is switched on."""
    ikev2 = {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [MACHINE_CERTIFICATE]}}
    found = [design(keying_modules=["IKE"], main_mode={"flags": [*MAIN_MODE_FLAGS], "retransmit_seconds": 120})]
    found.append(design(keying_modules=["IKE"], quick_mode={"flags": [*QUICK_MODE_FLAGS]}))
    found.append(design(**ikev2, quick_mode={"flags": [*QUICK_MODE_FLAGS]}))
    principal = "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL"
    said = {**ikev2["main_mode"], "flags": [*MAIN_MODE_FLAGS], "impersonation": principal}  # type: ignore[dict-item]
    found.append(design(keying_modules=["IKEv2"], main_mode=said))
    method_of = {kind: method for method, kind in FLAGS_OF_METHOD.items() if not method.startswith("IKEEXT_SSL")}
    for kind, method in method_of.items():
        for flag in set(members(kind)) & set(FLAG_MODULES):
            used = "IKEEXT_CERTIFICATE" if kind == "IKEEXT_CERT_AUTH_FLAG" else method
            found.append(design(main_mode={"ike_authentication": [_method(used, flags=[flag])]}))
    url = "http://pki.example/host.cer"
    found.append(design(main_mode={"ike_authentication": [_method("IKEEXT_CERTIFICATE", certificate_url=url)]}))
    return found


def _too_new() -> list[Design]:
    """Return designs for Windows Vista with what is newer."""
    vista: dict[str, Any] = {"windows": "Vista"}
    criteria = [{"key_usages": ["1.3.6.1.5.5.8.2.2"]}]
    ikev2 = [
        _method("IKEEXT_EAP"),
        _method("IKEEXT_CERTIFICATE", inbound_criteria=criteria),
        _method("IKEEXT_CERTIFICATE", certificate_url="http://pki.example/host.cer"),
        _method("IKEEXT_PRESHARED_KEY", flags=["IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"]),
    ]
    kerberos = [_method("IKEEXT_KERBEROS", proxy="kdc.example", flags=["IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR"])]
    managers = [flag for flag in QUICK_MODE_FLAGS if "KEY_MANAGER" in flag]
    return [
        *(design(**vista, keying_modules=["IKEv2"], main_mode={"ikev2_authentication": [each]}) for each in ikev2),
        design(**vista, main_mode={"ike_authentication": kerberos, "retransmit_seconds": 120}),
        design(**vista, main_mode={"proposals": [{**MAIN, "dh_group": "IKEEXT_DH_GROUP_14"}]}),
        design(**vista, quick_mode={**quick(GOOD, pfs_group="IPSEC_PFS_14"), "flags": managers}),
    ]


def _of_rules() -> list[Design]:
    """Return designs whose rules drop clear traffic in each way that there is, or leave it to others."""
    somebody, inside = {"machines": "O:LSD:(A;;CC;;;DC)"}, {"remote_addresses": ["198.51.100.0/24"]}
    return [
        ruling({"mode": "require"}),
        ruling({"mode": "negotiation-discovery"}),
        ruling({"mode": "boundary", "encryption": "guaranteed"}),
        ruling({"mode": "boundary", **somebody}),
        ruling({"scope": inside}, {"name": "Desk", "mode": "inherit", **somebody}),
        ruling({"scope": inside}, {"name": "SQL", "mode": "inherit", "encryption": "guaranteed"}),
    ]


def _of_peers() -> list[Design]:
    """Return designs with peers that have nothing in common with them."""
    by_certificate = {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [MACHINE_CERTIFICATE]}}
    return [
        design(peers=["7"], **by_certificate),
        design(peers=["other"], keying_modules=["AuthIP"]),
        design(peers=["other"]),
    ]

"""Designs that a Linux peer can match, and a text that would break a configuration if they could."""

from ipaddress import ip_address
from typing import Any

from ndtui.exporters.linux_peer.peer_configuration import peer_configuration
from ndtui.exporters.linux_peer.peer_side import Hosts
from ndtui.model.design.design import Design
from tests.support import design

EXPLICIT = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
#: What a name may hold and a comment or a section must not be ended by.
HOSTILE = '} "x" # y { = ; \\ [/x] \u00e9 conn z'


def certificate(root: str = "CN=Example Root CA", method: str = "IKEEXT_CERTIFICATE", **fields: Any) -> dict[str, Any]:
    """Return a certificate of a root as a method of authentication."""
    return {"method": method, "inbound": EXPLICIT, "outbound": EXPLICIT, "roots": [f"subject:{root}"], **fields}


def esp(auth: str = "GCM_AES_256", cipher: str = "GCM_AES_256", pfs: str = "2048", **fields: Any) -> dict[str, Any]:
    """Return a quick mode proposal of ESP; without a cipher it authenticates alone."""
    transform = {"type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER" if cipher else "IPSEC_TRANSFORM_ESP_AUTH"}
    transform["auth"] = f"IPSEC_AUTH_CONFIG_{auth}"
    if cipher:
        transform["cipher"] = f"IPSEC_CIPHER_CONFIG_{cipher}"
    return {"transforms": [transform], "pfs_group": f"IPSEC_PFS_{pfs}", **fields}


def ah(auth: str = "HMAC_SHA_256_128", pfs: str = "2048") -> dict[str, Any]:
    """Return a quick mode proposal of AH."""
    transform = {"type": "IPSEC_TRANSFORM_AH", "auth": f"IPSEC_AUTH_CONFIG_{auth}"}
    return {"transforms": [transform], "pfs_group": f"IPSEC_PFS_{pfs}"}


def main(cipher: str = "AES_256", integrity: str = "SHA_256", group: str = "GROUP_14", **fields: Any) -> dict[str, Any]:
    """Return a main mode proposal."""
    return {
        "cipher": f"IKEEXT_CIPHER_{cipher}",
        "integrity": f"IKEEXT_INTEGRITY_{integrity}",
        "dh_group": f"IKEEXT_DH_{group}",
        **fields,
    }


def peered(
    modules: tuple[str, ...] = ("IKE", "IKEv2"),
    methods: tuple[dict[str, Any], ...] = (certificate(),),
    mains: tuple[dict[str, Any], ...] = (main(),),
    quicks: tuple[dict[str, Any], ...] = (esp(),),
    **fields: Any,
) -> Design:
    """Return a design that a Linux peer can match unless it is told something else."""
    names = [f"{module.lower()}_authentication" for module in modules if module != "AuthIP"]
    return design(
        keying_modules=list(modules),
        main_mode={**{name: list(methods) for name in names}, "proposals": list(mains), **fields.pop("main_mode", {})},
        quick_mode={"proposals": list(quicks), **fields.pop("quick_mode", {})},
        **fields,
    )


def written(
    of: Design,
    program: str,
    *,
    rule: str | None = None,
    windows: str | None = "192.0.2.7",
    peer: str | None = None,
    lossy: bool = False,
) -> str:
    """Return the configuration of a peer."""
    hosts = Hosts(*(None if word is None else ip_address(word) for word in (windows, peer)))
    return peer_configuration(of, program, rule=rule, hosts=hosts, lossy=lossy)


def effective(text: str) -> list[str]:
    """Return the lines of a configuration that are no comments."""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

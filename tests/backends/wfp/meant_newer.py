"""What a provider context says in structures of version 2, with every member that the program reads there.

Written down without the code under test, as ``meant`` is.
"""

from typing import Any

from ndtui.model.compiled.document_types import Document

MEMBERS = {
    "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST": "RootCriteria",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreCriteria",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "TrustedRootStoreCriteria",
}
_BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "IKEEXT_KERBEROS": ("kerberosAuthentication", {"flags": [], "proxyServer": None}),
    "IKEEXT_NTLM_V2": ("ntlmV2Authentication", {"flags": []}),
    "IKEEXT_EAP": ("eapAuthentication", {"flags": []}),
    "IKEEXT_PRESHARED_KEY": ("presharedKeyAuthentication", {"flags": []}),
}


def explicit(value: Any) -> Any:
    """Return a part of a document in which what is left out is said: nothing, zero, or a list of one that is empty."""
    if isinstance(value, list):
        return [explicit(each) for each in value]
    if not isinstance(value, dict):
        return value
    said = {name: explicit(member) for name, member in value.items()}
    if "ikeProposals" in said:
        said.setdefault("retransmitDurationSecs", 0)
    if "inboundConfigType" in said:
        _certificate(said)
    member, body = _BODIES.get(said.get("authenticationMethodType", ""), ("", {}))
    if member:
        said[member] = {**body, **said.get(member, {})}
    return said


def _certificate(said: Document) -> None:
    said.setdefault("localCertLocationUrl", "")
    for side in ("inbound", "outbound"):
        kind = MEMBERS.get(said[f"{side}ConfigType"])
        if kind is None:
            continue
        roots = said.pop(f"{side}RootArray", None)
        listed = [{}] if roots is None else [{"certData": root} for root in roots]
        said[side + kind] = [
            {"certData": "", "certHash": "", "eku": [], "flags": [], **each} for each in said.get(side + kind, listed)
        ]

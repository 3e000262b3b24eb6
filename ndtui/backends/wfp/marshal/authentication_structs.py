"""How peers prove who they are: IKEEXT_AUTHENTICATION_METHOD0 and 2; certificates are a module of their own.

Shapes: https://learn.microsoft.com/windows/win32/api/iketypes
"""

from collections.abc import Callable, Mapping

from ndtui.backends.wfp.marshal.certificate_structs import put_certificate
from ndtui.backends.wfp.marshal.node import Node
from ndtui.backends.wfp.native import Struct

#: The union member of IKEEXT_AUTHENTICATION_METHOD2 that a type of method fills.
_MEMBERS = {
    "IKEEXT_PRESHARED_KEY": "presharedKeyAuthentication",
    "IKEEXT_CERTIFICATE": "certificateAuthentication",
    "IKEEXT_CERTIFICATE_ECDSA_P256": "certificateAuthentication",
    "IKEEXT_CERTIFICATE_ECDSA_P384": "certificateAuthentication",
    "IKEEXT_KERBEROS": "kerberosAuthentication",
    "IKEEXT_NTLM_V2": "ntlmV2Authentication",
    "IKEEXT_SSL": "sslAuthentication",
    "IKEEXT_SSL_ECDSA_P256": "sslAuthentication",
    "IKEEXT_SSL_ECDSA_P384": "sslAuthentication",
    "IKEEXT_EAP": "eapAuthentication",
}


def method_member(method: str) -> str:
    """Return the union member that a type of method fills; nothing where it has none, or one that is never used."""
    return _MEMBERS.get(method, "")


def put_method(node: Node, method: Struct) -> None:
    """Fill an IKEEXT_AUTHENTICATION_METHOD. What a document does not say stays zero."""
    node.choice(
        method, "authenticationMethodType", "IKEEXT_AUTHENTICATION_METHOD_TYPE", "FWP_E_INCOMPATIBLE_AUTH_METHOD"
    )
    member = method_member(node.word("authenticationMethodType"))
    body = node.child(member)
    if body is not None and hasattr(type(method), member):
        _PUT[member](body, getattr(method, member))


def _put_key(node: Node, authentication: Struct) -> None:
    reference = node.word("presharedKey")
    secret = node.work.native.secret(reference)
    try:
        node.blob(authentication.presharedKey, secret, secret=True)
    finally:
        if isinstance(secret, bytearray):
            secret[:] = bytes(len(secret))
    node.work.notes.references[node.where("presharedKey")] = reference
    if node.work.version:
        node.flags(authentication, "flags", "IKEEXT_PSK_FLAG")


def _put_kerberos(node: Node, authentication: Struct) -> None:
    node.flags(authentication, "flags", "IKEEXT_KERB_AUTH")
    if node.work.version:
        node.text(authentication, "proxyServer")


_PUT: Mapping[str, Callable[[Node, Struct], None]] = {
    "presharedKeyAuthentication": _put_key,
    "certificateAuthentication": put_certificate,
    "kerberosAuthentication": _put_kerberos,
    "ntlmV2Authentication": lambda node, method: node.flags(method, "flags", "IKEEXT_NTLM_V2_AUTH"),
    "sslAuthentication": put_certificate,
    "eapAuthentication": lambda node, method: node.flags(method, "flags", "IKEEXT_EAP_FLAG"),
}

"""Authentication methods, read: the inverse of ``marshal.authentication_structs`` and ``marshal.certificate_structs``.

Secrets are never shown, and roots are told by the reference they were taken from. What a method says with zeros alone
is no part of its document.
"""

from collections.abc import Iterator
from typing import cast

from ndtui.backends.wfp.marshal.authentication_structs import method_member
from ndtui.backends.wfp.marshal.certificate_structs import CRITERIA_SIZES, ROOT_MEMBERS, says_nothing_more
from ndtui.backends.wfp.unmarshal.struct_view import View
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS
from ndtui.model.compiled.document_types import AuthenticationDocument
from ndtui.model.design.authentication import FLAGS_OF_METHOD, SIDES
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

#: What stands for a pre-shared key of which it is not known where it was taken from.
NOT_SHOWN = "(not shown)"

_Members = dict[str, object]


def method_documents(view: View, version: int) -> list[AuthenticationDocument]:
    """Return the methods of an IKEEXT_POLICY or IKEEXT_EM_POLICY of a version.

    Raises:
        ValueError: one says more than a document can.
    """
    kind = f"IKEEXT_AUTHENTICATION_METHOD{version}"
    methods = view.array("authenticationMethods", kind, "numAuthenticationMethods")
    return [_method(method, version) for method in methods]


def _method(view: View, version: int) -> AuthenticationDocument:
    method = view.choice("authenticationMethodType", "IKEEXT_AUTHENTICATION_METHOD_TYPE")
    member = method_member(method)
    document: _Members = {"authenticationMethodType": method}
    if method == "IKEEXT_IPV6_CGA":
        raise ValueError(f"{view.where('cgaAuthentication')} is none that a document can say")
    if hasattr(type(view.structure), member):
        body = _body(view.inner(member), method, version)
        if body:
            document[member] = body
    return cast("AuthenticationDocument", document)


def _body(view: View, method: str, version: int) -> _Members:
    """Return the member of a method; empty where all of it is zero and nothing of it has to be said."""
    if method == "IKEEXT_PRESHARED_KEY":
        key = view.notes.references.get(view.where("presharedKey"), NOT_SHOWN)
        return {"presharedKey": key, **(_flags(view, method) if version else {})}
    if method.startswith(("IKEEXT_CERTIFICATE", "IKEEXT_SSL")):
        return _certificate(view, method, version)
    said = _flags(view, method)
    if method == "IKEEXT_KERBEROS" and version > 1 and view.text("proxyServer"):
        return {"flags": [], **said, "proxyServer": view.text("proxyServer")}
    return said


def _flags(view: View, method: str) -> _Members:
    flags = view.flags("flags", FLAGS_OF_METHOD[method])
    return {"flags": flags} if flags else {}


def _certificate(view: View, method: str, version: int) -> _Members:
    document: _Members = {}
    for side in SIDES:
        document |= _side(view, side, version)
    document["flags"] = view.flags("flags", FLAGS_OF_METHOD[method])
    url = view.blob("localCertLocationUrl") if version else b""
    if url:
        document["localCertLocationUrl"] = _url(view, url)
    return document


def _side(view: View, side: str, version: int) -> _Members:
    """Return how certificates of a side are chosen: by references to roots alone, or by criteria that say more."""
    config = view.choice(f"{side}ConfigType", "IKEEXT_CERT_CONFIG_TYPE")
    document: _Members = {f"{side}ConfigType": config}
    if config not in CRITERIA_MEMBERS:
        return document
    member = side + CRITERIA_MEMBERS[config]
    structures = list(_structures(view, side, config, version))
    criteria = [_criteria(each, version) for each in structures]
    if view.where(member) in view.notes.spellings or not says_nothing_more(config, criteria):
        document[member] = criteria
    elif config == EXPLICIT_TRUST_LIST:
        path = view.where(f"{side}RootArray")
        document[f"{side}RootArray"] = [
            view.notes.root(f"{path}[{number}]", each.blob("certData")) for number, each in enumerate(structures)
        ]
    return document


def _structures(view: View, side: str, config: str, version: int) -> Iterator[View]:
    """Yield the criteria of a side, or what version 0 has of them: roots with flags."""
    member = side + CRITERIA_MEMBERS[config]
    if version > 1:
        yield from view.array(member, "IKEEXT_CERTIFICATE_CRITERIA0", side + CRITERIA_SIZES[config])
    elif config == EXPLICIT_TRUST_LIST:
        yield from view.array(f"{side}RootArray", "IKEEXT_CERT_ROOT_CONFIG0", f"{side}RootArraySize", member)
    else:
        store = view.pointed(side + ROOT_MEMBERS[config], "IKEEXT_CERT_ROOT_CONFIG0", f"{member}[0]")
        if store is not None:
            yield store


def _criteria(view: View, version: int) -> _Members:
    document: _Members = {"flags": view.flags("flags", "IKEEXT_CERT_FLAG")}
    root = view.blob("certData")
    if root:
        document["certData"] = view.notes.root(view.where("certData"), root)
    if version < 2:
        return document
    thumbprint = view.blob("certHash")
    if thumbprint:
        document["certHash"] = view.hexadecimal("certHash", thumbprint)
    usages = view.pointed("eku", "IKEEXT_CERT_EKUS0")
    if usages is not None:
        document["eku"] = usages.byte_texts("eku", "numEku")
    name = view.pointed("name", "IKEEXT_CERT_NAME0")
    if name is not None:
        document["name"] = {
            "nameType": name.choice("nameType", "IKEEXT_CERT_CRITERIA_NAME_TYPE"),
            "certName": name.text("certName"),
        }
    return document


def _url(view: View, content: bytes) -> str:
    """Return a URL. Windows' page does not say how it is encoded: what is not ASCII is not guessed at.

    Raises:
        ValueError: it is not ASCII.
    """
    url = content.decode("ascii", "replace")
    if not url.isascii() or not url.isprintable():
        raise ValueError(f"{view.where('localCertLocationUrl')} is not in ASCII: {content[:64].hex()}")
    return url

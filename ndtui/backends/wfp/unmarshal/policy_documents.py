"""The policy of a provider context, read: the inverse of ``marshal.policy_structs``. Secrets are never shown.

Structures of version 0 are what documents say and what is written; the members that later versions have besides are
zero for those. Where one is not, somebody else has set it with a later function, and reading is refused: nothing is
shown as less than it is.
"""

from collections.abc import Mapping
from typing import cast

from ndtui.backends.wfp.marshal.policy_structs import TRANSFORMS, method_member
from ndtui.backends.wfp.unmarshal.struct_view import View
from ndtui.model.compiled.document_types import (
    AuthenticationDocument,
    CertificateDocument,
    MainModeDocument,
    MainModeProposalDocument,
    QuickModeDocument,
    QuickModeProposalDocument,
    TransformDocument,
)
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

#: What stands for a pre-shared key of which it is not known where it was taken from.
NOT_SHOWN = "(not shown)"


def main_mode_document(view: View, version: int) -> MainModeDocument:
    """Return an IKEEXT_POLICY of a version.

    Raises:
        ValueError: it says more than a document can.
    """
    if version:
        _refuse(view, view.number("retransmitDurationSecs"), "retransmitDurationSecs")
    return {
        "softExpirationTime": view.number("softExpirationTime"),
        "authenticationMethods": _methods(view, version),
        "initiatorImpersonationType": _impersonation(view),
        "ikeProposals": [
            _main_mode_proposal(proposal)
            for proposal in view.array("ikeProposals", "IKEEXT_PROPOSAL0", "numIkeProposals")
        ],
        "flags": view.flags("flags", "IKEEXT_POLICY_FLAG"),
        "maxDynamicFilters": view.number("maxDynamicFilters"),
    }


def quick_mode_document(view: View, version: int) -> QuickModeDocument:
    """Return an IPSEC_TRANSPORT_POLICY of a version.

    Raises:
        ValueError: it says more than a document can.
    """
    idle = view.inner("saIdleTimeout")
    document: QuickModeDocument = {
        "ipsecProposals": [
            _quick_mode_proposal(proposal)
            for proposal in view.array("ipsecProposals", "IPSEC_PROPOSAL0", "numIpsecProposals")
        ],
        "flags": view.flags("flags", "IPSEC_POLICY_FLAG"),
        "ndAllowClearTimeoutSeconds": view.number("ndAllowClearTimeoutSeconds"),
        "saIdleTimeout": {
            "idleTimeoutSeconds": idle.number("idleTimeoutSeconds"),
            "idleTimeoutSecondsFailOver": idle.number("idleTimeoutSecondsFailOver"),
        },
    }
    extended = view.pointed("emPolicy", f"IKEEXT_EM_POLICY{version}")
    if extended is not None:
        document["emPolicy"] = {
            "authenticationMethods": _methods(extended, version),
            "initiatorImpersonationType": _impersonation(extended),
        }
    return document


def _impersonation(view: View) -> str:
    return view.choice("initiatorImpersonationType", "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")


def _methods(view: View, version: int) -> list[AuthenticationDocument]:
    kind = f"IKEEXT_AUTHENTICATION_METHOD{version}"
    methods = view.array("authenticationMethods", kind, "numAuthenticationMethods")
    return [_method(method, version) for method in methods]


def _method(view: View, version: int) -> AuthenticationDocument:
    method = view.choice("authenticationMethodType", "IKEEXT_AUTHENTICATION_METHOD_TYPE")
    member = method_member(method)
    document: AuthenticationDocument = {"authenticationMethodType": method}
    if member == "presharedKeyAuthentication":
        key = view.inner(member)
        if version:
            _refuse(key, key.number("flags"), "flags")
        document["presharedKeyAuthentication"] = {
            "presharedKey": view.notes.references.get(key.where("presharedKey"), NOT_SHOWN)
        }
    elif member == "certificateAuthentication":
        document["certificateAuthentication"] = _certificate(view.inner(member), version)
    elif member == "sslAuthentication":
        document["sslAuthentication"] = _certificate(view.inner(member), version)
    return document


def _certificate(view: View, version: int) -> CertificateDocument:
    document: dict[str, object] = {}
    for side in ("inbound", "outbound"):
        config = view.choice(f"{side}ConfigType", "IKEEXT_CERT_CONFIG_TYPE")
        document[f"{side}ConfigType"] = config
        if config == EXPLICIT_TRUST_LIST:
            document[f"{side}RootArray"] = [
                view.notes.root(root.path, root.blob("certData")) for root in _roots(view, side, version)
            ]
        elif version > 1:  # what chooses among the certificates of a store; the sizes of all lists share their place
            _refuse(view, view.number(f"{side}RootArraySize"), f"{side}EnterpriseStoreCriteria")
    document["flags"] = view.flags("flags", "IKEEXT_CERT_AUTH_FLAG")
    if version:
        _refuse(view, len(view.blob("localCertLocationUrl")), "localCertLocationUrl")
    return cast("CertificateDocument", document)


def _roots(view: View, side: str, version: int) -> list[View]:
    """Return the roots of an explicit list. From version 2 on each may have criteria besides."""
    member, size = f"{side}RootArray", f"{side}RootArraySize"
    if version < 2:
        return list(view.array(member, "IKEEXT_CERT_ROOT_CONFIG0", size))
    roots = list(view.array(f"{side}RootCriteria", "IKEEXT_CERTIFICATE_CRITERIA0", size, member))
    for root in roots:
        for more in ("eku", "name"):
            _refuse(root, root.address(more), more)
        _refuse(root, len(root.blob("certHash")), "certHash")
    return roots


def _refuse(view: View, value: int | None, member: str) -> None:
    """Refuse a member that no document has, unless it is zero."""
    if value:
        raise ValueError(f"{view.where(member)} is set, which was done with a later version of Windows' functions")


def _main_mode_proposal(view: View) -> MainModeProposalDocument:
    cipher, integrity = view.inner("cipherAlgorithm"), view.inner("integrityAlgorithm")
    return {
        "cipherAlgorithm": {
            "algoIdentifier": cipher.choice("algoIdentifier", "IKEEXT_CIPHER_TYPE"),
            "keyLen": cipher.number("keyLen"),
            "rounds": cipher.number("rounds"),
        },
        "integrityAlgorithm": {"algoIdentifier": integrity.choice("algoIdentifier", "IKEEXT_INTEGRITY_TYPE")},
        "maxLifetimeSeconds": view.number("maxLifetimeSeconds"),
        "dhGroup": view.choice("dhGroup", "IKEEXT_DH_GROUP"),
        "quickModeLimit": view.number("quickModeLimit"),
    }


def _quick_mode_proposal(view: View) -> QuickModeProposalDocument:
    lifetime = view.inner("lifetime")
    transforms = view.array("saTransforms", "IPSEC_SA_TRANSFORM0", "numSaTransforms")
    return {
        "lifetime": {
            "lifetimeSeconds": lifetime.number("lifetimeSeconds"),
            "lifetimeKilobytes": lifetime.number("lifetimeKilobytes"),
            "lifetimePackets": lifetime.number("lifetimePackets"),
        },
        "saTransforms": [_transform(transform) for transform in transforms],
        "pfsGroup": view.choice("pfsGroup", "IPSEC_PFS_GROUP"),
    }


def _transform(view: View) -> TransformDocument:
    kind = view.choice("ipsecTransformType", "IPSEC_TRANSFORM_TYPE")
    document: dict[str, object] = {"ipsecTransformType": kind}
    member, structure = TRANSFORMS.get(kind, ("", ""))
    body = view.pointed(member, structure) if member else None
    if body is not None and structure == "IPSEC_AUTH_AND_CIPHER_TRANSFORM0":
        document[member] = {
            "authTransform": _algorithm(body.inner("authTransform"), "auth"),
            "cipherTransform": _algorithm(body.inner("cipherTransform"), "cipher"),
        }
    elif body is not None:
        document[member] = _algorithm(body, "cipher" if "CIPHER" in structure else "auth")
    return cast("TransformDocument", document)


def _algorithm(view: View, algorithm: str) -> Mapping[str, object]:
    identifier = view.inner(f"{algorithm}TransformId")
    upper = algorithm.upper()
    return {
        f"{algorithm}TransformId": {
            f"{algorithm}Type": identifier.choice(f"{algorithm}Type", f"IPSEC_{upper}_TYPE"),
            f"{algorithm}Config": identifier.choice(f"{algorithm}Config", f"IPSEC_{upper}_CONFIG"),
        },
        **view.pointed_key("cryptoModuleId"),
    }

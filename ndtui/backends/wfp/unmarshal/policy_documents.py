"""The policy of a provider context, read: the inverse of ``marshal.policy_structs``. Secrets are never shown."""

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
from ndtui.model.design.ipsec_policy import EXPLICIT_TRUST_LIST

#: What stands for a pre-shared key of which it is not known where it was taken from.
NOT_SHOWN = "(not shown)"


def main_mode_document(view: View) -> MainModeDocument:
    """Return an IKEEXT_POLICY0."""
    return {
        "softExpirationTime": view.number("softExpirationTime"),
        "authenticationMethods": _methods(view),
        "initiatorImpersonationType": _impersonation(view),
        "ikeProposals": [
            _main_mode_proposal(proposal)
            for proposal in view.array("ikeProposals", "IKEEXT_PROPOSAL0", "numIkeProposals")
        ],
        "flags": view.flags("flags", "IKEEXT_POLICY_FLAG"),
        "maxDynamicFilters": view.number("maxDynamicFilters"),
    }


def quick_mode_document(view: View) -> QuickModeDocument:
    """Return an IPSEC_TRANSPORT_POLICY0."""
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
    extended = view.pointed("emPolicy", "IKEEXT_EM_POLICY0")
    if extended is not None:
        document["emPolicy"] = {
            "authenticationMethods": _methods(extended),
            "initiatorImpersonationType": _impersonation(extended),
        }
    return document


def _impersonation(view: View) -> str:
    return view.choice("initiatorImpersonationType", "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")


def _methods(view: View) -> list[AuthenticationDocument]:
    methods = view.array("authenticationMethods", "IKEEXT_AUTHENTICATION_METHOD0", "numAuthenticationMethods")
    return [_method(method) for method in methods]


def _method(view: View) -> AuthenticationDocument:
    method = view.choice("authenticationMethodType", "IKEEXT_AUTHENTICATION_METHOD_TYPE")
    member = method_member(method)
    document: AuthenticationDocument = {"authenticationMethodType": method}
    if member == "presharedKeyAuthentication":
        path = view.inner(member).where("presharedKey")
        document["presharedKeyAuthentication"] = {"presharedKey": view.notes.references.get(path, NOT_SHOWN)}
    elif member == "certificateAuthentication":
        document["certificateAuthentication"] = _certificate(view.inner(member))
    elif member == "sslAuthentication":
        document["sslAuthentication"] = _certificate(view.inner(member))
    return document


def _certificate(view: View) -> CertificateDocument:
    document: dict[str, object] = {}
    for side in ("inbound", "outbound"):
        config = view.choice(f"{side}ConfigType", "IKEEXT_CERT_CONFIG_TYPE")
        document[f"{side}ConfigType"] = config
        if config == EXPLICIT_TRUST_LIST:
            member = f"{side}RootArray"
            roots = view.array(member, "IKEEXT_CERT_ROOT_CONFIG0", f"{member}Size")
            document[member] = [view.notes.root(root.path, root.blob("certData")) for root in roots]
    document["flags"] = view.flags("flags", "IKEEXT_CERT_AUTH_FLAG")
    return cast("CertificateDocument", document)


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

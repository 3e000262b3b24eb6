"""The policy of a provider context, read: the inverse of ``marshal.policy_structs``.

What a member says with zeros alone is no part of a document where only newer structures have the member.
"""

from collections.abc import Mapping
from typing import cast

from ndtui.backends.wfp.marshal.policy_structs import TRANSFORMS
from ndtui.backends.wfp.unmarshal.authentication_documents import method_documents
from ndtui.backends.wfp.unmarshal.struct_view import View
from ndtui.model.compiled.document_types import (
    MainModeDocument,
    MainModeProposalDocument,
    QuickModeDocument,
    QuickModeProposalDocument,
    TransformDocument,
)


def main_mode_document(view: View, version: int) -> MainModeDocument:
    """Return an IKEEXT_POLICY of a version.

    Raises:
        ValueError: it says more than a document can.
    """
    document: MainModeDocument = {
        "softExpirationTime": view.number("softExpirationTime"),
        "authenticationMethods": method_documents(view, version),
        "initiatorImpersonationType": _impersonation(view),
        "ikeProposals": [
            _main_mode_proposal(proposal)
            for proposal in view.array("ikeProposals", "IKEEXT_PROPOSAL0", "numIkeProposals")
        ],
        "flags": view.flags("flags", "IKEEXT_POLICY_FLAG"),
        "maxDynamicFilters": view.number("maxDynamicFilters"),
    }
    retransmit = view.number("retransmitDurationSecs") if version else 0
    if retransmit:
        document["retransmitDurationSecs"] = retransmit
    return document


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
            "authenticationMethods": method_documents(extended, version),
            "initiatorImpersonationType": _impersonation(extended),
        }
    return document


def _impersonation(view: View) -> str:
    return view.choice("initiatorImpersonationType", "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")


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

"""The policy of a provider context, read: the inverse of ``marshal_policies``. Secrets are never shown."""

from ndtui.backends.wfp.marshal.policy_structs import TRANSFORMS, method_member
from ndtui.backends.wfp.unmarshal.struct_view import View
from ndtui.model.compiled.documents import Document
from ndtui.model.design.ipsec_policy import EXPLICIT_TRUST_LIST

#: What stands for a pre-shared key of which it is not known where it was taken from.
NOT_SHOWN = "(not shown)"


def main_mode_document(view: View) -> Document:
    """Return an IKEEXT_POLICY0."""
    return {
        **view.numbers("softExpirationTime"),
        "authenticationMethods": _methods(view),
        "initiatorImpersonationType": _impersonation(view),
        "ikeProposals": [
            _main_mode_proposal(proposal)
            for proposal in view.array("ikeProposals", "IKEEXT_PROPOSAL0", "numIkeProposals")
        ],
        "flags": view.flags("flags", "IKEEXT_POLICY_FLAG"),
        **view.numbers("maxDynamicFilters"),
    }


def quick_mode_document(view: View) -> Document:
    """Return an IPSEC_TRANSPORT_POLICY0."""
    document: Document = {
        "ipsecProposals": [
            _quick_mode_proposal(proposal)
            for proposal in view.array("ipsecProposals", "IPSEC_PROPOSAL0", "numIpsecProposals")
        ],
        "flags": view.flags("flags", "IPSEC_POLICY_FLAG"),
        **view.numbers("ndAllowClearTimeoutSeconds"),
        "saIdleTimeout": view.inner("saIdleTimeout").numbers("idleTimeoutSeconds", "idleTimeoutSecondsFailOver"),
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


def _methods(view: View) -> list[Document]:
    methods = view.array("authenticationMethods", "IKEEXT_AUTHENTICATION_METHOD0", "numAuthenticationMethods")
    return [_method(method) for method in methods]


def _method(view: View) -> Document:
    method = view.choice("authenticationMethodType", "IKEEXT_AUTHENTICATION_METHOD_TYPE")
    member = method_member(method)
    document: Document = {"authenticationMethodType": method}
    if member == "presharedKeyAuthentication":
        path = view.inner(member).where("presharedKey")
        document[member] = {"presharedKey": view.notes.references.get(path, NOT_SHOWN)}
    elif member:
        document[member] = _certificate(view.inner(member))
    return document


def _certificate(view: View) -> Document:
    document: Document = {}
    for side in ("inbound", "outbound"):
        config = view.choice(f"{side}ConfigType", "IKEEXT_CERT_CONFIG_TYPE")
        document[f"{side}ConfigType"] = config
        if config == EXPLICIT_TRUST_LIST:
            member = f"{side}RootArray"
            roots = view.array(member, "IKEEXT_CERT_ROOT_CONFIG0", f"{member}Size")
            document[member] = [view.notes.root(root.path, root.blob("certData")) for root in roots]
    document["flags"] = view.flags("flags", "IKEEXT_CERT_AUTH_FLAG")
    return document


def _main_mode_proposal(view: View) -> Document:
    cipher, integrity = view.inner("cipherAlgorithm"), view.inner("integrityAlgorithm")
    return {
        "cipherAlgorithm": {
            "algoIdentifier": cipher.choice("algoIdentifier", "IKEEXT_CIPHER_TYPE"),
            **cipher.numbers("keyLen", "rounds"),
        },
        "integrityAlgorithm": {"algoIdentifier": integrity.choice("algoIdentifier", "IKEEXT_INTEGRITY_TYPE")},
        **view.numbers("maxLifetimeSeconds"),
        "dhGroup": view.choice("dhGroup", "IKEEXT_DH_GROUP"),
        **view.numbers("quickModeLimit"),
    }


def _quick_mode_proposal(view: View) -> Document:
    transforms = view.array("saTransforms", "IPSEC_SA_TRANSFORM0", "numSaTransforms")
    return {
        "lifetime": view.inner("lifetime").numbers("lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets"),
        "saTransforms": [_transform(transform) for transform in transforms],
        "pfsGroup": view.choice("pfsGroup", "IPSEC_PFS_GROUP"),
    }


def _transform(view: View) -> Document:
    kind = view.choice("ipsecTransformType", "IPSEC_TRANSFORM_TYPE")
    document: Document = {"ipsecTransformType": kind}
    if kind not in TRANSFORMS:
        return document
    member, structure = TRANSFORMS[kind]
    body = view.pointed(member, structure)
    if body is not None and structure == "IPSEC_AUTH_AND_CIPHER_TRANSFORM0":
        document[member] = {
            "authTransform": _algorithm(body.inner("authTransform"), "auth"),
            "cipherTransform": _algorithm(body.inner("cipherTransform"), "cipher"),
        }
    elif body is not None:
        document[member] = _algorithm(body, "cipher" if "CIPHER" in structure else "auth")
    return document


def _algorithm(view: View, algorithm: str) -> Document:
    identifier = view.inner(f"{algorithm}TransformId")
    upper = algorithm.upper()
    return {
        f"{algorithm}TransformId": {
            f"{algorithm}Type": identifier.choice(f"{algorithm}Type", f"IPSEC_{upper}_TYPE"),
            f"{algorithm}Config": identifier.choice(f"{algorithm}Config", f"IPSEC_{upper}_CONFIG"),
        },
        **view.pointed_key("cryptoModuleId"),
    }

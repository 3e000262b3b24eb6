"""The policy of a provider context: IKEEXT_POLICY, IPSEC_TRANSPORT_POLICY and what they point to, in version 0 or 2.

Shapes: https://learn.microsoft.com/windows/win32/api/iketypes and https://learn.microsoft.com/windows/win32/api/ipsectypes
"""

from collections.abc import Callable

from ndtui.backends.wfp.marshal.arena import point
from ndtui.backends.wfp.marshal.authentication_structs import put_method
from ndtui.backends.wfp.marshal.node import Node
from ndtui.backends.wfp.native import Struct

#: The union member of IPSEC_SA_TRANSFORM0 for each type of transform, and the structure it points to.
TRANSFORMS = {
    "IPSEC_TRANSFORM_AH": ("ahTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH": ("espAuthTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_CIPHER": ("espCipherTransform", "IPSEC_CIPHER_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER": ("espAuthAndCipherTransform", "IPSEC_AUTH_AND_CIPHER_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH_FW": ("espAuthFwTransform", "IPSEC_AUTH_TRANSFORM0"),
}

_WRONG_ALGORITHM = {"auth": "FWP_E_INVALID_AUTH_TRANSFORM", "cipher": "FWP_E_INVALID_CIPHER_TRANSFORM"}


def main_mode_policy(node: Node) -> Struct:
    """Return the IKEEXT_POLICY of a main mode policy."""
    policy = node.work.make_versioned("IKEEXT_POLICY")
    node.number(policy, "softExpirationTime")
    _put_methods(node, policy)
    node.choice(policy, "initiatorImpersonationType", "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")
    _put_list(node, policy, "ikeProposals", "IKEEXT_PROPOSAL0", _put_main_mode_proposal)
    node.flags(policy, "flags", "IKEEXT_POLICY_FLAG")
    node.number(policy, "maxDynamicFilters")
    if node.work.version:
        node.number(policy, "retransmitDurationSecs")
    return policy


def quick_mode_policy(node: Node) -> Struct:
    """Return the IPSEC_TRANSPORT_POLICY of a quick mode policy."""
    policy = node.work.make_versioned("IPSEC_TRANSPORT_POLICY")
    _put_list(node, policy, "ipsecProposals", "IPSEC_PROPOSAL0", _put_quick_mode_proposal)
    node.flags(policy, "flags", "IPSEC_POLICY_FLAG")
    node.number(policy, "ndAllowClearTimeoutSeconds")
    idle = node.child("saIdleTimeout")
    if idle is not None:
        for name in ("idleTimeoutSeconds", "idleTimeoutSecondsFailOver"):
            idle.number(policy.saIdleTimeout, name)
    extended = node.child("emPolicy")
    if extended is not None:
        point(policy, "emPolicy", _extended_mode_policy(extended))
    return policy


def _extended_mode_policy(node: Node) -> Struct:
    policy = node.work.make_versioned("IKEEXT_EM_POLICY")
    _put_methods(node, policy)
    node.choice(policy, "initiatorImpersonationType", "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")
    return policy


def _put_methods(node: Node, policy: Struct) -> None:
    kind = f"IKEEXT_AUTHENTICATION_METHOD{node.work.version}"
    _put_list(node, policy, "authenticationMethods", kind, put_method)


def _put_list(node: Node, owner: Struct, name: str, kind: str, put: Callable[[Node, Struct], None]) -> None:
    """Point to an array with a structure for each object of a list; its length is the member ``num`` + name."""
    items = node.children(name)
    setattr(owner, f"num{name[0].upper()}{name[1:]}", len(items))
    if items:
        array = node.work.arena.array(getattr(node.work.native.wfp, kind), len(items))
        for item, structure in zip(items, array, strict=True):
            put(item, structure)
        point(owner, name, array)


def _put_main_mode_proposal(node: Node, proposal: Struct) -> None:
    cipher, integrity = node.child("cipherAlgorithm"), node.child("integrityAlgorithm")
    if cipher is None or integrity is None:
        missing = "cipherAlgorithm" if cipher is None else "integrityAlgorithm"
        raise node.wrong(missing, "is missing", "FWP_E_INVALID_ENUMERATOR")
    cipher.choice(proposal.cipherAlgorithm, "algoIdentifier", "IKEEXT_CIPHER_TYPE")
    cipher.number(proposal.cipherAlgorithm, "keyLen")
    cipher.number(proposal.cipherAlgorithm, "rounds")
    integrity.choice(proposal.integrityAlgorithm, "algoIdentifier", "IKEEXT_INTEGRITY_TYPE")
    node.number(proposal, "maxLifetimeSeconds")
    node.choice(proposal, "dhGroup", "IKEEXT_DH_GROUP")
    node.number(proposal, "quickModeLimit")


def _put_quick_mode_proposal(node: Node, proposal: Struct) -> None:
    lifetime = node.child("lifetime")
    if lifetime is not None:
        for name in ("lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets"):
            lifetime.number(proposal.lifetime, name)
    _put_list(node, proposal, "saTransforms", "IPSEC_SA_TRANSFORM0", _put_transform)
    node.choice(proposal, "pfsGroup", "IPSEC_PFS_GROUP")


def _put_transform(node: Node, transform: Struct) -> None:
    node.choice(transform, "ipsecTransformType", "IPSEC_TRANSFORM_TYPE")
    member, kind = TRANSFORMS[node.word("ipsecTransformType")]
    body = node.child(member)
    if body is None:
        return
    algorithms = node.work.make(kind)
    if kind == "IPSEC_AUTH_AND_CIPHER_TRANSFORM0":
        for name, algorithm in (("authTransform", "auth"), ("cipherTransform", "cipher")):
            part = body.child(name)
            if part is None:
                raise body.wrong(name, "is missing", "FWP_E_INVALID_TRANSFORM_COMBINATION")
            _put_algorithm(part, getattr(algorithms, name), algorithm)
    else:
        _put_algorithm(body, algorithms, "cipher" if "CIPHER" in kind else "auth")
    point(transform, member, algorithms)


def _put_algorithm(node: Node, transform: Struct, algorithm: str) -> None:
    """Fill an IPSEC_AUTH_TRANSFORM0 or IPSEC_CIPHER_TRANSFORM0."""
    name = f"{algorithm}TransformId"
    code = _WRONG_ALGORITHM[algorithm]
    identifier = node.child(name)
    if identifier is None:
        raise node.wrong(name, "is missing", code)
    for member, enumeration in (("Type", "TYPE"), ("Config", "CONFIG")):
        identifier.choice(
            getattr(transform, name), algorithm + member, f"IPSEC_{algorithm.upper()}_{enumeration}", code
        )
    node.pointed_key(transform, "cryptoModuleId", "IPSEC_CRYPTO_MODULE_")

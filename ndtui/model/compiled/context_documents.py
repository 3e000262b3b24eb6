"""Provider contexts as documents: their whole policy, member by member, as ``netsh wfp show state`` lists it.

Members that only newer structures have stand there where they are used: what every Windows takes stays as it was.
"""

from typing import cast

from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.document_types import (
    AuthenticationDocument,
    AuthTransformDocument,
    CertificateDocument,
    CipherTransformDocument,
    CriteriaDocument,
    ExtendedModeDocument,
    MainModeDocument,
    ProviderContextDocument,
    QuickModeDocument,
    QuickModeProposalDocument,
    TransformDocument,
)
from ndtui.model.compiled.objects import MainModePolicy, ProviderContext, QuickModePolicy
from ndtui.model.design.authentication import SIDES, AuthenticationMethod
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, CertificateCriteria
from ndtui.model.design.ipsec_policy import ExtendedMode, QuickModeProposal, Transform

#: The name of a context's policy by its type.
POLICY_MEMBERS = {
    "FWPM_IPSEC_IKE_MM_CONTEXT": "ikeMmPolicy",
    "FWPM_IPSEC_AUTHIP_MM_CONTEXT": "authIpMmPolicy",
    "FWPM_IPSEC_IKEV2_MM_CONTEXT": "ikeV2MmPolicy",
    "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT": "ikeQmTransportPolicy",
    "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT": "authIpQmTransportPolicy",
    "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT": "ikeV2QmTransportPolicy",
}


def context_document(context: ProviderContext) -> ProviderContextDocument:
    """Return a provider context with its whole policy as ``netsh wfp show state`` lists it."""
    policy = context.policy
    tree = _main_mode(policy) if isinstance(policy, MainModePolicy) else _quick_mode(policy)
    document = {
        "providerContextKey": braces(context.key),
        "displayData": {"name": context.name, "description": ""},
        "flags": list(context.flags),
        "providerKey": braces(context.provider),
        "type": context.type,
        POLICY_MEMBERS[context.type]: tree,
        "origin": str(context.origin),
    }
    return cast("ProviderContextDocument", document)


def _main_mode(policy: MainModePolicy) -> MainModeDocument:
    document: MainModeDocument = {
        "softExpirationTime": 0,
        "authenticationMethods": [_authentication(m) for m in policy.authentication],
        "initiatorImpersonationType": policy.impersonation,
        "ikeProposals": [
            {
                "cipherAlgorithm": {"algoIdentifier": p.cipher, "keyLen": 0, "rounds": 0},
                "integrityAlgorithm": {"algoIdentifier": p.integrity},
                "maxLifetimeSeconds": p.lifetime_seconds,
                "dhGroup": p.dh_group,
                "quickModeLimit": p.quick_mode_limit,
            }
            for p in policy.proposals
        ],
        "flags": list(policy.flags),
        "maxDynamicFilters": policy.max_dynamic_filters,
    }
    if policy.retransmit_seconds:
        document["retransmitDurationSecs"] = policy.retransmit_seconds
    return document


def _authentication(method: AuthenticationMethod) -> AuthenticationDocument:
    document: AuthenticationDocument = {"authenticationMethodType": method.method}
    flags = list(method.flags)
    if method.key is not None:
        document["presharedKeyAuthentication"] = {"presharedKey": method.key}
        if flags:
            document["presharedKeyAuthentication"]["flags"] = flags
    elif method.with_certificate:
        if "SSL" in method.method:
            document["sslAuthentication"] = _certificate(method)
        else:
            document["certificateAuthentication"] = _certificate(method)
    elif method.method == "IKEEXT_KERBEROS" and (flags or method.proxy):
        document["kerberosAuthentication"] = {"flags": flags}
        if method.proxy:
            document["kerberosAuthentication"]["proxyServer"] = method.proxy
    elif method.method == "IKEEXT_NTLM_V2" and flags:
        document["ntlmV2Authentication"] = {"flags": flags}
    elif method.method == "IKEEXT_EAP" and flags:
        document["eapAuthentication"] = {"flags": flags}
    return document


#: The member that holds the criteria of a side, without ``inbound`` or ``outbound``, by how certificates are chosen.
CRITERIA_MEMBERS = {
    EXPLICIT_TRUST_LIST: "RootCriteria",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreCriteria",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "TrustedRootStoreCriteria",
}


def _certificate(method: AuthenticationMethod) -> CertificateDocument:
    document: dict[str, object] = {}
    for side in SIDES:
        config, criteria = method.config(side), method.criteria(side)
        document[f"{side}ConfigType"] = config
        if criteria:
            document[side + CRITERIA_MEMBERS[config or ""]] = [_criteria(each) for each in criteria]
        elif config == EXPLICIT_TRUST_LIST:
            document[f"{side}RootArray"] = list(method.roots)
    document["flags"] = list(method.flags)
    if method.certificate_url:
        document["localCertLocationUrl"] = method.certificate_url
    return cast("CertificateDocument", document)


def _criteria(criteria: CertificateCriteria) -> CriteriaDocument:
    document: CriteriaDocument = {"flags": list(criteria.flags)}
    if criteria.root is not None:
        document["certData"] = criteria.root
    if criteria.thumbprint is not None:
        document["certHash"] = criteria.thumbprint
    if criteria.key_usages:
        document["eku"] = list(criteria.key_usages)
    if criteria.name_type is not None:
        document["name"] = {"nameType": criteria.name_type, "certName": criteria.name}
    return document


def _quick_mode(policy: QuickModePolicy) -> QuickModeDocument:
    quick = policy.quick_mode
    document: QuickModeDocument = {
        "ipsecProposals": [_proposal(p) for p in quick.proposals],
        "flags": list(policy.flags),
        "ndAllowClearTimeoutSeconds": quick.nd_allow_clear_timeout_seconds,
        "saIdleTimeout": {
            "idleTimeoutSeconds": quick.idle_timeout_seconds,
            "idleTimeoutSecondsFailOver": quick.idle_timeout_failover_seconds,
        },
    }
    if policy.extended_mode is not None:
        document["emPolicy"] = _extended_mode(policy.extended_mode)
    return document


def _extended_mode(policy: ExtendedMode) -> ExtendedModeDocument:
    return {
        "authenticationMethods": [_authentication(m) for m in policy.authentication],
        "initiatorImpersonationType": policy.impersonation,
    }


def _proposal(proposal: QuickModeProposal) -> QuickModeProposalDocument:
    return {
        "lifetime": {
            "lifetimeSeconds": proposal.lifetime_seconds,
            "lifetimeKilobytes": proposal.lifetime_kilobytes,
            "lifetimePackets": proposal.lifetime_packets,
        },
        "saTransforms": [_transform(t) for t in proposal.transforms],
        "pfsGroup": proposal.pfs_group,
    }


def _transform(transform: Transform) -> TransformDocument:
    auth: AuthTransformDocument = {
        "authTransformId": {"authType": auth_type(transform.auth), "authConfig": transform.auth}
    }
    cipher: CipherTransformDocument = {
        "cipherTransformId": {"cipherType": cipher_type(transform.cipher), "cipherConfig": transform.cipher}
    }
    if transform.type == "IPSEC_TRANSFORM_AH":
        return {"ipsecTransformType": transform.type, "ahTransform": auth}
    if transform.type == "IPSEC_TRANSFORM_ESP_AUTH":
        return {"ipsecTransformType": transform.type, "espAuthTransform": auth}
    if transform.type == "IPSEC_TRANSFORM_ESP_CIPHER":
        return {"ipsecTransformType": transform.type, "espCipherTransform": cipher}
    return {
        "ipsecTransformType": transform.type,
        "espAuthAndCipherTransform": {"authTransform": auth, "cipherTransform": cipher},
    }


def auth_type(config: str | None) -> str:
    """Return the IPSEC_AUTH_TYPE that goes with an IPSEC_AUTH_CONFIG. Source: the IPSEC_AUTH_TRANSFORM_ID_* macros."""
    return {
        "IPSEC_AUTH_CONFIG_HMAC_MD5_96": "IPSEC_AUTH_MD5",
        "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96": "IPSEC_AUTH_SHA_1",
        "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128": "IPSEC_AUTH_SHA_256",
        "IPSEC_AUTH_CONFIG_GCM_AES_128": "IPSEC_AUTH_AES_128",
        "IPSEC_AUTH_CONFIG_GCM_AES_192": "IPSEC_AUTH_AES_192",
        "IPSEC_AUTH_CONFIG_GCM_AES_256": "IPSEC_AUTH_AES_256",
    }.get(config or "", "")


def cipher_type(config: str | None) -> str:
    """Return the IPSEC_CIPHER_TYPE that goes with a cipher config. Source: the IPSEC_CIPHER_TRANSFORM_ID_* macros."""
    algorithm = (config or "").rpartition("_CONFIG_")[2].partition("_")[2]
    return f"IPSEC_CIPHER_TYPE_{algorithm}" if algorithm else ""

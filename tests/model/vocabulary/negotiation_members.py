"""What Windows' structures of a negotiation hold, and where a design has it; or the reason why it has not.

The roots are IKEEXT_POLICY2, IPSEC_TRANSPORT_POLICY2 and IKEEXT_EM_POLICY2. A list carries its length too.
"""

from ndtui.model.design.keying_modules import KEYING_MODULES

ROOTS = ("IKEEXT_POLICY2", "IPSEC_TRANSPORT_POLICY2", "IKEEXT_EM_POLICY2")
#: Structures that are one value.
VALUES = ("FWP_BYTE_BLOB", "FWP_BYTE_ARRAY16", "Guid")

_OWN = ("MainMode.proposals", *(f"MainMode.{module.lower()}_proposals" for module in KEYING_MODULES))
_METHODS = tuple(f"MainMode.{module.lower()}_authentication" for module in KEYING_MODULES)
_QUICK = ("QuickMode.proposals", *(f"QuickMode.{module.lower()}_proposals" for module in KEYING_MODULES))
_METHOD = ("AuthenticationMethod.method",)
_FLAGS = ("AuthenticationMethod.flags",)
_INBOUND, _OUTBOUND = ("AuthenticationMethod.inbound_criteria",), ("AuthenticationMethod.outbound_criteria",)
_ROOTS = ("AuthenticationMethod.roots",)

#: The fields of a design that a member of a structure is made of.
CARRIED: dict[str, tuple[str, ...]] = {
    "IKEEXT_POLICY2.numAuthenticationMethods": _METHODS,
    "IKEEXT_POLICY2.authenticationMethods": _METHODS,
    "IKEEXT_POLICY2.initiatorImpersonationType": ("MainMode.impersonation",),
    "IKEEXT_POLICY2.numIkeProposals": _OWN,
    "IKEEXT_POLICY2.ikeProposals": _OWN,
    "IKEEXT_POLICY2.flags": ("MainMode.flags",),
    "IKEEXT_POLICY2.maxDynamicFilters": ("MainMode.max_dynamic_filters",),
    "IKEEXT_POLICY2.retransmitDurationSecs": ("MainMode.retransmit_seconds",),
    "IPSEC_TRANSPORT_POLICY2.numIpsecProposals": _QUICK,
    "IPSEC_TRANSPORT_POLICY2.ipsecProposals": _QUICK,
    "IPSEC_TRANSPORT_POLICY2.flags": ("QuickMode.flags", "Rule.mode"),
    "IPSEC_TRANSPORT_POLICY2.ndAllowClearTimeoutSeconds": ("QuickMode.nd_allow_clear_timeout_seconds",),
    "IPSEC_TRANSPORT_POLICY2.saIdleTimeout": ("QuickMode.idle_timeout_seconds",),
    "IPSEC_TRANSPORT_POLICY2.emPolicy": ("Design.extended_mode", "Negotiation.extended_mode"),
    "IKEEXT_EM_POLICY2.numAuthenticationMethods": ("ExtendedMode.authentication",),
    "IKEEXT_EM_POLICY2.authenticationMethods": ("ExtendedMode.authentication",),
    "IKEEXT_EM_POLICY2.initiatorImpersonationType": ("ExtendedMode.impersonation",),
    "IKEEXT_AUTHENTICATION_METHOD2.authenticationMethodType": _METHOD,
    "IKEEXT_AUTHENTICATION_METHOD2.presharedKeyAuthentication": ("AuthenticationMethod.key",),
    "IKEEXT_AUTHENTICATION_METHOD2.certificateAuthentication": _METHOD,
    "IKEEXT_AUTHENTICATION_METHOD2.kerberosAuthentication": _METHOD,
    "IKEEXT_AUTHENTICATION_METHOD2.ntlmV2Authentication": _METHOD,
    "IKEEXT_AUTHENTICATION_METHOD2.sslAuthentication": _METHOD,
    "IKEEXT_AUTHENTICATION_METHOD2.eapAuthentication": _METHOD,
    "IKEEXT_PRESHARED_KEY_AUTHENTICATION1.presharedKey": ("AuthenticationMethod.key",),
    "IKEEXT_PRESHARED_KEY_AUTHENTICATION1.flags": _FLAGS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundConfigType": ("AuthenticationMethod.inbound",),
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundConfigType": ("AuthenticationMethod.outbound",),
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.flags": _FLAGS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.localCertLocationUrl": ("AuthenticationMethod.certificate_url",),
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundRootArraySize": _INBOUND + _ROOTS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundRootCriteria": _INBOUND + _ROOTS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundEnterpriseStoreArraySize": _INBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundEnterpriseStoreCriteria": _INBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundRootStoreArraySize": _INBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.inboundTrustedRootStoreCriteria": _INBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundRootArraySize": _OUTBOUND + _ROOTS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundRootCriteria": _OUTBOUND + _ROOTS,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundEnterpriseStoreArraySize": _OUTBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundEnterpriseStoreCriteria": _OUTBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundRootStoreArraySize": _OUTBOUND,
    "IKEEXT_CERTIFICATE_AUTHENTICATION2.outboundTrustedRootStoreCriteria": _OUTBOUND,
    "IKEEXT_CERTIFICATE_CRITERIA0.certData": ("CertificateCriteria.root", *_ROOTS),
    "IKEEXT_CERTIFICATE_CRITERIA0.certHash": ("CertificateCriteria.thumbprint",),
    "IKEEXT_CERTIFICATE_CRITERIA0.eku": ("CertificateCriteria.key_usages",),
    "IKEEXT_CERTIFICATE_CRITERIA0.name": ("CertificateCriteria.name",),
    "IKEEXT_CERTIFICATE_CRITERIA0.flags": ("CertificateCriteria.flags",),
    "IKEEXT_CERT_EKUS0.numEku": ("CertificateCriteria.key_usages",),
    "IKEEXT_CERT_EKUS0.eku": ("CertificateCriteria.key_usages",),
    "IKEEXT_CERT_NAME0.nameType": ("CertificateCriteria.name_type",),
    "IKEEXT_CERT_NAME0.certName": ("CertificateCriteria.name",),
    "IKEEXT_KERBEROS_AUTHENTICATION1.flags": _FLAGS,
    "IKEEXT_KERBEROS_AUTHENTICATION1.proxyServer": ("AuthenticationMethod.proxy",),
    "IKEEXT_NTLM_V2_AUTHENTICATION0.flags": _FLAGS,
    "IKEEXT_EAP_AUTHENTICATION0.flags": _FLAGS,
    "IKEEXT_PROPOSAL0.cipherAlgorithm": ("MainModeProposal.cipher",),
    "IKEEXT_PROPOSAL0.integrityAlgorithm": ("MainModeProposal.integrity",),
    "IKEEXT_PROPOSAL0.maxLifetimeSeconds": ("MainModeProposal.lifetime_seconds",),
    "IKEEXT_PROPOSAL0.dhGroup": ("MainModeProposal.dh_group",),
    "IKEEXT_PROPOSAL0.quickModeLimit": ("MainModeProposal.quick_mode_limit",),
    "IKEEXT_CIPHER_ALGORITHM0.algoIdentifier": ("MainModeProposal.cipher",),
    "IKEEXT_INTEGRITY_ALGORITHM0.algoIdentifier": ("MainModeProposal.integrity",),
    "IPSEC_PROPOSAL0.lifetime": ("QuickModeProposal.lifetime_seconds",),
    "IPSEC_PROPOSAL0.numSaTransforms": ("QuickModeProposal.transforms",),
    "IPSEC_PROPOSAL0.saTransforms": ("QuickModeProposal.transforms",),
    "IPSEC_PROPOSAL0.pfsGroup": ("QuickModeProposal.pfs_group",),
    "IPSEC_SA_LIFETIME0.lifetimeSeconds": ("QuickModeProposal.lifetime_seconds",),
    "IPSEC_SA_LIFETIME0.lifetimeKilobytes": ("QuickModeProposal.lifetime_kilobytes",),
    "IPSEC_SA_LIFETIME0.lifetimePackets": ("QuickModeProposal.lifetime_packets",),
    "IPSEC_SA_IDLE_TIMEOUT0.idleTimeoutSeconds": ("QuickMode.idle_timeout_seconds",),
    "IPSEC_SA_IDLE_TIMEOUT0.idleTimeoutSecondsFailOver": ("QuickMode.idle_timeout_failover_seconds",),
    "IPSEC_SA_TRANSFORM0.ipsecTransformType": ("Transform.type",),
    "IPSEC_SA_TRANSFORM0.ahTransform": ("Transform.auth",),
    "IPSEC_SA_TRANSFORM0.espAuthTransform": ("Transform.auth",),
    "IPSEC_SA_TRANSFORM0.espCipherTransform": ("Transform.cipher",),
    "IPSEC_SA_TRANSFORM0.espAuthAndCipherTransform": ("Transform.auth", "Transform.cipher"),
    "IPSEC_AUTH_TRANSFORM0.authTransformId": ("Transform.auth",),
    "IPSEC_CIPHER_TRANSFORM0.cipherTransformId": ("Transform.cipher",),
    "IPSEC_AUTH_AND_CIPHER_TRANSFORM0.authTransform": ("Transform.auth",),
    "IPSEC_AUTH_AND_CIPHER_TRANSFORM0.cipherTransform": ("Transform.cipher",),
    "IPSEC_AUTH_TRANSFORM_ID0.authType": ("Transform.auth",),
    "IPSEC_AUTH_TRANSFORM_ID0.authConfig": ("Transform.auth",),
    "IPSEC_CIPHER_TRANSFORM_ID0.cipherType": ("Transform.cipher",),
    "IPSEC_CIPHER_TRANSFORM_ID0.cipherConfig": ("Transform.cipher",),
}

_ADDRESSES = "cryptographically generated addresses (IKEEXT_IPV6_CGA) are off unless the registry turns them on"
_RESERVED = "reserved for internal use: Microsoft's page says not to use it"
_HEALTH = "Network Access Protection is gone since Windows 10"
_TUNNEL = "for tunnels, and a design protects transport"
_NETWORKS = "for virtual private networks by its name, and on no page of Microsoft's"
_UNDOCUMENTED = "on no page of Microsoft's: what it does is not known"

#: Members that a design does not have, and why.
LEFT_OUT: dict[str, str] = {
    "IKEEXT_POLICY2.softExpirationTime": "the caller must set it to 0",
    "IKEEXT_AUTHENTICATION_METHOD2.reservedAuthentication": _RESERVED,
    "IKEEXT_RESERVED_AUTHENTICATION0.flags": _RESERVED,
    "IKEEXT_AUTHENTICATION_METHOD2.cgaAuthentication": _ADDRESSES,
    "IKEEXT_IPV6_CGA_AUTHENTICATION0.keyContainerName": _ADDRESSES,
    "IKEEXT_IPV6_CGA_AUTHENTICATION0.cspName": _ADDRESSES,
    "IKEEXT_IPV6_CGA_AUTHENTICATION0.cspType": _ADDRESSES,
    "IKEEXT_IPV6_CGA_AUTHENTICATION0.cgaModifier": _ADDRESSES,
    "IKEEXT_IPV6_CGA_AUTHENTICATION0.cgaCollisionCount": _ADDRESSES,
    "IKEEXT_CIPHER_ALGORITHM0.keyLen": "unused: always 0",
    "IKEEXT_CIPHER_ALGORITHM0.rounds": "unused: always 0",
    "IPSEC_SA_TRANSFORM0.espAuthFwTransform": "protects the first packet alone: the rest of the session is in clear",
    "IPSEC_AUTH_TRANSFORM0.cryptoModuleId": "unused: always NULL",
    "IPSEC_CIPHER_TRANSFORM0.cryptoModuleId": "unused: always NULL",
}

#: The enumerations of members, and the names in them that a design cannot say, with the reason.
NAMES: dict[str, dict[str, str]] = {
    "IKEEXT_AUTHENTICATION_METHOD_TYPE": {"IKEEXT_IPV6_CGA": _ADDRESSES},
    "IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE": {},
    "IKEEXT_POLICY_FLAG": {
        "IKEEXT_POLICY_FLAG_SITE_TO_SITE": _NETWORKS,
        "IKEEXT_POLICY_FLAG_POINT_TO_SITE": _NETWORKS,
        "IKEEXT_POLICY_FLAG_IMS_VPN": _NETWORKS,
        "IKEEXT_POLICY_SUPPORT_LOW_POWER_MODE": _UNDOCUMENTED,
    },
    "IKEEXT_CERT_CONFIG_TYPE": {},
    "IKEEXT_CERT_AUTH_FLAG": {},
    "IKEEXT_CERT_FLAG": {
        "IKEEXT_CERT_FLAG_USE_NAP_CERTIFICATE": _HEALTH,
        "IKEEXT_CERT_FLAG_PREFER_NAP_CERTIFICATE_OUTBOUND": _HEALTH,
        "IKEEXT_CERT_FLAG_SELECT_NAP_CERTIFICATE": _HEALTH,
        "IKEEXT_CERT_FLAG_VERIFY_NAP_CERTIFICATE": _HEALTH,
    },
    "IKEEXT_CERT_CRITERIA_NAME_TYPE": {},
    "IKEEXT_KERB_AUTH": {},
    "IKEEXT_NTLM_V2_AUTH": {},
    "IKEEXT_PSK_FLAG": {},
    "IKEEXT_EAP_FLAG": {},
    "IKEEXT_CIPHER_TYPE": {},
    "IKEEXT_INTEGRITY_TYPE": {},
    "IKEEXT_DH_GROUP": {},
    "IPSEC_POLICY_FLAG": {
        "IPSEC_POLICY_FLAG_ND_SECURE": "follows from the mode of a rule",
        "IPSEC_POLICY_FLAG_ND_BOUNDARY": "follows from the mode of a rule",
        "IPSEC_POLICY_FLAG_CLEAR_DF_ON_TUNNEL": _TUNNEL,
        "IPSEC_POLICY_FLAG_ENABLE_V6_IN_V4_TUNNELING": _TUNNEL,
        "IPSEC_POLICY_FLAG_ENABLE_SERVER_ADDR_ASSIGNMENT": _TUNNEL,
        "IPSEC_POLICY_FLAG_TUNNEL_ALLOW_OUTBOUND_CLEAR_CONNECTION": _TUNNEL,
        "IPSEC_POLICY_FLAG_TUNNEL_BYPASS_ALREADY_SECURE_CONNECTION": _TUNNEL,
        "IPSEC_POLICY_FLAG_TUNNEL_BYPASS_ICMPV6": _TUNNEL,
        "IPSEC_POLICY_FLAG_SITE_TO_SITE_TUNNEL": _TUNNEL,
        "IPSEC_POLICY_FLAG_POINT_TO_SITE_TUNNEL": _TUNNEL,
        **{f"IPSEC_POLICY_FLAG_BANDWIDTH{number}": _UNDOCUMENTED for number in (1, 2, 3, 4)},
    },
    "IPSEC_TRANSFORM_TYPE": {"IPSEC_TRANSFORM_ESP_AUTH_FW": LEFT_OUT["IPSEC_SA_TRANSFORM0.espAuthFwTransform"]},
    "IPSEC_AUTH_CONFIG": {},
    "IPSEC_CIPHER_CONFIG": {},
    "IPSEC_PFS_GROUP": {},
    # These two follow from what is configured: there is one for each.
    "IPSEC_AUTH_TYPE": {},
    "IPSEC_CIPHER_TYPE": {},
}

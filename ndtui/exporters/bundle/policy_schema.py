"""Shape of the main mode, quick mode and extended mode policy in a bundle, for its JSON Schema."""
# ruff: noqa: N815 - element names are spelled as netsh prints them

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ndtui.common.described_schema import describe
from ndtui.exporters.bundle.part_descriptions import descriptions
from ndtui.model.design.element import Constant

Uint32 = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]
ImpersonationType = Annotated[str, Constant("IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")]


class Part(BaseModel):
    """A part of a bundle: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return its JSON Schema, in which every member says what it means."""
        schema = handler(core)
        part = handler.resolve_ref_schema(schema)
        describe(part, descriptions([each.__name__ for each in cls.mro()], part["properties"]))
        return schema


class PresharedKey(Part):
    """Where a pre-shared key is looked up; the key itself is never in a bundle."""

    presharedKey: Annotated[str, Field(pattern="^(env|keyring):")]
    flags: list[Annotated[str, Constant("IKEEXT_PSK_FLAG")]] = []


class CertificateName(Part):
    """An IKEEXT_CERT_NAME0."""

    nameType: Annotated[str, Constant("IKEEXT_CERT_CRITERIA_NAME_TYPE")]
    certName: str


class CertificateCriteria(Part):
    """An IKEEXT_CERTIFICATE_CRITERIA0: which certificates of a root or a store count."""

    certData: Annotated[str, Field(pattern="^(subject|thumbprint):")] | None = None
    certHash: Annotated[str, Field(pattern="^[0-9a-f]{40}$")] | None = None
    eku: list[str] = []
    name: CertificateName | None = None
    flags: list[Annotated[str, Constant("IKEEXT_CERT_FLAG")]]


class Certificates(Part):
    """Which certificates are accepted; roots belong to a side with an explicit trust list."""

    inboundConfigType: Annotated[str, Constant("IKEEXT_CERT_CONFIG_TYPE")]
    inboundRootArray: tuple[str, ...] = ()
    inboundRootCriteria: tuple[CertificateCriteria, ...] = ()
    inboundEnterpriseStoreCriteria: tuple[CertificateCriteria, ...] = ()
    inboundTrustedRootStoreCriteria: tuple[CertificateCriteria, ...] = ()
    outboundConfigType: Annotated[str, Constant("IKEEXT_CERT_CONFIG_TYPE")]
    outboundRootArray: tuple[str, ...] = ()
    outboundRootCriteria: tuple[CertificateCriteria, ...] = ()
    outboundEnterpriseStoreCriteria: tuple[CertificateCriteria, ...] = ()
    outboundTrustedRootStoreCriteria: tuple[CertificateCriteria, ...] = ()
    flags: list[Annotated[str, Constant("IKEEXT_CERT_AUTH_FLAG")]]
    localCertLocationUrl: str = ""


class Kerberos(Part):
    """An IKEEXT_KERBEROS_AUTHENTICATION1."""

    flags: list[Annotated[str, Constant("IKEEXT_KERB_AUTH")]]
    proxyServer: str = ""


class Ntlm(Part):
    """An IKEEXT_NTLM_V2_AUTHENTICATION0."""

    flags: list[Annotated[str, Constant("IKEEXT_NTLM_V2_AUTH")]]


class Eap(Part):
    """An IKEEXT_EAP_AUTHENTICATION0."""

    flags: list[Annotated[str, Constant("IKEEXT_EAP_FLAG")]]


class PlainMethod(Part):
    """A method of which nothing else is to be said."""

    authenticationMethodType: Literal["IKEEXT_ANONYMOUS"]


class KerberosMethod(Part):
    """Kerberos, by IKE and AuthIP."""

    authenticationMethodType: Literal["IKEEXT_KERBEROS"]
    kerberosAuthentication: Kerberos | None = None


class NtlmMethod(Part):
    """NTLM version 2, by AuthIP."""

    authenticationMethodType: Literal["IKEEXT_NTLM_V2"]
    ntlmV2Authentication: Ntlm | None = None


class EapMethod(Part):
    """The Extensible Authentication Protocol, by IKEv2."""

    authenticationMethodType: Literal["IKEEXT_EAP"]
    eapAuthentication: Eap | None = None


class PresharedKeyMethod(Part):
    """A key that both sides know."""

    authenticationMethodType: Literal["IKEEXT_PRESHARED_KEY"]
    presharedKeyAuthentication: PresharedKey


class CertificateMethod(Part):
    """Certificates, by IKE and IKEv2."""

    authenticationMethodType: Literal[
        "IKEEXT_CERTIFICATE", "IKEEXT_CERTIFICATE_ECDSA_P256", "IKEEXT_CERTIFICATE_ECDSA_P384"
    ]
    certificateAuthentication: Certificates


class SslMethod(Part):
    """Certificates, by AuthIP."""

    authenticationMethodType: Literal["IKEEXT_SSL", "IKEEXT_SSL_ECDSA_P256", "IKEEXT_SSL_ECDSA_P384"]
    sslAuthentication: Certificates


AuthenticationMethod = Annotated[
    PlainMethod | KerberosMethod | NtlmMethod | EapMethod | PresharedKeyMethod | CertificateMethod | SslMethod,
    Field(discriminator="authenticationMethodType"),
]


class MainModeCipher(Part):
    """An IKEEXT_CIPHER_ALGORITHM0."""

    algoIdentifier: Annotated[str, Constant("IKEEXT_CIPHER_TYPE")]
    keyLen: Uint32
    rounds: Uint32


class MainModeIntegrity(Part):
    """An IKEEXT_INTEGRITY_ALGORITHM0."""

    algoIdentifier: Annotated[str, Constant("IKEEXT_INTEGRITY_TYPE")]


class MainModeProposal(Part):
    """An IKEEXT_PROPOSAL0."""

    cipherAlgorithm: MainModeCipher
    integrityAlgorithm: MainModeIntegrity
    maxLifetimeSeconds: Uint32
    dhGroup: Annotated[str, Constant("IKEEXT_DH_GROUP")]
    quickModeLimit: Uint32


class MainModePolicy(Part):
    """An IKEEXT_POLICY0; ``retransmitDurationSecs`` is of IKEEXT_POLICY1."""

    softExpirationTime: Uint32
    authenticationMethods: Annotated[list[AuthenticationMethod], Field(min_length=1)]
    initiatorImpersonationType: ImpersonationType
    ikeProposals: Annotated[list[MainModeProposal], Field(min_length=1)]
    flags: list[Annotated[str, Constant("IKEEXT_POLICY_FLAG")]]
    maxDynamicFilters: Uint32
    retransmitDurationSecs: Uint32 = 0


class AuthTransformId(Part):
    """An IPSEC_AUTH_TRANSFORM_ID0."""

    authType: Annotated[str, Constant("IPSEC_AUTH_TYPE")]
    authConfig: Annotated[str, Constant("IPSEC_AUTH_CONFIG")]


class AuthTransform(Part):
    """An IPSEC_AUTH_TRANSFORM0."""

    authTransformId: AuthTransformId


class CipherTransformId(Part):
    """An IPSEC_CIPHER_TRANSFORM_ID0."""

    cipherType: Annotated[str, Constant("IPSEC_CIPHER_TYPE")]
    cipherConfig: Annotated[str, Constant("IPSEC_CIPHER_CONFIG")]


class CipherTransform(Part):
    """An IPSEC_CIPHER_TRANSFORM0."""

    cipherTransformId: CipherTransformId


class AuthAndCipherTransform(Part):
    """An IPSEC_AUTH_AND_CIPHER_TRANSFORM0."""

    authTransform: AuthTransform
    cipherTransform: CipherTransform


class AhTransform(Part):
    """AH."""

    ipsecTransformType: Literal["IPSEC_TRANSFORM_AH"]
    ahTransform: AuthTransform


class EspAuthTransform(Part):
    """ESP that authenticates."""

    ipsecTransformType: Literal["IPSEC_TRANSFORM_ESP_AUTH"]
    espAuthTransform: AuthTransform


class EspCipherTransform(Part):
    """ESP that encrypts."""

    ipsecTransformType: Literal["IPSEC_TRANSFORM_ESP_CIPHER"]
    espCipherTransform: CipherTransform


class EspAuthAndCipherTransform(Part):
    """ESP that does both."""

    ipsecTransformType: Literal["IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"]
    espAuthAndCipherTransform: AuthAndCipherTransform


Transform = Annotated[
    AhTransform | EspAuthTransform | EspCipherTransform | EspAuthAndCipherTransform,
    Field(discriminator="ipsecTransformType"),
]


class QuickModeLifetime(Part):
    """An IPSEC_SA_LIFETIME0."""

    lifetimeSeconds: Uint32
    lifetimeKilobytes: Uint32
    lifetimePackets: Uint32


class QuickModeProposal(Part):
    """An IPSEC_PROPOSAL0."""

    lifetime: QuickModeLifetime
    saTransforms: Annotated[list[Transform], Field(min_length=1, max_length=2)]
    pfsGroup: Annotated[str, Constant("IPSEC_PFS_GROUP")]


class IdleTimeout(Part):
    """An IPSEC_SA_IDLE_TIMEOUT0."""

    idleTimeoutSeconds: Uint32
    idleTimeoutSecondsFailOver: Uint32


class QuickModePolicy(Part):
    """An IPSEC_TRANSPORT_POLICY0 without extended mode."""

    ipsecProposals: Annotated[list[QuickModeProposal], Field(min_length=1)]
    flags: list[Annotated[str, Constant("IPSEC_POLICY_FLAG")]]
    ndAllowClearTimeoutSeconds: Uint32
    saIdleTimeout: IdleTimeout


class ExtendedMode(Part):
    """An IKEEXT_EM_POLICY0: AuthIP's second authentication."""

    authenticationMethods: Annotated[list[AuthenticationMethod], Field(min_length=1)]
    initiatorImpersonationType: ImpersonationType


class ExtendedQuickModePolicy(QuickModePolicy):
    """An IPSEC_TRANSPORT_POLICY0 with extended mode."""

    emPolicy: ExtendedMode

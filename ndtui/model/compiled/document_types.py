"""The shapes of documents: objects as ``netsh wfp show filters`` and ``show state`` list them, as typed dictionaries.

Names of members and spellings of constants are Windows' own. Where an object refers to another or to a field, a known
GUID appears by its SDK name, another one in braces. A member that is ``NotRequired`` may be missing: the engine assigns
it, another member of the same union is set, or the object can do without.
Source: https://learn.microsoft.com/windows/win32/fwp/fwp-structs, and what netsh prints.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

Kind = Literal["provider", "subLayer", "providerContext", "filter"]


class DisplayData(TypedDict):
    """FWPM_DISPLAY_DATA0: what a person calls an object."""

    name: str
    description: NotRequired[str]


class V4MaskDocument(TypedDict):
    """FWP_V4_ADDR_AND_MASK, both as addresses."""

    addr: str
    mask: str


class V6MaskDocument(TypedDict):
    """FWP_V6_ADDR_AND_MASK."""

    addr: str
    prefixLength: int


class BlobDocument(TypedDict):
    """FWP_BYTE_BLOB: its bytes in hexadecimal, or as a text; one of both is enough.

    The text of a program is its path; with the drive's letter in it, Windows makes the bytes where it is applied.
    """

    data: NotRequired[str]
    asString: NotRequired[str]


class RangeDocument(TypedDict):
    """FWP_RANGE0: both ends belong to it."""

    valueLow: "ValueDocument"
    valueHigh: "ValueDocument"


class WeightDocument(TypedDict):
    """FWP_VALUE0 as a weight: the member that the type names, none for ``FWP_EMPTY``."""

    type: str
    uint8: NotRequired[int]
    uint64: NotRequired[int]


class ValueDocument(WeightDocument):
    """FWP_CONDITION_VALUE0: the member that the type names. ``uint32`` is an address where its field is one."""

    uint16: NotRequired[int]
    uint32: NotRequired[int | str]
    byteArray16: NotRequired[str]
    byteArray6: NotRequired[str]
    byteBlob: NotRequired[BlobDocument]
    sd: NotRequired[str]
    sid: NotRequired[str]
    unicodeString: NotRequired[str]
    v4AddrMask: NotRequired[V4MaskDocument]
    v6AddrMask: NotRequired[V6MaskDocument]
    rangeValue: NotRequired[RangeDocument]


class ConditionDocument(TypedDict):
    """FWPM_FILTER_CONDITION0."""

    fieldKey: str
    matchType: str
    conditionValue: ValueDocument


class ActionDocument(TypedDict):
    """FWPM_ACTION0; ``filterType`` names the callout of an action that calls out."""

    type: str
    filterType: NotRequired[str | None]


class PresharedKeyDocument(TypedDict):
    """IKEEXT_PRESHARED_KEY_AUTHENTICATION0, with a reference to the key in place of the key.

    The flags are of IKEEXT_PRESHARED_KEY_AUTHENTICATION1.
    """

    presharedKey: str
    flags: NotRequired[list[str]]


class CertificateNameDocument(TypedDict):
    """IKEEXT_CERT_NAME0."""

    nameType: str
    certName: str


class CriteriaDocument(TypedDict):
    """IKEEXT_CERTIFICATE_CRITERIA0, with a reference to the root, and the key usages as a list."""

    certData: NotRequired[str]
    certHash: NotRequired[str]
    eku: NotRequired[list[str]]
    name: NotRequired[CertificateNameDocument]
    flags: list[str]


class CertificateDocument(TypedDict):
    """IKEEXT_CERTIFICATE_AUTHENTICATION0 with references to the roots of an explicit trust list.

    The criteria and the URL are of IKEEXT_CERTIFICATE_AUTHENTICATION2.
    """

    inboundConfigType: str
    inboundRootArray: NotRequired[list[str]]
    inboundRootCriteria: NotRequired[list[CriteriaDocument]]
    inboundEnterpriseStoreCriteria: NotRequired[list[CriteriaDocument]]
    inboundTrustedRootStoreCriteria: NotRequired[list[CriteriaDocument]]
    outboundConfigType: str
    outboundRootArray: NotRequired[list[str]]
    outboundRootCriteria: NotRequired[list[CriteriaDocument]]
    outboundEnterpriseStoreCriteria: NotRequired[list[CriteriaDocument]]
    outboundTrustedRootStoreCriteria: NotRequired[list[CriteriaDocument]]
    flags: list[str]
    localCertLocationUrl: NotRequired[str]


class KerberosDocument(TypedDict):
    """IKEEXT_KERBEROS_AUTHENTICATION1."""

    flags: list[str]
    proxyServer: NotRequired[str]


class FlagsDocument(TypedDict):
    """IKEEXT_NTLM_V2_AUTHENTICATION0 or IKEEXT_EAP_AUTHENTICATION0."""

    flags: list[str]


class AuthenticationDocument(TypedDict):
    """IKEEXT_AUTHENTICATION_METHOD2; methods of which nothing is said have no further member."""

    authenticationMethodType: str
    presharedKeyAuthentication: NotRequired[PresharedKeyDocument]
    certificateAuthentication: NotRequired[CertificateDocument]
    sslAuthentication: NotRequired[CertificateDocument]
    kerberosAuthentication: NotRequired[KerberosDocument]
    ntlmV2Authentication: NotRequired[FlagsDocument]
    eapAuthentication: NotRequired[FlagsDocument]


class CipherDocument(TypedDict):
    """IKEEXT_CIPHER_ALGORITHM0."""

    algoIdentifier: str
    keyLen: int
    rounds: int


class IntegrityDocument(TypedDict):
    """IKEEXT_INTEGRITY_ALGORITHM0."""

    algoIdentifier: str


class MainModeProposalDocument(TypedDict):
    """IKEEXT_PROPOSAL0."""

    cipherAlgorithm: CipherDocument
    integrityAlgorithm: IntegrityDocument
    maxLifetimeSeconds: int
    dhGroup: str
    quickModeLimit: int


class ExtendedModeDocument(TypedDict):
    """IKEEXT_EM_POLICY0."""

    authenticationMethods: list[AuthenticationDocument]
    initiatorImpersonationType: str


class MainModeDocument(TypedDict):
    """IKEEXT_POLICY0; ``retransmitDurationSecs`` is of IKEEXT_POLICY1."""

    softExpirationTime: int
    authenticationMethods: list[AuthenticationDocument]
    initiatorImpersonationType: str
    ikeProposals: list[MainModeProposalDocument]
    flags: list[str]
    maxDynamicFilters: int
    retransmitDurationSecs: NotRequired[int]


class AuthIdDocument(TypedDict):
    """IPSEC_AUTH_TRANSFORM_ID0."""

    authType: str
    authConfig: str | None


class CipherIdDocument(TypedDict):
    """IPSEC_CIPHER_TRANSFORM_ID0."""

    cipherType: str
    cipherConfig: str | None


class AuthTransformDocument(TypedDict):
    """IPSEC_AUTH_TRANSFORM0."""

    authTransformId: AuthIdDocument
    cryptoModuleId: NotRequired[str]


class CipherTransformDocument(TypedDict):
    """IPSEC_CIPHER_TRANSFORM0."""

    cipherTransformId: CipherIdDocument
    cryptoModuleId: NotRequired[str]


class AuthAndCipherDocument(TypedDict):
    """IPSEC_AUTH_AND_CIPHER_TRANSFORM0."""

    authTransform: AuthTransformDocument
    cipherTransform: CipherTransformDocument


class TransformDocument(TypedDict):
    """IPSEC_SA_TRANSFORM0: the member that the type names."""

    ipsecTransformType: str
    ahTransform: NotRequired[AuthTransformDocument]
    espAuthTransform: NotRequired[AuthTransformDocument]
    espAuthFwTransform: NotRequired[AuthTransformDocument]
    espCipherTransform: NotRequired[CipherTransformDocument]
    espAuthAndCipherTransform: NotRequired[AuthAndCipherDocument]


class LifetimeDocument(TypedDict):
    """IPSEC_SA_LIFETIME0."""

    lifetimeSeconds: int
    lifetimeKilobytes: int
    lifetimePackets: int


class QuickModeProposalDocument(TypedDict):
    """IPSEC_PROPOSAL0."""

    lifetime: LifetimeDocument
    saTransforms: list[TransformDocument]
    pfsGroup: str


class IdleTimeoutDocument(TypedDict):
    """IPSEC_SA_IDLE_TIMEOUT0."""

    idleTimeoutSeconds: int
    idleTimeoutSecondsFailOver: int


class QuickModeDocument(TypedDict):
    """IPSEC_TRANSPORT_POLICY0; ``emPolicy`` for AuthIP only."""

    ipsecProposals: list[QuickModeProposalDocument]
    flags: list[str]
    ndAllowClearTimeoutSeconds: int
    saIdleTimeout: IdleTimeoutDocument
    emPolicy: NotRequired[ExtendedModeDocument]


@final
class ProviderDocument(TypedDict):
    """FWPM_PROVIDER0."""

    providerKey: str
    displayData: DisplayData
    flags: list[str]
    serviceName: NotRequired[str]
    origin: NotRequired[str]


class OwnedParts(TypedDict):
    """What objects have in common that belong to a provider, or to none."""

    displayData: DisplayData
    flags: list[str]
    providerKey: NotRequired[str | None]
    origin: NotRequired[str]


@final
class SubLayerDocument(OwnedParts):
    """FWPM_SUBLAYER0."""

    subLayerKey: str
    weight: int


@final
class ProviderContextDocument(OwnedParts):
    """FWPM_PROVIDER_CONTEXT0: the policy under the member that goes with the type, see ``POLICY_MEMBERS``."""

    providerContextKey: str
    type: str
    ikeMmPolicy: NotRequired[MainModeDocument]
    authIpMmPolicy: NotRequired[MainModeDocument]
    ikeV2MmPolicy: NotRequired[MainModeDocument]
    ikeQmTransportPolicy: NotRequired[QuickModeDocument]
    authIpQmTransportPolicy: NotRequired[QuickModeDocument]
    ikeV2QmTransportPolicy: NotRequired[QuickModeDocument]
    providerContextId: NotRequired[int]


@final
class FilterDocument(OwnedParts):
    """FWPM_FILTER0. It has ``providerContextKey`` where its flags say so, otherwise ``rawContext``.

    It is not the ``Filter`` that a design compiles to, but what goes to engines, files and the screen, made of it by
    ``filter_document``; ``filter_of`` makes a filter of it again.
    """

    filterKey: str
    layerKey: str
    subLayerKey: str
    weight: WeightDocument
    filterCondition: list[ConditionDocument]
    action: ActionDocument
    rawContext: NotRequired[int]
    providerContextKey: NotRequired[str | None]
    effectiveWeight: NotRequired[WeightDocument]
    filterId: NotRequired[int]


Document: TypeAlias = ProviderDocument | SubLayerDocument | ProviderContextDocument | FilterDocument


class ObjectLists(TypedDict):
    """All objects of a policy, as the lists of a bundle and of a backend's status; without a provider, none is held."""

    provider: NotRequired[ProviderDocument]
    subLayers: list[SubLayerDocument]
    providerContexts: list[ProviderContextDocument]
    filters: list[FilterDocument]

"""Main mode, quick mode and extended mode policy in WFP's own terms, refusing what Windows refuses.

Shapes follow IKEEXT_POLICY0, IPSEC_TRANSPORT_POLICY0 and IKEEXT_EM_POLICY0; constants keep their SDK names.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ndtui.model.design.element import Constant, Element
from ndtui.model.vocabulary.pages import PAGES

KeyingModule = Literal["IKE", "AuthIP"]
KEYING_MODULES: tuple[KeyingModule, ...] = ("IKE", "AuthIP")

#: Authentication methods each keying module has. Source: IKEEXT_AUTHENTICATION_METHOD_TYPE.
METHODS: dict[KeyingModule, tuple[str, ...]] = {
    "IKE": (
        "IKEEXT_KERBEROS",
        "IKEEXT_CERTIFICATE",
        "IKEEXT_CERTIFICATE_ECDSA_P256",
        "IKEEXT_CERTIFICATE_ECDSA_P384",
        "IKEEXT_PRESHARED_KEY",
    ),
    "AuthIP": (
        "IKEEXT_KERBEROS",
        "IKEEXT_NTLM_V2",
        "IKEEXT_SSL",
        "IKEEXT_SSL_ECDSA_P256",
        "IKEEXT_SSL_ECDSA_P384",
        "IKEEXT_ANONYMOUS",
    ),
}
WITH_CERTIFICATE = tuple(m for methods in METHODS.values() for m in methods if "CERTIFICATE" in m or "SSL" in m)

AuthenticationMethodType = Annotated[
    str, Constant("IKEEXT_AUTHENTICATION_METHOD_TYPE", *{m: 0 for methods in METHODS.values() for m in methods})
]
CertConfigType = Annotated[str, Constant("IKEEXT_CERT_CONFIG_TYPE")]
CertAuthFlag = Annotated[str, Constant("IKEEXT_CERT_AUTH_FLAG")]
CipherType = Annotated[
    str,
    Constant(
        "IKEEXT_CIPHER_TYPE",
        "IKEEXT_CIPHER_AES_256",
        "IKEEXT_CIPHER_AES_192",
        "IKEEXT_CIPHER_AES_128",
        "IKEEXT_CIPHER_3DES",
        "IKEEXT_CIPHER_DES",
    ),
]
IntegrityType = Annotated[str, Constant("IKEEXT_INTEGRITY_TYPE")]
DhGroup = Annotated[str, Constant("IKEEXT_DH_GROUP")]
ImpersonationType = Annotated[str, Constant("IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")]
TransformType = Annotated[
    str,
    Constant(
        "IPSEC_TRANSFORM_TYPE",
        "IPSEC_TRANSFORM_AH",
        "IPSEC_TRANSFORM_ESP_AUTH",
        "IPSEC_TRANSFORM_ESP_CIPHER",
        "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
    ),
]
AuthConfig = Annotated[str, Constant("IPSEC_AUTH_CONFIG")]
CipherConfig = Annotated[str, Constant("IPSEC_CIPHER_CONFIG")]
PfsGroup = Annotated[str, Constant("IPSEC_PFS_GROUP")]

Uint32 = Annotated[int, Field(ge=0, le=0xFFFFFFFF, strict=True)]
Positive = Annotated[int, Field(ge=1, le=0xFFFFFFFF, strict=True)]
_REFERENCE = r"^(env|keyring):[A-Za-z_][A-Za-z0-9_.-]{0,127}$"
TrustRoot = Annotated[str, Field(pattern=r"^(subject:[^\x00-\x1f\x7f]{1,512}|thumbprint:[0-9A-Fa-f]{40})$")]


def _check_reference(value: object) -> object:
    """Refuse what is no reference without repeating it: it may be the secret itself."""
    if not isinstance(value, str) or not re.fullmatch(_REFERENCE, value):
        raise ValueError(
            'is no reference to a secret: write "env:NAME" or "keyring:NAME", never the key itself '
            "(what stands there is not shown)"
        )
    return value


SecretReference = Annotated[
    str, BeforeValidator(_check_reference), WithJsonSchema({"type": "string", "pattern": _REFERENCE})
]

EXPLICIT_TRUST_LIST = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"


class AuthenticationMethod(Element):
    """One acceptable way to authenticate, as IKEEXT_AUTHENTICATION_METHOD0.

    ``key`` refers to a pre-shared key (``env:NAME`` or ``keyring:NAME``) that is looked up when the policy is
    applied; the key itself never enters a design. The certificate fields belong to certificate and SSL methods.
    """

    method: AuthenticationMethodType
    key: SecretReference | None = None
    inbound: CertConfigType | None = None
    outbound: CertConfigType | None = None
    roots: tuple[TrustRoot, ...] = ()
    flags: tuple[CertAuthFlag, ...] = ()

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if (self.method == "IKEEXT_PRESHARED_KEY") != (self.key is not None):
            raise ValueError(
                'IKEEXT_PRESHARED_KEY needs key = "env:NAME" or "keyring:NAME"'
                if self.key is None
                else f"key belongs to IKEEXT_PRESHARED_KEY, not to {self.method}: leave it out"
            )
        certificate = (self.inbound, self.outbound, self.roots or None, self.flags or None)
        if self.method not in WITH_CERTIFICATE:
            if any(certificate):
                raise ValueError(
                    f"inbound, outbound, roots and flags belong to certificate and SSL methods, not to {self.method}"
                )
            return self
        if self.inbound is None or self.outbound is None:
            raise ValueError(f"{self.method} needs inbound and outbound, each an IKEEXT_CERT_CONFIG_TYPE")
        explicit = EXPLICIT_TRUST_LIST in (self.inbound, self.outbound)
        if explicit != bool(self.roots):
            raise ValueError(
                f'{EXPLICIT_TRUST_LIST} needs roots, such as ["subject:CN=Example Root CA"] (FWP_E_ZERO_LENGTH_ARRAY)'
                if explicit
                else f"roots belong to {EXPLICIT_TRUST_LIST}: leave them out"
            )
        return self


def check_methods(module: KeyingModule, methods: tuple[AuthenticationMethod, ...], where: str) -> None:
    """Refuse methods that a keying module does not have, and a method named twice.

    Raises:
        ValueError: names the method, the module and Microsoft's page.
    """
    seen = set()
    for method in methods:
        if method.method not in METHODS[module]:
            raise ValueError(
                f"{where} has {method.method}, which {module} does not have (FWP_E_INCOMPATIBLE_AUTH_METHOD, "
                f"{PAGES['authentication-method']}): choose {', '.join(METHODS[module])}"
            )
        if method.method in seen:
            raise ValueError(f"{where} names {method.method} twice (FWP_E_DUPLICATE_AUTH_METHOD): name it once")
        seen.add(method.method)


class MainModeProposal(Element):
    """One main mode offer, as IKEEXT_PROPOSAL0. Lifetime in seconds; quick_mode_limit 0 means no limit."""

    cipher: CipherType
    integrity: IntegrityType
    dh_group: DhGroup
    lifetime_seconds: Positive = 28800
    quick_mode_limit: Uint32 = 0


def _modern_main_mode() -> tuple[MainModeProposal, ...]:
    return tuple(
        MainModeProposal(cipher=f"IKEEXT_CIPHER_{cipher}", integrity=f"IKEEXT_INTEGRITY_{integrity}", dh_group=group)
        for cipher, integrity, group in (
            ("AES_256", "SHA_384", "IKEEXT_DH_ECP_384"),
            ("AES_256", "SHA_256", "IKEEXT_DH_ECP_256"),
            ("AES_128", "SHA_256", "IKEEXT_DH_GROUP_14"),
        )
    )


def _kerberos() -> tuple[AuthenticationMethod, ...]:
    return (AuthenticationMethod(method="IKEEXT_KERBEROS"),)


class MainMode(Element):
    """Main mode policy: proposals for both keying modules, and authentication methods for each.

    A keying module's methods stay in the design while the module is switched off, so that nothing is lost.
    """

    ike_authentication: tuple[AuthenticationMethod, ...] = Field(default_factory=_kerberos)
    authip_authentication: tuple[AuthenticationMethod, ...] = Field(default_factory=_kerberos)
    proposals: Annotated[tuple[MainModeProposal, ...], Field(min_length=1, max_length=64)] = Field(
        default_factory=_modern_main_mode
    )

    @model_validator(mode="after")
    def _methods_exist(self) -> Self:
        check_methods("IKE", self.ike_authentication, "ike_authentication")
        check_methods("AuthIP", self.authip_authentication, "authip_authentication")
        return self

    def authentication(self, module: KeyingModule) -> tuple[AuthenticationMethod, ...]:
        """Return the authentication methods of a keying module, in order of preference."""
        return self.ike_authentication if module == "IKE" else self.authip_authentication


class Transform(Element):
    """What is done to a packet, as IPSEC_SA_TRANSFORM0: AH, ESP authentication, ESP encryption, or both at once."""

    type: TransformType
    auth: AuthConfig | None = None
    cipher: CipherConfig | None = None

    @model_validator(mode="after")
    def _algorithms_fit(self) -> Self:
        needs_auth = self.type != "IPSEC_TRANSFORM_ESP_CIPHER"
        needs_cipher = self.type in ("IPSEC_TRANSFORM_ESP_CIPHER", "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER")
        if needs_auth != (self.auth is not None):
            raise ValueError(f"{self.type} {'needs' if needs_auth else 'has no'} auth (FWP_E_INVALID_AUTH_TRANSFORM)")
        if needs_cipher != (self.cipher is not None):
            raise ValueError(
                f"{self.type} {'needs' if needs_cipher else 'has no'} cipher (FWP_E_INVALID_CIPHER_TRANSFORM)"
            )
        if self.auth and self.cipher:
            gcm = [name.rpartition("_CONFIG_")[2] for name in (self.auth, self.cipher) if "GCM" in name]
            if len(set(gcm)) > 1 or len(gcm) == 1:
                raise ValueError(
                    f"{self.auth} with {self.cipher}: AES-GCM authenticates and encrypts at once, so both must be the "
                    "same GCM (FWP_E_INVALID_TRANSFORM_COMBINATION)"
                )
        return self


class QuickModeProposal(Element):
    """One quick mode offer, as IPSEC_PROPOSAL0. Lifetimes in seconds, kilobytes and packets; none may be zero."""

    transforms: Annotated[tuple[Transform, ...], Field(min_length=1, max_length=2)]
    lifetime_seconds: Annotated[int, Field(ge=300, le=172800, strict=True)] = 3600
    lifetime_kilobytes: Annotated[int, Field(ge=20480, le=0x7FFFFFFF, strict=True)] = 100000
    lifetime_packets: Positive = 0x7FFFFFFF
    pfs_group: PfsGroup = "IPSEC_PFS_ECP_384"

    @model_validator(mode="after")
    def _two_are_ah_and_esp(self) -> Self:
        if len(self.transforms) == 2 and ([t.type for t in self.transforms].count("IPSEC_TRANSFORM_AH") != 1):
            raise ValueError(
                "two transforms are allowed only as AH plus ESP "
                f"(FWP_E_INVALID_TRANSFORM_COMBINATION, {PAGES['proposal']})"
            )
        return self


def _modern_quick_mode() -> tuple[QuickModeProposal, ...]:
    both = "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"
    return tuple(
        QuickModeProposal(
            transforms=(
                Transform(type=both, auth=f"IPSEC_AUTH_CONFIG_{auth}", cipher=f"IPSEC_CIPHER_CONFIG_{cipher}"),
            ),
        )
        for auth, cipher in (
            ("GCM_AES_256", "GCM_AES_256"),
            ("GCM_AES_128", "GCM_AES_128"),
            ("HMAC_SHA_256_128", "CBC_AES_256"),
        )
    )


class QuickMode(Element):
    """Quick mode policy, as IPSEC_TRANSPORT_POLICY0. Times are in seconds.

    ``nd_allow_clear_timeout_seconds`` is how long a new security association goes on accepting clear packets.
    """

    nd_allow_clear_timeout_seconds: Uint32 = 10
    idle_timeout_seconds: Positive = 300
    idle_timeout_failover_seconds: Positive = 60
    proposals: Annotated[tuple[QuickModeProposal, ...], Field(min_length=1, max_length=64)] = Field(
        default_factory=_modern_quick_mode
    )


def _extended_methods() -> tuple[AuthenticationMethod, ...]:
    return (AuthenticationMethod(method="IKEEXT_KERBEROS"), AuthenticationMethod(method="IKEEXT_NTLM_V2"))


class ExtendedMode(Element):
    """AuthIP's extended mode policy, as IKEEXT_EM_POLICY0: a second authentication, of the user."""

    impersonation: ImpersonationType = "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL"
    authentication: Annotated[tuple[AuthenticationMethod, ...], Field(min_length=1)] = Field(
        default_factory=_extended_methods
    )

    @model_validator(mode="after")
    def _methods_exist(self) -> Self:
        check_methods("AuthIP", self.authentication, "extended_mode.authentication")
        return self

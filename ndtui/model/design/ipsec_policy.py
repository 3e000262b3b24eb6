"""Main mode, quick mode and extended mode policy in WFP's own terms, refusing what Windows refuses.

Shapes follow IKEEXT_POLICY2, IPSEC_TRANSPORT_POLICY2 and IKEEXT_EM_POLICY2; constants keep their SDK names.
"""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from ndtui.model.design.authentication import AuthenticationMethod, check_methods, kerberos
from ndtui.model.design.element import Constant, Element, in_order, is_empty
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.vocabulary.pages import PAGES

#: Ciphers of main mode that authenticate too; only IKEv2 has such (RFC 5282), and Microsoft's page names them only.
COMBINED_CIPHERS = ("IKEEXT_CIPHER_AES_GCM_256_16ICV", "IKEEXT_CIPHER_AES_GCM_128_16ICV")

CipherType = Annotated[
    str,
    Constant(
        "IKEEXT_CIPHER_TYPE",
        "IKEEXT_CIPHER_AES_256",
        "IKEEXT_CIPHER_AES_192",
        "IKEEXT_CIPHER_AES_128",
        "IKEEXT_CIPHER_3DES",
        "IKEEXT_CIPHER_DES",
        *COMBINED_CIPHERS,
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

#: The flags of main mode policy, and the keying modules that act on each. Those of tunnels and of virtual private
#: networks are left out. Source: IKEEXT_POLICY2, IKEEXT_POLICY0 (impersonation's LUID), and iketypes.h for the last
#: two: mobility and message fragmentation are IKEv2's (RFC 4555, RFC 7383).
MAIN_MODE_FLAGS: dict[str, tuple[KeyingModule, ...]] = {
    "IKEEXT_POLICY_FLAG_DISABLE_DIAGNOSTICS": ("IKE", "AuthIP"),
    "IKEEXT_POLICY_FLAG_NO_MACHINE_LUID_VERIFY": KEYING_MODULES,
    "IKEEXT_POLICY_FLAG_NO_IMPERSONATION_LUID_VERIFY": ("AuthIP",),
    "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH": ("AuthIP",),
    "IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED": ("IKEv2",),
    "IKEEXT_POLICY_ENABLE_IKEV2_FRAGMENTATION": ("IKEv2",),
}
#: The flag by which an AuthIP responder takes any Diffie-Hellman group, and none.
OPTIONAL_DH = "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"
#: The flags of quick mode policy that a design chooses, and the keying modules that act on each; those of negotiation
#: discovery follow from the rules, and those of tunnels are left out. Source: IPSEC_TRANSPORT_POLICY2.
QUICK_MODE_FLAGS: dict[str, tuple[KeyingModule, ...]] = {
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT": KEYING_MODULES,
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL": KEYING_MODULES,
    "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_SECOND_LIFETIME": ("IKE", "AuthIP"),
    "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_BYTE_LIFETIME": ("IKE", "AuthIP"),
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY": ("AuthIP",),
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY": KEYING_MODULES,
}


def _in_order(order: dict[str, tuple[KeyingModule, ...]]) -> BeforeValidator:
    return BeforeValidator(lambda value: in_order(value, [*order], "names a flag twice: name each once"))


MainModeFlags = Annotated[
    tuple[Annotated[str, Constant("IKEEXT_POLICY_FLAG", *MAIN_MODE_FLAGS)], ...], _in_order(MAIN_MODE_FLAGS)
]
QuickModeFlags = Annotated[
    tuple[Annotated[str, Constant("IPSEC_POLICY_FLAG", *QUICK_MODE_FLAGS)], ...], _in_order(QUICK_MODE_FLAGS)
]

Uint32 = Annotated[int, Field(ge=0, le=0xFFFFFFFF, strict=True)]
Positive = Annotated[int, Field(ge=1, le=0xFFFFFFFF, strict=True)]
#: The shortest time that IKEv2 may be told to send again. Source: IKEEXT_POLICY1.
SHORTEST_RETRANSMIT = 120


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


_MainModeProposals = Annotated[tuple[MainModeProposal, ...], Field(max_length=64)]


class MainMode(Element):
    """Main mode policy, as IKEEXT_POLICY2: what all keying modules offer, and what is said of each.

    ``proposals`` are offered by every keying module that has none of its own. A module's methods stay in the design
    while the module is switched off, so that nothing is lost. ``impersonation`` and ``max_dynamic_filters`` follow
    Windows' structure: the first counts for AuthIP alone. Times are in seconds.
    """

    ike_authentication: tuple[AuthenticationMethod, ...] = Field(default_factory=kerberos)
    authip_authentication: tuple[AuthenticationMethod, ...] = Field(default_factory=kerberos)
    ikev2_authentication: tuple[AuthenticationMethod, ...] = Field(default=(), exclude_if=is_empty)
    proposals: Annotated[tuple[MainModeProposal, ...], Field(min_length=1, max_length=64)] = Field(
        default_factory=_modern_main_mode
    )
    ike_proposals: _MainModeProposals = Field(default=(), exclude_if=is_empty)
    authip_proposals: _MainModeProposals = Field(default=(), exclude_if=is_empty)
    ikev2_proposals: _MainModeProposals = Field(default=(), exclude_if=is_empty)
    flags: MainModeFlags = Field(default=(), exclude_if=is_empty)
    impersonation: ImpersonationType | None = Field(default=None, exclude_if=is_empty)
    max_dynamic_filters: Uint32 = Field(default=0, exclude_if=is_empty)
    retransmit_seconds: Uint32 = Field(default=0, exclude_if=is_empty)

    @model_validator(mode="after")
    def _fits_the_modules(self) -> Self:
        for module in KEYING_MODULES:
            check_methods(module, self.authentication(module), f"{module.lower()}_authentication")
        for module in ("IKE", "AuthIP"):
            _check_ciphers(module, self.offers(module), own=bool(_own(self, module)))
        if 0 < self.retransmit_seconds < SHORTEST_RETRANSMIT:
            raise ValueError(
                f"retransmit_seconds: {self.retransmit_seconds} s is too short for Windows: {SHORTEST_RETRANSMIT} s at "
                f"least, or 0 for its own time ({PAGES['ikeext-policy1']})"
            )
        return self

    def authentication(self, module: KeyingModule) -> tuple[AuthenticationMethod, ...]:
        """Return the authentication methods of a keying module, in order of preference."""
        methods: tuple[AuthenticationMethod, ...] = getattr(self, f"{module.lower()}_authentication")
        return methods

    def offers(self, module: KeyingModule) -> tuple[MainModeProposal, ...]:
        """Return what a keying module offers, in order of preference: its own proposals, or else those of all."""
        return _own(self, module) or self.proposals

    def flags_of(self, module: KeyingModule) -> tuple[str, ...]:
        """Return the IKEEXT_POLICY_FLAG_* of a keying module: those that it acts on."""
        return tuple(flag for flag in self.flags if module in MAIN_MODE_FLAGS[flag])


def _own(mode: "MainMode | QuickMode", module: KeyingModule) -> tuple[Any, ...]:
    own: tuple[Any, ...] = getattr(mode, f"{module.lower()}_proposals")
    return own


def _check_ciphers(module: KeyingModule, proposals: tuple[MainModeProposal, ...], *, own: bool) -> None:
    """Refuse ciphers that only IKEv2 has, where they are offered by another module."""
    field = f"{module.lower()}_proposals" if own else "proposals"
    for number, proposal in enumerate(proposals):
        if proposal.cipher in COMBINED_CIPHERS:
            raise ValueError(
                f"{field}[{number}] has {proposal.cipher}, which {module} does not have (RFC 5282 has it for IKEv2): "
                "move it to ikev2_proposals"
            )


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


_QuickModeProposals = Annotated[tuple[QuickModeProposal, ...], Field(max_length=64)]


class QuickMode(Element):
    """Quick mode policy, as IPSEC_TRANSPORT_POLICY2. Times are in seconds.

    ``nd_allow_clear_timeout_seconds`` is how long a new security association goes on accepting clear packets.
    ``proposals`` are offered by every keying module that has none of its own.
    """

    nd_allow_clear_timeout_seconds: Uint32 = 10
    idle_timeout_seconds: Positive = 300
    idle_timeout_failover_seconds: Positive = 60
    flags: QuickModeFlags = Field(default=(), exclude_if=is_empty)
    proposals: Annotated[tuple[QuickModeProposal, ...], Field(min_length=1, max_length=64)] = Field(
        default_factory=_modern_quick_mode
    )
    ike_proposals: _QuickModeProposals = Field(default=(), exclude_if=is_empty)
    authip_proposals: _QuickModeProposals = Field(default=(), exclude_if=is_empty)
    ikev2_proposals: _QuickModeProposals = Field(default=(), exclude_if=is_empty)

    def offers(self, module: KeyingModule) -> tuple[QuickModeProposal, ...]:
        """Return what a keying module offers, in order of preference: its own proposals, or else those of all."""
        return _own(self, module) or self.proposals

    def flags_of(self, module: KeyingModule) -> tuple[str, ...]:
        """Return the IPSEC_POLICY_FLAG_* of a keying module: those that it acts on."""
        return tuple(flag for flag in self.flags if module in QUICK_MODE_FLAGS[flag])

    def of(self, module: KeyingModule) -> "QuickMode":
        """Return what a keying module negotiates, with its proposals as the only ones and without flags."""
        if not (self.flags or any(_own(self, each) for each in KEYING_MODULES)):
            return self
        times = ("nd_allow_clear_timeout_seconds", "idle_timeout_seconds", "idle_timeout_failover_seconds")
        return QuickMode(proposals=self.offers(module), **{name: getattr(self, name) for name in times})


def _extended_methods() -> tuple[AuthenticationMethod, ...]:
    return (AuthenticationMethod(method="IKEEXT_KERBEROS"), AuthenticationMethod(method="IKEEXT_NTLM_V2"))


class ExtendedMode(Element):
    """AuthIP's extended mode policy, as IKEEXT_EM_POLICY2: a second authentication, of the user."""

    impersonation: ImpersonationType = "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL"
    authentication: Annotated[tuple[AuthenticationMethod, ...], Field(min_length=1)] = Field(
        default_factory=_extended_methods
    )

    @model_validator(mode="after")
    def _methods_exist(self) -> Self:
        check_methods("AuthIP", self.authentication, "extended_mode.authentication")
        return self

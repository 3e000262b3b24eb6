"""Authentication: the methods by which each keying module lets peers prove who they are, with all their details.

Shapes follow IKEEXT_AUTHENTICATION_METHOD2; constants keep their SDK names.
Source: https://learn.microsoft.com/windows/win32/api/iketypes/ne-iketypes-ikeext_authentication_method_type
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, STORES, CertificateCriteria, TrustRoot
from ndtui.model.design.element import Constant, Element, is_empty
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary import members
from ndtui.model.vocabulary.pages import PAGES

Side = Literal["inbound", "outbound"]

#: Authentication methods each keying module has. Source: IKEEXT_AUTHENTICATION_METHOD_TYPE; that IKEv2 knows pre-shared
#: keys: the flags of IKEEXT_PRESHARED_KEY_AUTHENTICATION1, which are for it alone.
METHODS: Mapping[KeyingModule, tuple[str, ...]] = {
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
    "IKEv2": (
        "IKEEXT_CERTIFICATE",
        "IKEEXT_CERTIFICATE_ECDSA_P256",
        "IKEEXT_CERTIFICATE_ECDSA_P384",
        "IKEEXT_PRESHARED_KEY",
        "IKEEXT_EAP",
    ),
}
_ALL_METHODS = tuple(dict.fromkeys(method for methods in METHODS.values() for method in methods))
WITH_CERTIFICATE = tuple(method for method in _ALL_METHODS if "CERTIFICATE" in method or "SSL" in method)

AuthenticationMethodType = Annotated[str, Constant("IKEEXT_AUTHENTICATION_METHOD_TYPE", *_ALL_METHODS)]
CertConfigType = Annotated[str, Constant("IKEEXT_CERT_CONFIG_TYPE")]

#: The enumeration of the flags that a method has.
FLAGS_OF_METHOD: Mapping[str, str] = {
    **dict.fromkeys(WITH_CERTIFICATE, "IKEEXT_CERT_AUTH_FLAG"),
    "IKEEXT_KERBEROS": "IKEEXT_KERB_AUTH",
    "IKEEXT_NTLM_V2": "IKEEXT_NTLM_V2_AUTH",
    "IKEEXT_PRESHARED_KEY": "IKEEXT_PSK_FLAG",
    "IKEEXT_EAP": "IKEEXT_EAP_FLAG",
}
#: The keying modules that act on a flag; those that are not here are for every module that has the method.
#: Source: IKEEXT_CERTIFICATE_AUTHENTICATION2, IKEEXT_KERBEROS_AUTHENTICATION1, IKEEXT_PRESHARED_KEY_AUTHENTICATION1.
FLAG_MODULES: Mapping[str, tuple[KeyingModule, ...]] = {
    "IKEEXT_CERT_AUTH_FLAG_SSL_ONE_WAY": ("AuthIP",),
    "IKEEXT_CERT_AUTH_DISABLE_SSL_CERT_VALIDATION": ("AuthIP",),
    "IKEEXT_CERT_AUTH_ALLOW_HTTP_CERT_LOOKUP": ("IKEv2",),
    "IKEEXT_CERT_AUTH_URL_CONTAINS_BUNDLE": ("IKEv2",),
    "IKEEXT_KERB_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS": ("AuthIP",),
    "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY": ("IKEv2",),
    "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY": ("IKEv2",),
}
_FLAGS = tuple(flag for each in dict.fromkeys(FLAGS_OF_METHOD.values()) for flag in members(each))
MethodFlag = Annotated[str, Constant("flag of an authentication method", *_FLAGS)]

#: The sides that have certificates: those of peers are judged, those of this machine are presented.
SIDES: tuple[Side, ...] = ("inbound", "outbound")

_REFERENCE = r"^(env|keyring):[A-Za-z_][A-Za-z0-9_.-]{0,127}$"
_HOST = r"^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?$"
_URL, _MOST_OF_URL = r"^http://[\x21-\x7e]+$", 2047


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


class AuthenticationMethod(Element):
    """One acceptable way to authenticate, as IKEEXT_AUTHENTICATION_METHOD2.

    ``key`` refers to a pre-shared key (``env:NAME`` or ``keyring:NAME``) that is looked up when the policy is
    applied; the key itself never enters a design. The certificate fields belong to certificate and SSL methods:
    ``roots`` are accepted on both sides that have an explicit list, ``inbound_criteria`` and ``outbound_criteria`` say
    more of one side and stand in their place there. ``proxy`` is Kerberos' own.
    """

    method: AuthenticationMethodType
    key: SecretReference | None = None
    inbound: CertConfigType | None = None
    outbound: CertConfigType | None = None
    roots: tuple[TrustRoot, ...] = ()
    inbound_criteria: Annotated[tuple[CertificateCriteria, ...], Field(max_length=64)] = Field(
        default=(), exclude_if=is_empty
    )
    outbound_criteria: Annotated[tuple[CertificateCriteria, ...], Field(max_length=64)] = Field(
        default=(), exclude_if=is_empty
    )
    certificate_url: Annotated[str, Field(pattern=rf"^$|{_URL}", max_length=_MOST_OF_URL)] = Field(
        default="", exclude_if=is_empty
    )
    proxy: Annotated[str, Field(pattern=rf"^$|{_HOST}")] = Field(default="", exclude_if=is_empty)
    flags: tuple[MethodFlag, ...] = ()

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if (self.method == "IKEEXT_PRESHARED_KEY") != (self.key is not None):
            raise ValueError(
                'IKEEXT_PRESHARED_KEY needs key = "env:NAME" or "keyring:NAME"'
                if self.key is None
                else f"key belongs to IKEEXT_PRESHARED_KEY, not to {self.method}: leave it out"
            )
        if self.proxy and self.method != "IKEEXT_KERBEROS":
            raise ValueError(f"proxy belongs to IKEEXT_KERBEROS, not to {self.method}: leave it out")
        self._check_certificates()
        self._check_flags()
        return self

    @property
    def with_certificate(self) -> bool:
        """Whether certificates prove who somebody is."""
        return self.method in WITH_CERTIFICATE

    def config(self, side: Side) -> str | None:
        """Return how certificates of a side, ``inbound`` or ``outbound``, are chosen."""
        return self.inbound if side == "inbound" else self.outbound

    def criteria(self, side: Side) -> tuple[CertificateCriteria, ...]:
        """Return what is said of the certificates of a side besides ``roots``."""
        return self.inbound_criteria if side == "inbound" else self.outbound_criteria

    def roots_of(self, side: Side) -> tuple[str, ...]:
        """Return the roots of a side's explicit list where nothing more is said of it than roots."""
        return self.roots if self.config(side) == EXPLICIT_TRUST_LIST and not self.criteria(side) else ()

    def _check_certificates(self) -> None:
        if not self.with_certificate:
            said = ("inbound", "outbound", "roots", "inbound_criteria", "outbound_criteria", "certificate_url")
            if any(getattr(self, name) for name in said):
                raise ValueError(
                    f"{', '.join(said[:-1])} and {said[-1]} belong to certificate and SSL methods, not to {self.method}"
                )
            return
        if self.inbound is None or self.outbound is None:
            raise ValueError(f"{self.method} needs inbound and outbound, each an IKEEXT_CERT_CONFIG_TYPE")
        for side in SIDES:
            self._check_criteria(side)
        sides = [side for side in SIDES if self.config(side) == EXPLICIT_TRUST_LIST]
        explicit = any(not self.criteria(side) for side in sides)
        if explicit != bool(self.roots):
            raise ValueError(
                f'{EXPLICIT_TRUST_LIST} needs roots, such as ["subject:CN=Example Root CA"] (FWP_E_ZERO_LENGTH_ARRAY)'
                if explicit
                else f"roots belong to {EXPLICIT_TRUST_LIST}: leave them out"
            )

    def _check_criteria(self, side: Side) -> None:
        config, wanted = self.config(side), self.criteria(side)
        if not wanted:
            return
        place = f"{side}_criteria"
        if config == EXPLICIT_TRUST_LIST:
            if any(each.root is None for each in wanted):
                raise ValueError(f"{place}: with {EXPLICIT_TRUST_LIST} each needs a root")
        elif config not in STORES:
            raise ValueError(f"{place} belongs to a list of roots or a store, and {side} is {config}: leave it out")
        elif any(each.root for each in wanted):
            raise ValueError(f"{place} names a root, which {config} has in its store: leave root out")

    def _check_flags(self) -> None:
        enumeration = FLAGS_OF_METHOD.get(self.method)
        known = members(enumeration) if enumeration else {}
        for flag in self.flags:
            if flag not in known:
                choice = f"choose {', '.join(known)}" if known else "leave it out"
                raise ValueError(f"flags has {flag}, which {self.method} does not have: {choice}")


def kerberos() -> tuple[AuthenticationMethod, ...]:
    """Return Kerberos as the only method."""
    return (AuthenticationMethod(method="IKEEXT_KERBEROS"),)


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

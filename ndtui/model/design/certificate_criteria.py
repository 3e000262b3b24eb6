"""Certificate criteria: which certificates of a root or a store count, as IKEEXT_CERTIFICATE_CRITERIA0.

Windows 8, Server 2012 and newer.
Source: https://learn.microsoft.com/windows/win32/api/iketypes/ns-iketypes-ikeext_certificate_criteria0
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from ndtui.model.design.element import Constant, Element, is_empty
from ndtui.model.design.names import Line

EXPLICIT_TRUST_LIST = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
#: The ways to choose certificates by a store of the machine.
STORES = ("IKEEXT_CERT_CONFIG_ENTERPRISE_STORE", "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE")

#: A subject has at most 512 characters. They are not counted by the pattern: one that does takes 3 ms of every start.
TrustRoot = Annotated[
    str, Field(pattern=r"^(subject:[^\x00-\x1f\x7f]+|thumbprint:[0-9A-Fa-f]{40})$", max_length=len("subject:") + 512)
]
Thumbprint = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{40}$", to_lower=True)]
Oid = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]{0,9})){1,31}$")]
CertFlag = Annotated[
    str,
    Constant(
        "IKEEXT_CERT_FLAG",
        "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING",
        "IKEEXT_CERT_FLAG_DISABLE_REQUEST_PAYLOAD",
        "IKEEXT_CERT_FLAG_INTERMEDIATE_CA",
        "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE",
        "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE",
    ),
]
NameType = Annotated[str, Constant("IKEEXT_CERT_CRITERIA_NAME_TYPE")]


class CertificateCriteria(Element):
    """Certificates that count: those under a root, and of them those with a thumbprint, key usages and a name.

    Of an inbound side they say which certificates of a peer are valid, of an outbound one which of this machine's is
    presented.
    """

    root: TrustRoot | None = Field(default=None, exclude_if=is_empty)
    thumbprint: Thumbprint | None = Field(default=None, exclude_if=is_empty)
    key_usages: Annotated[tuple[Oid, ...], Field(max_length=100)] = Field(default=(), exclude_if=is_empty)
    name_type: NameType | None = Field(default=None, exclude_if=is_empty)
    name: Line = Field(default="", exclude_if=is_empty)
    flags: tuple[CertFlag, ...] = Field(default=(), exclude_if=is_empty)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.root or self.thumbprint or self.key_usages or self.name or self.flags):
            raise ValueError("criteria say nothing: name a root, a thumbprint, key_usages, a name or flags")
        if bool(self.name) != (self.name_type is not None):
            raise ValueError("name and name_type go together: name_type says what the name is, a DNS name for example")
        if "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE" in self.flags and (
            "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING" not in self.flags
        ):
            raise ValueError(
                "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE goes only with IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING"
            )
        if "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE" in self.flags and self.thumbprint is None:
            raise ValueError("IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE needs a thumbprint: what would be renewed")
        if len(set(self.key_usages)) != len(self.key_usages):
            raise ValueError("key_usages names one twice: name each once")
        return self

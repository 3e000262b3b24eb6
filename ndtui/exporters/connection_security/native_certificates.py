"""Certificates as Windows Firewall has them: an authority by its subject, and what else is asked of a certificate.

Where more is asked than an authority, exactly one proposal says it of the certificates of peers, which are validated,
and exactly one of this machine's, which is selected; one may be for both.
Source: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecauthproposal
"""

import re
from collections.abc import Iterator

from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.native_values import Parameters, Value
from ndtui.exporters.connection_security.net_objects import switches
from ndtui.model.design.authentication import SIDES, AuthenticationMethod, Side
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, CertificateCriteria

SIGNING = {
    "IKEEXT_CERTIFICATE": "RSA",
    "IKEEXT_CERTIFICATE_ECDSA_P256": "ECDSA256",
    "IKEEXT_CERTIFICATE_ECDSA_P384": "ECDSA384",
}
_NAMES = {
    "IKEEXT_CERT_CRITERIA_DNS": "DomainName",
    "IKEEXT_CERT_CRITERIA_UPN": "UserPrincipalName",
    "IKEEXT_CERT_CRITERIA_RFC822": "EmailAddress",
    "IKEEXT_CERT_CRITERIA_CN": "CN",
    "IKEEXT_CERT_CRITERIA_OU": "OU",
    "IKEEXT_CERT_CRITERIA_O": "O",
    "IKEEXT_CERT_CRITERIA_DC": "DC",
}
_INTERMEDIATE, _MAPPED = "IKEEXT_CERT_FLAG_INTERMEDIATE_CA", "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING"
_CRITERIA = {"inbound": "ValidationCriteria", "outbound": "SelectionCriteria"}
_SUBJECT = "subject:"
#: A distinguished name, which an authority has to be.
_DISTINGUISHED = re.compile(r"[A-Za-z][A-Za-z0-9.]* *=.+")


def certificate_proposals(method: AuthenticationMethod, name: str, reasons: Reasons) -> Iterator[Parameters]:
    """Yield the proposals of a method with certificates; what cannot be said of it is named."""
    if any(method.config(side) != EXPLICIT_TRUST_LIST for side in SIDES):
        reasons.lose(name, "an authority is named by its subject, and certificates are chosen in no other way")
        return
    if method.certificate_url:
        reasons.lose(f"{name} certificate_url", "it cannot be said")
    sides = {side: tuple(_said(method, side)) for side in SIDES}
    one, other = sides.values()
    if one == other and (len(one) == 1 or not method.criteria("inbound")):
        for each in one:
            yield from _proposal(method, each, name, reasons)
    elif len(one) == len(other) == 1:
        for side, (each,) in sides.items():
            for parameters in _proposal(method, each, name, reasons):
                yield (*parameters, *switches(_CRITERIA[side]))
    else:
        reasons.lose(name, "of each side exactly one proposal says more than an authority")


def _said(method: AuthenticationMethod, side: Side) -> Iterator[CertificateCriteria]:
    yield from method.criteria(side) or (CertificateCriteria(root=root) for root in method.roots)


def _proposal(
    method: AuthenticationMethod, said: CertificateCriteria, name: str, reasons: Reasons
) -> Iterator[Parameters]:
    subject = (said.root or "").removeprefix(_SUBJECT)
    if not (said.root or "").startswith(_SUBJECT) or not _DISTINGUISHED.fullmatch(subject):
        reasons.lose(f"{name} {said.root}", "an authority is named by its distinguished name, CN=Example Root CA")
        return
    for flag in said.flags:
        if flag not in (_INTERMEDIATE, _MAPPED):
            reasons.lose(f"{name} {flag}", "it cannot be said")
    parameters: list[tuple[str, Value]] = [
        *switches("Machine", "Cert"),
        ("Authority", subject),
        ("AuthorityType", "Intermediate" if _INTERMEDIATE in said.flags else "Root"),
        ("Signing", SIGNING[method.method]),
    ]
    if said.key_usages:
        parameters.append(("ExtendedKeyUsage", said.key_usages))
    if said.name_type is not None:
        parameters += [("SubjectName", said.name), ("SubjectNameType", _NAMES[said.name_type])]
    if said.thumbprint is not None:
        parameters.append(("Thumbprint", said.thumbprint))
    if _MAPPED in said.flags:
        parameters += switches("AccountMapping")
    yield tuple(parameters)

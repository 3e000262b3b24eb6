"""The form of certificate criteria: which certificates of a root or a store count."""

import re
from typing import Any

from ndtui.analysis.wording.negotiation_words import criteria_words
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, STORES, CertificateCriteria
from ndtui.model.vocabulary import members
from ndtui.ui.rows.flag_words import flag_options
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Form,
    IncompleteError,
    Option,
    TextField,
    TicksField,
    Values,
    typed_name,
)

_NAMES = {
    "IKEEXT_CERT_CRITERIA_DNS": "DNS name",
    "IKEEXT_CERT_CRITERIA_UPN": "user principal name",
    "IKEEXT_CERT_CRITERIA_RFC822": "e-mail address",
    "IKEEXT_CERT_CRITERIA_CN": "common name",
    "IKEEXT_CERT_CRITERIA_OU": "organisational unit",
    "IKEEXT_CERT_CRITERIA_O": "organisation",
    "IKEEXT_CERT_CRITERIA_DC": "domain component",
}
_FLAGS = (
    "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING",
    "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE",
    "IKEEXT_CERT_FLAG_DISABLE_REQUEST_PAYLOAD",
    "IKEEXT_CERT_FLAG_INTERMEDIATE_CA",
    "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE",
)
_FIELDS = (
    TextField("root", "Root", "The authority: CN=Example Root CA, or its thumbprint.", "CN=Example Root CA"),
    TextField("thumbprint", "Thumbprint", "SHA-1 of the certificate itself, 40 digits. Empty: any.", "any"),
    TextField(
        "key_usages",
        "Key usages",
        "Extended key usages that it has, with commas, such as 1.3.6.1.5.5.8.2.2 (IKE). Empty: any.",
        "any",
    ),
    ChoiceField(
        "name_type",
        "Name is",
        (
            Option("", "not said", "Any name will do."),
            *(Option(name, _NAMES[name], name) for name in members("IKEEXT_CERT_CRITERIA_NAME_TYPE")),
        ),
        folds=True,
    ),
    TextField("name", "Name", "The name that the certificate has.", "any"),
    TicksField("flags", "Flags", flag_options(_FLAGS), below=True),
)


def root_of(text: str) -> str:
    """Return a certification authority as a design has it: a subject where it is neither marked nor a thumbprint."""
    if text.startswith(("subject:", "thumbprint:")):
        return text
    said = text.strip()
    bare = said.replace(" ", "").replace(":", "")
    return f"thumbprint:{bare}" if re.fullmatch(r"[0-9A-Fa-f]{40}", bare) else f"subject:{said}"


def criteria_form(former: Any | None, config: str) -> Form[CertificateCriteria]:
    """Return the form of criteria, or of new ones; ``config`` is what certificates of their side are chosen by."""
    values: dict[str, Any] = {"root": "", "thumbprint": "", "key_usages": "", "name_type": "", "name": "", "flags": ()}
    kept: tuple[str, ...] = ()
    if former is not None:
        values = {name: getattr(former, name) or "" for name in values}
        values |= {"key_usages": ", ".join(former.key_usages), "flags": former.flags}
        kept = former.flags
    name = values["name"]

    def make(values: Values) -> CertificateCriteria:
        if config == EXPLICIT_TRUST_LIST and not values["root"].strip():
            raise IncompleteError("Name the authority: with a list of roots each needs one")
        said: dict[str, Any] = {
            "key_usages": tuple(each.strip() for each in values["key_usages"].split(",") if each.strip()),
            "name": typed_name(values["name"], name),
            "flags": (
                *(flag for flag in kept if flag in values["flags"]),
                *(flag for flag in values["flags"] if flag not in kept),
            ),
        }
        if values["root"].strip() and config not in STORES:
            said["root"] = root_of(values["root"])
        if values["thumbprint"].strip():
            said["thumbprint"] = values["thumbprint"].strip().replace(" ", "").replace(":", "")
        if values["name_type"]:
            said["name_type"] = values["name_type"]
        if not any(said.values()):
            raise IncompleteError("Say which: by a root, a thumbprint, key usages, a name or flags")
        return CertificateCriteria.model_validate(said)

    title = "Certificates that count" if former is None else "Edit certificates that count"
    hidden = ("root",) if config in STORES else ()
    return Form(title, _FIELDS, values, make, criteria_words, new=former is None, hide=lambda _: hidden)

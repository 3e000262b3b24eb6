"""The form of an authentication method: how peers prove who they are, with everything that belongs to the way."""

from collections.abc import Collection
from typing import Any

from ndtui.analysis.wording.negotiation_words import config_words, criteria_words, method_words
from ndtui.model.design.authentication import (
    FLAGS_OF_METHOD,
    METHODS,
    SIDES,
    WITH_CERTIFICATE,
    AuthenticationMethod,
    kerberos,
)
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, STORES
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.negotiation_edits import certificates_of
from ndtui.model.vocabulary import members
from ndtui.ui.rows.algorithm_options import method_options
from ndtui.ui.rows.criteria_form import criteria_form, root_of
from ndtui.ui.rows.flag_words import flag_options
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Field,
    Form,
    IncompleteError,
    ListField,
    Option,
    TextField,
    TicksField,
    Values,
)

_KEY = "Where the key is looked up when the policy is applied: env:NAME or keyring:NAME, never the key itself."
_ROOT = "CN=Example Root CA, or the thumbprint of 40 digits."
_CONFIG_HELP = {
    EXPLICIT_TRUST_LIST: "Certificates of the authorities that are named below.",
    STORES[0]: "Certificates of the authorities in the enterprise store of the machine.",
    STORES[1]: "Certificates of any authority in the trusted root store: of all that Windows trusts.",
    "IKEEXT_CERT_CONFIG_UNSPECIFIED": "Nothing is said of it.",
}
_NO_CONFIG = Option("", "not said", "Certificates need it.")
_CONFIGS = tuple(Option(name, config_words(name), f"{name}: {_CONFIG_HELP[name]}") for name in _CONFIG_HELP)
_FLAGS = tuple(flag for each in dict.fromkeys(FLAGS_OF_METHOD.values()) for flag in members(each))
#: The fields that belong to certificates alone.
_OF_CERTIFICATES = (*SIDES, "roots", "inbound_criteria", "outbound_criteria", "certificate_url")


def _root_form(former: Any | None, _values: Values) -> Form[str]:
    def make(values: Values) -> str:
        if not values["root"].strip():
            raise IncompleteError("Name the authority: CN=Example Root CA, or its thumbprint")
        return root_of(values["root"])

    fields = (TextField("root", "Root", f"{_ROOT} The subject is written as certutil shows it.", "CN=Example Root CA"),)
    title = "Add root" if former is None else "Root"
    return Form(title, fields, {"root": former or ""}, make, lambda made: made, new=former is None)


def _fields() -> tuple[Field, ...]:
    return (
        ChoiceField("method", "Method", method_options(), folds=True),
        TextField("key", "Key", _KEY, "env:NAME"),
        ChoiceField("inbound", "Peers'", (*_CONFIGS, _NO_CONFIG), "Which certificates of peers count.", folds=True),
        ListField(
            "inbound_criteria",
            "of them",
            criteria_words,
            lambda former, values: criteria_form(former, values["inbound"]),
            "Which of these certificates of peers count, in more detail. Windows 8 and newer.",
            "all",
        ),
        ChoiceField("outbound", "Own", (*_CONFIGS, _NO_CONFIG), "Which certificate is presented.", folds=True),
        ListField(
            "outbound_criteria",
            "of them",
            criteria_words,
            lambda former, values: criteria_form(former, values["outbound"]),
            "Which of these certificates of this host is presented, in more detail. Windows 8 and newer.",
            "all",
        ),
        ListField("roots", "Roots", str, _root_form, f"Authorities whose certificates count. {_ROOT}"),
        TextField(
            "certificate_url",
            "URL",
            "http:// address of the certificate, which IKEv2 sends for it. Windows 7 and newer.",
            "none",
        ),
        TextField("proxy", "Proxy", "Name of a Kerberos proxy. Windows 8 and newer.", "none"),
        TicksField("flags", "Flags", flag_options(_FLAGS), below=True),
    )


def method_form(former: AuthenticationMethod | None, module: KeyingModule) -> Form[AuthenticationMethod]:
    """Return the form of a method of a keying module, or of a new one."""
    shown = former or (certificates_of(module, ()) if module == "IKEv2" else kerberos()[0])
    values = {**dict(shown), **{name: getattr(shown, name) or "" for name in ("key", *SIDES)}}
    title = f"{module}: authentication" if former else f"{module}: add authentication"
    return Form(
        title,
        _fields(),
        values,
        lambda values: _make(values, shown),
        method_words,
        _follow,
        new=former is None,
        hide=_hidden,
        refuse=lambda values: _refused(values, module),
    )


def _make(values: Values, former: AuthenticationMethod) -> AuthenticationMethod:
    hidden = _hidden(values)
    said = {name: value for name, value in values.items() if name not in hidden}
    for name in ("key", *SIDES):
        if not said.get(name):
            said.pop(name, None)
    ticked = set(values["flags"]) - set(hidden)
    kept = [flag for flag in former.flags if flag in ticked]  # they stand as they stood
    said["flags"] = (*kept, *(flag for flag in _FLAGS if flag in ticked and flag not in kept))
    if values["method"] == "IKEEXT_PRESHARED_KEY" and not values["key"].strip():
        raise IncompleteError("Say where the key is looked up: env:NAME or keyring:NAME")
    if "roots" not in hidden and not values["roots"]:
        raise IncompleteError("Name a root, or choose certificates by a store")
    return AuthenticationMethod.model_validate(said)


def _hidden(values: Values) -> Collection[str]:
    """Return the fields and flags that the method does not have."""
    method = values["method"]
    known = members(FLAGS_OF_METHOD[method]) if method in FLAGS_OF_METHOD else ()
    hidden = {flag for flag in _FLAGS if flag not in known}
    if method != "IKEEXT_PRESHARED_KEY":
        hidden.add("key")
    if method != "IKEEXT_KERBEROS":
        hidden.add("proxy")
    if method not in WITH_CERTIFICATE:
        return hidden | set(_OF_CERTIFICATES)
    explicit = [side for side in SIDES if values[side] == EXPLICIT_TRUST_LIST]
    if not values["roots"] and all(values[f"{side}_criteria"] for side in explicit):
        hidden.add("roots")
    hidden |= {f"{side}_criteria" for side in SIDES if values[side] not in (EXPLICIT_TRUST_LIST, *STORES)}
    return hidden


def _follow(changed: str, values: Values) -> Values:
    """Let certificates be chosen by the roots that are named, unless a side is already, and else by the store."""
    if changed == "roots" and values["roots"]:
        sides = [side for side in SIDES if not values[f"{side}_criteria"]]
        asked = any(values[side] == EXPLICIT_TRUST_LIST for side in sides)
        return {} if asked else dict.fromkeys(sides, EXPLICIT_TRUST_LIST)
    if changed == "method" and values["method"] in WITH_CERTIFICATE:
        return {side: STORES[0] for side in SIDES if not values[side]}
    return {}


def _refused(values: Values, module: KeyingModule) -> dict[tuple[str, str], str]:
    """Return the methods that the keying module does not have, and what certificates cannot do without."""
    refused = {}
    for option in method_options():
        if option.id not in METHODS[module]:
            having = [each for each in KEYING_MODULES if option.id in METHODS[each]]
            refused["method", option.id] = f"{' and '.join(having)} only"
    if values["method"] in WITH_CERTIFICATE:
        refused |= {(side, ""): "certificates need it" for side in SIDES}
    return refused

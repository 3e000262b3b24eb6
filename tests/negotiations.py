"""Negotiations of every kind for property tests: all keying modules, all members, as plain data of a design."""

from typing import Any

from hypothesis import strategies as st

from ndtui.model.design.authentication import FLAG_MODULES, FLAGS_OF_METHOD, METHODS
from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, QUICK_MODE_FLAGS
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.windows_versions import PEER_SYSTEMS, VERSIONS
from ndtui.model.vocabulary import members
from tests.strategies import main_modes, quick_modes

SIDES = ("inbound", "outbound")
EXPLICIT = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
ENTERPRISE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
CONFIGS = (EXPLICIT, ENTERPRISE, "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE", "IKEEXT_CERT_CONFIG_UNSPECIFIED")
ROOTS = ("subject:CN=Root, O=Example", "thumbprint:" + "0aF9" * 10, "subject:x")


@st.composite
def criteria(draw: st.DrawFn, config: str) -> dict[str, Any]:
    """Draw certificate criteria that suit the way certificates are chosen by."""
    fields: dict[str, Any] = {"root": draw(st.sampled_from(ROOTS))} if config == EXPLICIT else {}
    asked = draw(st.sets(st.sampled_from(["thumbprint", "key_usages", "name", "flags"]), min_size=1))
    if "thumbprint" in asked:
        fields["thumbprint"] = "0123456789abcdef" * 2 + "01234567"
    if "key_usages" in asked:
        fields["key_usages"] = draw(
            st.lists(
                st.sampled_from(["1.3.6.1.5.5.8.2.2", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"]), min_size=1, unique=True
            )
        )
    if "name" in asked:
        kinds = tuple(members("IKEEXT_CERT_CRITERIA_NAME_TYPE"))
        fields |= {
            "name_type": draw(st.sampled_from(kinds)),
            "name": draw(st.sampled_from(["host.example.com", "Größe \U0001f512 <&>"])),
        }
    if "flags" in asked:
        fields["flags"] = draw(
            st.sampled_from(
                [
                    ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA"],
                    ["IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING", "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE"],
                ]
            )
        )
    return fields


@st.composite
def _certificates(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    plain = False
    for side in SIDES:
        fields[side] = draw(st.sampled_from(CONFIGS))
        if fields[side] != CONFIGS[3] and draw(st.booleans()):
            fields[f"{side}_criteria"] = draw(st.lists(criteria(fields[side]), min_size=1, max_size=2))
        elif fields[side] == EXPLICIT:
            plain = True
    if plain:
        fields["roots"] = draw(st.lists(st.sampled_from(ROOTS), min_size=1, unique=True))
    return fields


@st.composite
def one_method(draw: st.DrawFn, kind: str, module: str) -> dict[str, Any]:
    """Draw an authentication method of a keying module with all that may be said of it."""
    fields: dict[str, Any] = {"method": kind}
    if kind == "IKEEXT_PRESHARED_KEY":
        fields["key"] = "env:NDTUI_KEY"
    if kind == "IKEEXT_KERBEROS" and draw(st.booleans()):
        fields["proxy"] = "kdc.example.com"
    if "CERTIFICATE" in kind or "SSL" in kind:
        fields |= draw(_certificates())
        if module == "IKEv2" and draw(st.booleans()):
            fields["certificate_url"] = "http://pki.example.com/host.cer"
    known = FLAGS_OF_METHOD.get(kind)
    if known:
        acting = [flag for flag in members(known) if module in FLAG_MODULES.get(flag, KEYING_MODULES)]
        if acting:
            fields["flags"] = draw(st.lists(st.sampled_from(acting), max_size=2, unique=True))
    return fields


@st.composite
def methods(draw: st.DrawFn, module: str) -> list[dict[str, Any]]:
    """Draw one to three authentication methods of a keying module."""
    chosen = draw(st.lists(st.sampled_from(METHODS[module]), min_size=1, max_size=3, unique=True))
    return [draw(one_method(kind, module)) for kind in chosen]


@st.composite
def _proposals(draw: st.DrawFn, module: str, mode: str) -> list[dict[str, Any]]:
    drawn = draw((main_modes([module]) if mode == "main_mode" else quick_modes()).filter(lambda d: "proposals" in d))
    found: list[dict[str, Any]] = drawn["proposals"]
    if mode == "main_mode" and module == "IKEv2":
        for each in found:
            if each["dh_group"] == "IKEEXT_DH_GROUP_NONE":
                each["dh_group"] = "IKEEXT_DH_ECP_256"
            if draw(st.booleans()):
                each["cipher"] = "IKEEXT_CIPHER_AES_GCM_256_16ICV"
    return found


def _flags(known: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(known)), max_size=3, unique=True)


@st.composite
def negotiations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a design or a rule negotiates, as plain data."""
    modules = draw(st.lists(st.sampled_from(KEYING_MODULES), min_size=1, unique=True))
    main: dict[str, Any] = {f"{module.lower()}_authentication": draw(methods(module)) for module in modules}
    quick = draw(quick_modes())
    main["proposals"] = draw(_proposals("IKE", "main_mode"))
    for module in modules:
        if draw(st.booleans()):
            main[f"{module.lower()}_proposals"] = draw(_proposals(module, "main_mode"))
        if draw(st.booleans()):
            quick[f"{module.lower()}_proposals"] = draw(_proposals(module, "quick_mode"))
    main["flags"], quick["flags"] = draw(_flags(MAIN_MODE_FLAGS)), draw(_flags(QUICK_MODE_FLAGS))
    main["impersonation"] = draw(st.sampled_from([None, "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL"]))
    main["max_dynamic_filters"] = draw(st.sampled_from([0, 1, 2**32 - 1]))
    main["retransmit_seconds"] = draw(st.sampled_from([0, 120, 2**32 - 1]))
    said: dict[str, Any] = {"keying_modules": modules, "main_mode": main, "quick_mode": quick}
    if "AuthIP" in modules and draw(st.booleans()):
        said["extended_mode"] = {
            "impersonation": draw(st.sampled_from(list(members("IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE")))),
            "authentication": draw(methods("AuthIP")),
        }
    return said


@st.composite
def negotiating_designs(draw: st.DrawFn) -> Design:
    """Draw a design whose own negotiation, and that of a second rule, may say everything there is to say."""
    data: dict[str, Any] = {"name": "negotiating", **draw(negotiations())}
    data["windows"] = draw(st.sampled_from([None, *VERSIONS]))
    data["peers"] = draw(st.lists(st.sampled_from(PEER_SYSTEMS), max_size=2, unique=True))
    if draw(st.booleans()):
        second: dict[str, Any] = {
            "name": "second",
            "mode": "require",
            "scope": {"protocol": "tcp", "local_ports": [25]},
        }
        if draw(st.booleans()):
            second["negotiation"] = draw(negotiations())
        data["rules"] = [{"name": "base"}, second]
    return Design.model_validate(data)

"""The explanation of a provider context leaves nothing out: every member of every document is found in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ndtui.analysis.wording.context_properties import explain_context
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.objects import FilterSet, ProviderContext
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import METHODS, WITH_CERTIFICATE
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from ndtui.model.vocabulary import members
from tests.support import design, preset

_TRUST_LIST = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
_CONFIGS = (_TRUST_LIST, *(name for name in members("IKEEXT_CERT_CONFIG_TYPE") if name != _TRUST_LIST))


def method(name: str, number: int) -> dict[str, Any]:
    """Return a method with everything that it can have, and no two alike."""
    if name == "IKEEXT_PRESHARED_KEY":
        return {"method": name, "key": "env:SECRET_REFERENCE"}
    if name not in WITH_CERTIFICATE:
        return {"method": name}
    flags = list(members("IKEEXT_CERT_AUTH_FLAG"))
    inbound, outbound = _CONFIGS[number % 4], _CONFIGS[(number + 1) % 4]
    roots = [f"subject:CN=Root {number}{letter}" for letter in "AB"] if _TRUST_LIST in (inbound, outbound) else []
    return {
        "method": name,
        "inbound": inbound,
        "outbound": outbound,
        "roots": roots,
        "flags": flags[number : number + 3],
    }


def everything() -> Design:
    """Return a design with every authentication method, every kind of transform, and no number twice."""
    ike, authip = ([method(name, n) for n, name in enumerate(METHODS[module])] for module in ("IKE", "AuthIP"))
    kinds = (
        {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_MD5_96"},
        {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"},
        {"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_3DES"},
        {
            "type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
            "auth": "IPSEC_AUTH_CONFIG_GCM_AES_192",
            "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_192",
        },
    )
    return design(
        name="all kinds",
        lifetime="persistent",
        main_mode={
            "ike_authentication": ike,
            "authip_authentication": authip,
            "proposals": [
                {
                    "cipher": cipher,
                    "integrity": "IKEEXT_INTEGRITY_SHA_256",
                    "dh_group": "IKEEXT_DH_GROUP_14",
                    "lifetime_seconds": 3001 + number,
                    "quick_mode_limit": 41 + number,
                }
                for number, cipher in enumerate(("IKEEXT_CIPHER_AES_192", "IKEEXT_CIPHER_3DES"))
            ],
        },
        quick_mode={
            "nd_allow_clear_timeout_seconds": 17,
            "idle_timeout_seconds": 317,
            "idle_timeout_failover_seconds": 67,
            "proposals": [
                {
                    "transforms": transforms,
                    "lifetime_seconds": 5001 + number,
                    "lifetime_kilobytes": 600001 + number,
                    "lifetime_packets": 7000001 + number,
                    "pfs_group": "IPSEC_PFS_ECP_256",
                }
                for number, transforms in enumerate(([kinds[0], kinds[2]], [kinds[1]], [kinds[2]], [kinds[3]]))
            ],
        },
        extended_mode={"authentication": authip},
    )


def leaves(value: Any, member: str) -> Iterator[tuple[str, Any]]:
    """Yield every text and number of a document with the member it stands in."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, member)
    else:
        yield member, value


def missing(document: Any, said: str) -> list[tuple[str, Any]]:
    """Return what a document holds and a text does not say; a number counts only with the name of its member."""
    found = []
    for member, value in leaves(document, ""):
        if isinstance(value, int):
            named = rf"\b{value} [^,(]*\({member}\b|\b{member} {value}\b|\b{value} \({member}\b"
            present = re.search(named, said)
        else:
            present = re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", said) if value else True
        if not present:
            found.append((member, value))
    return found


def said_of(context: ProviderContext, filterset: FilterSet) -> str:
    return "\n".join(f"{line.label}: {line.text}" for line in explain_context(context, filterset))


DESIGNS = {**{each.name: preset(each.name) for each in presets.shipped()}, "everything": everything()}


@pytest.mark.parametrize("name", DESIGNS)
def test_every_member_of_every_document_is_in_the_explanation(name):
    filterset = compile_design(DESIGNS[name])
    assert filterset.contexts
    for context in filterset.contexts:
        said = said_of(context, filterset)
        document = dict(context_document(context))
        origin = Origin.parse(str(document.pop("origin")))
        kind = {"keying-module": "keying module"}.get(origin.element, origin.element)
        assert re.search(rf"^Made by: {kind} '?{re.escape(origin.name)}'?$", said, re.MULTILINE)
        assert missing(document, said) == []


def test_what_is_missing_would_be_noticed():
    """The walk itself: each text and number taken out of an explanation is missed."""
    filterset = compile_design(everything())
    for context in filterset.contexts:
        said = said_of(context, filterset)
        document = {k: v for k, v in context_document(context).items() if k != "origin"}
        every = {(member, value) for member, value in leaves(document, "") if value != ""}
        assert len(every) > 20
        for member, value in every:
            assert missing(document, re.sub(rf"(?<![\w-]){re.escape(str(value))}(?![\w-])", "", said)), (member, value)


def test_the_order_of_methods_and_the_roots_below_their_method():
    filterset = compile_design(everything())
    lines = explain_context(filterset.contexts[0], filterset)
    labels = [line.label for line in lines]
    first = labels.index("Auth 2")
    assert labels[first : first + 7] == [
        "Auth 2",
        "  Inbound",
        "  Outbound",
        "  Flags",
        "Auth 3",
        "  Inbound",
        "  Outbound",
    ]
    assert [line.text for line in lines if line.label == "  Root 1"] == ["subject:CN=Root 3A (outboundRootArray)"]
    assert [line.text for line in lines if line.label == "  Root 2"] == ["subject:CN=Root 3B (outboundRootArray)"]


def test_a_label_fits_its_column():
    for made in DESIGNS.values():
        filterset = compile_design(made)
        for context in filterset.contexts:
            assert all(len(line.label) <= 12 for line in explain_context(context, filterset))


def test_which_rules_share_a_context_is_said_where_there_are_several():
    boundary = {"name": "branch", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8"]}}
    filterset = compile_design(design(version=2, rules=[{"name": "base"}, boundary], keying_modules=["IKE"]))
    main, *quick = filterset.contexts
    assert "Used by: rules 'base', 'branch'" in said_of(main, filterset)
    for each, name in zip(quick, ("base", "branch"), strict=True):
        assert f"Used by: rule {name!r}" in said_of(each, filterset)
    layers = next(line for line in said_of(main, filterset).splitlines() if line.startswith("Used at: "))
    assert layers == "Used at: FWPM_LAYER_IKEEXT_V4, FWPM_LAYER_IKEEXT_V6"
    alone = compile_design(design())
    assert not any("Used by: " in said_of(each, alone) for each in alone.contexts)

"""The scenarios as Microsoft's pages have them, written down row by row, against what the presets compile to.

Sources, all under https://learn.microsoft.com/windows/win32/fwp/ : negotiation-discovery-transport-mode,
negotiation-discovery-transport-mode-in-boundary-mode, regular-transport-mode, using-transport-mode (the sample code).
Nothing here is computed by the code under test: each row is a filter in its JSON shape, without its keys and names.
"""

from collections import Counter
from typing import Any, NamedTuple

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import describe
from ndtui.model.design.design import change, default_design
from ndtui.model.scenarios.catalogue import MODES
from tests.support import design, documents, exempting, preset, ruled

PERMIT = "FWP_ACTION_PERMIT"
CALLOUT = "FWP_ACTION_CALLOUT_TERMINATING"
HAS_CONTEXT = ("FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT",)
EMPTY = ("FWP_EMPTY", None)
EXEMPT = ("FWP_UINT8", 0xC)
UNIVERSAL = "FWPM_SUBLAYER_UNIVERSAL"

UNICAST = ("FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE", "FWP_MATCH_EQUAL", "FWP_UINT8", 1)
ICMP_V4 = ("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "FWP_UINT8", 1)
ICMP_V6 = ("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "FWP_UINT8", 58)
TCP = ("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "FWP_UINT8", 6)
UDP = ("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "FWP_UINT8", 17)
TO_53 = ("FWPM_CONDITION_IP_REMOTE_PORT", "FWP_MATCH_EQUAL", "FWP_UINT16", 53)


class Row(NamedTuple):
    """A filter. ``context`` is a raw context as a number, or the type of the provider context it refers to."""

    layer: str
    conditions: tuple[tuple[str, str, str, Any], ...]
    action: str
    callout: str | None
    context: int | str
    weight: tuple[str, int | None]
    flags: tuple[str, ...]


def policy(layer: str, context: str) -> Row:
    return Row(f"FWPM_LAYER_{layer}", (), PERMIT, None, context, EMPTY, HAS_CONTEXT)


def callout(layer: str, name: str, raw_context: int) -> Row:
    return Row(f"FWPM_LAYER_{layer}", (UNICAST,), CALLOUT, f"FWPM_CALLOUT_IPSEC_{name}", raw_context, EMPTY, ())


def permit(layer: str, *conditions: tuple[str, str, str, Any]) -> Row:
    return Row(f"FWPM_LAYER_{layer}", (UNICAST, *conditions), PERMIT, None, 0, EXEMPT, ())


IKE_POLICY = [
    policy("IKEEXT_V4", "FWPM_IPSEC_IKE_MM_CONTEXT"),
    policy("IKEEXT_V6", "FWPM_IPSEC_IKE_MM_CONTEXT"),
    policy("IPSEC_V4", "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"),
    policy("IPSEC_V6", "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"),
]
IKEV2_POLICY = [
    policy("IKEEXT_V4", "FWPM_IPSEC_IKEV2_MM_CONTEXT"),
    policy("IKEEXT_V6", "FWPM_IPSEC_IKEV2_MM_CONTEXT"),
    policy("IPSEC_V4", "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"),
    policy("IPSEC_V6", "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"),
]
AUTHIP_POLICY = [
    policy("IKEEXT_V4", "FWPM_IPSEC_AUTHIP_MM_CONTEXT"),
    policy("IKEEXT_V6", "FWPM_IPSEC_AUTHIP_MM_CONTEXT"),
    policy("IPSEC_V4", "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"),
    policy("IPSEC_V6", "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"),
]
TRANSPORT_ICMP = [
    permit("INBOUND_TRANSPORT_V4", ICMP_V4),
    permit("INBOUND_TRANSPORT_V6", ICMP_V6),
    permit("OUTBOUND_TRANSPORT_V4", ICMP_V4),
    permit("OUTBOUND_TRANSPORT_V6", ICMP_V6),
]
ALE_ICMP = [
    permit("ALE_AUTH_RECV_ACCEPT_V4", ICMP_V4),
    permit("ALE_AUTH_RECV_ACCEPT_V6", ICMP_V6),
]
DISCOVER = [
    callout("INBOUND_TRANSPORT_V4", "INBOUND_TRANSPORT_V4", 2),
    callout("INBOUND_TRANSPORT_V6", "INBOUND_TRANSPORT_V6", 2),
    callout("OUTBOUND_TRANSPORT_V4", "OUTBOUND_TRANSPORT_V4", 1),
    callout("OUTBOUND_TRANSPORT_V6", "OUTBOUND_TRANSPORT_V6", 1),
]
REQUIRE = [
    callout("INBOUND_TRANSPORT_V4", "INBOUND_TRANSPORT_V4", 0),
    callout("INBOUND_TRANSPORT_V6", "INBOUND_TRANSPORT_V6", 0),
    callout("OUTBOUND_TRANSPORT_V4", "OUTBOUND_TRANSPORT_V4", 0),
    callout("OUTBOUND_TRANSPORT_V6", "OUTBOUND_TRANSPORT_V6", 0),
]
SECURE_INBOUND = [
    callout("ALE_AUTH_RECV_ACCEPT_V4", "INBOUND_INITIATE_SECURE_V4", 0),
    callout("ALE_AUTH_RECV_ACCEPT_V6", "INBOUND_INITIATE_SECURE_V6", 0),
]
SAMPLE_SECURE_INBOUND = [
    callout("ALE_AUTH_RECV_ACCEPT_V4", "INBOUND_INITIATE_SECURE_V4", 2),
    callout("ALE_AUTH_RECV_ACCEPT_V6", "INBOUND_INITIATE_SECURE_V6", 2),
]

ND = [*DISCOVER, *SECURE_INBOUND, *TRANSPORT_ICMP, *ALE_ICMP]

SCENARIOS = {
    "nd-transport": [*IKE_POLICY, *AUTHIP_POLICY, *ND],
    "nd-boundary": [*IKE_POLICY, *AUTHIP_POLICY, *DISCOVER, *TRANSPORT_ICMP],
    "transport-require": [*IKE_POLICY, *AUTHIP_POLICY, *REQUIRE, *TRANSPORT_ICMP],
    "nd-ike-only": [*IKE_POLICY, *ND],
    "nd-certificates": [*IKE_POLICY, *IKEV2_POLICY, *ND],
    "nd-authip-only": [*AUTHIP_POLICY, *ND],
    "nd-ipv4-only": [
        policy("IKEEXT_V4", "FWPM_IPSEC_IKE_MM_CONTEXT"),
        policy("IPSEC_V4", "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"),
        policy("IKEEXT_V4", "FWPM_IPSEC_AUTHIP_MM_CONTEXT"),
        policy("IPSEC_V4", "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"),
        callout("INBOUND_TRANSPORT_V4", "INBOUND_TRANSPORT_V4", 2),
        callout("OUTBOUND_TRANSPORT_V4", "OUTBOUND_TRANSPORT_V4", 1),
        callout("ALE_AUTH_RECV_ACCEPT_V4", "INBOUND_INITIATE_SECURE_V4", 0),
        permit("INBOUND_TRANSPORT_V4", ICMP_V4),
        permit("OUTBOUND_TRANSPORT_V4", ICMP_V4),
        permit("ALE_AUTH_RECV_ACCEPT_V4", ICMP_V4),
    ],
    "ms-sample": [*AUTHIP_POLICY, *DISCOVER, *SAMPLE_SECURE_INBOUND, *TRANSPORT_ICMP, *ALE_ICMP],
}

# Filters, layers, provider contexts.
COUNTS = {
    "nd-transport": (20, 10, 4),
    "nd-boundary": (16, 8, 4),
    "transport-require": (16, 8, 4),
    "nd-ike-only": (16, 10, 2),
    "nd-certificates": (20, 10, 4),
    "nd-authip-only": (16, 10, 2),
    "nd-ipv4-only": (10, 5, 4),
    "ms-sample": (16, 10, 2),
}

IKE_CONTEXTS = ["FWPM_IPSEC_IKE_MM_CONTEXT", "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]
IKEV2_CONTEXTS = ["FWPM_IPSEC_IKEV2_MM_CONTEXT", "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]
AUTHIP_CONTEXTS = ["FWPM_IPSEC_AUTHIP_MM_CONTEXT", "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"]

# Types of the provider contexts, and the flags of the quick mode ones.
CONTEXTS = {
    "nd-transport": ([*IKE_CONTEXTS, *AUTHIP_CONTEXTS], ["IPSEC_POLICY_FLAG_ND_SECURE"]),
    "nd-boundary": ([*IKE_CONTEXTS, *AUTHIP_CONTEXTS], ["IPSEC_POLICY_FLAG_ND_BOUNDARY"]),
    "transport-require": ([*IKE_CONTEXTS, *AUTHIP_CONTEXTS], []),
    "nd-ike-only": (IKE_CONTEXTS, ["IPSEC_POLICY_FLAG_ND_SECURE"]),
    "nd-certificates": ([*IKE_CONTEXTS, *IKEV2_CONTEXTS], ["IPSEC_POLICY_FLAG_ND_SECURE"]),
    "nd-authip-only": (AUTHIP_CONTEXTS, ["IPSEC_POLICY_FLAG_ND_SECURE"]),
    "nd-ipv4-only": ([*IKE_CONTEXTS, *AUTHIP_CONTEXTS], ["IPSEC_POLICY_FLAG_ND_SECURE"]),
    "ms-sample": (AUTHIP_CONTEXTS, ["IPSEC_POLICY_FLAG_ND_SECURE"]),
}

# The member of the union that each type of context fills.
MEMBERS = {
    "FWPM_IPSEC_IKE_MM_CONTEXT": "ikeMmPolicy",
    "FWPM_IPSEC_AUTHIP_MM_CONTEXT": "authIpMmPolicy",
    "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT": "ikeQmTransportPolicy",
    "FWPM_IPSEC_IKEV2_MM_CONTEXT": "ikeV2MmPolicy",
    "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT": "ikeV2QmTransportPolicy",
    "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT": "authIpQmTransportPolicy",
}

MEMBER_OF_TYPE = {"FWP_UINT8": "uint8", "FWP_UINT16": "uint16", "FWP_UINT32": "uint32", "FWP_UINT64": "uint64"}


def shape(row: Row) -> dict[str, Any]:
    """Return a row as the JSON of a filter, with the type of the provider context in place of its key."""
    weight_type, weight = row.weight
    document: dict[str, Any] = {
        "flags": list(row.flags),
        "layerKey": row.layer,
        "subLayerKey": UNIVERSAL,
        "weight": {"type": weight_type, **({} if weight is None else {MEMBER_OF_TYPE[weight_type]: weight})},
        "filterCondition": [
            {"fieldKey": f, "matchType": m, "conditionValue": {"type": t, MEMBER_OF_TYPE[t]: v}}
            for f, m, t, v in row.conditions
        ],
        "action": {"type": row.action, "filterType": row.callout},
    }
    document["providerContextKey" if isinstance(row.context, str) else "rawContext"] = row.context
    return document


def comparable(document: dict[str, Any], contexts: dict[str, str]) -> dict[str, Any]:
    """Return the JSON of a filter without names and keys, with the type of the provider context it refers to."""
    rest = {
        k: v
        for k, v in document.items()
        if k not in ("filterKey", "displayData", "providerKey", "effectiveWeight", "origin")
    }
    if "providerContextKey" in rest:
        rest["providerContextKey"] = contexts[rest["providerContextKey"]]
    return rest


def by_layer(filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(filters, key=repr)


def compiled(lists: dict[str, Any]) -> list[dict[str, Any]]:
    contexts = {c["providerContextKey"]: c["type"] for c in lists["providerContexts"]}
    return by_layer([comparable(f, contexts) for f in lists["filters"]])


def policies(lists: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the policy of each provider context by its type."""
    return {c["type"]: c[MEMBERS[c["type"]]] for c in lists["providerContexts"]}


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the filters that are only in the one, and only in the other."""
    old, new = compiled(before), compiled(after)
    return [f for f in old if f not in new], [f for f in new if f not in old]


@pytest.mark.parametrize("name", SCENARIOS)
def test_filters(name):
    assert compiled(documents(preset(name))) == by_layer([shape(row) for row in SCENARIOS[name]])


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    lists = documents(preset(name))
    layers = {f["layerKey"] for f in lists["filters"]}
    assert (len(lists["filters"]), len(layers), len(lists["providerContexts"])) == COUNTS[name]
    assert len(SCENARIOS[name]) == COUNTS[name][0]
    assert lists["subLayers"] == []


@pytest.mark.parametrize("name", CONTEXTS)
def test_contexts_and_their_quick_mode_flags(name):
    types, flags = CONTEXTS[name]
    found = policies(documents(preset(name)))
    assert list(found) == types
    for kind, policy_tree in found.items():
        optional = ["IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"] if "_AUTHIP_" in kind and name != "ms-sample" else []
        assert policy_tree["flags"] == (flags if "_QM_" in kind else optional)


@pytest.mark.parametrize("name", SCENARIOS)
def test_one_context_serves_both_families(name):
    lists = documents(preset(name))
    families = 1 if name == "nd-ipv4-only" else 2
    used = Counter(f["providerContextKey"] for f in lists["filters"] if "providerContextKey" in f)
    assert used == {c["providerContextKey"]: families for c in lists["providerContexts"]}


@pytest.mark.parametrize("name", [*SCENARIOS, "nd-domain-member"])
def test_the_union_holds_a_raw_context_or_a_provider_context(name):
    for each in documents(preset(name))["filters"]:
        flagged = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT" in each["flags"]
        assert ("providerContextKey" in each) == flagged
        assert ("rawContext" in each) == (not flagged)


@pytest.mark.parametrize("name", [*SCENARIOS, "nd-domain-member"])
def test_objects_have_all_their_members_and_no_others(name):
    lists = documents(preset(name))
    assert set(lists) == {"provider", "subLayers", "providerContexts", "filters"}
    common = {"displayData", "flags", "providerKey"}
    assert set(lists["provider"]) == common
    for each in lists["providerContexts"]:
        assert set(each) == {*common, "providerContextKey", "type", MEMBERS[each["type"]], "origin"}
    members = {*common, "filterKey", "layerKey", "subLayerKey", "weight", "filterCondition", "action"}
    members |= {"effectiveWeight", "origin"}
    for each in lists["filters"]:
        assert set(each) - {"rawContext", "providerContextKey"} == members
        assert set(each["displayData"]) == {"name", "description"}
        assert set(each["effectiveWeight"]) == {"type", "uint64"}
        assert each["effectiveWeight"]["type"] == "FWP_UINT64"


@pytest.mark.parametrize("name", SCENARIOS)
def test_origins(name):
    lists = documents(preset(name))
    for each in lists["filters"]:
        if "providerContextKey" in each:
            context = next(
                c for c in lists["providerContexts"] if c["providerContextKey"] == each["providerContextKey"]
            )
            module = {"AUTHIP": "AuthIP", "IKEV2": "IKEv2", "IKE": "IKE"}[context["type"].split("_")[2]]
            assert each["origin"] == context["origin"] == f"keying-module:{module}"
        elif each["action"]["filterType"]:
            assert each["origin"] == "scenario"
        else:
            assert each["origin"] == "exemption:ICMP"


def test_the_default_design_is_the_default_preset():
    assert compiled(documents(default_design())) == by_layer([shape(row) for row in SCENARIOS["nd-transport"]])
    assert documents(default_design()) == documents(change(preset("nd-transport"), description=""))


# What separates one scenario from the next.


def test_boundary_takes_away_the_ale_filters_and_swaps_the_flag():
    before, after = documents(preset("nd-transport")), documents(preset("nd-boundary"))
    gone, new = difference(before, after)
    assert gone == by_layer([shape(row) for row in (*SECURE_INBOUND, *ALE_ICMP)])
    assert new == []


def test_require_takes_the_raw_contexts_away_too():
    gone, new = difference(documents(preset("nd-boundary")), documents(preset("transport-require")))
    assert gone == by_layer([shape(row) for row in DISCOVER])
    assert new == by_layer([shape(row) for row in REQUIRE])


def test_nd_secure_off_changes_only_the_quick_mode_flags():
    before = documents(preset("nd-transport"))
    after = documents(ruled(preset("nd-transport"), nd_secure=False))
    assert difference(before, after) == ([], [])
    for kind, tree in policies(after).items():
        if "_QM_" in kind:
            assert tree == {**policies(before)[kind], "flags": []}


def test_the_samples_raw_context_at_ale_is_a_switch():
    gone, new = difference(
        documents(preset("nd-transport")), documents(ruled(preset("nd-transport"), ale_persist_context=True))
    )
    assert gone == by_layer([shape(row) for row in SECURE_INBOUND])
    assert new == by_layer([shape(row) for row in SAMPLE_SECURE_INBOUND])


def test_a_dns_exemption_makes_sixteen_filters_twenty_two():
    before = preset("nd-ike-only")
    dns = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
    after = change(before, exemptions=[*before.exemptions, dns])
    gone, new = difference(documents(before), documents(after))
    assert gone == []
    assert new == by_layer(
        [
            shape(row)
            for row in (
                permit("INBOUND_TRANSPORT_V4", UDP, TO_53),
                permit("INBOUND_TRANSPORT_V6", UDP, TO_53),
                permit("OUTBOUND_TRANSPORT_V4", UDP, TO_53),
                permit("OUTBOUND_TRANSPORT_V6", UDP, TO_53),
                permit("ALE_AUTH_RECV_ACCEPT_V4", UDP, TO_53),
                permit("ALE_AUTH_RECV_ACCEPT_V6", UDP, TO_53),
            )
        ]
    )
    assert (len(documents(before)["filters"]), len(documents(after)["filters"])) == (16, 22)


def test_the_same_exemption_makes_four_filters_where_nothing_is_protected_at_ale():
    dns = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
    for name in ("nd-boundary", "transport-require"):
        before = preset(name)
        after = documents(change(before, exemptions=[*before.exemptions, dns]))
        assert len(after["filters"]) == 20
        assert not any("_ALE_" in f["layerKey"] for f in after["filters"])


def test_without_exemptions_policy_and_callouts_are_left():
    bare = documents(change(preset("nd-transport"), exemptions=()))
    assert compiled(bare) == by_layer([shape(row) for row in (*IKE_POLICY, *AUTHIP_POLICY, *DISCOVER, *SECURE_INBOUND)])


# Exemptions, every field of them.


def permits(design_) -> list[dict[str, Any]]:
    return [f for f in compiled(documents(design_)) if f["weight"] == {"type": "FWP_UINT8", "uint8": 12}]


def value_of(document: dict[str, Any], field: str) -> list[tuple[str, Any]]:
    """Return (match type, value) of each condition on a field."""
    return [
        (c["matchType"], c["conditionValue"])
        for c in document["filterCondition"]
        if c["fieldKey"] == f"FWPM_CONDITION_{field}"
    ]


def test_ports_single_and_in_ranges():
    [one, *others] = permits(exempting({"protocol": "tcp", "local_ports": ["1024-2047", 53]}))
    assert len(others) == 5
    assert value_of(one, "IP_PROTOCOL") == [("FWP_MATCH_EQUAL", {"type": "FWP_UINT8", "uint8": 6})]
    assert value_of(one, "IP_LOCAL_PORT") == [
        ("FWP_MATCH_EQUAL", {"type": "FWP_UINT16", "uint16": 53}),
        (
            "FWP_MATCH_RANGE",
            {
                "type": "FWP_RANGE_TYPE",
                "rangeValue": {
                    "valueLow": {"type": "FWP_UINT16", "uint16": 1024},
                    "valueHigh": {"type": "FWP_UINT16", "uint16": 2047},
                },
            },
        ),
    ]
    assert value_of(one, "IP_REMOTE_PORT") == []


def test_addresses_go_to_the_layers_of_their_family():
    made = permits(exempting({"remote_addresses": ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "fe80::1-fe80::9"]}))
    assert len(made) == 6
    for each in made:
        if each["layerKey"].endswith("_V4"):
            wanted = [
                (
                    "FWP_MATCH_EQUAL",
                    {"type": "FWP_V4_ADDR_MASK", "v4AddrMask": {"addr": "10.0.0.0", "mask": "255.0.0.0"}},
                ),
                ("FWP_MATCH_EQUAL", {"type": "FWP_UINT32", "uint32": "192.0.2.1"}),
            ]
        else:
            wanted = [
                (
                    "FWP_MATCH_EQUAL",
                    {"type": "FWP_V6_ADDR_MASK", "v6AddrMask": {"addr": "2001:db8::", "prefixLength": 32}},
                ),
                (
                    "FWP_MATCH_RANGE",
                    {
                        "type": "FWP_RANGE_TYPE",
                        "rangeValue": {
                            "valueLow": {"type": "FWP_BYTE_ARRAY16_TYPE", "byteArray16": "fe80::1"},
                            "valueHigh": {"type": "FWP_BYTE_ARRAY16_TYPE", "byteArray16": "fe80::9"},
                        },
                    },
                ),
            ]
        assert value_of(each, "IP_REMOTE_ADDRESS") == wanted
        assert value_of(each, "IP_LOCAL_ADDRESS") == []


def test_the_whole_of_a_family_is_a_mask_of_nothing():
    made = permits(exempting({"local_addresses": ["0.0.0.0/0", "::/0"]}))
    values = {f["layerKey"][-2:]: value_of(f, "IP_LOCAL_ADDRESS") for f in made}
    assert values["V4"] == [
        ("FWP_MATCH_EQUAL", {"type": "FWP_V4_ADDR_MASK", "v4AddrMask": {"addr": "0.0.0.0", "mask": "0.0.0.0"}})
    ]
    assert values["V6"] == [
        ("FWP_MATCH_EQUAL", {"type": "FWP_V6_ADDR_MASK", "v6AddrMask": {"addr": "::", "prefixLength": 0}})
    ]


def test_an_address_of_one_family_makes_no_filters_in_the_other():
    made = permits(exempting({"local_addresses": ["192.0.2.1"], "remote_addresses": ["192.0.2.2", "2001:db8::1"]}))
    assert sorted(f["layerKey"] for f in made) == [
        "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4",
        "FWPM_LAYER_INBOUND_TRANSPORT_V4",
        "FWPM_LAYER_OUTBOUND_TRANSPORT_V4",
    ]


def test_icmp_type_shares_the_ports_field_at_transport_and_has_its_own_at_ale():
    made = permits(exempting({"protocol": "icmp", "icmp_type": 8, "icmp_code": 0}))
    assert len(made) == 6
    for each in made:
        ale = "_ALE_" in each["layerKey"]
        eight = [("FWP_MATCH_EQUAL", {"type": "FWP_UINT16", "uint16": 8})]
        assert value_of(each, "ORIGINAL_ICMP_TYPE") == (eight if ale else [])
        assert value_of(each, "IP_LOCAL_PORT") == ([] if ale else eight)
        assert value_of(each, "IP_REMOTE_PORT") == [("FWP_MATCH_EQUAL", {"type": "FWP_UINT16", "uint16": 0})]


def test_a_protocol_by_number_is_the_same_in_both_families():
    made = permits(exempting({"protocol": 47}))
    assert {f["layerKey"][-2:] for f in made} == {"V4", "V6"}
    for each in made:
        assert value_of(each, "IP_PROTOCOL") == [("FWP_MATCH_EQUAL", {"type": "FWP_UINT8", "uint8": 47})]


def test_any_protocol_has_the_unicast_condition_alone():
    made = permits(exempting({}))
    assert made == by_layer(
        [
            shape(permit(f"{stem}_{family}"))
            for stem in ("INBOUND_TRANSPORT", "OUTBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT")
            for family in ("V4", "V6")
        ]
    )


def test_layers_beyond_the_protected_ones_are_taken_as_named():
    made = permits(exempting({"protocol": "tcp", "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]}, families=["V4"]))
    assert made == [shape(permit("ALE_AUTH_CONNECT_V4", TCP))]


# Lifetime and sublayer.


def test_a_persistent_design_marks_every_object():
    lists = documents(preset("nd-domain-member"))
    assert lists["provider"]["flags"] == ["FWPM_PROVIDER_FLAG_PERSISTENT"]
    assert {tuple(c["flags"]) for c in lists["providerContexts"]} == {("FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT",)}
    for each in lists["filters"]:
        context = ["FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"] if "providerContextKey" in each else []
        assert each["flags"] == [*context, "FWPM_FILTER_FLAG_PERSISTENT"]


@pytest.mark.parametrize("lifetime", ["dynamic", "static"])
def test_other_lifetimes_mark_none(lifetime):
    lists = documents(change(preset("nd-transport"), lifetime=lifetime))
    flags = {flag for o in (lists["provider"], *lists["providerContexts"], *lists["filters"]) for flag in o["flags"]}
    assert flags == {"FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"}


def test_a_sublayer_of_its_own():
    own = change(preset("nd-transport"), sublayer={"kind": "own", "weight": 40000}, lifetime="persistent")
    lists = documents(own)
    [sublayer] = lists["subLayers"]
    assert sublayer["weight"] == 40000
    assert sublayer["flags"] == ["FWPM_SUBLAYER_FLAG_PERSISTENT"]
    assert sublayer["providerKey"] == lists["provider"]["providerKey"]
    assert {f["subLayerKey"] for f in lists["filters"]} == {sublayer["subLayerKey"]}
    assert set(sublayer) == {"subLayerKey", "displayData", "flags", "providerKey", "weight", "origin"}


def test_keys_are_in_braces_and_names_are_not():
    lists = documents(preset("nd-transport"))
    for each in lists["filters"]:
        for member in ("filterKey", "providerKey", "providerContextKey"):
            if member in each:
                assert each[member][0] + each[member][-1] == "{}"
        assert each["layerKey"].startswith("FWPM_LAYER_")


# Policy.


def proposals(tree: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return a main mode policy's proposals in a few words."""
    return [
        (
            p["cipherAlgorithm"]["algoIdentifier"],
            p["integrityAlgorithm"]["algoIdentifier"],
            p["dhGroup"],
            p["maxLifetimeSeconds"],
            p["quickModeLimit"],
        )
        for p in tree["ikeProposals"]
    ]


def test_the_sample_main_mode_policy_value_for_value():
    assert policies(documents(preset("ms-sample")))["FWPM_IPSEC_AUTHIP_MM_CONTEXT"] == {
        "softExpirationTime": 0,
        "authenticationMethods": [
            {"authenticationMethodType": "IKEEXT_KERBEROS"},
            {
                "authenticationMethodType": "IKEEXT_SSL",
                "sslAuthentication": {
                    "inboundConfigType": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                    "inboundRootArray": ["subject:Example Root CA"],
                    "outboundConfigType": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                    "outboundRootArray": ["subject:Example Root CA"],
                    "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"],
                },
            },
        ],
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE",
        "ikeProposals": [
            {
                "cipherAlgorithm": {"algoIdentifier": cipher, "keyLen": 0, "rounds": 0},
                "integrityAlgorithm": {"algoIdentifier": "IKEEXT_INTEGRITY_SHA1"},
                "maxLifetimeSeconds": 8 * 60 * 60,
                "dhGroup": "IKEEXT_DH_GROUP_NONE",
                "quickModeLimit": 0,
            }
            for cipher in ("IKEEXT_CIPHER_AES_128", "IKEEXT_CIPHER_3DES")
        ],
        "flags": [],
        "maxDynamicFilters": 0,
    }


def test_the_sample_quick_mode_policy_value_for_value():
    sha1 = {"authTransformId": {"authType": "IPSEC_AUTH_SHA_1", "authConfig": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}}

    def both(cipher_type: str, cipher_config: str) -> dict[str, Any]:
        cipher = {"cipherTransformId": {"cipherType": cipher_type, "cipherConfig": cipher_config}}
        return {
            "ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
            "espAuthAndCipherTransform": {"authTransform": sha1, "cipherTransform": cipher},
        }

    transforms = [
        {"ipsecTransformType": "IPSEC_TRANSFORM_AH", "ahTransform": sha1},
        {"ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH", "espAuthTransform": sha1},
        both("IPSEC_CIPHER_TYPE_AES_128", "IPSEC_CIPHER_CONFIG_CBC_AES_128"),
        both("IPSEC_CIPHER_TYPE_3DES", "IPSEC_CIPHER_CONFIG_CBC_3DES"),
    ]
    assert policies(documents(preset("ms-sample")))["FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"] == {
        "ipsecProposals": [
            {
                "lifetime": {"lifetimeSeconds": 3600, "lifetimeKilobytes": 100000, "lifetimePackets": 0x7FFFFFFF},
                "saTransforms": [transform],
                "pfsGroup": "IPSEC_PFS_NONE",
            }
            for transform in transforms
        ],
        "flags": ["IPSEC_POLICY_FLAG_ND_SECURE"],
        "ndAllowClearTimeoutSeconds": 10,
        "saIdleTimeout": {"idleTimeoutSeconds": 300, "idleTimeoutSecondsFailOver": 60},
        "emPolicy": {
            "authenticationMethods": [
                {"authenticationMethodType": "IKEEXT_KERBEROS"},
                {"authenticationMethodType": "IKEEXT_NTLM_V2"},
            ],
            "initiatorImpersonationType": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
        },
    }


KERBEROS = [{"authenticationMethodType": "IKEEXT_KERBEROS"}]
CERTIFICATES = [
    {
        "authenticationMethodType": "IKEEXT_CERTIFICATE",
        "certificateAuthentication": {
            "inboundConfigType": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
            "inboundRootArray": ["subject:CN=Example Root CA"],
            "outboundConfigType": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
            "outboundRootArray": ["subject:CN=Example Root CA"],
            "flags": [],
        },
    }
]
#: What presets for peers that are not Windows authenticate with; their IKE has a group that Linux peers have too.
METHODS = {"nd-ike-only": CERTIFICATES, "nd-certificates": CERTIFICATES}


@pytest.mark.parametrize("name", [n for n in SCENARIOS if n != "ms-sample"])
def test_todays_algorithms_are_the_default(name):
    found = policies(documents(preset(name)))
    for kind, tree in found.items():
        if "_MM_" in kind:
            assert tree["authenticationMethods"] == METHODS.get(name, KERBEROS)
            assert proposals(tree) == [
                ("IKEEXT_CIPHER_AES_256", "IKEEXT_INTEGRITY_SHA_384", "IKEEXT_DH_ECP_384", 28800, 0),
                ("IKEEXT_CIPHER_AES_256", "IKEEXT_INTEGRITY_SHA_256", "IKEEXT_DH_ECP_256", 28800, 0),
                ("IKEEXT_CIPHER_AES_128", "IKEEXT_INTEGRITY_SHA_256", "IKEEXT_DH_GROUP_14", 28800, 0),
            ]
        else:
            assert "emPolicy" not in tree
            assert tree["ndAllowClearTimeoutSeconds"] == 10
            assert tree["saIdleTimeout"] == {"idleTimeoutSeconds": 300, "idleTimeoutSecondsFailOver": 60}
            group = "IPSEC_PFS_2048" if name in METHODS and "_IKE_" in kind else "IPSEC_PFS_ECP_384"
            assert [p["pfsGroup"] for p in tree["ipsecProposals"]] == [group] * 3
            assert [p["saTransforms"] for p in tree["ipsecProposals"]] == [
                [esp("IPSEC_AUTH_AES_256", "GCM_AES_256", "AES_256", "GCM_AES_256")],
                [esp("IPSEC_AUTH_AES_128", "GCM_AES_128", "AES_128", "GCM_AES_128")],
                [esp("IPSEC_AUTH_SHA_256", "HMAC_SHA_256_128", "AES_256", "CBC_AES_256")],
            ]


def esp(auth_type: str, auth: str, cipher_type: str, cipher: str) -> dict[str, Any]:
    auth_id = {"authType": auth_type, "authConfig": f"IPSEC_AUTH_CONFIG_{auth}"}
    cipher_id = {"cipherType": f"IPSEC_CIPHER_TYPE_{cipher_type}", "cipherConfig": f"IPSEC_CIPHER_CONFIG_{cipher}"}
    return {
        "ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
        "espAuthAndCipherTransform": {
            "authTransform": {"authTransformId": auth_id},
            "cipherTransform": {"cipherTransformId": cipher_id},
        },
    }


# Every pair of the header's macros IPSEC_AUTH_TRANSFORM_ID_* and IPSEC_CIPHER_TRANSFORM_ID_*.
TRANSFORM_IDS = [
    ("AH", "auth", "HMAC_MD5_96", "IPSEC_AUTH_MD5"),
    ("AH", "auth", "HMAC_SHA_1_96", "IPSEC_AUTH_SHA_1"),
    ("AH", "auth", "HMAC_SHA_256_128", "IPSEC_AUTH_SHA_256"),
    ("AH", "auth", "GCM_AES_128", "IPSEC_AUTH_AES_128"),
    ("AH", "auth", "GCM_AES_192", "IPSEC_AUTH_AES_192"),
    ("AH", "auth", "GCM_AES_256", "IPSEC_AUTH_AES_256"),
    ("ESP_CIPHER", "cipher", "CBC_DES", "IPSEC_CIPHER_TYPE_DES"),
    ("ESP_CIPHER", "cipher", "CBC_3DES", "IPSEC_CIPHER_TYPE_3DES"),
    ("ESP_CIPHER", "cipher", "CBC_AES_128", "IPSEC_CIPHER_TYPE_AES_128"),
    ("ESP_CIPHER", "cipher", "CBC_AES_192", "IPSEC_CIPHER_TYPE_AES_192"),
    ("ESP_CIPHER", "cipher", "CBC_AES_256", "IPSEC_CIPHER_TYPE_AES_256"),
    ("ESP_AUTH_AND_CIPHER", "cipher", "GCM_AES_128", "IPSEC_CIPHER_TYPE_AES_128"),
    ("ESP_AUTH_AND_CIPHER", "cipher", "GCM_AES_192", "IPSEC_CIPHER_TYPE_AES_192"),
    ("ESP_AUTH_AND_CIPHER", "cipher", "GCM_AES_256", "IPSEC_CIPHER_TYPE_AES_256"),
]


@pytest.mark.parametrize(("kind", "what", "config", "algorithm"), TRANSFORM_IDS)
def test_an_algorithm_goes_with_its_configuration(kind, what, config, algorithm):
    transform = {"type": f"IPSEC_TRANSFORM_{kind}", what: f"IPSEC_{what.upper()}_CONFIG_{config}"}
    if kind == "ESP_AUTH_AND_CIPHER":
        transform["auth"] = f"IPSEC_AUTH_CONFIG_{config}"
    tree = policies(documents(design(quick_mode={"proposals": [{"transforms": [transform]}]})))
    [written] = tree["FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]["ipsecProposals"][0]["saTransforms"]
    member = {"AH": "ahTransform", "ESP_CIPHER": "espCipherTransform"}.get(kind, "espAuthAndCipherTransform")
    assert set(written) == {"ipsecTransformType", member}
    body = written[member].get(f"{what}Transform", written[member])
    assert body[f"{what}TransformId"] == {
        f"{what}Type": algorithm,
        f"{what}Config": f"IPSEC_{what.upper()}_CONFIG_{config}",
    }


def test_extended_mode_belongs_to_authip_alone():
    found = policies(documents(design(extended_mode={})))
    assert "emPolicy" in found["FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"]
    assert "emPolicy" not in found["FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]


def test_each_keying_module_has_its_own_authentication():
    main_mode = {
        "ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"}],
        "authip_authentication": [{"method": "IKEEXT_NTLM_V2"}],
    }
    found = policies(documents(design(main_mode=main_mode)))
    assert found["FWPM_IPSEC_AUTHIP_MM_CONTEXT"]["authenticationMethods"] == [
        {"authenticationMethodType": "IKEEXT_NTLM_V2"}
    ]
    assert found["FWPM_IPSEC_IKE_MM_CONTEXT"]["authenticationMethods"] == [
        {
            "authenticationMethodType": "IKEEXT_PRESHARED_KEY",
            "presharedKeyAuthentication": {"presharedKey": "env:PSK"},
        }
    ]


def test_roots_stand_on_the_side_that_has_the_trust_list():
    certificate = {
        "method": "IKEEXT_CERTIFICATE",
        "inbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
        "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        "roots": ["thumbprint:" + "0f" * 20, "subject:CN=Root"],
        "flags": ["IKEEXT_CERT_AUTH_ENABLE_CRL_CHECK_STRONG"],
    }
    found = policies(documents(design(main_mode={"ike_authentication": [certificate]})))
    assert found["FWPM_IPSEC_IKE_MM_CONTEXT"]["authenticationMethods"] == [
        {
            "authenticationMethodType": "IKEEXT_CERTIFICATE",
            "certificateAuthentication": {
                "inboundConfigType": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
                "outboundConfigType": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                "outboundRootArray": ["thumbprint:" + "0f" * 20, "subject:CN=Root"],
                "flags": ["IKEEXT_CERT_AUTH_ENABLE_CRL_CHECK_STRONG"],
            },
        }
    ]


def test_methods_of_a_module_that_is_off_stay_in_the_design_and_out_of_windows():
    main_mode = {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"}]}
    only_authip = design(main_mode=main_mode, keying_modules=["AuthIP"])
    assert only_authip.main_mode.ike_authentication[0].key == "env:PSK"
    assert "PRESHARED" not in repr(documents(only_authip))


def test_keying_modules_stand_in_one_order():
    assert documents(design(keying_modules=["AuthIP", "IKE"])) == documents(design(keying_modules=["IKE", "AuthIP"]))
    assert compile_design(design(families=["V6", "V4"])).filters == compile_design(design()).filters


@pytest.mark.parametrize(
    ("scenario", "sends_clear", "accepts_clear", "at_accept", "nd_secure", "inbound"),
    [
        ("negotiation-discovery", True, False, True, True, ["INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT"]),
        ("boundary", True, True, False, False, ["INBOUND_TRANSPORT"]),
        ("require", False, False, False, False, ["INBOUND_TRANSPORT"]),
    ],
)
def test_what_is_known_of_a_scenario(scenario, sends_clear, accepts_clear, at_accept, nd_secure, inbound):
    mode = MODES[scenario]
    assert (mode.sends_clear, mode.accepts_clear, mode.requires_at_accept, mode.nd_secure) == (
        sends_clear,
        accepts_clear,
        at_accept,
        nd_secure,
    )
    assert mode.inbound_stems == tuple(f"FWPM_LAYER_{stem}" for stem in inbound)
    assert set(mode.stems) == {*mode.inbound_stems, "FWPM_LAYER_OUTBOUND_TRANSPORT"}
    assert bool(mode.drops) == (not mode.accepts_clear)


def test_every_filter_says_what_it_is_for():
    described = {f.slot.role: describe(f) for f in compile_design(preset("nd-transport")).filters}
    assert described == {
        "policy": "Policy that IPsec negotiates with",
        "callout": "Hands unicast traffic to IPsec",
        "exemption": "Traffic left out of IPsec",
    }

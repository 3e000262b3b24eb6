"""What rules become, layer by layer: Microsoft's scenarios 4 and 5, and scopes, written down by hand as tables.

Sources, under https://learn.microsoft.com/windows/win32/fwp/ : guaranteed-encryption, remote-identity-authorization,
and the fields of each layer (filtering-conditions-available-at-each-filtering-layer). Nothing here is computed by the
code under test: a line is a filter, with its layer, what it does, and its conditions in the order in which they stand.
"""

from typing import Any

import pytest

from ndtui.model.design.design import Design, change
from tests.support import design, documents, exempting, preset, ruled

TYPES = {
    "IP_LOCAL_ADDRESS_TYPE": ("FWP_UINT8",),
    "IP_PROTOCOL": ("FWP_UINT8",),
    "IP_LOCAL_ADDRESS": ("FWP_UINT32", "FWP_V4_ADDR_MASK", "FWP_BYTE_ARRAY16_TYPE", "FWP_V6_ADDR_MASK"),
    "IP_REMOTE_ADDRESS": ("FWP_UINT32", "FWP_V4_ADDR_MASK", "FWP_BYTE_ARRAY16_TYPE", "FWP_V6_ADDR_MASK"),
    "IP_LOCAL_PORT": ("FWP_UINT16",),
    "IP_REMOTE_PORT": ("FWP_UINT16",),
    "CURRENT_PROFILE_ID": ("FWP_UINT32",),
    "INTERFACE_TYPE": ("FWP_UINT32",),
    "ALE_REMOTE_MACHINE_ID": ("FWP_SECURITY_DESCRIPTOR_TYPE",),
    "ALE_REMOTE_USER_ID": ("FWP_SECURITY_DESCRIPTOR_TYPE",),
}


def condition(said: dict[str, Any]) -> str:
    """Return a condition as the tables have it."""
    field = said["fieldKey"].removeprefix("FWPM_CONDITION_")
    value = said["conditionValue"]
    assert said["matchType"] == "FWP_MATCH_EQUAL"
    assert value["type"] in TYPES[field]
    (number,) = (held for name, held in value.items() if name != "type")
    if isinstance(number, dict):
        number = "/".join(map(str, number.values()))
    name = field.removeprefix("IP_")
    return "unicast" if (field, number) == ("IP_LOCAL_ADDRESS_TYPE", 1) else f"{name}={number}"


def lines(of: Design) -> list[str]:
    """Return the filters of a design as the tables have them, in the order in which they are listed."""
    made = documents(of)
    contexts = {each["providerContextKey"]: each for each in made["providerContexts"]}
    found = []
    for each in made["filters"]:
        weight = each["weight"].get("uint8", "")
        does = each["action"]["type"].removeprefix("FWP_ACTION_")
        if each["action"]["filterType"]:
            does = f"{each['action']['filterType'].removeprefix('FWPM_CALLOUT_IPSEC_')} {each['rawContext']}"
        elif "providerContextKey" in each:
            assert each["flags"] == ["FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"]
            does = contexts[each["providerContextKey"]]["displayData"]["name"].removeprefix(f"{of.name}: ")
        asked = " ".join(map(condition, each["filterCondition"]))
        found.append(
            " | ".join(
                (each["layerKey"].removeprefix("FWPM_LAYER_"), f"{does}{f' @{weight}' if weight else ''}", asked)
            )
        )
    return found


def rows(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def met(of: Design, text: str) -> None:
    assert sorted(each.strip() for each in lines(of)) == sorted(rows(text))


#: Scenario 1 with both keying modules and the exemption of ICMP.
SCENARIO_1 = """
    IKEEXT_V4 | IKE main mode |
    IKEEXT_V4 | AuthIP main mode |
    IKEEXT_V6 | IKE main mode |
    IKEEXT_V6 | AuthIP main mode |
    IPSEC_V4 | IKE quick mode |
    IPSEC_V4 | AuthIP quick mode |
    IPSEC_V6 | IKE quick mode |
    IPSEC_V6 | AuthIP quick mode |
    INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast
    INBOUND_TRANSPORT_V4 | PERMIT @12 | unicast PROTOCOL=1
    INBOUND_TRANSPORT_V6 | INBOUND_TRANSPORT_V6 2 | unicast
    INBOUND_TRANSPORT_V6 | PERMIT @12 | unicast PROTOCOL=58
    OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast
    OUTBOUND_TRANSPORT_V4 | PERMIT @12 | unicast PROTOCOL=1
    OUTBOUND_TRANSPORT_V6 | OUTBOUND_TRANSPORT_V6 1 | unicast
    OUTBOUND_TRANSPORT_V6 | PERMIT @12 | unicast PROTOCOL=58
    ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast
    ALE_AUTH_RECV_ACCEPT_V4 | PERMIT @12 | unicast PROTOCOL=1
    ALE_AUTH_RECV_ACCEPT_V6 | INBOUND_INITIATE_SECURE_V6 0 | unicast
    ALE_AUTH_RECV_ACCEPT_V6 | PERMIT @12 | unicast PROTOCOL=58
"""

SCENARIO_4 = """
    ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 8 | unicast PROTOCOL=6 LOCAL_PORT=1433
    ALE_AUTH_RECV_ACCEPT_V6 | INBOUND_INITIATE_SECURE_V6 8 | unicast PROTOCOL=6 LOCAL_PORT=1433
    ALE_AUTH_CONNECT_V4 | ALE_CONNECT_V4 8 | unicast PROTOCOL=6 LOCAL_PORT=1433
    ALE_AUTH_CONNECT_V6 | ALE_CONNECT_V6 8 | unicast PROTOCOL=6 LOCAL_PORT=1433
"""

DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"
WHO = f"ALE_REMOTE_MACHINE_ID=O:LSD:(A;;CC;;;{DOMAIN}-515) ALE_REMOTE_USER_ID=O:LSD:(A;;CC;;;{DOMAIN}-1601)"
SCENARIO_5 = f"""
    ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast PROTOCOL=6 LOCAL_PORT=3389 {WHO}
    ALE_AUTH_RECV_ACCEPT_V4 | BLOCK | unicast PROTOCOL=6 LOCAL_PORT=3389
    ALE_AUTH_RECV_ACCEPT_V6 | INBOUND_INITIATE_SECURE_V6 0 | unicast PROTOCOL=6 LOCAL_PORT=3389 {WHO}
    ALE_AUTH_RECV_ACCEPT_V6 | BLOCK | unicast PROTOCOL=6 LOCAL_PORT=3389
"""


def test_scenario_1_is_what_the_others_are_added_to():
    met(preset("nd-transport"), SCENARIO_1)


def test_guaranteed_encryption():
    met(preset("nd-guaranteed-encryption"), SCENARIO_1 + SCENARIO_4)


def test_remote_identity():
    only_authip = "\n".join(line for line in rows(SCENARIO_1) if "| IKE " not in line)
    met(preset("nd-remote-identity"), only_authip + SCENARIO_5)


def test_the_rules_of_scenarios_4_and_5_add_no_policy_of_their_own():
    for name, base in (("nd-guaranteed-encryption", 4), ("nd-remote-identity", 2)):
        made = documents(preset(name))
        assert len(made["providerContexts"]) == base
        assert {each["origin"] for each in made["providerContexts"]} <= {"keying-module:IKE", "keying-module:AuthIP"}


def test_whoever_may_not_connect_is_blocked_behind_the_filter_that_asks():
    found = documents(preset("nd-remote-identity"))["filters"]
    asks, block = (
        next(
            each["effectiveWeight"]["uint64"]
            for each in found
            if each["layerKey"] == "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
            and each["origin"] == "rule:Remote desktop"
            and bool(each["action"]["filterType"]) == permits
        )
        for permits in (True, False)
    )
    assert asks > block


def test_the_other_objects_are_those_of_the_base_rule():
    for added in ("nd-guaranteed-encryption", "nd-subnet", "nd-zones"):
        assert documents(preset(added))["subLayers"] == []
    made, base = documents(preset("nd-guaranteed-encryption")), documents(preset("nd-transport"))
    policies = [
        {key: value for key, value in each.items() if key not in ("providerContextKey", "displayData")}
        for each in made["providerContexts"]
    ]
    assert policies == [
        {key: value for key, value in each.items() if key not in ("providerContextKey", "displayData")}
        for each in base["providerContexts"]
    ]


# Scopes.


def rule(name: str = "base", **fields: Any) -> dict[str, Any]:
    return {"name": name, **fields}


def v4(*rules: dict[str, Any], **fields: Any) -> Design:
    """Return a design of rules for IPv4 and IKE alone, so that a table has few lines."""
    return design(rules=[*rules], families=["V4"], keying_modules=["IKE"], **fields)


def test_one_subnet():
    met(
        v4(rule(scope={"remote_addresses": ["10.0.0.0/8"]})),
        """
        IKEEXT_V4 | IKE main mode | REMOTE_ADDRESS=10.0.0.0/255.0.0.0
        IPSEC_V4 | IKE quick mode | REMOTE_ADDRESS=10.0.0.0/255.0.0.0
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast REMOTE_ADDRESS=10.0.0.0/255.0.0.0
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast REMOTE_ADDRESS=10.0.0.0/255.0.0.0
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast REMOTE_ADDRESS=10.0.0.0/255.0.0.0
        """,
    )


def test_a_subnet_of_one_family_has_no_filters_in_the_other():
    of = design(rules=[rule(scope={"local_addresses": ["2001:db8::1"]})], keying_modules=["AuthIP"])
    met(
        of,
        """
        IKEEXT_V6 | AuthIP main mode | LOCAL_ADDRESS=2001:db8::1
        IPSEC_V6 | AuthIP quick mode | LOCAL_ADDRESS=2001:db8::1
        INBOUND_TRANSPORT_V6 | INBOUND_TRANSPORT_V6 2 | unicast LOCAL_ADDRESS=2001:db8::1
        OUTBOUND_TRANSPORT_V6 | OUTBOUND_TRANSPORT_V6 1 | unicast LOCAL_ADDRESS=2001:db8::1
        ALE_AUTH_RECV_ACCEPT_V6 | INBOUND_INITIATE_SECURE_V6 0 | unicast LOCAL_ADDRESS=2001:db8::1
        """,
    )


def test_one_service_port():
    met(
        v4(rule(mode="boundary", scope={"protocol": "udp", "local_ports": [1701]})),
        """
        IKEEXT_V4 | IKE main mode |
        IPSEC_V4 | IKE quick mode | PROTOCOL=17 LOCAL_PORT=1701
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast PROTOCOL=17 LOCAL_PORT=1701
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast PROTOCOL=17 LOCAL_PORT=1701
        """,
    )


def test_a_protocol_alone():
    met(
        v4(rule(mode="require", scope={"protocol": 47})),
        """
        IKEEXT_V4 | IKE main mode |
        IPSEC_V4 | IKE quick mode | PROTOCOL=47
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 0 | unicast PROTOCOL=47
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 0 | unicast PROTOCOL=47
        """,
    )


def test_one_profile_and_one_type_of_interface():
    met(
        v4(rule(scope={"profiles": ["domain"], "interfaces": ["wireless"]})),
        """
        IKEEXT_V4 | IKE main mode | CURRENT_PROFILE_ID=3
        IPSEC_V4 | IKE quick mode | CURRENT_PROFILE_ID=3
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast CURRENT_PROFILE_ID=3 INTERFACE_TYPE=71
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast CURRENT_PROFILE_ID=3 INTERFACE_TYPE=71
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast CURRENT_PROFILE_ID=3 INTERFACE_TYPE=71
        """,
    )


def test_several_of_a_field_stand_next_to_each_other():
    scope = {
        "profiles": ["public", "private"],
        "interfaces": ["remote-access", "lan"],
        "remote_addresses": ["10.0.0.1"],
    }
    found = [each for each in lines(v4(rule(scope=scope))) if each.startswith("INBOUND")]
    assert found == [
        "INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast REMOTE_ADDRESS=10.0.0.1 "
        "CURRENT_PROFILE_ID=2 CURRENT_PROFILE_ID=1 INTERFACE_TYPE=6 INTERFACE_TYPE=23"
    ]


def test_a_service_on_either_side_has_a_filter_for_each():
    scope = {"protocol": "tcp", "local_ports": [443], "remote_ports": [443], "either_port": True}
    met(
        v4(rule(scope=scope)),
        """
        IKEEXT_V4 | IKE main mode |
        IPSEC_V4 | IKE quick mode | PROTOCOL=6 LOCAL_PORT=443
        IPSEC_V4 | IKE quick mode | PROTOCOL=6 REMOTE_PORT=443
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast PROTOCOL=6 LOCAL_PORT=443
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast PROTOCOL=6 REMOTE_PORT=443
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast PROTOCOL=6 LOCAL_PORT=443
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast PROTOCOL=6 REMOTE_PORT=443
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast PROTOCOL=6 LOCAL_PORT=443
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast PROTOCOL=6 REMOTE_PORT=443
        """,
    )


def test_both_ports_have_to_fit_unless_either_is_enough():
    scope = {"protocol": "tcp", "local_ports": [443], "remote_ports": [443]}
    found = [each for each in lines(v4(rule(scope=scope))) if each.startswith("OUTBOUND")]
    assert found == [
        "OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast PROTOCOL=6 LOCAL_PORT=443 REMOTE_PORT=443"
    ]


def test_a_weight_range_of_its_own_is_at_every_layer():
    scope = {"protocol": "tcp", "local_ports": [22]}
    who = {"machines": "O:LSD:(A;;CC;;;DC)", "encryption": "guaranteed"}
    name = "ALE_REMOTE_MACHINE_ID=O:LSD:(A;;CC;;;DC)"
    met(
        v4(rule(weight_range=11, scope=scope, **who)),
        f"""
        IKEEXT_V4 | IKE main mode @11 |
        IPSEC_V4 | IKE quick mode @11 | PROTOCOL=6 LOCAL_PORT=22
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 @11 | unicast PROTOCOL=6 LOCAL_PORT=22
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 @11 | unicast PROTOCOL=6 LOCAL_PORT=22
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 8 @11 | unicast PROTOCOL=6 LOCAL_PORT=22 {name}
        ALE_AUTH_RECV_ACCEPT_V4 | BLOCK @11 | unicast PROTOCOL=6 LOCAL_PORT=22
        ALE_AUTH_CONNECT_V4 | ALE_CONNECT_V4 8 @11 | unicast PROTOCOL=6 LOCAL_PORT=22
        """,
    )


def test_a_rule_that_is_off_becomes_nothing():
    off = rule("SQL", mode="inherit", encryption="guaranteed", enabled=False)
    assert lines(v4(rule(), off)) == lines(v4(rule()))


# Two rules that overlap.

BASE = """
    IKEEXT_V4 | IKE main mode |
    INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast
    OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast
    ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast
"""
EDGE = {"remote_addresses": ["192.0.2.0/24"], "protocol": "tcp", "local_ports": [80]}
AT_EDGE = "PROTOCOL=6 REMOTE_ADDRESS=192.0.2.0/255.255.255.0 LOCAL_PORT=80"


def test_a_boundary_inside_of_negotiation_discovery():
    """Quick mode differs by its flags, main mode does not; at ALE_AUTH_RECV_ACCEPT there is no filter of the inner."""
    met(
        v4(rule(), rule("Edge", mode="boundary", scope=EDGE)),
        f"""
        {BASE}
        IPSEC_V4 | IKE quick mode |
        IKEEXT_V4 | IKE main mode | REMOTE_ADDRESS=192.0.2.0/255.255.255.0
        IPSEC_V4 | Edge: IKE quick mode | {AT_EDGE}
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast {AT_EDGE}
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast {AT_EDGE}
        """,
    )


def test_rules_that_say_the_same_share_contexts_and_filters_that_would_be_twice_are_there_once():
    met(
        v4(rule(), rule("Web", scope={"protocol": "tcp", "local_ports": [80]})),
        f"""
        {BASE}
        IPSEC_V4 | IKE quick mode |
        IPSEC_V4 | IKE quick mode | PROTOCOL=6 LOCAL_PORT=80
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast PROTOCOL=6 LOCAL_PORT=80
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast PROTOCOL=6 LOCAL_PORT=80
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast PROTOCOL=6 LOCAL_PORT=80
        """,
    )


# A rule with its own negotiation.

OWN_QUICK = {"quick_mode": {"idle_timeout_seconds": 400}}
OWN_MAIN = {"main_mode": {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]}}
PARTNER = {"remote_addresses": ["192.0.2.0/24"]}
AT_PARTNER = "REMOTE_ADDRESS=192.0.2.0/255.255.255.0"


@pytest.mark.parametrize(
    ("own", "main", "quick"),
    [
        ({}, "IKE main mode", "IKE quick mode"),
        (OWN_QUICK, "IKE main mode", "Partner: IKE quick mode"),
        (OWN_MAIN, "Partner: IKE main mode", "IKE quick mode"),
        ({**OWN_MAIN, **OWN_QUICK}, "Partner: IKE main mode", "Partner: IKE quick mode"),
    ],
)
def test_a_rule_shares_what_it_says_alike_and_has_the_rest_for_itself(own: dict[str, Any], main: str, quick: str):
    partner = rule("Partner", scope=PARTNER, negotiation={"keying_modules": ["IKE"], **own})
    of = v4(rule(), partner)
    assert [each for each in lines(of) if each.startswith("IKEEXT")] == [
        "IKEEXT_V4 | IKE main mode | ",
        f"IKEEXT_V4 | {main} | {AT_PARTNER}",
    ]
    assert [each for each in lines(of) if each.startswith("IPSEC")] == [
        "IPSEC_V4 | IKE quick mode | ",
        f"IPSEC_V4 | {quick} | {AT_PARTNER}",
    ]
    assert len(documents(of)["providerContexts"]) == 2 + main.startswith("Partner") + quick.startswith("Partner")


def test_a_rule_may_negotiate_by_other_keying_modules():
    partner = rule("Partner", scope=PARTNER, negotiation={"keying_modules": ["AuthIP"], "extended_mode": {}})
    met(
        change(v4(rule(), partner), exemptions=()),
        f"""
        {BASE}
        IPSEC_V4 | IKE quick mode |
        IKEEXT_V4 | Partner: AuthIP main mode | {AT_PARTNER}
        IPSEC_V4 | Partner: AuthIP quick mode | {AT_PARTNER}
        INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 2 | unicast {AT_PARTNER}
        OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 1 | unicast {AT_PARTNER}
        ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast {AT_PARTNER}
        """,
    )


# What a rule says of encryption and identity, wherever it stands.


def test_encryption_takes_the_place_of_the_base_rules_own_filter():
    found = lines(ruled(v4(rule()), encryption="guaranteed"))
    assert [each for each in found if "ALE" in each] == [
        "ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 8 | unicast",
        "ALE_AUTH_CONNECT_V4 | ALE_CONNECT_V4 8 | unicast",
    ]


def test_an_exemption_is_at_the_layers_of_every_rule():
    dns = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
    edge = {"rules": [rule(mode="boundary")], "families": ["V4"], "keying_modules": ["IKE"]}
    assert sum("@12" in each for each in lines(exempting(dns, **edge))) == 2
    secure = [rule(mode="boundary"), rule("SSH", mode="inherit", encryption="guaranteed", scope=PARTNER)]
    assert sum("@12" in each for each in lines(exempting(dns, **{**edge, "rules": secure}))) == 3

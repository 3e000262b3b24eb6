"""``ndtui order --ladder``: the picture as text, the arithmetic as JSON, and what it does not draw."""

import json

from ndtui.model.files.design_file import format_design
from tests.cli.running import Run
from tests.support import exempting


def printed(run: Run, *words: object, **more: bytes) -> str:
    ran = run(*words, **more)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.out


def test_the_ladder_of_a_layer(run: Run):
    out = printed(run, "order", "nd-transport", "--ladder", "--layer", "inbound_transport_v4")
    assert out.isascii()
    lines = out.split("\n")
    assert lines[1] == "INBOUND_TRANSPORT_V4  4, 2 of BFE"
    assert lines[5] == " 15-13 :  empty"
    assert " ".join(lines[6].split()) == "12 +- permit unicast, ICMP c 000 0f80 0000 0000 exempt ICMP modelled"
    assert lines[7].startswith("       +=  BFE permit  UDP, local port 500 ")
    assert "\nOUTBOUND" not in out
    assert out.endswith("BFE puts its exemptions is not documented.\n")


def test_all_layers_and_those_where_only_bfe_has_filters(run: Run):
    out = printed(run, "order", "nd-domain-member", "--ladder")
    assert [line.split()[0] for line in out.split("\n") if "_V" in line and not line.startswith(" ")] == [
        f"{layer}_{family}"
        for layer in (
            "IKEEXT",
            "IPSEC",
            "INBOUND_TRANSPORT",
            "OUTBOUND_TRANSPORT",
            "ALE_AUTH_RECV_ACCEPT",
            "ALE_AUTH_CONNECT",
        )
        for family in ("V4", "V6")
    ]


def test_many_filters_are_counted_and_the_way_to_them_is_named(run: Run):
    made = exempting(*({"name": f"host {n}", "protocol": "tcp", "local_ports": [n + 1]} for n in range(60)))
    out = printed(run, "order", "-", "--ladder", stdin=format_design(made).encode())
    assert "    12 +> 62 exemptions: ndtui order without --ladder lists them\n" in out
    assert "host 3" not in out


def test_as_json_with_the_addends_of_every_weight(run: Run):
    layers = json.loads(printed(run, "order", "nd-transport", "--ladder", "--json"))["layers"]
    (inbound,) = (each for each in layers if each["layerKey"] == "FWPM_LAYER_INBOUND_TRANSPORT_V4")
    weights = [sublayer["weight"] for sublayer in inbound["subLayers"]]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 18
    (own,) = (sublayer for sublayer in inbound["subLayers"] if sublayer["own"])
    assert [(each["range"], len(each["filters"])) for each in own["ranges"]] == [(12, 3), (0, 1)]
    for rung in own["ranges"]:
        for each in rung["filters"]:
            total = sum(addend["share"] << addend["lowestBit"] for addend in each["addends"])
            assert each["effectiveWeight"]["uint64"] == (rung["range"] << 60) + total
            assert (each["filterKey"] is None) == (each["origin"] == "bfe:ike-exemption")


def test_what_it_does_not_draw(run: Run):
    for words in (("--among", "x.xml", "nd-transport"), ("--evaluate", "x.xml")):
        assert "--ladder draws a design, not a dump" in run("order", "--ladder", *words).refusal()
    refused = run("order", "nd-transport", "--ladder", "--layer", "INBOUND_TRANSPRT_V4").refusal()
    assert "did you mean INBOUND_TRANSPORT_V4" in refused

"""The ladder and the arithmetic of weights: every filter once and in its place, and sums that come to the weight."""

import re
from itertools import pairwise

import pytest
from hypothesis import given

from ndtui.analysis.ranking.ladder import Rung, SublayerRungs, by_weight, ladders
from ndtui.analysis.ranking.ladder_wording import (
    Standing,
    count_words,
    explain_range,
    explain_sublayer,
    explain_sublayers,
    explain_weight,
)
from ndtui.analysis.ranking.weight_sum import first_difference, weight_sum
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import exemptions_beside, is_of_bfe
from ndtui.model.compiled.objects import Filter, Weight
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL
from tests.strategies import designs
from tests.support import design, exempting, preset

RECEIVE = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
INBOUND = "FWPM_LAYER_INBOUND_TRANSPORT_V4"


@given(designs())
def test_every_filter_stands_once_in_the_range_of_its_weight_and_sublayers_go_down(made):
    filterset = compile_design(made)
    found = ladders(filterset)
    standing = [each for ladder in found for each in ladder.filters]
    wanted = [*filterset.filters, *exemptions_beside(filterset)]
    assert sorted(map(id, standing)) == sorted(map(id, wanted))
    for ladder in found:
        weights = [sublayer.weight for sublayer in ladder.sublayers]
        assert weights == sorted(weights, reverse=True)
        assert {sublayer.sublayer for sublayer in ladder.sublayers} >= set(BUILTIN_WEIGHTS)
        for sublayer in ladder.sublayers:
            ranges = [n for rung in sublayer.rungs for n in range(rung.high, rung.low - 1, -1)]
            assert ranges == (list(range(15, -1, -1)) if sublayer.rungs else [])
            for rung in sublayer.rungs:
                for each in rung.filters:
                    assert each.layer == ladder.layer
                    assert each.slot.sublayer == sublayer.sublayer
                    assert effective_weight(each).range == rung.high == rung.low


@given(designs())
def test_the_addends_come_to_the_low_sixty_bits_and_the_first_difference_decides(made):
    filterset = compile_design(made)
    for ladder in ladders(filterset):
        for each in ladder.filters:
            added = weight_sum(each)
            assert sum(addend.value for addend in added.addends) == added.low
            assert {c for addend in added.addends for c in addend.conditions} == set(each.conditions)
            shifts = [addend.slot.shift for addend in added.addends if addend.slot is not None]
            assert shifts == sorted(shifts, reverse=True)
        for sublayer in ladder.sublayers:
            for rung in sublayer.rungs:
                for one, other in pairwise(by_weight(rung.filters)):
                    difference = first_difference(one, other)
                    if effective_weight(one).value == effective_weight(other).value:
                        assert difference is None
                    else:
                        assert difference is not None
                        assert difference.here > difference.there
                        assert difference.fields


def found(name: str, layer: str, label: str) -> Filter:
    filterset = compile_design(preset(name))
    return next(each for each in filterset.by_layer[layer] if each.label == label)


def said(each: Filter, below: Filter | None = None) -> dict[str, str]:
    return {line.label: line.text for line in explain_weight(each, Standing(2, 4, 1, below))}


def test_the_bits_of_a_weight_in_words():
    """The documented range, and the slots as a dump of January 2026 has them: protocol 6 << 48, remote port 7 << 40."""
    lines = said(found("nd-domain-member", RECEIVE, "exempt DHCP"))
    assert lines["Stands"] == (
        "2 of 4 in sublayer UNIVERSAL, in range 12 (0xC, FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS), over 1 callout"
    )
    assert lines["Bits 63-60"].startswith("1100: range 12, FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS, submitted")
    assert lines["Bits 50-49"] == "11: UDP, exact: all of them"
    assert lines["Bits 42-40"] == "111: remote port 67, exact: all of them"
    assert lines["Other bits"] == "0: no condition on their fields"
    assert lines["Model"].startswith("the range is documented, the sixty bits are not")
    assert lines["See"].endswith("/filter-weight-assignment")
    assert lines["Above next"] == "nothing: it is the last in this sublayer"


def test_a_range_and_an_address_count_the_part_that_they_fix():
    made = exempting(
        {"name": "some", "protocol": "tcp", "local_ports": ["1024-2047"], "remote_addresses": ["10.0.0.0/8"]},
        {"name": "one", "protocol": "tcp", "local_ports": [443], "remote_addresses": ["10.0.0.0/8"]},
    )
    some, one = (each for each in compile_design(made).by_layer[INBOUND] if each.slot.role == "exemption")
    lines = said(some)
    (address,) = (text for text in lines.values() if "10.0.0.0/8" in text)
    assert "for the part of the field that it fixes" in address
    (ports,) = (text for text in lines.values() if "local port" in text)
    # 1024 of 65536 ports fix 6 of 16 bits.
    assert ports == "011000: local port 1024-2047, 24 of 63, for the part of the field that it fixes (modelled)"
    assert said(one, some)["Above next"] == (
        "test: exempt some: they differ first in bits 38-33, local port: 63 here, 24 there"
    )


def test_icmp_types_keep_their_words():
    made = exempting({"name": "ping", "protocol": "icmp", "icmp_type": 8})
    each = next(f for f in compile_design(made).by_layer[INBOUND] if f.slot.role == "exemption")
    assert any(text.partition(": ")[2].startswith("type 8, exact") for text in said(each).values())


def test_why_a_filter_stands_above_the_next():
    filterset = compile_design(preset("nd-transport"))
    callout, exemption = filterset.by_layer[INBOUND]
    assert said(exemption, callout)["Above next"] == (
        "nd-transport: inbound transport: range 12 stands above range 0, whatever the conditions"
    )
    first, second = (e for e in exemptions_beside(filterset) if e.layer == INBOUND)
    assert said(first, second)["Above next"].endswith("weighs the same: which of the two is tried first is undefined")
    assert said(exemption, first)["Above next"] == (
        "IKE/AuthIP exemption, UDP 500: they differ first in bit 43, local address type: 1 here, 0 there"
    )


def test_a_weight_that_was_given_as_a_whole_has_no_addends():
    each = found("nd-transport", INBOUND, "exempt ICMP")
    given_whole = each._replace(slot=each.slot._replace(weight=Weight("FWP_UINT64", 7 << 60 | 5)))
    lines = said(given_whole)
    assert lines["Bits 63-0"] == "all of them as submitted: FWP_UINT64 is taken as it is"
    assert "range 7 (0x7)" in lines["Stands"]
    (ladder,) = (e for e in ladders(compile_design(preset("nd-transport")), [given_whole]) if e.layer == INBOUND)
    (rung,) = (rung for s in ladder.sublayers for rung in s.rungs if given_whole in rung.filters)
    assert rung.label == "7"


def test_the_ranges_of_the_scenario_and_what_they_mean():
    (ladder,) = (each for each in ladders(compile_design(preset("nd-transport"))) if each.layer == INBOUND)
    (own,) = (each for each in ladder.sublayers if each.rungs)
    assert own.sublayer == UNIVERSAL
    assert [(rung.label, len(rung.filters)) for rung in own.rungs] == [("15-13", 0), ("12", 3), ("11-1", 0), ("0", 1)]
    texts = [" ".join(line.text for line in explain_range(INBOUND, own, rung)) for rung in own.rungs]
    assert "0xd 000 0000 0000 0000 to 0xf fff ffff ffff ffff" in texts[0]
    assert "3 exemptions, 2 of them of BFE" in texts[1]
    assert [means(INBOUND, own, rung) for rung in own.rungs] == [
        "Microsoft names ranges above 0xC for who wants to control IKE more tightly than BFE's exemptions do, which "
        "stand below. A filter here would be tried first in this sublayer, before range 12 (3 exemptions, 2 of them "
        "of BFE).",
        "Range 12 is FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS, for exemptions from IPsec. What is here is tried first in this "
        "sublayer, before range 0 (1 callout).",
        "A filter here would be tried after range 12 (3 exemptions, 2 of them of BFE) and before range 0 (1 callout).",
        "Range 0 is FWPM_WEIGHT_RANGE_IPSEC, for weights that are left to BFE (FWP_EMPTY). What is here is tried last "
        "in this sublayer, after range 12 (3 exemptions, 2 of them of BFE).",
    ]


def means(layer: str, sublayer: SublayerRungs, rung: Rung) -> str:
    (text,) = (line.text for line in explain_range(layer, sublayer, rung) if line.label == "Means")
    return text


def empty_ranges(made: Design, layer: str, *, before_bfe: bool = False) -> dict[str, str]:
    """Return what the empty ranges of a layer mean, by sublayer and range."""
    (ladder,) = (e for e in ladders(compile_design(made)) if (e.layer, e.before_bfe) == (layer, before_bfe))
    return {
        f"{'own' if sublayer.sublayer not in BUILTIN_WEIGHTS else 'built-in'} {rung.label}": means(
            layer, sublayer, rung
        )
        for sublayer in ladder.sublayers
        for rung in sublayer.rungs
        if not rung.filters
    }


def test_where_there_are_neither_exemptions_nor_callouts_an_empty_range_speaks_of_none():
    assert empty_ranges(preset("nd-transport"), "FWPM_LAYER_IKEEXT_V4") == {
        "built-in 15-1": "Range 12 is FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS, for exemptions from IPsec. A filter here would "
        "be tried first in this sublayer, before range 0 (2 policy filters)."
    }


def test_an_empty_range_below_which_nothing_stands_is_the_last():
    last = "A filter here would be tried last in this sublayer, after range 12 (2 exemptions, 2 of them of BFE)."
    automatic = "Range 0 is FWPM_WEIGHT_RANGE_IPSEC, for weights that are left to BFE (FWP_EMPTY). "
    connect = empty_ranges(preset("nd-transport"), "FWPM_LAYER_ALE_AUTH_CONNECT_V4")
    assert connect["built-in 11-0"] == automatic + last
    apart = empty_ranges(design(sublayer={"kind": "own", "weight": 20000}), INBOUND)
    assert apart == {
        "built-in 15-13": "Microsoft names ranges above 0xC for who wants to control IKE more tightly than BFE's "
        "exemptions do, which stand below. A filter here would be tried first in this sublayer, before range 12 "
        "(2 exemptions, 2 of them of BFE).",
        "built-in 11-0": automatic + last,
        "own 15-1": "Range 12 is FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS, for exemptions from IPsec. A filter here would be "
        "tried first in this sublayer, before range 0 (1 callout).",
    }


def test_an_empty_range_below_the_callouts_of_a_rule_says_so():
    rules = [{"name": "base"}, {"name": "SQL", "scope": {"remote_addresses": ["10.0.0.0/8"]}, "weight_range": 5}]
    found = empty_ranges(design(version=2, rules=rules), INBOUND)
    assert found["built-in 4-1"] == (
        "A filter here would be tried after range 5 (1 callout) and before range 0 (1 callout)."
    )
    assert found["built-in 11-6"].endswith("(2 exemptions, 2 of them of BFE) and before range 5 (1 callout).")


def test_before_bfe_nothing_is_said_of_callouts_nor_of_exemptions_of_bfe():
    icmp = {"name": "ICMP", "protocol": "icmp", "before_bfe": True}
    made = exempting(icmp, lifetime="persistent", before_bfe=["inbound"])
    assert empty_ranges(made, RECEIVE, before_bfe=True) == {
        "built-in 15-13": "A filter here would be tried first in this sublayer, before range 12 (1 exemption).",
        "built-in 11-1": "A filter here would be tried after range 12 (1 exemption) and before range 0 (1 block).",
    }


@given(designs())
def test_what_a_range_means_speaks_of_the_filters_next_to_it_and_of_no_others(made):
    for ladder in ladders(compile_design(made)):
        for sublayer in ladder.sublayers:
            held = [rung for rung in sublayer.rungs if rung.filters]
            kinds = {each.slot.role for rung in held for each in rung.filters}
            for rung in sublayer.rungs:
                text = means(ladder.layer, sublayer, rung)
                above = [each.label for each in held if each.low > rung.high][-1:]
                below = [each.label for each in held if each.high < rung.low][:1]
                assert re.findall(r"after range (\d+) \(", text) == above
                assert re.findall(r"before range (\d+) \(", text) == below
                assert ("callout" in text) <= ("callout" in kinds)
                assert ("BFE's exemptions" in text) == (rung.low > 12 and sublayer.bfe > 0)


def test_only_where_bfe_has_exemptions_are_they_said_to_stand_in_another_sublayer():
    made = design(sublayer={"kind": "own", "weight": 20000})
    speaks = {
        ladder.layer.removesuffix("_V4"): "BFE's exemptions stand in another" in text
        for ladder in ladders(compile_design(made))
        for sublayer in ladder.sublayers
        if sublayer.own and ladder.layer.endswith("_V4")
        for text in [" ".join(line.text for line in explain_sublayer(ladder.layer, sublayer))]
    }
    assert {layer for layer, said in speaks.items() if not said} == {"FWPM_LAYER_IKEEXT", "FWPM_LAYER_IPSEC"}


def test_rules_that_ask_for_a_range_and_what_blocks_behind_them():
    """At accept the base rule has its callout, and a rule in range 9 who may connect and what blocks everybody else."""
    rules = [{"name": "base"}, {"name": "RDP", "mode": "inherit", "machines": "O:LSD:(A;;CC;;;DC)", "weight_range": 9}]
    made = compile_design(design(version=2, rules=rules))
    (ladder,) = (each for each in ladders(made) if each.layer == "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4")
    (own,) = (each for each in ladder.sublayers if each.own)
    (rung,) = (each for each in own.rungs if each.label == "9")
    texts = [line.text for line in explain_range(ladder.layer, own, rung)]
    assert any(text.startswith("Rules ask for this weight range. What is here is tried after") for text in texts)
    blocks = [each for each in rung.filters if each.slot.role == "block"]
    assert (count_words(blocks), len(rung.filters)) == ("1 block", 2)


def test_what_is_said_of_sublayers():
    made = compile_design(design(sublayer={"kind": "own", "weight": 32768}))
    (ladder,) = (each for each in ladders(made) if each.layer == INBOUND)
    own, universal = (next(s for s in ladder.sublayers if s.rungs and s.own is which) for which in (True, False))
    text = " ".join(line.text for line in explain_sublayer(INBOUND, own))
    assert "UNIVERSAL of the same weight: which of the two is first is undefined" in text
    assert "BFE's exemptions stand in another sublayer" in text
    assert "0 of this design, 2 of BFE" in " ".join(line.text for line in explain_sublayer(INBOUND, universal))
    others = [each for each in ladder.sublayers if not each.rungs]
    lines = explain_sublayers(INBOUND, others)
    assert [(line.label, line.text) for line in lines[1:4]] == [
        (str(weight), name) for name, weight in list(BUILTIN_WEIGHTS.items())[:3]
    ]
    assert any("observed" in line.text and "not documented" in line.text for line in lines)


@pytest.mark.parametrize("name", ["nd-transport", "nd-domain-member", "ms-sample"])
def test_bfe_exemptions_stand_in_range_12_while_there_is_main_mode(name):
    filterset = compile_design(preset(name))
    places = [
        (sublayer.sublayer, rung.high)
        for ladder in ladders(filterset)
        for sublayer in ladder.sublayers
        for rung in sublayer.rungs
        for each in rung.filters
        if is_of_bfe(each)
    ]
    assert places == [(UNIVERSAL, 12)] * 12

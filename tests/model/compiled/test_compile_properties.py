"""What holds for every design, found by drawing many: compile, edit and compile again, write and read back."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import groupby
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ndtui.model.compiled import compile as compile_module
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.filter_values import PROVIDER_KEY
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import rebuild
from ndtui.model.files.design_file import canonical_json, design_from, format_design, parse_design
from ndtui.model.scenarios.catalogue import MODES, exemptible_layers
from ndtui.model.vocabulary import GUIDS, NUMBERS
from ndtui.model.vocabulary.layers import FAMILIES, LAYER_STEMS, family_of, fields_of
from tests.strategies import designs, edits, plain_designs
from tests.support import ROOT, documents, exempting, often, preset
from tests.support import design as plain_design

LAYERS_IN_ORDER = [
    f"FWPM_LAYER_{stem}_{family}"
    for stem in (
        "IKEEXT",
        "IPSEC",
        "INBOUND_TRANSPORT",
        "OUTBOUND_TRANSPORT",
        "ALE_AUTH_RECV_ACCEPT",
        "ALE_AUTH_CONNECT",
        "ALE_AUTH_LISTEN",
        "INBOUND_IPPACKET",
        "OUTBOUND_IPPACKET",
    )
    for family in ("V4", "V6")
]
UNICAST = ("FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE", "FWP_MATCH_EQUAL", "FWP_UINT8", 1, 1)


def exemption_filters(filters):
    """Return the filters of exemptions, without those that hold until BFE is up, which test_boot_filters is about."""
    return [f for f in filters if f.slot.role == "exemption" and not f.slot.is_before_bfe]


# Determinism.


@given(designs())
def test_the_same_design_gives_the_same_objects(design):
    again = Design.model_validate(design.model_dump())
    first, second = compile_design(design), compile_design(again)
    assert first.filters == second.filters
    assert canonical_json(documents(first)) == canonical_json(documents(second))


@often
@given(st.data())
def test_compiling_an_edit_from_what_was_there_gives_what_compiling_afresh_gives(data):
    design = data.draw(designs(4))
    filterset = compile_design(design)
    for _ in range(3):
        design = change(design, **data.draw(edits(design)))
        filterset = compile_design(design, filterset)
        fresh = compile_design(design)
        assert filterset.filters == fresh.filters
        assert documents(filterset) == documents(fresh)
        assert filterset.layers == fresh.layers
        assert filterset.sublayer == fresh.sublayer


@given(designs(), designs())
def test_compiling_from_another_design_changes_nothing(design, other):
    assert documents(compile_design(design, compile_design(other))) == documents(design)


def test_filters_of_an_unchanged_exemption_are_taken_over():
    design = exempting({"protocol": "udp", "remote_ports": [53]}, {"protocol": "tcp", "remote_ports": [53]})
    before = compile_design(design)
    kept, gone = design.exemptions
    after = compile_design(change(design, exemptions=(kept, rebuild(gone, remote_ports=[5353]))), before)
    old = {id(f) for f in before.filters}
    taken = {str(f.origin) for f in exemption_filters(after.filters) if id(f) in old}
    assert taken == {"exemption:e0"}
    assert {str(f.origin) for f in exemption_filters(after.filters) if id(f) not in old} == {"exemption:e1"}


def test_garbage_collection_is_as_before():
    import gc

    was = gc.isenabled()
    try:
        for enabled in (True, False):
            (gc.enable if enabled else gc.disable)()
            compile_design(preset("nd-transport"))
            assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_garbage_collection_is_back_on_after_a_failure(monkeypatch):
    import gc

    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(compile_module, "by_layer", fails)
    assert gc.isenabled()
    with pytest.raises(RuntimeError):
        compile_design(preset("nd-transport"))
    assert gc.isenabled()


@pytest.mark.slow
def test_another_process_gives_the_same_bytes():
    code = (
        "import hashlib; from ndtui.model.files import presets;"
        "from ndtui.model.compiled.compile import compile_design;"
        "from ndtui.model.compiled.documents import object_lists;"
        "from ndtui.model.files.design_file import canonical_json;"
        "d = [object_lists(compile_design(p.load())) for p in presets.shipped()];"
        "print(hashlib.sha256(canonical_json(d).encode()).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert re.fullmatch(r"[0-9a-f]{64}", digests.pop())


# Keys.


@given(designs())
def test_every_object_has_a_key_of_its_own(design):
    filterset = compile_design(design)
    keys = [f.key for f in filterset.filters]
    keys += [c.key for c in filterset.contexts] + [s.key for s in filterset.sublayers] + [filterset.provider.key]
    assert len(set(keys)) == len(keys)
    assert len({f.identity for f in filterset.filters}) == len(filterset.filters)
    assert filterset.provider.key == PROVIDER_KEY


@given(designs(3))
def test_another_design_has_other_keys(design):
    other = change(design, id=UUID(int=design.id.int ^ 1))
    ours = {f.key for f in compile_design(design).filters} | {c.key for c in compile_design(design).contexts}
    theirs = {f.key for f in compile_design(other).filters} | {c.key for c in compile_design(other).contexts}
    assert not ours & theirs


@given(designs(3))
def test_keys_stay_when_only_the_name_changes_and_the_id_is_stated(design):
    renamed = change(design, name="another name", id=design.id)
    assert [f.key for f in compile_design(renamed).filters] == [f.key for f in compile_design(design).filters]


@given(st.data())
def test_the_order_of_exemptions_does_not_matter(data):
    design = data.draw(designs(4))
    shuffled = change(design, exemptions=data.draw(st.permutations(design.exemptions)))
    assert Counter(compile_design(design).filters) == Counter(compile_design(shuffled).filters)


# What the filters are.


@given(designs())
def test_filters_stand_grouped_by_layer_in_the_order_of_layers(design):
    filterset = compile_design(design)
    usual = [f for f in filterset.filters if not f.slot.is_before_bfe]
    assert filterset.filters == (*usual, *filterset.before_bfe)
    for part in (usual, filterset.before_bfe):
        layers = [layer for layer, _ in groupby(f.layer for f in part)]
        assert layers == [layer for layer in LAYERS_IN_ORDER if layer in layers]
        assert part is not usual or filterset.layers == tuple(layers)
        for _, filters in groupby(part, key=lambda f: f.layer):
            exempting_ones = [f.slot.role == "exemption" for f in filters]
            assert exempting_ones == sorted(exempting_ones)
    assert filterset.layer_count == len({f.layer for f in filterset.filters})


@given(designs())
def test_only_families_of_the_design_have_filters(design):
    assert {family_of(f.layer) for f in compile_design(design).filters} == set(design.families)


@often
@given(designs())
def test_every_condition_is_one_its_layer_knows(design):
    for each in compile_design(design).filters:
        assert len(set(each.conditions)) == len(each.conditions)
        for condition in each.conditions:
            check_condition(condition, fields_of(each.layer)[condition.field])


def check_condition(condition, field):
    value = condition.value
    if field.data_type == "FWP_BYTE_BLOB_TYPE":
        assert (condition.match, value.type, value.low) == ("FWP_MATCH_EQUAL", field.data_type, value.high)
        assert value.element
        return
    assert 0 <= value.low <= value.high < 2**field.bits
    if value.type == "FWP_RANGE_TYPE":
        assert condition.match == "FWP_MATCH_RANGE"
        assert value.element == field.data_type
        assert value.low < value.high
        return
    assert condition.match == ("FWP_MATCH_FLAGS_NONE_SET" if field.name.endswith("_FLAGS") else "FWP_MATCH_EQUAL")
    assert value.element == ""
    if value.type.endswith("_ADDR_MASK"):
        assert (
            value.type
            == {"FWP_UINT32": "FWP_V4_ADDR_MASK", "FWP_BYTE_ARRAY16_TYPE": "FWP_V6_ADDR_MASK"}[field.data_type]
        )
        size = value.high - value.low + 1
        assert size.bit_count() == 1 < size
        assert value.low % size == 0
    else:
        assert value.type == field.data_type
        assert value.low == value.high


@given(designs())
@example(plain_design(name="IPSEC_0", sublayer={"kind": "own", "weight": 7}))
def test_every_constant_is_known_by_number_or_guid(design):
    spelt = re.findall(r'"((?:FWPM?|IKEEXT|IPSEC|Nlat)[A-Z0-9]*_[A-Z0-9_]+)"', json.dumps(unnamed(documents(design))))
    assert spelt
    assert set(spelt) - GUIDS.keys() - NUMBERS.keys() == set()


def unnamed(lists):
    """Return documents without names: a name is free to look like a constant."""
    return json.loads(
        json.dumps(lists), object_hook=lambda each: {name: v for name, v in each.items() if name != "displayData"}
    )


@given(designs())
def test_raw_context_and_provider_context_exclude_each_other(design):
    filterset = compile_design(design)
    for each in filterset.filters:
        flagged = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT" in each.slot.flags
        assert flagged == (each.slot.context is not None) == (each.slot.role == "policy")
        assert not (flagged and each.slot.raw_context)
        if flagged:
            assert filterset.contexts_by_key[each.slot.context].origin == each.origin
    used = Counter(f.slot.context for f in filterset.filters if f.slot.context)
    assert used == {c.key: len(design.families) for c in filterset.contexts}
    assert len(filterset.contexts) == 2 * len(design.keying_modules)


@given(designs())
def test_a_callout_is_of_its_filters_family(design):
    for each in compile_design(design).filters:
        assert bool(each.slot.callout) == (each.slot.action == "FWP_ACTION_CALLOUT_TERMINATING")
        if each.slot.callout:
            assert family_of(each.slot.callout) == family_of(each.layer)


@given(designs())
def test_exemptions_stand_in_range_twelve_and_all_else_in_range_zero(design):
    for each in compile_design(design).filters:
        if each.slot.role == "exemption":
            assert (each.slot.weight.type, each.slot.weight.value) == ("FWP_UINT8", 0xC)
            assert each.slot.action == "FWP_ACTION_PERMIT"
            assert effective_weight(each).range == 0xC
        else:
            assert (each.slot.weight.type, each.slot.weight.value) == ("FWP_EMPTY", None)
            assert effective_weight(each).range == 0


@given(designs())
def test_an_exemption_outweighs_every_other_filter_of_its_layer(design):
    for _, filters in groupby(compile_design(design).filters, key=lambda f: f.layer):
        weights = {True: [], False: []}
        for each in filters:
            weights[each.slot.role == "exemption"].append(effective_weight(each).value)
        if all(weights.values()):
            assert min(weights[True]) > max(weights[False])


@given(designs())
def test_the_lifetime_is_on_every_object(design):
    lists = documents(design)
    objects = [lists["provider"], *lists["subLayers"], *lists["providerContexts"], *lists["filters"]]
    lasting = [[flag for flag in o["flags"] if flag.endswith(("_FLAG_PERSISTENT", "_FLAG_BOOTTIME"))] for o in objects]
    assert {len(flags) for flags in lasting} == {int(design.lifetime == "persistent")}


@given(designs())
def test_the_sublayer_is_that_of_every_filter(design):
    lists = documents(design)
    wanted = "FWPM_SUBLAYER_UNIVERSAL"
    if design.sublayer.kind == "own":
        [own] = lists["subLayers"]
        assert own["weight"] == design.sublayer.weight
        wanted = own["subLayerKey"]
    else:
        assert lists["subLayers"] == []
    assert {f["subLayerKey"] for f in lists["filters"]} == {wanted}


@given(designs())
def test_every_object_is_named_and_says_where_it_comes_from(design):
    lists = documents(design)
    origins = {f"exemption:{e.name}" for e in design.exemptions if e.enabled}
    origins |= {f"before_bfe:{direction}" for direction in design.before_bfe}
    origins |= {"scenario", *(f"keying-module:{m}" for m in design.keying_modules)}
    for each in (*lists["providerContexts"], *lists["filters"]):
        assert each["displayData"]["name"].startswith(f"{design.name}: ")
        assert each["providerKey"] == lists["provider"]["providerKey"]
        assert each["origin"] in origins
    assert all(s["displayData"]["name"] and s["origin"] == "sublayer" for s in lists["subLayers"])


# What exemptions become, computed once more from the plain data.


def reached(plain, data):
    families = [f for f in data["families"] if f in plain.get("families", FAMILIES)]
    for side in ("local_addresses", "remote_addresses"):
        if side in plain:
            families = [f for f in families if f in {"V6" if ":" in a else "V4" for a in plain[side]}]
    return families


def covered(plain, data):
    protected = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"]
    layers = plain.get("layers", protected[2:] if "program" in plain else protected)
    if data["scenario"] == "negotiation-discovery":
        return layers
    return [layer for layer in layers if layer != "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"]


def wanted_conditions(plain, family, stem):
    yield UNICAST
    protocol = plain.get("protocol", "any")
    if protocol != "any":
        numbers = {"tcp": 6, "udp": 17, "icmp": 1 if family == "V4" else 58}
        number = numbers.get(protocol) or int(protocol)
        yield ("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "FWP_UINT8", number, number)
    for side in ("local", "remote"):
        for address in plain.get(f"{side}_addresses", ()):
            if (":" in address) == (family == "V6"):
                yield (f"FWPM_CONDITION_IP_{side.upper()}_ADDRESS", *wanted_address(address, family))
        for port in plain.get(f"{side}_ports", ()):
            yield (f"FWPM_CONDITION_IP_{side.upper()}_PORT", *wanted_port(port))
    yield from wanted_limits(plain)
    if "icmp_type" in plain:
        ale = stem.startswith("FWPM_LAYER_ALE_")
        field = "FWPM_CONDITION_ORIGINAL_ICMP_TYPE" if ale else "FWPM_CONDITION_IP_LOCAL_PORT"
        yield (field, "FWP_MATCH_EQUAL", "FWP_UINT16", plain["icmp_type"], plain["icmp_type"])
    if "icmp_code" in plain:
        code = plain["icmp_code"]
        yield ("FWPM_CONDITION_IP_REMOTE_PORT", "FWP_MATCH_EQUAL", "FWP_UINT16", code, code)


def wanted_limits(plain):
    for profile in plain.get("profiles", ()):
        number = ("unknown", "public", "private", "domain").index(profile)
        yield ("FWPM_CONDITION_CURRENT_PROFILE_ID", "FWP_MATCH_EQUAL", "FWP_UINT32", number, number)
    for interface in plain.get("interfaces", ()):
        number = {"lan": 6, "wireless": 71, "remote-access": 23}[interface]
        yield ("FWPM_CONDITION_INTERFACE_TYPE", "FWP_MATCH_EQUAL", "FWP_UINT32", number, number)
    if "program" in plain:
        yield ("FWPM_CONDITION_ALE_APP_ID", "FWP_MATCH_EQUAL", "FWP_BYTE_BLOB_TYPE", plain["program"])


def wanted_address(text, family):
    single = "FWP_UINT32" if family == "V4" else "FWP_BYTE_ARRAY16_TYPE"
    if "-" in text:
        low, high = (int(ip_address(end)) for end in text.split("-"))
        form = ("FWP_MATCH_RANGE", "FWP_RANGE_TYPE")
    else:
        network = ip_network(text)
        low, high = int(network.network_address), int(network.broadcast_address)
        form = ("FWP_MATCH_EQUAL", f"FWP_{family}_ADDR_MASK")
    return (*form, low, high) if low < high else ("FWP_MATCH_EQUAL", single, low, high)


def wanted_port(port):
    low, _, high = str(port).partition("-")
    low, high = int(low), int(high or low)
    return (
        ("FWP_MATCH_RANGE", "FWP_RANGE_TYPE", low, high) if low < high else ("FWP_MATCH_EQUAL", "FWP_UINT16", low, low)
    )


@often
@given(plain_designs())
def test_an_exemption_becomes_a_filter_per_family_and_layer_with_just_its_conditions(data):
    wanted = {}
    for plain in data["exemptions"]:
        if plain.get("enabled", True):
            for family in reached(plain, data):
                for stem in covered(plain, data):
                    conditions = Counter(wanted_conditions(plain, family, stem))
                    wanted[f"{stem}_{family}", f"exemption:{plain['name']}"] = conditions
    made = {
        (f.layer, str(f.origin)): Counter(
            (c.field, c.match, c.value.type, *((c.value.element,) if c.field.endswith("APP_ID") else c.value[1:3]))
            for c in f.conditions
        )
        for f in exemption_filters(compile_design(Design.model_validate(data)).filters)
    }
    assert made == wanted


@given(designs())
def test_addresses_reach_only_layers_of_their_own_family(design):
    for each in exemption_filters(compile_design(design).filters):
        exemption = next(e for e in design.exemptions if each.origin == Origin.exemption(e.name))
        for condition in each.conditions:
            if condition.field.endswith("_ADDRESS"):
                side = exemption.local_addresses if "LOCAL" in condition.field else exemption.remote_addresses
                ends = (condition.value.low, condition.value.high)
                assert ends in [(a.low, a.high) for a in side if a.family == family_of(each.layer)]


@given(designs())
def test_disabled_exemptions_make_nothing(design):
    off = change(design, exemptions=[rebuild(e, enabled=False) for e in design.exemptions])
    assert exemption_filters(compile_design(off).filters) == []
    assert documents(off) == documents(change(design, exemptions=()))


def test_layers_an_exemption_may_add_filters_at():
    protected = ("FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT")
    accept = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"
    assert set(exemptible_layers(MODES["negotiation-discovery"].stems)) == set(LAYER_STEMS) >= {*protected, accept}
    for scenario in ("boundary", "require"):
        assert set(exemptible_layers(MODES[scenario].stems)) == set(LAYER_STEMS) - {accept}


# Documents.


@given(designs())
def test_values_in_documents_are_those_of_the_conditions(design):
    filterset = compile_design(design)
    for each, document in zip(filterset.filters, documents(filterset)["filters"], strict=True):
        for condition, written in zip(each.conditions, document["filterCondition"], strict=True):
            assert (written["fieldKey"], written["matchType"]) == (condition.field, condition.match)
            if condition.value.type == "FWP_BYTE_BLOB_TYPE":
                blob = {"asString": condition.value.element}
                assert written["conditionValue"] == {"type": condition.value.type, "byteBlob": blob}
                continue
            assert ends_of(written["conditionValue"]) == (condition.value.low, condition.value.high)


def ends_of(value):
    """Return the lowest and the highest number a written value covers."""
    kind = value["type"]
    if kind == "FWP_RANGE_TYPE":
        span = value["rangeValue"]
        return ends_of(span["valueLow"])[0], ends_of(span["valueHigh"])[1]
    if kind == "FWP_V4_ADDR_MASK":
        network = ip_network(f"{value['v4AddrMask']['addr']}/{value['v4AddrMask']['mask']}")
        return int(network.network_address), int(network.broadcast_address)
    if kind == "FWP_V6_ADDR_MASK":
        network = ip_network(f"{value['v6AddrMask']['addr']}/{value['v6AddrMask']['prefixLength']}")
        return int(network.network_address), int(network.broadcast_address)
    member = {
        "FWP_UINT8": "uint8",
        "FWP_UINT16": "uint16",
        "FWP_UINT32": "uint32",
        "FWP_BYTE_ARRAY16_TYPE": "byteArray16",
    }[kind]
    assert set(value) == {"type", member}
    number = value[member]
    if kind == "FWP_BYTE_ARRAY16_TYPE":
        number = int(IPv6Address(number))
    elif isinstance(number, str):
        number = int(ip_address(number))
    return number, number


@given(designs())
def test_documents_are_plain_json_with_numbers_of_64_bits(design):
    lists = documents(design)
    assert json.loads(json.dumps(lists, allow_nan=False)) == lists
    for each in lists["filters"]:
        assert 0 <= each["effectiveWeight"]["uint64"] < 2**64


# Files.


@often
@given(designs())
def test_a_design_survives_its_file(design):
    text = format_design(design)
    assert parse_design(text, "file.toml") == design
    assert text.endswith("\n")
    assert "\r" not in text


@given(designs(3), designs(3))
def test_a_design_survives_the_file_of_another(design, other):
    assert parse_design(format_design(design, format_design(other)), "file.toml") == design


@given(designs())
def test_a_file_written_again_stays_as_it_is(design):
    text = format_design(design)
    assert format_design(design, text) == text


@often
@given(designs())
def test_a_design_survives_json(design):
    data = json.loads(json.dumps(design.model_dump(mode="json")))
    assert design_from(data, "design.json") == design
    assert Design.model_validate_json(design.model_dump_json()) == design


@given(plain_designs())
def test_plain_data_and_its_file_are_the_same_design(data):
    import tomlkit

    assert parse_design(tomlkit.dumps(data), "file.toml") == Design.model_validate(data)

"""Effective weights: what Windows documents, what was observed on one machine, and what has to hold for the rest."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import Condition, Value, Weight
from ndtui.model.compiled.weight_layout import known_fields, older_fields, slots_for, typed_fields
from ndtui.model.compiled.weights import (
    AUTO_BITS,
    EffectiveWeight,
    automatic_weight,
    effective_weight,
    slots_of,
    weigh,
    weigh_with,
)
from ndtui.model.vocabulary.guids import LAYERS
from ndtui.model.vocabulary.layers import fields_of
from tests.support import data_file, design, documents, exempting, often, preset

EMPTY = Weight()
GRADED = ("FWP_UINT8", "FWP_UINT16", "FWP_UINT32", "FWP_UINT64", "FWP_BYTE_ARRAY16_TYPE")
OBSERVED_LAYERS = (
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4",
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6",
    "FWPM_LAYER_ALE_AUTH_CONNECT_V4",
    "FWPM_LAYER_ALE_AUTH_LISTEN_V4",
)


def exact(field):
    return Condition(field, "FWP_MATCH_EQUAL", Value("FWP_UINT16", 1, 1))


def ranging(field, low, high):
    return Condition(field, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", low, high, "FWP_UINT16"))


def submitted(text):
    """Return a weight as the data file writes it: ``FWP_EMPTY`` or ``FWP_UINT8 9``."""
    kind, _, number = text.partition(" ")
    return Weight(kind, int(number) if number else None)


def condition_of(text):
    """Return a condition as the data file writes it: a field, or a field ``in LOW-HIGH``."""
    field, _, span = text.partition(" in ")
    return ranging(field, *map(int, span.split("-"))) if span else exact(field)


# What was observed.

VECTORS = data_file("auto_weight.json")["vectors"]
SHARES = data_file("auto_weight.json")["shares"]


def test_all_vectors_are_here():
    assert len(VECTORS) == 76
    assert {v["layer"] for v in VECTORS} == set(OBSERVED_LAYERS)
    assert len(SHARES) == 8


@pytest.mark.parametrize("number", range(76))
def test_observed_weight(number):
    vector = VECTORS[number]
    conditions = tuple(condition_of(c) for c in vector["conditions"])
    found = weigh(vector["layer"], submitted(vector["weight"]), conditions)
    assert f"0x{found.value:016x}" == vector["effectiveWeight"]
    assert found.basis == ("observed" if conditions else "exact")


@pytest.mark.parametrize("number", range(76))
def test_the_order_of_conditions_does_not_matter(number):
    vector = VECTORS[number]
    conditions = tuple(condition_of(c) for c in reversed(vector["conditions"]))
    found = weigh(vector["layer"], submitted(vector["weight"]), conditions)
    assert f"0x{found.value:016x}" == vector["effectiveWeight"]


@pytest.mark.parametrize("number", range(8))
def test_observed_share_of_a_range_of_ports(number, monkeypatch):
    from ndtui.model.compiled import weights

    share = SHARES[number]
    low, high = share.get("range", (1000, 999 + share["values_covered"]))
    assert high - low + 1 == share["values_covered"]
    slot = weights.FieldSlot(share["maximum"], 0)
    port = "FWPM_CONDITION_IP_LOCAL_PORT"
    monkeypatch.setattr(weights, "slots_of", lambda _: {port: slot})
    assert automatic_weight("FWPM_LAYER_INBOUND_TRANSPORT_V4", (ranging(port, low, high),)) == (share["share"], True)


SLOTS_SEEN = {
    ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "IP_REMOTE_ADDRESS"): 2**59,
    ("FWPM_LAYER_ALE_AUTH_CONNECT_V4", "IP_REMOTE_ADDRESS"): 2**58,
    ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "IP_PROTOCOL"): 0x6000000000000,
    ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6", "IP_PROTOCOL"): 0x1800000000000,
    ("FWPM_LAYER_ALE_AUTH_CONNECT_V4", "IP_REMOTE_PORT"): 0x38000000000,
    ("FWPM_LAYER_ALE_AUTH_LISTEN_V4", "IP_LOCAL_PORT"): 0x3FFFFF00,
}


@pytest.mark.parametrize(("layer", "field"), SLOTS_SEEN)
def test_observed_slot(layer, field):
    slot = slots_of(layer)[f"FWPM_CONDITION_{field}"]
    assert slot.observed
    assert slot.maximum << slot.shift == SLOTS_SEEN[layer, field]


@pytest.mark.parametrize(("prefix", "top"), [(16, 0x010), (64, 0x040), (128, 0x080), (0, 0)])
def test_a_prefix_of_ipv6_counts_its_length(prefix, top):
    network = Value("FWP_V6_ADDR_MASK", 0, 2 ** (128 - prefix) - 1)
    condition = Condition("FWPM_CONDITION_IP_REMOTE_ADDRESS", "FWP_MATCH_EQUAL", network)
    value, observed = automatic_weight("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6", (condition,))
    assert value == top << 52
    assert observed


def test_several_conditions_on_one_field_add_up():
    """Observed with /64 and /8: 72 of 128."""
    field = "FWPM_CONDITION_IP_REMOTE_ADDRESS"
    conditions = tuple(
        Condition(field, "FWP_MATCH_EQUAL", Value("FWP_V6_ADDR_MASK", low, low + 2 ** (128 - prefix) - 1))
        for low, prefix in ((0, 64), (2**127, 8))
    )
    assert automatic_weight("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6", conditions)[0] == 72 << 52


def test_several_conditions_on_one_field_never_exceed_its_slot():
    layer, field = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "FWPM_CONDITION_IP_LOCAL_PORT"
    conditions = tuple(Condition(field, "FWP_MATCH_EQUAL", Value("FWP_UINT16", n, n)) for n in range(40))
    assert automatic_weight(layer, conditions) == automatic_weight(layer, conditions[:1])


# What is documented.


@pytest.mark.parametrize("layer", LAYERS)
def test_without_conditions_the_automatic_part_is_nothing(layer):
    assert weigh(layer, EMPTY, ()) == EffectiveWeight(0, "exact")
    assert weigh(layer, Weight("FWP_UINT8", 0xC), ()) == EffectiveWeight(0xC << 60, "exact")


@given(st.sampled_from(sorted(LAYERS)), st.integers(0, 2**64 - 1), st.data())
def test_a_weight_of_64_bits_is_taken_as_it_is(layer, number, data):
    conditions = data.draw(some_conditions(layer))
    found = weigh(layer, Weight("FWP_UINT64", number), tuple(conditions))
    assert found == EffectiveWeight(number, "exact")
    assert found.range == number >> 60


@given(st.sampled_from(sorted(LAYERS)), st.integers(0, 15), st.data())
def test_a_weight_of_8_bits_is_the_range_above_the_automatic_part(layer, number, data):
    conditions = tuple(data.draw(some_conditions(layer)))
    automatic = weigh(layer, EMPTY, conditions)
    found = weigh(layer, Weight("FWP_UINT8", number), conditions)
    assert found.value == (number << 60) + automatic.value
    assert found.range == number
    assert found.basis == automatic.basis
    assert automatic.value < 2**60


def test_a_higher_range_outweighs_any_conditions():
    for layer in LAYERS:
        everything = tuple(exact(field) for field in fields_of(layer))
        assert weigh(layer, EMPTY, everything).value < weigh(layer, Weight("FWP_UINT8", 1), ()).value


# What has to hold wherever nothing was observed.


@pytest.mark.parametrize("layer", LAYERS)
def test_slots_lie_side_by_side_and_fill_the_sixty_bits(layer):
    """Fields share a slot as a whole; two slots never share a bit, and none of the sixty is left over."""
    slots = {(slot.shift, slot.width) for slot in slots_of(layer).values()}
    taken = 0
    for shift, width in slots:
        bits = ((1 << width) - 1) << shift
        assert not taken & bits
        taken |= bits
    assert taken == (1 << AUTO_BITS) - 1


@pytest.mark.parametrize("layer", LAYERS)
def test_every_field_has_a_slot_that_counts(layer):
    slots = slots_of(layer)
    assert slots.keys() == fields_of(layer).keys()
    assert all(1 <= slot.maximum <= slot.limit and slot.shift >= 0 for slot in slots.values())


def test_a_layer_nobody_knows_has_all_fields_there_are():
    found = slots_of("FWPM_LAYER_OF_TOMORROW_V6")
    assert found.keys() >= {name for layer in LAYERS for name in fields_of(layer)}
    assert found["FWPM_CONDITION_IP_REMOTE_ADDRESS"].shift > found["FWPM_CONDITION_FLAGS"].shift


def test_a_field_that_nobody_knows_has_a_slot_under_the_name_that_the_machine_gives_it():
    """netsh prints the GUID of a field that it has no name for."""
    unknown = "{0badc0de-0000-4000-8000-000000000001}"
    listed = [("FWPM_CONDITION_IP_PROTOCOL", "FWP_UINT8"), (unknown, "FWP_UINT32")]
    slots = slots_for("FWPM_LAYER_INBOUND_TRANSPORT_V4", typed_fields(listed))
    assert list(slots) == ["FWPM_CONDITION_IP_PROTOCOL", unknown]
    assert slots[unknown].maximum > 0


def test_fields_as_a_machine_lists_them_have_the_width_of_their_type():
    widths = {"UINT8": 8, "UINT16": 16, "UINT32": 32, "UINT64": 64, "BYTE_ARRAY16_TYPE": 128, "SID": 0}
    listed = typed_fields((kind, f"FWP_{kind}") for kind in widths)
    assert {name: field.bits for name, field in listed.items()} == widths
    assert {field.data_type for field in listed.values()} == {f"FWP_{kind}" for kind in widths}


def order_of(*names):
    """Return fields by their slot at some layer, most important first, whatever order the layer has them in."""
    listed = typed_fields((f"FWPM_CONDITION_{name}", "FWP_UINT32") for name in names)
    slots = slots_for("FWPM_LAYER_OF_TOMORROW_V4", listed)
    return [name.removeprefix("FWPM_CONDITION_") for name in sorted(slots, key=lambda name: -slots[name].shift)]


@pytest.mark.parametrize(
    "late",
    [
        "IP_DESTINATION_ADDRESS_TYPE",
        "INTERFACE_INDEX",
        "SUB_INTERFACE_INDEX",
        "ARRIVAL_INTERFACE_INDEX",
        "NEXTHOP_SUB_INTERFACE_INDEX",
        "NEXTHOP_INTERFACE_INDEX",
    ],
)
def test_indexes_come_after_the_type_of_the_tunnel(late):
    assert order_of(late, "INTERFACE_TYPE", "TUNNEL_TYPE", "FLAGS") == ["INTERFACE_TYPE", "TUNNEL_TYPE", late, "FLAGS"]
    assert order_of(late, "FLAGS", "INTERFACE_TYPE") == [late, "FLAGS", "INTERFACE_TYPE"]


@pytest.mark.parametrize("last", ["COMPARTMENT_ID", "RESERVED0"])
def test_the_compartment_and_the_reserved_fields_come_last(last):
    assert order_of(last, "FLAGS", "VLAN_ID") == ["FLAGS", "VLAN_ID", last]


def test_a_field_that_a_layer_lacks_counts_nothing_and_is_not_observed():
    layer = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
    known, unknown = exact("FWPM_CONDITION_IP_PROTOCOL"), exact("FWPM_CONDITION_OF_TOMORROW")
    assert weigh(layer, EMPTY, (known,)).basis == "observed"
    assert weigh(layer, EMPTY, (known, unknown)) == EffectiveWeight(weigh(layer, EMPTY, (known,)).value, "modelled")


def test_at_a_layer_without_fields_every_filter_weighs_the_same():
    layer = "INBOUND_TRANSPORT_FAST"
    machines = data_file("machines.json")["machines"].values()
    real = [each for machine in machines for each in machine["filters"] if each["layer"] == layer]
    assert len(real) > 1
    for each in real:
        assert (each["weight"], each["conditions"]) == (["EMPTY"], [])
        found = weigh(f"FWPM_LAYER_{layer}", EMPTY, ())
        assert found == EffectiveWeight(each["effectiveWeight"], "observed")


# What was measured on machines of 2024 and 2026: figures only.

MEASURED = data_file("auto_weight_versions.json")["weights"]


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_measured_weights(version):
    """Source: netsh wfp show filters and show state of Windows machines of October 2024 and of 2026."""
    checked = 0
    for measured in MEASURED:
        if measured["windows"] != version:
            continue
        layer = measured["layer"]
        fields = older_fields(layer) if version == "2024" else known_fields(layer)
        conditions = tuple(condition_of(f"FWPM_CONDITION_{c}") for c in measured["conditions"])
        bits = {name: field.bits for name, field in fields.items()}
        found, observed = weigh_with(slots_for(layer, fields), bits, conditions)
        assert f"0x{found:015x}" == measured["weight"], measured
        assert observed
        checked += 1
    assert checked > 100


def test_the_order_of_slots_is_the_same_whatever_the_version():
    for layer in LAYERS:
        older, newer = slots_for(layer, older_fields(layer)), slots_of(layer)
        by_older = sorted(older, key=lambda name: (older[name].shift, name))
        assert by_older == sorted(older, key=lambda name: (newer[name].shift, name))


def some_conditions(layer):
    """Return a strategy for conditions on some of a layer's fields, exact and graded."""

    def one(field):
        if not field.bits:
            return st.just(Condition(field.name, "FWP_MATCH_EQUAL", Value(field.data_type, 0, 0)))
        number = st.integers(0, 2**field.bits - 1)
        return st.tuples(number, number).map(lambda ends: condition_on(field, min(ends), max(ends)))

    return st.lists(st.sampled_from(list(fields_of(layer).values())).flatmap(one), max_size=6)


def condition_on(field, low, high):
    if low == high:
        return Condition(field.name, "FWP_MATCH_EQUAL", Value(field.data_type, low, high))
    return Condition(field.name, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", low, high, field.data_type))


@often
@given(st.sampled_from(sorted(LAYERS)), st.data())
def test_more_fields_never_weigh_less(layer, data):
    conditions = data.draw(some_conditions(layer))
    more = [*conditions, *data.draw(some_conditions(layer))]
    assert weigh(layer, EMPTY, tuple(more)).value >= weigh(layer, EMPTY, tuple(conditions)).value


@often
@given(st.sampled_from(sorted(LAYERS)), st.data())
def test_one_more_field_weighs_more_where_it_has_a_slot_of_its_own(layer, data):
    conditions = data.draw(some_conditions(layer))
    slots = slots_of(layer)
    used = {slots[c.field].shift for c in conditions}
    free = [field for field, slot in slots.items() if slot.shift not in used]
    assume(free)
    extra = exact(data.draw(st.sampled_from(free)))
    assert weigh(layer, EMPTY, (*conditions, extra)).value > weigh(layer, EMPTY, tuple(conditions)).value


@often
@given(st.sampled_from(sorted(LAYERS)), st.data())
def test_a_narrower_condition_never_weighs_less(layer, data):
    field = data.draw(st.sampled_from([f for f in fields_of(layer).values() if f.data_type in GRADED]))
    ends = sorted(data.draw(st.lists(st.integers(0, 2**field.bits - 1), min_size=4, max_size=4)))
    wide = weigh(layer, EMPTY, (condition_on(field, ends[0], ends[3]),)).value
    narrow = weigh(layer, EMPTY, (condition_on(field, ends[1], ends[2]),)).value
    slot = slots_of(layer)[field.name]
    assert wide <= narrow <= slot.maximum << slot.shift


@pytest.mark.parametrize("layer", LAYERS)
def test_a_condition_that_covers_everything_counts_nothing_and_any_other_something(layer):
    for field in fields_of(layer).values():
        if field.data_type in GRADED and field.bits:
            whole = condition_on(field, 0, 2**field.bits - 1)
            nearly = condition_on(field, 1, 2**field.bits - 1)
            assert weigh(layer, EMPTY, (whole,)).value == 0
            assert weigh(layer, EMPTY, (nearly,)).value > 0


@often
@given(st.sampled_from(sorted(LAYERS)), st.data())
def test_the_basis_says_how_far_a_weight_is_known(layer, data):
    conditions = tuple(data.draw(some_conditions(layer)))
    seen = all(slots_of(layer)[c.field].observed for c in conditions)
    wanted = "exact" if not conditions else "observed" if seen else "modelled"
    assert weigh(layer, EMPTY, conditions).basis == wanted


# In a design.


def weights_of(made, layer):
    """Return (origin, effective weight) of a layer's filters, heaviest first."""
    filters = [f for f in compile_design(made).filters if f.layer == layer]
    return sorted(((str(f.origin), effective_weight(f)) for f in filters), key=lambda w: -w[1].value)


def test_the_layers_of_the_scenario_are_modelled_and_its_policy_is_exact():
    for each in compile_design(preset("nd-transport")).filters:
        wanted = "exact" if each.slot.role == "policy" else "modelled"
        assert effective_weight(each).basis == wanted, each.name


def test_the_exemption_comes_before_the_callout():
    order = weights_of(preset("nd-transport"), "FWPM_LAYER_INBOUND_TRANSPORT_V4")
    assert [origin.partition(":")[0] for origin, _ in order] == ["exemption", "scenario"]
    assert [weight.range for _, weight in order] == [0xC, 0]


def test_a_narrower_exemption_comes_before_a_wider_one():
    made = exempting(
        {"protocol": "tcp"},
        {"protocol": "tcp", "local_ports": ["1-1024"]},
        {"protocol": "tcp", "local_ports": [443]},
        {"protocol": "tcp", "local_ports": [443], "remote_addresses": ["10.0.0.0/8"]},
        {"protocol": "tcp", "local_ports": [443], "remote_addresses": ["10.1.2.3"]},
    )
    for layer in ("FWPM_LAYER_INBOUND_TRANSPORT_V4", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"):
        order = [origin for origin, _ in weights_of(made, layer) if origin.startswith("exemption")]
        assert order == [f"exemption:e{n}" for n in (4, 3, 2, 1, 0)]


def test_the_weight_in_the_document_is_the_effective_weight():
    made = compile_design(design(exemptions=[{"name": "DNS", "protocol": "udp", "remote_ports": [53]}]))
    for each, document in zip(made.filters, documents(made)["filters"], strict=True):
        assert document["effectiveWeight"] == {"type": "FWP_UINT64", "uint64": effective_weight(each).value}

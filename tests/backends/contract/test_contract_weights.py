"""Weights: what a filter is given for the weight it asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_types import Document
from tests.backends.contract.expectations import accepts, add, refuses_add, refuses_filter, weight
from tests.backends.contract.sample_objects import (
    ACCEPT_V4,
    BLOCK,
    CONNECT_V4,
    CONNECT_V6,
    INBOUND_V4,
    a_filter,
    between,
    callout_filter,
    condition,
    equal,
    port,
    protocol,
    sublayer,
    v4_address,
    v4_network,
    value,
    without,
)

LOW_BITS = (1 << 60) - 1
CONDITIONS = (
    protocol(17),
    port(53),
    port(5000, "IP_LOCAL_PORT"),
    v4_address(),
    equal("IP_LOCAL_ADDRESS_TYPE", "FWP_UINT8", 1),
    condition("FLAGS", "FLAGS_ALL_SET", value("FWP_UINT32", 1)),
)


def _ranged(number: int) -> Document:
    return value("FWP_UINT8", number)


@pytest.mark.parametrize("layer", [CONNECT_V4, CONNECT_V6, ACCEPT_V4, INBOUND_V4])
def test_a_filter_without_conditions_weighs_nothing_in_its_range(session: Session, layer: str) -> None:
    """No conditions: the low 60 bits are zero (filter-weight-assignment, observed)."""
    assert weight(session, a_filter(layer=layer)) == 0
    assert weight(session, a_filter(layer=layer, weight=_ranged(9))) == 9 << 60


def test_a_weight_that_is_left_out_is_assigned(session: Session) -> None:
    """Without a weight BFE assigns one by the conditions, below 2^60 (filter-weight-assignment, FWPM_FILTER0)."""
    document = without(a_filter(protocol()), "weight")
    given = weight(session, document)
    assert 0 < given <= LOW_BITS
    assert given == weight(session, a_filter(protocol()))
    assert session.get("filter", document["filterKey"])["weight"] == {"type": "FWP_EMPTY"}


def test_a_range_sets_the_four_high_bits(session: Session) -> None:
    """A weight range is the top 4 bits; the rest is as if it were empty (filter-weight-assignment)."""
    automatic = weight(session, a_filter(*CONDITIONS[:2]))
    for number in range(16):
        given = weight(session, a_filter(*CONDITIONS[:2], weight=_ranged(number)))
        assert (given >> 60, given & LOW_BITS) == (number, automatic)


def test_a_weight_of_sixty_four_bits_is_used_as_it_is(session: Session) -> None:
    """BFE uses the supplied 64-bit value as the filter's weight (filter-weight-assignment, FWPM_FILTER0)."""
    for number in (0, 1, 1 << 60, (1 << 64) - 1):
        asked = value("FWP_UINT64", number)
        assert weight(session, a_filter(protocol(), weight=asked)) == number
        assert accepts(session, "filter", a_filter(weight=asked))["weight"] == asked


@pytest.mark.parametrize("number", [16, 17, 255])
def test_there_are_sixteen_ranges(session: Session, number: int) -> None:
    """A weight range is a number from 0 to 15 (filter-weight-assignment, filter-weight-identifiers)."""
    refuses_filter(session, "FWP_E_INVALID_WEIGHT", a_filter(weight=_ranged(number)))


@pytest.mark.parametrize("data_type", ["FWP_UINT16", "FWP_UINT32"])
def test_a_weight_of_another_type_is_refused(session: Session, data_type: str) -> None:
    """A weight is empty, 8 or 64 bits wide (FWPM_FILTER0, wfp-error-codes)."""
    refuses_filter(session, "FWP_E_INVALID_WEIGHT", a_filter(weight=value(data_type, 1)))


def test_the_action_does_not_weigh(session: Session) -> None:
    """The weight is based on the conditions (FWPM_FILTER0, observed)."""
    conditions = [protocol(), port(80)]
    expected = weight(session, a_filter(*conditions, layer=INBOUND_V4))
    block = {"type": BLOCK, "filterType": None}
    assert weight(session, a_filter(*conditions, layer=INBOUND_V4, action=block)) == expected
    assert weight(session, callout_filter(filterCondition=conditions)) == expected


def test_the_order_of_conditions_does_not_weigh(session: Session) -> None:
    """Conditions weigh by their fields, in whatever order they stand (observed)."""
    assert weight(session, a_filter(*CONDITIONS)) == weight(session, a_filter(*reversed(CONDITIONS)))


def test_the_value_of_an_exact_match_does_not_weigh(session: Session) -> None:
    """An exact match weighs the same whatever it matches (observed)."""
    assert len({weight(session, a_filter(port(number), protocol())) for number in (1, 80, 65535)}) == 1
    assert (
        len({weight(session, a_filter(v4_address(text))) for text in ("0.0.0.0", "10.1.2.3", "255.255.255.255")}) == 1
    )


def test_a_range_of_values_weighs_no_more_than_one_value(session: Session) -> None:
    """The narrower a match, the more it weighs (observed)."""
    exact = weight(session, a_filter(port(80)))
    narrow, wide = (
        weight(session, a_filter(condition("IP_REMOTE_PORT", "RANGE", between("FWP_UINT16", 0, high))))
        for high in (15, 65535)
    )
    assert exact >= narrow >= wide
    assert exact > wide
    single = weight(session, a_filter(v4_address()))
    network = weight(session, a_filter(v4_network("10.0.0.0", "255.0.0.0")))
    assert single > network


@given(mask=st.integers(0, (1 << len(CONDITIONS)) - 1), more=st.integers(0, len(CONDITIONS) - 1))
def test_one_more_condition_never_weighs_less(new_engine, mask: int, more: int) -> None:
    """A filter with the conditions of another and one on a further field weighs at least as much (observed)."""
    session = new_engine().open()
    some = [each for number, each in enumerate(CONDITIONS) if mask >> number & 1 and number != more]
    assert weight(session, a_filter(*some, CONDITIONS[more])) >= weight(session, a_filter(*some))
    session.close()


def test_a_filter_keeps_the_weight_it_was_given(session: Session) -> None:
    """A filter's weight does not change with what is added later (FWPM_FILTER0)."""
    key = add(session, "filter", a_filter(*CONDITIONS, weight=_ranged(3)))
    held = session.get("filter", key)
    for each in CONDITIONS:
        add(session, "filter", a_filter(each))
    assert session.get("filter", key) == held


@pytest.mark.parametrize("number", [0, 1, 32768, 65535])
def test_the_weight_of_a_sublayer_is_kept(session: Session, number: int) -> None:
    """A sublayer has a weight of 16 bits; the higher is invoked first (FWPM_SUBLAYER0)."""
    assert accepts(session, "subLayer", sublayer(weight=number))["weight"] == number


@pytest.mark.parametrize("number", [-1, 65536, 1 << 32])
def test_the_weight_of_a_sublayer_has_sixteen_bits(session: Session, number: int) -> None:
    """A sublayer's weight is an unsigned number of 16 bits (FWPM_SUBLAYER0, wfp-error-codes, inferred)."""
    refuses_add(session, "FWP_E_OUT_OF_BOUNDS", "subLayer", sublayer(weight=number))

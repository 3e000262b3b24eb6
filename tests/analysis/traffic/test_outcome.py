"""What becomes of a packet from what decides at each layer, and what a layer makes of its sublayers."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.traffic.arbitration import Decision, Verdict, arbitrate, possible_roles
from ndtui.analysis.traffic.outcome import (
    ENCRYPTED,
    REQUESTED,
    REQUIRED,
    Direction,
    Role,
    outcomes,
    owed_to,
    path,
    role,
)

T, A = "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"
OUT, C = "FWPM_LAYER_OUTBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_CONNECT"


def always(outcome: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (outcome, outcome), (outcome, outcome)


@pytest.mark.parametrize(
    ("direction", "at_transport", "at_ale", "wanted"),
    [
        ("in", "callout:persist", "callout:secure", REQUIRED),
        ("in", "callout:persist", "exempt", REQUESTED),
        ("in", "callout:persist", "none", REQUESTED),
        ("in", "callout:persist", "block", always("blocked")),
        ("in", "callout:require", "callout:secure", REQUIRED),
        ("in", "callout:require", "exempt", REQUIRED),
        ("in", "callout:require", "none", REQUIRED),
        ("in", "callout:require", "block", always("blocked")),
        ("in", "exempt", "callout:secure", always("blocked")),
        ("in", "exempt", "none", always("exempt")),
        ("in", "exempt", "exempt", always("exempt")),
        ("in", "none", "callout:secure", always("blocked")),
        ("in", "none", "exempt", always("exempt")),
        ("in", "none", "none", always("untouched")),
        ("in", "block", "exempt", always("blocked")),
        ("out", "callout:discover", "none", REQUESTED),
        ("out", "callout:discover", "exempt", REQUESTED),
        ("out", "callout:require", "exempt", REQUIRED),
        ("out", "exempt", "none", always("exempt")),
        ("out", "none", "exempt", always("exempt")),
        ("out", "none", "none", always("untouched")),
        ("out", "callout:discover", "block", always("blocked")),
        ("in", "callout:persist", "callout:encrypt", ENCRYPTED),
        ("in", "callout:require", "callout:encrypt", ENCRYPTED),
        ("in", "exempt", "callout:encrypt", always("blocked")),
        ("in", "none", "callout:encrypt", always("blocked")),
        ("out", "callout:discover", "callout:encrypt", ENCRYPTED),
        ("out", "callout:require", "callout:encrypt", ENCRYPTED),
        ("out", "exempt", "callout:encrypt", always("blocked")),
        ("out", "none", "callout:encrypt", always("blocked")),
    ],
)
def test_outcome(direction: Direction, at_transport: Role, at_ale: Role, wanted: object):
    stems = (T, A) if direction == "in" else (OUT, C)
    assert outcomes(direction, dict(zip(stems, (at_transport, at_ale), strict=True))) == wanted


def test_a_layer_left_out_has_no_filter():
    assert outcomes("in", {}) == always("untouched")
    assert outcomes("in", {T: "callout:persist"}) == REQUESTED


def test_the_way_of_a_packet():
    assert path("in")[1:] == (T, A)
    assert path("out")[:2] == (C, OUT)
    assert A not in path("in", later=True)
    assert C not in path("out", later=True)
    assert path("in", kind="icmp-error")[1:] == (T,)
    assert path("out", kind="icmp-error")[:1] == (OUT,)
    assert not {T, A, C, OUT} & {*path("in", kind="ipsec"), *path("out", kind="ipsec")}


@pytest.mark.parametrize(
    ("stem", "callout", "raw_context", "wanted"),
    [
        (A, "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4", 8, "callout:encrypt"),
        (A, "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V6", 0, "callout:secure"),
        (A, "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4", 2, "callout:secure"),
        (C, "FWPM_CALLOUT_IPSEC_ALE_CONNECT_V6", 8, "callout:encrypt"),
        (C, "FWPM_CALLOUT_IPSEC_ALE_CONNECT_V4", 0, "callout:other"),
    ],
)
def test_the_raw_context_of_an_ale_callout_tells_encryption(stem: str, callout: str, raw_context: int, wanted: Role):
    assert role(stem, "FWP_ACTION_CALLOUT_TERMINATING", callout, raw_context) == wanted


@pytest.mark.parametrize(
    ("direction", "at_transport", "at_ale", "layer"),
    [
        ("in", "callout:persist", "callout:secure", A),
        ("in", "callout:persist", "exempt", A),
        ("in", "callout:persist", "none", T),
        ("in", "callout:persist", "block", A),
        ("in", "callout:require", "callout:secure", T),
        ("in", "callout:require", "exempt", T),
        ("in", "callout:require", "none", T),
        ("in", "exempt", "callout:secure", A),
        ("in", "exempt", "exempt", T),
        ("in", "exempt", "none", T),
        ("in", "exempt", "block", A),
        ("in", "block", "callout:secure", T),
        ("in", "block", "block", T),
        ("in", "none", "callout:secure", A),
        ("in", "none", "exempt", A),
        ("in", "none", "none", None),
        ("in", "callout:persist", "callout:encrypt", A),
        ("in", "callout:require", "callout:encrypt", T),
        ("in", "exempt", "callout:encrypt", A),
        ("out", "callout:discover", "callout:encrypt", C),
        ("out", "callout:require", "callout:encrypt", OUT),
        ("out", "exempt", "callout:encrypt", C),
        ("out", "none", "callout:encrypt", C),
        ("out", "callout:discover", "none", OUT),
        ("out", "callout:discover", "exempt", OUT),
        ("out", "callout:discover", "block", C),
        ("out", "callout:require", "exempt", OUT),
        ("out", "exempt", "exempt", OUT),
        ("out", "none", "exempt", C),
        ("out", "none", "none", None),
    ],
)
def test_what_an_outcome_is_owed_to(direction: Direction, at_transport: Role, at_ale: Role, layer: str | None):
    stems = (T, A) if direction == "in" else (OUT, C)
    roles = zip(stems, (at_transport, at_ale), strict=True)
    deciding = {stem: (does, f"the filter at {stem}") for stem, does in roles if does != "none"}
    assert owed_to(direction, deciding) == (None if layer is None else f"the filter at {layer}")


def test_of_two_blocks_the_first_on_the_way_counts():
    assert owed_to("out", {C: ("block", 1), OUT: ("block", 2)}) == 1
    assert owed_to("in", {T: ("callout:persist", 1), A: ("block", 2)}) == 2


PERMIT, HARD_PERMIT = Decision("exempt"), Decision("exempt", clears_right=True)
BLOCK = Decision("block")
CALLOUT, HARD_CALLOUT = Decision("callout:require"), Decision("callout:require", clears_right=True)


@pytest.mark.parametrize(
    ("decisions", "role", "place", "veto"),
    [
        ([], "none", -1, False),
        ([PERMIT], "exempt", 0, False),
        ([BLOCK], "block", 0, False),
        ([PERMIT, BLOCK], "block", 1, False),  # a plain permit is soft
        ([BLOCK, PERMIT], "block", 0, False),  # a plain block is hard
        ([HARD_PERMIT, BLOCK], "exempt", 0, False),  # only a veto overrides a hard permit
        ([HARD_PERMIT, CALLOUT], "callout:require", 1, True),
        ([PERMIT, CALLOUT], "callout:require", 1, False),
        ([CALLOUT, PERMIT], "callout:persist", 0, False),  # what a callout blocks is soft
        ([HARD_CALLOUT, PERMIT], "callout:require", 0, False),
        ([CALLOUT, BLOCK], "block", 1, False),
        ([BLOCK, CALLOUT], "block", 0, False),
        ([PERMIT, HARD_PERMIT, BLOCK], "exempt", 0, False),
        ([HARD_PERMIT, CALLOUT, PERMIT], "callout:persist", 1, False),
        ([HARD_PERMIT, HARD_CALLOUT, PERMIT], "callout:require", 1, True),
        ([HARD_PERMIT, CALLOUT, BLOCK], "callout:require", 1, True),  # what the permit overrides is no block of its own
        ([HARD_PERMIT, CALLOUT, BLOCK, PERMIT], "callout:require", 1, True),
        ([CALLOUT, HARD_PERMIT, BLOCK], "callout:persist", 0, False),
    ],
)
def test_arbitration(decisions: list[Decision], role: Role, place: int, veto: bool):
    assert arbitrate(T, decisions) == Verdict(role, place, veto)


def test_a_callout_that_cannot_block_still_negotiates():
    assert arbitrate(OUT, [CALLOUT, PERMIT]).role == "callout:discover"
    assert arbitrate(A, [Decision("callout:secure"), PERMIT]).role == "exempt"
    assert arbitrate(OUT, [Decision("callout:discover"), PERMIT]).role == "callout:discover"


ROLES: tuple[Role, ...] = (
    "exempt",
    "block",
    "callout:persist",
    "callout:require",
    "callout:discover",
    "callout:secure",
    "callout:encrypt",
    "callout:other",
)


@given(
    st.sampled_from([T, A, OUT, C]),
    st.lists(
        st.lists(st.none() | st.builds(Decision, st.sampled_from(ROLES), st.booleans()), min_size=1, max_size=3),
        max_size=6,
    ),
)
def test_the_roles_a_layer_may_come_to_are_those_of_all_combinations(stem: str, choices: list[list[Decision | None]]):
    made = (arbitrate(stem, [each for each in chosen if each is not None]).role for chosen in product(*choices))
    assert possible_roles(stem, choices) == tuple(dict.fromkeys(made))


def test_more_combinations_than_can_be_tried():
    choices = [(Decision("exempt"), Decision("callout:require"), Decision("block"), None)] * 200
    assert set(possible_roles(T, choices)) == {"none", "exempt", "block", "callout:persist", "callout:require"}

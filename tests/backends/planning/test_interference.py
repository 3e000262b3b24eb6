"""Filters of others that matter to a policy: what outranks it, what ties with it, and what does neither."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.session import BfeSession
from ndtui.backends.contract.engine import Selection
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.interference import others_that_matter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document
from ndtui.model.compiled.filter_values import PROVIDER_KEY
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL
from tests.backends.contract.sample_objects import CALLOUT, INBOUND_V4, SECURE_INBOUND, a_filter, sublayer
from tests.backends.holding import plan_for, put
from tests.support import design, exempting

CALLS_OUT = {"action": {"type": CALLOUT, "filterType": SECURE_INBOUND}}


@pytest.fixture
def session() -> Iterator[BfeSession]:
    with closing(BfeEngine().open()) as made:
        yield made


def relations(session: BfeSession, target: Design) -> list[str]:
    return [each.relation for each in others_that_matter(session, compile_design(target), f"{{{PROVIDER_KEY}}}")]


def add(session: BfeSession, weight: int | None = None, **members: Any) -> None:
    """Add a filter of somebody else at a layer of the policy, with a weight of 64 bits or an automatic one."""
    given = {"type": "FWP_EMPTY"} if weight is None else {"type": "FWP_UINT64", "uint64": weight}
    session.add("filter", a_filter(layer=INBOUND_V4, weight=given, **members))


def weight_of(target: Design, role: str) -> int:
    """Return the effective weight of the policy's filter of a role at the same layer."""
    [found] = [each for each in compile_design(target).by_layer[INBOUND_V4] if each.slot.role == role]
    return effective_weight(found).value


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [(100, 101, ["outranks"]), (100, 100, []), (100, 99, []), (None, 0x8001, ["outranks"]), (None, 0x8000, [])],
)
def test_only_a_heavier_sublayer_outranks(session: BfeSession, ours: int | None, theirs: int, wanted: list[str]):
    """Of two sublayers that weigh the same, neither comes before the other for certain."""
    other = sublayer(weight=theirs)
    session.add("subLayer", other)
    add(session, 0, subLayerKey=other["subLayerKey"])
    own = {} if ours is None else {"sublayer": {"kind": "own", "weight": ours}}
    assert BUILTIN_WEIGHTS[UNIVERSAL] == 0x8000
    assert relations(session, design(**own)) == wanted


@pytest.mark.parametrize(("weight", "wanted"), [(40961, ["negotiates"]), (0x8000, []), (1, [])])
def test_the_ipsec_callouts_of_windows_firewall_above_ours_are_a_warning_of_their_own(
    session: BfeSession, weight: int, wanted: list[str]
):
    """Its connection security rules stand in a sublayer of weight 40961: real dumps have it."""
    other = sublayer(weight=weight)
    session.add("subLayer", other)
    add(session, 0, subLayerKey=other["subLayerKey"], **CALLS_OUT)
    assert SECURE_INBOUND.startswith("FWPM_CALLOUT_IPSEC_")
    assert relations(session, design()) == wanted


@pytest.mark.parametrize(("above", "wanted"), [(1, ["outranks"]), (0, []), (-1, [])])
def test_in_our_sublayer_only_a_heavier_filter_outranks(session: BfeSession, above: int, wanted: list[str]):
    target = exempting({"protocol": "icmp"})
    add(session, weight_of(target, "exemption") + above)
    assert relations(session, target) == wanted


@pytest.mark.parametrize(
    ("above", "members", "wanted"), [(0, CALLS_OUT, ["ties"]), (1, CALLS_OUT, []), (-1, CALLS_OUT, []), (0, {}, [])]
)
def test_a_callout_of_the_weight_of_ours_ties(
    session: BfeSession, above: int, members: dict[str, Any], wanted: list[str]
):
    target = exempting({"protocol": "icmp"})
    add(session, weight_of(target, "callout") + above, **members)
    assert relations(session, target) == wanted


def test_a_callout_of_the_weight_of_an_exemption_ties_with_none(session: BfeSession):
    target = exempting({"protocol": "icmp"})
    add(session, weight_of(target, "exemption"), **CALLS_OUT)
    assert relations(session, target) == []


def test_a_disabled_filter_matters_nothing(session: BfeSession, monkeypatch: pytest.MonkeyPatch):
    """The engine disables the filters of a provider whose service does not run; nobody can add one so."""
    target = exempting({"protocol": "icmp"})
    other = sublayer(weight=0xFFFF)
    session.add("subLayer", other)
    add(session, 0, subLayerKey=other["subLayerKey"])
    add(session, weight_of(target, "exemption") + 1)
    add(session, weight_of(target, "callout"), **CALLS_OUT)
    assert sorted(relations(session, target)) == ["outranks", "outranks", "ties"]
    select = session.select

    def disabled(kind: Any, wanted: Selection) -> list[Document]:
        return [{**each, "flags": [*each["flags"], "FWPM_FILTER_FLAG_DISABLED"]} for each in select(kind, wanted)]

    monkeypatch.setattr(session, "select", disabled)
    assert relations(session, target) == []


def test_filters_that_stand_until_bfe_is_up_matter_nothing(session: BfeSession):
    target = design(families=["V4"])
    boot = {"flags": ["FWPM_FILTER_FLAG_BOOTTIME"], "weight": {"type": "FWP_UINT8", "uint8": 15}}
    session.add("filter", a_filter(layer=INBOUND_V4, **boot))
    assert relations(session, target) == []
    session.add("filter", a_filter(layer=INBOUND_V4, **{**boot, "flags": []}))
    assert relations(session, target) == ["outranks"]


def test_filters_at_layers_without_ours_matter_nothing(session: BfeSession):
    session.add("filter", a_filter(layer="FWPM_LAYER_ALE_AUTH_LISTEN_V4", weight={"type": "FWP_UINT8", "uint8": 15}))
    session.add("filter", a_filter(layer=f"{INBOUND_V4[:-1]}6", weight={"type": "FWP_UINT8", "uint8": 15}))
    assert relations(session, design(families=["V4"])) == []


def test_what_the_engine_adds_for_ike_matters_nothing():
    backend = MemoryBackend()
    target = design()
    put(backend, target)
    assert len(backend.others()) > 0
    assert plan_for(backend, target).others == ()

"""Filters that are like one that was accepted are gone through less often, and are refused and kept all the same."""

import math
from typing import Any
from uuid import UUID

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.engine import EngineError, Session
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from tests.backends.contract.sample_objects import a_filter, of_kind
from tests.support import design, one_line

KEY = "{" + str(UUID(int=7)) + "}"
SUBLAYER = of_kind("subLayer")
SUBNET = {"addr": "10.0.0.0", "mask": "255.0.0.0"}
REMOTE = {
    "fieldKey": "FWPM_CONDITION_IP_REMOTE_ADDRESS",
    "matchType": "FWP_MATCH_EQUAL",
    "conditionValue": {"type": "FWP_V4_ADDR_MASK", "v4AddrMask": SUBNET},
}


def opened() -> Session:
    """Return a session in a transaction, with a provider and a sublayer."""
    session = BfeEngine().open()
    session.begin()
    session.add("provider", of_kind("provider"))  # type: ignore[arg-type]
    session.add("subLayer", SUBLAYER)  # type: ignore[arg-type]
    return session


def like(accepted: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a filter that shares all but its key with another, but for some changes."""
    return {**accepted, "filterKey": KEY, **changes}


def condition(**changes: Any) -> list[dict[str, Any]]:
    return [{**REMOTE, **changes}]


WRONG: list[dict[str, Any]] = [
    {"filterKey": "{no guid}"},
    {"filterKey": "FWPM_NO_SUCH_NAME"},
    {"displayData": {"name": "", "description": ""}},
    {"displayData": {"name": "a\x1b[31m", "description": ""}},
    {"displayData": {"name": "a", "description": "\x00"}},
    {"displayData": {"name": 7, "description": ""}},
    {"displayData": {"description": ""}},
    {"displayData": {"name": "a", "description": "", "more": math.nan}},
    {"displayData": None},
    {"displayData": []},
    {"filterCondition": condition(fieldKey="FWPM_CONDITION_NO_SUCH")},
    {"filterCondition": condition(matchType="FWP_MATCH_PREFIX")},
    {"filterCondition": condition(conditionValue={"type": "FWP_V4_ADDR_MASK"})},
    {"filterCondition": condition(conditionValue={"type": "FWP_UINT8", "uint8": 1})},
    {"filterCondition": condition(conditionValue=None)},
    {"filterCondition": [REMOTE, "no condition"]},
    {"filterCondition": condition(more=math.inf)},
    {"filterCondition": 7},
    {"rawContext": True},
    {"rawContext": 1.0},
    {"rawContext": math.nan},
    {"rawContext": -1},
    {"flags": ["FWPM_FILTER_FLAG_NO_SUCH"]},
    {"flags": 7},
    {"weight": {"type": "FWP_UINT8", "uint8": 16}},
    {"weight": None},
    {"action": {"type": "FWP_ACTION_NO_SUCH", "filterType": None}},
    {"action": {"type": 7}},
    {"layerKey": "FWPM_LAYER_NO_SUCH"},
    {"layerKey": []},
    {"subLayerKey": KEY},
    {"providerKey": KEY},
    {"origin": 7},
    {"origin": math.inf},
    {"effectiveWeight": 7, "origin": None},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_it_is_refused_as_one_by_itself_is(wrong: dict[str, Any]) -> None:
    accepted = a_filter(rawContext=1, filterCondition=condition(), origin="rule:base")
    said = []
    for before in ([accepted], []):
        session = opened()
        for each in before:
            session.add("filter", each)  # type: ignore[arg-type]
        with pytest.raises(EngineError) as caught:
            session.add("filter", like(accepted, **wrong))  # type: ignore[arg-type]
        one_line(str(caught.value))
        said.append((caught.value.code, str(caught.value)))
        assert len(session.enumerate("filter")) == len(before)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"displayData": {"name": "NaN and Infinity", "description": "another\tname"}},
        {"filterCondition": []},
        {"filterCondition": condition(conditionValue={"type": "FWP_UINT32", "uint32": "10.0.0.1"})},
        {"filterKey": KEY.upper()},
        {"rawContext": 2},
        {"origin": "exemption:DNS"},
        {"providerContextKey": 7},
        {"effectiveWeight": {"type": "FWP_UINT64", "uint64": 7}},
        {"more": {"kept": 1.5}},
    ],
    ids=str,
)
def test_it_is_kept_as_one_by_itself_is(changes: dict[str, Any]) -> None:
    accepted = a_filter(rawContext=1, filterCondition=condition(), origin="rule:base")
    kept = []
    for before in ([accepted], []):
        session = opened()
        for each in before:
            session.add("filter", each)  # type: ignore[arg-type]
        session.add("filter", like(accepted, **changes))  # type: ignore[arg-type]
        document = session.get("filter", KEY)
        del document["filterId"]  # type: ignore[misc]
        kept.append(list(document.items()))
    assert kept[0] == kept[1]


def test_a_key_that_is_there_is_refused() -> None:
    session, accepted = opened(), a_filter(rawContext=1)
    for _ in range(2):
        session.add("filter", like(accepted, filterKey=None))  # type: ignore[arg-type]
    session.add("filter", like(accepted))  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="is there already"):
        session.add("filter", like(accepted))  # type: ignore[arg-type]
    assert len(session.enumerate("filter")) == 3


def test_what_it_refers_to_may_be_gone() -> None:
    session, accepted = opened(), a_filter()
    of_it = like(accepted, subLayerKey=SUBLAYER["subLayerKey"])
    session.add("filter", of_it)  # type: ignore[arg-type]
    session.delete("filter", KEY)
    session.delete("subLayer", SUBLAYER["subLayerKey"])
    with pytest.raises(EngineError) as caught:
        session.add("filter", of_it)  # type: ignore[arg-type]
    assert caught.value.code == "FWP_E_SUBLAYER_NOT_FOUND"


def test_a_policy_is_kept_as_its_objects_are_one_by_one() -> None:
    """In a transaction of its own no filter is like one before."""
    names = ("%", "%(origin)s", "%%s", '"', "\\", "ü", "e7", "e8")
    exemptions = [{"name": name, "protocol": "udp", "remote_ports": [n]} for n, name in enumerate(names, 1)]
    lists = object_lists(compile_design(design(exemptions=exemptions)))
    kept = []
    for together in (True, False):
        session = BfeEngine().open()
        if together:
            session.begin()
        session.add("provider", lists["provider"])
        for kind, member in (("subLayer", "subLayers"), ("providerContext", "providerContexts"), ("filter", "filters")):
            for each in lists[member]:  # type: ignore[literal-required]
                session.add(kind, each)  # type: ignore[arg-type]
        if together:
            session.commit()
        kept.append(sorted(map(str, session.enumerate("filter"))))
    assert kept[0] == kept[1]

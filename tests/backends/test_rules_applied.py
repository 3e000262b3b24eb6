"""What rules make, through every backend: applied, read back, saved, rolled back, and refused where it does not fit."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.session import BfeSession
from ndtui.backends.contract.engine import EngineError
from ndtui.backends.planning.plan_file import format_plan, parse_plan
from ndtui.backends.planning.plan_wording import plan_lines
from ndtui.model.design.design import Design, change
from tests.backends.contract.sample_objects import ACCEPT_V4, BLOCK, CALLOUT, CONNECT_V4, INBOUND_V4, a_filter
from tests.backends.engines import BACKENDS
from tests.backends.holding import held, objects_of, plan_for, put
from tests.rule_strategies import designs_with_rules
from tests.support import design

SQL = {"protocol": "tcp", "local_ports": [1433]}
DC = "O:LSD:(A;;CC;;;DC)"


@pytest.mark.parametrize("name", BACKENDS)
def test_from_any_rules_to_any_others_and_back(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=25)
    @given(a=designs_with_rules(), b=designs_with_rules(), same=st.booleans())
    def moves(a: Design, b: Design, same: bool) -> None:
        other = change(b, name=a.name, id=a.id) if same else b
        backend = BACKENDS[name](tmp_path_factory.mktemp(name))
        put(backend, a)
        assert held(backend.snapshot()) == objects_of(a)
        number = len(backend.history())
        saved = format_plan(plan_for(backend, other), "here")
        backend.apply(parse_plan(saved, "p.json").plan)
        assert held(backend.snapshot()) == objects_of(other)
        assert plan_for(backend, other).empty
        backend.apply(backend.plan_rollback(number))
        assert held(backend.snapshot()) == objects_of(a)
        assert plan_for(backend, a).empty

    moves()


@pytest.mark.parametrize("name", BACKENDS)
def test_a_plan_names_the_rules_of_what_it_changes(name: str, tmp_path: Path) -> None:
    backend = BACKENDS[name](tmp_path)
    before = design(version=2, rules=[{"name": "base"}, {"name": "SQL", "mode": "require", "scope": SQL}])
    put(backend, before)
    known = {**dict(before.rules[1]), "machines": DC}
    plan = plan_for(backend, change(before, rules=(before.rules[0], known)))
    text = "\n".join(plan_lines(plan))
    assert "SQL: only who may connect" in text
    assert "SQL: block who may not connect" in text
    assert {each.action for each in plan.changes} == {"add"}


@pytest.fixture
def session() -> Iterator[BfeSession]:
    with closing(BfeEngine().open()) as made:
        yield made


def asks(field: str, data_type: str, **value: Any) -> dict[str, Any]:
    conditions = [
        {
            "fieldKey": f"FWPM_CONDITION_{field}",
            "matchType": "FWP_MATCH_EQUAL",
            "conditionValue": {"type": data_type, **value},
        }
    ]
    return {"filterCondition": conditions}


def calls(callout: str, **members: Any) -> dict[str, Any]:
    return {"action": {"type": CALLOUT, "filterType": f"FWPM_CALLOUT_IPSEC_{callout}"}, "rawContext": 8, **members}


BLOCKS = {"action": {"type": BLOCK, "filterType": None}}
MACHINE = asks("ALE_REMOTE_MACHINE_ID", "FWP_SECURITY_DESCRIPTOR_TYPE", sd=DC)


@pytest.mark.parametrize(
    ("layer", "members"),
    [
        (ACCEPT_V4, {**BLOCKS, "weight": {"type": "FWP_UINT8", "uint8": 1}}),
        (ACCEPT_V4, calls("INBOUND_INITIATE_SECURE_V4", **MACHINE)),
        (CONNECT_V4, calls("ALE_CONNECT_V4", weight={"type": "FWP_UINT8", "uint8": 11})),
        (ACCEPT_V4, {**BLOCKS, **asks("CURRENT_PROFILE_ID", "FWP_UINT32", uint32=2)}),
        (INBOUND_V4, {**BLOCKS, **asks("INTERFACE_TYPE", "FWP_UINT32", uint32=71)}),
    ],
)
def test_what_rules_make_is_taken(session: BfeSession, layer: str, members: dict[str, Any]) -> None:
    document = a_filter(layer=layer, **members)
    session.add("filter", document)
    kept = session.get("filter", document["filterKey"])
    assert {name: kept[name] for name in members} == members


@pytest.mark.parametrize(
    ("layer", "members", "code"),
    [
        (INBOUND_V4, {**BLOCKS, **MACHINE}, "FWP_E_CONDITION_NOT_FOUND"),
        (ACCEPT_V4, calls("ALE_CONNECT_V4"), "FWP_E_INCOMPATIBLE_LAYER"),
        (CONNECT_V4, calls("ALE_CONNECT_V6"), "FWP_E_INCOMPATIBLE_LAYER"),
        (ACCEPT_V4, {**BLOCKS, **asks("ALE_REMOTE_MACHINE_ID", "FWP_UINT32", uint32=1)}, "FWP_E_TYPE_MISMATCH"),
        (ACCEPT_V4, {**BLOCKS, **asks("CURRENT_PROFILE_ID", "FWP_UINT8", uint8=1)}, "FWP_E_TYPE_MISMATCH"),
        (ACCEPT_V4, {**BLOCKS, **asks("CURRENT_PROFILE_ID", "FWP_UINT32", uint32=1 << 32)}, "FWP_E_OUT_OF_BOUNDS"),
        (ACCEPT_V4, {**BLOCKS, **asks("CURRENT_PROFILE_ID", "FWP_UINT32", uint32="0.0.0.2")}, "FWP_E_TYPE_MISMATCH"),
        (ACCEPT_V4, {**BLOCKS, "weight": {"type": "FWP_UINT8", "uint8": 16}}, "FWP_E_INVALID_WEIGHT"),
    ],
)
def test_what_does_not_fit_is_refused(session: BfeSession, layer: str, members: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        session.add("filter", a_filter(layer=layer, **members))
    assert caught.value.code == code

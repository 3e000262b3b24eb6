"""What stands until BFE is up, through every backend: applied, read back, planned, rolled back, removed."""

from pathlib import Path

import pytest

from ndtui.backends.planning.plan_file import format_plan, parse_plan
from ndtui.backends.planning.plan_wording import plan_lines
from ndtui.model.design.design import Design, change
from tests.backends.engines import BACKENDS
from tests.backends.holding import held, objects_of, plan_for, put
from tests.support import exempting

ICMP = {"name": "ICMP", "protocol": "icmp", "before_bfe": True}


def closed(**fields: object) -> Design:
    return exempting(ICMP, rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound"], **fields)


@pytest.mark.parametrize("sublayer", [{"kind": "universal"}, {"kind": "own", "weight": 7}])
@pytest.mark.parametrize("name", BACKENDS)
def test_it_is_applied_read_back_and_rolled_back(name: str, sublayer: dict[str, object], tmp_path: Path) -> None:
    backend = BACKENDS[name](tmp_path)
    before = closed(sublayer=sublayer)
    put(backend, before)
    assert held(backend.snapshot()) == objects_of(before)
    boot = [each for each in backend.snapshot().of_kind("filter") if each["flags"] == ["FWPM_FILTER_FLAG_BOOTTIME"]]
    assert {each["displayData"]["name"] for each in boot} == {
        f"{before.name}: before BFE: block inbound",
        f"{before.name}: before BFE: exempt ICMP",
    }
    assert plan_for(backend, before).empty
    after = change(before, before_bfe=["inbound", "outbound"])
    plan = plan_for(backend, after)
    assert plan.counts == {"add": 4, "change": 0, "remove": 0}
    text = "\n".join(plan_lines(plan))
    assert "before BFE: block outbound" in text
    assert "ALE_AUTH_CONNECT_V6" in text
    backend.apply(parse_plan(format_plan(plan, "here"), "p.json").plan)
    assert held(backend.snapshot()) == objects_of(after)
    backend.apply(backend.plan_rollback(1))
    assert held(backend.snapshot()) == objects_of(before)
    backend.apply(backend.plan(None))
    assert held(backend.snapshot()) == {}

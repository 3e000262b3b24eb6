"""The filter line finds rows by their layer, and by what they do, in tables whose rows stand under layers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.dump import read_dump
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.backends.contract.backend import Backend
from ndtui.backends.memory import MemoryBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.ui.rows.applied_rows import CONTENTS, content_rows
from ndtui.ui.rows.arrangement import Arrangement, RowTexts, arrange
from ndtui.ui.rows.change_rows import CHANGES, change_rows
from ndtui.ui.rows.design_rows import FILTERS, filter_rows
from ndtui.ui.rows.machine.placed_among import PLACED, placed_there
from ndtui.ui.rows.plan_rows import PLAN, plan_rows
from ndtui.ui.rows.table_filter import FilterError, parse_filter
from ndtui.ui.rows.view import View
from ndtui.ui.state.comparison import base_of_design, compare
from ndtui.ui.state.workbench import open_workbench
from tests.a_machine import state_file
from tests.support import design, preset

MEMBER = compile_design(preset("nd-domain-member"))


def found(view: View, rows: Sequence[Any], text: str) -> list[Any]:
    """Return the rows that a filter finds, without their headings."""
    working = arrange(view, rows, Arrangement(parse_filter(text, view.columns)), RowTexts(view, view.usual))
    while True:
        try:
            next(working)
        except StopIteration as done:
            return [row for row in done.value.rows if not view.heading(row)]


def at_ale_v6(names: Sequence[str]) -> int:
    assert names
    return sum("_ALE_" in name and name.endswith("_V6") for name in names)


@pytest.fixture
def backend() -> Backend:
    return MemoryBackend()


def _layers() -> list[str]:
    return [each.layer for each in MEMBER.filters]


def test_a_plan(backend: Backend) -> None:
    rows = plan_rows(backend.plan(MEMBER))
    assert len(found(PLAN, rows, "layer:ale v6")) == at_ale_v6(_layers()) > 0
    assert found(PLAN, rows, "layer:ale action:add") == found(PLAN, rows, "layer:ale")
    assert found(PLAN, rows, "layer:ale action:remove") == []


def test_what_is_applied(backend: Backend) -> None:
    backend.apply(backend.plan(MEMBER))
    rows = content_rows(backend.snapshot())
    ale = found(CONTENTS, rows, "layer:ale v6")
    assert len(ale) == at_ale_v6(_layers()) > 0
    whole = found(CONTENTS, rows, "layer:ale")
    kinds = [found(CONTENTS, rows, f"layer:ale action={word}") for word in ("permit", "block", "callout", "policy")]
    assert sum(map(len, kinds)) == len(whole)
    assert len([kind for kind in kinds if kind]) > 1


def test_the_filters_of_a_design_among_those_of_a_machine(tmp_path: Path) -> None:
    rows = placed_there(MEMBER, read_dump(state_file(tmp_path)))
    members = [row for row in rows if not PLACED.heading(row)]
    ale = found(PLACED, rows, "layer:ale")
    assert 0 < len(ale) < len(members)
    assert {row.row.ours.layer for row in ale if row.row.ours} == {name for name in _layers() if "_ALE_" in name}


def test_what_changes() -> None:
    rows = change_rows(compare(base_of_design("before", design()), MEMBER, Effort(1_000_000)))
    ale = found(CHANGES, rows, "layer:ale")
    assert ale
    assert all("ALE_" in row.layer for row in ale)
    added, removed = (found(CHANGES, rows, f"layer:transport action:{word}") for word in ("add", "remove"))
    assert [row.sign for row in (*added, *removed)] == ["+"] * len(added) + ["-"] * len(removed)
    assert added or removed


def test_weights_are_looked_for_where_there_are_some(backend: Backend) -> None:
    """What the README shows is so, and a table without weights says what it has."""
    filters = filter_rows(open_workbench(preset("nd-domain-member"), None))
    assert found(FILTERS, filters, "layer:ale v6 action:permit weight>=0")
    for view in (PLAN, CONTENTS, CHANGES):
        with pytest.raises(FilterError, match="no column 'weight'"):
            parse_filter("weight>0", view.columns)

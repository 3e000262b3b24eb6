"""What is written of a change: which rows it ends, and what stands for all there is."""

from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.bfe.state import all_rows, content_of
from ndtui.backends.bfe.storage.sql_tables import runs
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.exemption import Exemption
from tests.backends.contract.sample_objects import of_kind
from tests.backends.faults.operations import ONE
from tests.backends.holding import held, objects_of, put
from tests.support import change


@given(st.sets(st.integers(0, 40)))
def test_runs_hold_the_numbers_and_no_others(numbers: set[int]) -> None:
    found = runs(numbers)
    assert {each for first, last in found for each in range(first, last + 1)} == numbers
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


@pytest.mark.parametrize(
    "members",
    [{"exemptions": (Exemption(name="DNS", protocol="udp"),)}, {"lifetime": "persistent"}],
    ids=["a few", "nearly all"],
)
def test_the_content_of_a_state_is_that_of_every_object_however_much_changes(
    tmp_path: Path, members: dict[str, Any]
) -> None:
    path = tmp_path / "store.sqlite3"
    store, changed = StoreBackend(path), change(ONE, **members)
    with closing(store._engine.open()) as session:  # it is not ours, and stays
        session.add("provider", of_kind("provider"))
    put(store, ONE)
    said = store.apply(store.plan(compile_design(changed))).state
    read = StoreBackend(path)._journal.state()
    assert read.content == content_of(all_rows(read.objects))
    assert read.digest == said
    assert held(store.snapshot()) == objects_of(changed)

"""Canonical JSON in parts is the canonical JSON."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ndtui.model.files import design_file
from ndtui.model.files.design_file import canonical_json, canonical_parts

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=5))
def test_the_parts_are_the_whole(data: dict[str, Any]):
    assert "".join(canonical_parts(data)) == canonical_json(data)


def test_a_long_list_comes_in_several_parts():
    data = {"filters": [{"n": number} for number in range(3 * design_file._AT_ONCE + 1)]}
    parts = list(canonical_parts(data))
    assert "".join(parts) == canonical_json(data)
    assert max(map(len, parts)) < len(canonical_json(data)) / 2

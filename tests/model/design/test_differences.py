"""Where two designs differ: each table of a list by itself, by its name or its number."""

from typing import Any

import pytest

from ndtui.model.design.design import Design
from ndtui.model.design.differences import differences
from tests.support import preset

PLACE = "main_mode.proposals"
ONE, TWO, THREE = preset("nd-transport").model_dump(mode="json")["main_mode"]["proposals"]
OTHER = {**TWO, "dh_group": "IKEEXT_DH_GROUP_14"}


def between(*sides: list[dict[str, Any]]) -> list[tuple[str, object, object]]:
    """Return how two designs differ that have these proposals."""
    made = preset("nd-transport").model_dump(mode="json", by_alias=True)
    first, second = (
        Design.model_validate({**made, "main_mode": {**made["main_mode"], "proposals": side}}) for side in sides
    )
    return [(each.place, each.first, each.second) for each in differences(first, second)]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ([ONE, TWO], [ONE, OTHER], [(f"{PLACE}[1].dh_group", TWO["dh_group"], OTHER["dh_group"])]),
        ([ONE, TWO], [THREE, ONE, TWO], [(f"{PLACE}[0]", None, THREE)]),
        ([ONE, TWO, THREE], [ONE, THREE], [(f"{PLACE}[1]", TWO, None)]),
        ([THREE, TWO], [ONE, OTHER, TWO], [(f"{PLACE}[0].{name}", THREE[name], ONE[name]) for name in THREE
                                           if THREE[name] != ONE[name]] + [(f"{PLACE}[1]", None, OTHER)]),
        ([ONE, TWO, THREE], [THREE, ONE, TWO], [(f"{PLACE}: the order", "0, 1, 2", "2, 0, 1")]),
        ([ONE, TWO], [ONE, TWO], []),
    ],
)  # fmt: skip
def test_of_tables_without_names_it_is_said_which_differs_and_in_what(first: Any, second: Any, found: Any):
    assert between(first, second) == found

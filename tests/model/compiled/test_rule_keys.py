"""Keys of what rules make: none twice, whatever rules are called."""

from hypothesis import given

from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.rule_strategies import designs_with_rules
from tests.support import design


@given(designs_with_rules())
def test_no_two_objects_have_one_key(made: Design) -> None:
    filterset = compile_design(made)
    keys = [*(each.key for each in filterset.filters), *(each.key for each in filterset.contexts)]
    assert len(set(keys)) == len(keys)


def test_a_rule_called_as_a_part_of_another() -> None:
    """The block filter of one rule, and the filter of a rule whose name ends like it, at one layer."""
    made = design(version=2, rules=[{"name": "SQL", "machines": "O:LSD:(A;;CC;;;DC)"}, {"name": "SQL:block"}])
    keys = [each.key for each in compile_design(made).filters]
    assert len(set(keys)) == len(keys)

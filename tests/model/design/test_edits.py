"""Edits and history: each edit gives a valid design or says why not, and every step can be undone."""

from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.model.design import edits
from ndtui.model.design.design import Design, change, default_design, derived_id
from ndtui.model.design.edit_history import History, Step
from ndtui.model.design.exemption import Exemption, default_icmp
from ndtui.model.design.rule import Rule
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import SCENARIOS
from tests import exemption_edits
from tests.strategies import designs
from tests.support import design, exempting, often, one_line

THREE = ("a", "b", "c")


def three():
    return design(exemptions=[{"name": name} for name in THREE])


def order(made):
    return [e.name for e in made.exemptions]


# Decisions.


def test_the_last_module_and_the_last_family_stay_on():
    only_ike = edits.toggle_module(design(), "AuthIP")
    assert only_ike.keying_modules == ("IKE",)
    with pytest.raises(ValidationError, match="keying_modules is empty"):
        edits.toggle_module(only_ike, "IKE")
    only_v6 = edits.toggle_family(design(), "V4")
    assert only_v6.families == ("V6",)
    with pytest.raises(ValidationError, match="families is empty"):
        edits.toggle_family(only_v6, "V6")


def test_what_is_switched_off_comes_back_in_its_place():
    assert edits.toggle_module(edits.toggle_module(design(), "IKE"), "IKE") == design()
    assert edits.toggle_family(edits.toggle_family(design(), "V4"), "V4") == design()
    assert edits.toggle_extended_mode(design()) != design()
    assert edits.toggle_extended_mode(edits.toggle_extended_mode(design())) == design()


@pytest.mark.parametrize(
    ("before", "edit", "said"),
    [
        ({}, lambda d: edits.toggle_item(d, edits.item_named(d, "rules", "base")), "none that is enabled protects"),
        ({}, lambda d: edits.delete_item(d, edits.item_named(d, "rules", "base")), "none that is enabled protects"),
        ({}, lambda d: edits.add_rule(d, Rule()), "twice"),
        ({"keying_modules": ["IKE"]}, edits.toggle_extended_mode, "FWP_E_EM_NOT_SUPPORTED"),
        ({"extended_mode": {}}, lambda d: edits.toggle_module(d, "AuthIP"), "FWP_E_EM_NOT_SUPPORTED"),
        ({}, lambda d: edits.set_sublayer(d, 70000), "65535"),
        ({"exemptions": [{"name": "x", "families": ["V4"]}]}, lambda d: edits.toggle_family(d, "V4"), "exemptions[0]"),
        ({"exemptions": [{"name": "x"}]}, lambda d: edits.add_exemption(d, Exemption(name="x")), "twice"),
    ],
)
def test_an_edit_that_is_impossible_says_why(before, edit, said):
    with pytest.raises(ValidationError) as caught:
        edit(design(**before))
    message = one_line(reason_of(caught.value))
    assert said in message
    assert not message.startswith(":")


def test_the_sublayer():
    own = edits.set_sublayer(design(), 7)
    assert (own.sublayer.kind, own.sublayer.weight) == ("own", 7)
    assert edits.set_sublayer(own, None) == design()


# Rules.


def two_rules():
    return design(
        version=2,
        rules=[{"name": "base"}, {"name": "SQL", "mode": "inherit", "encryption": "guaranteed"}],
    )


def test_a_rule_is_edited_in_its_place_and_leaves_the_others():
    made = edits.replace_rule(two_rules(), "base", Rule(name="main", mode="require"))
    assert [(rule.name, rule.mode) for rule in made.rules] == [("main", "require"), ("SQL", "inherit")]
    sql = edits.item_named(made, "rules", "SQL")
    assert [rule.enabled for rule in edits.toggle_item(made, sql).rules] == [True, False]
    assert [rule.name for rule in edits.move_item(made, sql, -1).rules] == ["SQL", "main"]
    assert edits.delete_item(made, sql).rules == made.rules[:1]
    copy = edits.copy_of_item(made, sql)
    assert (copy.name, copy.encryption) == ("SQL 2", "guaranteed")


# Exemptions.


def test_adding():
    new = Exemption(name="new")
    assert order(edits.add_exemption(three(), new)) == ["a", "b", "c", "new"]
    assert order(edits.add_exemption(three(), new, "a")) == ["a", "new", "b", "c"]
    assert order(edits.add_exemption(three(), new, "c")) == ["a", "b", "c", "new"]


def test_replacing_and_toggling_stay_in_place():
    assert order(edits.replace_exemption(three(), "b", Exemption(name="new"))) == ["a", "new", "c"]
    toggled = exemption_edits.toggle(three(), "b")
    assert [e.enabled for e in toggled.exemptions] == [True, False, True]
    assert exemption_edits.toggle(toggled, "b") == three()


def test_deleting():
    assert order(exemption_edits.delete(three(), "b")) == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "by", "after"),
    [("a", 1, "bac"), ("c", -1, "acb"), ("b", 1, "acb"), ("b", -1, "bac"), ("a", -1, "abc"), ("c", 1, "abc")],
)
def test_moving(name, by, after):
    made = three()
    moved = exemption_edits.move(made, name, by)
    assert order(moved) == list(after)
    assert (moved is made) == (after == "abc")


def test_copying():
    made = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, {"name": "DNS 2"})
    copy = exemption_edits.copy_of(made, "DNS")
    assert copy.name == "DNS 3"
    assert change(made, exemptions=(copy,)).exemptions[0].remote_ports == made.exemptions[0].remote_ports


def test_copying_the_longest_name_there_may_be():
    made = design(exemptions=[{"name": "a" * 512}])
    copy = exemption_edits.copy_of(made, "a" * 512)
    assert len(edits.add_exemption(made, copy).exemptions) == 2


def test_a_name_that_is_not_there():
    for edit in (exemption_edits.delete, exemption_edits.toggle, exemption_edits.copy_of, exemption_edits.copy_of):
        with pytest.raises(KeyError):
            edit(three(), "z")
    with pytest.raises(KeyError):
        edits.add_exemption(three(), default_icmp(), "z")


def _with_mode(made, mode):
    rule = Rule(name=made.rules[0].name, mode=mode, machines="D:(A;;CC;;;DC)" if mode == "inherit" else "")
    return edits.replace_rule(made, made.rules[0].name, rule)


EDITS = (
    *(partial(_with_mode, mode=mode) for mode in SCENARIOS),
    lambda d: edits.toggle_item(d, edits.Item("rules", 0, d.rules[0])),
    lambda d: edits.add_rule(d, edits.copy_of_item(d, edits.Item("rules", 0, d.rules[0]))),
    lambda d: edits.move_item(d, edits.Item("rules", 0, d.rules[0]), 1),
    lambda d: edits.delete_item(d, edits.Item("rules", len(d.rules) - 1, d.rules[-1])),
    edits.toggle_extended_mode,
    lambda d: edits.toggle_module(d, "IKE"),
    lambda d: edits.toggle_module(d, "AuthIP"),
    lambda d: edits.toggle_family(d, "V4"),
    lambda d: edits.toggle_family(d, "V6"),
    lambda d: edits.set_sublayer(d, 40000),
    lambda d: edits.set_sublayer(d, None),
    lambda d: exemption_edits.toggle(d, d.exemptions[0].name) if d.exemptions else d,
    lambda d: edits.add_exemption(d, exemption_edits.copy_of(d, d.exemptions[-1].name)) if d.exemptions else d,
    lambda d: exemption_edits.move(d, d.exemptions[0].name, 1) if d.exemptions else d,
    lambda d: exemption_edits.delete(d, d.exemptions[-1].name) if d.exemptions else d,
)


@often
@given(designs(2), st.lists(st.sampled_from(EDITS), max_size=12))
def test_any_sequence_of_edits_gives_valid_designs_and_can_be_taken_back(start, sequence):
    history = History(Step("opened", start))
    wanted = [start]
    for number, edit in enumerate(sequence):
        try:
            after = edit(history.design)
        except ValidationError as error:
            assert "\n" not in reason_of(error)
            continue
        assert Design.model_validate(after.model_dump()) == after
        history = history.do(f"edit {number}", after)
        wanted.append(after)
    assert history.redo() is None
    for expected in reversed(wanted):
        assert history.design is expected
        history = history.undo() or history
    assert history.undo() is None
    for expected in wanted:
        assert history.design is expected
        history = history.redo() or history
    assert [step.design for step in (*history.past, history.present)] == wanted


def test_a_new_step_forgets_what_was_undone():
    history = History(Step("opened", design())).do("one", design(name="one")).undo()
    assert history is not None
    assert history.future
    other = history.do("two", design(name="two"))
    assert other.future == ()
    assert other.redo() is None
    assert [s.label for s in (*other.past, other.present)] == ["opened", "two"]
    assert history.present.label == "opened"


def test_another_name_is_another_identity_unless_the_design_has_one_of_its_own():
    plain, own = default_design("a"), change(default_design("a"), id=UUID(int=7))
    assert plain.id == derived_id("a")
    assert change(plain, name="b").id == derived_id("b")
    assert change(own, name="b").id == UUID(int=7)
    assert change(plain, name="b", id=UUID(int=9)).id == UUID(int=9)
    assert change(plain, name="b", id=plain.id).id == plain.id
    assert change(plain, lifetime="persistent").id == plain.id

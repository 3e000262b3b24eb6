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
from tests.strategies import designs
from tests.support import design, exempting, often, one_line, preset

THREE = ("a", "b", "c")


def three():
    return design(exemptions=[{"name": name} for name in THREE])


def order(made):
    return [e.name for e in made.exemptions]


# Decisions.


def test_a_scenario_brings_its_defaults():
    boundary = edits.set_scenario(preset("ms-sample"), "boundary")
    assert boundary.rules == (Rule(mode="boundary", nd_secure=False, ale_persist_context=False),)
    back = edits.set_scenario(boundary, "negotiation-discovery")
    assert back.rules == (Rule(mode="negotiation-discovery", nd_secure=True, ale_persist_context=False),)
    require = edits.set_scenario(back, "require")
    assert require.rules[0].nd_secure is False


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
    for toggle in (edits.toggle_nd_secure, edits.toggle_ale_context, edits.toggle_extended_mode):
        assert toggle(design()) != design()
        assert toggle(toggle(design())) == design()


@pytest.mark.parametrize(
    ("before", "edit", "said"),
    [
        ({"scenario": "boundary"}, edits.toggle_nd_secure, "ND_BOUNDARY"),
        ({"scenario": "require"}, edits.toggle_ale_context, "ale_persist_context"),
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


# Exemptions.


def test_adding():
    new = Exemption(name="new")
    assert order(edits.add_exemption(three(), new)) == ["a", "b", "c", "new"]
    assert order(edits.add_exemption(three(), new, "a")) == ["a", "new", "b", "c"]
    assert order(edits.add_exemption(three(), new, "c")) == ["a", "b", "c", "new"]


def test_replacing_and_toggling_stay_in_place():
    assert order(edits.replace_exemption(three(), "b", Exemption(name="new"))) == ["a", "new", "c"]
    toggled = edits.toggle_exemption(three(), "b")
    assert [e.enabled for e in toggled.exemptions] == [True, False, True]
    assert edits.toggle_exemption(toggled, "b") == three()


def test_deleting():
    assert order(edits.delete_exemption(three(), "b")) == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "by", "after"),
    [("a", 1, "bac"), ("c", -1, "acb"), ("b", 1, "acb"), ("b", -1, "bac"), ("a", -1, "abc"), ("c", 1, "abc")],
)
def test_moving(name, by, after):
    made = three()
    moved = edits.move_exemption(made, name, by)
    assert order(moved) == list(after)
    assert (moved is made) == (after == "abc")


def test_copying():
    made = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, {"name": "DNS 2"})
    copy = edits.copy_of(made, "DNS")
    assert copy.name == "DNS 3"
    assert change(made, exemptions=(copy,)).exemptions[0].remote_ports == made.exemptions[0].remote_ports


def test_copying_the_longest_name_there_may_be():
    made = design(exemptions=[{"name": "a" * 512}])
    copy = edits.copy_of(made, "a" * 512)
    assert len(edits.add_exemption(made, copy).exemptions) == 2


def test_a_name_that_is_not_there():
    for edit in (edits.delete_exemption, edits.toggle_exemption, edits.copy_of, edits.index_of):
        with pytest.raises(KeyError):
            edit(three(), "z")
    with pytest.raises(KeyError):
        edits.add_exemption(three(), default_icmp(), "z")


EDITS = (
    *(partial(edits.set_scenario, scenario=scenario) for scenario in SCENARIOS),
    edits.toggle_nd_secure,
    edits.toggle_ale_context,
    edits.toggle_extended_mode,
    lambda d: edits.toggle_module(d, "IKE"),
    lambda d: edits.toggle_module(d, "AuthIP"),
    lambda d: edits.toggle_family(d, "V4"),
    lambda d: edits.toggle_family(d, "V6"),
    lambda d: edits.set_sublayer(d, 40000),
    lambda d: edits.set_sublayer(d, None),
    lambda d: edits.toggle_exemption(d, d.exemptions[0].name) if d.exemptions else d,
    lambda d: edits.add_exemption(d, edits.copy_of(d, d.exemptions[-1].name)) if d.exemptions else d,
    lambda d: edits.move_exemption(d, d.exemptions[0].name, 1) if d.exemptions else d,
    lambda d: edits.delete_exemption(d, d.exemptions[-1].name) if d.exemptions else d,
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

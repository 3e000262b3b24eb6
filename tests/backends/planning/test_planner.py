"""Planning: from what is held to what is wanted, which changes there are, in which order, and which are none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.backend_errors import BackendError, MissingRevisionError, StalePlanError
from ndtui.backends.contract.changes import Change, Other, Plan, Snapshot, StoredObject
from ndtui.backends.planning.planner import (
    applied,
    check_state,
    in_listing_order,
    make_plan,
    normalised,
    now,
    plan_between,
    rollback_target,
    same,
    stored_objects,
)
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from tests.support import design, exempting

OWN = design(sublayer={"kind": "own", "weight": 7}, families=["V4"])


def an_object(kind: Kind, key: str, **members: object) -> StoredObject:
    return StoredObject(kind, key, {KEY_MEMBERS[kind]: key, "flags": [], **members})


def snapshot(*objects: StoredObject, policy: str = "", state: str = "") -> Snapshot:
    return Snapshot(state, objects, policy)


def made(before: Snapshot, after: Snapshot) -> list[tuple[str, str]]:
    return [(each.action, each.key) for each in plan_between("b", before, after, "apply").changes]


def test_a_filter_set_is_stored_in_the_order_in_which_it_can_be_added():
    target = compile_design(OWN)
    objects = stored_objects(target)
    assert [each.kind for each in objects] == [
        "provider",
        "subLayer",
        *["providerContext"] * len(target.contexts),
        *["filter"] * len(target.filters),
    ]
    assert all(each.document[KEY_MEMBERS[each.kind]] == each.key for each in objects)
    assert len({(each.kind, each.key) for each in objects}) == len(objects)
    assert stored_objects(None) == []


def test_what_goes_changes_and_comes_stands_in_an_order_that_can_be_carried_out():
    held = [an_object(kind, f"old {kind}") for kind in ("provider", "subLayer", "providerContext", "filter")]
    kept = [an_object(kind, f"kept {kind}") for kind in ("subLayer", "filter")]
    wanted = [an_object(kind, f"new {kind}") for kind in ("provider", "subLayer", "providerContext", "filter")]
    other = [each._replace(document={**each.document, "weight": 1}) for each in kept]
    assert made(snapshot(*held, *kept), snapshot(*wanted, *other)) == [
        ("remove", "old filter"),
        ("remove", "old providerContext"),
        ("remove", "old subLayer"),
        ("remove", "old provider"),
        ("change", "kept subLayer"),
        ("change", "kept filter"),
        ("add", "new provider"),
        ("add", "new subLayer"),
        ("add", "new providerContext"),
        ("add", "new filter"),
    ]


def test_objects_of_two_kinds_are_two_whatever_their_key():
    assert made(snapshot(an_object("filter", "k")), snapshot(an_object("subLayer", "k"))) == [
        ("remove", "k"),
        ("add", "k"),
    ]


def test_what_stays_is_counted_and_not_changed():
    before = snapshot(*(an_object("filter", key) for key in "abc"), policy="p", state="s1")
    after = snapshot(
        *(an_object("filter", key, **({"weight": 1} if key == "c" else {})) for key in "bcd"),
        policy="p",
        state="ignored",
    )
    plan = plan_between("b", before, after, "rollback")
    assert [(each.action, each.key) for each in plan.changes] == [("remove", "a"), ("change", "c"), ("add", "d")]
    assert (plan.unchanged, plan.state, plan.policy, plan.action, plan.backend) == (1, "s1", "p", "rollback", "b")
    assert plan_between("b", before, before, "apply").unchanged == 3


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ({}, {}, True),
        ({"filterId": 1}, {"filterId": 2}, True),
        ({"effectiveWeight": {"uint64": 1}}, {}, True),
        ({"providerContextId": 9}, {}, True),
        ({"providerKey": None}, {"providerKey": ""}, True),
        ({"providerKey": ""}, {}, True),
        ({"rawContext": 0}, {}, False),
        ({"rawContext": 0}, {"rawContext": 1}, False),
        ({"flags": ["A", "B"]}, {"flags": ["B", "A"]}, True),
        ({"flags": ["A"]}, {"flags": []}, False),
        ({"flags": ["FWPM_FILTER_FLAG_INDEXED"]}, {"flags": []}, True),
        ({"flags": ["FWPM_PROVIDER_FLAG_DISABLED"]}, {}, True),
        ({"flags": ["FWPM_FILTER_FLAG_DISABLED"]}, {}, False),
        ({"flags": ["FWPM_FILTER_FLAG_PERSISTENT"]}, {}, False),
        ({"filterCondition": [1, 2]}, {"filterCondition": [2, 1]}, False),
    ],
)
def test_what_the_engine_fills_in_is_no_difference(one: Document, other: Document, wanted: bool):
    assert same(one, other) is wanted
    assert same(other, one) is wanted


MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "flags": st.lists(st.sampled_from(["A", "B", "FWPM_FILTER_FLAG_INDEXED", "FWPM_PROVIDER_FLAG_DISABLED"])),
        **{name: st.sampled_from([None, "", 0, 1, "x", [], {}]) for name in ("filterId", "providerKey", "rawContext")},
    },
)


@given(MEMBERS, MEMBERS)
def test_two_documents_are_the_same_when_their_normal_forms_are(one: Document, other: Document):
    assert same(one, other) is (normalised(one) == normalised(other))


@pytest.mark.parametrize(
    ("before", "after", "gives_way"),
    [("", "p", ""), ("p", "p", ""), ("q", "p", "q"), ("q", "", ""), ("", "", "")],
)
def test_another_policy_gives_way(before: str, after: str, gives_way: str):
    plan = plan_between("b", snapshot(policy=before), snapshot(policy=after), "apply")
    assert (plan.replaces, plan.policy) == (gives_way, after)


def test_a_plan_for_a_design_and_one_for_nothing():
    target = compile_design(OWN)
    drift = (Change("filter", "d", None, {}),)
    others = (Other("outranks", {}),)
    plan = make_plan("b", snapshot(state="s"), target, drift=drift, others=others)
    assert (plan.action, plan.policy, plan.target, plan.drift, plan.others) == ("apply", "test", target, drift, others)
    assert plan.counts == {"add": len(stored_objects(target)), "change": 0, "remove": 0}
    held = Snapshot("s", tuple(stored_objects(target)), "test")
    removing = make_plan("b", held, None)
    assert (removing.action, removing.policy, removing.target) == ("remove", "", None)
    assert removing.counts == {"add": 0, "change": 0, "remove": len(held.objects)}
    assert (removing.drift, removing.others) == ((), ())
    assert make_plan("b", held, target).empty


def plan_from(state: str, *changes: Change) -> Plan:
    return Plan(backend="b", state=state, policy="p", replaces="", changes=changes, unchanged=0)


def test_a_plan_of_another_state_is_stale():
    check_state(plan_from("s1"), "s1")
    with pytest.raises(StalePlanError, match="made from state s1, and the state is now s2: plan again"):
        check_state(plan_from("s1"), "s2")


def test_what_an_apply_did_is_what_its_plan_counts():
    one: Document = {"flags": []}
    changes = [Change("filter", "a", None, one)] * 3 + [Change("filter", "c", one, one)] * 2
    done = applied(plan_from("s1", *changes, Change("filter", "r", one, None)), "s2")
    assert (done.state, done.policy, done.added, done.changed, done.removed) == ("s2", "p", 3, 2, 1)


def test_objects_are_put_in_order_by_kind_and_filters_by_layer():
    layers = ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "FWPM_LAYER_OF_TOMORROW_V4", "FWPM_LAYER_IKEEXT_V4")
    filters = [an_object("filter", name, layerKey=layer) for name, layer in zip("321", layers, strict=True)]
    twin = an_object("filter", "4", layerKey=layers[0])
    others = [an_object(kind, kind) for kind in ("providerContext", "provider", "subLayer")]
    assert [each.key for each in in_listing_order([*filters, *others, twin])] == [
        "provider",
        "subLayer",
        "providerContext",
        "1",
        "3",
        "4",
        "2",
    ]


def test_the_time_is_said_in_utc_to_the_second():
    said = datetime.fromisoformat(now())
    assert said.utcoffset() == timedelta(0)
    assert said.microsecond == 0
    assert abs(datetime.now(UTC) - said) < timedelta(minutes=1)


@pytest.mark.parametrize(("latest", "number", "goal"), [(1, None, 0), (5, None, 4), (5, 5, 5), (5, 0, 0), (5, 3, 3)])
def test_a_rollback_goes_to_the_revision_asked_for_or_the_one_before(latest: int, number: int | None, goal: int):
    assert rollback_target(latest, number) == goal


@pytest.mark.parametrize("number", [-1, 6])
def test_a_rollback_to_no_revision(number: int):
    with pytest.raises(MissingRevisionError, match=f"there is no revision {number}: choose one from 0 to 5"):
        rollback_target(5, number)
    with pytest.raises(MissingRevisionError, match=f"there is no revision {number}: nothing has been applied yet"):
        rollback_target(0, number)


@pytest.mark.parametrize("number", [None, 0])
def test_a_rollback_where_nothing_was_applied(number: int | None):
    with pytest.raises(BackendError, match="there is nothing to go back to: nothing has been applied yet") as caught:
        rollback_target(0, number)
    assert caught.value.status == 1


def test_changing_one_exemption_changes_only_its_filters():
    held = Snapshot("s", tuple(stored_objects(compile_design(exempting({"protocol": "tcp"}, {"protocol": "udp"})))))
    plan = make_plan("b", held, compile_design(exempting({"protocol": "tcp"}, {"protocol": 47})))
    assert {each.action for each in plan.changes} == {"change"}
    assert len(plan.changes) == 6
    assert plan.unchanged == len(held.objects) - 6

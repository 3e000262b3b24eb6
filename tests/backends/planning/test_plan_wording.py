"""A plan in words: its changes under their titles, drift, filters of others, and the counts."""

import pytest

from ndtui.backends.contract.changes import Change, Other, Plan
from ndtui.backends.planning.plan_wording import all_counts, counts, groups, notes, other_name, plan_lines
from ndtui.model.compiled.document_types import Document

LAYER, OTHER_LAYER = "FWPM_LAYER_INBOUND_TRANSPORT_V4", "FWPM_LAYER_OUTBOUND_TRANSPORT_V6"


def named(name: str, layer: str = "", **members: object) -> Document:
    place = {"layerKey": layer} if layer else {}
    return {"displayData": {"name": name, "description": ""}, **place, **members}


def other(name: str, relation: str) -> Other:
    document = {"filterKey": "{k}", "layerKey": LAYER, "subLayerKey": "FWPM_SUBLAYER_TEREDO"}
    return Other(relation, {**document, **(named(name) if name else {})})  # type: ignore[arg-type]


CHANGES = (
    Change("filter", "1", named("gone", LAYER), None),
    Change("providerContext", "2", named("policy", flags=[], type="A"), named("policy", flags=[], type="B")),
    Change("provider", "3", None, named("us")),
    Change("subLayer", "4", None, named("own")),
    Change("filter", "5", None, named("new", LAYER)),
    Change("filter", "6", None, named("newer", OTHER_LAYER)),
)


def plan(**members: object) -> Plan:
    fields = {"backend": "b", "state": "s", "policy": "p", "replaces": "", "changes": CHANGES, "unchanged": 4}
    return Plan(**{**fields, **members})  # type: ignore[arg-type]


def test_a_whole_plan():
    drift = (
        Change("filter", "7", named("theirs", LAYER), None),
        Change("providerContext", "8", named("mine", type="A"), named("mine", type="B")),
        Change("subLayer", "9", None, named("odd")),
    )
    others = (other("before", "outranks"), other("", "ties"))
    assert list(plan_lines(plan(replaces="q", drift=drift, others=others))) == [
        "Provider",
        "  + us",
        "Sublayers",
        "  + own",
        "Provider contexts",
        "  ~ policy",
        "      type: A -> B",
        "INBOUND_TRANSPORT_V4",
        "  - gone",
        "  + new",
        "OUTBOUND_TRANSPORT_V6",
        "  + newer",
        "Drift: changed by others since the last apply",
        "  vanished: theirs at INBOUND_TRANSPORT_V4",
        "  changed: mine",
        "      type: A -> B",
        "  appeared: odd",
        "Filters of others at the same layers",
        "  ! before at INBOUND_TRANSPORT_V4, TEREDO: is evaluated before ours",
        "  ! {k} at INBOUND_TRANSPORT_V4, TEREDO: has the weight of our callout",
        "q is applied now and gives way.",
        "4 to add, 1 to change, 1 to remove, 4 unchanged",
    ]


def test_a_plan_without_anything():
    assert list(plan_lines(plan(changes=()))) == ["0 to add, 0 to change, 0 to remove, 4 unchanged"]


def test_counts_and_groups():
    assert counts(plan()) == "4 to add, 1 to change, 1 to remove"
    assert all_counts(plan()) == "4 to add, 1 to change, 1 to remove, 4 unchanged"
    assert [each.key for each in groups(plan())["INBOUND_TRANSPORT_V4"]] == ["1", "5"]


def test_a_filter_of_others_without_a_name_is_called_by_its_key():
    assert [other_name(other(name, "ties")) for name in ("theirs", "")] == ["theirs", "{k}"]


@pytest.mark.parametrize(
    ("drifted", "relations", "wanted"),
    [
        (0, [], []),
        (1, [], ["Drift: 1 object changed by others"]),
        (2, [], ["Drift: 2 objects changed by others"]),
        (0, ["outranks"], ["Filters of others: 1 before ours"]),
        (
            0,
            ["negotiates", "ties"],
            [
                "Filters of others: 1 tied with a callout",
                "Another IPsec policy comes before this one: 1 of its filters call IPsec first, such as Windows "
                "Firewall's connection security rules",
            ],
        ),
        (0, ["ties", "ties"], ["Filters of others: 2 tied with a callout"]),
        (
            1,
            ["ties", "outranks", "outranks"],
            ["Drift: 1 object changed by others", "Filters of others: 2 before ours, 1 tied with a callout"],
        ),
    ],
)
def test_notes(drifted: int, relations: list[str], wanted: list[str]):
    others = tuple(other("x", relation) for relation in relations)
    assert notes(plan(drift=CHANGES[:drifted], others=others)) == wanted

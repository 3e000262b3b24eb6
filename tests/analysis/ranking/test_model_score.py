"""Evaluate: what is counted, what calibrating may learn from, and the figures on machines."""

from itertools import combinations
from pathlib import Path

import pytest

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, read_dump
from ndtui.analysis.ranking.model_score import Score, conditions_of, evaluate
from ndtui.model.compiled.objects import Value
from ndtui.model.compiled.weight_layout import AUTO_BITS, known_fields, older_fields, slots_for
from ndtui.model.compiled.weights import automatic_weight, weigh_with
from tests.machines import MACHINES, OLDER, machine_file

LAYER = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
LOW = (1 << AUTO_BITS) - 1
APP, USER, PROTOCOL = (f"FWPM_CONDITION_{n}" for n in ("ALE_APP_ID", "ALE_USER_ID", "IP_PROTOCOL"))
TUNNEL, PORT = "FWPM_CONDITION_ARRIVAL_TUNNEL_TYPE", "FWPM_CONDITION_IP_LOCAL_PORT"


def made(weight: int, *fields: str, kind: str = "FWP_EMPTY", layer: str = LAYER, text: str = "x") -> DumpFilter:
    return DumpFilter(
        key="{a}",
        name="a",
        description="",
        layer=layer,
        sublayer="s",
        provider="",
        weight_type=kind,
        weight=None,
        effective_weight=weight,
        action="FWP_ACTION_PERMIT",
        callout="",
        raw_context=0,
        provider_context_key="",
        flags=(),
        conditions=tuple(DumpCondition(field, "FWP_MATCH_EQUAL", text) for field in fields),
        filter_id=1,
        values=(None,) * len(fields),
    )


def dump(*filters: DumpFilter, fields: dict[str, tuple[tuple[str, str], ...]] | None = None) -> Dump:
    return Dump("filters", "", filters, (), (), (), (), (LAYER,), fields or {}, {})


def real_weight(*fields: str, older: bool = False) -> int:
    conditions = conditions_of(made(0, *fields))
    if not older:
        return automatic_weight(LAYER, conditions)[0]
    listed = older_fields(LAYER)
    return weigh_with(slots_for(LAYER, listed), {n: f.bits for n, f in listed.items()}, conditions)[0]


def test_every_pair_is_counted_once():
    filters = [made(real_weight(*fields), *fields) for fields in ((), (APP,), (USER,), (APP, USER))]
    found = evaluate(dump(*filters))
    assert found.total == found.layers[LAYER] == Score(filters=4, exact=4, pairs=6, right=6)
    assert found.calibrated == {}


def test_the_range_is_left_out():
    filters = [made(real_weight(APP) | n << AUTO_BITS, APP, kind="FWP_UINT8") for n in (1, 2, 9)]
    assert evaluate(dump(*filters)).total == Score(filters=1, exact=1)


def test_the_same_conditions_and_weight_are_one_filter():
    twice = [made(real_weight(APP), APP), made(real_weight(APP), APP)]
    others = [made(real_weight(APP), APP, text="another program"), made(0)]
    assert evaluate(dump(*twice, *others)).total == Score(filters=3, exact=3, pairs=2, right=2)


def test_weights_that_were_given_are_not_automatic():
    assert evaluate(dump(made(9, APP, kind="FWP_UINT64"))).total == Score()


def test_wrong_and_tied_pairs():
    heavy, light = real_weight(APP), real_weight(USER)
    assert evaluate(dump(made(light, APP), made(heavy, USER))).total == Score(filters=2, pairs=1, wrong=1)
    assert evaluate(dump(made(1, APP), made(2, APP))).total == Score(filters=2, pairs=1, tied=1)


def test_filters_of_the_same_weight_are_no_pair():
    assert evaluate(dump(made(5, APP), made(5, USER))).total == Score(filters=2)


def test_layers_are_apart():
    other = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
    found = evaluate(dump(made(5, APP), made(6, USER, layer=other)))
    assert set(found.layers) == {LAYER, other}
    assert found.total == Score(filters=2)


def older_machine() -> list[DumpFilter]:
    sets = [(TUNNEL,), (TUNNEL, APP), (TUNNEL, USER), (TUNNEL, APP, USER)]
    return [made(real_weight(*fields, older=True), *fields) for fields in sets]


def test_calibrating_learns_the_version_from_the_other_filters():
    plain, calibrated = (evaluate(dump(*older_machine()), calibrate=c) for c in (False, True))
    assert plain.total == Score(filters=4, exact=0, pairs=6, right=6)
    assert calibrated.total == Score(filters=4, exact=4, pairs=6, right=6)
    assert calibrated.calibrated == {LAYER: "older"}


def test_a_pair_is_never_judged_by_what_it_says_itself():
    """Two filters alone have no others: there is nothing to learn from, and the model's own list stays."""
    assert evaluate(dump(*older_machine()[:1]), calibrate=True).total.exact == 0
    newest = [made(real_weight(TUNNEL, APP), TUNNEL, APP)]
    found = evaluate(dump(*older_machine()[:1], *newest), calibrate=True)
    assert found.total.exact == 0  # each is judged by the other, which is of the other version


def test_the_fields_a_dump_lists_are_one_of_the_ways():
    fields = tuple((n, f.data_type) for n, f in older_fields(LAYER).items() if "INDEX" not in n)
    listed = dict(fields)
    slots = slots_for(LAYER, {n: known_fields(LAYER)[n] for n in listed})
    weights = [slots[TUNNEL].maximum << slots[TUNNEL].shift, slots[TUNNEL].shift]
    filters = [made(weights[0], TUNNEL, text=str(n)) for n in range(3)]
    found = evaluate(dump(*filters, fields={LAYER: fields}), calibrate=True)
    assert found.calibrated == {LAYER: "listed"}
    assert found.total.exact == 3


def test_a_port_range_counts_its_share():
    ranging = made(0, PORT)
    exact = conditions_of(ranging)
    (wide,) = conditions_of(
        DumpFilter(**{n: getattr(ranging, n) for n in DumpFilter.__slots__} | {"values": (Value("R", 1, 5000),)})
    )
    assert automatic_weight(LAYER, (wide,))[0] < automatic_weight(LAYER, exact)[0]


#: Of each machine: its distinct filters, how many weights are exact for a model that is told nothing, and the pairs.
FIGURES = {
    "filters-newest": (55, 55, 190),
    "filters-older": (54, 20, 196),
    "state-older": (61, 29, 194),
    "state-newest": (61, 61, 195),
}


@pytest.mark.parametrize("calibrate", [False, True], ids=["plain", "calibrated"])
@pytest.mark.parametrize("name", MACHINES)
def test_machines(name: str, tmp_path: Path, *, calibrate: bool):
    """All pairs are in order; told the machine's version of Windows, all weights are exact too."""
    found = evaluate(read_dump(machine_file(name, tmp_path)), calibrate=calibrate)
    filters, exact, pairs = FIGURES[name]
    assert found.total == Score(filters, filters if calibrate else exact, pairs, right=pairs)
    assert ("older" in found.calibrated.values()) == (calibrate and name in OLDER)
    assert (exact < filters) == (name in OLDER)


@pytest.mark.parametrize("name", MACHINES)
def test_a_filter_with_more_conditions_is_never_put_below(name: str, tmp_path: Path):
    """Counted here once more, by hand: a strict superset of conditions never weighs less, really or by the model."""
    seen = 0
    by_layer: dict[str, dict[frozenset[DumpCondition], DumpFilter]] = {}
    for each in read_dump(machine_file(name, tmp_path)).filters:
        if each.weight_type != "FWP_UINT64":
            by_layer.setdefault(each.layer, {})[frozenset(each.conditions)] = each
    for layer, filters in by_layer.items():
        for one, other in combinations(filters, 2):
            if one < other or other < one:
                few, many = (filters[one], filters[other]) if one < other else (filters[other], filters[one])
                predicted = [automatic_weight(layer, conditions_of(each))[0] for each in (few, many)]
                real = [each.effective_weight & LOW for each in (few, many)]
                assert predicted == sorted(predicted)
                assert real == sorted(real)
                seen += 1
    assert seen > 30

"""Model score: how far the weight model agrees with the effective weights that Windows gave to the filters of a dump.

Counted are the filters of automatic weight (submitted as ``FWP_EMPTY`` or as a range), each distinct pair of a
condition set and real low sixty bits once per layer. The range is left out of everything: it is documented, and
predicting it would prove nothing. A pair is two of them whose real low sixty bits differ.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.compiled.weight_layout import AUTO_BITS, known_fields, older_fields, slots_for, typed_fields
from ndtui.model.compiled.weights import weigh_with
from ndtui.model.vocabulary.layers import Field

AUTOMATIC = ("FWP_EMPTY", "FWP_UINT8")
_LOW = (1 << AUTO_BITS) - 1


class Score(NamedTuple):
    """How many distinct filters there are and how many weights are exact; of all pairs how many are in order."""

    filters: int = 0
    exact: int = 0
    pairs: int = 0
    right: int = 0
    tied: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score of every layer that has filters of automatic weight, and of all together.

    ``calibrated`` tells for each layer which field list the dump's own filters spoke for; empty where the model was
    told nothing of the dump.
    """

    layers: Mapping[str, Score]
    total: Score
    calibrated: Mapping[str, str]


def evaluate(dump: Dump, *, calibrate: bool = False) -> Evaluation:
    """Return the model's score on a dump.

    Without ``calibrate`` the model knows nothing of the dump but the filters' conditions. With it a layer's slots may
    be those of another version of Windows, or of the field list the dump itself has: for every pair that one is taken
    which gives most of the *other* filters of the layer their exact weight, never one chosen by the pair itself.
    """
    layers: dict[str, Score] = {}
    chosen: dict[str, str] = {}
    for layer, filters in _distinct(dump).items():
        ways = _ways(dump, layer) if calibrate else {"newest": known_fields(layer)}
        points = Counter(_points(layer, filters, tuple(ways.values())))
        layers[layer] = _score(points)
        if calibrate:
            exact = _exact(points)
            chosen[layer] = list(ways)[exact.index(max(exact))]
    total = Score(*map(sum, zip(*layers.values(), strict=True))) if layers else Score()
    return Evaluation(layers, total, chosen)


def _ways(dump: Dump, layer: str) -> dict[str, Mapping[str, Field]]:
    """Return the field lists a layer may have, the model's own first."""
    ways = {"newest": known_fields(layer), "older": older_fields(layer)}
    if layer in dump.layer_fields:
        ways["listed"] = typed_fields(dump.layer_fields[layer])
    return ways


def _distinct(dump: Dump) -> dict[str, list[DumpFilter]]:
    """Return the filters of automatic weight by layer, each condition set and low sixty bits once."""
    found: dict[str, dict[tuple[object, int], DumpFilter]] = {}
    for each in dump.filters:
        if each.weight_type in AUTOMATIC:
            identity = (tuple(sorted(each.conditions)), each.effective_weight & _LOW)
            found.setdefault(each.layer, {}).setdefault(identity, each)
    return {layer: list(filters.values()) for layer, filters in found.items()}


class _Point(NamedTuple):
    """The low sixty bits a filter has, and those each way predicts."""

    real: int
    predicted: tuple[int, ...]


def _points(layer: str, filters: Sequence[DumpFilter], ways: Sequence[Mapping[str, Field]]) -> Iterator[_Point]:
    tables = [(slots_for(layer, fields), {name: field.bits for name, field in fields.items()}) for fields in ways]
    for each in filters:
        conditions = conditions_of(each)
        predicted = tuple(weigh_with(slots, bits, conditions)[0] for slots, bits in tables)
        yield _Point(each.effective_weight & _LOW, predicted)


def conditions_of(each: DumpFilter) -> tuple[Condition, ...]:
    """Return a dump's conditions for weighing: what is not about an interval of numbers counts as an exact match."""
    exact = Value("", 0, 0)
    return tuple(
        Condition(condition.field, condition.match, exact if value is None or "NOT_" in condition.match else value)
        for condition, value in zip(each.conditions, each.values, strict=True)
    )


def _exact(points: Mapping[_Point, int]) -> list[int]:
    """Return for each way how many weights it gets exactly."""
    ways = len(next(iter(points)).predicted)
    return [sum(n for point, n in points.items() if point.predicted[way] == point.real) for way in range(ways)]


def _score(points: Mapping[_Point, int]) -> Score:
    exact = _exact(points)
    outcomes: Counter[str] = Counter()
    for one, other in combinations(points, 2):
        if one.real != other.real:
            outcomes[_outcome(one, other, _best(exact, one, other))] += points[one] * points[other]
    hits = sum(n for point, n in points.items() if point.predicted[_best(exact, point)] == point.real)
    right, tied, wrong = outcomes["right"], outcomes["tied"], outcomes["wrong"]
    return Score(sum(points.values()), hits, right + tied + wrong, right, tied, wrong)


def _best(exact: Sequence[int], *left_out: _Point) -> int:
    """Return the way that is exact for most filters other than those left out; the first of equals."""
    others = [n - sum(p.predicted[way] == p.real for p in left_out) for way, n in enumerate(exact)]
    return others.index(max(others))


def _outcome(one: _Point, other: _Point, way: int) -> str:
    first, second = one.predicted[way], other.predicted[way]
    if first == second:
        return "tied"
    return "right" if (first > second) == (one.real > other.real) else "wrong"

"""A ladder in words: where a filter stands and why above the next one, the bits of its weight, ranges and sublayers."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ndtui.analysis.ranking.ladder import HIGHEST, Rung, SublayerRungs
from ndtui.analysis.ranking.weight_sum import Addend, WeightSum, first_difference, weight_sum
from ndtui.analysis.wording.phrases import condition_words, hex_weight, layer_heading
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.ike_exemptions import is_of_bfe
from ndtui.model.compiled.objects import Condition, Filter, Role
from ndtui.model.compiled.weights import AUTO_BITS, FieldSlot, effective_weight
from ndtui.model.vocabulary import NUMBERS, short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

_WIDEST = 16
"""Up to so many bits a slot is written bit by bit; wider ones, of addresses in IPv6, in hex."""

_EXEMPTIONS = NUMBERS["FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS"]
_RANGES = {NUMBERS[name]: name for name in ("FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS", "FWPM_WEIGHT_RANGE_IPSEC")}
_USES = {_EXEMPTIONS: "for exemptions from IPsec", 0: "for weights that are left to BFE (FWP_EMPTY)"}

_MODEL = {
    "exact": "documented: nothing of this weight is modelled",
    "observed": "the range is documented, the sixty bits are not: they follow slots measured on Windows machines. "
    "Other versions differ in number; the order is what counts",
    "modelled": "the range is documented, the sixty bits are not: they follow the rule measured on Windows machines, "
    "at a layer or for a field where it was not measured. The order is what counts",
}


_KINDS: dict[Role, str] = {"policy": "policy filter", "callout": "callout", "exemption": "exemption", "block": "block"}


class Standing(NamedTuple):
    """Where a filter stands in its sublayer: its place from 1, of how many, over how many callouts, what follows."""

    place: int
    of: int
    callouts_below: int
    below: Filter | None


def explain_weight(each: Filter, standing: Standing) -> list[Line]:
    """Return the arithmetic of a filter's effective weight, and why it stands above the next filter."""
    added = weight_sum(each)
    return [
        Line("Name", each.name),
        Line("Weight", f"0x{hex_weight(added.weight.value)}, bit by bit:"),
        *_bits(each, added),
        Line("Above next", _above_next(each, standing.below)),
        Line("Stands", _stands(each, standing)),
        Line("Model", _MODEL[added.weight.basis]),
        Line("See", PAGES["filter-weight"]),
    ]


def _stands(each: Filter, standing: Standing) -> str:
    number = effective_weight(each).range
    over = standing.callouts_below
    callouts = f", over {over} callout{'s' * (over > 1)}" if over and not each.slot.callout else ""
    sublayer = short_name(each.slot.sublayer)
    return f"{standing.place} of {standing.of} in sublayer {sublayer}, in range {_range_name(number)}{callouts}"


def _range_name(number: int) -> str:
    return f"{number} (0x{number:X}, {_RANGES[number]})" if number in _RANGES else f"{number} (0x{number:X})"


def _above_next(each: Filter, below: Filter | None) -> str:
    if below is None:
        return "nothing: it is the last in this sublayer"
    here, there = effective_weight(each), effective_weight(below)
    if here.range != there.range:
        return f"{below.name}: range {here.range} stands above range {there.range}, whatever the conditions"
    if here.value == there.value:
        return f"{below.name} weighs the same: which of the two is tried first is undefined"
    difference = first_difference(each, below)
    if difference is None:
        return f"{below.name}: 0x{hex_weight(there.value)} is less"
    fields = " and ".join(map(_field_words, difference.fields))
    slot = difference.slot
    return (
        f"{below.name}: they differ first in {_span(slot)}, {fields}: {difference.here} here, {difference.there} there"
    )


def _bits(each: Filter, added: WeightSum) -> Iterator[Line]:
    """Yield a line for the range and one for every field with a condition, the highest bits first."""
    if added.given:
        yield Line("Bits 63-0", "all of them as submitted: FWP_UINT64 is taken as it is")
        return
    submitted = each.slot.weight
    number = added.weight.range
    name = f", {_RANGES[number]}" if number in _RANGES else ""
    how = "left to BFE" if submitted.value is None else "submitted"
    yield Line(f"Bits 63-{AUTO_BITS}", f"{number:04b}: range {number}{name}, {how}")
    for addend in added.addends:
        if addend.slot is not None:
            yield Line(_span(addend.slot).capitalize(), _addend(each, addend, addend.slot))
    for addend in added.addends:
        if addend.slot is None:
            yield Line("No bits", f"{_words(each, addend)}: this layer has no slot for it")
    yield Line("Other bits", "0: no condition on their fields" if added.addends else "0: it has no conditions")


def _addend(each: Filter, addend: Addend, slot: FieldSlot) -> str:
    width = slot.width
    bits = f"{addend.share:0{width}b}" if width <= _WIDEST else f"0x{addend.share:0{(width + 3) // 4}x}"
    return f"{bits}: {_words(each, addend)}, {_how(addend.share, slot)}"


def _how(count: int, slot: FieldSlot) -> str:
    if count == slot.maximum:
        shared = slot.sharing > 1
        how = f"exact: {count} of {slot.limit}, for fields share these bits" if shared else "exact: all of them"
    else:
        how = f"{count} of {slot.maximum}, for the part of the field that it fixes"
    return how if slot.observed else f"{how} (modelled)"


def _words(each: Filter, addend: Addend) -> str:
    """Return the conditions on one field; whether a port is an ICMP type is told by the protocol."""
    protocol: tuple[Condition, ...] = ()
    if not addend.field.endswith("_IP_PROTOCOL"):
        protocol = tuple(other for other in each.conditions if other.field.endswith("_IP_PROTOCOL"))
    return condition_words((*protocol, *addend.conditions))[-1]


def _field_words(field: str) -> str:
    return short_name(field).lower().replace("_", " ").removeprefix("ip ")


def _span(slot: FieldSlot) -> str:
    high = slot.shift + slot.width - 1
    return f"bit {high}" if high == slot.shift else f"bits {high}-{slot.shift}"


def explain_range(layer: str, sublayer: SublayerRungs, rung: Rung) -> list[Line]:
    """Return what an empty range, or one with many filters, means where it stands."""
    between = f"0x{hex_weight(rung.low << AUTO_BITS)} to 0x{hex_weight((rung.high + 1 << AUTO_BITS) - 1)}"
    lines = [
        Line(
            "Range",
            f"{rung.label} of {HIGHEST} to 0 at {_layer(layer, sublayer)}, sublayer {short_name(sublayer.sublayer)}",
        ),
        Line("Holds", _holds(rung) if rung.filters else "no filter of this design, and none that BFE adds beside it"),
        Line("Weights", between),
        Line("Means", " ".join((*_uses(sublayer, rung), _tried(sublayer, rung)))),
        Line("See", PAGES["filter-weight"]),
    ]
    return [*lines, Line("See", PAGES["ike-exemptions"])] if sublayer.bfe else lines


def _holds(rung: Rung) -> str:
    bfe = sum(map(is_of_bfe, rung.filters))
    return f"{count_words(rung.filters)}{f', {bfe} of them of BFE' if bfe else ''}"


def _uses(sublayer: SublayerRungs, rung: Rung) -> Iterator[str]:
    """Yield what the ranges are for, by Microsoft's names for them or by who asks for them."""
    for number, use in _USES.items():
        if rung.low <= number <= rung.high:
            yield f"Range {number} is {_RANGES[number]}, {use}."
    if rung.filters and rung.high not in _USES:
        yield "Rules ask for this weight range."
    if rung.low > _EXEMPTIONS and sublayer.bfe:
        yield (
            "Microsoft names ranges above 0xC for who wants to control IKE more tightly than BFE's exemptions do, "
            "which stand below."
        )


def _tried(sublayer: SublayerRungs, rung: Rung) -> str:
    """Return between which filters of the sublayer a range stands."""
    held = [each for each in sublayer.rungs if each.filters]
    above = next((each for each in reversed(held) if each.low > rung.high), None)
    below = next((each for each in held if each.high < rung.low), None)
    if above is None and below is None:
        return "Nothing else is known to stand in this sublayer."
    after = "first in this sublayer" if above is None else f"after range {above.label} ({_holds(above)})"
    before = "last in this sublayer" if below is None else f"before range {below.label} ({_holds(below)})"
    order = f"{before}, {after}" if below is None else f"{after}{', ' if above is None else ' and '}{before}"
    return f"{'What is here is' if rung.filters else 'A filter here would be'} tried {order}."


def count_words(filters: Sequence[Filter]) -> str:
    """Return how many filters of which kind: ``10000 exemptions``."""
    kinds = {each.slot.role for each in filters}
    word = _KINDS[kinds.pop()] if len(kinds) == 1 else "filter"
    return f"{len(filters)} {word}{'s' * (len(filters) != 1)}"


def explain_sublayers(layer: str, sublayers: Sequence[SublayerRungs]) -> list[Line]:
    """Return sublayers of Windows of which only the weight is known here."""
    return [
        Line("Sublayers", f"{len(sublayers)} of Windows at {short_name(layer)}, from the first to the last"),
        *(Line(str(each.weight), each.sublayer) for each in sublayers),
        *_on_sublayers(),
        Line("Not known", "which filters a machine has in them: ndtui order DESIGN --among DUMP shows those of a dump"),
        Line("See", PAGES["filter-arbitration"]),
    ]


def _layer(layer: str, sublayer: SublayerRungs) -> str:
    return layer_heading(layer, before_bfe=sublayer.before_bfe)


def explain_sublayer(layer: str, sublayer: SublayerRungs) -> list[Line]:
    """Return what stands in a sublayer that holds filters, and what its place means."""
    bfe = sublayer.bfe
    lines = [
        Line("Sublayer", f"{sublayer.sublayer}, weight {sublayer.weight}, at {_layer(layer, sublayer)}"),
        Line("Holds", f"{sublayer.count - bfe} of this design, {bfe} of BFE"),
    ]
    equal = [
        name for name, weight in BUILTIN_WEIGHTS.items() if weight == sublayer.weight and name != sublayer.sublayer
    ]
    if equal:
        names = ", ".join(map(short_name, equal))
        lines.append(Line("Ties with", f"{names} of the same weight: which of the two is first is undefined"))
    if sublayer.bfe_elsewhere:
        text = "BFE's exemptions stand in another sublayer: a permit there ends that sublayer, and not this one"
        lines.append(Line("IKE", f"{text} (inferred from filter arbitration)"))
    if bfe:
        lines.append(
            Line("IKE", "Microsoft's page leaves the sublayer of BFE's exemptions open; here is where IPsec is")
        )
        lines.append(Line("See", PAGES["ike-exemptions"]))
    return [*lines, *_on_sublayers(), Line("See", PAGES["filter-arbitration"])]


def _on_sublayers() -> Iterator[Line]:
    yield Line("Order", "Documented: sublayers are asked from the highest weight to the lowest, and each has its say")
    yield Line("Weights", "Those of Windows were observed with netsh wfp show state; they are not documented")

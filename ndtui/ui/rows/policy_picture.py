"""What a policy does, in a few lines: in and out, with a peer that has IPsec and with one that has not."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.verify.both_ways import ToldRule, both_ways, left_out, negotiates_words
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import shortened, visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design

#: Cells of the column for peers that have IPsec.
_PEER = 25
_MOST = 6
#: So many rules are told of; the list of rules has them all.
_MOST_RULES = 4
_LABELS = {"in": "In  -->", "out": "Out <--"}


def policy_picture(filterset: FilterSet) -> list[Line]:
    """Return what becomes of traffic that no exemption matches, and what is left out; traced, not remembered.

    A design of one rule for all traffic says just that; of others each rule is told by a packet of its own.
    """
    found, design = both_ways(filterset, _MOST_RULES), filterset.design
    lines = [Line("", f"{'peer with IPsec':<{_PEER}}peer without IPsec")]
    for rule in found.rules:
        if not found.is_one:
            lines.append(Line("Rule", f"{shortened(visible(rule.name), 30)}: {rule.traffic}"))
        lines += _ways(rule)
    if found.more:
        lines.append(Line("", f"and {found.more} more"))
    if found.elsewhere:
        lines.append(Line("Elsewhere", "untouched: no rule is for it"))
    return [*lines, Line("Exempt", _exempt(design)), Line("Negotiates", negotiates_words(design))]


def _ways(rule: ToldRule) -> Iterator[Line]:
    for way in rule.ways:
        first, second = way.words
        yield Line(_LABELS[way.direction], f"{first:<{_PEER}}{second}")


def _exempt(design: Design) -> str:
    said = [f"{words}: {_some(names)}" for words, names in left_out(design).items()]
    return "; ".join(said) or "nothing: not even ICMP"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{', '.join(shortened(visible(name), 30) for name in names[:_MOST])}{more}"

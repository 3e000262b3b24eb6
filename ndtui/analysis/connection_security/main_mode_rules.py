"""Main mode rules: by its addresses and networks each leads to what main mode offers for IPsec rules.

An IPsec rule names no set of main mode. What its peers are offered is what a main mode rule says that has their
addresses, or else the default set of the store. Which of two main mode rules wins no page says.
Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecmainmoderule and
.../new-netipsecmainmodecryptoset, [MS-GPFAS] 2.2.7.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ndtui.analysis.connection_security.security_rules import MainOffers, MainRule, RulesRead, SecurityRule
from ndtui.analysis.packet_sets.box import MULTICAST, PROFILES, Box, addresses, everything, meet
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.ranges import Ranges, merged, without
from ndtui.model.design.addresses import parse_addresses
from ndtui.model.vocabulary.layers import FAMILIES, Family
from ndtui.model.vocabulary.networks import PROFILES as PROFILE_NUMBERS

_DEFAULTS = "the store's default is taken for main mode"
Ends = Mapping[Family, Box]


class _Placed(NamedTuple):
    rule: MainRule
    ends: Ends


def with_main_mode(read: RulesRead, mains: Sequence[MainRule], default: MainOffers | None) -> RulesRead:
    """Return rules with what main mode offers for each; what cannot be told of a main mode rule is said by its name."""
    lost = [*read.lost]
    placed: list[_Placed] = []
    for each in mains:
        lost += [f"main mode rule {each.name}: {what}" for what in each.lost]
        if not each.enabled:
            lost.append(f"main mode rule {each.name} is switched off, and a design keeps none")
            continue
        try:
            placed.append(_Placed(each, _ends(each.addresses, each.profiles)))
        except ValueError as error:
            lost.append(f"main mode rule {each.name}: {error}; {_DEFAULTS} where it leads")
    used: set[int] = set()
    rules = tuple(_with_offers(rule, placed, default, used) for rule in read.rules)
    lost += [
        f"main mode rule {each.rule.name}: no rule that protects has its addresses"
        for number, each in enumerate(placed)
        if number not in used
    ]
    return read._replace(rules=rules, lost=tuple(lost))


def _with_offers(
    rule: SecurityRule, placed: Sequence[_Placed], default: MainOffers | None, used: set[int]
) -> SecurityRule:
    """Return a rule with what main mode offers for it; ``used`` gets the places of main mode rules for its peers."""
    if rule.action in ("DoNotSecure", "Inherit"):
        return rule
    try:
        ends = _ends(rule.addresses, rule.profiles)
    except ValueError:
        return rule  # no design has such a rule, which is said of it
    found = [(number, each) for number, each in enumerate(placed) if _meets(ends, each.ends)]
    used.update(number for number, _ in found)
    mine = [each for _, each in found]
    if not mine:
        return rule._replace(main=default)
    offers = list(dict.fromkeys(each.rule.offers or default for each in mine))
    why = _ambiguous(ends, mine, offers, default)
    if why:
        return rule._replace(main=default, lost=(*rule.lost, f"{why}: {_DEFAULTS}"))
    return rule._replace(main=offers[0], lost=(*rule.lost, *_otherwise(rule, mine)))


def _ambiguous(
    ends: Ends, mine: Sequence[_Placed], offers: Sequence[MainOffers | None], default: MainOffers | None
) -> str:
    """Return why it cannot be told what main mode offers for addresses, empty where it can."""
    names = ", ".join(each.rule.name for each in mine)
    if len(offers) > 1:
        return f"main mode rules {names} have some of its addresses, and offer different things"
    if offers[0] != default and not _covered(ends, mine):
        return f"main mode rule {names} is for some of its addresses or networks, and not for all"
    return ""


def _otherwise(rule: SecurityRule, mine: Sequence[_Placed]) -> Iterator[str]:
    """Yield which main mode rules authenticate in another way than a rule says."""
    for each in mine:
        if each.rule.first is not None and each.rule.first != rule.first:
            yield f"main mode rule {each.rule.name} authenticates otherwise: what the rule itself names is taken"


def _ends(sides: tuple[Sequence[str], Sequence[str]], profiles: Sequence[str]) -> Ends:
    """Return between which addresses traffic is, and in which networks.

    Raises:
        ValueError: an address is none.
    """
    numbers = [(number, number) for name, number in PROFILE_NUMBERS.items() if name in profiles]
    networks = merged(numbers) if numbers else PROFILES
    parsed = [[each for text in side for each in parse_addresses(text)] for side in sides]
    found: dict[Family, Box] = {}
    for family in FAMILIES:
        local, remote = (_of_family([each[:3] for each in side], family) for side in parsed)
        if local and remote:
            found[family] = everything(family)._replace(local=local, remote=remote, profile=networks)
    return found


def _of_family(ranges: Sequence[tuple[Family, int, int]], family: Family) -> Ranges:
    held = merged((low, high) for own, low, high in ranges if own == family) if ranges else addresses(family)
    return without(held, MULTICAST[family])  # which no rule has ([MS-FASP] 2.2.55)


def _meets(one: Ends, other: Ends) -> bool:
    return any(meet(box, other[family]) is not None for family, box in one.items() if family in other)


def _covered(ends: Ends, mine: Sequence[_Placed]) -> bool:
    """Tell whether addresses all are in those of main mode rules; not, where that takes too long to find out."""
    for family, box in ends.items():
        boxes = [each.ends[family] for each in mine if family in each.ends]
        try:
            if uncovered(box, boxes, Effort.for_filters(len(boxes))) is not None:
                return False
        except UndecidedError:
            return False
    return True

"""Known filters: which filters of a dump are of an IPsec policy, ours or one of Microsoft's scenarios, and as what."""

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.model.compiled.conditions import UNICAST
from ndtui.model.compiled.filter_values import BLOCK, PERMIT, PROVIDER_KEY
from ndtui.model.compiled.objects import BOOT_TIME, Condition
from ndtui.model.compiled.rule_filters import identity_condition
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.scenarios.catalogue import ENCRYPT, ENCRYPTED_CONNECT, MODES
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT, IKEEXT, IPSEC, family_of, stem_of

OURS = f"{{{PROVIDER_KEY}}}"
ENCRYPTED = number_of(ENCRYPT)
#: The layers of what negotiates, without their family.
KEYING = (IKEEXT, IPSEC)
_CALLOUTS = {
    row.stem: row.callout for row in (*(r for mode in MODES.values() for r in mode.callouts), ENCRYPTED_CONNECT)
}
#: Conditions on who the peer is: no dump has numbers for them.
IDENTITY = (MACHINE, USER)

#: What a filter asks of traffic: its conditions, those with numbers and those without, but not who the peer is.
TrafficKey = frozenset[Condition | tuple[str, ...]]


def ours_of(dump: Dump) -> list[DumpFilter]:
    """Return the filters of this program's policy."""
    return [each for each in dump.filters if each.provider.lower() == OURS]


def of_a_scenario(dump: Dump) -> list[DumpFilter]:
    """Return the filters of somebody's IPsec policy: keying policy, IPsec callouts, and what belongs to the callouts.

    That are permits beside them, and what blocks the peers that a callout for the same traffic does not name; and what
    stands until BFE is up in the same sublayer, of the same provider.
    """
    there = [each for each in dump.filters if not is_before_bfe(each)]
    found = [each for each in there if is_keying(each) or is_callout(each)]
    places = {_place(each) for each in found if is_callout(each)}
    named = {(*_place(each), traffic_key(each)) for each in found if identities(each)}
    permits = (each for each in there if each.action == PERMIT and not is_keying(each))
    beside = [each for each in permits if _place(each) in places and _is_unicast(each)]
    behind = [each for each in there if is_block(each) and (*_place(each), traffic_key(each)) in named]
    owners = {(each.sublayer, each.provider) for each in found}
    boot = [each for each in dump.filters if is_before_bfe(each) and (each.sublayer, each.provider) in owners]
    return [*found, *beside, *behind, *boot] if found else []


def _place(each: DumpFilter) -> tuple[str, str, str]:
    return each.layer, each.sublayer, each.provider


def is_before_bfe(each: DumpFilter) -> bool:
    """Tell whether a filter stands only until BFE is up."""
    return BOOT_TIME in each.flags


def is_keying(each: DumpFilter) -> bool:
    """Tell whether a filter leads to what negotiates."""
    return stem_of(each.layer) in KEYING and bool(each.provider_context_key)


def is_callout(each: DumpFilter) -> bool:
    """Tell whether a filter hands traffic to IPsec as the scenarios do; at connect, only to have it encrypted."""
    stem = stem_of(each.layer)
    known = each.callout.startswith(_CALLOUTS.get(stem, " "))
    return known and (stem != ALE_AUTH_CONNECT or each.raw_context == ENCRYPTED)


def is_block(each: DumpFilter) -> bool:
    """Tell whether a filter may be what blocks who may not connect."""
    return each.action == BLOCK and stem_of(each.layer) == ALE_AUTH_RECV_ACCEPT


def is_permit(each: DumpFilter) -> bool:
    """Tell whether a filter leaves traffic out."""
    return each.action == PERMIT and stem_of(each.layer) not in KEYING


def _is_unicast(each: DumpFilter) -> bool:
    return any(c.field == UNICAST.field and c.text == "unicast" for c in each.conditions)


def identities(each: DumpFilter) -> dict[str, str]:
    """Return the access lists of a filter, in SDDL, by the field they are for."""
    return {condition.field: condition.text for condition in each.conditions if condition.field in IDENTITY}


def traffic_key(each: DumpFilter) -> TrafficKey:
    """Return what a filter asks of traffic; ICMP is the same in both families."""
    icmp = 1 if family_of(each.layer) == "V4" else 58
    found: list[Condition | tuple[str, ...]] = []
    for written, value in zip(each.conditions, each.values, strict=True):
        if written.field in IDENTITY:
            continue
        if value is None:
            found.append(tuple(written))
        elif written.field == "FWPM_CONDITION_IP_PROTOCOL" and value.low == value.high == icmp:
            found.append((written.field, written.match, "icmp"))
        else:
            found.append(Condition(written.field, written.match, value))
    return frozenset(found)


def conditions_of(each: DumpFilter) -> frozenset[Condition] | None:
    """Return the conditions of a filter as a compiled one has them; None where one is not to be read."""
    found = []
    for written, value in zip(each.conditions, each.values, strict=True):
        if value is None and written.field in IDENTITY:
            found.append(identity_condition(written.field, written.text))
        elif value is None:
            return None
        else:
            found.append(Condition(written.field, written.match, value))
    return frozenset(found)

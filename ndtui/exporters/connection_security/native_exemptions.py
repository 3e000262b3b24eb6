"""Exemptions as rules that secure nothing, and what keeps their meaning where they are not for all layers."""

from collections.abc import Iterator, Sequence

from ndtui.common.counted import counted
from ndtui.exporters.connection_security.native_reasons import Reasons, called
from ndtui.exporters.connection_security.native_rules import (
    EITHER_WAY,
    Sayable,
    beyond,
    blocking_rules,
    exempting_rules,
    sayable,
    title_of,
)
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_traffic import Part, apart, exemption_parts, meets, shared
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption, rebuild
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, PROTECTED_LAYERS

#: Protocols whose errors and answers a firewall rule would take for new connections.
_ANY = ("any", "icmp", 1, 58)


def is_host_icmp(each: Exemption, design: Design) -> bool:
    """Tell whether an exemption is just what the host's own exemption of ICMP is: all of it, from everywhere."""
    like = Exemption(name=each.name, protocol="icmp", comment=each.comment, layers=each.layers)
    families = set(each.families or design.families)
    return families >= set(design.families) and like == rebuild(each, families=(), before_bfe=False)


def exemption_objects(
    design: Design, said: Sequence[Sayable], target: NativeTarget, reasons: Reasons, by_host: set[str]
) -> Iterator[NetObject]:
    """Yield the rules of all exemptions that can be said; of those that the host has by itself there are none."""
    enabled = [each for each in design.exemptions if each.enabled]
    parts = {each.name: exemption_parts(each, design.families) for each in enabled}
    full = [part for each in enabled if not (_partial(each) or _unsayable(each)) for part in parts[each.name]]
    for each in counted(enabled):
        name = called("exemption", each.name)
        why = "" if each.name in by_host else _unsayable(each)
        why = why or _unlike(each, parts[each.name], said)
        if why:
            reasons.lose(name, why)
            continue
        if each.name in by_host:
            continue
        blocked = _blocked(each, parts[each.name], said, full)
        objects = _objects(parts[each.name], blocked, title_of(design, each.name), target)
        made = sayable(objects, name, reasons)
        if made is None:
            continue
        more = beyond(parts[each.name], target)
        if any(meets(more, other.parts) for other in said if other.native is not None):
            reasons.lose(name, EITHER_WAY)
        yield from made


def _objects(parts: Sequence[Part], blocked: Sequence[Part], title: str, target: NativeTarget) -> Iterator[NetObject]:
    yield from exempting_rules(parts, title, target)
    yield from blocking_rules(blocked, title, target)


def _unsayable(each: Exemption) -> str:
    if each.program:
        return "IPsec rules have no program"
    if each.icmp_type is not None:
        return "the pages do not agree on how an IPsec rule names a type of ICMP"
    return ""


def _partial(each: Exemption) -> bool:
    return ALE_AUTH_RECV_ACCEPT not in each.stems


def _unlike(each: Exemption, parts: Sequence[Part], said: Sequence[Sayable]) -> str:
    """Return why an exemption would mean something else: it would be for both directions, at every layer."""
    for other in said:
        if not meets(parts, other.parts):
            continue
        name = called("rule", other.rule.name)
        if other.rule.encryption != "none" or other.rule.is_identified:
            return f"{name} asks for more of the same traffic, which firewall rules go on asking for"
        missing = {stem for stem in other.rule.stems if stem in PROTECTED_LAYERS} - set(each.stems)
        if missing == {ALE_AUTH_RECV_ACCEPT} and each.protocol not in _ANY:
            continue  # new connections are blocked by a firewall rule
        if missing:
            return f"it is for some of the layers at which {name} protects, and a rule without security is for all"
    return ""


def _blocked(each: Exemption, parts: Sequence[Part], said: Sequence[Sayable], full: Sequence[Part]) -> tuple[Part, ...]:
    """Return the traffic of which new connections from outside stay blocked: exempt, but not where they are let in."""
    if not _partial(each):
        return ()
    requiring = [other for other in said if other.native is not None and ALE_AUTH_RECV_ACCEPT in other.rule.stems]
    met = dict.fromkeys(part for other in requiring for part in shared(parts, other.parts))
    return tuple(piece for part in met for piece in apart(part, full))

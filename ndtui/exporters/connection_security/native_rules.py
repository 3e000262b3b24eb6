"""Rules and exemptions of a design as rules of Windows Firewall, one element at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ndtui.exporters.connection_security.native_negotiation import Native
from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_traffic import (
    MULTICAST_PARTS,
    NotSayableError,
    Part,
    apart,
    endpoints,
    ends_only,
    exchanged,
)
from ndtui.exporters.connection_security.native_values import Parameters, Value
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES, Mode

_EXEMPT: Parameters = (("InboundSecurity", "None"), ("OutboundSecurity", "None"))
#: Why a rule is for more traffic than it says, where Windows takes its ends so.
#: Source: https://technet.microsoft.com/library/dd448574.aspx (Connection Security Rule Wizard: Endpoints Page).
EITHER_WAY = (
    "the ends of a rule are taken either way round: what is written is for traffic with both machines exchanged, too"
)
#: Characters of an access list of a firewall rule. Source: [MS-FASP] 2.2.37, wszRemoteMachineAuthorizationList: less
#: than 10,000.
MOST_SDDL = 9_999


class Sayable(NamedTuple):
    """A rule that can be said: its traffic, and what it negotiates; ``None`` for a rule that only adds to others."""

    rule: Rule
    parts: tuple[Part, ...]
    native: Native | None


def beyond(parts: Sequence[Part], target: NativeTarget) -> tuple[Part, ...]:
    """Return what else IPsec rules for some traffic are for: the same with this machine and its peer exchanged."""
    if target.has_sides:
        return ()
    return other_way_round(parts, parts if target.has_multicast else (*parts, *MULTICAST_PARTS))


def other_way_round(parts: Sequence[Part], held: Sequence[Part]) -> tuple[Part, ...]:
    """Return traffic with this machine and its peer exchanged, without what is ``held`` anyway."""
    return tuple(piece for each in exchanged(parts) for piece in apart(each, held))


def title_of(design: Design, name: str) -> str:
    """Return what people see. It neither begins with an @ nor is All, which have a meaning; | has no place in it."""
    return f"ndtui {design.name}: {name}".replace("|", "/")


def security_of(mode: Mode) -> Parameters:
    """Return what a mode requires, always in full: a parameter left out would mean None, an exemption."""
    inbound = "Request" if mode.accepts_clear else "Require"
    outbound = "Request" if mode.sends_clear else "Require"
    return (("InboundSecurity", inbound), ("OutboundSecurity", outbound))


def main_mode_rules(said: Sayable, title: str, target: NativeTarget) -> Iterator[NetObject]:
    """Yield the main mode rules: an IPsec rule cannot name a set of main mode, its addresses lead to it."""
    if said.native is None:
        return
    sets = (("MainModeCryptoSet", said.native.main_mode), ("Phase1AuthSet", said.native.first))
    for ends in endpoints(ends_only(said.parts), target):
        parameters = tuple((name, value) for name, value in ends if name != "InterfaceType")
        yield NetObject("NetIPsecMainModeRule", title, parameters, sets=sets)


def ipsec_rules(said: Sayable, title: str, target: NativeTarget) -> Iterator[NetObject]:
    """Yield the IPsec rules of a rule that protects."""
    native = said.native
    if native is None:
        return
    sets = [("QuickModeCryptoSet", native.quick_mode), ("Phase1AuthSet", native.first)]
    if native.second is not None:
        sets.append(("Phase2AuthSet", native.second))
    security = (*security_of(MODES[said.rule.mode]), ("KeyModule", native.key_module))
    for ends in _ipsec(said.parts, target):
        yield NetObject("NetIPsecRule", title, (("Mode", "Transport"), *security, *ends), sets=tuple(sets))


def _ipsec(parts: Sequence[Part], target: NativeTarget) -> Iterator[Parameters]:
    for ends in endpoints(parts, target):
        why = target.unsayable_traffic(ends)
        if why:
            raise NotSayableError(why)
        yield ends


def exempting_rules(parts: Sequence[Part], title: str, target: NativeTarget) -> Iterator[NetObject]:
    """Yield the IPsec rules of an exemption: None in both directions."""
    for ends in _ipsec(parts, target):
        yield NetObject("NetIPsecRule", title, (("Mode", "Transport"), *_EXEMPT, ("KeyModule", "Default"), *ends))


def authenticated_rules(said: Sayable, title: str, target: NativeTarget) -> Iterator[NetObject]:
    """Yield the firewall rules of guaranteed encryption, and of who may connect.

    Where machines are named, everybody else is blocked, and who may connect overrides the block; outbound, where the
    default of a profile lets everything out, so does what is encrypted. Source: [MS-FASP] 2.2.34, and 2.2.35
    (FW_RULE_FLAGS_AUTHENTICATE_BYPASS_OUTBOUND, which needs no machines).
    """
    rule = said.rule
    encryption = "Required" if rule.encryption != "none" else "NotRequired"
    secured: list[tuple[str, Value]] = [("Authentication", "Required"), ("Encryption", encryption)]
    if rule.machines:
        secured += [("OverrideBlockRules", True), ("RemoteMachine", rule.machines)]
    if rule.users:
        secured.append(("RemoteUser", rule.users))
    for ends in endpoints(said.parts, target):
        yield _firewall(f"{title} (in, only if secure)", "Inbound", "Allow", (*secured, *ends))
        if rule.machines:
            yield _firewall(f"{title} (in, all others)", "Inbound", "Block", ends)
        if rule.encryption != "none":
            outbound = (("Authentication", "Required"), ("Encryption", encryption), ("OverrideBlockRules", True))
            yield _firewall(f"{title} (out, only if encrypted)", "Outbound", "Allow", (*outbound, *ends))
            yield _firewall(f"{title} (out, all others)", "Outbound", "Block", ends)


def blocking_rules(parts: Sequence[Part], title: str, target: NativeTarget) -> Iterator[NetObject]:
    """Yield the firewall rules that block new connections from outside, of traffic that is exempt."""
    for ends in endpoints(parts, target):
        yield _firewall(f"{title} (in, new connections)", "Inbound", "Block", ends)


def _firewall(title: str, direction: str, action: str, more: Iterable[tuple[str, Value]]) -> NetObject:
    return NetObject("NetFirewallRule", title, (("Direction", direction), ("Action", action), *more))


def sayable(objects: Iterator[NetObject], name: str, reasons: Reasons) -> tuple[NetObject, ...] | None:
    """Return the objects of an element, ``None`` where its traffic cannot be said, which is named."""
    try:
        return tuple(objects)
    except NotSayableError as error:
        reasons.lose(name, str(error))
        return None

"""Host: one end of a connection, as its policy takes it: what becomes of the first packet, and how it negotiates."""

from dataclasses import replace
from typing import NamedTuple

from ndtui.analysis.peers.negotiation import Side
from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.trace.packet_way import Stage, way_of
from ndtui.analysis.traffic.outcome import Course, Outcome, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.access_check import Token
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import ENCRYPT, MODES

#: What one of two hosts asks for and the other has to bear.
_STRICT: tuple[Outcome, ...] = ("blocked", "encrypted")
NOBODY = Token(())
"""Who a user is that is not authenticated: ``none`` in the words of packets."""


class Host(NamedTuple):
    """A host as a packet meets it: the rule that decides, and the policy that its layers lead to."""

    filterset: FilterSet
    trace: Trace
    rule: Rule
    stages: tuple[Stage, ...]

    @classmethod
    def of(cls, filterset: FilterSet, packet: Packet) -> "Host":
        """Return the host with a policy, for a packet as it sees it."""
        traced = trace(filterset, packet)
        keying = way_of(filterset, traced).keying
        return cls(filterset, traced, deciding_rule(filterset.design, traced), () if keying is None else keying.stages)

    def without_user(self) -> "Host":
        """Return the host as it takes a peer of which no user is authenticated, whatever the packet says of one.

        Source: https://learn.microsoft.com/windows/win32/fwp/remote-identity-authorization, by which extended mode
        tells who the user is.
        """
        if not any(rule.users for rule in self.filterset.design.rules):
            return self
        return Host.of(self.filterset, replace(self.trace.packet, user=NOBODY))

    @property
    def negotiates(self) -> bool:
        """Whether it negotiates for the packet."""
        return bool(self.stages)

    @property
    def side(self) -> Side:
        """The side that it takes in the negotiation."""
        deciding = (step.deciding for step in self.trace.steps if "_ALE_" in step.stem)
        encrypts = any(each is not None and each.filter.slot.raw_context_name == ENCRYPT for each in deciding)
        return Side.by(self.filterset, *self.stages, encrypts=encrypts)


def deciding_rule(design: Design, traced: Trace) -> Rule:
    """Return the rule that says in which mode a packet is protected.

    It is the one whose filter the outcome is owed to; where that rule leaves it to others, or it is no rule's, the one
    that hands the packet to IPsec at another layer. Where none does, the first that would.
    """
    deciding = [traced.responsible, *(step.deciding for step in traced.steps)]
    protecting = {rule.name: rule for rule in design.rules if MODES[rule.mode].protects}
    names = (each.filter.origin.rule_name for each in deciding if each is not None)
    return next((protecting[name] for name in names if name in protecting), next(iter(protecting.values())))


def mirrored(packet: Packet) -> Packet:
    """Return the packet as the host at its other end sees it, for which this host is the peer."""
    return replace(
        packet,
        direction="out" if packet.direction == "in" else "in",
        local_address=packet.remote_address,
        remote_address=packet.local_address,
        local_port=packet.remote_port,
        remote_port=packet.local_port,
        machine=None,
        user=None,
    )


def course_of(ours: Outcomes, theirs: Outcomes | None, *, negotiated: bool) -> Course:
    """Return what happens to a packet at both hosts: it passes only where both let it pass."""
    first, settled = ours.peer_without_ipsec
    if negotiated:
        first, settled = ours.peer_with_ipsec
    if theirs is None:
        return Course(first, settled)
    other = theirs.peer_with_ipsec if negotiated else theirs.peer_without_ipsec
    return Course(_both(first, other.first), _both(settled, other.settled))


def _both(ours: Outcome, theirs: Outcome) -> Outcome:
    strictest = (each for each in _STRICT if each in (ours, theirs))
    return next(strictest, ours)

"""Timeline: a packet, what its peer can do, and time: what is sent, negotiated, protected, and when it ends.

Sources: the scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration for the course of
a connection, IPSEC_TRANSPORT_POLICY0 for the times, [MS-AIPS] for the keying module that wins; of the first packet
see ``first_packet`` beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from ndtui.analysis.peers.first_packet import FirstPacket
from ndtui.analysis.peers.negotiation import (
    PREFERENCE,
    Agreement,
    NothingCommonError,
    Side,
    agree,
    short_words,
)
from ndtui.analysis.peers.peer_words import Kind, Mismatch
from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.trace.packet_way import Stage, way_of
from ndtui.analysis.traffic.outcome import Course, Outcome, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, is_for_ikev2_alone
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.keying_modules import SCENARIO_MODULES, KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import ENCRYPT, MODES
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES

_MODULES: dict[Kind, tuple[KeyingModule, ...]] = {
    "none": (),
    "ike": ("IKE",),
    "authip": ("AuthIP",),
    "both": SCENARIO_MODULES,
}
Phase = Literal["start", "negotiation", "association", "end"]


class Peer(NamedTuple):
    """What the peer can do: the keying modules of a kind with what we offer, or a design of its own.

    ``mismatch`` names a part that it does not have in common with us.
    """

    kind: Kind = "both"
    mismatch: Mismatch | None = None
    design: Design | None = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.design is not None:
            return f"a peer with the design {self.design.name}"
        words = {"none": "a peer without IPsec", "both": "a peer with IKE and AuthIP"}
        return words.get(self.kind, f"a peer with {', '.join(_MODULES[self.kind])}")


class Event(NamedTuple):
    """One moment of the timeline.

    ``at`` is a text such as ``0 s`` or ``SA + 10 s`` (SA: when the quick mode security association stands), ``outcome``
    what happens to a packet of the connection from then on; ``page`` is where that is documented.
    """

    at: str
    phase: Phase
    outcome: Outcome
    title: str
    detail: str
    page: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The course of a connection with one peer; ``agreement`` is None where there is none, and ``reason`` says why."""

    trace: Trace
    peer: Peer
    course: Course
    agreement: Agreement | None
    reason: str
    events: tuple[Event, ...]


def timeline_of(filterset: FilterSet, packet: Packet, peer: Peer) -> Timeline:
    """Return the timeline of a packet's connection with a peer."""
    ours = _Host.of(filterset, packet)
    theirs = None if peer.design is None else _Host.of(compile_design(peer.design), mirrored(packet))
    agreement, reason = _negotiation(ours, peer, theirs)
    outcomes = ours.trace.outcomes
    course = _course(outcomes, None if theirs is None else theirs.trace.outcomes, negotiated=agreement is not None)
    first = _first(ours, theirs, course, negotiated=agreement is not None)
    events = tuple(_events(ours, first, course, agreement, reason))
    return Timeline(ours.trace, peer, course, agreement, reason, events)


class _Host(NamedTuple):
    """A host as the packet meets it: the rule that decides, and the policy that its layers lead to."""

    filterset: FilterSet
    trace: Trace
    rule: Rule
    stages: tuple[Stage, ...]

    @classmethod
    def of(cls, filterset: FilterSet, packet: Packet) -> "_Host":
        traced = trace(filterset, packet)
        keying = way_of(filterset, traced).keying
        return cls(filterset, traced, deciding_rule(filterset.design, traced), () if keying is None else keying.stages)

    @property
    def negotiates(self) -> bool:
        return bool(self.stages)

    @property
    def side(self) -> Side:
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


def _negotiation(ours: _Host, peer: Peer, theirs: _Host | None) -> tuple[Agreement | None, str]:
    """Return what is agreed on, or why nothing is."""
    if not ours.negotiates:
        return None, "this host does not negotiate for this packet"
    if theirs is not None and not theirs.negotiates:
        return None, "the peer does not negotiate for this packet"
    if peer.mismatch is not None:
        return None, f"no common {peer.mismatch.replace('-', ' ')}{'' if 'auth' in peer.mismatch else ' proposal'}"
    if theirs is None and peer.kind == "none":
        return None, "the peer has no IPsec"
    us = ours.side
    them = us.only(_MODULES[peer.kind]) if theirs is None else theirs.side
    try:
        return (agree(us, them) if ours.trace.packet.direction == "out" else agree(them, us)), ""
    except NothingCommonError as nothing:
        return None, str(nothing)


def _course(ours: Outcomes, theirs: Outcomes | None, *, negotiated: bool) -> Course:
    """Return what happens to the packet at both hosts: it passes only where both let it pass."""
    first, settled = ours.peer_without_ipsec
    if negotiated:
        first, settled = ours.peer_with_ipsec
    if theirs is None:
        return Course(first, settled)
    other = theirs.peer_with_ipsec if negotiated else theirs.peer_without_ipsec
    return Course(_both(first, other.first), _both(settled, other.settled))


def _first(ours: _Host, theirs: _Host | None, course: Course, *, negotiated: bool) -> FirstPacket:
    packet, outcomes = ours.trace.packet, ours.trace.outcomes
    own = (outcomes.peer_with_ipsec if negotiated else outcomes.peer_without_ipsec).first
    blocker = ours if own == "blocked" else theirs if course.first == "blocked" else None
    page = "" if blocker is None else PAGES[MODES[blocker.rule.mode].page]
    return FirstPacket(packet, own, course.first, page, is_peer_known=theirs is not None)


#: What one of two hosts asks for and the other has to bear.
_STRICT: tuple[Outcome, ...] = ("blocked", "encrypted")


def _both(ours: Outcome, theirs: Outcome) -> Outcome:
    strictest = (each for each in _STRICT if each in (ours, theirs))
    return next(strictest, ours)


def _events(
    ours: _Host, first: FirstPacket, course: Course, agreement: Agreement | None, reason: str
) -> Iterator[Event]:
    scenario = PAGES[MODES[ours.rule.mode].page]
    if not ours.negotiates:
        yield Event("0 s", "start", course.first, *_without_ipsec(course.first), scenario)
        return
    yield Event("0 s", "start", course.first, first.title, first.detail, scenario)
    if agreement is None:
        yield _failure(course, reason, scenario)
        return
    yield from _agreeing(ours, course, agreement)
    yield from _protected(ours, first, course, agreement, scenario)


_PASSING: dict[Outcome, tuple[str, str]] = {
    "exempt": ("Passes in clear", "It is left out of IPsec, so that nothing is negotiated."),
    "untouched": ("Passes in clear", "No filter of the policy matches, so that nothing is negotiated."),
}


def _without_ipsec(outcome: Outcome) -> tuple[str, str]:
    return _PASSING.get(outcome, ("Is dropped", "No negotiation can change it."))


def _failure(course: Course, reason: str, page: str) -> Event:
    detail = f"{reason[:1].upper()}{reason[1:]}."
    if course.settled == "blocked":
        stays = "Every packet is dropped; the connection stays broken."
        return Event("when it has failed", "end", "blocked", "Negotiation fails", f"{detail} {stays}", page)
    stays = "The connection stays in clear."
    return Event("when it has failed", "end", course.settled, "Negotiation fails", f"{detail} {stays}", page)


def _preference(ours: Side, agreement: Agreement) -> str:
    """Return why it was this keying module, where the host has several."""
    if len(ours.offers) == 1:
        return ""
    before = [module for module in PREFERENCE[: PREFERENCE.index(agreement.module)] if module in ours.offers]
    if before:
        return f"The peer does not have {' or '.join(before)}."
    if agreement.module == "AuthIP":
        return "AuthIP is preferred where both hosts have it."
    return "IKEv2 is taken before IKE, as modelled: which Windows tries first is not documented."


def _agreeing(ours: _Host, course: Course, agreement: Agreement) -> Iterator[Event]:
    preferred = _preference(ours.side, agreement)
    choice = f", {agreement.choice}" if agreement.choice else ""
    detail = f"{preferred} {agreement.authentication}; {short_words(agreement.main_words)}{choice}.".strip()
    page = PAGES["ipsec-configuration"]
    if is_for_ikev2_alone(ours.filterset.design):
        detail = f"{detail} {OF_IKEV2_ALONE}"
    yield Event("0 s", "negotiation", course.first, f"Main mode by {agreement.module}", detail, page)
    detail = f"{short_words(agreement.quick_words)}."
    yield Event("", "negotiation", course.first, "Quick mode", detail, PAGES["transport-policy"])
    if agreement.extended:  # after quick mode: [MS-AIPS] 3.6.7.1
        detail = f"The user is authenticated too: {short_name(agreement.extended)}."
        yield Event("", "negotiation", course.first, "Extended mode", detail, PAGES["em-policy"])


def _protected(ours: _Host, first: FirstPacket, course: Course, agreement: Agreement, page: str) -> Iterator[Event]:
    quick = ours.side.offers[agreement.module].quick
    upgraded = "The connection is upgraded" if course.first == "clear" else "The connection passes, protected"
    detail = "The security association (SA) stands: once protected, the connection never goes back to clear."
    yield Event("SA", "association", course.settled, upgraded, detail, page)
    again = first.again()
    if again is not None:
        yield Event("1 or 3 s", "association", course.settled, *again)
    if MODES[ours.rule.mode].sends_clear:  # the timeout belongs to negotiation discovery
        seconds = quick.nd_allow_clear_timeout_seconds
        text = "Until then it still takes packets in clear that were on their way (ndAllowClearTimeoutSeconds)."
        title = "The SA takes no more clear packets"
        yield Event(f"SA + {seconds} s", "association", course.settled, title, text, PAGES["transport-policy"])
    idle = f"SA + {quick.idle_timeout_seconds} s idle"
    text = "The next packet negotiates anew; in clear it is not sent."
    if ours.trace.packet.direction == "in":
        text = "The next packet negotiates anew."
    yield Event(idle, "end", course.settled, "An idle SA is given up", text, PAGES["transport-policy"])
    proposal = agreement.quick
    text = f"Or after {proposal.lifetime_kilobytes} KB or {proposal.lifetime_packets} packets, whatever comes first."
    yield Event(
        f"SA + {proposal.lifetime_seconds} s", "end", course.settled, "New keys", text, PAGES["transport-policy"]
    )
    yield Event(
        f"{agreement.main.lifetime_seconds} s",
        "end",
        course.settled,
        "Main mode anew",
        "Its lifetime is over: the hosts authenticate again.",
        PAGES["ikeext-policy"],
    )

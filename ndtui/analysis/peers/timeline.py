"""Timeline: a packet, what its peer can do, and time: what is sent, negotiated, protected, and when it ends.

Sources: the scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration for the course of
a connection, IPSEC_TRANSPORT_POLICY0 for the times, [MS-AIPS] for the keying module that wins; of the first packet
see ``first_packet`` beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ndtui.analysis.peers.connection_host import Host, course_of, mirrored
from ndtui.analysis.peers.first_packet import FirstPacket
from ndtui.analysis.peers.negotiation import (
    PREFERENCE,
    Agreement,
    NothingCommonError,
    Side,
    agree,
    short_words,
)
from ndtui.analysis.peers.peer_words import USUAL, Kind, Mismatch
from ndtui.analysis.trace import Trace
from ndtui.analysis.trace.trace_wording import sentence
from ndtui.analysis.traffic.outcome import BLOCKED, Course, Outcome
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, is_for_ikev2_alone
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.keying_modules import KEYING_MODULES, SCENARIO_MODULES, KeyingModule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES

_MODULES: dict[Kind, tuple[KeyingModule, ...]] = {
    "none": (),
    "ike": ("IKE",),
    "authip": ("AuthIP",),
    "ikev2": ("IKEv2",),
    "both": SCENARIO_MODULES,
    "all": KEYING_MODULES,
}
Phase = Literal["start", "negotiation", "association", "end"]


class Peer(NamedTuple):
    """What the peer can do: the keying modules of a kind with what we offer, or a design of its own.

    ``mismatch`` names a part that it does not have in common with us.
    """

    kind: Kind = USUAL
    mismatch: Mismatch | None = None
    design: Design | None = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.design is not None:
            return f"a peer with the design {self.design.name}"
        if self.kind in ("none", "all"):
            return "a peer without IPsec" if self.kind == "none" else "a peer with all keying modules"
        return f"a peer with {' and '.join(_MODULES[self.kind])}"


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
    """The course of a connection with one peer; ``agreement`` is None where there is none, and ``reason`` says why.

    ``trace`` is that of the packet as it was asked about: with a peer that authenticates no user, the course is that of
    the packet with ``user none``.
    """

    trace: Trace
    peer: Peer
    course: Course
    agreement: Agreement | None
    reason: str
    events: tuple[Event, ...]


def timeline_of(filterset: FilterSet, packet: Packet, peer: Peer) -> Timeline:
    """Return the timeline of a packet's connection with a peer."""
    ours = asked = Host.of(filterset, packet)
    theirs = None if peer.design is None else Host.of(compile_design(peer.design), mirrored(packet))
    agreement, reason = _negotiation(ours, peer, theirs)
    if agreement is not None and agreement.why_no_user:
        ours, theirs = ours.without_user(), None if theirs is None else theirs.without_user()
        refused = _refusal(ours, theirs)
        if refused:
            return _refused(asked.trace, peer, f"{agreement.why_no_user}. {refused}")
        agreement, reason = _negotiation(ours, peer, theirs)
    outcomes = ours.trace.outcomes
    course = course_of(outcomes, None if theirs is None else theirs.trace.outcomes, negotiated=agreement is not None)
    first = _first(ours, theirs, course, negotiated=agreement is not None)
    events = tuple(_events(ours, first, course, agreement, reason))
    return Timeline(asked.trace, peer, course, agreement, reason, events)


def _refusal(ours: Host, theirs: Host | None) -> str:
    """Return why a peer is dropped whose user is not authenticated, in a sentence; empty where it is not."""
    if ours.trace.outcomes == BLOCKED:
        return sentence(ours.trace)
    return f"At the peer: {sentence(theirs.trace)}" if theirs and theirs.trace.outcomes == BLOCKED else ""


def _refused(asked: Trace, peer: Peer, why: str) -> Timeline:
    """Return the timeline with a peer that is not let in for want of a user, whatever else is agreed on."""
    course, _ = BLOCKED
    detail = f"{why[:1].upper()}{why[1:]}"
    event = Event("0 s", "start", "blocked", "Is dropped", detail, PAGES["remote-identity"])
    return Timeline(asked, peer, course, None, why.rstrip("."), (event,))


def _negotiation(ours: Host, peer: Peer, theirs: Host | None) -> tuple[Agreement | None, str]:
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


def _first(ours: Host, theirs: Host | None, course: Course, *, negotiated: bool) -> FirstPacket:
    packet, outcomes = ours.trace.packet, ours.trace.outcomes
    own = (outcomes.peer_with_ipsec if negotiated else outcomes.peer_without_ipsec).first
    blocker = ours if own == "blocked" else theirs if course.first == "blocked" else None
    page = "" if blocker is None else PAGES[MODES[blocker.rule.mode].page]
    return FirstPacket(packet, own, course.first, page, is_peer_known=theirs is not None)


def _events(
    ours: Host, first: FirstPacket, course: Course, agreement: Agreement | None, reason: str
) -> Iterator[Event]:
    scenario = PAGES[MODES[ours.rule.mode].page]
    if not ours.negotiates:
        if ours.trace.packet.kind in ("ipsec", "forwarded") and course.first == "untouched":
            yield Event("0 s", "start", course.first, "Passes", f"{sentence(ours.trace)} Nothing is negotiated.")
            return
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


def _agreeing(ours: Host, course: Course, agreement: Agreement) -> Iterator[Event]:
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


def _protected(ours: Host, first: FirstPacket, course: Course, agreement: Agreement, page: str) -> Iterator[Event]:
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

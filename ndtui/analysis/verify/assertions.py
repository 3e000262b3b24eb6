"""Assertions: is what a design says about itself true of every packet? Decided over sets, with a witness if not.

What the verdicts mean, of the first packet of every connection (and of each packet where there are none):

    protected    dropped unless IPsec protects it: never in clear, whatever the peer can do
    encrypted    protected, and dropped unless it is encrypted too: a rule guarantees encryption
    requested    in clear while IPsec negotiates, protected once that has succeeded, in clear for good with a peer
                 that cannot
    exempt       left out of IPsec by an exemption, of the design's or of BFE's own for IKE
    blocked      dropped, whatever the peer can do
    untouched    no filter of the policy matches
    clear        a peer without IPsec can have it in clear: requested, exempt or untouched

What is encrypted is protected too, and what is requested, exempt or untouched is clear too; beside that every outcome
has one of these verdicts alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import Box
from ndtui.analysis.packet_sets.box_kinds import by_kind
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.policy_sets import PolicySets, cases_in, parts
from ndtui.analysis.packet_sets.traffic_sets import boxes_of, packet_in
from ndtui.analysis.traffic.outcome import ENCRYPTED, REQUESTED, REQUIRED, Direction, Outcome, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_kind import PacketKind
from ndtui.analysis.wording.element_words import element_words, origin_words
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.origin import SCENARIO
from ndtui.model.design.assertion import Assertion, Traffic, Verdict, parse_traffic
from ndtui.model.design.design import Design
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import FAMILIES, Family

_IN_CLEAR: tuple[Outcome, ...] = ("clear", "exempt", "untouched")


class Proof(NamedTuple):
    """What was found out about an assertion: it holds, or here is a packet for which it does not, or neither."""

    assertion: Assertion
    witness: Packet | None = None
    outcomes: Outcomes | None = None
    responsible: Filter | None = None
    """The filter that the witness owes its outcome to; ``None`` where no filter matches it."""

    undecided: bool = False
    """Whether there is no such packet among those that were looked at, and too many are left to look at."""

    @property
    def holds(self) -> bool | None:
        """Whether it is true of every packet; ``None`` where that is not decided."""
        return None if self.undecided else self.witness is None


def prove(filterset: FilterSet, effort: Effort) -> tuple[Proof, ...]:
    """Return what was found out about each assertion of a design; they share the effort evenly."""
    assertions = filterset.design.assertions
    if not assertions:
        return ()
    with without_garbage_collection():
        sets = PolicySets.of(filterset)
        left = range(len(assertions), 0, -1)
        return tuple(
            decide(sets, assertion, effort.part(effort.left // among))
            for assertion, among in zip(assertions, left, strict=True)
        )


def decide(sets: PolicySets, assertion: Assertion, effort: Effort) -> Proof:
    """Return whether an assertion is true of every packet of its traffic, with a packet for which it is not.

    How long that may take is in ``effort``: beyond, the assertion is not decided, unless such a packet was found.
    """
    traffic = parse_traffic(assertion.traffic)
    sets = sets.of_peer(traffic.identities)
    undecided = False
    for direction in traffic.directions:
        for family in FAMILIES:
            for kind, box in _by_kind(traffic, direction, family):
                for case in cases_in(box, sets.cases(direction, family, kind)):
                    if means(assertion.verdict, case.outcomes):
                        continue
                    for _, free in parts(box, case.inside, case.outside, effort):
                        if free is not None:
                            witness = packet_in(free, direction, family)
                            witness = replace(witness, machine=traffic.machine, user=traffic.user)
                            return Proof(assertion, witness, case.outcomes, sets.owed_to(witness))
                        undecided = True
    return Proof(assertion, undecided=undecided)


def _by_kind(traffic: Traffic, direction: Direction, family: Family) -> Iterator[tuple[PacketKind, Box]]:
    return chain.from_iterable(by_kind(box, family) for box in boxes_of(traffic, direction, family))


def means(verdict: Verdict, outcomes: Outcomes) -> bool:
    """Tell whether a verdict is true of an outcome."""
    if verdict == "clear":
        return all(outcome in _IN_CLEAR for outcome in outcomes.peer_without_ipsec)
    return verdict_of(outcomes) == verdict or (verdict == "protected" and outcomes == ENCRYPTED)


def verdict_of(outcomes: Outcomes) -> Verdict:
    """Return the verdict of an outcome, the one that says most: every outcome has one."""
    if outcomes == ENCRYPTED:
        return "encrypted"
    if outcomes == REQUIRED:
        return "protected"
    if outcomes == REQUESTED:
        return "requested"
    outcome = outcomes.peer_with_ipsec.first
    return "exempt" if outcome == "exempt" else "blocked" if outcome == "blocked" else "untouched"


def filter_words(each: Filter | None, design: Design | None = None) -> str:
    """Return the filter that is responsible in words: its design element, name and layer.

    ``design`` is what it was compiled from, where that is known.
    """
    if each is None:
        return "no filter of the policy matches it"
    if each.origin == SCENARIO and (design is None or len(design.rules) == 1):
        owner = "the scenario"
    else:
        owner = origin_words(each.origin) if design is None else element_words(each.origin, design)
    owner = owner or "a filter of no design"
    return f"{owner} decides: {each.name} at {short_name(each.layer)}"


def failures(proofs: Sequence[Proof]) -> Iterator[Proof]:
    """Return the assertions that are false."""
    return (proof for proof in proofs if proof.holds is False)

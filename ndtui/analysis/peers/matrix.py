"""Matrix: what becomes of a TCP connection between every two hosts of some designs and a host without a policy.

Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration and the scenario pages below it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import holds
from ndtui.analysis.peers.connection_host import Host, course_of, mirrored
from ndtui.analysis.peers.connection_kinds import Kind, kinds_between
from ndtui.analysis.peers.negotiation import Agreement, NothingCommonError, agree
from ndtui.analysis.peers.windows_firewall import windows_firewall
from ndtui.analysis.trace.trace_wording import element, sentence
from ndtui.analysis.traffic.outcome import BLOCKED, UNTOUCHED, Outcome, Outcomes
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, change

UNMANAGED = "unmanaged"
"""The name of the host without a policy."""

#: What passes without IPsec is clear between hosts, whatever lets it pass.
_IN_CLEAR: Mapping[Outcome, Outcome] = {"exempt": "clear", "untouched": "clear"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of some TCP connections from one host to another.

    ``traffic`` says which, in the words of assertions without a direction, as the initiator sends them; of a connection
    that several cells name it is the narrowest. ``first`` is the outcome of the first packet, while there is
    no security association; ``settled`` that of the connection once negotiation has ended. ``module``, ``main_mode``
    and ``quick_mode`` are what was agreed on, as SDK constants with a blank between them, and empty where nothing was.
    ``why`` is one sentence with short names. ``initiator_rules`` and ``responder_rules`` are what each host's part is
    owed to, none where no rule of it decides; ``witness`` is the first packet of such a connection, of the widest
    traffic.
    """

    initiator: str
    responder: str
    traffic: tuple[str, ...]
    first: Outcome
    settled: Outcome
    module: str
    main_mode: str
    quick_mode: str
    why: str
    initiator_rules: tuple[str, ...]
    responder_rules: tuple[str, ...]
    witness: str


class Pair(NamedTuple):
    """All connections from one host to another: a cell for all that come out alike, the widest traffic first.

    Not ``complete`` where the rules cross in so many ways that not every kind was looked at.
    """

    initiator: str
    responder: str
    cells: tuple[Cell, ...]
    complete: bool = True


class _End(NamedTuple):
    """A host by its name, and its policy, ``None`` for one that has none."""

    name: str
    policy: FilterSet | None


class _Met(NamedTuple):
    """Connections of a kind, and how each host takes them; ``None`` for one without a policy.

    ``why_no_user`` is why no user is authenticated, in words: each host takes them so. It is empty where one is, and
    where nothing is agreed on.
    """

    kind: Kind
    initiator: Host | None
    responder: Host | None
    why_no_user: str

    @classmethod
    def of(cls, kind: Kind, initiator: _End, responder: _End) -> "_Met":
        ours = None if initiator.policy is None else Host.of(initiator.policy, kind.example)
        theirs = None if responder.policy is None else Host.of(responder.policy, mirrored(kind.example))
        found, _ = _agreement(ours, theirs)
        why = "" if found is None else found.why_no_user
        if why and ours is not None and theirs is not None:
            ours, theirs = ours.without_user(), theirs.without_user()
        return cls(kind, ours, theirs, why)


def matrix(designs: Sequence[Design]) -> tuple[Pair, ...]:
    """Return each ordered pair of hosts, row by row: the designs in their order, then two others.

    Those are what anybody meets: Windows Firewall's defaults, and the host without a policy. A host is paired with
    itself too: two hosts of the same design.

    Every enabled rule counts, those that protect and those that add to them: connections are told apart as the filters
    of both hosts tell them apart. Exemptions are left aside: exempted traffic goes in clear, whatever a cell says.
    """
    ends = [*map(_end, (*designs, windows_firewall())), _End(UNMANAGED, None)]
    return tuple(_pair(initiator, responder) for initiator in ends for responder in ends)


def _end(design: Design) -> _End:
    bare = change(design, exemptions=(), assertions=(), suppressions=())
    return _End(design.name, compile_design(bare))


def _pair(initiator: _End, responder: _End) -> Pair:
    kinds = kinds_between(initiator.policy, responder.policy)
    groups: dict[Cell, list[_Met]] = {}
    refused: list[Kind] = []
    for kind in sorted(kinds.found, key=lambda kind: (kind.example.unauthorized, kind.depth)):
        met = _Met.of(kind, initiator, responder)
        cell = _cell(initiator, responder, met)
        if kind.example.unauthorized:
            apart = any(_is_in(kind, wide) for wide in refused)
            if not apart and _same_for_all(cell, kind, initiator, responder):
                continue
            refused.append(kind)
        groups.setdefault(cell, []).append(met)
    cells = []
    for cell, own in groups.items():
        others = [met.kind for other, several in groups.items() if other != cell for met in several]
        traffic = tuple(_words([met.kind for met in own], others))
        ours, theirs = (_rules(getattr(met, side) for met in own) for side in ("initiator", "responder"))
        witness = str(own[0].kind.example)
        cells.append(replace(cell, traffic=traffic, initiator_rules=ours, responder_rules=theirs, witness=witness))
    return Pair(initiator.name, responder.name, tuple(cells), kinds.complete)


def _same_for_all(cell: Cell, kind: Kind, initiator: _End, responder: _End) -> bool:
    """Tell whether who may not connect fares as who may: then there is nothing to say of them."""
    twin = kind._replace(example=replace(kind.example, unauthorized=False))
    other = _cell(initiator, responder, _Met.of(twin, initiator, responder))
    return (cell.first, cell.settled) == (other.first, other.settled)


def _words(own: Sequence[Kind], others: Sequence[Kind]) -> Iterator[str]:
    """Yield which traffic some kinds are, without those that are in the traffic of another and need no saying."""
    left = [each for each in own if not any(_goes_without_saying(each, wide, others) for wide in own)]
    words = dict.fromkeys(each.words for each in left)
    for each in words:
        family, _, rest = each.partition(" ")
        twin = {"v4": "v6", "v6": "v4"}[family]
        if f"{twin} {rest}" not in words:
            yield each
        elif family == "v4":
            yield rest


def _goes_without_saying(kind: Kind, wide: Kind, others: Iterable[Kind]) -> bool:
    """Tell whether a kind is in a wider one of its cell, and no traffic of another cell is between the two."""
    if kind.within == wide.within or not _is_in(kind, wide):
        return False
    return all(_is_in(wide, each) for each in others if _is_in(kind, each))


def _is_in(kind: Kind, wide: Kind) -> bool:
    return kind.family == wide.family and holds(wide.within, kind.within)


def _cell(initiator: _End, responder: _End, met: _Met) -> Cell:
    """Return what becomes of connections of a kind, and why."""
    found, reason = _agreement(met.initiator, met.responder)
    course = course_of(_outcomes(met.initiator), _outcomes(met.responder), negotiated=found is not None)
    first, settled = (_IN_CLEAR.get(outcome, outcome) for outcome in course)
    agreed = ("", "", "") if found is None else (found.module, found.main_words, found.quick_words)
    lead = f"{met.why_no_user}; " if met.why_no_user else ""
    why = _chosen(found) if found else f"{lead}{reason}{_in_clear(met.initiator, met.responder)}"
    return Cell(initiator.name, responder.name, (), first, settled, *agreed, why, (), (), "")


def _outcomes(host: Host | None) -> Outcomes:
    return UNTOUCHED if host is None else host.trace.outcomes


def _agreement(ours: Host | None, theirs: Host | None) -> tuple[Agreement | None, str]:
    """Return what two hosts agree on, or why they do not."""
    if ours is None or theirs is None:
        side = "neither side has" if ours is theirs else f"{UNMANAGED} does not have"
        return None, f"{side} a policy to negotiate with"
    sides = {"initiator": ours, "responder": theirs}
    silent = [name for name, host in sides.items() if not host.negotiates]
    if silent:
        dropping = next((name for name in silent if sides[name].trace.outcomes == BLOCKED), "")
        if dropping:
            return None, f"at the {dropping}: {sentence(sides[dropping].trace).rstrip('.')}"
        return None, "neither side has a rule for it" if len(silent) > 1 else f"the {silent[0]} has no rule for it"
    try:
        return agree(ours.side, theirs.side), ""
    except NothingCommonError as nothing:
        return None, str(nothing)


def _in_clear(ours: Host | None, theirs: Host | None) -> str:
    """Return what becomes of a connection in clear, in words that follow why nothing is negotiated."""
    if BLOCKED in (_outcomes(ours), _outcomes(theirs)):
        return ""
    if _outcomes(ours).peer_without_ipsec.first == "blocked":
        return ", and the initiator sends nothing in clear"
    accepted = _outcomes(theirs).peer_without_ipsec.first != "blocked"
    return ", and both sides allow clear" if accepted else ", and the responder accepts nothing in clear"


def _chosen(found: Agreement) -> str:
    text = f"{found.module} was chosen with {found.authentication}"
    return f"{text}; main mode {found.choice}" if found.choice else text


def _rules(hosts: Iterable[Host | None]) -> tuple[str, ...]:
    """Return the rules that the hosts' parts are owed to, as a person calls them; of some no rule decides."""
    owed = ((host, host.trace.responsible) for host in hosts if host is not None)
    return tuple(dict.fromkeys(element(found.filter, host.trace) for host, found in owed if found is not None))

"""Matrix: what becomes of a TCP connection between every two hosts of some designs and a host without a policy.

Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration and the scenario pages below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from ndtui.analysis.peers.negotiation import Agreement, NothingCommonError, Side, agree
from ndtui.analysis.peers.windows_firewall import windows_firewall
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import FAMILIES, Family

UNMANAGED = "unmanaged"
"""The name of the host without a policy."""

Outcome = Literal["protected", "clear", "blocked"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of a TCP connection from one host to another.

    ``first`` is the outcome of the first packet, while there is no security association; ``settled`` that of the
    connection once negotiation has ended. ``module``, ``main_mode`` and ``quick_mode`` are what was agreed on, as SDK
    constants with a blank between them, and empty where nothing was. ``why`` is one sentence with short names.
    """

    initiator: str
    responder: str
    first: Outcome
    settled: Outcome
    module: str
    main_mode: str
    quick_mode: str
    why: str


class Host(NamedTuple):
    """A host as a peer meets it: its design, and the rule that covers the connection."""

    design: Design
    rule: Rule
    name: str

    @property
    def families(self) -> tuple[Family, ...]:
        """The address families that the rule covers."""
        return self.rule.scope.reach(self.design.families)

    @property
    def sends_clear(self) -> bool:
        """Whether it sends a connection in clear: one whose encryption is guaranteed waits for it."""
        return MODES[self.rule.mode].sends_clear and self.rule.encryption == "none"

    @property
    def accepts_clear(self) -> bool:
        """Whether it accepts a connection in clear: who has to be known, or has to encrypt, is not let in so."""
        return MODES[self.rule.mode].accepts_clear and self.rule.encryption == "none" and not self.rule.is_identified


def hosts_of(design: Design) -> tuple[Host, ...]:
    """Return a host for each rule of a design that is enabled and protects by itself.

    It has the design's name, and where there are several, the rule's too.
    """
    rules = [rule for rule in design.rules if rule.enabled and MODES[rule.mode].protects]
    if len(rules) == 1:
        return (Host(design, rules[0], design.name),)
    return tuple(Host(design, rule, f"{design.name}: {rule.name}") for rule in rules)


def matrix(designs: Sequence[Design]) -> tuple[Cell, ...]:
    """Return a cell for each ordered pair of hosts, row by row: the designs in their order, then two others.

    Those are what anybody meets: Windows Firewall's defaults, and the host without a policy.

    A design with several rules that protect is as many hosts, and a cell speaks of a connection that the rules of both
    sides cover, by an authorised peer. What a rule adds that protects nothing by itself is left aside, as exemptions
    are: exempted traffic goes in clear, whatever the cell says.

    A host is paired with itself too: two hosts of the same design. A cell speaks of an address family that both sides
    cover; an unmanaged host covers what its peer does. Designs without a common family cannot negotiate, and each is
    an unmanaged host in the other's family: the connection is ``clear`` if either family lets it through.
    """
    hosts = (*chain.from_iterable(map(hosts_of, (*designs, windows_firewall()))), None)
    return tuple(_cell(initiator, responder) for initiator in hosts for responder in hosts)


def _cell(initiator: Host | None, responder: Host | None) -> Cell:
    shared = tuple(family for family in FAMILIES if _covers(initiator, family) and _covers(responder, family))
    first, reason = _in_clear(initiator, responder, shared)
    names = (_name(initiator), _name(responder))
    try:
        found = _negotiate(initiator, responder, shared)
    except NothingCommonError as nothing:
        return Cell(*names, first, first, "", "", "", f"{nothing}, and {reason}")
    agreed = (found.module, found.main_words, found.quick_words)
    return Cell(*names, first, "protected", *agreed, _chosen(found, shared))


def _name(host: Host | None) -> str:
    return UNMANAGED if host is None else host.name


def _covers(host: Host | None, family: Family) -> bool:
    return host is None or family in host.families


def _in_clear(initiator: Host | None, responder: Host | None, shared: tuple[Family, ...]) -> tuple[Outcome, str]:
    """Return what becomes of a connection in clear, and why."""
    families = shared or FAMILIES
    sent = [family for family in families if _sends_clear(initiator, family)]
    through = [family for family in sent if _accepts_clear(responder, family)]
    if through:
        return "clear", "both sides allow clear" if shared else f"clear is allowed over {' and '.join(through)}"
    if not shared:
        return "blocked", "over either family one side forbids clear"
    return "blocked", "the responder accepts nothing in clear" if sent else "the initiator sends nothing in clear"


def _sends_clear(host: Host | None, family: Family) -> bool:
    return host is None or family not in host.families or host.sends_clear


def _accepts_clear(host: Host | None, family: Family) -> bool:
    return host is None or family not in host.families or host.accepts_clear


def _negotiate(initiator: Host | None, responder: Host | None, shared: tuple[Family, ...]) -> Agreement:
    """Return what two hosts agree on.

    Raises:
        NothingCommonError: they do not agree; says on what.
    """
    if initiator is None or responder is None:
        side = "neither side has" if initiator is responder else f"{UNMANAGED} does not have"
        raise NothingCommonError(f"{side} a policy to negotiate with")
    if not shared:
        raise NothingCommonError("no common address family")
    return agree(*(Side.of(host.design, host.rule) for host in (initiator, responder)))


def _chosen(found: Agreement, shared: tuple[Family, ...]) -> str:
    text = f"{found.module} was chosen with {found.authentication}"
    if found.choice:
        text += f"; main mode {found.choice}"
    return text if len(shared) == len(FAMILIES) else f"{text}, over {shared[0]} only"

"""Matrix: what becomes of a TCP connection between every two hosts of some designs and a host without a policy.

Main mode, quick mode and their order follow https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
and [MS-AIPS], Authenticated Internet Protocol. What the documents leave open is modelled, and said to be.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from ndtui.model.design import Design, Scenario
from ndtui.model.policy import (
    WITH_CERTIFICATE,
    AuthenticationMethod,
    KeyingModule,
    MainModeProposal,
    QuickModeProposal,
    Transform,
)
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import FAMILIES, Family

UNMANAGED = "unmanaged"
"""The name of the host without a policy."""

Fate = Literal["protected", "clear", "blocked"]
_PREFERENCE: tuple[KeyingModule, ...] = ("AuthIP", "IKE")
_T = TypeVar("_T")

#: Scenarios that send in clear while they negotiate, and fall back to clear; the others hold the packet back.
_SENDS_CLEAR: tuple[Scenario, ...] = ("negotiation-discovery", "boundary")
#: Scenarios that accept a connection in clear.
_ACCEPTS_CLEAR: tuple[Scenario, ...] = ("boundary",)


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of a TCP connection from one host to another.

    ``first`` is the fate of the first packet, while there is no security association; ``settled`` the fate of the
    connection once negotiation has ended. ``module``, ``main_mode`` and ``quick_mode`` are what was agreed on, as SDK
    constants with a blank between them, and empty where nothing was. ``why`` is one sentence with short names.
    """

    initiator: str
    responder: str
    first: Fate
    settled: Fate
    module: str
    main_mode: str
    quick_mode: str
    why: str


@dataclass(frozen=True, slots=True)
class _Agreement:
    module: KeyingModule
    method: str
    main: MainModeProposal
    quick: QuickModeProposal
    extended: str


class _NothingCommonError(Exception):
    """Two hosts have not in common what they need to negotiate."""


def matrix(designs: Sequence[Design]) -> tuple[Cell, ...]:
    """Return a cell for each ordered pair of hosts: the designs in their order, then the unmanaged host, row by row.

    A host is paired with itself too: two hosts of the same design. A cell speaks of an address family that both sides
    cover; an unmanaged host covers what its peer does. Designs without a common family cannot negotiate, and each is
    an unmanaged host in the other's family: the connection is ``clear`` if either family lets it through.

    Exemptions are left aside: exempted traffic goes in clear, whatever the cell says.
    """
    hosts = (*designs, None)
    return tuple(_cell(initiator, responder) for initiator in hosts for responder in hosts)


def _cell(initiator: Design | None, responder: Design | None) -> Cell:
    shared = tuple(family for family in FAMILIES if _covers(initiator, family) and _covers(responder, family))
    first, reason = _in_clear(initiator, responder, shared)
    names = (_name(initiator), _name(responder))
    try:
        found = _negotiate(initiator, responder, shared)
    except _NothingCommonError as nothing:
        return Cell(*names, first, first, "", "", "", f"{nothing}, and {reason}")
    agreed = (found.module, _main(found.main), _quick(found.quick))
    return Cell(*names, first, "protected", *agreed, _chosen(found, shared))


def _name(host: Design | None) -> str:
    return UNMANAGED if host is None else host.name


def _covers(host: Design | None, family: Family) -> bool:
    return host is None or family in host.families


def _in_clear(initiator: Design | None, responder: Design | None, shared: tuple[Family, ...]) -> tuple[Fate, str]:
    """Return what becomes of a connection in clear, and why."""
    families = shared or FAMILIES
    sent = [family for family in families if _allows(initiator, family, _SENDS_CLEAR)]
    through = [family for family in sent if _allows(responder, family, _ACCEPTS_CLEAR)]
    if through:
        return "clear", "both sides allow clear" if shared else f"clear is allowed over {' and '.join(through)}"
    if not shared:
        return "blocked", "over either family one side forbids clear"
    return "blocked", "the responder accepts nothing in clear" if sent else "the initiator sends nothing in clear"


def _allows(host: Design | None, family: Family, scenarios: tuple[Scenario, ...]) -> bool:
    return host is None or family not in host.families or host.scenario in scenarios


def _negotiate(initiator: Design | None, responder: Design | None, shared: tuple[Family, ...]) -> _Agreement:
    """Return what two hosts agree on.

    AuthIP is preferred where both sides have it, and there is no way back to IKE: a responder with AuthIP discards the
    IKE packet that the initiator sends beside its own ([MS-AIPS] 3.3.5.2). Authentication follows the initiator's
    order. So do the proposals, as modelled: [MS-AIPS] 3.3.5.1 lets an AuthIP responder choose by its own order, which
    may name another proposal but never changes whether there is one.

    Raises:
        _NothingCommonError: they do not agree; says on what.
    """
    if initiator is None or responder is None:
        side = "neither side has" if initiator is responder else f"{UNMANAGED} does not have"
        raise _NothingCommonError(f"{side} a policy to negotiate with")
    if not shared:
        raise _NothingCommonError("no common address family")
    preferred = sorted(initiator.keying_modules, key=_PREFERENCE.index)
    module = _first_common(preferred, responder.keying_modules, str, "keying module")
    method = _first_common(
        initiator.main_mode.authentication(module),
        responder.main_mode.authentication(module),
        _method,
        f"{module} authentication method",
    )
    main = _first_common(initiator.main_mode.proposals, responder.main_mode.proposals, _main, "main mode proposal")
    quick = _first_common(initiator.quick_mode.proposals, responder.quick_mode.proposals, _quick, "quick mode proposal")
    extended = _extended(initiator, responder) if module == "AuthIP" else ""
    return _Agreement(module, method.method, main, quick, extended)


def _extended(initiator: Design, responder: Design) -> str:
    """Return the common extended mode method, empty if neither side has extended mode.

    Extended mode is AuthIP's own. The rule: both sides have it or neither, and if both, the initiator's first method
    that the responder accepts. An initiator goes on to it if its own policy has one, and fails with a responder that
    accepts no method ([MS-AIPS] 3.6.7.1, 3.7.5.1); that a responder with extended mode refuses an initiator without
    is modelled.
    """
    ours, theirs = initiator.extended_mode, responder.extended_mode
    if ours is None and theirs is None:
        return ""
    if ours is None or theirs is None:
        raise _NothingCommonError(f"only the {'responder' if ours is None else 'initiator'} has extended mode")
    what = "extended mode authentication method"
    return _first_common(ours.authentication, theirs.authentication, _method, what).method


def _first_common(wanted: Iterable[_T], accepted: Iterable[_T], key: Callable[[_T], str], what: str) -> _T:
    keys = {key(each) for each in accepted}
    for each in wanted:
        if key(each) in keys:
            return each
    raise _NothingCommonError(f"no common {what}")


def _method(method: AuthenticationMethod) -> str:
    return method.method


def _main(proposal: MainModeProposal) -> str:
    return f"{proposal.cipher} {proposal.integrity} {proposal.dh_group}"


def _quick(proposal: QuickModeProposal) -> str:
    transforms = sorted(" ".join(_algorithms(transform)) for transform in proposal.transforms)
    return " ".join((*transforms, proposal.pfs_group))


def _algorithms(transform: Transform) -> Iterator[str]:
    yield transform.type
    yield from filter(None, (transform.auth, transform.cipher))


def _chosen(found: _Agreement, shared: tuple[Family, ...]) -> str:
    methods = [m for m in (found.method, found.extended) if m]
    text = f"{found.module} was chosen with {short_name(found.method)} authentication"
    if found.extended:
        text += f" and {short_name(found.extended)} in extended mode"
    conditions = []
    if any(method in WITH_CERTIFICATE for method in methods):
        conditions.append("the certificates are trusted")
    if "IKEEXT_PRESHARED_KEY" in methods:
        conditions.append("both have the same pre-shared key")
    if conditions:
        text += f", if {' and '.join(conditions)}"
    return text if len(shared) == len(FAMILIES) else f"{text}, over {shared[0]} only"

"""Outcome: what becomes of a packet, from what the deciding filter of each layer on its way does.

A packet has one course with a peer that can negotiate and one with a peer that cannot, and each has two outcomes: while
there is no security association, and once negotiation has ended.
Sources: the scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration for what the
callouts do, the pages tcp-packet-flows and udp-packet-flows beside it for the layers.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeVar

from ndtui.analysis.traffic.packet_kind import PacketKind
from ndtui.model.compiled.objects import Filter
from ndtui.model.scenarios.catalogue import DISCOVER, ENCRYPT, PERSIST
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_IPPACKET,
    INBOUND_TRANSPORT,
    IPFORWARD,
    OUTBOUND_IPPACKET,
    OUTBOUND_TRANSPORT,
    stem_of,
)

T = TypeVar("T")

Direction = Literal["in", "out"]
Outcome = Literal["protected", "encrypted", "exempt", "clear", "blocked", "untouched"]
"""``encrypted``: protected, and guaranteed to be encrypted; ``exempt``: permitted by an exemption; ``clear``: let
through by IPsec; ``untouched``: no filter of ours matches."""

PROTECTED: tuple[Outcome, ...] = ("protected", "encrypted")
"""What is negotiated: IPsec protects it."""

Role = Literal[
    "none",
    "exempt",
    "callout:persist",
    "callout:require",
    "callout:discover",
    "callout:secure",
    "callout:encrypt",
    "callout:other",
    "block",
]
"""What the deciding filter of a layer does; ``none`` where no filter matches.

``callout:secure`` lets in only what is protected, ``callout:encrypt`` lets in or out only what is encrypted beside.
"""


_PERSIST, _DISCOVER, _ENCRYPT = number_of(PERSIST), number_of(DISCOVER), number_of(ENCRYPT)
_INITIATE_SECURE = "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE"
_ALE_CONNECT = "FWPM_CALLOUT_IPSEC_ALE_CONNECT"
_DEMANDS: tuple[Role, ...] = ("callout:secure", "callout:encrypt")
"""What lets only protected packets through, at a layer where nothing protects them yet."""


class Course(NamedTuple):
    """What happens to a packet while there is no security association, and once negotiation has ended."""

    first: Outcome
    settled: Outcome


class Outcomes(NamedTuple):
    """What becomes of a packet whose peer negotiates with success, and of one whose peer cannot."""

    peer_with_ipsec: Course
    peer_without_ipsec: Course


def path(direction: Direction, *, later: bool = False, kind: PacketKind = "usual") -> tuple[str, ...]:
    """Return the layers a packet meets, in order and without their family, of those a policy can have filters at.

    A later packet of a connection that ALE has authorised does not meet the ALE layer again, an ICMP error meets none;
    the packets of IPsec itself meet neither ALE nor the transport layers, nor does what this host passes on to another.
    """
    if kind == "forwarded":
        return (INBOUND_IPPACKET, IPFORWARD, OUTBOUND_IPPACKET)
    layers: tuple[str, ...]
    if direction == "in":
        layers = (INBOUND_IPPACKET, INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT)
    else:
        layers = (ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)
    if kind == "ipsec":
        return tuple(layer for layer in layers if layer.endswith("_IPPACKET"))
    return tuple(layer for layer in layers if not ((later or kind == "icmp-error") and "_ALE_" in layer))


def role_of(each: Filter) -> Role:
    """Return what a filter does when it decides."""
    slot = each.slot
    return role(stem_of(slot.layer), slot.action, slot.callout, slot.raw_context)


def role(stem: str, action: str, callout: str, raw_context: int) -> Role:
    """Return what an action does at a layer, by the callout's name and the raw context it is handed.

    Without the raw contexts of negotiation discovery the transport callouts require protection.
    """
    if not callout:
        return "block" if action == "FWP_ACTION_BLOCK" else "exempt"
    name = stem_of(callout)
    if name in (_INITIATE_SECURE, _ALE_CONNECT) and raw_context == _ENCRYPT:
        return "callout:encrypt"
    if name == _INITIATE_SECURE:
        return "callout:secure"
    if name == "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT" and stem == INBOUND_TRANSPORT:
        return "callout:persist" if raw_context == _PERSIST else "callout:require"
    if name == "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT" and stem == OUTBOUND_TRANSPORT:
        return "callout:discover" if raw_context == _DISCOVER else "callout:require"
    return "callout:other"


def outcomes(direction: Direction, deciding: Mapping[str, Role]) -> Outcomes:
    """Return what becomes of a packet.

    ``deciding`` says for each layer on its way, without the family, what the filter does that decides there; a layer
    that is left out has none. There is no arbitration across layers: a block at any of them is final.
    """
    if "block" in deciding.values():
        return BLOCKED
    if direction == "in":
        return _inbound(deciding.get(INBOUND_TRANSPORT, "none"), deciding.get(ALE_AUTH_RECV_ACCEPT, "none"))
    return _outbound(deciding.get(OUTBOUND_TRANSPORT, "none"), deciding.get(ALE_AUTH_CONNECT, "none"))


def _inbound(transport: Role, accept: Role) -> Outcomes:
    if transport in ("callout:require", "callout:persist") and accept == "callout:encrypt":
        return ENCRYPTED
    if transport == "callout:require":
        return REQUIRED
    if transport == "callout:persist":
        return REQUIRED if accept in _DEMANDS else REQUESTED
    if accept in _DEMANDS:
        return BLOCKED  # nothing protects it at the transport layer, so it can never arrive secured
    return _always("exempt" if "exempt" in (transport, accept) else "untouched")


def _outbound(transport: Role, connect: Role) -> Outcomes:
    if transport in ("callout:require", "callout:discover") and connect == "callout:encrypt":
        return ENCRYPTED
    if transport == "callout:require":
        return REQUIRED
    if transport == "callout:discover":
        return REQUESTED
    if connect == "callout:encrypt":
        return BLOCKED  # nothing protects it at the transport layer, so it can never be sent encrypted
    return _always("exempt" if "exempt" in (transport, connect) else "untouched")


def owed_to(direction: Direction, deciding: Mapping[str, tuple[Role, T]]) -> T | None:
    """Return what an outcome is owed to: of the filters that decide, the one to change to get another.

    ``deciding`` is as for ``outcome``, with the filter beside what it does; in the order of the packet's layers. A
    block comes first, for it is final; then the callout that decides what is sent or accepted in clear; an exemption
    counts only where no callout makes it idle. ``None`` where no filter decides.
    """
    blocking = [each for does, each in deciding.values() if does == "block"]
    if blocking:
        return blocking[0]
    roles = {stem: does for stem, (does, _) in deciding.items()}
    stems = _inbound_owed(roles) if direction == "in" else _outbound_owed(roles)
    return next((deciding[stem][1] for stem in (*stems, *deciding) if stem in deciding), None)


def _inbound_owed(roles: Mapping[str, Role]) -> tuple[str, ...]:
    """Return the layers that an inbound outcome may be owed to, the likeliest first."""
    accept, transport = roles.get(ALE_AUTH_RECV_ACCEPT, "none"), roles.get(INBOUND_TRANSPORT, "none")
    # The transport layer decides where it requires protection by itself. Otherwise what is accepted in clear is decided
    # at ALE, by the callout there or by an exemption from it, and where ALE has neither, at the transport layer again.
    at_accept = accept in _DEMANDS or (accept == "exempt" and transport == "callout:persist")
    if at_accept and transport != "callout:require":
        return (ALE_AUTH_RECV_ACCEPT,)
    return (INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT)


def _outbound_owed(roles: Mapping[str, Role]) -> tuple[str, ...]:
    """Return the layers that an outbound outcome may be owed to, the likeliest first."""
    if roles.get(ALE_AUTH_CONNECT) == "callout:encrypt" and roles.get(OUTBOUND_TRANSPORT) != "callout:require":
        return (ALE_AUTH_CONNECT,)
    return (OUTBOUND_TRANSPORT, ALE_AUTH_CONNECT)


def _always(outcome: Outcome) -> Outcomes:
    return Outcomes(Course(outcome, outcome), Course(outcome, outcome))


REQUIRED = Outcomes(Course("blocked", "protected"), Course("blocked", "blocked"))
"""Clear traffic is dropped: it waits for a negotiation, or for ever."""

ENCRYPTED = Outcomes(Course("blocked", "encrypted"), Course("blocked", "blocked"))
"""As ``REQUIRED``, and what is protected without being encrypted is dropped too: encryption is guaranteed."""

REQUESTED = Outcomes(Course("clear", "protected"), Course("clear", "clear"))
"""Clear while it is negotiated, protected after; clear for good with a peer that cannot."""

BLOCKED = _always("blocked")
"""Dropped, whatever the peer can do."""

UNTOUCHED = _always("untouched")
"""What becomes of every packet where there is no policy."""

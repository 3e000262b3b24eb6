"""A trace on a machine in words: what becomes of the packet and of its connection, and to which filter that is owed."""

from collections.abc import Iterator

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.analysis.trace.circumstance_wording import answers_to_many, of_fragment
from ndtui.analysis.trace.dump_tracer import MachineStep, MachineSublayer, MachineTrace, deciders
from ndtui.analysis.trace.filter_effect import is_foreign
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import AFTER, PHASES, Phase
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT

#: What a block in a phase means for the packet or its connection.
_BLOCKED: dict[Phase, str] = {
    "bind": "the program cannot bind its socket, so there is no connection (event 5159)",
    "listen": "the program cannot listen, so there is no connection (event 5155)",
    "connect": "the program cannot connect",
    "packet": "it is dropped",
    "flow": "the connection is dropped as soon as it is established",
}


def outcome_words(traced: MachineTrace, outcomes: Outcomes) -> str:
    """Return one outcome in words, with the filter that it is owed to where that is certain."""
    with_ipsec, without = outcomes
    first = with_ipsec.first
    if not (with_ipsec == without and first == with_ipsec.settled):
        return f"peer with IPsec: {first}, then {with_ipsec.settled}; without: {without.first}, then {without.settled}"
    owed = _owed(traced, outcomes)
    if first == "blocked":
        return f"blocked{owed}"
    if first == "exempt":
        return f"permitted{owed}; no filter hands it to IPsec"
    if first == "untouched":
        return "let through: no filter decides about it where IPsec does" if _permits(traced) else _untouched(traced)
    return first


def _permits(traced: MachineTrace) -> bool:
    return any("exempt" in step.roles for step in traced.steps if step.bears)


def _untouched(traced: MachineTrace) -> str:
    if any(True for _ in after_words(traced)):
        return "the packet itself passes, for no filter matches on its way; what follows it is below"
    empty = not any(step.count for step in traced.steps if step.bears)
    return "let through: the file has no filter on its way" if empty else "let through: no filter matches"


def _owed(traced: MachineTrace, outcomes: Outcomes) -> str:
    blocked = outcomes.peer_with_ipsec.first == "blocked"
    for step in traced.steps:
        if not step.bears:
            continue
        if blocked and step.roles == ("block",):
            found = _first_block(step)
            by = "" if found is None else f' by "{named(found)}" (filter {found.filter_id})'
            return f" at {short_name(step.layer)}{by}: {_BLOCKED.get(step.phase, 'it is dropped')}"
        if not blocked and step.roles == ("exempt",) and "_AUTH_" in step.layer and step.phase != "listen":
            found = _standing_permit(step)
            if found is not None:
                return f' by "{named(found)}" (filter {found.filter_id}) at {short_name(step.layer)}'
    return ""


def named(each: DumpFilter) -> str:
    """Return the name of a filter as it can be printed."""
    return shortened(visible(each.name), 60)


def _first_block(step: MachineStep) -> DumpFilter | None:
    """Return the first filter that blocks for certain: whatever comes before it in its sublayer blocks too."""
    for sublayer in step.sublayers:
        each = sublayer.deciding
        if each is not None and all(blocks(other) or other in sublayer.unregistered for other in deciders(sublayer)):
            return each
    return None


def blocks(each: DumpFilter) -> bool:
    """Tell whether a filter blocks by itself."""
    return each.action == "FWP_ACTION_BLOCK"


def _standing_permit(step: MachineStep) -> DumpFilter | None:
    """Return the filter whose permit stands: the first hard one, or the last."""
    deciding = [each.deciding for each in step.sublayers if each.deciding is not None]
    hard = [each for each in deciding if CLEAR_ACTION_RIGHT in each.flags and not blocks(each)]
    return next(iter((*hard, *reversed(deciding))), None)


def after_words(traced: MachineTrace) -> Iterator[str]:
    """Yield what becomes of the answer, the data and the end of a connection, where filters have a say in it.

    Nothing where there is no connection.
    """
    if all(each.peer_with_ipsec.settled == "blocked" for each in traced.outcomes):
        return
    for step in traced.steps:
        if step.phase not in AFTER or "block" not in step.roles:
            continue
        certain = step.roles == ("block",)
        found = _first_block(step) if certain else None
        by = "" if found is None else f' by "{named(found)}" (filter {found.filter_id})'
        yield f"{PHASES[step.phase]}: {'blocked' if certain else 'may be blocked'} at {short_name(step.layer)}{by}"


def kind_words(packet: Packet) -> Iterator[str]:
    """Yield what is to be known of packets that do not meet every layer, or whose connection is no usual one."""
    if packet.kind == "ipsec":
        yield (
            "ESP and AH are IPsec itself: they meet the layers of IP packets alone, and what they carry meets the "
            "transport layers and ALE decrypted."
        )
    if packet.kind == "icmp-error":
        yield "An ICMP error meets the ICMP_ERROR layers in place of ALE."
    yield from of_fragment(packet)
    yield from answers_to_many(packet)


def unlisted_words(dump: Dump, traced: MachineTrace) -> Iterator[str]:
    """Yield which layer that authorises connections the file does not have, where that may be because of its options.

    Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-wfp
    """
    if dump.kind != "filters" or all(each.peer_with_ipsec.settled == "blocked" for each in traced.outcomes):
        return
    for step in traced.steps:
        if step.bears and not step.listed and step.stem in (ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT):
            yield (
                f"The file has no filter of {short_name(step.layer)}, where connections are authorised: netsh wfp show "
                "filters leaves out what its options (dir, protocol, localaddr and others) do not ask for."
            )


def status(step: MachineStep) -> str:
    """Return how a layer stands: decided, open, without a filter that matches, without a filter, or not in the file."""
    if not step.count:
        return "no filter here" if step.listed else "not in this file"
    if step.roles == ("none",):
        return "no filter matches"
    return "decided" if len(step.roles) == 1 else "open"


def foreign_callouts(traced: MachineTrace) -> tuple[tuple[MachineStep, DumpFilter], ...]:
    """Return the filters on the packet's own way whose callout nobody here knows, and that may decide."""
    return tuple(
        (step, each)
        for step in traced.steps
        if step.bears and len(step.roles) > 1
        for sublayer in step.sublayers
        for each in deciders(sublayer)
        if is_foreign(each) and each not in sublayer.unregistered
    )


def unregistered_callouts(traced: MachineTrace) -> tuple[tuple[MachineStep, DumpFilter], ...]:
    """Return the filters that decide, or may, and whose callout no driver has registered."""
    return tuple((step, each) for step in traced.steps for own in step.sublayers for each in own.unregistered)


def hardness(each: DumpFilter) -> str:
    """Return whether what a filter decides is hard or soft, as Filter Arbitration calls it."""
    return "hard" if CLEAR_ACTION_RIGHT in each.flags or blocks(each) else "soft"


def weight_words(sublayer: MachineSublayer) -> str:
    """Return the weight of a sublayer, or that the file does not tell it."""
    return "weight not in this file" if sublayer.weight is None else f"weight {sublayer.weight}"

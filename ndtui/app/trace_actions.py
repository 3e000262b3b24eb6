"""What the designer does to trace: which packet it starts with, and where it goes from there."""

from typing import TYPE_CHECKING

from ndtui.common.text import shortened, visible
from ndtui.model.design.assertion import Assertion
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state.host import Host
from ndtui.ui.state.progress import done_beside

if TYPE_CHECKING:
    from ndtui.analysis.verify.assertions import Proof


async def open_trace(host: Host, past: list[str]) -> None:
    """Open the trace screen, and go to the design element that it leads to.

    With an exemption or a rule selected it starts with a packet that it is for, with a test that is false or traffic
    whose outcome has changed with one that shows it, otherwise with the last one traced; ``past`` holds those and takes
    the new ones.
    """
    from ndtui.analysis.traffic.examples import START  # noqa: PLC0415
    from ndtui.screens.trace import TraceScreen  # noqa: PLC0415 - keeps the start short

    found = await _packet_of_test(host) or _packet_of_element(host) or _packet_of_change(host)
    text, note = found or ((past[-1] if past else START), "")
    element = await host.push_screen_wait(TraceScreen(host, text, past, note))
    if element is not None:
        host.select(element, focus=True)


def _packet_of_element(host: Host) -> tuple[str, str] | None:
    """Return a packet that the selected exemption or rule is for, and what is said of it."""
    from ndtui.analysis.traffic.examples import in_scope, matching  # noqa: PLC0415

    exemption, rule, chosen = host.selection.exemption, host.selection.rule, host.selection.filter
    layer, families = "" if chosen is None else chosen.layer, host.workbench.design.families
    if exemption is not None:
        packet, said = matching(exemption, families, layer), f"that the exemption {_short(exemption.name)} matches"
    elif rule is not None and not rule.scope.is_everything:
        packet, said = in_scope(rule.scope, families, layer), f"that the rule {_short(rule.name)} is for"
    else:
        return None
    if packet is None:
        return None
    return str(packet), f"A packet {said}; {_to_write_another(host)}"


def _packet_of_change(host: Host) -> tuple[str, str] | None:
    """Return a packet of the selected traffic whose outcome differs, and what is said of it."""
    region = host.selection.region
    if region is None:
        return None
    from ndtui.analysis.verify.assertions import verdict_of  # noqa: PLC0415

    said = f"A packet that was {verdict_of(region.before)} and is {verdict_of(region.after)} now"
    return str(region.witness), f"{said}; {_to_write_another(host)}"


def _to_write_another(host: Host) -> str:
    return f"{KeyMap(host.options.keys).first('trace.edit_packet')} to write another"


def _short(name: str) -> str:
    return shortened(visible(name), 30)


async def _packet_of_test(host: Host) -> tuple[str, str] | None:
    """Return a packet for which the selected test is false, and what is said of it; of one that is true say so."""
    item = host.selection.item
    if item is None or not isinstance(item.element, Assertion):
        return None
    test, filterset = item.element, host.workbench.filterset

    def proved() -> "Proof":
        from ndtui.analysis.packet_sets.effort import Effort  # noqa: PLC0415
        from ndtui.analysis.packet_sets.policy_sets import PolicySets  # noqa: PLC0415
        from ndtui.analysis.verify.assertions import decide  # noqa: PLC0415

        return decide(PolicySets.of(filterset), test, Effort.for_filters(len(filterset.filters)))

    proof = await done_beside(host, filterset.design, "Proving", proved)
    if proof.witness is not None:
        return str(proof.witness), f"The test is false: this packet is not {test.verdict}"
    said = "is not decided, and no packet was found for which it is false" if proof.undecided else "holds"
    host.notify(f"The test {said}: {visible(test.traffic)} is {test.verdict}", markup=False)
    return None

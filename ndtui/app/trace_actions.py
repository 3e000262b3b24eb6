"""What the designer does to trace: which packet it starts with, and where it goes from there."""

from ndtui.common.text import shortened, visible
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state.host import Host


async def open_trace(host: Host, past: list[str]) -> None:
    """Open the trace screen, and go to the design element that it leads to.

    With an exemption selected it starts with a packet that the exemption matches, otherwise with the last one traced;
    ``past`` holds those and takes the new ones.
    """
    from ndtui.analysis.traffic.examples import START, matching  # noqa: PLC0415
    from ndtui.screens.trace import TraceScreen  # noqa: PLC0415 - keeps the start short

    text, note = (past[-1] if past else START), ""
    exemption, chosen = host.selection.exemption, host.selection.filter
    if exemption is not None:
        layer = "" if chosen is None else chosen.layer
        packet = matching(exemption, host.workbench.design.families, layer)
        if packet is not None:
            text = str(packet)
            key = KeyMap(host.options.keys).first("trace.edit_packet")
            note = (
                f"A packet that the exemption {shortened(visible(exemption.name), 30)} matches; {key} to write another"
            )
    element = await host.push_screen_wait(TraceScreen(host, text, past, note))
    if element is not None:
        host.select(element, focus=True)

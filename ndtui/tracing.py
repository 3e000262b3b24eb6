"""What the designer does to trace: which packet it starts with, and where it goes from there."""

from typing import TYPE_CHECKING

from ndtui.text import shortened, visible

if TYPE_CHECKING:
    from ndtui.app import NdtuiApp


async def open_trace(app: "NdtuiApp", past: list[str]) -> None:
    """Open the trace screen, and go to the design element that it leads to.

    With an exemption selected it starts with a packet that the exemption matches, otherwise with the last one traced;
    ``past`` holds those and takes the new ones.
    """
    from ndtui.screens.trace import TraceScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.widgets.trace_packets import START, matching  # noqa: PLC0415

    text, note = (past[-1] if past else START), ""
    exemption, chosen = app.designer.selected_exemption(), app.designer.selected_filter()
    if exemption is not None:
        layer = "" if chosen is None else chosen.layer
        packet = matching(exemption, app.workbench.design.families, layer)
        if packet is not None:
            text = str(packet)
            note = f"A packet that the exemption {shortened(visible(exemption.name), 30)} matches; e to write another"
    element = await app.push_screen_wait(TraceScreen(text, past, note))
    if element is not None:
        app.designer.go_to(element)

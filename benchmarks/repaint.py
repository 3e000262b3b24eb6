"""Edit to repaint: from a key's intent to the last byte painted, at 20, 6,000 and 60,000 filters."""

import asyncio
import statistics
import time
from collections.abc import Iterator

from benchmarks.compiling import large_design
from benchmarks.measure import Result
from ndtui.model.design import edits
from ndtui.model.design.design import Design, default_design

#: (exemptions, milliseconds allowed); a frame at 60 a second for the smallest.
SIZES = ((1, 16.7), (1_000, 25.0), (10_000, 60.0))


async def edit_to_repaint(design: Design, runs: int) -> float:
    """Return the median seconds from an edit until the designer has painted it."""
    from ndtui.app.app import NdtuiApp

    app = NdtuiApp(design)
    name = design.exemptions[0].name

    def other_exemption(design: Design) -> Design:
        return edits.toggle_item(design, edits.exemption_item(design, name))

    kinds = (edits.toggle_extended_mode, other_exemption)
    times = []
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for number in range(2 * runs + 2):
            painted = asyncio.Event()
            start = time.perf_counter()
            app.edit("benchmark", kinds[number % 2])
            app.call_after_refresh(painted.set)
            await painted.wait()
            times.append(time.perf_counter() - start)
            await pilot.pause()
    return statistics.median(times[2:])


def run(runs: int) -> Iterator[Result]:
    """Measure each size against its budget."""
    for exemptions, budget in SIZES:
        design = default_design() if exemptions == 1 else large_design(exemptions)
        taken = asyncio.run(edit_to_repaint(design, runs)) * 1000
        filters = 20 if exemptions == 1 else exemptions * 6 + 14
        yield Result(
            f"edit to repaint, {filters} filters", f"budget of {budget:g} ms", taken, budget, taken / budget, 1
        )

"""Thousands of edits leave nothing behind but the steps that can be undone."""

import asyncio
import gc
import sys

import pytest

from ndtui.model.design import edits
from tests.desk import at_work
from tests.support import preset

#: Edits of which each is undone, before and after the first look; and edits that all stay in the history.
FIRST, REST, KEPT = 1_000, 4_000, 300
#: Blocks of memory that may have come by then: a hundredth of what the program has, for caches that fill.
CACHES = 3_000
#: Blocks that a step of the history may take: its design, which shares with the one before what did not change.
STEP = 40


@pytest.mark.slow
async def test_five_thousand_edits_leave_memory_flat():
    async with at_work(preset("nd-transport"), size=(80, 24)) as desk:

        async def work(count, *, undone):
            for number in range(count // 2 if undone else count):
                assert desk.app.edit("switch", (edits.toggle_nd_secure, edits.toggle_extended_mode)[number % 2])
                if undone:
                    desk.app.action_undo()
                if number % 20 == 0:
                    desk.top.action_next_view()
                    await asyncio.sleep(0)
            desk.top.action_view("filters")
            await desk.settle()
            desk.messages.clear()  # the test's own list of what was posted
            gc.collect()
            return sys.getallocatedblocks()

        before = await work(FIRST, undone=True)
        assert await work(REST, undone=True) - before < CACHES
        before = await work(KEPT, undone=False)
        assert await work(KEPT, undone=False) - before < CACHES + KEPT * STEP
        assert len(desk.app.workbench.history.past) == 2 * KEPT

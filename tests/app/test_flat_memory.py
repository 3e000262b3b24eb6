"""Thousands of edits leave nothing behind but the steps that can be undone."""

import asyncio
import gc
import sys
from itertools import pairwise

import pytest

from ndtui.model.design import edits
from tests.desk import at_work
from tests.support import preset

#: Edits of which each is undone, before the first look, and in each of several rounds after it; and edits that all
#: stay in the history.
FIRST, ROUND, ROUNDS, KEPT = 500, 900, 4, 300
#: Blocks of memory that may come in a round for caches that fill, and work that is not done yet on a busy machine: that
#: is now here, now there, where what is left behind is there in every round, so that the least of them tells.
CACHES = 500
#: Blocks that a step of the history may take: its design, which shares with the one before what did not change.
STEP = 40


@pytest.mark.slow
async def test_five_thousand_edits_leave_memory_flat():
    async with at_work(preset("nd-transport"), size=(80, 24)) as desk:

        async def work(count, *, undone):
            for number in range(count // 2 if undone else count):
                assert desk.app.edit("switch", edits.toggle_extended_mode)
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

        blocks = [await work(FIRST, undone=True)]
        for _ in range(ROUNDS):
            blocks.append(await work(ROUND, undone=True))
        assert min(after - before for before, after in pairwise(blocks)) < CACHES
        blocks = [await work(KEPT, undone=False) for _ in range(3)]
        assert min(after - before for before, after in pairwise(blocks)) < CACHES + KEPT * STEP
        assert len(desk.app.workbench.history.past) == 3 * KEPT

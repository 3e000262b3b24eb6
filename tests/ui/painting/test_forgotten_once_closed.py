"""A screen that is closed is forgotten by the application, which would else keep it until what it watched changes."""

import pytest

from tests.desk import at_work


@pytest.mark.parametrize("opens", ["a", "?", ":", "t", "b", "p"])
async def test_who_has_watched_the_application_is_forgotten_with_its_screen(opens: str):
    async with at_work() as desk:
        watchers = getattr(desk.app, "__watchers")
        before = {name: len(who) for name, who in watchers.items()}
        for _ in range(3):
            await desk.keys(opens)
            await desk.planned()
            assert desk.top is not desk.app.designer
            await desk.keys("escape")
            await desk.planned()
        assert desk.top is desk.app.designer
        assert {name: len(who) for name, who in watchers.items()} == before

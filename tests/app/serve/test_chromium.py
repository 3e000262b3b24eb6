"""The designer in headless Chromium: it opens, IKE is switched off, 16 filters are left; without the token nothing."""

from pathlib import Path

import pytest

from tests.app.serve.chromium import PROGRAM, browser
from tests.app.serve.visiting import designer, served

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(PROGRAM is None, reason="needs Chromium, which is not found"),
]


async def test_a_visitor_switches_ike_off_and_sees_sixteen_filters(tmp_path: Path):
    async with served(designer("--read-only", "nd-transport")) as here, browser(tmp_path) as page:
        await page.open(here.address)
        await page.see("[x] IKE", "20 filters", "READ-ONLY")
        for key in ("j", "j", "j", " "):
            await page.key(key)  # without a click first: the terminal has the focus
        await page.see("[ ] IKE", "16 filters")
        await page.key("w")
        await page.see("Read-only: nothing is written")
        assert page.complaints == []
        assert {address.partition(here.token)[0] for address in page.asked} == {
            f"{here.origin}/",
            f"{here.origin.replace('http', 'ws')}/",
        }
        here.server.exit(0)
        await page.says("The server has ended.")


async def test_without_the_token_nothing_is_served(tmp_path: Path):
    async with served(designer("--read-only", "nd-transport")) as here, browser(tmp_path) as page:
        await page.open(f"{here.origin}/{here.token[:-1]}/")
        await page.says("Nothing is served here")
        assert page.screen.text.strip() == ""
        assert {*page.asked} <= {f"{here.origin}/{here.token[:-1]}/", f"{here.origin}/favicon.ico"}
        assert here.said == []

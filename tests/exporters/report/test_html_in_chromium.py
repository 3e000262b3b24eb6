"""The report in a real browser: nothing to complain of, nothing beside the page on any screen, and it prints."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from ndtui.exporters.report.html_page import html_page
from ndtui.exporters.report.report_contents import report_of
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.app.serve.chromium import PROGRAM, Page, browser
from tests.support import exempting, preset

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Chromium is not here")

WIDTHS = (360, 768, 1280)
#: The right edge of what reaches beyond the page, and how it is called there.
_BEYOND = """
JSON.stringify([...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map(each => each.tagName + ' ' + each.textContent.slice(0, 40)).slice(0, 3))
"""


async def seen(folder: Path, made: Design, before: Design | None = None) -> dict[str, Any]:
    """Return what a browser makes of the report of a design."""
    file = folder / "report.html"
    file.write_text(html_page(report_of(compile_design(made), before)), encoding="utf-8")
    profile = folder / "profile"
    profile.mkdir()
    async with browser(profile) as page:
        await page.open(file.as_uri())
        await page.says("Provider contexts")
        found: dict[str, Any] = {"beyond": {}, "scrolls": {}}
        for width in WIDTHS:
            await _wide(page, width)
            found["beyond"][width] = await page.value(_BEYOND)
            found["scrolls"][width] = await page.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            await page.call("Emulation.setEmulatedMedia", features=features)
            found[scheme] = await page.value("getComputedStyle(document.body).backgroundColor")
        printed = await page.call("Page.printToPDF", preferCSSPageSize=True)
        found["pdf"] = base64.b64decode(printed["data"])
        found["complaints"] = page.complaints
        found["asked"] = [each for each in page.asked if not each.startswith("file:")]
        return found


async def _wide(page: Page, width: int) -> None:
    await page.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
    )


LONG = exempting(
    {"name": "n" * 500, "protocol": "udp", "remote_ports": [53]},
    {"name": "</script>|" * 40, "protocol": "tcp"},
    name="x" * 500,
    description="d" * 4000,
)


@pytest.mark.parametrize(
    ("made", "before"),
    [(preset("nd-zones"), preset("nd-transport")), (preset("nd-certificates"), None), (LONG, None)],
    ids=["zones", "certificates", "long"],
)
def test_it_stands_on_every_screen_and_on_paper(made: Design, before: Design | None, tmp_path: Path):
    found = asyncio.run(seen(tmp_path, made, before))
    assert found["complaints"] == []
    assert found["asked"] == []
    assert found["beyond"] == dict.fromkeys(WIDTHS, "[]")
    assert found["scrolls"] == dict.fromkeys(WIDTHS, 0)
    assert found["light"] != found["dark"]
    assert found["pdf"].startswith(b"%PDF-")
    assert found["pdf"].count(b"/Type /Page\n") > 3

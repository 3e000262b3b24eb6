"""The server as it is started, and how it ends."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from ndtui.app.serve import web_server
from ndtui.ui.state import recovery
from tests.app.serve.visiting import PATIENCE, process, visit
from tests.support import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a signal of Windows ends whoever sends it too")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_the_server_and_its_sessions(number: int, status: int, tmp_path: Path):
    path = tmp_path / "-a 'b\" $c;.toml"
    path.write_text((ROOT / "presets" / "nd-ipv4-only.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with process(str(path), "--write") as server:
        async with ClientSession() as client, visit(client, server.address) as one:
            await one.see("10 filters")
            await one.keys("j", "j", "j", " ")
            await one.see("8 filters")
            ended, said = server.ended(number)
            assert await one.closed() == 1001
    assert ended == status
    assert said.splitlines()[1:] == ["a visitor has come: 1 of at most 8", "a visitor has left: 0 of at most 8"]
    (kept,) = recovery.leftovers()  # by a session that has ended
    assert kept.load().keying_modules == ("AuthIP",)


_HELD_UP = """
import asyncio
from aiohttp import web
from ndtui.app.serve import web_server
async def for_ever(runner): await asyncio.Event().wait()
web.AppRunner.cleanup = for_ever
web_server._END_WITHIN = 0.2
"""


async def test_whatever_holds_up_its_end_the_server_is_gone_in_time_and_unsaved_work_is_kept(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text((ROOT / "presets" / "nd-ipv4-only.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with process(str(path), "--write", before=_HELD_UP) as server:
        async with ClientSession() as client, visit(client, server.address) as one:
            await one.see("10 filters")
            await one.keys("j", "j", "j", " ")
            await one.see("8 filters")
            ended, said = server.ended(signal.SIGTERM)
    assert ended == 143
    assert said.splitlines()[1:] == ["a visitor has come: 1 of at most 8", web_server._TOO_LONG]
    async with asyncio.timeout(PATIENCE):
        while not recovery.leftovers():  # the session ends when it finds that nobody is there any more
            await asyncio.sleep(0.05)
    (kept,) = recovery.leftovers()
    assert kept.load().keying_modules == ("AuthIP",)


async def test_with_leave_a_visitor_saves(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text((ROOT / "presets" / "nd-transport.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with process(str(path), "--write") as server:
        async with ClientSession() as client, visit(client, server.address) as one:
            await one.see("20 filters")
            await one.keys("j", "j", "j", " ")
            await one.see("16 filters")
            await one.keys("w")
            await one.see("Saved to")
        assert server.ended(signal.SIGTERM)[0] == 143
    assert 'keying_modules = ["AuthIP"]' in path.read_text(encoding="utf-8")

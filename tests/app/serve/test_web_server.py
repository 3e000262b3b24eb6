"""What is served to whom: nothing without the token, and with it a page that needs nobody else, and sessions."""

import asyncio
import os
import re
import signal
import sys

import pytest
from aiohttp import ClientResponseError, WSServerHandshakeError

from ndtui.app.serve import page, visitor, web_server
from ndtui.app.serve.page_messages import MOST_CHARACTERS
from ndtui.model.files import presets
from ndtui.ui.state import recovery
from tests.app.serve.visiting import ECHO, PATIENCE, designer, program, served

SOCKET = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "a" * 24}


def routes(server) -> list[str]:
    """Return the path of everything that is served."""
    return [resource.canonical for resource in server.application().router.resources()]


async def test_without_the_token_nothing_is_served():
    async with served(program(ECHO)) as here:
        paths = routes(here.server)
        assert len(paths) == len(page.NAMES) + 3
        wrong = [path.replace(here.token, each) for path in paths for each in ("", "x", here.token[:-1], "%00")]
        for path in {*wrong, "/", "/ws", "/static/js/textual.js", "/download/x", "/favicon.ico", "/../"}:
            for method in ("GET", "HEAD", "POST", "OPTIONS"):
                for headers in ({}, {"Origin": here.origin, **SOCKET}):
                    async with here.client.request(method, here.origin + path, headers=headers) as answer:
                        assert answer.status == 403, (method, path)
                        assert b"script" not in await answer.read()
        assert here.said == []


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
async def test_with_the_token_a_stranger_is_served_nothing(headers):
    async with served(program(ECHO)) as here:
        for path in routes(here.server):
            sent = {**SOCKET, "Origin": here.origin, **headers} if path.endswith("socket") else headers
            async with here.client.get(here.origin + path, headers=sent) as answer:
                assert answer.status == 403
        with pytest.raises(WSServerHandshakeError):
            await here.client.ws_connect(f"{here.address}socket")  # no page has opened it
        assert here.said == []


async def test_the_page_and_all_its_parts_come_from_here():
    async with served(program(ECHO)) as here:
        async with here.client.get(here.address.rstrip("/")) as answer:
            assert str(answer.url) == here.address
            text = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
        assert "<title>a &lt;design&gt;</title>" in text
        assert "default-src 'none'" in policy
        assert "'unsafe-eval'" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert here.token not in text
        parts = {*re.findall(r'(?:src|href)="([^":]+)"', text), *re.findall(r'url\("([^"]+)"\)', _text("page.css"))}
        assert parts == set(page.NAMES)
        for name in parts:
            async with here.client.get(here.address + name) as answer:
                assert answer.status == 200
                assert answer.content_type == page.part(name).content_type
                assert await answer.read() == page.part(name).data
    for own in (text, _text("page.css"), _text("page.js")):
        assert "//" not in re.sub(r"^//.*", "", own, flags=re.MULTILINE)


def _text(name: str) -> str:
    return page.part(name).data.decode("utf-8")


async def test_a_visitor_switches_ike_off_another_does_not_see_it_and_none_writes():
    async with served(designer("--read-only", "nd-transport")) as here:
        async with here.visit() as one, here.visit() as two:
            await one.see("[x] IKE", "20 filters", "READ-ONLY")
            await two.see("[x] IKE", "20 filters")
            await one.keys("j", "j", "j", " ")
            await one.see("[ ] IKE", "16 filters", "-4")
            assert b"\x1b[38;2;" in one.raw  # a browser has colours
            await one.keys("w")
            await one.see("Read-only: nothing is written")
            await two.keys("j", "j", "j", "j", " ")
            await two.see("[x] IKE", "[ ] AuthIP", "16 filters")
        await here.hears("a visitor has left", 2)
        assert presets.own() == []
        assert not recovery.folder().exists()


async def test_a_page_that_is_closed_at_once():
    async with served(designer("nd-transport")) as here:
        async with here.visit():
            await here.hears("a visitor has come")
        await here.hears("a visitor has left")
        assert len(here.said) == 2


async def test_a_session_may_be_without_colour_and_may_write(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    async with served(designer("nd-transport")) as here, here.visit() as one:
        await one.see("20 filters")
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;", one.raw)
        await one.keys("w")
        await one.see("Save as preset")
        await one.keys("\x1b")
        await one.keys("q")
        assert await one.closed() == 1000


@pytest.mark.skipif(sys.platform == "win32", reason="asking whether a process is there would end it")
async def test_a_session_ends_with_its_web_socket_and_with_the_server():
    async with served(program(f"import os, sys; sys.stderr.write(str(os.getpid()))\n{ECHO}")) as here:
        async with here.visit() as one, here.visit() as two:
            await one.see("hello")
            await two.see("hello")
            await one.keys("a")
            await one.see("Da")
            await one.socket.close()
            await here.hears("a visitor has left: 1 of")
            (first,) = [int(line) for line in here.said if line.isdigit()]
            assert is_gone(first)
            here.server.exit(0)
            assert await two.closed() == 1001
        await here.hears("a visitor has left: 0 of")
        assert all(is_gone(int(line)) for line in here.said if line.isdigit())


def is_gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


async def test_more_visitors_than_places(monkeypatch):
    monkeypatch.setattr(web_server, "MOST_VISITORS", 2)
    async with served(program(ECHO)) as here:
        async with here.visit() as one, here.visit() as two:
            await one.see("hello")
            await two.see("hello")
            async with here.client.get(here.address) as answer:
                assert answer.status == 503
                assert "places are taken" in await answer.text()
            with pytest.raises(ClientResponseError) as refused:
                await here.client.ws_connect(f"{here.address}socket", origin=here.origin)
            assert refused.value.status == 503
        async with here.visit() as three:
            await three.see("hello")


TOO_LONG = f'["stdin", "{"x" * MOST_CHARACTERS}"]'


@pytest.mark.parametrize("said", ["no json", '["quit"]', '["stdin", 3]', TOO_LONG], ids=["text", "quit", "3", "long"])
async def test_what_no_page_says_ends_that_session_alone(said):
    async with served(program(ECHO)) as here, here.visit() as one, here.visit() as two:
        await one.see("hello")
        await two.see("hello")
        await one.socket.send_str(said)
        await one.closed()
        await two.keys("b")
        await two.see("Db")


async def test_what_is_typed_is_handed_on_as_it_is():
    async with served(program(ECHO)) as here, here.visit() as one:
        await one.see("hello")
        await one.keys("", "ü\ud800")  # nothing would end the session's input; half a character is none
        await one.see("Dü?")
        assert one.screen.text.startswith("helloDü?")
        await one.socket.send_json(["resize", {"width": 10**9, "height": 7}])
        await one.see('"width": 1000, "height": 7')
        await one.keys("\x1b")
        await one.see("time passes")
        await one.socket.send_json(["focus"])
        await one.see('"focus"')


async def test_a_program_that_does_not_start_is_told_of_and_its_page_is_closed():
    async with served(program("import sys; sys.exit('there is no design \\x1b[2J')")) as here, here.visit() as one:
        assert await one.closed() == 1000
        await here.hears("there is no design")
    async with served(["/nowhere/at/all"]) as here, here.visit() as one:
        assert await one.closed() == 1011
        await here.hears("a session cannot be started")


async def test_a_session_that_does_not_leave_is_ended(monkeypatch):
    monkeypatch.setattr(visitor, "LEAVE_WITHIN", 0.1)
    monkeypatch.setattr(visitor, "GONE_WITHIN", 0.1)
    deaf = (
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{ECHO}\nimport time\nwhile True: time.sleep(1)"
    )
    for stubborn in (ECHO.replace('"quit"', '"never"'), deaf.replace('"quit"', '"never"')):
        async with served(program(stubborn)) as here:
            async with here.visit() as one:
                await one.see("hello")
            await here.hears("a visitor has left: 0 of")


FLOOD = f"""
{ECHO.replace('say(b"D", b"hello")', 'say(b"D", b"hello"); [say(b"D", b"x" * 100_000) for _ in range(300)]')}
sys.stderr.write("all was written")
"""


async def test_a_page_that_reads_no_more_holds_up_neither_the_server_nor_its_session(monkeypatch):
    """Its session waits for the server to read, and the server for the page."""
    monkeypatch.setattr(web_server, "_HEAR_WITHIN", 0.2)
    async with served(program(FLOOD)) as here, here.visit() as one:
        await one.see("hello")
        here.server.exit(0)
        await here.hears("a visitor has left: 0 of")
    assert "all was written" in here.said


OPENS_ANOTHER = """
import subprocess, sys
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
sys.stderr.write(str(other.pid))
"""


async def test_what_a_session_has_started_holds_nobody_up():
    async with served(program(f"{OPENS_ANOTHER}{ECHO}")) as here:
        async with here.visit() as one:
            await one.see("hello")
        await here.hears("a visitor has left")
        (other,) = [int(line) for line in here.said if line.isdigit()]
        os.kill(other, signal.SIGTERM)


async def test_what_is_no_request_is_answered_in_a_line_and_told_nobody():
    async with served(program(ECHO)) as here:
        for sent in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(here.origin.rpartition(":")[2]))
            writer.write(sent)
            writer.write_eof()
            async with asyncio.timeout(PATIENCE):
                answer = await reader.read()
            writer.close()
            assert b"Traceback" not in answer
            assert b" 200 " not in answer
        assert here.said == []

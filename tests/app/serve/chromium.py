"""Headless Chromium, driven by its DevTools protocol: a page, what it asks of whom, what it is sent, its keys."""

import asyncio
import base64
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.app.serve.visiting import PATIENCE, Screen, patience

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next(filter(None, map(shutil.which, _NAMES)), None)
#: No sandbox, for it cannot be had as root; no network of its own; no keyring of the person who runs the tests.
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--password-store=basic",
    "--remote-debugging-port=0",
    "--window-size=1000,600",
)


class Page:
    """A page that is open in the browser."""

    def __init__(self, devtools: ClientWebSocketResponse) -> None:
        self._devtools = devtools
        self._session = ""
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self.screen = Screen(columns=300, lines=100)
        self.asked: list[str] = []
        """The address of everything that was asked for."""
        self.complaints: list[str] = []
        """What went wrong on the page, as the browser says it."""

    async def open(self, address: str) -> None:
        """Open an address in a new page."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Network", "Page", "Log", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=address)

    async def says(self, text: str) -> None:
        """Wait until the page itself says something, apart from what its terminal shows."""
        async with asyncio.timeout(PATIENCE):
            while text not in await self._text():
                await asyncio.sleep(0.02)

    async def _text(self) -> str:
        return str(await self.value("document.body && document.body.innerText") or "")

    async def value(self, expression: str) -> Any:
        """Return what an expression is worth on the page."""
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    async def key(self, key: str) -> None:
        """Press a key that writes a character."""
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def see(self, *texts: str) -> None:
        """Wait until the terminal of the page was drawn with all of some texts."""
        async with patience(self.screen, texts):
            while not all(text in self.screen.text for text in texts):
                self._changed.clear()
                await self._changed.wait()

    async def listen(self) -> None:
        """Take in what the browser says, until it says no more."""
        async for message in self._devtools:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._note(told["method"], told["params"])
                self._changed.set()

    def _note(self, event: str, what: dict[str, Any]) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.asked.append(what["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(what["url"])
            case "Network.webSocketFrameReceived" if what["response"]["opcode"] == 2:
                self.screen.draw(base64.b64decode(what["response"]["payloadData"]))
            case "Log.entryAdded" if what["entry"]["level"] == "error":
                self.complaints.append(what["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(what["exceptionDetails"]["text"])

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the DevTools protocol, and return what comes back."""
        number = next(self._numbers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        call = {"id": number, "method": method, "params": parameters}
        await self._devtools.send_json(call | ({"sessionId": self._session} if self._session else {}))
        async with asyncio.timeout(PATIENCE):
            told = await answer
        assert "result" in told, told
        result: dict[str, Any] = told["result"]
        return result


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """Start the browser, with a profile of its own in a folder, and end it."""
    assert PROGRAM is not None
    with (folder / "errors").open("wb") as errors:  # in a file: processes that outlive it hold no pipe
        running = await asyncio.create_subprocess_exec(
            PROGRAM, *_OPTIONS, f"--user-data-dir={folder}", "about:blank", stdin=DEVNULL, stdout=DEVNULL, stderr=errors
        )
    try:
        async with ClientSession() as client, client.ws_connect(await _devtools(folder), max_msg_size=0) as devtools:
            page = Page(devtools)
            listening = asyncio.create_task(page.listen())
            try:
                yield page
            finally:
                listening.cancel()
                await devtools.send_json({"id": 0, "method": "Browser.close"})
                await asyncio.wait_for(running.wait(), PATIENCE)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def _devtools(folder: Path) -> str:
    """Wait until the browser has written down where its DevTools are."""
    told = folder / "DevToolsActivePort"
    async with asyncio.timeout(PATIENCE):
        while len(lines := told.read_text(encoding="utf-8").split() if told.exists() else []) != 2:
            await asyncio.sleep(0.02)
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"

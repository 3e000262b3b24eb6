"""Visits to a server in this process: its web socket as the page's script drives it, and what is drawn."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pyte
from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType

from ndtui.app.serve.gate import Gate
from ndtui.app.serve.listening import listen
from ndtui.app.serve.web_server import WebServer
from ndtui.common import isolated
from tests.cli.running import environment

#: How long anything may take on a machine that has much else to do, in seconds.
PATIENCE = 30.0
COLUMNS, LINES = 100, 30
#: What pyte does not know of what a terminal is told: it would draw it.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*\$?[a-zA-Z]")


def designer(*words: str) -> list[str]:
    """Return the command of a designer."""
    return isolated.command("ndtui.cli.session_process", [*words])


def program(code: str) -> list[str]:
    """Return the command of a small program in place of the designer."""
    return [sys.executable, "-c", code]


#: A program that says so, repeats what it is told, and leaves when it is told to.
ECHO = """
import json, sys
def say(kind, data): sys.stdout.buffer.write(kind + len(data).to_bytes(4, "big") + data); sys.stdout.buffer.flush()
sys.stdout.buffer.write(b"__GANGLION__\\n"); say(b"D", b"hello")
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"M" and json.loads(data)["type"] == "quit": break
    say(b"D", head[:1] + data)
"""


class Screen:
    """What a page shows of what it is sent."""

    def __init__(self, columns: int = COLUMNS, lines: int = LINES) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def draw(self, data: bytes) -> None:
        """Draw what was sent."""
        self._stream.feed(_UNKNOWN.sub(b"", data))

    @property
    def text(self) -> str:
        """What is shown."""
        return "\n".join(self._screen.display)


@asynccontextmanager
async def patience(screen: Screen, texts: Sequence[str]) -> AsyncIterator[None]:
    """Wait for some texts with patience, and show what there is instead when that is over."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except TimeoutError:
        raise AssertionError(f"never came: {' and '.join(texts)}\n{screen.text.rstrip()}") from None


class Visit:
    """A page that is open, as textual.js keeps it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.screen = Screen()
        self.raw = b""

    async def keys(self, *keys: str) -> None:
        """Type."""
        for key in keys:
            await self.socket.send_json(["stdin", key])

    async def see(self, *texts: str) -> None:
        """Wait until all of some texts are shown."""
        async with patience(self.screen, texts):
            while not all(text in self.screen.text for text in texts):
                message = await self.socket.receive()
                assert message.type is WSMsgType.BINARY, (message, self.screen.text)
                self.raw += message.data
                self.screen.draw(message.data)

    async def closed(self) -> int | None:
        """Wait until the server has closed, and return its code."""
        async with asyncio.timeout(PATIENCE):
            while not self.socket.closed:
                await self.socket.receive()
        return self.socket.close_code


@asynccontextmanager
async def visit(client: ClientSession, address: str) -> AsyncIterator[Visit]:
    """Open the web socket of the page at an address, and leave at the end."""
    origin = address.rpartition("/")[0].rpartition("/")[0]
    where = f"{address}socket?width={COLUMNS}&height={LINES}"
    async with client.ws_connect(where, origin=origin) as socket:
        yield Visit(socket)


@dataclass
class Served:
    """A server, and who asks it."""

    server: WebServer
    client: ClientSession
    origin: str
    token: str
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"{self.origin}/{self.token}/"

    def visit(self) -> AbstractAsyncContextManager[Visit]:
        """Open the page's web socket, and leave at the end."""
        return visit(self.client, self.address)

    async def hears(self, text: str, times: int = 1) -> None:
        """Wait until the server has said something so many times."""
        async with asyncio.timeout(PATIENCE):
            while sum(text in line for line in self.said) < times:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def served(words: Sequence[str]) -> AsyncIterator[Served]:
    """Serve a command on this machine, at a port that is free."""
    said: list[str] = []
    listening = listen("127.0.0.1", 0)
    gate = Gate("the-token", listening.address, listening.host)
    server = WebServer(gate, words, "a <design>", said.append)
    running = asyncio.create_task(server.run(listening))
    try:
        async with ClientSession(timeout=ClientTimeout(total=PATIENCE)) as client:
            yield Served(server, client, f"http://127.0.0.1:{listening.port}", gate.token, said)
    finally:
        server.exit(0)
        async with asyncio.timeout(PATIENCE):
            assert await running == 0


@dataclass
class Process:
    """``ndtui serve`` as a process of its own."""

    process: subprocess.Popen[str]
    address: str

    def ended(self, number: int) -> tuple[int, str]:
        """Send a signal, wait for the end, and return the exit status and what was said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@contextmanager
def process(*words: str, before: str = "") -> Iterator[Process]:
    """Start the server as a process of its own, at a port that is free; ``before`` is run in it first.

    Tests that run in the background of a shell are started with Ctrl+C ignored, and hand that on.
    """
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{heard}\n{before}\nimport sys\nfrom ndtui.__main__ import main\nsys.exit(main())"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--json", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=environment(), encoding="utf-8"
    ) as started:
        try:
            assert started.stdout is not None
            lines: list[str] = []
            while not lines or lines[-1] not in ("}\n", ""):
                lines.append(started.stdout.readline())
            yield Process(started, json.loads("".join(lines))["address"])
        finally:
            started.kill()

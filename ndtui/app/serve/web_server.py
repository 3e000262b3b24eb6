"""The web server: behind the gate the page, its parts, and a web socket with a session of its own for each visitor."""

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from threading import Timer
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from ndtui.app.ending import ended_by_signals
from ndtui.app.serve import page
from ndtui.app.serve.gate import Gate
from ndtui.app.serve.listening import Listening
from ndtui.app.serve.page_messages import MOST_CHARACTERS, Resize, UnreadableError, read_message, size
from ndtui.app.serve.visitor import GONE_WITHIN, LEAVE_WITHIN, Visitor
from ndtui.common.errors import in_a_line

#: The most visitors at once: each is a process of some 80 MB.
MOST_VISITORS = 8
#: Seconds between two looks whether the page is still there.
_HEARTBEAT = 15.0
#: Seconds for a page to take what it has not read, and that this is the end.
_HEAR_WITHIN = 10.0
#: Seconds from a signal until the server is gone, whatever it waits for: sessions take no longer to be told and to end.
_END_WITHIN = _HEAR_WITHIN + LEAVE_WITHIN + GONE_WITHIN + 1.0
_REFUSED = "Nothing is served here: open the address that ndtui serve has printed, all of it.\n"
_FULL = f"All {MOST_VISITORS} places are taken: try again when somebody has left.\n"
_ENDING = "The server is about to end.\n"
_TOO_LONG = "ending takes too long: the server is gone now; sessions keep unsaved work aside, and end by themselves"

Say = Callable[[str], None]


def serve(listening: Listening, gate: Gate, words: Sequence[str], title: str, say: Say) -> int:
    """Serve until a signal ends it, and return the exit status; see ``WebServer``."""

    async def run() -> int:
        server = WebServer(gate, words, title, say)
        bound = asyncio.create_task(_be_gone_in_time(server, say))  # its name keeps it alive
        try:
            return await server.run(listening)
        finally:
            bound.cancel()

    return asyncio.run(run())


async def _be_gone_in_time(server: "WebServer", say: Say) -> None:
    """Let the process be gone some time after a signal, whatever it waits for then."""

    def be_gone() -> None:
        try:
            say(_TOO_LONG)
        finally:  # there may be nobody to tell it any more
            os._exit(server.status)

    await server.ended.wait()
    timer = Timer(_END_WITHIN, be_gone)
    timer.daemon = True
    timer.start()


class WebServer:
    """Serves the page and the sessions; ``words`` is the command of one, ``say`` tells whoever has started this."""

    def __init__(self, gate: Gate, words: Sequence[str], title: str, say: Say) -> None:
        self._gate = gate
        self._words = words
        self._title = title
        self._say = say
        self._places = asyncio.Semaphore(MOST_VISITORS)
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}
        self.ended = asyncio.Event()
        """Set when it is to end, with ``status``."""
        self.status = 0

    def keep_now(self) -> None:
        """Nothing is to be kept here: each session keeps its own work."""

    def exit(self, result: int | None = None) -> None:
        """End with an exit status."""
        self.status = result or 0
        self.ended.set()

    async def run(self, listening: Listening) -> int:
        """Serve until a signal ends it, and return the exit status."""
        gc.enable()  # cli.process pauses it
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self._say(_complaint(context)))
        with _logged(self._say), ended_by_signals(self):
            runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=LEAVE_WITHIN + GONE_WITHIN)
            await runner.setup()
            await web.SockSite(runner, listening.socket).start()
            await self.ended.wait()
            await runner.cleanup()
        return self.status

    def application(self) -> web.Application:
        """Return the application for aiohttp."""
        application = web.Application(middlewares=[self._let_in])
        own = f"/{self._gate.token}"
        application.router.add_get(own, self._to_the_page)
        application.router.add_get(f"{own}/", self._page)
        application.router.add_get(f"{own}/socket", self._socket)
        for name in page.NAMES:
            application.router.add_get(f"{own}/{name}", self._part)
        application.on_response_prepare.append(self._add_headers)
        application.on_shutdown.append(self._close_all)
        return application

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer nobody who does not pass the gate, whatever is asked for."""
        hosts, origins = request.headers.getall("Host", []), request.headers.getall("Origin", [])
        is_socket = "Upgrade" in request.headers
        if not self._gate.lets_in(hosts, origins, request.path, is_socket=is_socket):
            return web.Response(text=_REFUSED, status=HTTPStatus.FORBIDDEN)
        return await handler(request)

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        response.headers.update(page.headers(host if self._gate.answers_to(host) else None))

    async def _to_the_page(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(f"/{self._gate.token}/")

    async def _page(self, _: web.Request) -> web.StreamResponse:
        refusal = self._refusal()
        if refusal:
            return web.Response(text=refusal, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text=page.page(self._title), content_type="text/html")

    async def _part(self, request: web.Request) -> web.StreamResponse:
        part = page.part(request.path.rpartition("/")[2])
        return web.Response(body=part.data, content_type=part.content_type)

    def _refusal(self) -> str:
        """Return why nobody else can come in at the moment, or nothing."""
        if self.ended.is_set():
            return _ENDING
        return _FULL if sum(not socket.closed for socket in self._sockets) >= MOST_VISITORS else ""

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Hold a session as long as the visitor is there and the session goes on."""
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=MOST_CHARACTERS)
        if not socket.can_prepare(request) or self._refusal():
            raise web.HTTPServiceUnavailable(text=self._refusal() or _REFUSED)
        self._sockets[socket] = request
        try:
            async with self._places:  # who has just left is still about to end
                await socket.prepare(request)
                await self._hold(socket, size(request.query.get("width"), request.query.get("height")))
        finally:
            del self._sockets[socket]
        return socket

    async def _hold(self, socket: web.WebSocketResponse, first: Resize) -> None:
        visitor = Visitor(
            self._words, write_bytes=socket.send_bytes, write_str=socket.send_str, close=_nothing_to_close
        )
        try:
            session = await visitor.begin(first)
        except OSError as error:
            self._say(f"a session cannot be started: {in_a_line(error)}")
            await self._close(socket, WSCloseCode.INTERNAL_ERROR)
            return
        self._say(f"a visitor has come: {len(self._sockets)} of at most {MOST_VISITORS}")
        hearing = asyncio.create_task(_hear(socket, visitor))
        try:
            await asyncio.wait((session, hearing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            await self._close(socket)
            complaint = await visitor.end()
            for line in complaint.splitlines():
                self._say(line)
            self._say(f"a visitor has left: {len(self._sockets) - 1} of at most {MOST_VISITORS}")

    async def _close_all(self, _: web.Application) -> None:
        await asyncio.gather(*(self._close(socket, WSCloseCode.GOING_AWAY) for socket in self._sockets))

    async def _close(self, socket: web.WebSocketResponse, code: WSCloseCode = WSCloseCode.OK) -> None:
        """Tell a page that this is the end; one that reads no more is cut off."""
        transport = self._sockets[socket].transport
        try:
            async with asyncio.timeout(_HEAR_WITHIN):
                await socket.close(code=code)
        except TimeoutError:
            if transport is not None:
                transport.abort()


async def _hear(socket: web.WebSocketResponse, visitor: Visitor) -> None:
    """Hand on what the page says until it leaves, or says what no page says."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        try:
            await visitor.take(read_message(message.data))
        except (UnreadableError, TimeoutError, ConnectionError):
            return


async def _nothing_to_close() -> None:
    """Wait for the session's end: it says that it is about to, and then keeps unsaved work aside."""


def _complaint(context: Mapping[str, Any]) -> str:
    """Return in a line what nobody had foreseen, of a task or a connection."""
    error = context.get("exception")
    return f"unexpected: {in_a_line(error) if isinstance(error, BaseException) else context.get('message', '')}"


class _Telling(logging.Handler):
    """Tells errors of the web server in a line each, without a traceback."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.ERROR)
        self._say_it = say

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            return  # no request at all, which anybody may send as often as they like
        self._say_it(_complaint({"exception": error, "message": record.getMessage()}))


@contextmanager
def _logged(say: Say) -> Iterator[None]:
    """Have what the web server logs as an error told."""
    logger, telling = logging.getLogger("aiohttp"), _Telling(say)
    logger.addHandler(telling)
    try:
        yield
    finally:
        logger.removeHandler(telling)

"""A visitor: a designer in a process of its own, and what passes between it and the page.

Textual-serve has the protocol. How the process is started, read and ended is said here: without a shell, apart from the
signals of the server's terminal, with its complaints told rather than mixed into the output, and never left behind.
"""

import asyncio
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from ndtui.app.serve.page_messages import Blur, Focus, PageMessage, Ping, Resize, Typed, pong

#: Seconds that a session has to end by itself, to finish what it is writing, and then to be gone without a choice.
LEAVE_WITHIN, GONE_WITHIN = 10.0, 2.0
#: Seconds for its last words to arrive once it has ended, and between two looks whether it has.
SAID_WITHIN, _LOOK_EVERY = 0.5, 0.02
#: Seconds after which a session that takes no keys any more is given up.
TAKE_WITHIN = 60.0
#: An escape is a key of its own when nothing follows: on Windows the session has to be told that time has passed.
_ESCAPE, _ESCAPE_PAUSE = "\x1b", 0.15
_DRIVER = "ndtui.app.serve.browser_driver:BrowserDriver"
#: What a program writes once it is about to speak the protocol, and lines that may come before.
_PRELUDE, _PRELUDE_LINES = b"__GANGLION__\n", 10
_MOST_COMPLAINTS = 4096
_AT_ONCE = 64 * 1024
_DATA, _META = b"D", b"M"

if sys.platform == "win32":
    _APART = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _APART = 0


class Visitor(AppService):
    """The session of one visitor."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            subprocess.list2cmdline(words),
            write_bytes=write_bytes,
            write_str=write_str,
            close=close,
            download_manager=DownloadManager(),
        )
        self._words = words
        self._reading: asyncio.Task[None] | None = None
        self._complaining: asyncio.Task[None] | None = None
        self._complaint = b""
        self._is_heard = True

    async def begin(self, size: Resize) -> asyncio.Task[None]:
        """Start the session, and return the task that lasts as long as it does."""
        process = await self._open_app_process(size.width, size.height)
        self._complaining = asyncio.create_task(self._keep_complaints(process.stderr))
        self._reading = asyncio.create_task(self.run())
        return self._reading

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """Return the server's environment, with a browser in place of its terminal; NO_COLOR stays."""
        own = {"TEXTUAL_DRIVER": _DRIVER, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        return {**super()._build_environment(width, height), **own}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the process, in a group of its own: Ctrl+C at the server is the server's."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=sys.platform != "win32",
            creationflags=_APART,
        )
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Hand what the session draws to the page, until the session ends; what nobody hears is read all the same."""
        assert self._process is not None
        output = self._process.stdout
        assert output is not None
        for _ in range(_PRELUDE_LINES):
            if await output.readline() == _PRELUDE:
                break
        with suppress(asyncio.IncompleteReadError):  # the session has ended
            while True:
                head = await output.readexactly(5)
                payload = await output.readexactly(int.from_bytes(head[1:], "big"))
                if self._is_heard:
                    await self._pass_on(head[:1], payload)

    async def _pass_on(self, kind: bytes, payload: bytes) -> None:
        try:
            if kind == _DATA:
                await self.on_data(payload)
            elif kind == _META:
                await self.on_meta(payload)
        except ConnectionError:
            self._is_heard = False

    async def take(self, message: PageMessage) -> None:
        """Hand what the page says to the session.

        Raises:
            TimeoutError: it does not take it.
        """
        async with asyncio.timeout(TAKE_WITHIN):
            match message:
                case Typed(text) if text:  # nothing would be the end of all input
                    await self.send_bytes(text.encode("utf-8", "replace"))
                    if text.endswith(_ESCAPE):
                        await asyncio.sleep(_ESCAPE_PAUSE)
                        await self.send_meta({"type": "time passes"})
                case Resize(width, height):
                    await self.set_terminal_size(width, height)
                case Ping():
                    await self.remote_write_str(pong(message))
                case Focus():
                    await self.focus()
                case Blur():
                    await self.blur()

    async def end(self) -> str:
        """End the session, unsaved work kept aside, and return what it complained of, or nothing."""
        process = self._process
        if process is None or self._reading is None or self._complaining is None:
            return ""
        self._reading.cancel()
        assert process.stdout is not None
        passed_over = asyncio.create_task(_pass_over(process.stdout))
        await self.send_meta({"type": "quit"})
        if not await _ends(process, LEAVE_WITHIN):
            self.stdin.close()  # that nobody is there any more ends it at once
            if not await _ends(process, GONE_WITHIN):
                process.kill()
        # What it has started may live on, and hold its output open.
        await asyncio.wait((self._complaining,), timeout=SAID_WITHIN)
        tasks = (self._reading, passed_over, self._complaining)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        process._transport.close()  # type: ignore[attr-defined]  # closes our ends; asyncio has no other name for it
        return self._complaint.decode("utf-8", "replace").strip()

    async def _keep_complaints(self, stream: asyncio.StreamReader | None) -> None:
        """Keep the last of what the session complains of."""
        while stream is not None and (data := await stream.read(_MOST_COMPLAINTS)):
            self._complaint = (self._complaint + data)[-_MOST_COMPLAINTS:]


async def _pass_over(output: asyncio.StreamReader) -> None:
    """Read what nobody hears any more: a session that cannot write does not end."""
    while await output.read(_AT_ONCE):
        continue


async def _ends(process: Process, within: float) -> bool:
    """Tell whether a process ends in so many seconds; ``Process.wait`` would wait for what it has started too."""
    looks = int(within / _LOOK_EVERY) + 1
    while process.returncode is None and looks:
        looks -= 1
        await asyncio.sleep(_LOOK_EVERY)
    return process.returncode is not None

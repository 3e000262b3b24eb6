"""A driver for POSIX terminals that can be asked for their background; no key is lost, and the start does not wait."""

import os
import selectors
from codecs import getincrementaldecoder
from time import monotonic

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ndtui.app.background_answer import QUESTION, BackgroundAnswer

#: Seconds after which no answer is expected any more; a slow line may take one.
PATIENCE = 5.0


class BackgroundTold(Message):
    """The terminal has told whether its background is light."""

    def __init__(self, *, light: bool) -> None:
        super().__init__()
        self.light = light


class AskingDriver(LinuxDriver):
    """As the library's own, which takes the answer for keys."""

    _answer: BackgroundAnswer | None = None
    _asked = 0.0

    def ask_for_background(self) -> None:
        """Ask; the answer comes as a message, if the terminal knows the question."""
        self._answer, self._asked = BackgroundAnswer(), monotonic()
        self.write(QUESTION)
        self.flush()

    def run_input_thread(self) -> None:
        """Read what the terminal sends, as the library does, and take the answer out of it."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                self._hand_on(parser, decode(os.read(self.fileno, 4096)) if selector.select(0.1) else "")
            if selector.select(0.1):  # what was typed last is not for the shell
                os.read(self.fileno, 4096)

    def _hand_on(self, parser: XTermParser, data: str) -> None:
        answer = self._answer
        if answer is not None:
            data = answer.take(data, monotonic())
            if answer.settled or monotonic() > self._asked + PATIENCE:
                self._answer = None
                if answer.light is not None:
                    self.process_message(BackgroundTold(light=answer.light))
        for event in parser.feed(data) if data else ():
            self.process_message(event)
        for event in parser.tick():
            self.process_message(event)

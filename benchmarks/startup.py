"""Start-up beside what it is built on: a bare interpreter, a process with one pydantic model, a Textual hello world."""

import os
import sys
from collections.abc import Iterator

from benchmarks.measure import Result, pairs, process
from benchmarks.on_terminal import first_paint, python

_ONE_MODEL = """
from pydantic import BaseModel
class Model(BaseModel):
    name: str
    number: int = 0
    words: tuple[str, ...] = ()
Model(name="model")
"""
HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""


def run(runs: int) -> Iterator[Result]:
    """Measure all of them."""
    for option in ("--version", "--help"):
        ours, peer, ratio = pairs(process(["-m", "ndtui", option]), process(["-c", "pass"]), runs)
        yield Result(f"ndtui {option}, whole process", "python -c pass", ours * 1000, peer * 1000, ratio, 4)
    ours, peer, ratio = pairs(process(["-m", "ndtui", "compile", "nd-transport"]), process(["-c", _ONE_MODEL]), runs)
    yield Result("compile, cold, whole process", "pydantic, one model", ours * 1000, peer * 1000, ratio, 1.1)
    if os.name != "posix":
        print("first paint needs a pty, which this system does not have", file=sys.stderr)
        return
    model = HELLO.replace("class Hello", f"{_ONE_MODEL}\nclass Hello")
    hello = first_paint(python("-c", HELLO), b"hello world")
    for moment, text, budget in (("frame", b"Decisions", 1.2), ("filters", b"20 filters", 1.5)):
        ours, peer, ratio = pairs(first_paint(python("-m", "ndtui"), text), hello, runs)
        yield Result(f"designer on a pty: {moment}", "Textual hello world", ours * 1000, peer * 1000, ratio, budget)
    ready = first_paint(python("-m", "ndtui"), b"-> store")
    loaded = first_paint(python("-c", model), b"hello world")
    for name, peer_paint in (("Textual hello world", hello), ("the same with one model", loaded)):
        ours, peer, ratio = pairs(ready, peer_paint, runs)
        yield Result("designer on a pty: takes keys", name, ours * 1000, peer * 1000, ratio)

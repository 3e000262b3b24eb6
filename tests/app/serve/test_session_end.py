"""A session whose server is gone ends too, however that went, and what was not saved is kept."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from ndtui.app.serve.visitor import Visitor
from ndtui.common import isolated
from ndtui.ui.state import recovery
from tests.app.serve.visiting import PATIENCE, program


@contextmanager
def session_of(words: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a session as a server does, and leave none behind."""

    async def nothing(*_: object) -> None:
        return

    known = Visitor(words, write_bytes=nothing, write_str=nothing, close=nothing)
    pipe = subprocess.PIPE
    environment = known._build_environment(80, 24)
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as started:
        try:
            yield started
        finally:
            started.kill()


UNWATCHED = """
from ndtui.app import ending
ending._watch_terminal = lambda _: None
from ndtui.cli import session_process
session_process.main("nd-transport")
"""


def test_the_end_of_its_input_ends_a_session_where_no_terminal_is_watched():
    """Windows does not tell that a pipe is closed. It comes before the screen is made, which it waits for."""
    with session_of(program(UNWATCHED)) as session:
        assert session.stdout is not None
        assert session.stdout.readline() == b"__GANGLION__\n"
        _, complaint = session.communicate(timeout=PATIENCE)
    assert (session.returncode, complaint) == (0, b"")


def test_a_killed_server_leaves_no_session_behind():
    with session_of(isolated.command("ndtui.cli.session_process", ["nd-transport"])) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        assert session.stdout.readline() == b"__GANGLION__\n"
        for key in (b"j", b"j", b"j", b" "):
            session.stdin.write(Visitor.encode_packet(b"D", key))
        session.stdin.flush()
        while b"16 filters" not in session.stdout.read1():
            continue
        session.communicate(timeout=PATIENCE)
    (kept,) = recovery.leftovers()
    assert kept.load().keying_modules == ("AuthIP",)

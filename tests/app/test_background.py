"""A terminal that does not say what its background is, is asked; no key is lost, and none is made of the answer."""

import os
import select
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ndtui.app.background_answer import HOLD, QUESTION, BackgroundAnswer
from ndtui.model.files.design_file import format_design
from ndtui.ui.state import tour_marker
from tests.support import with_nothing_to_say

#: The ground of the light theme, as it is sent.
LIGHT = "48;2;251;251;250"
WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
#: What people and terminals send: keys, Alt and a key, arrows, mouse reports, pasted text.
TYPED = st.lists(
    st.sampled_from(
        ["j", "é", "\x1b", "\x1b]", "\x1b[A", "\x1bOP", "\x1b[<0;10;5M", "\r", "]11;", "\x1b[200~x\x1b[201~"]
    )
).map("".join)


@given(TYPED, TYPED, st.data())
@example("\x1b", "j", None)
def test_all_that_is_typed_around_an_answer_comes_through(before: str, after: str, data):
    sent = before + WHITE + after
    cuts = [] if data is None else sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    chunks = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    answer = BackgroundAnswer()
    escaped = any(chunk.endswith("\x1b") for chunk in chunks)  # escape alone is a key, and handed on at once
    got = "".join(answer.take(chunk, 0.0) for chunk in chunks) + answer.take("", HOLD)
    if not escaped:
        assert got == before + after
        assert answer.light is True


@given(TYPED, st.data())
def test_without_an_answer_everything_comes_through_in_time(typed: str, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(typed)), max_size=4)))
    answer = BackgroundAnswer()
    parts = [typed[start:end] for start, end in zip([0, *cuts], [*cuts, len(typed)], strict=True)]
    assert "".join(answer.take(part, 0.0) for part in parts) + answer.take("", HOLD) == typed
    assert answer.light is None


@pytest.mark.parametrize(
    ("answered", "light"),
    [
        (WHITE, True),
        ("\x1b]11;rgb:ff/ff/ee\x07", True),
        ("\x1b]11;rgb:0000/0000/0000\x07", False),
        ("\x1b]11;rgba:1e1e/1e1e/2e2e/ffff\x1b\\", False),
        ("\x1b]11;rgb:fdf6/e3/3\x1b\\", True),
        ("\x1b]11;\x07", None),
    ],
)
def test_what_terminals_answer(answered: str, light: bool | None):
    answer = BackgroundAnswer()
    assert answer.take(f"a{answered}b", 0.0) == "ab"
    assert answer.light is light


class Terminal:
    """The designer on a terminal that this test is."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        import pty

        (folder / "DATA").mkdir()
        design = folder / "quiet.toml"
        design.write_text(format_design(with_nothing_to_say()), encoding="utf-8")
        (folder / "DATA" / tour_marker.path().name).touch()
        self.seen = ""
        self.child, self.master = pty.fork()
        if not self.child:
            kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            kept |= {f"NDTUI_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA")}
            kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment}
            os.execve(sys.executable, [sys.executable, "-m", "ndtui", str(design), *arguments], kept)

    def until(self, *texts: str) -> None:
        """Read until all of some texts have been sent."""
        end = time.monotonic() + 60.0
        while not all(text in self.seen for text in texts):
            assert time.monotonic() < end, (texts, self.seen[-300:])
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")

    def send(self, text: str) -> None:
        """Type something, or answer."""
        os.write(self.master, text.encode("utf-8"))

    def leave(self) -> int:
        """Leave, which asks nothing where nothing was changed, and return the exit status."""
        self.send("q")
        with suppress(OSError):  # Linux says so when the other end is closed
            while os.read(self.master, 65536):
                pass
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


posix = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Windows is read by events")


@posix
@pytest.mark.terminal
def test_a_light_terminal_that_is_asked_gets_the_light_theme_and_no_key_of_its_answer(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.until("Decisions", QUESTION)
    assert terminal.seen.index("Decisions") < terminal.seen.index(QUESTION)
    assert LIGHT not in terminal.seen
    terminal.send(f"1{WHITE}4")
    terminal.until(LIGHT, "nothing to say")
    assert terminal.leave() == 0


@posix
@pytest.mark.terminal
@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--theme", "dark"), {}),
        ((), {"COLORFGBG": "15;0"}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "linux", "COLORTERM": ""}),
    ],
    ids=["theme", "told", "no-color", "few"],
)
def test_it_is_asked_only_where_that_would_matter(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str]
):
    terminal = Terminal(tmp_path, *arguments, **environment)
    terminal.until("Decisions")
    terminal.send("4")
    terminal.until("nothing to say")
    assert QUESTION not in terminal.seen
    assert terminal.leave() == 0

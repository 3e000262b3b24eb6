"""The manual page: current, complete, and read without complaint by what shows it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ndtui.cli.command_parsers import parser_of, whole_parser
from ndtui.cli.commands import COMMANDS
from ndtui.cli.describing.man_page import ENVIRONMENT, FILES, man_page
from ndtui.cli.describing.roff import bold
from ndtui.common import settings_file
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import ROOT

__all__ = ["run"]

COMMITTED = ROOT / "docs" / "man" / "ndtui.1"
REQUESTS = {".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".br", '.\\"'}
#: What the program sets for others, or reads of Windows where there is no manual page.
NOT_THE_READERS = {"PYDANTIC_DISABLE_PLUGINS", "SYSTEMROOT"}


def page() -> str:
    return COMMITTED.read_text(encoding="utf-8")


def shown(text: str) -> str:
    """Return what a reader sees of roff, without fonts and fillings."""
    for roff, plain in ((r"\fB", ""), (r"\fI", ""), (r"\fR", ""), (r"\-", "-"), (r"\(aq", "'"), (r"\e", "\\")):
        text = text.replace(roff, plain)
    return text


def test_the_committed_page_is_current(run: Run):
    assert page() == run("man").out, f"write it anew: ndtui man > docs/man/{COMMITTED.name}"


def test_the_same_parser_gives_the_same_bytes():
    assert man_page(whole_parser()) == man_page(whole_parser())


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_every_command_and_every_option_is_named(name: str | None):
    text = shown(page())
    if name is not None:
        text = text.partition(f'\n.SS "ndtui {name}')[2].partition('\n.SS "ndtui ')[0]
    everywhere = {"-h", "--help", "--debug"} if name else set()
    for action in parser_of(name)._actions:
        for option in set(action.option_strings) - everywhere:
            assert re.search(rf"(^|, ){option}($|, | )", text, re.MULTILINE), option
    assert len(text) > 100


def test_every_variable_that_the_program_reads_is_named():
    reads = re.compile(r"""environ(?:ment)?(?:\.get\(|\.pop\(|\.setdefault\(|\[)\s*["'](\w+)["']""")
    found = {name for path in (ROOT / "ndtui").rglob("*.py") for name in reads.findall(path.read_text("utf-8"))}
    assert {"NDTUI_CONFIG_DIR", "NDTUI_DATA_DIR", "NO_COLOR", "TERM"} <= found
    assert found - NOT_THE_READERS <= {name for name, _ in ENVIRONMENT}
    assert all(f"\n.TP\n\\fB{name}\\fR\n" in page() for name, _ in ENVIRONMENT)


def test_every_file_that_the_program_keeps_is_named():
    places = re.compile(r"""\b(config|data)_dir\(\) / (?:"([\w.-]+)"|NAME)""")
    found = {
        (folder, name or settings_file.NAME)
        for path in (ROOT / "ndtui").rglob("*.py")
        for folder, name in places.findall(path.read_text("utf-8"))
    }
    assert {("config", "settings.toml"), ("config", "presets"), ("data", "store.sqlite3")} <= found
    named = {
        ("config" if ".config" in place else "data", place.split("/ndtui/")[1].split("/")[0]) for place, _ in FILES
    }
    assert named == found
    assert all(f"\n.TP\n{bold(place)}\n" in page() for place, _ in FILES)


@pytest.mark.parametrize("status", ["0", "1", "2", "3", "128 + N"])
def test_every_exit_status_is_explained(status: str):
    assert f"\n.TP\n\\fB{status}\\fR\n" in page().partition(".SH EXIT STATUS")[2]


def test_the_page_is_plain_roff():
    assert page().isascii()
    for line in page().splitlines():
        assert not line.startswith("'"), line
        assert not line.startswith(".") or line.split()[0] in REQUESTS, line
        assert not re.search(r"(?<!\\)-", line.partition('.\\"')[0]), line
        assert len(line) <= 80 or line.startswith((".TH", "  ")), line


@pytest.mark.parametrize("words", [("groff", "-man", "-ww", "-Tutf8", "-z"), ("mandoc", "-Tlint")], ids=lambda w: w[0])
def test_what_shows_the_page_has_no_complaint(words: tuple[str, ...]):
    program = shutil.which(words[0])
    if program is None:
        pytest.skip(f"needs {words[0]}")
    done = subprocess.run([program, *words[1:], str(COMMITTED)], capture_output=True, encoding="utf-8", check=False)
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "missing date" not in line]
    assert complaints == []  # a page with a date would change with the day


def test_the_page_is_where_the_wheel_takes_it_from():
    text = Path(ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"docs/man/ndtui.1" = "share/man/man1/ndtui.1"' in text

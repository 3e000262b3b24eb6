"""The commands at which a page of the documentation begins: as they stand there they do what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import ROOT

__all__ = ["run"]

#: Ways out of a preset, each with a file that it writes or with what it prints; plugins.md has formats of its own.
COMMANDS = [
    (page.name, command)
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if page.name != "plugins.md"
    for command in re.findall(
        r"^(?: {4})?ndtui ((?:export|peer) nd-.*)$", page.read_text(encoding="utf-8"), re.MULTILINE
    )
]


def test_every_page_of_a_way_out_begins_with_a_command():
    pages = {page for page, _ in COMMANDS}
    ways = ("c-program", "gpo-reg", "linux-peers", "netsh", "netsh-xml", "powershell", "python-program", "report")
    assert {f"{way}.md" for way in ways} <= pages


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_of_a_page_does_what_it_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, command: str
):
    monkeypatch.chdir(tmp_path)
    words = shlex.split(re.split(" *[>|#;]", command)[0])
    ran = run(*words)
    assert ran.status == 0, (page, ran.err)
    if "-o" in words:
        assert (tmp_path / words[words.index("-o") + 1]).exists()
    else:
        assert ran.out

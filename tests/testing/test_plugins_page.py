"""docs/plugins.md: its files are written, its packages announced, its commands run, and they print what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.running import environment
from tests.installing import write_metadata
from tests.support import ROOT

PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
#: Each project with the blocks of commands that stand in its section.
SECTIONS = {"ports": "## An export format", "outbox": "## A backend"}


class Command(NamedTuple):
    """A command of the page, and the lines that it prints; ``...`` stands for any."""

    words: str
    prints: list[str]


def commands(project: str) -> list[Command]:
    """Return the commands of a section, in order."""
    section = PAGE.partition(SECTIONS[project])[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    found = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, *prints = part.splitlines()
        found.append(Command(words, prints))
    return found


def run(command: Command, folder: Path, path: list[Path]) -> str:
    """Run a command of the page in a folder and return all that it prints."""
    words, _, file = command.words.partition(" < ")
    program, *arguments = shlex.split(words)
    assert program in ("ndtui", "pytest"), command
    more = ["-p", "no:cacheprovider"] if program == "pytest" else []
    done = subprocess.run(
        [sys.executable, "-m", program, *more, *arguments],
        cwd=folder,
        env=environment({"PYTHONPATH": os.pathsep.join(map(str, path))}),
        input=(folder / file).read_bytes() if file else b"",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def matches(printed: str, expected: list[str]) -> bool:
    """Tell whether a program printed these lines; a line with ``...`` stands for anything there, other lines too."""
    pattern = "\n".join(expected)
    parts = [".*".join(map(re.escape, re.split(r"\.\.\.", line))) for line in pattern.split("\n")]
    return re.fullmatch("\n".join(parts), printed.rstrip("\n"), re.DOTALL) is not None


def test_every_block_of_the_page_is_tested() -> None:
    blocks = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
    assert len(blocks) == len(FILES) + len(SECTIONS)
    assert {name.partition("/")[0] for name in FILES} == set(SECTIONS)


@pytest.mark.slow
@pytest.mark.parametrize("project", SECTIONS)
def test_who_follows_the_page_has_a_plug_in_that_works(project: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    folder, metadata = tmp_path / project, tmp_path / "metadata"
    metadata.mkdir()
    installed = False
    for command in commands(project):
        if command.words == "pip install -e .":
            write_metadata(folder, metadata)
            installed = True
            continue
        printed = run(command, folder, [ROOT, folder, *([metadata] if installed else [])])
        assert matches(printed, command.prints), f"$ {command.words}\n{printed}"
        assert "failed" not in printed

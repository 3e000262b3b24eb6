"""The structure of the package is held: a broken arrow is seen, and so is what scripts/structure measures."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

#: One import that each contract forbids: the module that it is put into, and what it imports.
FORBIDDEN = {
    "Rooms: arrows point down": ("common.durations", "ndtui.model.vocabulary.pages"),
    "The command line:": ("cli.printing.text_table", "ndtui.cli.arguments.sources"),
    "Commands: none imports another": ("cli.commands.keys", "ndtui.cli.commands.presets"),
    "Model:": ("model.scenarios.catalogue", "ndtui.model.design.names"),
    "Analysis:": ("analysis.trace.matching", "ndtui.analysis.check.finding"),
    "Backends:": ("backends.bfe.state", "ndtui.backends.planning.planner"),
    "User interface:": ("ui.state.options", "ndtui.ui.rows.view"),
    "State and rows know no screen": ("ui.rows.view", "rich.text"),
}


def lint(folder: Path) -> str:
    """Return what import-linter says of a checkout; what wraps in its output is one line again."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what import-linter says when every contract is broken, by imports that only a type checker follows."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "ndtui", folder / "ndtui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for module, imported in FORBIDDEN.values():
        path = folder / "ndtui" / f"{module.replace('.', '/')}.py"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import {imported}\n")
    return lint(folder)


@pytest.mark.slow
@pytest.mark.parametrize("contract", FORBIDDEN)
def test_a_broken_arrow_is_seen_for_type_checking_too(contract: str, broken: str):
    assert re.search(rf"{re.escape(contract)}[^.]*? BROKEN", broken), broken
    module, imported = FORBIDDEN[contract]
    target = imported if imported.startswith("ndtui") else imported.partition(".")[0]
    assert re.search(rf"ndtui\.{re.escape(module)} -> {re.escape(target)}", broken), broken


@pytest.mark.slow
def test_every_contract_is_broken_once():
    names = re.findall(r'^name = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    contracts = [name for name in names if name != "ndtui"]
    assert [any(name.startswith(each) for each in FORBIDDEN) for name in contracts] == [True] * len(FORBIDDEN)


def structure(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run scripts/structure on a package of some files."""
    for name, text in {"__init__.py": "", **files}.items():
        path = folder / "ndtui" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for package in path.relative_to(folder).parents:
            if package.parts:
                (folder / package / "__init__.py").touch()
    command = [sys.executable, str(ROOT / "scripts" / "structure"), str(folder)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"common/text.py": "", "model/design.py": "import ndtui.common.text"}, ""),
        ({"common/text.py": "", "text.py": ""}, "1 loose modules: text"),
        (
            {"a/one.py": "import ndtui.b.two", "b/two.py": "def f():\n    import ndtui.a.one\n"},
            "2 circles: a -> b -> a;",
        ),
        ({"a/b/one.py": "import ndtui.a.c.two", "a/c/two.py": "import ndtui.a.b.three", "a/b/three.py": ""}, "c -> b"),
        ({"a/engine.py": "", "b/engine.py": ""}, "1 names for two ideas: engine (a, b)"),
        ({f"r{n}/m{n}.py": "" for n in range(14)}, "14 rooms (at most 13) on 1 floors"),
        (
            {f"r{n}/m{n}.py": f"import ndtui.r{n - 1}.m{n - 1}" if n else "" for n in range(9)},
            "on 9 floors (at most 8)",
        ),
    ],
    ids=["fine", "loose", "circle in a function", "circle of folders", "doubled", "too many rooms", "too high"],
)
def test_the_structure_is_measured(files: dict[str, str], words: str, tmp_path: Path):
    done = structure(tmp_path, files)
    assert done.returncode == bool(words), done.stdout + done.stderr
    assert words in done.stdout

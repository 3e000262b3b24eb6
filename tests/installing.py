"""Installed packages as the program finds them, without installing any: a folder with metadata on the path."""

import os
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support import ROOT


def announce(folder: Path, distribution: str, groups: dict[str, dict[str, str]]) -> None:
    """Write the metadata of an installed package into a folder of the path."""
    info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
    lines = [
        line
        for group, entries in groups.items()
        for line in (f"[{group}]", *(f"{name} = {target}" for name, target in entries.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a folder on the path for one test; what was imported from it is forgotten again."""
    monkeypatch.syspath_prepend(str(folder))
    for path in folder.iterdir():
        name = path.stem if path.suffix == ".py" else path.name
        for module in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
            monkeypatch.delitem(sys.modules, module)


def write_metadata(project: Path, metadata: Path) -> None:
    """Write the metadata that a project of sources would be installed with."""
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    announce(metadata, declared["name"], declared["entry-points"])


def install_project(project: Path, metadata: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Have a project of sources be installed as its pyproject.toml says.

    Returns the environment in which another process finds it, and this checkout.
    """
    write_metadata(project, metadata)
    monkeypatch.syspath_prepend(str(metadata))
    on_path(project, monkeypatch)
    return {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, project, metadata)))}

"""Which files and folders continue a path."""

import os
from pathlib import Path

import pytest

from ndtui.screens.dialogs.open_file import common
from ndtui.ui.rows.path_matches import expanded, path_matches


@pytest.fixture
def folder(tmp_path: Path) -> str:
    for name in ("alpha.toml", "Alps.JSON", "notes.txt", ".hidden.toml", "beta.toml"):
        (tmp_path / name).touch()
    (tmp_path / "alp folder").mkdir()
    return f"{tmp_path}{os.sep}"


def test_designs_and_folders_but_nothing_hidden(folder):
    names = [f"alp folder{os.sep}", "alpha.toml", "Alps.JSON", "beta.toml"]
    assert path_matches(folder) == [folder + name for name in names]


def test_what_begins_so(folder):
    assert path_matches(f"{folder}al")[:2] == [f"{folder}alp folder{os.sep}", f"{folder}alpha.toml"]
    assert path_matches(f"{folder}.h") == [f"{folder}.hidden.toml"]
    assert path_matches(f"{folder}beta.toml") == []  # it is whole


def test_relative_paths_and_the_home_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", folder)
    monkeypatch.setenv("USERPROFILE", folder)
    assert path_matches("be") == ["beta.toml"]
    assert path_matches("~/be") == ["~/beta.toml"]
    assert expanded(" ~/beta.toml ").is_file()


@pytest.mark.parametrize("text", ["/no/such/folder/x", "\x00", "~nobody-of-that-name/x", "x" * 5000, "beta.toml/x"])
def test_what_cannot_be_listed_continues_nothing(text, folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert path_matches(text) == []
    expanded(text)


def test_a_folder_of_very_many_files_is_bounded(folder, monkeypatch):
    monkeypatch.setattr("ndtui.ui.rows.path_matches._MOST", 2)
    assert len(path_matches(folder)) <= 2


def test_what_all_begin_with():
    assert common([]) == ""
    assert common(["abc"]) == "abc"
    assert common(["abd", "abc", "ab"]) == "ab"
    assert common(["x", "y"]) == ""

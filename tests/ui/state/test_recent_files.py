"""The list of recent files: bounded, tolerant, and of paths alone."""

import json
import os
from pathlib import Path

import pytest

from ndtui.common.errors import RefusedError
from ndtui.model.files import presets
from ndtui.ui.state import recent_files
from ndtui.ui.state.recent_files import drop, place, recent, remember


def paths() -> list[Path]:
    return [each.path for each in recent()]


def test_the_last_one_comes_first_once_and_twenty_at_most(tmp_path):
    made = [tmp_path / f"{n}.toml" for n in range(25)]
    for each in made:
        remember(each)
    remember(made[10])
    assert paths() == [made[10], *(each for each in reversed(made[5:]) if each != made[10])][:20]
    assert len(paths()) == 20
    assert len(json.loads(place().read_text(encoding="utf-8"))) == 20
    assert recent()[0].kind == "recent"
    assert recent()[0].name == "10"


def test_a_relative_path_is_kept_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    remember(Path("here.toml"))
    assert paths() == [tmp_path / "here.toml"]


def test_presets_and_streams_are_none_of_them():
    remember(presets.own_dir() / "mine.toml")
    remember(presets.find("nd-transport").path)
    remember(Path(os.devnull))
    assert paths() == []
    assert not place().exists()


def test_one_is_left_out_and_its_file_stays(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).touch()
        remember(tmp_path / name)
    drop(tmp_path / "a")
    assert paths() == [tmp_path / "b"]
    assert (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"\xff\xfe",
        b"{}",
        b"7",
        b'["relative.toml", 5, null, ["/a"], "/nul\\u0000l", "/%s"]' % (b"x" * 5000),
        b"[" * 100_000,
        b'["' + b"x" * 2_000_000 + b'"]',
    ],
)
def test_bad_content_is_ignored_and_replaced(content, tmp_path):
    place().parent.mkdir(parents=True)
    place().write_bytes(content)
    assert paths() == []
    remember(tmp_path / "a.toml")
    assert paths() == [tmp_path / "a.toml"]


def test_a_longer_list_of_somebody_else_is_cut(tmp_path):
    place().parent.mkdir(parents=True)
    place().write_text(json.dumps([str(tmp_path / f"{n}.toml") for n in range(1000)]), encoding="utf-8")
    assert paths() == [tmp_path / f"{n}.toml" for n in range(20)]


def test_nothing_but_paths_is_written(tmp_path):
    remember(tmp_path / "a.toml")
    assert json.loads(place().read_text(encoding="utf-8")) == [str(tmp_path / "a.toml")]


def test_a_list_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(RefusedError, match="cannot be made"):
        remember(tmp_path / "a.toml")
    assert recent_files.recent() == []

"""Unsaved work is kept aside, offered again, and gone once it is saved or let go."""

from pathlib import Path

import pytest

from ndtui.model.design.design import change, default_design
from ndtui.ui.state import recovery


def test_what_is_kept_is_what_is_offered() -> None:
    kept = recovery.Recovery()
    design = default_design("lost in a tunnel")
    assert kept.keep(design) == ""
    [offered] = recovery.leftovers()
    assert offered.kind == "unsaved"
    assert offered.load() == design


def test_keeping_again_replaces_and_a_rename_keeps_the_file() -> None:
    kept = recovery.Recovery()
    kept.keep(default_design("one"))
    kept.keep(change(default_design("one"), name="two"))
    [offered] = recovery.leftovers()
    assert offered.load().name == "two"


def test_two_sessions_do_not_write_over_each_other() -> None:
    for _ in range(2):
        recovery.Recovery().keep(default_design())
    assert len(recovery.leftovers()) == 2


def test_forgetting_takes_it_away_and_may_be_done_twice() -> None:
    kept = recovery.Recovery()
    kept.keep(default_design())
    kept.forget()
    kept.forget()
    assert recovery.leftovers() == []


def test_a_name_that_leaves_nothing_for_a_file_is_kept_all_the_same() -> None:
    assert recovery.Recovery().keep(default_design("///")) == ""
    assert len(recovery.leftovers()) == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("NDTUI_DATA_DIR", str(in_the_way))
    kept = recovery.Recovery()
    assert "cannot be made" in kept.keep(default_design())
    assert kept.path is None
    assert recovery.leftovers() == []

"""Commands that a person is told to type reach the backend that is spoken of, whatever folder and shell they are in."""

import os
import shlex
from pathlib import Path

import pytest

from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.backends.registry import open_backend


def test_what_holds_without_an_option_is_not_said() -> None:
    assert OwnCommands().of("confirm") == OwnCommands("store").of("confirm") == "ndtui confirm"
    assert OwnCommands("wfp").of("rollback") == "ndtui rollback --backend wfp"


def test_the_backend_of_the_settings_is_the_one_that_needs_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text('backend = "wfp"\n', encoding="utf-8")
    assert OwnCommands("wfp").of("confirm") == "ndtui confirm"
    assert OwnCommands("store").of("confirm") == "ndtui confirm --backend store"


@pytest.mark.skipif(os.name == "nt", reason="other quotes")
def test_a_place_is_written_in_full_and_in_quotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(OwnCommands("store", Path("my $x.db")).of("status"))
    assert words == ["ndtui", "status", "--store", str(tmp_path / "my $x.db")]


def test_a_backend_knows_the_place_that_it_was_opened_with(tmp_path: Path) -> None:
    assert open_backend("store").own_commands == OwnCommands("store", None)
    assert open_backend("store", tmp_path / "x").own_commands == OwnCommands("store", tmp_path / "x")

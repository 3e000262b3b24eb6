"""Unsaved work knows the file that it was done on, and what that file held."""

from pathlib import Path

import pytest

from ndtui.model.design.design import default_design
from ndtui.ui.state import recovery, work_origin
from ndtui.ui.state.recovery import Recovery
from ndtui.ui.state.work_origin import Origin, origin_of

WORK = default_design()


@pytest.fixture
def of(tmp_path: Path) -> Origin:
    """The file of some work."""
    found = origin_of(tmp_path / "prod.toml", b"as it was")
    assert found is not None
    return found


def files() -> list[str]:
    return sorted(path.suffix for path in recovery.folder().iterdir())


def test_it_is_kept_with_the_work_and_goes_with_it(of: Origin) -> None:
    kept = Recovery()
    assert kept.keep(WORK, origin=of) == ""
    assert kept.path is not None
    assert work_origin.read(kept.path) == of
    assert (of.was(b"as it was"), of.was(b"as it is"), of.was(None)) == (True, False, False)
    kept.forget()
    assert files() == []


def test_whoever_takes_work_over_takes_its_file_too(of: Origin) -> None:
    ended, own = Recovery(), Recovery()
    ended.keep(WORK, origin=of)
    ended.release()
    assert ended.path is not None
    own.take_over(ended.path)
    assert own.origin == of
    assert own.path is not None
    assert work_origin.read(own.path) == of
    assert files() == [".json", ".lock", ".origin"]
    own.release()
    recovery.discard(own.path)
    assert files() == []


def test_what_is_learned_of_the_file_later_is_kept_too(of: Origin) -> None:
    kept = Recovery()
    kept.keep(WORK, origin=of._replace(digest=""))
    kept.keep(WORK, origin=of)
    assert kept.path is not None
    assert work_origin.read(kept.path) == of


def test_work_that_has_no_file_any_more_names_none(of: Origin) -> None:
    kept = Recovery()
    kept.keep(WORK, origin=of)
    kept.keep(WORK)
    assert kept.path is not None
    assert work_origin.read(kept.path) is None


def test_what_is_not_known_of_a_file_is_not_what_it_holds(tmp_path: Path) -> None:
    unknown = origin_of(tmp_path / "prod.toml", None)
    assert unknown is not None
    assert not unknown.was(b"")
    assert origin_of(None, b"x") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 100_000,
        '{"path": "/etc/prod.toml"}',
        '{"path": "prod.toml", "sha256": ""}',
        '{"path": "/etc/\\u0000", "sha256": ""}',
        '{"path": 1, "sha256": ""}',
        '{"path": "/etc/prod.toml", "sha256": 1}',
        '{"path": "/etc/prod.toml", "sha256": "' + "0" * 100_000 + '"}',
    ],
    ids=range(11),
)
def test_what_somebody_else_has_written_there_is_no_file(text: str) -> None:
    kept = Recovery()
    kept.keep(WORK)
    assert kept.path is not None
    kept.path.with_suffix(".origin").write_text(text, encoding="utf-8")
    assert work_origin.read(kept.path) is None
    kept.release()
    assert Recovery().take_over(kept.path) == WORK

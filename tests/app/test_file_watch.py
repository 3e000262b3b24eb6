"""Two designers on one file, and an editor beside one: every order of events, and no edit lost in silence."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.difference import DifferenceScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.state import file_watch
from ndtui.ui.state.recovery import Recovery
from ndtui.ui.widgets.file_bar import FileBar
from tests.app.editors import MakeEditor, editor
from tests.app.watched import bar, held, looked, looked_once
from tests.desk import Desk, at_work, labels
from tests.support import design, exempting

__all__ = ["editor"]

MINE = design(name="mine")
THEIRS = change(MINE, lifetime="persistent")
CHANGED = "mine.toml changed on disk: f compare, reload or keep"


@pytest.fixture
def path() -> Path:
    """Return the file of a design, written long before it is opened."""
    made = presets.own_path("mine")
    presets.save(MINE, made)
    os.utime(made, (1_700_000_000, 1_700_000_000))
    return made


def replace(path: Path, text: str) -> None:
    """Write a file as editors do: beside, and renamed."""
    other = path.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


async def edited(desk: Desk, what: str = "IKE") -> Design:
    await desk.select(what)
    await desk.keys("space")
    return desk.design


async def test_it_is_noticed_by_itself(path, monkeypatch):
    monkeypatch.setattr(file_watch, "LOOK_EVERY", 0.01)
    async with at_work(MINE, path=path) as desk:
        await desk.until(lambda: desk.app.file_watch.known is not None)
        presets.save(THEIRS, path)
        await desk.until(lambda: bar(desk) == CHANGED)


async def test_what_is_written_is_not_told_before_it_has_come_to_rest(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked_once(desk)
        path.write_text("name = 'ot", encoding="utf-8")
        await looked_once(desk)
        presets.save(THEIRS, path)
        await looked_once(desk)
        assert bar(desk) == ""
        await looked_once(desk)
        assert bar(desk) == CHANGED


async def test_what_changes_between_reading_and_the_first_look_is_noticed(path):
    async with at_work(MINE, path=path) as desk:
        presets.save(THEIRS, path)
        await looked(desk)
        assert bar(desk) == CHANGED


async def test_an_old_file_is_not_read_as_a_design_at_the_start(path, monkeypatch):
    monkeypatch.setattr(file_watch, "look", lambda _: pytest.fail("there is no need"))
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        assert desk.app.file_watch.known == path.read_bytes()


# One designer reads, the other reads; one saves, the other saves.


async def test_a_reads_b_reads_a_saves_b_is_offered_it_and_saves(path):
    async with at_work(MINE, path=path) as a, at_work(MINE, path=path) as b:
        await looked(a)
        await looked(b)
        first = await edited(a)
        await a.keys("w")
        await looked(a)
        assert bar(a) == ""  # one's own save is nothing to be told
        await looked(b)
        assert bar(b) == CHANGED
        second = await edited(b, "AuthIP")
        await b.keys("w")
        assert isinstance(b.top, ChoiceScreen)
        assert held(path) == first
        await b.keys("o")
        assert held(path) == second
        assert bar(b) == ""
        await looked(a)
        assert bar(a) == CHANGED
        assert a.design == first


async def test_b_saved_while_a_has_unsaved_work(path):
    async with at_work(MINE, path=path) as a, at_work(MINE, path=path) as b:
        await looked(a)
        mine = await edited(a)
        theirs = await edited(b, "AuthIP")
        await b.keys("w")
        await looked(a)
        assert bar(a) == CHANGED
        assert a.design == mine
        await a.keys("f", "r")
        assert a.design == theirs
        assert not a.bench.dirty
        assert bar(a) == ""
        assert list(labels(a))[-1] == "reload"
        await a.keys("u")
        assert a.design == mine
        await a.keys("w")
        assert held(path) == mine
        await looked(b)
        assert bar(b) == CHANGED


async def test_a_designer_without_edits_is_not_changed_by_itself(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        assert desk.design == MINE
        assert bar(desk) == CHANGED


async def test_both_saving_the_same_is_no_conflict(path):
    async with at_work(MINE, path=path) as a, at_work(MINE, path=path) as b:
        await looked(a)
        await edited(a)
        await edited(b)
        await b.keys("w")
        await looked(a)
        assert bar(a) == ""
        assert not a.bench.dirty
        assert a.said[-1] == "what is open was saved elsewhere"


# What the operator answers.


async def test_the_difference_is_shown_by_decision_traffic_and_line(path):
    async with at_work(MINE, (100, 60), path=path) as desk:
        await looked(desk)
        presets.save(exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, name="mine"), path)
        await looked(desk)
        await desk.keys("f", "c")
        assert isinstance(desk.top, DifferenceScreen)
        assert "exemptions[DNS] in the file: udp 53 here: nothing" in desk.words
        await desk.until(lambda: "+ here" in desk.words)
        assert "Traffic whose outcome differs" in desk.words
        assert "in the file: exempt here: protected, as in udp" in desk.words
        assert '-name = "DNS"' in desk.words
        await desk.keys("escape", "k")
        assert bar(desk) == ""
        assert desk.design == MINE


async def test_keeping_is_once_for_each_change_and_saving_asks(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        mine = await edited(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        await desk.keys("f", "k")
        assert desk.said[-1] == "Kept what is open: saving asks before it writes over the file"
        path.touch()
        await looked(desk)
        assert bar(desk) == ""
        await desk.keys("w")
        assert "has changed since it was read" in desk.words
        await desk.keys("escape")
        assert held(path) == THEIRS
        presets.save(change(THEIRS, description="more"), path)
        await looked(desk)
        assert bar(desk) == CHANGED
        assert desk.design == mine


async def test_a_change_that_is_taken_back_is_no_news_any_more(path):
    before = path.read_bytes()
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        path.write_bytes(before)
        await looked(desk)
        assert bar(desk) == ""
        presets.save(THEIRS, path)
        await looked(desk)
        assert bar(desk) == CHANGED


async def test_the_keys_are_not_taken_in_the_middle_of_typing(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        await desk.keys("n", *"F-")
        presets.save(THEIRS, path)
        await looked(desk)
        assert isinstance(desk.top, FormScreen)
        await desk.keys(*"Fr", "enter")
        assert desk.design.name == "F-Fr"
        assert bar(desk) == CHANGED


async def test_a_click_answers_too(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        await desk.pilot.click(FileBar)
        assert isinstance(desk.top, ChoiceScreen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_the_line_and_its_key_are_in_sight_at_every_size(path, size):
    async with at_work(MINE, size, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        assert bar(desk) == CHANGED
        assert f"{desk.count} filters" in desk.status
        await desk.keys("f")
        for label in ("Compare (c)", "Reload (r)", "Save as (a)", "Keep mine (k)"):
            assert label in desk.text


async def test_without_news_the_key_says_so(path):
    async with at_work(MINE, path=path) as desk:
        await desk.keys("f")
        assert desk.said == ["The file is as it was when it was read or saved"]


async def test_the_key_says_that_what_is_open_was_kept(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        await desk.keys("f", "k", "f")
        assert desk.said[-1] == "Kept what is open already: saving asks before it writes over the file"
        presets.save(MINE, path)
        await looked(desk)
        await desk.keys("f")
        assert desk.said[-1] == "The file is as it was when it was read or saved"


async def test_read_only_can_compare_and_reload_and_writes_nothing(path):
    async with at_work(MINE, path=path, read_only=True) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        await desk.keys("f", "a", "o")
        assert isinstance(desk.top, ChoiceScreen)
        assert "Save as" not in desk.words
        await desk.keys("r")
        assert desk.design == THEIRS


# What becomes of a file.


async def test_deleted_it_is_unsaved_work_and_kept_aside(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.unlink()
        await looked(desk)
        assert bar(desk) == "mine.toml is gone from the disk: f write it again or keep"
        assert desk.bench.dirty
        assert desk.design == MINE
        await desk.app._keep()
        assert desk.app.recovery.path is not None
        await desk.keys("f", "w")
        assert held(path) == MINE
        assert not desk.bench.dirty
        assert bar(desk) == ""


async def test_leaving_after_the_file_is_gone_asks_even_without_an_edit(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.unlink()
        await looked(desk)
        await desk.keys("q")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("n")
        assert desk.app.is_running


async def test_deleted_and_written_again_is_as_before(path):
    text = path.read_text(encoding="utf-8")
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.unlink()
        await looked(desk)
        path.write_text(text, encoding="utf-8")
        await looked(desk)
        assert bar(desk) == ""
        assert not desk.bench.dirty


async def test_replaced_by_renaming(path):
    text = path.read_text(encoding="utf-8").replace('lifetime = "static"', 'lifetime = "persistent"')
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        replace(path, text)
        await looked(desk)
        assert bar(desk) == CHANGED
        await desk.keys("f", "r")
        assert desk.design == THEIRS


async def test_a_change_of_the_same_size_and_time_is_noticed(path):
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        replace(path, text.replace('lifetime = "static"', 'lifetime = "dynam"').replace('"dynam"', '"STATIC"'[:8]))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size
        await looked(desk)
        assert bar(desk).startswith("mine.toml changed on disk and is no design now")


def touched(path: Path) -> None:
    os.utime(path, (1_800_000_000, 1_800_000_000))


def rewritten(path: Path) -> None:
    replace(path, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("what", [touched, rewritten])
async def test_touched_without_a_change_is_no_news(path, what: Callable[[Path], None]):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        what(path)
        await looked(desk)
        assert bar(desk) == ""
        assert desk.said == []


async def test_comments_written_elsewhere_are_said_and_kept(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        mine = await edited(desk)
        replace(path, f"# theirs\n{path.read_text(encoding='utf-8')}")
        await looked(desk)
        assert desk.said == ["the same design was written elsewhere; saving keeps its comments"]
        assert bar(desk) == ""
        await desk.keys("w")
        assert path.read_text(encoding="utf-8").startswith("# theirs\n")
        assert held(path) == mine


async def test_that_it_is_the_same_design_is_unsaid_when_it_is_so_no_more(path):
    async with at_work(MINE, path=path, toasts=True) as desk:
        await looked(desk)
        replace(path, f"# theirs\n{path.read_text(encoding='utf-8')}")
        await looked(desk)
        assert "mine.toml: the same design was written elsewhere" in desk.toasts
        presets.save(THEIRS, path)
        await looked(desk)
        assert "the same design" not in desk.toasts
        assert bar(desk)


@pytest.mark.parametrize("noticed", [True, False])
async def test_comments_on_both_sides_are_not_lost_in_silence(path, editor: MakeEditor, noticed):
    editor("write('# mine\\n' + text)")
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        await desk.keys("E")
        replace(path, f"# theirs\n{path.read_text(encoding='utf-8')}")
        if noticed:
            await looked(desk)
            assert bar(desk) == CHANGED
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("c")
        await desk.until(lambda: "+ here" in desk.words)
        assert "-# theirs +# mine" in desk.words
        await desk.keys("escape", "r")
        assert not desk.bench.dirty
        assert path.read_text(encoding="utf-8").startswith("# theirs\n")
        await desk.keys("u", "w")  # what the file has was seen
        assert path.read_text(encoding="utf-8").startswith("# mine\n")


async def test_an_editor_beside_and_one_within(path, editor: MakeEditor):
    """While one edits in the designer's editor somebody else saves the file."""
    other = path.read_text(encoding="utf-8").replace('lifetime = "static"', 'lifetime = "persistent"')
    editor(f"""
        write(text.replace('"IKE", ', ''))
        pathlib.Path({str(path)!r}).write_text({other!r}, encoding="utf-8")
    """)
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        await desk.keys("E")
        assert desk.design.keying_modules == ("AuthIP",)
        await looked(desk)
        assert bar(desk) == CHANGED
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
        assert held(path) == THEIRS


async def test_no_design_any_more_is_said_and_what_is_open_stays(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.write_text('name = "mine"\nlifetime = "long"\n', encoding="utf-8")
        await looked(desk)
        assert bar(desk) == "mine.toml changed on disk and is no design now: f save as or keep"
        assert desk.design == MINE
        await desk.keys("f")
        assert "line 2: lifetime" in desk.words
        await desk.keys("r", "c")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("k")
        assert desk.design == MINE


async def test_a_folder_in_its_place_is_said(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.unlink()
        path.mkdir()
        await looked(desk)
        assert bar(desk).startswith("mine.toml is gone from the disk")
        assert desk.bench.dirty


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may do everything can read everything")
async def test_made_unreadable_is_said(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.chmod(0)
        await looked(desk)
        assert bar(desk).startswith("mine.toml cannot be read any more")
        assert desk.design == MINE


async def test_unreadable_as_the_system_says_it(path, monkeypatch):
    def refused(_self: Path, *_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        touched(path)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "open", refused)
            await looked(desk)
        assert bar(desk).startswith("mine.toml cannot be read any more")
        assert desk.design == MINE


@pytest.mark.skipif(os.name == "nt", reason="modes as Unix has them")
async def test_made_read_only_is_said_once(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.chmod(0o444)
        await looked(desk)
        await looked(desk)
        assert desk.said == ["read-only now: saving offers to do it under another name"]


async def test_another_design_has_another_file(path):
    presets.save(design(name="other"), presets.own_path("other"))
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        desk.app.load(compile_design(design(name="other")), presets.own_path("other"))
        await looked(desk)
        assert bar(desk) == ""
        presets.save(change(design(name="other"), lifetime="persistent"), presets.own_path("other"))
        await looked(desk)
        assert bar(desk).startswith("other.toml changed on disk")
        desk.app.load(compile_design(design(name="third")), None)
        await looked(desk)
        assert bar(desk) == ""


async def test_a_hostile_name_is_shown_and_does_nothing(monkeypatch):
    name = "[b]x\x1b[31m\u202e" if os.name != "nt" else "[b]x"
    path = presets.own_dir() / f"{name}.toml"
    presets.save(MINE, path)
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        assert bar(desk).startswith("[b]x")
        assert "\x1b" not in desk.text
        await desk.keys("f")
        assert "[b]x" in desk.text


async def test_a_crash_after_the_file_is_gone_loses_nothing(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        path.unlink()
        await looked(desk)
        desk.app.keep_now()
        kept = desk.app.recovery.path
        desk.app.recovery.release()
    assert kept is not None
    assert Recovery().take_over(kept) == MINE


async def test_what_may_not_be_written_is_not_offered_to_be_written_again(path):
    async with at_work(MINE, path=path, read_only=True) as desk:
        await looked(desk)
        path.unlink()
        await looked(desk)
        assert bar(desk) == "mine.toml is gone from the disk: f keep what is open"
        await desk.keys("f")
        assert "Keep mine" in desk.words
        assert "Write it again" not in desk.words


async def test_a_file_that_takes_long_to_read_is_read_once(path, monkeypatch):
    """Looks come every 0.4 s: those that came while a large file was read each began to read it too."""
    go_on, reads = Event(), []
    real = file_watch.look

    def slow(*arguments):
        reads.append(arguments)
        assert go_on.wait(30)
        return real(*arguments)

    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked_once(desk)
        monkeypatch.setattr(file_watch, "look", slow)
        first = desk.app._look_at_file()
        await desk.until(lambda: reads)
        for _ in range(3):
            await desk.app._look_at_file().wait()
        assert len(reads) == 1
        go_on.set()
        await first.wait()
        await desk.settle()
        assert bar(desk) == CHANGED
        await looked(desk)
        assert len(reads) == 1


async def test_closing_the_question_is_no_answer(path):
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        await desk.keys("f", "escape")
        assert desk.said == []
        assert bar(desk) == CHANGED
        await desk.keys("f", "r")
        assert desk.design == THEIRS

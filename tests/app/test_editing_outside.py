"""E: the design as a text in an editor, and back, with real editor processes; nothing that was written is lost."""

import os
import signal
import sys
from pathlib import Path

import pytest

from ndtui.app import edit_outside
from ndtui.common.settings import Settings
from ndtui.model.design.design import Design
from ndtui.model.files import draft, presets
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.edit_errors import EditErrorsScreen
from ndtui.ui.state import recovery
from tests.app.editors import MakeEditor, editor
from tests.desk import at_work, labels
from tests.support import exempting

__all__ = ["editor"]

MINE = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, name="mine")
WITHOUT_IKE = """write(text.replace('"IKE", ', ''))"""
COMMENTED = """write('# why\\n' + text.replace('name = "DNS"', 'name = "DNS"  # resolvers').replace('"IKE", ', ''))"""


def keep(made: Design, comment: str = "") -> Path:
    path = presets.own_path("mine")
    presets.save(made, path)
    if comment:
        path.write_text(f"{comment}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    return path


def text_in(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def kept_texts() -> list[str]:
    """Return the texts of edits that were not taken in, and check that nothing else is left of any."""
    folder = draft.kept_dir()
    return [path.read_bytes().decode("utf-8", "replace") for path in folder.iterdir()] if folder.is_dir() else []


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    """Give every test a folder of its own for temporary files, and see that nothing stays in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


async def test_what_comes_back_is_one_step_that_can_be_undone(editor: MakeEditor):
    editor(WITHOUT_IKE)
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design.keying_modules == ("AuthIP",)
        assert list(labels(desk)) == ["open", "edit outside"]
        assert desk.said == ["Taken in: u undoes it"]
        assert desk.bench.changes.words() == "-4"
        await desk.keys("u")
        assert desk.design == MINE
        await desk.keys("U")
        assert desk.design.keying_modules == ("AuthIP",)


async def test_the_key_that_takes_it_back_is_the_operators_own(editor: MakeEditor):
    editor(WITHOUT_IKE)
    async with at_work(MINE, keys={"designer.undo": ("f2",)}) as desk:
        await desk.keys("E")
        assert desk.said == ["Taken in: f2 undoes it"]


async def test_the_editor_gets_the_work_at_hand_with_the_comments_of_its_file(editor: MakeEditor, tmp_path):
    path = keep(MINE, "# agreed with the branch")
    editor(f"pathlib.Path({str(tmp_path / 'seen.toml')!r}).write_text(text, encoding='utf-8'); write(text + '\\n\\n')")
    async with at_work(MINE, path=path) as desk:
        await desk.select("AuthIP")
        await desk.keys("space", "E")
        seen = text_in(tmp_path / "seen.toml")
        assert seen.startswith("# agreed with the branch\n")
        assert parse_design(seen, "seen") == desk.design
        assert desk.design.keying_modules == ("IKE",)


@pytest.mark.skipif(os.name == "nt", reason="modes as Unix has them")
async def test_the_file_that_is_edited_is_private_and_named_after_the_design(editor: MakeEditor):
    log = editor("""
        log = open(path.parent.parent / "../modes", "w")
        log.write(f"{path.parent.stat().st_mode & 0o777:o} {path.name}")
    """)
    async with at_work(MINE) as desk:
        await desk.keys("E")
    assert text_in(log.parent / "modes") == "700 mine.toml"


async def test_comments_written_outside_are_in_the_file_after_saving(editor: MakeEditor):
    path = keep(MINE)
    editor(COMMENTED)
    async with at_work(MINE, path=path) as desk:
        await desk.keys("E")
        await desk.select("V6")
        await desk.keys("space", "w")
        assert desk.said[-1] == f"Saved to {path}"
        assert not desk.bench.dirty
        written = text_in(path)
        assert written.startswith("# why\n")
        assert 'name = "DNS"  # resolvers\n' in written
        assert parse_design(written, "file") == desk.design
        # From then on the comments of the file are what counts.
        path.write_text(written.replace("# why", "# because"), encoding="utf-8")
        await desk.keys("space", "w")
        assert text_in(path).startswith("# because\n")


async def test_only_comments_are_unsaved_work_too(editor: MakeEditor):
    path = keep(MINE)
    editor("write('# why\\n' + text)")
    async with at_work(MINE, path=path) as desk:
        await desk.keys("E")
        assert desk.said == ["Only comments and layout changed: saving keeps them"]
        assert desk.bench.dirty
        await desk.keys("q")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("s")
        assert text_in(path).startswith("# why\n")


async def test_undo_takes_the_comments_with_it_and_redo_brings_them(editor: MakeEditor):
    path = keep(MINE)
    editor(COMMENTED)
    async with at_work(MINE, path=path) as desk:
        await desk.keys("E", "u")
        assert not desk.bench.dirty
        await desk.select("V6")
        await desk.keys("space", "w")
        assert "#" not in text_in(path)
        await desk.keys("u", "E", "u", "U", "w")
        assert text_in(path).startswith("# why\n")


async def test_a_second_edit_finds_the_comments_of_the_first(editor: MakeEditor):
    editor("write('# again\\n' + text)")
    async with at_work(MINE) as desk:
        await desk.keys("E", "E")
        assert desk.bench.text.startswith("# again\n# again\n")
        await desk.select("V6")
        await desk.keys("space", "E")
        assert desk.bench.text.startswith("# again\n# again\n# again\n")


async def test_comments_outlive_a_crash(editor: MakeEditor):
    editor("write('# why\\n' + text)")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        await desk.select("IKE")
        await desk.keys("space")
        desk.app.keep_now()
        lost = desk.design
        desk.app.recovery.release()
        desk.app._left = True
    async with at_work() as desk:
        await desk.keys("o", "g", "enter")
        assert desk.design == lost
        assert desk.bench.text.startswith("# why\n")
        assert len(recovery.leftovers()) == 0
        await desk.keys("w", "enter")
        assert text_in(presets.own_path("mine")).startswith("# why\n")


async def test_what_is_kept_aside_without_comments_takes_the_place_of_that_with(editor: MakeEditor):
    editor("write('# why\\n' + text)")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        desk.app.keep_now()
        assert [each.suffix for each in recovery.folder().glob("*.[tj]*")] == [".toml"]
        await desk.keys("u")
        await desk.select("IKE")
        await desk.keys("space")
        desk.app.keep_now()
        assert [each.suffix for each in recovery.folder().glob("*.[tj]*")] == [".json"]
        desk.app._left = True


async def test_comments_go_along_to_another_name(editor: MakeEditor):
    editor(COMMENTED)
    async with at_work(MINE) as desk:
        await desk.keys("E", "W")
        await desk.fill(text="second")
        await desk.keys("enter")
        assert text_in(presets.own_path("second")).startswith("# why\n")


@pytest.mark.parametrize("body", ["pass", "write(text)", "write(text + '\\n')", "write('\\ufeff' + text)"])
async def test_nothing_changed_is_said(editor: MakeEditor, monkeypatch, body):
    monkeypatch.setattr(edit_outside, "AT_ONCE", 0.0)
    editor(body)
    async with at_work(MINE) as desk:
        before = desk.bench
        await desk.keys("E")
        assert desk.said == ["Nothing was changed"]
        assert desk.bench is before


async def test_an_editor_that_returns_at_once_is_told_to_wait(editor: MakeEditor, monkeypatch):
    monkeypatch.setattr(edit_outside, "AT_ONCE", 3600.0)
    editor("pass")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.said == ["Nothing changed, and your editor returned at once: use --wait, as code --wait"]


async def test_an_error_stands_at_its_line_and_is_edited_again(editor: MakeEditor):
    log = editor("""
        write(text.replace('lifetime = "static"', 'lifetime = "long"').replace('"udp"', '"upd"') if '"static"' in text
              else text.replace('"long"', '"persistent"').replace('"upd"', '"tcp"'))
    """)
    lines = format_design(MINE).split("\n")
    first, second = lines.index('lifetime = "static"') + 1, lines.index('protocol = "udp"') + 1
    async with at_work(MINE, (80, 40)) as desk:
        await desk.keys("E")
        assert isinstance(desk.top, EditErrorsScreen)
        assert "2 errors in what was edited" in desk.words
        assert f"line {first}: lifetime:" in desk.words
        assert f'> {first} | lifetime = "long"' in desk.words
        assert f'> {second} | protocol = "upd"' in desk.words
        assert f"{first - 1} | {lines[first - 2]}" in desk.words
        assert desk.design == MINE
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert desk.design.lifetime == "persistent"
        assert desk.design.exemptions[0].protocol == "tcp"
        assert len(text_in(log).splitlines()) == 2
        assert kept_texts() == []


async def test_a_known_editor_is_told_the_line(editor: MakeEditor, tmp_path, monkeypatch):
    log = editor("write(text.replace('\"static\"', '\"long\"'))")
    if sys.platform == "win32":
        pytest.skip("a program is known by its file's name, which needs a link here")
    vim = tmp_path / "vim"
    vim.write_text(f'#!/bin/sh\nexec {os.environ["VISUAL"]} "$@"\n', encoding="utf-8")
    vim.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(vim))
    async with at_work(MINE) as desk:
        await desk.keys("E", "e", "d")
    line = format_design(MINE).split("\n").index('lifetime = "static"') + 1
    first, second = text_in(log).splitlines()
    assert not first.startswith("+")
    assert second.startswith(f"+{line} ")


@pytest.mark.parametrize("key", ["d", "escape"])
async def test_a_dropped_edit_is_kept_in_a_file_that_is_named(editor: MakeEditor, key):
    editor("write('lifetime = 5 # mine\\n')")
    async with at_work(MINE) as desk:
        await desk.keys("E", key)
        assert desk.top is desk.app.designer
        assert desk.design == MINE
        assert kept_texts() == ["lifetime = 5 # mine\n"]
        assert desk.said == [f"The edit was dropped; the text is kept in {next(draft.kept_dir().iterdir())}"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("write('[')", "line 1:"),
        ("path.write_bytes(b'\\xff\\xfe[')", "is no UTF-8 text"),
        ("write('')", "name: is missing: add it"),
        ("write('[/x] [b\\x1b[31m = ')", "line 1:"),
        ("write('version = 7')", "is a design of version 7"),
    ],
)
async def test_whatever_is_wrong_is_shown(editor: MakeEditor, body, said):
    editor(body)
    async with at_work(MINE, (60, 20)) as desk:
        await desk.keys("E")
        assert isinstance(desk.top, EditErrorsScreen)
        assert said in desk.words
        assert "\x1b" not in desk.text
        await desk.keys("d")
        assert len(kept_texts()) == 1


async def test_a_long_list_of_errors_scrolls_on_a_small_screen(editor: MakeEditor):
    editor("""write(text.replace('"udp"', '"upd"') + ''.join(
        f'[[exemptions]]\\nname = "{n}"\\nprotocol = "x{n}"\\n' for n in range(60)))""")
    async with at_work(MINE, (60, 20)) as desk:
        await desk.keys("E")
        assert "50 errors in what was edited" in desk.words
        await desk.keys("G")
        assert "x48" in desk.words
        assert "Drop" in desk.words
        await desk.keys("d")


@pytest.mark.parametrize("written", [True, False])
async def test_an_editor_that_fails_changes_nothing(editor: MakeEditor, written):
    editor(f"{WITHOUT_IKE if written else 'pass'}\nsys.exit(3)")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design == MINE
        (said,) = desk.said
        assert said.startswith("The editor ended with status 3: nothing was taken")
        assert ("kept in" in said) is written
        assert len(kept_texts()) == written


@pytest.mark.skipif(os.name == "nt", reason="signals as Unix has them")
async def test_an_editor_that_is_killed_leaves_its_text(editor: MakeEditor):
    editor(f"{WITHOUT_IKE}\nos.kill(os.getpid(), 9)")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design == MINE
        assert desk.said[0].startswith("The editor was killed by signal 9: nothing was taken; the text is kept in ")
        assert [parse_design(text, "kept").keying_modules for text in kept_texts()] == [("AuthIP",)]


@pytest.mark.skipif(os.name == "nt", reason="signals as Unix has them")
async def test_ctrl_c_in_the_editor_is_for_the_editor(editor: MakeEditor):
    """As a terminal sends it: to everything in the foreground, this program and its editor."""
    editor(f"""
        import signal
        assert signal.getsignal(signal.SIGQUIT) == signal.SIG_DFL
        os.kill(os.getppid(), signal.SIGINT)
        os.kill(os.getppid(), signal.SIGQUIT)
        {WITHOUT_IKE}
    """)
    former = signal.getsignal(signal.SIGINT)
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.app.is_running
        assert desk.design.keying_modules == ("AuthIP",)
        assert signal.getsignal(signal.SIGINT) is former


@pytest.mark.skipif(os.name == "nt", reason="signals as Unix has them")
async def test_what_ends_the_program_ends_its_editor_too(editor: MakeEditor):
    editor(f"""
        import signal, time
        {WITHOUT_IKE}
        os.kill(os.getppid(), signal.SIGTERM)
        time.sleep(20)
    """)
    ended: list[int] = []
    former = signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    try:
        async with at_work(MINE) as desk:
            await desk.keys("E")
            assert desk.said[0].startswith("The editor was killed by signal 15")
            assert len(kept_texts()) == 1
    finally:
        signal.signal(signal.SIGTERM, former)
    assert ended == [signal.SIGTERM]


async def test_an_editor_that_deletes_the_file_changes_nothing(editor: MakeEditor):
    editor("path.unlink()")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design == MINE
        assert desk.said == ["The editor left no file: nothing has changed"]


async def test_an_editor_that_replaces_the_file_is_read(editor: MakeEditor):
    editor("""
        other = path.with_name("other")
        other.write_text(text.replace('"IKE", ', ''), encoding="utf-8")
        other.replace(path)
    """)
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design.keying_modules == ("AuthIP",)


async def test_line_ends_of_windows_are_no_change_of_the_design(editor: MakeEditor):
    editor("""write(text.replace('"IKE", ', '').replace('\\n', '\\r\\n'))""")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.design.keying_modules == ("AuthIP",)
        assert "\r" not in desk.bench.text


async def test_no_editor_is_one_line(editor: MakeEditor, monkeypatch):
    editor("pass")
    monkeypatch.setenv("VISUAL", "no-such-editor")
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.said == [
            "there is no editor 'no-such-editor' (from $VISUAL): set VISUAL to one, such as nano or code --wait"
        ]


async def test_an_editor_that_cannot_be_started_is_one_line(editor: MakeEditor, tmp_path, monkeypatch):
    editor("pass")
    broken = tmp_path / ("broken.exe" if os.name == "nt" else "broken")
    broken.write_bytes(b"\x00no program")
    broken.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(broken))
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.said[0].startswith(f"{broken} cannot be started: ")
        assert desk.design == MINE


async def test_the_setting_comes_before_the_environment(editor: MakeEditor, monkeypatch):
    editor(WITHOUT_IKE)
    settings = Settings(editor=os.environ["VISUAL"])
    monkeypatch.setenv("VISUAL", "no-such-editor")
    async with at_work(MINE, settings=settings) as desk:
        await desk.keys("E")
        assert desk.design.keying_modules == ("AuthIP",)


async def test_read_only_says_why_not(editor: MakeEditor):
    log = editor(WITHOUT_IKE)
    async with at_work(MINE, read_only=True) as desk:
        await desk.keys("E")
        assert desk.said == ["Read-only: nothing is written"]
        assert not log.exists()


async def test_where_no_terminal_can_be_given_away_that_is_said(editor: MakeEditor, monkeypatch):
    from textual.drivers.headless_driver import HeadlessDriver

    log = editor(WITHOUT_IKE)
    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda _: False))
    async with at_work(MINE) as desk:
        await desk.keys("E")
        assert desk.said == ["There is no terminal here that an editor could be opened in"]
        assert not log.exists()


async def test_the_terminal_is_given_away_and_taken_again_whatever_the_editor_does(editor: MakeEditor, monkeypatch):
    from textual.drivers.headless_driver import HeadlessDriver

    done: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "suspend_application_mode", lambda _: done.append("away"))
    monkeypatch.setattr(HeadlessDriver, "resume_application_mode", lambda _: done.append("back"))
    for body in ("pass", "sys.exit(2)", "write('[')"):
        editor(body)
        async with at_work(MINE) as desk:
            await desk.keys("E", "d" if "[" in body else "1")
    assert done == ["away", "back"] * 3

"""Which editor it is, and what it is told."""

import os
import sys
from pathlib import Path

import pytest

from ndtui.common.errors import InputError
from ndtui.common.outside_editor import Editor, find_editor


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which some editors are there, one of them in a folder with a blank."""
    for name in ("vi", "nano", "code", "notepad", "My Editors/edit it"):
        path = tmp_path / (f"{name}.exe" if os.name == "nt" else name)
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o755)
    return {"PATH": str(tmp_path)}


def named(environment: dict[str, str], setting: str = "", **more: str) -> tuple[str, tuple[str, ...], str]:
    found = find_editor(setting, {**environment, **more}, windows=False)
    return found.name, found.command[1:], found.source


def test_settings_come_before_visual_and_visual_before_editor(programs):
    assert named(programs, "code --wait", VISUAL="nano", EDITOR="vi") == ("code", ("--wait",), "the setting editor")
    assert named(programs, VISUAL="nano -w", EDITOR="vi") == ("nano", ("-w",), "$VISUAL")
    assert named(programs, " ", VISUAL=" ", EDITOR="vi") == ("vi", (), "$EDITOR")


def test_without_a_word_it_is_what_every_system_has(programs):
    assert named(programs) == ("vi", (), "the system")
    assert find_editor("", programs, windows=True).name == "notepad"


def test_words_are_split_as_a_shell_does(programs):
    assert named(programs, EDITOR="nano -T '4 5' \"a b\" c\\ d")[1] == ("-T", "4 5", "a b", "c d")


def test_on_windows_a_backslash_is_no_escape(programs):
    folder = programs["PATH"]
    program = next(each.name for each in Path(folder).iterdir() if each.stem == "nano")
    found = find_editor(rf'"{folder}/{program}" -x "C:\a b\c" \d', programs, windows=True)
    assert found.command == (f"{folder}/{program}", "-x", r"C:\a b\c", r"\d")


def test_a_path_with_a_blank_needs_no_quotes_when_it_is_the_whole(programs):
    program = str(next(Path(programs["PATH"], "My Editors").iterdir()))
    for windows in (False, True):
        assert find_editor(program, programs, windows=windows).command == (program,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no-such-editor -x", "there is no editor 'no-such-editor' (from $EDITOR): set VISUAL or EDITOR"),
        ("nano 'x", '$EDITOR cannot be read, no closing quotation: "nano \'x": write its words as in a shell'),
        ("''", "$EDITOR names no program: \"''\""),
        ("a\x1b[31m", "there is no editor 'a\\x1b[31m'"),
    ],
)
def test_what_is_wrong_is_said_with_where_it_comes_from(programs, text, said):
    with pytest.raises(InputError) as caught:
        named(programs, EDITOR=text)
    assert str(caught.value).startswith(said)


def test_what_is_to_be_changed_is_what_names_it(programs):
    with pytest.raises(InputError, match=r"\(from the setting editor\): name one in your settings \(ndtui config path"):
        named(programs, "no-such-editor", VISUAL="nano", EDITOR="nano")
    with pytest.raises(InputError, match=r"\(from \$VISUAL\): set VISUAL to one"):
        named(programs, VISUAL="no-such-editor", EDITOR="nano")


def test_nothing_is_there_at_all():
    with pytest.raises(InputError, match="there is no editor 'vi': set VISUAL or EDITOR"):
        find_editor("", {"PATH": ""}, windows=False)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("/usr/bin/vim",), ("/usr/bin/vim", "+7", "d.toml")),
        (("nano", "-w"), ("nano", "-w", "+7", "d.toml")),
        (("/opt/hx",), ("/opt/hx", "d.toml:7")),
        ((r"C:\VS Code\bin\code.CMD", "--wait"), (r"C:\VS Code\bin\code.CMD", "--wait", "--goto", "d.toml:7")),
        (("notepad.exe",), ("notepad.exe", "d.toml")),
        ((sys.executable, "x.py"), (sys.executable, "x.py", "d.toml")),
    ],
)
def test_the_line_is_told_as_each_takes_it(command, told):
    editor = Editor(command, "$EDITOR")
    assert editor.arguments(Path("d.toml"), 7) == list(told)
    assert editor.arguments(Path("d.toml")) == [*command, "d.toml"]

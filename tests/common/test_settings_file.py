"""The file of the settings: what is right in it holds, whatever else stands there, and what is wrong is named."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.common import settings_file
from ndtui.common.settings import DEFAULTS, MOST_KEYS, Settings
from ndtui.common.settings_file import SettingsFile, parse_settings, read_settings, settings_path
from tests.support import one_line

EVERYTHING = """\
theme = "nord"
glyphs = "ascii"
layout = "ru"
backend = "memory"
preset = "ms-sample"
editor = "code --wait"
confirm_seconds = 30

[keys.designer]
undo = "ctrl+u"
save = ["s", "f2"]

[keys]
screens.help = ["h"]

[columns]
filters = ["name", "action"]

[thresholds]
check_at_once = 10
trace_at_once = 0
"""


def parsed(text: str) -> SettingsFile:
    return parse_settings(text, Path("settings.toml"))


def faults(text: str) -> list[str]:
    return [one_line(str(fault)) for fault in parsed(text).faults]


def test_without_a_file_the_defaults_hold_and_nothing_is_wrong(tmp_path: Path):
    found = read_settings(tmp_path / "none" / "settings.toml")
    assert (found.exists, found.settings, found.own, found.faults) == (False, DEFAULTS, frozenset(), ())


def test_the_defaults_are_those_that_an_empty_file_has():
    """They are made without validation, for the sake of the start."""
    assert parsed("").settings == DEFAULTS
    assert Settings.model_validate(DEFAULTS.model_dump()) == DEFAULTS


def test_the_file_is_in_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path))
    assert settings_path() == tmp_path / "settings.toml"
    settings_path().write_text('theme = "nord"\n', encoding="utf-8")
    assert read_settings().settings.theme == "nord"


def test_everything_can_be_set():
    found = parsed(EVERYTHING)
    assert found.faults == ()
    settings = found.settings
    assert (settings.theme, settings.glyphs, settings.layout) == ("nord", "ascii", "ru")
    assert (settings.backend, settings.preset, settings.editor) == ("memory", "ms-sample", "code --wait")
    assert settings.confirm_seconds == 30
    assert settings.keys == {"designer": {"undo": ("ctrl+u",), "save": ("s", "f2")}, "screens": {"help": ("h",)}}
    assert settings.columns == {"filters": ("name", "action")}
    assert (settings.thresholds.check_at_once, settings.thresholds.trace_at_once) == (10, 0)
    assert {entry[0] for entry in found.own} == set(Settings.model_fields)
    assert ("keys", "designer", "save") in found.own


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        DEFAULTS.theme = "other"  # type: ignore[misc]


WRONG = {
    "unknown": ("them = 'x'", "line 1: them is no setting: did you mean theme?"),
    "unknown in a table": ("[thresholds]\nx = 1", "line 2: thresholds.x is no setting: choose check_at_once, "),
    "none of the choices": ('glyphs = "asci"', "line 1: glyphs cannot be 'asci': did you mean ascii?"),
    "a number for a text": ("theme = 3", "line 1: theme cannot be 3: write a text in quotes"),
    "empty": ('theme = ""', "line 1: theme cannot be '': write a text, or leave it out"),
    "too small": (
        "confirm_seconds = 4",
        "line 1: confirm_seconds cannot be 4: write a whole number from 5 to 3600",
    ),
    "too large": ("confirm_seconds = 4000", "cannot be 4000: write a whole number from 5 to 3600"),
    "a truth for a number": ("confirm_seconds = true", "cannot be True: write a whole number from 5 to 3600"),
    "a part of a number": (
        "[thresholds]\ntrace_at_once = 1.5",
        "cannot be 1.5: write a whole number from 0 to 1000000",
    ),
    "no number": ("[thresholds]\ncheck_at_once = 'x'", "cannot be 'x': write a whole number from 0 to 1000000"),
    "digits without end": (f"confirm_seconds = {'9' * 4000}", "write a whole number from 5 to 3600"),
    "too long": (f"theme = '{'x' * 201}'", "write at most 200 characters"),
    "too many columns": (f"[columns]\nplan = {['x'] * 33}", "write at most 32"),
    "no list": ('[columns]\nfilters = "a"', "line 2: columns.filters cannot be 'a': write a list of texts"),
    "an empty list": ("[columns]\nfilters = []", "line 2: columns.filters cannot be []: write at least one"),
    "one of a list": ('[keys.plan]\napply = ["a", 3]', "line 2: keys.plan.apply cannot be 3: write a text in quotes"),
    "too many keys": (f"[keys.plan]\napply = {['x'] * (MOST_KEYS + 1)}", f"write at most {MOST_KEYS}"),
    "a value for a table": (
        "[keys]\nplan = 3",
        "line 2: keys.plan is a value, where a table belongs: write [keys.plan]",
    ),
    "a table for a value": ("[theme]\na = 1", "line 1: theme is a table, where a value belongs: write NAME = VALUE"),
    "a dotted table for a value": ("x = 1\ntheme.a = 1", "line 2: theme is a table, where a value belongs"),
    "an array of tables": ('[[keys]]\nplan.apply = "x"', "line 1: keys is a value, where a table belongs"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_line_and_its_remedy(text: str, said: str):
    wrong = faults(text)
    assert any(said in line for line in wrong), wrong


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_left_out_and_the_rest_holds(text: str, said: str):
    found = parsed(f'editor = "kept"\n{text}\n')
    assert found.settings == DEFAULTS.model_copy(
        update={"editor": "kept", "keys": found.settings.keys, "columns": found.settings.columns}
    )
    assert not any(found.settings.keys.values())
    assert not found.settings.columns
    assert found.own == {("editor",)}


def test_every_fault_is_named_in_the_order_of_the_file():
    lines = faults('x = 1\ntheme = 3\ny = 2\n[keys.plan]\napply = ["a", 3, 4]\n')
    assert [line.partition(":")[0] for line in lines] == ["line 1", "line 2", "line 3", "line 5"]


UNREADABLE = {
    "cut off": ('theme = "x', "line 1"),
    "no TOML": ("theme: x", "line 1"),
    "nested too deeply": (f"x = {'[' * 5000}", "nested too deeply"),
    "a number too long": (f"x = {'9' * 5000}", "digits"),
    "a key of many parts": (f"{'a.' * 60_000}b = 1", "a key of more than 32 parts"),
    "faults without end": ("\n".join(f"a{n} = 1" for n in range(10_000)), "more than 100 faults"),
}


@pytest.mark.parametrize(("text", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_of_a_file_that_cannot_be_read_nothing_holds(text: str, said: str):
    found = parsed(f'editor = "x"\n{text}')
    assert (found.settings, found.own) == (DEFAULTS, frozenset())
    (line,) = map(str, found.faults)
    assert said.replace("line 1", "line 2") in one_line(line)
    assert "nothing of the file holds until that is right" in line


def test_how_large_it_may_be_is_said(tmp_path: Path):
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (settings_file.MAX_BYTES + 1))
    assert [str(fault) for fault in read_settings(large).faults] == [
        "the file is larger than 256 KiB: is it the file you meant?"
    ]


def test_a_file_that_is_too_large_or_none_is_not_read(tmp_path: Path):
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (settings_file.MAX_BYTES + 1))
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (large, binary, tmp_path):
        found = read_settings(path)
        assert found.settings == DEFAULTS
        assert len(found.faults) == 1
        assert found.faults[0].remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes in a folder here")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "settings.toml")  # type: ignore[attr-defined,unused-ignore]  # Windows has none
    (fault,) = read_settings(tmp_path / "settings.toml").faults
    assert "it is no file" in str(fault)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_nothing_that_a_file_holds_stops_the_program(text: str):
    found = parsed(text)
    for fault in found.faults:
        one_line(str(fault))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(sorted(Settings.model_fields)),
)
def test_nothing_that_a_setting_holds_stops_the_program(value: object, name: str):
    found = parsed(f'editor = "kept"\n{name} = {_toml(value)}' if name != "editor" else f"editor = {_toml(value)}")
    assert found.settings.editor == "kept" or name == "editor"
    for fault in found.faults:
        assert fault.line is not None
        one_line(str(fault))
        assert "should" not in fault.remedy
        assert "docs/settings.md" not in fault.remedy


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool) or value is None:
        return str(bool(value)).lower()
    return str(value) if isinstance(value, int) else '"' + "".join(f"\\U{ord(c):08x}" for c in str(value)) + '"'

"""``ndtui config`` and ``ndtui keys``: what holds, whose it is, and what is wrong; and settings that commands go by."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from ndtui.app.settings_in_force import settings_in_force
from ndtui.cli.commands import designer
from ndtui.common.settings import DEFAULTS, Settings
from ndtui.common.settings_file import parse_settings, settings_path
from ndtui.screens.dialogs.countdown import LONGEST, SHORTEST, seconds_of
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.actions import ACTIONS
from tests.cli.running import Run

OWN = """\
theme = "light"
glyphs = "asci"
[keys.designer]
undo = ["z", "f5"]
zoom = "Z"
sav = "s"
[thresholds]
trace_at_once = 7
[columns]
filters = ["name", "weight"]
"""


def write(text: str) -> Path:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_path_is_printed_whether_the_file_is_there_or_not(run: Run):
    assert run("config", "path").out == f"{settings_path()}\n"
    assert json.loads(run("config", "path", "--json").out) == {"path": str(settings_path())}
    assert not settings_path().exists()


def test_what_is_printed_without_a_file_are_the_defaults(run: Run):
    done = run("config")
    assert (done.status, done.err) == (0, "")
    assert "yours" not in done.out
    assert parse_settings(done.out, settings_path()).settings == DEFAULTS
    said = tomllib.loads(done.out)
    assert set(said) == set(Settings.model_fields)


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        (
            "no-such-editor -w",
            "there is no editor 'no-such-editor' (from the setting editor): name one in your settings",
        ),
        ("'unterminated", "the setting editor cannot be read, no closing quotation: "),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="words of Windows are never without an end")
def test_an_editor_that_cannot_be_used_is_a_fault_and_stays_as_it_is(run: Run, editor: str, said: str):
    path = write(f'editor = "{editor}"\n')
    done = run("config", "check")
    assert done.status == 1
    assert done.out.startswith(f"{path}: line 1: editor cannot be used: {said}")
    assert [line for line in run("config", "print").out.splitlines() if line.endswith("# yours")]


def test_without_an_editor_of_the_settings_none_is_looked_for(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert run("config", "check").status == 0


def test_what_is_printed_marks_what_is_ones_own_and_would_make_the_settings_so(run: Run):
    write(OWN)
    done = run("config", "print")
    assert done.status == 0
    mine = [line.partition(" = ")[0] for line in done.out.splitlines() if line.endswith("# yours")]
    assert mine == ["theme", "trace_at_once", "designer.undo", "designer.zoom", "filters"]
    assert done.err.splitlines() == [
        f"ndtui: {settings_path()}: line 2: glyphs cannot be 'asci': did you mean ascii?",
        f"ndtui: {settings_path()}: line 6: keys.designer.sav is no action: did you mean save or save_as?",
    ]
    read = parse_settings(done.out, settings_path())
    assert read.faults == ()
    assert read.settings == DEFAULTS.model_copy(
        update={
            "theme": "light",
            "keys": {"designer": {"undo": ("z", "f5"), "zoom": ("Z",)}},
            "columns": {"filters": ("name", "weight")},
            "thresholds": DEFAULTS.thresholds.model_copy(update={"trace_at_once": 7}),
        }
    )


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_what_is_printed_reads_back_whichever_action_has_keys_of_ones_own(action: Action, run: Run):
    """Eight keys are the most; those that an action always has come on top of them."""
    free = [f"alt+{letter}" for letter in "abcdefgh"]
    for keys in (free[:1], free, [free[0], *action.keys]):
        write(f"[keys]\n{action.name} = {json.dumps(keys)}\n")
        before = settings_in_force()
        assert before.faults == ()
        write(run("config", "print").out)
        after = settings_in_force()
        assert after.faults == ()
        assert after.keys == before.keys
        assert set(keys) <= set(after.keys.of(action))


def test_what_is_printed_are_settings_that_hold(run: Run):
    write(
        'theme = "lihgt"\npreset = "nope"\nbackend = "nope"\n'
        '[columns]\nfilters = ["name", "nome"]\nplan = ["does", "x"]\nweights = ["y"]\nnope = ["name"]\n'
    )
    done = run("config", "print")
    told = [line.removeprefix(f"ndtui: {settings_path()}: ") for line in done.err.splitlines()]
    assert [each.partition(":")[0] for each in told] == [f"line {n}" for n in (1, 2, 3, 5, 6, 7, 8)]
    assert run("config", "check").out == "".join(f"{settings_path()}: {each}\n" for each in told)
    assert [line.split("#")[0].strip() for line in done.out.splitlines() if line.endswith("# yours")] == [
        'backend = "nope"',
        'filters = ["name"]',
        'plan = ["does"]',
    ]
    assert 'theme = "auto"\n' in done.out
    assert 'preset = "nd-transport"\n' in done.out
    data = json.loads(run("config", "--json").out)
    assert data["own"] == ["backend", "columns.filters", "columns.plan"]
    assert data["settings"]["columns"] == {"filters": ["name"], "plan": ["does"]}
    assert data["settings"]["theme"] == "auto"
    write(done.out)
    assert run("config", "check").out == f"{settings_path()}: line 5: {told[2].partition(': ')[2]}\n"


def test_a_preset_in_the_settings_is_not_standard_input(run: Run):
    write('preset = "-"\n')
    said = "line 1: preset cannot be opened: settings cannot name standard input: name a preset or a file"
    assert run("config", "check").out == f"{settings_path()}: {said}\n"
    done = run(stdin=b"name = 'x'")
    assert "nd-transport: IKE main mode" in done.out
    assert said in done.err


def test_json_has_settings_and_faults_as_data(run: Run):
    write(OWN)
    data = json.loads(run("config", "print", "--json").out)
    assert data["settings"]["theme"] == "light"
    assert data["settings"]["keys"] == {"designer.undo": ["z", "f5"], "designer.zoom": ["Z"]}
    assert data["own"] == [
        "columns.filters",
        "keys.designer.undo",
        "keys.designer.zoom",
        "theme",
        "thresholds.trace_at_once",
    ]
    assert [fault["line"] for fault in data["faults"]] == [2, 6]
    checked = json.loads(run("config", "check", "--json").out)
    assert checked["faults"] == data["faults"]


def test_checking_names_file_line_and_remedy_and_answers_with_1(run: Run):
    path = write(f'{OWN}[nothing]\n"a\\u001b[2J" = 1\n')
    done = run("config", "check")
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines()[0] == f"{path}: line 2: glyphs cannot be 'asci': did you mean ascii?"
    assert len(done.out.splitlines()) == 3
    assert "\x1b" not in done.out
    write("")
    assert (run("config", "check").status, run("config", "check").out) == (0, f"{path}: no faults\n")
    path.unlink()
    assert "there is no such file" in run("config", "check").out


def test_a_backend_and_a_preset_that_are_not_there_are_named(run: Run):
    path = write('backend = "stor"\npreset = "nd-bondary"\n')
    assert run("config", "check").out.splitlines() == [
        f"{path}: line 1: backend is no backend that is there: did you mean store?",
        f"{path}: line 2: preset cannot be opened: there is no preset 'nd-bondary': did you mean nd-boundary?",
    ]


def test_keys_are_those_that_hold_and_ones_own_are_marked(run: Run):
    write(OWN)
    done = run("keys")
    assert done.status == 0
    lines = {line.split()[0]: line for line in done.out.splitlines() if line.startswith("  ")}
    assert lines["undo"].split()[1:3] == ["z,", "f5*"]
    assert lines["zoom"].split()[1] == "Z*"
    assert lines["redo"].split()[1:4] == ["U,", "ctrl+r,", "ctrl+y"]
    assert (
        done.err == f"ndtui: {settings_path()}: line 6: keys.designer.sav is no action: did you mean save or save_as?\n"
    )
    found = {each["name"]: each for each in json.loads(run("keys", "--json").out)["actions"]}
    assert set(found) == {action.name for action in ACTIONS}
    assert found["designer.undo"]["keys"] == ["z", "f5"]
    assert {name for name, each in found.items() if each["own"]} == {"designer.undo", "designer.zoom"}


def test_commands_go_to_the_backend_that_the_settings_name(run: Run):
    write('backend = "memory"\nglyphs = 1\n')
    done = run("status")
    assert done.status == 0
    assert "memory" in done.out
    said = "line 2: glyphs cannot be 1: choose auto, unicode, ascii; ndtui config check says all"
    assert done.err == f"ndtui: {settings_path()}: {said}\n"
    assert "memory" not in run("status", "--backend", "store").out
    write('backend = "nowhere"\n')
    assert "there is no backend 'nowhere'" in run("apply", "nd-transport", "--yes").refusal()


def test_every_command_that_goes_by_the_settings_tells_of_as_many_faults(run: Run):
    write('glyphs = 1\ntheme = "lihgt"\nx = 1\n[keys.designer]\nsav = "s"\n[columns]\nfilter = ["name"]\n')
    assert len(run("config", "check").out.splitlines()) == 5
    for words in (
        ["plan", "nd-transport"],
        ["status"],
        ["history"],
        ["remove", "--yes"],
        ["diff", "store:", "nd-zones"],
    ):
        first, *_ = run(*words).err.splitlines()
        said = "line 1: glyphs cannot be 1: choose auto, unicode, ascii (at least 4 more); ndtui config check says all"
        assert first == f"ndtui: {settings_path()}: {said}", words
    assert "(at least 4 more: ndtui config check)" in run().err
    for words in (["compile", "nd-transport"], ["order", "nd-transport"], ["status", "--backend", "store"]):
        assert run(*words).err == "", words


def test_a_fault_of_the_keys_alone_is_told_too(run: Run):
    write('[keys.designer]\nsav = "s"\n')
    assert "line 2: keys.designer.sav is no action" in run("status").err


def test_the_design_that_opens_is_the_one_of_the_settings(run: Run):
    write('preset = "nd-ike-only"\n')
    assert "nd-ike-only: IKE main mode" in run().out
    write('preset = "nowhere"\n')
    done = run()
    assert "nd-transport: IKE main mode" in done.out
    assert "line 1: preset cannot be opened: there is no preset 'nowhere'" in done.err


def test_the_designer_is_opened_by_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch):
    opened = []
    monkeypatch.setattr(designer, "_has_terminal", lambda: True)
    monkeypatch.setattr("ndtui.app.launch.run_designer", lambda *words: opened.append(words) or 0)
    write(f'backend = "memory"\n{OWN}')
    assert run("nd-boundary").err == ""
    run("nd-boundary", "--backend", "store")
    (design, _, options, _), (_, _, other, _) = opened
    assert design.name == "nd-boundary"
    assert (options.backend, other.backend) == ("memory", "store")
    assert options.settings.theme == "light"
    assert options.notice.startswith(
        "line 3: glyphs cannot be 'asci': did you mean ascii? (at least 1 more: ndtui config check)"
    )
    assert options.keys == {"designer.undo": ("z", "f5"), "designer.zoom": ("Z",)}


def test_neither_version_nor_help_read_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise AssertionError("the settings are read")

    write("theme = 1")
    monkeypatch.setattr("ndtui.common.settings_file.read_settings", broken)
    monkeypatch.setattr("ndtui.app.settings_in_force.read_settings", broken)
    assert run("--version").err == ""
    assert run("plan", "--help").err == ""


def test_a_time_for_confirming_is_one_that_the_designer_takes():
    schema = Settings.model_json_schema()["properties"]["confirm_seconds"]
    assert (schema["minimum"], schema["maximum"]) == (SHORTEST, LONGEST)
    assert seconds_of(f"{DEFAULTS.confirm_seconds}s") == DEFAULTS.confirm_seconds

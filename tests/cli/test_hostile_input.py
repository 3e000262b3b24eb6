"""Hostile and malformed input, by every way in: one line that says where, and an exit status, in bounded time."""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ndtui.model.files import design_file
from tests.cli.running import Ran, Run

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")

HUGE = "0x" + "F" * 6000
DEEP = "[" * 5000 + "]" * 5000
#: Places of a design where a number may stand, and what stands around it.
NUMBERS = [
    "version = {}",
    "name = {}",
    "nd_secure = {}",
    "families = [{}]",
    "{} = 1",
    "unknown = {}",
    "sublayer = {{kind = 'own', weight = {}}}",
    "[[exemptions]]\nname = 'e'\nprotocol = {}",
    "[[exemptions]]\nname = 'e'\nprotocol = 'tcp'\nremote_ports = [{}]",
    "[[exemptions]]\nname = 'e'\nprotocol = 'icmp'\nicmp_type = {}",
    "[[exemptions]]\nname = 'e'\nremote_addresses = [{}]",
    "[[assert]]\ntraffic = {}\nverdict = 'clear'",
    "[quick_mode]\nidle_timeout_seconds = {}",
    "[main_mode]\nproposals = [{{lifetime_seconds = {}}}]",
]


@pytest.mark.parametrize(
    "number", [HUGE, f"-{HUGE[2:3]}" + "9" * 6000, "0b" + "1" * 20_000, "1" * 5000, "1e999", "nan"]
)
@pytest.mark.parametrize("place", NUMBERS)
def test_a_number_of_any_length_is_one_line(run: Run, place: str, number: str):
    text = place.format(number)
    if not text.startswith("name"):
        text = f'name = "n"\n{text}'
    ran = run("compile", "-", stdin=text.encode())
    assert ran.status in (0, 2)
    if ran.status:
        assert "unexpected" not in ran.refusal()


def test_a_number_among_the_presets_does_not_end_the_list(run: Run, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "huge.toml").write_text(f'name = "huge"\nversion = {HUGE}\n')
    ran = run("presets")
    assert ran.status == 0
    assert "nd-transport" in ran.out
    assert ran.err.startswith("ndtui: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("separator", [".", " . ", '."a".', ".'a'.", '."\\u0061".'])
@pytest.mark.parametrize("around", ["{} = 1", "[{}]", "[[{}]]", "x = {{ {} = 1 }}", 'name = "x" # y\n{} = 1'])
def test_a_dotted_key_of_many_parts_is_refused_before_it_is_read(
    run: Run, around: str, separator: str, monkeypatch: pytest.MonkeyPatch
):
    """One of 80 kB took gigabytes."""
    monkeypatch.setattr(design_file.tomllib, "loads", lambda text: pytest.fail("it was read"))
    key = separator.join(["a"] * 20_000)
    refusal = run("compile", "-", stdin=around.format(key).encode()).refusal()
    assert "a key of more than 32 parts" in refusal
    assert ": line " in refusal


@pytest.mark.parametrize(
    "text",
    [
        'name = "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21.22.23.24.25.26.27.28.29.30.31.32.33"',
        'name = "n"\ndescription = "' + "a." * 100 + '"',
        'name = "n"\ndescription = "' + ". " * 100 + '"',
        'name = "n" # ' + "a." * 100,
        'name = "n"\ndescription = """\n' + "." * 100 + '\n"""',
        'name = "n"\n[[exemptions]]\nname = "e"\nremote_addresses = [' + '"10.0.0.1", ' * 40 + "]",
    ],
)
def test_dots_that_are_no_key_are_none(run: Run, text: str):
    ran = run("compile", "-", stdin=text.encode())
    assert "parts" not in ran.err


def test_more_values_than_any_design_has_are_refused_before_they_are_read(run: Run, monkeypatch):
    monkeypatch.setattr(design_file, "MAX_VALUES", 1000)
    monkeypatch.setattr(design_file.tomllib, "loads", lambda text: pytest.fail("it was read"))
    for text in ("x = [" + "[]," * 600 + "]", "a = 1\n" * 1001, "[a]\n" * 1001, "x = [" + "{}," * 600 + "]"):
        assert "holds more than 1,000 values" in run("compile", "-", stdin=text.encode()).refusal()
    monkeypatch.setattr(design_file, "MAX_TABLES", 100)
    assert "holds more than 100 tables" in run("compile", "-", stdin=b"\n[a]" * 101).refusal()


#: Bundles, each with what of a sound one is changed.
BUNDLES: dict[str, dict[str, Any]] = {
    "a key that is a list": {"filters": [{"filterKey": []}]},
    "a key that is an object": {"filters": [{"filterKey": {}}]},
    "no objects": {"filters": [1, None, "x", []]},
    "a name that is a list": {"filters": [{"filterKey": "x", "displayData": []}]},
    "a display that is a number": {"subLayers": [{"subLayerKey": 7, "displayData": 7}]},
    "contexts by name": {"providerContexts": {"a": 1}},
    "findings of anything": {"findings": 7},
    "a digest of anything": {"sha256": []},
    "a version that is a list": {"version": []},
    "a version that is huge": {"version": 2**70},
    "a format that is an object": {"format": {"x": "\x1b[2J"}},
    "a design that is a list": {"design": []},
    "a design of anything": {"design": {"name": [], "version": {}}},
}


@pytest.fixture
def sound(run: Run) -> dict[str, Any]:
    return json.loads(run("export", "nd-transport").out)


@pytest.mark.parametrize("kind", BUNDLES)
def test_a_malformed_bundle_is_one_line(run: Run, sound: dict[str, Any], kind: str, tmp_path: Path):
    path = tmp_path / "b.json"
    path.write_text(json.dumps({**sound, **BUNDLES[kind]}))
    for command in ("compile", "import"):
        ran = run(command, path)
        assert foreseen(ran), ran
        assert ran.status in (1, 2)


#: What is no JSON that can be worked with, each as the value of a member.
TEXTS = [
    DEEP,
    '{"a":' * 5000 + "1" + "}" * 5000,
    "1" * 5000,
    "1e999",
    "NaN",
    "-Infinity",
    '"\\ud800"',
    "[" * 900 + "]" * 900,
]


@pytest.mark.parametrize("value", TEXTS, ids=lambda text: text[:9])
def test_json_beyond_the_bounds_is_one_line(run: Run, value: str, tmp_path: Path):
    path = tmp_path / "x.json"
    for text in (
        value,
        f'{{"format": "ndtui-bundle", "version": 1, "design": {{"name": "n"}}, "filters": {value}}}',
        f'{{"format": "ndtui-design", "name": "n", "x": {value}}}',
        f'{{"format": "ndtui-plan", "version": 1, "changes": {value}}}',
    ):
        path.write_text(text)
        for words in (("compile", path), ("apply", path, "--yes"), ("diff", path, "nd-transport")):
            ran = run(*words)
            assert foreseen(ran), ran


def resealed(document: dict[str, Any]) -> str:
    """Return a plan with the digest that it ought to have."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return json.dumps({**document, "sha256": sha256(canonical.encode()).hexdigest()})


#: What of the first object of a saved plan is changed.
OBJECTS: list[dict[str, Any]] = [
    {"flags": 7},
    {"flags": [7]},
    {"flags": {"a": 1}},
    {"flags": None},
    {"layerKey": []},
    {"layerKey": {"x": 1}},
    {"subLayerKey": []},
    {"providerKey": {}},
    {"providerContextKey": []},
    {"displayData": {"name": "\x1b[2J"}},
    {"displayData": {"name": []}},
    {"weight": []},
    {"filterCondition": 7},
    {"action": "x"},
    {"rawContext": "z"},
    {"serviceName": []},
]


@pytest.mark.parametrize("change", OBJECTS, ids=str)
@pytest.mark.parametrize("kind", ["provider", "providerContext", "filter"])
def test_a_malformed_plan_is_one_line(run: Run, kind: str, change: dict[str, Any], tmp_path: Path):
    path = tmp_path / "plan.json"
    assert run("plan", "nd-transport", "-o", path).status == 0
    document = json.loads(path.read_text())
    del document["sha256"]
    next(each["after"] for each in document["changes"] if each["kind"] == kind).update(change)
    path.write_text(resealed(document))
    ran = run("apply", path, "--yes")
    assert ran.status in (0, 1, 2)
    assert "unexpected" not in ran.err
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("place", ["\x00", "x" * 5000, "/dev/null/x", "/dev/null/\x1b[2J"])
def test_a_plan_of_any_place_is_one_line(run: Run, place: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "plan.json"
    run("plan", "nd-transport", "-o", path)
    document = json.loads(path.read_text())
    del document["sha256"]
    path.write_text(resealed({**document, "place": place}))
    ran = run("apply", path, "--yes")
    assert foreseen(ran), ran


def foreseen(ran: Ran) -> bool:
    """Whether a run was refused in one line, by who knew what it was."""
    *_, line = ran.err.splitlines()
    told = ran.err.count("ndtui: error: ") == 1 and line.startswith("ndtui: error: ")
    return ran.status in (1, 2) and told and "unexpected" not in line and line.isprintable()


def ways_in(path: str) -> list[tuple[str, ...]]:
    """Return every command that opens a path."""
    return [
        ("compile", path),
        ("check", f"{path}.toml"),
        ("inspect", path),
        ("events", path),
        ("diff", path, "nd-transport"),
        ("diff", f"{path}.xml", "nd-transport"),
        ("order", path),
        ("import", path),
        ("import", "--from-netsh", path),
        ("export", "nd-transport", "-o", path),
        ("plan", "nd-transport", "-o", path),
        ("status", "--store", path),
        ("apply", "nd-transport", "--yes", "--store", path),
        ("trace", "nd-transport", "--file", path),
        ("presets", "show", path),
        (path,),
    ]


@posix
def test_a_link_that_leads_to_itself_is_one_line(run: Run, tmp_path: Path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for end in ("", ".toml", ".xml"):
        Path(f"{loop}{end}").unlink(missing_ok=True)
        Path(f"{loop}{end}").symlink_to(f"{loop}{end}")
    for words in ways_in(str(loop)):
        ran = run(*words)
        assert foreseen(ran), (words, ran)


@pytest.mark.parametrize("name", ["x" * 300, "ä" * 200, "x/" * 3000 + "x", "x" * 70_000, "a\x00b", "\ud800"])
def test_a_name_that_no_system_takes_is_one_line(run: Run, name: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in ways_in(name):
        ran = run(*words)
        assert ran.status in (1, 2), words
        assert foreseen(ran), (words, ran)


@posix
@pytest.mark.parametrize("variable", ["NDTUI_CONFIG_DIR", "NDTUI_DATA_DIR"])
def test_a_folder_of_ones_own_that_cannot_be_is_one_line(run: Run, variable: str, tmp_path: Path, monkeypatch):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for folder in (str(loop), "x" * 5000, os.devnull):
        monkeypatch.setenv(variable, folder)
        for words in (["presets"], ["status"], ["apply", "nd-boundary", "--yes"], ["import", "nd-transport"]):
            ran = run(*words)
            assert "unexpected" not in ran.err
            assert ran.err.count("\n") <= 1

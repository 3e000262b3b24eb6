"""Bad use and bad input: one line on standard error that says what is wrong, nothing else, and the status."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Run

HEAD = 'format = "ndtui-design"\nversion = 1\nname = "test"\n'

#: What a file holds, and what the line that refuses it must say.
BAD_DESIGNS = {
    "cut off": (HEAD + 'description = "it end', "cut off"),
    "cut off in a table": (HEAD + "[[exemptions", "line 4"),
    "wrong type": (HEAD + "nd_secure = 7\n", "line 4"),
    "text for a list": (HEAD + 'families = "V4"\n', "families"),
    "unknown key": (HEAD + "keying_module = []\n", "did you mean keying_modules"),
    "no name": ('format = "ndtui-design"\nversion = 1\n', "name"),
    "port out of range": (
        HEAD + '[[exemptions]]\nname = "a"\nprotocol = "tcp"\nremote_ports = [70000]\n',
        "ports go from 0 to 65535",
    ),
    "no port": (HEAD + '[[exemptions]]\nname = "a"\nprotocol = "tcp"\nremote_ports = ["dns"]\n', "remote_ports"),
    "V6 in V4 only": (
        HEAD + 'families = ["V4"]\n[[exemptions]]\nname = "a"\nremote_addresses = ["fe80::/10"]\n',
        "add V6 to families",
    ),
    "no keying module": (HEAD + "keying_modules = []\n", "keying_modules is empty"),
    "no family": (HEAD + "families = []\n", "families is empty"),
    "no address": (HEAD + '[[exemptions]]\nname = "a"\nremote_addresses = ["10.0.0.300"]\n', "10.0.0.300"),
    "unknown layer": (HEAD + '[[exemptions]]\nname = "a"\nlayers = ["FWPM_LAYER_STREAM"]\n', "FWPM_LAYER_STREAM"),
    "same name twice": (HEAD + '[[exemptions]]\nname = "a"\n[[exemptions]]\nname = "a"\n', "names must differ"),
    "future version": ('format = "ndtui-design"\nversion = 99\nname = "a"\n', "use a newer ndtui"),
    "another format": ('format = "something"\nname = "a"\n', "something"),
    "empty": ("", "is empty: is it the file you meant?"),
    "escape sequence": ('name = "a\\u001b[2J"\n', "U+001B"),
    "escape sequence in a key": ('name = "a"\n"\\u001b[2J" = 1\n', "\\x1b[2J"),
    "right to left": ('name = "a\\u202eb"\n', "U+202E"),
    "nested": ("a = " + "[" * 5000, "nested too deeply"),
    "NUL": ("name = 'a\x00b'\n", "NUL"),
    "JSON that is cut off": ('{"format": "ndtui-bundle", ', "cut off"),
    "JSON of another kind": ('{"format": "something"}', "is no bundle"),
    "bundle without design": ('{"format": "ndtui-bundle", "version": 1}', "design"),
    "bundle of the future": ('{"format": "ndtui-bundle", "version": 2, "design": {}}', "use a newer ndtui"),
    "nested JSON": ('{"a":' * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("kind", BAD_DESIGNS)
@pytest.mark.parametrize("source", ["file", "stdin"])
def test_a_bad_design_is_refused_in_one_line(kind: str, source: str, run: Run, tmp_path: Path):
    text, expected = BAD_DESIGNS[kind]
    file = tmp_path / "design.toml"
    file.write_bytes(text.encode())
    ran = run("compile", file) if source == "file" else run("compile", "-", stdin=text.encode())
    line = ran.refusal()
    assert expected in line
    assert (str(file) if source == "file" else "standard input") in line


@pytest.mark.parametrize(
    ("content", "expected"), [(bytes(range(256)) * 40, "no UTF-8 text"), (b"\xff\xfen\x00a\x00=", "no UTF-16 text")]
)
def test_a_file_that_is_no_text_is_refused(content: bytes, expected: str, run: Run, tmp_path: Path):
    (tmp_path / "junk.toml").write_bytes(content)
    assert expected in run("check", tmp_path / "junk.toml").refusal()
    assert expected in run("check", "-", stdin=content).refusal()


def test_a_huge_file_is_refused_without_reading_it_all(run: Run, tmp_path: Path):
    huge = tmp_path / "huge.toml"
    with huge.open("wb") as file:
        file.truncate(5_000_000_000)
    assert "larger than 128 MiB" in run("compile", huge).refusal()


def test_a_file_that_may_not_be_read_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "secret.toml"
    file.write_text(HEAD)

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert "secret.toml cannot be read: Permission denied" in run("compile", file).refusal()


def test_a_place_that_holds_no_design_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert "is a directory" in run("compile", tmp_path / "folder").refusal()
    assert "there is no file" in run("compile", tmp_path / "missing.toml").refusal()
    assert "there is no file" in run("compile", "./missing").refusal()
    assert "folder is a directory: name a file" in run("compile", "folder").refusal()
    for ending in ("reg", "CMD", "bat", "txt", "xml", "zip", "evtx", "csv", "ps1"):
        for command in ("compile", "check", "plan", "apply"):
            said = run(command, f"x.{ending}").refusal()
            assert f"there is no file x.{ending}: check the spelling of the path" in said
    run("compile", tmp_path / ("x" * 300)).refusal()
    run("compile", "a\0b").refusal()
    run("compile", "\udcff").refusal()


#: Command lines, and what the line that refuses them must say.
BAD_USE = {
    ("compile",): "DESIGN",
    ("compile", "nope"): "nd-transport",
    ("compile", "nd-transport", "--jsn"): "--jsn",
    ("compile", "nd-transport", "--js"): "--js",
    ("compile", "\x1b[31mred"): "\\x1b[31mred",
    ("compile", "nd-transport", "--\x1b[31mred"): "\\x1b[31mred",
    ("order", "nd-transport", "--layer", "STREAM_V4"): "INBOUND_TRANSPORT_V4",
    ("export", "nd-transport", "-f", "pdf"): (
        "bundle, c, design, gpo-reg, handover, html, netsh, netsh-xml, powershell, python, report, table"
    ),
    ("plan", "nd-transport", "--backend", "nope"): "choose memory, store",
    ("apply", "nd-transport", "--yes", "--backend", "nope"): "choose memory, store",
    ("plan", "nd-transport", "--store"): "--store",
    ("apply", "nd-transport", "--yes", "--read-only"): "--read-only",
    ("rollback", "one", "--yes"): "one",
    ("presets", "destroy"): "destroy",
    ("presets", "show"): "needs a name",
    ("presets", "delete"): "presets delete needs a name",
    ("presets", "delete", "nd-transprot"): "did you mean nd-transport?",
    ("presets", "show", "nope"): "nd-transport",
    ("presets", "list", "nd-transport"): "takes no name",
    ("schema",): "what",
    ("schema", "filter"): "filter",
    ("inspect", "missing.xml"): "missing.xml",
    ("matrix",): "DESIGN",
    ("matrix", "nd-transport", "nope"): "nope",
    ("import", "missing.json"): "missing.json",
    ("--backend",): "--backend",
    ("--nonsense",): "--nonsense",
    ("",): "is no command",
    ("complie",): "did you mean compile or completion?",
    ("complie", "nd-transport", "--json"): "did you mean compile or completion?",
    ("nd-transprot",): "nd-transport",
    ("--read-only", "nd-transprot"): "nd-transport",
    ("export", "nd-transport", "--set", r"D:\Dir"): r"--set 'D:\Dir' sets nothing",
    ("zzzzzz",): "ndtui --help lists the commands",
    ("compile", "nd-transprot"): "there is no preset 'nd-transprot': did you mean nd-transport?",
    ("compile", "zzzzzz"): "choose nd-transport, ",
    ("plan", "nd-transport", "--backend", "stor"): "there is no backend 'stor': did you mean store?",
    ("export", "nd-transport", "-f", "bundl"): "there is no export format 'bundl': did you mean bundle?",
    ("apply", "nd-transport", "--bakend", "memory"): "there is no option --bakend: did you mean --backend?",
    ("--bakend=memory",): "there is no option --bakend: did you mean --backend?",
    ("order", "nd-transport", "--layer", "INBOUND_TRANSPRT_V4"): "INBOUND_TRANSPORT_V6 or OUTBOUND_TRANSPORT_V4?",
    ("nd-transport", "nd-boundary"): "nd-boundary",
    ("trace", "nd-transport", "in tcp 10.0.0.5:1 -> 10.0.0.9:2", "--peer", "autip"): "did you mean authip?",
    ("trace", "nd-transport", "in tcp 10.0.0.5:1 -> 10.0.0.9:2", "--peer", "nd-boundry"): "did you mean nd-boundary?",
    ("trace", "nd-transport", "in tpc 10.0.0.5:1 -> 10.0.0.9:2"): "'tpc' is no protocol: did you mean tcp?",
    ("order", "nd-transport", "--layer", "ipsec_v5"): "did you mean IPSEC_V6 or IPSEC_V4?",
    ("compile", "nd-transport", "--verison"): "there is no option --verison: did you mean ndtui --version?",
    ("compile", "--version"): "there is no option --version: did you mean ndtui --version?",
    ("apply", "nd-transport", "--ascii"): "there is no option --ascii: see ndtui apply --help",
    ("export", "nd-transport", "--json"): "there is no option --json: see ndtui export --help",
    ("compile", "nd-transport", "-x"): "there is no option -x: see ndtui compile --help",
    ("compile", "nd-transport", "-j"): "there is no option -j: did you mean --json?",
    ("compile", "nd-transport", "-V"): "there is no option -V: did you mean ndtui --version?",
    ("history", "-n", "3"): "there is no option -n: see ndtui history --help",
    ("-V",): "there is no option -V: did you mean --version?",
    ("--json", "nd-transport"): "there is no option --json: see ndtui --help",
    ("serve", "--prot", "1"): "there is no option --prot: did you mean --port?",
    ("check", "-dash.toml"): "a name that begins so is written ./-dash.toml, or with -- before it",
    ("compile", "nd-transport", "extra"): "there is no place for extra: see ndtui compile --help",
    ("history", "1", "--json", "2", "3"): "there is no place for 3: see ndtui history --help",
    ("history", "1", "--store", "--json", "2"): "argument --store: expected one argument",
    (
        "trace",
        "nd-transport",
        *["in", "tcp", "1.2.3.4", "->", "1.2.3.5:80"],
    ): "write a packet in quotes; see ndtui trace --help",
    ("compile", "--jsn"): "there is no option --jsn: did you mean --json?",
    ("--bakend", "memory"): "there is no option --bakend: did you mean --backend?",
    ("schema", "desing"): "ndtui schema takes no 'desing': did you mean design?",
    ("presets", "lst"): "ndtui presets takes no 'lst': did you mean list?",
    ("presets", "delte", "x"): "ndtui presets takes no 'delte': did you mean delete?",
    ("inspect", "x.xml", "--show", "filter"): "--show takes no 'filter': did you mean filters?",
    ("trace", "nd-transport", "--mismatch", "quick"): "--mismatch takes no 'quick': did you mean quick-mode?",
    ("trace", "nd-transport", "--direction", "up"): "--direction takes no 'up': choose in, out",
}


@pytest.mark.parametrize("words", BAD_USE, ids=" ".join)
def test_bad_use_is_refused_in_one_line(words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert BAD_USE[words] in run(*words).refusal()


@pytest.mark.parametrize("command", ["plan", "status", "history", "remove"])
def test_a_store_that_is_none_is_refused(command: str, run: Run, tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("shopping list\n" * 1000)
    words = (command, "nd-transport") if command == "plan" else (command,)
    assert "no store of ndtui" in run(*words, "--store", file).refusal()
    assert file.read_text() == "shopping list\n" * 1000


def test_an_edited_bundle_is_refused_with_the_place_of_the_edit(run: Run, tmp_path: Path):
    bundle = json.loads(run("compile", "nd-transport", "--json").out)
    bundle["filters"][9]["action"]["type"] = "FWP_ACTION_BLOCK"
    file = tmp_path / "edited.json"
    file.write_text(json.dumps(bundle))
    for words in (("compile", file), ("check", file), ("plan", file), ("import", file), ("matrix", file)):
        line = run(*words).refusal(status=1)
        assert "edited by hand" in line
        assert "action of" in line
    assert run("import", file, "--accept-edits", "--name", "taken").status == 0


def test_a_bug_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ndtui.cli.arguments.sources.compile_design", lambda design: 1 / 0)
    assert "unexpected: ZeroDivisionError: division by zero" in run("compile", "nd-transport").refusal()


def test_an_interrupt_is_a_status(run: Run, monkeypatch: pytest.MonkeyPatch):
    def interrupted(design: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ndtui.cli.arguments.sources.compile_design", interrupted)
    ran = run("compile", "nd-transport")
    assert (ran.status, ran.out, ran.err) == (130, "", "")


def test_what_begins_as_an_option_does_and_is_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A negative number, a value with a blank, one that stands with its option, and what follows --."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-dash.toml").write_text('name = "x"\n', encoding="utf-8")
    assert run("check", "--", "-dash.toml").status == 0
    assert run("check", "./-dash.toml").status == 0
    assert "option" not in run("history", "-1").err
    assert run("apply", "--yes", "nd-transport", "-m", "- for a test").status == 0
    assert run("export", "nd-transport", "-fdesign").status == 0
    assert run("export", "nd-transport", "-o-", "--set=indent=2").err.count("no option --") == 0


SPLIT = {
    "trace": ("trace", "nd-transport", "out icmp 10.0.0.9 -> 10.0.0.5", "in tcp 10.0.0.5:1 -> 10.0.0.9:2"),
    "presets": ("presets", "show", "nd-transport"),
    "config": ("config", "print"),
    "order": ("order", "nd-transport"),
    "matrix": ("matrix", "nd-transport", "nd-boundary", "nd-transport"),
}


@pytest.mark.parametrize("words", SPLIT.values(), ids=list(SPLIT))
def test_an_option_stands_anywhere_among_the_arguments(words: tuple[str, ...], run: Run):
    """Before them, between any two, behind them, and where what follows it stands behind ``--``."""
    first = run(words[0], "--json", *words[1:])
    assert first.err == ""
    for place in range(2, len(words) + 1):
        before, behind = words[:place], words[place:]
        assert run(*before, "--json", *behind) == first
        assert run(*before, "--json", "--", *behind) == first


def test_an_option_with_its_value_stands_between_two_arguments(run: Run, tmp_path: Path):
    store = tmp_path / "store"
    for name in ("nd-transport", "nd-boundary"):
        assert run("apply", name, "--store", store, "--yes").status == 0
    last = run("history", "1", "2", "--store", store)
    assert last.status == 0
    assert run("history", "1", "--store", store, "2") == last
    assert run("history", "1", f"--store={store}", "2") == last
    assert run("history", "1", "--store", store, "--", "2") == last

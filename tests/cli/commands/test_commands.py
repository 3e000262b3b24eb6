"""What each command prints, for a person and as JSON."""

import json
import shlex
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from ndtui.cli.commands import COMMANDS
from ndtui.common.plugins import Plugin
from ndtui.exporters import exporting
from ndtui.exporters.bundle.bundle import format_bundle
from ndtui.exporters.registry import BUILT_IN, exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.files import presets
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.ui.keys.actions import ACTIONS
from tests.cli.running import Run
from tests.events import CONNECTION, net_event, net_events, security_event, security_log
from tests.support import design, preset

HOSTILE = "[/x] [b \U0001f512 מפתח"
SHIPPED = [each.name for each in presets.shipped()]


def printed(run: Run, *words: str | Path, stdin: bytes = b"") -> str:
    ran = run(*words, stdin=stdin)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


def document(run: Run, *words: str | Path) -> Any:
    text = printed(run, *words)
    assert text.isascii()
    return json.loads(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_compile_prints_every_filter_and_the_counts(name: str, run: Run):
    filterset = compile_design(preset(name))
    *lines, last = printed(run, "compile", name).splitlines()
    filters = len(filterset.filters)
    assert len(lines) == 1 + len(filterset.layers) + filters
    assert last.startswith(f"{filters} filters in {len(filterset.layers)} layers, ")
    for each in filterset.filters:
        assert any(line.endswith(f"  {each.name}") for line in lines)


def test_compile_of_the_default_is_what_the_scenario_page_has(run: Run):
    text = printed(run, "compile", "nd-transport")
    assert text.endswith("\n20 filters in 10 layers, 4 provider contexts\n")
    lines = [line for line in text.splitlines() if "require protection inbound" in line]
    assert all("IPSEC_INBOUND_INITIATE_SECURE_V" in line for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize("name", SHIPPED)
def test_compile_as_json_is_the_bundle(name: str, run: Run):
    assert printed(run, "compile", name, "--json") == format_bundle(compile_design(preset(name)))


def test_a_design_comes_from_a_preset_a_file_a_bundle_or_standard_input(run: Run, tmp_path: Path):
    expected = printed(run, "compile", "nd-boundary")
    toml, bundle = tmp_path / "design.toml", tmp_path / "bundle.json"
    toml.write_text(printed(run, "presets", "show", "nd-boundary"), encoding="utf-8")
    bundle.write_text(printed(run, "compile", "nd-boundary", "--json"), encoding="utf-8")
    plain = tmp_path / "without-ending"
    plain.write_bytes(bundle.read_bytes())
    for file in (toml, bundle, plain):
        assert printed(run, "compile", file) == expected
        assert printed(run, "compile", "-", stdin=file.read_bytes()) == expected
    data = json.dumps(document(run, "presets", "show", "nd-boundary", "--json"))
    assert printed(run, "compile", "-", stdin=data.encode()) == expected


def test_a_file_in_this_folder_needs_no_ending(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("mine").write_text('name = "mine"\n')
    assert "mine: inbound transport" in printed(run, "compile", "mine")


def test_own_presets_go_by_name(run: Run):
    file = presets.own_path("mine")
    presets.save(design(name="mine", scenario="boundary"), file)
    assert "mine: inbound transport" in printed(run, "compile", "mine")
    assert [each["kind"] for each in document(run, "presets", "--json")["presets"]] == ["shipped"] * len(SHIPPED) + [
        "own"
    ]


BARE = """name = "bare"
keying_modules = ["IKE"]
[[rules]]
name = "base"
mode = "boundary"
[[exemptions]]
name = "ICMP"
protocol = "icmp"
"""


def test_check_finds_nothing_in_boundary_mode(run: Run):
    assert run("check", "-", stdin=BARE.encode()).out == "Nothing found.\n"
    found = json.loads(run("check", "-", "--json", stdin=BARE.encode()).out)
    assert found == {"design": "bare", "findings": []}


def test_check_says_what_where_why_and_what_helps(run: Run):
    text = 'name = "open"\n[[exemptions]]\nname = "all"\n'
    ran = run("check", "-", stdin=text.encode())
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("error: exempts-everything at exemption:all\n")
    for label in ("  Why:    ", "  Remedy: ", "  See:    https://learn.microsoft.com/"):
        assert f"\n{label}" in ran.out
    ran = run("check", "-", "--json", stdin=text.encode())
    assert ran.status == 1
    first = json.loads(ran.out)["findings"][0]
    assert list(first) == ["id", "severity", "where", "message", "why", "remedy", "source"]
    assert (first["id"], first["where"]) == ("exempts-everything", "exemption:all")


def test_warnings_leave_the_status_at_0(run: Run):
    ran = run("check", "nd-ipv4-only")
    assert ran.status == 0
    assert ran.out.startswith("warning: one-family")
    assert ran.out.endswith("\n2 warnings, 2 notes\n")


def test_order_goes_from_first_to_last_match(run: Run):
    layers = document(run, "order", "nd-domain-member", "--json")["layers"]
    assert sum(len(layer["filters"]) for layer in layers) == 40
    for layer in layers:
        weights = [each["effectiveWeight"]["uint64"] for each in layer["filters"]]
        assert weights == sorted(weights, reverse=True)
    text = printed(run, "order", "nd-transport")
    assert text.index("exempt ICMP") < text.index("inbound transport")


@pytest.mark.parametrize("layer", ["INBOUND_TRANSPORT_V6", "inbound_transport_v6", "FWPM_LAYER_INBOUND_TRANSPORT_V6"])
def test_order_of_one_layer(layer: str, run: Run):
    groups = document(run, "order", "nd-transport", "--layer", layer, "--json")["layers"]
    assert [group["layerKey"] for group in groups] == ["FWPM_LAYER_INBOUND_TRANSPORT_V6"]


def test_matrix_pairs_every_two_hosts(run: Run):
    cells = document(run, "matrix", "nd-transport", "nd-boundary", "--json")["cells"]
    assert len(cells) == 16
    blocked = next(c for c in cells if (c["initiator"], c["responder"]) == ("unmanaged", "nd-transport"))
    assert blocked["settled"] == "blocked"
    assert "from unmanaged\n  to nd-transport " in printed(run, "matrix", "nd-transport")


RULES = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\ConSecRules]
"{1}"="v2.10|Action=SecureServer|Active=TRUE|Name=Isolation|"
"""
DUMP = """<?xml version="1.0" encoding="utf-8"?>
<wfpdiag><filters numItems="1"><item>
<filterKey>{00000000-0000-4000-8000-000000000001}</filterKey>
<displayData><name>a&#x202e;b</name><description/></displayData>
<flags/><providerKey/><providerData/>
<layerKey>FWPM_LAYER_INBOUND_TRANSPORT_V4</layerKey><subLayerKey>FWPM_SUBLAYER_UNIVERSAL</subLayerKey>
<weight><type>FWP_UINT8</type><uint8>12</uint8></weight>
<filterCondition numItems="1"><item><fieldKey>FWPM_CONDITION_IP_PROTOCOL</fieldKey>
<matchType>FWP_MATCH_EQUAL</matchType><conditionValue><type>FWP_UINT8</type><uint8>6</uint8></conditionValue></item>
</filterCondition>
<action><type>FWP_ACTION_PERMIT</type><filterType/></action><rawContext>0</rawContext><reserved/>
<filterId>7</filterId><effectiveWeight><type>FWP_UINT64</type><uint64>13835058055282163712</uint64></effectiveWeight>
</item></filters></wfpdiag>
"""


def test_inspect_reads_what_netsh_wrote(run: Run, tmp_path: Path):
    file = tmp_path / "filters.xml"
    file.write_text(DUMP, encoding="utf-8")
    text = printed(run, "inspect", file)
    assert "INBOUND_TRANSPORT_V4, sublayer UNIVERSAL of weight 32768\n" in text
    assert "IP_PROTOCOL = TCP" in text
    assert "a\\u202eb" in text
    assert text.endswith("1 filter in 1 layer, from netsh wfp show filters\n")
    found = document(run, "inspect", file, "--layer", "INBOUND_TRANSPORT_V4", "--json")
    assert found["kind"] == "filters"
    (each,) = found["layers"][0]["filters"]
    assert each["weight"] == {"type": "FWP_UINT8", "uint8": 12}
    assert each["rawContext"] == 0
    assert "no layer IPSEC_V4" in run("inspect", file, "--layer", "IPSEC_V4").refusal()
    assert "mean INBOUND_TRANSPORT_V4?" in run("inspect", file, "--layer", "inbound_trnsport_v4").refusal()


def test_presets_are_listed_shown_and_located(run: Run):
    text = printed(run, "presets")
    assert text == printed(run, "presets", "list")
    assert [line.split()[0] for line in text.splitlines()] == ["name", *SHIPPED]
    shown = printed(run, "presets", "show", "nd-transport")
    assert shown == presets.find("nd-transport").path.read_text(encoding="utf-8")
    assert printed(run, "presets", "path") == f"{presets.own_dir()}\n"
    assert printed(run, "presets", "path", "nd-transport").endswith("nd-transport.toml\n")
    assert document(run, "presets", "path", "--json") == {"path": str(presets.own_dir())}
    assert document(run, "presets", "show", "ms-sample", "--json")["name"] == "ms-sample"


def test_a_broken_preset_of_ones_own_does_not_hide_the_others(run: Run):
    presets.own_dir().mkdir(parents=True)
    (presets.own_dir() / "broken.toml").write_text("name = ")
    ran = run("presets")
    assert ran.status == 0
    assert len(ran.out.splitlines()) == 1 + len(SHIPPED)
    assert ran.err.count("\n") == 1
    assert "broken.toml: line 1" in ran.err


def test_a_preset_is_shown_without_what_acts_on_a_terminal(run: Run):
    presets.own_dir().mkdir(parents=True)
    (presets.own_dir() / "mine.toml").write_text('\tname = "mine" # \u202e\n', encoding="utf-8")
    assert printed(run, "presets", "show", "mine") == '\tname = "mine" # \\u202e\n'


def test_backends_are_listed(run: Run):
    text = printed(run, "backends")
    assert [line.split()[0] for line in text.splitlines()] == ["name", "memory", "store", "wfp"]
    *found, windows = document(run, "backends", "--json")["backends"]
    assert all(each["capabilities"]["write"] and not each["problem"] for each in found)
    assert windows["problem"].startswith("needs Windows") or windows["capabilities"]["write"]


def test_a_broken_plug_in_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch):
    from ndtui.backends import registry

    broken = Plugin("broken", "elsewhere", "no.such.module:Backend")
    found = [*registry.available(), broken]
    monkeypatch.setattr("ndtui.cli.printing.backend_list.available", lambda: found)
    *_, last = printed(run, "backends").splitlines()
    assert last.startswith("broken")
    assert "No module named" in last


@pytest.mark.parametrize("name", BUILT_IN)
def test_export_writes_every_format(name: str, run: Run, tmp_path: Path):
    filterset = compile_design(preset("nd-domain-member"))
    made, findings, _ = exporting.exported(exporter(name), filterset, {}, lossy=True)
    said = "".join(f"{each.line}\n" for each in findings)
    expected = made.content if isinstance(made.content, bytes) else made.written(made.content).encode()
    if isinstance(made.content, str):
        ran = run("export", "nd-domain-member", "--format", name, "--lossy")
        assert (ran.status, ran.out.encode(), ran.err) == (0, expected, said)
    file = tmp_path / f"out{exporter(name).suffix}"
    ran = run("export", "nd-domain-member", "-f", name, "--lossy", "-o", file)
    assert (ran.status, ran.out, ran.err) == (0, "", f"{said}Exported {name} to {file}\n")
    assert file.read_bytes() == expected


def test_export_overwrites_only_with_leave(run: Run, tmp_path: Path):
    file = tmp_path / "bundle.json"
    file.write_text("precious")
    assert "already there" in run("export", "nd-transport", "-o", file).refusal(status=1)
    assert file.read_text() == "precious"
    assert run("export", "nd-transport", "-o", file, "--force").status == 0
    assert file.read_text() == printed(run, "export", "nd-transport")
    assert "is a folder" in run("export", "nd-transport", "-o", tmp_path, "--force").refusal(status=1)


def test_import_makes_a_preset_of_a_bundle(run: Run, tmp_path: Path):
    bundle = printed(run, "export", "nd-boundary").encode()
    ran = run("import", "-", "--name", "branch office", stdin=bundle)
    path = presets.own_dir() / "branch-office.toml"
    assert (ran.status, ran.out, ran.err) == (0, "", f"Saved branch office to {path}\n")
    assert parse_design(path.read_text(encoding="utf-8"), "").rules[0].mode == "boundary"
    assert "branch office: inbound transport" in printed(run, "compile", "branch-office")
    assert "already there" in run("import", "-", "--name", "branch office", stdin=bundle).refusal(status=1)
    assert run("import", "-", "--name", "branch office", "--force", stdin=bundle).status == 0
    assert "shipped preset" in run("import", "-", stdin=bundle).refusal(status=1)
    file = tmp_path / "mine.toml"
    assert run("import", "-", "-o", file, stdin=bundle).status == 0
    assert printed(run, "compile", file) == printed(run, "compile", "nd-boundary")


def test_import_refuses_a_name_that_windows_refuses(run: Run):
    toml = b'name = "a"\n'
    assert "unprintable" in run("import", "-", "--name", "a\x1b[2J", stdin=toml).refusal()
    assert "is empty" in run("import", "-", "--name", " ", stdin=toml).refusal()


def test_keys_lists_every_action(run: Run):
    text = printed(run, "keys")
    assert all(action.tooltip in text for action in ACTIONS)
    assert [each["id"] for each in document(run, "keys", "--json")["actions"]] == [action.id for action in ACTIONS]


def test_a_hostile_name_goes_through_every_command(run: Run, tmp_path: Path):
    file = tmp_path / "hostile.toml"
    file.write_text(format_design(design(name=HOSTILE, exemptions=[{"name": HOSTILE * 20, "protocol": "tcp"}])))
    for words in (
        ("compile", file),
        ("order", file),
        ("check", file),
        ("matrix", file),
        ("plan", file),
        ("apply", file, "--yes"),
        ("status",),
        ("history",),
        ("history", "1"),
        ("history", "0", "now"),
        ("remove", "--yes", "-m", HOSTILE),
        # a zip file is no text, and a registry file with such a name is in UTF-16
        *(("export", file, "-f", name, "--lossy") for name in BUILT_IN if name not in ("handover", "gpo-reg")),
    ):
        ran = run(*words)
        assert ran.status == 0, words
        assert all(line.startswith(("warning: ", "note: ")) for line in ran.err.splitlines()), words
        assert ran.err == "" or words[0] == "export"
        assert ran.err.replace("\n", "").isprintable() or not ran.err
        assert all(line.strip("\t\r").isprintable() for line in ran.out.split("\n")), words


def serves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``ndtui serve`` end at once, on any port that is free: it would serve until a signal comes."""
    from ndtui.app.serve import listening, web_server

    real = listening.listen
    monkeypatch.setattr(listening, "listen", lambda _host, _port: real("127.0.0.1", 0))

    def ends(listened: listening.Listening, *_: object) -> int:
        listened.socket.close()
        return 0

    monkeypatch.setattr(web_server, "serve", ends)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_has_examples_that_run(command: str | None, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = printed(run, *([command] if command else []), "--help")
    examples = [shlex.split(line) for line in text.splitlines() if line.startswith("  ndtui ") or line == "  ndtui"]
    assert len(examples) >= (3 if command is None else 2)
    assert max(map(len, text.splitlines())) <= 80
    assert text.isascii()
    monkeypatch.chdir(tmp_path)
    if command == "serve":
        serves_nobody(monkeypatch)
    toml, bundle = printed(run, "presets", "show", "nd-transport"), printed(run, "export", "nd-boundary")
    for name in ("my-design.toml", "old.toml", "new.toml"):
        Path(name).write_text(toml, encoding="utf-8")
    Path("bundle.json").write_text(bundle.replace("nd-boundary", "nd-other"), encoding="utf-8")
    for name in ("wfpstate.xml", "filters.xml"):
        Path(name).write_text(DUMP.replace("INBOUND_TRANSPORT_V4", "ALE_AUTH_RECV_ACCEPT_V4"), encoding="utf-8")
    Path("ConSecRules.reg").write_text(RULES, encoding="utf-8")
    Path("netevents.xml").write_text(net_events(*[net_event()] * 3), encoding="utf-8")
    Path("security.xml").write_text(security_log(security_event(5157, CONNECTION)), encoding="utf-8")
    for design_name in ("nd-transport", "nd-boundary", "nd-ipv4-only", "nd-transport"):
        run("apply", design_name, "--yes")
    for words in examples:
        arguments = list(takewhile(lambda word: word not in (">", "|"), words[1:]))
        asks = words[1:2] in (["apply"], ["rollback"], ["remove"]) and "--yes" not in arguments
        if command == "import":
            arguments.append("--accept-edits")
        expected = (0, 1) if asks or command in ("import", "diff") else (0, 3)
        if asks:
            arguments.append("--yes")
        assert run(*arguments).status in expected, words


def test_the_version_is_told(run: Run):
    from ndtui import __version__

    assert printed(run, "--version") == f"ndtui {__version__}\n"


def test_without_a_terminal_the_default_filters_are_printed(run: Run, tmp_path: Path):
    ran = run()
    assert (ran.status, ran.out) == (0, printed(run, "compile", "nd-transport"))
    assert ran.err.count("\n") == 1
    ran = run("nd-boundary", "--read-only", "--no-color", "--backend", "memory")
    assert (ran.status, ran.out) == (0, printed(run, "compile", "nd-boundary"))
    assert run("-", stdin=b'name = "piped"\n').out.count("piped: ") == 14


@pytest.fixture
def own_preset() -> Path:
    """Return the path of a preset of the user's own."""
    path = presets.own_path("mine")
    presets.save(design(name="mine"), path)
    return path


def test_an_own_preset_is_deleted_with_leave(run: Run, own_preset: Path):
    ran = run("presets", "delete", "mine", "--yes")
    assert (ran.status, ran.out) == (0, f"Deleted mine ({own_preset})\n")
    assert not own_preset.exists()
    assert "there is no preset 'mine'" in run("presets", "delete", "mine", "--yes").refusal()


def test_what_was_deleted_is_said_as_json_too(run: Run, own_preset: Path):
    assert json.loads(run("presets", "delete", "mine", "--yes", "--json").out) == {"deleted": str(own_preset)}


def test_without_a_terminal_nothing_is_deleted_unasked(run: Run, own_preset: Path):
    assert "use --yes to go without" in run("presets", "delete", "mine").refusal()
    assert own_preset.exists()


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_deleting_is_asked_about_with_the_path(run: Run, own_preset: Path, monkeypatch, answer: str, status: int):
    asked = []
    monkeypatch.setattr("ndtui.cli.commands.presets.is_interactive", lambda: True)
    monkeypatch.setattr("ndtui.cli.commands.presets.ask", lambda question: asked.append(question) or answer == "y")
    ran = run("presets", "delete", "mine")
    assert ran.status == status
    assert asked == [f"Delete mine, {own_preset}?"]
    assert own_preset.exists() == (answer != "y")
    if status:
        assert "nothing was deleted, as you chose" in ran.err


@pytest.mark.parametrize("words", [("--yes",), ()])
def test_a_shipped_preset_is_not_deleted(run: Run, words: tuple[str, ...]):
    path = presets.find("nd-boundary").path
    assert "nd-boundary is a shipped preset: only your own can be deleted" in run(
        "presets", "delete", "nd-boundary", *words
    ).refusal(1)
    assert path.exists()

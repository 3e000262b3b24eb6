"""Commands that take a design take connection security rules too, as ``ndtui import`` reads them, and say so."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.cli.commands import designer
from tests.analysis.connection_security.rule_files import ISOLATION, TUNNEL, netsecurity, registry
from tests.cli.running import Run

PACKET = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
NETSH = "netsh advfirewall consec add rule name=Isolation endpoint1=any endpoint2=any action=requireinrequestout\n"
READ = "was read as connection security rules of Windows Firewall: 1 rule, "
NONE_LOST = "all of it could be said, ndtui import says what was taken where they are silent"


def forms(tmp_path: Path) -> dict[str, Path]:
    """Write the same rule as a registry file, as a script and as JSON, and return the files by what they are."""
    found = {"reg": tmp_path / "isolation.reg", "script": tmp_path / "rules.cmd", "json": tmp_path / "rules.json"}
    found["reg"].write_text(registry(ISOLATION), encoding="utf-16")
    found["script"].write_text(NETSH, encoding="utf-8")
    found["json"].write_text(json.dumps([netsecurity()]), encoding="utf-8")
    return found


@pytest.mark.parametrize("form", ["reg", "script", "json"])
@pytest.mark.parametrize("command", ["check", "trace", "compile", "order", "export", "plan"])
def test_rules_are_a_design_wherever_one_is_taken(run: Run, tmp_path: Path, form: str, command: str):
    place, design = forms(tmp_path)[form], tmp_path / "design.toml"
    assert run("import", place, "-o", design).status == 0
    more: dict[str, list[Any]] = {"trace": [PACKET], "export": ["--format", "csv"], "plan": ["--store", tmp_path / "s"]}
    ran, by_design = (run(command, each, *more.get(command, [])) for each in (place, design))
    said, rest = ran.err.split("\n", 1)
    assert said.startswith(f"note: {place} {READ}")
    assert said.endswith(NONE_LOST)
    assert rest == by_design.err
    assert ran.status == by_design.status
    assert ran.out.replace(place.stem, "design").count("\n") == by_design.out.count("\n") > 0


def test_what_becomes_of_a_packet_is_what_the_rules_say(run: Run, tmp_path: Path):
    ran = run("trace", forms(tmp_path)["reg"], PACKET, "--json")
    assert json.loads(ran.out)["outcome"]["peer_with_ipsec"] == {"first": "blocked", "settled": "protected"}


def test_the_designer_takes_them_too(run: Run, tmp_path: Path):
    ran = run(forms(tmp_path)["reg"])
    assert NONE_LOST in ran.err
    assert "isolation" in ran.out


def test_the_designer_says_it_on_the_screen(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened: list[Any] = []
    monkeypatch.setattr(designer, "_has_terminal", lambda: True)
    monkeypatch.setattr("ndtui.app.launch.run_designer", lambda *words: opened.append(words) or 0)
    ran = run(place := forms(tmp_path)["reg"])
    assert ran.err == ""
    ((design, path, options, _),) = opened
    assert (design.name, path) == ("isolation", None)
    assert options.remark.startswith(f"note: {place} {READ}")


def test_what_could_not_be_said_is_counted_and_the_status_is_that_of_the_command(run: Run, tmp_path: Path):
    place = tmp_path / "two.reg"
    place.write_text(registry(ISOLATION, TUNNEL), encoding="utf-8")
    assert run("import", place, "-o", tmp_path / "design.toml").err.count("not taken over: ") == 1
    ran = run("check", place)
    assert ran.err.endswith("; 1 thing could not be said, ndtui import names it\n")
    assert ran.status == 0
    place.write_text(registry(ISOLATION, TUNNEL, TUNNEL), encoding="utf-8")
    assert run("trace", place, PACKET).err.endswith("; 2 things could not be said, ndtui import names them\n")


def test_only_rules_that_are_a_design_in_full_are_applied(run: Run, tmp_path: Path):
    store = tmp_path / "store"
    place = tmp_path / "two.reg"
    place.write_text(registry(ISOLATION, TUNNEL), encoding="utf-16")
    ran = run("apply", place, "--store", store, "--yes")
    assert ran.status == 1
    assert f"{place} says more than a design can, and only part of it would be applied" in ran.err
    assert json.loads(run("status", "--store", store, "--json").out)["filters"] == []
    place.write_text(registry(ISOLATION), encoding="utf-16")
    assert run("apply", place, "--store", store, "--yes").status == 0
    assert json.loads(run("status", "--store", store, "--json").out)["filters"] != []


def test_a_report_compares_with_rules_that_are_a_design_in_full(run: Run, tmp_path: Path):
    place = tmp_path / "isolation.reg"
    place.write_text(registry(ISOLATION), encoding="utf-16")
    ran = run("export", "nd-transport", "-f", "markdown", "--against", place)
    assert ran.status == 0
    place.write_text(registry(ISOLATION, TUNNEL), encoding="utf-16")
    assert "1 thing could not be said" in run("export", "nd-transport", "-f", "markdown", "--against", place).refusal(1)


def test_rules_on_standard_input(run: Run):
    ran = run("check", "-", stdin=NETSH.encode())
    assert ran.status == 0
    assert ran.err.startswith(f"note: standard input {READ}")


def test_rules_that_protect_nothing_are_refused(run: Run, tmp_path: Path):
    place = tmp_path / "none.reg"
    place.write_text(registry("v2.10|Active=TRUE|Action=DoNotSecure|Name=x|"), encoding="utf-8")
    refusal = run("check", place).refusal(status=1)
    assert refusal.endswith("has no rules that make a design: ndtui import names what is missing, and why")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.reg", b"Windows Registry Editor Version 5.00\n\n[HKEY_USERS\\x]\n", "without connection security rules"),
        ("hive", b"regf\0\0\0\0", "is a hive of the registry, and no text"),
        ("x.zip", b"PK\x03\x04\0", "is a zip file, and no text: ndtui import reads a handover"),
        ("x.evtx", b"ElfFile\0\0", "is a log of Windows, and no text: ndtui events reads it"),
        ("x.ps1", b"New-NetIPsecRule -DisplayName x\n", "is a PowerShell script"),
        ("x.xml", b"<wfpstate/>", "ndtui import --from-netsh makes a design of what netsh wfp show state wrote"),
        ("x.reg", "Windows Registry".encode("utf-16")[:-1], "is no UTF-16 text"),
        ("x.toml", b"name = \n", "x.toml: line 1"),
        ("empty", b"", "is empty"),
    ],
)
def test_other_files_are_refused_by_what_they_seem_to_be(run: Run, tmp_path: Path, name: str, data: bytes, said: str):
    place = tmp_path / name
    place.write_bytes(data)
    assert said in run("check", place).refusal()


def test_what_a_design_says_wrongly_is_said_of_the_design(run: Run, tmp_path: Path):
    place = tmp_path / "d.json"
    place.write_text('{"name": 1}', encoding="utf-8")
    assert "connection security" not in run("check", place).refusal()

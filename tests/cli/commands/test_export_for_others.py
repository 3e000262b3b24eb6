"""``ndtui export`` for those who read it: viewers of what netsh prints, boards, spreadsheets."""

import json
from pathlib import Path

import pytest

from ndtui.exporters.registry import ALIASES, exporter
from ndtui.model.files.design_file import format_design, parse_design
from tests.cli.running import Run
from tests.support import preset

POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"


def test_what_netsh_would_print_is_inspected_and_imported(run: Run, tmp_path: Path):
    file, saved = tmp_path / "state.xml", tmp_path / "again.toml"
    assert run("export", "nd-zones", "-f", "netsh-xml", "-o", file).status == 0
    assert "nd-zones: SQL: require encryption inbound" in run("inspect", file).out
    ran = run("import", "--from-netsh", file, "-o", saved)
    assert (ran.status, ran.out) == (0, "")
    assert parse_design(saved.read_text(encoding="utf-8"), "x") == preset("nd-zones")


def test_what_netsh_does_not_list_is_left_out_only_where_that_is_wanted(run: Run):
    listed = ("export", "nd-transport", "-f", "netsh-xml", "--set", "show=filters")
    assert "cannot express nd-transport: IKE main mode" in run(*listed).refusal(1)
    assert run(*listed, "--lossy").out.count("lists no provider contexts") == 4


def test_what_group_policy_would_hold_is_imported(run: Run, tmp_path: Path):
    """All of its traffic, negotiation and names; main mode of several groups is no set of Windows Firewall's."""
    file, saved = tmp_path / "policy.reg", tmp_path / "again.toml"
    export = ("export", "nd-boundary", "-f", "gpo-reg")
    assert "cannot express main_mode (the name of its key has one source alone" in run(*export).refusal(1)
    assert "main_mode.proposals[1]" in run(*export, "--set", "main-mode=yes").refusal(1)
    assert run(*export, "--set", "ipsec-exempt=yes", "--lossy", "-o", file).status == 0
    assert file.read_bytes().startswith(b"Windows Registry Editor Version 5.00\r\n\r\n;")
    ran = run("import", file, "--name", "nd-boundary", "-o", saved)
    assert (ran.status, ran.out) == (0, "")
    again, meant = parse_design(saved.read_text(encoding="utf-8"), "x"), preset("nd-boundary")
    assert [each.name for each in again.rules] == [each.name for each in meant.rules]
    assert [each.mode for each in again.rules] == [each.mode for each in meant.rules]
    assert {each.name for each in again.exemptions} == {each.name for each in meant.exemptions}
    assert again.quick_mode.proposals == meant.quick_mode.proposals
    undo = run(*export, "--set", "undo=yes", "--lossy").out
    assert f"\n[-{POLICY}\\Phase2CryptoSets\\{{" in undo.replace("\r\n", "\n")
    assert f"\n[{POLICY}\\ConSecRules]" in undo.replace("\r\n", "\n")


@pytest.mark.parametrize("format_name", ["report", "html"])
def test_a_design_to_compare_with(run: Run, format_name: str, tmp_path: Path):
    file = tmp_path / "before.toml"
    file.write_text(format_design(preset("nd-boundary")), encoding="utf-8")
    export = ("export", "nd-transport", "-f", format_name)
    found = run(*export, "--against", "nd-boundary")
    assert "What changes" in found.out
    assert run(*export, "--set", "against=nd-boundary").out == found.out
    assert run(*export, "--against", file).out == found.out
    assert "What changes" not in run(*export).out


def test_a_design_that_is_not_there_is_refused(run: Run):
    assert "no preset 'nope'" in run("export", "nd-transport", "-f", "html", "--against", "nope").refusal()
    assert "no file" in run("export", "nd-transport", "-f", "html", "--against", "nope.toml").refusal()
    assert "no option 'against'" in run("export", "nd-transport", "-f", "table", "--against", "nd-zones").refusal()


@pytest.mark.parametrize("alias", ALIASES)
def test_a_format_is_asked_for_by_another_name_too(run: Run, alias: str):
    assert exporter(alias).name == ALIASES[alias]
    assert run("export", "nd-zones", "-f", alias).out == run("export", "nd-zones", "-f", ALIASES[alias]).out
    assert f"also called {alias}" in run("exporters").out
    formats = json.loads(run("exporters", "--json").out)["exporters"]
    assert [each["aliases"] for each in formats if each["name"] == ALIASES[alias]] == [[alias]]


def test_a_batch_file_is_written_with_the_line_ends_of_windows(run: Run, tmp_path: Path):
    place = tmp_path / "policy.cmd"
    ran = run("export", "nd-transport", "-f", "netsh", "--lossy", "-o", place)
    assert ran.status == 0
    written = place.read_bytes()
    assert written.isascii()
    assert written.count(b"\r\n") == written.count(b"\n") > 50
    assert written.startswith(b"@echo off\r\n")


def test_what_netsh_has_no_words_for_is_refused_by_the_element(run: Run, tmp_path: Path):
    place = tmp_path / "policy.cmd"
    ran = run("export", "nd-transport", "-f", "netsh", "-o", place)
    assert "main_mode.proposals[1] (a set has one key exchange, the first proposal's)" in ran.refusal(1)
    assert not place.exists()

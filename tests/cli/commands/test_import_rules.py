"""``ndtui import`` of connection security rules: what is read, what is said, and what it says of other files."""

import re
from pathlib import Path

import pytest

from ndtui.model.files.design_file import parse_design
from tests.cli.running import Run

RULE = (
    "v2.33|Action=SecureServer|Name=Isolation|Desc=|Active=TRUE|Auth1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}|"
    "Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|"
)
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\ConSecRules"


GERMAN = f"Regelname:                 Isolation\n{'-' * 70}\nAktiviert:                 Ja\n"
FRENCH = f"Nom de la règle :          Isolation\n{'-' * 70}\nActivé :                   Oui\n"


def exported(*rules: str) -> str:
    values = "".join(f'"{{{number}}}"="{rule}"\r\n' for number, rule in enumerate(rules))
    return f"Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n{values}\r\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_a_registry_file_becomes_a_design(run: Run, tmp_path: Path, encoding: str):
    place = tmp_path / "isolation.reg"
    place.write_bytes(exported(RULE).encode(encoding))
    ran = run("import", place, "-o", tmp_path / "out.toml")
    assert ran.status == 0
    assert "note: rule Isolation: it names no keying module" in ran.err
    design = parse_design((tmp_path / "out.toml").read_text(encoding="utf-8"), "out")
    assert (design.name, [each.mode for each in design.rules]) == ("isolation", ["negotiation-discovery"])


def test_what_is_not_taken_over_is_named_and_the_status_says_so(run: Run, tmp_path: Path):
    place = tmp_path / "two.reg"
    place.write_text(exported(RULE, "v2.10|Active=TRUE|Action=Secure|RTunnel4=192.0.2.1|Name=VPN|"), encoding="utf-8")
    ran = run("import", place, "--name", "mine", "-o", tmp_path / "out.toml")
    assert ran.status == 1
    assert "not taken over: rule {1}: it is of a tunnel" in ran.err
    assert parse_design((tmp_path / "out.toml").read_text(encoding="utf-8"), "out").name == "mine"


def test_without_a_rule_that_protects_nothing_is_written(run: Run, tmp_path: Path):
    place = tmp_path / "none.reg"
    place.write_text(exported("v2.10|Active=TRUE|Action=DoNotSecure|Name=x|"), encoding="utf-8")
    ran = run("import", place, "-o", tmp_path / "out.toml")
    assert ran.status == 1
    assert "has no rules that make a design" in ran.err
    assert not (tmp_path / "out.toml").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<filters/>", "is XML, and no design, bundle or connection security rules: ndtui import --from-netsh makes"),
        ("New-NetIPsecRule -DisplayName x\n", "is a PowerShell script"),
        (
            "netsh advfirewall firewall add rule name=x\n",
            "is a script for netsh that adds no rule of consec or mainmode",
        ),
        (exported().replace("ConSecRules", "Other"), "is a registry file without connection security rules"),
        (" \n", "other.txt is empty: is it the file you meant?"),
        ("No rules match the specified criteria.\n", "is what netsh prints where there are no rules"),
        (GERMAN, "seems to be what netsh prints in another language than English"),
        (FRENCH, "seems to be what netsh prints in another language than English"),
        ('["MSFT_NetConSecRule (InstanceID = \\"x\\")"]', "is what ConvertTo-Json writes at too small a depth"),
        ('{"value": ["MSFT_NetConSecRule"], "Count": 1}', "is what ConvertTo-Json writes at too small a depth"),
        ('[{"Proposals": [], "InstanceID": "x"}]', "is JSON of NetSecurity without a rule"),
        ("a,b\n1,2\n", "seems to be no design, bundle or connection security rules: read are designs and bundles"),
        ('[{"InboundSecurity": 2, "Dis', "line 1: .*is it cut off"),
        ("name = \n", "line 1: "),
    ],
)
def test_another_file_is_said_to_be_what_it_seems_to_be(run: Run, tmp_path: Path, text: str, said: str):
    place = tmp_path / "other.txt"
    place.write_text(text, encoding="utf-8")
    assert re.search(said, run("import", place, "-o", tmp_path / "out.toml").refusal())
    assert not (tmp_path / "out.toml").exists()


def test_a_broken_design_is_told_where(run: Run, tmp_path: Path):
    (tmp_path / "mine.toml").write_text("name mine\n", encoding="utf-8")
    assert "mine.toml: line 1: " in run("import", tmp_path / "mine.toml").refusal()


@pytest.mark.parametrize(("head", "said"), [(b"regf\0\0", "is a hive of the registry"), (b"PReg\1\0", "registry.pol")])
def test_a_file_that_is_no_text_is_said_to_be_what_it_is(run: Run, tmp_path: Path, head: bytes, said: str):
    (tmp_path / "x.wfw").write_bytes(head)
    assert said in run("import", tmp_path / "x.wfw").refusal()


def test_a_code_page_is_refused_with_what_to_do(run: Run, tmp_path: Path):
    (tmp_path / "oem.txt").write_bytes("Rule Name:   Gr\u00f6\u00dfe\n".encode("cp850"))
    assert "is no UTF-8 text (byte 15): save it as UTF-8" in run("import", tmp_path / "oem.txt").refusal()


def test_half_a_character_of_utf_16_is_refused_in_a_line(run: Run, tmp_path: Path):
    place = tmp_path / "cut.reg"
    place.write_bytes(exported(RULE).encode("utf-16")[:-1])
    assert "is no UTF-16 text: is it cut off?" in run("import", place).refusal()


def test_a_design_that_only_speaks_of_another_kind_is_taken(run: Run, tmp_path: Path):
    place = tmp_path / "mine.toml"
    place.write_text('name = "x"\ndescription = "replaces netsh advfirewall and New-NetIPsecRule"\n', encoding="utf-8")
    assert run("import", place, "-o", tmp_path / "out.toml").status == 0


def test_a_script_of_netsh_commands_becomes_a_design(run: Run, tmp_path: Path):
    script, out = tmp_path / "isolation.cmd", tmp_path / "out.toml"
    assert run("export", "nd-boundary", "-f", "netsh", "--lossy", "-o", script).status == 0
    ran = run("import", script, "-o", out)
    assert (ran.status, ran.out) == (0, "")
    assert "note: neighbour discovery and DHCP are exempt" in ran.err
    assert parse_design(out.read_text(encoding="utf-8"), "out").rules[0].mode == "boundary"


def test_what_a_script_does_beside_is_named(run: Run, tmp_path: Path):
    script = tmp_path / "theirs.bat"
    script.write_text(
        "@echo off\r\n"
        "netsh advfirewall consec add rule name=x endpoint1=any endpoint2=any action=requireinrequestout\r\n"
        "netsh advfirewall set allprofiles state on\r\nreg add HKLM\\x\r\n",
        encoding="utf-8",
        newline="",
    )
    ran = run("import", script, "-o", tmp_path / "out.toml")
    assert ran.status == 1
    assert "not taken over: line 3: netsh advfirewall set allprofiles state" in ran.err
    assert "not taken over: line 4: reg is no command of netsh" in ran.err

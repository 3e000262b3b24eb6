"""The script as text: PowerShell by the grammar, cmdlets and parameters by the documents, ASCII, no method called."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ndtui.exporters import exporting
from ndtui.exporters.contract import ExportError
from ndtui.exporters.powershell.powershell_format import PowerShellExporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, default_design
from ndtui.model.files import presets
from tests.exporters.powershell.exported import can_be_said, script_of
from tests.exporters.powershell.sayable_designs import random_designs
from tests.exporters.powershell.script_tree import (
    Node,
    arguments,
    has_error,
    inner,
    named,
    nodes,
    parsed,
    string_of,
    words,
)
from tests.exporters.powershell.small_windows import is_of_a_module
from tests.rule_strategies import designs_with_rules

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "cmdlets.json").read_text(encoding="utf-8"))
#: Enumerations whose values may be joined, as the page of -Encapsulation says: AH, ESP or both.
FLAGS = ("IPsecEncapsulation",)
COMMON = {"ErrorAction": ("SilentlyContinue", "Stop")}


def check_commands(root: Node) -> int:
    """Check every command of a script against the table; returns how many there are."""
    own = {words(each) for each in nodes(root) if each.type == "function_name"}
    count = 0
    for command in nodes(root):
        if command.type != "command":
            continue
        name = words(command.children[0])
        if name in own:
            assert not arguments(command), name
            continue
        count += 1
        _check_command(name, arguments(command))
    return count


def _check_command(name: str, said: list[tuple[str, Node | None]]) -> None:
    assert name in TABLE["cmdlets"], f"no such cmdlet: {name}"
    cmdlet = TABLE["cmdlets"][name]
    given = [parameter for parameter, _ in said]
    assert len(set(given)) == len(given), f"{name}: a parameter is given twice"
    known = set(given) - set(COMMON)
    assert "ErrorAction" in given or not is_of_a_module(name), f"{name}: after an error the script would go on"
    fitting = [each for each in cmdlet["sets"].values() if set(each["must"]) <= known <= {*each["must"], *each["may"]}]
    assert fitting, f"{name}: no set has {sorted(known)}"
    literal = {}
    for parameter, node in said:
        if parameter in COMMON:
            assert node is not None
            assert string_of(inner(node)) in COMMON[parameter]
            continue
        literal[parameter] = _check_value(name, parameter, cmdlet["params"][parameter], node)
    _check_together(name, literal)


def _check_value(name: str, parameter: str, known: dict[str, Any], node: Node | None) -> Any:
    """Return a value as it stands, ``None`` where it is known only when the script runs."""
    where, kind = f"{name} -{parameter}", known["type"]
    if kind == "switch":
        assert node is None or inner(node).type == "variable", where
        return True
    assert node is not None, f"{where} has no value"
    node = inner(node)
    values = _literals(node)
    if values is None:
        return None
    assert len(values) == 1 or kind.endswith("[]") or kind in FLAGS, f"{where} takes one value"
    for value in values:
        if "enum" in known:
            assert value in TABLE["enums"][known["enum"]], f"{where} cannot be {value!r}"
        elif kind.rstrip("[]") in ("UInt32", "UInt64", "Int32"):
            limits = TABLE["limits"].get(name, {}).get(parameter, {"min": 0, "max": 2**31 - 1})
            assert isinstance(value, int), where
            assert limits["min"] <= value <= limits["max"], f"{where} cannot be {value}"
        elif kind == "Boolean":
            assert value in (True, False), where
        elif kind.startswith("String"):
            assert isinstance(value, str), where
            assert value, f"{where} is empty"
    return values if kind.endswith("[]") or len(values) > 1 else values[0]


def _literals(node: Node) -> list[Any] | None:
    if node.type == "string_literal":
        return [string_of(node)]
    if node.type == "integer_literal":
        return [int(words(node))]
    if node.type == "variable" and words(node) in ("$true", "$false"):
        return [words(node) == "$true"]
    if node.type == "array_expression":
        listed = [inner(each) for each in named(node)]
        if len(listed) == 1 and listed[0].type == "array_literal_expression":
            listed = [inner(each) for each in named(listed[0])]
        return [string_of(each) for each in listed] if all(each.type == "string_literal" for each in listed) else None
    if node.type == "array_literal_expression":
        return [string_of(inner(each)) for each in named(node)]
    return None


def _check_together(name: str, said: dict[str, Any]) -> None:
    """Check what the documents say of parameters together."""
    for rule in TABLE["not_valid"]:
        if rule["cmdlet"] == name and rule["parameter"] in said and rule["values"] != ["a range"]:
            value = said[rule["parameter"]]
            assert value not in rule["values"] or _is_allowed_all_the_same(rule, said), (name, rule["why"])
    if name == "New-NetIPsecRule":
        pair = [said["InboundSecurity"], said["OutboundSecurity"]]
        assert pair in TABLE["pairs"]
        assert "KeyModule" in said
        assert "IPsecRuleName" in said
        for ports in (said.get("LocalPort") or [], said.get("RemotePort") or []):
            assert pair == ["None", "None"] or not any("-" in port for port in ports), "ranges are for exemptions"
            assert not ports or said["Protocol"] in ("TCP", "UDP")
    if name == "New-NetIPsecMainModeCryptoProposal":
        assert set(said) == {"Encryption", "Hash", "KeyExchange"}, "the default of KeyExchange is None"
    if name.startswith("New-Net") and "DisplayName" in said and said["DisplayName"] is not None:
        assert "|" not in said["DisplayName"]
        assert said["DisplayName"].lower() != "all"
        assert not said["DisplayName"].startswith("@"), "Windows looks for a resource of that name"
    if said.get("OverrideBlockRules"):
        assert said["Authentication"] == "Required"
        assert "RemoteMachine" in said or said["Direction"] == "Outbound"  # [MS-FASP] 2.2.35
    if said.get("Encryption") == "Required" and name == "New-NetFirewallRule":
        assert said["Authentication"] == "Required"


def _is_allowed_all_the_same(rule: dict[str, Any], said: dict[str, Any]) -> bool:
    """AES-GCM encrypts with the GMAC of its own size."""
    encryption = str(said.get("Encryption"))
    return (
        rule["cmdlet"] == "New-NetIPsecQuickModeCryptoProposal"
        and encryption.startswith("AESGCM")
        and said["ESPHash"] == encryption.replace("GCM", "GMAC")
    )


def check_script(text: str) -> Node:
    """Check everything that holds for every script; returns its tree."""
    assert text.isascii()
    assert text.count("\n") == text.count("\r\n")
    assert text.endswith("\r\n")
    root = parsed(text)
    assert check_commands(root) > 20
    kinds = {node.type for node in nodes(root)}
    assert not kinds & {
        "invokation_expression",
        "invocation_expression",
        "splatted_variable",
        "hash_literal_expression",
    }
    assert not [node for node in nodes(root) if node.type == "command_invokation_operator"]
    casts = {words(node) for node in nodes(root) if node.type == "type_literal"}
    assert casts <= {"[string]", "[char]", "[int]"}, "types that Constrained Language mode has"
    strings = {node.type for node in nodes(root) if "string_characters" in node.type}
    assert strings == {"verbatim_string_characters"}, "every string is single-quoted"
    comments = [words(node) for node in nodes(root) if node.type == "comment"]
    assert not [each for each in comments if each.lower().startswith("# sig #")]
    return root


@pytest.mark.parametrize("name", [each.name for each in presets.shipped() if each.name != "nd-certificates"])
def test_the_script_of_a_preset(name: str) -> None:
    check_script(script_of(presets.find(name).load(), lossy=True))


def test_the_script_with_icmp_by_the_host() -> None:
    check_script(script_of(default_design(), host_icmp="yes"))


def test_scripts_of_random_designs() -> None:
    for design in islice(filter(can_be_said, random_designs(seed=77)), 40):
        check_script(script_of(design))


@settings(max_examples=40)
@given(designs_with_rules())
def test_whatever_a_design_says_the_script_is_one_or_is_refused_in_one_line(design: Design) -> None:
    try:
        text = script_of(design, lossy=True)
    except ExportError as error:
        assert str(error).isprintable()
        assert str(error).isascii()
        return
    check_script(text)


def test_the_grammar_still_takes_a_digit_in_the_name_of_a_parameter_for_an_error() -> None:
    """Once it does not, the script can be read as it stands."""
    assert has_error("X -Phase1AuthSet 'y'\r\n")
    assert not has_error("X -PhaseOneAuthSet 'y'\r\n")


@pytest.mark.parametrize(
    "line",
    [
        "Get-NetIPsecRule -IPsecRuleName 'x'",
        "New-NetIPsecRuel -DisplayName 'x'",
        "New-NetIPsecRule -DisplayName 'x' -Security 'Require'",
        "New-NetIPsecRule -IPsecRuleName 'x' -InboundSecurity 'Require' -OutboundSecurity 'Request' -KeyModule 'IKEv1'",
        "New-NetIPsecRule -IPsecRuleName 'x' -DisplayName 'x' -InboundSecurity 'None' -OutboundSecurity 'Require' "
        "-KeyModule 'IKEv1'",
        "New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -ESPHash 'SHA1' -Encryption 'AESGCM128'",
        "New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -MaxMinutes 4",
        "New-NetIPsecMainModeCryptoProposal -Encryption 'AES256' -Hash 'SHA384'",
        "New-NetIPsecAuthProposal -Machine -User -Kerberos",
    ],
)
def test_the_check_notices(line: str) -> None:
    action = "" if line.startswith("Get-") else " -ErrorAction 'Stop'"
    with pytest.raises((AssertionError, KeyError)):
        check_commands(parsed(f"{line}{action}\r\n"))


def test_the_check_passes_what_is_right() -> None:
    line = "New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -MaxMinutes 5 -ErrorAction 'Stop'"
    assert check_commands(parsed(f"{line}\r\n")) == 1


def test_the_head_promises_treatment_and_not_filters() -> None:
    head = script_of(default_design()).partition("[CmdletBinding")[0]
    assert "the same treatment of traffic as the design, not the same filters" in head
    assert "#requires -RunAsAdministrator" in head


@pytest.mark.parametrize("name", ["nd-transport", "nd-guaranteed-encryption", "nd-domain-member"])
def test_the_head_says_what_has_to_be_known(name: str) -> None:
    filterset = compile_design(presets.find(name).load())
    made = exporting.exported(PowerShellExporter(), filterset, {})
    head = str(made.export.content).partition("[CmdletBinding")[0]
    text = " ".join(line.lstrip("# ") for line in head.splitlines())
    assert made.findings
    for each in made.findings:
        assert f"- {each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]" in text

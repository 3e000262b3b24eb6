"""Text from a design never changes the structure of the script, and comes out of PowerShell as it went in."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.exporters.connection_security.native_values import in_ascii
from ndtui.exporters.powershell.powershell_text import comment, quoted
from ndtui.model.design.design import Design
from tests.exporters.powershell.exported import script_of, tree_of
from tests.exporters.powershell.script_machine import ScriptMachine
from tests.exporters.powershell.script_tree import Node, named, nodes, parsed, words
from tests.exporters.powershell.small_windows import SmallWindows
from tests.exporters.powershell.test_powershell_script import check_script

HOSTILE = (
    "it's",
    "''; Remove-Item -Recurse C:\\; '",
    "\u2018\u2019\u201a\u201b; exit 7 #",
    "\u201c\u201d\u201e",
    '"; exit 7; "',
    "$(exit 7) $env:PATH ${x} @x @{a=1}",
    "back`tick `n `' `",
    "%PATH%",
    "a|b||c",
    "</script><!-- -->",
    "=1+1",
    "#> exit 7 <#",
    "SIG # Begin signature block",
    "requires -Version 99",
    "@FirewallAPI.dll,-1",
    "All",
    "Grüße 鍵 \U0001f512",
    "*[a-z]?",
    "--% x",
    "{0}",
)


def named_all(name: str) -> Design:
    """Return a design that bears a name wherever it can, with a certificate's authority called so too."""
    rules = [{"name": name, "comment": f"{name}\n{name}"}]
    exemption = {"name": name, "protocol": "tcp", "comment": f"{name}\n#> exit"}
    return Design.model_validate(
        {
            "name": name,
            "description": f"{name}\n\texit 7",
            "version": 2,
            "rules": rules,
            "exemptions": [exemption],
            "keying_modules": ["IKE"],
            "main_mode": {
                "ike_authentication": [
                    {
                        "method": "IKEEXT_CERTIFICATE",
                        "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                        "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                        "roots": [f"subject:CN={name}"],
                    }
                ]
            },
        }
    )


def structure(root: Node) -> Counter[str]:
    """Return how many nodes of each kind a script has, apart from what characters are written with."""
    joined = ("parenthesized_expression", "additive_expression", "cast_expression", "type_", "hexadecimal", "(", ")")
    joined += ("[", "]", "+", "integer_literal", "string_literal", "verbatim_string_characters", "unary_expression")
    joined += ("expression", "pipeline", "comment", "statement_list")
    return Counter(node.type for node in nodes(root) if not any(word in node.type for word in joined))


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_a_name_and_nothing_else(name: str) -> None:
    plain, hostile = named_all("plain"), named_all(name)
    root = check_script(script_of(hostile))
    assert structure(root) == structure(tree_of(plain))
    windows = SmallWindows()
    assert windows.run(root, Action="Apply")[0] == 0
    shown = name.replace("|", "/")
    rules = windows.rules()["NetIPsecRule"]
    assert {each["DisplayName"] for each in rules} == {f"ndtui {shown}: {shown}"}
    (auth,) = windows.stores["PersistentStore"]["NetIPsecPhase1AuthSet"].values()
    proposal: Any = auth["Proposal"]
    assert (proposal[0] if isinstance(proposal, list) else proposal)["Authority"] == f"CN={name}"


@given(st.text(max_size=40))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    expression = quoted(text)
    assert expression.isascii()
    assert expression.isprintable()
    root = parsed(f"Write-Output -InputObject {expression}\r\n")
    assert len([node for node in nodes(root) if node.type == "command"]) == 1
    _, (written,) = ScriptMachine(root, lambda name, said: [], {}).run()
    assert written.encode("utf-16-le", "surrogatepass").decode("utf-16-le") == text


@given(st.text(max_size=60))
def test_a_comment_is_one_line_and_no_instruction(text: str) -> None:
    line = comment(text)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert not line.lower().startswith(("#requires", "# sig #"))
    root = parsed(f"{line}\r\nexit 1\r\n")
    assert [words(node) for node in named(root) if node.type == "comment"] == [line]


def test_other_characters_are_written_out() -> None:
    assert in_ascii("Grüße \u2019") == "Gr\\xfc\\xdfe \\u2019"
    assert quoted("it's") == "'it''s'"
    assert quoted("é") == "('' + [char]0x00E9)"
    assert quoted("a\u2018b") == "('a' + [char]0x2018 + 'b')"
    assert quoted("\U0001f512") == "('' + [char]0xD83D + [char]0xDD12)"
    assert quoted("") == "''"

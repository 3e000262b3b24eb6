"""The text of the file: plain ASCII with CR LF, names in which cmd and netsh find nothing of their own."""

import re

import pytest

from ndtui.exporters.netsh_script.batch_text import NotQuotableError, argument, comment
from ndtui.exporters.netsh_script.netsh_names import description, stem_of
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from tests.exporters.netsh_script.netsh_designs import one_key_exchange
from tests.exporters.netsh_script.netsh_grammar import split
from tests.exporters.netsh_script.small_netsh import FORMAT, SmallNetsh, file_of
from tests.exporters.netsh_script.test_netsh_losses import certificates, design

#: Names that would do something if cmd or netsh took any of them for its own.
HOSTILE = [
    "%PATH%",
    "%~dp0 %1 %*",
    "!PATH!",
    "a & calc.exe",
    "a | calc.exe",
    "a > C:\\x.txt < y >> z 2>&1",
    'a" & calc.exe & "',
    "a' & calc.exe '",
    "\u201ca\u201d & \u2018calc\u2019 \u00ab\u00bb \u201e",
    "^& calc ^",
    "a) & (calc",
    "$(calc) `calc` ${x}",
    "a || calc && calc",
    "all",
    "a=b endpoint1=any",
    "/? -x",
    ":failed",
    "goto failed",
    "caf\u00e9 \u6771\u4eac \U0001f600 \u0561",
    "[/x] [b",
    "x" * 300,
    "a\\",
    "</script>",
    "=1+1",
]


def hostile(name: str) -> Design:
    """Return a design in which everything that has a name has this one."""
    return design(
        {"name": name},
        {"name": f"{name} 2", "mode": "inherit", "encryption": "guaranteed",
         "scope": {"protocol": "tcp", "local_ports": [1433]}},
        exemptions=[{"name": name, "protocol": "icmp", "comment": name}],
        name=name,
    )  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_does_nothing(name: str) -> None:
    """The machine refuses any sign of cmd outside of quotation marks, and any argument that netsh does not know."""
    machine = SmallNetsh()
    text = file_of(hostile(name))
    assert text.isascii()
    ran = machine.run(text, "apply", PATH="calc.exe")
    assert ran.status == 0, (ran.errors, machine.refused)
    assert len(machine.rules) == 1 + 4 + 2
    assert {each.split(" ")[0] for each in ran.commands} == {"netsh", "fltmc"}
    assert "calc.exe" not in "".join(ran.commands) or "calc.exe" in name
    assert machine.run(text, "undo").status == 0
    assert not machine.rules


def test_a_name_of_several_lines_is_no_name() -> None:
    with pytest.raises(ValueError, match="unprintable"):
        hostile("a\r\ncalc.exe")


@pytest.mark.parametrize("name", [each for each in HOSTILE if each.isascii()])
def test_an_authority_is_said_exactly_or_named(name: str) -> None:
    said = certificates(f"subject:CN={name}")
    if FORMAT.unsupported(compile_design(said), {}):
        assert re.search(r"[|:\\]", name)
        return
    machine = SmallNetsh()
    ran = machine.run(file_of(said), "apply", PATH="calc.exe")
    assert ran.status == 0, machine.refused
    expected = f"CN={name}".replace('"', "\\'") + " catype:root"
    assert {rule["auth1ca"] for _, rule in machine.rules} == {expected}


def test_names_can_be_typed_and_tell_designs_apart() -> None:
    plain = design(name="nd-transport 2.1")
    assert stem_of(plain) == "ndtui nd-transport 2.1"
    for name in HOSTILE:
        stem = stem_of(change(plain, name=name))
        assert re.fullmatch(r"ndtui [A-Za-z0-9. _-]{1,47}", stem), stem
    one, other = design(name="a/b"), design(name="a&b")
    assert stem_of(one) != stem_of(other)
    assert re.fullmatch("ndtui a b [0-9a-f]{6}", stem_of(one))


def test_descriptions_are_what_the_rule_is_for() -> None:
    assert description("ndtui x: DNS (in, new connections)") == "ndtui x: DNS (in, new connections)"
    assert description('a"b%c\u00e9|d') == "a_b_c__d"
    assert len(description("x" * 999)) == 200


@pytest.mark.parametrize(
    "value", ["a b", "100%", "a^b", "a&b|c<d>e!f", "O:LSD:(A;;CC;;;DC)", "it's", "", "a;b", "C:\\x y"]
)
def test_a_quoted_argument_is_what_it_was(value: str) -> None:
    written = argument("name", value)
    assert "%" not in written.replace("%%", "")
    assert split(written.replace("%%", "%")) == [f"name={value}"]


@pytest.mark.parametrize("value", ['a"b', "caf\u00e9", "a\nb", "a\tb", "x y\\"])
def test_what_cannot_be_quoted_is_refused(value: str) -> None:
    with pytest.raises(NotQuotableError, match="name has"):
        argument("name", value)


def test_comments_have_nothing_that_cmd_takes_for_its_own() -> None:
    assert comment('a%b^c&d|e<f>g!h"i\u00e9') == r"rem   a\x25b\x5ec\x26d\x7ce\x3cf\x3eg\x21h\x22i\xe9"


def test_the_head_says_what_it_promises_and_what_is_recommended() -> None:
    head = " ".join(file_of(one_key_exchange("nd-transport")).partition("set ")[0].replace("rem", "").split())
    assert "the same treatment of unicast traffic as the design, not the same filters" in head
    assert "Microsoft recommends PowerShell in place of netsh" in head
    assert "Its rules name no keying module, for netsh has no word for it: IKE and AuthIP negotiate" in head
    assert "LEFT OUT" not in head
    assert "pre-shared" not in head

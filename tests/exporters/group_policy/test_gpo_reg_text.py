"""The file as text: lines with CR LF, nothing in a name does anything, the same ids for the same design, and undone."""

import codecs
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.exporters import exporting
from ndtui.exporters.group_policy.reg_file import HEADER, RegistryKey, made, removed, written
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.exporters.group_policy.exported import FORMAT, file_of, imported, lost, policy_of, text_of
from tests.exporters.group_policy.policy_read import LOCAL, POLICY
from tests.exporters.group_policy.reg_reader import DEFAULT_SETS, read_file

HOSTILE = (
    "it's \u2018single\u2019",
    'a "double" \u201cone\u201d',
    '"="x',
    '"\\',
    "\\\"=dword:00000001",
    "ends with a backslash \\",
    "C:\\temp\\new\\0",
    "%PATH% %SystemRoot%",
    "a|Active=FALSE|Action=DoNotSecure|b",
    "|",
    "] [HKEY_CURRENT_USER\\x]",
    "[-HKEY_LOCAL_MACHINE\\SOFTWARE]",
    "; a comment",
    "@FirewallAPI.dll,-1",
    "hex(1):61,00",
    "All",
    "-",
    "\u05d0\u05d1 \u0627\u0644",
    "Gr\u00fc\u00dfe \u9375 \U0001f512",
    "x" * 300,
    "\U0001f512" * 90,
)  # fmt: skip
_WITHOUT_BARS = [each for each in HOSTILE if "|" not in each]
_CERTIFICATE = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
}
_MAIN = {"cipher": "IKEEXT_CIPHER_AES_128", "integrity": "IKEEXT_INTEGRITY_SHA1", "dh_group": "IKEEXT_DH_GROUP_2"}
ALL = {"main_mode": "yes", "ipsec_exempt": "yes"}


def named_all(name: str, **fields: Any) -> Design:
    """Return a design that bears a name wherever it can, with an authority called so too where there may be one."""
    authority = name.replace("|", "/")
    said = {
        "name": name,
        "id": "00000000-0000-4000-8000-000000000001",
        "description": f"{name}\n\"x\"=\"y\"\n[-HKEY_LOCAL_MACHINE]",
        "version": 2,
        "rules": [
            {"name": name, "comment": f"{name}\n[x]", "mode": "require"},
            {
                "name": f"{name}!",
                "mode": "inherit",
                "machines": "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)",
                "scope": {"protocol": "tcp", "local_ports": [1433]},
            },
        ],
        "exemptions": [{"name": name, "protocol": "icmp", "comment": f"{name}\n[y]"}],
        "keying_modules": ["IKE"],
        "main_mode": {
            "proposals": [_MAIN],
            "ike_authentication": [{**_CERTIFICATE, "roots": [f"subject:CN={authority}"]}],
        },
        **fields,
    }  # fmt: skip
    return Design.model_validate(said)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_a_name_and_nothing_else(name: str) -> None:
    """Ids are of titles too: they are the same for the design's id alone, whatever it is called."""
    design = named_all(name)
    assert lost(design, **ALL) == {}
    read = policy_of(design, **ALL)
    shown = name.replace("|", "/")
    titles = {value["Name"][0] for value in read.connection_security.values()}
    assert titles == {f"ndtui {shown}: {shown}"}
    assert {value["Name"][0] for value in read.main_mode.values()} == {f"ndtui {shown}: {shown}"}
    (methods,) = read.sets["Phase1AuthenticationSets"].values()
    assert methods.values["Name"] == f"ndtui {shown}: first authentication"
    assert methods.suites[0]["CAName"] == f"CN={shown}"
    plain = read_file(file_of(named_all("plain"), **ALL))
    hostile = read_file(file_of(design, **ALL))
    assert [len(values) for values in hostile.keys.values()] == [len(values) for values in plain.keys.values()]
    assert sorted(re.sub(r"\{.*?\}", "{}", key) for key in hostile.keys) == sorted(
        re.sub(r"\{.*?\}", "{}", key) for key in plain.keys
    )


@pytest.mark.parametrize("name", _WITHOUT_BARS, ids=range(len(_WITHOUT_BARS)))
def test_a_hostile_name_is_read_back(name: str) -> None:
    made_again = imported(text_of(named_all(name), **ALL))
    assert made_again.missing == ()
    assert made_again.design is not None
    assert {each.name for each in made_again.design.rules} == {name, f"{name}!"}


def test_a_bar_is_shown_as_a_stroke_and_that_is_said() -> None:
    assert "A | in a name is shown as /" in text_of(named_all("a|b"), **ALL)
    assert "A | in a name" not in text_of(named_all("a/b"), **ALL)


def test_the_head_is_comment() -> None:
    """Nothing that a design says stands before the first key but after a semicolon, on one line."""
    for name in HOSTILE:
        lines = text_of(named_all(name), **ALL).split("\r\n")
        assert lines[:2] == [HEADER, ""]
        first = next(number for number, line in enumerate(lines) if line.startswith("["))
        assert all(line == "" or line.startswith(";") for line in lines[1:first])


@given(st.text(max_size=60), st.text(alphabet='"\\[]=;%|\r\n\0ab', max_size=20))
def test_any_value_comes_out_as_it_went_in(one: str, other: str) -> None:
    value = f"{one}{other}".replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    key = RegistryKey(r"HKEY_LOCAL_MACHINE\x", (('a"\\', value), ("n", 0xFFFFFFFF)))
    lines = ["", *made([key])]
    assert all(line.isprintable() for line in lines)
    content = written(lines)
    read = read_file(content.replace("\n", "\r\n").encode("ascii") if isinstance(content, str) else content)
    assert read.keys == {key.path: {'a"\\': value, "n": 0xFFFFFFFF}}


def test_what_is_no_plain_ascii_makes_the_file_utf_16() -> None:
    """As regedit writes it. What no line can show stands in hexadecimal there, which readers of ASCII differ about."""
    plain, other = file_of(named_all("Gruss"), **ALL), file_of(named_all("Gr\u00fc\u00dfe"), **ALL)
    assert plain.isascii()
    assert other.startswith(codecs.BOM_UTF16_LE + "Windows Registry Editor Version 5.00\r\n\r\n;".encode("utf-16-le"))
    assert '"Name"="ndtui Gr\u00fc\u00dfe: quick mode"\r\n' in other[2:].decode("utf-16-le")
    assert file_of(named_all("Gr\u00fc\u00dfe"), undo="yes", **ALL).isascii()


def test_what_no_line_can_show_stands_in_hexadecimal() -> None:
    lines = list(made([RegistryKey(r"HKEY_LOCAL_MACHINE\x", (("a", "Gr\u2028e" * 6),))]))
    assert lines[-3:-1] == [
        "; " + "Gr\\u2028e" * 6,
        '"a"=hex(1):47,00,72,00,28,20,65,00,47,00,72,00,28,20,65,00,47,00,72,00,28,20,65,00,47,\\',
    ]
    assert lines[-1].startswith("  00,72,00,28,20,65,00,")
    assert lines[-1].endswith(",65,00,00,00")
    content = written(lines)
    assert isinstance(content, bytes)


# -- ids, where, and undone --------------------------------------------------------------------------------------------


def test_the_same_design_is_the_same_file() -> None:
    design = named_all("x")
    assert text_of(design, **ALL) == text_of(Design.model_validate(design.model_dump()), **ALL)
    other = named_all("x", id="00000000-0000-4000-8000-000000000002")
    mine, yours = (set(re.findall(r"\{[0-9a-f-]{36}\}", text_of(each, **ALL))) for each in (design, other))
    assert mine
    assert not mine & yours
    assert not {each.casefold() for each in mine} & set(DEFAULT_SETS)


def test_a_changed_design_writes_over_what_it_had() -> None:
    """What has the same place has the same id; a set is emptied first, so that no proposal of the old one is left."""
    before, after = named_all("x"), named_all("x", quick_mode={"proposals": [{"transforms": [
        {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}]}]})  # fmt: skip
    one, other = policy_of(before, **ALL), policy_of(after, **ALL)
    assert one.connection_security.keys() == other.connection_security.keys()
    (path,) = one.sets["Phase2CryptoSets"]
    assert list(other.sets["Phase2CryptoSets"]) == [path]
    assert len(one.sets["Phase2CryptoSets"][path].suites) > len(other.sets["Phase2CryptoSets"][path].suites) == 1
    text = text_of(after, **ALL)
    assert text.index(f"[-{POLICY}\\Phase2CryptoSets\\{path}]") < text.index(f"\n[{POLICY}\\Phase2CryptoSets\\{path}]")


def test_a_renamed_design_writes_over_what_it_had() -> None:
    """What people see changes with it, and no id."""
    one, other = (read_file(file_of(named_all(name, rules=[{"name": "r"}]), **ALL)) for name in ("x", "y"))
    assert one.keys.keys() == other.keys.keys()
    assert [list(values) for values in one.keys.values()] == [list(values) for values in other.keys.values()]


def test_rules_of_one_name_have_ids_of_their_own() -> None:
    """A rule for two profiles becomes two."""
    design = named_all("x", rules=[{"name": "a", "scope": {"profiles": ["domain", "private"]}}])
    assert len(policy_of(design, **ALL).connection_security) == 2


@pytest.mark.parametrize("store", ["policy", "local"])
@pytest.mark.parametrize("main_mode", ["yes", "no"])
def test_what_is_made_is_removed_and_nothing_else(store: str, main_mode: str) -> None:
    options = {"store": store, "main_mode": main_mode, "ipsec_exempt": "yes"}
    design = presets.find("nd-guaranteed-encryption").load()
    there = read_file(file_of(design, lossy=True, **options))
    gone = read_file(file_of(design, lossy=True, undo="yes", **options))
    assert all(not values for values in gone.keys.values())
    base = {"policy": POLICY, "local": LOCAL}[store]
    sets = {key for key in there.keys if key.startswith(tuple(f"{base}\\Phase{each}" for each in "12"))}
    assert set(gone.removed_keys) == {key for key in sets if not re.search(r"\\[0-9]{4}$", key)}
    values = {(key, name) for key, values in there.keys.items() if key not in sets for name in values}
    assert set(gone.removed_values) == values
    assert any(name == "IPsecExempt" for _, name in values)


def test_undo_says_so() -> None:
    text = text_of(named_all("x"), undo="yes", **ALL)
    assert "; Removes the IPsec policy of the design 'x'" in text
    assert "IPsecExempt is removed too" in text
    assert "; Holds" not in text


@pytest.mark.parametrize(
    ("store", "said"),
    [("policy", "until the next refresh of group policy"), ("local", "no page says that it may be written directly")],
)
def test_the_head_says_what_becomes_of_it_where(store: str, said: str) -> None:
    text = " ".join(text_of(named_all("x"), store=store, **ALL).replace(";", "").split())
    assert said in text
    assert ("Set-GPRegistryValue" in text) == (store == "policy")
    policy_of(named_all("x"), store=store, **ALL)


def test_a_whole_key_is_removed_as_such_and_of_others_the_values() -> None:
    one, whole = (rf"HKEY_LOCAL_MACHINE\{name}" for name in "rs")
    keys = [RegistryKey(one, (('a"', "x"),)), RegistryKey(whole, (("b", "y"),), (("0000", ()),))]
    assert list(removed(keys)) == ["", r"[HKEY_LOCAL_MACHINE\r]", r'"a\""=-', "", r"[-HKEY_LOCAL_MACHINE\s]"]


def test_every_line_is_short_enough_to_read() -> None:
    text = text_of(presets.find("nd-boundary").load(), lossy=True)
    assert all(len(line) <= 110 for line in text.split("\r\n") if line.startswith(";") and "- main_mode" not in line)


@pytest.mark.parametrize(("options", "said"), [({}, True), ({"store": "local"}, True), ({"undo": "yes"}, False)])
def test_the_head_says_what_has_to_be_known(options: dict[str, str], said: bool) -> None:
    design = presets.find("nd-transport").load()
    told = exporting.exported(FORMAT, compile_design(design), options, lossy=True).findings
    assert bool(told) is said
    lines = text_of(design, lossy=True, **options).splitlines()
    head = " ".join(line.lstrip("; ") for line in lines if line.startswith(";"))
    for each in told:
        assert f"- {each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]" in head
    assert ("[main-mode-default]" in head) is said

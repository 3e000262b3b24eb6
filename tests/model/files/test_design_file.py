"""Files that hold no design, or nearly one: each is refused in one line that says where and what to do about it."""

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.model.design.descriptions import DESCRIPTIONS, PARTS
from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from ndtui.model.files.design_file import (
    _message,
    canonical_json,
    design_data,
    design_from,
    format_design,
    parse_design,
)
from ndtui.model.files.presets import Preset
from tests.strategies import designs
from tests.support import ROOT, design, exempting, one_line, preset, refused

HEAD = 'format = "ndtui-design"\nversion = 1\nname = "test"\n'
EXEMPTION = f'{HEAD}\n[[exemptions]]\nname = "DNS"\nprotocol = "udp"\n'
ESC, RTL, NUL = "\x1b", "\u202e", "\x00"


def load(path: Path) -> str:
    """Return the one line by which a file is refused."""
    with pytest.raises(InputError) as caught:
        Preset("bad", path, "own").load()
    return one_line(str(caught.value))


# What the text says.

TEXTS = {
    # TOML that is none.
    "cut off in a string": (f'{HEAD}description = "abc', ["line 4", "cut off"]),
    "cut off in an array": (f'{HEAD}families = ["V4",', ["line 4", "cut off"]),
    "cut off after a key": (f"{HEAD}families", ["line 4", "cut off"]),
    "cut off in a heading": (f"{HEAD}[[exemptions", ["line 4"]),
    "a key without a value": (f"{HEAD}families =\nlifetime = 1\n", ["line 4", "Invalid value"]),
    "a value without quotes": (f"{HEAD}lifetime = static\n", ["line 4"]),
    "a key twice": (f'{HEAD}name = "other"\n', ["line 4", "overwrite"]),
    "a heading twice": (f"{HEAD}[main_mode]\n[main_mode]\n", ["line 5", "twice"]),
    "a backslash of Windows": (f'{HEAD}description = "C:\\Users"\n', ["line 4"]),
    "a control character": (f'{HEAD}description = "a{ESC}[2Jb"\n', ["line 4", "'\\x1b'"]),
    "JSON instead of TOML": ('{"format": "ndtui-design", "name": "x"}\n', ["line 1"]),
    "XML instead of TOML": ("<?xml version='1.0'?>\n<wfpstate/>\n", ["line 1"]),
    "a script instead of TOML": ("#!/bin/sh\necho hello\n", ["line 2"]),
    "nested too deeply": (f"{HEAD}x = {'[' * 100_000}", ["nested too deeply"]),
    "a number of 5000 digits": (
        f"{HEAD}version2 = {'9' * 5000}\n",
        ["file.toml: Exceeds", "is it the file you meant?"],
    ),
    "a day that does not exist": (f"{HEAD}description = 2026-02-30\n", ["line 4"]),
    # No design.
    "empty": ("", ["name", "missing", "add it"]),
    "comments alone": ("# nothing yet\n\n", ["name", "missing", "add it"]),
    "another format": ('format = "aerleon"\nname = "x"\n', ["'aerleon'", 'format = "ndtui-design"']),
    "a format that is a list": ('format = ["ndtui-design"]\nname = "x"\n', ['format = "ndtui-design"']),
    "a later version": ('version = 3\nname = "x"\n', ["version 3", "newer ndtui"]),
    "a version far ahead": (f'version = {10**30}\nname = "x"\n', [f"version {10**30}", "newer ndtui"]),
    "version 0": ('name = "x"\nversion = 0\n', ["line 2", "version", "2", "0"]),
    "a version in quotes": ('name = "x"\nversion = "1"\n', ["line 2", "version", "'1'"]),
    "a version that is a yes": ('name = "x"\nversion = true\n', ["line 2", "version"]),
    # Keys.
    "an unknown key": (f"{HEAD}keying_module = []\n", ["line 4", "keying_module", "did you mean keying_modules"]),
    "an unknown key in a table": (f"{HEAD}[quick_mode]\nidle = 1\n", ["line 5", "quick_mode.idle", "spelling"]),
    "an unknown key in an exemption": (f"{EXEMPTION}port = 53\n", ["line 8", "exemptions[0].port", "spelling"]),
    "an unknown table": (f"{HEAD}[tunnel]\n", ["line 4", "tunnel", "spelling"]),
    "one table where several belong": (f'{HEAD}[exemptions]\nname = "DNS"\n', ["line 4", "exemptions"]),
    "several tables where one belongs": (f"{HEAD}[[main_mode]]\n", ["line 4", "main_mode"]),
    # Types.
    "a number for a name": ("name = 5\n", ["line 1", "name", "5"]),
    "a word for a switch": (f'{HEAD}nd_secure = "yes"\n', ["line 4", "nd_secure", "'yes'"]),
    "a number for a switch": (f"{HEAD}nd_secure = 1\n", ["line 4", "nd_secure", "1"]),
    "a word for a list": (f'{HEAD}keying_modules = "IKE"\n', ["line 4", "keying_modules", "'IKE'"]),
    "a table for a list": (f"{HEAD}keying_modules = {{IKE = true}}\n", ["line 4", "keying_modules"]),
    "a number in a list of names": (f"{HEAD}families = [4]\n", ["line 4", "families[0]", "4"]),
    "a fraction for seconds": (f"{HEAD}[quick_mode]\nidle_timeout_seconds = 1.5\n", ["line 5", "1.5"]),
    "seconds in quotes": (f'{HEAD}[quick_mode]\nidle_timeout_seconds = "300"\n', ["line 5", "'300'"]),
    "infinity for seconds": (f"{HEAD}[quick_mode]\nidle_timeout_seconds = inf\n", ["line 5", "inf"]),
    "a word for a table": (f'{HEAD}sublayer = "own"\n', ["line 4", "sublayer", "'own'"]),
    "a word for exemptions": (f'{HEAD}exemptions = "ICMP"\n', ["line 4", "exemptions", "'ICMP'"]),
    "a word for an exemption": (f'{HEAD}exemptions = ["ICMP"]\n', ["line 4", "exemptions[0]", "'ICMP'"]),
    "an identity that is none": (f'{HEAD}id = "1234"\n', ["line 4", "id", "'1234'"]),
    "a date for a port": (f"{EXEMPTION}local_ports = [2026-01-01]\n", ["line 8", "port"]),
    "a table for ports": (f'{EXEMPTION}local_ports = {{53 = "DNS"}}\n', ["line 8", "local_ports"]),
    "a table for addresses": (f'{EXEMPTION}local_addresses = {{"10.0.0.1" = 1}}\n', ["line 8", "local_addresses"]),
    # Values.
    "port 70000": (f"{EXEMPTION}local_ports = [70000]\n", ["line 8", "exemptions[0].local_ports", "70000", "65535"]),
    "a negative port": (f"{EXEMPTION}local_ports = [-1]\n", ["line 8", "exemptions[0].local_ports", "'-1'"]),
    "ports backwards": (f'{EXEMPTION}remote_ports = ["20-10"]\n', ["line 8", "20-10", "backwards", "10-20"]),
    "a port twice": (f'{EXEMPTION}remote_ports = [53, "50-60"]\n', ["line 8", "53", "50-60", "once"]),
    "a service for a port": (f'{EXEMPTION}remote_ports = ["domain"]\n', ["line 8", "'domain'", "53"]),
    "an address that is none": (f'{EXEMPTION}remote_addresses = ["10.0.0"]\n', ["line 8", "'10.0.0'", "10.0.0.1"]),
    "a name for an address": (f'{EXEMPTION}remote_addresses = ["dc1.example"]\n', ["line 8", "'dc1.example'"]),
    "host bits": (f'{EXEMPTION}remote_addresses = ["10.0.0.1/8"]\n', ["line 8", "host bits", "10.0.0.0/8"]),
    "a prefix too long": (f'{EXEMPTION}remote_addresses = ["10.0.0.0/33"]\n', ["line 8", "'10.0.0.0/33'"]),
    "addresses backwards": (
        f'{EXEMPTION}remote_addresses = ["10.0.0.9-10.0.0.1"]\n',
        ["line 8", "backwards", "10.0.0.1-10.0.0.9"],
    ),
    "a range over two families": (
        f'{EXEMPTION}remote_addresses = ["10.0.0.1-::1"]\n',
        ["line 8", "family"],
    ),
    "an address twice": (
        f'{EXEMPTION}remote_addresses = ["10.0.0.0/8", "10.1.2.3"]\n',
        ["line 8", "10.1.2.3", "10.0.0.0/8", "once"],
    ),
    "a zone": (f'{EXEMPTION}remote_addresses = ["fe80::1%eth0"]\n', ["line 8", "'fe80::1%eth0'", "zone"]),
    "an IPv6 address in a design for IPv4": (
        f'{HEAD}families = ["V4"]\n[[exemptions]]\nname = "DNS"\nremote_addresses = ["2001:db8::1"]\n',
        ["line 7", "exemptions[0].remote_addresses", "2001:db8::1", "V4"],
    ),
    "no keying module": (f"{HEAD}keying_modules = []\n", ["line 4", "keying_modules", "IKE"]),
    "exemptions of one name": (
        f'{EXEMPTION}[[exemptions]]\nname = "DNS"\n',
        ["line 9", "exemptions[1].name", "'DNS'", "twice"],
    ),
    # Names that would act on a terminal.
    "a name with an escape sequence": ('name = "a\\u001b[31mred"\n', ["line 1", "name", "U+001B"]),
    "a name with a line break": ('name = "a\\nb"\n', ["line 1", "name", "U+000A"]),
    "a name that turns around": ('name = "a\\u202egnp.exe"\n', ["line 1", "name", "U+202E"]),
    "a name with NUL": ('name = "a\\u0000b"\n', ["line 1", "name", "U+0000"]),
    "a name of an exemption with an escape sequence": (
        f'{HEAD}[[exemptions]]\nname = "\\u001b]0;title\\u0007"\n',
        ["line 5", "exemptions[0].name", "U+001B"],
    ),
    "a description with an escape sequence": (f'{HEAD}description = "\\u001b[2J"\n', ["line 4", "U+001B"]),
    "a comment with an escape sequence": (f'{EXEMPTION}comment = "\\u009b2J"\n', ["line 8", "comment", "U+009B"]),
    "a key with an escape sequence": (f'{HEAD}"\\u001b[31m" = 1\n', ["\\x1b[31m", "spelling"]),
    "a key with a line break": (f'{HEAD}"a\\nb" = 1\n', ["a\\nb", "spelling"]),
    "a key that turns around": (f'{HEAD}"a\\u202eb" = 1\n', ["a\\u202eb", "spelling"]),
    "a protocol with an escape sequence": (f'{HEAD}[[exemptions]]\nname="x"\nprotocol = "\\u001b[2J"\n', ["line 6"]),
    "a layer that turns around": (
        f'{EXEMPTION}layers = ["FWPM_LAYER_{RTL}IPSEC"]\n',
        ["line 8", "layers", "\\u202e"],
    ),
    "an address with an escape sequence": (f'{EXEMPTION}local_addresses = ["\\u001b[2J"]\n', ["line 8", "\\x1b"]),
    "an address that is a novel": (f'{EXEMPTION}local_addresses = ["{"x" * 100_000}"]\n', ["line 8", "address"]),
    "a port that is a novel": (f'{EXEMPTION}local_ports = ["{"9" * 100_000}"]\n', ["line 8", "port"]),
    "a protocol that is a novel": (f'{HEAD}[[exemptions]]\nname="x"\nprotocol = "{"x" * 100_000}"\n', ["line 6"]),
    "a format that is a novel": (f'format = "{"x" * 100_000}"\n', ['format = "ndtui-design"']),
    "a key that is a novel": (f"{HEAD}{'x' * 100_000} = 1\n", ["line 4", "spelling"]),
    "a layer that is a novel": (f'{EXEMPTION}layers = ["{"X" * 100_000}"]\n', ["line 8", "layer"]),
}


@pytest.mark.parametrize("case", TEXTS)
def test_refused_in_one_line(case):
    text, said = TEXTS[case]
    message = refused(text)
    assert message.startswith("file.toml")
    for part in said:
        assert part in message, f"{part!r} is not in: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lifetime = 5\n", " lifetime: input should be 'dynamic', 'static' or 'persistent', not 5"),
        ("x = 1\n", " x: is no key that belongs here: check its spelling"),
        ("x = 1\ny = 2\n", " x: is no key that belongs here: check its spelling (and 1 more)"),
        ("x = 1\ny = 2\nz = 3\n", " x: is no key that belongs here: check its spelling (and 2 more)"),
        (
            "[sublayer]\nkind = 'own'\n",
            ' sublayer: kind = "own" needs weight, 0 to 65535 (the universal sublayer has 32768)',
        ),
    ],
)
def test_the_whole_message(text, message):
    assert refused(HEAD + text) == f"file.toml: line 4:{message}"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "lifetime = 'statc'",
            "lifetime: input should be 'dynamic', 'static' or 'persistent', not 'statc': did you mean static?",
        ),
        ("lifetime = 'xyz'", "lifetime: input should be 'dynamic', 'static' or 'persistent', not 'xyz'"),
        ("families = ['V44']", "families[0]: input should be 'V4' or 'V6', not 'V44': did you mean V4?"),
        ("keying_modules = ['IKEV2']", "not 'IKEV2': did you mean IKEv2 or IKE?"),
        ("[[rules]]\nname = 'base'\nmode = 'boundry'", "or 'inherit', not 'boundry': did you mean boundary?"),
        ("[sublayer]\nkind = 'onw'", "not 'onw': did you mean own?"),
        (
            "[main_mode]\nflags = ['IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL']",
            "used here: did you mean IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH, ",
        ),
        ("[[exemptions]]\nname = 'x'\nprotocol = 'tpc'", "'tpc' is no protocol: did you mean tcp?"),
        ("[[assert]]\ntraffic = 'in tpc'\nverdict = 'clear'", "'tpc' is no protocol: did you mean tcp?"),
        ("[[assert]]\ntraffic = 'in tcp profile pubic'\nverdict = 'clear'", "no network profile: did you mean public?"),
        ("[[assert]]\ntraffic = 'in tcp interface wireles'\nverdict = 'clear'", "interface: did you mean wireless?"),
        ("[[assert]]\ntraffic = 'in tcp'\nverdict = 'protcted'", "not 'protcted': did you mean protected?"),
    ],
)
def test_of_a_misspelt_choice_is_said_which_may_be_meant(said, meant):
    message = refused(f'name = "x"\nversion = 2\n{said}\n')
    assert meant in message
    assert ("did you mean" in message) == ("did you mean" in meant)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("before_bfe = true", "before_bfe: should be a list, not true"),
        ('families = "V4"', "families: should be a list, not 'V4'"),
        ("rules = {}", "rules: should be a list, not a table"),
        ("sublayer = []", "sublayer: should be a table, not a list"),
        ('id = "1"', "id: should be a UUID such as 6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51, not '1'"),
        ("[main_mode]\nproposals = []", "main_mode.proposals: should have at least 1 entry, not 0"),
        ("[[rules]]\nscope = 1", "rules[0].scope: should be a table, not 1"),
        ("[[rules]]\nenabled = []", "rules[0].enabled: should be true or false, not a list"),
        ("[[rules]]\nmode = []", "'require' or 'inherit', not a list"),
        ("[[rules]]\nencryption = true", "'none' or 'guaranteed', not true"),
        ("[[rules]]\nmachines = ['DC']", "rules[0].machines: should be a text in quotes, not a list"),
        ("[[rules]]\nweight_range = '5'", "rules[0].weight_range: should be a whole number, not '5'"),
        (
            "[[rules]]\nscope = {families = ['V4']}",
            "rules[0].scope.families: is no key that belongs here: it belongs to the design, at the top of the file",
        ),
        ("[[rules]]\nscenario = 'require'", "rules[0].scenario: is no key that belongs here: did you mean mode?"),
    ],
)
def test_a_value_of_another_kind_is_refused_in_the_words_of_the_file(said: str, message: str):
    assert refused(f'name = "x"\n{said}\n').endswith(message)


@pytest.mark.parametrize("path", PARTS, ids=".".join)
def test_a_misspelt_key_is_answered_with_the_one_that_is_meant(path: tuple[str, ...]):
    data: Any = {"name": "test"}
    at = data
    for name in path:
        several = name not in ("sublayer", "main_mode", "quick_mode", "extended_mode", "scope", "negotiation")
        at[name] = [{}] if several else {}
        at = at[name][0] if several else at[name]
    for key in DESCRIPTIONS[PARTS[path]]:
        at[f"{key}x"] = 1
        assert f"did you mean {key}" in refusal_of(data, f"{key}x"), key
        del at[f"{key}x"]


def refusal_of(data: Any, key: str) -> str:
    """Return what is said of a key that there is not, whatever else is wrong."""
    with pytest.raises(ValidationError) as caught:
        Design.model_validate(data)
    (problem,) = (each for each in caught.value.errors() if each["loc"][-1] == key)
    return _message(problem)


def test_every_part_of_a_design_has_its_place():
    assert set(PARTS.values()) == DESCRIPTIONS.keys()


@pytest.mark.parametrize("case", ["empty", "a later version", "a zone", "port 70000"])
def test_the_same_through_a_file(case, tmp_path):
    text, said = TEXTS[case]
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    message = load(path)
    assert str(path) in message
    assert all(part in message for part in said)


# Where it stands.


def numbered(text):
    """Return a text and the number of its line that ends with ``# here``."""
    number = next(n for n, line in enumerate(text.split("\n"), 1) if line.endswith("# here"))
    return text, f"line {number}:"


LINES = {
    "a key below headings": "[sublayer]\nkind = 'own'\nweight = 70000 # here\n",
    "the second of two tables": (
        "[[exemptions]]\nname = 'a'\nprotocol = 'tcp'\nlocal_ports = [1]\n\n"
        "[[exemptions]]\nname = 'b'\nprotocol = 'tcp'\n# a remark\nlocal_ports = [70000] # here\n"
    ),
    "the third of three tables": (
        "[[exemptions]]\nname = 'a'\n[[exemptions]]\nname = 'b'\n[[exemptions]]\nname = 'a' # here\n"
    ),
    "a table in a table": (
        "[quick_mode]\nidle_timeout_seconds = 300\n[[quick_mode.proposals]]\n"
        "transforms = [{type = 'IPSEC_TRANSFORM_AH', auth = 'IPSEC_AUTH_CONFIG_HMAC_SHA_256_128'}]\n"
        "[[quick_mode.proposals]]\nlifetime_seconds = 1 # here\n"
        "transforms = [{type = 'IPSEC_TRANSFORM_AH', auth = 'IPSEC_AUTH_CONFIG_HMAC_SHA_256_128'}]\n"
    ),
    "a table of the same keys before": (
        "[main_mode]\nproposals = [\n"
        "  {cipher = 'IKEEXT_CIPHER_AES_256', integrity = 'IKEEXT_INTEGRITY_SHA1', dh_group = 'IKEEXT_DH_ECP_256'},\n"
        "]\n[quick_mode]\nproposals = [] # here\n"
    ),
    "a key that is indented": "[quick_mode]\n    idle_timeout_seconds = 0 # here\n",
    "a value over several lines": "families = [ # here\n  'V4',\n  'V5',\n]\n",
    "the table, when a key is missing in it": "[[exemptions]]\nname = 'a'\n[[exemptions]] # here\nprotocol = 'tcp'\n",
    "the table, when two of its keys do not fit": (
        "[[exemptions]]\nname = 'a'\n[[exemptions]] # here\nname = 'b'\nlocal_ports = [53]\n"
    ),
    "the table, and not the next one that has the key": (
        "[[exemptions]] # here\nprotocol = 'tcp'\n[[exemptions]]\nname = 'b'\n"
    ),
    "the key, and not a description that quotes it": (
        'description = """\nfamilies = ["V5"]\n"""\nfamilies = ["V5"] # here\n'
    ),
    "the key, and not a comment that has it": "# families = ['V5']\nfamilies = ['V5'] # here\n",
    "a table in the second of two tables": (
        "[[main_mode.ike_authentication]]\nmethod = 'IKEEXT_KERBEROS'\n"
        "[[quick_mode.proposals]]\n[[quick_mode.proposals.transforms]]\ntype = 'IPSEC_TRANSFORM_AH'\n"
        "auth = 'IPSEC_AUTH_CONFIG_HMAC_SHA_256_128'\n"
        "[[quick_mode.proposals]]\n[[quick_mode.proposals.transforms]]\ntype = 'IPSEC_TRANSFORM_OF_TOMORROW' # here\n"
        "auth = 'IPSEC_AUTH_CONFIG_HMAC_SHA_256_128'\n"
    ),
    "the key, and not a description in single quotes that quotes it": (
        "description = '''\nfamilies = ['V5']\n'''\nfamilies = ['V5'] # here\n"
    ),
    "the key after a description in single quotes on one line": (
        "description = '''families = ['V5']'''\nfamilies = ['V5'] # here\n"
    ),
    "a key below a description of several lines in a table": (
        '[[exemptions]]\nname = \'a\'\ncomment = """\n[[exemptions]]\nname = \'c\'\n"""\n'
        "[[exemptions]]\nname = 'b'\nlocal_ports = [70000] # here\n"
    ),
    "a key in a table, and not the same one of another table": (
        "[sublayer]\nkind = 'universal'\n[quick_mode]\nkind = 1 # here\n"
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_the_line(case):
    text, place = numbered(HEAD + LINES[case])
    message = refused(text)
    assert f"file.toml: {place}" in message


LONG = {
    "a list of spaces": "[\n[" + " " * 50_000 + "\n]\n]",
    "a list of lists": "[\n" + "[" * 100 + "\n" + "]" * 100 + "\n]",
    "a long word": "[\n'" + "a" * 50_000 + "'\n]",
    "a long path": "[\n'" + "a.b-" * 12_500 + "'\n]",
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LONG)
def test_looking_for_the_line_comes_to_an_end(case):
    """The guard is for a hang of hours, not for speed; in a process of its own, because a match cannot be stopped."""
    code = (
        "import sys\n"
        "from ndtui.common.errors import InputError\n"
        "from ndtui.model.files.design_file import parse_design\n"
        "try: parse_design(sys.stdin.read(), 'file.toml')\n"
        "except InputError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=f'{HEAD}scenario = "unknown"\n[sublayer]\nkind = {LONG[case]}\n',
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.startswith("file.toml: line 4: scenario")


def test_a_missing_name_is_not_looked_for_in_an_exemption():
    message = refused('format = "ndtui-design"\n\n[[exemptions]]\nname = "DNS"\n')
    assert "name is missing" in message.replace("name: is missing", "name is missing")
    assert "exemptions" not in message
    assert "line 4" not in message


def test_without_a_text_there_is_no_line():
    with pytest.raises(InputError) as caught:
        design_from({"name": "x", "families": ["V5"]}, "bundle.json")
    assert "line" not in str(caught.value)
    assert "families[0]" in str(caught.value)


# What the file is.


def test_a_directory(tmp_path):
    message = load(tmp_path)
    assert str(tmp_path) in message
    assert "directory" in message
    assert "name a file" in message


def test_no_such_file(tmp_path):
    message = load(tmp_path / "none.toml")
    assert "there is no file" in message
    assert "none.toml" in message
    assert "spelling" in message


def test_a_file_in_a_file(tmp_path):
    (tmp_path / "a").write_text("")
    assert str(tmp_path / "a" / "b.toml") in load(tmp_path / "a" / "b.toml")


def test_a_path_with_nul():
    assert "cannot be read" in load(Path("a\x00b.toml"))


@pytest.mark.skipif(os.name == "nt", reason="needs names that Windows does not have")
@pytest.mark.parametrize("name", [f"a{ESC}[31mb.toml", "a\nb.toml", f"a{RTL}b.toml"])
def test_a_hostile_path_is_written_out(tmp_path, name):
    path = tmp_path / name
    load(path)
    path.write_text("name = ", encoding="utf-8")
    load(path)
    path.write_bytes(b"\xff\xfe")
    load(path)
    path.write_text('format = "x"', encoding="utf-8")
    load(path)
    path.write_text('name = ""', encoding="utf-8")
    load(path)
    path.unlink()
    path.mkdir()
    load(path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "secret.toml"
    path.write_text(HEAD)

    def denied(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    message = load(path)
    assert "secret.toml cannot be read" in message
    assert "Permission denied" in message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permissions(tmp_path):
    path = tmp_path / "secret.toml"
    path.write_text(HEAD)
    path.chmod(0)
    assert "Permission denied" in load(path)


def test_a_disk_that_fails(tmp_path, monkeypatch):
    path = tmp_path / "broken.toml"
    path.write_text(HEAD)

    class Broken:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def read(self, _):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda *_: Broken())
    assert "Input/output error" in load(path)


BYTES = {
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "UTF-8"),
    "an executable": (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "UTF-8"),
    "UTF-16 with its mark": ('name = "x"\n'.encode("utf-16"), "UTF-8"),
    "UTF-16 without": ('name = "x"\n'.encode("utf-16-le"), "NUL"),
    "Latin-1": ('name = "Prüfung"\n'.encode("latin-1"), "UTF-8"),
    "half a character": ('name = "é'.encode()[:-1], "UTF-8"),
    "NUL": (b'name = "a\x00b"\n', "NUL"),
    "nothing but NUL": (b"\x00" * 100, "NUL"),
}


@pytest.mark.parametrize("case", BYTES)
def test_no_text(case, tmp_path):
    data, said = BYTES[case]
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    message = load(path)
    assert str(path) in message
    assert said in message


def test_the_place_of_the_byte_that_is_no_text(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_bytes(b'name = "\xe9"\n')
    assert "byte 8" in load(path)


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(files.MAX_TEXT + 1)
    message = load(path)
    assert "32 MiB" in message
    assert "is it the file you meant" in message


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without end")
def test_a_file_without_end():
    assert "larger than 32 MiB" in load(Path("/dev/zero"))


def test_a_file_at_the_limit_is_read(tmp_path):
    path = tmp_path / "ten.txt"
    path.write_bytes(b"0123456789")
    assert files.read_text(path, 10) == "0123456789"
    with pytest.raises(InputError):
        files.read_text(path, 9)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_byte_order_mark_are_accepted(tmp_path, mark, end):
    text = format_design(preset("nd-domain-member"))
    path = tmp_path / "good.toml"
    path.write_bytes(mark + text.replace("\n", end).encode())
    assert Preset("good", path, "own").load() == preset("nd-domain-member")


def test_line_numbers_count_windows_lines_once(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_bytes(b'name = "x"\r\n\r\nfamilies = ["V5"]\r\n')
    assert "line 3" in load(path)


# No other exception, whatever the file holds.

SAMPLE = json.loads(
    json.dumps(
        exempting(
            {"protocol": "udp", "local_ports": [53, "60-70"], "remote_addresses": ["10.0.0.0/8", "fe80::/10"]},
            {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "families": ["V4"]},
            sublayer={"kind": "own", "weight": 5},
            extended_mode={},
            main_mode={
                "ike_authentication": [
                    {"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"},
                    {
                        "method": "IKEEXT_CERTIFICATE",
                        "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                        "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
                        "roots": ["subject:CN=Root"],
                        "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"],
                    },
                ]
            },
        ).model_dump(mode="json")
    )
)


def paths_of(value, path=()):
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths_of(value[key], (*path, key))


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.times()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)


def harms_no_terminal(message):
    import unicodedata

    assert "\n" not in message
    assert not [c for c in message if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c == RTL], ascii(message)


@given(st.sampled_from(sorted(paths_of(SAMPLE), key=str)), junk, st.booleans())
def test_any_value_anywhere_is_accepted_or_refused_in_one_line(path, value, beside):
    data = json.loads(json.dumps(SAMPLE))
    place = data
    for key in path[:-1]:
        place = place[key]
    if beside and isinstance(place, dict):
        place["unknown"] = value
    else:
        place[path[-1]] = value
    try:
        made = design_from(data, "file.toml")
    except InputError as error:
        harms_no_terminal(str(error))
    else:
        assert parse_design(format_design(made), "file.toml") == made


@given(st.text())
def test_any_text_is_refused_in_one_line(text):
    with pytest.raises(InputError) as caught:
        parse_design(text, "file.toml")
    harms_no_terminal(str(caught.value))


@given(st.data())
def test_a_damaged_file_is_accepted_or_refused_in_one_line(data):
    text = format_design(preset("nd-domain-member"))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    damaged = text[:start] + data.draw(st.text(max_size=5)) + text[end:]
    try:
        parse_design(damaged, "file.toml")
    except InputError as error:
        harms_no_terminal(str(error))


@given(st.binary())
def test_any_bytes_are_text_or_refused_in_one_line(data):
    try:
        files.decode(data, "file.toml")
    except InputError as error:
        harms_no_terminal(str(error))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("field", ["local_ports", "local_addresses", "families", "layers", "protocol", "comment"])
@pytest.mark.parametrize("depth", [500, 5000])
def test_lists_in_lists_are_no_way_out(field, depth):
    with pytest.raises(InputError) as caught:
        design_from({"name": "x", "exemptions": [{"name": "e", field: nested(depth)}]}, "file.json")
    one_line(str(caught.value))


@pytest.mark.parametrize("field", ["families", "keying_modules", "format", "version", "exemptions", "sublayer"])
@pytest.mark.parametrize("depth", [500, 5000])
def test_lists_in_lists_are_no_way_out_at_the_top(field, depth):
    with pytest.raises(InputError) as caught:
        design_from({"name": "x", field: nested(depth)}, "file.json")
    one_line(str(caught.value))


# Writing.


def test_a_saved_design_is_text_a_person_can_read(tmp_path):
    path = tmp_path / "mine.toml"
    presets.save(preset("nd-domain-member"), path)
    data = path.read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8")
    assert 'name = "DNS over UDP"\nprotocol = "udp"\nremote_ports = [53]\n' in text
    assert text.count("[[exemptions]]") == 6
    assert "enabled" not in text
    assert "\nid = " not in text
    assert Preset("mine", path, "own").load() == preset("nd-domain-member")


def test_how_a_design_is_written():
    """Short lists of small tables stand in one line each, long ones and those with a name as tables."""
    many = [f"10.0.{n}.0/24" for n in range(9)]
    made = exempting(
        {"protocol": "tcp", "remote_addresses": many[:2], "remote_ports": [53]},
        {"remote_addresses": many},
        name="test",
        keying_modules=["IKE"],
        main_mode={
            "proposals": [
                {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": group}
                for group in ("IKEEXT_DH_ECP_256", "IKEEXT_DH_GROUP_14")
            ]
        },
        **{"assert": [{"traffic": "in tcp", "verdict": "protected"}]},
        suppress=[{"id": "one-family", "reason": "no"}],
    )
    text = format_design(made)
    for part in (
        'keying_modules = ["IKE"]\n',
        '\nike_authentication = [{method = "IKEEXT_KERBEROS"}]\n',
        '\n[[main_mode.proposals]]\ncipher = "IKEEXT_CIPHER_AES_256"\n',
        '\n[[exemptions]]\nname = "e0"\nprotocol = "tcp"\n',
        '\nremote_addresses = ["10.0.0.0/24", "10.0.1.0/24"]\n',
        '\nremote_addresses = [\n    "10.0.0.0/24",\n    "10.0.1.0/24",\n',
        '\n[[assert]]\ntraffic = "in tcp"\nverdict = "protected"\n',
        '\n[[suppress]]\nid = "one-family"\nreason = "no"\n',
    ):
        assert part in text, part
    methods = [{"method": "IKEEXT_KERBEROS"}, {"method": "IKEEXT_NTLM_V2"}]
    written = format_design(change(made, keying_modules=["AuthIP"], main_mode={"authip_authentication": methods}))
    listed = "".join(f'    {{method = "{each["method"]}"}},\n' for each in methods)
    assert f"\nauthip_authentication = [\n{listed}]\n" in written


COMMENTED = """\
# Policy of the web servers.
# Ask the network team before changing it.

format = "ndtui-design"
version = 1
name = "web" # as the group policy is called
scenario = "require" # since March

keying_modules = [
    "IKE",    # for the appliances
    "AuthIP", # for Windows
]

[quick_mode] # agreed with security
idle_timeout_seconds = 600 # the load balancer's

# Exemptions, in order of the ticket numbers.
[[exemptions]]
# TICKET-1
name = "DNS"
protocol = "udp" # and not TCP
remote_ports = [53]

# TICKET-2
[[exemptions]]
name = "NTP"
protocol = "udp"
remote_ports = [123] # chrony
"""


def comments(text):
    return [line.partition("#")[2].strip() for line in text.split("\n") if "#" in line]


def saved_over(text, path, **changes):
    path.write_text(text, encoding="utf-8", newline="\n")
    before = Preset("x", path, "own").load()
    after = change(before, **changes)
    presets.save(after, path)
    assert Preset("x", path, "own").load() == after
    return path.read_text(encoding="utf-8")


def test_comments_stay_when_a_value_changes(tmp_path):
    text = saved_over(COMMENTED, tmp_path / "web.toml", lifetime="persistent", rules=[{"mode": "boundary"}])
    assert sorted(comments(text)) == sorted(comments(COMMENTED))
    assert '\nmode = "boundary" # since March\n' in text


def test_comments_stay_when_nothing_changes(tmp_path):
    text = saved_over(COMMENTED, tmp_path / "web.toml")
    assert sorted(comments(text)) == sorted(comments(COMMENTED))
    changed = {"version = 1": "version = 2", 'scenario = "require" # since March': 'mode = "require" # since March'}
    for line in COMMENTED.split("\n"):
        assert changed.get(line, line) in text


def test_comments_of_an_exemption_stay_when_another_is_added(tmp_path):
    before = parse_design(COMMENTED, "file.toml")
    text = saved_over(
        COMMENTED, tmp_path / "web.toml", exemptions=[*before.exemptions, {"name": "ICMP", "protocol": "icmp"}]
    )
    assert sorted(comments(text)) == sorted(comments(COMMENTED))


def test_comments_of_an_exemption_stay_when_another_goes(tmp_path):
    before = parse_design(COMMENTED, "file.toml")
    text = saved_over(COMMENTED, tmp_path / "web.toml", exemptions=before.exemptions[1:])
    assert "chrony" in comments(text)
    assert "Policy of the web servers." in comments(text)
    assert "DNS" not in text


def test_the_layout_of_a_value_that_stays_is_kept(tmp_path):
    text = saved_over(COMMENTED, tmp_path / "web.toml", lifetime="dynamic")
    assert 'keying_modules = [\n    "IKE",    # for the appliances\n    "AuthIP", # for Windows\n]\n' in text


EXISTING = {
    "nothing": "",
    "no TOML": "name = ",
    "no text at all": "\x00\x01",
    "nested without end": "x = " + "[" * 100_000,
    "a number without end": f"version = {'9' * 5000}\n",
    "another program's": '[tool.ruff]\nline-length = 120\n[[tool.mypy.overrides]]\nmodule = ["a"]\n',
    "tables in one line": 'name = "x"\nsublayer = {kind = "own", weight = 5} # ours\nscenario = "require"\n',
    "exemptions in one line": 'name = "x"\nexemptions = [{name = "ICMP", protocol = "tcp"}, {name = "b"}]\n',
    "dotted keys": 'name = "x"\nsublayer.kind = "own"\nsublayer.weight = 5\nscenario = "require"\n',
    "a dotted key of quick mode": 'name = "x"\nquick_mode.idle_timeout_seconds = 5\nscenario = "require"\n',
    "a dotted key in a table": "[main_mode]\nproposals = []\n[quick_mode]\nx.y = 1\n",
    "quoted keys": '"name" = "x"\n\'scenario\' = "require"\n',
    "a value for a table": 'sublayer = "own"\nmain_mode = 5\nexemptions = "all"\n',
    "a table for a value": "[name]\na = 1\n[scenario]\nb = 2\n",
    "several tables for one": "[[main_mode]]\nx = 1\n[[quick_mode]]\n",
    "one table for several": '[exemptions]\nname = "ICMP"\n',
    "a list for a name": "[[exemptions]]\nname = []\n[[exemptions]]\nname = {}\n",
    "a name twice": '[[exemptions]]\nname = "ICMP"\n[[exemptions]]\nname = "ICMP"\n',
    "tables of tables": '[[exemptions]]\nname = "ICMP"\n[exemptions.more]\na = 1\n',
    "tables torn apart": '[[exemptions]]\nname = "a"\n[sublayer]\nkind = "own"\n[[exemptions]]\nname = "ICMP"\n',
    "Windows' line ends": '# remark\r\nname = "x"\r\n\r\n[sublayer]\r\nkind = "own"\r\nweight = 5\r\n',
}


@pytest.mark.parametrize("case", EXISTING)
@pytest.mark.parametrize("name", ["nd-transport", "ms-sample"])
def test_whatever_was_there_the_saved_design_is_what_is_read_back(case, name, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(EXISTING[case], encoding="utf-8", newline="\n")
    for made in (preset(name), change(preset(name), sublayer={"kind": "own", "weight": 5}, description='"""\n\\')):
        presets.save(made, path)
        assert Preset("mine", path, "own").load() == made
        assert b"\r" not in path.read_bytes()


def test_saving_over_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    presets.save(preset("nd-transport"), path)
    assert Preset("mine", path, "own").load() == preset("nd-transport")


# A crash leaves the old or the new.


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fails", ["os.replace", "os.fsync", "os.fdopen", "os.open", "pathlib.Path.chmod"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, fails):
    path = tmp_path / "mine.toml"
    path.write_text("old", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(fails, full)
        with pytest.raises(RefusedError) as caught:
            files.write_text(path, "new")
    assert "mine.toml cannot be written" in one_line(str(caught.value))
    assert "No space left on device" in str(caught.value)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


def test_a_failure_leaves_no_new_file(tmp_path, monkeypatch):
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(RefusedError):
        files.write_text(tmp_path / "new.toml", "text")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    path = tmp_path / "mine.toml"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


def test_text_that_cannot_be_encoded_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RefusedError):
        files.write_text(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("name", ["a" * 300 + ".toml", "a\x00b.toml"])
def test_a_name_no_file_can_have(tmp_path, name):
    with pytest.raises(RefusedError) as caught:
        files.write_text(tmp_path / name, "text")
    one_line(str(caught.value))
    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_the_way(tmp_path):
    (tmp_path / "mine.toml").mkdir()
    with pytest.raises(RefusedError):
        files.write_text(tmp_path / "mine.toml", "text")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


def test_line_ends_are_lf(tmp_path):
    path = tmp_path / "mine.toml"
    files.write_text(path, "eins\nzwei é\n")
    assert path.read_bytes() == "eins\nzwei é\n".encode()


@pytest.mark.skipif(os.name == "nt", reason="permissions as Unix has them")
def test_permissions_of_a_file_stay(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    path.chmod(0o600)
    files.write_text(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "dotfiles.toml"
    real.write_text("old")
    link = tmp_path / "mine.toml"
    link.symlink_to(real)
    files.write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


# Data and its canonical form.


def test_plain_data_leaves_out_what_is_open():
    data = design_data(design(exemptions=[{"name": "DNS", "protocol": "udp", "remote_ports": [53]}]))
    assert data["exemptions"] == [{"name": "DNS", "protocol": "udp", "remote_ports": [53]}]
    assert not {"id", "extended_mode", "description"} & data.keys()
    assert data["keying_modules"] == ["IKE", "AuthIP"]


def test_a_stated_identity_is_kept():
    stated = design(id="00000000-0000-4000-8000-000000000001")
    assert design_data(stated)["id"] == "00000000-0000-4000-8000-000000000001"
    renamed = change(stated, name="another")
    assert renamed.id == stated.id
    assert change(design(), name="another").id != design().id


@given(designs(2))
def test_canonical_json_is_ascii_sorted_and_reversible(made):
    data = design_data(made)
    text = canonical_json(data)
    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text) == data
    assert canonical_json(dict(reversed(data.items()))) == text

"""The Python exporter's text: what it says at the head, that names are never code, and what it has no way to say."""

import ast
import subprocess
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.common.errors import NdtuiError
from ndtui.exporters import exporting
from ndtui.exporters.python_program.python_imports import PACKAGES
from ndtui.exporters.python_program.python_language import PythonLanguage
from ndtui.exporters.python_program.python_literals import bytes_literal, in_the_docstring, text_literal
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.vocabulary import GUIDS, guid_of, members, number_of
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from ndtui.testing.sample_designs import HOSTILE_NAMES, hostile
from tests.backends.wfp.windows_ctypes import structures
from tests.exporters.program_designs import TRICKS, program_designs
from tests.exporters.python_program.python_machine import program_of
from tests.support import ROOT, design, one_line, preset

ODD = st.text(st.sampled_from("é0aF\"'?\\/\n\r\tx\0\x85\u2028\u202e\U0001f512\ud800{}$%#"), min_size=1)


def is_harmless(text: str) -> bool:
    return text.isascii() and text.isprintable()


@given(st.text() | ODD)
def test_a_literal_is_read_as_the_text(text):
    literal = text_literal(text)
    assert is_harmless(literal)
    assert ast.literal_eval(literal) == text


@given(st.binary() | ODD.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_a_literal_is_read_as_the_bytes(content):
    assert is_harmless(bytes_literal(content))
    assert ast.literal_eval(bytes_literal(content)) == content


@given(st.text() | ODD)
def test_a_docstring_is_read_as_the_text(text):
    part = in_the_docstring(text)
    assert is_harmless(part)
    assert ast.literal_eval(f'"""{part}"""') == text


@given(st.integers(0, 2**64 - 1) | st.sampled_from([2**32 - 1, 2**32, 2**64 - 1]))
def test_a_number_is_read_as_the_number(number):
    assert ast.literal_eval(PythonLanguage().unsigned(number)) == number
    assert PythonLanguage().uint64(number) == f"c_uint64({PythonLanguage().unsigned(number)})"


def head(text: str) -> str:
    return ast.get_docstring(ast.parse(text), clean=False) or ""


def test_what_stands_at_the_head():
    text = program_of(preset("nd-transport"))
    assert "The IPsec policy 'nd-transport'" in head(text)
    assert "1 provider, 4 provider contexts, 20 filters; lifetime static." in head(text)
    assert "python policy.py remove --dry-run" in head(text)
    assert f"pip install {' '.join(PACKAGES)}\n" in head(text)
    assert text.count("    Filter(\n") == 20


def test_the_packages_are_those_of_the_windows_backend():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for name, version in PACKAGES.items():
        assert f'{name}>={version}; sys_platform == "win32"' in asked


def test_a_description_stands_there_as_it_is():
    text = "tab\there, and a long line of it: " + "word " * 50 + '\n\nA second paragraph; \\ "quoted".'
    shown = head(program_of(design(description=text)))
    assert " ".join(text.split()) in " ".join(shown.split())
    assert "tab\there" in shown
    assert '; \\ "quoted".' in shown


def shape(text: str) -> str:
    """Return a program without its literals: two programs of one shape do the same, with other texts and numbers."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)


def texts_in(text: str) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, *TRICKS, "ש" * 200, "\U0001f512" * 100])
def test_a_name_is_a_literal_and_nothing_else(name):
    text = program_of(hostile(name))
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
    assert shape(text) == shape(program_of(hostile("plain")))
    assert {name, f"{name}: IKE main mode", f"{name}: exempt {name}"} <= texts_in(text)
    shown = head(text).replace("\n", "").replace(" ", "")  # it is folded
    assert shown.startswith(f"The IPsec policy {name!r}, for".replace(" ", ""))


def authenticated(**method):
    return design(keying_modules=["IKE"], main_mode={"ike_authentication": [method]})


def with_root(reference):
    return authenticated(
        method="IKEEXT_CERTIFICATE",
        inbound="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        outbound="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        roots=[reference],
    )


@pytest.mark.parametrize("value", [*(each.replace(",", "") for each in TRICKS), "\u202etxt\u2066", '"""'])
def test_the_subject_of_a_root_is_a_literal_and_nothing_else(value):
    text = program_of(with_root(f"subject:OU={value}"))
    assert text.isascii()
    assert shape(text) == shape(program_of(with_root("subject:OU=plain")))
    assert f"subject:OU={value}" in texts_in(text)


def test_the_variables_that_keys_are_read_from_stand_at_the_head_and_no_key_anywhere(monkeypatch):
    monkeypatch.setenv("SITE_KEY", "hunter2hunter2")
    text = program_of(authenticated(method="IKEEXT_PRESHARED_KEY", key="env:SITE_KEY"))
    assert "SITE_KEY" in head(text)
    assert "hunter2" not in text


def test_a_key_of_a_keyring_is_named():
    with pytest.raises(NdtuiError, match=r"pre-shared key keyring:site of test: IKE main mode.*write env:NAME"):
        program_of(authenticated(method="IKEEXT_PRESHARED_KEY", key="keyring:site"))


@pytest.mark.parametrize("letters", ["STREET", "OID.É", "OID.", "OID.2..5"])
def test_a_root_with_an_unknown_part_is_named(letters):
    with pytest.raises(NdtuiError, match=r"root subject:CN=Root, .*=Elm of test: IKE main mode.*write OID\."):
        program_of(with_root(f"subject:CN=Root, {letters}=Elm"))
    assert '("2.5.4.9", "Elm")' in program_of(with_root("subject:CN=Root, OID.2.5.4.9=Elm"))


def test_what_the_policy_cuts_off_stands_at_the_head():
    made = exporting.exported(exporter("python"), compile_design(preset("transport-require")), {})
    shown = " ".join(head(str(made.export.content)).split())
    assert {each.id for each in made.findings} == {"management-dropped", "cloud-platform"}
    for each in made.findings:
        assert f"{each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]" in shown


def test_only_what_is_needed_is_there():
    plain = program_of(preset("nd-transport"))
    for word in (
        "environ",
        "CertOpenStore",
        "ConvertStringSecurity",
        "GetAppId",
        "ContextAdd2",
        "ipv4(",
        "in SUBLAYERS",
    ):
        assert word not in plain
    assert "FWPM_SESSION_FLAG_DYNAMIC" not in plain
    assert "DeleteByKey" not in program_of(preset("nd-transport").model_copy(update={"lifetime": "dynamic"}))


def test_the_constants_are_those_of_win32more_but_for_macros():
    wfp = structures()
    not_of_objects = {"FWPM_WEIGHT", "NL_ADDRESS_TYPE", "IPPROTO", "FWP_E", "TUNNEL_TYPE"}
    missing = set()
    for enumeration, numbers in ENUMERATIONS.items():
        for name in numbers if enumeration not in not_of_objects else ():
            if hasattr(wfp, name):
                assert getattr(wfp, name) & 0xFFFFFFFF == number_of(name), name
            else:
                missing.add(name)
    assert missing == set(members("FWPM_CONTEXT"))
    assert {name: str(getattr(wfp, name)) for name in GUIDS} == {name: f"{{{guid_of(name)}}}" for name in GUIDS}


def test_every_member_that_is_set_is_one_of_the_structure():
    """ctypes takes any name for a member that it does not know, and sets nothing."""
    wfp, seen = structures(), set()
    for _, each in program_designs(4):
        for node in ast.walk(ast.parse(program_of(each))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and hasattr(wfp, node.func.id):
                structure = getattr(wfp, node.func.id)
                for keyword in node.keywords:
                    assert hasattr(structure, keyword.arg or ""), (node.func.id, keyword.arg)
                    seen.add((node.func.id, keyword.arg))
    assert len(seen) > 150


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has what it needs")
def test_elsewhere_it_says_what_it_needs(tmp_path):
    program = tmp_path / "policy.py"
    program.write_text(program_of(preset("nd-transport")), encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-I", str(program), "install"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert one_line(done.stderr.rstrip("\n")).startswith("error: ")
    assert f"this program needs Windows, and: python -m pip install {' '.join(PACKAGES)}" in done.stderr


@pytest.mark.slow
def test_it_compiles_without_a_warning_and_checkers_find_nothing_in_it(tmp_path):
    names = []
    for name, each in program_designs(4):
        file = tmp_path / f"{name.replace('-', '_')}.py"
        file.write_text(program_of(each), encoding="ascii", newline="\n")
        names.append(file.name)

    def checked(*command: str) -> None:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"[:3000]

    checked("-W", "error", "-m", "py_compile", *names)
    pytest.importorskip("ruff")
    settings = str(ROOT / "pyproject.toml")
    checked("-m", "ruff", "format", "--config", settings, "--check", ".")
    # Names of a design may be long, and have backslashes at the head.
    checked("-m", "ruff", "check", "--no-cache", "--config", settings, "--ignore", "E501,D205,D301", ".")
    pytest.importorskip("mypy")
    checked("-m", "mypy", "--strict", "--ignore-missing-imports", "--platform", "win32", *names)

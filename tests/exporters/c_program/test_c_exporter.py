"""The C exporter without a compiler: its literals, what it says at the head, and what it has no way to say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.common.errors import NdtuiError
from ndtui.exporters import exporting
from ndtui.exporters.c_program.c_literals import in_a_comment, narrow, wide
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.testing.sample_designs import hostile
from tests.support import design, preset

_TOKEN = re.compile(r'\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\(.)|([^"\\])', re.DOTALL)
_PLAIN = {"n": 10, "t": 9, '"': 34, "\\": 92, "?": 63}


def units(literal: str, prefix: str) -> list[int]:
    """Return what a compiler reads in literals that stand one after the other: escapes take all digits they can."""
    found: list[int] = []
    at = 0
    while at < len(literal):
        assert literal.startswith(f'{prefix}"', at)
        at += len(prefix) + 1
        while literal[at] != '"':
            match = _TOKEN.match(literal, at)
            assert match is not None
            hexadecimal, octal, escaped, plain = match.groups()
            if hexadecimal is not None:
                found.append(int(hexadecimal, 16))
            elif octal is not None:
                found.append(int(octal, 8))
            else:
                found.append(_PLAIN[escaped] if escaped is not None else ord(plain))
            at = match.end()
        at += 1
        at += literal[at : at + 1] == " "
    return found


def is_harmless(text: str) -> bool:
    return text.isascii() and text.isprintable() and "??" not in text


@given(st.text(min_size=1) | st.text(st.sampled_from('é0aF"?\\/\n\tx\U0001f512'), min_size=1))
def test_a_wide_literal_is_read_as_the_text(text):
    literal = wide(text)
    assert is_harmless(literal)
    content = text.encode("utf-16-le", "surrogatepass")
    assert units(literal, "L") == [int.from_bytes(content[at : at + 2], "little") for at in range(0, len(content), 2)]


@given(st.binary())
def test_a_narrow_literal_is_read_as_the_bytes(content):
    assert is_harmless(narrow(content))
    assert units(narrow(content), "") == list(content)


@given(st.text() | st.text(st.sampled_from("*/?\\\né")))
def test_a_comment_neither_ends_early_nor_begins_another(text):
    comment = in_a_comment(text)
    assert is_harmless(comment)
    assert "*/" not in comment
    assert "/*" not in comment
    assert not comment.endswith("\\") or comment.endswith("\\\\")


def test_no_text_is_no_literal():
    assert wide("") == "NULL"


def source(each, **options):
    export = exporting.export(exporter("c"), compile_design(each), options)
    assert isinstance(export.content, str)
    return export.content


def test_what_stands_at_the_head():
    text = source(preset("nd-transport"))
    head = text.partition("*/")[0]
    assert "The IPsec policy 'nd-transport'" in head
    assert "1 provider, 4 provider contexts, 20 filters; lifetime static." in head
    assert "-lfwpuclnt -ladvapi32 -lcrypt32" in head
    assert text.count(".filterKey = ") == 20


def test_every_line_is_ascii_and_names_are_never_code():
    text = source(hostile('*/ int x; /* "; ??/'))
    assert text.isascii()
    assert "int x;" not in re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\])*"', "", text, flags=re.DOTALL)


def test_the_variables_that_keys_are_read_from_stand_at_the_head_and_no_key_anywhere(monkeypatch):
    monkeypatch.setenv("SITE_KEY", "hunter2hunter2")
    key = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:SITE_KEY"}
    text = source(design(keying_modules=["IKE"], main_mode={"ike_authentication": [key]}))
    assert "SITE_KEY" in text.partition("*/")[0]
    assert "hunter2" not in text


def authenticated(**method):
    return design(keying_modules=["IKE"], main_mode={"ike_authentication": [method]})


def test_a_key_of_a_keyring_is_named():
    each = authenticated(method="IKEEXT_PRESHARED_KEY", key="keyring:site")
    with pytest.raises(NdtuiError, match=r"pre-shared key keyring:site of test: IKE main mode.*write env:NAME"):
        source(each)


def test_a_root_with_an_unknown_part_is_named():
    each = authenticated(
        method="IKEEXT_CERTIFICATE",
        inbound="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        outbound="IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
        roots=["subject:CN=Root, STREET=Elm"],
    )
    with pytest.raises(NdtuiError, match=r"root subject:CN=Root, STREET=Elm of test: IKE main mode.*write OID\."):
        source(each)
    named = each.model_dump_json().replace("STREET", "OID.2.5.4.9")
    assert '{"2.5.4.9", L"Elm"}' in source(type(each).model_validate_json(named))


def test_only_what_is_needed_is_there():
    plain = source(preset("nd-transport"))
    for word in ("GetEnvironmentVariableW", "CertOpenStore", "ConvertStringSecurity", "GetAppId", "ContextAdd2"):
        assert word not in plain
    assert "FWPM_SESSION_FLAG_DYNAMIC" not in plain
    assert "DeleteByKey" not in source(preset("nd-transport").model_copy(update={"lifetime": "dynamic"}))


def test_what_the_policy_cuts_off_stands_at_the_head():
    made = exporting.exported(exporter("c"), compile_design(preset("transport-require")), {})
    head = " ".join(str(made.export.content).partition("*/")[0].replace("\n *", " ").split())
    assert {each.id for each in made.findings} == {"management-dropped", "cloud-platform"}
    for each in made.findings:
        assert f"{each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]" in head

"""Programs by their paths: what is one, what is refused and how, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.common.quoted_words import listed, quoted, quoted_words
from ndtui.exporters.bundle.bundle import format_bundle, parse_bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.assertion import parse_traffic
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.program_path import (
    MAX_PATH,
    file_part,
    folded,
    is_device_path,
    parse_program,
    program_number,
    program_of,
)
from ndtui.model.files.design_file import format_design, parse_design
from tests.support import documents, exempting, one_line

DOS = r"C:\Program Files\X\x.exe"
NT = r"\device\harddiskvolume3\program files\x\x.exe"
ACCEPT, CONNECT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT", "FWPM_LAYER_ALE_AUTH_CONNECT"
TRANSPORT = "FWPM_LAYER_INBOUND_TRANSPORT"


@pytest.mark.parametrize(
    "path", [DOS, NT, NT.upper(), r"z:\100%\(x86)\ü 鍵.exe", r"\device\mup\server\share\x.exe", "C:\\x"]
)
def test_a_path_is_kept_as_it_was_written(path: str):
    assert parse_program(f"  {path} ") == path
    assert Exemption(name="e", program=path).program == path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"%SystemRoot%\x.exe", "has an environment variable"),
        (r"C:\%APP%\x.exe", "has an environment variable"),
        ("x.exe", "is no full path of a program: write a full path such as"),
        (r"C:x.exe", "is no full path"),
        (r"\Windows\x.exe", "is no full path"),
        (r"\\server\share\x.exe", r"write a share with the name of its device, \\device\\mup"),
        (r"\\?\C:\x.exe", "leave that out"),
        (r"C:\*.exe", "has a wildcard"),
        (r"C:\x?.exe", "has a wildcard"),
        (f'"{DOS}"', "has a quote"),
        ("C:/x.exe", "has a slash"),
        (r"C:\a|b.exe", "which no path has"),
        ("C:\\", "names no file"),
        ("C:\\a\\", "names no file"),
        (r"\device\harddiskvolume3", "names no file"),
        (r"C:\a\..\x.exe", r"has a part \.\."),
        (r"C:\a \x.exe", "has a part 'a '"),
        (r"C:\x.exe:stream", "has a part 'x.exe:stream'"),
        ("C:\\a\x1b[31m.exe", r"unprintable character U\+001B"),
        ("C:\\\u202eexe.x", r"unprintable character U\+202E"),
        ("C:\\a\nb.exe", r"unprintable character U\+000A"),
        ("C:\\" + "a" * MAX_PATH, "is longer than 1024 characters"),
    ],
)
def test_what_is_no_path_is_refused_in_a_line(text: str, words: str):
    with pytest.raises(ValueError, match=words) as caught:
        parse_program(text)
    one_line(str(caught.value))
    with pytest.raises(ValidationError, match=words):
        Exemption(name="e", program=text)


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_any_text_is_a_path_or_refused(text: str):
    try:
        path = parse_program(text)
    except ValueError as error:
        one_line(str(error))
    else:
        assert parse_program(path) == path


def test_case_does_not_count_and_the_form_does():
    assert program_number(DOS) == program_number(DOS.upper()) != program_number(NT)
    assert 0 < program_number(DOS) < 1 << 64
    assert program_of(program_number(DOS.upper())) == folded(DOS) == DOS.lower()
    assert program_of(0) == ""
    # Windows lowers each character for itself: the one that would become two stays.
    assert folded("C:\\İΣ.EXE") == "c:\\İσ.exe"


def test_what_the_two_forms_have_in_common():
    assert file_part(DOS) == file_part(NT) == r"\program files\x\x.exe"
    assert (is_device_path(DOS), is_device_path(NT.upper())) == (False, True)


def test_without_layers_it_is_at_the_ale_layers():
    exemption = Exemption(name="e", program=DOS)
    assert exemption.stems == (ACCEPT, CONNECT)
    assert "layers" not in format_design(exempting({"name": "e", "program": DOS}))
    assert Exemption(name="e", program=DOS, layers=(CONNECT,)).stems == (CONNECT,)
    assert Exemption(name="e").stems == Exemption(name="e").layers


@pytest.mark.parametrize("layers", [[TRANSPORT], [TRANSPORT, ACCEPT], ["FWPM_LAYER_INBOUND_IPPACKET"]])
def test_layers_that_cannot_tell_programs_apart_are_refused(layers: list[str]):
    with pytest.raises(ValidationError, match=f"layer {layers[0]} cannot tell programs apart"):
        Exemption.model_validate({"name": "e", "program": DOS, "layers": layers})


def test_it_is_left_out_where_there_is_none():
    assert "program" not in Exemption(name="e").model_dump(mode="json")
    assert Exemption(name="e", program=" ").program == ""


@pytest.mark.parametrize("path", [DOS, NT, r"C:\a, b\c#d.exe"])
def test_it_survives_a_file_and_a_bundle(path: str):
    of = exempting(
        {"name": "e", "program": path}, **{"assert": [{"traffic": f'in tcp app "{path}"', "verdict": "clear"}]}
    )
    assert parse_design(format_design(of), "file.toml") == of
    assert parse_bundle(format_bundle(compile_design(of)), "bundle.json") == of


@pytest.mark.parametrize(
    ("fields", "layers"),
    [
        ({}, [f"{ACCEPT}_V4", f"{ACCEPT}_V6"]),
        ({"scenario": "boundary"}, []),
        ({"scenario": "require"}, []),
        (
            {"rules": [{"name": "base", "encryption": "guaranteed"}]},
            [f"{ACCEPT}_V4", f"{ACCEPT}_V6", f"{CONNECT}_V4", f"{CONNECT}_V6"],
        ),
    ],
)
def test_it_has_filters_where_there_is_a_callout_to_be_exempt_from(fields: dict[str, object], layers: list[str]):
    of = exempting({"name": "e", "program": DOS}, **fields)
    made = [each for each in documents(of)["filters"] if each["origin"] == "exemption:e"]
    assert [each["layerKey"] for each in made] == layers
    for each in made:
        assert each["filterCondition"][-1] == {
            "fieldKey": "FWPM_CONDITION_ALE_APP_ID",
            "matchType": "FWP_MATCH_EQUAL",
            "conditionValue": {"type": "FWP_BYTE_BLOB_TYPE", "byteBlob": {"asString": DOS}},
        }


def test_a_layer_that_it_names_it_is_at_without_a_callout():
    of = exempting({"name": "e", "program": DOS, "layers": [CONNECT]}, scenario="require")
    made = [each["layerKey"] for each in documents(of)["filters"] if each["origin"] == "exemption:e"]
    assert made == [f"{CONNECT}_V4", f"{CONNECT}_V6"]


def test_traffic_names_programs():
    said = parse_traffic(rf'in tcp app "{DOS}" , C:\y.exe unauthorized')
    assert (said.programs, said.other_programs, said.unauthorized) == ((DOS, r"C:\y.exe"), False, True)
    other = parse_traffic(rf'tcp interface lan APP NOT "{NT}"')
    assert (other.programs, other.other_programs, other.interfaces) == ((NT,), True, ((6, 6),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("in tcp app", "ends where the path of a program should stand"),
        ("in tcp app not", "ends where the path of a program should stand"),
        ("in tcp app x.exe", "is no full path"),
        (r"in tcp app C:\Program Files\x.exe", "means nothing where it stands: write a path with blanks in quotes"),
        (r'in tcp app "C:\x.exe', "a quote that is not closed"),
        (r"in tcp unauthorized app C:\x.exe", "'app' means nothing where it stands"),
    ],
)
def test_traffic_that_names_none_is_refused(text: str, words: str):
    with pytest.raises(ValueError, match=words):
        parse_traffic(text)


@given(
    st.lists(
        st.text(st.characters(exclude_characters='"', exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1),
        min_size=1,
    )
)
def test_a_list_in_quotes_is_one_word(texts: list[str]):
    word = quoted(texts)
    assert listed(word) == texts
    assert quoted_words(f" a {word} ,b ", lists=True) == ["a", f"{word},b"]

"""Names of files: plain on every system, or none."""

import pytest

from ndtui.common.file_names import is_device, is_plain


@pytest.mark.parametrize(
    "name",
    ["a", "a.txt", "policy report.md", ".hidden", "a..b", "ключ.json", "CON1", "console.txt", "x" * 150, "a%b~c"],
)
def test_a_plain_name_is_plain_everywhere(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "...",
        "a/b",
        "a\\b",
        "../a",
        "/a",
        "c:a",
        "c:\\a",
        "a:stream",
        "a?",
        "a*",
        'a"b',
        "a<b",
        "a>b",
        "a|b",
        "a\nb",
        "a\x00b",
        "a\x1b[2Jb",
        "a\u202eb",
        "a\ud800b",
        " a",
        "a ",
        "a.",
        "nul",
        "NUL",
        "nul.txt",
        "Nul .txt",
        "con",
        "aux.c",
        "prn",
        "com1",
        "COM9.log",
        "com\u00b9.txt",
        "lpt3",
        "conin$",
        "CONOUT$.x",
        "x" * 151,
        "鍵" * 51,
    ],
)
def test_what_would_be_something_else_somewhere_is_not(name: str) -> None:
    assert not is_plain(name)


@pytest.mark.parametrize(("name", "device"), [("com1", True), ("com1.tar.gz", True), ("com10", False), ("null", False)])
def test_devices_are_known_whatever_their_ending(name: str, device: bool) -> None:
    assert is_device(name) is device

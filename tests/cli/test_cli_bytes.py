"""The same design gives the same bytes: twice, anywhere, in any locale, whatever the seed of the hashes."""

import json
from pathlib import Path

import pytest

from tests.cli.running import process

HOSTILE = """format = "ndtui-design"
version = 1
name = "[/x] [b \U0001f512 \u043a\u043b\u044e\u0447 \u05de\u05e4\u05ea\u05d7 \u9375"

[[exemptions]]
name = "\u9375 \u0301"
protocol = "tcp"
remote_ports = [53]
"""

PLACES: dict[str, dict[str, str]] = {
    "again": {},
    "C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "latin": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "other seed": {"PYTHONHASHSEED": "4711"},
    "time zone": {"TZ": "Asia/Kathmandu", "LANGUAGE": "de", "LC_ALL": "de_DE.UTF-8"},
}


@pytest.mark.slow
@pytest.mark.parametrize("command", [("compile", "--json"), ("compile",), ("order",), ("export", "-f", "report")])
def test_the_bytes_are_the_same_everywhere(command: tuple[str, ...], tmp_path: Path):
    file = tmp_path / "hostile.toml"
    file.write_text(HOSTILE, encoding="utf-8")
    words = (command[0], str(file), *command[1:])
    first = process(*words)
    assert first.returncode == 0
    assert first.stderr == b""
    assert b"\r" not in first.stdout
    for name, environment in PLACES.items():
        other = process(*words, env=environment, cwd=tmp_path)
        assert (other.returncode, other.stderr) == (0, b""), name
        assert other.stdout == first.stdout, name


@pytest.mark.slow
def test_json_is_ascii_and_its_names_are_whole(tmp_path: Path):
    file = tmp_path / "hostile.toml"
    file.write_text(HOSTILE, encoding="utf-8")
    printed = process("compile", str(file), "--json", env={"LC_ALL": "C", "PYTHONUTF8": "0"}).stdout
    assert printed.isascii()
    assert (
        json.loads(printed)["design"]["name"]
        == "[/x] [b \U0001f512 \u043a\u043b\u044e\u0447 \u05de\u05e4\u05ea\u05d7 \u9375"
    )

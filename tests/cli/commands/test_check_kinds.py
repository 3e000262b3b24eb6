"""ndtui check: findings of one kind are said together, every one of them with --all and in JSON."""

import json

import pytest

from ndtui.model.files import presets
from tests.support import exempting


@pytest.fixture
def many(tmp_path):
    """A design with forty exemptions that one other covers."""
    every = {"name": "all", "protocol": "tcp", "remote_ports": ["1-65535"]}
    path = tmp_path / "many.toml"
    presets.save(
        exempting(every, *({"name": f"e{n}", "protocol": "tcp", "remote_ports": [str(n + 1)]} for n in range(40))), path
    )
    return str(path)


def test_one_kind_is_said_once_with_its_count_and_first_places(many, run):
    said = run("check", many).out.split("\n")
    titles = [line for line in said if "shadowed-exemption" in line]
    assert titles == ["warning: 40 x shadowed-exemption at exemption:e0, exemption:e1, exemption:e2 and 37 more"]
    at = said.index(titles[0])
    assert [line.startswith(f"  'e{n}' changes nothing") for n, line in enumerate(said[at + 1 : at + 4])] == [True] * 3
    assert said[at + 4] == "  and 37 more"
    assert said[at + 5].startswith("  Why: ")
    assert "Of what is found more often the first 3 are shown: --all shows each, --json too." in said
    assert len(said) < 60
    assert said[-2] == "82 warnings, 2 notes"


def test_all_says_each(many, run):
    said = run("check", many, "--all").out
    assert said.count("warning: shadowed-exemption at exemption:e") == 40
    assert "--all shows each" not in said
    assert " x shadowed" not in said


def test_json_has_them_all(many, run):
    found = json.loads(run("check", many, "--json").out)["findings"]
    assert sum(each["id"] == "shadowed-exemption" for each in found) == 40

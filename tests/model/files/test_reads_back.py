"""What was saved reads back: every write of a design is parsed and compared before it replaces anything."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from ndtui.cli.process import main
from ndtui.common.errors import RefusedError
from ndtui.model.design.design import Design, change
from ndtui.model.design.differences import differences
from ndtui.model.files import design_file, design_json, presets, toml_writer
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.ui.state.recovery import Recovery
from tests import strategies
from tests.support import design, preset


@pytest.mark.parametrize(
    ("existing", "spelled"),
    [
        ("nd_secure = 1\n", "nd_secure = true"),
        ("version = 1.0\n", "version = 2"),
        ("ale_persist_context = 0\n", "ale_persist_context = false"),
        ("[quick_mode]\nidle_timeout_seconds = 300.0\n", "idle_timeout_seconds = 300"),
        ('[[exemptions]]\nname = "DNS"\nprotocol = "udp"\nremote_ports = [53.0]\n', "remote_ports = [53]"),
    ],
)
def test_saving_over_a_value_that_python_takes_for_equal(existing: str, spelled: str, tmp_path: Path) -> None:
    made = design(exemptions=[{"name": "DNS", "protocol": "udp", "remote_ports": [53]}])
    path = tmp_path / "mine.toml"
    path.write_text(f"# by hand\n{existing}", encoding="utf-8")
    presets.save(made, path)
    text = path.read_text(encoding="utf-8")
    assert parse_design(text, "mine.toml") == made
    assert spelled in text
    assert "# by hand" in text


def without_methods(module: str) -> Design:
    other = "AuthIP" if module == "IKE" else "IKE"
    return design(keying_modules=[other], main_mode={f"{module.lower()}_authentication": []})


@pytest.mark.parametrize("module", ["IKE", "AuthIP"])
def test_no_methods_are_still_none_when_read_back(module: str) -> None:
    made = without_methods(module)
    assert made.main_mode.authentication("IKE" if module == "IKE" else "AuthIP") == ()
    text = format_design(made)
    assert tomllib.loads(text)["main_mode"][f"{module.lower()}_authentication"] == []
    assert parse_design(text, "file.toml") == made
    assert parse_design(format_design(made, format_design(preset("nd-transport"))), "file.toml") == made


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writer lose something, as a mistake in it would."""
    real = design_file.design_data

    def lossy(made: Design) -> dict[str, object]:
        return {**real(made), "lifetime": "persistent"}

    for module in (design_file, design_json):
        monkeypatch.setattr(module, "design_data", lossy)


@pytest.mark.usefixtures("forgetful")
def test_every_write_is_compared_before_it_replaces_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"would not read back: lifetime: 'persistent', and 'static'"):
        presets.save(design(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert "lifetime" in Recovery().keep(design())
    assert main(["export", "nd-transport", "-f", "design", "-o", str(path), "--force"]) == 1
    assert "would not read back: lifetime" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "old"


def test_what_cannot_be_read_at_all_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_writer, "write", lambda *_: "name = ")
    with pytest.raises(RefusedError, match="'test' cannot be saved: what was to be written: line 1"):
        presets.save(design(), tmp_path / "mine.toml")
    assert list(tmp_path.iterdir()) == []


# Differences: where two designs do not say the same.


def test_every_difference_is_named_by_its_place() -> None:
    one = design(exemptions=[{"name": "a", "protocol": "tcp"}, {"name": "b"}])
    other = design(
        lifetime="persistent", exemptions=[{"name": "b"}, {"name": "c"}], sublayer={"kind": "own", "weight": 5}
    )
    assert {d.place for d in differences(one, other)} == {
        "lifetime", "sublayer.kind", "sublayer.weight", "exemptions[a]", "exemptions[c]",
    }  # fmt: skip
    assert differences(one, one) == []


def test_another_order_is_a_difference() -> None:
    one = design(exemptions=[{"name": "a"}, {"name": "b"}])
    other = design(exemptions=[{"name": "b"}, {"name": "a"}])
    assert [str(d) for d in differences(one, other)] == ["exemptions: the order: 'a, b', and 'b, a'"]


@given(strategies.designs(), strategies.designs())
def test_designs_that_differ_have_a_difference(one: Design, other: Design) -> None:
    assert bool(differences(one, other)) is (one != other)
    assert differences(one, change(one, name="renamed"))

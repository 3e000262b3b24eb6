"""``ndtui import --from-netsh``: a machine's policy becomes a preset, or what is not reconstructed is named."""

from pathlib import Path

import pytest

from ndtui.model.files.design_file import parse_design
from tests.cli.running import Run
from tests.netsh import show_filters, show_state
from tests.support import preset


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    path = tmp_path / "state.xml"
    path.write_text(show_state(preset("nd-transport")), encoding="utf-8")
    return path


def test_a_policy_that_is_reconstructed_wholly(run: Run, machine: Path, tmp_path: Path):
    saved = tmp_path / "reconstructed.toml"
    ran = run("import", "--from-netsh", machine, "-o", saved)
    assert (ran.status, ran.out) == (0, "")
    assert parse_design(saved.read_text(encoding="utf-8"), "x") == preset("nd-transport")


def test_under_another_name_as_a_preset(run: Run, machine: Path):
    assert run("import", machine, "--from-netsh", "--name", "branch").status == 0
    assert "branch" in run("presets", "list").out
    assert "already there" in run("import", machine, "--from-netsh", "--name", "branch").refusal(1)


def test_what_is_not_reconstructed_is_named(run: Run, tmp_path: Path):
    path = tmp_path / "filters.xml"
    path.write_text(show_filters(preset("nd-transport")), encoding="utf-8")
    saved = tmp_path / "reconstructed.toml"
    ran = run("import", "--from-netsh", path, "-o", saved)
    assert ran.status == 1
    assert (
        "not reconstructed: policy of nd-transport: IKE main mode: the dump does not list its provider context"
        in ran.err
    )
    assert saved.exists()


def test_a_machine_without_a_policy(run: Run, tmp_path: Path):
    path = tmp_path / "filters.xml"
    path.write_text("<wfpdiag><filters/></wfpdiag>", encoding="utf-8")
    ran = run("import", "--from-netsh", path)
    assert ran.status == 1
    assert "not reconstructed: there is no IPsec policy" in ran.err
    assert "no policy that makes a design: ndtui inspect shows what it has" in ran.err

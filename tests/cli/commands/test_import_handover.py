"""``ndtui export -f handover`` and back."""

from pathlib import Path

from ndtui.exporters.handover.handover_format import SCRIPT
from ndtui.model.files.design_file import parse_design
from tests.cli.running import Run
from tests.support import preset


def test_the_command_line_takes_one_back(run: Run, tmp_path: Path):
    folder = tmp_path / "over"
    folder.mkdir()
    assert run("export", "nd-transport", "-f", "handover", "--set", "folder=yes", "-o", folder).status == 0
    assert run("import", folder, "-o", tmp_path / "back.toml").status == 0
    back = (tmp_path / "back.toml").read_text(encoding="utf-8")
    assert parse_design(back, "back") == preset("nd-transport")
    (folder / SCRIPT).write_text("evil", encoding="utf-8")
    assert f"{SCRIPT} is not as it was handed over" in run("import", folder, "-o", tmp_path / "b.toml").refusal(
        status=1
    )
    assert not (tmp_path / "b.toml").exists()

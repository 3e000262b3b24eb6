"""``ndtui export`` says what has to be known of a design in a format: on standard error, before anything is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.registry import exporter
from ndtui.exporters.toml_design import DesignExporter
from ndtui.model.compiled.origin import SCENARIO
from tests.cli.running import Run

DROPPED = "warning: Remote management from hosts without a matching IPsec policy is dropped: "
ERROR = Finding("it-fails", "error", SCENARIO, "It fails there", "By its nature.", "Leave it.", "its manual")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a format find an error in every design."""

    def findings(self: Any, filterset: Any, options: Any) -> Sequence[Finding]:
        return [ERROR]

    monkeypatch.setattr(DesignExporter, "findings", findings)


@pytest.mark.parametrize("place", ["-", "policy.ps1"])
def test_it_is_said_beside_what_is_written(run: Run, tmp_path: Path, place: str) -> None:
    where = place if place == "-" else str(tmp_path / place)
    ran = run("export", "nd-transport", "-f", "powershell", "-o", where)
    assert ran.status == 0
    lines = ran.err.splitlines()
    assert lines[0].startswith(DROPPED)
    assert lines[0].endswith(" [management-dropped]")
    if place != "-":
        assert lines.pop() == f"Exported powershell to {where}"
    assert len(lines) > 1
    assert all(line.startswith("note: ") for line in lines[1:])
    assert "warning:" not in ran.out.partition("What has to be known")[0]


def test_a_format_that_installs_nothing_says_nothing(run: Run) -> None:
    assert run("export", "nd-zones", "-f", "table").err == ""


def test_it_is_said_before_it_is_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policy.c"
    there: list[bool] = []
    monkeypatch.setattr("ndtui.cli.printing.finding_lines.note", lambda line: there.append(file.exists()))
    assert run("export", "nd-transport", "-f", "c", "-o", file).status == 0
    assert there == [False, False]
    assert file.exists()


def test_nothing_is_said_where_nothing_is_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.c"
    file.write_text("precious")
    assert "already there" in run("export", "nd-transport", "-f", "c", "-o", file).refusal(status=1)
    folder = ("export", "nd-transport", "-f", "handover", "--set", "folder=yes")
    assert "the export is several files" in run(*folder).refusal()


def test_what_the_design_accepts_is_not_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    accepted = [f'[[suppress]]\nid = "{kind}"\nreason = "known"\n' for kind in ("management-dropped", "cloud-platform")]
    path.write_text('name = "mine"\n' + accepted[0], encoding="utf-8")
    assert run("export", path, "-f", "c").err.count("\n") == 1
    path.write_text('name = "mine"\n' + "".join(accepted), encoding="utf-8")
    assert run("export", path, "-f", "c").err == ""
    checked = run("check", path).out
    assert "unknown-suppression" not in checked
    assert "unused-suppression" not in checked


def test_an_error_is_written_and_the_exit_status_says_so(run: Run, tmp_path: Path, failing: None) -> None:
    ran = run("export", "nd-zones", "-f", "design")
    assert (ran.status, ran.err) == (1, "error: It fails there. Leave it. [it-fails]\n")
    assert ran.out == run("presets", "show", "nd-zones").out or ran.out.startswith("format = ")
    file = tmp_path / "x.toml"
    ran = run("export", "nd-zones", "-f", "design", "-o", file)
    assert (ran.status, ran.err) == (
        1,
        f"error: It fails there. Leave it. [it-fails]\nExported design to {file}\n",
    )
    assert file.exists()


def test_what_is_lost_has_findings_of_the_rest(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines: Iterator[str] = iter(
        (
            'name = "mine"',
            "[[exemptions]]",
            'name = "Agent"',
            'protocol = "tcp"',
            "program = 'C:\\agent.exe'",
        )
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "exemption 'Agent'" in run("export", path, "-f", "powershell").refusal(1)
    ran = run("export", path, "-f", "powershell", "--lossy")
    assert ran.status == 0
    assert "[management-dropped]" in ran.err
    assert "exemption 'Agent'" in ran.out


def test_a_hostile_name_acts_on_no_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    rule = '[[rules]]\nname = "SQL \u05e9\u05dc"\nmode = "boundary"\nencryption = "guaranteed"\n'
    path.write_text('name = "mine"\nversion = 2\n' + rule, encoding="utf-8")
    ran = run("export", path, "-f", "powershell")
    assert "[inbound-default]" in ran.err
    assert all(line.isprintable() for line in ran.err.splitlines())


def test_every_format_is_asked() -> None:
    assert exporter("design").findings.__func__.__qualname__ == "Exporter.findings"

"""An export format of somebody else, as it is installed: it passes the suite, and the program uses it."""

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ndtui.exporters.contract import Exporter
from ndtui.exporters.registry import exporter
from ndtui.model.design.design import Design
from ndtui.testing.exporter_contract import ExporterContract
from ndtui.testing.sample_designs import HOSTILE_NAMES, exempting
from tests.cli.running import Run, process
from tests.installing import install_project

PROJECT = Path(__file__).parent / "sample_exporter"
TEXT = "80/tcp\n443/tcp\n53/udp\n"

WEB = """\
name = "web"

[[exemptions]]
name = "DNS"
protocol = "udp"
remote_ports = [53]

[[exemptions]]
name = "Web"
protocol = "tcp"
remote_ports = [80, 443]
"""


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Install the package, and return the environment in which another process finds it."""
    return install_project(PROJECT, tmp_path_factory.mktemp("metadata"), monkeypatch)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return a file with a design in which there is nothing but ports."""
    path = tmp_path / "web.toml"
    path.write_text(WEB, encoding="utf-8")
    return path


class TestOpenings(ExporterContract):
    def make(self) -> Exporter:
        return exporter("openings")

    def designs(self) -> Sequence[Design]:
        odd = [exempting(name, {"name": name, "protocol": "udp", "remote_ports": [53]}) for name in HOSTILE_NAMES]
        return (*super().designs(), *odd)


def test_it_is_listed_with_its_options(run: Run) -> None:
    text = " ".join(run("exporters").out.split())
    assert "openings ndtui-sample-exporter .txt" in text
    assert "shape text, packed or files text" in text
    *_, found = json.loads(run("exporters", "--json").out)["exporters"]
    assert found["name"] == "openings"
    assert found["options"][0] == {
        "name": "shape",
        "help": "one text, the same packed, or a file for each protocol",
        "default": "text",
        "choices": ["text", "packed", "files"],
    }
    assert [each["default"] for each in found["options"]] == ["text", False, 0]


def test_the_help_lists_it_without_importing_it(run: Run) -> None:
    sys.modules.pop("ndtui_sample_exporter", None)
    text = " ".join(run("export", "--help").out.split())
    formats = (
        "bundle, c, design, gpo-reg, handover, html, netsh, netsh-xml, powershell, python, report, table, openings"
    )
    assert f"one of {formats}" in text
    assert "ndtui_sample_exporter" not in sys.modules


def test_a_text_goes_where_it_is_wanted(run: Run, web: Path, tmp_path: Path) -> None:
    assert run("export", web, "-f", "openings").out == TEXT
    ran = run("export", web, "-f", "openings", "-o", tmp_path / "out.txt")
    assert (ran.status, ran.out, ran.err) == (0, "", f"Exported openings to {tmp_path / 'out.txt'}\n")
    assert (tmp_path / "out.txt").read_bytes() == TEXT.encode()


def test_options_are_set_as_they_are_declared(run: Run, web: Path) -> None:
    ran = run("export", web, "-f", "openings", "--set", "names=yes", "--set", "indent=2")
    assert ran.out == "  80/tcp Web\n  443/tcp Web\n  53/udp DNS\n"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("shape=pakced", "the option shape cannot be 'pakced': did you mean packed?"),
        ("shape=round", "the option shape cannot be 'round': write text, packed or files"),
        ("names=1", "the option names cannot be '1': write yes or no"),
        ("indent=two", "the option indent cannot be 'two': write a whole number"),
        ("indnt=2", "the export format openings has no option 'indnt': did you mean indent?"),
        ("color=red", "the export format openings has no option 'color': choose shape, names, indent"),
        ("shape", "--set 'shape' sets nothing: write OPTION=VALUE"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(run: Run, web: Path, setting: str, words: str) -> None:
    assert words in run("export", web, "-f", "openings", "--set", setting).refusal()


def test_a_format_without_options_says_so(run: Run, web: Path) -> None:
    words = run("export", web, "--set", "shape=text").refusal()
    assert words == "ndtui: error: the export format bundle has no option 'shape': it has none"


def test_what_cannot_be_said_is_named_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    words = run("export", "nd-transport", "-f", "openings", "-o", tmp_path / "out.txt").refusal(status=1)
    why = "exemption ICMP (it is more or less than remote ports)"
    remedy = "--lossy leaves it out and says so at the head"
    assert words == f"ndtui: error: the export format openings cannot express {why}: {remedy}"
    assert list(tmp_path.iterdir()) == []
    left_out = run("export", "nd-transport", "-f", "openings", "--lossy")
    assert left_out.out == "# without exemption ICMP: it is more or less than remote ports\nnone\n"
    many = run("export", "nd-domain-member", "-f", "openings").refusal(status=1)
    assert many.count("exemption ") == 4
    assert "exemption Domain controllers (" in many


def test_bytes_go_to_a_file_or_a_pipe_as_they_are(
    run: Run, web: Path, tmp_path: Path, installed: dict[str, str]
) -> None:
    packed = ("export", str(web), "-f", "openings", "--set", "shape=packed")
    assert run(*packed, "-o", tmp_path / "out.gz").status == 0
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == TEXT.encode()
    ran = process(*packed, env=installed)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == (tmp_path / "out.gz").read_bytes()


def test_bytes_do_not_go_to_a_terminal(run: Run, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    words = run("export", web, "-f", "openings", "--set", "shape=packed").refusal()
    assert words == "ndtui: error: the export is no text, and a terminal cannot show it: name a file with -o"
    assert run("export", web, "-f", "openings").out == TEXT


def test_several_files_go_to_a_folder_that_is_there(run: Run, web: Path, tmp_path: Path) -> None:
    files = ("export", web, "-f", "openings", "--set", "shape=files", "-o")
    folder = tmp_path / "out"
    assert run(*files, folder).refusal() == (
        f"ndtui: error: there is no folder {folder}, and the export is several files: name a folder that is there"
    )
    assert not folder.exists()
    folder.mkdir()
    ran = run(*files, folder)
    assert (ran.status, ran.out, ran.err) == (0, "", f"Exported openings to {folder}: 2 files\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "tcp.txt": b"80/tcp\n443/tcp\n",
        "udp.txt": b"53/udp\n",
    }


def test_none_of_several_files_is_written_over_unasked(run: Run, web: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "udp.txt").write_text("precious")
    files = ("export", web, "-f", "openings", "--set", "shape=files", "-o", folder)
    assert "udp.txt is already there" in run(*files).refusal(status=1)
    assert [path.name for path in folder.iterdir()] == ["udp.txt"]
    assert run(*files, "--force").status == 0
    assert (folder / "udp.txt").read_text() == "53/udp\n"


def test_several_files_are_not_mixed_on_standard_output(run: Run, web: Path) -> None:
    words = run("export", web, "-f", "openings", "--set", "shape=files").refusal()
    assert words == "ndtui: error: the export is several files: name a folder that is there with -o"


def test_what_it_finds_is_said_before_it_is_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(WEB.replace("80, 443", '"3380-3390"'), encoding="utf-8")
    ran = run("export", path, "-f", "openings")
    assert ran.status == 0
    assert ran.err.startswith("warning: Remote desktop is left out, and the list says so to everybody who reads it. ")
    assert ran.err.endswith(" [openings-remote-desktop]\n")
    accepted = '\n[[suppress]]\nid = "openings-remote-desktop"\nreason = "known"\n'
    path.write_text(path.read_text(encoding="utf-8") + accepted, encoding="utf-8")
    assert run("export", path, "-f", "openings").err == ""

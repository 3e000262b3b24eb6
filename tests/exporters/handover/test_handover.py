"""A handover holds what a machine without Python needs, and is taken back only as it was handed over."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.common import files
from ndtui.common.errors import InputError, NdtuiError, RefusedError
from ndtui.exporters import exporting
from ndtui.exporters.contract import ExportError
from ndtui.exporters.handover.handover_format import DESIGN, DIGESTS, READ_FIRST, REPORT, SCRIPT, HandoverExporter
from ndtui.exporters.handover.read_handover import is_handover, read_handover
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import parse_design
from tests.support import exempting, one_line, preset

NAMES = {DESIGN, SCRIPT, REPORT, READ_FIRST, DIGESTS}
WITH_A_PROGRAM = exempting({"name": "Agent", "program": "C:\\agent.exe"}, name="agent")


def handed_over(place: Path, design: Design, *, zipped: bool = False) -> Path:
    export = exporting.export(HandoverExporter(), compile_design(design), {"folder": "no" if zipped else "yes"})
    if zipped:
        place = place / "handover.zip"
    exporting.write(exporting.files_of(export, place))
    return place


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("name", ["nd-transport", "nd-zones", "nd-remote-identity"])
def test_the_design_comes_back(tmp_path: Path, name: str, zipped: bool):
    place = handed_over(tmp_path, preset(name), zipped=zipped)
    assert is_handover(place)
    assert parse_design(read_handover(place), "back") == preset(name)


def test_each_part_is_what_the_formats_make(tmp_path: Path):
    handed_over(tmp_path, preset("nd-transport"))
    assert {each.name for each in tmp_path.iterdir()} == NAMES
    for name, kind in ((DESIGN, "design"), (SCRIPT, "powershell")):
        export = exporting.export(exporter(kind), compile_design(preset("nd-transport")), {})
        assert (tmp_path / name).read_bytes() == export.written(str(export.content)).encode()
    assert b"\r\n" in (tmp_path / SCRIPT).read_bytes()


def test_what_has_to_be_known_of_the_script_stands_in_it_and_first_and_in_the_report(tmp_path: Path):
    design = preset("nd-guaranteed-encryption")
    handed_over(tmp_path, design)
    told = exporting.exported(HandoverExporter(), compile_design(design), {}).findings
    assert told == exporting.exported(exporter("powershell"), compile_design(design), {}).findings
    first = (tmp_path / READ_FIRST).read_text(encoding="utf-8").splitlines()
    assert first[: len(told)] == [each.line for each in told]
    report = (tmp_path / REPORT).read_text(encoding="utf-8")
    alone = exporting.export(exporter("html"), compile_design(design), {}).content
    assert isinstance(alone, str)
    section = report[report.index('<section id="way-out"') :].partition("</section>")[0]
    for each in told:
        assert each.id in section.replace("<wbr>", "")
    assert 'id="way-out"' not in alone
    assert report.replace(section, "").count("<section") == alone.count("<section")


def test_what_the_script_has_no_place_for_is_named_and_said_first(tmp_path: Path):
    with pytest.raises(ExportError, match="exemption 'Agent'"):
        handed_over(tmp_path, WITH_A_PROGRAM)
    export = exporting.export(HandoverExporter(), compile_design(WITH_A_PROGRAM), {"folder": "yes"}, lossy=True)
    exporting.write(exporting.files_of(export, tmp_path))
    assert (tmp_path / READ_FIRST).read_text(encoding="utf-8").startswith("The script is without ")


def _changed(name: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        (place / name).write_bytes((place / name).read_bytes() + b"\n")

    return change


def _without(name: str) -> Callable[[Path], None]:
    return lambda place: (place / name).unlink()


def _cut(place: Path) -> None:
    (place / DIGESTS).write_bytes((place / DIGESTS).read_bytes()[:-40])


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        *((_changed(name), RefusedError, f"{name} is not as it was handed over") for name in sorted(NAMES - {DIGESTS})),
        *((_without(name), RefusedError, f"{name} is missing") for name in sorted(NAMES - {DIGESTS})),
        (_cut, InputError, "is no digest: is it cut off?"),
    ],
)
def test_a_folder_that_was_changed_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[NdtuiError], said: str
):
    handed_over(tmp_path, preset("nd-transport"))
    spoil(tmp_path)
    with pytest.raises(error, match=re.escape(said)) as caught:
        read_handover(tmp_path)
    one_line(str(caught.value))


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.99])
def test_a_zip_that_was_cut_is_refused(tmp_path: Path, kept: float):
    place = handed_over(tmp_path, preset("nd-transport"), zipped=True)
    data = place.read_bytes()
    place.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(InputError, match="is no whole zip file: is it cut off"):
        read_handover(place)


def test_a_zip_whose_bytes_were_changed_is_refused(tmp_path: Path):
    place = handed_over(tmp_path, preset("nd-transport"), zipped=True)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 0xFF
    place.write_bytes(bytes(data))
    with pytest.raises(RefusedError, match=r"cannot be unpacked|is not as it was handed over"):
        read_handover(place)


EVIL = ("setup.ps1", b"Remove-Item -Recurse C:\\")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [EVIL], "'setup.ps1' is no part of a handover"),
        ([], [("../../x.ps1", b"")], "'../../x.ps1' is no part of a handover"),
        ([(SCRIPT, EVIL[1])], [], f"{SCRIPT} is in it twice"),
        ([], [(SCRIPT, EVIL[1])], f"{SCRIPT} is in it twice"),
    ],
)
def test_a_zip_that_holds_something_else_too_is_refused(
    tmp_path: Path, before: list[tuple[str, bytes]], after: list[tuple[str, bytes]], said: str
):
    """What another program unpacks of it would be more than what is looked at here."""
    place = handed_over(tmp_path, preset("nd-transport"), zipped=True)
    with zipfile.ZipFile(place) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(place, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, data in (*before, *members, *after):
            archive.writestr(name, data)
    with pytest.raises(RefusedError, match=re.escape(said)) as caught:
        read_handover(place)
    one_line(str(caught.value))


def test_a_zip_behind_another_is_refused(tmp_path: Path):
    """Which of the two is unpacked depends on the program."""
    place = handed_over(tmp_path, preset("nd-transport"), zipped=True)
    place.write_bytes(place.read_bytes() * 2)
    with pytest.raises(RefusedError, match="something stands before the zip file"):
        read_handover(place)


@pytest.mark.parametrize(
    ("line", "said"),
    [(f"{'0' * 64}  setup.ps1", "names 'setup.ps1', which is no part"), ("again", f"names '{DESIGN}' twice")],
)
def test_a_list_of_digests_has_each_file_once_and_no_other(tmp_path: Path, line: str, said: str):
    handed_over(tmp_path, preset("nd-transport"))
    digests = (tmp_path / DIGESTS).read_text(encoding="utf-8")
    more = digests.splitlines()[0] if line == "again" else line
    (tmp_path / DIGESTS).write_text(f"{digests}{more}\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=re.escape(said)):
        read_handover(tmp_path)


def test_what_unpacks_to_more_than_it_may_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DIGESTS, b"0" * 200_000)
    (tmp_path / "bomb.zip").write_bytes(buffer.getvalue())
    monkeypatch.setattr(files, "MAX_TEXT", 100_000)
    with pytest.raises(InputError, match="is larger than a handover can be"):
        read_handover(tmp_path / "bomb.zip")


def test_other_places_are_no_handovers(tmp_path: Path):
    (tmp_path / "x.toml").write_text('name = "x"\n', encoding="utf-8")
    assert not is_handover(tmp_path)
    assert not is_handover(tmp_path / "x.toml")
    assert not is_handover(tmp_path / "nowhere")

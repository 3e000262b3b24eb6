"""The contract of export formats: what may be declared, what may come out, and how a format is carried out."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ndtui.analysis.check.finding import Finding
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.plugins import Fence
from ndtui.exporters import exporting
from ndtui.exporters.contract import Export, Exporter, ExportError, File, Inexpressible, Option, Value
from ndtui.exporters.fenced_exporter import fenced
from ndtui.exporters.registry import available, exporter, inspect
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import SCENARIO
from ndtui.model.design.design import change
from ndtui.testing.sample_designs import ONE
from tests.installing import announce
from tests.support import one_line

FILTERSET = compile_design(ONE)


class Plain(Exporter):
    """A format that does what a test tells it."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "a plain one"
    suffix: ClassVar[str] = ".txt"
    options: ClassVar[tuple[Option, ...]] = (Option("width", "how wide", default=80),)

    missing: Sequence[Any] = ()
    does: Callable[[Mapping[str, Value]], Any] = lambda self, options: Export(f"{options['width']}\n")

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return self.missing

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        return self.does(options)


class Lossy(Plain):
    """One that may leave something out."""

    lossy: ClassVar[bool] = True

    def export_lossy(self, filterset: FilterSet, options: Mapping[str, Value], lost: Sequence[Inexpressible]) -> Export:
        return Export("".join(f"lost: {each.element}\n" for each in lost))


@pytest.mark.parametrize("name", ["", "Width", "two words", "a_b", "-a", "a-", "1a", "a=b", "\x1b[2J"])
def test_an_option_has_a_name_that_can_be_typed(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of an option"):
        Option(name, "help")


def test_the_default_of_an_option_is_among_its_choices() -> None:
    with pytest.raises(ValueError, match="the default of the option shape is none of its choices"):
        Option("shape", "help", "round", ("flat", "high"))


@pytest.mark.parametrize(
    ("option", "takes", "values", "refused"),
    [
        (Option("a", "h", "x", ("x", "y")), "x or y", {"x": "x", "y": "y"}, ["z", "", "X"]),
        (Option("a", "h", "x", ("x", "y", "z")), "x, y or z", {"z": "z"}, ["x, y"]),
        (Option("a", "h", default=False), "yes or no", {"yes": True, "no": False}, ["1", "true", "", "Yes"]),
        (Option("a", "h", default=3), "a whole number", {"0": 0, "-7": -7, "12": 12}, ["", "1.5", "x", "9" * 19, "١"]),
        (Option("a", "h"), "a text", {"": "", "any = thing": "any = thing"}, []),
    ],
)
def test_a_value_is_read_by_the_type_of_the_default(
    option: Option, takes: str, values: dict[str, Value], refused: list[str]
) -> None:
    assert option.takes == takes
    for text, value in values.items():
        assert option.read(text) == value
        assert type(option.read(text)) is type(value)
        assert option.read(option.write(value)) == value
    for text in refused:
        with pytest.raises(InputError, match=f"write {takes}") as caught:
            option.read(text)
        one_line(str(caught.value))


def test_options_that_are_not_set_have_their_defaults() -> None:
    assert exporting.values_of(Plain(), {}) == {"width": 80}
    assert exporting.values_of(Plain(), {"width": "7"}) == {"width": 7}
    with pytest.raises(InputError, match="the export format plain has no option 'colour': choose width"):
        exporting.values_of(Plain(), {"colour": "red"})


@pytest.mark.parametrize(
    "content",
    [
        (),
        (File("a/b", "x"),),
        (File("..", "x"),),
        (File("NUL.txt", "x"),),
        (File("a", "x"), File("a", "y")),
        (File("a.txt", "x"), File("A.TXT", "y")),
        (File("\u00e9", "x"), File("e\u0301", "y")),
    ],
)
def test_files_that_could_not_be_written_everywhere_are_no_export(content: tuple[File, ...]) -> None:
    with pytest.raises(ValueError, match=r"has none|is no plain name|two files are named") as caught:
        Export(content)
    one_line(str(caught.value))


@pytest.mark.parametrize("content", [None, 7, [File("a", "x")], {"a": "x"}])
def test_an_export_is_a_text_bytes_or_a_tuple_of_files(content: Any) -> None:
    with pytest.raises(TypeError, match="an export is a text, bytes or a tuple of files"):
        Export(content)


def test_a_file_holds_text_or_bytes() -> None:
    assert Export((File("a", "x"), File("b", b"y"))).content[1].content == b"y"
    with pytest.raises(TypeError, match="holds neither text nor bytes"):
        Export((File("a", 7),))


def test_what_cannot_be_expressed_is_named_and_nothing_is_made() -> None:
    made = Plain()
    made.does = lambda options: pytest.fail("was exported all the same")
    made.missing = [Inexpressible(f"exemption {n}", "no place") for n in range(6)]
    with pytest.raises(ExportError) as caught:
        exporting.export(made, FILTERSET, {})
    named = ", ".join(f"exemption {n} (no place)" for n in range(4))
    assert str(caught.value) == f"the export format plain cannot express {named}, and 2 more: nothing was written"
    assert caught.value.status == 1


def behind_fence(made: Exporter) -> Exporter:
    """Return a format as the program has one of somebody else."""
    return fenced("plain", Fence("the export format plain", ExportError), lambda: made)


def _fails(error: BaseException) -> Callable[[Mapping[str, Value]], Any]:
    def fail(options: Mapping[str, Value]) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (_fails(KeyError("one\ntwo")), "KeyError"),
        (_fails(SystemExit(3)), "SystemExit: 3"),
        (lambda options: "a text", "TypeError: there is a value of type str where Export is due"),
        (lambda options: Export((File("../x", "y"),)), "is no plain name of a file"),
        (lambda options: options["height"], "KeyError: 'height'"),
    ],
)
def test_a_format_that_fails_is_one_line(does: Any, words: str) -> None:
    made = Plain()
    made.does = does
    with pytest.raises(ExportError, match="the export format plain failed: ") as caught:
        exporting.export(behind_fence(made), FILTERSET, {})
    assert words in one_line(str(caught.value))


def test_an_error_that_a_format_tells_is_told_as_it_is() -> None:
    made = Plain()
    made.does = _fails(ExportError("there are too many filters", remedy="leave some out"))
    with pytest.raises(ExportError, match=r"^there are too many filters: leave some out$"):
        exporting.export(behind_fence(made), FILTERSET, {})


def test_a_mistake_of_this_program_is_none_of_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ndtui.exporters.csv_table._table", _fails(KeyError("a bug")))
    with pytest.raises(KeyError):
        exporting.export(exporter("table"), FILTERSET, {})


def test_the_first_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    made = Export((File("a", "1\n"), File("b", b"2"), File("c", "3\n")))
    with pytest.raises(RefusedError, match=r"b is a folder"):
        exporting.write(exporting.files_of(made, tmp_path))
    assert (tmp_path / "a").read_text() == "1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("place", ["nowhere", "file", "x\0y"])
def test_several_files_need_a_folder_that_is_there(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"there is no folder .*name a folder that is there"):
        exporting.files_of(Export((File("a", "1\n"),)), tmp_path / place)


@pytest.mark.parametrize(
    ("declares", "words"),
    [
        ("suffix = '/../x'", "has the suffix '/../x', and no file name can end so"),
        ("suffix = '. '", "no file name can end so"),
        ("options = ('indent',)", "declares options that are none"),
        ("options = (Option('a', 'h'), Option('a', 'h'))", "declares two options of one name"),
        ("options = [Option('a', 'h')]", "lacks options"),
        ("options = (Option('A', 'h'),)", "cannot be loaded: ValueError: 'A' is no name of an option"),
    ],
)
def test_a_wrong_declaration_is_refused_when_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declares: str, words: str
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "declared_format", raising=False)
    source = (
        "from ndtui.exporters.contract import Export, Exporter, Option\n"
        "class Sample(Exporter):\n    name = title = 'sample'\n    suffix = '.txt'\n"
        f"    def export(self, filterset, options): return Export('x\\n')\n    {declares}\n"
    )
    (tmp_path / "declared_format.py").write_text(source, encoding="utf-8")
    announce(tmp_path, "sample", {"ndtui.exporters": {"sample": "declared_format:Sample"}})
    (found,) = [inspect(plugin) for plugin in available() if plugin.name == "sample"]
    assert words in one_line(found.problem)
    assert found.exporter is None


def test_what_is_lost_is_refused_unless_it_may_be() -> None:
    lossy, strict = Lossy(), Plain()
    lossy.missing = strict.missing = [Inexpressible("exemption X", "no place")]
    assert exporting.export(lossy, FILTERSET, {}, lossy=True).content == "lost: exemption X\n"
    for exporter_, may, remedy in ((lossy, False, "--lossy leaves it out"), (strict, True, "nothing was written")):
        with pytest.raises(ExportError, match="cannot express exemption X") as caught:
            exporting.export(exporter_, FILTERSET, {}, lossy=may)
        assert remedy in str(caught.value)


def test_nothing_is_lost_where_everything_can_be_said() -> None:
    assert exporting.export(Lossy(), FILTERSET, {}, lossy=True).content == "80\n"


def test_a_format_that_says_it_may_lose_something_and_does_not_is_refused_in_a_line() -> None:
    class Says(Plain):
        lossy: ClassVar[bool] = True
        missing = (Inexpressible("exemption X", "no place"),)

    with pytest.raises(ExportError, match="leaves nothing out: nothing was written"):
        exporting.export(Says(), FILTERSET, {}, lossy=True)


def test_a_text_is_written_with_its_line_ends(tmp_path: Path) -> None:
    export = Export("a\nb\n", "\r\n")
    exporting.write(exporting.files_of(export, tmp_path / "x"))
    assert (tmp_path / "x").read_bytes() == b"a\r\nb\r\n"
    several = Export((File("t", "a\n"), File("b", b"a\n")), "\r\n")
    exporting.write(exporting.files_of(several, tmp_path))
    assert (tmp_path / "t").read_bytes() == b"a\r\n"
    assert (tmp_path / "b").read_bytes() == b"a\n"
    with pytest.raises(ValueError, match="lines end with LF or CR LF"):
        Export("a\n", "\r")


FOUND = Finding("plain-width", "note", SCENARIO, "It is narrow", "By default.", "Set width.", "its manual")


class Telling(Plain):
    """One that has something to say."""

    found: Sequence[Any] = (FOUND,)

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:
        return [each for each in self.found if options["width"] == 80]


def test_a_format_that_was_written_before_has_nothing_to_say() -> None:
    assert exporting.exported(Plain(), FILTERSET, {}).findings == ()
    assert exporting.exported(behind_fence(Plain()), FILTERSET, {}).findings == ()


def test_what_a_format_finds_comes_with_the_export() -> None:
    for made in (Telling(), behind_fence(Telling())):
        assert exporting.exported(made, FILTERSET, {}) == exporting.Exported(Export("80\n"), (FOUND,), ())
        assert exporting.exported(made, FILTERSET, {"width": "7"}).findings == ()


def test_errors_come_first_and_what_the_design_suppresses_is_not_told() -> None:
    made = Telling()
    worse = replace(FOUND, id="plain-error", severity="error")
    made.found = (FOUND, replace(FOUND, id="plain-warning", severity="warning"), worse)
    assert [each.severity for each in exporting.exported(made, FILTERSET, {}).findings] == ["error", "warning", "note"]
    accepted = compile_design(change(ONE, suppressions=[{"id": "plain-error", "reason": "known"}]))
    assert [each.severity for each in exporting.exported(made, accepted, {}).findings] == ["warning", "note"]
    elsewhere = [{"id": "plain-error", "reason": "known", "where": "exemption:DNS"}]
    kept = compile_design(change(ONE, suppressions=elsewhere))
    assert len(exporting.exported(made, kept, {}).findings) == 3


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (("a text",), "TypeError: there is a value of type str where Finding is due"),
        ((replace(FOUND, severity="fatal"),), "TypeError: there is a value of type str where one of error, warning"),
        ((replace(FOUND, message=7),), "TypeError: there is a value of type int where str is due"),
    ],
)
def test_findings_that_are_none_are_one_line(found: Sequence[Any], words: str) -> None:
    made = Telling()
    made.found = found
    with pytest.raises(ExportError, match="the export format plain failed: ") as caught:
        exporting.exported(behind_fence(made), FILTERSET, {})
    assert words in one_line(str(caught.value))


def test_what_is_lost_comes_with_the_export() -> None:
    lossy = Lossy()
    lossy.missing = [Inexpressible("exemption X", "no place")]
    assert exporting.exported(lossy, FILTERSET, {}, lossy=True).lost == (Inexpressible("exemption X", "no place"),)
    assert exporting.exported(Plain(), FILTERSET, {}, lossy=True).lost == ()

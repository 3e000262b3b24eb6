"""The suite that an export format is run against: everything that the contract promises and a test can see.

class TestMine(ExporterContract):
    def make(self) -> Exporter:
        return MyExporter()
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from ndtui.analysis.check.finding import Finding
from ndtui.common.errors import InputError
from ndtui.common.text import is_hostile, visible
from ndtui.exporters import exporting
from ndtui.exporters.contract import (
    CONTRACT_VERSION,
    Export,
    Exporter,
    ExportError,
    File,
    Inexpressible,
    Option,
    Value,
    flaw_of,
)
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, default_design
from ndtui.testing.sample_designs import EVERYTHING, HOSTILE_NAMES, ONE, RULES, TWO, hostile


class ExporterContract(ABC):
    """What every export format promises. Derive a class named ``Test...`` from it and write ``make``.

    A format in which some designs cannot be said names what it has no place for; ``designs`` has to have at least one
    that can be said.
    """

    @abstractmethod
    def make(self) -> Exporter:
        """Return the format under test."""

    def designs(self) -> Sequence[Design]:
        """Return the designs that are exported. Override it to add those that your format is meant for."""
        return (default_design(), ONE, TWO, EVERYTHING, RULES)

    @pytest.fixture
    def exporter(self) -> Exporter:
        """Return the format under test."""
        return self.make()

    def exports(self, exporter: Exporter) -> Iterator[tuple[FilterSet, dict[str, Value], Export]]:
        """Return every sample that can be said in the format, with each setting of its options."""
        for design in self.designs():
            filterset = compile_design(design)
            for values in settings_of(exporter):
                if not exporter.unsupported(filterset, MappingProxyType(values)):
                    yield filterset, values, exporter.export(filterset, MappingProxyType(values))

    def test_it_keeps_the_contract_as_it_is_checked_when_loaded(self, exporter: Exporter) -> None:
        """Its class is complete, and what it declares can be used."""
        assert isinstance(exporter, Exporter)
        assert exporter.contract_version == CONTRACT_VERSION
        assert isinstance(exporter.options, tuple)
        assert flaw_of(type(exporter)) == ""

    def test_it_says_what_it_is(self, exporter: Exporter) -> None:
        """Name, title and the help of each option are single lines that act on no terminal."""
        for words in (exporter.name, exporter.title, *(option.help for option in exporter.options)):
            assert words.strip()
            assert words.isprintable()

    def test_some_sample_can_be_said(self, exporter: Exporter) -> None:
        """A format in which none of the samples can be said would be tested with nothing."""
        assert next(self.exports(exporter), None) is not None, "override designs() with one that can be exported"

    def test_what_it_cannot_express_is_named_before_anything_is_written(self, exporter: Exporter) -> None:
        """Each element is named with a reason, the same each time, and the export is refused in one line."""
        for design in self.designs():
            filterset = compile_design(design)
            for values in settings_of(exporter):
                missing = exporter.unsupported(filterset, values)
                assert all(isinstance(each, Inexpressible) for each in missing)
                assert all(each.element.strip() and each.why.strip() for each in missing)
                assert list(missing) == list(exporter.unsupported(filterset, values))
                given = {option.name: option.write(values[option.name]) for option in exporter.options}
                if not missing:
                    assert isinstance(exporting.export(exporter, filterset, given), Export)
                    continue
                with pytest.raises(ExportError) as caught:
                    exporting.export(exporter, filterset, given)
                assert str(caught.value).isprintable()

    def test_what_is_lost_is_named_at_the_head(self, exporter: Exporter) -> None:
        """A format that may leave something out names each of it before all else; another one refuses all the same."""
        for filterset, values, missing in self._refused(exporter):
            given = {option.name: option.write(values[option.name]) for option in exporter.options}
            if not exporter.lossy:
                with pytest.raises(ExportError):
                    exporting.export(exporter, filterset, given, lossy=True)
                continue
            try:
                export = exporting.export(exporter, filterset, given, lossy=True)
            except ExportError as error:  # without something of it the rest would be wrong
                assert str(error).isprintable()
                continue
            for text in texts_of(export):
                head = [text.find(visible(each.element)) for each in missing]
                assert -1 not in head, "something is lost in silence"
                assert_plain(text)

    def _refused(self, exporter: Exporter) -> Iterator[tuple[FilterSet, dict[str, Value], Sequence[Inexpressible]]]:
        for design in self.designs():
            filterset = compile_design(design)
            for values in settings_of(exporter):
                missing = exporter.unsupported(filterset, values)
                if missing:
                    yield filterset, values, missing

    def test_what_has_to_be_known_is_said_in_full(self, exporter: Exporter) -> None:
        """Each finding has an id, lines that act on no terminal, and a source; it is the same each time."""
        for filterset, values, _ in self.exports(exporter):
            found = exporter.findings(filterset, MappingProxyType(values))
            assert list(found) == list(exporter.findings(filterset, values))
            assert list(found) == list(self.make().findings(compile_design(filterset.design), values))
            for each in found:
                assert isinstance(each, Finding)
                assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", each.id), "a design could not suppress it"
                assert each.severity in ("error", "warning", "note")
                for words in (str(each.where), each.message, each.why, each.remedy, each.source):
                    assert words.strip()
                    assert words.isprintable()

    def test_the_same_filter_set_gives_the_same_export(self, exporter: Exporter) -> None:
        """No clock, no host name, no order that changes: twice the same, compiled anew and by another instance."""
        for filterset, values, export in self.exports(exporter):
            again = compile_design(filterset.design)
            assert exporter.export(filterset, values) == export
            assert self.make().export(again, values) == export

    def test_texts_are_plain(self, exporter: Exporter) -> None:
        """UTF-8 without a byte order mark, LF line ends, the last line ended, nothing that acts on a terminal."""
        for _, _, export in self.exports(exporter):
            for text in texts_of(export):
                assert_plain(text)

    @pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
    def test_a_hostile_name_acts_on_nothing(self, exporter: Exporter, name: str) -> None:
        """Whatever a design, its rules and its exemptions are called, it is exported plainly or refused in one line."""
        filterset = compile_design(hostile(name))
        try:
            made = exporting.exported(exporter, filterset, {})
        except ExportError as error:
            assert str(error).isprintable()
            return
        assert all(each.line.isprintable() for each in made.findings)
        for text in texts_of(made.export):
            assert_plain(text)

    def test_it_changes_nothing(self, exporter: Exporter) -> None:
        """A filter set and the options are the same after an export: they may be shown or applied next."""
        for design in self.designs():
            filterset = compile_design(design)
            for values in settings_of(exporter):
                before, given = contents_of(filterset), dict(values)
                if not exporter.unsupported(filterset, values):
                    exporter.export(filterset, values)
                    exporter.findings(filterset, values)
                assert contents_of(filterset) == before
                assert values == given

    def test_it_neither_prints_nor_writes(
        self,
        exporter: Exporter,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """An export is returned; where it goes is the program's."""
        monkeypatch.chdir(tmp_path)
        for filterset, values, _ in self.exports(exporter):
            exporter.findings(filterset, values)
        assert capfd.readouterr() == ("", "")
        assert list(tmp_path.iterdir()) == []

    def test_every_option_has_a_value_and_no_other_is_taken(self, exporter: Exporter) -> None:
        """What is declared is what the command line and the dialog offer."""
        assert exporting.values_of(exporter, {}) == {option.name: option.default for option in exporter.options}
        for option in exporter.options:
            for value in values_of(option):
                assert exporting.values_of(exporter, {option.name: option.write(value)})[option.name] == value
        with pytest.raises(InputError):
            exporting.values_of(exporter, {"there-is-no-such-option": "x"})


def settings_of(exporter: Exporter) -> Iterator[dict[str, Value]]:
    """Return the defaults of a format's options, and then each option set to each of its other values."""
    defaults: dict[str, Value] = {option.name: option.default for option in exporter.options}
    yield dict(defaults)
    for option in exporter.options:
        for value in values_of(option):
            if value != option.default:
                yield {**defaults, option.name: value}


def values_of(option: Option) -> Sequence[Value]:
    """Return the values that an option is tried with: all there are where they are few, and the default otherwise."""
    if option.choices:
        return option.choices
    return (True, False) if isinstance(option.default, bool) else (option.default,)


def texts_of(export: Export) -> list[str]:
    """Return the texts of an export; bytes are for the format alone to understand."""
    parts = export.content if isinstance(export.content, tuple) else (File("", export.content),)
    return [part.content for part in parts if isinstance(part.content, str)]


def assert_plain(text: str) -> None:
    """Make sure that a text can be written as it is, and shown anywhere."""
    assert text.endswith("\n"), "the last line does not end"
    assert not text.startswith("\ufeff"), "there is a byte order mark"
    assert text.encode("utf-8").decode("utf-8") == text
    found = {character for character in text if character not in "\n\t" and is_hostile(character)}
    assert not found, f"control characters: {sorted(map(ascii, found))}"


def contents_of(filterset: FilterSet) -> Any:
    """Return everything that a filter set holds, as plain data."""
    return (
        object_lists(filterset),
        list(filterset.by_layer),
        list(filterset.filters),
        filterset.design.model_dump(mode="json"),
    )

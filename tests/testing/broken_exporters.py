"""Export formats that break one promise each, and the suite as it runs against them: see ``test_suites_notice``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from ndtui_sample_exporter import OpeningsExporter

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.contract import Export, Exporter, Inexpressible, Option, Value
from ndtui.model.compiled.origin import SCENARIO
from ndtui.testing.exporter_contract import ExporterContract

_numbers = count()


class _Suite(ExporterContract):
    broken: ClassVar[type[Exporter]]

    def make(self) -> Exporter:
        return self.broken()


class _Changed(OpeningsExporter):
    """The sample, with something done to what comes out."""

    options: ClassVar[tuple[Option, ...]] = ()

    def unsupported(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return ()

    def export(self, filterset: Any, options: Mapping[str, Value]) -> Export:
        return Export(self.changed(f"{filterset.design.name}\n"))

    def changed(self, text: str) -> str:
        return text


class HasACounter(_Changed):
    def changed(self, text: str) -> str:
        return f"{next(_numbers)} {text}"


class TestHasACounter(_Suite):
    broken = HasACounter


class CountsItsInstances(_Changed):
    def __init__(self) -> None:
        self._number = next(_numbers)

    def changed(self, text: str) -> str:
        return f"{self._number} {text}"


class TestCountsItsInstances(_Suite):
    broken = CountsItsInstances


class DoesNotEndItsLine(_Changed):
    def changed(self, text: str) -> str:
        return text.rstrip()


class TestDoesNotEndItsLine(_Suite):
    broken = DoesNotEndItsLine


class WritesForWindowsOnly(_Changed):
    def changed(self, text: str) -> str:
        return text.replace("\n", "\r\n")


class TestWritesForWindowsOnly(_Suite):
    broken = WritesForWindowsOnly


class HasAByteOrderMark(_Changed):
    def changed(self, text: str) -> str:
        return f"\ufeff{text}"


class TestHasAByteOrderMark(_Suite):
    broken = HasAByteOrderMark


class Unescapes(_Changed):
    def changed(self, text: str) -> str:
        return text.replace("\\u0000", "\x00")


class TestUnescapes(_Suite):
    broken = Unescapes


class Prints(_Changed):
    def changed(self, text: str) -> str:
        print(text)
        return text


class TestPrints(_Suite):
    broken = Prints


class WritesByItself(_Changed):
    def changed(self, text: str) -> str:
        Path("out.txt").write_text(text)
        return text


class TestWritesByItself(_Suite):
    broken = WritesByItself


class EmptiesTheFilterSet(_Changed):
    def export(self, filterset: Any, options: Mapping[str, Value]) -> Export:
        filterset.by_layer.clear()
        return Export("done\n")


class TestEmptiesTheFilterSet(_Suite):
    broken = EmptiesTheFilterSet


class SaysNothingAtAll(_Changed):
    def unsupported(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return [Inexpressible("everything", "it is all too much")]


class TestSaysNothingAtAll(_Suite):
    broken = SaysNothingAtAll


class FailsInsteadOfNaming(OpeningsExporter):
    def unsupported(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return ()

    def export(self, filterset: Any, options: Mapping[str, Value]) -> Export:
        if super().unsupported(filterset, options):
            raise ValueError("cannot be said")
        return super().export(filterset, options)


class TestFailsInsteadOfNaming(_Suite):
    broken = FailsInsteadOfNaming


class NamesNothing(_Changed):
    def unsupported(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return [Inexpressible("", "")] if len(filterset.design.exemptions) > 1 else ()


class TestNamesNothing(_Suite):
    broken = NamesNothing


class FailsAtAnOption(OpeningsExporter):
    def export(self, filterset: Any, options: Mapping[str, Value]) -> Export:
        return super().export(filterset, {**options, "indent": 1 / (options["shape"] != "files")})


class TestFailsAtAnOption(_Suite):
    broken = FailsAtAnOption


class DeclaresTwice(OpeningsExporter):
    options: ClassVar[tuple[Option, ...]] = (*OpeningsExporter.options, *OpeningsExporter.options)


class TestDeclaresTwice(_Suite):
    broken = DeclaresTwice


class _Finds(_Changed):
    """The sample, with something to say."""

    said: ClassVar[Finding] = Finding("openings", "note", SCENARIO, "It is so", "For a reason.", "Do it.", "its manual")

    def findings(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Finding]:
        return [self.said]


class FindsWithoutASource(_Finds):
    said: ClassVar[Finding] = replace(_Finds.said, source="")


class TestFindsWithoutASource(_Suite):
    broken = FindsWithoutASource


class FindsWhatNobodyCanSuppress(_Finds):
    said: ClassVar[Finding] = replace(_Finds.said, id="Two words")


class TestFindsWhatNobodyCanSuppress(_Suite):
    broken = FindsWhatNobodyCanSuppress


class FindsMoreEachTime(_Finds):
    def findings(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Finding]:
        return [replace(self.said, message=f"It is so, {next(_numbers)}")]


class TestFindsMoreEachTime(_Suite):
    broken = FindsMoreEachTime


class FindsNamesAsTheyAre(_Finds):
    def findings(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Finding]:
        return [replace(self.said, message=f"It is so of {filterset.design.description}")]


class TestFindsNamesAsTheyAre(_Suite):
    broken = FindsNamesAsTheyAre


class PrintsWhatItFinds(_Finds):
    def findings(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Finding]:
        print(self.said.line)
        return [self.said]


class TestPrintsWhatItFinds(_Suite):
    broken = PrintsWhatItFinds


class EmptiesWhileItLooks(_Finds):
    def findings(self, filterset: Any, options: Mapping[str, Value]) -> Sequence[Finding]:
        filterset.by_layer.clear()
        return [self.said]


class TestEmptiesWhileItLooks(_Suite):
    broken = EmptiesWhileItLooks


#: Which test notices what.
NOTICED = {
    "TestHasACounter": "test_the_same_filter_set_gives_the_same_export",
    "TestCountsItsInstances": "test_the_same_filter_set_gives_the_same_export",
    "TestDoesNotEndItsLine": "test_texts_are_plain",
    "TestWritesForWindowsOnly": "test_texts_are_plain",
    "TestHasAByteOrderMark": "test_texts_are_plain",
    "TestUnescapes": "test_a_hostile_name_acts_on_nothing",
    "TestPrints": "test_it_neither_prints_nor_writes",
    "TestWritesByItself": "test_it_neither_prints_nor_writes",
    "TestEmptiesTheFilterSet": "test_it_changes_nothing",
    "TestFindsWithoutASource": "test_what_has_to_be_known_is_said_in_full",
    "TestFindsWhatNobodyCanSuppress": "test_what_has_to_be_known_is_said_in_full",
    "TestFindsMoreEachTime": "test_what_has_to_be_known_is_said_in_full",
    "TestFindsNamesAsTheyAre": "test_a_hostile_name_acts_on_nothing",
    "TestPrintsWhatItFinds": "test_it_neither_prints_nor_writes",
    "TestEmptiesWhileItLooks": "test_it_changes_nothing",
    "TestSaysNothingAtAll": "test_some_sample_can_be_said",
    "TestFailsInsteadOfNaming": "test_what_it_cannot_express_is_named_before_anything_is_written",
    "TestNamesNothing": "test_what_it_cannot_express_is_named_before_anything_is_written",
    "TestFailsAtAnOption": "test_what_it_cannot_express_is_named_before_anything_is_written",
    "TestDeclaresTwice": "test_it_keeps_the_contract_as_it_is_checked_when_loaded",
}

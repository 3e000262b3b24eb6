"""What every export format promises, of those of this package."""

from collections.abc import Sequence
from typing import ClassVar

from ndtui.exporters.contract import Exporter
from ndtui.exporters.registry import BUILT_IN, exporter
from ndtui.model.design.design import Design
from ndtui.testing.exporter_contract import ExporterContract
from tests.support import with_windows_main_mode


class _OfOurs(ExporterContract):
    format_name: ClassVar[str]

    def make(self) -> Exporter:
        return exporter(self.format_name)


class TestBundle(_OfOurs):
    format_name = "bundle"


class TestC(_OfOurs):
    format_name = "c"


class TestDesign(_OfOurs):
    format_name = "design"


class TestGpoReg(_OfOurs):
    format_name = "gpo-reg"

    def designs(self) -> Sequence[Design]:
        """Main mode is written where it is wanted; without that, what Windows has by itself can be said."""
        return (*super().designs(), with_windows_main_mode())


class TestHandover(_OfOurs):
    format_name = "handover"


class TestHtml(_OfOurs):
    format_name = "html"


class TestNetsh(_OfOurs):
    format_name = "netsh"

    def designs(self) -> Sequence[Design]:
        """A set of netsh's main mode has one key exchange, and the samples have several."""
        return (*super().designs(), with_windows_main_mode())


class TestNetshXml(_OfOurs):
    format_name = "netsh-xml"


class TestPowerShell(_OfOurs):
    format_name = "powershell"


class TestPython(_OfOurs):
    format_name = "python"


class TestReport(_OfOurs):
    format_name = "report"


class TestTable(_OfOurs):
    format_name = "table"


def test_none_of_ours_is_left_out() -> None:
    assert {suite.format_name for suite in _OfOurs.__subclasses__()} == set(BUILT_IN)

"""Report formats: Markdown for a request that is text, one page of HTML for a board, a phone or a printer."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from ndtui.exporters.contract import Export, Exporter, Option, Value
from ndtui.exporters.report.html_page import html_page
from ndtui.exporters.report.markdown_page import markdown_page
from ndtui.exporters.report.report_contents import report_of
from ndtui.exporters.report.report_parts import Report
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.files.design_file import parse_design

_AGAINST = Option("against", "a design to compare with: the report says what changes", design=True)


class _ReportFormat(Exporter):
    """What was decided, what it does, what the checker says, every filter, and what changes against another design."""

    options: ClassVar[tuple[Option, ...]] = (_AGAINST,)

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the report."""
        text = str(options[_AGAINST.name])
        before = parse_design(text, "the design to compare with") if text else None
        return Export(self._page(report_of(filterset, before)))

    @abstractmethod
    def _page(self, report: Report) -> str:
        """Return a report as a page."""


class ReportExporter(_ReportFormat):
    """The report as Markdown."""

    name: ClassVar[str] = "report"
    title: ClassVar[str] = "Report: what it does, findings and filters as Markdown"
    suffix: ClassVar[str] = ".md"

    def _page(self, report: Report) -> str:
        return markdown_page(report)


class HtmlExporter(_ReportFormat):
    """The report as a page."""

    name: ClassVar[str] = "html"
    title: ClassVar[str] = "Page: the report as one HTML file, for screen, phone and paper"
    suffix: ClassVar[str] = ".html"

    def _page(self, report: Report) -> str:
        return html_page(report)

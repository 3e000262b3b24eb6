"""Table: one line per filter as CSV, for a spreadsheet or a diff."""

import csv
import io
import re
from collections.abc import Mapping
from typing import ClassVar

from ndtui.analysis.wording.phrases import conditions_line
from ndtui.common.counted import counted
from ndtui.exporters.contract import Export, Exporter, Value
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.rule import BASE

COLUMNS = (
    "filterKey",
    "layerKey",
    "subLayerKey",
    "weight",
    "effectiveWeight",
    "action",
    "callout",
    "rawContext",
    "providerContextKey",
    "conditions",
    "name",
    "origin",
    "rule",
)

#: What a spreadsheet takes for the beginning of a formula; the wide ones too, where it is set to Japanese or Chinese.
#: Source: https://owasp.org/www-community/attacks/CSV_Injection
_LIVE = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
#: Where a formula may begin: with the cell, or in it, where the spreadsheet is set to another separator than the comma.
_FORMULA = re.compile(rf"^(?=[{_LIVE}])|(?<=[;\t\r\n])(?=[\s\"']*[{_LIVE}])")


class TableExporter(Exporter):
    """All filters as CSV (RFC 4180, LF line ends), in the order of the filter set."""

    name: ClassVar[str] = "table"
    title: ClassVar[str] = "Table: one line per filter as CSV"
    suffix: ClassVar[str] = ".csv"

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:  # noqa: ARG002
        """Return the table."""
        return Export(_table(filterset))


def _table(filterset: FilterSet) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in counted(filterset.filters):
        slot = each.slot
        weight = slot.weight.type if slot.weight.value is None else f"{slot.weight.type} {slot.weight.value}"
        writer.writerow(
            _inert(cell)
            for cell in (
                f"{{{each.key}}}",
                slot.layer,
                slot.sublayer,
                weight,
                f"0x{effective_weight(each).value:016x}",
                slot.action,
                slot.callout,
                "" if slot.context else str(slot.raw_context),
                f"{{{slot.context}}}" if slot.context else "",
                conditions_line(each),
                each.name,
                str(each.origin),
                _rule(each),
            )
        )
    return buffer.getvalue()


def _rule(each: Filter) -> str:
    """Return the name of the rule that made a filter, empty for those of exemptions."""
    return BASE if each.origin.element == "keying-module" else each.origin.rule_name or ""


def _inert(cell: str) -> str:
    """Return a text in which an apostrophe before each formula says that it is none."""
    return _FORMULA.sub("'", cell)

"""Dump: what Windows itself says, read from the XML of ``netsh wfp show filters`` and ``netsh wfp show state``."""

from ndtui.analysis.dump.objects import (
    Dump,
    DumpCondition,
    DumpFilter,
    DumpGroup,
    DumpProvider,
    DumpSublayer,
    filters_in_order,
)
from ndtui.analysis.dump.read import read_dump

__all__ = [
    "Dump",
    "DumpCondition",
    "DumpFilter",
    "DumpGroup",
    "DumpProvider",
    "DumpSublayer",
    "filters_in_order",
    "read_dump",
]

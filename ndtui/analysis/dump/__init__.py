"""Dump: what Windows itself says, read from the XML of ``netsh wfp show filters`` and ``netsh wfp show state``."""

from ndtui.analysis.dump.dump_objects import (
    Dump,
    DumpCondition,
    DumpContext,
    DumpFilter,
    DumpGroup,
    DumpProvider,
    DumpSession,
    DumpSublayer,
    Tree,
    dump_filters,
    filters_in_order,
    sublayer_weights,
)
from ndtui.analysis.dump.read import read_dump

__all__ = [
    "Dump",
    "DumpCondition",
    "DumpContext",
    "DumpFilter",
    "DumpGroup",
    "DumpProvider",
    "DumpSession",
    "DumpSublayer",
    "Tree",
    "dump_filters",
    "filters_in_order",
    "read_dump",
    "sublayer_weights",
]

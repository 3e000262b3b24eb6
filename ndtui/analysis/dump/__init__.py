"""Dump: what Windows itself says, read from the XML of ``netsh wfp show filters`` and ``netsh wfp show state``."""

from ndtui.analysis.dump.dump_objects import (
    Dump,
    DumpCallout,
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
    order_is_of_the_file,
    sublayer_weights,
)
from ndtui.analysis.dump.read import read_dump

__all__ = [
    "Dump",
    "DumpCallout",
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
    "order_is_of_the_file",
    "read_dump",
    "sublayer_weights",
]

"""Events of the security log out of its own file (.evtx), by the package ``evtx``, where that is installed.

The package gives each record as XML, which is read like any other.
"""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from ndtui.analysis.events.event_xml import EventCount, EventText, Place, Receive
from ndtui.common.errors import InputError, in_a_line
from ndtui.common.files import EVENT_LOG

MAGIC = EVENT_LOG
_AS_XML = "save the log as XML in Event Viewer"


def read_event_log(path: Path, receive: Receive, count: EventCount) -> None:
    """Read a log's file and hand each event over.

    Raises:
        InputError: the package is not there, or the file is damaged; names the record.
    """
    try:
        package = import_module("evtx")
    except ImportError:
        raise InputError(
            f"{path} is a log's own file (.evtx), which is read with the package evtx, and that is not installed",
            remedy=f"pip install 'ndtui[evtx]', or {_AS_XML}",
        ) from None
    place = _Records(path)
    reader = EventText(place, receive, count)
    for record in _records(package, place):
        place.record = record.get("event_record_id", place.record)
        try:
            reader.read(record["data"])
        except (ExpatError, DefusedXmlException) as error:
            place.fail(f"the record is no proper XML ({in_a_line(error)})", _AS_XML)


class _Records(Place):
    """Where in a log its reader is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record = 0

    def line(self) -> int:
        """Return the number of the record."""
        return self.record

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at this record."""
        raise InputError(f"{self.path}, record {self.record}: {message}", remedy=remedy) from None


def _records(package: Any, place: _Records) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a log; what the package raises is not of one kind, and ends in a line."""
    try:
        yield from package.PyEvtxParser(os.fspath(place.path)).records()
    except (OSError, RuntimeError, ValueError) as error:
        place.fail(f"the log is damaged ({in_a_line(error)})", f"export it again, or {_AS_XML}")

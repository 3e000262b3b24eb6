r"""Events of the security log out of a table: what ``Get-WinEvent ... | Export-Csv`` writes.

A row has the event's number, and what happened as a message for a person, in the language of the machine: its labels
are known here in English alone. A table that has a column for each field is read in any language.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from ndtui.analysis.dump.stream import Reader, decoded, open_file
from ndtui.analysis.events.event_xml import LIMITS, MAKE_EVENTS, EventCount, Receive
from ndtui.analysis.events.fields import BadFieldError
from ndtui.analysis.events.network_event import SECURITY_EVENTS
from ndtui.analysis.events.security_events import Entry, security_event
from ndtui.common.errors import InputError
from ndtui.common.files import reason

_LONGEST_LINE = 1024 * 1024
_MAKE_TABLE = "Get-WinEvent -FilterHashtable @{LogName='Security'; Id=5152,5157} | Export-Csv events.csv -Encoding utf8"
_LABEL = re.compile(r"^\s*([A-Z][A-Za-z/ -]*[A-Za-z]):[ \t]*(.*?)\s*$", re.MULTILINE)
#: The labels of a message, and the fields that they are for.
_FIELDS: Mapping[str, str] = {
    "Process ID": "ProcessID",
    "Application Name": "Application",
    "Direction": "Direction",
    "Source Address": "SourceAddress",
    "Source Port": "SourcePort",
    "Destination Address": "DestAddress",
    "Destination Port": "DestPort",
    "Protocol": "Protocol",
    "Interface Index": "InterfaceIndex",
    "Filter Origin": "FilterOrigin",
    "Filter Run-Time ID": "FilterRTID",
    "Layer Run-Time ID": "LayerRTID",
    "Remote User ID": "RemoteUserID",
    "Remote Machine ID": "RemoteMachineID",
}
_ID, _MESSAGE, _TIME, _RECORD, _FILTER = "Id", "Message", "TimeCreated", "RecordId", "FilterRTID"


def read_event_csv(path: Path, receive: Receive, count: EventCount) -> None:
    """Read a table and hand each event over.

    Raises:
        InputError: it cannot be read, or is none; names the line.
    """
    _Table(path, receive, count).read()


class _Table:
    """A table that is being read."""

    def __init__(self, path: Path, receive: Receive, count: EventCount) -> None:
        self._path = path
        self._receive = receive
        self._count = count
        self._line = 0

    def read(self) -> None:
        lines = self._lines()
        first = next(lines, "")
        if first.startswith("#TYPE"):  # Windows PowerShell writes the type before the table
            first = next(lines, "")
        delimiter = max(",;\t", key=first.count)
        try:
            head = next(csv.reader([first], delimiter=delimiter), [])
            if _ID not in head or not (_MESSAGE in head or _FILTER in head):
                self._fail(
                    "this is no table of events: it has no columns Id and Message", f"make one with {_MAKE_TABLE}"
                )
            for row in csv.reader(lines, delimiter=delimiter):
                self._take(dict(zip(head, row, strict=False)))
        except csv.Error as error:
            self._fail(f"this is no table: {error}", "leave the file as it was written")

    def _take(self, row: Mapping[str, str]) -> None:
        event_id = row.get(_ID, "").strip()
        if event_id not in SECURITY_EVENTS:
            self._count.passed_over += bool(event_id)
            return
        data = row if row.get(_FILTER) else _fields(row.get(_MESSAGE, ""))
        if _FILTER not in data:
            self._fail(
                f"the message of event {event_id} is not in English, or was cut: it names no Filter Run-Time ID",
                "save the log as XML in Event Viewer, which is the same in every language",
            )
        place = self._count.read + 1
        record = row.get(_RECORD, "").strip()
        order = (record if record.isdigit() else str(place)).zfill(20)
        try:
            event = security_event(Entry(place, self._line, event_id, row.get(_TIME, "").strip(), order), data)
        except BadFieldError as error:
            self._fail(str(error), "leave the file as it was written")
        self._count.read = place
        self._receive(event)

    def _fail(self, message: str, remedy: str) -> NoReturn:
        raise InputError(f"{self._path}, line {self._line}: {message}", remedy=remedy)

    def _lines(self) -> Iterator[str]:
        """Yield the lines, with their ends, of a file in UTF-8 or UTF-16."""
        reader = Reader(self._path, LIMITS, MAKE_EVENTS)
        with open_file(self._path, LIMITS) as file:
            try:
                yield from self._split(decoded(file, reader))
            except OSError as error:
                raise InputError(f"{self._path} cannot be read", remedy=reason(error)) from None

    def _split(self, texts: Iterable[str]) -> Iterator[str]:
        rest = ""
        first = True
        for text in texts:
            *whole, rest = (rest + text).split("\n")
            for line in whole:
                self._line += 1
                yield f"{line.removeprefix(chr(0xFEFF)) if first else line}\n"
                first = False
            if len(rest) > _LONGEST_LINE:
                self._line += 1
                self._fail(f"a line is longer than {_LONGEST_LINE} characters", "is it the file you meant?")
        if rest:
            self._line += 1
            yield rest.removeprefix(chr(0xFEFF)) if first else rest


def _fields(message: str) -> Mapping[str, str]:
    """Return the fields that a message names."""
    found: Sequence[tuple[str, str]] = _LABEL.findall(message)
    return {_FIELDS[label]: value for label, value in found if label in _FIELDS}

"""Read events, in whichever way they were written down."""

from pathlib import Path

from ndtui.analysis.dump.stream import open_file
from ndtui.analysis.events.event_log import MAGIC, read_event_log
from ndtui.analysis.events.event_xml import LIMITS, MAKE_EVENTS, EventCount, Receive, read_event_xml
from ndtui.analysis.events.security_csv import read_event_csv
from ndtui.common.errors import InputError
from ndtui.common.files import reason

_BLANK = b"\x00\xef\xbb\xbf\xff\xfe \r\n\t"


def read_events(path: Path, receive: Receive) -> EventCount:
    """Hand over each event of a file, one after the other, and return how many there were.

    The file is what ``netsh wfp show netevents`` or ``netsh wfp capture`` wrote, the security log as XML or as a table,
    or the log's own file. Memory does not grow with the file.

    Raises:
        InputError: it cannot be read, holds something else, or is a trap; names the line.
    """
    count = EventCount()
    with open_file(path, LIMITS) as file:
        try:
            head = file.read(1024)
        except OSError as error:
            raise InputError(f"{path} cannot be read", remedy=reason(error)) from None
    if head.startswith(MAGIC):
        read_event_log(path, receive, count)
    elif head.strip(_BLANK).startswith(b"<") or not head.strip(_BLANK):
        read_event_xml(path, receive, count)
    else:
        read_event_csv(path, receive, count)
    if not count.read and not count.passed_over:
        raise InputError(f"{path} holds no events", remedy=MAKE_EVENTS)
    return count

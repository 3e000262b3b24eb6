"""The security log's own file, read with the package ``evtx``; and what is said where that is not installed."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.events.read_events import read_events
from ndtui.common.errors import InputError
from tests.events import CONNECTION, PACKET, security_event
from tests.evtx_file import evtx_file

LOG = evtx_file(security_event(5157, CONNECTION), security_event(4624, {}), security_event(5152, PACKET))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "Security.evtx"
    path.write_bytes(LOG)
    return path


def test_a_log(log: Path):
    pytest.importorskip("evtx")
    found: list[NetworkEvent] = []
    count = read_events(log, found.append)
    assert (count.read, count.passed_over) == (2, 1)
    assert [(event.kind, event.remote_address, event.line) for event in found] == [
        ("5157", "10.0.0.100", 1),
        ("5152", "10.0.0.100", 3),
    ]


def test_a_damaged_log(log: Path):
    pytest.importorskip("evtx")
    log.write_bytes(LOG[:4096] + b"x" * 100 + LOG[4196:])
    with pytest.raises(InputError, match=r"the log is damaged|holds no events"):
        read_events(log, lambda event: None)


def test_without_the_package(log: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "evtx", None)
    with pytest.raises(InputError, match="is read with the package evtx, and that is not installed: pip install"):
        read_events(log, lambda event: None)


def records(*texts: str, then: Exception | None = None) -> SimpleNamespace:
    """Return a package that gives these records, and fails then."""

    def given(self: object) -> Iterator[Mapping[str, object]]:
        for number, text in enumerate(texts, start=5):
            yield {"event_record_id": number, "data": text}
        if then is not None:
            raise then

    return SimpleNamespace(PyEvtxParser=type("Parser", (), {"__init__": lambda self, path: None, "records": given}))


@pytest.mark.parametrize(
    ("package", "message"),
    [
        (records(security_event(5157, CONNECTION), "<Event>"), "record 6: the record is no proper XML"),
        (records("<html/>"), "record 5: the root element is <html>"),
        (records(security_event(5157, {**CONNECTION, "Protocol": "x"})), "record 5: an event has the Protocol 'x'"),
        (records(security_event(5157, {}), then=RuntimeError("a\nb")), "record 5: the log is damaged .*a b"),
        (records("<!DOCTYPE Event><Event/>"), "record 5: the record is no proper XML"),
    ],
)
def test_records_that_are_none(log: Path, monkeypatch: pytest.MonkeyPatch, package: SimpleNamespace, message: str):
    monkeypatch.setitem(sys.modules, "evtx", package)
    with pytest.raises(InputError, match=message) as refused:
        read_events(log, lambda event: None)
    assert str(refused.value).isprintable()

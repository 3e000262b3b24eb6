"""What the tests of the contract ask of an engine: what it holds, that it refuses, that it keeps what it was given."""

from collections.abc import Callable
from typing import Any

import pytest

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import ASSIGNED, EngineError, Session
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of
from tests.backends.contract.sample_objects import key_of
from tests.support import one_line

NOT_FOUND: dict[Kind, str] = {
    "provider": "FWP_E_PROVIDER_NOT_FOUND",
    "subLayer": "FWP_E_SUBLAYER_NOT_FOUND",
    "providerContext": "FWP_E_PROVIDER_CONTEXT_NOT_FOUND",
    "filter": "FWP_E_FILTER_NOT_FOUND",
}

#: Errors that are about the session or its transaction, whatever object a call names.
ABOUT_NO_OBJECT = ("FWP_E_INCOMPATIBLE_TXN", "FWP_E_SESSION_ABORTED", "FWP_E_TIMEOUT")


def everything(session: Session) -> dict[Kind, list[Document]]:
    """Return all that a session sees."""
    return {kind: session.enumerate(kind) for kind in KINDS}


def keys(session: Session, kind: Kind, **template: Any) -> list[str]:
    """Return the keys of all objects of a kind that a session sees, in their order."""
    return [key_of(kind, document) for document in session.enumerate(kind, **template)]


def add(session: Session, kind: Kind, document: Document) -> str:
    """Add an object that has to be accepted, and return its key."""
    return session.add(kind, document).key


def refuses(session: Session, code: str, call: Callable[[], object], *names: str) -> None:
    """Check that a call fails with a code, in a line that says what it is about, and that it has changed nothing.

    ``names`` are the words of which one has to stand in that line: the display name or the key of the object.
    """
    before = everything(session)
    with pytest.raises(EngineError) as caught:
        call()
    error = caught.value
    text = one_line(str(error))
    assert error.code == code, text
    assert error.number == number_of(code)
    assert code in text
    assert not names or any(name in text for name in names), f"none of {names} in: {text}"
    assert everything(session) == before


def refuses_add(session: Session, code: str, kind: Kind, document: Document) -> None:
    """Check that an object is refused with a code, and named."""
    name = document.get("displayData", {}).get("name")
    names = [word for word in (name, key_of(kind, document)) if word]
    refuses(session, code, lambda: session.add(kind, document), *(() if code in ABOUT_NO_OBJECT else names))


def refuses_filter(session: Session, code: str, document: Document) -> None:
    """Check that a filter is refused with a code, and named."""
    refuses_add(session, code, "filter", document)


def refuses_delete(session: Session, code: str, kind: Kind, key: str) -> None:
    """Check that a deletion is refused with a code, and the object named by its key or its name."""
    names = [d["displayData"]["name"] for d in session.enumerate(kind) if key_of(kind, d) == key]
    refuses(session, code, lambda: session.delete(kind, key), *(() if code in ABOUT_NO_OBJECT else (key, *names)))


def accepts(session: Session, kind: Kind, document: Document) -> Document:
    """Add an object, and return it as the engine holds it, having checked that it is what was asked for."""
    added = session.add(kind, document)
    held = session.get(kind, added.key)
    assert asked(held) == asked(document)
    assert key_of(kind, held) == added.key
    assert held in session.enumerate(kind)
    return held


def asked(document: Document) -> Document:
    """Return what a caller asked for: without what the engine assigns, flags in no order."""
    kept = {name: value for name, value in document.items() if name not in ASSIGNED}
    return {**kept, "flags": sorted(document["flags"])}


def weight(session: Session, document: Document) -> int:
    """Add a filter, and return the weight the engine has given it."""
    held = session.get("filter", session.add("filter", document).key)
    assert held["effectiveWeight"]["type"] == "FWP_UINT64"
    return int(held["effectiveWeight"]["uint64"])

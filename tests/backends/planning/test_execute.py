"""Carrying out changes: what goes first, what is made anew because of it, and how far it has come."""

from typing import Any, cast

import pytest

from ndtui.backends.contract.changes import Change, StoredObject
from ndtui.backends.contract.engine import Session
from ndtui.backends.planning import execute as module
from ndtui.backends.planning.execute import execute
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind

Call = tuple[str, Kind, str]


class Recorded:
    """A session that takes note of what is added and deleted."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.added: list[Document] = []

    def add(self, kind: Kind, document: Document) -> None:
        self.added.append(document)
        self.calls.append(("add", kind, document[KEY_MEMBERS[kind]]))

    def delete(self, kind: Kind, key: str) -> None:
        self.calls.append(("delete", kind, key))


def an_object(kind: Kind, key: str, **refers: str) -> StoredObject:
    return StoredObject(kind, key, {KEY_MEMBERS[kind]: key, **refers})


#: One of each kind that refers to those before it, and one of each that refers to none of them.
HELD = (
    an_object("provider", "P"),
    an_object("subLayer", "S", providerKey="P"),
    an_object("providerContext", "C", providerKey="P"),
    an_object("filter", "F", providerKey="P", subLayerKey="S", providerContextKey="C"),
    an_object("filter", "g", subLayerKey="S"),
    an_object("subLayer", "s"),
    an_object("providerContext", "c"),
    an_object("filter", "f", subLayerKey="s", providerContextKey="c"),
)
BY_KEY = {each.key: each for each in HELD}


def carried_out(*changes: Change, progress: Any = None) -> list[Call]:
    session = Recorded()
    execute(cast("Session", session), changes, HELD, progress)
    return session.calls


def changed(key: str) -> Change:
    each = BY_KEY[key]
    return Change(each.kind, key, each.document, {**each.document, "flags": ["other"]})


def gone(key: str) -> Change:
    return Change(BY_KEY[key].kind, key, BY_KEY[key].document, None)


def come(kind: Kind, key: str) -> Change:
    return Change(kind, key, None, an_object(kind, key).document)


def keys(calls: list[Call], what: str) -> list[str]:
    return [key for call, _, key in calls if call == what]


@pytest.mark.parametrize(
    ("key", "anew"),
    [("P", "PSCFg"), ("S", "SFg"), ("C", "CF"), ("F", "F"), ("s", "sf"), ("c", "cf"), ("f", "f")],
)
def test_what_changes_is_made_anew_and_so_is_what_refers_to_it(key: str, anew: str):
    calls = carried_out(changed(key))
    assert sorted(keys(calls, "delete")) == sorted(keys(calls, "add")) == sorted(anew)
    assert [call for call, _, _ in calls] == ["delete"] * len(anew) + ["add"] * len(anew)


def test_filters_go_first_and_come_last():
    calls = carried_out(changed("P"), gone("f"), come("filter", "new"), come("subLayer", "newer"))
    order = keys(calls, "delete")
    assert (set(order[:3]), order[3:]) == ({"F", "f", "g"}, ["C", "S", "P"])
    order = keys(calls, "add")
    assert order[0] == "P"
    assert set(order[1:3]) == {"S", "newer"}
    assert order[3] == "C"
    assert set(order[4:]) == {"F", "g", "new"}


def test_what_changes_too_is_made_anew_once_and_what_goes_does_not_come_back():
    calls = carried_out(changed("C"), changed("F"))
    assert sorted(keys(calls, "delete")) == sorted(keys(calls, "add")) == ["C", "F"]
    calls = carried_out(changed("C"), gone("F"))
    assert (sorted(keys(calls, "delete")), keys(calls, "add")) == (["C", "F"], ["C"])


def test_what_only_comes_makes_nothing_anew():
    assert carried_out(come("provider", "P")) == [("add", "provider", "P")]
    assert carried_out() == []


@pytest.mark.parametrize(
    ("chunk", "told"),
    [(1, [1, 2, 3, 4, 5, 6]), (2, [2, 4, 6]), (3, [3, 6]), (4, [4, 6]), (6, [6]), (100, [6])],
)
def test_progress_is_told_now_and_then_and_at_the_end(chunk: int, told: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "CHUNK", chunk)
    said: list[tuple[int, int]] = []
    carried_out(changed("C"), gone("f"), come("filter", "new"), progress=lambda *each: said.append(each))
    assert said == [(done, 6) for done in told]


def test_nothing_is_added_with_a_flag_that_the_engine_sets():
    """A caller who sets one is refused: what was read of a disabled object is added again without."""
    flags = ["FWPM_PROVIDER_FLAG_DISABLED", "FWPM_FILTER_FLAG_DISABLED", "FWPM_FILTER_FLAG_INDEXED", "other"]
    session = Recorded()
    read: Any = {**BY_KEY["F"].document, "flags": flags}
    execute(cast("Session", session), [Change("filter", "F", None, read)], HELD)
    assert session.added == [{**BY_KEY["F"].document, "flags": ["other"]}]
    assert read["flags"] == flags

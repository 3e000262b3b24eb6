"""The history on the command line: who, when, why and how; what a revision holds, how two differ; drift."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.history_wording import when_words
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import noting
from ndtui.testing.sample_designs import TWO
from tests.backends.faults.operations import apply_unwatched
from tests.backends.holding import plan_for
from tests.cli.running import Run


@pytest.fixture
def store(tmp_path: Path, run: Run) -> Path:
    """Return a store with three revisions."""
    path = tmp_path / "store.sqlite3"
    assert run("apply", "nd-transport", "--store", path, "--yes", "-m", "first\ntry").status == 0
    assert run("apply", "nd-boundary", "--store", path, "--yes", "--message", "[/x] \x1b[31m\u202e").status == 0
    assert run("rollback", "--store", path, "--yes", "-m", "back").status == 0
    return path


def test_the_list_says_who_when_why_and_how(run: Run, store: Path):
    assert run("remove", "--store", store, "--yes", "-m", "the end").status == 0
    who, at = f"{noting.user()}@{noting.host()}", StoreBackend(store).history()[-1].at
    head, *rows = run("history", "--store", store).out.splitlines()
    assert head.split()[:4] == ["revision", "when", "how", "who"]
    ways = ["removed", "rolled back to 1", "applied", "applied"]
    assert [way in row for way, row in zip(ways, rows, strict=True)] == [True] * 4
    assert [row.rstrip().rpartition("  ")[2] for row in rows] == [
        "the end",
        "back",
        r"[/x] \x1b[31m\u202e",
        "first try",
    ]
    assert all(who in row for row in rows)
    assert when_words(at) in rows[-1]


def test_the_list_as_json(run: Run, store: Path):
    latest, *_, first = json.loads(run("history", "--store", store, "--json").out)["revisions"]
    at = latest.pop("at")
    assert at.endswith("+00:00")
    assert latest == {
        "number": 3,
        "action": "rollback",
        "how": "rolled back to 1",
        "back_to": 1,
        "user": noting.user(),
        "host": noting.host(),
        "message": "back",
        "policy": "nd-transport",
        "added": 24,
        "changed": 0,
        "removed": 20,
    }
    assert (first["how"], first["message"], first["back_to"]) == ("applied", "first try", None)


def test_what_nobody_confirmed_stands_there_under_its_own_word(run: Run, store: Path):
    opened = StoreBackend(store)
    apply_unwatched(opened, plan_for(opened, TWO), -60)
    assert opened.settle()
    assert "reverted: not confirmed" in run("history", "--store", store).out.splitlines()[1]


def test_a_revision_shows_what_it_holds_and_what_it_changed(run: Run, store: Path):
    out = run("history", "2", "--store", store).out
    first, policy, *_ = out.splitlines()
    assert first.startswith("Revision 2: applied ")
    assert first.endswith(r": [/x] \x1b[31m\u202e")
    assert policy == "Policy   nd-boundary"
    assert "  nd-boundary: exempt ICMP  " in out
    assert "Provider contexts\n  nd-boundary: IKE main mode\n" in out
    assert "From nd-transport, revision 1: applied " in out
    assert "20 to add, 0 to change, 24 to remove, 1 the same" in out


def test_a_revision_as_json_has_the_lists_of_a_bundle(run: Run, store: Path):
    found = json.loads(run("history", "1", "--store", store, "--json").out)
    status = json.loads(run("status", "--store", store, "--json").out)
    assert found["revision"]["message"] == "first try"
    for name in ("provider", "subLayers", "providerContexts", "filters"):
        assert found[name] == status[name], name
    assert found["changed"]["counts"] == {"add": 25, "change": 0, "remove": 0, "unchanged": 0}
    assert found["changed"]["before"]["title"] == "the state before the first revision"


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (("1", "2"), "20 to add, 0 to change, 24 to remove, 1 the same"),
        (("2", "now"), "24 to add, 0 to change, 20 to remove, 1 the same"),
        (("now", "0"), "0 to add, 0 to change, 25 to remove, 0 the same"),
        (("1", "3"), "They hold the same."),
        (("1", "now"), "They hold the same."),
    ],
    ids=" ".join,
)
def test_any_two_are_compared(run: Run, store: Path, words: tuple[str, ...], counts: str):
    assert run("history", *words, "--store", store).out.splitlines()[-1] == counts
    document = json.loads(run("history", *words, "--store", store, "--json").out)
    found = document["counts"]
    assert len(document["changes"]) == found["add"] + found["change"] + found["remove"]
    assert (counts == "They hold the same.") == (document["changes"] == [])


def test_a_change_between_two_is_told_in_words(run: Run, store: Path, tmp_path: Path):
    text = run("presets", "show", "nd-transport").out
    for port in (53, 5353):
        exemption = f'\n[[exemptions]]\nname = "DNS"\nprotocol = "udp"\nremote_ports = [{port}]\n'
        (tmp_path / "dns.toml").write_text(text + exemption, encoding="utf-8")
        assert run("apply", tmp_path / "dns.toml", "--store", store, "--yes").status == 0
    out = run("history", "4", "5", "--store", store).out
    assert "      Matches: unicast, UDP, remote port 53  ->  unicast, UDP, remote port 5353\n" in out
    assert "{" not in out


@pytest.mark.parametrize("words", [("7",), ("1", "7"), ("7", "now"), ("1", "99999999999999999999")], ids=" ".join)
def test_a_revision_that_is_not_there_is_bad_input(run: Run, store: Path, words: tuple[str, ...]):
    missing = next(word for word in words if word.startswith(("7", "9")))
    said = f"ndtui: error: there is no revision {missing}: choose one from 0 to 3"
    assert run("history", *words, "--store", store).refusal(2) == said
    assert run("rollback", missing, "--store", store, "--yes").refusal(2) == said


def test_a_revision_below_the_first_is_bad_use(run: Run, store: Path):
    assert run("history", "-1", "2", "--store", store).status == 2


def test_where_nothing_was_applied_there_is_no_revision(run: Run):
    said = "ndtui: error: there is no revision 7: nothing has been applied yet"
    assert run("history", "7").refusal(2) == said
    assert run("rollback", "7", "--yes").refusal(2) == said


def test_what_is_no_revision_is_bad_use(run: Run, store: Path):
    assert "'latest' is no revision: write its number, or now" in run("history", "latest", "--store", store).refusal(2)


def test_a_backend_without_history_says_so(run: Run, monkeypatch: pytest.MonkeyPatch):
    assert json.loads(run("history", "now", "--backend", "memory", "--json").out)["policy"] == ""
    assert run("history", "0", "--backend", "memory").out.startswith("The state before the first revision\n")


def test_a_message_that_is_too_long_is_refused_before_anything_is_done(run: Run, store: Path):
    before = store.read_bytes()
    ran = run("apply", "nd-ipv4-only", "--store", store, "--yes", "-m", "x" * 501)
    assert "the message has 501 characters: use at most 500" in ran.refusal(2)
    assert store.read_bytes() == before


def test_a_trial_keeps_no_message(run: Run):
    assert "a trial stands in no history" in run("apply", "nd-transport", "--trial", "-m", "why").refusal(2)


def test_that_a_backend_does_not_keep_the_message_is_said(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(noting, "_storable", lambda text: "")
    ran = run("apply", "nd-boundary", "--backend", "memory", "--yes", "-m", "why")
    assert ran.status == 0
    assert ran.err == "warning: the backend memory does not keep why it was done: the message is in no history\n"
    monkeypatch.undo()
    assert run("apply", "nd-boundary", "--backend", "memory", "--yes", "-m", "why").err == ""


# Drift.


def test_the_status_says_since_when_and_that_nothing_drifted(run: Run, store: Path):
    out = run("status", "--store", store).out
    assert f"Since    revision 3: rolled back to 1 {when_words(StoreBackend(store).history()[0].at)}" in out
    assert "Drift    none: it is as it was applied" in out
    document = json.loads(run("status", "--store", store, "--json").out)
    assert document["drift"] == []
    assert document["revision"]["number"] == 3


def test_the_status_names_what_others_changed(run: Run, store: Path):
    with closing(BfeEngine(store).open()) as session:
        first = StoreBackend(store).snapshot().of_kind("filter")[0]
        session.delete("filter", first["filterKey"])  # type: ignore[typeddict-item]
    out = run("status", "--store", store).out
    assert "Drift: changed by others since the last apply\n  vanished: nd-transport: IKE main mode at IKEEXT_V4" in out
    (drift,) = json.loads(run("status", "--store", store, "--json").out)["drift"]
    assert (drift["action"], drift["after"]) == ("remove", None)


def test_where_it_cannot_be_told_nothing_is_said_of_drift(run: Run, monkeypatch: pytest.MonkeyPatch):
    from ndtui.backends.contract.backend import Capabilities

    monkeypatch.setattr(MemoryBackend, "capabilities", Capabilities())
    assert "Drift" not in run("status", "--backend", "memory").out
    assert json.loads(run("status", "--backend", "memory", "--json").out)["drift"] is None

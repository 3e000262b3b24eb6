"""Plan, apply, roll back, remove: the whole way on the embedded store."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, Run
from tests.support import documents, preset

LISTS = ("provider", "subLayers", "providerContexts", "filters")


def status(run: Run, *words: str | Path) -> dict[str, Any]:
    ran = run("status", "--json", *words)
    assert (ran.status, ran.err) == (0, "")
    document: dict[str, Any] = json.loads(ran.out)
    return document


def plan(run: Run, design: str | Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run("plan", design, "--json").out)
    return document


def with_dns(run: Run, folder: Path) -> Path:
    """Return a file of the default design with one more exemption."""
    file = folder / "with-dns.toml"
    text = run("presets", "show", "nd-transport").out
    file.write_text(f'{text}\n[[exemptions]]\nname = "DNS"\nprotocol = "udp"\nremote_ports = [53]\n', encoding="utf-8")
    return file


def beside_the_warning(err: str) -> str:
    """Return what is said beside the data, without what is said of every policy that locks out remote management."""
    return "".join(each for each in err.splitlines(keepends=True) if "Remote management" not in each)


def applied(ran: Ran) -> str:
    assert (ran.status, beside_the_warning(ran.err)) == (0, "")
    return ran.out.splitlines()[-1]


def test_the_whole_way(run: Run, tmp_path: Path):
    changed = with_dns(run, tmp_path)
    at_first = status(run)["state"]
    assert status(run)["provider"] is None
    assert "25 to add, 0 to change, 0 to remove" in run("plan", "nd-transport").out
    assert status(run)["state"] == at_first

    assert applied(run("apply", "nd-transport", "--yes")).startswith("Done: 25 added, 0 changed, 0 removed")
    assert run("plan", "nd-transport", "--detailed-exitcode").status == 0
    assert "nothing to do" in applied(run("apply", "nd-transport", "--yes"))
    expected = documents(preset("nd-transport"))
    assert {name: status(run)[name] for name in LISTS} == {name: expected[name] for name in LISTS}

    ran = run("plan", changed, "--detailed-exitcode")
    assert (ran.status, beside_the_warning(ran.err)) == (3, "")
    assert "6 to add, 0 to change, 0 to remove, 25 unchanged" in ran.out
    document = plan(run, changed)
    assert document["counts"] == {"add": 6, "change": 0, "remove": 0, "unchanged": 25}
    assert {change["name"] for change in document["changes"]} == {"nd-transport: exempt DNS"}
    assert run("plan", changed).status == 0

    assert applied(run("apply", changed, "--yes")).startswith("Done: 6 added")
    assert len(status(run)["filters"]) == 26
    assert applied(run("rollback", "--yes")).startswith("Done: 0 added, 0 changed, 6 removed")
    assert {name: status(run)[name] for name in LISTS} == {name: expected[name] for name in LISTS}
    assert applied(run("rollback", "2", "--yes")).startswith("Done: 6 added")
    assert "nothing to do" in applied(run("rollback", "4", "--yes"))
    assert applied(run("remove", "--yes")).startswith("Done: 0 added, 0 changed, 31 removed")
    assert "nothing to do" in applied(run("remove", "--yes"))
    assert status(run)["revision"]["number"] == 5
    assert status(run) | {"state": "", "revision": None} == {
        "backend": "store",
        "place": status(run)["place"],
        "state": "",
        "policy": "",
        "revision": None,
        "pending": None,
        "trial": None,
        "drift": [],
        "provider": None,
        "subLayers": [],
        "providerContexts": [],
        "filters": [],
    }
    revisions = json.loads(run("history", "--json").out)["revisions"]
    assert [(r["number"], r["action"]) for r in revisions] == [
        (5, "remove"),
        (4, "rollback"),
        (3, "rollback"),
        (2, "apply"),
        (1, "apply"),
    ]


def test_another_design_gives_way_and_the_plan_says_so(run: Run):
    run("apply", "nd-transport", "--yes")
    assert "nd-transport is applied now and gives way." in run("plan", "nd-boundary").out
    assert plan(run, "nd-boundary")["replaces"] == "nd-transport"
    run("apply", "nd-boundary", "--yes")
    assert status(run)["policy"] == "nd-boundary"
    assert "Policy   nd-boundary" in run("status").out


def test_a_changed_object_is_told_property_by_property(run: Run, tmp_path: Path):
    run("apply", "nd-transport", "--yes")
    file = tmp_path / "changed.toml"
    file.write_text(run("presets", "show", "nd-transport").out.replace("nd_secure = true", "nd_secure = false"))
    printed = run("plan", file).out
    assert "~ nd-transport: IKE quick mode" in printed
    assert "      Policy flags: IPSEC_POLICY_FLAG_ND_SECURE  ->  none" in printed
    assert {change["action"] for change in plan(run, file)["changes"]} == {"change"}


@pytest.mark.parametrize("words", [("apply", "nd-boundary"), ("remove",), ("rollback",)], ids=" ".join)
def test_without_a_terminal_nothing_is_written_without_yes(words: tuple[str, ...], run: Run):
    run("apply", "nd-transport", "--yes")
    before = status(run)
    ran = run(*words)
    assert ran.status == 2
    assert ran.err.startswith("ndtui: error: nothing was changed")
    assert "--yes" in ran.err
    assert status(run) == before


def test_a_refused_apply_does_not_even_make_the_store(run: Run, tmp_path: Path):
    assert run("apply", "nd-transport", "--store", tmp_path / "sub" / "policy.db").status == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "expected"), [("y\n", 0), ("YES\n", 0), ("n\n", 1), ("\n", 1), ("", 1), ("yep\n", 1)]
)
def test_on_a_terminal_it_asks_with_place_and_counts(answer: str, expected: int, run: Run, monkeypatch, tmp_path: Path):
    monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.is_interactive", lambda: True)
    store = tmp_path / "policy.db"
    ran = run("apply", "nd-transport", "--store", store, stdin=answer.encode())
    assert ran.status == expected
    question = f"Apply nd-transport on store ({store}): 25 to add, 0 to change, 0 to remove? [y/N] "
    said = beside_the_warning(ran.err)
    assert said.startswith(question)
    assert store.exists() == (expected == 0)
    if expected:
        assert said.removeprefix(question) == "ndtui: error: nothing was changed, as you chose\n"


def test_a_store_has_its_own_place(run: Run, tmp_path: Path):
    store = tmp_path / "policy.db"
    run("apply", "nd-transport", "--yes", "--store", store)
    assert status(run)["policy"] == ""
    assert status(run, "--store", store)["policy"] == "nd-transport"
    assert status(run, f"--store={store}")["place"] == str(store)
    assert json.loads(run("--store", store, "status", "--json").out)["policy"] == "nd-transport"


def test_the_memory_backend_forgets(run: Run):
    assert applied(run("apply", "nd-transport", "--yes", "--backend", "memory")).startswith("Done: 25 added")
    assert status(run, "--backend", "memory")["policy"] == ""


def test_going_back_where_there_is_nothing_is_answered_with_no(run: Run):
    assert "nothing to go back to" in run("rollback", "--yes").refusal(status=1)
    run("apply", "nd-transport", "--yes")
    assert "there is no revision 7: choose one from 0 to 1" in run("rollback", "7", "--yes").refusal()
    assert applied(run("rollback", "0", "--yes")).startswith("Done: 0 added, 0 changed, 25 removed; nothing of ours")


def test_a_backend_that_only_reads_is_not_asked_to_write(run: Run, monkeypatch: pytest.MonkeyPatch):
    from ndtui.backends.contract.backend import Capabilities
    from ndtui.backends.memory import MemoryBackend

    monkeypatch.setattr(MemoryBackend, "capabilities", Capabilities(write=False))
    assert "only reads" in run("apply", "nd-transport", "--yes", "--backend", "memory").refusal(status=1)


def test_the_history_of_nothing_says_so(run: Run):
    assert run("history").out == "Nothing was applied yet.\n"
    assert json.loads(run("history", "--json").out) == {"revisions": [], "pending": None}
    run("apply", "nd-transport", "--yes")
    assert "applied" in run("history").out
    assert "+25" in run("history").out

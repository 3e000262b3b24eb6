"""``ndtui plan DESIGN --against DUMP``: what applying would change on a machine, without any backend."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.commands.test_check_machine import theirs
from tests.cli.commands.test_diff_machine import edited, one_asleep, state
from tests.cli.running import Run
from tests.machines import machine_file
from tests.netsh import show_state
from tests.support import preset

ADVICE = "warning: Remote management from hosts without a matching IPsec policy is dropped"


def test_a_machine_that_has_it_needs_nothing(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-domain-member")
    ran = run("plan", "nd-domain-member", "--against", path, "--detailed-exitcode")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        f"Nothing to do: nd-domain-member is applied on {path} (netsh wfp show state), as far as the file tells\n"
    )


def test_a_plan_changes_adds_and_removes_as_a_backend_would(run: Run, tmp_path: Path):
    """A store that held the same objects plans the same changes."""
    store = tmp_path / "policy.db"
    assert run("apply", "nd-boundary", "--store", store, "--yes").status == 0
    held = json.loads(run("plan", "nd-transport", "--store", store, "--json").out)
    path = state(run, tmp_path, "nd-boundary")
    there = json.loads(run("plan", "nd-transport", "--against", path, "--json").out)

    def brief(plan: dict) -> set[tuple[str, str]]:
        return {(each["action"], each["key"]) for each in plan["changes"]}

    assert brief(there) == brief(held)
    assert (there["counts"], there["policy"], there["replaces"]) == (held["counts"], held["policy"], held["replaces"])
    assert there["replaces"] == "nd-boundary"


def test_what_has_drifted_is_put_back(run: Run, tmp_path: Path):
    path = one_asleep(state(run, tmp_path, "nd-transport"), "nd-transport: inbound transport")
    edited(path, "<maxLifetimeSeconds>28800</maxLifetimeSeconds>", "<maxLifetimeSeconds>60</maxLifetimeSeconds>")
    ran = run("plan", "nd-transport", "--against", path, "--detailed-exitcode")
    assert ran.status == 3
    assert ran.out.startswith(f"Plan for nd-transport on {path} (netsh wfp show state)\n")
    assert "  ~ nd-transport: inbound transport\n      Flags: FWPM_FILTER_FLAG_DISABLED  ->  none\n" in ran.out
    assert ", 60 s  ->  " in ran.out
    assert "0 to add, 3 to change, 0 to remove, 22 unchanged\n" in ran.out
    assert ran.err.startswith(ADVICE)
    assert run("plan", "nd-transport", "--against", path).status == 0


def test_what_is_in_the_way_is_named(run: Run, tmp_path: Path):
    path = tmp_path / "wfpstate.xml"
    path.write_text(show_state(preset("nd-transport"), theirs(displayData={"name": "trap"})), encoding="utf-8")
    ran = run("plan", "nd-transport", "--against", path, "--detailed-exitcode")
    assert ran.status == 0
    assert (
        "  warning: 'trap' (filter 67229) at OUTBOUND_TRANSPORT_V4 blocks in the same sublayer, and weighs more"
        in ran.out
    )
    document = json.loads(run("plan", "nd-transport", "--against", path, "--json").out)
    assert [each["id"] for each in document["inTheWay"]] == ["decides-first"]
    assert document["facts"]["filters"] == 20


def test_a_machine_that_has_none_of_it_gets_it_all(run: Run, tmp_path: Path):
    path = machine_file("state-newest", tmp_path)
    document = json.loads(run("plan", "nd-transport", "--against", path, "--json").out)
    assert document["counts"] == {"add": 25, "change": 0, "remove": 0, "unchanged": 0}
    assert document["machine"]["kind"] == "state"


def test_of_another_program_nothing_is_removed(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "ms-sample")
    ours = "489976ae-370f-5c73-9591-b263415d86d2"
    text = edited(path, ours, "0badc0de-0000-4000-9000-000000000009").read_text(encoding="utf-8")
    other_key = re.compile(r"(<(?:filter|providerContext)Key>\{)([0-9a-f])")
    text = other_key.sub(lambda found: f"{found[1]}{(int(found[2], 16) + 1) % 16:x}", text)
    path.write_text(text, encoding="utf-8")
    ran = run("plan", "ms-sample", "--against", path)
    assert " 0 to remove, 0 unchanged\n" in ran.out
    assert "Another program has there what says the same, under keys of its own, which stays beside this: " in ran.out
    document = json.loads(run("plan", "ms-sample", "--against", path, "--json").out)
    assert document["heldByOthers"] == document["counts"]["add"] - 1  # the provider is nobody else's


def test_what_the_file_does_not_tell_is_no_answer(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport", "filters")
    ran = run("plan", "nd-transport", "--against", path, "--detailed-exitcode")
    assert ran.status == 2
    assert "Not compared: 4 provider contexts, which netsh wfp show filters does not list" in ran.out
    assert run("plan", "nd-transport", "--against", path).status == 0
    other = run("plan", "nd-boundary", "--against", path, "--detailed-exitcode")
    assert other.status == 3
    assert "Provider contexts" not in other.out


def test_nothing_is_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = state(run, tmp_path, "nd-transport")
    monkeypatch.setattr("ndtui.backends.registry.open_backend", lambda *_: pytest.fail("a backend was asked"))
    before = sorted(tmp_path.rglob("*"))
    assert run("plan", "nd-boundary", "--against", path).status == 0
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--store", "x.db"), "--against asks no backend, and so no --store"),
        (("--backend", "memory"), "--against asks no backend, and so no --backend"),
        (("-o", "x.json"), "a plan against a file cannot be saved"),
    ],
)
def test_what_only_a_plan_of_a_backend_has_is_refused(run: Run, tmp_path: Path, words: tuple[str, str], said: str):
    path = state(run, tmp_path, "nd-transport")
    assert said in run("plan", "nd-transport", "--against", path, *words).refusal()


@pytest.mark.parametrize("text", ["", "<wfpstate><layers>", "<netEvents/>", "Filtres écrits", "<wfpdiag/><wfpdiag>"])
def test_what_is_no_dump_is_refused_in_a_line(run: Run, tmp_path: Path, text: str):
    path = tmp_path / "dump.xml"
    path.write_text(text, encoding="utf-8")
    assert "dump.xml" in run("plan", "nd-transport", "--against", path).refusal()

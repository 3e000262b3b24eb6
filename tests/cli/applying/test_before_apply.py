"""What is said before a policy is applied: remote management that it drops, and what to do."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Run

SAID = (
    "warning: Remote management from hosts without a matching IPsec policy is dropped: remote desktop (3389), "
    "WinRM (5985), SSH (22), SMB (445). Exempt one of these ports from the addresses that it is managed from, or apply "
    "it to be confirmed in time (--confirm-within), so that it is reverted unless you still get in."
)


@pytest.mark.parametrize("words", [["plan", "nd-transport"], ["apply", "nd-transport", "--yes"]])
def test_a_plan_and_an_apply_say_that_management_is_dropped(run: Run, words: list[str]):
    ran = run(*words)
    assert ran.status == 0
    assert SAID in ran.err.splitlines()


def test_it_is_said_before_the_question(run: Run, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    told: list[str] = []
    monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.is_interactive", lambda: True)
    monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.note", told.append)

    def no(question: str) -> bool:
        asked.extend(told)
        return False

    monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.ask", no)
    assert run("apply", "nd-transport").status == 1
    assert asked == [SAID]


@pytest.mark.parametrize("preset", ["nd-boundary", "nd-domain-member", "nd-subnet"])
def test_nothing_is_said_of_a_policy_that_leaves_a_way_in(run: Run, preset: str):
    assert "Remote management" not in run("plan", preset).err


def test_nothing_is_said_where_nothing_is_done(run: Run):
    assert run("apply", "nd-transport", "--yes").status == 0
    assert "Remote management" not in run("plan", "nd-transport").err
    assert "Remote management" not in run("apply", "nd-transport", "--yes").err


def test_nothing_is_said_that_the_design_accepts(run: Run, tmp_path: Path):
    path = tmp_path / "mine.toml"
    accepted = '[[suppress]]\nid = "management-dropped"\nreason = "there is a console"\n'
    path.write_text(f'name = "mine"\n{accepted}', encoding="utf-8")
    assert "Remote management" not in run("plan", path).err
    assert "unused" not in run("plan", path).err


def test_data_stays_data(run: Run):
    ran = run("plan", "nd-transport", "--json")
    assert json.loads(ran.out)["policy"] == "nd-transport"
    assert SAID in ran.err.splitlines()

"""What is said before a policy is applied: remote management that it drops, and what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.backends.planning import plan_file
from tests.cli.running import Run

SAID = (
    "warning: Remote management from hosts without a matching IPsec policy is dropped: remote desktop (3389), "
    "WinRM (5985), SSH (22), SMB (445). Exempt one of these ports from the addresses that it is managed from, or apply "
    "it to be confirmed in time (--confirm-within), so that it is reverted unless you still get in. "
    "[management-dropped]"
)


@pytest.mark.parametrize("words", [["plan", "nd-transport"], ["apply", "nd-transport", "--yes"]])
def test_a_plan_and_an_apply_say_that_management_is_dropped(run: Run, words: list[str]):
    ran = run(*words)
    assert ran.status == 0
    assert SAID in ran.err.splitlines()


def test_what_is_done_already_is_not_advised(run: Run):
    ran = run("apply", "nd-transport", "--yes", "--confirm-within", "90s")
    (said,) = [line for line in ran.err.splitlines() if "Remote management" in line]
    assert said.endswith(
        "SMB (445). Exempt one of these ports from the addresses that it is managed from. [management-dropped]"
    )
    assert run("confirm").status == 0


def test_it_is_said_before_the_question(run: Run, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    told: list[str] = []
    monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.is_interactive", lambda: True)
    monkeypatch.setattr("ndtui.cli.printing.finding_lines.note", told.append)

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


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "change.json"
    assert run("plan", "nd-transport", "-o", path).status == 0
    return path


def rewritten(path: Path, **members: Any) -> Path:
    """Change members of a saved plan, and give it the right digest."""
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["sha256"]
    document = {name: value for name, value in {**document, **members}.items() if value is not None}
    path.write_text(json.dumps({**document, "sha256": plan_file._digest(document)}), encoding="utf-8")
    return path


def test_a_saved_plan_says_it_as_the_design_does(run: Run, saved: Path):
    ran = run("apply", saved, "--yes")
    assert ran.status == 0
    assert ran.err.splitlines() == [SAID]


def test_a_saved_plan_says_nothing_that_its_design_accepts(run: Run, tmp_path: Path):
    path, saved = tmp_path / "mine.toml", tmp_path / "change.json"
    accepted = '[[suppress]]\nid = "management-dropped"\nreason = "there is a console"\n'
    path.write_text(f'name = "mine"\n{accepted}', encoding="utf-8")
    assert run("plan", path, "-o", saved).status == 0
    ran = run("apply", saved, "--yes")
    assert (ran.status, ran.err) == (0, "")


def test_a_saved_plan_says_nothing_where_nothing_is_done(run: Run, tmp_path: Path):
    assert run("apply", "nd-transport", "--yes").status == 0
    empty = tmp_path / "empty.json"
    assert run("plan", "nd-transport", "-o", empty).status == 0
    ran = run("apply", empty, "--yes")
    assert (ran.status, ran.err) == (0, "")


def test_a_saved_plan_that_says_no_design_is_carried_out_and_said_to_say_none(run: Run, saved: Path):
    ran = run("apply", rewritten(saved, design=None), "--yes")
    assert ran.status == 0
    assert ran.err.splitlines() == [
        f"warning: {saved} does not say of which design it is: ndtui check says what is to be known of that"
    ]


def test_a_saved_plan_with_the_design_of_another_is_refused(run: Run, saved: Path):
    design = json.loads(saved.read_text(encoding="utf-8"))["design"]
    design["rules"][0]["mode"], design["rules"][0]["nd_secure"] = "boundary", False
    refusal = run("apply", rewritten(saved, design=design), "--yes").refusal(1)
    assert "makes other objects than its design 'nd-transport' does: make it again with ndtui plan -o" in refusal
    assert run("status", "--json").out.find("nd-transport") < 0


def test_a_saved_plan_whose_design_is_none_is_refused(run: Run, saved: Path):
    refusal = run("apply", rewritten(saved, design={"name": "x", "rules": 7}), "--yes").refusal()
    assert f"{saved}, design: " in refusal

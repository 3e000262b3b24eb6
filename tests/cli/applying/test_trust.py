"""What makes ``apply`` something to trust: saved plans, a way back that finds itself, trials, drift, and others."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.engine_backend import OURS
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document
from ndtui.model.files import presets
from tests.cli.running import Run, environment, process
from tests.support import documents, preset


def store_of(run: Run) -> Path:
    return Path(json.loads(run("status", "--json").out)["place"])


def status(run: Run, *words: str) -> Document:
    document: Document = json.loads(run("status", "--json", *words).out)
    return document


def eventually(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "change.json"
    assert run("plan", "nd-transport", "-o", str(path)).status == 0
    return path


def test_a_saved_plan_is_carried_out_as_it_is(run: Run, saved: Path):
    ran = run("apply", str(saved), "--yes")
    assert ran.status == 0
    assert "Done: 25 added" in ran.out
    expected = documents(preset("nd-transport"))
    assert status(run)["filters"] == expected["filters"]
    assert status(run)["policy"] == "nd-transport"


def test_of_two_saved_plans_the_second_is_refused_with_both_digests(run: Run, saved: Path, tmp_path: Path):
    other = tmp_path / "other.json"
    run("plan", "nd-boundary", "-o", str(other))
    assert run("apply", str(saved), "--yes").status == 0
    ran = run("apply", str(other), "--yes")
    assert ran.status == 1
    assert json.loads(other.read_text(encoding="utf-8"))["state"] in ran.err
    assert status(run)["state"] in ran.err
    assert "plan again" in ran.err
    assert status(run)["policy"] == "nd-transport"


def test_a_plan_is_not_overwritten_without_leave(run: Run, saved: Path):
    assert "--force" in run("plan", "nd-boundary", "-o", str(saved)).refusal(1)
    assert run("plan", "nd-boundary", "-o", str(saved), "--force").status == 0
    assert json.loads(saved.read_text(encoding="utf-8"))["policy"] == "nd-boundary"


def test_a_plan_that_was_edited_is_refused(run: Run, saved: Path):
    saved.write_text(saved.read_text(encoding="utf-8").replace("0.0.0.0", "1.0.0.0").replace('"add"', '"x"', 1) + " ")
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["changes"] = document["changes"][1:]
    saved.write_text(json.dumps(document), encoding="utf-8")
    assert "was changed after it was made" in run("apply", str(saved), "--yes").refusal(1)
    assert status(run)["filters"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version"),
        ({"changes": 7}, "changes"),
        ({"action": "explode"}, "action"),
        ({"more": 1}, "more"),
        ({"changes": [{"kind": "x", "key": "", "before": None, "after": None}]}, "changes.0.kind"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_a_line(run: Run, saved: Path, change: Document, said: str):
    document = {**json.loads(saved.read_text(encoding="utf-8")), **change}
    saved.write_text(json.dumps(document, indent=2), encoding="utf-8")
    assert said in run("apply", str(saved), "--yes").refusal()


def test_a_plan_broken_off_in_the_middle_is_refused_in_a_line(run: Run, saved: Path):
    saved.write_text(saved.read_text(encoding="utf-8")[:2000], encoding="utf-8")
    assert "no plan" in run("apply", str(saved), "--yes").refusal()


def test_a_plan_is_for_its_own_backend_and_place(run: Run, saved: Path, tmp_path: Path):
    assert "made for the backend store" in run("apply", str(saved), "--backend", "memory", "--yes").refusal()
    other = str(tmp_path / "elsewhere.sqlite3")
    assert "leave --store out" in run("apply", str(saved), "--store", other, "--yes").refusal()
    assert "cannot" not in run("apply", str(saved), "--trial", "--yes").refusal()


def test_a_plan_finds_its_own_store(run: Run, tmp_path: Path):
    store, path = tmp_path / "there.sqlite3", tmp_path / "p.json"
    run("plan", "nd-transport", "--store", str(store), "-o", str(path))
    assert run("apply", str(path), "--yes").status == 0
    assert len(json.loads(run("status", "--store", str(store), "--json").out)["filters"]) == 20


def test_bfes_exemptions_are_shown_with_all_and_vanish_with_the_policy(run: Run):
    assert [f for f in status(run, "--all")["filters"] if f["origin"] == ORIGIN] == []
    run("apply", "nd-transport", "--yes")
    assert len([f for f in status(run, "--all")["filters"] if f["origin"] == ORIGIN]) == 12
    assert "IKE/AuthIP exemption, UDP 4500" in run("status", "--all").out
    assert "exemption, UDP" not in run("status").out
    run("remove", "--yes")
    assert [f for f in status(run, "--all")["filters"] if f["origin"] == ORIGIN] == []


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_every_preset_goes_there_and_back(run: Run, name: str):
    expected = documents(preset(name))["filters"]
    assert run("apply", name, "--yes").status == 0
    assert run("plan", name, "--detailed-exitcode").status == 0
    assert status(run)["filters"] == expected
    assert run("rollback", "--yes").status == 0
    assert status(run)["filters"] == []
    assert run("apply", name, "--yes").status == 0
    assert status(run)["filters"] == expected


def test_drift_is_told_apart_from_what_the_plan_does(run: Run):
    run("apply", "nd-transport", "--yes")
    with closing(BfeEngine(store_of(run)).open()) as session:
        gone = next(f for f in session.enumerate("filter", provider=OURS) if f["origin"] == "exemption:ICMP")
        session.delete("filter", gone["filterKey"])
    ran = run("plan", "nd-transport")
    assert "Drift: changed by others since the last apply" in ran.out
    assert "vanished: nd-transport: exempt ICMP" in ran.out
    document = json.loads(run("plan", "nd-transport", "--json").out)
    assert [(c["action"], c["key"]) for c in document["drift"]] == [("remove", gone["filterKey"])]
    assert [(c["action"], c["key"]) for c in document["changes"]] == [("add", gone["filterKey"])]
    run("apply", "nd-transport", "--yes")
    assert "Drift" not in run("plan", "nd-transport").out


def test_filters_of_others_that_come_before_ours_are_named_and_never_touched(run: Run):
    theirs = {
        "displayData": {"name": "somebody's block"},
        "layerKey": "FWPM_LAYER_INBOUND_TRANSPORT_V4",
        "weight": {"type": "FWP_UINT8", "uint8": 15},
        "action": {"type": "FWP_ACTION_BLOCK", "filterType": None},
    }
    below = {**theirs, "displayData": {"name": "harmless"}, "subLayerKey": "FWPM_SUBLAYER_INSPECTION"}
    with closing(BfeEngine(store_of(run)).open()) as session:
        session.add("filter", theirs)
        session.add("filter", below)
    ran = run("plan", "nd-transport")
    assert "! somebody's block at INBOUND_TRANSPORT_V4, UNIVERSAL: is evaluated before ours" in ran.out
    assert "harmless" not in ran.out
    assert [o["relation"] for o in json.loads(run("plan", "nd-transport", "--json").out)["others"]] == ["outranks"]
    run("apply", "nd-transport", "--yes")
    run("remove", "--yes")
    names = [f["displayData"]["name"] for f in status(run, "--all")["filters"]]
    assert names == ["somebody's block", "harmless"]


def test_what_is_not_confirmed_in_time_is_taken_back(run: Run):
    run("apply", "nd-boundary", "--yes")
    before = status(run)["filters"]
    ran = run("apply", "nd-transport", "--confirm-within", "1s", "--yes")
    assert ran.status == 0
    assert "unless: ndtui confirm" in ran.out
    assert "to be confirmed" in run("status").out
    eventually(lambda: status(run)["pending"] is None)
    assert status(run)["filters"] == before
    assert "reverted: not confirmed" in run("history").out.splitlines()[1]


def test_what_is_confirmed_stays(run: Run):
    run("apply", "nd-transport", "--confirm-within", "2s", "--yes")
    ran = run("confirm")
    assert ran.out.startswith("Confirmed: nd-transport stays on store")
    assert status(run)["pending"] is None
    time.sleep(2.5)
    assert status(run)["policy"] == "nd-transport"
    assert "nothing waits to be confirmed" in run("confirm").refusal(1)


def test_nothing_is_applied_over_what_waits_to_be_confirmed(run: Run):
    run("apply", "nd-transport", "--confirm-within", "1m", "--yes")
    assert "waits to be confirmed" in run("apply", "nd-boundary", "--yes").err
    assert status(run)["policy"] == "nd-transport"
    assert run("rollback", "--yes").status == 0
    assert status(run)["pending"] is None
    assert status(run)["filters"] == []


@pytest.mark.parametrize("time_given", ["0", "x", "25h", "-1s", "1d", "", "99999999999999999999"])
def test_a_time_that_is_none_is_refused(run: Run, time_given: str):
    assert "90s, 5m or 1h" in run("apply", "nd-transport", f"--confirm-within={time_given}", "--yes").refusal()


def test_a_backend_that_cannot_revert_says_so(run: Run):
    words = ("apply", "nd-transport", "--backend", "memory", "--confirm-within", "5s", "--yes")
    assert "cannot revert" in run(*words).refusal(1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process group as only POSIX can")
def test_it_is_taken_back_even_if_the_shell_is_killed(tmp_path: Path):
    store = tmp_path / "store.sqlite3"
    words = f"{sys.executable} -m ndtui apply nd-transport --store {store} --confirm-within 3s --yes; sleep 60"
    with subprocess.Popen(["/bin/sh", "-c", words], env=environment(), start_new_session=True, stdout=-3) as shell:
        eventually(lambda: StoreBackend(store).snapshot().policy == "nd-transport")
        os.killpg(shell.pid, signal.SIGKILL)
    assert StoreBackend(store).snapshot().pending is not None
    eventually(lambda: StoreBackend(store).snapshot().pending is None)
    assert StoreBackend(store).snapshot().objects == ()
    assert [r.action for r in StoreBackend(store).history()] == ["rollback", "apply"]


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Let programs be interrupted: a shell's job in the background ignores that, and so does all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
@pytest.mark.skipif(sys.platform == "win32", reason="sends signals as only POSIX can")
@pytest.mark.parametrize(
    ("end", "status", "said"),
    [
        (signal.SIGINT, 0, b"Taken away again: everything is as before\n"),
        (signal.SIGTERM, 143, b"Taken away again: everything is as before\n"),
        (signal.SIGKILL, -signal.SIGKILL, b""),
    ],
)
def test_a_trial_lasts_as_long_as_its_program(tmp_path: Path, end: signal.Signals, status: int, said: bytes):
    store = tmp_path / "store.sqlite3"
    words = [sys.executable, "-m", "ndtui", "apply", "nd-transport", "--store", str(store), "--trial", "--yes"]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as trial:
        assert trial.stdout is not None
        while b"is held on" not in trial.stdout.readline():
            assert trial.poll() is None
        snapshot = StoreBackend(store).snapshot()
        assert (len(snapshot.of_kind("filter")), snapshot.policy) == (20, "nd-transport")
        trial.send_signal(end)
        assert trial.stdout.read() == said
        assert trial.wait() == status
    assert StoreBackend(store).snapshot().objects == ()
    assert StoreBackend(store).others() == StoreBackend(tmp_path / "new.sqlite3").others()
    assert StoreBackend(store).history() == []
    assert StoreBackend(store).plan(compile_design(preset("nd-transport"))).counts["add"] == 25


def test_a_trial_only_adds(run: Run):
    run("apply", "nd-transport", "--yes")
    assert "a trial only adds" in run("apply", "nd-boundary", "--trial", "--yes").err


def test_a_dynamic_design_is_applied_only_on_trial(run: Run, tmp_path: Path):
    path = tmp_path / "mine.toml"
    text = run("presets", "show", "nd-transport").out.replace('lifetime = "static"', 'lifetime = "dynamic"')
    path.write_text(text, encoding="utf-8")
    if 'lifetime = "dynamic"' not in text:
        path.write_text(f'lifetime = "dynamic"\n{text}', encoding="utf-8")
    assert "use --trial" in run("apply", str(path), "--yes").refusal()


def test_an_early_store_is_refused_in_a_line(tmp_path: Path):
    ran = process("status", "--store", str(tmp_path))
    assert ran.returncode == 2
    assert b"name a file" in ran.stderr

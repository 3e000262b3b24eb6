"""Runs of the script on a small Windows: applied twice, undone, confirmed, refused, and broken off in the middle."""

from copy import deepcopy
from typing import Any

import pytest

from ndtui.model.design.design import Design, change, default_design
from ndtui.model.files import presets
from tests.exporters.powershell.exported import script_of, tree_of
from tests.exporters.powershell.script_machine import ScriptError
from tests.exporters.powershell.script_tree import parsed
from tests.exporters.powershell.small_windows import RULES, SmallWindows

TASK = "ndtui undo "
OLD, NEW = default_design(), change(default_design(), exemptions=())
NAMES = ("nd-transport", "nd-domain-member", "nd-zones", "nd-remote-identity", "nd-guaranteed-encryption")


def applied(design: Design, windows: SmallWindows, action: str = "Apply", **given: Any) -> list[Any]:
    """Run the script of a design; it has to succeed."""
    status, written = windows.run(tree_of(design), Action=action, **given)
    assert status == 0, written
    return written


@pytest.mark.parametrize("name", NAMES)
def test_twice_is_once_and_undone_is_as_before(name: str) -> None:
    design, windows = presets.find(name).load(), SmallWindows()
    before = windows.state()
    applied(design, windows)
    once, changes = windows.state(), windows.changes
    applied(design, windows)
    assert (windows.state(), windows.changes) == (once, changes)
    assert windows.run(tree_of(design), Action="Verify")[0] == 0
    applied(design, windows, "Undo")
    assert windows.state() == before
    applied(design, windows, "Undo")
    assert windows.state() == before


def test_a_new_version_takes_the_place_of_the_old_one_and_undo_goes_back_to_it() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    old = windows.rules()
    applied(OLD, windows, "Confirm")
    applied(NEW, windows)
    new = windows.rules()
    assert not {each["InstanceID"] for each in _all(old)} & {each["InstanceID"] for each in _all(new)}
    assert windows.run(tree_of(OLD), Action="Verify")[0] == 1
    assert windows.run(tree_of(NEW), Action="Verify")[0] == 0
    applied(NEW, windows, "Undo")
    assert windows.rules() == old
    assert windows.run(tree_of(OLD), Action="Verify")[0] == 0


def test_versions_are_undone_one_after_the_other() -> None:
    windows = SmallWindows()
    newest = change(NEW, exemptions=({"name": "GRE", "protocol": 47},))
    states = [windows.state()]
    for design in (OLD, NEW, newest):
        applied(design, windows)
        states.append((windows.rules(), windows.state()))
    for design, (rules, _) in ((newest, states[2]), (NEW, states[1])):
        applied(design, windows, "Undo")
        assert windows.rules() == rules
    applied(OLD, windows, "Undo")
    assert windows.state() == states[0]


def test_an_old_version_applied_again_is_undone_to_what_it_replaced_then() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    applied(NEW, windows)
    new = windows.rules()
    applied(OLD, windows)
    assert windows.run(tree_of(OLD), Action="Verify")[0] == 0
    applied(OLD, windows, "Undo")
    assert windows.rules() == new


def _all(rules: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [each for noun in RULES for each in rules[noun]]


def test_a_rule_that_somebody_has_switched_off_before_stays_off_when_undone() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    rule = next(iter(windows.stores["PersistentStore"]["NetIPsecRule"].values()))
    rule["Enabled"] = "False"
    old = windows.rules()
    applied(NEW, windows)
    applied(NEW, windows, "Undo")
    assert windows.rules() == old


def test_confirmed_is_kept_and_what_was_before_is_gone() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    applied(NEW, windows, ConfirmWithin=10)
    assert list(windows.tasks) == [f"{TASK}{NEW.id}"]
    applied(NEW, windows, "Confirm")
    assert not windows.tasks
    alone = SmallWindows()
    applied(NEW, alone)
    assert windows.state()[0] == alone.state()[0]
    assert windows.rules() == alone.rules()


def test_what_is_not_confirmed_is_undone_by_a_task_that_runs_a_copy_of_the_script() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    old = windows.state()
    written = applied(NEW, windows, ConfirmWithin=10)
    assert "will be undone unless confirmed with -Action Confirm, at the latest at 2026-01-02 03:14:00" in written
    (task,) = windows.tasks.values()
    copy = rf"C:\Program Files\ndtui\{NEW.id}.ps1"
    assert windows.files[copy] == windows.files[r"C:\Users\Operator\policy.ps1"]
    assert task["Action"]["Argument"] == (
        f'-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{copy}" -Action Undo -PolicyStore PersistentStore'
    )
    assert task["Principal"] == {"UserId": "SYSTEM", "LogonType": "ServiceAccount", "RunLevel": "Highest"}
    assert task["Settings"]["StartWhenAvailable"]
    assert "not confirmed yet: a task will undo it" in windows.run(tree_of(NEW))[1]
    applied(NEW, windows, "Undo")
    assert windows.state()[0] == old[0]
    assert not windows.tasks
    assert copy not in windows.files


@pytest.mark.parametrize("name", ["nd-transport", "nd-zones"])
def test_broken_off_anywhere_it_is_as_before(name: str) -> None:
    design = presets.find(name).load()
    whole = SmallWindows()
    applied(change(design, exemptions=()), whole)
    before = whole.changes
    applied(design, whole)
    for after in range(whole.changes - before):
        windows = SmallWindows()
        applied(change(design, exemptions=()), windows)
        then = windows.rules(), windows.stores["PersistentStore"].keys()
        windows.fail_after = windows.changes + after
        with pytest.raises(ScriptError):
            windows.run(tree_of(design), Action="Apply", ConfirmWithin=5)
        assert (windows.rules(), windows.stores["PersistentStore"].keys()) == then
        assert not windows.tasks


def test_applied_again_what_fails_leaves_in_force_what_was() -> None:
    """A run of every night mends what somebody has removed; where it cannot, the rest of the policy stays."""
    windows = SmallWindows()
    applied(OLD, windows)
    rules = windows.stores["PersistentStore"]["NetIPsecRule"]
    del rules[next(name for name, rule in rules.items() if rule["InboundSecurity"] == "None")]
    kept = windows.rules()
    windows.fail_after = windows.changes
    with pytest.raises(ScriptError):
        windows.run(tree_of(OLD), Action="Apply")
    assert windows.rules() == kept
    applied(OLD, windows)
    assert windows.run(tree_of(OLD), Action="Verify")[0] == 0


@pytest.mark.parametrize("action", ["Apply", "Confirm", "Verify", "Undo", "Status"])
def test_a_store_that_does_not_answer_is_not_taken_for_an_empty_one(action: str) -> None:
    """Otherwise Undo would remove nothing, forget what to go back to, and say that all is well."""
    windows = SmallWindows()
    store = r"corp.example\IPsec"
    applied(OLD, windows, PolicyStore=store)
    before = windows.state()
    windows.silent = store
    with pytest.raises(ScriptError, match="cannot be contacted"):
        windows.run(tree_of(OLD), Action=action, PolicyStore=store)
    assert windows.state() == before


def test_nothing_is_in_force_before_everything_is_there() -> None:
    """A rule is made switched off, and switched on when all are made; exemptions before what protects."""
    windows = SmallWindows()
    applied(presets.find("nd-domain-member").load(), windows)
    done = [(name, said) for name, said in windows.calls if name.startswith(("New-Net", "Set-Net"))]
    last_made = max(place for place, (name, _) in enumerate(done) if name.startswith("New-Net"))
    first_set = min(place for place, (name, _) in enumerate(done) if name.startswith("Set-Net"))
    assert last_made < first_set
    assert all(said["Enabled"] == "False" for name, said in done if name.startswith("New-") and name.endswith("Rule"))
    order = [
        windows.stores["PersistentStore"]["NetIPsecRule"][said["IPsecRuleName"]]["InboundSecurity"]
        for name, said in done
        if name == "Set-NetIPsecRule"
    ]
    assert order == ["None"] * 7 + ["Require"]


def test_what_cannot_be_undone_keeps_nothing_else_from_it() -> None:
    """The task that brings a machine back runs once: it has to do as much as it can."""
    windows = SmallWindows()
    applied(OLD, windows)
    old = windows.rules()
    applied(NEW, windows)
    mine = [each["InstanceID"] for each in _all(windows.rules())]
    for stuck in mine:
        trial = deepcopy(windows)
        trial.stuck = {stuck}
        status, written = trial.run(tree_of(NEW), Action="Undo")
        assert status == 1
        assert written[0] == f"not removed: {stuck}"
        assert written[-1] == "some of it is still in force: run -Action Undo again"
        left = [each["InstanceID"] for each in _all(trial.rules())]
        assert sorted(left) == sorted([stuck, *(each["InstanceID"] for each in _all(old))])
        trial.stuck = set()
        applied(NEW, trial, "Undo")
        assert trial.rules() == old
        assert not [each for each in trial.files if str(NEW.id) in each and each.endswith(".ps1")]


def test_a_rule_that_cannot_be_switched_on_again_is_named() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    first = _all(windows.rules())[0]["InstanceID"]
    applied(NEW, windows)
    windows.stuck = {first}
    assert f"not switched on again: {first}" in applied(NEW, windows, "Undo")
    assert first not in {each["InstanceID"] for each in _all(windows.rules())}
    assert _all(windows.rules())


def test_undone_in_the_other_order() -> None:
    """What holds something up goes before what lets something through."""
    windows = SmallWindows()
    design = presets.find("nd-remote-identity").load()
    applied(design, windows)
    store = windows.stores["PersistentStore"]
    held = {name: rule["InboundSecurity"] for name, rule in store["NetIPsecRule"].items()}
    held |= {name: rule["Action"] for name, rule in store["NetFirewallRule"].items()}
    applied(design, windows, "Undo")
    gone = [said for name, said in windows.calls if name in ("Remove-NetIPsecRule", "Remove-NetFirewallRule")]
    order = [held[said.get("Name") or said["IPsecRuleName"]] for said in gone]
    assert order == ["Block", "Allow", "Require", "None", "None"]


def test_whatif_changes_nothing() -> None:
    windows = SmallWindows()
    before = windows.state()
    for action in ("Apply", "Confirm", "Undo"):
        root = tree_of(NEW)
        status, written = windows.run(root, Action=action, ConfirmWithin=5, WhatIfPreference=True)
        assert (status, written) == (0, [] if action == "Undo" else ["nothing was changed"])
        assert windows.state() == before
    assert [name for name, said in windows.calls if name.startswith("New-Net") and said.get("WhatIf")]


def test_another_store_has_it_of_its_own() -> None:
    windows = SmallWindows()
    store = r"corp.example\Firewall: all machines"
    applied(OLD, windows, PolicyStore=store)
    assert not windows.stores.get("PersistentStore")
    assert windows.rules(store)["NetIPsecRule"]
    applied(OLD, windows)
    applied(OLD, windows, "Undo", PolicyStore=store)
    assert not any(windows.stores[store].values())
    assert windows.rules()["NetIPsecRule"]


def _refused(windows: SmallWindows, design: Design = OLD, **given: Any) -> str:
    before = windows.state()
    status, written = windows.run(tree_of(design), Action="Apply", **given)
    assert status == 1
    assert windows.state() == before
    assert written.pop() == "nothing was changed"
    return "\n".join(written)


def test_what_is_in_the_way_is_said_before_anything_is_changed() -> None:
    windows = SmallWindows()
    windows.services["IKEEXT"]["StartType"] = "Disabled"
    assert _refused(windows) == "the service IKEEXT is disabled: Set-Service -StartupType Manual"
    windows = SmallWindows()
    windows.services["MpsSvc"]["Status"] = "Stopped"
    assert _refused(windows) == "the service MpsSvc does not run: Start-Service"
    windows = SmallWindows()
    windows.profiles[2]["AllowLocalIPsecRules"] = "False"
    assert _refused(windows) == "group policy lets no local IPsec rules in: profile Public"
    windows = SmallWindows()
    windows.profiles[0]["Enabled"] = "False"
    assert _refused(windows) == "Windows Firewall is off, and rules do nothing: profile Domain"


def test_local_obstacles_do_not_count_for_a_group_policy_object() -> None:
    windows = SmallWindows()
    windows.profiles[2]["AllowLocalIPsecRules"] = "False"
    windows.services["IKEEXT"]["StartType"] = "Disabled"
    applied(OLD, windows, PolicyStore=r"corp.example\IPsec")


def test_a_default_that_lets_everything_in_is_refused_where_something_has_to_be_secure() -> None:
    windows = SmallWindows()
    windows.profiles[0]["DefaultInboundAction"] = "Allow"
    applied(OLD, windows)
    guarded = presets.find("nd-guaranteed-encryption").load()
    windows = SmallWindows()
    windows.profiles[0]["DefaultInboundAction"] = "Allow"
    assert _refused(windows, guarded) == "what is not secure would be let in by default: profile Domain"


def test_a_task_works_in_local_stores_alone() -> None:
    refusal = _refused(SmallWindows(), ConfirmWithin=5, PolicyStore=r"corp.example\IPsec")
    assert refusal == "the task that undoes it works in a local store: leave -ConfirmWithin out"


def test_a_task_needs_a_file_to_run() -> None:
    """Ansible and others hand over a text: there is nothing that a task could run a copy of."""
    refusal = _refused(SmallWindows(), ConfirmWithin=5, PSCommandPath="")
    assert refusal == (
        "the task that undoes it runs a copy of this script: run it from a file, or leave -ConfirmWithin out"
    )
    applied(OLD, SmallWindows(), PSCommandPath="")


def test_the_copy_itself_may_be_run() -> None:
    windows = SmallWindows()
    applied(NEW, windows, ConfirmWithin=10)
    copy = rf"C:\Program Files\ndtui\{NEW.id}.ps1"
    applied(NEW, windows, ConfirmWithin=10, PSCommandPath=copy)
    assert copy in windows.files
    assert not [said for name, said in windows.calls if name == "Copy-Item" and said["LiteralPath"] == copy]
    applied(NEW, windows, "Confirm", PSCommandPath=copy)
    assert copy not in windows.files


def test_rules_of_group_policy_are_named() -> None:
    windows = SmallWindows()
    windows.stores["RSOP"] = {"NetIPsecRule": {"x": {"InstanceID": "x", "DisplayName": "Isolation", "Group": ""}}}
    written = applied(OLD, windows)
    assert "group policy has an IPsec rule, which may have the same traffic: Isolation" in written


def test_verify_says_what_differs() -> None:
    windows = SmallWindows()
    assert windows.run(tree_of(OLD), Action="Verify")[0] == 1
    applied(OLD, windows)
    store = windows.stores["PersistentStore"]
    protecting = next(each for each in store["NetIPsecRule"].values() if each["InboundSecurity"] == "Require")
    for field, value, word in (
        ("Enabled", "False", "switched off"),
        ("InboundSecurity", "Request", "another InboundSecurity"),
        ("KeyModule", "IKEv1", "another KeyModule"),
        ("Phase1AuthSet", "{other}", "another Phase1AuthSet"),
        ("PrimaryStatus", "Error", "in error"),
    ):
        kept = protecting[field]
        protecting[field] = value
        status, written = windows.run(tree_of(OLD), Action="Verify")
        assert (status, written) == (1, [f"{word}: NetIPsecRule ndtui nd-transport: base"])
        protecting[field] = kept
    store["NetIPsecMainModeRule"].clear()
    assert windows.run(tree_of(OLD), Action="Verify") == (
        1,
        ["missing: NetIPsecMainModeRule ndtui nd-transport: base"],
    )


def test_a_damaged_record_is_none() -> None:
    windows = SmallWindows()
    applied(OLD, windows)
    for lines in ([], ["something else"]):
        (record,) = (each for each in windows.files if each.endswith(".txt"))
        windows.files[record] = lines
        applied(OLD, windows)
        assert windows.run(tree_of(OLD), Action="Verify")[0] == 0
    applied(OLD, windows, "Undo")
    assert not any(windows.stores["PersistentStore"].values())


def test_a_key_is_read_from_the_environment() -> None:
    keyed = Design.model_validate(
        {
            "name": "keyed",
            "keying_modules": ["IKE"],
            "main_mode": {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:SITE.KEY"}]},
        }
    )
    windows = SmallWindows()
    assert _refused(windows, keyed) == "the environment has no SITE.KEY, where the pre-shared key is"
    windows.environment["SITE.KEY"] = "it's a secret"
    applied(keyed, windows)
    (auth,) = windows.stores["PersistentStore"]["NetIPsecPhase1AuthSet"].values()
    assert auth["Proposal"] == {"Machine": True, "PreSharedKey": "it's a secret"} or auth["Proposal"] == [
        {"Machine": True, "PreSharedKey": "it's a secret"}
    ]
    windows.environment.pop("SITE.KEY")
    applied(keyed, windows, "Undo")
    assert not any(windows.stores["PersistentStore"].values())


def test_icmp_by_the_host_is_added_to_what_the_host_leaves_out_and_goes_when_undone() -> None:
    root = parsed(script_of(OLD, host_icmp="yes"))
    for now, then in (("NeighborDiscovery, Dhcp", "NeighborDiscovery, Dhcp, Icmp"), ("None", "Icmp"), ("Icmp", "Icmp")):
        windows = SmallWindows()
        windows.exemptions = now
        before = windows.state()
        assert windows.run(root, Action="Verify")[0] == 1
        assert windows.run(root, Action="Apply")[0] == 0
        assert windows.exemptions == then
        assert [rule["OutboundSecurity"] for rule in windows.rules()["NetIPsecRule"]] == ["Request"]
        changes = windows.changes
        assert windows.run(root, Action="Apply")[0] == 0
        assert windows.changes == changes
        assert windows.run(root, Action="Verify")[0] == 0
        windows.exemptions = "NeighborDiscovery"
        assert windows.run(root, Action="Verify") == (1, ["the host does not leave ICMP out"])
        assert windows.run(root, Action="Undo")[0] == 0
        assert windows.state() == before


def test_where_the_store_does_not_say_what_the_host_leaves_out_nothing_is_added() -> None:
    windows = SmallWindows()
    windows.exemptions = "NotConfigured"
    status, written = windows.run(
        parsed(script_of(OLD, host_icmp="yes")), Action="Apply", PolicyStore=r"corp.example\IPsec"
    )
    assert (status, written[0]) == (1, "this store does not say what the host leaves out: set -Exemptions there first")
    assert windows.exemptions == "NotConfigured"


def test_only_all_of_icmp_is_the_host_s() -> None:
    for fields in ({"remote_addresses": ["10.0.0.1"]}, {"profiles": ["domain"]}, {"families": ["V4"]}):
        some = change(OLD, exemptions=({"name": "some", "protocol": "icmp", **fields},))
        assert script_of(some, host_icmp="yes") == script_of(some)
    alone = change(OLD, families=("V4",), exemptions=({"name": "all", "protocol": "icmp", "families": ["V4"]},))
    assert "Set-NetFirewallSetting" in script_of(alone, host_icmp="yes")
    assert "Set-NetFirewallSetting" not in script_of(alone)

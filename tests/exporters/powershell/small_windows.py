"""A small Windows: the policy store of its firewall, its services, files and tasks, as the script's cmdlets find them.

It refuses what the documents say that Windows refuses: a name that is there already, a set that is not in the store of
the rule that names it, a set that is removed while a rule names it. Its cmdlets are functions of modules, which do not
see $ErrorActionPreference of a script: where -ErrorAction does not say Stop, an error is noted, and the script goes on.
Source: https://github.com/PowerShell/PowerShell/issues/24389.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.exporters.powershell.script_machine import ScriptError, ScriptMachine
from tests.exporters.powershell.script_tree import Node

SETS = {
    "MainModeCryptoSet": "NetIPsecMainModeCryptoSet",
    "Phase1AuthSet": "NetIPsecPhase1AuthSet",
    "Phase2AuthSet": "NetIPsecPhase2AuthSet",
    "QuickModeCryptoSet": "NetIPsecQuickModeCryptoSet",
}
RULES = ("NetIPsecMainModeRule", "NetIPsecRule", "NetFirewallRule")
_PROPOSALS = ("NetIPsecAuthProposal", "NetIPsecMainModeCryptoProposal", "NetIPsecQuickModeCryptoProposal")
_MADE = ("NetFirewallProfile", "NetFirewallSetting")


def is_of_a_module(name: str) -> bool:
    """Tell whether a cmdlet is a function of NetSecurity or of ScheduledTasks."""
    return name.partition("-")[2].startswith(("Net", "ScheduledTask"))


class SmallWindows:
    """One machine. ``fail_after`` is how many changes succeed before one fails; ``None`` for all of them.

    ``silent`` is the store that does not answer, ``stuck`` are the names of what cannot be changed, and ``errors`` what
    failed without ending anything.
    """

    def __init__(self) -> None:
        self.silent = ""
        self.stuck: set[str] = set()
        self.errors: list[str] = []
        self.stores: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
        self.files: dict[str, list[str]] = {r"C:\Users\Operator\policy.ps1": ["the script"]}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.services = {name: {"Status": "Running", "StartType": "Automatic"} for name in ("BFE", "MpsSvc")}
        self.services |= {name: {"Status": "Stopped", "StartType": "Manual"} for name in ("IKEEXT", "PolicyAgent")}
        self.profiles = [
            {
                "Name": name,
                "Enabled": "True",
                "AllowLocalIPsecRules": "NotConfigured",
                "DefaultInboundAction": "NotConfigured",
            }
            for name in ("Domain", "Private", "Public")
        ]
        self.environment = {"ProgramFiles": r"C:\Program Files"}
        self.exemptions = "NeighborDiscovery, Dhcp"
        self.changes = 0
        self.fail_after: int | None = None
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def run(self, root: Node, **given: Any) -> tuple[int, list[Any]]:
        """Run a script with these parameters; returns its exit status and what it wrote."""
        return ScriptMachine(root, self.cmdlet, self.environment, **given).run()

    def state(self) -> Any:
        """Return the contents of all stores, files and tasks."""
        kept = {store: {noun: own for noun, own in nouns.items() if own} for store, nouns in self.stores.items()}
        stores = {store: nouns for store, nouns in kept.items() if nouns}
        return deepcopy((stores, self.files, self.tasks, self.exemptions))

    def rules(self, store: str = "PersistentStore") -> dict[str, list[dict[str, Any]]]:
        """Return the rules that are switched on, by noun."""
        found = self.stores.get(store, {})
        return {noun: [each for each in found.get(noun, {}).values() if each["Enabled"] == "True"] for noun in RULES}

    def cmdlet(self, name: str, said: dict[str, Any]) -> list[Any]:
        """Do what a cmdlet does; returns what it puts out."""
        self.calls.append((name, said))
        try:
            return self._done(name, said)
        except ScriptError as error:
            if said.get("ErrorAction") == "Stop" or not is_of_a_module(name):
                raise
            self.errors.append(str(error))
            return []

    def _done(self, name: str, said: dict[str, Any]) -> list[Any]:
        verb, _, noun = name.partition("-")
        if said.get("PolicyStore") == self.silent != "":
            raise ScriptError("the domain cannot be contacted")
        if noun in _PROPOSALS:
            return [{key: value for key, value in said.items() if key != "ErrorAction"}]
        if noun in _MADE and verb == "Get":
            return self.profiles if noun == "NetFirewallProfile" else [{"Exemptions": self.exemptions}]
        if name == "Set-NetFirewallSetting":
            if not said["WhatIf"]:
                self._changed()
                self.exemptions = said["Exemptions"]
            return []
        if noun in (*SETS.values(), *RULES):
            return self._policy(verb, noun, said)
        return getattr(self, f"_{name.replace('-', '_').lower()}")(said) or []

    # -- the firewall ------------------------------------------------------------------------------------------------

    def _policy(self, verb: str, noun: str, said: dict[str, Any]) -> list[Any]:
        store = self.stores.setdefault(said["PolicyStore"], {})
        own = store.setdefault(noun, {})
        name = said.get("IPsecRuleName" if noun == "NetIPsecRule" else "Name")
        if verb == "Get":
            found = [own[name]] if name in own else []
            if name is None:
                found = [each for each in own.values() if "Group" not in said or each["Group"] == said["Group"]]
            if not found:
                raise ScriptError(f"no {noun} {name}")
            return [dict(each) for each in found]
        if said.get("WhatIf"):
            return []
        if name in self.stuck:
            raise ScriptError("the process cannot access the object")
        self._changed()
        if verb == "New":
            return self._new(store, noun, name, said)
        if name not in own:
            raise ScriptError(f"no {noun} {name}")
        if verb == "Set":
            own[name] = {**own[name], **{key: said[key] for key in said if key in own[name]}}
            return []
        self._remove(store, noun, name)
        return []

    def _changed(self) -> None:
        if self.fail_after is not None and self.changes >= self.fail_after:
            self.fail_after = None  # what undoes it succeeds
            raise ScriptError("the parameter is incorrect")
        self.changes += 1

    def _new(self, store: Any, noun: str, name: str, said: dict[str, Any]) -> list[Any]:
        if name in store[noun]:
            raise ScriptError(f"{noun} {name} exists already")
        for parameter, kind in SETS.items():
            if parameter in said and said[parameter] not in store.get(kind, {}):
                raise ScriptError(f"{noun} {name}: no {kind} {said[parameter]} in this store")
        if noun in SETS.values() and not said["Proposal"]:
            raise ScriptError(f"{noun} {name}: no proposals")
        made = {key: value for key, value in said.items() if key not in ("PolicyStore", "WhatIf", "ErrorAction")}
        store[noun][name] = {**made, "InstanceID": name, "PrimaryStatus": "OK"}
        return [dict(store[noun][name])]

    def _remove(self, store: Any, noun: str, name: str) -> None:
        for parameter, kind in SETS.items():
            users = [rule for rules in RULES for rule in store.get(rules, {}).values()]
            if kind == noun and any(each.get(parameter) == name for each in users):
                raise ScriptError(f"{noun} {name} is in use")
        del store[noun][name]

    # -- everything else -----------------------------------------------------------------------------------------------

    def _set_strictmode(self, said: dict[str, Any]) -> None:
        assert said == {"Version": 3.0}

    def _get_service(self, said: dict[str, Any]) -> list[Any]:
        return [{"Name": name, **self.services[name]} for name in said["Name"] if name in self.services]

    def _join_path(self, said: dict[str, Any]) -> list[str]:
        return [f"{said['Path']}\\{said['ChildPath']}"]

    def _test_path(self, said: dict[str, Any]) -> list[bool]:
        return [said["LiteralPath"] in self.files]

    def _get_content(self, said: dict[str, Any]) -> list[str]:
        return list(self.files[said["LiteralPath"]])

    def _set_content(self, said: dict[str, Any]) -> None:
        if not said["WhatIf"]:
            value = said["Value"]
            self.files[said["LiteralPath"]] = list(value) if isinstance(value, list) else [value]

    def _new_item(self, said: dict[str, Any]) -> list[Any]:
        assert said["ItemType"] == "Directory"
        return [said["Path"]]

    def _remove_item(self, said: dict[str, Any]) -> None:
        if not said["WhatIf"]:
            del self.files[said["LiteralPath"]]

    def _copy_item(self, said: dict[str, Any]) -> None:
        if not said["WhatIf"]:
            self.files[said["Destination"]] = self.files[said["LiteralPath"]]

    def _get_date(self, said: dict[str, Any]) -> list[datetime]:
        assert not said
        return [datetime(2026, 1, 2, 3, 4)]

    def _new_timespan(self, said: dict[str, Any]) -> list[timedelta]:
        return [timedelta(minutes=said["Minutes"])]

    def _new_scheduledtaskaction(self, said: dict[str, Any]) -> list[Any]:
        return [{key: value for key, value in said.items() if key != "ErrorAction"}]

    _new_scheduledtasktrigger = _new_scheduledtaskprincipal = _new_scheduledtasksettingsset = _new_scheduledtaskaction

    def _register_scheduledtask(self, said: dict[str, Any]) -> list[Any]:
        self._changed()
        self.tasks[said["TaskName"]] = said
        return [said]

    def _get_scheduledtask(self, said: dict[str, Any]) -> list[Any]:
        return [self.tasks[said["TaskName"]]] if said["TaskName"] in self.tasks else []

    def _unregister_scheduledtask(self, said: dict[str, Any]) -> None:
        assert said["Confirm"] is False
        del self.tasks[said["TaskName"]]

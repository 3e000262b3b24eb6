"""Rules from filters: each group of a dump's filters back into the rule that it came from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ndtui.analysis.dump import DumpContext, DumpFilter
from ndtui.analysis.reconstruct.known_filters import ENCRYPTED, IDENTITY, identities, is_callout
from ndtui.analysis.reconstruct.negotiations_from_contexts import Asked, KeyingPolicies, Negotiated
from ndtui.analysis.reconstruct.policies_from_contexts import Plain
from ndtui.analysis.reconstruct.rule_groups import Group
from ndtui.analysis.reconstruct.traffic_from_filters import NotReconstructedError, traffic_of
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.design.rule import Rule
from ndtui.model.design.scope import Scope
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import MODES, ND_SECURE, PERSIST, CalloutRow, Mode
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT, Family, stem_of

_PERSIST = number_of(PERSIST)
_PROTECTING = tuple(mode for mode in MODES.values() if mode.protects)
_SCENARIO_FLAGS = (ND_SECURE, *(flag for mode in MODES.values() for flag in mode.flags))


class RuleReconstruction:
    """Makes rules of groups; ``missing`` collects what no rule can say."""

    def __init__(
        self,
        groups: Sequence[Group],
        contexts: Mapping[str, DumpContext],
        families: tuple[Family, ...],
        anybodys: Sequence[DumpFilter],
    ) -> None:
        """Take the groups, and the filters that lead to what negotiates of which nobody knows whose they are."""
        self._groups = groups
        self._families = families
        self._policies = KeyingPolicies(contexts, anybodys)
        self._missing: list[str] = []

    @property
    def missing(self) -> list[str]:
        """What no rule can say, and no negotiation."""
        return [*self._missing, *self._policies.missing]

    def rules(self) -> tuple[list[Rule], dict[str, Any]]:
        """Return the rules, and the fields of a design that say what it negotiates."""
        found: list[tuple[Plain, Negotiated]] = []
        earlier: list[DumpFilter] = []
        for group in self._groups:
            found.append(self._draft(group, earlier))
            earlier += group.policies
        common = self._common(found)
        rules = []
        for fields, negotiated in found:
            if negotiated.said and negotiated.said != common:
                fields["negotiation"] = negotiated.said
            if "users" in fields and "extended_mode" not in (negotiated.said or common):
                del fields["users"]
                self._missing.append(
                    f"rule {fields['name']}: who the user is, which its policy has no extended mode for"
                )
            try:
                rules.append(Rule.model_validate(fields))
            except ValidationError as error:
                self._missing.append(f"rule {fields['name']}: {reason_of(error)}")
        return rules, common

    def _common(self, found: Iterable[tuple[Plain, Negotiated]]) -> dict[str, Any]:
        """Return what most rules negotiate; with extended mode, where a rule asks for users and says nothing itself."""
        drafts = list(found)
        said = [negotiated.said for _, negotiated in drafts if negotiated.said]
        if not any("users" in fields and not negotiated.said for fields, negotiated in drafts):
            return _most_common(said)
        extended = [each for each in said if "extended_mode" in each]
        if extended or not said:
            return _most_common(extended)
        self._missing.append("extended mode: a rule asks who the user is, and no policy says how that is told")
        return {**said[0], "keying_modules": ["IKE", "AuthIP"], "extended_mode": {}}

    def _draft(self, group: Group, earlier: Sequence[DumpFilter]) -> tuple[Plain, Negotiated]:
        """Return the fields of a rule without its negotiation, and that."""
        scope, reach = self._scope(group)
        weights = {(each.weight_type, each.weight) for each in (*group.filters, *group.policies)}
        weight = next(iter(weights)) if len(weights) == 1 else ("FWP_EMPTY", None)
        fields: dict[str, Any] = {"name": group.name, "scope": scope}
        if weight[0] == "FWP_UINT8":
            fields["weight_range"] = weight[1]
        said = _Said(group)
        fields.update(said.additions())
        modes = said.modes()
        negotiated = Negotiated({})
        if any(mode.protects for mode in modes):
            name = group.name if len(self._groups) > 1 else ""
            asked = Asked(name, scope, reach, weight, modes, "users" in fields)
            negotiated = self._policies.negotiated(asked, group.policies, earlier)
        mode = _mode(modes, negotiated.flags)
        fields["mode"] = mode.id
        fields["nd_secure"] = ND_SECURE in negotiated.flags and not mode.flags
        fields["ale_persist_context"] = mode.requires_at_accept and said.persists
        self._name_flags(negotiated, mode)
        return fields, negotiated

    def _scope(self, group: Group) -> tuple[Scope, tuple[Family, ...]]:
        """Return the scope of a group; all unicast traffic where it is more than a scope can say."""
        try:
            said, _ = traffic_of(group.filters, Scope, IDENTITY) if group.filters else ({}, ())
            scope = Scope.model_validate({**said, "either_port": group.either_port})
        except NotReconstructedError as error:
            self._missing.append(f"rule {group.name}: {error}")
        except ValidationError as error:
            self._missing.append(f"rule {group.name}: {reason_of(error)}")
        else:
            return scope, scope.reach(self._families)
        return Scope(), self._families

    def _name_flags(self, negotiated: Negotiated, mode: Mode) -> None:
        flags = negotiated.flags
        self._missing += [f"quick mode: {flag}" for flag in flags if flag not in _SCENARIO_FLAGS]
        if "quick_mode" in negotiated.said:
            lacking = [flag for flag in mode.flags if flag not in flags]
            self._missing += [f"quick mode: without {flag}, which {mode.id} mode has" for flag in lacking]


def _most_common(said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return max(said, key=said.count, default={})  # the first of those that are as common


class _Said:
    """What the callouts of a group say of its rule."""

    def __init__(self, group: Group) -> None:
        callouts = [each for each in group.filters if is_callout(each)]
        self._at = {
            stem: [each for each in callouts if stem_of(each.layer) == stem]
            for stem in (*dict.fromkeys(stem for mode in _PROTECTING for stem in mode.stems), ALE_AUTH_CONNECT)
        }
        accepting = self._at[ALE_AUTH_RECV_ACCEPT]
        asking = (*accepting, *self._at[ALE_AUTH_CONNECT])
        self._encrypted = any(each.raw_context == ENCRYPTED for each in asking)
        self._identities = {key: text for each in accepting for key, text in identities(each).items()}

    @property
    def _adds(self) -> bool:
        return self._encrypted or bool(self._identities)

    @property
    def persists(self) -> bool:
        """Whether its filters at accept have the raw context of Microsoft's sample."""
        return {each.raw_context for each in self._at[ALE_AUTH_RECV_ACCEPT]} == {_PERSIST}

    def additions(self) -> dict[str, str]:
        """Return what a rule has beside its mode."""
        found = {"encryption": "guaranteed"} if self._encrypted else {}
        for name, field in (("machines", MACHINE), ("users", USER)):
            if field in self._identities:
                found[name] = self._identities[field]
        return found

    def modes(self) -> list[Mode]:
        """Return the modes that there may be, the one that demands most last.

        It has callouts at just the layers where there are any, and just their raw contexts; where none has those, it
        is one of those at these layers. What lets in only who may connect, or only what is encrypted, stands for the
        mode's own filter at accept, so that this filter tells nothing then.
        """
        rows = {
            mode: [row for row in mode.callouts if not (self._adds and row.stem == ALE_AUTH_RECV_ACCEPT)]
            for mode in _PROTECTING
        }
        known = {row.stem for each in rows.values() for row in each}
        there = {stem: {each.raw_context for each in self._at[stem]} for stem in known}
        present = {stem for stem, contexts in there.items() if contexts}
        if self._adds and not present:
            return [MODES["inherit"]]
        possible = [mode for mode in _PROTECTING if present <= {row.stem for row in rows[mode]}]
        fewest = min(len(rows[mode]) for mode in possible)
        nearest = [mode for mode in possible if len(rows[mode]) == fewest]
        return [mode for mode in nearest if all(there[row.stem] == {_number(row)} for row in rows[mode])] or nearest


def _number(row: CalloutRow) -> int:
    """Return the raw context of a callout as a number."""
    return number_of(row.raw_context) if row.raw_context else 0


def _mode(modes: Sequence[Mode], flags: Sequence[str]) -> Mode:
    """Return which of some modes it is, by the flags of its quick mode."""
    flagged = [mode for mode in modes if mode.flags and set(mode.flags) <= set(flags)]
    plain = [mode for mode in modes if not mode.flags]
    return (flagged or plain or modes)[-1]

"""Reconstruct: the IPsec policy that a dump holds, back into the Design it could have been compiled from.

Policies of this program are known by their provider; anybody else's by the IPsec callouts and keying policy of
Microsoft's scenario pages. The result is compiled again and held against the dump, so that whatever does not come out
the same is named. No object carries a description, a comment, or what is switched off: those are not missed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ndtui.analysis.dump import Dump, DumpContext, DumpFilter
from ndtui.analysis.reconstruct.exemptions_from_filters import Permit, reconstruct_exemptions
from ndtui.analysis.reconstruct.policies_from_contexts import PolicyReconstruction, policy_of
from ndtui.model.compiled.compile import HAS_CONTEXT, PERMIT, PROVIDER_KEY, compile_design
from ndtui.model.compiled.objects import Filter
from ndtui.model.design.design import Design, change
from ndtui.model.design.ipsec_policy import KEYING_MODULES, KeyingModule
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import MODES, ND_SECURE, PERSIST, CalloutRow, Scenario
from ndtui.model.vocabulary import number_of, short_name
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    IKEEXT,
    IPSEC,
    family_of,
    stem_of,
)
from ndtui.model.vocabulary.sublayers import UNIVERSAL

OURS = f"{{{PROVIDER_KEY}}}"
_KEYING = (IKEEXT, IPSEC)
_CALLOUTS = {row.stem: row.callout for mode in MODES.values() for row in mode.callouts}
_LABELS = (
    *(f"{module} {mode} mode" for module in KEYING_MODULES for mode in ("main", "quick")),
    *dict.fromkeys(row.label for mode in MODES.values() for row in mode.callouts),
)
_PERSIST = number_of(PERSIST)
_SCENARIO_FLAGS = (ND_SECURE, *(flag for mode in MODES.values() for flag in mode.flags))


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """What was reconstructed: a design, if there is a policy that makes one, and what of the policy is not in it."""

    design: Design | None
    missing: tuple[str, ...]


def reconstruct(dump: Dump, *, name: str | None = None, known: Iterable[Design] = ()) -> Reconstruction:
    """Return the policy of a dump as a design, under the name it has there or another.

    ``known`` are designs that it may be: one that compiles to just the objects of the dump is taken as it is, with its
    description and comments.
    """
    ours = [each for each in dump.filters if each.provider.lower() == OURS]
    filters = ours or _of_a_scenario(dump)
    if not filters:
        return Reconstruction(
            None, ("there is no IPsec policy: no keying policy and no IPsec callout of the scenarios",)
        )
    reconstructor = _Reconstructor(dump, filters, ours=bool(ours))
    try:
        design = reconstructor.design()
    except ValidationError as error:
        return Reconstruction(None, (*reconstructor.missing, reason_of(error)))
    missing = [*reconstructor.missing, *_differences(design, dump, filters)]
    if ours and not missing:
        same = next((each for each in known if _makes_the_same(each, design, dump, filters)), None)
        if same is not None:
            return Reconstruction(same if name is None else change(same, name=name), ())
    if ours and not missing and _foreign_keys(design, filters):
        missing.append("id: the design had one of its own, which is in no object; this one has that of its name")
    return Reconstruction(design if name is None else change(design, name=name), tuple(dict.fromkeys(missing)))


def _of_a_scenario(dump: Dump) -> list[DumpFilter]:
    """Return the filters of somebody's IPsec policy: keying policy, IPsec callouts, and permits beside the callouts."""
    found = [each for each in dump.filters if _is_keying(each) or _is_callout(each)]
    places = {(each.layer, each.sublayer, each.provider) for each in found if _is_callout(each)}
    permits = (each for each in dump.filters if each.action == PERMIT and not _is_keying(each))
    beside = [each for each in permits if (each.layer, each.sublayer, each.provider) in places and _is_unicast(each)]
    return [*found, *beside]


def _is_keying(each: DumpFilter) -> bool:
    return stem_of(each.layer) in _KEYING and bool(each.provider_context_key)


def _is_callout(each: DumpFilter) -> bool:
    return each.callout.startswith(_CALLOUTS.get(stem_of(each.layer), " "))


def _is_unicast(each: DumpFilter) -> bool:
    return any(c.field == "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE" and c.text == "unicast" for c in each.conditions)


class _Reconstructor:
    """Makes a design of the filters of one policy."""

    def __init__(self, dump: Dump, filters: Sequence[DumpFilter], *, ours: bool) -> None:
        self._dump = dump
        self._filters = filters
        self._ours = ours
        self._contexts = {each.key: each for each in dump.provider_contexts}
        self.missing: list[str] = []

    def design(self) -> Design:
        """Return the design.

        Raises:
            ValidationError: what the filters say does not hold together.
        """
        name = self._name()
        present = {family_of(each.layer) for each in self._filters}
        families = tuple(family for family in FAMILIES if family in present)
        keying = self._keying()
        scenario, persist = self._scenario(keying.pop("flags"))
        nd_secure = keying.pop("nd_secure") and not MODES[scenario].flags
        rule = {"mode": scenario, "nd_secure": nd_secure, "ale_persist_context": persist}
        fields: dict[str, Any] = {
            "name": name,
            "families": families,
            "lifetime": "persistent" if self._is_persistent() else "static",
            "sublayer": self._sublayer(),
            "rules": [rule],
            **keying,
        }
        exemptions, missing = reconstruct_exemptions(self._permits(name), scenario, families)
        self.missing += missing
        return Design.model_validate({**fields, "exemptions": exemptions})

    def _name(self) -> str:
        if self._ours:
            for each in self._filters:
                for label in _LABELS:
                    if each.name.endswith(f": {label}"):
                        return each.name.removesuffix(f": {label}")
        return "reconstructed"

    def _is_persistent(self) -> bool:
        return any("FWPM_FILTER_FLAG_PERSISTENT" in each.flags for each in self._filters)

    def _sublayer(self) -> dict[str, Any]:
        used = Counter(each.sublayer for each in self._filters).most_common()
        key = used[0][0]
        if len(used) > 1:
            self.missing.append(f"sublayer: the policy is spread over {', '.join(short_name(k) for k, _ in used)}")
        if key in (UNIVERSAL, ""):
            return {"kind": "universal"}
        for sublayer in self._dump.sublayers:
            if sublayer.key == key:
                return {"kind": "own", "weight": sublayer.weight}
        self.missing.append(f"sublayer: the dump does not list {key}, so that its weight is not known")
        return {"kind": "universal"}

    def _permits(self, name: str) -> Iterator[Permit]:
        for each in self._filters:
            if each.action == PERMIT and not _is_keying(each) and stem_of(each.layer) not in _KEYING:
                exempted = each.name.removeprefix(f"{name}: exempt ") if self._ours else each.name
                yield Permit(exempted or "unnamed", each)

    def _keying(self) -> dict[str, Any]:
        """Return keying modules, main mode, quick mode with its flags, and extended mode, as far as they are told."""
        main: dict[KeyingModule, DumpContext] = {}
        quick: dict[KeyingModule, DumpContext] = {}
        for each in self._filters:
            if _is_keying(each):
                context = self._contexts.get(each.provider_context_key)
                if context is None:
                    self.missing.append(f"policy of {each.name}: the dump does not list its provider context")
                    continue
                modes = quick if "_QM_" in context.type else main
                modes.setdefault("AuthIP" if "AUTHIP" in context.type else "IKE", context)
        for mode, other, what in ((main, quick, "main"), (quick, main, "quick")):
            for module in other.keys() - mode.keys():
                self.missing.append(f"{what} mode of {module}: the dump has none")
        modules = tuple(module for module in KEYING_MODULES if module in main or module in quick)
        return {**({"keying_modules": modules} if modules else {}), **self._modes(main, quick)}

    def _modes(self, main: dict[KeyingModule, DumpContext], quick: dict[KeyingModule, DumpContext]) -> dict[str, Any]:
        policies = PolicyReconstruction()
        found: dict[str, Any] = {"flags": []}
        main_mode: dict[str, Any] = {}
        for module, context in main.items():
            methods, proposals = policies.main_mode(policy_of(context.policy), f"main mode of {module}")
            main_mode[f"{module.lower()}_authentication"] = methods
            if main_mode.setdefault("proposals", proposals) != proposals:
                policies.missing.append(f"main mode of {module}: its proposals differ from the other module's")
        for module, context in quick.items():
            mode, flags, extended = policies.quick_mode(policy_of(context.policy), f"quick mode of {module}")
            if found.setdefault("quick_mode", mode) != mode or found.setdefault("all_flags", flags) != flags:
                policies.missing.append(f"quick mode of {module}: it differs from the other module's")
            found["flags"] = flags
            if extended is not None:
                found["extended_mode"] = extended
        found.pop("all_flags", None)
        if main_mode:
            found["main_mode"] = main_mode
        self.missing += policies.missing
        return found | {"nd_secure": ND_SECURE in found["flags"]}

    def _scenario(self, flags: Sequence[str]) -> tuple[Scenario, bool]:
        """Return the scenario, and whether its ALE filters have the raw context of Microsoft's sample.

        It is the one with callouts at just the layers where there are any, and with just their raw contexts; where
        none has those, the one that demands most.
        """
        there = {
            stem: {f.raw_context for f in self._filters if _is_callout(f) and stem_of(f.layer) == stem}
            for stem in _CALLOUTS
        }
        present = {stem for stem, contexts in there.items() if contexts}
        possible = [mode for mode in MODES.values() if present <= set(mode.stems)]
        fewest = min(len(mode.stems) for mode in possible)
        nearest = [mode for mode in possible if len(mode.stems) == fewest]
        alike = [mode for mode in nearest if all(there[row.stem] == {_number(row)} for row in mode.callouts)]
        found = (alike or nearest)[-1]
        self.missing += [f"quick mode: {flag}" for flag in flags if flag not in _SCENARIO_FLAGS]
        self.missing += [
            f"quick mode: without {flag}, which {found.id} mode has" for flag in found.flags if flag not in flags
        ]
        return found.id, found.requires_at_accept and there[ALE_AUTH_RECV_ACCEPT] == {_PERSIST}


def _number(row: CalloutRow) -> int:
    """Return the raw context of a callout as a number."""
    return number_of(row.raw_context) if row.raw_context else 0


def _makes_the_same(known: Design, reconstructed: Design, dump: Dump, filters: Sequence[DumpFilter]) -> bool:
    """Tell whether a design compiles to the very objects another one was reconstructed from."""
    if _foreign_keys(known, filters) or _differences(known, dump, filters):
        return False
    one, other = compile_design(known), compile_design(reconstructed)
    return [(c.type, c.policy, c.flags) for c in one.contexts] == [
        (c.type, c.policy, c.flags) for c in other.contexts
    ] and [s.weight for s in one.sublayers] == [s.weight for s in other.sublayers]


def _foreign_keys(design: Design, filters: Sequence[DumpFilter]) -> bool:
    """Tell whether the filters have other keys than the design would give them."""
    return {f"{{{each.key}}}" for each in compile_design(design).filters} != {each.key.lower() for each in filters}


def _differences(design: Design, dump: Dump, filters: Sequence[DumpFilter]) -> list[str]:
    """Return what a design compiles to and the dump lacks, and the reverse, a line for each."""
    made = {_sense(each): each for each in compile_design(design).filters}
    types = {context.key: context.type for context in dump.provider_contexts}
    there = {_sense_there(each, types): each for each in filters}
    return [
        *(f"filter {each.name} at {short_name(each.layer)}" for sense, each in there.items() if sense not in made),
        *(f"the dump lacks {f.name} at {short_name(f.layer)}" for sense, f in made.items() if sense not in there),
    ]


def _sense(each: Filter) -> tuple[object, ...]:
    """Return what a filter means, without its names and keys."""
    slot = each.slot
    what = "context" if slot.context is not None else slot.raw_context
    own = "universal" if slot.sublayer == UNIVERSAL else "own"
    flags = frozenset(slot.flags) - {HAS_CONTEXT}
    return (
        slot.layer,
        slot.action,
        slot.callout,
        what,
        slot.weight,
        own,
        flags,
        frozenset(each.conditions),
        _mode(each),
    )


def _mode(each: Filter) -> str:
    return each.origin.name if each.slot.role == "policy" else ""


def _sense_there(each: DumpFilter, types: dict[str, str]) -> tuple[object, ...]:
    what = "context" if each.provider_context_key else each.raw_context
    own = "universal" if each.sublayer in (UNIVERSAL, "") else "own"
    flags = frozenset(each.flags) - {HAS_CONTEXT, "FWPM_FILTER_FLAG_INDEXED"}
    conditions = frozenset(each.parsed) if each.parsed is not None else frozenset((each.key,))
    kind = types.get(each.provider_context_key, "")
    mode = ("AuthIP" if "AUTHIP" in kind else "IKE") if _is_keying(each) else ""
    weight = (each.weight_type, each.weight)
    return (each.layer, each.action, each.callout, what, weight, own, flags, conditions, mode)

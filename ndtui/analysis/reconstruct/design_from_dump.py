"""Reconstruct: the IPsec policy that a dump holds, back into the Design it could have been compiled from.

Policies of this program are known by their provider, and their rules by the names of their filters; anybody else's by
the IPsec callouts and keying policy of Microsoft's scenario pages, where callouts for the same traffic are a rule. The
result is compiled again and held against the dump, so that whatever does not come out the same is named. No object
carries a description, a comment, or what is switched off: those are not missed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pydantic import ValidationError

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.analysis.reconstruct.before_bfe_from_filters import blocked_directions, permits_before_bfe, policy_of
from ndtui.analysis.reconstruct.exemptions_from_filters import BeforeBfe, Permit, reconstruct_exemptions
from ndtui.analysis.reconstruct.known_filters import (
    conditions_of,
    is_before_bfe,
    is_keying,
    is_permit,
    of_a_scenario,
    ours_of,
)
from ndtui.analysis.reconstruct.rule_groups import Group, groups_by_name, groups_by_traffic, policy_name
from ndtui.analysis.reconstruct.rules_from_filters import RuleReconstruction
from ndtui.model.compiled.boot_filters import BLOCKED_AT
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.filter_values import HAS_CONTEXT
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.design.design import Design, change
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.files.design_file import reason_of
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import FAMILIES, Family, family_of
from ndtui.model.vocabulary.sublayers import UNIVERSAL


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
    ours = ours_of(dump)
    filters = ours or of_a_scenario(dump)
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


class _Reconstructor:
    """Makes a design of the filters of one policy."""

    def __init__(self, dump: Dump, filters: Sequence[DumpFilter], *, ours: bool) -> None:
        self._dump = dump
        self._filters = [each for each in filters if not is_before_bfe(each)]
        self._boot = [each for each in filters if is_before_bfe(each)]
        self._ours = ours
        self._contexts = {each.key: each for each in dump.provider_contexts}
        self.missing: list[str] = []

    def design(self) -> Design:
        """Return the design.

        Raises:
            ValidationError: what the filters say does not hold together.
        """
        called = policy_of(self._boot) or policy_name(self._filters, self._dump) if self._ours else None
        name = called or "reconstructed"
        present = {family_of(each.layer) for each in (*self._filters, *self._lasting_boot())}
        families = tuple(family for family in FAMILIES if family in present)
        for each in self._filters:
            if is_keying(each) and each.provider_context_key not in self._contexts:
                self.missing.append(f"policy of {each.name}: the dump does not list its provider context")
        rules, negotiation = self._rules(name, families)
        fields: dict[str, Any] = {
            "name": name,
            "families": families,
            "lifetime": "persistent" if self._is_persistent() else "static",
            "before_bfe": blocked_directions(self._lasting_boot()),
            "sublayer": self._sublayer(),
            "rules": rules,
            **negotiation,
        }
        protected = frozenset(chain.from_iterable(rule.stems for rule in rules))
        early = self._lasting_boot()
        blocked = [BLOCKED_AT[each] for each in blocked_directions(early)]
        boot = BeforeBfe(blocked, permits_before_bfe(early, name))
        exemptions, missing = reconstruct_exemptions(self._permits(name), protected, families, boot)
        self.missing += missing
        return Design.model_validate({**fields, "exemptions": exemptions})

    def _rules(self, name: str, families: tuple[Family, ...]) -> tuple[list[Rule], dict[str, Any]]:
        """Return the rules, and what the design says of their negotiation."""
        anybodys: list[DumpFilter] = []
        if self._ours:
            groups = groups_by_name(self._filters, name, self._contexts)
        else:
            groups = groups_by_traffic(self._filters) or [Group(BASE)]
            anybodys = [each for each in self._filters if is_keying(each)]
        reconstruction = RuleReconstruction(groups, self._contexts, families, anybodys)
        rules, negotiation = reconstruction.rules()
        self.missing += reconstruction.missing
        return rules, negotiation

    def _is_persistent(self) -> bool:
        return any("FWPM_FILTER_FLAG_PERSISTENT" in each.flags for each in self._filters)

    def _lasting_boot(self) -> list[DumpFilter]:
        """Return the filters until BFE is up; none where the rest of the policy is not persistent, as no design is."""
        return self._boot if self._is_persistent() else []

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
            if is_permit(each):
                exempted = each.name.removeprefix(f"{name}: exempt ") if self._ours else each.name
                yield Permit(exempted or "unnamed", each)


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
    filterset = compile_design(design)
    made = {_sense(each, filterset): each for each in filterset.filters}
    types = {context.key: context.type for context in dump.provider_contexts}
    there = {_sense_there(each, types): each for each in filters}
    return [
        *(f"filter {each.name} at {short_name(each.layer)}" for sense, each in there.items() if sense not in made),
        *(f"the dump lacks {f.name} at {short_name(f.layer)}" for sense, f in made.items() if sense not in there),
    ]


def _sense(each: Filter, filterset: FilterSet) -> tuple[object, ...]:
    """Return what a filter means, without its names and keys."""
    slot = each.slot
    what = slot.raw_context if slot.context is None else filterset.contexts_by_key[slot.context].type
    own = "universal" if slot.sublayer == UNIVERSAL else "own"
    flags = frozenset(slot.flags) - {HAS_CONTEXT}
    return (slot.layer, slot.action, slot.callout, what, slot.weight, own, flags, frozenset(each.conditions))


def _sense_there(each: DumpFilter, types: dict[str, str]) -> tuple[object, ...]:
    what = types.get(each.provider_context_key, "") if each.provider_context_key else each.raw_context
    own = "universal" if each.sublayer in (UNIVERSAL, "") else "own"
    flags = frozenset(each.flags) - {HAS_CONTEXT, "FWPM_FILTER_FLAG_INDEXED"}
    conditions = conditions_of(each)
    asked = frozenset((each.key,)) if conditions is None else conditions
    return (each.layer, each.action, each.callout, what, (each.weight_type, each.weight), own, flags, asked)

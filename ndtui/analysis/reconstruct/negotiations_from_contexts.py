"""Negotiations from contexts: what each rule of a dump negotiates, by the filters that lead to its policy.

Rules that say the same have one filter between them, so that a rule without one of its own has the policy of an earlier
one for the same traffic.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple, TypeVar

from ndtui.analysis.dump import DumpContext, DumpFilter
from ndtui.analysis.reconstruct.known_filters import conditions_of
from ndtui.analysis.reconstruct.policies_from_contexts import MainModeParts, Plain, PolicyReconstruction, policy_of
from ndtui.model.compiled.objects import Condition, module_of
from ndtui.model.compiled.rule_filters import scope_filters
from ndtui.model.design.ipsec_policy import COMBINED_CIPHERS, MAIN_MODE_FLAGS, QUICK_MODE_FLAGS
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES, Mode
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, Family, layer_name, stem_of

_T = TypeVar("_T")
_MODE_FLAGS = frozenset(flag for mode in MODES.values() for flag in mode.flags)


class Negotiated(NamedTuple):
    """What a rule negotiates, as plain data, and the flags of its quick mode; empty as far as nothing tells."""

    said: Plain
    flags: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A rule whose negotiation is looked for: what it is called, its traffic, and the modes that it may have.

    ``users``: whether it asks who the user is, which extended mode alone tells.
    """

    name: str
    scope: Scope
    families: tuple[Family, ...]
    weight: tuple[str, int | None]
    modes: Sequence[Mode]
    users: bool


class _Quick(NamedTuple):
    """What a quick mode context holds."""

    mode: Plain
    flags: list[str]
    extended: Plain | None


class KeyingPolicies:
    """Reads the policies that the filters of a dump lead to; ``missing`` collects what a design cannot hold."""

    def __init__(self, contexts: Mapping[str, DumpContext], anybodys: Sequence[DumpFilter]) -> None:
        """Take the contexts of a dump, and the filters that lead to policy of which nobody knows whose they are."""
        self._contexts = contexts
        self._anybodys = anybodys
        self._reading = PolicyReconstruction()
        self._main: dict[str, MainModeParts] = {}
        self._quick: dict[str, _Quick] = {}
        self._disagreed: list[str] = []

    @property
    def missing(self) -> list[str]:
        """What a design cannot hold."""
        return [*self._reading.missing, *self._disagreed]

    def negotiated(self, asked: Asked, own: Sequence[DumpFilter], earlier: Sequence[DumpFilter]) -> Negotiated:
        """Return what a rule negotiates; ``own`` are its filters at the IKEEXT and IPSEC layers.

        ``earlier`` are those of earlier rules, which may stand for it too.
        """
        main: dict[KeyingModule, list[MainModeParts]] = {}
        quick: dict[KeyingModule, list[_Quick]] = {}
        owning = {module for each in own for module in self._module(each)}
        for module in KEYING_MODULES:
            main[module] = [self._main_of(each) for each in self._options(asked, module, IKEEXT, own, earlier)]
            quick[module] = [self._quick_of(each) for each in self._options(asked, module, IPSEC, own, earlier)]
        if asked.users:
            quick["AuthIP"] = sorted(quick["AuthIP"], key=lambda each: each.extended is None)
        suiting = {m: [each for each in quick[m] if _suits(each.flags, asked.modes)] for m in KEYING_MODULES}
        return self._agreed(asked, owning, main, suiting if any(suiting.values()) else quick)

    def _module(self, each: DumpFilter) -> tuple[KeyingModule, ...]:
        context = self._contexts.get(each.provider_context_key)
        return () if context is None else (module_of(context.type),)

    def _options(
        self,
        asked: Asked,
        module: KeyingModule,
        stem: str,
        own: Sequence[DumpFilter],
        earlier: Sequence[DumpFilter],
    ) -> list[DumpContext]:
        """Return the contexts of a keying module that a rule may have at a layer: its own, or what others stand for."""
        mine = [each for each in own if stem_of(each.layer) == stem and module in self._module(each)]
        if mine:
            return [self._contexts[each.provider_context_key] for each in mine]
        places: list[list[str]] = []
        for family in asked.families:
            layer = layer_name(stem, family)
            known = [each for each in earlier if each.layer == layer and module in self._module(each)]
            loose = [each for each in self._anybodys if each.layer == layer and module in self._module(each)]
            for _, conditions in scope_filters(asked.scope, family, layer):
                places.append(
                    [each.provider_context_key for each in known if _stands_for(each, conditions, asked.weight)]
                    or _leading(loose, frozenset(conditions), asked.weight)
                )
        everywhere = [key for key in places[0] if all(key in place for place in places)] if places else []
        return [self._contexts[key] for key in dict.fromkeys(everywhere)]

    def _main_of(self, context: DumpContext) -> MainModeParts:
        if context.key not in self._main:
            self._main[context.key] = self._reading.main_mode(policy_of(context.policy), _where(context))
        return self._main[context.key]

    def _quick_of(self, context: DumpContext) -> _Quick:
        if context.key not in self._quick:
            self._quick[context.key] = _Quick(*self._reading.quick_mode(policy_of(context.policy), _where(context)))
        return self._quick[context.key]

    def _agreed(
        self,
        asked: Asked,
        owning: set[KeyingModule],
        main: Mapping[KeyingModule, Sequence[MainModeParts]],
        quick: Mapping[KeyingModule, Sequence[_Quick]],
    ) -> Negotiated:
        """Return what fits together: of each module a main mode and a quick mode, which share what a design has once.

        That is what it says besides methods, proposals and flags: how long an association lives without traffic.
        """
        modes = _different(_shared(each) for module in KEYING_MODULES for each in quick[module]) or [{}]
        for users, second in product((asked.users, False), modes):
            quicks = {module: [each for each in quick[module] if _shared(each) == second] for module in KEYING_MODULES}
            whole = {module for module in KEYING_MODULES if main[module] and quicks[module]}
            told = "AuthIP" in whole and quicks["AuthIP"][0].extended is not None
            if whole and owning <= whole and (told or not users):
                self._disagreed += _uneven(asked, whole, main, quicks)
                return _negotiated(whole, main, quicks)
        self._disagreed += self._differing(asked, main, quick)
        return _negotiated(owning, main, quick)

    def _differing(
        self,
        asked: Asked,
        main: Mapping[KeyingModule, Sequence[MainModeParts]],
        quick: Mapping[KeyingModule, Sequence[_Quick]],
    ) -> list[str]:
        """Return why the modules of a rule do not fit together."""
        of = f"rule {asked.name}: " if asked.name else ""
        found = []
        first: dict[str, Plain] = {}
        for module in KEYING_MODULES:
            for what, has, other in (("main", main[module], quick[module]), ("quick", quick[module], main[module])):
                if other and not has:
                    found.append(f"{of}{what} mode of {module}: the dump has none")
            if quick[module] and _shared(quick[module][0]) != first.setdefault("mode", _shared(quick[module][0])):
                found.append(f"{of}quick mode of {module}: it differs from another module's")
        return found


def _shared(quick: _Quick) -> Plain:
    """Return what a quick mode says that a design says once for all keying modules: its times, and a rule's mode."""
    times = {name: value for name, value in quick.mode.items() if name != "proposals"}
    return {**times, "mode": [flag for flag in quick.flags if flag not in QUICK_MODE_FLAGS]}


def _where(context: DumpContext) -> str:
    return f"{'quick' if '_QM_' in context.type else 'main'} mode of {module_of(context.type)}"


def _stands_for(each: DumpFilter, conditions: Iterable[Condition], weight: tuple[str, int | None]) -> bool:
    return conditions_of(each) == frozenset(conditions) and (each.weight_type, each.weight) == weight


def _leading(
    filters: Iterable[DumpFilter], conditions: frozenset[Condition], weight: tuple[str, int | None]
) -> list[str]:
    """Return the contexts that filters lead to just such traffic; where none does, those for all traffic."""
    known = [(conditions_of(each), each) for each in filters]
    alike = [each for asked, each in known if asked == conditions]
    exact = [each for each in alike if (each.weight_type, each.weight) == weight]
    return [each.provider_context_key for each in exact or alike or [each for asked, each in known if not asked]]


def _suits(flags: Sequence[str], modes: Sequence[Mode]) -> bool:
    return any(set(mode.flags) == _MODE_FLAGS & set(flags) for mode in modes)


def _different(values: Iterable[_T]) -> list[_T]:
    found: list[_T] = []
    for each in values:
        if each not in found:
            found.append(each)
    return found


def _negotiated(
    modules: Iterable[KeyingModule],
    main: Mapping[KeyingModule, Sequence[MainModeParts]],
    quick: Mapping[KeyingModule, Sequence[_Quick]],
) -> Negotiated:
    chosen = [module for module in KEYING_MODULES if module in modules]
    if not chosen:
        return Negotiated({})
    said: dict[str, Any] = {"keying_modules": chosen}
    flags: list[str] = []
    for module in chosen:
        prefix = module.lower()
        for first in main[module][:1]:
            mode = said.setdefault("main_mode", {})
            mode[f"{prefix}_authentication"] = first.methods
            if not any(each["cipher"] in COMBINED_CIPHERS for each in first.proposals):  # those are IKEv2's own
                mode.setdefault("proposals", first.proposals)
            if first.proposals != mode.get("proposals"):
                mode[f"{prefix}_proposals"] = first.proposals
            _add(mode, first.flags)
            mode.update(first.more)
        for second in quick[module][:1]:
            mode = said.setdefault("quick_mode", dict(second.mode))
            if second.mode["proposals"] != mode["proposals"]:
                mode[f"{prefix}_proposals"] = second.mode["proposals"]
            _add(mode, [flag for flag in second.flags if flag in QUICK_MODE_FLAGS])
            flags += [flag for flag in second.flags if flag not in QUICK_MODE_FLAGS and flag not in flags]
            if second.extended is not None:
                said["extended_mode"] = second.extended
    return Negotiated(said, tuple(flags))


def _uneven(
    asked: Asked,
    modules: Iterable[KeyingModule],
    main: Mapping[KeyingModule, Sequence[MainModeParts]],
    quick: Mapping[KeyingModule, Sequence[_Quick]],
) -> list[str]:
    """Return the flags that not all keying modules have which act on them: a design gives them to all."""
    chosen = [module for module in KEYING_MODULES if module in modules]
    found = []
    for known, of in (
        (MAIN_MODE_FLAGS, {module: main[module][0].flags for module in chosen}),
        (QUICK_MODE_FLAGS, {module: quick[module][0].flags for module in chosen}),
    ):
        for flag, acting in known.items():
            having = [module for module in chosen if flag in of[module]]
            lacking = [module for module in chosen if module in acting and module not in having]
            if having and lacking:
                name = f"rule {asked.name}: " if asked.name else ""
                found.append(f"{name}{flag}, which {lacking[0]} does not have and {having[0]} has")
    return found


def _add(mode: Plain, flags: Iterable[str]) -> None:
    """Add the flags of a keying module to those of a mode."""
    known = mode.get("flags", [])
    added = [*known, *(flag for flag in flags if flag not in known)]
    if added:
        mode["flags"] = added

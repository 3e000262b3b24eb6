"""Decision sections: what was decided, rule by rule and exemption by exemption, and what is negotiated in full."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from ndtui.analysis.wording.negotiation_words import (
    criteria_words,
    flag_title,
    main_mode_proposal_words,
    method_words,
    quick_mode_proposal_words,
)
from ndtui.analysis.wording.phrases import condition_words
from ndtui.common.duration import duration_words
from ndtui.exporters.report.report_parts import Cell, Said, Section, Table, some
from ndtui.model.compiled.rule_filters import scope_conditions
from ndtui.model.design.access_list import words_of
from ndtui.model.design.authentication import SIDES, AuthenticationMethod
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.exemption_phrase import phrase_of, texts_of
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name

_T = TypeVar("_T")

_IMPERSONATED = {
    "IKEEXT_IMPERSONATION_NONE": "nobody: the machine's credentials",
    "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL": "who opened the socket",
}


def decisions(design: Design) -> Section:
    """Return what holds for the design as a whole."""
    rows: list[tuple[Cell, ...]] = [
        *_scenario(design),
        ("keying modules", ", ".join(design.keying_modules)),
        ("address families", ", ".join(design.families)),
        *_nd_secure(design),
        ("extended mode", "yes" if design.extended_mode else "no"),
        ("lifetime", design.lifetime),
    ]
    if design.before_bfe:
        rows.append(("blocked before BFE is up", ", ".join(design.before_bfe)))
    weight = design.sublayer.weight
    rows.append(("sublayer", "universal" if weight is None else f"own, weight {weight}"))
    if design.windows is not None:
        rows.append(("meant for", str(design.windows)))
    if design.peers:
        rows.append(("its peers have", ", ".join(map(str, design.peers))))
    rows.append(("identity", Said(str(design.id), "code")))
    return Section("decisions", "Decisions", (Table(("decision", "value"), rows),))


def is_scenario(design: Design) -> bool:
    """Tell whether a design is one of the scenarios as it stands: one rule, for all unicast traffic."""
    rule = design.rules[0]
    return len(design.rules) == 1 and rule == Rule(
        mode=rule.mode,
        nd_secure=rule.nd_secure,
        ale_persist_context=rule.ale_persist_context,
        comment=rule.comment,
    )


def _scenario(design: Design) -> Iterator[tuple[Cell, ...]]:
    if is_scenario(design):
        yield "scenario", design.rules[0].mode


def _nd_secure(design: Design) -> Iterator[tuple[Cell, ...]]:
    if is_scenario(design):
        yield "ND_SECURE", "yes" if design.rules[0].nd_secure else "no"


_RULE_HEAD = (
    "rule",
    "mode",
    "ND_SECURE",
    "traffic",
    "encryption",
    "who may connect",
    "weight",
    "negotiates",
    "comment",
)


def rules(design: Design) -> Section:
    """Return every rule, those that are off too."""
    rows = [_rule(rule, design) for rule in design.rules]
    modes = {MODES[rule.mode].title: MODES[rule.mode] for rule in design.rules}
    meanings: list[tuple[Cell, ...]] = [(mode.id, mode.text) for mode in modes.values()]
    return Section("rules", "Rules", (Table(_RULE_HEAD, rows), Table(("mode", "what it does"), meanings)))


def _rule(rule: Rule, design: Design) -> tuple[Cell, ...]:
    who = (f"{whose}: {words_of(sddl)}" for whose, sddl in (("machines", rule.machines), ("users", rule.users)) if sddl)
    protects = MODES[rule.mode].protects
    return (
        rule.name if rule.enabled else f"{rule.name} (off)",
        rule.mode,
        ("yes" if rule.nd_secure else "no") if protects else "",
        _traffic(rule.scope, design),
        rule.encryption,
        "; ".join(who) or "everybody",
        "automatic" if rule.weight_range is None else f"range 0x{rule.weight_range:X}",
        ("as the design" if rule.negotiation is None else "by itself") if protects else "as other rules",
        " ".join(rule.comment.split()),
    )


def _traffic(scope: Scope, design: Design) -> str:
    """Return what a rule's filters match, of both families together."""
    families = scope.reach(design.families)
    conditions = dict.fromkeys(chain.from_iterable(scope_conditions(scope, family) for family in families))
    words = ", ".join(condition_words(tuple(conditions))) or "all unicast traffic"
    return f"{words}, one of both being enough" if scope.either_port else words


def exemptions(design: Design) -> Section:
    """Return everything that is left out of IPsec, and why."""
    rows = [_exemption(each, design) for each in design.exemptions]
    head = ("exemption", "traffic", "address families", "layers", "comment")
    return Section("exemptions", "Exemptions", (some(head, rows, "None: nothing is left out of IPsec."),))


def _exemption(each: Exemption, design: Design) -> tuple[Cell, ...]:
    name = each.name if each.enabled else f"{each.name} (off)"
    return (
        f"{name}, before BFE is up too" if each.before_bfe else name,
        _left_out(each),
        ", ".join(each.reach(design.families)),
        ", ".join(map(short_name, each.stems)),
        " ".join(each.comment.split()),
    )


def _left_out(each: Exemption) -> str:
    """Return the traffic of an exemption as its line in the designer says it, with room between addresses."""
    phrase = phrase_of({**texts_of(each), "program": ""}).replace(",", ", ")
    program = f"of the program {each.program}" if each.program else ""
    return " ".join(filter(None, (phrase, program))) or "all unicast traffic"


def negotiations(design: Design) -> Section:
    """Return how peers prove who they are and what is offered, of the design and of rules by themselves."""
    parts = [_negotiation("negotiation-0", "As the design says", negotiation_of(design))]
    own = [rule for rule in design.rules if rule.negotiation is not None]
    parts += [
        _negotiation(f"negotiation-{number}", f"Of rule {rule.name}", negotiation_of(design, rule))
        for number, rule in enumerate(own, 1)
    ]
    return Section("negotiation", "Authentication and algorithms", (), tuple(parts))


def _negotiation(key: str, title: str, said: Negotiation) -> Section:
    blocks = (
        Table(("authentication", "method"), list(_methods(said))),
        Table(("main mode", "proposal"), list(_main_mode(said))),
        Table(("quick mode", "proposal"), list(_quick_mode(said))),
        Table(("setting", "value"), list(_settings(said))),
    )
    return Section(key, title, blocks)


def _methods(said: Negotiation) -> Iterator[tuple[Cell, ...]]:
    for modules, methods in _alike(said, said.main_mode.authentication):
        for number, method in enumerate(methods, 1):
            yield from _method(f"{modules}, {number}", method)
    if said.extended_mode is not None:
        for number, method in enumerate(said.extended_mode.authentication, 1):
            yield from _method(f"AuthIP extended mode, {number}", method)


def _alike(said: Negotiation, of: Callable[[KeyingModule], tuple[_T, ...]]) -> list[tuple[str, tuple[_T, ...]]]:
    """Return what keying modules have, those together that have the same: ``IKE and AuthIP``."""
    found: dict[tuple[_T, ...], list[str]] = {}
    for module in said.keying_modules:
        found.setdefault(of(module), []).append(module)
    return [(" and ".join(modules), those) for those, modules in found.items()]


def _method(label: str, method: AuthenticationMethod) -> Iterator[tuple[Cell, ...]]:
    yield label, method_words(method)
    for side in SIDES:
        for criteria in method.criteria(side):
            yield f"{label}, {side} certificates", criteria_words(criteria) or "any"


def _main_mode(said: Negotiation) -> Iterator[tuple[Cell, ...]]:
    for modules, proposals in _alike(said, said.main_mode.offers):
        yield from _numbered(modules, map(main_mode_proposal_words, proposals))


def _quick_mode(said: Negotiation) -> Iterator[tuple[Cell, ...]]:
    for modules, proposals in _alike(said, said.quick_mode.offers):
        yield from _numbered(modules, map(quick_mode_proposal_words, proposals))


def _numbered(modules: str, proposals: Iterable[str]) -> Iterator[tuple[Cell, ...]]:
    for number, words in enumerate(proposals, 1):
        yield f"{modules}, {number}", Said(words, "bad" if "; weak: " in words else "")


def _settings(said: Negotiation) -> Iterator[tuple[Cell, ...]]:
    main, quick = said.main_mode, said.quick_mode
    yield "keying modules", ", ".join(said.keying_modules)
    yield "flags of main mode", ", ".join(map(flag_title, main.flags)) or "none"
    yield "flags of quick mode", ", ".join(map(flag_title, quick.flags)) or "none beside those of the mode"
    yield "clear packets are let through for", duration_words(quick.nd_allow_clear_timeout_seconds)
    yield "idle associations end after", duration_words(quick.idle_timeout_seconds)
    yield "idle associations of a cluster's fail-over after", duration_words(quick.idle_timeout_failover_seconds)
    if main.max_dynamic_filters:
        yield "most dynamic filters", str(main.max_dynamic_filters)
    if main.retransmit_seconds:
        yield "IKEv2 sends again for", duration_words(main.retransmit_seconds)
    if main.impersonation:
        yield "main mode impersonates", _IMPERSONATED[main.impersonation]
    if said.extended_mode is not None:
        yield "extended mode impersonates", _IMPERSONATED[said.extended_mode.impersonation]

"""Remedies: the edit that a finding asks for, where there is one that every design would take.

A finding that can be answered in several ways has none; its form is where one of them is chosen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, change, negotiation_of
from ndtui.model.design.edits import replace_rule
from ndtui.model.design.exemption import Exemption, rebuild
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.design.negotiation_edits import altered
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.vocabulary.algorithms import WEAK
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT

_PLACE = re.compile(r"(main_mode|quick_mode|extended_mode)\.(\w+?)(?:\[(\d{1,3})\])?")
_USUAL_PFS = "IPSEC_PFS_ECP_384"
_USUAL_LIFETIME = 28800
_LONGEST_MAIN_MODE = 2880 * 60
_Change = Callable[[tuple[Any, ...], int], tuple[Any, ...]]
#: What a remedy makes of what is negotiated, for a finding at a place of it; ``None`` where there is no such place.
_Remedy = Callable[[Negotiation, Origin], Negotiation | None]


def _with_list(negotiation: Negotiation, place: Origin, changed: _Change) -> Negotiation | None:
    """Return a negotiation in which the list that a finding is about is another; ``None`` where it stands elsewhere."""
    found = _PLACE.fullmatch(str(place))
    mode = getattr(negotiation, found[1]) if found else None
    if found is None or not hasattr(mode, found[2]):
        return None
    made = changed(getattr(mode, found[2]), int(found[3] or 0))
    return _with_mode(negotiation, found[1], **{found[2]: made})


def _with_mode(negotiation: Negotiation, name: str, **members: Any) -> Negotiation:
    mode = getattr(negotiation, name)
    changed = type(mode).model_validate({**dict(mode), **members})
    return Negotiation.model_validate({**dict(negotiation), name: changed})


def _drop(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    return _with_list(negotiation, place, lambda items, number: (*items[:number], *items[number + 1 :]))


def _constants(proposal: MainModeProposal | QuickModeProposal) -> set[str]:
    if isinstance(proposal, MainModeProposal):
        return {proposal.cipher, proposal.integrity, proposal.dh_group}
    return {name for each in proposal.transforms for name in (each.auth, each.cipher) if name} | {proposal.pfs_group}


def _weak_last(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(sorted(proposals, key=lambda each: bool(_constants(each) & WEAK.keys())))

    return _with_list(negotiation, place, changed)


def _forward_secrecy(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        groups = [each.pfs_group for each in proposals if each.pfs_group != "IPSEC_PFS_NONE"]
        group = groups[0] if groups else _USUAL_PFS
        return tuple(
            altered((each,), pfs_group=group)[0] if each.pfs_group == "IPSEC_PFS_NONE" else each for each in proposals
        )

    return _with_list(negotiation, place, changed)


def _main_mode_lifetime(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(
            altered((each,), lifetime_seconds=_USUAL_LIFETIME)[0]
            if each.lifetime_seconds > _LONGEST_MAIN_MODE
            else each
            for each in proposals
        )

    return _with_list(negotiation, place, changed)


def _anonymous_last(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    def changed(methods: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(sorted(methods, key=lambda each: each.method == "IKEEXT_ANONYMOUS"))

    return _with_list(negotiation, place, changed)


def _without_anonymous(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    return _with_list(
        negotiation, place, lambda methods, _: tuple(each for each in methods if each.method != "IKEEXT_ANONYMOUS")
    )


def _check_revocation(negotiation: Negotiation, place: Origin) -> Negotiation | None:
    def changed(methods: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        without = "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"
        return tuple(altered((each,), flags=tuple(f for f in each.flags if f != without))[0] for each in methods)

    return _with_list(negotiation, place, changed)


def _times(**times: int) -> _Remedy:
    return lambda negotiation, _: _with_mode(negotiation, "quick_mode", **times)


def _exempt_at_connect(exemption: Exemption) -> Exemption:
    """Return an exemption that is at ALE_AUTH_CONNECT too, which has a field for all that exemptions ask for."""
    return rebuild(exemption, layers=tuple({*exemption.layers, ALE_AUTH_CONNECT}))


#: The remedy of a finding about an exemption by its id, with what it does in a few words.
OF_EXEMPTIONS: Mapping[str, tuple[str, Callable[[Exemption], Exemption]]] = {
    "held-at-connect": ("exempt at ALE_AUTH_CONNECT too", _exempt_at_connect),
}
#: The remedy of a finding about what is negotiated, likewise.
REMEDIES: Mapping[str, tuple[str, _Remedy]] = {
    "weak-main-mode": ("drop the proposal", _drop),
    "weak-quick-mode": ("drop the proposal", _drop),
    "duplicate-proposal": ("drop the proposal", _drop),
    "no-integrity": ("drop the proposal", _drop),
    "weak-preferred": ("put weak proposals last", _weak_last),
    "no-forward-secrecy": ("forward secrecy in every proposal", _forward_secrecy),
    "long-lifetime": ("lifetime of 8 hours", _main_mode_lifetime),
    "anonymous-first": ("put anonymous last", _anonymous_last),
    "extended-anonymous": ("leave anonymous out", _without_anonymous),
    "no-revocation-check": ("check revocation", _check_revocation),
    "clear-window": ("10 seconds", _times(nd_allow_clear_timeout_seconds=10)),
    "idle-timeout": ("300 and 60 seconds", _times(idle_timeout_seconds=300, idle_timeout_failover_seconds=60)),
}


def remedied(design: Design, finding: Finding) -> Design | None:
    """Return the design without what a finding is about; ``None`` where there is no one remedy, or none that is valid.

    The last proposal cannot be dropped, for example. What is found in a rule's own negotiation is remedied there.
    """
    if finding.id in OF_EXEMPTIONS:
        return _exempting(design, [finding])
    if finding.id not in REMEDIES:
        return None
    try:
        made = _made(design, finding)
    except ValueError:
        return None  # the design would not be one without it: what is to be there instead is chosen in the form
    return None if made == design else made


def remedied_all(design: Design, findings: Sequence[Finding]) -> Design | None:
    """Return the design without what findings of one kind are about; ``None`` where one edit does not remedy them all.

    What stands last in a list comes first, for what is dropped moves what stands behind it.
    """
    if findings[0].id in OF_EXEMPTIONS:
        return _exempting(design, findings)
    if findings[0].id not in REMEDIES:
        return None
    places = {(each.where, each.within): each for each in findings}
    after: Design | None = design
    try:
        for finding in sorted(places.values(), key=_number, reverse=True):
            after = None if after is None else _made(after, finding)
    except ValueError:
        return None
    return None if after == design else after


def is_remedied(design: Design, findings: Sequence[Finding]) -> bool:
    """Tell whether one edit remedies findings of one kind; of a great many exemptions one is looked at alone."""
    if findings[0].id in OF_EXEMPTIONS:
        names = {each.where.name for each in findings if each.where.element == "exemption"}
        first = next((each for each in design.exemptions if each.name in names), None)
        return first is not None and OF_EXEMPTIONS[findings[0].id][1](first) != first
    return remedied_all(design, findings) is not None


def _exempting(design: Design, findings: Sequence[Finding]) -> Design | None:
    """Return the design after the remedy of findings of one kind, each about an exemption; ``None`` if it stays."""
    names = {each.where.name for each in findings if each.where.element == "exemption"}
    _, changed = OF_EXEMPTIONS[findings[0].id]
    exemptions = tuple(changed(each) if each.name in names else each for each in design.exemptions)
    return None if exemptions == design.exemptions else change(design, exemptions=exemptions)


def _number(finding: Finding) -> int:
    """Return which of the things in its list a finding is about."""
    found = _PLACE.fullmatch(str(finding.within or finding.where))
    return int((found and found[3]) or 0)


def _made(design: Design, finding: Finding) -> Design | None:
    """Return the design after the remedy of a finding.

    Raises:
        ValueError: that is no design.
    """
    rule = None if finding.within is None else _rule_of(design, finding)
    if rule is None and finding.within is not None:
        return None
    negotiation = REMEDIES[finding.id][1](negotiation_of(design, rule), finding.within or finding.where)
    if negotiation is None:
        return None
    if rule is None:
        return change(design, **dict(negotiation))
    return replace_rule(design, rule.name, Rule.model_validate({**dict(rule), "negotiation": negotiation}))


def _rule_of(design: Design, finding: Finding) -> Rule | None:
    """Return the rule whose own negotiation a finding is about; a field as its place stands for the base rule."""
    name = finding.where.rule_name or BASE
    return next((each for each in design.rules if each.name == name and each.negotiation is not None), None)


def remedy_words(finding: Finding) -> str:
    """Return what the remedy of a finding does, in a few words."""
    return OF_EXEMPTIONS[finding.id][0] if finding.id in OF_EXEMPTIONS else REMEDIES[finding.id][0]

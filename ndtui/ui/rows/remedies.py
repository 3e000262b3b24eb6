"""Remedies: the edit that a finding asks for, where there is one that every design would take.

A finding that can be answered in several ways has none; its form is where one of them is chosen.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ndtui.analysis.check.finding import Finding
from ndtui.model.design.design import Design, change
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.design.negotiation_edits import altered
from ndtui.model.vocabulary.algorithms import WEAK

_PLACE = re.compile(r"(main_mode|quick_mode|extended_mode)\.(\w+?)(?:\[(\d{1,3})\])?")
_USUAL_PFS = "IPSEC_PFS_ECP_384"
_USUAL_LIFETIME = 28800
_LONGEST_MAIN_MODE = 2880 * 60
_Change = Callable[[tuple[Any, ...], int], tuple[Any, ...]]


def _with_list(design: Design, finding: Finding, changed: _Change) -> Design | None:
    """Return a design in which the list that a finding is about is another; ``None`` where it stands elsewhere."""
    found = _PLACE.fullmatch(str(finding.where))
    if found is None or not hasattr(getattr(design, found[1]), found[2]):
        return None
    mode = getattr(design, found[1])
    made = changed(getattr(mode, found[2]), int(found[3] or 0))
    return change(design, **{found[1]: type(mode).model_validate({**dict(mode), found[2]: made})})


def _drop(design: Design, finding: Finding) -> Design | None:
    return _with_list(design, finding, lambda items, place: (*items[:place], *items[place + 1 :]))


def _constants(proposal: MainModeProposal | QuickModeProposal) -> set[str]:
    if isinstance(proposal, MainModeProposal):
        return {proposal.cipher, proposal.integrity, proposal.dh_group}
    return {name for each in proposal.transforms for name in (each.auth, each.cipher) if name} | {proposal.pfs_group}


def _weak_last(design: Design, finding: Finding) -> Design | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(sorted(proposals, key=lambda each: bool(_constants(each) & WEAK.keys())))

    return _with_list(design, finding, changed)


def _forward_secrecy(design: Design, finding: Finding) -> Design | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        groups = [each.pfs_group for each in proposals if each.pfs_group != "IPSEC_PFS_NONE"]
        group = groups[0] if groups else _USUAL_PFS
        return tuple(
            altered((each,), pfs_group=group)[0] if each.pfs_group == "IPSEC_PFS_NONE" else each for each in proposals
        )

    return _with_list(design, finding, changed)


def _main_mode_lifetime(design: Design, finding: Finding) -> Design | None:
    def changed(proposals: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(
            altered((each,), lifetime_seconds=_USUAL_LIFETIME)[0]
            if each.lifetime_seconds > _LONGEST_MAIN_MODE
            else each
            for each in proposals
        )

    return _with_list(design, finding, changed)


def _anonymous_last(design: Design, finding: Finding) -> Design | None:
    def changed(methods: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        return tuple(sorted(methods, key=lambda each: each.method == "IKEEXT_ANONYMOUS"))

    return _with_list(design, finding, changed)


def _without_anonymous(design: Design, finding: Finding) -> Design | None:
    return _with_list(
        design, finding, lambda methods, _: tuple(each for each in methods if each.method != "IKEEXT_ANONYMOUS")
    )


def _check_revocation(design: Design, finding: Finding) -> Design | None:
    def changed(methods: tuple[Any, ...], _: int) -> tuple[Any, ...]:
        without = "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"
        return tuple(altered((each,), flags=tuple(f for f in each.flags if f != without))[0] for each in methods)

    return _with_list(design, finding, changed)


def _times(**times: int) -> Callable[[Design, Finding], Design]:
    def changed(design: Design, _: Finding) -> Design:
        quick = design.quick_mode
        return change(design, quick_mode=type(quick).model_validate({**dict(quick), **times}))

    return changed


#: The remedy of a finding by its id, with what it does in a few words.
REMEDIES: Mapping[str, tuple[str, Callable[[Design, Finding], Design | None]]] = {
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

    The last proposal cannot be dropped, for example.
    """
    if finding.id not in REMEDIES:
        return None
    try:
        made = REMEDIES[finding.id][1](design, finding)
    except ValueError:
        return None  # the design would not be one without it: what is to be there instead is chosen in the form
    return None if made == design else made


def remedy_words(finding: Finding) -> str:
    """Return what the remedy of a finding does, in a few words."""
    return REMEDIES[finding.id][0]

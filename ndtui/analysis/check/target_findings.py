"""Findings about the Windows that a design is meant for, and about its peers: what is not there, what is not common."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ndtui.analysis.check.authentication_findings import page_of_flag
from ndtui.analysis.check.cited_pages import OWN_PEERS, WHATS_NEW_2025
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.offered import main_modes, quick_modes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import SIDES, WITH_CERTIFICATE, AuthenticationMethod
from ndtui.model.design.design import Design
from ndtui.model.design.first_windows import came_with, not_in
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.windows_versions import OTHER, VERSION_TITLES, VERSIONS, PeerSystem
from ndtui.model.vocabulary.pages import PAGES


class _Used(NamedTuple):
    """Something that a design uses: where, its name, the page that has it, and what a finding calls it."""

    where: Origin
    name: str
    page: str
    called: str = ""


def too_new(filterset: FilterSet) -> Iterator[Finding]:
    """What the Windows that the design is meant for does not have."""
    design = filterset.design
    if design.windows is None:
        return
    said: set[tuple[Origin, str]] = set()
    for used in _used(design):
        if not_in(design.windows, used.name) and (used.where, used.name) not in said:
            said.add((used.where, used.name))
            yield Finding(
                "too-new",
                "error",
                used.where,
                f"{used.called or used.name} is not in {VERSION_TITLES[design.windows]}, which the design is meant for",
                f"It came with {came_with(used.name)}: Windows refuses it, or has no structure that says it.",
                "Leave it out, or mean the design for a newer Windows.",
                used.page,
            )


def _used(design: Design) -> Iterator[_Used]:
    """Yield all that a design negotiates with."""
    if "IKEv2" in design.keying_modules:
        yield _Used(Origin("keying_modules"), "IKEv2", PAGES["context-type"], "IKEv2 in transport mode")
    for module in design.keying_modules:
        for method in design.main_mode.authentication(module):
            yield from _of_method(Origin(f"main_mode.{module.lower()}_authentication"), method)
    for main in main_modes(design):
        for number, proposal in enumerate(main.proposals):
            for name in (proposal.cipher, proposal.integrity, proposal.dh_group):
                yield _of_algorithm(main.at(number), name)
    for quick in quick_modes(design):
        for number, offer in enumerate(quick.proposals):
            used = chain.from_iterable((each.auth, each.cipher) for each in offer.transforms)
            for name in filter(None, (*used, offer.pfs_group)):
                yield _of_algorithm(quick.at(number), name)
    yield from _of_policies(design)


def _of_policies(design: Design) -> Iterator[_Used]:
    """Yield what a design says beside methods and proposals, and its extended mode."""
    for method in () if design.extended_mode is None else design.extended_mode.authentication:
        yield from _of_method(Origin("extended_mode.authentication"), method)
    if design.main_mode.retransmit_seconds:
        yield _Used(Origin("main_mode.retransmit_seconds"), "retransmit_seconds", PAGES["ikeext-policy1"])
    for flag in design.main_mode.flags:
        yield _Used(Origin("main_mode.flags"), flag, PAGES["ikeext-policy"])
    for flag in design.quick_mode.flags:
        yield _Used(Origin("quick_mode.flags"), flag, PAGES["transport-policy2"])


def _of_algorithm(where: Origin, name: str) -> _Used:
    return _Used(where, name, PAGES["pfs-group"] if name.startswith("IPSEC_PFS") else PAGES["dh-group"])


def _of_method(where: Origin, method: AuthenticationMethod) -> Iterator[_Used]:
    page = PAGES["authentication-method"]
    yield _Used(where, method.method, page)
    for side in SIDES:
        if getattr(method, f"{side}_criteria"):
            yield _Used(where, f"{side}_criteria", PAGES["certificate-criteria"], f"a certificate's {side} criteria")
    if method.proxy:
        yield _Used(where, "proxy", PAGES["kerberos-authentication1"], "a Kerberos proxy")
    if method.certificate_url:
        yield _Used(where, "certificate_url", PAGES["certificate-authentication1"])
    for flag in method.flags:
        yield _Used(where, flag, page_of_flag(flag))


def peers(filterset: FilterSet) -> Iterator[Finding]:
    """Peers that have no keying module in common with the design, or no way to authenticate."""
    design = filterset.design
    for peer in design.peers:
        common = [module for module in design.keying_modules if module in _modules_of(peer)]
        if not common:
            page = OWN_PEERS if peer == OTHER else PAGES["context-type"]
            yield _unmet(peer, "keying_modules", f"has none of {', '.join(design.keying_modules)}", page)
        elif peer == OTHER and not any(map(_is_open, _methods(design, common))):
            why = "has neither Kerberos nor NTLM, and the design has nothing else for it"
            yield _unmet(peer, "main_mode", why, OWN_PEERS)
    if "11 24H2" in (design.windows, *design.peers) and _certificates_by_authip_alone(design):
        yield Finding(
            "certificates-by-authip",
            "warning",
            Origin("main_mode.authip_authentication"),
            "Machine certificates are asked for by AuthIP alone, which Windows 11 24H2 does not offer for them",
            "There and on Server 2025 rules with machine certificates negotiate by IKE and IKEv2 by default, unless "
            "IpsecRestoreLegacyKeyMod says else; other methods keep AuthIP and IKE.",
            "Add IKEv2 or IKE with certificates.",
            WHATS_NEW_2025,
        )


def _modules_of(peer: PeerSystem) -> tuple[KeyingModule, ...]:
    if peer == OTHER:
        return ("IKE", "IKEv2")
    return KEYING_MODULES if VERSIONS.index(peer) >= VERSIONS.index("8") else ("IKE", "AuthIP")


def _methods(design: Design, modules: list[KeyingModule]) -> Iterator[str]:
    for module in modules:
        yield from (each.method for each in design.main_mode.authentication(module))


def _is_open(method: str) -> bool:
    """Whether systems that are no Windows know a method."""
    return method in WITH_CERTIFICATE or method in ("IKEEXT_PRESHARED_KEY", "IKEEXT_EAP")


def _certificates_by_authip_alone(design: Design) -> bool:
    by_authip = any(each in WITH_CERTIFICATE for each in _methods(design, ["AuthIP"]))
    others: list[KeyingModule] = [each for each in design.keying_modules if each != "AuthIP"]
    return (
        "AuthIP" in design.keying_modules
        and by_authip
        and not any(each in WITH_CERTIFICATE for each in _methods(design, others))
    )


def _unmet(peer: PeerSystem, where: str, why: str, page: str) -> Finding:
    who = "a system that is no Windows" if peer == "other" else VERSION_TITLES[peer]
    return Finding(
        "peer-unmet",
        "warning",
        Origin(where),
        f"A peer with {who} {why}: nothing can be negotiated with it",
        "What must be protected is dropped, and what may go in clear does, with every such peer.",
        "Add what the peer has (IKE or IKEv2 with certificates is known everywhere), or leave it out of peers.",
        page,
    )


RULES: tuple[Rule, ...] = (too_new, peers)

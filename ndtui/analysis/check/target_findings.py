"""Findings about the Windows that a design is meant for, and about its peers: what is not there, what is not common."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.offered import main_modes, quick_modes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import WITH_CERTIFICATE, AuthenticationMethod
from ndtui.model.design.design import Design
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.windows_versions import OTHER, VERSION_TITLES, VERSIONS, PeerSystem, WindowsVersion
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN
from ndtui.model.vocabulary.pages import PAGES

_RULE = "https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule"
#: What the pages of constants call the first version that has them, as a design does.
_SINCE: dict[str, WindowsVersion] = {
    "": "Vista",
    "Windows Vista": "Vista",
    "Windows Vista with SP1": "Vista",
    "Windows 7": "7",
    "Windows 8": "8",
}
#: Flags that only newer structures have. Source: the pages of IPSEC_TRANSPORT_POLICY2, IKEEXT_KERBEROS_AUTHENTICATION1,
#: IKEEXT_PRESHARED_KEY_AUTHENTICATION1 and IKEEXT_CERT_ROOT_CONFIG0.
_FLAGS: dict[str, WindowsVersion] = {
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY": "8",
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY": "8",
    "IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR": "8",
    "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY": "7",
    "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY": "7",
}


class _Used(NamedTuple):
    """Something that a design uses, the first version of Windows that has it, and the page that says so."""

    where: Origin
    what: str
    since: WindowsVersion
    page: str


def too_new(filterset: FilterSet) -> Iterator[Finding]:
    """What the Windows that the design is meant for does not have."""
    design = filterset.design
    if design.windows is None:
        return
    said: set[tuple[Origin, str]] = set()
    for used in _used(design):
        if VERSIONS.index(used.since) > VERSIONS.index(design.windows) and (used.where, used.what) not in said:
            said.add((used.where, used.what))
            yield Finding(
                "too-new",
                "error",
                used.where,
                f"{used.what} is not in {VERSION_TITLES[design.windows]}, which the design is meant for",
                f"It came with {VERSION_TITLES[used.since]}: Windows refuses it, or has no structure that says it.",
                "Leave it out, or mean the design for a newer Windows.",
                used.page,
            )


def _used(design: Design) -> Iterator[_Used]:
    """Yield all that a design negotiates with."""
    if "IKEv2" in design.keying_modules:
        yield _Used(Origin("keying_modules"), "IKEv2 in transport mode", "8", PAGES["provider-context"])
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
        yield _Used(Origin("main_mode.retransmit_seconds"), "retransmit_seconds", "7", PAGES["ikeext-policy"])
    for flag in design.quick_mode.flags:
        if flag in _FLAGS:
            yield _Used(Origin("quick_mode.flags"), flag, _FLAGS[flag], PAGES["transport-policy"])


def _of_algorithm(where: Origin, name: str) -> _Used:
    page = PAGES["pfs-group"] if name.startswith("IPSEC_PFS") else PAGES["dh-group"]
    return _Used(where, name, _SINCE[ALGORITHMS[name].since], page)


def _of_method(where: Origin, method: AuthenticationMethod) -> Iterator[_Used]:
    page = PAGES["authentication-method"]
    yield _Used(where, method.method, _SINCE[METHODS_KNOWN[method.method].since], page)
    if method.inbound_criteria or method.outbound_criteria:
        yield _Used(where, "a certificate's criteria", "8", PAGES["certificate-authentication"])
    if method.proxy:
        yield _Used(where, "a Kerberos proxy", "8", page)
    if method.certificate_url:
        yield _Used(where, "certificate_url", "7", PAGES["certificate-authentication"])
    for flag in method.flags:
        if flag in _FLAGS:
            yield _Used(where, flag, _FLAGS[flag], page)


def peers(filterset: FilterSet) -> Iterator[Finding]:
    """Peers that have no keying module in common with the design, or no way to authenticate."""
    design = filterset.design
    for peer in design.peers:
        common = [module for module in design.keying_modules if module in _modules_of(peer)]
        if not common:
            yield _unmet(peer, "keying_modules", f"has none of {', '.join(design.keying_modules)}")
        elif peer == OTHER and not any(map(_is_open, _methods(design, common))):
            yield _unmet(peer, "main_mode", "has neither Kerberos nor NTLM, and the design has nothing else for it")
    if "11 24H2" in (design.windows, *design.peers) and _certificates_by_authip_alone(design):
        yield Finding(
            "certificates-by-authip",
            "warning",
            Origin("main_mode.authip_authentication"),
            "Machine certificates are asked for by AuthIP alone, which Windows 11 24H2 does not offer for them",
            "There and on Server 2025 connection security rules with machine certificates negotiate by IKE and IKEv2, "
            "unless KeyModule or IpsecRestoreLegacyKeyMod says else; other methods keep AuthIP and IKE.",
            "Add IKEv2 or IKE with certificates.",
            _RULE,
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


def _unmet(peer: PeerSystem, where: str, why: str) -> Finding:
    who = "a system that is no Windows" if peer == "other" else VERSION_TITLES[peer]
    return Finding(
        "peer-unmet",
        "warning",
        Origin(where),
        f"A peer with {who} {why}: nothing can be negotiated with it",
        "What must be protected is dropped, and what may go in clear does, with every such peer.",
        "Add what the peer has (IKE or IKEv2 with certificates is known everywhere), or leave it out of peers.",
        PAGES["ipsec-configuration"],
    )


RULES: tuple[Rule, ...] = (too_new, peers)

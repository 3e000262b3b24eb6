"""Findings about authentication: methods that prove little or cannot work, certificates, flags that nobody acts on."""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.analysis.check.cited_pages import (
    AIPS,
    AIPS_METHODS,
    FIREWALL_METHODS,
    IKEE_OUTBOUND,
    IKEV2_FRAGMENTATION,
    IKEV2_MOBILITY,
)
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.rule_places import enabled
from ndtui.analysis.peers.negotiation import NEEDS_DH, NO_GROUP
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import FLAG_MODULES, AuthenticationMethod
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, OPTIONAL_DH, QUICK_MODE_FLAGS
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary.pages import PAGES

#: The pages of flags of which that of their policy does not say whose they are.
_PAGES_OF_FLAGS = {
    "IKEEXT_POLICY_FLAG_NO_IMPERSONATION_LUID_VERIFY": PAGES["ikeext-policy"],
    "IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED": IKEV2_MOBILITY,
    "IKEEXT_POLICY_ENABLE_IKEV2_FRAGMENTATION": IKEV2_FRAGMENTATION,
}


class _Placed(NamedTuple):
    """An authentication method, the keying module that has it, and where it stands."""

    module: KeyingModule
    where: Origin
    method: AuthenticationMethod
    extended: bool = False


def _methods(filterset: FilterSet) -> Iterator[_Placed]:
    """Yield the methods of the keying modules that are on, and those of extended mode."""
    design = filterset.design
    for module in design.keying_modules:
        where = Origin(f"main_mode.{module.lower()}_authentication")
        for method in design.main_mode.authentication(module):
            yield _Placed(module, where, method)
    if design.extended_mode is not None:
        for method in design.extended_mode.authentication:
            yield _Placed("AuthIP", Origin("extended_mode.authentication"), method, extended=True)


def little_proof(filterset: FilterSet) -> Iterator[Finding]:
    """Anonymous authentication and pre-shared keys prove little."""
    for _, where, method, extended in _methods(filterset):
        if method.method == "IKEEXT_ANONYMOUS" and not extended:
            yield Finding(
                "anonymous-authentication",
                "warning",
                where,
                "Anonymous authentication proves nothing: anyone can negotiate",
                "Protects against listening, not against a machine in the middle.",
                "Use Kerberos or certificates.",
                AIPS_METHODS,
            )
        if method.method == "IKEEXT_ANONYMOUS" and extended:
            yield Finding(
                "extended-anonymous",
                "warning",
                where,
                "Extended mode has no anonymous authentication: it would be the same as none",
                "AuthIP knows one-way and mutual authentication in extended mode, and no other ([MS-AIPS] 1.7).",
                "Leave IKEEXT_ANONYMOUS out of extended mode.",
                AIPS_METHODS,
            )
        if method.method == "IKEEXT_PRESHARED_KEY":
            yield Finding(
                "preshared-key",
                "warning",
                where,
                "A pre-shared key is the same for every peer",
                "Microsoft keeps it for backward compatibility and testing alone; one lost machine gives it away for "
                "all.",
                "Use Kerberos or certificates.",
                FIREWALL_METHODS,
            )


def one_way(filterset: FilterSet) -> Iterator[Finding]:
    """A method that authenticates one side alone, before any that authenticates both."""
    seen: set[Origin] = set()
    for _, where, method, extended in _methods(filterset):
        server = "IKEEXT_CERT_AUTH_FLAG_SSL_ONE_WAY" in method.flags
        if where in seen or extended or method.method == "IKEEXT_ANONYMOUS":
            continue
        seen.add(where)
        if server or method.method == "IKEEXT_NTLM_V2":
            yield Finding(
                "one-way-authentication",
                "note",
                where,
                f"{method.method} authenticates {'the server' if server else 'the client'} alone",
                "NTLM knows one-way authentication only, of the client; TLS that is one-way authenticates the server "
                "([MS-AIPS] 1.7). The other side may be anybody.",
                "Put a method before it that authenticates both, Kerberos or certificates.",
                AIPS_METHODS,
            )


def certificates(filterset: FilterSet) -> Iterator[Finding]:
    """Revocation that is not checked, and roots that anybody may stand under."""
    for _, where, method, _ in _methods(filterset):
        if "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK" in method.flags:
            yield Finding(
                "no-revocation-check",
                "warning",
                where,
                f"{method.method} accepts revoked certificates: IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK",
                "It switches off even the check of revocation lists that can be had; Microsoft's sample sets it for "
                "test purposes.",
                "Leave the flag out.",
                PAGES["certificate-authentication"],
            )
        if method.inbound == "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE" and not method.inbound_criteria:
            yield Finding(
                "any-root",
                "warning",
                where,
                f"{method.method} accepts a certificate of a peer under any root that this machine trusts",
                "The store of trusted roots has public certification authorities too, whose certificates anybody can "
                "get.",
                "Name your own roots (IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST), or say in inbound_criteria what the "
                "certificate has to have.",
                PAGES["certificate-config"],
            )


def diffie_hellman(filterset: FilterSet) -> Iterator[Finding]:
    """AuthIP's methods that need a Diffie-Hellman exchange, and what optional groups leave to quick mode."""
    design = filterset.design
    if "AuthIP" not in design.keying_modules:
        return
    offers = design.main_mode.offers("AuthIP")
    if all(each.dh_group == NO_GROUP for each in offers):
        for method in design.main_mode.authip_authentication:
            if method.method in NEEDS_DH:
                yield Finding(
                    "method-needs-group",
                    "error",
                    Origin("main_mode.authip_authentication"),
                    f"{method.method} cannot work: no main mode proposal of AuthIP has a Diffie-Hellman group",
                    "AuthIP requires a Diffie-Hellman exchange for anonymous authentication and NTLM ([MS-AIPS] "
                    "3.2.4).",
                    f"Offer a group, ECP_384 for example, or leave {method.method} out.",
                    AIPS,
                )
    if OPTIONAL_DH in design.main_mode.flags and any(
        each.pfs_group == "IPSEC_PFS_NONE" for each in design.quick_mode.offers("AuthIP")
    ):
        yield Finding(
            "optional-group",
            "warning",
            Origin("main_mode.flags"),
            f"{OPTIONAL_DH}: a peer may leave out the Diffie-Hellman exchange in main mode, and quick mode has none",
            "Whoever learns the keys that the peers authenticate with can then read what was recorded before.",
            "Set pfs_group, for example IPSEC_PFS_ECP_384, or leave the flag out.",
            PAGES["ikeext-policy"],
        )


def kerberos_by_authip(filterset: FilterSet) -> Iterator[Finding]:
    """Microsoft's advice against AuthIP with Kerberos where something else is possible."""
    design = filterset.design
    methods = {each.method for each in design.main_mode.authip_authentication}
    if "AuthIP" in design.keying_modules and "IKEv2" not in design.keying_modules and methods == {"IKEEXT_KERBEROS"}:
        yield Finding(
            "authip-kerberos",
            "note",
            Origin("main_mode.authip_authentication"),
            "AuthIP authenticates with Kerberos alone, and IKEv2 is not offered",
            "Microsoft recommends IKEv2 wherever possible, and took Kerberos out of its pages on IPsec for known "
            "vulnerabilities of AuthIP with it.",
            "Add IKEv2 with certificates where peers have them.",
            PAGES["ipsec-configuration"],
        )


def flags_without_effect(filterset: FilterSet) -> Iterator[Finding]:
    """Flags that no keying module acts on that is switched on."""
    design = filterset.design
    on = set(design.keying_modules)
    modes = (
        ("main_mode", design.main_mode.flags, MAIN_MODE_FLAGS),
        ("quick_mode", design.quick_mode.flags, QUICK_MODE_FLAGS),
    )
    for mode, flags, acting in modes:
        page = PAGES["ikeext-policy2" if mode == "main_mode" else "transport-policy2"]
        for flag in flags:
            if not on & set(acting[flag]):
                yield _without_effect(Origin(f"{mode}.flags"), flag, acting[flag], _PAGES_OF_FLAGS.get(flag, page))
    for module, where, method, _ in _methods(filterset):
        for flag in method.flags:
            if module not in FLAG_MODULES.get(flag, (module,)):
                yield _without_effect(where, flag, FLAG_MODULES[flag], page_of_flag(flag))
        if method.certificate_url and module != "IKEv2":
            yield _without_effect(where, "certificate_url", ("IKEv2",), PAGES["certificate-authentication"])
    page = PAGES["ikeext-policy2"]
    if design.main_mode.impersonation is not None and "AuthIP" not in on:
        yield _without_effect(Origin("main_mode.impersonation"), "impersonation", ("AuthIP",), page)
    if design.main_mode.retransmit_seconds and "IKEv2" not in on:
        yield _without_effect(Origin("main_mode.retransmit_seconds"), "retransmit_seconds", ("IKEv2",), page)


def page_of_flag(flag: str) -> str:
    """Return the page of a flag of an authentication method."""
    kinds = {"IKEEXT_KERB_": "kerberos-authentication1", "IKEEXT_PSK_": "preshared-key-authentication1"}
    return PAGES[next((page for begin, page in kinds.items() if flag.startswith(begin)), "certificate-authentication")]


def _without_effect(where: Origin, what: str, modules: tuple[KeyingModule, ...], page: str) -> Finding:
    return Finding(
        "no-effect",
        "note",
        where,
        f"{what} does nothing here: only {' and '.join(modules)} act{'s' if len(modules) == 1 else ''} on it",
        "It reads as if something were decided.",
        "Leave it out.",
        page,
    )


def boundary_behind_nat(filterset: FilterSet) -> Iterator[Finding]:
    """Over an association through address translation its peers go on sending to a boundary host in clear.

    A rule with a negotiation of its own has flags of its own.
    """
    design = filterset.design
    nat = [flag for flag in design.quick_mode.flags if "_NAT_ENCAP_" in flag]
    if nat and any(rule.mode == "boundary" and rule.negotiation is None for rule in enabled(design)):
        yield Finding(
            "boundary-behind-nat",
            "note",
            Origin("quick_mode.flags"),
            "Through address translation peers send to a boundary host in clear, though there is an association",
            "A boundary host tells its peers that it is one; over a UDP-ESP association with such a host negotiation "
            "discovery sends the packet in clear ([MS-IKEE] 3.7.4.1).",
            "Use negotiation discovery or require for peers behind address translation that must be protected.",
            IKEE_OUTBOUND,
        )


RULES: tuple[Rule, ...] = (
    little_proof,
    one_way,
    certificates,
    diffie_hellman,
    kerberos_by_authip,
    flags_without_effect,
    boundary_behind_nat,
)

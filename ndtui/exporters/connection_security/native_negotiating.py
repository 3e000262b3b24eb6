"""Findings about what rules of Windows Firewall negotiate: by which modules, with whom, and what the host decides.

Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule (KeyModule),
https://learn.microsoft.com/windows-server/get-started/whats-new-windows-server-2025, the defaults of [MS-FASP]
(appendix B), and .../set-netfirewallsetting for what a host says for all of its rules.
"""

from collections.abc import Iterator

from ndtui.analysis.check.cited_pages import AUTH_PROPOSAL, FASP_DEFAULTS, FIREWALL_SETTING, IPSEC_RULE
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.rule_places import place_of, whose
from ndtui.analysis.peers.negotiation import NothingCommonError, Side, agree
from ndtui.analysis.peers.windows_firewall import windows_firewall
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.usual_main_mode import is_usual_main_mode
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import WITH_CERTIFICATE, AuthenticationMethod
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation

_NO_REVOCATION = "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"
#: Before it Default is IKE and AuthIP, and no page says otherwise.
_CHANGED = "11 24H2"
_DEFAULT_SETS = (
    "The default sets are Diffie-Hellman group 2 with AES-128 or 3DES and SHA-1 in main mode, in quick mode ESP with "
    "SHA-1 that does not encrypt before AES-128 and 3DES, and Kerberos of the machine"
)
#: What can be done where Default stands for other modules than the design has.
ONE_MODULE = "have one keying module, which is written out"


def negotiating(design: Design, policy: NativePolicy, one_module: str) -> Iterator[Finding]:
    """Yield what has to be known of negotiation; ``one_module`` is what can be done to have a module written out."""
    rules = _apart(design, policy)
    yield from _key_module(design, policy, one_module)
    yield from _default_main_mode(design, policy)
    has_main_mode = bool(policy.of("NetIPsecMainModeRule"))
    for rule in rules:
        yield from _with_defaults(design, rule, has_main_mode=has_main_mode)
    yield from _said_by_host(design, policy, rules)


def _apart(design: Design, policy: NativePolicy) -> list[Rule]:
    """Return the rules that negotiate, the first of all that do so in one way."""
    found: dict[Negotiation, Rule] = {}
    for each in policy.said:
        if each.native is not None:
            found.setdefault(negotiation_of(design, each.rule), each.rule)
    return list(found.values())


def _key_module(design: Design, policy: NativePolicy, one_module: str) -> Iterator[Finding]:
    """Yield what Default stands for, where several keying modules are meant; with one alone the others know nothing."""
    by_default = [each.rule for each in policy.said if each.native is not None and each.native.key_module == "Default"]
    rule = next((each for each in by_default if len(negotiation_of(design, each).keying_modules) > 1), None)
    if rule is None:
        return
    where = _place_of(rule, "keying_modules")
    if "IKEv2" in negotiation_of(design, rule).keying_modules:
        yield Finding(
            "key-module-default",
            "note",
            where,
            "The rules have KeyModule Default, which is IKEv2 and IKE from Windows 11 24H2 and Server 2025 on alone",
            "An older Windows takes Default for IKE and AuthIP, and so does one of these with "
            "IpsecRestoreLegacyKeyMod.",
            f"Give the rules to machines with Windows 11 24H2 or Server 2025 alone; or {one_module}.",
            IPSEC_RULE,
        )
    elif design.windows in (None, _CHANGED):
        yield Finding(
            "key-module-default",
            "note",
            where,
            "The rules have KeyModule Default: IKE and AuthIP before Windows 11 24H2 and Server 2025, and perhaps no "
            "AuthIP since",
            "Since then Default prefers IKEv2, falls back to IKE, and has AuthIP only if a method needs it, says the "
            "page of the cmdlet; the page of Server 2025 says that of machine certificates alone, and that AuthIP and "
            "IKE remain for other methods.",
            f"Say in windows that the design is for an older Windows; or {one_module}.",
            IPSEC_RULE,
        )


def _place_of(rule: Rule, field: str) -> Origin:
    """Return where the negotiation of a rule stands: in a field of the design, unless it has one of its own."""
    return Origin(field) if rule.negotiation is None else place_of(rule)


def _default_main_mode(design: Design, policy: NativePolicy) -> Iterator[Finding]:
    """Yield what main mode is where no rules for it are written."""
    negotiating_rules = [(each.rule, each.native) for each in policy.said if each.native is not None]
    if policy.of("NetIPsecMainModeRule") or not negotiating_rules:
        return
    others = (
        rule
        for rule, native in negotiating_rules
        if not is_usual_main_mode(native.main_mode, negotiation_of(design, rule).keying_modules)
    )
    other = next(others, None)
    where = _place_of(other or negotiating_rules[0][0], "main_mode.proposals")
    remedy = "Have rules of main mode written too, or set the default of the store: Set-NetIPsecMainModeCryptoSet."
    if other is not None:
        yield Finding(
            "main-mode-default",
            "warning",
            where,
            "Main mode is left to the default set of the store: group 2 of Diffie-Hellman and SHA-1, unless changed",
            "A rule cannot name a set of main mode, and no rule of main mode is written; the default is AES-128 and "
            "3DES with SHA-1 and group 2, whatever the design proposes.",
            remedy,
            FASP_DEFAULTS,
        )
    else:
        yield Finding(
            "main-mode-default",
            "note",
            where,
            "Main mode is left to the default set of the store: what the design proposes, unless changed",
            "A rule cannot name a set of main mode, and no rule of main mode is written.",
            remedy,
            FASP_DEFAULTS,
        )


def _with_defaults(design: Design, rule: Rule, *, has_main_mode: bool) -> Iterator[Finding]:
    """Yield what becomes of a negotiation with a peer on the default sets, on which main mode is too unless written."""
    where, words = _place_of(rule, "main_mode"), "" if rule.negotiation is None else whose(rule)
    other = windows_firewall()
    theirs = Side.of(other, other.rules[0])
    ours = Side.of(design, rule) if has_main_mode else _with_main_mode_of(theirs, Side.of(design, rule))
    agreed, why_not = [], ""
    for initiator, responder in ((theirs, ours), (ours, theirs)):
        try:
            agreed.append(agree(initiator, responder))
        except NothingCommonError as error:
            why_not = str(error)
    if any(all(each.cipher is None for each in found.quick.transforms) for found in agreed):
        yield Finding(
            "default-peers",
            "warning",
            where,
            f"{words}What is agreed on with a peer on the default sets of Windows Firewall is not encrypted",
            f"{_DEFAULT_SETS}; the design offers the proposal that does not encrypt too.",
            "Leave the quick mode proposals that do not encrypt out, and give peers the same sets.",
            FASP_DEFAULTS,
        )
    elif not agreed:
        yield Finding(
            "default-peers",
            "note",
            where,
            f"{words}With a peer on the default sets of Windows Firewall nothing can be negotiated: {why_not}",
            f"{_DEFAULT_SETS}. What must be protected is dropped then, and what may go in clear does.",
            "Give all machines rules of this design, or rules with the same sets.",
            FASP_DEFAULTS,
        )


def _with_main_mode_of(theirs: Side, ours: Side) -> Side:
    """Return a side whose main mode is that of another, in the keying modules that both have."""
    offers = {
        module: offer._replace(main=usual.main, optional_dh=usual.optional_dh)
        if (usual := theirs.offers.get(module)) is not None
        else offer
        for module, offer in ours.offers.items()
    }
    return ours._replace(offers=offers)


def _said_by_host(design: Design, policy: NativePolicy, rules: list[Rule]) -> Iterator[Finding]:
    """Yield what of authentication the host says, for all of its rules, and where a key is kept."""
    said = {name for each in policy.sets for parameters in each.proposals for name, _ in parameters}
    if "Cert" in said and any(_checks_revocation(each) for rule in rules for each in _methods(design, rule)):
        yield Finding(
            "revocation-by-host",
            "warning",
            Origin("main_mode"),
            "The design has revoked certificates looked for; Windows Firewall looks for none unless the host says so",
            "Rules have no such flag: the host says it for all of them, CertValidationLevel, which is None by default.",
            "Set it on each machine: Set-NetFirewallSetting -CertValidationLevel AttemptCrlCheck.",
            FIREWALL_SETTING,
        )
    if "PreSharedKey" in said:
        yield Finding(
            "key-in-policy",
            "warning",
            Origin("main_mode"),
            "Windows keeps the pre-shared key in clear text in the policy store",
            "The page of the cmdlet says so, and discourages such keys strongly.",
            "Use Kerberos or certificates.",
            AUTH_PROPOSAL,
        )


def _methods(design: Design, rule: Rule) -> Iterator[AuthenticationMethod]:
    said = negotiation_of(design, rule)
    for module in said.keying_modules:
        yield from said.main_mode.authentication(module)


def _checks_revocation(method: AuthenticationMethod) -> bool:
    return method.method in WITH_CERTIFICATE and _NO_REVOCATION not in method.flags

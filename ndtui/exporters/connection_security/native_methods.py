"""Authentication as Windows Firewall has it: one list of methods for all keying modules, each taking those it has.

Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecauthproposal, and for what does not go
together the authentication sets of [MS-FASP] and the auth1 keywords of netsh advfirewall consec.
"""

from collections.abc import Iterable, Iterator

from ndtui.exporters.connection_security.native_certificates import SIGNING, certificate_proposals
from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_values import FromEnvironment, Parameters
from ndtui.exporters.connection_security.net_objects import NetObject, switches
from ndtui.model.design.authentication import METHODS, AuthenticationMethod
from ndtui.model.design.ipsec_policy import ExtendedMode
from ndtui.model.design.rule_negotiation import Negotiation

#: Source: [MS-FASP] 2.2.42, and Set-NetFirewallSetting, RequireFullAuthSupport, which both do not say what is usual.
_IGNORED = (
    "a keying module that does not have all methods of the list takes none of them, unless the host is told to take "
    "those that it has"
)


def first_set(said: Negotiation, place: str, target: NativeTarget, reasons: Reasons) -> NetObject | None:
    """Return the set of the first authentication, ``None`` where nothing is left of it, which is named."""
    modules = said.keying_modules
    union: list[AuthenticationMethod] = []
    for module in modules:
        union += [each for each in said.main_mode.authentication(module) if each not in union]
    for module in modules:
        own = list(said.main_mode.authentication(module))
        if own != [each for each in union if each.method in METHODS[module]]:
            reasons.refuse(
                f"{place}main_mode.{module.lower()}_authentication",
                "a rule has one list of methods for all its keying modules, in one order",
            )
        elif len(own) < len(union):
            reasons.lose(f"{place}main_mode.{module.lower()}_authentication", _IGNORED)
    where = f"{place}main_mode"
    proposals = [
        made
        for each in union
        for made in _first(each, modules, where, target, reasons)
        if _is_sayable(made, f"{where} {each.method}", target, reasons)
    ]
    kinds = {name for parameters in proposals for name, _ in parameters}
    if {"PreSharedKey", "Ntlm"} <= kinds:
        reasons.refuse(where, "a list of methods has a pre-shared key or NTLM, and not both")
    return _made("NetIPsecPhase1AuthSet", "first authentication", proposals, where, reasons)


def second_set(said: Negotiation, place: str, target: NativeTarget, reasons: Reasons) -> NetObject | None:
    """Return the set of the second authentication, of the user; ``None`` where there is none."""
    extended = said.extended_mode
    if extended is None:
        return None
    where = f"{place}extended_mode"
    if said.keying_modules != ("AuthIP",):
        reasons.refuse(
            where, "AuthIP alone has a second authentication, and a rule of several modules has the others too"
        )
        return None
    if extended.impersonation != "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL":
        reasons.lose(f"{where}.impersonation", "who is impersonated cannot be chosen: whom the socket is of")
    proposals = list(_second(extended, where, target, reasons))
    if proposals and all(dict(each).keys() == {"Anonymous"} for each in proposals):
        reasons.refuse(where, "a second authentication is not anonymous alone ([MS-FASP])")
        return None
    return _made("NetIPsecPhase2AuthSet", "second authentication", proposals, where, reasons)


def _made(noun: str, title: str, proposals: list[Parameters], where: str, reasons: Reasons) -> NetObject | None:
    if not proposals:
        reasons.refuse(where, "no method of authentication is left")
        return None
    return NetObject(noun, title, (), tuple(proposals))


def _is_sayable(proposal: Parameters, name: str, target: NativeTarget, reasons: Reasons) -> bool:
    why = target.unsayable_method(proposal)
    if why:
        reasons.lose(name, why)
    return not why


def _first(
    method: AuthenticationMethod, modules: Iterable[str], where: str, target: NativeTarget, reasons: Reasons
) -> Iterator[Parameters]:
    name = f"{where} {method.method}"
    if method.flags and not method.method.startswith("IKEEXT_SSL"):
        reasons.lose(f"{name} flags", "methods have no flags of their own: revocation is checked as the host says")
    if method.method == "IKEEXT_KERBEROS":
        yield (*switches("Machine", "Kerberos"), *((("Proxy", method.proxy),) if method.proxy else ()))
    elif method.method == "IKEEXT_NTLM_V2":
        yield switches("Machine", "Ntlm")
    elif method.method == "IKEEXT_ANONYMOUS":
        yield switches("Anonymous")
    elif method.method == "IKEEXT_PRESHARED_KEY":
        yield from _key(method, modules, name, target, reasons)
    elif method.method in SIGNING:
        yield from _certificates(method, modules, name, reasons)
    else:
        reasons.lose(name, "Windows Firewall's rules do not have it")


def _key(
    method: AuthenticationMethod, modules: Iterable[str], name: str, target: NativeTarget, reasons: Reasons
) -> Iterator[Parameters]:
    kind, _, variable = (method.key or "").partition(":")
    why = "its IKEv2 knows certificates alone" if "IKEv2" in modules else target.unsayable_key(kind)
    if why:
        reasons.lose(name, why)
    else:
        yield (*switches("Machine"), ("PreSharedKey", FromEnvironment(variable)))


def _certificates(
    method: AuthenticationMethod, modules: Iterable[str], name: str, reasons: Reasons
) -> Iterator[Parameters]:
    if "AuthIP" in modules:
        reasons.lose(name, "AuthIP would use the same certificates, and in the design it does not")
        return
    yield from certificate_proposals(method, name, reasons)


def _second(extended: ExtendedMode, where: str, target: NativeTarget, reasons: Reasons) -> Iterator[Parameters]:
    for method in extended.authentication:
        name = f"{where} {method.method}"
        if method.flags:
            reasons.lose(f"{name} flags", "methods have no flags of their own")
        if method.method == "IKEEXT_KERBEROS":
            proposal = (*switches("User", "Kerberos"), *((("Proxy", method.proxy),) if method.proxy else ()))
            if _is_sayable(proposal, name, target, reasons):
                yield proposal
        elif method.method == "IKEEXT_NTLM_V2":
            yield switches("User", "Ntlm")
        elif method.method == "IKEEXT_ANONYMOUS":
            yield switches("Anonymous")
        else:
            reasons.lose(name, "Windows Firewall's rules do not have it")

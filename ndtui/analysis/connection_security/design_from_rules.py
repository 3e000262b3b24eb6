"""The design that connection security rules say: each rule that protects becomes a rule, each other one an exemption.

What a design cannot say is named, and never dropped in silence. Sources: [MS-FASP] and [MS-GPFAS] for what a rule means
and what the default sets hold; the NetSecurity pages for the keying modules that are meant where none is named.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from ndtui.analysis.connection_security.certificate_suites import certificate_method, lost_of, together
from ndtui.analysis.connection_security.host_exemptions import USUAL, left_out_by
from ndtui.analysis.connection_security.rule_traffic import exempt_traffic_of, scope_of
from ndtui.analysis.connection_security.security_rules import Action, MainOffers, RulesRead, SecurityRule, Suite
from ndtui.analysis.peers.windows_firewall import windows_firewall
from ndtui.common.text import shortened, visible
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ipsec_policy import OPTIONAL_DH, MainMode
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.files.design_file import reason_of
from ndtui.model.vocabulary.layers import INBOUND_TRANSPORT, OUTBOUND_TRANSPORT

_MODES: dict[Action, str] = {
    "SecureServer": "negotiation-discovery",
    "Boundary": "boundary",
    "Secure": "require",
    "Inherit": "inherit",
}
#: What each way to authenticate is called by each keying module that has it.
_METHODS: dict[str, dict[KeyingModule, str]] = {
    "machinekerb": {"IKE": "IKEEXT_KERBEROS", "AuthIP": "IKEEXT_KERBEROS"},
    "machinecert": {"IKE": "IKEEXT_CERTIFICATE", "AuthIP": "IKEEXT_SSL", "IKEv2": "IKEEXT_CERTIFICATE"},
    "machinentlm": {"AuthIP": "IKEEXT_NTLM_V2"},
    "machineshkey": {"IKE": "IKEEXT_PRESHARED_KEY", "IKEv2": "IKEEXT_PRESHARED_KEY"},
    "anonymous": {"AuthIP": "IKEEXT_ANONYMOUS"},
}
_OF_USERS = {
    "userkerb": "IKEEXT_KERBEROS",
    "userntlm": "IKEEXT_NTLM_V2",
    "usercert": "IKEEXT_SSL",
    "anonymous": "IKEEXT_ANONYMOUS",
}
#: Where a pre-shared key is looked up: it is not taken over from what was read.
KEY = "env:IPSEC_PRESHARED_KEY"
_USUALLY_SAID = (
    "neighbour discovery and DHCP are exempt, as Windows Firewall has it unless it is told otherwise: what it was told "
    "is not in the file"
)


class Imported(NamedTuple):
    """A design, if there is one, what of the rules is not in it, and what was decided on the way; each in a line."""

    design: Design | None
    missing: tuple[str, ...]
    remarks: tuple[str, ...]


def design_of_rules(read: RulesRead, name: str) -> Imported:
    """Return the design of rules, under a name."""
    missing, remarks = [*read.lost], [] if read.exempt is not None else [_USUALLY_SAID]
    left_out = left_out_by(USUAL if read.exempt is None else read.exempt)
    rules: list[dict[str, Any]] = []
    exemptions: list[dict[str, Any]] = []
    taken = {str(each["name"]): 1 for each in left_out}
    for rule in read.rules:
        called = _called(rule, taken)
        missing += [f"rule {called}: {each}" for each in rule.lost]
        if rule.action == "DoNotSecure":
            said = {"name": called, "enabled": rule.enabled, "comment": rule.description, **exempt_traffic_of(rule)}
            if rule.partial:
                said["layers"] = [OUTBOUND_TRANSPORT, INBOUND_TRANSPORT]
            exemptions += _if_possible(Exemption, said, missing)
            continue
        negotiation = None
        if rule.action != "Inherit":
            negotiation, lost = _negotiation(rule)
            missing += [f"rule {called}: {each}" for each in lost]
            if negotiation is None:
                continue
        remarks += [f"rule {called}: {each}" for each in _remarks(rule)]
        said = {
            "name": called,
            "enabled": rule.enabled,
            "mode": _MODES[rule.action],
            "comment": rule.description,
            "scope": scope_of(rule),
            "encryption": "guaranteed" if rule.encrypted else "none",
            "machines": rule.machines,
            "users": rule.users,
            "negotiation": negotiation,
        }
        rules += _if_possible(DesignRule, said, missing)
    if not any(each["enabled"] and each["negotiation"] for each in rules):
        missing.append("there is no rule that is enabled and protects anything")
        return Imported(None, tuple(missing), tuple(remarks))
    own = {"id": read.design} if read.design else {}
    return _compiled({"name": name, **own}, rules, [*left_out, *exemptions], missing, remarks)


def _if_possible(kind: type[Exemption | DesignRule], said: dict[str, Any], missing: list[str]) -> list[dict[str, Any]]:
    """Return what is said of a rule or an exemption if there can be such a one, and nothing otherwise."""
    try:
        kind.model_validate(said)
    except ValidationError as error:
        missing.append(f"rule {said['name']}, all of it: {reason_of(error)}")
        return []
    return [said]


def _compiled(
    called: dict[str, str],
    rules: Sequence[dict[str, Any]],
    exemptions: Sequence[Any],
    missing: list[str],
    remarks: list[str],
) -> Imported:
    """Return the design of what was found, by its name and id; what its first rule negotiates is the design's own."""
    shared = next(rule["negotiation"] for rule in rules if rule["enabled"] and rule["negotiation"])
    own = [{**rule, "negotiation": None if rule["negotiation"] == shared else rule["negotiation"]} for rule in rules]
    try:
        made = Design.model_validate({"version": 2, **called, "rules": own, "exemptions": exemptions, **shared})
    except ValidationError as error:
        missing.append(f"it makes no design: {reason_of(error)}")
        return Imported(None, tuple(missing), tuple(remarks))
    return Imported(made, tuple(missing), tuple(remarks))


def _called(rule: SecurityRule, taken: dict[str, int]) -> str:
    """Return the name of a rule in the design, one that a name may be, and of several alike with a number.

    ``taken`` has the last number of each name there is, and gets this one.
    """
    name = shortened(visible(rule.name).strip(), 400) or "unnamed"
    called, number = name, taken.get(name, 0)
    while called in taken:
        number += 1
        called = f"{name} {number}"
    taken |= {name: number or 1, called: 1} if called != name else {name: 1}
    return called


def _remarks(rule: SecurityRule) -> Iterator[str]:
    if rule.action == "Inherit":
        return
    if (rule.machines or rule.users) and not rule.inbound_only:
        yield "who may talk under it is asked in both directions; in the design it is asked of connections from outside"
    if any(rule.addresses) or any(rule.ports):
        yield "its first end is taken for this machine, its second for the peers; Windows takes them either way round"
    if not rule.keying:
        yield (
            "it names no keying module: IKE and AuthIP are taken, as Windows does before 11 24H2 and Server 2025; those"
            " take IKE and IKEv2 for certificates of machines"
        )
    if rule.crypto is None:
        yield "it names no quick mode proposals: those of Windows Firewall are taken, which do not encrypt"


def _negotiation(rule: SecurityRule) -> tuple[dict[str, Any] | None, list[str]]:
    """Return what a rule negotiates as plain data, and what of it cannot be said; none where nothing is left."""
    lost: list[str] = []
    usual = windows_firewall()
    methods: dict[KeyingModule, list[dict[str, Any]]] = {module: [] for module in KEYING_MODULES}
    for suites in together(rule.first):
        made, why = _machine(suites)
        lost += why
        for module, method in made.items():
            methods[module].append(method)
    wanted = rule.keying or ("IKE", "AuthIP")
    modules = [module for module in KEYING_MODULES if module in wanted and methods[module]]
    lost += [f"{each} has none of its ways to authenticate" for each in rule.keying if each not in modules]
    if not modules:
        return None, [*lost, "no keying module has a way to authenticate"]
    extended, why = _users(rule.second)
    lost += why
    if extended is not None and "AuthIP" not in modules:
        lost.append("users authenticate, which only AuthIP has")
        extended = None
    offered, why = _main_mode(rule.main, modules, usual.main_mode)
    lost += why
    main = {
        **offered,
        **{f"{module.lower()}_authentication": methods[module] for module in KEYING_MODULES if methods[module]},
    }
    quick = usual.quick_mode.model_dump(mode="json")
    if rule.crypto is not None:
        quick["proposals"] = [each.model_dump(mode="json") for each in rule.crypto]
    return {"keying_modules": modules, "main_mode": main, "quick_mode": quick, "extended_mode": extended}, lost


def _main_mode(said: MainOffers | None, modules: Sequence[str], usual: MainMode) -> tuple[dict[str, Any], list[str]]:
    """Return what main mode offers, in plain data, and what of it cannot be said."""
    if said is None:
        return usual.model_dump(mode="json"), []
    without = [each for each in said.proposals if each.dh_group == "IKEEXT_DH_GROUP_NONE" and modules != ["AuthIP"]]
    lost = ["main mode without a group for key exchange, which AuthIP alone can do"] if without else []
    left = [each for each in said.proposals if each not in without]
    if not left:
        lost.append("nothing of what its main mode offers can be said: that of Windows Firewall is taken")
        return usual.model_dump(mode="json"), lost
    flags = () if said.forced else (OPTIONAL_DH,)
    return MainMode(proposals=tuple(left), flags=flags).model_dump(mode="json"), lost


def _machine(suites: Sequence[Suite]) -> tuple[dict[KeyingModule, dict[str, Any]], list[str]]:
    """Return a way by which machines authenticate, for each keying module that has it, and what of it is lost."""
    suite = suites[0]
    kinds = _METHODS.get(suite.method.casefold())
    if kinds is None:
        return {}, [f"authentication by {suite.method or 'nothing'}"]
    if suite.method.casefold() == "machineshkey":
        key = suite.details.get("key", "")
        lost = [f"its pre-shared key is not taken over: set {KEY.partition(':')[2]} where the design is applied"]
        return {module: {"method": kind, "key": key or KEY} for module, kind in kinds.items()}, [] if key else lost
    if suite.method.casefold() != "machinecert":
        return {module: {"method": kind, **_proxy(suite)} for module, kind in kinds.items()}, []
    lost = [what for each in suites for what in lost_of(each)]
    return {module: certificate_method(suites, kind) for module, kind in kinds.items()}, lost


def _proxy(suite: Suite) -> dict[str, str]:
    """Return the proxy of Kerberos, if a suite has one."""
    return {"proxy": suite.details["proxyserver"]} if suite.details.get("proxyserver") else {}


def _users(suites: Sequence[Suite]) -> tuple[dict[str, Any] | None, list[str]]:
    """Return how users authenticate, if they do, and what of it is lost."""
    found: list[dict[str, Any]] = []
    lost: list[str] = []
    for several in together(suites):
        suite = several[0]
        kind = _OF_USERS.get(suite.method.casefold())
        if kind is None:
            lost.append(f"second authentication by {suite.method or 'nothing'}")
        elif suite.method.casefold() == "usercert":
            found.append(certificate_method(several, kind))
            lost += [what for each in several for what in lost_of(each)]
        else:
            found.append({"method": kind, **_proxy(suite)})
    return ({"authentication": found} if found else None), lost

"""Remedies that can be followed by a rule are followed: the finding goes, and none appears that asks it back."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given

from ndtui.analysis.check.examine import check
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.finding_ids import IDS
from ndtui.analysis.peers.timeline import Peer, timeline_of
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption, rebuild
from ndtui.model.files.presets import shipped
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT, PROTECTED_LAYERS
from tests.analysis.check.test_check import CASES, CERTIFICATE, GOOD, MAIN, RULED
from tests.strategies import designs
from tests.support import design, exempting, often

SSH = parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:22")
Remedy = Callable[[Design, Finding], Iterator[Design]]
SERVERS = {"V4": "192.0.2.53", "V6": "2001:db8::53"}
GOOD_QUICK = {"transforms": [GOOD], "pfs_group": "IPSEC_PFS_ECP_384"}


def servers(of: Design, each: Exemption | None = None) -> list[str]:
    families = of.families if each is None else each.reach(of.families)
    return [SERVERS[family] for family in families]


def adding(of: Design, **fields: Any) -> Design:
    taken = {each.name for each in of.exemptions}
    name = next(f"added {n}" for n in range(99) if f"added {n}" not in taken)
    return change(of, exemptions=(*of.exemptions, {"name": name, **fields}))


def altered(of: Design, found: Finding, **fields: Any) -> Design:
    """Return a design whose exemption says something else."""
    return change(of, exemptions=[rebuild(e, **fields) if e.name == found.where.name else e for e in of.exemptions])


def without(of: Design, found: Finding) -> Iterator[Design]:
    yield change(of, exemptions=[each for each in of.exemptions if each.name != found.where.name])


def named(of: Design, found: Finding) -> Exemption:
    return next(each for each in of.exemptions if each.name == found.where.name)


def ruled(of: Design, found: Finding, **fields: Any) -> Design:
    name = found.where.name if found.where.element == "rule" else "base"
    return change(of, rules=[{**dict(r), **fields} if r.name == name else r for r in of.rules])


def everywhere(of: Design, alter: Callable[[Any], dict[str, Any]]) -> Design:
    """Return a design that negotiates otherwise, and so does each of its rules that has its own way."""
    rules = [
        {**dict(each), "negotiation": {**dict(each.negotiation), **alter(each.negotiation)}}
        if each.negotiation is not None
        else each
        for each in of.rules
    ]
    return change(of, rules=rules, **alter(of))


def policy(of: Design, mode: str, **fields: Any) -> Design:
    return everywhere(of, lambda held: {mode: {**dict(getattr(held, mode)), **fields}})


def at_layers(*stems: str) -> Remedy:
    def follow(of: Design, found: Finding) -> Iterator[Design]:
        yield altered(of, found, layers=tuple({*named(of, found).layers, *stems}))

    return follow


def source_port(of: Design, found: Finding) -> Iterator[Design]:
    each = named(of, found)
    yield altered(of, found, remote_addresses=servers(of, each))
    if "ALE_AUTH_RECV_ACCEPT out" in found.remedy:
        yield altered(of, found, layers=tuple(stem for stem in each.layers if stem != ALE_AUTH_RECV_ACCEPT))


def not_by_program(of: Design, found: Finding) -> Iterator[Design]:
    if "in place of the program" in found.remedy:
        each = named(of, found)
        narrow = {} if each.remote_addresses else {"remote_addresses": servers(of, each)}
        yield altered(of, found, program="", layers=PROTECTED_LAYERS, **narrow)


def from_managers(of: Design, found: Finding) -> Iterator[Design]:
    yield altered(of, found, remote_addresses=servers(of, named(of, found)))


def way_in(of: Design, _found: Finding) -> Iterator[Design]:
    for port in (3389, 5985, 22, 445):
        yield adding(of, protocol="tcp", local_ports=[port], remote_addresses=servers(of))


def exempt_controllers(of: Design, _found: Finding) -> Iterator[Design]:
    yield adding(of, remote_addresses=servers(of))


def start(of: Design, found: Finding) -> Iterator[Design]:
    ports = [port for port in (67, 547, 53) if str(port) in found.remedy]
    for port in ports:
        families = {67: ("V4",), 547: ("V6",)}.get(port, of.families)
        addresses = [SERVERS[family] for family in families if family in of.families]
        of = adding(of, protocol="udp", remote_ports=[port], remote_addresses=addresses)
    yield of


def exempt_icmp(of: Design, _found: Finding) -> Iterator[Design]:
    yield adding(of, protocol="icmp")


def in_two(of: Design, found: Finding) -> Iterator[Design]:
    (gone,) = without(of, found)
    each = dict(named(of, found))
    parts = [{**each, "name": f"{found.where.name[:200]} {family}", "families": (family,)} for family in of.families]
    for side in ("local_addresses", "remote_addresses"):
        for part in parts:
            part[side] = [address for address in each[side] if address.family in part["families"]]
    taken = {e.name for e in gone.exemptions}
    if not taken & {part["name"] for part in parts}:
        yield change(gone, exemptions=(*gone.exemptions, *parts))


def lifetime(of: Design, _found: Finding) -> Iterator[Design]:
    yield change(
        of, lifetime="static", before_bfe=(), exemptions=[rebuild(each, before_bfe=False) for each in of.exemptions]
    )


def block_before_bfe(of: Design, found: Finding) -> Iterator[Design]:
    directions = re.findall(r'"(inbound|outbound)"', found.remedy)
    yield change(of, before_bfe=directions)


def let_through_later(of: Design, found: Finding) -> Iterator[Design]:
    yield altered(of, found, before_bfe=False)
    if "before_bfe = [" in found.remedy:
        yield from block_before_bfe(of, found)
    if "profiles" in found.remedy:
        yield altered(of, found, profiles=())


def both_families(of: Design, _found: Finding) -> Iterator[Design]:
    yield change(of, families=("V4", "V6"))


def both_modules(of: Design, found: Finding) -> Iterator[Design]:
    if found.remedy.startswith("Add IKE"):
        groups = {each.dh_group for each in of.main_mode.proposals}
        if "IKEEXT_DH_GROUP_NONE" not in groups and of.main_mode.ike_authentication:
            yield change(of, keying_modules=("IKE", "AuthIP"))


def ike_off(of: Design, _found: Finding) -> Iterator[Design]:
    yield everywhere(of, lambda held: {"keying_modules": ("AuthIP",)} if held.extended_mode is not None else {})


def universal(of: Design, _found: Finding) -> Iterator[Design]:
    yield change(of, sublayer={"kind": "universal"})


def ike_here_too(of: Design, found: Finding) -> Iterator[Design]:
    yield from universal(of, found)
    stems = {*PROTECTED_LAYERS, *(stem for rule in of.rules for stem in rule.stems)}
    yield adding(of, protocol="udp", local_ports=[500, 4500], layers=tuple(stems))


def untied(of: Design, found: Finding) -> Iterator[Design]:
    if "weight range" in found.remedy:
        yield ruled(of, found, weight_range=5)


def another_weight(of: Design, found: Finding) -> Iterator[Design]:
    weight = int(found.remedy.rpartition(" ")[2].rstrip("."))
    yield change(of, sublayer={"kind": "own", "weight": weight})


def rule_says(**fields: Any) -> Remedy:
    def follow(of: Design, found: Finding) -> Iterator[Design]:
        yield ruled(of, found, **fields)

    return follow


def heavier(of: Design, found: Finding) -> Iterator[Design]:
    if "higher weight range" in found.remedy and all(each.weight_range != 11 for each in of.rules):
        yield ruled(of, found, weight_range=11)


def rule_gone(of: Design, found: Finding) -> Iterator[Design]:
    yield change(of, rules=[each for each in of.rules if each.name != (found.where.name or "base")])


def quick_mode(of: Design, _found: Finding) -> Iterator[Design]:
    none = dict.fromkeys(("ike_proposals", "authip_proposals", "ikev2_proposals"), ())
    yield policy(of, "quick_mode", proposals=[GOOD_QUICK], **none)


def main_mode(of: Design, _found: Finding) -> Iterator[Design]:
    none = dict.fromkeys(("ike_proposals", "authip_proposals", "ikev2_proposals"), ())
    yield policy(of, "main_mode", proposals=[{**MAIN, "lifetime_seconds": 28800}], **none)


def quick_times(of: Design, _found: Finding) -> Iterator[Design]:
    times = {"nd_allow_clear_timeout_seconds": 10, "idle_timeout_seconds": 300, "idle_timeout_failover_seconds": 60}
    yield policy(of, "quick_mode", **times)


def shorter(of: Design, _found: Finding) -> Iterator[Design]:
    def alter(held: Any) -> dict[str, Any]:
        main = [{**dict(each), "lifetime_seconds": 28800} for each in held.main_mode.proposals]
        quick = [{**dict(each), "lifetime_seconds": 3600} for each in held.quick_mode.proposals]
        return {
            "main_mode": {**dict(held.main_mode), "proposals": main},
            "quick_mode": {**dict(held.quick_mode), "proposals": quick},
        }

    yield everywhere(of, alter)


def kerberos(of: Design, _found: Finding) -> Iterator[Design]:
    both = [{"method": "IKEEXT_KERBEROS"}]
    of = policy(of, "main_mode", ike_authentication=both, authip_authentication=both)

    def users(held: Any) -> dict[str, Any]:
        return {} if held.extended_mode is None else {"extended_mode": {"authentication": both}}

    yield everywhere(of, users)


def no_anonymous(of: Design, _found: Finding) -> Iterator[Design]:
    def alter(held: Any) -> dict[str, Any]:
        if held.extended_mode is None:
            return {}
        kept = [each for each in held.extended_mode.authentication if each.method != "IKEEXT_ANONYMOUS"]
        return {
            "extended_mode": {**dict(held.extended_mode), "authentication": kept or [{"method": "IKEEXT_KERBEROS"}]}
        }

    yield everywhere(of, alter)


def no_flags(of: Design, found: Finding) -> Iterator[Design]:
    bare = policy(of, "main_mode", flags=(), impersonation=None, retransmit_seconds=0)
    for after in kerberos(bare, found):
        yield policy(after, "quick_mode", flags=())


FOLLOW: dict[str, Remedy] = {
    "source-port": source_port,
    "partial-exemption": at_layers(*PROTECTED_LAYERS),
    "program-at-transport": not_by_program,
    "held-at-connect": at_layers(ALE_AUTH_CONNECT),
    "exempts-management": from_managers,
    "management-dropped": way_in,
    "no-domain-controller": exempt_controllers,
    "start-up": start,
    "neighbour-discovery": exempt_icmp,
    "needless-exemption": without,
    "exempts-ipsec": without,
    "exempts-ike": without,
    "exempts-everything": without,
    "shadowed-exemption": without,
    "shadowed-by-union": without,
    "icmp-type-in-both": in_two,
    "persistent-drop": lifetime,
    "dynamic-lifetime": lifetime,
    "before-bfe": block_before_bfe,
    "exempt-before-bfe": let_through_later,
    "profile-before-bfe": let_through_later,
    "one-family": both_families,
    "authip-only": both_modules,
    "extended-mode-bypassed": ike_off,
    "own-sublayer": ike_here_too,
    "sublayer-tie": another_weight,
    "nd-secure-unenforced": rule_says(nd_secure=False),
    "nd-secure-off": rule_says(nd_secure=True),
    "ale-raw-context": rule_says(ale_persist_context=False),
    "outranked-rule": heavier,
    "equal-weights": untied,
    "shadowed-rule": rule_gone,
    "needless-rule": rule_says(scope={}),
    "denied-too-late": rule_says(machines="O:LSD:(D;;CC;;;S-1-5-21-1-2-3-1104)(A;;CC;;;DC)"),
    "addition-unprotected": rule_says(mode="negotiation-discovery"),
    "encryption-not-offered": quick_mode,
    "encryption-optional": quick_mode,
    "no-encryption": quick_mode,
    "no-integrity": quick_mode,
    "no-forward-secrecy": quick_mode,
    "pfs-mismatch": quick_mode,
    "ah-across-nat": quick_mode,
    "weak-quick-mode": quick_mode,
    "weak-main-mode": main_mode,
    "lifetime-mismatch": shorter,
    "long-lifetime": shorter,
    "clear-window": quick_times,
    "idle-timeout": quick_times,
    "anonymous-first": kerberos,
    "anonymous-authentication": kerberos,
    "preshared-key": kerberos,
    "no-revocation-check": kerberos,
    "module-authentication": kerberos,
    "any-root": kerberos,
    "one-way-authentication": kerberos,
    "extended-anonymous": no_anonymous,
    "method-needs-group": main_mode,
    "optional-group": quick_mode,
    "no-effect": no_flags,
}
#: What nobody can follow by a rule: it asks for a decision, or it is about what stands outside of the design.
BY_A_PERSON = {
    "not-decided",
    "assertion-failed",
    "unknown-suppression",
    "unused-suppression",
    "sublayer-above",
    "sublayer-below",
    "persistent-provider",
    "exempts-whole-protocol",
    "half-domain-controller",
    "names-alike",
    "weak-preferred",
    "duplicate-proposal",
    "rules-disagree",
    "condition-left-out",
    "authip-kerberos",
    "boundary-behind-nat",
    "too-new",
    "peer-unmet",
    "certificates-by-authip",
}


def said(of: Design) -> list[Finding]:
    return [each for each in check(compile_design(of)) if each.id in FOLLOW]


def follow_all(of: Design) -> int:
    """Follow each remedy of each finding; return how many there were."""
    before = said(of)
    known = {(each.id, each.where) for each in before}
    count = 0
    for found in before:
        for after in FOLLOW[found.id](of, found):
            count += 1
            left = said(after)
            assert (found.id, found.where) not in {(each.id, each.where) for each in left}, found
            for new in left:
                if (new.id, new.where) in known or not _concerned(found, new):
                    continue
                for again in FOLLOW[new.id](after, new):
                    back = {(each.id, each.where) for each in said(again)}
                    assert (found.id, found.where) not in back, f"{found.id} and {new.id} ask for the opposite"
    return count


def _concerned(found: Finding, new: Finding) -> bool:
    """Tell whether two findings are about one thing: the same element, or one of the design's own decisions."""
    own = ("exemption", "exemptions")
    return found.where == new.where or not ({found.where.element, new.where.element} & {*own})


def test_every_finding_is_followed_or_said_to_be_for_a_person():
    assert FOLLOW.keys() | BY_A_PERSON == IDS.keys()
    assert not FOLLOW.keys() & BY_A_PERSON


@pytest.mark.parametrize("case", sorted(FOLLOW))
def test_the_remedy_of_each_finding_helps(case: str):
    fires, silent = CASES[case]
    assert follow_all(fires)
    follow_all(silent)


@pytest.mark.parametrize("name", [each.name for each in shipped()])
def test_the_remedies_of_a_preset_help(name: str):
    follow_all(next(each for each in shipped() if each.name == name).load())


@pytest.mark.parametrize("of", RULED)
def test_the_remedies_of_rules_help(of: Design):
    follow_all(of)


@often
@given(designs(most=3))
def test_remedies_of_random_designs_do_not_contradict_each_other(of: Design):
    follow_all(of)


MODES = ("negotiation-discovery", "boundary", "require", "inherit")
SCOPES: tuple[dict[str, Any], ...] = (
    {},
    {"remote_addresses": ["192.0.2.0/24"]},
    {"remote_addresses": ["192.0.2.128-192.0.3.9", "2001:db8::/32"]},
    {"protocol": "tcp", "local_ports": [1433]},
    {"protocol": "tcp", "local_ports": ["1-2000"], "remote_ports": [1433], "either_port": True},
    {"protocol": "icmp"},
    {"profiles": ["domain"]},
    {"interfaces": ["wireless"], "local_addresses": ["10.0.0.0/8"]},
)
NEGOTIATIONS = (None, {"keying_modules": ["IKE"]}, {"quick_mode": {"proposals": [GOOD_QUICK]}})
EXEMPT: tuple[dict[str, Any], ...] = (
    {"protocol": "udp", "remote_ports": [53]},
    {"protocol": "tcp", "local_ports": [3389]},
    {"protocol": "icmp"},
    {"remote_addresses": ["192.0.2.7"], "layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]},
)


def of_rules(draw: Random) -> Design:
    """Return a design of one to four rules that may overlap, and up to two exemptions."""
    rules = [{"name": "base", "mode": draw.choice(MODES[:3]), "scope": draw.choice(SCOPES)}]
    for number in range(draw.randrange(4)):
        mode = draw.choice(MODES)
        fields: dict[str, Any] = {"name": f"r{number}", "mode": mode, "scope": draw.choice(SCOPES)}
        fields |= {"weight_range": draw.choice((None, None, 1, 4, 11))}
        fields |= {"encryption": "guaranteed" if mode == "inherit" else draw.choice(("none", "none", "guaranteed"))}
        fields |= {"machines": draw.choice(("", "O:LSD:(A;;CC;;;DC)", "O:LSD:(A;;CC;;;DA)"))}
        rules.append(fields if mode == "inherit" else {**fields, "negotiation": draw.choice(NEGOTIATIONS)})
    chosen = [{"name": f"e{n}", **each} for n, each in enumerate(draw.sample(EXEMPT, draw.randrange(3)))]
    if draw.random() < 0.5:
        return design(rules=rules, exemptions=chosen)
    blocked = [each for each in ("inbound", "outbound") if draw.random() < 0.4]
    chosen = [{**each, "before_bfe": draw.random() < 0.4} for each in chosen]
    return design(rules=rules, exemptions=chosen, lifetime="persistent", before_bfe=blocked)


@pytest.mark.parametrize("seed", range(8))
def test_remedies_of_random_rules_do_not_contradict_each_other(seed: int):
    draw = Random(seed)
    for _ in range(12):
        follow_all(of_rules(draw))


def test_a_source_port_is_not_answered_by_a_partial_exemption():
    """What the remedy asks for was a finding of its own once, which asked for the layer back."""
    dns = {"protocol": "udp", "remote_ports": [53]}
    (found,) = [each for each in said(exempting(dns)) if each.id == "source-port"]
    _, narrowed = source_port(exempting(dns), found)
    assert {each.id for each in said(narrowed)} & {"source-port", "partial-exemption"} == set()


@pytest.mark.parametrize("modules", [("IKE",), ("IKEv2",), ("IKE", "IKEv2")])
def test_every_module_without_extended_mode_gets_by_it(modules: tuple[str, ...]):
    ikev2 = {"main_mode": {"ikev2_authentication": [{"method": "IKEEXT_CERTIFICATE", **CERTIFICATE}]}}
    made = design(extended_mode={}, keying_modules=["AuthIP", *modules], **ikev2)
    (found,) = [each for each in said(made) if each.id == "extended-mode-bypassed"]
    assert f"a peer that negotiates {' or '.join(modules)} is never asked" in found.message
    assert f"whoever offers {' or '.join(modules)} and no AuthIP gets by" in found.why
    assert ("IKE authenticates machines alone" in found.why) is ("IKE" in modules)
    off = re.findall(r"\bIKE(?:v2)?\b", found.remedy)
    assert tuple(off) == modules
    after = change(made, keying_modules=[each for each in made.keying_modules if each not in off])
    assert after.keying_modules == ("AuthIP",)
    assert "extended-mode-bypassed" not in {each.id for each in said(after)}
    peer = Peer("ikev2" if "IKEv2" in modules else "ike")
    assert timeline_of(compile_design(made), SSH, peer).course.settled == "protected", "no user is asked for"


def test_only_authip_is_no_fault_where_users_are_authenticated():
    (found,) = [each for each in said(design(keying_modules=["AuthIP"], extended_mode={})) if each.id == "authip-only"]
    assert "Add IKE" not in found.remedy

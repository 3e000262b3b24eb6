"""The same treatment of traffic: the script's rules, on a small Windows, decide on packets as the design does.

What the design does is asked of an interpreter of the documents of its filters, by plain loops, and not of the tracer.
"""

from itertools import islice
from typing import Any

import pytest

from ndtui.analysis.connection_security.design_from_rules import design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.analysis.trace.tracer import tracer_of
from ndtui.analysis.traffic.outcome import PROTECTED, Course, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change, negotiation_of
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.files import presets
from tests.analysis.trace.trace_interpreter import Machine
from tests.exporters.powershell.exported import FORMAT, can_be_said, script_of, tree_of
from tests.exporters.powershell.firewall_meaning import UNTOUCHED, Rule, verdict
from tests.exporters.powershell.netsecurity_objects import as_json
from tests.exporters.powershell.sayable_designs import packets_near, random_designs
from tests.exporters.powershell.script_tree import parsed
from tests.exporters.powershell.small_windows import SmallWindows

PACKETS = 1000
DESIGNS = 200


def applied(design: Design) -> dict[str, list[Rule]]:
    """Return the rules that are switched on after the script of a design has run on a new machine."""
    windows = SmallWindows()
    assert windows.run(tree_of(design), Action="Apply")[0] == 0
    return windows.rules()


def assert_alike(design: Design, packets: list[Packet]) -> int:
    """Make sure that both decide alike; returns how many packets are protected, or may be."""
    machine = Machine(design)
    rules = applied(design)
    protected = 0
    for packet in packets:
        possible = [Outcomes(Course(*one), Course(*other)) for one, other in machine.possible(packet)]
        (meant,) = {_untouched(each) for each in possible}
        found = verdict(rules, packet)
        assert found.outcomes == meant, f"{packet}: {found}, and the design {meant}"
        protected += meant.peer_with_ipsec.settled in PROTECTED
    return protected


def _untouched(outcomes: Outcomes) -> Outcomes:
    """Return outcomes in which exempt and untouched are one: in clear, and not IPsec's."""
    return UNTOUCHED if outcomes.peer_with_ipsec.first == "exempt" else outcomes


def sayable_presets() -> list[str]:
    """Return the presets that can be said as they are."""
    return [each.name for each in presets.shipped() if can_be_said(each.load())]


@pytest.mark.parametrize("name", sayable_presets())
def test_a_preset_means_the_same(name: str) -> None:
    design = presets.find(name).load()
    assert assert_alike(design, list(packets_near(design, PACKETS, seed=1))) > PACKETS // 20


@pytest.mark.parametrize("name", ["nd-transport", "nd-zones", "nd-ipv4-only"])
def test_a_preset_with_icmp_by_the_host_means_the_same(name: str) -> None:
    """ICMP that no IPsec rule covers anyway is left out as well, which changes nothing."""
    design, windows = presets.find(name).load(), SmallWindows()
    windows.run(parsed(script_of(design, host_icmp="yes")), Action="Apply")
    tracer = tracer_of(compile_design(design))
    exempt = 0
    for packet in packets_near(design, PACKETS, seed=9):
        meant = _untouched(tracer.trace(packet).outcomes)
        assert verdict(windows.rules(), packet, windows.exemptions).outcomes == meant, packet
        exempt += packet.protocol in (1, 58) and verdict(windows.rules(), packet).outcomes != meant
    assert exempt > 0


def test_most_presets_can_be_said() -> None:
    every = {each.name for each in presets.shipped()}
    assert every - set(sayable_presets()) == {"ms-sample", "nd-certificates"}


@pytest.mark.parametrize("part", range(4))
def test_random_designs_mean_the_same(part: int) -> None:
    designs = islice(filter(can_be_said, random_designs(seed=part)), DESIGNS // 4)
    kinds: set[str] = set()
    for number, design in enumerate(designs):
        assert_alike(design, list(packets_near(design, PACKETS, seed=number)))
        kinds |= {rule.mode for rule in design.rules}
        kinds |= {"encryption" for rule in design.rules if rule.encryption != "none"}
        kinds |= {"identity" for rule in design.rules if rule.is_identified}
        kinds |= {"partial" for each in design.exemptions if len(each.layers) == 2}
    assert kinds == {"negotiation-discovery", "boundary", "require", "inherit", "encryption", "identity", "partial"}


def test_the_sample_without_what_is_lost_means_the_same() -> None:
    """What it loses is a method and a raw context: who is protected stays the same."""
    design = presets.find("ms-sample").load()
    assert_alike(design, list(packets_near(design, PACKETS, seed=2)))


def test_certificates_can_be_said_where_all_machines_have_the_default_that_is_meant() -> None:
    design = change(presets.find("nd-certificates").load(), windows="11 24H2")
    lost = FORMAT.unsupported(compile_design(design), {})
    assert [each.element for each in lost] == ["quick_mode.ikev2_proposals"]
    rules = applied(design)
    assert {rule["KeyModule"] for rule in rules["NetIPsecRule"]} == {"Default"}
    assert_alike(design, list(packets_near(design, PACKETS, seed=3)))


def read_back(design: Design) -> Design:
    """Return the design that the importer makes of what NetSecurity would write of a script's rules and sets."""
    windows = SmallWindows()
    assert windows.run(tree_of(design), Action="Apply")[0] == 0
    read = read_rules(as_json(windows), "rules.json")
    assert read is not None
    imported = design_of_rules(read._replace(exempt=0), "back")
    assert imported.design is not None, imported.missing
    assert imported.missing == ()
    return imported.design


def assert_back(design: Design, packets: list[Packet]) -> None:
    """Make sure that a design and what is read back of its script decide alike, and negotiate alike."""
    back = read_back(design)
    assert back.id == design.id
    assert {each.name for each in back.rules} >= {each.name for each in design.rules}
    assert {negotiates(back, rule) for rule in back.rules} == {negotiates(design, rule) for rule in design.rules}
    one, other = (tracer_of(compile_design(each)) for each in (design, back))
    for packet in packets:
        assert _untouched(one.trace(packet).outcomes) == _untouched(other.trace(packet).outcomes), packet


@pytest.mark.parametrize("name", ["nd-transport", "nd-boundary", "transport-require", "nd-subnet", "nd-ipv4-only"])
def test_a_preset_is_read_back_as_it_was(name: str) -> None:
    """By the importer, which knows nothing of the script."""
    design = presets.find(name).load()
    assert_back(design, list(packets_near(design, PACKETS, seed=5)))


def test_random_designs_are_read_back_as_they_were() -> None:
    designs = islice(filter(is_read_back, random_designs(seed=11)), 40)
    for number, design in enumerate(designs):
        assert_back(design, list(packets_near(design, 200, seed=number)))


def negotiates(design: Design, rule: DesignRule) -> tuple[object, ...]:
    """Return what a rule offers, and how both sides prove who they are."""
    said = negotiation_of(design, rule)
    main = said.main_mode
    methods = [main.authentication(module) for module in said.keying_modules]
    second = said.extended_mode and said.extended_mode.authentication
    return (said.keying_modules, tuple(methods), second, main.proposals, main.flags, said.quick_mode.proposals)


CERTIFIED: dict[str, Any] = {
    "method": "IKEEXT_CERTIFICATE_ECDSA_P384",
    **dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"),
    "roots": ["subject:CN=Example Root CA, O=Example"],
}
_ROOT = CERTIFIED["roots"][0]
CRITERIA = {
    **{name: value for name, value in CERTIFIED.items() if name != "roots"},
    "inbound_criteria": [
        {
            "root": _ROOT,
            "key_usages": ["1.3.6.1.5.5.8.2.2", "1.3.6.1.5.5.7.3.1"],
            "name": "host.example.com",
            "name_type": "IKEEXT_CERT_CRITERIA_DNS",
            "flags": ["IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING"],
        }
    ],
    "outbound_criteria": [{"root": _ROOT, "thumbprint": "0a" * 20}],
}
_AH = {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}
_BOTH = [_AH, {**_AH, "type": "IPSEC_TRANSFORM_ESP_AUTH"}]


@pytest.mark.parametrize(
    "fields",
    [
        {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [CERTIFIED]}},
        {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [CRITERIA]}},
        {"keying_modules": ["AuthIP"], "extended_mode": {"authentication": [{"method": "IKEEXT_NTLM_V2"}]}},
        {
            "keying_modules": ["AuthIP"],
            "main_mode": {
                "authip_authentication": [{"method": "IKEEXT_NTLM_V2"}, {"method": "IKEEXT_ANONYMOUS"}],
                "flags": [],
            },
        },
        {
            "keying_modules": ["IKE"],
            "quick_mode": {
                "proposals": [
                    {"transforms": each, "lifetime_seconds": 600, "pfs_group": "IPSEC_PFS_NONE"}
                    for each in ([_AH], _BOTH)
                ]
            },
        },
        {
            "main_mode": {
                "proposals": [
                    {"cipher": f"IKEEXT_CIPHER_{cipher}", "integrity": f"IKEEXT_INTEGRITY_{hashed}", "dh_group": group}
                    for cipher, hashed, group in (
                        ("3DES", "MD5", "IKEEXT_DH_GROUP_1"),
                        ("AES_192", "SHA1", "IKEEXT_DH_GROUP_24"),
                    )
                ]
            }
        },
    ],
    ids=["certificates", "criteria", "users", "methods", "without encryption", "main mode"],
)
def test_what_is_negotiated_is_read_back_as_it_was(fields: dict[str, Any]) -> None:
    design = Design.model_validate({"name": "negotiating", **fields})
    assert can_be_said(design)
    assert_back(design, list(packets_near(design, 50, seed=5)))


def is_read_back(design: Design) -> bool:
    """Tell whether IPsec rules alone say all of a design."""
    return can_be_said(design) and not applied(design)["NetFirewallRule"]

"""The file is read back: what ``ndtui import`` makes of it is the design, but for what is named.

Two designs are the same here if they exempt and protect the same traffic in the same way:

- exempt is the same traffic, whatever number of exemptions says so;
- for each mode and negotiation the same traffic is protected, whatever number of rules says so. A negotiation is its
  keying modules, their methods of authentication in order, the proposals of main mode and of quick mode with lifetimes
  and groups, whether the exchange of main mode is forced, and how users authenticate;
- for each demand, encryption and who may connect, the same traffic is asked for it, whatever number of rules does so;
- new connections from outside of the same traffic have to be protected: an exemption may be for the layers of packets.

Not compared are the design's name and id, comments, the order of rules, multicast addresses, which no rule has, and
ICMP of the other address family. Nothing is missing, with which the command would end with status 1. What the host
leaves out by itself, neighbour discovery and DHCP, comes back as exemptions, of which a note says that. Elements that
were lost on the way out are named there, and taken out before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pytest

from ndtui.analysis.connection_security.design_from_rules import Imported, design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.analysis.packet_sets.box import everything
from ndtui.exporters.connection_security.native_reasons import called
from ndtui.exporters.connection_security.native_rules import EITHER_WAY
from ndtui.exporters.connection_security.native_traffic import MULTICAST_PARTS, Part, apart, exemption_parts, rule_parts
from ndtui.exporters.contract import ExportError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.rule import Rule
from ndtui.model.files import presets
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT
from tests.exporters.netsh_script.netsh_designs import netsh_designs, one_key_exchange
from tests.exporters.netsh_script.small_netsh import FORMAT, file_of

HOST = (*(f"Neighbour discovery {kind}" for kind in range(133, 138)), "DHCP", "DHCPv6")
#: What is not compared: multicast addresses, and protocol 58 of IPv4 and 1 of IPv6, which no packet has.
ASIDE = [
    *MULTICAST_PARTS,
    Part("V4", everything("V4")._replace(protocol=((58, 58),))),
    Part("V6", everything("V6")._replace(protocol=((1, 1),))),
]


def read_back(design: Design) -> Imported:
    """Return what the importer makes of a design's file.

    Raises:
        ExportError: the design cannot be said, even without what can be left out.
    """
    read = read_rules(file_of(design, lossy=True), "policy.cmd")
    assert read is not None
    return design_of_rules(read, "back")


def assert_same(design: Design, back: Imported) -> set[str]:
    """Make sure that what was read back is the design, and that nothing is missing.

    Returns why something was lost on the way out.
    """
    assert not back.missing
    assert back.design is not None
    assert "neighbour discovery and DHCP are exempt" in back.remarks[0]
    assert [each.name for each in back.design.exemptions[: len(HOST)]] == list(HOST)
    reasons = FORMAT.unsupported(compile_design(design), {})
    lost = {element for element, why in reasons if why != EITHER_WAY}
    assert_covers(exempt(design, lost, 0), exempt(back.design, set(), len(HOST)))
    for said in (protected, demanded):
        one, other = said(design, lost), said(back.design, set())
        assert one.keys() == other.keys()
        for kind, parts in one.items():
            assert_covers(parts, other[kind])
    assert_covers(accepted(design, lost, 0), accepted(back.design, set(), len(HOST)))
    return {why for _, why in reasons}


def exempt(design: Design, lost: set[str], first: int, *, everywhere: bool = False) -> list[Part]:
    """Return what is exempt; with ``everywhere`` only what is so of new connections too."""
    kept = (each for each in design.exemptions[first:] if each.enabled and called("exemption", each.name) not in lost)
    wanted = (each for each in kept if not everywhere or ALE_AUTH_RECV_ACCEPT in each.stems)
    return [part for each in wanted for part in exemption_parts(each, design.families)]


def accepted(design: Design, lost: set[str], first: int) -> list[Part]:
    """Return of what new connections from outside have to be protected."""
    exempted = exempt(design, lost, first, everywhere=True)
    rules = (each for each in kept_rules(design, lost) if MODES[each.mode].protects)
    parts = (part for each in rules if ALE_AUTH_RECV_ACCEPT in each.stems for part in rule_parts(each, design.families))
    return [piece for part in parts for piece in apart(part, exempted)]


def kept_rules(design: Design, lost: set[str]) -> Iterator[Rule]:
    """Yield the rules that are not lost."""
    yield from (each for each in design.rules if each.enabled and called("rule", each.name) not in lost)


def demanded(design: Design, lost: set[str]) -> dict[str, list[Part]]:
    """Return what has to be encrypted, and what some may connect to, by what is asked."""
    found: dict[str, list[Part]] = defaultdict(list)
    for rule in kept_rules(design, lost):
        if rule.encryption != "none" or rule.is_identified:
            found[f"{rule.encryption} {rule.machines} {rule.users}"] += rule_parts(rule, design.families)
    return found


def protected(design: Design, lost: set[str]) -> dict[str, list[Part]]:
    """Return what is protected, by mode and negotiation."""
    found: dict[str, list[Part]] = defaultdict(list)
    for rule in kept_rules(design, lost):
        if MODES[rule.mode].protects:
            found[f"{rule.mode} {negotiated(negotiation_of(design, rule))}"] += rule_parts(rule, design.families)
    return found


def negotiated(said: Any) -> str:
    """Return a negotiation as a text: two of the same text are the same."""
    modules = said.keying_modules
    main = said.main_mode
    return " ".join(
        map(
            str,
            (
                modules,
                [[each.model_dump(mode="json") for each in main.authentication(module)] for module in modules],
                [[each.model_dump(mode="json") for each in main.offers(module)] for module in modules],
                main.flags,
                [[each.model_dump(mode="json") for each in said.quick_mode.offers(module)] for module in modules],
                said.extended_mode and said.extended_mode.model_dump(mode="json"),
            ),
        )
    )


def assert_covers(one: Iterable[Part], other: Iterable[Part]) -> None:
    """Make sure that two lists have the same traffic, but for what is not compared."""
    these, those = list(one), list(other)
    for parts, held in ((these, those), (those, these)):
        for part in parts:
            assert not apart(part, (*held, *ASIDE)), part


def sayable() -> Iterator[str]:
    """Yield the presets of which something is left, with one key exchange."""
    for each in presets.shipped():
        try:
            file_of(one_key_exchange(each.name), lossy=True)
        except ExportError:
            continue
        yield each.name


PRESETS = tuple(sayable())


def test_most_presets_can_be_said() -> None:
    assert {each.name for each in presets.shipped()} - set(PRESETS) == {
        "ms-sample",
        "nd-authip-only",
        "nd-certificates",
        "nd-ike-only",
        "nd-remote-identity",
    }


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_read_back_as_it_was(name: str) -> None:
    design = one_key_exchange(name)
    assert_same(design, read_back(design))


@pytest.mark.parametrize("symmetric", [True, False])
def test_a_thousand_random_designs_are_read_back_as_they_were(symmetric: bool) -> None:
    made, demands, either = 0, 0, 0
    for design in islice(netsh_designs(1000 + symmetric, symmetric=symmetric), 2000):
        try:
            back = read_back(design)
        except ExportError:
            continue
        either += EITHER_WAY in assert_same(design, back)
        made += 1
        demands += bool(demanded(design, set()))
        if made == 500:
            break
    assert made == 500
    assert demands > 50
    assert (either == 0) == symmetric


def test_names_come_back() -> None:
    design = one_key_exchange("nd-zones")
    back = read_back(design).design
    assert back is not None
    assert [rule.name for rule in back.rules] == ["Secure zone", "Boundary zone", "SQL"]
    assert [each.name for each in back.exemptions[len(HOST) :]] == ["ICMP", "ICMP 2"]


def test_certificates_come_back_for_the_modules_of_older_versions() -> None:
    """No keying module is named: who reads it does not know which Windows it was written for, and a note says that."""
    design = presets.find("nd-certificates").load()
    data = design.model_dump(mode="json")
    data |= {"windows": "11 24H2"}
    data["main_mode"]["proposals"] = data["main_mode"]["proposals"][:1]
    back = read_back(Design.model_validate(data))
    assert back.design is not None
    assert back.design.keying_modules == ("IKE", "AuthIP")
    assert any("take IKE and IKEv2 for certificates of machines" in each for each in back.remarks)
    assert back.design.main_mode.ike_authentication[0].roots == ("subject:CN=Example Root CA",)

"""Findings about defaults of Windows Firewall beside its IPsec rules: of network profiles, and of the host.

A firewall rule with Authentication Required is matched by what is authenticated, and says nothing of the rest: that is
for other rules, and for the default of the profile, which blocks what comes in. What goes out a rule blocks.
Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netfirewallrule (Authentication, Action),
.../set-netfirewallprofile (DefaultInboundAction), .../set-netfirewallsetting (Exemptions).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ndtui.analysis.check.cited_pages import FIREWALL_RULE, FIREWALL_SETTING
from ndtui.analysis.check.finding import Finding, some_names
from ndtui.analysis.check.rule_places import place_of, whose
from ndtui.common.counted import counted
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_rules import Sayable
from ndtui.exporters.connection_security.native_traffic import Part, apart, exemption_parts, meets, shared
from ndtui.exporters.connection_security.native_values import Value
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import parse_ports
from ndtui.model.scenarios.catalogue import MODES


def firewall_defaults(policy: NativePolicy) -> Iterator[Finding]:
    """Yield where what firewall rules ask for rests on the defaults of the profile and on other rules."""
    if policy.guards:
        for each in policy.said:
            yield from _inbound(each, policy.said)
    yield from _multicast(policy)


def _inbound(each: Sayable, said: Sequence[Sayable]) -> Iterator[Finding]:
    rule = each.rule
    encrypted = rule.encryption != "none" and not _is_held(each, said)
    if rule.machines or not (encrypted or rule.users):
        return  # all others are blocked by a rule, or nothing is asked for that the IPsec rules do not ask for anyway
    asked = [*(["encrypted"] if encrypted else []), *(["of a user who may connect"] if rule.users else [])]
    yield Finding(
        "inbound-default",
        "warning",
        place_of(rule),
        f"{whose(rule)}A connection that is not {' and '.join(asked)} is kept out by the default of the network "
        "profile alone",
        "The firewall rule allows what is, and blocks nothing. Another rule that allows the same connections lets the "
        "rest in, and so does a default of Allow.",
        "Remove other rules that allow the same connections, and leave the default for inbound connections at Block; "
        "where machines are named, a rule blocks all others.",
        FIREWALL_RULE,
    )


def _is_held(each: Sayable, said: Sequence[Sayable]) -> bool:
    """Tell whether IPsec rules let traffic in only if it is encrypted."""
    strict = [part for other in said if _encrypts(other) for part in other.parts]
    return not any(apart(part, strict) for part in each.parts)


def _encrypts(each: Sayable) -> bool:
    if each.native is None or MODES[each.rule.mode].accepts_clear:
        return False
    return all(dict(said).get("Encryption", "None") != "None" for said in each.native.quick_mode.proposals)


def _multicast(policy: NativePolicy) -> Iterator[Finding]:
    names = [each.title for each in policy.of("NetFirewallRule") if _blocks_more(dict(each.parameters))]
    if names:
        yield Finding(
            "blocks-multicast",
            "note",
            Origin("rules"),
            f"A firewall rule that blocks takes multicast and broadcast too: {some_names(list(dict.fromkeys(names)))}",
            "Filters of a design are for unicast alone; a rule is for all that matches its addresses and ports.",
            "Have the rule, or the exemption, name TCP, or the addresses of this machine.",
            FIREWALL_RULE,
        )


def _blocks_more(said: Mapping[str, Value]) -> bool:
    """Tell whether a firewall rule blocks what is for many hosts: TCP is not, nor what names addresses it goes to."""
    to = "LocalAddress" if said["Direction"] == "Inbound" else "RemoteAddress"
    return said["Action"] == "Block" and said.get("Protocol") != "TCP" and to not in said


def host_defaults(design: Design, policy: NativePolicy, option: str, *, replaces: bool) -> Iterator[Finding]:
    """Yield what the host leaves out of IPsec by itself, and the design does not; and what it is told to leave out.

    It is told by an ``option``, which ``replaces`` what the host leaves out, or adds to that.
    """
    names = [name for name, left_out in _left_out().items() if _is_protected(left_out, design, policy)]
    if names and not replaces:
        yield Finding(
            "host-exemptions",
            "note",
            Origin("exemptions"),
            f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} left out of IPsec by the host itself, and not "
            "by the design",
            "Get-NetFirewallSetting shows what it leaves out of all rules (Exemptions): DHCP and neighbour discovery "
            "since Windows 7, unless changed.",
            f"Exempt {'it' if len(names) == 1 else 'both'} in the design too, so that the design says what happens; or "
            "change the setting of the host.",
            FIREWALL_SETTING,
        )
    if policy.by_host:
        yield Finding(
            "host-wide-icmp",
            "note",
            Origin("exemptions"),
            "ICMP is left out by a setting of the host, which holds for all of its IPsec rules",
            "Rules that others have made leave it out too as long as these are there.",
            f"Leave {option} out: then a rule of the design's own does it.",
            FIREWALL_SETTING,
        )


@cache
def _left_out() -> Mapping[str, Sequence[Exemption]]:
    """Return what a host leaves out of IPsec unless it is told otherwise: .../set-netfirewallsetting, Exemptions."""
    return {
        "DHCP": (
            Exemption(name="DHCP", protocol="udp", local_ports=parse_ports(68), remote_ports=parse_ports(67)),
            Exemption(name="DHCPv6", protocol="udp", local_ports=parse_ports(546), remote_ports=parse_ports(547)),
        ),
        "neighbour discovery": (Exemption(name="neighbour discovery", protocol=58, families=("V6",)),),
    }


def _is_protected(left_out: Sequence[Exemption], design: Design, policy: NativePolicy) -> bool:
    """Tell whether rules protect some of this traffic, and no exemption of the design is about it."""
    rules = [part for each in policy.said if each.native is not None for part in each.parts]
    parts = tuple(part for each in left_out for part in exemption_parts(each, design.families))
    protected = tuple(shared(parts, rules))
    return bool(protected) and not any(_is_about(each, design, protected) for each in counted(design.exemptions))


def _is_about(each: Exemption, design: Design, parts: Sequence[Part]) -> bool:
    """Tell whether an exemption is meant for traffic: one of all that a peer does is not."""
    if not each.enabled or each.program or (each.protocol == "any" and each.remote_addresses):
        return False
    return meets(exemption_parts(each, design.families), parts)

"""What firewall rules ask of connections: that they are secure, or encrypted, and who may make them.

In a design rules ask that, so that a firewall rule goes to the rule that has its traffic, or becomes one that only adds
to others. This program writes such firewall rules together: who may connect overrides a rule that blocks all others,
and what is encrypted inbound is so outbound, where it overrides one too. Of what others wrote those that ask for
security are named.
Source: [MS-GPFAS] 2.2.2.19, [MS-FASP] 2.2.34 to 2.2.37.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ndtui.analysis.connection_security.rule_tokens import Tokens, tokens_of
from ndtui.analysis.connection_security.security_rules import RulesRead, SecurityRule

_SIDES = (("la4", "la6"), ("ra4", "ra6"))
_PORTS = (("lport", "lport2_10"), ("rport", "rport2_10"))
_KNOWN = {
    "action",
    "active",
    "authbypassout",
    "dir",
    "profile",
    "protocol",
    "iftype",
    "name",
    "rmauth",
    "ruauth",
    "security",
    *(name for names in (*_SIDES, *_PORTS) for name in names),
}


class FirewallRule(NamedTuple):
    """A firewall rule of this program's: how it is called, the title of what it belongs to, and what it does with what.

    ``secure``: it lets in, or out, only what is secure, ``encrypts`` only what is encrypted, ``overrides`` what rules
    block too; ``machines`` and ``users`` are who may connect; ``traffic`` is what it is for, as a rule without a name.
    """

    name: str
    title: str
    traffic: SecurityRule
    inbound: bool
    blocks: bool = False
    secure: bool = False
    encrypts: bool = False
    overrides: bool = False
    machines: str = ""
    users: str = ""

    def is_beside(self, other: "FirewallRule") -> bool:
        """Whether it belongs to another: of the same title, for the same traffic."""
        return self.title == other.title and self.traffic == other.traffic


def traffic_as_rule(**said: Any) -> SecurityRule:
    """Return traffic as a rule that asks more of what others protect, of connections from outside."""
    return SecurityRule(name="", action="Inherit", inbound_only=True, **said)


def title_of(name: str) -> str:
    """Return the title in a name of this program's: behind it stands in parentheses what the rule does."""
    return name.rpartition(" (")[0]


def demands_of_registry(read: RulesRead, firewall_rules: Mapping[str, str]) -> RulesRead:
    """Return rules with what firewall rules of the registry ask beside them; what no design can ask is named."""
    own: list[FirewallRule] = []
    lost: list[str] = []
    for name, text in firewall_rules.items():
        try:
            tokens = tokens_of(text)
            if tokens.own_design:
                own.append(_read(tokens))
            elif tokens.is_active and "security" in tokens.values:
                lost.append(f"firewall rule {tokens.values.get('name') or name}: security={tokens.values['security']}")
        except ValueError as error:
            lost.append(f"firewall rule {name}: {error}")
    return with_demands(read._replace(lost=(*read.lost, *lost)), own)


def with_demands(read: RulesRead, own: Sequence[FirewallRule]) -> RulesRead:
    """Return rules with what firewall rules of this program's ask beside them; what no design can ask is named."""
    asking = [each for each in own if each.secure and each.inbound]
    left = [each for each in own if each not in asking]
    rules, lost = [*read.rules], [*read.lost]
    for each in asking:
        rule, beside, why = _demand(each, left)
        lost += why
        left = [other for other in left if other not in beside]
        _add(rules, rule)
    lost += [
        f"firewall rule {each.name}: no rule that asks for more has its traffic"
        for each in left
        if not _is_partial(rules, each)
    ]
    return read._replace(rules=tuple(rules), lost=tuple(lost))


def _read(tokens: Tokens) -> FirewallRule:
    """Return a firewall rule of this program's.

    Raises:
        ValueError: it is changed, and none that a design can have.
    """
    values = tokens.values
    unread = ", ".join(tokens.others(_KNOWN))
    if unread or not tokens.is_active:
        raise ValueError(f"it was changed: {unread or 'it is switched off'}")
    traffic = traffic_as_rule(
        addresses=(tokens.several(*_SIDES[0]), tokens.several(*_SIDES[1])),
        ports=(tokens.several(*_PORTS[0]), tokens.several(*_PORTS[1])),
        protocol=tokens.protocol,
        profiles=tokens.profiles,
        interfaces=tokens.interfaces,
    )
    name, action = values.get("name", ""), values.get("action", "").casefold()
    inbound = values.get("dir", "").casefold() == "in"
    return FirewallRule(
        name,
        title_of(name),
        traffic,
        inbound=inbound,
        blocks=action == "block",
        secure=bool(values.get("security")),
        encrypts=values.get("security", "").casefold() == "authenticateencrypt",
        overrides=action == "bypass" if inbound else values.get("authbypassout", "").casefold() == "true",
        machines=values.get("rmauth", ""),
        users=values.get("ruauth", ""),
    )


def _demand(each: FirewallRule, others: Sequence[FirewallRule]) -> tuple[SecurityRule, list[FirewallRule], list[str]]:
    """Return what a firewall rule asks as a rule, those that belong to it, and what of it cannot be said."""
    beside = [other for other in others if other.is_beside(each)]
    outbound = [other for other in beside if not other.inbound]
    sent = [other for other in outbound if other.encrypts]
    lost = []
    if len({bool(each.machines), each.overrides, any(other.blocks and other.inbound for other in beside)}) > 1:
        lost.append("who may connect and what blocks all others do not go together")
    if each.encrypts != bool(sent):
        lost.append("what is encrypted inbound is not what is encrypted outbound")
    elif len({each.encrypts, *(other.overrides for other in sent), any(other.blocks for other in outbound)}) > 1:
        lost.append("what is encrypted outbound and what blocks the rest do not go together")
    rule = each.traffic._replace(name=each.title, encrypted=each.encrypts, machines=each.machines, users=each.users)
    return rule, beside, [f"firewall rule {each.name}: {what}" for what in lost]


def _add(rules: list[SecurityRule], demand: SecurityRule) -> None:
    """Give a demand to the rule of its name and traffic that protects, or let it stand beside the others."""
    for number, rule in enumerate(rules):
        if rule.action != "DoNotSecure" and rule.name == demand.name and _traffic(rule) == _traffic(demand):
            rules[number] = rule._replace(
                encrypted=demand.encrypted, machines=demand.machines, users=demand.users, inbound_only=True
            )
            return
    rules.append(demand)


def _traffic(rule: SecurityRule) -> tuple[object, ...]:
    return (rule.addresses, rule.ports, rule.protocol, rule.profiles, rule.interfaces)


def _is_partial(rules: list[SecurityRule], each: FirewallRule) -> bool:
    """Tell whether a rule blocks new connections of exempt traffic, and take note of that in what leaves it out."""
    if not each.blocks:
        return False
    found = [number for number, rule in enumerate(rules) if rule.action == "DoNotSecure" and rule.name == each.title]
    for number in found:
        rules[number] = rules[number]._replace(partial=True)
    return bool(found)

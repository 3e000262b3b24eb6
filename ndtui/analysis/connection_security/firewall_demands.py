"""What firewall rules ask of connections: that they are secure, or encrypted, and who may make them.

In a design rules ask that, so that a firewall rule goes to the rule that has its traffic, or becomes one that only adds
to others. This program writes such firewall rules in twos and threes: who may connect overrides a rule that blocks all
others, and what is encrypted inbound is so outbound. Of what others wrote those that ask for security are named.
Source: [MS-GPFAS] 2.2.2.19, [MS-FASP] 2.2.34 to 2.2.37.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ndtui.analysis.connection_security.rule_tokens import Tokens, tokens_of
from ndtui.analysis.connection_security.security_rules import RulesRead, SecurityRule

_SIDES = (("la4", "la6"), ("ra4", "ra6"))
_PORTS = (("lport", "lport2_10"), ("rport", "rport2_10"))
_KNOWN = {
    "action",
    "active",
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


class _FirewallRule(NamedTuple):
    """A firewall rule of this program's: the title of what it belongs to, its tokens, and the traffic as a rule."""

    title: str
    tokens: Tokens
    traffic: SecurityRule

    @property
    def encrypts(self) -> bool:
        return self.tokens.values.get("security", "").casefold() == "authenticateencrypt"

    def is_beside(self, other: "_FirewallRule") -> bool:
        """Whether it belongs to another: of the same title, for the same traffic."""
        return self.title == other.title and self.traffic == other.traffic


def with_demands(read: RulesRead, firewall_rules: Mapping[str, str]) -> RulesRead:
    """Return rules with what firewall rules ask beside them; what no design can ask is named."""
    own: list[_FirewallRule] = []
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
    asking = [each for each in own if each.tokens.values.get("security") and _is_inbound(each)]
    left = [each for each in own if each not in asking]
    rules = [*read.rules]
    for each in asking:
        rule, beside, why = _demand(each, left)
        lost += why
        left = [other for other in left if other not in beside]
        _add(rules, rule)
    lost += [
        f"firewall rule {each.tokens.values.get('name', '')}: no rule that asks for more has its traffic"
        for each in left
        if not _is_partial(rules, each)
    ]
    return read._replace(rules=tuple(rules), lost=(*read.lost, *lost))


def _is_inbound(each: _FirewallRule) -> bool:
    return each.tokens.values.get("dir", "").casefold() == "in"


def _read(tokens: Tokens) -> _FirewallRule:
    """Return a firewall rule of this program's.

    Raises:
        ValueError: it is changed, and none that a design can have.
    """
    values = tokens.values
    unread = ", ".join(tokens.others(_KNOWN))
    if unread or not tokens.is_active:
        raise ValueError(f"it was changed: {unread or 'it is switched off'}")
    traffic = SecurityRule(
        name="",
        action="Inherit",
        addresses=(tokens.several(*_SIDES[0]), tokens.several(*_SIDES[1])),
        ports=(tokens.several(*_PORTS[0]), tokens.several(*_PORTS[1])),
        protocol=tokens.protocol,
        profiles=tokens.profiles,
        interfaces=tokens.interfaces,
        inbound_only=True,
    )
    return _FirewallRule(values.get("name", "").rpartition(" (")[0], tokens, traffic)


def _demand(
    each: _FirewallRule, others: Sequence[_FirewallRule]
) -> tuple[SecurityRule, list[_FirewallRule], list[str]]:
    """Return what a firewall rule asks as a rule, those that belong to it, and what of it cannot be said."""
    values = each.tokens.values
    beside = [other for other in others if other.is_beside(each)]
    blocks = any(other.tokens.values.get("action", "").casefold() == "block" for other in beside)
    lost = []
    if bool(values.get("rmauth")) != blocks:
        lost.append("who may connect and what blocks all others do not go together")
    if each.encrypts != any(other.encrypts for other in beside):
        lost.append("what is encrypted inbound is not what is encrypted outbound")
    rule = each.traffic._replace(
        name=each.title,
        encrypted=each.encrypts,
        machines=values.get("rmauth", ""),
        users=values.get("ruauth", ""),
    )
    return rule, beside, [f"firewall rule {values.get('name', '')}: {what}" for what in lost]


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


def _is_partial(rules: list[SecurityRule], each: _FirewallRule) -> bool:
    """Tell whether a rule blocks new connections of exempt traffic, and take note of that in what leaves it out."""
    if each.tokens.values.get("action", "").casefold() != "block":
        return False
    found = [number for number, rule in enumerate(rules) if rule.action == "DoNotSecure" and rule.name == each.title]
    for number in found:
        rules[number] = rules[number]._replace(partial=True)
    return bool(found)

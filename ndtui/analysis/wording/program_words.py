"""What an exemption for a program leaves as it is: only the ALE layers know which program traffic is of.

What IPsec's callouts do at the transport layers stays, by the tables of the modes. A test holds these words against
what a trace says.
"""

from collections.abc import Collection, Iterable

from ndtui.common.text import in_quotes
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT

_NEGOTIATED = "IPsec still negotiates for it at the transport layers"


def changes_something(rules: Iterable[Rule], covered: Collection[str]) -> bool:
    """Tell whether an exemption for a program changes anything, by the rules it is from and the layers it covers."""
    return any(stem in rule.stems for rule in rules for stem in covered)


def what_stays(rules: Iterable[Rule], covered: Collection[str]) -> str:
    """Return what becomes of the traffic of a program that is exempt at some layers, by the rules that protect it.

    Rules that leave protection to others say nothing of it.
    """
    said: dict[str, list[str]] = {}
    for rule in rules:
        if MODES[rule.mode].protects:
            said.setdefault(_of_rule(rule, covered), []).append(rule.name)
    if len(said) < 2:
        return next(iter(said), "")
    return "; ".join(f"under {' and '.join(map(in_quotes, names))} {text}" for text, names in said.items())


def _of_rule(rule: Rule, covered: Collection[str]) -> str:
    parts = [_inbound(rule, covered), _outbound(rule, covered)]
    mode = MODES[rule.mode]
    parts += [_NEGOTIATED] if mode.sends_clear or mode.accepts_clear else []
    return ", and ".join(part for part in parts if part)


def _inbound(rule: Rule, covered: Collection[str]) -> str:
    mode = MODES[rule.mode]
    if not (mode.accepts_clear or mode.requires_at_accept):
        return "clear connections to it are still dropped at INBOUND_TRANSPORT"
    if ALE_AUTH_RECV_ACCEPT not in rule.stems:
        return "clear connections to it are let in anyway"
    if ALE_AUTH_RECV_ACCEPT in covered:
        return "connections to it are let in in clear"
    return "connections to it must still be protected, at ALE_AUTH_RECV_ACCEPT"


def _outbound(rule: Rule, covered: Collection[str]) -> str:
    if not MODES[rule.mode].sends_clear:
        return "what it sends still waits at OUTBOUND_TRANSPORT until it is protected"
    if ALE_AUTH_CONNECT not in rule.stems:
        return ""
    if ALE_AUTH_CONNECT in covered:
        return "what it sends goes out in clear"
    return "what it sends must still be encrypted, at ALE_AUTH_CONNECT"

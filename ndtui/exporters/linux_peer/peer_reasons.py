"""What of a design a Linux peer cannot match, and what its owner has to know beside that."""

from collections.abc import Iterator

from ndtui.common.text import shortened
from ndtui.exporters.contract import Inexpressible
from ndtui.model.design.design import Design
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.scenarios.catalogue import MODES, Scenario

_NAT_FLAGS = {
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL": (
        "Address translation may be on the way: both programs see it by themselves and put ESP into UDP then."
    ),
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT": (
        "This peer may be behind address translation: both programs see it by themselves and put ESP into UDP then."
    ),
}
_NO_NAT = (
    "Address translation must not be on the way: quick_mode.flags has neither "
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT nor the one for general traversal."
)

_MEANING: dict[Scenario, str] = {
    "negotiation-discovery": (
        "Negotiation discovery: Windows accepts from this peer only what is protected, so this peer has to ask for "
        "protection. What Windows begins itself goes in clear while it negotiates, and goes on in clear if that fails; "
        "a Linux peer has no such discovery, and whether it lets clear traffic in is for its firewall to say."
    ),
    "boundary": (
        "Boundary: Windows asks for protection and requires it in neither direction. This peer always asks for it; "
        "whether it lets clear traffic in is for its firewall to say."
    ),
    "require": "Windows drops what is not protected, in both directions; this peer always asks for protection.",
}


def module_reasons(said: Negotiation) -> Iterator[Inexpressible]:
    """Return the parts of a negotiation that Windows alone has."""
    if "AuthIP" in said.keying_modules:
        yield Inexpressible("keying_modules AuthIP", "Windows alone speaks it")
    if said.extended_mode is not None:
        yield Inexpressible("extended_mode", "it is AuthIP's, which Windows alone speaks")


def addition_reasons(design: Design, rule: Rule) -> Iterator[Inexpressible]:
    """Return what a rule, or one that adds to it, asks of connections that a peer cannot be told."""
    for each in _deciding(design, rule):
        place = rule_place(each)
        if each.encryption != "none":
            yield Inexpressible(
                f"{place}.encryption",
                "a peer cannot let only encrypted connections through: what does not encrypt is not offered instead",
            )
        for field, what in (("machines", "machine"), ("users", "user")):
            if getattr(each, field):
                yield Inexpressible(f"{place}.{field}", f"Windows alone knows which {what} a peer stands for")


def encrypts(design: Design, rule: Rule) -> bool:
    """Tell whether a rule, or one that adds to it, lets only what is encrypted through."""
    return any(each.encryption != "none" for each in _deciding(design, rule))


def _deciding(design: Design, rule: Rule) -> Iterator[Rule]:
    yield rule
    yield from (each for each in design.rules if each.enabled and not MODES[each.mode].protects)


def rule_place(rule: Rule) -> str:
    """Return what a rule is called where something of it is named."""
    return f"rules {shortened(rule.name, 60)!r}"


def rule_remarks(design: Design, rule: Rule, said: Negotiation) -> Iterator[str]:
    """Return what has to be known of a rule: what its mode means for the peer, and what is not in here."""
    yield _MEANING[rule.mode]
    others = [each for each in design.rules if each.enabled and MODES[each.mode].protects and each is not rule]
    if others:
        yield f"Other rules of the design are not in here: {', '.join(shortened(each.name, 60) for each in others)}."
    yield next((words for flag, words in _NAT_FLAGS.items() if flag in said.quick_mode.flags), _NO_NAT)


def module_remarks(module: KeyingModule, said: Negotiation) -> Iterator[str]:
    """Return what has to be known of main mode with a keying module."""
    limits = [each.quick_mode_limit for each in said.main_mode.offers(module) if each.quick_mode_limit]
    if limits:
        yield f"{module}: Windows negotiates anew after {min(limits)} quick modes of a main mode; this peer follows."

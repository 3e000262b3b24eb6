"""Design elements as a person calls them: ``exemption ICMP``, ``scenario boundary``, ``rule 'SQL' (require)``."""

from ndtui.common.text import in_quotes
from ndtui.model.compiled.ike_exemptions import ORIGIN as BFE
from ndtui.model.compiled.origin import SCENARIO, Origin
from ndtui.model.design.design import Design
from ndtui.model.design.rule import BASE, Rule

_ELEMENTS = {"keying-module": "keying module"}


def origin_words(origin: Origin) -> str:
    """Return an element of a design that is not at hand; what Windows makes belongs to none."""
    if origin == BFE:
        return "BFE itself"
    if origin.element == "before_bfe":
        return f"block before BFE, {origin.name}" if origin.name else "before BFE"
    name = f"{in_quotes(origin.name)}" if origin.element == "rule" else origin.name
    return f"{_ELEMENTS.get(origin.element, origin.element)} {name}".strip()


def element_words(origin: Origin, design: Design) -> str:
    """Return an element of a design; its rule by name and mode, and where there is one alone, as the scenario it is."""
    if origin.element == "keying-module" and len(design.rules) > 1:
        return f"{origin_words(origin)} of rule {in_quotes(BASE)}"
    rule = rule_of(origin, design)
    if rule is None:
        return origin_words(origin)
    if rule.is_base and len(design.rules) == 1:
        return f"scenario {rule.mode}"
    return f"rule {in_quotes(rule.name)} ({rule.mode})"


def rule_of(origin: Origin, design: Design) -> Rule | None:
    """Return the rule whose callouts, or whose blocks, have an origin; none where it is of something else."""
    if origin.element not in ("rule", "scenario"):
        return None
    name = BASE if origin == SCENARIO else origin.name
    return next((rule for rule in design.rules if rule.name == name), None)


def rule_origin(origin: Origin) -> Origin:
    """Return the origin by which lists of rules know the element: the base rule has the name of one there."""
    return Origin.rule(BASE) if origin == SCENARIO else origin

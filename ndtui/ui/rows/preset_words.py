"""A design's rules in a line: what a preset is for, before it is loaded."""

from ndtui.model.design.design import Design

#: So many rules are named; a design may have more.
_NAMED = 4


def rules_words(design: Design) -> str:
    """Return the mode of a design's one rule, or its first rules by name and mode, and how many there are."""
    rules = [rule for rule in design.rules if rule.enabled]
    if len(rules) == 1:
        return rules[0].mode
    named = [f"{rule.name} ({rule.mode})" for rule in rules[:_NAMED]]
    rest = [f"{len(rules) - _NAMED} more"] if len(rules) > _NAMED else []
    return f"{len(rules)} rules: {', '.join([*named, *rest])}"

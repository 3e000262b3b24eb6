"""Rules that this program has written: of which design they are, and what they are called there."""

from collections.abc import Sequence

from ndtui.analysis.connection_security.security_rules import RulesRead


def own_names(read: RulesRead, design: str) -> RulesRead:
    """Return rules by the names that they have in their design; ``design`` is its id, empty where others wrote them.

    What people see of a rule is ``ndtui DESIGN: RULE``.
    """
    if not design:
        return read
    begun = _shared([rule.name for rule in read.rules])
    rules = tuple(rule._replace(name=rule.name.removeprefix(begun)) for rule in read.rules)
    return read._replace(rules=rules, design=design)


def _shared(titles: Sequence[str]) -> str:
    """Return what all titles begin with up to their first colon, empty where they differ."""
    begun, mark, _ = titles[0].partition(": ") if titles else ("", "", "")
    return f"{begun}: " if mark and all(title.startswith(f"{begun}: ") for title in titles) else ""

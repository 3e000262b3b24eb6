"""What is said of a design's rules where presets are listed."""

from ndtui.ui.rows.preset_words import rules_words
from tests.support import design, preset


def rule(name: str, **fields: object) -> dict[str, object]:
    return {"name": name, "mode": "boundary", **fields}


def test_one_rule_is_its_mode() -> None:
    assert rules_words(preset("nd-boundary")) == "boundary"
    assert rules_words(design(version=2, rules=[rule("a"), rule("b", enabled=False)])) == "boundary"


def test_several_are_named_and_many_are_counted() -> None:
    two = [rule("web", mode="require"), rule("all")]
    assert rules_words(design(version=2, rules=two)) == "2 rules: web (require), all (boundary)"
    many = design(version=2, rules=[rule(f"r{number}") for number in range(50)])
    assert rules_words(many).startswith("50 rules: r0 (boundary), ")
    assert rules_words(many).endswith(", r3 (boundary), 46 more")

"""What was probably meant, and otherwise what there is: never a list of hundreds."""

from ndtui.common.suggestion import choose, near


def test_what_comes_near_is_asked_about():
    assert near("stor", ["memory", "store", "wfp"]) == "did you mean store?"
    assert near("L_V5", ["L_V4", "L_V6", "L_V7"]).count(" or ") == 1
    assert near("zzz", ["memory"]) == near("zzz", []) == near("", ["memory"]) == ""


def test_otherwise_what_there_is_is_listed():
    assert choose("zzz", ["memory", "store"]) == "choose memory, store"
    many = [f"preset-{number}" for number in range(300)]
    assert choose("zzz", many).endswith("preset-19 or one of 280 more")


def test_a_letter_and_a_text_without_end_are_compared_with_nothing():
    assert near("a", ["ah", "any"]) == ""
    assert near("x" * 10_000_000, ["x" * 10_000_000]) == ""

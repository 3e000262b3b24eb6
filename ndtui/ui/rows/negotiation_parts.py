"""The parts of what is negotiated, by a design or by a rule: what each says in a line, and its form."""

from collections.abc import Callable, Mapping

from ndtui.analysis.wording.negotiation_words import (
    algorithms_words,
    extended_mode_words,
    main_mode_words,
    modules_words,
    quick_mode_words,
)
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.ui.rows.form_fields import Form, Option
from ndtui.ui.rows.mode_forms import (
    algorithms_form,
    extended_mode_form,
    main_mode_form,
    modules_form,
    quick_mode_form,
)

PART_FORMS: Mapping[str, Callable[[Negotiation], Form[Negotiation]]] = {
    "modules": modules_form,
    "algorithms": algorithms_form,
    "main_mode": main_mode_form,
    "quick_mode": quick_mode_form,
    "extended_mode": extended_mode_form,
}
"""The form of each part, by the part's name."""

_WORDS: Mapping[str, tuple[str, Callable[[Negotiation], str]]] = {
    "modules": ("Keying modules", modules_words),
    "algorithms": ("Algorithms", algorithms_words),
    "main_mode": ("Main mode", main_mode_words),
    "quick_mode": ("Quick mode", quick_mode_words),
    "extended_mode": ("Extended mode", extended_mode_words),
}


def negotiation_parts(negotiation: Negotiation) -> tuple[Option, ...]:
    """Return the parts of what is negotiated, each in a line."""
    return tuple(Option(part, f"{label}  {words(negotiation)}") for part, (label, words) in _WORDS.items())


def part_at(place: str) -> int:
    """Return which of the parts a place of a negotiation is in, such as ``main_mode.proposals[1]``."""
    named = place.partition(".")[0]
    return list(_WORDS).index(named) if named in _WORDS else 0


def part_form(part: str, negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form of a part of what is negotiated."""
    return PART_FORMS[part](negotiation)

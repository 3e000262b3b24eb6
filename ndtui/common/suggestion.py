"""What was probably meant by a name that there is not."""

from collections.abc import Iterable

#: How many names are listed; of own presets there may be hundreds.
_LISTED = 20


def near(word: str, names: Iterable[str]) -> str:
    """Return a question for the names that come near a misspelt one, empty where none does."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt word needs it

    *others, last = get_close_matches(word, list(names)) or ("",)
    return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?" if last else ""


def choose(word: str, names: Iterable[str]) -> str:
    """Return the remedy for a name that there is not: the names that come near it, or else those there are."""
    known = list(names)
    more = f" or one of {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return near(word, known) or f"choose {', '.join(known[:_LISTED])}{more}"

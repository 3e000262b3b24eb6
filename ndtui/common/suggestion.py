"""What was probably meant by a name that there is not."""

from collections.abc import Iterable

#: How many names are listed; of own presets there may be hundreds.
_LISTED = 20
#: A longer word is none that was misspelt: to compare it takes time and memory.
_LONGEST = 200


def near(word: str, names: Iterable[str]) -> str:
    """Return a question for the names that come near a misspelt one, empty where none does."""
    return question(close(word, names))


def close(word: str, names: Iterable[str]) -> list[str]:
    """Return the names that come near a word, the nearest first; a letter or an endless text is no misspelt name."""
    if not 1 < len(word) <= _LONGEST:
        return []
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt word needs it

    return get_close_matches(word, list(names))


def question(names: Iterable[str]) -> str:
    """Return the question whether one of some names was meant, empty where there are none."""
    *others, last = [*names] or ("",)
    return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?" if last else ""


def choose(word: str, names: Iterable[str]) -> str:
    """Return the remedy for a name that there is not: the names that come near it, or else those there are."""
    known = list(names)
    more = f" or one of {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return near(word, known) or f"choose {', '.join(known[:_LISTED])}{more}"

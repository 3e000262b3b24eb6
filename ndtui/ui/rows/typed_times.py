"""Times as people write them: ``4h``, ``1h 30min``, ``90s``, or seconds as a number."""

import re

from ndtui.common.text import in_quotes

_UNITS = {"d": 86400, "h": 3600, "min": 60, "m": 60, "s": 1}
_PART = re.compile(r"\s*(\d{1,10})\s*(d|h|min|m|s)(?![a-z])", re.IGNORECASE)


def seconds_of(text: str) -> int:
    """Return how many seconds a text says: what ``duration_words`` writes, and more.

    Raises:
        ValueError: it says none.
    """
    said = text.strip()
    if said.isascii() and said.isdigit() and len(said) <= 10:
        return int(said)
    at, seconds = 0, 0
    while said and (part := _PART.match(said, at)) is not None:
        seconds += int(part[1]) * _UNITS[part[2].lower()]
        at = part.end()
    if not said or at != len(said) or not said.isascii():
        raise ValueError(f"{in_quotes(text)} is no time: write seconds, or a time such as 4h, 30min or 1h 30min")
    return seconds


def number_of(text: str, what: str) -> int:
    """Return the number that a text is.

    Raises:
        ValueError: it is none.
    """
    said = text.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 10):
        raise ValueError(f"{in_quotes(text)} is no {what}: write a whole number")
    return int(said)

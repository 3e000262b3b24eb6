"""Times as a person writes them: ``90``, ``90s``, ``5m``, ``1h``."""

import re

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def seconds_of(text: str, shortest: float, longest: float) -> float | None:
    """Return the seconds of a text; ``None`` where it is no time, or beyond the limits (in seconds)."""
    found = re.fullmatch(r"([0-9]{1,6})\s*([smh]?)", text.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    return seconds if shortest <= seconds <= longest else None

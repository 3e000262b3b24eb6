"""Times in hours, minutes and seconds."""


def duration_words(seconds: int) -> str:
    """Return a time in hours, minutes and seconds: ``8h``, ``1h 30min``, ``90s``."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    if not hours and minutes <= 1 and rest:
        return f"{seconds}s"
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts) or "0s"

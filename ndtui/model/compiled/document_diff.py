"""Differences between two documents, property by property."""

from collections.abc import Iterator

#: A property, what it was, and what it is.
Difference = tuple[str, object, object]


def differences(path: str, before: object, after: object) -> Iterator[Difference]:
    """Return (property, before, after) for each property that differs, as deep as they do.

    A property inside another is named by its path: ``ikeQmTransportPolicy.ipsecProposals[0].pfsGroup``.
    """
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            one, other = before.get(name), after.get(name)
            if one != other:  # asked here too: of a hundred thousand objects nearly every member is the same
                yield from differences(f"{path}.{name}" if path else name, one, other)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(f"{path}[{number}]", one, other)
    else:
        yield path, before, after

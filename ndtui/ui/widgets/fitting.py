"""Fitting: a text in exactly as many cells as there are for it."""

from rich.cells import cell_len, set_cell_size


def fit(text: str, size: int, right: bool) -> str:
    """Return text in exactly ``size`` cells, cut with an ellipsis where something is left out."""
    length = cell_len(text)
    if length > size:
        return set_cell_size(text, size - 1) + "…" if size > 1 else set_cell_size(text, size)
    return " " * (size - length) + text if right else text + " " * (size - length)

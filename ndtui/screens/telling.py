"""What a screen says of what was done to a backend, in a message."""

from typing import Any

from textual.screen import Screen

from ndtui.backends.contract.changes import Applied
from ndtui.backends.transactional.answering import Answered
from ndtui.common.text import visible
from ndtui.screens.backend_moved import was_told


def counts_of(applied: Applied) -> str:
    """Return how much an apply did."""
    return f"{applied.added} added, {applied.changed} changed, {applied.removed} removed"


def tell_answer(screen: Screen[Any], answered: Answered, token: str) -> None:
    """Say what an answer to the question whether the apply with a token stays has done, or what was found instead."""
    was_told(screen, token)
    if not answered.ours or answered.ending.since is not None:
        screen.notify(visible(f"{answered.ending}"), severity="warning", markup=False)
    else:
        reverted = answered.applied
        said = "Confirmed: it stays" if reverted is None else f"Reverted: {counts_of(reverted)}"
        screen.notify(said, markup=False)

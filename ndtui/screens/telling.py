"""What a screen says of what was done to a backend, in a message."""

from typing import Any, Protocol, cast

from textual.screen import Screen

from ndtui.backends.contract.changes import Applied
from ndtui.backends.transactional.answering import Answered
from ndtui.common.text import visible


def counts_of(applied: Applied) -> str:
    """Return how much an apply did."""
    return f"{applied.added} added, {applied.changed} changed, {applied.removed} removed"


class Settles(Protocol):
    """The application, which tells how an apply has ended unless a screen has."""

    def settled(self, token: str) -> None:
        """Take note that it was told how the apply with a token ended."""


def tell_answer(screen: Screen[Any], answered: Answered, token: str) -> None:
    """Say what an answer to the question whether an apply stays has done, or what was found instead.

    At once and by no message: the application may look at the backend before one has come to it, and say it again.
    """
    cast("Settles", screen.app).settled(token)
    if not answered.ours or answered.ending.since is not None:
        screen.notify(visible(f"{answered.ending}"), severity="warning", markup=False)
    else:
        reverted = answered.applied
        said = "Confirmed: it stays" if reverted is None else f"Reverted: {counts_of(reverted)}"
        screen.notify(said, markup=False)

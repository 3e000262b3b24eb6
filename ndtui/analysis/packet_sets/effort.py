"""Effort: how much work an answer about sets of packets may take, counted in boxes looked at and never in seconds.

Whether boxes cover a region is a search: n boxes of k intervals a field cut six fields into as many as (2nk + 1)^6
parts, and no way is known that never looks at a great many of them. So every search says what it looks at and has a
limit, the same on every machine; where that is reached, the answer is that the question is not decided.
"""

from ndtui.common.give_way import give_way

#: Boxes that one question may look at, and how many more for each filter it is about: some seconds.
LIMIT = 200_000
LIMIT_EACH = 200


class UndecidedError(Exception):
    """To decide a question would take more effort than it may."""


class AbandonedError(Exception):
    """Nobody waits for the answer any more."""


class Effort:
    """What may still be spent on a question, and on what that consists of."""

    def __init__(self, limit: int, whole: "Effort | None" = None) -> None:
        """Take how many boxes may be looked at; ``whole`` is what this is a part of."""
        self._left = limit
        self._whole = whole
        self._abandoned = False

    @classmethod
    def for_filters(cls, count: int) -> "Effort":
        """Return what one question about so many filters is worth."""
        return cls(LIMIT + LIMIT_EACH * count)

    @property
    def left(self) -> int:
        """How many boxes may still be looked at."""
        return max(0, self._left if self._whole is None else min(self._left, self._whole.left))

    def spend(self, boxes: int) -> None:
        """Take note that so many boxes are looked at, and give way before.

        Raises:
            UndecidedError: those are too many.
            AbandonedError: the question was abandoned.
        """
        self._left -= boxes
        if self._whole is not None:
            self._whole.spend(boxes)
        else:
            give_way()
        self.go_on()
        if self._left < 0:
            raise UndecidedError

    def go_on(self) -> None:
        """Make sure that somebody waits for the answer.

        Raises:
            AbandonedError: the question was abandoned.
        """
        if self._abandoned:
            raise AbandonedError

    def part(self, most: int) -> "Effort":
        """Return what may be spent on one of several questions: so much, and what is left of the whole at most."""
        return Effort(most, self)

    def half(self) -> "Effort":
        """Return half of what is left: however many questions there are, none leaves nothing for those after it."""
        return self.part(self.left // 2)

    def abandon(self) -> None:
        """End the search for an answer that nobody waits for, at its next step. Other threads may call it."""
        self._abandoned = True

"""What waits to be confirmed on the backend, in the words of the moment: the remaining time stands in them."""

from typing import NamedTuple


class Waiting(NamedTuple):
    """An apply that waits; both texts are empty where nothing does.

    ``brief`` is for a status line that says more than that, ``line`` for a line of its own.
    """

    brief: str = ""
    line: str = ""


NOTHING_WAITS = Waiting()

"""What a screen tells the application of a backend: that it changed something there, and what it has said of it."""

from textual.message import Message


class BackendMoved(Message):
    """A screen has changed what a backend holds; ``settled`` is the token of an apply whose end it has told."""

    def __init__(self, settled: str = "") -> None:
        super().__init__()
        self.settled = settled

"""What is said of the packet on the Trace screen: what is wrong with it, where it comes from, what it leaves open."""

from textual.widgets import Static

from ndtui.common.text import visible


class TraceNote(Static):
    """A line below the packet, there when there is something to say; a hint is shown while nothing else is said."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)
        self._said = ""
        self._hint = ""

    @property
    def wrong(self) -> bool:
        """Whether it says what is wrong."""
        return self.has_class("-wrong")

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say something, in place of what was said before; with an empty text only the hint is left."""
        self._said = text
        self.set_class(wrong, "-wrong")
        self._show()

    def hint(self, text: str) -> None:
        """Have something to say while nothing else is said, in place of the hint before."""
        self._hint = text
        self._show()

    def _show(self) -> None:
        text = self._said or self._hint
        self.update(visible(text))
        self.display = bool(text)

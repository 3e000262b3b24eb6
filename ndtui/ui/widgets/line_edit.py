"""LineEdit: a line of text with a cursor, edited by keys; what is painted is a window of it."""

from collections.abc import Callable

from rich.cells import cell_len

from ndtui.common.text import is_hostile


class LineEdit:
    """A line that is being written, of at most ``most`` characters."""

    def __init__(self, text: str = "", most: int = 300) -> None:
        self.text = text[:most]
        self.at = len(self.text)
        self._most = most
        self._keys: dict[str, Callable[[], None]] = {
            "left": lambda: self._go(self.at - 1),
            "right": lambda: self._go(self.at + 1),
            "home": lambda: self._go(0),
            "ctrl+a": lambda: self._go(0),
            "end": lambda: self._go(len(self.text)),
            "ctrl+e": lambda: self._go(len(self.text)),
            "backspace": lambda: self._cut(self.at - 1, self.at),
            "delete": lambda: self._cut(self.at, self.at + 1),
            "ctrl+w": lambda: self._cut(self._word(), self.at),
            "ctrl+u": lambda: self._cut(0, self.at),
            "ctrl+k": lambda: self._cut(self.at, len(self.text)),
        }

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; tells whether it is one for a line."""
        if key in self._keys:
            self._keys[key]()
            return True
        if character is None or not character.isprintable():
            return False
        self.insert(character)
        return True

    def insert(self, text: str) -> None:
        """Write at the cursor, as much as there is room for; what is no character of a line becomes a blank."""
        line = "".join(" " if is_hostile(c) else c for c in text)[: self._most - len(self.text)]
        self.text = self.text[: self.at] + line + self.text[self.at :]
        self._go(self.at + len(line))

    def _go(self, place: int) -> None:
        self.at = max(0, min(place, len(self.text)))

    def _cut(self, start: int, end: int) -> None:
        start = max(0, start)
        self.text = self.text[:start] + self.text[end:]
        self._go(start)

    def _word(self) -> int:
        """Return where the word before the cursor begins."""
        before = self.text[: self.at].rstrip()
        return before.rfind(" ") + 1

    def window(self, width: int) -> tuple[str, str, str]:
        """Return what is before, at and behind the cursor of a part that fits into so many cells."""
        at = self.text[self.at : self.at + 1] or " "
        start, room = self.at, width - cell_len(at)
        while start > 0 and (size := cell_len(self.text[start - 1])) <= room:
            start, room = start - 1, room - size
        end = self.at + 1
        while end < len(self.text) and (size := cell_len(self.text[end])) <= room:
            end, room = end + 1, room - size
        return self.text[start : self.at], at, self.text[self.at + 1 : end]

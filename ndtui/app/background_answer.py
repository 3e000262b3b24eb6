"""The answer of a terminal that was asked for its background (OSC 11), taken out of what is typed meanwhile.

Question and answer are xterm's (Operating System Commands, Ps = 1 1). The answer names a colour as
``rgb:RRRR/GGGG/BBBB`` and ends with String Terminator or BEL.
"""

import re

QUESTION = "\x1b]11;?\x1b\\"

#: Seconds for which the beginning of an answer is held back: it might be keys after all.
HOLD = 0.3
_START = "\x1b]11;"
_PART = "([0-9a-fA-F]{1,4})"
_ANSWER = re.compile(rf"\x1b\]11;(?:rgba?:{_PART}/{_PART}/{_PART}[^\x07\x1b]{{0,8}})?(?:\x07|\x1b\\)")
_UNFINISHED = re.compile(r"\x1b\]11;[^\x07\x1b]{0,32}\x1b?\Z")


class BackgroundAnswer:
    """Hands on what is typed, and keeps the answer out of it."""

    def __init__(self) -> None:
        self.light: bool | None = None
        """Whether the background is light; nothing as long as there is no answer."""
        self._held = ""
        self._since = 0.0

    @property
    def settled(self) -> bool:
        """Whether the answer is there, and nothing is held back."""
        return self.light is not None and not self._held

    def take(self, data: str, now: float) -> str:
        """Return what of some input is not the answer, with what was held back before it; ``now`` is in seconds."""
        text = self._held + data
        since = self._since if self._held else now
        self._held = ""
        found = _ANSWER.search(text)
        if found is not None:
            if found[1] is not None:
                self.light = _is_light(found[1], found[2], found[3])
            text = text[: found.start()] + text[found.end() :]
        start = _unfinished(text)
        if start < len(text) and now - since < HOLD:
            self._held, self._since = text[start:], since
            return text[:start]
        return text


def _unfinished(text: str) -> int:
    """Return where an answer begins that may have its end still to come; the length of the text where none does."""
    found = _UNFINISHED.search(text)
    if found is not None:
        return found.start()
    # Escape alone is a key, and is not held back.
    return next((len(text) - size for size in range(len(_START) - 1, 1, -1) if text.endswith(_START[:size])), len(text))


def _is_light(*parts: str) -> bool:
    """Tell whether a colour is nearer to white than to black, as the eye sees it (ITU-R BT.601)."""
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in parts)
    light: bool = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    return light

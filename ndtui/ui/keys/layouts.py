"""Keyboards without Latin letters: a key is read by where it stands, as the key of a US keyboard in that place.

The rows are those of the layouts that Windows and X have for Russian, Ukrainian and Greek. Source: xkeyboard-config,
symbols/us (basic), ru (winkeys), ua (winkeys) and gr (simple); of dead keys, which write nothing, nothing is said.
"""

from collections.abc import Mapping

from ndtui.common.settings import Layout

_US = "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
#: The same keys in the same order, without and with shift; a blank for a dead key, and for Σ, which two keys write.
_ROWS: Mapping[Layout, str] = {
    "ru": "йцукенгшщзхъфывапролджэячсмитьбю.ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,",
    "ua": "йцукенгшщзхїфівапролджєячсмитьбю.ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ,",
    "gr": ";ςερτυθιοπ[]ασδφγηξκλ 'ζχψωβνμ,./: ΕΡΤΥΘΙΟΠ{}Α ΔΦΓΗΞΚΛ \"ΖΧΨΩΒΝΜ<>?",
}
_ALPHABETS = {"CYRILLIC": "ru or ua", "GREEK": "gr"}


def by_place(layout: Layout) -> Mapping[str, str]:
    """Return the character of a US keyboard for each other that a layout has in its place."""
    pairs = zip(_ROWS.get(layout, ""), _US, strict=False)
    found: dict[str, str] = {}
    for character, latin in pairs:
        if character not in (" ", latin):
            found[character] = latin
    return found


def layout_for(character: str) -> str:
    """Return which layouts make commands of a letter, as one would write them in the settings; empty for none."""
    import unicodedata  # noqa: PLC0415 - only letters that are no commands need it

    alphabet = unicodedata.name(character, "").partition(" ")[0]
    return _ALPHABETS.get(alphabet, "")

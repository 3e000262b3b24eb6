"""The texts that the registry has for rules: a version, and tokens between bars.

Source: [MS-GPFAS] 2.2.2.19, 2.2.6.2 and 2.2.7.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ndtui.analysis.connection_security.security_rules import PROFILES, Word, known_words
from ndtui.model.vocabulary.networks import InterfaceType, Profile

_INTERFACES: Mapping[str, InterfaceType] = {"lan": "lan", "wireless": "wireless", "remoteaccess": "remote-access"}
_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})")
#: The group of rules that this program has written, with the id of the design.
_OWN_GROUP = re.compile(r"ndtui \{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")


class Tokens(NamedTuple):
    """What a rule says, by tokens in small letters, and the version in which it says it."""

    version: tuple[int, int]
    said: tuple[tuple[str, str], ...]

    @property
    def values(self) -> dict[str, str]:
        """What each token says; the last of several."""
        return dict(self.said)

    @property
    def is_active(self) -> bool:
        """Whether a rule is in force: one that does not say so is not. Source: [MS-GPFAS] 2.2.6.2."""
        return self.values.get("active", "FALSE").casefold() == "true"

    @property
    def own_design(self) -> str:
        """The id of the design of which this program wrote it; empty of what others wrote."""
        found = _OWN_GROUP.fullmatch(self.values.get("embedctxt", ""))
        return found[1] if found else ""

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The networks that it is for; none of all.

        Raises:
            ValueError: one is not known.
        """
        return self.words("profile", PROFILES)

    @property
    def interfaces(self) -> tuple[InterfaceType, ...]:
        """The types of interfaces that it is for; none of all.

        Raises:
            ValueError: one is not known.
        """
        return self.words("iftype", _INTERFACES)

    @property
    def protocol(self) -> int | None:
        """The protocol that it is for, ``None`` of any.

        Raises:
            ValueError: it is none.
        """
        text = self.values.get("protocol")
        if text is not None and not (text.isdecimal() and int(text) <= 255):
            raise ValueError(f"its protocol is {text}, and not a number from 0 to 255")
        return None if text is None else int(text)

    def several(self, *names: str) -> tuple[str, ...]:
        """Return all that tokens say."""
        return tuple(value for name, value in self.said if name in names)

    def words(self, token: str, known: Mapping[str, Word]) -> tuple[Word, ...]:
        """Return what all words of a token mean.

        Raises:
            ValueError: one is not known.
        """
        return known_words(self.several(token), known, token)

    def others(self, known: set[str]) -> Iterator[str]:
        """Yield what it says that is not known.

        That older versions pass it over says nothing of those that read it, nor does the group of this program's own.
        """
        for name, value in self.said:
            says_nothing = (
                not value
                or (name == "skipver" and _version(value) < self.version)
                or (name == "embedctxt" and self.own_design)
            )
            if name not in known and not says_nothing:
                yield f"{name}={value}"


def tokens_of(text: str) -> Tokens:
    """Return the tokens of a rule.

    Raises:
        ValueError: it is none.
    """
    version, *tokens = text.split("|")
    if not version.startswith("v") or not _VERSION.fullmatch(version) or tokens[-1:] != [""]:
        raise ValueError("it is no rule: it has to begin with its version and to end with a bar")
    parts = (each.partition("=") for each in tokens[:-1])
    return Tokens(_version(version), tuple((name.casefold(), value) for name, _, value in parts))


def _version(text: str) -> tuple[int, int]:
    """Return a version as numbers; what is none is above all."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (1000, 0)

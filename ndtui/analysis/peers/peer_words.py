"""The words that say what a peer can do; apart from what negotiates, so that help can list them without."""

from typing import Literal, get_args

Kind = Literal["none", "ike", "authip", "both"]
"""The keying modules that a peer has."""

Mismatch = Literal["authentication", "main-mode", "quick-mode"]
"""What a peer does not have in common with us."""

KINDS: tuple[Kind, ...] = get_args(Kind)
MISMATCHES: tuple[Mismatch, ...] = get_args(Mismatch)

"""The words that say what a peer can do; apart from what negotiates, so that help can list them without."""

from typing import Literal, get_args

Kind = Literal["none", "ike", "authip", "ikev2", "both", "all"]
"""The keying modules that a peer has; ``both``: IKE and AuthIP, those of Microsoft's scenario pages."""

Mismatch = Literal["authentication", "main-mode", "quick-mode"]
"""What a peer does not have in common with us."""

KINDS: tuple[Kind, ...] = get_args(Kind)
USUAL: Kind = "all"
"""The peer that is shown first: it has whatever a design negotiates with, as the verdict on a packet takes it."""
MISMATCHES: tuple[Mismatch, ...] = get_args(Mismatch)

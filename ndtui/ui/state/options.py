"""How the designer was started."""

from dataclasses import dataclass
from pathlib import Path

from ndtui.common.settings import DEFAULTS, Settings


@dataclass(frozen=True, slots=True)
class Options:
    """How the designer was started."""

    read_only: bool = False
    backend: str = "store"
    store: Path | None = None
    no_color: bool = False
    settings: Settings = DEFAULTS

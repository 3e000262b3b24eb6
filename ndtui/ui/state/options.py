"""How the designer was started."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.common.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from ndtui.ui.state.machine import Machine
    from ndtui.ui.state.machine_events import Events


@dataclass(frozen=True, slots=True)
class Options:
    """How the designer was started."""

    read_only: bool = False
    visitor: bool = False
    """Whether it is somebody in a browser who may only look, and sees neither files nor work that is not saved."""
    backend: str = "store"
    store: Path | None = None
    no_color: bool = False
    theme: str = ""
    """A theme asked for on the command line; empty: the one of the settings."""
    settings: Settings = DEFAULTS
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of the user's own that hold, by the name of the action."""
    tour: bool = False
    """Whether the tour is shown when the designer has opened."""
    notice: str = ""
    """What is to be said of the settings when the designer has opened."""
    machine: "Machine | None" = None
    """The machine that is shown first, above the designer."""
    events: "Events | None" = None
    """Its events, likewise."""
    remark: str = ""
    """What is to be said of where the design came from."""

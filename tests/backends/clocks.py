"""Clocks that a test moves: the wall clock, that of this boot, and which boot it is."""

import time

from ndtui.common.boot_clock import BootTime


class Clocks:
    """Time passes only when a test lets it, or when somebody sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0
        """Seconds that were slept through."""
        self._boot = 1
        self._seconds = 1000.0
        self._wall = time.time()

    def now(self) -> BootTime:
        """Return the moment on the clock of this boot."""
        return BootTime(f"boot {self._boot}", self._seconds)

    def wall(self) -> float:
        """Return what the wall clock shows."""
        return self._wall

    def let_pass(self, seconds: float) -> None:
        """Let time pass, on every clock."""
        self._seconds += seconds
        self._wall += seconds

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        self.slept += seconds
        self.let_pass(seconds)

    def set_wall_clock(self, seconds: float) -> None:
        """Set the wall clock forward or back."""
        self._wall += seconds

    def restart(self) -> None:
        """Start the machine anew, in no time."""
        self._boot += 1
        self._seconds = 0.0

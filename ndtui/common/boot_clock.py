"""The clock of this boot: seconds since the machine was started, those it slept included; nobody can set it.

Linux: CLOCK_BOOTTIME, see clock_gettime(2). macOS: CLOCK_MONOTONIC_RAW, which goes on while the machine sleeps and
heeds no adjustment, see clock_gettime(3); its ``time.monotonic`` stands still meanwhile. Windows: GetTickCount64, which
counts sleep and hibernation: https://learn.microsoft.com/windows/win32/sysinfo/windows-time
"""

import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple


class BootTime(NamedTuple):
    """A moment: which boot of the machine it belongs to, empty where that cannot be told, and seconds since then."""

    boot: str
    seconds: float


def now() -> BootTime:
    """Return this moment."""
    return BootTime(_boot(), _seconds())


if sys.platform == "win32":
    import ctypes

    #: BootId of the page that Windows shows to every process; counts every start of the machine. Source:
    #: https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddk/ns-ntddk-kuser_shared_data
    _BOOT_ID_ADDRESS = 0x7FFE0000 + 0x2C4

    def _seconds() -> float:
        ticks = ctypes.windll.kernel32.GetTickCount64
        ticks.restype = ctypes.c_uint64
        return float(ticks()) / 1000

    @cache
    def _boot() -> str:
        return str(ctypes.c_uint32.from_address(_BOOT_ID_ADDRESS).value)

elif sys.platform == "darwin":

    def _seconds() -> float:
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)

    @cache
    def _boot() -> str:
        """Return the identity of this boot, ``sysctl kern.bootsessionuuid``; empty where it cannot be asked for."""
        import ctypes  # noqa: PLC0415 - slow to import

        text = ctypes.create_string_buffer(64)
        size = ctypes.c_size_t(len(text))
        failed = ctypes.CDLL(None).sysctlbyname(b"kern.bootsessionuuid", text, ctypes.byref(size), None, 0)
        return "" if failed else text.value.decode()

else:
    _CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def _seconds() -> float:
        return time.clock_gettime(_CLOCK)

    @cache
    def _boot() -> str:
        """Return the identity of this boot; empty on a system that is not Linux, where the wall clock has to do."""
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        except OSError:
            return ""

"""Names of files that every system takes for the same plain name."""

#: Names that Windows keeps for devices, whatever ending a file has.
#: Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)
_FORBIDDEN = frozenset('<>:"/\\|?*')
#: Systems allow 255 bytes, and some of them are needed to write beside and rename.
_LONGEST = 150


def is_device(name: str) -> bool:
    """Tell whether Windows takes a file's name for a device: ``nul``, ``COM1.txt``."""
    return name.partition(".")[0].rstrip(" ").upper() in DEVICES


def is_plain(name: str) -> bool:
    """Tell whether a text names a file in a folder, and nothing else, on every system."""
    return (
        name.isprintable()
        and _FORBIDDEN.isdisjoint(name)
        and name == name.strip()
        and not name.endswith(".")
        and not is_device(name)
        and 0 < len(name.encode("utf-8", "replace")) <= _LONGEST
    )

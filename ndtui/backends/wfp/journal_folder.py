"""The folder of the journal: who may write there, said in one security descriptor and read back from another.

Any user may make folders and files in ProgramData. So the folder is made with a list of its own, and one that is there
already is used only if nobody but Windows itself and administrators can have written to it.
Source: https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
"""

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.common.files import reason

#: Windows itself and administrators, as they are written in a security descriptor's text: by alias and by identifier.
_TRUSTED = ("SY", "BA", "S-1-5-18", "S-1-5-32-544")
#: Types of entries that allow something.
_ALLOWING = ("A", "OA", "XA", "ZA")
#: st_file_attributes of a link, a junction and their like. Source: File Attribute Constants.
_REPARSE_POINT = stat.FILE_ATTRIBUTE_REPARSE_POINT

_OWNER = re.compile(r"O:(S-[0-9A-Fx-]+|[A-Z]{2})")
_LIST = re.compile(r"D:([A-Z]*)((?:\([^()]*\))*)(?=S:|$)")
_ENTRY = re.compile(r"\(([^()]*)\)")


def folder_descriptor() -> str:
    """Return the security descriptor that the folder is made with, in SDDL.

    Administrators own it; they and Windows itself have full access to it and to all that is made in it; nothing is
    inherited from above.
    """
    return "O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"


def distrust(descriptor: str) -> str:
    """Return why a file or folder with a security descriptor (SDDL) may have been written by others; empty if not."""
    owner, entries = _OWNER.match(descriptor), _LIST.search(descriptor)
    if owner is None or owner[1] not in _TRUSTED:
        return "belongs to somebody else than administrators"
    if entries is None or "NO_ACCESS_CONTROL" in descriptor:
        return "is open to everybody"
    for entry in _ENTRY.findall(entries[2]):
        parts = entry.split(";")
        if parts[0] in _ALLOWING and parts[5] not in _TRUSTED:
            return f"is open to others than administrators ({parts[5]})"
    return ""


@dataclass(frozen=True, slots=True)
class JournalFolder:
    """The folder of a journal, and Windows' functions for it."""

    journal: Path
    make_folder: Callable[[str, str], None]
    """Makes a folder, by its path, with a security descriptor in SDDL; raises ``OSError``."""
    descriptor_of: Callable[[str], str]
    """Returns owner and list of a file or folder, by its path, in SDDL; raises ``OSError``."""

    def check(self) -> None:
        """Refuse a folder or a journal that others can have written. One that is not there is none.

        Raises:
            BackendError: they can.
        """
        for path in (self.journal.parent, self.journal):
            try:
                problem = _problem(path, self.descriptor_of)
            except FileNotFoundError:
                return
            except OSError as error:
                problem = f"cannot be looked at ({reason(error)})"
            if problem:
                raise BackendError(
                    f"the journal is not believed: {path} {problem}",
                    remedy=f"see who made {self.journal.parent}, and move it away to begin a new journal",
                )

    def make(self) -> None:
        """Make the folder where there is none, for administrators alone.

        Raises:
            BackendError: it cannot be made, or there is one that is not to be trusted.
        """
        try:
            self.make_folder(str(self.journal.parent), folder_descriptor())
        except FileExistsError:
            pass
        except OSError as error:
            raise BackendError(f"the folder {self.journal.parent} cannot be made", remedy=reason(error)) from None
        self.check()


def _problem(path: Path, descriptor_of: Callable[[str], str]) -> str:
    if getattr(path.lstat(), "st_file_attributes", 0) & _REPARSE_POINT or path.is_symlink():
        return "is a link to somewhere else"
    return distrust(descriptor_of(str(path)))

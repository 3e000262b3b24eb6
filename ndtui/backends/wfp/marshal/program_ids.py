"""Names of programs, as the filter engine has them: bytes that Windows makes of a path.

They are the path with the name of its device in place of the drive, in lower case, as UTF-16 with a zero at the end;
``netsh wfp show filters`` shows both. Windows makes them of a file that is there; a path that has the name of the
device already is written out here, for Windows has no function for it.
Source: https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmgetappidfromfilename0
"""

from ctypes import POINTER, byref, c_void_p, c_wchar_p, cast, pointer, string_at

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp.calls import call
from ndtui.backends.wfp.error_codes import Attempt, engine_error
from ndtui.backends.wfp.marshal.arena import Arena
from ndtui.backends.wfp.native import Native
from ndtui.common.text import visible
from ndtui.model.design.program_path import folded, is_device_path

#: System error codes by which Windows says that a path leads nowhere:
#: https://learn.microsoft.com/windows/win32/debug/system-error-codes
_NOWHERE = {
    2: "there is no such file",
    3: "there is no such folder",
    15: "there is no such drive",
    21: "the drive is not ready",
    53: "the computer that has it is not found",
    67: "the share that it is on is not found",
    123: "it is no name of a file",
    161: "it is no path",
    206: "it is too long",
}


def program_id(native: Native, path: str) -> bytes:
    """Return the bytes that stand for the program of a path.

    Raises:
        BackendError: Windows cannot make them, because there is no such file.
    """
    if is_device_path(path):
        return f"{folded(path)}\0".encode("utf-16-le", "surrogatepass")
    found = POINTER(native.wfp.FWP_BYTE_BLOB)()
    with Arena() as arena:
        name = c_wchar_p(arena.text(path))  # UTF-16 on every system, which a str is not
        number = call(native.wfp, "FwpmGetAppIdFromFileName0", name, byref(found))
    if number in _NOWHERE:
        raise BackendError(
            f"Windows cannot make the name of a program of {visible(path)}: {_NOWHERE[number]} (error {number})",
            remedy="correct the path, disable the exemption until the program is there, or write the path with the "
            "name of its device, \\device\\harddiskvolume3\\..., which needs no file",
        )
    if number:
        raise engine_error(number, Attempt(f"the name of the program {visible(path)} cannot be made"))
    try:
        return string_at(found.contents.data, found.contents.size)
    finally:
        native.wfp.FwpmFreeMemory0(cast(pointer(found), POINTER(c_void_p)))

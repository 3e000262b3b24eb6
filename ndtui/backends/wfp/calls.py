"""Calls into fwpuclnt.dll: a function by name, its result checked, the memory it returned read and freed.

Source: the pages of the functions under https://learn.microsoft.com/windows/win32/api/fwpmu/
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from ctypes import POINTER, byref, c_uint32, c_void_p, cast, pointer

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.error_codes import Attempt, engine_error, missing_function
from ndtui.backends.wfp.native import Struct
from ndtui.model.vocabulary import number_of

#: How many objects an enumeration returns at a time.
PAGE = 512

Take = Callable[[Struct], None]

#: The part of a structure's name that goes with a family of functions.
_STRUCTURES = {
    "Provider": "PROVIDER",
    "SubLayer": "SUBLAYER",
    "ProviderContext": "PROVIDER_CONTEXT",
    "Filter": "FILTER",
    "Layer": "LAYER",
    "Session": "SESSION",
}

#: The versions of the structures that a family of functions returns, newest first, where there are several. An older
#: one leaves out what it cannot say. Source: fwpmu.h.
_VERSIONS: Mapping[str, tuple[int, ...]] = {"ProviderContext": (3, 2, 1, 0)}

#: What creating an enumeration returns when nothing can match its template; to the caller it is an empty one.
_NOTHING = frozenset(map(number_of, ("FWP_E_NEVER_MATCH", "FWP_E_PROVIDER_NOT_FOUND", "FWP_E_NOT_FOUND")))

_CANCELLED = number_of("FWP_E_TXN_ABORTED")
_PROC_NOT_FOUND = 127


def call(wfp: Struct, name: str, *arguments: object) -> int:
    """Call a function of ``wfp`` and return its result, 0 for success.

    Raises:
        EngineError: this Windows does not have it.
    """
    try:
        return int(getattr(wfp, name)(*arguments))
    except AttributeError as error:
        if name not in str(error):
            raise
        raise missing_function(name, error) from error
    except OSError as error:
        # 126 and 127 are ERROR_MOD_NOT_FOUND and ERROR_PROC_NOT_FOUND; ctypes itself says FileNotFoundError.
        if not isinstance(error, FileNotFoundError) and getattr(error, "winerror", None) not in (126, 127):
            raise
        raise missing_function(name, error) from error


class Calls:
    """The functions that take an engine handle, with the handle of one session."""

    def __init__(self, wfp: Struct, handle: Struct) -> None:
        self._wfp = wfp
        self._handle: Struct = handle
        self._versions = dict(_VERSIONS)
        self.cancelled = False
        """Whether Windows has cancelled the transaction in progress, as it does with one that takes an hour."""

    def check_open(self) -> None:
        """Refuse a call after ``close``: the handle is not valid any more, or is another session's."""
        if self._handle is None:
            raise EngineError("FWP_E_SESSION_ABORTED", "the session has been closed", remedy="open another")

    def close(self) -> None:
        """Close the handle. A failure is ignored, since nothing can be done about it.

        A handle is to be closed even when the session is no longer valid (FWP_E_SESSION_ABORTED).
        """
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(EngineError):
                call(self._wfp, "FwpmEngineClose0", handle)

    def number(self, name: str, *arguments: object) -> int:
        """Call a function and return its result.

        Once Windows has cancelled a transaction, no further call of it is made: each would be committed by itself.
        """
        self.check_open()
        if self.cancelled:
            return _CANCELLED
        number = call(self._wfp, name, self._handle, *arguments)
        self.cancelled = number == _CANCELLED
        return number

    def checked(self, attempt: Attempt, name: str, *arguments: object) -> None:
        """Call a function.

        Raises:
            EngineError: it returns a number other than 0.
        """
        number = self.number(name, *arguments)
        if number:
            raise engine_error(number, attempt)

    def get(self, attempt: Attempt, family: str, guid: Struct, take: Take) -> None:
        """Pass an object to ``take``, and free its memory afterwards."""
        found = self._newest(attempt, family, "GetByKey", 1, byref(guid))
        try:
            take(found.contents)
        finally:
            self._free(found)

    def each(self, attempt: Attempt, family: str, template: Struct, take: Take) -> None:
        """Pass every object of an enumeration to ``take``, and free its memory afterwards. No template means all."""
        enumeration = getattr(self._wfp, f"FWPM_{_STRUCTURES[family]}_ENUM_HANDLE")()
        given = None if template is None else byref(template)
        number = self.number(f"Fwpm{family}CreateEnumHandle0", given, byref(enumeration))
        if number in _NOTHING:
            return
        if number:
            raise engine_error(number, attempt)
        try:
            while self._page(attempt, family, enumeration, take) == PAGE:
                pass
        finally:
            # A failure is ignored: what was listed is right all the same.
            self.number(f"Fwpm{family}DestroyEnumHandle0", enumeration)

    def _page(self, attempt: Attempt, family: str, enumeration: Struct, take: Take) -> int:
        """Pass one page of an enumeration to ``take``; return how many there were: less than asked for at the end."""
        count = c_uint32()
        entries = self._newest(attempt, family, "Enum", 2, enumeration, PAGE, after=(byref(count),))
        try:
            for position in range(count.value):
                take(entries[position].contents)
        finally:
            self._free(entries)
        return count.value

    def _newest(
        self, attempt: Attempt, family: str, verb: str, depth: int, *before: object, after: tuple[object, ...] = ()
    ) -> Struct:
        """Return what the newest function of a name that this Windows has returns: a pointer of a depth to a structure.

        A pointer to that pointer stands between the other arguments.
        """
        while True:
            version, *older = self._versions.get(family, (0,))
            found: Struct = getattr(self._wfp, f"FWPM_{_STRUCTURES[family]}{version}")
            for _ in range(depth):
                found = POINTER(found)
            returned = found()
            try:
                self.checked(attempt, f"Fwpm{family}{verb}{version}", *before, byref(returned), *after)
            except EngineError as error:
                if error.number != _PROC_NOT_FOUND or not older:
                    raise
                self._versions[family] = tuple(older)
            else:
                return returned

    def _free(self, returned: Struct) -> None:
        """Free memory that a function returned: the array, and with it all that its entries point to."""
        if returned:
            self._wfp.FwpmFreeMemory0(cast(pointer(returned), POINTER(c_void_p)))

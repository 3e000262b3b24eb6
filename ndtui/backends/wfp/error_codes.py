"""What Windows' results mean: an error number becomes an ``EngineError`` that says what was refused and what to do.

Numbers and meanings of the FWP_E_* codes: https://learn.microsoft.com/windows/win32/fwp/wfp-error-codes. The others are
system error codes, https://learn.microsoft.com/windows/win32/debug/system-error-codes; the functions return them as
they are or as an HRESULT (0x80070005 is 5). Who may do what: https://learn.microsoft.com/windows/win32/fwp/access-control
"""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.backends.contract.changes import KIND_NAMES
from ndtui.backends.contract.engine import EngineError
from ndtui.common.text import shortened
from ndtui.model.compiled.document_types import Kind
from ndtui.model.vocabulary.numbers import ENUMERATIONS

#: Windows that has every function this program calls. Source: the requirements on the page of each of them.
SINCE = "Windows Vista or Windows Server 2008"

RUN_AS = "run ndtui in a terminal opened with Run as administrator"
# "sc" alone is another command in PowerShell.
_START = "start it: sc.exe start BFE, in a terminal opened with Run as administrator"
_OTHERS = "if another administrator or group policy added it, it has to be changed there"
_OWNED = "another administrator, group policy or security software owns the object"
_CHANGE = "change the policy so that it fits, or leave the object out"
_AGAIN = "try again"
_REPORT = "this is a mistake of ndtui: report it with this line"


class Attempt(NamedTuple):
    """What was asked of Windows."""

    words: str
    """What cannot be done when it refuses: ``the filter 'x' {...} cannot be added``."""
    on_object: bool = False
    """Whether it concerns an object with a security descriptor of its own, rather than the engine as a whole."""
    may_write: bool = False
    """Whether Windows has let this session start to write, so that a refusal is not for want of elevation."""


class _Words(NamedTuple):
    what: str
    remedy: str


def named(kind: Kind, name: str, key: str) -> str:
    """Return what an error calls an object: its kind, its display name if there is one, its key."""
    shown = f" {shortened(name, 120)!r}" if name else ""
    return f"the {KIND_NAMES[kind]}{shown} {key}".rstrip()


def engine_error(number: int, attempt: Attempt) -> EngineError:
    """Return what a number other than 0 means for what was attempted."""
    system = _system_number(number)
    if system == _ACCESS_DENIED:
        return _access_denied(number, attempt)
    if number in _WFP_CODES:
        code, words = _WFP_CODES[number], _WFP[_WFP_CODES[number]]
    elif system is not None and system in _SYSTEM:
        code, words = _SYSTEM[system]
    else:
        code, words = "unknown error", _Words("Windows gives a reason that ndtui has no words for", _look_up(number))
    return EngineError(code, f"{attempt.words}: {words.what}", remedy=words.remedy, number=number)


def about(error: EngineError, words: str) -> EngineError:
    """Return an error that was found before Windows was asked, with words for what was attempted in front."""
    what = error.message.removesuffix(f" ({error.code}, 0x{error.number:08X})")
    return EngineError(error.code, f"{words}: {what}", remedy=error.remedy or _CHANGE, number=error.number)


def missing_function(name: str, error: Exception) -> EngineError:
    """Return what it means that a function, or the library it belongs to, is not on this machine."""
    library = isinstance(error, OSError)
    what = f"this machine has no fwpuclnt.dll, which {name} belongs to" if library else f"fwpuclnt.dll has no {name}"
    return EngineError(
        "ERROR_MOD_NOT_FOUND" if library else "ERROR_PROC_NOT_FOUND",
        what,
        remedy=f"it takes {SINCE} or later, with all of its networking; use the store backend here",
        number=126 if library else 127,
    )


def _system_number(number: int) -> int | None:
    """Return the system error code that a number is, or that an HRESULT was made from (HRESULT_FROM_WIN32)."""
    if number >> 16 == 0x8007:
        return number & 0xFFFF
    return number if number < 0x10000 else None


def _access_denied(number: int, attempt: Attempt) -> EngineError:
    """Return the error for denied access.

    A session that may write is elevated, so that the security descriptor of an object denies it. For other sessions
    that may be the reason as well, but the first thing to try is to elevate.
    """
    if attempt.may_write:
        whose = "its security descriptor, or that of an object it refers to," if attempt.on_object else "an object"
        what, remedy = f"{whose} keeps this administrator out", f"{_OWNED}: have it changed there"
    elif attempt.on_object:
        what, remedy = "Windows denies access to it", f"{RUN_AS}; if it was, {_OWNED}: have it changed there"
    else:
        what, remedy = "Windows lets only administrators do that", RUN_AS
    return EngineError("ERROR_ACCESS_DENIED", f"{attempt.words}: {what}", remedy=remedy, number=number)


def _look_up(number: int) -> str:
    return f"ask Windows for its own: certutil -error 0x{number:08X}"


_ACCESS_DENIED = 5

_STOPPED = _Words("the Base Filtering Engine service is not running", _START)
_BROKEN = _Words(
    "the Base Filtering Engine service went away in the middle", f"see that it runs (sc.exe query BFE), then {_AGAIN}"
)
_MEMORY = _Words("Windows has not enough memory", f"close other programs, then {_AGAIN}")
_HANDLE = _Words("the session with the filter engine is no longer valid", f"{_AGAIN}: a new session is opened")
_FORM = _Words("Windows cannot read what it was given", _REPORT)

#: System error codes by number: https://learn.microsoft.com/windows/win32/debug/system-error-codes. That a stopped BFE
#: returns 1753: https://github.com/basil00/WinDivert/issues/367
_SYSTEM: Mapping[int, tuple[str, _Words]] = {
    6: ("ERROR_INVALID_HANDLE", _HANDLE),
    8: ("ERROR_NOT_ENOUGH_MEMORY", _MEMORY),
    14: ("ERROR_OUTOFMEMORY", _MEMORY),
    50: ("ERROR_NOT_SUPPORTED", _Words("this Windows does not support it", f"it takes {SINCE} or later")),
    87: ("ERROR_INVALID_PARAMETER", _FORM),
    1058: (
        "ERROR_SERVICE_DISABLED",
        _Words(
            "the Base Filtering Engine service is disabled",
            "enable it: sc.exe config BFE start= auto, then sc.exe start BFE",
        ),
    ),
    1062: ("ERROR_SERVICE_NOT_ACTIVE", _STOPPED),
    1338: ("ERROR_INVALID_SECURITY_DESCR", _Words("a security descriptor in it is not valid", "correct its SDDL text")),
    1702: ("RPC_S_INVALID_BINDING", _HANDLE),
    1717: ("RPC_S_UNKNOWN_IF", _STOPPED),
    1722: ("RPC_S_SERVER_UNAVAILABLE", _STOPPED),
    1723: ("RPC_S_SERVER_TOO_BUSY", _Words("the filter engine is too busy", _AGAIN)),
    1726: ("RPC_S_CALL_FAILED", _BROKEN),
    1727: ("RPC_S_CALL_FAILED_DNE", _BROKEN),
    1753: ("EPT_S_NOT_REGISTERED", _STOPPED),
    1775: ("RPC_X_SS_IN_NULL_CONTEXT", _HANDLE),
    1780: ("RPC_X_NULL_REF_POINTER", _FORM),
    1783: ("RPC_X_BAD_STUB_DATA", _FORM),
}

_WFP: Mapping[str, _Words] = {
    "FWP_E_CALLOUT_NOT_FOUND": _Words("there is no such callout", "is the driver that brings it installed?"),
    "FWP_E_CONDITION_NOT_FOUND": _Words("a condition is on a field that the layer does not have", _CHANGE),
    "FWP_E_FILTER_NOT_FOUND": _Words("there is no such filter", "plan again: it has gone in the meantime"),
    "FWP_E_LAYER_NOT_FOUND": _Words("this Windows has no such layer", _CHANGE),
    "FWP_E_PROVIDER_NOT_FOUND": _Words("there is no such provider", "plan again: it has gone in the meantime"),
    "FWP_E_PROVIDER_CONTEXT_NOT_FOUND": _Words(
        "there is no such provider context", "plan again: it has gone in the meantime"
    ),
    "FWP_E_SUBLAYER_NOT_FOUND": _Words("there is no such sublayer", "plan again: it has gone in the meantime"),
    "FWP_E_NOT_FOUND": _Words("there is no such object", "plan again: it has gone in the meantime"),
    "FWP_E_ALREADY_EXISTS": _Words("an object with this key exists already", f"remove that one first; {_OTHERS}"),
    "FWP_E_IN_USE": _Words("something still refers to it", f"remove what refers to it first; {_OTHERS}"),
    "FWP_E_DYNAMIC_SESSION_IN_PROGRESS": _Words(
        "that cannot be done in a dynamic session", "choose the lifetime static or persistent"
    ),
    "FWP_E_WRONG_SESSION": _Words(
        "it belongs to the dynamic session of another program", "end that program, or have it remove the object"
    ),
    "FWP_E_NO_TXN_IN_PROGRESS": _Words("no transaction is in progress", _REPORT),
    "FWP_E_TXN_IN_PROGRESS": _Words("a transaction is in progress", _REPORT),
    "FWP_E_TXN_ABORTED": _Words(
        "Windows has cancelled the transaction, as it does after an hour", f"nothing was changed: {_AGAIN}"
    ),
    "FWP_E_SESSION_ABORTED": _Words("the session has been ended", f"{_AGAIN}: a new session is opened"),
    "FWP_E_INCOMPATIBLE_TXN": _Words("nothing is written in a read-only transaction", _REPORT),
    "FWP_E_TIMEOUT": _Words(
        "another program has been changing filters all the time this one waited",
        f"{_AGAIN} when it is done; netsh wfp show state lists the open sessions",
    ),
    "FWP_E_NET_EVENTS_DISABLED": _Words("diagnostic events are off", "netsh wfp set options netevents = on"),
    "FWP_E_INCOMPATIBLE_LAYER": _Words("the layer does not support that", _CHANGE),
    "FWP_E_KM_CLIENTS_ONLY": _Words("only drivers may do that", _REPORT),
    "FWP_E_LIFETIME_MISMATCH": _Words(
        "it would outlive something that it refers to", "give both the same lifetime and the same provider"
    ),
    "FWP_E_BUILTIN_OBJECT": _Words("it is part of Windows", "leave it as it is"),
    "FWP_E_TOO_MANY_CALLOUTS": _Words("there are 100 000 callouts already", "remove drivers that are not needed"),
    "FWP_E_NOTIFICATION_DROPPED": _Words("a queue of messages is full", _AGAIN),
    "FWP_E_TRAFFIC_MISMATCH": _Words("the traffic is not that of the security association", _REPORT),
    "FWP_E_INCOMPATIBLE_SA_STATE": _Words("the security association is not in the state for that", _REPORT),
    "FWP_E_NULL_POINTER": _Words("a part that has to be there is missing", _CHANGE),
    "FWP_E_INVALID_ENUMERATOR": _Words("it has a value that this Windows does not know", _CHANGE),
    "FWP_E_INVALID_FLAGS": _Words("its flags do not go together, or this Windows does not know one", _CHANGE),
    "FWP_E_INVALID_NET_MASK": _Words("a subnet mask is not valid", "let the ones of a mask stand before its zeros"),
    "FWP_E_INVALID_RANGE": _Words("a range is not valid", "let a range begin before it ends"),
    "FWP_E_INVALID_INTERVAL": _Words("a time interval is not valid", _CHANGE),
    "FWP_E_ZERO_LENGTH_ARRAY": _Words("a list that needs an entry is empty", "name at least one"),
    "FWP_E_NULL_DISPLAY_NAME": _Words("it has no display name", "give it one"),
    "FWP_E_INVALID_ACTION_TYPE": _Words("its action is none a filter can have", _CHANGE),
    "FWP_E_INVALID_WEIGHT": _Words("its weight is not valid", "use FWP_EMPTY, FWP_UINT8 from 0 to 15, or FWP_UINT64"),
    "FWP_E_MATCH_TYPE_MISMATCH": _Words("a condition compares in a way its value does not support", _CHANGE),
    "FWP_E_TYPE_MISMATCH": _Words("a value is of another type than its field", _CHANGE),
    "FWP_E_OUT_OF_BOUNDS": _Words("a number is too large or too small", _CHANGE),
    "FWP_E_RESERVED": _Words("a reserved member is set", _REPORT),
    "FWP_E_DUPLICATE_CONDITION": _Words("conditions on one field stand apart", "put them one after the other"),
    "FWP_E_DUPLICATE_KEYMOD": _Words("a keying module is named twice", "name it once"),
    "FWP_E_ACTION_INCOMPATIBLE_WITH_LAYER": _Words("its action is none of the layer's", _CHANGE),
    "FWP_E_ACTION_INCOMPATIBLE_WITH_SUBLAYER": _Words("its action is none of the sublayer's", _CHANGE),
    "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER": _Words("its context is none the layer can use", _CHANGE),
    "FWP_E_CONTEXT_INCOMPATIBLE_WITH_CALLOUT": _Words("its context is none the callout can use", _CHANGE),
    "FWP_E_INCOMPATIBLE_AUTH_METHOD": _Words(
        "the keying module does not have the authentication method", "choose another method or keying module"
    ),
    "FWP_E_INCOMPATIBLE_DH_GROUP": _Words("the keying module does not have the Diffie-Hellman group", _CHANGE),
    "FWP_E_EM_NOT_SUPPORTED": _Words("IKE has no extended mode", "use AuthIP, or leave extended mode out"),
    "FWP_E_NEVER_MATCH": _Words("what is looked for can never be there", _REPORT),
    "FWP_E_PROVIDER_CONTEXT_MISMATCH": _Words("the provider context is of another type", _CHANGE),
    "FWP_E_INVALID_PARAMETER": _Words(
        "a text is not valid Unicode or has unprintable characters, or a value is not valid", _CHANGE
    ),
    "FWP_E_TOO_MANY_SUBLAYERS": _Words(
        "there are as many sublayers as Windows allows", "remove one that is not needed, or use FWPM_SUBLAYER_UNIVERSAL"
    ),
    "FWP_E_CALLOUT_NOTIFICATION_FAILED": _Words("the driver behind the callout refuses it", "look into its own log"),
    "FWP_E_INVALID_AUTH_TRANSFORM": _Words("the integrity algorithm is not valid", _CHANGE),
    "FWP_E_INVALID_CIPHER_TRANSFORM": _Words("the cipher is not valid", _CHANGE),
    "FWP_E_INCOMPATIBLE_CIPHER_TRANSFORM": _Words("the cipher does not go with the policy", _CHANGE),
    "FWP_E_INVALID_TRANSFORM_COMBINATION": _Words("the algorithms of a transform do not go together", _CHANGE),
    "FWP_E_DUPLICATE_AUTH_METHOD": _Words("an authentication method is named twice", "name it once"),
}

_WFP_CODES: Mapping[int, str] = {number: code for code, number in ENUMERATIONS["FWP_E"].items()}

"""A stand-in for Windows' fwpuclnt.dll, on any machine, over an emulated engine.

``windows()`` returns the ``WfpEngine`` under test together with the library it talks to::

    engine, library = windows()
    ...
    assert library.left_behind() == []

with this folder on ``sys.path`` (``from fwpuclnt import windows``). It skips the test where win32more is missing.

A call takes the way it takes on Windows: through win32more's function, which converts its arguments by its own
signature, and through a C call into a function that gets bare numbers and addresses. What is there is read by ``raw``,
byte by byte; what goes back is written the same way. Numbers are returned, nothing is ever raised: but for a mistake of
the stand-in itself, or of a caller that Windows would have crashed on.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, c_uint32, c_void_p, cast
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.engine import Engine, EngineError, Session
from ndtui.backends.wfp.native import Native
from ndtui.backends.wfp.service_control import Service, ServiceControl
from ndtui.backends.wfp.wfp_engine import WfpEngine
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import LAYERS
from tests.backends.wfp import raw_structs
from tests.backends.wfp.windows_ctypes import structures

ACCESS_DENIED = 5
INVALID_HANDLE = 6
INVALID_PARAMETER = 87

#: A layer that Windows has and this program has no name for: FWPM_LAYER_STREAM_V4.
NAMELESS_LAYER = "{3b89653c-c170-49e4-b1cd-e0eeeee19a3e}"

KINDS: dict[str, Kind] = {
    "Provider": "provider",
    "SubLayer": "subLayer",
    "ProviderContext": "providerContext",
    "Filter": "filter",
}
STRUCTURES = {
    "Provider": "FWPM_PROVIDER",
    "SubLayer": "FWPM_SUBLAYER",
    "ProviderContext": "FWPM_PROVIDER_CONTEXT",
    "Filter": "FWPM_FILTER",
    "Layer": "FWPM_LAYER",
    "Session": "FWPM_SESSION",
}
_NAME = re.compile(r"Fwpm(ProviderContext|Provider|SubLayer|Filter|Layer|Session)([A-Z][A-Za-z]+)([0-9])")

# Integer arguments as fwpmu.h has them; whatever is left out is a pointer or a handle.
_UINT32_ARGUMENTS = {"FwpmEngineOpen0": (1,), "FwpmTransactionBegin0": (1,), "Enum": (2,)}

_INCLUDE_BOOTTIME, _INCLUDE_DISABLED = 8, 16
_OPAQUE = "providerData:"


class Windows(NamedTuple):
    """The engine under test and what it stands on."""

    engine: WfpEngine
    library: "Library"
    native: Native


def windows(engine: Engine | None = None) -> Windows:
    """Return Windows' engine over a stand-in for its library; ``engine`` does the work behind it."""
    library = Library(BfeEngine() if engine is None else engine)
    native = Native(
        wfp=Module(library),
        security_descriptor=raw_structs.security_descriptor,
        sddl=raw_structs.sddl,
        sid=raw_structs.sid,
        sid_text=raw_structs.sid_text,
        roots=lambda reference: reference.encode(),
        intermediates=lambda reference: reference.encode(),
        secret=lambda reference: bytearray(f"the secret of {reference}".encode()),
        services=Services(),
        has=lambda name: library.absent or name not in library.missing,
    )
    return Windows(WfpEngine(native), library, native)


class Services(ServiceControl):
    """The services of a machine, each running unless it is said otherwise."""

    def __init__(self, **states: Service | None) -> None:
        super().__init__(lambda: None)
        self.states = states
        self.started: list[str] = []

    def look(self, name: str) -> Service | None:
        """Return how a service stands."""
        return self.states.get(name, Service(running=True, disabled=False))

    def start(self, name: str) -> None:
        """Start a service."""
        self.started.append(name)
        self.states[name] = Service(running=True, disabled=False)


class Module:
    """What ``Native.wfp`` is: win32more's structures and constants, and its functions bound to the stand-in."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        """Return a member of win32more's module."""
        value = getattr(structures(), name)
        if name.startswith("Fwpm"):
            # win32more's own class, with another way to find the function behind a name.
            value = type(value)(value._prototype, value._library, value._entry_point, False, self, self._library.bind)
            with findable_win32more():
                value._delegate = value._create_foreign_function_call()
        setattr(self, name, value)
        return value

    def __getitem__(self, library: str) -> "Library":
        """Return the library of a name, as ``ctypes.windll`` does."""
        assert library == "fwpuclnt.dll"
        return self._library


@contextmanager
def findable_win32more() -> Iterator[None]:
    """Let win32more find its own modules: signatures are read late, and ``structures`` leaves no module behind."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules_of(structures().win32more).items():
            patch.setitem(sys.modules, name, module)
        yield


@cache
def modules_of(package: Any) -> dict[str, Any]:
    found = {package.__name__: package}
    for value in vars(package).values():
        if isinstance(value, ModuleType) and value.__name__.startswith(f"{package.__name__}."):
            found.update(modules_of(value))
    return found


@dataclass
class Enumeration:
    """An open enumeration: a snapshot, and how far it has been read."""

    family: str
    session: int
    entries: list[Document]
    position: int = 0


@dataclass
class Library:
    """The functions, what they have handed out, and how they are told to fail."""

    engine: Engine
    heap: raw_structs.Heap = field(default_factory=raw_structs.Heap)
    calls: list[str] = field(default_factory=list)
    """The names of all functions called, but FwpmFreeMemory0, which cannot fail."""
    mistakes: list[str] = field(default_factory=list)
    """What a caller did that Windows does not take well."""
    missing: set[str] = field(default_factory=set)
    """Functions that the library does not have."""
    absent: bool = False
    """Whether there is no such library at all."""
    answers: dict[str, int] = field(default_factory=dict)
    """What functions answer instead of doing anything."""
    layers: list[str] = field(default_factory=lambda: [*LAYERS, NAMELESS_LAYER])
    programs: dict[str, str] | None = None
    """The files of programs that are there, with what Windows calls each; ``None``: every file is there."""
    programs_missing: int = 2
    """What Windows answers for another path."""

    def __post_init__(self) -> None:
        self._failures: dict[int, int] = {}
        self._sessions: dict[int, Session] = {}
        self._session_keys: dict[str, str] = {}
        self._enumerations: dict[int, Enumeration] = {}
        self._next_handle = 0x1000
        self._crash: BaseException | None = None
        self._alive: list[Any] = []

    # for tests

    def fail_at(self, position: int, number: int = 1726) -> None:
        """Let the call ``position`` calls from now (1 is the next) answer with a number instead of doing anything.

        What closes or destroys something does so all the same: the handle is gone for the caller either way.
        """
        self._failures[len(self.calls) + position] = number

    def left_behind(self) -> list[str]:
        """Return what the caller still owes: memory, handles, and everything it did wrong."""
        return [
            *(f"memory at {address:#x}" for address in self.heap.roots),
            *(f"enumeration of {each.family}" for each in self._enumerations.values()),
            *(f"engine handle {handle:#x}" for handle in self._sessions),
            *self.mistakes,
        ]

    # how calls arrive

    def bind(self, result: Any, *arguments: Any) -> Callable[..., Any]:
        """Stand in for WINFUNCTYPE: return what finds a function in a library and makes it callable."""

        def find(entry: tuple[str, "Library"], _parameters: Any) -> Callable[..., Any]:
            name = entry[0]
            raw_types = self._raw_types(name, len(arguments))
            inner = CFUNCTYPE(c_uint32 if result is not None else None, *raw_types)(self._receiver(name))
            outer = CFUNCTYPE(result, *arguments)(cast(inner, c_void_p).value)
            self._alive.append(inner)

            def call(*given: Any) -> Any:
                if self.absent:
                    raise FileNotFoundError("Could not find module 'fwpuclnt.dll' (or one of its dependencies).")
                if name in self.missing:
                    raise AttributeError(f"function '{name}' not found")
                answer = outer(*given)
                crash, self._crash = self._crash, None
                if crash is not None:
                    raise crash
                return answer

            return call

        return find

    def _raw_types(self, name: str, count: int) -> list[Any]:
        match = _NAME.fullmatch(name)
        numbers = _UINT32_ARGUMENTS.get(match[2] if match else name, ())
        return [c_uint32 if position in numbers else c_void_p for position in range(count)]

    def _receiver(self, name: str) -> Callable[..., int]:
        def receive(*given: int | None) -> int:
            try:
                return self._answer(name, [each or 0 for each in given])
            except BaseException as crash:  # it must not be lost on its way through C
                self._crash = crash
                return 0xDEAD

        return receive

    def _answer(self, name: str, given: list[int]) -> int:
        if name == "FwpmFreeMemory0":
            return self._free(*given)
        self.calls.append(name)
        number = self._failures.pop(len(self.calls), self.answers.get(name, 0))
        lets_go = name == "FwpmEngineClose0" or "Destroy" in name
        if number and not lets_go:
            return number
        try:
            self._perform(name, given)
        except (EngineError, raw_structs.RawError) as refused:
            return refused.number
        return number

    def _perform(self, name: str, given: list[int]) -> None:
        if name == "FwpmEngineOpen0":
            return self._open(*given)
        if name == "FwpmGetAppIdFromFileName0":
            return self._program(*given)
        handle, *rest = given
        if handle not in self._sessions:
            self.mistakes.append(f"{name} with a handle that is not open")
            raise raw_structs.RawError(INVALID_HANDLE, name)
        session = self._sessions[handle]
        match = _NAME.fullmatch(name)
        if match is None:
            whole: dict[str, Callable[..., None]] = {
                "FwpmEngineClose0": lambda: self._close(handle),
                "FwpmTransactionBegin0": lambda flags: session.begin(read_only=bool(flags)),
                "FwpmTransactionCommit0": session.commit,
                "FwpmTransactionAbort0": session.abort,
            }
            return whole[name](*rest)
        by_family: dict[str, Callable[..., None]] = {
            "Add": self._add,
            "DeleteByKey": self._delete,
            "GetByKey": self._get,
            "CreateEnumHandle": self._create_enumeration,
            "Enum": self._enumerate,
            "DestroyEnumHandle": self._destroy_enumeration,
        }
        if match[2] in ("Add", "GetByKey", "Enum"):
            rest = [int(match[3]), *rest]
        return by_family[match[2]](handle, match[1], *rest)

    # engine, memory

    def _open(self, server: int, service: int, identity: int, settings: int, handle: int) -> None:
        if server or identity or service not in (10, 0xFFFFFFFF):
            raise raw_structs.RawError(INVALID_PARAMETER, "FwpmEngineOpen0")
        given = raw_structs.read("FWPM_SESSION0", settings) if settings else {"flags": [], "displayData": {}}
        if not set(given["flags"]) <= {"FWPM_SESSION_FLAG_DYNAMIC"}:
            raise raw_structs.RawError(number_of("FWP_E_INVALID_FLAGS"), "FWPM_SESSION0.flags")
        wait = given.get("txnWaitTimeoutInMSec", 0) / 1000
        session = self.engine.open(
            dynamic=bool(given["flags"]), name=given["displayData"].get("name", ""), wait=wait or 15.0
        )
        self._session_keys[session.key] = given.get("sessionKey", session.key)
        self._sessions[self._new_handle(handle)] = session

    def _program(self, name: int, target: int) -> None:
        """Hand out the name of a program whose file is there, as Windows writes it."""
        path = raw_structs.wide_at(name) or ""
        there = {path: f"\\device\\volume_{path[:1]}{path[2:]}".lower()} if self.programs is None else self.programs
        if path not in there:
            raise raw_structs.RawError(self.programs_missing, "FwpmGetAppIdFromFileName0")
        writer = raw_structs.Writer()
        content = f"{there[path]}\0".encode("utf-16-le")
        address = writer.structure("FWP_BYTE_BLOB", {"data": content.hex()})
        raw_structs.put(target, writer.hand_out(self.heap, address), raw_structs.POINTER)

    def _new_handle(self, target: int) -> int:
        self._next_handle += 8
        raw_structs.put(target, self._next_handle, raw_structs.POINTER)
        return self._next_handle

    def _close(self, handle: int) -> None:
        for number, each in list(self._enumerations.items()):
            if each.session == handle:
                self.mistakes.append(f"the session was closed before the enumeration of {each.family}")
                del self._enumerations[number]
        self._sessions.pop(handle).close()

    def _free(self, pointer: int) -> int:
        address = raw_structs.number(pointer, raw_structs.POINTER)
        if not self.heap.free(address):
            self.mistakes.append(f"memory that was not handed out, or not any more, was freed: {address:#x}")
        raw_structs.put(pointer, 0, raw_structs.POINTER)
        return 0

    # objects

    def _add(self, handle: int, family: str, version: int, structure: int, descriptor: int, identity: int = 0) -> None:
        if descriptor:
            raise raw_structs.RawError(1338, "no test here sets a security descriptor")
        document = raw_structs.read(f"{STRUCTURES[family]}{version}", structure)
        document["origin"] = _OPAQUE + document.pop("providerData", "")
        if family == "Filter":
            document.setdefault("filterCondition", [])
            document["action"].setdefault("filterType", None)
        added = self._sessions[handle].add(KINDS[family], document)
        if identity:
            raw_structs.put(identity, added.id, 8)

    def _delete(self, handle: int, family: str, key: int) -> None:
        self._sessions[handle].delete(KINDS[family], raw_structs.guid(key))

    def _get(self, handle: int, family: str, version: int, key: int, target: int) -> None:
        document = self._sessions[handle].get(KINDS[family], raw_structs.guid(key))
        writer = raw_structs.Writer()
        address = writer.structure(f"{STRUCTURES[family]}{version}", _for_windows(document))
        raw_structs.put(target, writer.hand_out(self.heap, address), raw_structs.POINTER)

    # enumerations

    def _create_enumeration(self, handle: int, family: str, template: int, target: int) -> None:
        session = self._sessions[handle]
        if family == "Layer":
            entries = [
                {"layerKey": key, "displayData": {"name": f"@bfe.dll,#{number}"}, "layerId": number}
                for number, key in enumerate(self.layers)
            ]
        elif family == "Session":
            entries = [self._session_document(*info) for info in session.sessions()]
        else:
            entries = [_for_windows(each) for each in self._matching(session, family, template)]
        self._enumerations[self._new_handle(target)] = Enumeration(family, handle, entries)

    def _session_document(self, key: str, name: str, dynamic: bool, process: int) -> Document:
        return {
            "sessionKey": self._session_keys.get(key, key),
            "displayData": {"name": name},
            "flags": ["FWPM_SESSION_FLAG_DYNAMIC"] if dynamic else [],
            "processId": process,
            "username": "HOST\\somebody",
        }

    def _matching(self, session: Session, family: str, template: int) -> list[Document]:
        """Return the objects that match a template. What has an id comes in no particular order, as Windows may."""
        kind = KINDS[family]
        if family == "Filter":
            found = self._matching_filters(session, template)
        elif family == "SubLayer" and template:
            owner = raw_structs.number(template, raw_structs.POINTER)  # its only member
            found = session.enumerate(kind, provider=raw_structs.guid(owner) if owner else None)
        elif family == "ProviderContext" and template:
            wanted = raw_structs.read("FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0", template)
            found = session.enumerate(
                kind, provider=wanted.get("providerKey"), context_type=wanted["providerContextType"]
            )
        else:
            found = session.enumerate(kind)
        scrambled = kind in ("filter", "providerContext")
        return sorted(found, key=lambda each: str(each[KEY_MEMBERS[kind]])) if scrambled else found

    def _matching_filters(self, session: Session, template: int) -> list[Document]:
        if not template:
            wanted: Document = {"flags": 0, "actionMask": 0xFFFFFFFF}
            found = session.enumerate("filter")
        else:
            wanted = raw_structs.read("FWPM_FILTER_ENUM_TEMPLATE0", template)
            if wanted.get("layerKey") not in self.layers:
                raise raw_structs.RawError(number_of("FWP_E_LAYER_NOT_FOUND"), str(wanted.get("layerKey")))
            if wanted["numFilterConditions"] or wanted["providerContextTemplate"] or "calloutKey" in wanted:
                raise raw_structs.RawError(INVALID_PARAMETER, "a template that ndtui does not use")
            if wanted["layerKey"] == NAMELESS_LAYER:
                return []
            found = session.enumerate("filter", layer=wanted["layerKey"], provider=wanted.get("providerKey"))
        return [each for each in found if _shown(each, wanted)]

    def _enumerate(
        self, handle: int, family: str, version: int, number: int, most: int, entries: int, count: int
    ) -> None:
        each = self._enumeration(handle, family, number)
        page = each.entries[each.position : each.position + most]
        each.position += len(page)
        address = 0
        if page:
            writer = raw_structs.Writer()
            address = writer.pointers([writer.structure(f"{STRUCTURES[family]}{version}", entry) for entry in page])
            writer.hand_out(self.heap, address)
        raw_structs.put(entries, address, raw_structs.POINTER)
        raw_structs.put(count, len(page), 4)

    def _destroy_enumeration(self, handle: int, family: str, number: int) -> None:
        self._enumeration(handle, family, number)
        del self._enumerations[number]

    def _enumeration(self, handle: int, family: str, number: int) -> Enumeration:
        each = self._enumerations.get(number)
        if each is None or (each.session, each.family) != (handle, family):
            self.mistakes.append(f"an enumeration of {family} that is not open was used")
            raise raw_structs.RawError(INVALID_HANDLE, family)
        return each


def _shown(document: Document, template: Document) -> bool:
    """Whether a filter is one that a template asks for."""
    flags = document.get("flags", ())
    boot_time = "FWPM_FILTER_FLAG_BOOTTIME" in flags and not template["flags"] & _INCLUDE_BOOTTIME
    disabled = "FWPM_FILTER_FLAG_DISABLED" in flags and not template["flags"] & _INCLUDE_DISABLED
    asked = number_of(document["action"]["type"]) & template["actionMask"]
    return bool(asked) and not boot_time and not disabled


def _for_windows(document: Document) -> Document:
    """Return a document of the engine with what its ``origin`` keeps put back into providerData."""
    kept = str(document.get("origin") or "")
    return {**document, "providerData": kept.removeprefix(_OPAQUE) if kept.startswith(_OPAQUE) else ""}

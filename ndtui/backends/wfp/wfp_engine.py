"""Windows' filter engine: the Fwpm* functions of fwpuclnt.dll behind the interface of ``contract.engine``.

``calls`` calls them and frees what they return, ``marshal`` fills structures and ``unmarshal`` reads them,
``error_codes`` says what a number means. Source: https://learn.microsoft.com/windows/win32/fwp/object-management
"""

from contextlib import suppress
from ctypes import byref, c_uint64, memset
from uuid import uuid4

from ndtui.backends.contract.changes import KIND_NAMES
from ndtui.backends.contract.engine import ID_MEMBERS, LOCK_WAIT, Added, EngineError, Selection, Session, SessionInfo
from ndtui.backends.wfp.calls import Calls, Take, call
from ndtui.backends.wfp.error_codes import Attempt, about, engine_error, named
from ndtui.backends.wfp.exemption_origin import with_origin
from ndtui.backends.wfp.marshal.object_structs import Arena, key_guid, layer_guid, to_struct
from ndtui.backends.wfp.native import Native, Struct
from ndtui.backends.wfp.newer_contexts import add_function, check_windows
from ndtui.backends.wfp.templates import filter_template, object_template
from ndtui.backends.wfp.unmarshal.object_documents import guid_text, outline, text_at, to_document
from ndtui.common.errors import in_a_line
from ndtui.model.compiled.document_names import KEY_MEMBERS, NULL_KEY, display_name, is_filter, key_of
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of, short_name

#: What the functions of each kind of object are called: FwpmFilterAdd0, FwpmSubLayerAdd0.
_FAMILIES: dict[Kind, str] = {
    "provider": "Provider",
    "subLayer": "SubLayer",
    "providerContext": "ProviderContext",
    "filter": "Filter",
}

_DYNAMIC = number_of("FWPM_SESSION_FLAG_DYNAMIC")
_READ_ONLY = number_of("FWPM_TXN_READ_ONLY")
_RPC_C_AUTHN_WINNT = 10  # https://learn.microsoft.com/windows/win32/rpc/authentication-service-constants

#: The members of provider contexts that may hold a pre-shared key, by the contexts' type.
_POLICIES = {
    number_of("FWPM_IPSEC_IKE_MM_CONTEXT"): "ikeMmPolicy",
    number_of("FWPM_IPSEC_AUTHIP_MM_CONTEXT"): "authIpMmPolicy",
    number_of("FWPM_IPSEC_IKEV2_MM_CONTEXT"): "ikeV2MmPolicy",
}
_PRESHARED_KEY = number_of("IKEEXT_PRESHARED_KEY")

#: What an abort may return when Windows has ended the transaction by itself.
_ENDED = frozenset(map(number_of, ("FWP_E_NO_TXN_IN_PROGRESS", "FWP_E_TXN_ABORTED")))


class WfpEngine:
    """The filter engine of this machine."""

    def __init__(self, native: Native) -> None:
        self.native = native

    def open(
        self, *, dynamic: bool = False, read_only: bool = False, name: str = "ndtui", wait: float = LOCK_WAIT
    ) -> Session:
        """Open a session. ``wait`` is how many seconds a transaction waits for the lock.

        Windows lets anyone open one; without elevation it refuses the first call after it.

        Raises:
            EngineError: the Base Filtering Engine does not run, or is not there.
        """
        wfp = self.native.wfp
        key = f"{{{uuid4()}}}"
        handle = wfp.FWPM_ENGINE_HANDLE()
        with Arena() as arena:
            session = arena.structure(wfp.FWPM_SESSION0)
            session.sessionKey = wfp.Guid(key)
            session.displayData.name = arena.text(name)
            session.displayData.description = arena.text("Designs and applies IPsec policies")
            session.flags = _DYNAMIC if dynamic else 0
            session.txnWaitTimeoutInMSec = _milliseconds(wait)
            number = call(wfp, "FwpmEngineOpen0", None, _RPC_C_AUTHN_WINNT, None, byref(session), byref(handle))
        if number:
            raise engine_error(number, Attempt("a session with Windows' filter engine cannot be opened"))
        return WfpSession(self.native, Calls(wfp, handle), key, read_only=read_only)


def _milliseconds(seconds: float) -> int:
    """Return a wait as FWPM_SESSION0 has it: 32 bits, and never 0, which would mean a default of BFE's own."""
    return max(1, min(round(seconds * 1000), 0xFFFFFFFF))


class WfpSession(Session):
    """An open session with Windows' filter engine. Not to be used by two threads at once."""

    def __init__(self, native: Native, calls: Calls, key: str, *, read_only: bool) -> None:
        self.key = key
        self._native = native
        self._calls = calls
        self._read_only = read_only
        self._may_write = False
        self._begun = False
        self._commit_failed = False

    def begin(self, *, read_only: bool = False) -> None:
        """Start a transaction, which is read-only in a read-only session."""
        flags = _READ_ONLY if read_only or self._read_only else 0
        self._calls.checked(Attempt("a transaction cannot be started"), "FwpmTransactionBegin0", flags)
        self._begun = True
        self._may_write = self._may_write or not flags

    def commit(self) -> None:
        """Commit everything since ``begin``. When that fails, call ``abort``."""
        try:
            self._calls.checked(self._attempt("the transaction cannot be committed"), "FwpmTransactionCommit0")
        except EngineError:
            self._commit_failed = self._begun
            raise
        self._begun = False

    def abort(self) -> None:
        """Undo everything since ``begin``.

        It is no error when Windows has ended the transaction already, by cancelling it or because a commit failed: the
        functions' pages do not say which failures of a commit end it.
        """
        expected = self._commit_failed or self._calls.cancelled
        self._calls.cancelled = self._commit_failed = self._begun = False
        number = self._calls.number("FwpmTransactionAbort0")
        expected = expected or self._calls.cancelled
        self._calls.cancelled = False
        if number and not (expected and number in _ENDED):
            raise engine_error(number, Attempt("the transaction cannot be undone"))

    def close(self) -> None:
        """End the session: Windows aborts its transaction and removes the objects of a dynamic one."""
        self._calls.close()

    def add(self, kind: Kind, document: Document) -> Added:
        """Add an object. A missing key is made here, because Windows does not return the one that it makes."""
        name = display_name(document)
        what = named(kind, name, key_of(kind, document))
        self._check_writes(what, "added")
        member = KEY_MEMBERS[kind]
        function = add_function(document) if kind == "providerContext" else f"Fwpm{_FAMILIES[kind]}Add0"
        check_windows(self._native, (document,))
        identity = c_uint64()
        with Arena() as arena:
            try:
                structure = to_struct(self._native, arena, kind, document)
            except EngineError as error:
                raise about(error, f"{what} cannot be added") from None
            if guid_text(getattr(structure, member)) == NULL_KEY:
                setattr(structure, member, self._native.wfp.Guid(f"{{{uuid4()}}}"))
            key = guid_text(getattr(structure, member))
            attempt = self._attempt(f"{named(kind, name, key)} cannot be added", on_object=True)
            identities = (byref(identity),) if kind in ID_MEMBERS else ()
            self._calls.checked(attempt, function, byref(structure), None, *identities)
        return Added(key, identity.value)

    def delete(self, kind: Kind, key: str) -> None:
        """Delete an object by its key."""
        self._check_writes(named(kind, "", key), "removed")
        guid = self._guid(kind, key, "cannot be removed")
        number = self._calls.number(f"Fwpm{_FAMILIES[kind]}DeleteByKey0", byref(guid))
        if number:
            words = f"{named(kind, self._display_name(kind, guid), key)} cannot be removed"
            raise engine_error(number, self._attempt(words, on_object=True))

    def get(self, kind: Kind, key: str) -> Document:
        """Return an object by its key."""
        self._calls.check_open()
        found: list[Document] = []
        attempt = self._attempt(f"{named(kind, '', key)} cannot be read", on_object=True)
        guid = self._guid(kind, key, "cannot be read")
        self._calls.get(attempt, _FAMILIES[kind], guid, lambda each: found.append(self._document(kind, each)))
        return found[0]

    def select(self, kind: Kind, wanted: Selection) -> list[Document]:
        """Return the objects that are wanted: filters and provider contexts by age, the others as Windows lists them.

        Windows lists only what the caller may read. Filters are listed layer by layer: for a list of one moment,
        begin a read-only transaction.
        """
        self._calls.check_open()
        only, but = self._provider_key(wanted.provider), self._provider_key(wanted.not_provider)
        found: list[tuple[int, Document]] = []

        def take(structure: Struct) -> None:
            # No template can exclude a provider, and not every one can name one, so both are checked here.
            owner = _provider_of(kind, structure)
            if only in (None, owner) and (but is None or but != owner):
                age = getattr(structure, ID_MEMBERS[kind]) if kind in ID_MEMBERS else 0
                found.append((age, self._document(kind, structure)))
            elif kind == "providerContext":
                _wipe_keys(structure)

        with Arena() as arena:
            if kind == "filter":
                self._each_filter(arena, only, wanted.layer, take)
            else:
                template = object_template(self._native.wfp, arena, kind, only, wanted.context_type)
                attempt = self._attempt(f"the {KIND_NAMES[kind]}s cannot be listed")
                self._calls.each(attempt, _FAMILIES[kind], template, take)
        return [document for _, document in sorted(found, key=lambda each: each[0])]

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions that are open."""
        found: list[SessionInfo] = []

        def take(session: Struct) -> None:
            name = text_at(session.displayData.name_as_intptr)
            dynamic = bool(session.flags & _DYNAMIC)
            found.append(SessionInfo(guid_text(session.sessionKey), name, dynamic, session.processId))

        self._calls.each(self._attempt("the open sessions cannot be listed"), "Session", None, take)
        return found

    def _each_filter(self, arena: Arena, provider: str | None, layer: str | None, take: Take) -> None:
        """Pass the filters of a layer, or of every layer that this Windows has, to ``take``."""
        wfp, at = self._native.wfp, "" if layer is None else f" at {short_name(layer)}"
        attempt = self._attempt(f"the filters{at} cannot be listed")
        layers: list[Struct] = []
        if layer is None:
            self._calls.each(attempt, "Layer", None, lambda each: layers.append(wfp.Guid(each.layerKey)))
        else:
            try:
                layers.append(layer_guid(self._native, layer))
            except EngineError as error:
                raise about(error, attempt.words) from None
        for each in layers:
            self._calls.each(attempt, "Filter", filter_template(wfp, arena, each, provider), take)

    def _guid(self, kind: Kind, key: str, failed: str) -> Struct:
        """Return the Guid of an object's key."""
        try:
            return key_guid(self._native, kind, key)
        except EngineError as error:
            raise about(error, f"{named(kind, '', key)} {failed}") from None

    def _provider_key(self, key: str | None) -> str | None:
        """Return the key of a provider as ``_provider_of`` returns it."""
        return None if key is None else guid_text(self._guid("provider", key, "has no objects"))

    def _document(self, kind: Kind, structure: Struct) -> Document:
        """Return an object that Windows returned as a document; keys in its memory, which is only freed, are wiped.

        Of a provider context that cannot be read, which may be of a later Windows, it is an outline: one of them must
        not keep all others from being seen.
        """
        try:
            document = to_document(self._native, kind, structure)
            return with_origin(document) if is_filter(document) else document
        except (EngineError, ValueError, LookupError, TypeError, AttributeError) as error:
            if kind != "providerContext":
                raise
            return outline(self._native, structure, in_a_line(error))
        finally:
            if kind == "providerContext":
                _wipe_keys(structure)

    def _display_name(self, kind: Kind, guid: Struct) -> str:
        """Return the display name of an object for an error about it, empty when Windows does not tell."""
        found: list[str] = []

        def take(structure: Struct) -> None:
            found.append(text_at(structure.displayData.name_as_intptr))
            if kind == "providerContext":
                _wipe_keys(structure)

        with suppress(EngineError):
            self._calls.get(Attempt("its name cannot be read"), _FAMILIES[kind], guid, take)
        return found[0] if found else ""

    def _attempt(self, words: str, *, on_object: bool = False) -> Attempt:
        return Attempt(words, on_object, self._may_write)

    def _check_writes(self, what: str, done: str) -> None:
        """Refuse a change in a session that is closed or only reads."""
        self._calls.check_open()
        if self._read_only:
            words = f"{what} cannot be {done}: the session only reads"
            raise EngineError("FWP_E_INCOMPATIBLE_TXN", words, remedy="open one that writes")


def _provider_of(kind: Kind, structure: Struct) -> str:
    """Return the key of the provider an object belongs to; a provider belongs to none."""
    if kind == "provider":
        return ""
    return guid_text(structure.providerKey.contents) if structure.providerKey else ""


def _wipe_keys(context: Struct) -> None:
    """Overwrite the pre-shared keys in a provider context: Windows returns them to administrators.

    Structures of older functions do not have the policies of newer types.
    """
    policy: Struct = getattr(context, _POLICIES.get(context.type, ""), None)
    for position in range(policy.contents.numAuthenticationMethods if policy else 0):
        method = policy.contents.authenticationMethods[position]
        if method.authenticationMethodType == _PRESHARED_KEY:
            key = method.presharedKeyAuthentication.presharedKey
            memset(key.data, 0, key.size)

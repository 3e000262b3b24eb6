"""What a filter engine offers: the part of the Base Filtering Engine's interface that a policy needs, in its own terms.

Two engines implement it: the emulated one of ``backends.bfe``, and Windows' own through ``backends.wfp``. Objects go
in and come out as the documents of ``model.compiled.documents``; a reference to another object is its SDK name or its
GUID in braces.
Source: https://learn.microsoft.com/windows/win32/fwp/object-management
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of

#: Seconds that a transaction waits for the lock unless the session says otherwise. Source: object-management, above.
LOCK_WAIT = 15.0

#: The member with the run-time id of an object, for the kinds that have one. It grows from object to object.
ID_MEMBERS: Mapping[Kind, str] = {"providerContext": "providerContextId", "filter": "filterId"}

#: Members that the engine assigns and a caller cannot set: they are no part of what was asked for.
ASSIGNED = ("filterId", "effectiveWeight", "providerContextId")

#: Flags that the engine sets and a caller must not: an object that was read is added again without them.
#: Sources: FWPM_FILTER0, FWPM_PROVIDER0.
ENGINE_FLAGS = frozenset({"FWPM_FILTER_FLAG_INDEXED", "FWPM_FILTER_FLAG_DISABLED", "FWPM_PROVIDER_FLAG_DISABLED"})


class EngineError(BackendError):
    """The engine refused a call. ``code`` is the error's SDK name, such as ``FWP_E_IN_USE``; ``number`` its value."""

    def __init__(self, code: str, what: str, *, remedy: str = "", number: int | None = None) -> None:
        self.code = code
        self.number = number_of(code) if number is None else number
        super().__init__(f"{what} ({code}, 0x{self.number:08X})", remedy=remedy)


class Added(NamedTuple):
    """An object that was added: its key, given or assigned, in braces; its run-time id, 0 where the kind has none."""

    key: str
    id: int = 0


class SessionInfo(NamedTuple):
    """An open session, as FwpmSessionEnum0 lists it."""

    key: str
    name: str
    dynamic: bool
    process: int


class Selection(NamedTuple):
    """Which objects of a kind are meant; ``None`` leaves a criterion out.

    ``provider`` and ``not_provider`` (all but one) are for any kind, ``layer`` for filters, ``context_type``
    (FWPM_IPSEC_*) for provider contexts.
    """

    provider: str | None = None
    not_provider: str | None = None
    layer: str | None = None
    context_type: str | None = None


class Session(ABC):
    """An open session. Every method but ``close`` raises ``EngineError``; a failed call leaves everything as it was.

    A call outside an explicit transaction is one by itself. One transaction at a time; a call that fails inside it
    leaves the transaction as it was.
    """

    key: str

    @abstractmethod
    def begin(self, *, read_only: bool = False) -> None:
        """Start a transaction (FwpmTransactionBegin0). Waits for the lock as long as the session was opened with."""

    @abstractmethod
    def commit(self) -> None:
        """Commit everything since ``begin`` (FwpmTransactionCommit0)."""

    @abstractmethod
    def abort(self) -> None:
        """Undo everything since ``begin`` (FwpmTransactionAbort0)."""

    @abstractmethod
    def close(self) -> None:
        """End the session (FwpmEngineClose0): a transaction is aborted, objects of a dynamic session are deleted."""

    @abstractmethod
    def add(self, kind: Kind, document: Document) -> Added:
        """Add an object (FwpmFilterAdd0 and its like). One without a key is given one.

        What stands in the document is not to be changed before the transaction has ended.
        """

    @abstractmethod
    def delete(self, kind: Kind, key: str) -> None:
        """Delete an object by its key (FwpmFilterDeleteByKey0 and its like)."""

    @abstractmethod
    def get(self, kind: Kind, key: str) -> Document:
        """Return an object by its key (FwpmFilterGetByKey0 and its like)."""

    def enumerate(
        self,
        kind: Kind,
        *,
        provider: str | None = None,
        not_provider: str | None = None,
        layer: str | None = None,
        context_type: str | None = None,
    ) -> list[Document]:
        """Return objects of a kind, in the order they were added (FwpmFilterEnum0 and its like); see ``Selection``."""
        return self.select(kind, Selection(provider, not_provider, layer, context_type))

    @abstractmethod
    def select(self, kind: Kind, wanted: Selection) -> list[Document]:
        """Return the objects of a kind that are wanted, in the order they were added."""

    @abstractmethod
    def sessions(self) -> list[SessionInfo]:
        """Return the sessions that are open (FwpmSessionEnum0)."""


class Engine(Protocol):
    """Something that sessions can be opened with."""

    def open(
        self, *, dynamic: bool = False, read_only: bool = False, name: str = "ndtui", wait: float = LOCK_WAIT
    ) -> Session:
        """Open a session (FwpmEngineOpen0). ``wait`` is how many seconds a transaction waits for the lock.

        With ``read_only`` nothing is ever written, and an engine that is not there yet is not made.
        """

"""A session of the emulated engine: what objects may do together, one transaction at a time.

Source: https://learn.microsoft.com/windows/win32/fwp/object-management
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from pydantic_core import to_json

from ndtui.backends.bfe.rules.alike_filters import Alike, AlikeFilters
from ndtui.backends.bfe.rules.builtin_exemptions import ike_exemptions, is_main_mode_policy, remove_exemptions
from ndtui.backends.bfe.rules.canonical import canonical, own_key
from ndtui.backends.bfe.rules.condition_rules import CheckedConditions
from ndtui.backends.bfe.rules.context_rules import check_context
from ndtui.backends.bfe.rules.object_rules import (
    PERSISTENT,
    check_conditions,
    check_display_data,
    check_filter,
    check_flags,
    check_key,
    check_sublayer,
    named,
)
from ndtui.backends.bfe.rules.reference_rules import check_lifetimes, check_policy
from ndtui.backends.bfe.rules.shape_rules import check_shape, misshapen
from ndtui.backends.bfe.session_host import SessionHost
from ndtui.backends.bfe.state import Documents, Draft, Lifetime, NewRevision, Row, State, by_position
from ndtui.backends.bfe.storage.protocol import Writing
from ndtui.backends.bfe.stored_document import stored_document
from ndtui.backends.contract.changes import KINDS, Pending
from ndtui.backends.contract.engine import ID_MEMBERS, Added, EngineError, Selection, Session, SessionInfo
from ndtui.common.counted import counted
from ndtui.model.compiled.document_names import key_of, known_key
from ndtui.model.compiled.document_types import (
    Document,
    FilterDocument,
    Kind,
    ProviderContextDocument,
    SubLayerDocument,
)
from ndtui.model.compiled.filter_values import HAS_CONTEXT
from ndtui.model.compiled.objects import BOOT_TIME
from ndtui.model.vocabulary.guids import LAYERS
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

T = TypeVar("T")

_NOT_FOUND: dict[Kind, str] = {
    "provider": "FWP_E_PROVIDER_NOT_FOUND",
    "subLayer": "FWP_E_SUBLAYER_NOT_FOUND",
    "providerContext": "FWP_E_PROVIDER_CONTEXT_NOT_FOUND",
    "filter": "FWP_E_FILTER_NOT_FOUND",
}


class BfeSession(Session):
    """An open session of a ``BfeEngine``. To be used by one thread at a time."""

    def __init__(self, engine: SessionHost, info: SessionInfo, *, read_only: bool, wait: float) -> None:
        self.key = info.key
        self.info = info
        self._engine = engine
        self._read_only = read_only
        self._wait = wait
        self._open = True
        self._reading: State | None = None
        self._draft: Draft | None = None
        self._holding: AbstractContextManager[Writing] | None = None
        self._writing: Writing | None = None
        self._forget_checked()
        self.committed = State()
        """The state that the last transaction with changes led to."""

    # transactions

    def begin(self, *, read_only: bool = False) -> None:
        """Start a transaction."""
        self._check_open()
        if self._reading is not None or self._draft is not None:
            raise EngineError("FWP_E_TXN_IN_PROGRESS", "the session has a transaction already", remedy="end it first")
        if read_only or self._read_only:
            self._reading = self._engine.state()
            return
        holding = self._engine.storage.write(self._wait)
        self._writing = holding.__enter__()
        self._holding = holding
        self._draft = self._engine.draft(self._writing.state)

    def commit(self) -> None:
        """Write everything since ``begin``."""
        self._check_transaction()
        if self._draft is not None and self._writing is not None and self._draft.changed:
            try:
                self.committed = self._writing.keep(self._draft)
            finally:
                self._end()
            return
        self._end()

    def abort(self) -> None:
        """Undo everything since ``begin``."""
        self._check_transaction()
        self._end()

    def close(self) -> None:
        """End the session."""
        if not self._open:
            return
        if self._reading is not None or self._draft is not None:
            self._end()
        self._open = False
        self._engine.forget(self.key, dynamic=self.info.dynamic)

    @property
    def state(self) -> State:
        """The state the session sees, without its own changes."""
        return self._draft.base if self._draft is not None else self._reading or self._engine.state()

    def record(self, revision: NewRevision) -> None:
        """Record a revision in the history, as part of the current transaction."""
        self._writable().revision = revision

    def set_pending(self, pending: Pending | None) -> None:
        """Set what waits to be confirmed, as part of the current transaction; ``None`` for nothing any more."""
        self._writable().pending = pending

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self.state.pending

    # objects

    def add(self, kind: Kind, document: Document) -> Added:
        """Add an object."""
        if self._draft is None:
            return self._alone(lambda: self.add(kind, document))
        draft = self._writable()
        try:
            row = self._new_row(draft, kind, document)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise misshapen(kind, document) from error
        draft.add(row)
        if is_main_mode_policy(row):
            self._exempt(draft)
        return Added(row.key, row.id if kind in ID_MEMBERS else 0)

    def _new_row(self, draft: Draft, kind: Kind, given: Document) -> Row:
        alike = self._alike.one_like(cast("FilterDocument", given)) if kind == "filter" else None
        if alike is not None:
            return self._row_like(draft, alike, cast("FilterDocument", given))
        check_display_data(kind, given)
        document = canonical(kind, given)
        key = key_of(kind, document)
        self._check_new(draft, kind, key, document)
        row = self._row(draft, kind, key, document)
        check_shape(kind, document, row.document, self._checked)
        if kind == "filter":
            self._alike.accepted(cast("FilterDocument", given), cast("FilterDocument", document), row)
        return row

    def _check_new(self, draft: Draft, kind: Kind, key: str, document: Document) -> None:
        """Refuse the key of an object that is to be added if it is none, or one that is there has it."""
        check_key(kind, key, document)
        if key in draft.objects[kind] or (kind == "subLayer" and key in BUILTIN_WEIGHTS):
            raise EngineError("FWP_E_ALREADY_EXISTS", f"{named(kind, document)} is there already", remedy="delete it")

    def _row_like(self, draft: Draft, alike: Alike, given: FilterDocument) -> Row:
        """Return a filter as it is stored that is like one that was accepted."""
        key = own_key(given["filterKey"])
        self._check_new(draft, "filter", key, given)
        like = alike.row
        weight, conditions = check_conditions(given, like.layer, alike.weight, self._checked)
        number = draft.next_id()
        return Row(
            number,
            draft.place("filter", key, number),
            "filter",
            key,
            like.lifetime,
            like.session,
            like.provider,
            like.sublayer,
            like.context,
            like.layer,
            self._alike.text(alike, given, key, conditions, weight),
        )

    def delete(self, kind: Kind, key: str) -> None:
        """Delete an object by its key."""
        if self._draft is None:
            self._alone(lambda: self.delete(kind, key))
            return
        draft = self._writable()
        key = known_key(key)
        row = self._find(kind, key)
        if row is None or row.lifetime == "builtin":
            raise EngineError("FWP_E_BUILTIN_OBJECT", f"the {kind} {key} is built in", remedy="leave it")
        if row.session not in ("", self.key):
            raise EngineError("FWP_E_WRONG_SESSION", f"the {kind} {key} belongs to another session")
        if self.info.dynamic and not row.session:
            raise EngineError(
                "FWP_E_DYNAMIC_SESSION_IN_PROGRESS",
                f"the {kind} {key} is not of this dynamic session",
                remedy="delete it in a session that is not dynamic",
            )
        if kind != "filter":
            self._check_unused(draft, row)
        draft.remove(row)
        self._alike.forget()
        if is_main_mode_policy(row):
            remove_exemptions(draft)

    def get(self, kind: Kind, key: str) -> Document:
        """Return an object by its key."""
        self._check_open()
        key = known_key(key)
        row = self._find(kind, key)
        return stored_document(row) if row is not None else _builtin_sublayer(key)

    def select(self, kind: Kind, wanted: Selection) -> list[Document]:
        """Return the objects of a kind that are wanted, in the order they were added."""
        self._check_open()
        provider, not_provider, layer = (None if k is None else known_key(k) for k in wanted[:3])
        if layer is not None and layer not in LAYERS:
            raise EngineError("FWP_E_LAYER_NOT_FOUND", f"there is no layer {layer}")
        rows = [
            row
            for row in self._objects[kind].values()
            if (provider is None or row.provider == provider)
            and (not_provider is None or row.provider != not_provider)
            and (layer is None or row.layer == layer)
        ]
        documents = Documents()
        found = [stored_document(row, documents) for row in counted(by_position(rows))]
        if kind == "subLayer" and provider is None:
            found = [*map(_builtin_sublayer, BUILTIN_WEIGHTS), *found]
        if wanted.context_type is None:
            return found
        return [each for each in found if each.get("type") == wanted.context_type]

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions that are open."""
        self._check_open()
        return self._engine.sessions()

    # internals

    @property
    def _objects(self) -> dict[Kind, dict[str, Row]]:
        return self._draft.objects if self._draft is not None else self.state.objects

    def _alone(self, call: Callable[[], T]) -> T:
        """Make a call in a transaction of its own."""
        if self._reading is not None:
            self._writable()
        self.begin()
        try:
            result = call()
        except BaseException:
            self._end()
            raise
        self.commit()
        return result

    def _end(self) -> None:
        holding, self._holding = self._holding, None
        self._draft = self._reading = self._writing = None
        self._forget_checked()
        if holding is not None:
            holding.__exit__(None, None, None)

    def _forget_checked(self) -> None:
        self._checked = CheckedConditions()
        self._alike = AlikeFilters(self._checked)

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError("FWP_E_SESSION_ABORTED", "the session has ended", remedy="open another one")

    def _check_transaction(self) -> None:
        self._check_open()
        if self._reading is None and self._draft is None:
            raise EngineError("FWP_E_NO_TXN_IN_PROGRESS", "the session has no transaction", remedy="begin one")

    def _writable(self) -> Draft:
        self._check_open()
        if self._draft is None:
            raise EngineError(
                "FWP_E_INCOMPATIBLE_TXN", "a read-only transaction changes nothing", remedy="begin another"
            )
        return self._draft

    def _find(self, kind: Kind, key: str) -> Row | None:
        """Return an object, or nothing for a built-in sublayer.

        Raises:
            EngineError: there is none.
        """
        row = self._objects[kind].get(key)
        if row is None and not (kind == "subLayer" and key in BUILTIN_WEIGHTS):
            raise EngineError(_NOT_FOUND[kind], f"there is no {kind} {key}")
        return row

    def _row(self, draft: Draft, kind: Kind, key: str, document: Document) -> Row:
        """Return an object as it is stored, after checking it and what it refers to. ``document`` is canonical."""
        lifetime = self._lifetime(kind, document)
        provider = "" if kind == "provider" else document.get("providerKey") or ""
        sublayer, context, layer = "", "", ""
        if kind == "filter":
            added = cast("FilterDocument", document)
            sublayer, layer = added["subLayerKey"], added["layerKey"]
            context, weight, added["filterCondition"] = check_filter(added, self._checked)
            added["effectiveWeight"] = {"type": "FWP_UINT64", "uint64": weight}
        else:
            check_flags(kind, document)
            if kind == "subLayer":
                check_sublayer(cast("SubLayerDocument", document))
            elif kind == "providerContext":
                check_context(cast("ProviderContextDocument", document), named(kind, document))
        number = draft.next_id()
        row = Row(
            number,
            draft.place(kind, key, number),
            kind,
            key,
            lifetime,
            self.key if lifetime == "dynamic" else "",
            provider,
            sublayer,
            context,
            layer,
            to_json(document).decode(),
        )
        self._check_references(row, document)
        return row

    def _lifetime(self, kind: Kind, document: Document) -> Lifetime:
        lasting = [flag for flag in document.get("flags", ()) if flag in (PERSISTENT[kind], BOOT_TIME)]
        if self.info.dynamic and lasting:
            raise EngineError(
                "FWP_E_DYNAMIC_SESSION_IN_PROGRESS",
                f"{named(kind, document)} cannot outlast a dynamic session",
                remedy=f"leave {lasting[0]} out",
            )
        return "dynamic" if self.info.dynamic else "persistent" if lasting else "static"

    def _check_references(self, row: Row, document: Document) -> None:
        if row.provider:
            self._referred(row, "provider", row.provider, document)
        if row.sublayer and row.sublayer not in BUILTIN_WEIGHTS:
            self._referred(row, "subLayer", row.sublayer, document)
        if row.kind == "filter" and HAS_CONTEXT in document.get("flags", ()):
            check_policy(row, self._referred(row, "providerContext", row.context, document), document)

    def _referred(self, row: Row, kind: Kind, key: str, document: Document) -> Row:
        """Return what a row refers to, after checking that it is there and lives long enough."""
        target = self._objects[kind].get(key)
        if target is None:
            raise EngineError(_NOT_FOUND[kind], f"{named(row.kind, document)} refers to {key or 'no ' + kind}")
        check_lifetimes(row, target, document)
        return target

    def _check_unused(self, draft: Draft, row: Row) -> None:
        for kind in KINDS[1:]:
            for other in draft.objects[kind].values():
                if other.refers_to(row.kind, row.key):
                    raise EngineError(
                        "FWP_E_IN_USE",
                        f"the {row.kind} {row.key} is referred to by the {other.kind} {other.key}",
                        remedy="delete that first",
                    )

    def _exempt(self, draft: Draft) -> None:
        """Add BFE's own exemptions, unless they are there already."""
        for document in ike_exemptions():
            key = document["filterKey"]
            if key in draft.objects["filter"]:
                return
            draft.add(self._row(draft, "filter", key, document.copy())._replace(lifetime="builtin", session=""))


def _builtin_sublayer(key: str) -> SubLayerDocument:
    name = key.removeprefix("FWPM_SUBLAYER_").replace("_", " ").capitalize()
    return {
        "subLayerKey": key,
        "displayData": {"name": f"Built-in sublayer {name}", "description": ""},
        "flags": [],
        "providerKey": None,
        "weight": BUILTIN_WEIGHTS[key],
    }

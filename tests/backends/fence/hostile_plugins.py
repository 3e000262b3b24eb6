"""A backend and an export format of somebody else that misbehave as they are told, wherever they are told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ndtui.backends.contract.backend import Backend, Capabilities, Obstacle
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Plan, Snapshot, StoredObject
from ndtui.backends.memory import MemoryBackend
from ndtui.exporters.contract import Export, Exporter, Option

ESCAPE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\n"


class OfItsOwn(BaseException):
    """What no except clause for exceptions catches."""


class Unspeakable(Exception):  # noqa: N818 - so is this
    """Raises when it is looked at."""

    def __str__(self) -> str:
        raise SystemExit(ESCAPE)

    __repr__ = __str__


class Liar(BackendError):  # noqa: N818 - it lies
    """Is of the contract's kind, and does not do as they do."""

    status = "no status"

    def __init__(self) -> None:
        super().__init__("x")
        self.message = ESCAPE
        self.remedy = ESCAPE

    def __str__(self) -> str:
        return ESCAPE


class Text(str):
    """A text that raises when it is used as one."""

    def __format__(self, spec: str) -> str:
        raise OfItsOwn

    __str__ = isprintable = __format__  # type: ignore[assignment]


def raising(error: Callable[[], BaseException]) -> Callable[..., Any]:
    def misbehave(*_: object, **__: object) -> None:
        raise error()

    return misbehave


def returning(value: Callable[[], object]) -> Callable[..., Any]:
    return lambda *_, **__: value()


def _deep() -> list[Any]:
    nested: list[Any] = []
    for _ in range(5000):
        nested = [nested]
    return nested


def _filter(**members: Any) -> StoredObject:
    document: Any = {"filterKey": "{k}", "displayData": {"name": ESCAPE}, "layerKey": ESCAPE, **members}
    return StoredObject("filter", "{k}", document)


def _plan(**members: Any) -> Plan:
    return replace(Plan("x", "s", "p", "", (), 0), **members)


#: How a call may go wrong, by name.
MISBEHAVIOURS: dict[str, Callable[..., Any]] = {
    "an error": raising(lambda: ValueError(ESCAPE)),
    "a large error": raising(lambda: RuntimeError(ESCAPE * 10_000)),
    "no memory": raising(MemoryError),
    "an exit": raising(lambda: SystemExit(ESCAPE)),
    "an exit of a generator": raising(GeneratorExit),
    "an end of an iteration": raising(lambda: StopIteration(ESCAPE)),
    "something of its own": raising(lambda: OfItsOwn(ESCAPE)),
    "an error that raises": raising(Unspeakable),
    "an error of our kind that lies": raising(Liar),
    "a group": raising(lambda: BaseExceptionGroup(ESCAPE, [OfItsOwn(ESCAPE)])),
    "nothing": returning(lambda: None),
    "a number": returning(lambda: 7),
    "a text": returning(lambda: ESCAPE),
    "a text that raises": returning(lambda: Text("x")),
    "a list of texts": returning(lambda: [ESCAPE]),
    "a deep list": returning(_deep),
    "a class": returning(lambda: Snapshot),
    "a snapshot of anything": returning(lambda: Snapshot(7, "objects", [], {})),  # type: ignore[arg-type]
    "a snapshot of half a filter": returning(lambda: Snapshot("s", (_filter(),), "p")),
    "a snapshot of an odd filter": returning(lambda: Snapshot("s", (_filter(filterCondition=7, flags={}),), "p")),
    "a snapshot that waits for ever": returning(lambda: Snapshot("s", (), ESCAPE, Pending("t", 0, 1e300))),
    "a snapshot that waits for no time": returning(lambda: Snapshot("s", (), "", Pending("t", 0, float("nan")))),
    "a plan of anything": returning(lambda: _plan(changes="ab", others=7, policy=ESCAPE)),
    "a plan of half a filter": returning(lambda: _plan(changes=[_filter()])),
    "objects of half a filter": returning(lambda: [_filter()]),
    "obstacles of anything": returning(lambda: [Obstacle(ESCAPE, ESCAPE, ESCAPE, raising(OfItsOwn)), 7]),
}

#: What is no misbehaviour by itself, and what is not the plug-in's.
_OF_OTHERS: dict[str, Callable[..., Any]] = {
    "a snapshot that waits": returning(lambda: Snapshot("s", (), "p", Pending("t", 0, 4e9))),
    "what waits": returning(lambda: Pending("t", 0, 4e9)),
    "an interrupt": raising(KeyboardInterrupt),
}


class HostileBackend(Backend):
    """Holds policies as the memory backend does, and misbehaves where ``misbehaving`` says."""

    name = "hostile"
    summary = "misbehaves"
    capabilities = Capabilities(confirm_or_revert=True, lists_others=True, trial=True, history=True)
    held = MemoryBackend()

    def __init__(self, store: object = None) -> None:
        super().__init__(None)

    def __getattribute__(self, name: str) -> Any:
        wrong = MISBEHAVING.get(name)
        if wrong is not None:
            return wrong() if name in ("name", "summary", "capabilities") else wrong
        return object.__getattribute__(self, name)

    def place(self) -> str:
        return ESCAPE

    def snapshot(self) -> Any:
        return self.held.snapshot()

    def plan(self, target: Any) -> Any:
        return self.held.plan(target)

    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Any:
        return self.held.apply(plan, progress)

    def others(self) -> Any:
        return self.held.others()

    def obstacles(self) -> Any:
        return ()

    def pending(self) -> Any:
        return self.snapshot().pending

    def watched(self, pending: Any) -> Any:
        return None

    def after_restart(self) -> Any:
        return ESCAPE

    def confirm(self, token: Any = None) -> None:
        """Say nothing of what is not guarded."""

    def revert(self, token: Any, progress: Any = None) -> Any:
        return None

    def trial(self, plan: Any, progress: Any = None) -> Any:
        return HostileTrial(self.held.trial(plan, progress))

    def history(self) -> Any:
        return self.held.history()

    def plan_rollback(self, number: Any = None) -> Any:
        return self.held.plan_rollback(number)


class HostileTrial:
    def __init__(self, trial: Any) -> None:
        self._trial = trial

    def close(self) -> None:
        self._trial.close()
        MISBEHAVING.get("close", lambda: None)()


class HostileExporter(Exporter):
    """Writes a text, and misbehaves where ``misbehaving`` says."""

    name = "hostile"
    title = "misbehaves"
    suffix = ".txt"
    options = (Option("colour", ESCAPE, "red"),)

    def __getattribute__(self, name: str) -> Any:
        wrong = MISBEHAVING.get(name)
        if wrong is not None:
            return wrong() if name in ("title", "suffix", "options") else wrong
        return object.__getattribute__(self, name)

    def export(self, filterset: Any, options: Any) -> Any:
        return Export("text\n")


#: What misbehaves now, by the name of the method or the attribute, and how.
MISBEHAVING: dict[str, Callable[..., Any]] = {}


@contextmanager
def misbehaving(where: str, how: str) -> Iterator[None]:
    """Have a method or an attribute misbehave."""
    MISBEHAVING[where] = {**MISBEHAVIOURS, **_OF_OTHERS}[how]
    try:
        yield
    finally:
        del MISBEHAVING[where]

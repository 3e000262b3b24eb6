"""Other processes that use a store in tests: how they are started, and what they do until they are killed."""

import multiprocessing
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import Plan
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.backends.holding import held, plan_for, put

Step = Literal["one", "two", "remove", "rollback"]

#: What a process does to a store, over and over.
STEPS: tuple[Step, ...] = ("one", "two", "rollback", "remove", "rollback", "two")

#: The user and the group of those who own nothing, on Linux.
NOBODY = 65534

_context = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
_context.set_forkserver_preload(
    [
        "pytest",
        "hypothesis",
        "ndtui.backends.store",
        "ndtui.backends.bfe.storage.sqlite",
        "ndtui.model.compiled.compile",
    ]
)


@contextmanager
def working(target: Callable[..., None], *args: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start a process that works with the given arguments and a channel; it is gone afterwards."""
    ours, theirs = _context.Pipe()
    process = _context.Process(target=target, args=(*args, theirs))
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def answer(channel: Connection) -> object:
    """Return what a process says next."""
    assert channel.poll(60), "the process does not answer"
    return channel.recv()


def last_words(channel: Connection) -> list[object]:
    """Return what a killed process has sent that was not received yet."""
    said: list[object] = []
    try:
        while channel.poll(60):
            said.append(channel.recv())
    except (EOFError, OSError):  # in the middle of a message, maybe
        return said
    raise AssertionError("the process is not gone")


def integrity(path: Path) -> list[tuple[str]]:
    """Return what SQLite finds wrong with a file, which is ``ok`` when nothing is."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall()


def policy(name: str, exemptions: int) -> Design:
    """Return a design of some size; those of different names have no key in common but the provider's."""
    exempt = [{"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(exemptions)]
    return Design.model_validate({"name": name, "exemptions": exempt})


def after(policies: list[str], step: Step) -> list[str]:
    """Return what a history tells after a step: the names of the policies that were applied, first to last."""
    if step == "rollback":
        if not policies:
            return policies
        then = ["", *policies][-2]
    else:
        then = "" if step == "remove" else step
    return policies if then == ["", *policies][-1] else [*policies, then]


def take_steps(path: Path, designs: dict[str, Design], first: int, channel: Connection) -> None:
    """Take one step after the other for ever, and say each time which one begins."""
    store = StoreBackend(path)
    for number in count(first):
        step = STEPS[number % len(STEPS)]
        channel.send(number)
        if step == "remove":
            store.apply(store.plan(None))
        elif step != "rollback":
            put(store, designs[step])
        elif store.history():
            store.apply(store.plan_rollback())


def stop_before_the_end(path: Path, design: Design, channel: Connection) -> None:
    """Apply a design, and wait for ever when all of it is written but nothing is final."""
    store = StoreBackend(path)

    def wait(done: int, total: int) -> None:
        if done == total:
            channel.send("written")
            channel.recv()

    store.apply(plan_for(store, design), wait)


def hold_for_now(path: Path, design: Design, *end: object) -> None:
    """Hold a design in a dynamic session until told to let go, or to end in another way, and say when it is done."""
    *ways, channel = end
    store = StoreBackend(path)
    trial = store.trial(plan_for(store, design))
    channel.send("held")
    channel.recv()
    for way in ways:
        way(3)
    trial.close()
    channel.send("let go")


def look_for_ever(path: Path, channel: Connection) -> None:
    """Look at the sessions on a store for ever."""
    engine = BfeEngine(path)
    while True:
        with closing(engine.open(read_only=True)) as session:
            session.sessions()


def take_sessions(path: Path, times: int, channel: Connection) -> None:
    """Open and close dynamic sessions, and tell how often that went well, and what went wrong."""
    outcomes: Counter[str] = Counter()
    for _ in range(times):
        try:
            with closing(BfeEngine(path).open(dynamic=True)) as session:
                found = any(info.key == session.key for info in BfeEngine(path).storage.announced())
                outcomes["opened" if found else "not known to others"] += 1
        except BackendError as error:
            outcomes[str(error)] += 1
    channel.send(dict(outcomes))


def apply_until_confirmed(path: Path, design: Design, within: float, stop: str, channel: Connection) -> None:
    """Apply what has to be confirmed, and wait when it is ``written``, or when it is ``applied``; then confirm it."""
    store = StoreBackend(path)

    def progress(done: int, total: int) -> None:
        if done == total and stop == "written":
            channel.send("written")
            channel.recv()

    store.apply(plan_for(store, design), progress, within=within)
    channel.send("applied")
    channel.recv()
    store.confirm()
    channel.send("confirmed")


def act_against_others(path: Path, design: Design, times: int, channel: Connection) -> None:
    """Apply a design, go back and remove some times as soon as told, and tell how each attempt ended."""
    store = StoreBackend(path)
    target = compile_design(design)
    plans: tuple[Callable[[], Plan], ...] = (lambda: store.plan(target), store.plan_rollback, lambda: store.plan(None))
    channel.send("ready")
    channel.recv()
    channel.send([_attempt(store, plans[number % len(plans)]) for number in range(times)])


def _attempt(store: StoreBackend, plan: Callable[[], Plan]) -> str:
    try:
        store.apply(plan())
    except StalePlanError:
        return "stale"
    except BackendError as error:
        return str(error)
    return "done"


def use_without_rights(path: Path, design: Design, channel: Connection) -> None:
    """Look at a store as somebody who may write nowhere, then try to change it, and tell how each use ended."""
    put(StoreBackend(), design)  # so that everything is loaded that is loaded late
    _give_up_rights()
    store = StoreBackend(path)
    channel.send((held(store.snapshot()), store.snapshot().policy, len(store.history()), len(store.others())))
    plans = plan_for(store, design), store.plan(None), store.plan_rollback()
    uses: list[Callable[[], object]] = [lambda each=each: store.apply(each) for each in plans]
    uses += [store.confirm, lambda: store.trial(plan_for(StoreBackend(path.with_name("new")), design))]
    for use in uses:
        try:
            use()
        except BackendError as error:
            channel.send(str(error))
        else:
            channel.send("done")


def look_without_rights(path: Path, channel: Connection) -> None:
    """Look at a store over and over as somebody who may write nowhere, and tell what is seen or why it is not."""
    _give_up_rights()
    while True:
        try:
            snapshot = StoreBackend(path).snapshot()
            channel.send((snapshot.policy, held(snapshot)))
        except BackendError as error:
            channel.send(str(error))


def _give_up_rights() -> None:
    """Become nobody, if this is root, who may write everywhere."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

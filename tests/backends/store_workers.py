"""What other processes do to a store in tests: apply until they are killed, or all at once."""

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from holding import put

from ndtui.backends.base import BackendError, StalePlanError
from ndtui.backends.store import StoreBackend
from ndtui.model.compile import compile_design
from ndtui.model.design import Design


def policy(name: str, exemptions: int) -> Design:
    """Return a design of some size; those of different names have no key in common but the provider's."""
    exempt = [{"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(exemptions)]
    return Design.model_validate({"name": name, "exemptions": exempt})


def apply_in_turn(path: Path, policies: tuple[Design, ...], channel: Connection) -> None:
    """Apply one design after the other for ever, and say each time that it starts."""
    store = StoreBackend(path)
    for number in count():
        channel.send("starts")
        put(store, policies[number % len(policies)])


def stop_before_the_end(path: Path, design: Design, channel: Connection) -> None:
    """Apply a design, and wait for ever when all of it is written but nothing is final."""
    store = StoreBackend(path)

    def wait(done: int, total: int) -> None:
        if done == total:
            channel.send("written")
            channel.recv()

    store.apply(store.plan(compile_design(design)), wait)


def apply_against_others(path: Path, design: Design, times: int, channel: Connection) -> None:
    """Apply and remove a design some times as soon as told, and tell how each attempt ended."""
    store = StoreBackend(path)
    channel.send("ready")
    channel.recv()
    channel.send([_attempt(store, design if number % 2 == 0 else None) for number in range(times)])


def _attempt(store: StoreBackend, design: Design | None) -> str:
    try:
        store.apply(store.plan(None if design is None else compile_design(design)))
    except StalePlanError:
        return "stale"
    except BackendError as error:
        return str(error)
    return "done"
